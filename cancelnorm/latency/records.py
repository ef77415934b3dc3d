"""Clocks of a record: a request and its answer, or a message of a stream."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from cancelnorm.check import Refused
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Outcome, Reason
from cancelnorm.story import is_attempt, is_pushed

__all__ = ["Push", "RoundTrip", "Unmeasured", "measured", "measured_records"]


class Unmeasured(StrEnum):
    """Reason that a record measures no latency."""

    UNREADABLE = "unreadable"  # the record or its payload could not be read
    QUERY = "query"  # it shows orders and cancels none
    NO_ANSWER = "no_answer"  # a request without an answer in the log
    UNKNOWN = "unknown"  # the venue does not know what happened: a timeout, or an error of a gateway
    NO_SENT_TIME = "no_sent_time"
    NO_RECEIVED_TIME = "no_received_time"
    NO_VENUE_TIME = "no_venue_time"  # a message of a stream without the engine's time
    OUT_OF_RANGE = "out_of_range"  # a time that is none: before 1970 or after 2262
    RECEIVED_BEFORE_SENT = "received_before_sent"


class RoundTrip(NamedTuple):
    """Clocks of a request to cancel and its answer, in ns.

    ``engine_ns`` is the matching engine's time of the last order that was canceled, ``response_ns`` the gateway's
    time of the answer; both are the venue's clocks. ``is_overloaded`` means that the venue turned the request
    away because of a rate limit or its own load, before it looked at the order.
    """

    venue: str
    endpoint: str
    sent_ns: int
    received_ns: int
    engine_ns: int | None
    response_ns: int | None
    is_overloaded: bool


class Push(NamedTuple):
    """Clocks of a message of a stream, in ns: the engine's time of the last cancel in it, and that of its receipt."""

    venue: str
    endpoint: str
    engine_ns: int
    received_ns: int


def measured_records(
    found: Iterable[CancelEvent | Refused | Normalised],
) -> Iterator[RoundTrip | Push | Unmeasured]:
    """Measure each record, given as its result, or as its events one after the other.

    However many orders an answer is about, it is one record.
    """
    together: list[CancelEvent] = []
    for item in found:
        if isinstance(item, CancelEvent):
            if together and not _is_same_record(together[-1], item):
                yield measured(together)
                together = []
            together.append(item)
            continue
        if together:
            yield measured(together)
            together = []
        yield Unmeasured.UNREADABLE if isinstance(item, Refused) else measured(item.events)
    if together:
        yield measured(together)


def _is_same_record(before: CancelEvent, event: CancelEvent) -> bool:
    """Whether an event comes from the same record as the one before it."""
    if event.index < before.index or (event.index == before.index and before.kind is event.kind):
        return False
    return all(getattr(before, name) == getattr(event, name) for name in _OF_RECORD)


_OF_RECORD: Final = ("source", "venue", "endpoint", "account", "sent_ns", "received_ns", "response_ns")
_OVERLOAD: Final = (Reason.RATE_LIMITED, Reason.VENUE_UNAVAILABLE)


def measured(events: Sequence[CancelEvent]) -> RoundTrip | Push | Unmeasured:
    """Measure a record by its events, of which there is at least one."""
    first = events[0]
    engine_ns = max((time for event in events if (time := _canceled_ns(event)) is not None), default=None)
    if is_pushed(first):
        return _pushed(first, engine_ns)
    if not is_attempt(first):
        return Unmeasured.QUERY
    if any(event.reason is Reason.NO_ANSWER for event in events):
        return Unmeasured.NO_ANSWER
    if all(event.reason is Reason.UNREADABLE for event in events):
        return Unmeasured.UNREADABLE
    if all(event.outcome is Outcome.UNKNOWN for event in events):
        return Unmeasured.UNKNOWN
    sent, received = first.sent_ns, first.received_ns
    if sent is None:
        return Unmeasured.NO_SENT_TIME
    if received is None:
        return Unmeasured.NO_RECEIVED_TIME
    if not _are_times(sent, received, engine_ns):
        return Unmeasured.OUT_OF_RANGE
    if received < sent:
        return Unmeasured.RECEIVED_BEFORE_SENT
    is_overloaded = all(event.outcome is Outcome.REJECTED and event.reason in _OVERLOAD for event in events)
    return RoundTrip(first.venue, first.endpoint, sent, received, engine_ns, first.response_ns, is_overloaded)


def _pushed(event: CancelEvent, engine_ns: int | None) -> Push | Unmeasured:
    if event.received_ns is None:
        return Unmeasured.NO_RECEIVED_TIME
    if engine_ns is None:
        return Unmeasured.NO_VENUE_TIME
    if not _are_times(engine_ns, event.received_ns):
        return Unmeasured.OUT_OF_RANGE
    return Push(event.venue, event.endpoint, engine_ns, event.received_ns)


def _are_times(*times: int | None) -> bool:
    """Whether all that are there are after 1970 and fit 64 bits."""
    return all(time is None or 0 < time < _END_NS for time in times)


_END_NS: Final = 1 << 63


def _canceled_ns(event: CancelEvent) -> int | None:
    """The engine's time of a cancel; no other event tells when a request was carried out."""
    is_canceled = event.kind is EventKind.ORDER and event.outcome is Outcome.CANCELED
    return event.event_ns if is_canceled else None
