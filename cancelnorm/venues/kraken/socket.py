"""Kraken WebSocket API v2: what it answers to a cancel; a frame for each order where several are named.

A failure names no order: only where the request names one, it is that. The stream ``executions`` tells the end of
each order besides.
"""

from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Initiator, Normalised, Outcome, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.codes import code_of, error_verdict
from cancelnorm.venues.kraken.messages import (
    CANCELED,
    FLAGGED,
    IDS,
    NOTHING,
    OPEN,
    ORDER_ID,
    Count,
    Number,
    each_counted,
    ns_of_time,
)
from cancelnorm.venues.kraken.timers import Times, armed, set_timer

# --- What Kraken sends ---


class Warned(Exact):
    """What an answer, or its result, warns of."""

    warnings: list[Prose] | UnsetType | None = UNSET
    warning: list[Prose] | UnsetType | None = UNSET


class Reply(Warned):
    """Fields of every answer beside its ``result``."""

    success: bool
    time_in: str  # when the request was received; RFC 3339
    time_out: str  # when the answer was sent
    req_id: Int | UnsetType = UNSET  # the request's


class Failed(Reply):
    """A failure, with a word for what failed."""

    bare: ClassVar = True
    error: Prose


class CanceledOrder(Warned):
    """The order that was canceled, by the id that the request named it by."""

    order_id: str | UnsetType = UNSET
    cl_ord_id: str | UnsetType = UNSET


class CancelReply(Reply):
    """The answer to a cancel, of one of its orders."""

    method: Literal["cancel_order"]
    result: CanceledOrder


class CancelFailed(Failed):
    """A failure of one of the orders of a cancel, which it does not name."""

    method: Literal["cancel_order"]


class WarnedCount(Count):
    """How many orders were canceled."""

    warnings: list[Prose] | UnsetType | None = UNSET
    warning: list[Prose] | UnsetType | None = UNSET


class BatchReply(Reply):
    """The answer to a cancel of several orders, as documented in 2026."""

    method: Literal["batch_cancel"]
    result: WarnedCount
    orders_cancelled: Number | UnsetType = UNSET  # the same, in its older place


class OldBatchReply(Reply):
    """The same as recorded in 2024-05."""

    method: Literal["batch_cancel"]
    orders_cancelled: Number


class BatchFailed(Failed):
    """A failure of it as a whole."""

    method: Literal["batch_cancel"]
    orders_cancelled: Number | UnsetType = UNSET  # in the older shape


class AllReply(Reply):
    """The answer to a cancel of all orders."""

    method: Literal["cancel_all"]
    result: WarnedCount


class AllFailed(Failed):
    """A failure of it."""

    method: Literal["cancel_all"]


class WarnedTimes(Times):
    """When a timer was set, and when it will fire."""

    warnings: list[Prose] | UnsetType | None = UNSET
    warning: list[Prose] | UnsetType | None = UNSET


class TimerReply(Reply):
    """The answer to the setting of a timer."""

    method: Literal["cancel_all_orders_after"]
    result: WarnedTimes


class TimerFailed(Failed):
    """A failure of it."""

    method: Literal["cancel_all_orders_after"]


class EditedOrder(Warned):
    """The order that was placed, and the one that was canceled for it."""

    order_id: str
    original_order_id: str
    cl_ord_id: str | UnsetType = UNSET


class EditReply(Reply):
    """The answer to an edit, which cancels an order and places another."""

    method: Literal["edit_order"]
    result: EditedOrder


class EditFailed(Failed):
    """A failure of it."""

    method: Literal["edit_order"]


Result = CanceledOrder | WarnedCount | WarnedTimes | EditedOrder

# --- What it means ---

_REPLACED: Final = Verdict(Outcome.CANCELED, Evidence.LISTED, initiator=Initiator.AMEND)


def opened(raw: Any, call: Call, result: Result | None = None) -> dict[str, Any]:
    """Take from an answer what its events need; what is left is returned."""
    if raw.req_id is not UNSET:
        call.request_id = str(raw.req_id)
    call.response_ns = ns_of_time(raw.time_out)
    said: dict[str, Any] = {"time_in": raw.time_in} if raw.time_in else {}
    if call.response_ns is None:
        said["time_out"] = raw.time_out
    if call.endpoint.name != f"ws {raw.method}":
        said["method"] = raw.method
    for part, name in ((raw, ""), (result, "result.")):
        for key in ("warnings", "warning"):
            if warnings := getattr(part, key, None):
                said[f"{name}{key}"] = [*map(prose, warnings)]
    return said


def successful(raw: Reply, verdict: Verdict, call: Call) -> Verdict:
    """The verdict of a result; beside the flag of a failure it is not known what the result means."""
    if raw.success:
        return verdict
    call.note("contradiction", "$.success", "a result beside the flag of a failure", raw.success)
    return OPEN


def cancel(raw: CancelReply, call: Call) -> Normalised:
    """Map the answer about one order: the engine has canceled it."""
    result = raw.result
    said = opened(raw, call, result)
    verdict = successful(raw, FLAGGED, call)
    if not result.order_id and not result.cl_ord_id:
        target = call.target
        event = call.failed(verdict, target, path="$.result") if target.names_order else call.scoped(verdict)
        return call.result([event], extra=said)
    event = call.event(
        EventKind.ORDER,
        verdict,
        path="$.result",
        order_id=result.order_id or None,
        client_order_id=result.cl_ord_id or None,
    )
    return call.result([_of_request(event, call)], extra=said)


