"""Bybit spot v3 (2022 and 2023): what it answers to a cancel, and its streams."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    amount,
    by_words,
    constant,
    made,
    text,
    time,
    word,
)
from cancelnorm.reader.mismatch import redacted
from cancelnorm.reader.scalars import (
    DecimalOrEmpty,
    DecimalText,
    Epoch,
    EpochText,
    Int,
    Prose,
    ns_of,
    ns_of_text,
)
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    EventKind,
    Evidence,
    Normalised,
    Product,
    QuantityUnit,
    Scope,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import (
    CANCEL_ERRORS,
    IDS,
    OPEN,
    Nothing,
    envelope,
    is_shared,
    is_shared_refusal,
)
from cancelnorm.venues.bybit.rest import ALL_ERRORS, BY_FLAG, TakenScope
from cancelnorm.venues.bybit.spot_words import (
    CONDITIONAL_TYPES,
    POST_ONLY,
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    answered,
    shown_by,
    size,
    value,
)
from cancelnorm.venues.bybit.states import topic_said

# --- What Bybit sends ---


class SpotAnswer(Camel):
    """Fields of every answer of v3 beside its ``result``."""

    ret_code: Literal[0]
    ret_msg: Prose
    ret_ext_map: dict[str, str] | UnsetType = UNSET
    ret_ext_info: Nothing | UnsetType = UNSET
    time: Epoch | UnsetType = UNSET


class CanceledSpotOrder(Camel):
    """An order whose cancel was taken, as it stood before."""

    order_id: str
    order_link_id: str
    symbol: str
    status: str  # NEW: before the cancel; ORDER_NEW of a conditional order
    account_id: str
    create_time: EpochText
    order_price: DecimalText
    order_qty: DecimalText  # base units
    exec_qty: DecimalText
    time_in_force: str
    order_type: str
    side: str
    order_category: Int | UnsetType = UNSET  # 1: conditional
    trigger_price: DecimalText | UnsetType = UNSET  # of a conditional order
    smp_type: str | UnsetType = UNSET  # since 2023-04; None: no self-match prevention


class SpotCancelTaken(SpotAnswer):
    """The acknowledgement of a cancel of one order."""

    result: CanceledSpotOrder


class SpotScopeTaken(SpotAnswer):
    """The acknowledgement of a cancel of all orders of a symbol."""

    result: TakenScope


class StreamedSpotOrder(Exact):
    """An order as the streams of v1 and v3 show it."""

    event_time: EpochText = field(name="E")
    symbol: str = field(name="s")
    client_id: str = field(name="c")
    side: str = field(name="S")
    order_type: str = field(name="o")  # LIMIT, MARKET_OF_QUOTE, MARKET_OF_BASE, LIMIT_MAKER
    time_in_force: str = field(name="f")
    quantity: DecimalText = field(name="q")  # quote units for MARKET_OF_QUOTE
    price: DecimalText = field(name="p")
    status: str = field(name="X")
    order_id: str = field(name="i")
    match_order_id: str = field(name="M")
    last_quantity: DecimalText = field(name="l")
    filled_quantity: DecimalText = field(name="z")
    last_price: DecimalText = field(name="L")
    fee: str = field(name="n")
    fee_coin: str = field(name="N")
    is_normal: bool = field(name="u")
    is_working: bool = field(name="w")
    is_limit_maker: bool = field(name="m")
    created: EpochText = field(name="O")
    filled_quote: DecimalOrEmpty = field(name="Z")
    match_account: str = field(name="A")
    is_close: bool = field(name="C")
    leverage: str = field(name="v")
    liquidation: str = field(name="d")  # NO_LIQ
    ticket: str | UnsetType = field(name="t", default=UNSET)


class ChangedSpotOrder(StreamedSpotOrder):
    """An order on the stream of v3."""

    e: Literal["order"]


class StreamedSpotStop(Exact):
    """A conditional order as the streams of v1 and v3 show it."""

    event_time: EpochText = field(name="E")
    symbol: str = field(name="s")
    client_id: str = field(name="c")
    side: str = field(name="S")
    order_type: str = field(name="o")
    time_in_force: str = field(name="f")
    quantity: DecimalText = field(name="q")
    price: DecimalText = field(name="p")
    status: str = field(name="X")
    order_id: str = field(name="i")
    created: EpochText = field(name="T")
    triggered: str = field(name="t")  # "0": not triggered
    updated: EpochText = field(name="C")
    market_price: str = field(name="qp")
    executed_order_id: str = field(name="eo")  # of the order that it becomes
    ti: str
    si: str


class ChangedSpotStop(StreamedSpotStop):
    """A conditional order on the stream of v3."""

    e: Literal["stopOrder"]


class SpotStopFrame(Exact):
    """Frame with changes, on the stream of v3."""

    type: Literal["snapshot", "delta"]
    topic: Literal["stopOrder"]
    ts: EpochText
    data: list[ChangedSpotStop]


class SpotOrderFrame(Exact):
    """Frame with changes, on the stream of v3."""

    type: Literal["snapshot", "delta"]
    topic: Literal["order"]
    ts: EpochText
    data: list[ChangedSpotOrder]


# --- What it means ---

KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("orderLinkId",),
)


TAKEN_ORDER: Final = EventMap(
    CanceledSpotOrder,
    by_words(answered, CanceledSpotOrder.status, raw_status=CanceledSpotOrder.status),
    absent=Absent.EMPTY,
    symbol=text(CanceledSpotOrder.symbol),
    order_id=text(CanceledSpotOrder.order_id),
    client_order_id=text(CanceledSpotOrder.order_link_id),
    side=word(CanceledSpotOrder.side, SIDES),
    time_in_force=word(CanceledSpotOrder.time_in_force, TIMES_IN_FORCE),
    price=amount(CanceledSpotOrder.order_price, zero_is_none=True),
    quantity=amount(CanceledSpotOrder.order_qty),
    filled_quantity=amount(CanceledSpotOrder.exec_qty),
    trigger_price=amount(CanceledSpotOrder.trigger_price, zero_is_none=True),
    created_ns=time(CanceledSpotOrder.create_time),
)
STREAMED: Final = EventMap(
    ChangedSpotOrder,
    by_words(shown_by(Evidence.FINAL_REPORT), StreamedSpotOrder.status, raw_status=StreamedSpotOrder.status),
    absent=Absent.EMPTY,
    symbol=text(StreamedSpotOrder.symbol),
    order_id=text(StreamedSpotOrder.order_id),
    client_order_id=text(StreamedSpotOrder.client_id),
    side=word(StreamedSpotOrder.side, SIDES),
    order_type=word(StreamedSpotOrder.order_type, TYPES),
    post_only=word(StreamedSpotOrder.order_type, POST_ONLY),
    time_in_force=word(StreamedSpotOrder.time_in_force, TIMES_IN_FORCE),
    price=amount(StreamedSpotOrder.price, zero_is_none=True),
    quantity=made(size, StreamedSpotOrder.quantity, StreamedSpotOrder.order_type, StreamedSpotOrder.side),
    quote_quantity=made(
        value, StreamedSpotOrder.quantity, StreamedSpotOrder.order_type, StreamedSpotOrder.side
    ),
    filled_quantity=amount(StreamedSpotOrder.filled_quantity),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(StreamedSpotOrder.filled_quote),
    created_ns=time(StreamedSpotOrder.created),
    event_ns=time(StreamedSpotOrder.event_time),
)


STREAMED_STOP: Final = EventMap(
    ChangedSpotStop,
    by_words(shown_by(Evidence.FINAL_REPORT), StreamedSpotStop.status, raw_status=StreamedSpotStop.status),
    absent=Absent.EMPTY,
    symbol=text(StreamedSpotStop.symbol),
    order_id=text(StreamedSpotStop.order_id),
    client_order_id=text(StreamedSpotStop.client_id),
    side=word(StreamedSpotStop.side, SIDES),
    order_type=word(StreamedSpotStop.order_type, CONDITIONAL_TYPES),
    time_in_force=word(StreamedSpotStop.time_in_force, TIMES_IN_FORCE),
    price=amount(StreamedSpotStop.price, zero_is_none=True),
    quantity=made(size, StreamedSpotStop.quantity, StreamedSpotStop.order_type, StreamedSpotStop.side),
    quote_quantity=made(value, StreamedSpotStop.quantity, StreamedSpotStop.order_type, StreamedSpotStop.side),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(StreamedSpotStop.created),
    event_ns=time(StreamedSpotStop.updated),
)


def cancel(raw: SpotCancelTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one order."""
    if raw.time is not UNSET:
        call.response_ns = ns_of(raw.time)
    event = TAKEN_ORDER.event(raw.result, call, "$.result")
    if call.record.request:
        event = completed(event, call.target, call, "$.result")
    return call.result([event], extra=_envelope(raw))


