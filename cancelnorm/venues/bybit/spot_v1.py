"""Bybit spot v1 (2021 to 2023): cancels, orders as they were shown, and its stream."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, amount, by_words, constant, made, text, time, word
from cancelnorm.reader.scalars import DecimalText, EpochText
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Evidence, Normalised, Product, QuantityUnit, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.contracts_v2 import (
    ERRORS,
    QUERY_ERRORS,
    Envelope,
    is_shared,
    is_shared_refusal,
    opened,
    queried,
    result,
)
from cancelnorm.venues.bybit.messages import IDS, OPEN, TAKEN
from cancelnorm.venues.bybit.spot_before_v5 import (
    STREAMED,
    STREAMED_STOP,
    StreamedSpotOrder,
    StreamedSpotStop,
)
from cancelnorm.venues.bybit.spot_words import (
    ALIVE,
    POST_ONLY,
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    answered,
    shown_by,
    size,
    value,
)

# --- What Bybit sends ---


class CanceledOrder(Camel):
    """An order in the answer to its cancel."""

    account_id: str
    symbol: str
    symbol_name: str | UnsetType = UNSET
    order_link_id: str
    order_id: str
    transact_time: EpochText
    price: DecimalText
    orig_qty: DecimalText
    executed_qty: DecimalText
    status: str
    time_in_force: str
    type: str
    side: str


class CancelTaken(Envelope):
    """The answer to a cancel of one order."""

    ret_code: Literal[0]
    result: CanceledOrder


class FastFlag(Camel):
    """Whether a fast cancel was taken."""

    is_cancelled: bool


class FastTaken(Envelope):
    """The answer to a fast cancel of one order."""

    ret_code: Literal[0]
    result: FastFlag


class ScopeFlag(Exact):
    """Whether a cancel of all orders was taken."""

    success: bool


class ScopeTaken(Envelope):
    """The answer to a cancel of all orders of a symbol."""

    ret_code: Literal[0]
    result: ScopeFlag


class ShownOrder(Camel):
    """An order as it stands."""

    account_id: str
    exchange_id: str
    symbol: str
    symbol_name: str
    order_link_id: str
    order_id: str
    price: DecimalText
    orig_qty: DecimalText  # base units; quote units of a market order to buy
    executed_qty: DecimalText
    cummulative_quote_qty: DecimalText  # sic
    avg_price: DecimalText
    status: str
    time_in_force: str
    type: str
    side: str
    stop_price: str
    iceberg_qty: str
    time: EpochText
    update_time: EpochText
    is_working: bool
    locked: str | UnsetType = UNSET  # of one order that was asked for


class OrderShown(Envelope):
    """The answer to a query: the order that it names, or a list."""

    ret_code: Literal[0]
    result: ShownOrder | list[ShownOrder] | None


class Report(StreamedSpotOrder):
    """An order on the stream."""

    e: Literal["executionReport"]


class StopReport(StreamedSpotStop):
    """A conditional order on the stream."""

    e: Literal["stop_executionReport"]


# --- What it means ---

KEYS: Final = RequestKeys(
    symbol=("symbol", "symbolId"), order_id=("orderId",), client_order_id=("orderLinkId",)
)
_SCOPE_KEYS: Final = RequestKeys(symbol=("symbol",))

CANCELED: Final = EventMap(
    CanceledOrder,
    by_words(answered, CanceledOrder.status, raw_status=CanceledOrder.status),
    absent=Absent.EMPTY,
    symbol=text(CanceledOrder.symbol),
    order_id=text(CanceledOrder.order_id),
    client_order_id=text(CanceledOrder.order_link_id),
    side=word(CanceledOrder.side, SIDES),
    order_type=word(CanceledOrder.type, TYPES),
    post_only=word(CanceledOrder.type, POST_ONLY),
    time_in_force=word(CanceledOrder.time_in_force, TIMES_IN_FORCE),
    price=amount(CanceledOrder.price, zero_is_none=True),
    quantity=made(size, CanceledOrder.orig_qty, CanceledOrder.type, CanceledOrder.side),
    quote_quantity=made(value, CanceledOrder.orig_qty, CanceledOrder.type, CanceledOrder.side),
    filled_quantity=amount(CanceledOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(CanceledOrder.transact_time),
)
SHOWN: Final = EventMap(
    ShownOrder,
    by_words(shown_by(Evidence.TERMINAL_STATUS), ShownOrder.status, raw_status=ShownOrder.status),
    absent=Absent.EMPTY,
    symbol=text(ShownOrder.symbol),
    order_id=text(ShownOrder.order_id),
    client_order_id=text(ShownOrder.order_link_id),
    side=word(ShownOrder.side, SIDES),
    order_type=word(ShownOrder.type, TYPES),
    post_only=word(ShownOrder.type, POST_ONLY),
    time_in_force=word(ShownOrder.time_in_force, TIMES_IN_FORCE),
    price=amount(ShownOrder.price, zero_is_none=True),
    average_price=amount(ShownOrder.avg_price, zero_is_none=True),
    quantity=made(size, ShownOrder.orig_qty, ShownOrder.type, ShownOrder.side),
    quote_quantity=made(value, ShownOrder.orig_qty, ShownOrder.type, ShownOrder.side),
    filled_quantity=amount(ShownOrder.executed_qty),
    filled_quote=amount(ShownOrder.cummulative_quote_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(ShownOrder.time),
    event_ns=time(ShownOrder.update_time),
)
REPORTED: Final = STREAMED.extended(Report)
STOP_REPORTED: Final = STREAMED_STOP.extended(StopReport)


def cancel(raw: CancelTaken, call: Call) -> Normalised:
    """Map the answer to a cancel of one order."""
    opened(raw, call)
    event = CANCELED.event(raw.result, call, "$.result")
    if call.record.request:
        event = completed(event, call.target, call, "$.result")
    return result([event], raw, call)


def fast_cancel(raw: FastTaken, call: Call) -> Normalised:
    """Map the answer to a fast cancel of one order: it is carried out later."""
    opened(raw, call)
    verdict = TAKEN if raw.result.is_cancelled else OPEN
    said = {} if raw.result.is_cancelled else {"isCancelled": False}
    return result([call.failed(verdict, path="$.result", extra=said or None)], raw, call)


def cancel_all(raw: ScopeTaken, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol: what became of them is not said."""
    opened(raw, call)
    verdict = TAKEN if raw.result.success else OPEN
    said = {} if raw.result.success else {"success": False}
    scope = Scope.SYMBOL if call.target.symbol else None
    event = call.event(
        EventKind.SCOPE, verdict, call.target, path="$.result", scope=scope, extra=said or None
    )
    return result([event], raw, call)


