"""Plain lines: records of which no rule for one record finds anything, taken from many lines at once.

The answers of consecutive lines are read together, as columns, and no event is made. What the columns show to be
anything but plain cancels goes the way of single records.
"""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from cancelnorm import venues
from cancelnorm.check.clock_rules import clocks_agree
from cancelnorm.check.examples import example_numbers
from cancelnorm.check.observations import Observations, Origin, is_pushed, space_of
from cancelnorm.check.order_hashes import LIMIT, first_hash
from cancelnorm.check.plain_cancels import PlainCancels
from cancelnorm.check.plain_requests import PlainRequests
from cancelnorm.check.unusual_events import PLAIN, filled_in_part
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.plain_rows import PlainRows, RowColumns, plain_rows, usual_zero
from cancelnorm.logs import Line, Lines, safe_account
from cancelnorm.reader.scalars import ZEROS

__all__ = ["PlainLines", "PlainLinesReader"]

_NS_PER_MS: Final = 1_000_000
_MS_PER_S: Final = 1_000
_FAILED: Final = 400  # the least HTTP status of a failure


class PlainLines(NamedTuple):
    """Consecutive lines of one endpoint with plain cancels alone; clocks have one entry for each line."""

    first: int
    size: int
    venue: str
    endpoint: str
    seconds: Mapping[int, int]  # second since the epoch → orders
    sent: Sequence[int | None]
    engine: Sequence[int]
    received: Sequence[int | None]
    observations: Observations


class PlainLinesReader:
    """Finds plain lines; what it learns of an endpoint serves for all its lines."""

    def __init__(self) -> None:
        self._readers: dict[object, _Reader | None] = {}

    def read(self, lines: Lines) -> Iterator[PlainLines | int]:
        """Divide lines, in order, into plain ones and the positions of all others."""
        of = [
            (line.venue, line.endpoint, line.status, line.account, line.dialect, line.pairing)
            for line in lines.lines
        ]
        start = 0
        while start < len(of):
            end = len(of) if of.count(of[start]) == len(of) else _end_of_run(of, start)
            reader = self._reader(of[start], lines.lines[start])
            yield from range(start, end) if reader is None else reader.read(lines, start, end)
            start = end

    def _reader(self, key: object, line: Line) -> "_Reader | None":
        if key not in self._readers:
            self._readers[key] = _Reader.of(line)
        return self._readers[key]


def _end_of_run(of: Sequence[object], start: int) -> int:
    return next((i for i in range(start, len(of)) if of[i] != of[start]), len(of))


