"""BingX spot REST: what it answers to a cancel."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target, failure, unknown, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import EPOCHS, Epoch, Int, identifier
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    Outcome,
    Product,
    Reason,
)
from cancelnorm.venues.bingx.codes import SPOT, TEXTS
from cancelnorm.venues.bingx.orders import (
    CanceledOrder,
    DatedOrder,
    ErrorCode,
    ZeroOrder,
    completed,
    id_text,
    order_event,
    order_notes,
    sent,
)
from cancelnorm.venues.bingx.replace import Replacement, replace_event, replace_target, told_event

__all__ = [
    "CODECS",
    "ApiError",
    "Nothing",
    "Reply",
    "TimerReply",
    "cancel_target",
    "normalise_timer",
    "refusal",
    "scope_event",
]

# --- What BingX sends ---


class Reply(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The frame of an answer that says success; ``data`` may still say otherwise."""

    code: Literal[0]
    msg: str  # "" in all recordings
    debug_msg: str | UnsetType = UNSET  # since 2023; "" in all recordings


class CancelReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of one order."""

    data: CanceledOrder


class FailedCancel(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """An order of a batch that was not canceled."""

    order_id: Int | str  # in quotes, unlike the orders'
    error: str  # no code; ids and the order's status are in the text


class Batch(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What became of a batch."""

    orders: list[DatedOrder | ZeroOrder] | None
    fails: list[FailedCancel] | UnsetType | None = UNSET  # since 2025, documented since October 2025


class BatchReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of several orders. With ``process=1`` the code is 0 even where orders failed."""

    data: Batch


class OpenOrders(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The orders that a cancel of all open ones took; there is no word of those that it did not.

    What is sent where nothing was open is not documented. The venue's servers write an empty list as ``null``
    elsewhere, or leave it out.
    """

    orders: list[DatedOrder | ZeroOrder] | UnsetType | None = UNSET


class OpenOrdersReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of all open orders of a symbol, or of all symbols where the request names none."""

    data: OpenOrders | None


class ReplaceReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel-replace. The code is 0 even where the cancel failed."""

    data: Replacement