query: Final = queried(SHOWN)


def reports(raw: Any, call: Call) -> Normalised:
    """Map orders that the stream pushed: those that are about a cancel."""
    return _pushed(raw, REPORTED, call)


def stop_reports(raw: Any, call: Call) -> Normalised:
    """Map conditional orders that the stream pushed: those that are about a cancel."""
    return _pushed(raw, STOP_REPORTED, call)


def _pushed(raw: Any, by_row: EventMap, call: Call) -> Normalised:
    """Map one event, or an array of them."""
    alone = not isinstance(raw, list)
    events = by_row.events([raw], call, "$") if alone else by_row.events(raw, call, "$[{}]")
    return call.result(call.or_unknown(events, "$"))


def _is_shared_order(raw: Envelope) -> bool:
    """Whether an answer, without its request, may be to another request: a new order is answered alike."""
    return is_shared_refusal(raw) or (isinstance(raw, CancelTaken) and raw.result.status in ALIVE)


# --- Endpoints ---

_PAGE: Final = "_account_data.md"

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /spot/v1/order", CancelTaken, cancel, page=_PAGE, is_shared=_is_shared_order),
    endpoint("DELETE /spot/v1/order/fast", FastTaken, fast_cancel, page=_PAGE, is_shared=is_shared_refusal),
    endpoint(
        "DELETE /spot/order/batch-cancel",
        ScopeTaken,
        cancel_all,
        page=_PAGE,
        request=_SCOPE_KEYS,
        is_shared=is_shared_refusal,
    ),
    endpoint(
        "DELETE /spot/order/batch-fast-cancel",
        ScopeTaken,
        cancel_all,
        page=_PAGE,
        request=_SCOPE_KEYS,
        is_shared=is_shared_refusal,
    ),
    endpoint("GET /spot/v1/order", OrderShown, query, page=_PAGE, errors=QUERY_ERRORS, skips=True),
    endpoint(
        "GET /spot/v1/open-orders",
        OrderShown,
        query,
        page=_PAGE,
        request=_SCOPE_KEYS,  # orderId is where a page begins
        errors=QUERY_ERRORS,
        skips=True,
    ),
    endpoint(
        "GET /spot/v1/history-orders",
        OrderShown,
        query,
        page=_PAGE,
        request=_SCOPE_KEYS,
        errors=QUERY_ERRORS,
        skips=True,
    ),
    endpoint(
        "stream executionReport",
        Report | list[Report],
        reports,
        page="_websockets.md",
        errors=None,
        is_shared=None,
        skips=True,
    ),
    endpoint(
        "stream stop_executionReport",
        StopReport | list[StopReport],
        stop_reports,
        page="_websockets.md",
        errors=None,
        is_shared=None,
        skips=True,
    ),
    product=Product.SPOT,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/spot/v1/",
)
