"""Moments as numbers: a time and the source that has it, so that the earliest is the least."""

from collections.abc import Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.story_schema import MOMENT

__all__ = ["Moments", "Sources", "graded"]


class Sources:
    """Sources and their ranks: line 9 of a file before its line 10, and none last, as stories have them."""

    def __init__(self, column: pa.Array) -> None:
        encoded = column.dictionary_encode()
        words = encoded.dictionary
        keys = pa.table({"length": pc.utf8_length(words), "text": words})
        order = pc.sort_indices(keys, [("length", "ascending"), ("text", "ascending")])
        self.count = len(words) + 1
        """Number of ranks."""
        self._ranked = pa.concat_arrays([words.take(order), pa.nulls(1, pa.string())])
        ranks = pc.sort_indices(order).cast(pa.int64())  # the inverse of a permutation
        self.ranks = ranks.take(encoded.indices).fill_null(len(words))
        """Rank of each row."""

    def of(self, ranks: pa.Array) -> pa.Array:
        """The sources of some ranks."""
        return self._ranked.take(ranks)

    def graded(self, grades: pa.Array) -> pa.Array:
        """Numbers of which the greatest is the highest grade, of the same grade that of the first source."""
        return pc.add(pc.multiply(grades, self.count), pc.subtract(self.count - 1, self.ranks))


def graded(numbers: pa.Array, sources: Sources) -> tuple[pa.Array, pa.Array]:
    """The grades and the sources of numbers that ``Sources.graded`` gave."""
    grades = pc.divide(numbers, sources.count)
    ranks = pc.subtract(sources.count - 1, pc.subtract(numbers, pc.multiply(grades, sources.count)))
    return grades.cast(pa.int8()), sources.of(ranks)


_MOST: Final = 1 << 62


class Moments:
    """Times and sources of rows as one number each: the earlier, and of the same time the first source, is less."""

    def __init__(self, sources: Sources, clocks: Iterable[pa.Array]) -> None:
        self.sources = sources
        self._times: pa.Array | None = None
        times = pa.concat_arrays(list(clocks))
        extent = pc.min_max(times)
        least, greatest = extent["min"].as_py(), extent["max"].as_py()
        self._least = 0 if least is None else least
        if least is not None and (greatest - least + 1) * sources.count >= _MOST:
            distinct = times.unique().drop_null()
            self._times = distinct.take(pc.sort_indices(distinct))

    def earliest(self, clock: pa.Array) -> pa.Array:
        """Numbers of which the least is the earliest moment."""
        return pc.add(self._scaled(clock), self.sources.ranks)

    def latest(self, clock: pa.Array) -> pa.Array:
        """Numbers of which the greatest is the latest moment; of the same time the first source."""
        return pc.add(self._scaled(clock), pc.subtract(self.sources.count - 1, self.sources.ranks))

    def _scaled(self, clock: pa.Array) -> pa.Array:
        if self._times is None:
            ticks = pc.subtract(clock, self._least)
        else:
            ticks = pc.index_in(clock, value_set=self._times).cast(pa.int64())
        return pc.multiply(ticks, self.sources.count)

    def of_earliest(self, numbers: pa.Array) -> pa.Array:
        """The moments of numbers of ``earliest``."""
        return self._moments(numbers, is_latest=False)

    def of_latest(self, numbers: pa.Array) -> pa.Array:
        """The moments of numbers of ``latest``."""
        return self._moments(numbers, is_latest=True)

    def _moments(self, numbers: pa.Array, *, is_latest: bool) -> pa.Array:
        if numbers.null_count == len(numbers):
            return pa.nulls(len(numbers), MOMENT)
        count = self.sources.count
        ticks = pc.divide(numbers, count)
        ranks = pc.subtract(numbers, pc.multiply(ticks, count))
        if is_latest:
            ranks = pc.subtract(count - 1, ranks)
        ns = pc.add(ticks, self._least) if self._times is None else self._times.take(ticks)
        return pa.StructArray.from_arrays(
            [ns, self.sources.of(ranks)], fields=list(MOMENT), mask=pc.is_null(numbers)
        )
