"""Sources of events, merged by one clock."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from heapq import heappop, heappush
from heapq import merge as by_time
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from cancelnorm.check import Refused
from cancelnorm.errors import CancelNormError, require_word
from cancelnorm.schema import CancelEvent, TimeBasis

__all__ = ["Clock", "Due", "LateEventError", "Merged", "UntimedEventError", "merge"]


class Clock(StrEnum):
    """Clock that puts events in order."""

    RECEIVED = "received"  # when a program could know; else when the venue answered, else when it was so
    EVENT = "event"  # when it was so; else when the venue answered, else when that was received
    RESPONSE = "response"  # when the venue answered
    SENT = "sent"  # when the request was sent


class Due(NamedTuple):
    """An event, or what was refused in its place, and when it is due in nanoseconds since the epoch.

    ``basis`` is the clock of ``time_ns``. It is None for an event without a time, which is due with the one before
    it in its source; ``time_ns`` is None if there is none before it.
    """

    time_ns: int | None
    basis: TimeBasis | None
    event: CancelEvent | Refused


class UntimedEventError(CancelNormError):
    """An event has no time on the clock of the merge; ``source`` is where it was recorded."""

    def __init__(self, source: str | None) -> None:
        super().__init__(source)
        self.source = source

    def __str__(self) -> str:
        return f"{self.source or 'an event'}: no time by which it could be put in order"


class LateEventError(CancelNormError):
    """An event comes ``late_ns`` too late to be put in order; ``source`` is where it was recorded."""

    def __init__(self, source: str | None, late_ns: int) -> None:
        super().__init__(source, late_ns)
        self.source = source
        self.late_ns = late_ns

    def __str__(self) -> str:
        return f"{self.source or 'an event'}: {self.late_ns} ns before its predecessor"


def merge(
    *sources: Iterable[CancelEvent | Refused],
    clock: Clock | Literal["received", "event", "response", "sent"] = Clock.RECEIVED,
    missing: Literal["hold", "drop", "error"] = "hold",
    late: Literal["keep", "drop", "error"] = "keep",
    window_ns: int = 0,
) -> "Merged":
    """Merge the events of several sources by a clock, one at a time; the time never goes back.

    Events of the same time come in the order of the sources, and then in that of their source. ``received``
    falls back on the venue's clocks and ``event`` on the other two, but neither on ``sent``, which would tell the
    future: ``Due.basis`` says which clock it was. Where ``received`` has but the engine's time of each order, all
    orders of an answer are due at the latest of them.

    ``missing`` says what becomes of an event without a time: it stays right behind its predecessor in the same
    source, is dropped, or raises UntimedEventError. Within ``window_ns`` a source is put in order. ``late`` says
    what becomes of what is later than that: it is due at the present time, is dropped, or raises LateEventError.

    Raises ValueError for an unknown word or a negative window.
    """
    require_word("missing", missing, ("hold", "drop", "error"))
    require_word("late", late, ("keep", "drop", "error"))
    if window_ns < 0:
        raise ValueError(f"window_ns: expected 0 or more, found {window_ns}")
    return Merged(sources, Clock(clock), missing, late, window_ns)


class Merged(Iterator[Due]):
    """The merged events, and counts of what has been read.

    ``bases`` counts the events by the clock of their time, None for those without one. ``late`` counts those that came
    too late, and ``dropped`` what was left out, both late and without a time.
    """

    def __init__(
        self,
        sources: Iterable[Iterable[CancelEvent | Refused]],
        clock: Clock,
        missing: Literal["hold", "drop", "error"],
        late: Literal["keep", "drop", "error"],
        window_ns: int,
    ) -> None:
        self.bases: Counter[TimeBasis | None] = Counter()
        self.late = 0
        self.dropped = 0
        self._missing = missing
        self._late = late
        streams = []
        for source in sources:
            timed = _when_received(source) if clock == Clock.RECEIVED else _at(source, _CLOCKS[clock])
            streams.append(self._placed(_sorted(timed, window_ns) if window_ns else timed))
        # Equal times keep the order of the streams, and each stream its own.
        self._found = by_time(*streams, key=itemgetter(0))

    def __next__(self) -> Due:
        return next(self._found)[1]

    def _placed(self, source: Iterable[Due]) -> Iterator[tuple[int, Due]]:
        """Items of a source, each with the time that places it among others, which never goes back."""
        present = _BEFORE
        for due in source:
            time_ns, basis, event = due
            self.bases[basis] += 1
            if time_ns is None:
                if self._missing == "error":
                    raise UntimedEventError(_source_of(event))
                if self._missing == "drop":
                    self.dropped += 1
                    continue
                held = None if present == _BEFORE else present
                yield present, Due(held, None, event)
            elif time_ns >= present:
                present = time_ns
                yield time_ns, due
            else:
                self.late += 1
                if self._late == "error":
                    raise LateEventError(_source_of(event), present - time_ns)
                if self._late == "drop":
                    self.dropped += 1
                    continue
                yield present, Due(present, basis, event)


_BEFORE: Final = -(1 << 80)
"""A time before all times."""

_CLOCKS: Final = {
    Clock.EVENT: (TimeBasis.EVENT, TimeBasis.RESPONSE, TimeBasis.RECEIVED),
    Clock.RESPONSE: (TimeBasis.RESPONSE,),
    Clock.SENT: (TimeBasis.SENT,),
}


def _source_of(item: CancelEvent | Refused) -> str | None:
    """Origin of an event."""
    event = item.event if isinstance(item, Refused) else item
    return event.source if event else None


# --- The time of each ---


def _at(source: Iterable[CancelEvent | Refused], clocks: tuple[TimeBasis, ...]) -> Iterator[Due]:
    """Events with the first of some clocks that each has."""
    fields = [(basis, f"{basis.value}_ns") for basis in clocks]
    for item in source:
        event = item.event if isinstance(item, Refused) else item
        for basis, field in fields:
            time_ns = getattr(event, field, None)
            if time_ns is not None:
                yield Due(time_ns, basis, item)
                break
        else:
            yield Due(None, None, item)


def _when_received(source: Iterable[CancelEvent | Refused]) -> Iterator[Due]:
    """Events with the time at which they could be known.

    An answer is received as a whole, so its orders wait for the latest of their times. Nothing but the position
    in it tells that an event is from the same answer as the one before.
    """
    waiting: list[Due] = []
    last: CancelEvent | None = None
    for item in source:
        event = item.event if isinstance(item, Refused) else item
        if waiting and not (event and last and event.source == last.source and event.index > last.index):
            yield from _together(waiting)
            waiting.clear()
        last = event
        due = Due(None, None, item)
        if event is not None:
            if event.received_ns is not None:
                due = Due(event.received_ns, TimeBasis.RECEIVED, item)
            elif event.response_ns is not None:
                due = Due(event.response_ns, TimeBasis.RESPONSE, item)
            elif event.event_ns is not None:
                waiting.append(Due(event.event_ns, TimeBasis.EVENT, item))
                continue
        if waiting:
            waiting.append(due)
        else:
            yield due
    yield from _together(waiting)


def _together(answer: list[Due]) -> Iterator[Due]:
    """The events of an answer, all at the latest of the engine's times."""
    latest = max((due.time_ns or _BEFORE for due in answer if due.basis is TimeBasis.EVENT), default=None)
    for due in answer:
        yield due._replace(time_ns=latest) if due.basis is TimeBasis.EVENT else due


# --- The order within a source ---


def _sorted(source: Iterable[Due], window_ns: int) -> Iterator[Due]:
    """A source in order as far as a window allows; what is later yet comes out where it came.

    An event without a time follows its predecessor.
    """
    heap: list[tuple[int, int, list[Due]]] = []  # time, position, and an event with those that follow it
    given = newest = _BEFORE
    latest: list[Due] = []  # the last of them that has not been given
    for position, due in enumerate(source):
        time_ns = due.time_ns
        if time_ns is None:
            if latest:
                latest.append(due)
            else:
                yield due
            continue
        if time_ns < given:
            latest = []
            yield due
            continue
        latest = [due]
        heappush(heap, (time_ns, position, latest))
        newest = max(newest, time_ns)
        while heap and heap[0][0] <= newest - window_ns:
            given, _, events = heappop(heap)
            yield from events
            if events is latest:
                latest = []
    while heap:
        yield from heappop(heap)[2]
