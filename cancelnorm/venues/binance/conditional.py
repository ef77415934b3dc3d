"""Binance conditional orders: the algo service's, and its report of a cancel.

A conditional order waits outside of the matching engine, under an id of its own. What it places when it is
triggered is another order with another id.
"""

from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec, failure, rounded_note
from cancelnorm.masking import without_secrets
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import EPOCHS, NONZERO, DecimalText, Epoch, Int, identifier
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    OrderStatus,
    Outcome,
    Reason,
)
from cancelnorm.venues.binance.futures import (
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    Maintenance,
    PositionSide,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    Type,
    WorkingType,
    futures_verdict,
    normalise_reply_error,
    refusal,
    rest_of,
)
from cancelnorm.venues.binance.orders import OUTCOMES, ErrorCode, Row, status_notes
from cancelnorm.venues.binance.websocket import Envelope, ErrorReply, reply_result

__all__ = [
    "AlgoAcknowledged",
    "AlgoError",
    "AlgoOrder",
    "AlgoReply",
    "AlgoStatus",
    "conditional_row",
    "normalise_algo",
    "normalise_algo_reply",
    "unhoused",
]

# --- What Binance sends ---

AlgoStatus = Literal["NEW", "TRIGGERING", "TRIGGERED", "FINISHED", "CANCELED", "EXPIRED", "REJECTED"]


