"""Bybit options and perpetuals settled in USDC, before unified accounts (2021 to 2023)."""

from collections.abc import Sequence
from typing import ClassVar, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Absent, EventMap, always, by_code, constant, made, text, time
from cancelnorm.reader.mismatch import redacted
from cancelnorm.reader.scalars import Epoch, EpochText, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Product, QuantityUnit, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.codes import V5
from cancelnorm.venues.bybit.messages import (
    CANCEL_ERRORS,
    IDS,
    KEYS,
    TAKEN,
    Empty,
    Refused,
    bare,
    envelope,
    is_shared,
    refused,
)
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.states import note_unshown, topic_said
from cancelnorm.venues.bybit.states_before_v5 import OlderOrder, older_map

# --- What Bybit sends ---


class UsdcAnswer(Camel):
    """Fields of every answer beside its ``result``."""

    ret_code: Literal[0]
    ret_msg: Prose
    ret_ext_map: dict[str, str] | UnsetType = UNSET


class UsdcName(Camel):
    """An order whose cancel was taken."""

    out_request_id: str | UnsetType = UNSET  # options
    symbol: str | UnsetType = UNSET  # options
    order_id: str
    order_link_id: str | UnsetType = UNSET  # options


class UsdcTaken(UsdcAnswer):
    """The acknowledgement of a cancel of one order."""

    result: UsdcName


class UsdcRow(Camel):
    """An option's order among several, and what became of its cancel."""

    out_request_id: str
    symbol: str
    order_id: str
    order_link_id: str
    error_code: Int | str  # 0: taken; a string by the documentation's table
    error_desc: Prose


class UsdcRowsTaken(UsdcAnswer):
    """The answer to a cancel of several options' orders, or of all."""

    result: list[UsdcRow] | None


class UsdcAllTaken(UsdcAnswer):
    """The acknowledgement of a cancel of all orders of a perpetual: a code and a text."""

    bare: ClassVar = True
    result: Empty | UnsetType | None = UNSET


class UsdcRowsRefused(Refused):
    """The refusal of a request as a whole."""

    result: Empty | list[Empty] | UnsetType | None = UNSET


class UsdcOrder(OlderOrder):
    """An order of an option or a perpetual."""

    reduce_only: Literal[0, 1]  # 1: it is
    iv: str | UnsetType = UNSET
    order_im: str = field(name="orderIM")
    order_pnl: str
    cash_flow: str | UnsetType | None = UNSET  # options and lists
    realised_pnl: str | UnsetType = UNSET
    last_exec_price: str | UnsetType = UNSET  # lists of active orders


class ListedUsdcOrder(UsdcOrder):
    """An order in a list."""

    created_at: EpochText
    updated_at: EpochText | UnsetType = UNSET  # not of active orders


class UsdcOrders(Camel):
    """A page of orders."""

    cursor: str
    result_total_size: Int  # of this page
    data_list: list[ListedUsdcOrder] | None


class UsdcShown(UsdcAnswer):
    """The answer to a query."""

    result: UsdcOrders


class StreamedUsdcOrder(UsdcOrder):
    """An order in a frame, whose times are not in quotes."""

    created_at: Epoch
    updated_at: Epoch


class UsdcChanged(Camel):
    """The orders of a frame."""

    result: list[StreamedUsdcOrder]
    version: Int
    base_line: Int
    data_type: str  # NEW: all that are open, CHANGE: what changed


class OptionFrame(Camel):
    """Frame with changes of options' orders."""

    id: str
    topic: Literal["user.openapi.option.order"]
    creation_time: Epoch
    data: UsdcChanged


class PerpetualFrame(Camel):
    """Frame with changes of perpetuals' orders."""

    id: str
    topic: Literal["user.openapi.perp.order"]
    creation_time: Epoch
    data: UsdcChanged


# --- What it means ---

_OPTIONS: Final = RequestKeys(
    symbol=("symbol",), order_id=("orderId",), client_order_id=("orderLinkId",), rows=("cancelRequest",)
)
_QUERY_KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("orderLinkId",),
    product=("category",),
    products={"OPTION": Product.OPTION, "PERPETUAL": Product.LINEAR},
)

NAMED: Final = EventMap(
    UsdcName,
    always(TAKEN),
    absent=Absent.EMPTY,
    symbol=text(UsdcName.symbol),
    order_id=text(UsdcName.order_id),
    client_order_id=text(UsdcName.order_link_id),
)
ROW: Final = EventMap(
    UsdcRow,
    by_code(UsdcRow.error_code, UsdcRow.error_desc, V5, taken=TAKEN, good=(0, "0")),
    absent=Absent.EMPTY,
    symbol=text(UsdcRow.symbol),
    order_id=text(UsdcRow.order_id),
    client_order_id=text(UsdcRow.order_link_id),
)


def _reduce_only(sent: int) -> bool:
    return sent == 1


