"""Gate frames that are pushed: what all of them have, and an order that one of them shows."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap
from cancelnorm.reader.scalars import Epoch, Int, ns_of
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["Pushed", "frame_of", "opened", "shown_in"]

_SECONDS = 10**9, 10**10


class Pushed(Exact):
    """Fields of every frame beside its ``result``."""

    channel: str
    event: Literal["update"]
    time: Int  # seconds
    time_ms: Epoch | UnsetType = UNSET  # since 2022-11, not of delivery futures and options
    error: UnsetType | None = UNSET  # of delivery futures


def frame_of(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps a frame: the orders in it that are about a cancel."""

    def frame(raw: Any, call: Call) -> Normalised:
        opened(raw, call)
        return shown_in(raw, each.events(raw.result, call, "$.result[{}]"), call)

    return frame


def shown_in(raw: Pushed, events: list[CancelEvent], call: Call) -> Normalised:
    """The events of a frame; where it has none, nothing is known."""
    return call.result(call.or_unknown(events, "$.result"), extra=_beside(raw, call))


def opened(raw: Pushed, call: Call) -> None:
    """Take from a frame when it was sent."""
    if raw.time_ms is not UNSET:
        call.response_ns = ns_of(raw.time_ms)
    elif _is_time(raw.time):
        call.response_ns = raw.time * 10**9


def _beside(raw: Pushed, call: Call) -> dict[str, Any]:
    """What a frame says that its events do not."""
    said: dict[str, Any] = {}
    if call.endpoint.name != f"stream {raw.channel}":
        said["channel"] = raw.channel
    event: str = raw.event
    if event != "update":
        said["event"] = event
    is_told = _is_time(raw.time) if raw.time_ms is UNSET else raw.time == raw.time_ms // 1_000
    return said if is_told else {**said, "time": raw.time}


def _is_time(seconds: int) -> bool:
    return _SECONDS[0] <= seconds < _SECONDS[1]