class Timer(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The dead-man switch after a request to set or to close it."""

    trigger_time: Int  # epoch, seconds in the documentation and milliseconds in newer instructions; 0: closed
    status: Literal["ACTIVATED", "CLOSED", "FAILED"]
    note: str  # prose


class TriggerTime(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The dead-man switch in the venue's instructions of 2026."""

    trigger_time: Int


class TimerReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A request to set or to close the dead-man switch."""

    data: Timer | TriggerTime


class CanceledLeg(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The leg that the request named; the other one goes with it and is not reported."""

    order_id: Int | str  # in quotes, unlike elsewhere
    client_order_id: str  # spelled unlike elsewhere


class LegReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of an OCO pair."""

    data: CanceledLeg


class Nothing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object without fields."""


class ApiError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A request that failed: refused by the gateway, or by the spot market behind it."""

    bare: ClassVar = True
    code: ErrorCode
    msg: str  # may begin with a space, hold JSON, or end in a tail of the servers' own
    debug_msg: str | UnsetType = UNSET  # from the spot market, since 2023
    data: Nothing | UnsetType | None = UNSET  # mostly absent
    success: bool | UnsetType = UNSET  # from the gateway, recorded once, with code 100419
    timestamp: Epoch | UnsetType = UNSET  # from the gateway


# --- What it means ---


def normalise_cancel(raw: CancelReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    event = order_event(raw.data, record, codec, taken=Evidence.ACKNOWLEDGED)
    notes = order_notes(raw.data, event, "$.data")
    return _answer(raw, record, [completed(event, codec.target(record))], notes)


def normalise_batch(raw: BatchReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of several orders: those canceled, then those that failed.

    Both orders of the two lists have been seen, so their order in the payload says nothing.
    """
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes: list[Note] = []
    orders = raw.data.orders or []
    events = _listed(orders, record, codec, notes)
    for index, failed in enumerate(raw.data.fails or (), len(orders)):
        events.append(_failed(failed, record, codec, index))
    if not events:  # neither canceled nor failed
        events.append(failure(codec, record, unknown(Reason.OTHER), code=None, message=None))
    return _answer(raw, record, events, notes)


def normalise_open_orders(raw: OpenOrdersReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all open orders."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes: list[Note] = []
    orders = UNSET if raw.data is None else raw.data.orders
    events = _listed(orders or [], record, codec, notes)
    if orders is None or orders == []:
        events = [scope_event(record, codec, Outcome.REJECTED, Evidence.LISTED, Reason.NOT_FOUND)]
    elif not events:
        # Taken, and not a word about orders: nobody says that none were open.
        events = [scope_event(record, codec, Outcome.PENDING, Evidence.ACKNOWLEDGED, None)]
    return _answer(raw, record, events, notes)


def normalise_replace(raw: ReplaceReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel-replace; what became of the new order is in the event's ``extra``."""
    if not isinstance(raw, ApiError):
        notes: list[Note] = []
        event = replace_event(raw.data, record, codec, notes, at="$.data")
        return _answer(raw, record, [completed(event, codec.target(record))], notes)
    told = told_event(raw.code, raw.msg, record, codec)
    return _error(raw, record, codec) if told is None else refusal(raw, told)


def normalise_timer(raw: TimerReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a request for the dead-man switch; it never reports an order.

    Set or closed, the request was taken; ``raw_status`` says which. ``triggerTime`` is when orders will be
    canceled, in a unit that the venue does not say, and stays in ``extra``.
    """
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    timer = raw.data
    event = scope_event(record, codec, Outcome.PENDING, Evidence.ACKNOWLEDGED, None)
    event = replace(event, kind=EventKind.TIMER, extra={"triggerTime": timer.trigger_time})
    if isinstance(timer, Timer):
        event = replace(
            event, raw_status=identifier(timer.status), message=without_secrets(timer.note) or None
        )
        if timer.status == "FAILED":  # with code 0
            outcome, evidence, reason = Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.OTHER
            event = replace(event, outcome=outcome, evidence=evidence, reason=reason)
    return _answer(raw, record, [event], [])


def normalise_leg(raw: LegReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of an OCO pair.

    Two ids and no status, where orders that BingX calls canceled may still show as alive: the request was
    taken, and no more is said.
    """
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    event = CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        order_id=id_text(raw.data.order_id),
        client_order_id=identifier(raw.data.client_order_id),
        identity=Identity.RESPONSE,
        outcome=Outcome.PENDING,
        evidence=Evidence.ACKNOWLEDGED,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
    )
    return _answer(raw, record, [completed(event, codec.target(record))], [])


def _listed(
    orders: Iterable[DatedOrder | ZeroOrder], record: Record, codec: Codec, notes: list[Note]
) -> list[CancelEvent]:
    """One event an order of a list of canceled ones."""
    events: list[CancelEvent] = []
    for index, order in enumerate(orders):
        at = f"$.data.orders[{index}]"
        if isinstance(order, ZeroOrder):
            notes.append(Note("phantom-row", at, "an empty order, which names none", sent(order)))
            continue
        event = order_event(order, record, codec, taken=Evidence.LISTED, index=index)
        notes += order_notes(order, event, at)
        events.append(event)
    return events


def _failed(failed: FailedCancel, record: Record, codec: Codec, index: int) -> CancelEvent:
    """The event of an order that a batch did not cancel, with the symbol of the request."""
    verdict = verdict_of(TEXTS, 0, failed.error)
    event = failure(codec, record, verdict, code=None, message=failed.error or None)
    order_id = id_text(failed.order_id)
    if order_id is None:
        return replace(event, index=index)
    identity = Identity.REQUEST if event.symbol else Identity.RESPONSE
    return replace(
        event, kind=EventKind.ORDER, index=index, order_id=order_id, client_order_id=None, identity=identity
    )


def scope_event(
    record: Record, codec: Codec, outcome: Outcome, evidence: Evidence, reason: Reason | None
) -> CancelEvent:
    """The event of a bulk verdict that names no order, about the symbol of the request."""
    symbol = codec.target(record).symbol
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.SCOPE,
        symbol=symbol,
        identity=Identity.REQUEST if symbol else None,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
    )


def _answer(raw: Reply, record: Record, events: Sequence[CancelEvent], notes: Iterable[Note]) -> Normalised:
    """Put an answer together, with a note for each order that was asked for and is not in it.

    That is how an id shows that lost its last digits in a binary float on its way into the recording.
    """
    named = {event.order_id for event in events}
    unanswered = [
        Note("unanswered-order", "$.data", f"the request named order {order_id}, the answer does not")
        for order_id in _asked(record.request or {})
        if order_id not in named
    ]
    return Normalised(tuple(events), (*notes, *unanswered), extra=said(raw))


def said(raw: Reply) -> dict[str, Any] | None:
    """What the envelope of an answer says beside the code; None where that is nothing."""
    words = (("msg", raw.msg), ("debugMsg", raw.debug_msg))
    return {name: without_secrets(text) for name, text in words if text} or None


def _error(raw: ApiError, record: Record, codec: Codec) -> Normalised:
    """Map a request that failed."""
    verdict = verdict_of(SPOT, raw.code, raw.msg, record.status)
    return refusal(raw, failure(codec, record, verdict, code=str(raw.code), message=raw.msg or None))


def refusal(raw: ApiError, event: CancelEvent) -> Normalised:
    """Put the answer of a request that failed together."""
    extra: dict[str, Any] = {"debugMsg": without_secrets(raw.debug_msg)} if raw.debug_msg else {}
    if raw.success is not UNSET:
        extra["success"] = raw.success
    return Normalised((replace(event, response_ns=EPOCHS[raw.timestamp]),), extra=extra or None)


def _ids(value: object) -> list[str]:
    """The ids of a parameter: one, several with commas between, or a list."""
    if isinstance(value, str):
        return [part for part in value.split(",") if part]
    parts = value if isinstance(value, list | tuple) else (value,)
    return [text for part in parts if (text := identifier(part))]


def _asked(request: Mapping[str, Any]) -> Iterator[str]:
    """The order ids that a request names."""
    for name in ("orderId", "orderIds", "cancelOrderId"):
        yield from _ids(request.get(name))


def cancel_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a cancel name; ``clientOrderId`` is how OCO and 2023 spell it."""
    return Target(
        symbol=identifier(request.get("symbol")),
        order_id=identifier(request.get("orderId")),
        client_order_id=identifier(request.get("clientOrderID")) or identifier(request.get("clientOrderId")),
    )


def batch_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a batch name, where they name just one."""
    order_ids, client_ids = _ids(request.get("orderIds")), _ids(request.get("clientOrderIDs"))
    symbol = identifier(request.get("symbol"))
    if len(order_ids) + len(client_ids) != 1:
        return Target(symbol)
    return Target(symbol, *order_ids) if order_ids else Target(symbol, client_order_id=client_ids[0])


# --- Registration ---

_DOCS: Final = "https://bingx-api.github.io/docs/#/en-us/spot/trade-api.html"


def _codec(
    path: str,
    reply: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    target: Callable[[Mapping[str, Any]], Target] = cancel_target,
) -> Codec:
    endpoint = f"POST /openApi/spot/v1/{path}"
    shape = reply | ApiError
    return Codec("bingx", endpoint, shape, normalise, product=Product.SPOT, target=target, docs=_DOCS)


CODECS: Final = (
    _codec("trade/cancel", CancelReply, normalise_cancel),
    _codec("trade/cancelOrders", BatchReply, normalise_batch, batch_target),
    _codec("trade/cancelOpenOrders", OpenOrdersReply, normalise_open_orders),
    _codec("trade/order/cancelReplace", ReplaceReply, normalise_replace, replace_target),
    _codec("trade/cancelAllAfter", TimerReply, normalise_timer),
    _codec("oco/cancel", LegReply, normalise_leg),
)
