"""Bounds of a clock's offset: laws on simulated clocks whose offset is known, then examples."""

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.latency import Bounds, Offsets, offsets, resolution

MS = 1_000_000
SECOND = 1_000 * MS
UNITS = (1, 1_000, MS)


class Clock(NamedTuple):
    """A venue's clock: how much it is ahead at first, its drift, and the unit in which it cuts off."""

    ahead_ns: int
    drift_ppm: int
    unit_ns: int

    def offset(self, at_ns: int) -> int:
        """How much it is ahead at a time of the recorder's."""
        return self.ahead_ns + at_ns * self.drift_ppm // 1_000_000

    def read(self, at_ns: int) -> int:
        """What it shows at a time of the recorder's."""
        shown = at_ns + self.offset(at_ns)
        return shown - shown % self.unit_ns

    def trip(self, sent_ns: int, there_ns: int, back_ns: int) -> Bounds:
        """A round trip as it is recorded."""
        return Bounds(sent_ns, sent_ns + there_ns + back_ns, self.read(sent_ns + there_ns))


delays = st.integers(0, 40 * MS) | st.integers(0, 3_000)
times = st.integers(0, 7_200 * SECOND)
travels = st.lists(st.tuples(times, delays, delays), min_size=1, max_size=40)
steady = st.builds(Clock, st.integers(-3_600 * SECOND, 3_600 * SECOND), st.just(0), st.sampled_from(UNITS))
drifting = st.builds(Clock, st.integers(-SECOND, SECOND), st.integers(-90, 90), st.sampled_from(UNITS))
windows = st.sampled_from([SECOND, 60 * SECOND, 600 * SECOND, 86_400 * SECOND])

# --- Laws ---


@given(steady, travels, st.lists(st.tuples(times, delays), max_size=9), windows, st.booleans())
def test_the_offset_is_within_the_bounds(
    clock: Clock,
    travels: list[tuple[int, int, int]],
    news: list[tuple[int, int]],
    window_ns: int,
    is_known: bool,
) -> None:
    """A clock that does not drift makes no bounds cross, whether its unit is known or not; streams narrow them."""
    trips = [clock.trip(*each) for each in travels]
    pushes = [(clock.read(at), at + delay) for at, delay in news]
    unit = clock.unit_ns if is_known else None
    found = offsets(trips, window_ns, unit, pushes)
    for window, wide in zip(found.windows, offsets(trips, window_ns, unit).windows, strict=True):
        assert (window.greatest_ns, window.trips) == (wide.greatest_ns, wide.trips)
        assert window.least_ns >= wide.least_ns
    for venue_ns, received_ns in pushes:
        offset = found.at(received_ns)
        assert offset is not None
        assert venue_ns - offset.middle_ns <= received_ns
    assert (found.crossings, found.doubtful) == (0, 0)
    assert found.windows
    assert all(window.least_ns <= clock.ahead_ns <= window.greatest_ns for window in found.windows)


@given(drifting, travels, windows)
def test_the_offset_is_within_the_bounds_at_some_time_of_each_window(
    clock: Clock, travels: list[tuple[int, int, int]], window_ns: int
) -> None:
    """The bounds of a window have an offset that the clock had in it."""
    trips = sorted(clock.trip(*each) for each in travels)
    found = offsets(trips, window_ns, clock.unit_ns)
    assert found.doubtful == 0
    for window in found.windows:
        if window.least_ns > window.greatest_ns:
            continue
        within = [trip for trip in trips if window.start_ns <= trip.sent_ns <= window.end_ns]
        assert len(within) == window.trips
        had = [clock.offset(at) for trip in within for at in (trip.sent_ns, trip.received_ns)]
        assert window.least_ns <= max(had)
        assert min(had) <= window.greatest_ns


