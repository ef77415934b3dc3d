"""Distributions of latency: how long cancels took, by venue, endpoint and leg of the way."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from msgspec import Struct, field

from cancelnorm.latency.offset import WINDOW_NS, Offsets, offsets
from cancelnorm.latency.records import Push, RoundTrip, Unmeasured

__all__ = ["Distribution", "Latencies", "Leg", "Measurements"]


class Leg(StrEnum):
    """Part of the way of a cancel."""

    THERE = "request to venue"
    BACK = "venue to answer"
    ROUND_TRIP = "round trip"
    NEWS = "venue to stream"  # from the cancel to the receipt of the stream's message about it


class Distribution(Struct, frozen=True):
    """Durations of a leg at an endpoint, in ns, in ascending order; there is at least one.

    ``is_corrected`` is False where the leg ends at a venue's clock whose offset is not known, and None where both
    ends are the recorder's. ``error_ns`` is how far off all of them may be together, because the offset is estimated.
    """

    venue: str
    endpoint: str
    leg: Leg
    durations: Sequence[int]
    is_corrected: bool | None = None
    error_ns: int | None = None

    @property
    def count(self) -> int:
        """Number of durations."""
        return len(self.durations)

    def quantile(self, share: float) -> int:
        """The least duration that ``share`` of all do not exceed."""
        rank = ceil(share * self.count - 1e-9)  # 0.07 * 100 is more than 7
        return self.durations[max(rank, 1) - 1]


class Latencies(NamedTuple):
    """What a log tells of latency.

    ``offsets`` are those of each venue's clock that is known. ``impossible`` counts the times of a venue, by venue and
    endpoint, that are before the request or after the receipt even when the offset is subtracted; they are in no
    distribution.
    """

    distributions: list[Distribution]
    offsets: Mapping[str, Offsets]
    impossible: Counter[tuple[str, str]]


class _Clocks:
    """Times of the records of an endpoint, one behind the other."""

    def __init__(self) -> None:
        self.trips: array[int] = array("q")  # sent, received, engine
        self.answers: array[int] = array("q")  # sent, received; no time of the engine
        self.pushes: array[int] = array("q")  # engine, received

    def merge(self, other: "_Clocks") -> None:
        """Add those of another part of the log."""
        self.trips += other.trips
        self.answers += other.answers
        self.pushes += other.pushes


class Measurements(Struct):
    """Times of all records of one recorder, 24 bytes or less for each; ``merge`` adds those of another part of its log.

    ``unmeasured`` counts the records that measure nothing, and ``skipped`` those that are not about a cancel.
    """

    unmeasured: Counter[Unmeasured] = field(default_factory=Counter)
    skipped: int = 0
    clocks: dict[tuple[str, str], _Clocks] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """Number of records, measured or not."""
        found = self.clocks.values()
        measured = sum(len(c.trips) // 3 + len(c.answers) // 2 + len(c.pushes) // 2 for c in found)
        return measured + self.unmeasured.total() + self.skipped

    def add(self, record: RoundTrip | Push | Unmeasured) -> None:
        """Add a record."""
        if isinstance(record, Unmeasured):
            self.unmeasured[record] += 1
            return
        clocks = self._clocks(record.venue, record.endpoint)
        if isinstance(record, Push):
            clocks.pushes.extend((record.engine_ns, record.received_ns))
        elif record.engine_ns is None:
            clocks.answers.extend((record.sent_ns, record.received_ns))
        else:
            clocks.trips.extend((record.sent_ns, record.received_ns, record.engine_ns))

    def merge(self, other: "Measurements") -> None:
        """Add another part of the log."""
        self.unmeasured.update(other.unmeasured)
        self.skipped += other.skipped
        for (venue, endpoint), clocks in other.clocks.items():
            self._clocks(venue, endpoint).merge(clocks)

    def _clocks(self, venue: str, endpoint: str) -> _Clocks:
        found = self.clocks.get((venue, endpoint))
        if found is None:
            found = self.clocks[venue, endpoint] = _Clocks()
        return found

    def latencies(self, offset_ns: int | None = None, window_ns: int = WINDOW_NS) -> Latencies:
        """Distributions by venue, endpoint and leg, with the offset of each venue's clock subtracted.

        The offset is ``offset_ns``, or else the one that the round trips leave in windows of ``window_ns``.
        """
        known = {} if offset_ns is not None else self._offsets(window_ns)
        found = Latencies([], known, Counter())
        for venue, endpoint in sorted(self.clocks):
            clocks = self.clocks[venue, endpoint]
            legs = _Legs(known.get(venue), offset_ns)
            for sent, received in _rows(clocks.answers, 2):
                legs.durations[Leg.ROUND_TRIP].append(received - sent)
            for sent, received, engine in _rows(clocks.trips, 3):
                legs.add_trip(sent, received, engine)
            for engine, received in _rows(clocks.pushes, 2):
                legs.add_push(engine, received)
            found.distributions.extend(
                legs.distribution(venue, endpoint, leg, array("q", sorted(durations)))
                for leg, durations in legs.durations.items()
                if durations
            )
            if legs.impossible:
                found.impossible[venue, endpoint] = legs.impossible
        return found

    def _offsets(self, window_ns: int) -> dict[str, Offsets]:
        """Offsets of the clocks of all venues that answered with times of their own."""
        found = {}
        for venue in sorted({venue for (venue, _), clocks in self.clocks.items() if clocks.trips}):
            own = [clocks for (name, _), clocks in self.clocks.items() if name == venue]
            trips = ((s, r, e) for clocks in own for s, r, e in _rows(clocks.trips, 3))
            pushes = ((e, r) for clocks in own for e, r in _rows(clocks.pushes, 2))
            known = offsets(trips, window_ns, pushes=pushes)
            if known.windows:
                found[venue] = known
        return found


def _rows(times: "array[int]", width: int) -> Iterable[Sequence[int]]:
    """Rows of times that stand one behind the other."""
    return zip(*[iter(times)] * width, strict=True)


class _Legs:
    """Durations of one endpoint while they are measured."""

    def __init__(self, known: Offsets | None, offset_ns: int | None) -> None:
        self.durations: dict[Leg, list[int]] = {leg: [] for leg in Leg}
        self.impossible = 0
        self._known = known
        self._offset_ns = offset_ns

    def distribution(self, venue: str, endpoint: str, leg: Leg, durations: Sequence[int]) -> Distribution:
        """The distribution of a leg."""
        if leg is Leg.ROUND_TRIP:
            return Distribution(venue, endpoint, leg, durations)
        known = self._known
        is_corrected = known is not None or self._offset_ns is not None
        error_ns = None if known is None else known.error_ns
        return Distribution(venue, endpoint, leg, durations, is_corrected, error_ns)

    def add_trip(self, sent: int, received: int, engine: int) -> None:
        """Add an answer with the engine's time."""
        self.durations[Leg.ROUND_TRIP].append(received - sent)
        if self._known is not None:
            at = self._known.between(sent, received, engine)
        else:
            given = engine - (self._offset_ns or 0)
            at = given if sent <= given <= received else None
        if at is not None:
            self.durations[Leg.THERE].append(at - sent)
            self.durations[Leg.BACK].append(received - at)
        else:
            self.impossible += 1

    def add_push(self, engine: int, received: int) -> None:
        """Add a message of a stream."""
        known = None if self._known is None else self._known.at(received)
        delay = received - engine + ((self._offset_ns or 0) if known is None else known.middle_ns)
        if delay >= 0:
            self.durations[Leg.NEWS].append(delay)
        else:
            self.impossible += 1
