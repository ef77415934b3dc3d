"""Binance WebSocket API: the envelope of its answers, and what it answers to a cancel in spot.

The results are those of REST.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Epoch, Int, Prose, identifier, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, Normalised, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.codes import SPOT
from cancelnorm.venues.binance.messages import (
    CANCEL_REJECTED,
    KEYS,
    SPOT_IDS,
    CanceledOrder,
    ErrorCode,
    failed_request,
    note_failed_status,
)
from cancelnorm.venues.binance.order_lists import CanceledOrderList, all_canceled, canceled
from cancelnorm.venues.binance.spot_replace import REPLACE_KEYS, Replacement, replaced

# --- What Binance sends ---


class RateLimit(Camel):
    """How much of a limit is used; absent where the connection asked for none."""

    rate_limit_type: Literal["REQUEST_WEIGHT", "ORDERS", "RAW_REQUESTS", "CONNECTIONS"]
    interval: Literal["SECOND", "MINUTE", "HOUR", "DAY"]
    interval_num: Int
    limit: Int
    count: Int


class Envelope(Camel):
    """Envelope of every answer."""

    id: Int | str | None  # as the request gave it
    status: Int  # with the meaning of an HTTP status
    rate_limits: list[RateLimit] | UnsetType = UNSET


class CancelReply(Envelope):
    """A cancel of an order or of an order list."""

    result: CanceledOrder | CanceledOrderList


class CancelAllReply(Envelope):
    """A cancel of all orders of a symbol."""

    result: list[CanceledOrder | CanceledOrderList]


class ReplaceReply(Envelope):
    """A cancel-replace of which both halves succeeded."""

    result: Replacement


class RetryInfo(Camel):
    """When to try again after a 418 or 429; both are epochs, unlike the header ``Retry-After`` of REST."""

    server_time: Epoch
    retry_after: Epoch


class SocketError(Camel):
    """Why a request failed."""

    bare: ClassVar = True
    code: ErrorCode
    msg: Prose
    data: RetryInfo | UnsetType | None = UNSET


class ReplaceSocketError(Camel):
    """Why a cancel-replace failed; ``data`` may hold the half that did not."""

    bare: ClassVar = True
    code: ErrorCode
    msg: Prose
    data: Replacement | RetryInfo | UnsetType | None = UNSET


class ErrorReply(Envelope):
    """A failed request."""

    error: SocketError


class ReplaceErrorReply(Envelope):
    """A failed cancel-replace."""

    error: ReplaceSocketError


# --- What it means ---


def opened(raw: Envelope, call: Call) -> None:
    """Take from an envelope what its events need."""
    call.request_id = identifier(raw.id)


def reply(
    raw: Envelope, call: Call, events: Sequence[CancelEvent], extra: dict[str, Any] | None = None
) -> Normalised:
    """A reply's events with what its envelope says."""
    limits = raw.rate_limits
    return call.result(
        events,
        extra={"status": raw.status, **(extra or {})},
        rate_limits=None if limits is UNSET else tuple(builtins_of(limit) for limit in limits),
    )


def cancel(raw: CancelReply, call: Call) -> Normalised:
    """Map the answer to a cancel of one order or of one list."""
    opened(raw, call)
    note_failed_status(raw.status, call, "$.status")
    return reply(raw, call, canceled(raw.result, call, "$.result"))


def cancel_all(raw: CancelAllReply, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    opened(raw, call)
    note_failed_status(raw.status, call, "$.status")
    return reply(raw, call, all_canceled(raw.result, call, "$.result"))


def cancel_replace(raw: ReplaceReply | ReplaceErrorReply, call: Call) -> Normalised:
    """Map the answer to a cancel-replace; the code of its failure as a whole is in ``Normalised.extra``."""
    opened(raw, call)
    if isinstance(raw, ReplaceReply):
        note_failed_status(raw.status, call, "$.status")
        return reply(raw, call, replaced(raw.result, call, "$.result", raw.status))
    error = raw.error
    if not isinstance(error.data, Replacement):
        return refused(raw, call, verdict_of(SPOT, error.code, error.msg, raw.status))
    events = replaced(error.data, call, "$.error.data", raw.status)
    return reply(raw, call, events, {"code": error.code, "msg": prose(error.msg)})


def refused(raw: ErrorReply | ReplaceErrorReply, call: Call, verdict: Verdict) -> Normalised:
    """Map a failed request."""
    opened(raw, call)
    error = raw.error
    if raw.status < 400:
        call.note("contradiction", "$.status", "a status of success with an error", raw.status)
    event = failed_request(verdict, error.code, error.msg, call)
    if isinstance(error.data, RetryInfo):
        event = replace(
            event, retry_after_ns=ns_of(error.data.retry_after), response_ns=ns_of(error.data.server_time)
        )
    return reply(raw, call, [event])


def reply_refuses_anything(raw: Any) -> bool:
    """Whether other requests than cancels are refused alike."""
    return isinstance(raw, ErrorReply) and raw.error.code != CANCEL_REJECTED


def _failed(raw: ErrorReply, call: Call) -> Normalised:
    """Map a request that failed."""
    return refused(raw, call, verdict_of(SPOT, raw.error.code, raw.error.msg, raw.status))


ERRORS: Final = Errors(ErrorReply, _failed)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("ws order.cancel", CancelReply, cancel),
    endpoint("ws openOrders.cancelAll", CancelAllReply, cancel_all),
    endpoint("ws orderList.cancel", CancelReply, cancel),
    endpoint(
        "ws order.cancelReplace",
        ReplaceReply | ReplaceErrorReply,
        cancel_replace,
        request=REPLACE_KEYS,
        errors=None,
    ),
    product=Product.SPOT,
    request=KEYS,
    errors=ERRORS,
    ids=SPOT_IDS,
    since="2022-12-26",
    is_shared=reply_refuses_anything,
    docs="https://developers.binance.com/docs/binance-spot-api-docs/websocket-api/trading-requests",
)
