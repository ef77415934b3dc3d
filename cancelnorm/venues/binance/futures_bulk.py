"""Binance derivatives in bulk: batches, the cancel of everything, and the countdown that does it later."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.codec import Codec, failure, unknown
from cancelnorm.masking import without_secrets
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import DecimalText, Int, identifier
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Identity, Normalised, Note, Outcome, Reason
from cancelnorm.venues.binance.futures import Failure, FuturesOrder, futures_verdict, order_events, refusal
from cancelnorm.venues.binance.orders import ApiError, status_notes

__all__ = [
    "AllDone",
    "Countdown",
    "acknowledged",
    "answered",
    "asked_orders",
    "asked_record",
    "normalise_batch",
    "normalise_countdown",
    "normalise_done",
    "row_failure",
    "unanswered",
]

# --- What Binance sends ---


class AllDone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The answer to a cancel of everything: a code that is positive and no error."""

    bare: ClassVar = True
    code: Literal[200]
    msg: str  # "The operation of cancel all open order is done."


class Countdown(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A dead-man switch that was set, or stopped."""

    symbol: str
    countdown_time: DecimalText | Int  # ms, in quotes although the request has a number; 0: stopped


# --- What it means ---


def acknowledged(
    record: Record,
    codec: Codec,
    *,
    kind: EventKind = EventKind.SCOPE,
    symbol: str | None = None,
    code: str | None = None,
    message: str | None = None,
    extra: dict[str, Any] | None = None,
) -> CancelEvent:
    """Build the event of a request that was taken, without a word on any order.

    The venue says of a cancel-all that it "is done", and orders were seen to outlive it: it counts and lists
    none. So the cancel is pending until a stream or a query shows what became of each.
    """
    asked = codec.target(record).symbol if symbol is None else None
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=kind,
        symbol=symbol or asked,
        identity=Identity.RESPONSE if symbol else Identity.REQUEST if asked else None,
        outcome=Outcome.PENDING,
        evidence=Evidence.ACKNOWLEDGED,
        code=code,
        message=None if message is None else without_secrets(message),
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=extra,
    )


def normalise_done(raw: AllDone | Failure, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of everything."""
    if not isinstance(raw, AllDone):
        return refusal(raw, record, codec)
    event = acknowledged(record, codec, code=str(raw.code), message=raw.msg or None)
    return Normalised((event,), tuple(status_notes(record.status, "$")))


def normalise_countdown(raw: Countdown | Failure, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a dead-man switch: it was set, and has canceled nothing yet."""
    if not isinstance(raw, Countdown):
        return refusal(raw, record, codec)
    extra = {"countdownTime": checked(raw).countdown_time}
    event = acknowledged(record, codec, kind=EventKind.TIMER, symbol=raw.symbol or None, extra=extra)
    return Normalised((event,), tuple(status_notes(record.status, "$")))


def answered(
    code: int | str,
    message: str,
    good: tuple[int | str, ...],
    record: Record,
    codec: Codec,
    extra: dict[str, Any] | None,
) -> Normalised:
    """Map the answer to a cancel of everything where one shape says success and failure.

    A code that is text and not known says nothing: the orders may be gone.
    """
    if code in good:
        event = acknowledged(record, codec, code=str(code), message=message or None, extra=extra)
        return Normalised((event,), tuple(status_notes(record.status, "$")))
    if isinstance(code, str):
        verdict = unknown(Reason.OTHER)
    else:
        verdict = futures_verdict(codec, code, message, record.status)
    event = failure(codec, record, verdict, code=str(code), message=message or None, extra=extra)
    return Normalised((event,))


# --- Batches ---


def normalise_batch(raw: list[FuturesOrder | ApiError] | Failure, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of up to ten orders."""
    if not isinstance(raw, list):
        return refusal(raw, record, codec)
    notes = status_notes(record.status, "$")
    asked = asked_orders(
        [("", "") if isinstance(row, ApiError) else (str(row.order_id), row.client_order_id) for row in raw],
        record.request or {},
        notes,
    )
    orders = [row for row in raw if isinstance(row, FuturesOrder)]
    if orders and len(orders) == len(raw):
        return Normalised(tuple(order_events(orders, record, codec, notes, "$[{}]", 0, None)), tuple(notes))
    events = []
    for i, row in enumerate(raw):
        if isinstance(row, ApiError):
            events.append(row_failure(row, asked_record(record, asked, i), codec, i))
        else:
            events += order_events((row,), record, codec, notes, f"$[{i}]", i, None)
    return Normalised(tuple(events) or (unanswered(record, codec),), tuple(notes))


def asked_record(record: Record, asked: Sequence[Mapping[str, Any]], index: int) -> Record:
    """The record as if it had asked for the order of one row alone, where that is known."""
    return replace(record, request=asked[index]) if asked else record


def asked_orders(
    rows: Sequence[tuple[str, str]], request: Mapping[str, Any], notes: list[Note]
) -> list[dict[str, Any]]:
    """For each row of a batch the request that would have asked for its order alone.

    ``rows`` are the ids that the rows themselves give, empty where a row is an error. That rows come in the
    order of the request is not documented: where one row is seen to be elsewhere, or their number is another,
    no order is taken from the request.
    """
    name, asked = next(
        ((single, ids) for many, single in _LISTS.items() if (ids := _ids(request.get(many)))), ("", [])
    )
    if not asked:
        return []
    if len(asked) != len(rows):
        notes.append(Note("length-mismatch", "$", f"the request names {len(asked)} orders", len(rows)))
        return []
    for i, (own, wanted) in enumerate(zip(rows, asked, strict=True)):
        if any(own) and wanted not in own:
            message = f"the request names order {wanted} at this place"
            notes.append(Note("contradiction", f"$[{i}]", message, own[0]))
            return []
    return [{"symbol": request.get("symbol"), name: wanted} for wanted in asked]


_LISTS: Final = {
    "orderIdList": "orderId",
    "origClientOrderIdList": "origClientOrderId",
    "orderIds": "orderId",  # these two of options
    "clientOrderIds": "clientOrderId",
}


def _ids(value: object) -> list[str]:
    """The ids of a request's list: an array, the JSON text of one, or ids between commas."""
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value, type=list[int | str])
        except ValueError:
            value = str(value).split(",")
    if not isinstance(value, list | tuple):
        return []
    ids = [identifier(part) for part in value]
    return [part or "" for part in ids] if any(ids) else []


def row_failure(raw: ApiError, record: Record, codec: Codec, index: int) -> CancelEvent:
    """Build the event of a row that is an error; it names no order, so the request has to."""
    verdict = futures_verdict(codec, raw.code, raw.msg, record.status)
    event = failure(codec, record, verdict, code=str(raw.code), message=raw.msg or None)
    return replace(event, index=index)


def unanswered(record: Record, codec: Codec) -> CancelEvent:
    """Build the event of a batch to which an empty array was answered: nothing was said of its orders."""
    symbol = codec.target(record).symbol
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.REQUEST,
        symbol=symbol,
        identity=Identity.REQUEST if symbol else None,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
    )
