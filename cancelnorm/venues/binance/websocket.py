"""Binance spot WebSocket API: what it answers to a cancel.

The results are those of REST in an envelope of their own.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec, Verdict, failure, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.exact import redacted
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import Epoch, Int, identifier
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note, Product
from cancelnorm.venues.binance.codes import SPOT
from cancelnorm.venues.binance.lists import CanceledOrderList, one_report, report_events
from cancelnorm.venues.binance.orders import (
    CanceledOrder,
    ErrorCode,
    asked_notes,
    request_target,
    status_notes,
)
from cancelnorm.venues.binance.replace import Replacement, replace_events

__all__ = ["CODECS", "Envelope", "ErrorReply", "reply_error", "reply_result"]

# --- What Binance sends ---


class RateLimit(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How much of a limit is used; absent where the connection asked for none."""

    rate_limit_type: Literal["REQUEST_WEIGHT", "ORDERS", "RAW_REQUESTS", "CONNECTIONS"]
    interval: Literal["SECOND", "MINUTE", "HOUR", "DAY"]
    interval_num: Int
    limit: Int
    count: Int


class Envelope(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What stands around every answer."""

    id: Int | str | None  # as the request gave it
    status: Int  # with the meaning of an HTTP status
    rate_limits: list[RateLimit] | UnsetType = UNSET


class CancelReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of an order or of an order list."""

    result: CanceledOrder | CanceledOrderList


class CancelAllReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of all orders of a symbol."""

    result: list[CanceledOrder | CanceledOrderList]


class ReplaceReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel-replace of which both halves succeeded."""

    result: Replacement


class RetryInfo(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """When to try again after a 418 or 429; both are epochs, unlike the header ``Retry-After`` of REST."""

    server_time: Epoch
    retry_after: Epoch


class SocketError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Why a request failed."""

    bare: ClassVar = True
    code: ErrorCode
    msg: str
    data: RetryInfo | UnsetType | None = UNSET


class ReplaceSocketError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Why a cancel-replace failed; ``data`` may hold the half that did not."""

    bare: ClassVar = True
    code: ErrorCode
    msg: str
    data: Replacement | RetryInfo | UnsetType | None = UNSET


class ErrorReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A failed request."""

    error: SocketError


class ReplaceErrorReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A failed cancel-replace."""

    error: ReplaceSocketError


# --- What it means ---


def normalise_cancel(raw: CancelReply | ErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order or of one list."""
    if isinstance(raw, ErrorReply):
        return _error(raw, record, codec)
    notes = status_notes(raw.status, "$.status")
    events = one_report(raw.result, record, codec, notes, "$.result", 0, identifier(raw.id))
    if record.request:
        notes += asked_notes(events, record, codec, "$.result")
    return reply_result(raw, events, notes)


def normalise_cancel_all(raw: CancelAllReply | ErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    if isinstance(raw, ErrorReply):
        return _error(raw, record, codec)
    notes = status_notes(raw.status, "$.status")
    events = report_events(raw.result, record, codec, notes, "$.result", identifier(raw.id))
    return reply_result(raw, events, notes)


def normalise_replace(raw: ReplaceReply | ReplaceErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel-replace; the code of its failure as a whole is in ``Normalised.extra``."""
    status, request_id = raw.status, identifier(raw.id)
    if isinstance(raw, ReplaceReply):
        notes = status_notes(status, "$.status")
        events = replace_events(
            raw.result, record, codec, notes, "$.result", status=status, request_id=request_id
        )
        return reply_result(raw, events, notes)
    error = raw.error
    if not isinstance(error.data, Replacement):
        return _error(raw, record, codec)
    notes = []
    events = replace_events(
        error.data, record, codec, notes, "$.error.data", status=status, request_id=request_id
    )
    return reply_result(raw, events, notes, {"code": error.code, "msg": without_secrets(error.msg)})


def _error(raw: ErrorReply | ReplaceErrorReply, record: Record, codec: Codec) -> Normalised:
    return reply_error(raw, record, codec, verdict_of(SPOT, raw.error.code, raw.error.msg, raw.status))


def reply_error(
    raw: ErrorReply | ReplaceErrorReply, record: Record, codec: Codec, verdict: Verdict
) -> Normalised:
    """A failed request."""
    error = raw.error
    notes: list[Note] = []
    if raw.status < 400:
        notes.append(Note("contradiction", "$.status", "a status of success with an error", raw.status))
    event = failure(
        codec,
        record,
        verdict,
        code=str(error.code),
        message=error.msg or None,
        request_id=identifier(raw.id),
        extra=_data(error.data) if isinstance(error.data, Struct) else None,
    )
    return reply_result(raw, [event], notes)


def _data(raw: Struct) -> dict[str, Any]:
    return {"data": redacted(msgspec.to_builtins(checked(raw)))}


def reply_result(
    raw: Envelope, events: list[CancelEvent], notes: list[Note], extra: dict[str, Any] | None = None
) -> Normalised:
    """A reply's events with what its envelope says."""
    limits = raw.rate_limits
    return Normalised(
        tuple(events),
        tuple(notes),
        request_id=identifier(raw.id),
        rate_limits=None if limits is UNSET else tuple(msgspec.to_builtins(limit) for limit in limits),
        extra={"status": raw.status, **(extra or {})},
    )


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/binance-spot-api-docs/websocket-api/trading-requests"


def _codec(
    method: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
) -> Codec:
    return Codec(
        "binance", f"ws {method}", shape, normalise, product=Product.SPOT, target=request_target, docs=_DOCS
    )


CODECS: Final = (
    _codec("order.cancel", CancelReply | ErrorReply, normalise_cancel),
    _codec("openOrders.cancelAll", CancelAllReply | ErrorReply, normalise_cancel_all),
    _codec("orderList.cancel", CancelReply | ErrorReply, normalise_cancel),
    _codec("order.cancelReplace", ReplaceReply | ReplaceErrorReply, normalise_replace),
)
