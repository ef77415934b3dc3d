"""Plain cancels: orders that are reported canceled, as the sequence rules take them, many at a time."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cancelnorm.schema import CancelEvent

__all__ = ["PlainCancel", "PlainCancels", "paths_of"]


class PlainCancel(NamedTuple):
    """One of them."""

    order: int
    order_id: str
    source: str | None
    path: str
    at_ns: int | None


class PlainCancels(NamedTuple):
    """Canceled orders with a final report, of one record or of records on consecutive lines.

    ``orders`` are hashes and ``order_ids`` the ids, separated by commas or, if all are numbers, as such.
    ``times`` are the engine's, one for each order or one for all. ``paths`` are those of the orders' objects in a
    record: all, or the first and perhaps the last of a list without gaps. ``ends`` tells for each record at which
    position its orders end, and ``source`` is that of the first record.
    """

    source: str | None
    orders: Sequence[int]
    order_ids: "str | array[int]"
    times: Sequence[int | None]
    paths: tuple[str, ...]
    ends: Sequence[int]

    def within(self, first: int, last: int) -> Sequence[int]:
        """Orders of the records from ``first`` up to ``last``."""
        if first == 0 and last == len(self.ends):
            return self.orders
        return self.orders[self._start(first) : self.ends[last - 1]]

    def each(self, record: int) -> Iterator[PlainCancel]:
        """Orders of a record, one by one."""
        ids = self.order_ids.split(",") if isinstance(self.order_ids, str) else self.order_ids
        start, end = self._start(record), self.ends[record]
        source = self._source_at(record)
        for i in range(start, end):
            at_ns = self.times[i if len(self.times) > 1 else 0]
            yield PlainCancel(
                self.orders[i], str(ids[i]), source, _path_at(self.paths, i - start, end - start), at_ns
            )

    def reaching(self, count: int, first: int) -> int:
        """End of the shortest run of records from ``first`` on with so many orders; that of all if they have fewer."""
        return min(bisect_left(self.ends, self._start(first) + count, first) + 1, len(self.ends))

    def source_of(self, order: int) -> str | None:
        """Source of the record that reports an order."""
        return self._source_at(bisect_right(self.ends, self.orders.index(order)))

    def _start(self, record: int) -> int:
        return self.ends[record - 1] if record else 0

    def _source_at(self, record: int) -> str | None:
        if not record or self.source is None:
            return self.source
        name, _, line = self.source.rpartition(":")
        return f"{name}:{int(line) + record}"


# --- Paths ---

_INDEX: Final = re.compile(r"(.*\[)([0-9]+)(\].*)", re.DOTALL)


def paths_of(events: Sequence[CancelEvent]) -> tuple[str, ...]:
    """Paths of events; of a list without gaps only the first and the last, which other processes get faster."""
    if len(events) > 2:
        first, last = (_INDEX.fullmatch(events[i].path or "$") for i in (0, -1))
        if first is None or last is None:
            return tuple(event.path or "$" for event in events)
        if first.group(1, 3) == last.group(1, 3) and int(last[2]) + 1 - int(first[2]) == len(events):
            return first[0], last[0]
    return tuple(event.path or "$" for event in events)


def _path_at(paths: tuple[str, ...], position: int, count: int) -> str:
    """Path of one of ``count`` orders."""
    if len(paths) == count or not (first := _INDEX.fullmatch(paths[0])):
        return paths[position]
    return f"{first[1]}{int(first[2]) + position}{first[3]}"
