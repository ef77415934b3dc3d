"""Offset between a venue's clock and the recorder's, bounded by round trips.

A venue acts between a request and its answer, so each round trip bounds how much the venue's clock is ahead:
``venue - received <= offset < venue + resolution - sent``. A message of a stream has the first of these bounds alone.
Many of them leave a narrow interval. Where in it the offset lies cannot be known: the way there and the way back may
differ.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["WINDOW_NS", "Bounds", "Offset", "Offsets", "offsets", "resolution"]

WINDOW_NS: Final = 600_000_000_000
"""Longest time for which an offset is taken to be constant."""

_DRIFT: Final = 10_000  # clocks part by less than 1 ns in as many: 100 ppm, the worst of quartz
_LEAST_JUMP: Final = (
    1_000_000  # clocks drift by less while a request is under way, and nobody sets one so finely
)
_NEIGHBOURS: Final = 4
_UNITS: Final = (1_000_000, 1_000)


class Bounds(NamedTuple):
    """A round trip whose answer has a time of the venue, in ns."""

    sent_ns: int
    received_ns: int
    venue_ns: int


class Offset(Struct, frozen=True):
    """How much the venue's clock is ahead of the recorder's in a window of time, in ns.

    ``least_ns`` and ``greatest_ns`` are the bounds that ``trips`` requests leave, sent from ``start_ns`` to ``end_ns``.
    If the offset drifts meanwhile, it is within the bounds at some time in the window. Bounds that cross, so that the
    least is the greater, are of requests that were sent at the same time and contradict each other.
    """

    start_ns: int
    end_ns: int
    least_ns: int
    greatest_ns: int
    trips: int

    @property
    def middle_ns(self) -> int:
        """The offset to subtract from the venue's times."""
        return (self.least_ns + self.greatest_ns) // 2

    @property
    def width_ns(self) -> int:
        """Width of the bounds; half of it is how far off ``middle_ns`` may be if the offset does not drift."""
        return self.greatest_ns - self.least_ns


