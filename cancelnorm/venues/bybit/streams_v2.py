"""Bybit contracts before v3 (until 2023): the streams ``order`` and ``stop_order``, inverse and linear.

An order shown here with its last status is gone. The frames have no time of their own.
"""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, constant, flag, made, text, word
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import DecimalNumber, Int, NumberOrEmpty, number_text
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Normalised, OrderType, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.causes import UNSAID, causes, left
from cancelnorm.venues.bybit.contracts_v2 import POST_ONLY, TIMES_IN_FORCE
from cancelnorm.venues.bybit.messages import IDS
from cancelnorm.venues.bybit.states import SIDES, order_type, topic_said

# --- What Bybit sends ---


class StreamedContract(Exact):
    """Fields of an order on all streams."""

    order_link_id: str
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # contracts of inverse ones, base units of linear ones
    time_in_force: str
    create_type: str | UnsetType = UNSET  # of linear ones since autumn 2020
    cancel_type: str | UnsetType = UNSET  # the same; "" or "UNKNOWN": nobody tried to cancel
    order_status: str
    take_profit: NumberOrEmpty | UnsetType = UNSET  # of conditional orders since 2022-08-25
    stop_loss: NumberOrEmpty | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET  # since 2021-02-02
    close_on_trigger: bool | UnsetType = UNSET  # since 2021-02-02


class StreamedActive(StreamedContract):
    """An order that is no conditional one, or no longer."""

    order_id: str
    leaves_qty: DecimalNumber | UnsetType = UNSET  # of linear ones since autumn 2020
    cum_exec_qty: DecimalNumber
    cum_exec_value: DecimalNumber
    cum_exec_fee: DecimalNumber
    last_exec_price: NumberOrEmpty | UnsetType = UNSET  # since 2020
    trailing_stop: NumberOrEmpty | UnsetType = UNSET
    trailing_active: NumberOrEmpty | UnsetType = UNSET


class InverseActive(StreamedActive):
    """An inverse order."""

    timestamp: str


class LinearActive(StreamedActive):
    """A linear order."""

    create_time: str
    update_time: str
    position_idx: str | UnsetType = UNSET  # since 2021-12-06


class InverseConditional(StreamedContract):
    """An inverse conditional order."""

    order_id: str
    user_id: Int
    stop_order_type: str
    trigger_by: str
    trigger_price: DecimalNumber
    timestamp: str


class LinearConditional(StreamedContract):
    """A linear conditional order."""

    stop_order_id: str
    user_id: Int | str
    stop_order_type: str
    trigger_by: str | UnsetType = UNSET
    trigger_price: DecimalNumber
    create_time: str
    update_time: str
    position_idx: str | UnsetType = UNSET  # since 2021-12-06


class InverseActiveFrame(Exact):
    """Frame with changes."""

    topic: Literal["order"]
    data: list[InverseActive]


class LinearActiveFrame(Exact):
    """Frame with changes."""

    topic: Literal["order"]
    action: str | UnsetType = UNSET  # ""
    data: list[LinearActive]


class InverseConditionalFrame(Exact):
    """Frame with changes."""

    topic: Literal["stop_order"]
    data: list[InverseConditional]


class LinearConditionalFrame(Exact):
    """Frame with changes."""

    topic: Literal["stop_order"]
    action: str | UnsetType = UNSET  # ""
    data: list[LinearConditional]


# --- What it means ---

_of_words: Final = causes(Evidence.FINAL_REPORT)


def _active(status: str, cancel_type: str | UnsetType, filled: Any) -> Verdict | None:
    return _of_words(status, cancel_type or "", "", number_text(filled))


def _conditional(status: str, cancel_type: str | UnsetType) -> Verdict | None:
    return _of_words(status, cancel_type or "", "", "")


def _active_type(kind: str, time_in_force: str) -> OrderType | None:
    return order_type(kind, "", time_in_force)


def _shared_map(struct: type[StreamedContract], **columns: Any) -> EventMap:
    """The map of what all streams say; ``columns`` are those of one."""
    return EventMap(
        struct,
        absent=Absent.EMPTY,
        symbol=text(StreamedContract.symbol),
        client_order_id=text(StreamedContract.order_link_id),
        raw_initiator=text(StreamedContract.cancel_type, none=UNSAID),
        side=word(StreamedContract.side, SIDES),
        time_in_force=word(StreamedContract.time_in_force, TIMES_IN_FORCE),
        post_only=word(StreamedContract.time_in_force, POST_ONLY),
        price=amount(StreamedContract.price, zero_is_none=True),
        quantity=amount(StreamedContract.qty),
        reduce_only=flag(StreamedContract.reduce_only),
        **columns,
    )