@given(drifting, travels, windows)
def test_windows_divide_the_trips(clock: Clock, travels: list[tuple[int, int, int]], window_ns: int) -> None:
    """Every trip is in one window, no window is longer than it may be, and only crossed bounds are halved."""
    found = offsets([clock.trip(*each) for each in travels], window_ns, clock.unit_ns)
    assert sum(window.trips for window in found.windows) == len(travels)
    assert all(window.end_ns - window.start_ns < window_ns for window in found.windows)
    assert all(before.end_ns < after.start_ns for before, after in pairwise(found.windows))
    for window in found.windows:
        if window.start_ns < window.end_ns:
            assert window.width_ns >= 0
        assert found.at(window.start_ns) == found.at(window.end_ns) == window


@given(drifting, travels, windows)
def test_the_order_of_the_trips_does_not_matter(
    clock: Clock, travels: list[tuple[int, int, int]], window_ns: int
) -> None:
    """Any order gives the same bounds."""
    trips = [clock.trip(*each) for each in travels]
    assert offsets(trips[::-1], window_ns) == offsets(trips, window_ns) == offsets(sorted(trips), window_ns)


@given(steady, travels, travels)
def test_more_trips_narrow_the_bounds(
    clock: Clock, some: list[tuple[int, int, int]], more: list[tuple[int, int, int]]
) -> None:
    """What is known of a clock is never lost."""
    day = 86_400 * SECOND
    few, all_of_them = (
        offsets([clock.trip(*each) for each in travels], day, clock.unit_ns)
        for travels in (some, [*some, *more])
    )
    assert few.windows[0].least_ns <= all_of_them.windows[0].least_ns
    assert all_of_them.windows[0].greatest_ns <= few.windows[0].greatest_ns