class AlgoAcknowledged(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """A cancel that was taken; since 2025-12."""

    algo_id: Int
    client_algo_id: str  # the order's own
    code: Literal["200"] | Int  # a string, and no error
    msg: str  # "success"


class AlgoError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The body of an answer that is an error; it is not said whether one names the order."""

    bare: ClassVar = True
    code: ErrorCode
    msg: str
    algo_id: Int | UnsetType = UNSET
    client_algo_id: str | UnsetType = UNSET


class AlgoOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The report of a canceled order, as it was documented in 2025-11."""

    algo_id: Int
    client_algo_id: str
    algo_type: Literal["CONDITIONAL"]
    order_type: Type
    symbol: str
    side: Literal["BUY", "SELL"]
    position_side: PositionSide
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


class AlgoReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel over WebSocket."""

    result: AlgoAcknowledged | AlgoOrder


# --- What it means ---

# Of an order that has been triggered nothing is left to cancel; what it placed may live.
_FINISHED: Final[Row] = (Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED, None)
_UNKNOWN: Final[Row] = (Outcome.UNKNOWN, Evidence.LISTED, None, None)
_LIVE: Final = {
    "NEW": OrderStatus.UNTRIGGERED,
    "TRIGGERING": OrderStatus.TRIGGERED,
    "TRIGGERED": OrderStatus.TRIGGERED,
}
_WITH_HOME: Final = frozenset(
    {
        "algo_id",
        "client_algo_id",
        "symbol",
        "quantity",
        "algo_status",
        "trigger_price",
        "price",
        "iceberg_quantity",
        "self_trade_prevention_mode",
        "update_time",
    }
)


def conditional_row(word: str, at: str, notes: list[Note]) -> Row:
    """What the status of a conditional order says about its cancel."""
    if word == "FINISHED":
        return _FINISHED
    status = _LIVE.get(word)
    if status is None:
        return OUTCOMES.get(word, _UNKNOWN)
    notes.append(Note("stale-status", at, "a report of a cancel shows the order alive", word))
    return Outcome.UNKNOWN, Evidence.LISTED, None, status


def unhoused(raw: Struct, homes: frozenset[str], known: frozenset[str]) -> dict[str, Any] | None:
    """The fields of a checked report that have no home in the event; ``known`` are those that found one."""
    rest = rest_of(type(raw), homes | known)
    return {key: value for name, key, _ in rest if (value := getattr(raw, name)) is not UNSET} or None


def normalise_algo(
    raw: AlgoAcknowledged | AlgoOrder | AlgoError | Maintenance, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of one conditional order."""
    if isinstance(raw, Maintenance):
        return refusal(raw, record, codec)
    if isinstance(raw, AlgoError):
        return _refused(raw, record, codec)
    notes = status_notes(record.status, "$")
    event = _algo_event(raw, record, codec, notes, "$", record.status, None)
    return Normalised((event,), tuple(notes))


def normalise_algo_reply(raw: AlgoReply | ErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one conditional order over WebSocket."""
    if isinstance(raw, ErrorReply):
        return normalise_reply_error(raw, record, codec)
    notes = status_notes(raw.status, "$.status")
    event = _algo_event(raw.result, record, codec, notes, "$.result", raw.status, identifier(raw.id))
    return reply_result(raw, [event], notes)


def _refused(raw: AlgoError, record: Record, codec: Codec) -> Normalised:
    verdict = futures_verdict(codec, raw.code, raw.msg, record.status)
    named = {"algoId": raw.algo_id, "clientAlgoId": raw.client_algo_id}
    extra = {key: value for key, value in named.items() if value is not UNSET}
    event = failure(codec, record, verdict, code=str(raw.code), message=raw.msg or None, extra=extra or None)
    return Normalised((event,))


def _algo_event(
    raw: AlgoAcknowledged | AlgoOrder,
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
    status: int | None,
    request_id: str | None,
) -> CancelEvent:
    if rounded := rounded_note(raw.algo_id, f"{at}.algoId"):
        notes.append(rounded)
    if isinstance(raw, AlgoOrder):
        return _reported(raw, record, codec, notes, at, request_id)
    symbol = codec.target(record).symbol
    outcome, evidence, reason = _taken(raw, codec, status)
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        symbol=symbol,
        order_id=str(raw.algo_id),
        client_order_id=raw.client_algo_id or None,
        identity=Identity.REQUEST if symbol else Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        code=str(raw.code) or None,
        message=without_secrets(raw.msg) or None,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        request_id=request_id,
        source=record.source,
    )


def _taken(
    raw: AlgoAcknowledged, codec: Codec, status: int | None
) -> tuple[Outcome, Evidence, Reason | None]:
    """What an acknowledgement says: no more than that the algo service took the request."""
    if raw.code in ("200", 200):
        return Outcome.PENDING, Evidence.ACKNOWLEDGED, None
    if isinstance(raw.code, str):
        return Outcome.UNKNOWN, Evidence.NONE, None
    outcome, reason = futures_verdict(codec, raw.code, raw.msg, status)
    return outcome, Evidence.SUCCESS_FLAG if outcome is Outcome.REJECTED else Evidence.NONE, reason


def _reported(
    raw: AlgoOrder, record: Record, codec: Codec, notes: list[Note], at: str, request_id: str | None
) -> CancelEvent:
    checked(raw)
    outcome, evidence, reason, status = conditional_row(raw.algo_status, f"{at}.algoStatus", notes)
    found = {
        "side": SIDES[raw.side],
        "order_type": TYPES[raw.order_type],
        "time_in_force": TIMES_IN_FORCE[raw.time_in_force],
    }
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        symbol=raw.symbol or None,
        order_id=str(raw.algo_id),
        client_order_id=raw.client_algo_id or None,
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        status=status,
        raw_status=raw.algo_status,
        side=SIDES[raw.side],
        order_type=TYPES[raw.order_type],
        time_in_force=TIMES_IN_FORCE[raw.time_in_force],
        price=NONZERO[raw.price],
        trigger_price=NONZERO[raw.trigger_price],
        quantity=NONZERO[raw.quantity],  # zero where the order closes a position
        display_quantity=None if raw.iceberg_quantity is None else NONZERO[raw.iceberg_quantity],
        self_trade_prevention=raw.self_trade_prevention_mode,
        event_ns=EPOCHS[raw.update_time],
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        request_id=request_id,
        source=record.source,
        extra=unhoused(raw, _WITH_HOME, frozenset(name for name, value in found.items() if value)),
    )