def _active_map(struct: type[StreamedActive], **columns: Any) -> EventMap:
    return _shared_map(
        struct,
        said=by_words(
            _active,
            StreamedActive.order_status,
            StreamedActive.cancel_type,
            StreamedActive.cum_exec_qty,
            raw_status=StreamedActive.order_status,
        ),
        order_id=text(StreamedActive.order_id),
        order_type=made(_active_type, StreamedActive.order_type, StreamedActive.time_in_force),
        filled_quantity=amount(StreamedActive.cum_exec_qty),
        remaining_quantity=made(left, StreamedActive.leaves_qty, StreamedActive.order_status),
        **columns,
    )


INVERSE: Final = _active_map(
    InverseActive,
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    event_ns=made(ns_of_date_time, InverseActive.timestamp),
)
LINEAR: Final = _active_map(
    LinearActive,
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(LinearActive.cum_exec_value),
    created_ns=made(ns_of_date_time, LinearActive.create_time),
    event_ns=made(ns_of_date_time, LinearActive.update_time),
)
INVERSE_STOP: Final = _shared_map(
    InverseConditional,
    said=by_words(
        _conditional,
        InverseConditional.order_status,
        InverseConditional.cancel_type,
        raw_status=InverseConditional.order_status,
    ),
    also=(InverseConditional.stop_order_type,),
    order_id=text(InverseConditional.order_id),
    order_type=made(
        order_type,
        InverseConditional.order_type,
        InverseConditional.stop_order_type,
        InverseConditional.time_in_force,
    ),
    trigger_price=amount(InverseConditional.trigger_price, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    event_ns=made(ns_of_date_time, InverseConditional.timestamp),
)
LINEAR_STOP: Final = _shared_map(
    LinearConditional,
    said=by_words(
        _conditional,
        LinearConditional.order_status,
        LinearConditional.cancel_type,
        raw_status=LinearConditional.order_status,
    ),
    also=(LinearConditional.stop_order_type,),
    order_id=text(LinearConditional.stop_order_id),
    order_type=made(
        order_type,
        LinearConditional.order_type,
        LinearConditional.stop_order_type,
        LinearConditional.time_in_force,
    ),
    trigger_price=amount(LinearConditional.trigger_price, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=made(ns_of_date_time, LinearConditional.create_time),
    event_ns=made(ns_of_date_time, LinearConditional.update_time),
)

Frame = InverseActiveFrame | LinearActiveFrame | InverseConditionalFrame | LinearConditionalFrame


def frame(raw: Frame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    events = _map_of(raw).events(raw.data, call, "$.data[{}]")
    extra = topic_said(raw.topic, call)
    if isinstance(raw, LinearActiveFrame | LinearConditionalFrame) and raw.action:
        extra["action"] = raw.action
    return call.result(call.or_unknown(events, "$.data"), extra=extra)


def _map_of(raw: Frame) -> EventMap:
    match raw:
        case InverseActiveFrame():
            return INVERSE
        case LinearActiveFrame():
            return LINEAR
        case InverseConditionalFrame():
            return INVERSE_STOP
        case LinearConditionalFrame():
            return LINEAR_STOP


# --- Endpoints ---

_DOCS: Final = "https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/futuresV2/"

ENDPOINTS: Final = (
    *endpoints(
        endpoint("stream order (inverse v2)", InverseActiveFrame, frame),
        endpoint("stream stop_order (inverse v2)", InverseConditionalFrame, frame),
        product=Product.INVERSE,
        ids=IDS,
        docs=f"{_DOCS}inverse_perpetual/_websockets.md",
        skips=True,
    ),
    *endpoints(
        endpoint("stream order (linear v2)", LinearActiveFrame, frame),
        endpoint("stream stop_order (linear v2)", LinearConditionalFrame, frame),
        product=Product.LINEAR,
        ids=IDS,
        docs=f"{_DOCS}linear_perpetual/_websockets.md",
        skips=True,
    ),
)
