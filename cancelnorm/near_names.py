"""Names near another one, by what both begin and end with: a log may have a new unknown name in every line."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["NearNames"]

_BESIDE: Final = 4  # names on each side of the place of a name in order


class NearNames:
    """Names of which those near another one are found without a comparison with each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name.casefold(): name for name in names}
        self._forwards = sorted(self._names)
        self._backwards = sorted(name[::-1] for name in self._names)
        self._longest = max(map(len, self._names), default=0)

    def to(self, name: str, *, count: int, least: float) -> list[str]:
        """The nearest names, the nearest first; ``least`` is the part of both that is common, from 0 to 1."""
        name = name.casefold()
        if len(name) * least > self._longest * (2 - least):  # all of any name would be too little of it
            return []
        near = {
            *_beside(self._forwards, name),
            *(each[::-1] for each in _beside(self._backwards, name[::-1])),
        }
        found = sorted((-_likeness(name, each), each) for each in near)
        return [self._names[each] for unlike, each in found[:count] if -unlike >= least]


def _beside(names: Sequence[str], name: str) -> Sequence[str]:
    """The names beside the place of another one in their order: those with the longest common beginning."""
    at = bisect_left(names, name)
    return names[max(0, at - _BESIDE) : at + _BESIDE]


def _likeness(one: str, other: str) -> float:
    """The part of two names that is common at their beginnings and their ends."""
    begun = _common(one, other)
    ended = _common(one[begun:][::-1], other[begun:][::-1])
    return 2 * (begun + ended) / max(1, len(one) + len(other))


def _common(one: str, other: str) -> int:
    """The number of characters that two texts begin with in common."""
    for count, (this, that) in enumerate(zip(one, other, strict=False)):
        if this != that:
            return count
    return min(len(one), len(other))
