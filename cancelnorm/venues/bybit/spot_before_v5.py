"""Bybit spot v3 (2022): what it answers to a cancel, and its stream."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, completed
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    made,
    text,
    time,
    word,
)
from cancelnorm.reader.exact import redacted
from cancelnorm.reader.scalars import (
    DecimalOrEmpty,
    DecimalText,
    Epoch,
    EpochText,
    Int,
    Prose,
    decimal_of,
    ns_of,
    ns_of_text,
)
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    Reason,
    Scope,
    Side,
    TimeInForce,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import (
    CANCEL_ERRORS,
    IDS,
    OPEN,
    TAKEN,
    Nothing,
    envelope,
    is_shared,
    is_shared_refusal,
)
from cancelnorm.venues.bybit.rest import ALL_ERRORS, BY_FLAG, TakenScope
from cancelnorm.venues.bybit.states import none_shown

# --- What Bybit sends ---


class SpotAnswer(Camel):
    """What every answer of v3 says beside its ``result``."""

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


class SpotCancelTaken(SpotAnswer):
    """The acknowledgement of a cancel of one order."""

    result: CanceledSpotOrder


class SpotScopeTaken(SpotAnswer):
    """The acknowledgement of a cancel of all orders of a symbol."""

    result: TakenScope


class StreamedSpotOrder(Exact):
    """An order as the stream shows it."""

    e: Literal["order"]
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


class SpotOrderFrame(Exact):
    """What changed, on the stream of v3."""

    type: Literal["snapshot", "delta"]
    topic: Literal["order"]
    ts: EpochText
    data: list[StreamedSpotOrder]


# --- What it means ---

KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("orderLinkId",),
)
_SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL, "Buy": Side.BUY, "Sell": Side.SELL})
_TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
)
_TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "LIMIT_MAKER": OrderType.LIMIT_MAKER,
        "MARKET": OrderType.MARKET,
        "MARKET_OF_BASE": OrderType.MARKET,
        "MARKET_OF_QUOTE": OrderType.MARKET,
    }
)
_BY_VALUE: Final = "MARKET_OF_QUOTE"

ALIVE: Final = MappingProxyType(
    {
        "NEW": OrderStatus.NEW,
        "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
        "PENDING_NEW": OrderStatus.PENDING_NEW,
        "FILLED": OrderStatus.FILLED,
        "REJECTED": OrderStatus.REJECTED,
    }
)
"""Statuses that say nothing about a cancel."""

_GONE: Final = ("CANCELED", "PARTIALLY_FILLED_CANCELED", "ORDER_CANCELED")


def _shown(status: str) -> Verdict | None:
    """The verdict on an order of the stream."""
    if status in ALIVE:
        return None
    if status in _GONE:
        return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED)
    if status == "PENDING_CANCEL":
        return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL)
    note = ("unknown-value", "the order's status is not documented")
    return Verdict(Outcome.UNKNOWN, Evidence.LISTED, note=note)


def _answered(status: str) -> Verdict:
    """The verdict on an order in the answer to its cancel, which mostly shows it as it stood before."""
    if status in _GONE:
        return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED)
    if status == "FILLED":
        return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_FILLED, OrderStatus.FILLED)
    if status == "REJECTED":
        return Verdict(
            Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED, OrderStatus.REJECTED
        )
    return TAKEN._replace(status=ALIVE.get(status))


def _size(size: str, kind: str) -> Decimal | None:
    return None if kind == _BY_VALUE else decimal_of(size)


def _value(size: str, kind: str) -> Decimal | None:
    return decimal_of(size) if kind == _BY_VALUE else None


TAKEN_ORDER: Final = EventMap(
    CanceledSpotOrder,
    by_words(_answered, CanceledSpotOrder.status, raw_status=CanceledSpotOrder.status),
    absent=Absent.EMPTY,
    symbol=text(CanceledSpotOrder.symbol),
    order_id=text(CanceledSpotOrder.order_id),
    client_order_id=text(CanceledSpotOrder.order_link_id),
    side=word(CanceledSpotOrder.side, _SIDES),
    time_in_force=word(CanceledSpotOrder.time_in_force, _TIMES_IN_FORCE),
    price=amount(CanceledSpotOrder.order_price, zero_is_none=True),
    quantity=amount(CanceledSpotOrder.order_qty),
    filled_quantity=amount(CanceledSpotOrder.exec_qty),
    trigger_price=amount(CanceledSpotOrder.trigger_price, zero_is_none=True),
    created_ns=time(CanceledSpotOrder.create_time),
)
STREAMED: Final = EventMap(
    StreamedSpotOrder,
    by_words(_shown, StreamedSpotOrder.status, raw_status=StreamedSpotOrder.status),
    absent=Absent.EMPTY,
    symbol=text(StreamedSpotOrder.symbol),
    order_id=text(StreamedSpotOrder.order_id),
    client_order_id=text(StreamedSpotOrder.client_id),
    side=word(StreamedSpotOrder.side, _SIDES),
    order_type=word(StreamedSpotOrder.order_type, _TYPES),
    time_in_force=word(StreamedSpotOrder.time_in_force, _TIMES_IN_FORCE),
    price=amount(StreamedSpotOrder.price, zero_is_none=True),
    quantity=made(_size, StreamedSpotOrder.quantity, StreamedSpotOrder.order_type),
    quote_quantity=made(_value, StreamedSpotOrder.quantity, StreamedSpotOrder.order_type),
    filled_quantity=amount(StreamedSpotOrder.filled_quantity),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(StreamedSpotOrder.filled_quote),
    created_ns=time(StreamedSpotOrder.created),
    event_ns=time(StreamedSpotOrder.event_time),
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
    return call.result(events or [none_shown(call, "$.data")], extra={"topic": raw.topic, "type": raw.type})


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
    product=Product.SPOT,
    request=KEYS,
    errors=CANCEL_ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/spot/v3/",
)
