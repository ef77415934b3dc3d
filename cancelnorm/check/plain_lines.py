"""Plain lines: records of which no rule for one record finds anything, taken from many lines at once.

The answers of consecutive lines are read together, as columns, and no event is made. What the columns show to be
anything but plain cancels goes the way of single records.
"""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
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
    """Consecutive lines of one endpoint with plain cancels alone; clocks have one entry for each line.

    ``observations`` are those of all lines up to the next, with the number of the first of them, counted from that of
    these lines. ``secret`` are lines whose requests have a secret; observations begin anew with each of them.
    """

    first: int
    size: int
    venue: str
    endpoint: str
    seconds: Mapping[int, int]  # second since the epoch → orders
    sent: Sequence[int | None]
    engine: Sequence[int]
    received: Sequence[int | None]
    observations: Sequence[tuple[int, Observations]]
    secret: Sequence[int]


class PlainLinesReader:
    """Finds plain lines; what it learns of an endpoint serves for all its lines."""

    def __init__(self) -> None:
        self._readers: dict[object, _Reader | None] = {}

    def read(self, lines: Lines) -> Iterable[PlainLines | int]:
        """Divide lines, in order, into plain ones and the positions of all others."""
        of = [
            (line.venue, line.endpoint, line.status, line.account, line.dialect, line.pairing)
            for line in lines.lines
        ]
        if of.count(of[0]) == len(of):
            return self._read(lines, of[0], range(len(of)))
        alike: dict[object, list[int]] = {}
        for at, key in enumerate(of):
            alike.setdefault(key, []).append(at)
        found = [each for key, at in alike.items() for each in self._read(lines, key, at)]
        return sorted(found, key=_first)

    def _read(self, lines: Lines, key: object, at: Sequence[int]) -> Iterable[PlainLines | int]:
        """Divide lines of one kind."""
        if key not in self._readers:
            self._readers[key] = _Reader.of(lines.lines[at[0]])
        reader = self._readers[key]
        return at if reader is None else reader.read(lines, at)


def _first(found: PlainLines | int) -> int:
    return found if isinstance(found, int) else found.first


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

    def read(self, lines: Lines, at: Sequence[int]) -> Iterator[PlainLines | int]:
        """Read the lines at these positions."""
        these = [lines.lines[i] for i in at]
        rows = self._rows.read([line.payload for line in these])
        if len(rows.others) == len(at):
            yield from at
            return
        requests = self._requests.find([line.request for line in these], rows)
        others = {*rows.others, *requests.others, *self._others(these, rows)}
        first = 0
        for i in range(len(at) + 1):
            is_end = i == len(at) or i in others
            if first < i and (is_end or at[i] != at[i - 1] + 1):
                secret = [one - first for one in requests.secret if first <= one < i]
                yield self._plain(these, rows, lines.source(at[first]), at[first], first, i, sorted(secret))
                first = i
            if is_end and i < len(at):
                yield at[i]
                first = i + 1

    def _others(self, lines: Sequence[Line], rows: RowColumns) -> Iterator[int]:
        """Lines, by their position, that are not plain for what their rows or clocks say."""
        yield from {bisect_right(rows.ends, row) for row in self._unusual(rows)}
        times, start = rows.times_ms, 0
        for i, (line, end) in enumerate(zip(lines, rows.ends, strict=True)):
            if start < end:
                own = times[start:end]
                least, greatest = min(own) * _NS_PER_MS, max(own) * _NS_PER_MS
                if not clocks_agree(line.sent_ns, line.received_ns, least, greatest):
                    yield i
            start = end

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

    def _plain(
        self,
        lines: Sequence[Line],
        rows: RowColumns,
        source: str,
        number: int,
        first: int,
        last: int,
        secret: Sequence[int],
    ) -> PlainLines:
        """The lines from ``first`` up to ``last``, of which the first has a number and a source."""
        ends, begin = rows.ends[first:last], rows.ends[first - 1] if first else 0
        span = slice(begin, ends[-1])
        times, ids = rows.times_ms[span], rows.order_ids[span]
        if begin:
            ends = [end - begin for end in ends]
        these = lines[first:last]
        at_ns = array("q", [time * _NS_PER_MS for time in times])
        cancels = PlainCancels(
            source,
            self._hashes(rows.symbols[span], ids),
            array("q", ids),
            at_ns,
            self._paths,
            array("q", ends),
        )
        cuts = [0, *filter(None, secret), last - first]
        parts = [cancels] if len(cuts) == 2 else [cancels.part(*pair) for pair in pairwise(cuts)]
        return PlainLines(
            number,
            last - first,
            self._origin.venue,
            self._origin.endpoint,
            _seconds(times),
            [line.sent_ns for line in these],
            [at_ns[0], *(at_ns[end] for end in ends[:-1])],
            [line.received_ns for line in these],
            [
                (cut, Observations(part.source, self._origin, part))
                for cut, part in zip(cuts, parts, strict=False)
            ],
            secret,
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
