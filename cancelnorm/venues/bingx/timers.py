"""BingX dead-man switches: the answer to the setting of a timer that cancels all orders."""

from types import MappingProxyType
from typing import Final, Literal

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, always, by_status, constant, rejected, text
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import EventKind, Normalised, Reason, Scope
from cancelnorm.venues.bingx.messages import TAKEN, Reply, answered

# --- What BingX sends ---


class Timer(Camel):
    """The dead-man switch after a request to set or to close it."""

    trigger_time: Int  # epoch, seconds in the documentation and milliseconds in newer instructions; 0: closed
    status: Literal["ACTIVATED", "CLOSED", "FAILED"]
    note: Prose


class TriggerTime(Camel):
    """The dead-man switch in the venue's instructions of 2026."""

    trigger_time: Int


class TimerReply(Reply):
    """A request to set or to close the dead-man switch."""

    data: Timer | TriggerTime


# --- What it means ---

# Set or closed, the request was taken; ``raw_status`` says which. ``triggerTime`` is when orders will be
# canceled, in a unit that the venue does not say, and stays in ``extra``. No order is ever reported.
_TIMER: Final = EventMap(
    Timer,
    by_status(Timer.status, MappingProxyType({"FAILED": rejected(Reason.OTHER)}), TAKEN),
    kind=EventKind.TIMER,
    scope=constant(Scope.PRODUCT),
    message=text(Timer.note),
)
_TRIGGER_TIME: Final = EventMap(
    TriggerTime, always(TAKEN), kind=EventKind.TIMER, scope=constant(Scope.PRODUCT)
)


def timer(raw: TimerReply, call: Call) -> Normalised:
    """Map the answer to a request for the dead-man switch."""
    each = _TIMER if isinstance(raw.data, Timer) else _TRIGGER_TIME
    return answered(raw, call, each.events([raw.data], call, "$.data"))
