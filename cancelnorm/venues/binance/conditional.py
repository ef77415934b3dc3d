"""Binance conditional orders: the algo service's, and its report of a cancel.

A conditional order waits outside of the matching engine, under an id of its own. What it places when it is
triggered is another order with another id.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import (
    EventMap,
    Verdict,
    amount,
    by_status,
    constant,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.rounding import rounded_note
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    Outcome,
    QuantityUnit,
    Reason,
)
from cancelnorm.venues.binance.codes import FUTURES
from cancelnorm.venues.binance.futures import (
    NOT_SAID,
    POSITION_SIDES,
    TAKEN,
    TIMES_IN_FORCE,
    TYPES,
    UNSURE,
    PositionSideWord,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    Type,
    WorkingType,
    is_post_only,
)
from cancelnorm.venues.binance.futures_answers import Maintenance, error_verdict, failed
from cancelnorm.venues.binance.messages import OUTCOMES, SIDES, ApiError, note_failed_status
from cancelnorm.venues.binance.websocket import Envelope, opened, reply

# --- What Binance sends ---

AlgoStatus = Literal["NEW", "TRIGGERING", "TRIGGERED", "FINISHED", "CANCELED", "EXPIRED", "REJECTED"]


class AlgoAcknowledged(Camel):
    """A cancel that was taken; since 2025-12."""

    algo_id: Int
    client_algo_id: str  # the order's own
    code: Literal["200"] | Int  # a string, and no error
    msg: Prose  # "success"


class AlgoError(ApiError):
    """The body of an answer that is an error; it is not said whether one names the order."""

    algo_id: Int | UnsetType = UNSET
    client_algo_id: str | UnsetType = UNSET


class AlgoOrder(Camel):
    """The report of a canceled order, as it was documented in 2025-11."""

    algo_id: Int
    client_algo_id: str
    algo_type: Literal["CONDITIONAL"]
    order_type: Type
    symbol: str
    side: Literal["BUY", "SELL"]
    position_side: PositionSideWord
    time_in_force: TimeInForceWord
    quantity: DecimalText
    algo_status: AlgoStatus
    trigger_price: DecimalText
    price: DecimalText
    iceberg_quantity: DecimalText | None
    self_trade_prevention_mode: SelfTradePrevention
    working_type: WorkingType
    price_match: PriceMatch
    close_position: bool
    price_protect: bool
    reduce_only: bool
    create_time: Epoch
    update_time: Epoch
    trigger_time: Int  # epoch; 0: not triggered
    good_till_date: Int  # epoch; 0: not GTD


class AlgoReply(Envelope):
    """A cancel over WebSocket."""

    result: AlgoAcknowledged | AlgoOrder


# --- What it means ---

CONDITIONAL_OUTCOMES: Final[Mapping[str, Verdict]] = MappingProxyType(
    {
        **OUTCOMES,
        "NEW": OUTCOMES["NEW"]._replace(status=OrderStatus.UNTRIGGERED),
        "TRIGGERING": OUTCOMES["NEW"]._replace(status=OrderStatus.TRIGGERED),
        "TRIGGERED": OUTCOMES["NEW"]._replace(status=OrderStatus.TRIGGERED),
        # Of an order that has been triggered nothing is left to cancel; what it placed may live.
        "FINISHED": Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED),
    }
)

ALGO_ORDER: Final = EventMap(
    AlgoOrder,
    by_status(AlgoOrder.algo_status, CONDITIONAL_OUTCOMES, UNSURE),
    symbol=text(AlgoOrder.symbol),
    order_id=number(AlgoOrder.algo_id),
    client_order_id=text(AlgoOrder.client_algo_id),
    side=word(AlgoOrder.side, SIDES),
    position_side=word(AlgoOrder.position_side, POSITION_SIDES),
    order_type=word(AlgoOrder.order_type, TYPES),
    time_in_force=word(AlgoOrder.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, AlgoOrder.time_in_force),
    reduce_only=flag(AlgoOrder.reduce_only),
    price=amount(AlgoOrder.price, zero_is_none=True),
    trigger_price=amount(AlgoOrder.trigger_price, zero_is_none=True),
    quantity=amount(AlgoOrder.quantity, zero_is_none=True),  # zero where the order closes a position
    quantity_unit=constant(QuantityUnit.BASE),
    display_quantity=amount(AlgoOrder.iceberg_quantity, zero_is_none=True),
    self_trade_prevention=text(AlgoOrder.self_trade_prevention_mode),
    created_ns=time(AlgoOrder.create_time),
    event_ns=time(AlgoOrder.update_time),
)


def _algo_event(raw: AlgoAcknowledged | AlgoOrder, call: Call, at: str, status: int | None) -> CancelEvent:
    """The event of a report, or of an acknowledgement, whose symbol only the request gives."""
    if isinstance(raw, AlgoOrder):
        return ALGO_ORDER.event(raw, call, at)
    if note := rounded_note(raw.algo_id, f"{at}.algoId"):
        call.notes.append(note)
    event = call.event(
        EventKind.ORDER,
        _acknowledged(raw, status),
        path=at,
        order_id=str(raw.algo_id),
        client_order_id=raw.client_algo_id or None,
        code=str(raw.code) or None,
        message=raw.msg,
    )
    return completed(event, call.target, call, at)


def _acknowledged(raw: AlgoAcknowledged, status: int | None) -> Verdict:
    """What an acknowledgement says: no more than that the algo service took the request."""
    if raw.code in ("200", 200):
        return TAKEN
    return NOT_SAID if isinstance(raw.code, str) else error_verdict(FUTURES, raw.code, raw.msg, status)


def cancel_algo(raw: AlgoAcknowledged | AlgoOrder, call: Call) -> Normalised:
    """Map the answer to a cancel of one conditional order."""
    note_failed_status(call.record.status, call, "$")
    return call.result([_algo_event(raw, call, "$", call.record.status)])


def cancel_algo_reply(raw: AlgoReply, call: Call) -> Normalised:
    """Map the answer to a cancel of one conditional order over WebSocket."""
    opened(raw, call)
    note_failed_status(raw.status, call, "$.status")
    return reply(raw, call, [_algo_event(raw.result, call, "$.result", raw.status)])


ALGO_ERRORS: Final = Errors(AlgoError | Maintenance, failed)