@given(
    drifting,
    st.lists(st.tuples(delays, delays), min_size=9, max_size=30),
    st.integers(10 * SECOND, 86_400 * SECOND),
    st.data(),
)
def test_a_time_of_an_earlier_cancel_bounds_nothing(
    clock: Clock, steps: list[tuple[int, int]], age_ns: int, data: st.DataObject
) -> None:
    """An answer that repeats an old time contradicts its neighbours; those keep their bounds."""
    trips = [clock.trip(n * SECOND, there, back) for n, (there, back) in enumerate(steps)]
    place = data.draw(st.integers(0, len(trips) - 1))
    stale = trips[place]._replace(venue_ns=(trips[place].venue_ns - age_ns) // clock.unit_ns * clock.unit_ns)
    others = [*trips[:place], *trips[place + 1 :]]
    found = offsets([*others, stale], resolution_ns=clock.unit_ns)
    assert found.doubtful == 1
    assert found.windows == offsets(others, resolution_ns=clock.unit_ns).windows


@given(steady, travels, windows)
def test_the_venue_acts_between_request_and_answer(
    clock: Clock, travels: list[tuple[int, int, int]], window_ns: int
) -> None:
    """Its time on the recorder's clock is possible, and as far off as the bounds are wide and its unit is long."""
    trips = [clock.trip(*each) for each in travels]
    found = offsets(trips, window_ns, clock.unit_ns)
    for trip, (sent, there, _) in zip(trips, travels, strict=True):
        at = found.between(*trip)
        assert at is not None
        assert trip.sent_ns <= at <= trip.received_ns
        assert abs(at - (sent + there)) <= found.error_ns + clock.unit_ns


@given(drifting, travels, windows)
def test_drift_is_no_jump(clock: Clock, travels: list[tuple[int, int, int]], window_ns: int) -> None:
    """However far apart the round trips are."""
    assert not offsets([clock.trip(*each) for each in travels], window_ns, clock.unit_ns).jumps


# --- Examples ---


def test_one_trip() -> None:
    """It bounds the offset by the time it took, and by the unit of the clock."""
    found = offsets([(0, 9 * MS, 40 * MS)], resolution_ns=MS)
    assert [(w.least_ns, w.greatest_ns, w.middle_ns, w.width_ns) for w in found.windows] == [
        (31 * MS, 41 * MS, 36 * MS, 10 * MS)
    ]


def test_nothing_is_known_without_a_trip() -> None:
    """There is no offset, rather than one of zero."""
    assert offsets([]) == Offsets((), 0, 0, 1)
    assert offsets([]).at(0) is None


def test_a_time_has_the_offset_of_its_window() -> None:
    """Before the first window it is that of the first, after each that of the one before."""
    found = offsets([(0, 2, 11), (100, 102, 110)], window_ns=50)
    first, second = found.windows
    assert [found.at(ns) for ns in (-9, 0, 60, 99, 100, 999)] == [first] * 4 + [second] * 2


def test_a_clock_that_drifts_is_followed() -> None:
    """50 ppm for an hour are 180 ms: the bounds of ten minutes cross, and shorter windows follow."""
    clock = Clock(37 * MS, 50, MS)
    trips = [clock.trip(n * SECOND, 3 * MS + n % 7 * MS, 2 * MS + n % 5 * MS) for n in range(3_600)]
    found = offsets(trips)
    assert (found.resolution_ns, found.doubtful) == (MS, 0)
    assert found.crossings > 0
    assert len(found.windows) > 6
    for trip in trips:
        offset = found.at(trip.sent_ns)
        assert offset is not None
        assert abs(offset.middle_ns - clock.offset(trip.sent_ns)) <= found.error_ns
    assert found.error_ns < 10 * MS


def test_a_clock_that_is_set_does_not_drift() -> None:
    """How far off the offsets are is told without the step, which is counted."""
    before, after = Clock(37 * MS, 20, MS), Clock(-20 * SECOND, 20, MS)
    trips = [
        (before if n < 1_800 else after).trip(n * SECOND, 3 * MS + n % 7 * MS, 2 * MS + n % 5 * MS)
        for n in range(3_600)
    ]
    found = offsets(trips)
    assert (found.jumps, found.error_ns < 10 * MS) == (1, True)


def test_windows_that_are_halved_are_counted() -> None:
    """Four trips that contradict each other are halved once, and their halves too."""
    clock = Clock(0, 50, 1)
    trips = [clock.trip(n * 100 * SECOND, 1, 1) for n in range(4)]
    found = offsets(trips, resolution_ns=1)
    assert (found.crossings, found.doubtful, [window.trips for window in found.windows]) == (3, 0, [1] * 4)
    assert [window.middle_ns for window in found.windows] == [n * 5 * MS for n in range(4)]
    assert found.error_ns == (3 + 5 * MS + 1) // 2


def test_contradicting_trips_of_one_time() -> None:
    """They cannot be divided: the bounds cross, and it is told."""
    found = offsets([(0, 2, 1), (0, 2, 9)], resolution_ns=1)
    assert (found.windows, found.doubtful) == ((), 2)
    found = offsets([(0, 4, 1), (0, 4, 6), (0, 4, 4)], resolution_ns=1)
    [window] = found.windows
    assert (window.width_ns, window.trips, found.crossings) == (0, 3, 0)


@pytest.mark.parametrize(
    ("times", "unit"),
    [
        ((), 1),
        ((3,), 1),
        ((5_000, 7_001_000), 1_000),
        ((5 * MS, SECOND), MS),
        ((0, SECOND, 7 * SECOND), MS),
    ],
)
def test_resolution(times: tuple[int, ...], unit: int) -> None:
    """The unit of a clock is seen in its times."""
    assert resolution(times) == unit


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], 0), "window_ns: expected more than 0, found 0"),
        (([], 1, -1), "resolution_ns: expected more than 0, found -1"),
        (([(5, 4, 5)],), "received at 4, before it was sent at 5"),
    ],
)
def test_arguments(arguments: tuple[list[tuple[int, int, int]], int, int], message: str) -> None:
    """What makes no sense is refused."""
    with pytest.raises(ValueError, match=message):
        offsets(*arguments)
