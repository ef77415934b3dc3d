"""Bybit spot v3 (2022 and 2023): what it answers to a question about orders, where they are canceled."""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, constant, made, text, time, word
from cancelnorm.reader.scalars import DecimalText, Epoch, EpochText, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, Evidence, Normalised, OrderType, Outcome, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.causes import UNSAID, causes
from cancelnorm.venues.bybit.messages import IDS, Nothing, envelope
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.spot_before_v5 import KEYS
from cancelnorm.venues.bybit.spot_words import (
    CONDITIONAL_TYPES,
    POST_ONLY,
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    shown_by,
    size,
    value,
)
from cancelnorm.venues.bybit.states import note_unshown

# --- What Bybit sends ---


class ShownSpotOrder(Camel):
    """An order as it stands, conditional or not."""

    account_id: str
    symbol: str
    order_link_id: str
    order_id: str
    order_price: DecimalText
    order_qty: DecimalText  # base units; quote units of a market order to buy
    exec_qty: DecimalText | UnsetType = UNSET  # not of a conditional order
    cummulative_quote_qty: DecimalText | UnsetType = UNSET  # sic
    avg_price: DecimalText | UnsetType = UNSET
    status: str
    time_in_force: str
    order_type: str
    side: str
    stop_price: str
    iceberg_qty: str
    is_working: str
    # Of a conditional order, since 2022-10.
    executed_order_id: str | UnsetType = UNSET  # of the order that it becomes
    trigger_price: DecimalText | UnsetType = UNSET
    order_category: Int | UnsetType = UNSET  # 1
    # Since 2023-04.
    block_trade_id: str | UnsetType = UNSET
    cancel_type: str | UnsetType = UNSET  # UNKNOWN of an order that is open
    smp_type: str | UnsetType = UNSET  # None: no self-match prevention
    smp_group: Int | UnsetType = UNSET
    smp_order_id: str | UnsetType = UNSET


class QueriedSpotOrder(ShownSpotOrder):
    """The order that was asked for."""

    locked: str | UnsetType = UNSET
    create_time: EpochText
    update_time: EpochText


class ListedSpotOrder(ShownSpotOrder):
    """An order in a list, whose times are not in quotes."""

    create_time: Epoch
    update_time: Epoch


class SpotAnswered(Camel):
    """Fields of every answer to a question beside its ``result``."""

    ret_code: Literal[0]
    ret_msg: Prose
    ret_ext_map: dict[str, str] | UnsetType = UNSET
    ret_ext_info: Nothing | UnsetType = UNSET
    time: Epoch


class SpotOrderShown(SpotAnswered):
    """The answer to a query for one order."""

    result: QueriedSpotOrder


class ListedSpotOrders(Exact):
    """Orders, the newest first."""

    orders: list[ListedSpotOrder] | None = field(name="list")


class SpotOrdersShown(SpotAnswered):
    """The answer to a query for a list of orders."""

    result: ListedSpotOrders


# --- What it means ---


def _type(kind: str, category: int | UnsetType) -> OrderType | None:
    return (CONDITIONAL_TYPES if category == 1 else TYPES).get(kind)


_BY_STATUS: Final = shown_by(Evidence.TERMINAL_STATUS)
_BY_CAUSE: Final = causes(Evidence.TERMINAL_STATUS)


def _said(status: str, cancel_type: str | UnsetType) -> Verdict | None:
    """The verdict by the status of an order; ``cancelType`` says who canceled it."""
    verdict = _BY_STATUS(status)
    if verdict is None or verdict.outcome is not Outcome.CANCELED or not cancel_type:
        return verdict
    return _BY_CAUSE("Cancelled", cancel_type, "", "")


def _shown_map(struct: type[QueriedSpotOrder] | type[ListedSpotOrder]) -> EventMap:
    sizing = (ShownSpotOrder.order_qty, ShownSpotOrder.order_type, ShownSpotOrder.side)
    return EventMap(
        struct,
        by_words(_said, ShownSpotOrder.status, ShownSpotOrder.cancel_type, raw_status=ShownSpotOrder.status),
        absent=Absent.EMPTY,
        symbol=text(ShownSpotOrder.symbol),
        order_id=text(ShownSpotOrder.order_id),
        client_order_id=text(ShownSpotOrder.order_link_id),
        side=word(ShownSpotOrder.side, SIDES),
        order_type=made(_type, ShownSpotOrder.order_type, ShownSpotOrder.order_category),
        post_only=word(ShownSpotOrder.order_type, POST_ONLY),
        time_in_force=word(ShownSpotOrder.time_in_force, TIMES_IN_FORCE),
        price=amount(ShownSpotOrder.order_price, zero_is_none=True),
        trigger_price=amount(ShownSpotOrder.trigger_price, zero_is_none=True),
        average_price=amount(ShownSpotOrder.avg_price, zero_is_none=True),
        quantity=made(size, *sizing),
        quote_quantity=made(value, *sizing),
        filled_quantity=amount(ShownSpotOrder.exec_qty),
        filled_quote=amount(ShownSpotOrder.cummulative_quote_qty),
        quantity_unit=constant(QuantityUnit.BASE),
        self_trade_prevention=text(ShownSpotOrder.smp_type, none=("None",)),
        raw_initiator=text(ShownSpotOrder.cancel_type, none=UNSAID),
        created_ns=time(struct.create_time),
        event_ns=time(struct.update_time),
    )


QUERIED: Final = _shown_map(QueriedSpotOrder)
LISTED: Final = _shown_map(ListedSpotOrder)


def query(raw: SpotOrderShown, call: Call) -> Normalised:
    """Map the answer to a query for one order, where it is about a cancel."""
    order, at = raw.result, "$.result"
    call.response_ns = ns_of(raw.time)
    return _result(raw, QUERIED.events([order], call, at), [order], call, at)


def listed(raw: SpotOrdersShown, call: Call) -> Normalised:
    """Map the answer to a query for a list: the orders in it that are about a cancel."""
    orders, at = raw.result.orders or [], "$.result.list"
    call.response_ns = ns_of(raw.time)
    return _result(raw, LISTED.events(orders, call, f"{at}[{{}}]"), orders, call, at)


def _result(
    raw: SpotAnswered, events: list[CancelEvent], shown: Sequence[ShownSpotOrder], call: Call, at: str
) -> Normalised:
    note_unshown(((order.order_id, order.order_link_id) for order in shown), call, at)
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if raw.ret_ext_map:
        extra["retExtMap"] = raw.ret_ext_map
    return call.result(call.or_unknown(events, at), extra=extra)


# --- Endpoints ---

_LIST_KEYS: Final = RequestKeys(symbol=("symbol",))  # orderId is where a page begins

ENDPOINTS: Final = endpoints(
    endpoint("GET /spot/v3/private/order", SpotOrderShown, query),
    endpoint("GET /spot/v3/private/open-orders", SpotOrdersShown, listed, request=_LIST_KEYS),
    endpoint("GET /spot/v3/private/history-orders", SpotOrdersShown, listed, request=_LIST_KEYS),
    product=Product.SPOT,
    request=KEYS,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/spot/v3/_account_data.md",
    skips=True,
)
