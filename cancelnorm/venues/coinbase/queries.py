"""Coinbase REST: what it answers to a question about orders, where they are canceled."""

from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, made, text, word
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import DecimalOrEmpty, NumberOrEmpty, Prose, decimal_of, number_or_empty
from cancelnorm.reader.structs import Exact
from cancelnorm.request import Target
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase.messages import (
    DOCS,
    IDS,
    KEYS,
    NO_PRODUCT,
    NO_TIME,
    NO_TIME_IN_FORCE,
    NO_TRIGGER,
    ORDER_TYPES,
    QUERY_ERRORS,
    SIDES,
    TAKEN,
    TIMES_IN_FORCE,
    end_of,
    is_canceling,
    product_of,
    unit_of,
)

# --- What Coinbase sends ---


class Terms(Exact):
    """What was asked of an order; numbers are in quotes, but on pages of the documentation."""

    base_size: NumberOrEmpty | UnsetType = UNSET  # base units or contracts
    quote_size: NumberOrEmpty | UnsetType = UNSET  # of a market order by value
    limit_price: NumberOrEmpty | UnsetType = UNSET
    stop_price: NumberOrEmpty | UnsetType = UNSET
    stop_trigger_price: NumberOrEmpty | UnsetType = UNSET  # of the stop loss of a bracket
    stop_direction: str | UnsetType = UNSET
    post_only: bool | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    rfq_disabled: bool | UnsetType = UNSET
    start_time: str | UnsetType = UNSET
    end_time: str | UnsetType = UNSET
    number_buckets: NumberOrEmpty | UnsetType = (
        UNSET  # of an order that is placed in parts over time, as the next two
    )
    bucket_size: NumberOrEmpty | UnsetType = UNSET
    bucket_duration: str | UnsetType = UNSET


class QueriedOrder(Exact):
    """An order as it stands."""

    order_id: str
    product_id: str
    user_id: str
    order_configuration: dict[
        str, Terms
    ]  # one, under the name of its kind: limit_limit_gtc, market_market_ioc, …
    side: Literal["BUY", "SELL"]
    client_order_id: str
    status: str
    time_in_force: str
    created_time: str
    completion_percentage: str
    filled_size: DecimalOrEmpty
    average_filled_price: DecimalOrEmpty  # zero without a fill
    fee: str | UnsetType = UNSET  # not any more in the documentation
    number_of_fills: str
    filled_value: DecimalOrEmpty
    pending_cancel: bool
    size_in_quote: bool
    total_fees: str
    size_inclusive_of_fees: bool
    total_value_after_fees: str
    trigger_status: str
    order_type: str  # LIMIT, MARKET, STOP_LIMIT, BRACKET, TWAP, …
    reject_reason: str
    settled: bool
    product_type: str
    reject_message: Prose
    cancel_message: Prose  # "" in all recordings
    # Since 2023.
    order_placement_source: str | UnsetType = UNSET
    outstanding_hold_amount: str | UnsetType = UNSET
    is_liquidation: bool | UnsetType = UNSET
    last_fill_time: str | UnsetType | None = UNSET
    edit_history: list[dict[str, str]] | UnsetType | None = UNSET  # price, size and time of each
    leverage: str | UnsetType = UNSET
    margin_type: str | UnsetType = UNSET
    retail_portfolio_id: str | UnsetType = UNSET
    originating_order_id: str | UnsetType = UNSET
    attached_order_id: str | UnsetType = UNSET


class OrderAnswer(Exact):
    """One order."""

    order: QueriedOrder


class OrdersAnswer(Exact):
    """Orders, the newest first."""

    orders: list[QueriedOrder]
    sequence: str | UnsetType = UNSET
    has_next: bool
    cursor: str | UnsetType = UNSET


# --- What it means ---


def _queried(status: str, pending_cancel: bool) -> Verdict | None:
    """The verdict of an order: one that is open says itself whether its cancel is under way."""
    return TAKEN if is_canceling(status, pending_cancel) else end_of(status, Evidence.TERMINAL_STATUS)


def _term(name: str) -> Any:
    """Function that reads a number of the terms of an order; None where there are none, or those of several kinds."""

    def read(terms: dict[str, Terms]) -> Decimal | None:
        if len(terms) != 1:
            return None
        sent: Raw | UnsetType = getattr(next(iter(terms.values())), name)
        digits = "" if sent is UNSET else number_or_empty(sent)
        return decimal_of(digits) or None if digits else None

    return read


