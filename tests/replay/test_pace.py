"""Pace, windows and gaps, by a clock that needs no time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.replay import Due, Gap, between, gaps, merge, pace
from tests.replay.test_merge import received


class Told:
    """A clock that moves when someone sleeps or works."""

    def __init__(self) -> None:
        self.now = 1_000

    def now_ns(self) -> int:
        """The time."""
        return self.now

    def sleep_ns(self, duration_ns: int) -> None:
        """Let time pass."""
        assert duration_ns > 0
        self.now += duration_ns


@given(st.lists(st.integers(0, 10**15), min_size=1), st.sampled_from([0.5, 1.0, 4.0]))
def test_each_comes_when_it_is_due(times: list[int], speed: float) -> None:
    """Counted from the first."""
    clock = Told()
    for due in pace(merge(received(*sorted(times))), clock, speed):
        assert due.time_ns is not None
        assert clock.now - 1_000 == round((due.time_ns - min(times)) / speed)


def test_who_falls_behind_catches_up() -> None:
    """Without a wait."""
    clock, found = Told(), []
    for due in pace(merge(received(0, 10, 20, None, 100)), clock):
        found.append(clock.now - 1_000)
        clock.now += 15 if due.time_ns == 0 else 0
    assert found == [0, 15, 20, 20, 100]


def test_a_speed_that_stands_still_is_refused() -> None:
    """At once, not when the first event is asked for."""
    for speed in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="speed: expected more than 0"):
            pace([], Told(), speed)


@given(st.lists(st.none() | st.integers(0, 9), max_size=9), st.integers(0, 9), st.integers(0, 9))
def test_a_window_is_part_of_the_whole(times: list[int | None], start: int, end: int) -> None:
    """From the start on, before the end."""
    whole = list(merge(received(*times)))
    inside = [due for due in whole if due.time_ns is not None and start <= due.time_ns < end]
    assert list(between(whole, start, end)) == inside
    assert list(between(whole)) == whole
    head, tail = list(between(whole, None, start)), list(between(whole, start))
    assert head + tail == whole


def test_nothing_is_read_beyond_the_end() -> None:
    """But the event that tells that the end has come."""
    source = iter(merge(received(1, 2, 3, 4)))
    assert [due.time_ns for due in between(source, None, 3)] == [1, 2]
    assert [due.time_ns for due in source] == [4]


def test_silences_are_found() -> None:
    """Measured by the usual time between two events; several of one time say nothing about it."""
    found = list(merge(received(0, 10, 10, 10, 20, None, 30, 5_000, 5_010)))
    assert gaps(found) == [Gap(30, 5_000, 497.0)]
    assert gaps(found, times=500) == []
    assert gaps([]) == gaps(found[:1]) == []
    assert gaps([Due(None, None, found[0].event)] * 2) == []
    with pytest.raises(ValueError, match="times: expected more than 0"):
        gaps(found, times=0)