class _Reader:
    """Reads lines of one endpoint and account."""

    def __init__(self, endpoint: Endpoint, rows: PlainRows, origin: Origin) -> None:
        self._rows = rows
        self._requests = PlainRequests(endpoint.request)
        self._paths = ("$[0]",) if rows.is_list else ("$",)
        self._origin = origin
        self._space = space_of(origin.venue, origin.endpoint)
        self._bases: dict[str, int] = {}
        self._examples = example_numbers(origin.venue)

    @classmethod
    def of(cls, line: Line) -> "_Reader | None":
        """The reader of a line and those like it; None if they may be anything but plain."""
        venue = venues.find(line.venue)
        endpoint = None if venue is None or line.endpoint is None else venue.endpoints.get(line.endpoint)
        if venue is None or endpoint is None or line.dialect is not None or line.pairing is not None:
            return None
        if is_pushed(endpoint.name) or not (line.status is None or line.status < _FAILED):
            return None
        rows = plain_rows(endpoint)
        origin = Origin(venue.name, endpoint.name, safe_account(line.account))
        return None if rows is None else cls(endpoint, rows, origin)

    def read(self, lines: Lines, start: int, end: int) -> Iterator[PlainLines | int]:
        """Read the lines from ``start`` up to ``end``; if that fails, each half of them."""
        these = lines.lines[start:end]
        rows = self._rows.read([line.payload for line in these])
        if rows is None:
            if end - start == 1:
                yield start
                return
            middle = (start + end) // 2
            yield from self.read(lines, start, middle)
            yield from self.read(lines, middle, end)
            return
        at = start
        for other in sorted(self._others(these, rows)):
            if at < start + other:
                yield self._plain(lines, rows, start, at - start, other)
            yield start + other
            at = start + other + 1
        if at < end:
            yield self._plain(lines, rows, start, at - start, end - start)

    def _others(self, lines: Sequence[Line], rows: RowColumns) -> set[int]:
        """Lines, by their position, that are not plain."""
        found = {bisect_right(rows.ends, row) for row in self._unusual(rows)}
        found |= self._requests.others([line.request for line in lines], rows)
        times, ends = rows.times_ms, rows.ends
        for i, line in enumerate(lines):
            own = times[ends[i - 1] if i else 0 : ends[i]]
            least, greatest = min(own) * _NS_PER_MS, max(own) * _NS_PER_MS
            if not clocks_agree(line.sent_ns, line.received_ns, least, greatest):
                found.add(i)
        return found

    def _unusual(self, rows: RowColumns) -> set[int]:
        """Rows that the rules for single orders may find something in."""
        found: set[int] = set()
        unlike = {word for word in set(rows.words) if rows.verdicts.get(word) != PLAIN}
        if unlike:
            found.update(i for i, word in enumerate(rows.words) if word in unlike)
        if max(rows.order_ids) >= LIMIT or not self._examples.isdisjoint(rows.order_ids):
            found.update(i for i, n in enumerate(rows.order_ids) if n >= LIMIT or n in self._examples)
        for i in {*_not_zero(rows.filled), *_not_zero(rows.quotes)}:
            quote = Decimal(rows.quotes[i]) if rows.quotes else None
            filled, quantity = Decimal(rows.filled[i]), Decimal(rows.quantities[i])
            if not filled_in_part(filled, quantity, quote):
                found.add(i)
        return found

    def _plain(self, lines: Lines, rows: RowColumns, start: int, first: int, last: int) -> PlainLines:
        """The lines from ``first`` up to ``last`` of those that begin at ``start``."""
        ends, begin = rows.ends[first:last], rows.ends[first - 1] if first else 0
        span = slice(begin, ends[-1])
        times, ids = rows.times_ms[span], rows.order_ids[span]
        if begin:
            ends = [end - begin for end in ends]
        these = lines.lines[start + first : start + last]
        source = lines.source(start + first)
        at_ns = array("q", [time * _NS_PER_MS for time in times])
        cancels = PlainCancels(
            source,
            self._hashes(rows.symbols[span], ids),
            array("q", ids),
            at_ns,
            self._paths,
            array("q", ends),
        )
        return PlainLines(
            start + first,
            last - first,
            self._origin.venue,
            self._origin.endpoint,
            _seconds(times),
            [line.sent_ns for line in these],
            [at_ns[0], *(at_ns[end] for end in ends[:-1])],
            [line.received_ns for line in these],
            Observations(source, self._origin, cancels),
        )

    def _hashes(self, symbols: Sequence[str], ids: Sequence[int]) -> "array[int]":
        """Hashes of orders."""
        if symbols.count(symbols[0]) == len(symbols):
            base = self._base(symbols[0])
            return array("q", [base + order_id for order_id in ids])
        bases = {symbol: self._base(symbol) for symbol in set(symbols)}
        return array("q", [bases[symbol] + order_id for symbol, order_id in zip(symbols, ids, strict=True)])

    def _base(self, symbol: str) -> int:
        """Hash of order 0 of a symbol."""
        if symbol not in self._bases:
            self._bases[symbol] = first_hash(self._space, symbol, self._origin.account)
        return self._bases[symbol]


def _not_zero(texts: Sequence[str]) -> list[int]:
    """Positions of amounts that are not zero."""
    zero = usual_zero(texts)
    if zero is not None and texts.count(zero) == len(texts):
        return []
    return [i for i, text in enumerate(texts) if text != zero and text not in ZEROS]


def _seconds(times_ms: Sequence[int]) -> Mapping[int, int]:
    """Number of orders of each second."""
    first, last = min(times_ms) // _MS_PER_S, max(times_ms) // _MS_PER_S
    if first == last:
        return {first: len(times_ms)}
    return Counter([time // _MS_PER_S for time in times_ms])
