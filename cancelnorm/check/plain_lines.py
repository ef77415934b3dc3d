"""Plain lines: answers that consist of usual rows, taken from many lines at once.

The answers of consecutive lines are read together, as columns. Events are made only of rows that a rule for one record
may find something in. What the columns show to be anything else goes the way of single records.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import UNSET
from msgspec.json import Decoder

from cancelnorm import venues
from cancelnorm.assumption import assumed_note
from cancelnorm.check.clock_rules import clocks_agree
from cancelnorm.check.observations import Observations, Origin, is_pushed, observations, space_of
from cancelnorm.check.order_hashes import first_hash
from cancelnorm.check.plain_cancels import PlainCancels
from cancelnorm.check.plain_requests import PlainRequests
from cancelnorm.check.unusual_events import PLAIN
from cancelnorm.check.unusual_lines import UnusualLine, UnusualLines, is_canceled
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.plain_rows import PlainRows, RowColumns, columns_of, plain_rows
from cancelnorm.logs import (
    AnsweredLine,
    Block,
    Line,
    Lines,
    answered_lines,
    read_answers,
    read_lines,
    safe_account,
)
from cancelnorm.plain_answers import PlainAnswers, plain_answers
from cancelnorm.reader.keys import keys_of
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Note

__all__ = ["Assumed", "PlainLines", "PlainLinesReader"]

_NS_PER_MS: Final = 1_000_000
_MS_PER_S: Final = 1_000
_TRIES: Final = 2  # to read a block in one go
_FAILED: Final = 400  # the least HTTP status of a failure


class PlainLines(NamedTuple):
    """Consecutive lines of one endpoint with usual rows alone; clocks have one entry for each line.

    ``observations`` are those of all lines up to the next, with the number of the first of them, counted from that of
    these lines. ``unusual`` are lines with unusual orders, or with a secret in their requests. ``assumed`` is the
    note that they have if no endpoint is given, with the orders, one a line.
    """

    first: int
    size: int
    venue: str
    endpoint: str
    seconds: Mapping[int, int]  # second since the epoch → plain cancels
    sent: Sequence[int | None]
    engine: Sequence[int | None]
    received: Sequence[int | None]
    observations: Sequence[tuple[int, Observations]]
    unusual: Sequence[UnusualLine]
    assumed: "Assumed | None" = None


class Assumed(NamedTuple):
    """The note on answers without endpoint, and the order of each."""

    note: Note
    symbols: Sequence[str]
    order_ids: Sequence[int]


class PlainLinesReader:
    """Finds plain lines; what it learns of an endpoint serves for all its lines."""

    def __init__(self) -> None:
        self._readers: dict[object, _Reader | None] = {}
        self._last: _Reader | None = None  # which found a whole block to be plain

    def read_block(self, block: Block) -> tuple[Lines, Iterable[PlainLines | int]] | None:
        """Divide the lines of a block, in order, into plain ones and the positions of all others.

        None where a line is blank, or is no object with the keys of a record.
        """
        if self._last is not None:
            lines = Lines(block)
            found = self._last.read_block(block, lines)
            if found is not None:
                return lines, found
            self._last = None
        read = read_lines(block)
        return None if read is None else (read, self._divided(read))

    def _divided(self, lines: Lines) -> Iterable[PlainLines | int]:
        """Divide lines that were read without their answers."""
        of = [
            (line.venue, line.endpoint or _keys(line), line.status, line.account, line.dialect, line.pairing)
            for line in lines.lines
        ]
        if of.count(of[0]) == len(of):
            found = [*self._read(lines, of[0], range(len(of)))]
            reader = self._readers[of[0]]
            if reader is not None and len(found) == 1 and isinstance(found[0], PlainLines):
                self._last = reader if reader.may_read_blocks else None
            return found
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


def _keys(line: Line) -> tuple[str, ...] | None:
    """The keys of an answer of a venue, which tell where it may come from; None where it is no object."""
    is_nameless = line.endpoint is None and venues.find(line.venue) is not None
    return keys_of(bytes(line.payload)) if is_nameless else None


_KEYS: Final = ("venue", "endpoint", "status", "account", "request", "sent_ns", "received_ns")
"""The keys of a line beside its answer, those first that lines have in common."""
_columns_of_lines: Final = columns_of(_KEYS)


def _given(values: Sequence[Any]) -> Sequence[Any]:
    """Values of a key, None where it is not there."""
    return [None if value is UNSET else value for value in values] if UNSET in values else values


class _Around(NamedTuple):
    """Columns of what lines have beside their answers."""

    requests: Sequence[Any]
    sent: Sequence[int | None]
    received: Sequence[int | None]


def _first(found: PlainLines | int) -> int:
    return found if isinstance(found, int) else found.first


class _Reader:
    """Reads lines of one endpoint and account; or without endpoint, those with the same keys."""

    def __init__(
        self, like: Line, endpoint: Endpoint, rows: PlainRows, origin: Origin, answers: PlainAnswers | None
    ) -> None:
        self._rows = rows
        self._answers = answers
        self._note = None if answers is None else assumed_note(answers.names)
        self._requests = PlainRequests(endpoint.request)
        self._paths = ("$[0]",) if rows.is_list else ("$",)
        self._unusual = UnusualLines(endpoint, "$[{}]" if rows.is_list else "$")
        self._origin = origin
        self._space = space_of(origin.venue, origin.endpoint)
        self._bases: dict[str, int] = {}
        self._like = (like.venue, like.endpoint, like.status, like.account)
        self._decoder: Decoder[AnsweredLine[Any]] | None = None
        self._failures = 0

    @classmethod
    def of(cls, line: Line) -> "_Reader | None":
        """The reader of a line and those like it; None if they may be anything but plain."""
        venue = venues.find(line.venue)
        if venue is None or line.dialect is not None or line.pairing is not None:
            return None
        keys = _keys(line)
        answers = None if keys is None else plain_answers(venue, keys)
        endpoint = venue.endpoints.get(line.endpoint or "") if answers is None else answers.endpoint
        if endpoint is None:
            return None
        if is_pushed(endpoint.name) or not (line.status is None or line.status < _FAILED):
            return None
        rows = plain_rows(endpoint)
        origin = Origin(venue.name, endpoint.name, safe_account(line.account))
        return None if rows is None else cls(line, endpoint, rows, origin, answers)

    def read(self, lines: Lines, at: Sequence[int]) -> Iterable[PlainLines | int]:
        """Read the lines at these positions."""
        these = [lines.lines[i] for i in at]
        rows = self._rows.read([line.payload for line in these])
        if len(rows.others) == len(at):
            return at
        around = _Around(
            [line.request for line in these],
            [line.sent_ns for line in these],
            [line.received_ns for line in these],
        )
        doubtful = set() if self._answers is None else _doubtful(these, rows, self._answers)
        return self._divided(lines, at, around, rows, doubtful)

    @property
    def may_read_blocks(self) -> bool:
        """Whether blocks of lines like these are worth being read with their answers."""
        return self._answers is None and self._failures < _TRIES

    def read_block(self, block: Block, lines: Lines) -> Iterable[PlainLines | int] | None:
        """Read a block, each line with its answer, in half the time; None unless all lines are alike and plain."""
        if self._decoder is None:
            self._decoder = answered_lines(self._rows.answer)
        these = read_answers(block, self._decoder)
        found = None if these is None else self._rows_of(these, block.data.count(b":"))
        if found is None:
            self._failures += 1
            return None
        self._failures = 0
        around, rows = found
        return self._divided(lines, range(len(rows.ends)), around, rows, set())

    def _rows_of(
        self, lines: Sequence[AnsweredLine[Any]], colons: int
    ) -> "tuple[_Around, RowColumns] | None":
        """The rows of lines with so many colons, and what is around; None unless all lines are alike and plain."""
        columns = _columns_of_lines(lines)
        missing = [column.count(UNSET) for column in columns]
        for column, none, value in zip(columns, missing, self._like, strict=False):
            if column.count(value) + (none if value is None else 0) != len(lines):
                return None
        # No fewer colons than keys: with so many, no line has a key twice, or a colon in a text.
        keys = (len(_KEYS) + 1) * len(lines) - sum(missing)
        around = _Around(*map(_given, columns[len(self._like) :]))
        keys += sum([len(request) for request in around.requests if type(request) is dict])
        rows = self._rows.columns_if_plain(colons - keys, [line.payload for line in lines])
        return None if rows is None else (around, rows)

    def _divided(
        self, lines: Lines, at: Sequence[int], around: _Around, rows: RowColumns, doubtful: set[int]
    ) -> Iterator[PlainLines | int]:
        """Divide the lines at these positions; of ``doubtful`` ones there is more to say."""
        requests = self._requests.find(around.requests, rows)
        orders = self._unusual.find(rows)
        others = {
            *rows.others,
            *requests.others,
            *orders.not_plain,
            *_disagreeing(around, rows),
            *doubtful,
        }
        unusual: dict[int, UnusualLine] = {}
        for i in {*orders.rows, *requests.secret} - others:
            record = lines.record(at[i])
            if isinstance(record, Record) and (
                line := self._unusual.line(i, record, rows, orders.rows.get(i, ()))
            ):
                unusual[i] = line
            else:
                others.add(i)
        first = 0
        for i in range(len(at) + 1):
            is_end = i == len(at) or i in others
            if first < i and (is_end or at[i] != at[i - 1] + 1):
                yield self._plain(_Run(lines, at, around, rows, unusual, first, i))
                first = i
            if is_end and i < len(at):
                yield at[i]
                first = i + 1

    def _plain(self, run: "_Run") -> PlainLines:
        """The plain lines of a run."""
        rows, first, last = run.rows, run.first, run.last
        span = slice(rows.ends[first - 1] if first else 0, rows.ends[last - 1])
        times: Sequence[int] = rows.times_ms[span]
        engine: list[int | None] = [
            rows.times_ms[rows.ends[i - 1] if i else 0] * _NS_PER_MS for i in range(first, last)
        ]
        unusual = [run.unusual[i] for i in range(first, last) if i in run.unusual] if run.unusual else []
        mixed = [line.at for line in unusual if line.others]
        if mixed:
            are_plain = {word for word, verdict in rows.verdicts.items() if is_canceled(verdict)}
            times = [time for time, word in zip(times, rows.words[span], strict=True) if word in are_plain]
            for i in mixed:
                if rows.verdicts[rows.words[rows.ends[i - 1] if i else 0]].evidence is not PLAIN.evidence:
                    engine[i - first] = None
        return PlainLines(
            run.at[first],
            last - first,
            self._origin.venue,
            self._origin.endpoint,
            _seconds(times),
            run.around.sent[first:last],
            engine,
            run.around.received[first:last],
            [*self._observations(run, mixed)],
            [line._replace(at=line.at - first) for line in unusual],
            None if self._note is None else Assumed(self._note, rows.symbols[span], rows.order_ids[span]),
        )

    def _observations(self, run: "_Run", mixed: Sequence[int]) -> Iterator[tuple[int, Observations]]:
        """Those of the lines before and after each with other events than plain cancels, and of that line."""
        start = run.first
        for i in (*mixed, run.last):
            if start < i:
                yield (
                    start - run.first,
                    Observations(run.source(start), self._origin, self._cancels(run, start, i)),
                )
            if i < run.last:
                line = run.unusual[i]
                if seen := observations(Normalised(line.events), line.others):
                    yield i - run.first, seen
            start = i + 1

    def _cancels(self, run: "_Run", first: int, last: int) -> PlainCancels:
        """The plain cancels of lines."""
        rows, start = run.rows, run.rows.ends[first - 1] if first else 0
        span = slice(start, rows.ends[last - 1])
        ids, ends = rows.order_ids[span], rows.ends[first:last]
        if start:
            ends = [end - start for end in ends]
        return PlainCancels(
            run.source(first),
            self._hashes(rows.symbols[span], ids),
            array("q", ids),
            array("q", [time * _NS_PER_MS for time in rows.times_ms[span]]),
            self._paths,
            array("q", ends),
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


class _Run(NamedTuple):
    """Lines from ``first`` up to ``last`` among those at such positions, one after the other and all plain."""

    lines: Lines
    at: Sequence[int]
    around: _Around
    rows: RowColumns
    unusual: Mapping[int, UnusualLine]
    first: int
    last: int

    def source(self, i: int) -> str:
        """Source of a line."""
        return self.lines.source(self.at[i])


def _doubtful(lines: Sequence[Line], rows: RowColumns, answers: PlainAnswers) -> set[int]:
    """Lines without endpoint, by their position, of which there is more to say."""
    alone = [i for i in range(len(lines)) if i not in rows.others]
    plain = answers.are_plain([lines[i].payload for i in alone], rows.rows)
    asked = {i for i in alone if lines[i].request is not None}
    return asked | {i for i, is_plain in zip(alone, plain, strict=True) if not is_plain}


def _disagreeing(around: _Around, rows: RowColumns) -> Iterator[int]:
    """Lines, by their position, whose clocks do not agree with the times of their orders."""
    times, start = rows.times_ms, 0
    for i, (sent, received, end) in enumerate(zip(around.sent, around.received, rows.ends, strict=True)):
        if start < end:
            own = times[start:end]
            least, greatest = min(own) * _NS_PER_MS, max(own) * _NS_PER_MS
            if not clocks_agree(sent, received, least, greatest):
                yield i
        start = end


def _seconds(times_ms: Sequence[int]) -> Mapping[int, int]:
    """Number of orders of each second."""
    if not times_ms:
        return {}
    first, last = min(times_ms) // _MS_PER_S, max(times_ms) // _MS_PER_S
    if first == last:
        return {first: len(times_ms)}
    return Counter([time // _MS_PER_S for time in times_ms])
