"""Kraken Futures: what it answers to a question about orders that are open, or ended in the last five seconds."""

from decimal import Decimal
from typing import Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, flag, made, text, word
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import AnyNumber, any_number
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Evidence, Normalised, OrderStatus, OrderType, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken_futures.causes import REASONS_OF_QUERIES, verdict_for
from cancelnorm.venues.kraken_futures.messages import (
    DOCS,
    IDS,
    Error,
    Success,
    opened,
    product_of,
    refused,
    unit_of,
)
from cancelnorm.venues.kraken_futures.orders import SIDES, has_price
from cancelnorm.venues.kraken_futures.skip import ALIVE, quiet_orders

# --- What Kraken Futures sends ---


class PriceTrigger(Camel):
    """The price for which an order waits."""

    trigger_price: AnyNumber
    trigger_side: str
    trigger_signal: str


class QueriedOrder(Camel):
    """An order; of one that waits for a price the type is another."""

    type: Literal["ORDER", "TRIGGER_ORDER"]
    order_id: str
    cli_ord_id: str | None
    symbol: str
    side: Literal["buy", "sell"]
    quantity: AnyNumber
    filled: AnyNumber  # null of one that waits for a price
    limit_price: AnyNumber
    reduce_only: bool
    timestamp: str
    last_update_timestamp: str
    algo_id: str | UnsetType | None = UNSET  # required by the documentation, and not in older recordings
    price_trigger_options: PriceTrigger | UnsetType | None = UNSET
    trigger_time: str | UnsetType | None = UNSET


class Shown(Camel):
    """An order with its state."""

    order: QueriedOrder
    status: Literal[
        "ENTERED_BOOK",
        "FULLY_EXECUTED",
        "REJECTED",
        "CANCELLED",
        "TRIGGER_PLACED",
        "TRIGGER_ACTIVATION_FAILURE",
    ]
    update_reason: str | None
    error: str | None


class OrdersAnswer(Success):
    """The orders that were asked for and found."""

    orders: list[Shown]


# --- What it means ---

_EVIDENCE: Final = Evidence.TERMINAL_STATUS
_CAUSES: Final = {reason: verdict_for(cause, _EVIDENCE) for reason, cause in REASONS_OF_QUERIES.items()}
_CANCELED: Final = Verdict(Outcome.CANCELED, _EVIDENCE, status=OrderStatus.CANCELED)
_UNKNOWN: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)


_FILLED: Final = "FULL_FILL"


def _state(status: str, reason: object) -> Verdict | None:
    """The verdict of an order; None where it is about no cancel: an order that was refused never rested."""
    if status == "CANCELLED":
        return _UNKNOWN if reason == _FILLED else _CAUSES.get(str(reason), _CANCELED)
    return None if status in ALIVE else _UNKNOWN


def trigger_price(options: PriceTrigger | UnsetType | None) -> Decimal | None:
    """The price for which an order waits, if it does."""
    sent = any_number(options.trigger_price) if isinstance(options, PriceTrigger) else ""
    return Decimal(sent) if sent else None


def _type(kind: str, limit_price: Raw) -> OrderType | None:
    """The type of an order that waits for a price; of others only a price tells."""
    if kind == "TRIGGER_ORDER":
        return OrderType.TRIGGER_LIMIT if has_price(limit_price) else OrderType.TRIGGER_MARKET
    return None


SHOWN: Final = EventMap(
    QueriedOrder,
    by_words(_state, Shown.status, Shown.update_reason, raw_status=Shown.status),
    unnamed=EventKind.REQUEST,
    absent=Absent.EMPTY,
    also=(QueriedOrder.type, QueriedOrder.price_trigger_options),
    without={QueriedOrder.type: ("ORDER", "TRIGGER_ORDER")},
    product=made(product_of, QueriedOrder.symbol),
    symbol=text(QueriedOrder.symbol),
    order_id=text(QueriedOrder.order_id),
    client_order_id=text(QueriedOrder.cli_ord_id),
    raw_initiator=text(Shown.update_reason),
    code=text(Shown.error),
    side=word(QueriedOrder.side, SIDES),
    order_type=made(_type, QueriedOrder.type, QueriedOrder.limit_price),
    price=amount(QueriedOrder.limit_price, zero_is_none=True),
    trigger_price=made(trigger_price, QueriedOrder.price_trigger_options),
    quantity=amount(QueriedOrder.quantity),
    filled_quantity=amount(QueriedOrder.filled),
    quantity_unit=made(unit_of, QueriedOrder.symbol),
    reduce_only=flag(QueriedOrder.reduce_only),
    created_ns=made(ns_of_date_time, QueriedOrder.timestamp),
)


def orders(raw: OrdersAnswer, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    said = opened(raw, call)
    events = []
    for i, row in enumerate(raw.orders):
        at = f"$.orders[{i}]"
        if _state(row.status, row.update_reason) is None and not call.is_showing:
            call.note("not-a-cancel", at, "an order about which no cancel is told", builtins_of(checked(row)))
            continue
        if row.status == "CANCELLED" and row.update_reason == _FILLED:
            call.note("contradiction", f"{at}.updateReason", "the order is canceled", row.update_reason)
        events.append(SHOWN.event(row.order, call, f"{at}.order", index=i, other=row))
    return call.result(call.or_unknown(events, "$.orders"), extra=said)


QUERY_ERRORS: Final = Errors(Error, refused, of_query=lambda _: True)

# --- Endpoints ---

_KEYS: Final = RequestKeys(order_ids=("orderIds",), client_order_ids=("cliOrdIds",))

ENDPOINTS: Final = endpoints(
    endpoint("POST /derivatives/api/v3/orders/status", OrdersAnswer, orders),
    endpoint("GET /derivatives/api/v3/orders/status", OrdersAnswer, orders),
    product=None,
    request=_KEYS,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs=f"{DOCS}get-order-status",
    skips=quiet_orders,
)
