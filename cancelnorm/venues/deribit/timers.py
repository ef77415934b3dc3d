"""Deribit timers: the cancel of all orders when a connection is lost, a dead-man switch.

It fires where TCP ends, after ten minutes of silence, or with a heartbeat that was missed.
"""

from typing import Any, Final, Literal

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Verdict
from cancelnorm.schema import EventKind, Evidence, Initiator, Normalised, Outcome, Scope
from cancelnorm.venue import endpoints
from cancelnorm.venues.deribit.messages import (
    ERRORS,
    IDS,
    OPEN,
    Demand,
    Envelope,
    answered,
    both,
    demanded,
    is_shared_refusal,
    opened,
    said_in,
)

# --- What Deribit sends ---


class TimerAnswer(Envelope):
    """That it was done."""

    result: Literal["ok"] | Demand


# --- What it means ---

_SET: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, initiator=Initiator.TIMER)


def timer(raw: TimerAnswer, call: Call) -> Normalised:
    """Map the setting of a timer: it is on, or off, and has canceled nothing."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    scope = Scope.ACCOUNT if said_in(call, "scope") == "account" else None
    said: str = raw.result
    verdict, extra = (_SET, {}) if said == "ok" else (OPEN, {"result": said})
    event = call.event(EventKind.TIMER, verdict, path="$.result", scope=scope)
    return answered(raw, [event], call, extra)


def _is_shared(raw: Any) -> bool:
    """Many requests are answered with "ok" alone."""
    return isinstance(raw, TimerAnswer) or is_shared_refusal(raw)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    *both("private/enable_cancel_on_disconnect", TimerAnswer, timer),
    *both("private/disable_cancel_on_disconnect", TimerAnswer, timer),
    product=None,
    errors=ERRORS,
    is_shared=_is_shared,
    cancels=True,
    ids=IDS,
    docs="https://docs.deribit.com/api-reference/session-management/",
)