class Offsets(Struct, frozen=True):
    """Offsets of consecutive windows.

    ``crossings`` is the number of windows whose bounds crossed, so that they were halved. ``doubtful`` is the number of
    round trips that contradict most of their neighbours, as an answer does that repeats the time of an earlier
    cancel; they bound nothing. ``resolution_ns`` is the unit of the venue's clock.
    """

    windows: tuple[Offset, ...]
    crossings: int
    doubtful: int
    resolution_ns: int

    @property
    def error_ns(self) -> int:
        """How far off the middle of a window may be; there is at least one window.

        This is half the width of its bounds, and half the step to the window beside it, for that is about how far the
        clock drifts from the middle of a window to its ends. Where a clock was set, the step is no drift.
        """
        widest = max(abs(window.width_ns) for window in self.windows)
        steps = (_step(*pair) for pair in pairwise(self.windows) if not _is_jump(*pair))
        return -(-(widest + max(steps, default=0)) // 2)

    @property
    def jumps(self) -> int:
        """How often a clock was set, as far as windows differ by more than clocks drift."""
        return sum(_is_jump(*pair) for pair in pairwise(self.windows))

    def between(self, sent_ns: int, received_ns: int, venue_ns: int) -> int | None:
        """The venue's time of a round trip on the recorder's clock; None if it is not between request and answer.

        A time that was cut off may seem to be before the request, by less than the unit; it is then that of the
        request.
        """
        offset = self.at(sent_ns)
        if offset is None:
            return None
        found = venue_ns - offset.middle_ns
        return max(found, sent_ns) if sent_ns < found + self.resolution_ns and found <= received_ns else None

    def at(self, time_ns: int) -> Offset | None:
        """The offset at a time of the recorder's clock: that of its window, or else of the one before or the first."""
        if not self.windows:
            return None
        return self.windows[max(bisect_right(self.windows, time_ns, key=_start) - 1, 0)]


def _start(offset: Offset) -> int:
    return offset.start_ns


def _step(before: Offset, after: Offset) -> int:
    return abs(after.middle_ns - before.middle_ns)


def _is_jump(before: Offset, after: Offset) -> bool:
    """Whether the bounds of two windows are farther apart than clocks drift meanwhile."""
    apart = max(after.least_ns - before.greatest_ns, before.least_ns - after.greatest_ns)
    return apart > (after.end_ns - before.start_ns) // _DRIFT + _LEAST_JUMP


def offsets(
    trips: Iterable[tuple[int, int, int]],
    window_ns: int = WINDOW_NS,
    resolution_ns: int | None = None,
    pushes: Iterable[tuple[int, int]] = (),
) -> Offsets:
    """Estimate the offset of a venue's clock from round trips, in windows of at most ``window_ns``.

    A trip is (sent, received, the venue's time) in ns, as ``Bounds``; a push is (the venue's time, received). A
    window is halved as long as its bounds cross, which clocks that drift cause. A push that contradicts the trips of
    its window bounds nothing. ``resolution_ns`` is the unit in which the venue cuts its times off; by default, that
    of ``resolution``. Raises ValueError for a window or a resolution that is not positive,
    and for an answer that was received before its request was sent.
    """
    if window_ns <= 0:
        raise ValueError(f"window_ns: expected more than 0, found {window_ns}")
    if resolution_ns is not None and resolution_ns <= 0:
        raise ValueError(f"resolution_ns: expected more than 0, found {resolution_ns}")
    found = sorted(Bounds(*trip) for trip in trips)
    for trip in found:
        if trip.received_ns < trip.sent_ns:
            raise ValueError(f"received at {trip.received_ns}, before it was sent at {trip.sent_ns}")
    unit = resolution(trip.venue_ns for trip in found) if resolution_ns is None else resolution_ns
    kept = [trip for place, trip in enumerate(found) if _is_plausible(found, place, unit)]
    windows: list[Offset] = []
    crossings = 0
    for _, group in groupby(kept, key=lambda trip: (trip.sent_ns - kept[0].sent_ns) // window_ns):
        crossings += _add(list(group), unit, windows)
    estimated = Offsets(tuple(windows), crossings, len(found) - len(kept), unit)
    return _narrowed(estimated, pushes)


def _narrowed(estimated: Offsets, pushes: Iterable[tuple[int, int]]) -> Offsets:
    """Offsets by which no push was received before it was sent, where the trips leave room for that."""
    windows = {window.start_ns: window for window in estimated.windows}
    for venue_ns, received_ns in pushes:
        own = estimated.at(received_ns)
        if own is None:
            break
        window = windows[own.start_ns]
        if window.least_ns < venue_ns - received_ns <= window.greatest_ns:
            windows[own.start_ns] = replace(window, least_ns=venue_ns - received_ns)
    return replace(estimated, windows=tuple(windows.values()))


def resolution(times: Iterable[int]) -> int:
    """The largest unit of a clock in which all times are whole: 1 ms, 1 us or 1 ns, in ns."""
    known = list(times)
    return next((unit for unit in _UNITS if known and not any(time % unit for time in known)), 1)


def _add(trips: Sequence[Bounds], unit: int, windows: list[Offset]) -> int:
    """Add the windows of some trips, in order; the number of those whose bounds crossed."""
    least = max(trip.venue_ns - trip.received_ns for trip in trips)
    greatest = min(trip.venue_ns + unit - trip.sent_ns for trip in trips)
    first, last = trips[0].sent_ns, trips[-1].sent_ns
    if least <= greatest or first == last:
        windows.append(Offset(first, last, least, greatest, len(trips)))
        return int(least > greatest)
    middle = bisect_right(trips, (first + last) // 2, key=lambda trip: trip.sent_ns)
    return 1 + _add(trips[:middle], unit, windows) + _add(trips[middle:], unit, windows)


# --- Times that are not of this request ---


def _is_plausible(trips: Sequence[Bounds], place: int, unit: int) -> bool:
    """Whether a trip agrees with both neighbours, or with half of the nearest ones."""
    trip = trips[place]
    near = trips[max(place - 1, 0) : place + 2]
    if all(_agree(trip, other, unit) for other in near):
        return True
    before = trips[max(place - _NEIGHBOURS, 0) : place]
    others = (*before, *trips[place + 1 : place + 1 + _NEIGHBOURS])
    return 2 * sum(_agree(trip, other, unit) for other in others) >= len(others)


def _agree(one: Bounds, other: Bounds, unit: int) -> bool:
    """Whether an offset satisfies both, but for the drift between them."""
    reach = max(one.received_ns, other.received_ns) - min(one.sent_ns, other.sent_ns)
    drift = -(-reach // _DRIFT)
    return (
        one.venue_ns - one.received_ns <= other.venue_ns + unit - other.sent_ns + drift
        and other.venue_ns - other.received_ns <= one.venue_ns + unit - one.sent_ns + drift
    )
