"""Kraken timers: after how many seconds all orders are canceled, a dead-man switch."""

from typing import Any, Final

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.messages import (
    ARMED,
    DISARMED,
    DOCS,
    ERRORS,
    IDS,
    Empty,
    Envelope,
    doubted,
    is_refusal,
    ns_of_time,
    refused,
    said_beside,
)

# --- What Kraken sends ---


class Times(Camel):
    """When the timer was set, and when it will fire; ``"0"`` if never."""

    current_time: str
    trigger_time: str


class TimerAnswer(Envelope):
    """The answer to the setting of a timer."""

    result: Times | Empty | None


# --- What it means ---


def timer(raw: TimerAnswer, call: Call) -> Normalised:
    """Map the setting of a timer: it is armed, or off, and has canceled nothing."""
    result = raw.result
    if not isinstance(result, Times):
        return refused(raw, call)
    call.response_ns = ns_of_time(result.current_time)
    verdict = doubted(armed(result.trigger_time), raw.error, call)
    event = set_timer(verdict, result.current_time, result.trigger_time, call, "$.result")
    return call.result([event], extra=said_beside(raw.error))


def armed(fires: str) -> Verdict:
    """The verdict of a timer that fires at a time, or never."""
    return DISARMED if fires == "0" else ARMED


def set_timer(verdict: Verdict, now: str, fires: str, call: Call, path: str) -> CancelEvent:
    """The event of a timer."""
    extra: dict[str, Any] = {"triggerTime": fires}
    if ns_of_time(now) is None:
        extra["currentTime"] = now
    return call.event(EventKind.TIMER, verdict, scope=Scope.ACCOUNT, path=path, extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /0/private/CancelAllOrdersAfter", TimerAnswer, timer, page="cancel-all-orders-after-x"),
    product=None,
    errors=ERRORS,
    is_shared=is_refusal,
    skips=True,
    ids=IDS,
    docs=DOCS,
)
