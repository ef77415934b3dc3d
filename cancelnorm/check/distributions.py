"""Distributions of a run in bounded memory: its events over time, and its latencies."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from cancelnorm.schema import Outcome

__all__ = ["YEAR_10000", "Latency", "Timeline"]

YEAR_10000: Final = 253_402_300_800
"""The end of the calendar in seconds since the epoch, which times of a clock in a wrong unit exceed."""


class Timeline(Struct):
    """Number of events of each outcome over time.

    ``bins`` maps (start of the bin in seconds since the epoch, outcome) to the number of events. ``width`` is
    the length of a bin in seconds. It grows when there are more than a few thousand bins; each width divides
    the next, so the result does not depend on the order of merges. ``first`` and ``last`` are the seconds of the
    first and the last event, those outside the calendar left out.
    """

    width: int = 1
    bins: Counter[tuple[int, Outcome]] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    def add(self, seconds: int, outcome: Outcome, count: int = 1) -> None:
        """Count events at a second since the epoch."""
        if 0 <= seconds < YEAR_10000:
            self._reach(seconds)
        self._count(seconds, outcome, count)

    def _reach(self, seconds: int) -> None:
        if self.first is None or seconds < self.first:
            self.first = seconds
        if self.last is None or seconds > self.last:
            self.last = seconds

    def _count(self, seconds: int, outcome: Outcome, count: int) -> None:
        self.bins[seconds - seconds % self.width, outcome] += count
        if len(self.bins) > _MAX_BINS:
            self._coarsen()

    def merge(self, other: "Timeline") -> None:
        """Add the counts of another one."""
        while self.width < other.width:
            self._widen()
        for seconds in (other.first, other.last):
            if seconds is not None:
                self._reach(seconds)
        for (start, outcome), count in other.bins.items():
            self._count(start, outcome, count)

    def _coarsen(self) -> None:
        while len(self.bins) > _MAX_BINS and self.width != _WIDTHS[-1]:
            self._widen()

    def _widen(self) -> None:
        self.width = _WIDTHS[_WIDTHS.index(self.width) + 1]
        bins: Counter[tuple[int, Outcome]] = Counter()
        for (start, outcome), count in self.bins.items():
            bins[start - start % self.width, outcome] += count
        self.bins = bins


_MAX_BINS: Final = 4_096


_WIDTHS: Final = (1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400, 2_592_000, 31_104_000, 3_110_400_000)


class Latency(Struct):
    """Distribution of durations in bins of about 10% relative width; least and greatest are exact.

    Negative durations, which come from clocks that disagree, are counted separately.
    """

    count: int = 0
    negative: int = 0
    least_ns: int | None = None
    greatest_ns: int | None = None
    bins: Counter[int] = field(default_factory=Counter)

    def add(self, durations: Sequence[int]) -> None:
        """Count durations."""
        least, greatest = min(durations), max(durations)
        self.count += len(durations)
        self._extend_range(least)
        self._extend_range(greatest)
        if least < 0:
            self.negative += sum(ns < 0 for ns in durations)
            durations = [ns for ns in durations if ns >= 0]
        self.bins.update(
            [ns >> shift << shift if (shift := ns.bit_length() - 4) > 0 else ns for ns in durations]
        )

    def _extend_range(self, ns: int) -> None:
        """Extend the range from least to greatest."""
        if self.least_ns is None or ns < self.least_ns:
            self.least_ns = ns
        if self.greatest_ns is None or ns > self.greatest_ns:
            self.greatest_ns = ns

    def merge(self, other: "Latency") -> None:
        """Add the counts of another one."""
        self.count += other.count
        self.negative += other.negative
        for ns in (other.least_ns, other.greatest_ns):
            if ns is not None:
                self._extend_range(ns)
        self.bins.update(other.bins)

    def quantile(self, share: float) -> int | None:
        """Quantile of the non-negative durations in ns, accurate to about 10%."""
        rest = share * self.bins.total()
        for start in sorted(self.bins):
            rest -= self.bins[start]
            if rest <= 0:
                return max(start, self.least_ns or 0)
        return None
