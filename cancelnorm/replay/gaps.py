"""Silences in a replay."""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from cancelnorm.replay.merge import Due

__all__ = ["Gap", "gaps"]


class Gap(NamedTuple):
    """A silence, from the last event before it to the first after it; ``times`` is how often the median it lasted."""

    start_ns: int
    end_ns: int
    times: float


def gaps(events: Iterable[Due], times: float = 100.0) -> list[Gap]:
    """Find the silences that last more than ``times`` the median time from one event to the next.

    Events of the same time count as one. Whether the market was quiet or the recorder dead, a log does not say.
    Keeps 8 bytes or more for each distinct time. Raises ValueError if ``times`` is not positive.
    """
    if not times > 0:
        raise ValueError(f"times: expected more than 0, found {times}")
    known = list(dict.fromkeys(due.time_ns for due in events if due.time_ns is not None))
    usual = median(after - before for before, after in pairwise(known)) if len(known) > 1 else 0
    return [
        Gap(before, after, (after - before) / usual)
        for before, after in pairwise(known)
        if after - before > times * usual
    ]
