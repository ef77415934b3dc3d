"""When events are given to who waits for them."""

import time
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from cancelnorm.replay.merge import Due

__all__ = ["MONOTONIC", "PacingClock", "between", "pace"]


class PacingClock(Protocol):
    """A clock to wait by; a test gives one of its own and need not wait."""

    def now_ns(self) -> int:
        """Present time in nanoseconds, from any beginning; it never goes back."""

    def sleep_ns(self, duration_ns: int) -> None:
        """Wait."""


class _Monotonic:
    """The clock of this machine."""

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def sleep_ns(self, duration_ns: int) -> None:
        time.sleep(duration_ns / 1e9)


MONOTONIC: Final[PacingClock] = _Monotonic()
"""The clock of this machine, which no change of the time of day sets."""


def pace(events: Iterable[Due], clock: PacingClock = MONOTONIC, speed: float = 1.0) -> Iterator[Due]:
    """Give each event when it is due, the first at once; ``speed`` 2 takes half the time.

    Who falls behind gets the following events at once, until it has caught up. An event without a time waits for
    nothing. Raises ValueError for a speed that is not positive.
    """
    if not speed > 0:
        raise ValueError(f"speed: expected more than 0, found {speed}")
    return _paced(events, clock, speed)


def _paced(events: Iterable[Due], clock: PacingClock, speed: float) -> Iterator[Due]:
    begun = first = None
    for due in events:
        if due.time_ns is not None:
            if begun is None or first is None:
                begun, first = clock.now_ns(), due.time_ns
            wait = begun + round((due.time_ns - first) / speed) - clock.now_ns()
            if wait > 0:
                clock.sleep_ns(wait)
        yield due


def between(events: Iterable[Due], start_ns: int | None = None, end_ns: int | None = None) -> Iterator[Due]:
    """The events due from ``start_ns`` on and before ``end_ns``; nothing is read beyond the end.

    An event without a time belongs to its predecessor; one with none before it is in no window that has a start.
    A cancel that was asked for before the window may end in it: begin as much earlier as a cancel may take.
    """
    for due in events:
        if due.time_ns is None:
            if start_ns is None:
                yield due
        elif end_ns is not None and due.time_ns >= end_ns:
            return
        elif start_ns is None or due.time_ns >= start_ns:
            yield due