def _of_request(event: CancelEvent, call: Call) -> CancelEvent:
    """An event completed by the order of the request, where that names one alone; another one is noted."""
    asked = call.targets
    if len(asked) == 1:
        return completed(event, asked[0], call, "$.result")
    order_ids, client_ids = ({one[i] for one in asked} for i in (1, 2))
    if asked and event.order_id not in order_ids and event.client_order_id not in client_ids:
        named = event.order_id or event.client_order_id
        call.note("contradiction", "$.result", "the request names other orders", named)
    return event


def batch(raw: BatchReply | OldBatchReply, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders: where only some were canceled, nobody knows which ones were."""
    if isinstance(raw, BatchReply):
        said = opened(raw, call, raw.result)
        count, path = raw.result.count, "$.result.count"
        said |= _older(raw)
        if raw.orders_cancelled not in (UNSET, count):
            call.note(
                "contradiction", "$.orders_cancelled", f"the result counts {count}", raw.orders_cancelled
            )
    else:
        said = opened(raw, call)
        count, path = raw.orders_cancelled, "$.orders_cancelled"
    asked = call.targets
    verdict = successful(raw, CANCELED if count or not asked else NOTHING, call)
    if (events := each_counted(count, verdict, call, path)) is not None:
        return call.result(events, extra=said)
    if asked and count != len(asked):
        message = f"orders of the request: {len(asked)}, counted: {count}; which ones is not said"
        call.note("length-mismatch", path, message, count)
    return call.result([call.scoped(verdict, path=path, affected_orders=count)], extra=said)


def _older(raw: BatchReply | BatchFailed) -> dict[str, Any]:
    """A count in its older place, beside what says it all."""
    return {} if raw.orders_cancelled is UNSET else {"orders_cancelled": raw.orders_cancelled}


def cancel_all(raw: AllReply, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders."""
    said = opened(raw, call, raw.result)
    verdict = successful(raw, CANCELED, call)
    event = call.scoped(verdict, scope=Scope.ACCOUNT, path="$.result.count", affected_orders=raw.result.count)
    return call.result([event], extra=said)


def timer(raw: TimerReply, call: Call) -> Normalised:
    """Map the setting of a timer."""
    said = opened(raw, call, raw.result)
    verdict = successful(raw, armed(raw.result.trigger_time), call)
    event = set_timer(verdict, raw.result.current_time, raw.result.trigger_time, call, "$.result")
    return call.result([event], extra=said)


def edit(raw: EditReply, call: Call) -> Normalised:
    """Map the answer to an edit: the order that it canceled."""
    result = raw.result
    said = opened(raw, call, result)
    verdict = successful(raw, _REPLACED, call)
    event = call.event(
        EventKind.ORDER if result.original_order_id else EventKind.REQUEST,
        verdict,
        path="$.result",
        order_id=result.original_order_id or None,
        replaced_by=result.order_id or None,
        extra={"cl_ord_id": result.cl_ord_id} if result.cl_ord_id else None,
    )
    return call.result([completed(event, call.target, call, "$.result")], extra=said)


def failed(raw: Any, call: Call) -> Normalised:
    """Map a failure: of the order that the request names, or of one of several, or of the request."""
    said = opened(raw, call)
    count = None
    if isinstance(raw, BatchFailed):
        said |= _older(raw)
        count = raw.orders_cancelled or None
    verdict = error_verdict(raw.error)
    if raw.success or count:
        path, flag = ("$.success", raw.success) if raw.success else ("$.orders_cancelled", count)
        call.note("contradiction", path, "an error beside what says that orders were canceled", flag)
        verdict = OPEN
    event = call.failed(verdict, code=code_of(raw.error) or None, message=raw.error)
    return call.result([event], extra=said)


# --- Endpoints ---

ORDER_KEYS: Final = RequestKeys(
    order_ids=("order_id",), client_order_ids=("cl_ord_id",), order_pattern=ORDER_ID
)
BATCH_KEYS: Final = RequestKeys(
    order_ids=("orders",), client_order_ids=("cl_ord_id",), order_pattern=ORDER_ID
)
ENDPOINTS: Final = endpoints(
    endpoint(
        "ws cancel_order",
        CancelReply,
        cancel,
        page="cancel_order",
        request=ORDER_KEYS,
        errors=Errors(CancelFailed, failed),
    ),
    endpoint(
        "ws batch_cancel",
        BatchReply | OldBatchReply,
        batch,
        page="batch_cancel",
        request=BATCH_KEYS,
        errors=Errors(BatchFailed, failed),
    ),
    endpoint("ws cancel_all", AllReply, cancel_all, page="cancel_all", errors=Errors(AllFailed, failed)),
    endpoint(
        "ws cancel_all_orders_after",
        TimerReply,
        timer,
        page="cancel_after",
        errors=Errors(TimerFailed, failed),
    ),
    endpoint(
        "ws edit_order",
        EditReply,
        edit,
        page="edit_order",
        request=RequestKeys(symbol=("symbol",), order_id=("order_id",)),
        errors=Errors(EditFailed, failed),
    ),
    product=None,
    since="2024-05-19",
    skips=True,
    ids=IDS,
    docs="https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/",
)
