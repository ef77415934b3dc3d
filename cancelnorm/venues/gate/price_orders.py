"""Gate price orders of spot: orders that are placed when a price is reached."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import Absent, EventMap, Said, Verdict, by_status, constant, made, number, text
from cancelnorm.reader.scalars import DecimalNumber, DecimalText, Int, Prose, decimal_of
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    Evidence,
    Initiator,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    Reason,
    Side,
    TimeInForce,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.endings import show_cancels
from cancelnorm.venues.gate.messages import (
    ACCOUNTS,
    DOCS,
    SPOT_ERRORS,
    SPOT_TRIGGER_IDS,
    TAKEN,
    all_shown,
    client_id,
    epoch_ns,
    one_shown,
)
from cancelnorm.venues.gate.spot_orders import SIDES, in_base, in_quote, post_only_of, time_in_force_of

# --- What Gate sends ---


class Trigger(Exact):
    """The price that places the order."""

    price: DecimalText
    rule: Literal[">=", "<="]
    expiration: Int  # seconds


class PutOrder(Exact):
    """The order that is placed."""

    side: Literal["buy", "sell"]
    price: DecimalText
    amount: DecimalText
    account: str
    type: Literal["limit", "market"] | UnsetType = UNSET  # "limit" where it is left out
    time_in_force: Literal["gtc", "ioc", "poc", "fok"] | UnsetType = UNSET
    text: str | UnsetType = UNSET
    auto_borrow: bool | UnsetType = UNSET
    auto_repay: bool | UnsetType = UNSET


class PriceOrder(Exact):
    """A price order, as it is shown in the answer to its cancel and to a query."""

    market: str
    trigger: Trigger
    put: PutOrder
    id: Int
    # A cancel is recorded as "canceled" and documented as "cancelled"; "" stands in an example.
    status: Literal["open", "cancelled", "canceled", "finish", "failed", "expired", ""]
    ctime: DecimalNumber  # documented in seconds
    ftime: DecimalNumber | UnsetType = UNSET
    user: Int | UnsetType = UNSET
    fired_order_id: Int | UnsetType = UNSET  # 0 for none
    reason: Prose | UnsetType = UNSET


# --- What it means ---

_CANCELED: Final = Verdict(
    Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.CANCELED, initiator=Initiator.USER
)
_EXPIRED: Final = Verdict(
    Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.EXPIRED, initiator=Initiator.EXPIRY
)
_CLOSED: Final = Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED)
OUTCOMES: Final = MappingProxyType(
    {
        "canceled": _CANCELED,
        "cancelled": _CANCELED,
        "expired": _EXPIRED,
        "open": TAKEN._replace(status=OrderStatus.UNTRIGGERED),
        "": TAKEN,  # the status is not said
        "finish": _CLOSED._replace(status=OrderStatus.TRIGGERED),
        "failed": _CLOSED._replace(status=OrderStatus.REJECTED),
    }
)
QUIET_STATUSES: Final = ("open", "finish", "failed")
"""Statuses that say nothing about a cancel."""
OTHERWISE: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)


ORDER_TYPES: Final = MappingProxyType({"limit": OrderType.TRIGGER_LIMIT, "market": OrderType.TRIGGER_MARKET})


def price_order_map(said: Said) -> EventMap:
    """The map of price orders, whose nested objects stay in ``extra`` as a whole."""
    return EventMap(
        PriceOrder,
        said,
        absent=Absent.ZERO,
        also=(PriceOrder.trigger, PriceOrder.put),
        symbol=text(PriceOrder.market),
        order_id=number(PriceOrder.id),
        client_order_id=made(_client_id, PriceOrder.put),
        product=made(_product, PriceOrder.put),
        side=made(_side, PriceOrder.put),
        order_type=made(_order_type, PriceOrder.put),
        time_in_force=made(_time_in_force, PriceOrder.put),
        post_only=made(_post_only, PriceOrder.put),
        price=made(_price, PriceOrder.put),
        trigger_price=made(_trigger_price, PriceOrder.trigger),
        quantity=made(_quantity, PriceOrder.put),
        quote_quantity=made(_quote_quantity, PriceOrder.put),
        quantity_unit=constant(QuantityUnit.BASE),
        message=text(PriceOrder.reason),
        created_ns=made(epoch_ns, PriceOrder.ctime),
        event_ns=made(epoch_ns, PriceOrder.ftime),
    )


def _client_id(put: PutOrder) -> str | None:
    return client_id(put.text)


def _product(put: PutOrder) -> Product | None:
    return ACCOUNTS.get(put.account)


def _side(put: PutOrder) -> Side | None:
    return SIDES.get(put.side)


def _order_type(put: PutOrder) -> OrderType | None:
    return ORDER_TYPES.get(put.type or "limit")


def _time_in_force(put: PutOrder) -> TimeInForce | None:
    return time_in_force_of(put.time_in_force)


def _post_only(put: PutOrder) -> bool | None:
    return post_only_of(put.time_in_force)


def _price(put: PutOrder) -> Decimal | None:
    return decimal_of(put.price) or None


def _trigger_price(trigger: Trigger) -> Decimal:
    return decimal_of(trigger.price)


def _quantity(put: PutOrder) -> Decimal | None:
    return in_base(put.amount, put.type or "limit", put.side)


def _quote_quantity(put: PutOrder) -> Decimal | None:
    return in_quote(put.amount, put.type or "limit", put.side)


CANCELED: Final = price_order_map(by_status(PriceOrder.status, OUTCOMES, OTHERWISE))
cancel: Final = one_shown(CANCELED)
cancel_all: Final = all_shown(CANCELED)


def is_shared(raw: Any) -> bool:
    """Whether other requests are answered alike: with anything but price orders that were canceled."""
    return not show_cancels(raw, _is_canceled)


def _is_canceled(raw: Any) -> bool:
    return isinstance(raw, PriceOrder) and OUTCOMES.get(raw.status) in (_CANCELED, _EXPIRED)


# --- Endpoints ---

KEYS: Final = RequestKeys(symbol=("market",), order_id=("order_id",), product=("account",), products=ACCOUNTS)
ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /api/v4/spot/price_orders/{order_id}",
        PriceOrder,
        cancel,
        page="cancel-a-single-order-auto-order",
    ),
    endpoint(
        "DELETE /api/v4/spot/price_orders",
        list[PriceOrder],
        cancel_all,
        page="cancel-all-open-orders",
    ),
    product=None,
    request=KEYS,
    errors=SPOT_ERRORS,
    is_shared=is_shared,
    ids=SPOT_TRIGGER_IDS,
    docs=DOCS,
)
