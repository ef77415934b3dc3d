"""Kraken WebSocket API v1: what it answers to a cancel; a frame without an id for each order.

That a cancel was accepted says nothing of when the order is gone: the stream ``openOrders`` tells.
"""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Evidence, Initiator, Normalised, Outcome, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.codes import code_of, error_verdict
from cancelnorm.venues.kraken.messages import CANCELED, IDS, OPEN, ORDER_ID, QUEUED, ns_of_time
from cancelnorm.venues.kraken.timers import armed, set_timer

# --- What Kraken sends ---

Status = Literal["ok", "error"]


class CancelStatus(Camel):
    """The answer to a cancel, of one of its orders, which it does not name."""

    event: Literal["cancelOrderStatus"]
    status: Status
    reqid: Int | UnsetType = UNSET  # the request's


class CancelError(CancelStatus):
    """A failure of one of the orders."""

    error_message: Prose


class AllStatus(Camel):
    """The answer to a cancel of all orders."""

    event: Literal["cancelAllStatus"]
    status: Status
    count: Int | str  # documented as a text, and sent as a number
    reqid: Int | UnsetType = UNSET


class AllError(Camel):
    """A failure of it."""

    event: Literal["cancelAllStatus"]
    status: Status
    error_message: Prose
    reqid: Int | UnsetType = UNSET


class TimerStatus(Camel):
    """The answer to the setting of a timer."""

    event: Literal["cancelAllOrdersAfterStatus"]
    status: Status
    current_time: str
    trigger_time: str  # "0" if never
    reqid: Int | UnsetType = UNSET


class TimerError(Camel):
    """A failure of it."""

    event: Literal["cancelAllOrdersAfterStatus"]
    status: Status
    error_message: Prose
    reqid: Int | UnsetType = UNSET


class EditStatus(Camel):
    """The answer to an edit, which cancels an order and places another."""

    event: Literal["editOrderStatus"]
    status: Status
    txid: str  # of the new order
    originaltxid: str
    descr: str | UnsetType = UNSET  # the new order in words
    reqid: Int | UnsetType = UNSET


class EditError(Camel):
    """A failure of it."""

    event: Literal["editOrderStatus"]
    status: Status
    error_message: Prose
    reqid: Int | UnsetType = UNSET


# --- What it means ---

_REPLACED: Final = Verdict(Outcome.CANCELED, Evidence.LISTED, initiator=Initiator.AMEND)
_OK: Final = "ok"


def _opened(raw: Any, call: Call, verdict: Verdict, expected: str = _OK) -> tuple[Verdict, dict[str, Any]]:
    """The verdict of an answer, if its status is as ``expected``, and what it says besides."""
    if raw.reqid is not UNSET:
        call.request_id = str(raw.reqid)
    said: dict[str, Any] = {}
    if call.endpoint.name != f"ws {raw.event.removesuffix('Status')}" or not raw.event.endswith("Status"):
        said["event"] = raw.event
    if raw.status == expected:
        return verdict, said
    call.note("contradiction", "$.status", "the status is not that of such an answer", raw.status)
    return OPEN, {**said, "status": raw.status}


def cancel(raw: CancelStatus, call: Call) -> Normalised:
    """Map the answer about one order: its cancel was accepted."""
    verdict, said = _opened(raw, call, QUEUED)
    return call.result([call.failed(verdict)], extra=said)


def cancel_all(raw: AllStatus, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders."""
    text = str(raw.count)
    count = int(text) if text.isascii() and text.isdigit() and len(text) < _LONG else None
    verdict, said = _opened(raw, call, OPEN if count is None else CANCELED)
    if count is None or text != str(count):
        said["count"] = raw.count
    event = call.scoped(verdict, scope=Scope.ACCOUNT, path="$", affected_orders=count)
    return call.result([event], extra=said)


_LONG: Final = 19


def timer(raw: TimerStatus, call: Call) -> Normalised:
    """Map the setting of a timer."""
    call.response_ns = ns_of_time(raw.current_time)
    verdict, said = _opened(raw, call, armed(raw.trigger_time))
    return call.result([set_timer(verdict, raw.current_time, raw.trigger_time, call, "$")], extra=said)


def edit(raw: EditStatus, call: Call) -> Normalised:
    """Map the answer to an edit: the order that it canceled."""
    verdict, said = _opened(raw, call, _REPLACED)
    if raw.descr:
        said["descr"] = raw.descr
    event = call.event(
        EventKind.ORDER if raw.originaltxid else EventKind.REQUEST,
        verdict,
        path="$",
        order_id=raw.originaltxid or None,
        replaced_by=raw.txid or None,
    )
    return call.result([completed(event, call.target, call, "$")], extra=said)


def failed(raw: Any, call: Call) -> Normalised:
    """Map a failure."""
    verdict, said = _opened(raw, call, error_verdict(raw.error_message), "error")
    event = call.failed(verdict, code=code_of(raw.error_message) or None, message=raw.error_message)
    return call.result([event], extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "ws cancelOrder",
        CancelStatus,
        cancel,
        page="cancelorder",
        request=RequestKeys(order_ids=("txid",), client_order_ids=("cl_ord_id",), order_pattern=ORDER_ID),
        errors=Errors(CancelError, failed),
    ),
    endpoint("ws cancelAll", AllStatus, cancel_all, page="cancelall", errors=Errors(AllError, failed)),
    endpoint(
        "ws cancelAllOrdersAfter",
        TimerStatus,
        timer,
        page="cancelafter",
        errors=Errors(TimerError, failed),
    ),
    endpoint(
        "ws editOrder",
        EditStatus,
        edit,
        page="editorder",
        request=RequestKeys(symbol=("pair",), order_id=("orderid",), order_pattern=ORDER_ID),
        errors=Errors(EditError, failed),
    ),
    product=None,
    skips=True,
    ids=IDS,
    docs="https://docs.kraken.com/exchange/api-reference/spot-websocket-v1/",
)