LISTED: Final = older_map(
    ListedUsdcOrder,
    Evidence.TERMINAL_STATUS,
    reduce_only=made(_reduce_only, UsdcOrder.reduce_only),
    created_ns=time(ListedUsdcOrder.created_at),
    event_ns=time(ListedUsdcOrder.updated_at),
)
STREAMED: Final = older_map(
    StreamedUsdcOrder,
    Evidence.FINAL_REPORT,
    reduce_only=made(_reduce_only, UsdcOrder.reduce_only),
    created_ns=time(StreamedUsdcOrder.created_at),
    event_ns=time(StreamedUsdcOrder.updated_at),
)
STREAMED_OPTION: Final = STREAMED.extended(StreamedUsdcOrder, quantity_unit=constant(QuantityUnit.CONTRACTS))
STREAMED_PERPETUAL: Final = STREAMED.extended(StreamedUsdcOrder, quantity_unit=constant(QuantityUnit.BASE))


def _extra(raw: UsdcAnswer) -> dict[str, object]:
    said: dict[str, object] = dict(envelope(raw.ret_msg, None))
    if raw.ret_ext_map:
        said["retExtMap"] = redacted(raw.ret_ext_map)
    return said


def cancel(raw: UsdcTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one order: its end is not known."""
    event = NAMED.event(raw.result, call, "$.result")
    if call.record.request:
        event = completed(event, call.target, call, "$.result")
    return call.result([event], extra=_extra(raw))


def cancel_rows(raw: UsdcRowsTaken, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders, each with its verdict."""
    rows: Sequence[UsdcRow] = raw.result or []
    events = ROW.events(rows, call, "$.result[{}]")
    note_unshown(((row.order_id, row.order_link_id) for row in rows), call, "$.result")
    return call.result(events or [_whole(call)], extra=_extra(raw))


def cancel_all(raw: UsdcAllTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all orders of a perpetual."""
    return call.result([bare(call) or _whole(call)], extra=_extra(raw))


def _whole(call: Call) -> CancelEvent:
    """The event of a cancel of all that names no order: nothing says that nothing was open."""
    scope = Scope.SYMBOL if call.target.symbol else None
    return call.event(EventKind.SCOPE, TAKEN, call.target, path="$", scope=scope)


def query(raw: UsdcShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    at = "$.result.dataList"
    orders = raw.result.data_list or []
    events = LISTED.events(orders, call, f"{at}[{{}}]")
    asked = call.target.product
    if asked:
        events = [
            completed(event, call.target._replace(order_id=None, client_order_id=None)) for event in events
        ]
    note_unshown(((order.order_id, order.order_link_id) for order in orders), call, at)
    extra = _extra(raw)
    if raw.result.cursor:
        extra["cursor"] = raw.result.cursor
    extra["resultTotalSize"] = raw.result.result_total_size
    return call.result(call.or_unknown(events, at), extra=extra)


def frame(raw: OptionFrame | PerpetualFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    call.response_ns = ns_of(raw.creation_time)
    at, data = "$.data.result", raw.data
    by_row = STREAMED_OPTION if isinstance(raw, OptionFrame) else STREAMED_PERPETUAL
    events = by_row.events(data.result, call, f"{at}[{{}}]")
    extra: dict[str, object] = {
        "id": raw.id,
        "version": data.version,
        "baseLine": data.base_line,
        "dataType": data.data_type,
    }
    return call.result(call.or_unknown(events, at), extra=extra | topic_said(raw.topic, call))


# --- Endpoints ---

_ROW_ERRORS: Final = Errors(UsdcRowsRefused, refused)
_DOCS: Final = "https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/usdc/"

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "POST /option/usdc/openapi/private/v1/cancel-order", UsdcTaken, cancel, errors=CANCEL_ERRORS
        ),
        endpoint("POST /option/usdc/openapi/private/v1/cancel-all", UsdcRowsTaken, cancel_rows),
        endpoint("POST /option/usdc/openapi/private/v1/batch-cancel-orders", UsdcRowsTaken, cancel_rows),
        product=Product.OPTION,
        request=_OPTIONS,
        errors=_ROW_ERRORS,
        is_shared=is_shared,
        ids=IDS,
        docs=f"{_DOCS}option/_account_trading.md",
    ),
    *endpoints(
        endpoint(
            "POST /perpetual/usdc/openapi/private/v1/cancel-order", UsdcTaken, cancel, errors=CANCEL_ERRORS
        ),
        endpoint("POST /perpetual/usdc/openapi/private/v1/cancel-all", UsdcAllTaken, cancel_all),
        product=Product.LINEAR,
        request=KEYS,
        errors=_ROW_ERRORS,
        is_shared=is_shared,
        ids=IDS,
        docs=f"{_DOCS}perp/perp_account_trading.md",
    ),
    *endpoints(
        # Of perpetuals too, in spite of their paths.
        endpoint("POST /option/usdc/openapi/private/v1/query-active-orders", UsdcShown, query),
        endpoint("POST /option/usdc/openapi/private/v1/query-order-history", UsdcShown, query),
        product=None,
        request=_QUERY_KEYS,
        errors=QUERY_ERRORS,
        ids=IDS,
        docs=f"{_DOCS}option/_account_trading.md",
        skips=True,
    ),
    *endpoints(
        endpoint("stream user.openapi.option.order", OptionFrame, frame, page="option/_websockets.md"),
        product=Product.OPTION,
        ids=IDS,
        docs=_DOCS,
        skips=True,
    ),
    *endpoints(
        endpoint("stream user.openapi.perp.order", PerpetualFrame, frame, page="perp/perp_websockets.md"),
        product=Product.LINEAR,
        ids=IDS,
        docs=_DOCS,
        skips=True,
    ),
)