def cancel_all(raw: SpotScopeTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all orders of a symbol."""
    if raw.time is not UNSET:
        call.response_ns = ns_of(raw.time)
    success: str = raw.result.success
    verdict = BY_FLAG.get(success, OPEN)
    extra = {"success": success} if verdict is OPEN else None
    scope = Scope.SYMBOL if call.target.symbol else None
    event = call.event(EventKind.SCOPE, verdict, call.target, path="$.result", scope=scope, extra=extra)
    return call.result([event], extra=_envelope(raw))


def _envelope(raw: SpotAnswer) -> dict[str, Any]:
    said = envelope(raw.ret_msg, raw.ret_ext_info)
    if raw.ret_ext_map:
        said["retExtMap"] = redacted(raw.ret_ext_map)
    return said


def frame(raw: SpotOrderFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    call.response_ns = ns_of_text(raw.ts)
    events = STREAMED.events(raw.data, call, "$.data[{}]")
    return call.result(call.or_unknown(events, "$.data"), extra={"topic": raw.topic, "type": raw.type})


def stop_frame(raw: SpotStopFrame, call: Call) -> Normalised:
    """Map a frame: the conditional orders in it that are about a cancel."""
    call.response_ns = ns_of_text(raw.ts)
    events = STREAMED_STOP.events(raw.data, call, "$.data[{}]")
    extra = {"type": raw.type} | topic_said(raw.topic, call)
    return call.result(call.or_unknown(events, "$.data"), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /spot/v3/private/cancel-order", SpotCancelTaken, cancel, page="_account_data.md"),
    endpoint(
        "POST /spot/v3/private/cancel-orders",
        SpotScopeTaken,
        cancel_all,
        page="_account_data.md",
        errors=ALL_ERRORS,
        is_shared=is_shared_refusal,
    ),
    endpoint(
        "stream order (spot v3)",
        SpotOrderFrame,
        frame,
        page="_websockets.md",
        errors=None,
        is_shared=None,
        skips=True,
    ),
    endpoint(
        "stream stopOrder",
        SpotStopFrame,
        stop_frame,
        page="_websockets.md",
        errors=None,
        is_shared=None,
        skips=True,
    ),
    product=Product.SPOT,
    request=KEYS,
    errors=CANCEL_ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/spot/v3/",
)