_stop: Final = _term("stop_price")
_stop_loss: Final = _term("stop_trigger_price")


def _trigger(terms: dict[str, Terms]) -> Decimal | None:
    found: Decimal | None = _stop(terms)
    return _stop_loss(terms) if found is None else found


def _post_only(terms: dict[str, Terms]) -> bool | None:
    flags = {each.post_only for each in terms.values()}
    return True if flags == {True} else False if flags == {False} else None


QUERIED: Final = EventMap(
    QueriedOrder,
    by_words(_queried, QueriedOrder.status, QueriedOrder.pending_cancel, raw_status=QueriedOrder.status),
    absent=Absent.EMPTY,
    also=(QueriedOrder.order_configuration, QueriedOrder.pending_cancel),
    without={
        **dict.fromkeys(
            (
                QueriedOrder.completion_percentage,
                QueriedOrder.fee,
                QueriedOrder.number_of_fills,
                QueriedOrder.outstanding_hold_amount,
                QueriedOrder.total_fees,
                QueriedOrder.total_value_after_fees,
            ),
            ("0",),
        ),
        **dict.fromkeys(
            (
                QueriedOrder.is_liquidation,
                QueriedOrder.pending_cancel,
                QueriedOrder.settled,
                QueriedOrder.size_in_quote,
                QueriedOrder.size_inclusive_of_fees,
            ),
            (False,),
        ),
        QueriedOrder.time_in_force: NO_TIME_IN_FORCE,
        QueriedOrder.trigger_status: NO_TRIGGER,
        QueriedOrder.reject_reason: ("REJECT_REASON_UNSPECIFIED",),
        QueriedOrder.order_placement_source: ("UNKNOWN_PLACEMENT_SOURCE",),
        QueriedOrder.created_time: NO_TIME,
        QueriedOrder.last_fill_time: NO_TIME,
    },
    product=made(product_of, QueriedOrder.product_type, QueriedOrder.product_id, none=NO_PRODUCT),
    symbol=text(QueriedOrder.product_id),
    order_id=text(QueriedOrder.order_id),
    client_order_id=text(QueriedOrder.client_order_id),
    message=text(QueriedOrder.cancel_message),
    side=word(QueriedOrder.side, SIDES),
    order_type=word(QueriedOrder.order_type, ORDER_TYPES),
    time_in_force=word(QueriedOrder.time_in_force, TIMES_IN_FORCE),
    post_only=made(_post_only, QueriedOrder.order_configuration),
    price=made(_term("limit_price"), QueriedOrder.order_configuration),
    trigger_price=made(_trigger, QueriedOrder.order_configuration),
    average_price=amount(QueriedOrder.average_filled_price, zero_is_none=True),
    quantity=made(_term("base_size"), QueriedOrder.order_configuration),
    quote_quantity=made(_term("quote_size"), QueriedOrder.order_configuration),
    filled_quantity=amount(QueriedOrder.filled_size),
    quantity_unit=made(unit_of, QueriedOrder.product_type, QueriedOrder.product_id, none=NO_PRODUCT),
    filled_quote=amount(QueriedOrder.filled_value),
    created_ns=made(ns_of_date_time, QueriedOrder.created_time),
)


def order(raw: OrderAnswer, call: Call) -> Normalised:
    """Map the answer to a query of one order."""
    return _shown([raw.order], call, "$.order", {})


def orders(raw: OrdersAnswer, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    said: dict[str, Any] = {"has_next": raw.has_next}
    said |= {"sequence": raw.sequence} if raw.sequence else {}
    said |= {"cursor": raw.cursor} if raw.cursor else {}
    return _shown(raw.orders, call, "$.orders[{}]", said)


def _shown(rows: list[QueriedOrder], call: Call, at: str, said: dict[str, Any]) -> Normalised:
    if call.record.request:
        named = [Target(order_id=row.order_id, client_order_id=row.client_order_id) for row in rows]
        call.unanswered(named, at.partition("[")[0])
    return call.result(QUERIED.events(rows, call, at), extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/v3/brokerage/orders/historical/{order_id}", OrderAnswer, order, page="get-order"),
    endpoint("GET /api/v3/brokerage/orders/historical/batch", OrdersAnswer, orders, page="list-orders"),
    product=None,
    request=KEYS,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs=DOCS,
    skips=True,
)
