"""Binance spot WebSocket API: what it answers to a cancel.

The results are those of REST in an envelope of their own.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec, Target, failure, verdict_of
from cancelnorm.kinds import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note, Product
from cancelnorm.shape import checked
from cancelnorm.venues.binance.codes import SPOT
from cancelnorm.venues.binance.orders import (
    CanceledOrder,
    CanceledOrderList,
    cancel_target,
    one_report,
    report_events,
)
from cancelnorm.venues.binance.replace import Replacement, replace_events, replace_target
from cancelnorm.wire import Epoch, Int, identifier

__all__ = ["CODECS"]

# --- What Binance sends ---


class RateLimit(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How much of a limit is used; absent where the connection asked for none."""

    rate_limit_type: Literal["REQUEST_WEIGHT", "ORDERS", "RAW_REQUESTS", "CONNECTIONS"]
    interval: Literal["SECOND", "MINUTE", "HOUR", "DAY"]
    interval_num: Int
    limit: Int
    count: Int


class _Envelope(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    id: Int | str | None  # as the request gave it
    status: Int  # with the meaning of an HTTP status
    rate_limits: list[RateLimit] | UnsetType = UNSET


class CancelReply(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of an order, or of the list that the order is a leg of."""

    result: CanceledOrder | CanceledOrderList


class CancelAllReply(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of all orders of a symbol."""

    result: list[CanceledOrder | CanceledOrderList]


class CancelListReply(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of an order list."""

    result: CanceledOrderList


class ReplaceReply(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel-replace of which both halves succeeded."""

    result: Replacement


class RetryInfo(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """When to try again after a 418 or 429; both are epochs, unlike the header ``Retry-After`` of REST."""

    server_time: Epoch
    retry_after: Epoch


class SocketError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Why a request failed."""

    code: Int
    msg: str
    data: RetryInfo | UnsetType = UNSET


class ReplaceSocketError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Why a cancel-replace failed; ``data`` may hold the half that did not."""

    code: Int
    msg: str
    data: Replacement | RetryInfo | UnsetType = UNSET


class ErrorReply(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A failed request."""

    error: SocketError


class ReplaceErrorReply(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A failed cancel-replace."""

    error: ReplaceSocketError


# --- What it means ---


def normalise_cancel(
    raw: CancelReply | CancelListReply | ErrorReply, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of one order or of one list."""
    notes: list[Note] = []
    if isinstance(raw, ErrorReply):
        return _error(raw, record, codec)
    events = one_report(raw.result, record, codec, notes, at="$.result", request_id=identifier(raw.id))
    return _result(raw, events, notes)


def normalise_cancel_all(raw: CancelAllReply | ErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    notes: list[Note] = []
    if isinstance(raw, ErrorReply):
        return _error(raw, record, codec)
    events = report_events(raw.result, record, codec, notes, at="$.result", request_id=identifier(raw.id))
    return _result(raw, events, notes)


def normalise_replace(raw: ReplaceReply | ReplaceErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel-replace; the code of its failure as a whole is in ``Normalised.extra``."""
    notes: list[Note] = []
    request_id = identifier(raw.id)
    if isinstance(raw, ReplaceReply):
        events = replace_events(raw.result, record, codec, notes, at="$.result", request_id=request_id)
        return _result(raw, events, notes)
    if not isinstance(raw.error.data, Replacement):
        return _error(raw, record, codec)
    events = replace_events(raw.error.data, record, codec, notes, at="$.error.data", request_id=request_id)
    return _result(raw, events, notes, {"code": raw.error.code, "msg": raw.error.msg})


def _error(raw: ErrorReply | ReplaceErrorReply, record: Record, codec: Codec) -> Normalised:
    error = raw.error
    event = failure(
        codec,
        record,
        verdict_of(SPOT, error.code, error.msg, raw.status),
        code=str(error.code),
        message=error.msg or None,
        request_id=identifier(raw.id),
        extra=None if error.data is UNSET else {"data": msgspec.to_builtins(checked(error.data))},
    )
    return _result(raw, [event], [])


def _result(
    raw: _Envelope, events: list[CancelEvent], notes: list[Note], extra: dict[str, Any] | None = None
) -> Normalised:
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
    target: Callable[[Mapping[str, Any]], Target] = cancel_target,
) -> Codec:
    return Codec("binance", f"ws {method}", shape, normalise, product=Product.SPOT, target=target, docs=_DOCS)


CODECS: Final = (
    _codec("order.cancel", CancelReply | ErrorReply, normalise_cancel),
    _codec("openOrders.cancelAll", CancelAllReply | ErrorReply, normalise_cancel_all),
    _codec("orderList.cancel", CancelListReply | ErrorReply, normalise_cancel),
    _codec("order.cancelReplace", ReplaceReply | ReplaceErrorReply, normalise_replace, replace_target),
)
