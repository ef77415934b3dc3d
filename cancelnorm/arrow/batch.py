"""Batches of recorded answers to batches of events: what engines call."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm import venues
from cancelnorm.answer import Drift, normalise_at, require_drift
from cancelnorm.api import find_endpoint, normalise
from cancelnorm.arrow.answers import Answer, Answers
from cancelnorm.arrow.arrays import in_order
from cancelnorm.arrow.columns import Block, Place
from cancelnorm.arrow.lane import SIZE, Lane, lane_of
from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.assumptions import Assumptions
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.eventmap.cells import CellLoop, Cells, rows_of
from cancelnorm.ids import digest_of, digest_start, event_ids, position_bytes, record_digest
from cancelnorm.lazy import LazyParts
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Reason

__all__ = ["Found", "normalise_batch"]

_UNKNOWN: Final = "unknown"
_EVENTS: Final = (
    256  # that wait before they become cells; with more, their answers leave the processor's cache
)


def normalise_batch(
    batch: pa.RecordBatch | pa.Table,
    *,
    columns: Mapping[str, str] | None = None,
    drift: Literal["collect", "refuse"] = "collect",
) -> pa.RecordBatch:
    """Normalise a batch of recorded answers; the result always has exactly ``SCHEMA``.

    The input has the columns ``payload`` (binary or string: the body as received) and ``venue``, and if there
    are any ``endpoint``, ``status``, ``request`` (JSON text), ``sent_ns``, ``received_ns``, ``source`` and
    ``account``, as in ``Record``; ``columns`` maps these names to others. Each event is a row, and ``record`` is
    the row of the input that it came from.

    No row raises. A refused one has a row with ``fault``: the path, what was expected and what was found there.
    A frame that is not about a cancel has none. The metadata ``cancelnorm.records``, ``.understood``,
    ``.skipped`` and ``.refused`` counts the rows of the input. A request that is empty is none; the answer to one
    that is no object or array in JSON is read without it, and ``cancelnorm.requests_unread`` counts those. Raises
    ValueError for a column that is missing or there twice, and TypeError for one of the wrong type, with its name.
    """
    require_drift(drift)
    answers = Answers(batch, columns or {})
    found = Found(answers.of_record(), drift)
    for number, answer in enumerate(answers):
        found.add(number, answer)
    rows = found.batch()  # counts those that waited, too
    counts = {
        "understood": found.understood,
        "skipped": found.skipped,
        "refused": batch.num_rows - found.understood - found.skipped,
        "records": batch.num_rows,
        "requests_unread": found.requests_unread,
    }
    about = {f"cancelnorm.{name}": str(count) for name, count in counts.items()}
    return rows.replace_schema_metadata(rows.schema.metadata | about)


class _Origin(NamedTuple):
    """Origin of answers, and what they share."""

    endpoint: Endpoint
    start: bytes  # of their digests
    lane: Lane | None


class _Waiting(msgspec.Struct, gc=False):
    """An answer whose events may become cells together with those of others."""

    number: int
    digest: bytes
    answer: tuple[Any, ...]
    record: Record
    origin: _Origin
    parts: Sequence[Any]


class Found:
    """The events of a batch: columns of those that are rows of a map, event objects of all others.

    ``of_record`` are the columns of the input that events have too; without them no event becomes a column.
    """

    def __init__(self, of_record: dict[str, pa.Array] | None, drift: Drift) -> None:
        self._of_record = of_record
        self._drift: Drift = drift
        self._origins: dict[tuple[str, str | None, int | None], _Origin] = {}
        self._blocks: dict[tuple[int, Endpoint, bool], Block] = {}
        self._rows: list[Row] = []
        self._waiting: list[_Waiting] = []
        self._assumptions = Assumptions()
        self._count = 0  # of the events that wait
        self._is_split = False  # events of an answer are in several blocks
        self.understood = 0
        self.skipped = 0
        self.requests_unread = 0

    def add(self, number: int, answer: tuple[Any, ...]) -> None:
        """Add the events of an answer of a batch, whose request is JSON; one that cannot be read is none."""
        payload, venue, _, _, request, _, _, _, _ = answer
        if payload is None or venue is None:
            lacking = "payload" if payload is None else "venue"
            self._rows.append(_refused(Answer(*answer), number, lacking, f"a {lacking}", "null"))
            return
        try:
            asked = None if request is None else _parameters(request)
        except (ValueError, RecursionError):
            asked = None
            self.requests_unread += not request.isspace() and request != ""
        origin, is_waiting = self._wait(number, answer, asked)
        if not is_waiting:
            record = _record(answer, asked)
            self._add_record(number, answer, venues.placed(record) if origin is None else record, origin)

    def add_record(self, number: int, answer: Answer, record: Record) -> None:
        """Add the events of a record of a known endpoint; ``answer`` is the same, but for its request."""
        origin, is_waiting = self._wait(number, answer, record.request)
        if not is_waiting:
            self._add_record(number, answer, record, origin)

    def _wait(self, number: int, answer: tuple[Any, ...], asked: Any) -> tuple[_Origin | None, bool]:
        """Origin of an answer, and whether it waits in a lane."""
        payload, venue, name, status, _, sent_ns, received_ns, _, account = answer
        origin = self._origin(venue, name, status)
        if origin is None or origin.lane is None or not origin.lane.may_take(payload):
            return origin, False
        digest = digest_of(origin.start, payload, asked, sent_ns, received_ns, account)
        origin.lane.waiting.append((number, digest, answer, asked))
        return origin, True

    def _add_record(
        self, number: int, answer: tuple[Any, ...], record: Record, origin: _Origin | None
    ) -> None:
        """Add the events of an answer; as objects, where no origin is given."""
        try:
            if origin is None or not self._add_columns(number, answer, record, origin):
                self._add_rows(
                    number, record, normalise(record, drift=self._drift, assumptions=self._assumptions)
                )
        except NotACancel:
            self.skipped += 1
        except PayloadError as error:
            fault = _fault(error.path, error.expected, error.found)
            identity = record_digest(record, error.event.endpoint) + bytes(4)
            self._rows.append(Row(error.event, number, identity, fault))
        except CancelNormError as error:
            is_venue = isinstance(error, UnknownEndpointError) and error.endpoint is None
            part = "venue" if is_venue else "endpoint"
            self._rows.append(_refused(Answer(*answer), number, part, "one that is known", str(error)))

    def _origin(self, venue: str, name: str | None, status: int | None) -> _Origin | None:
        """Origin of an answer; None if its endpoint is not known by this name."""
        origin = self._origins.get((venue, name, status))
        if origin is None and name is not None and self._of_record is not None:
            try:
                endpoint = find_endpoint(venue, name)
            except UnknownEndpointError:
                return None
            if name != endpoint.name and ("{" in endpoint.name or "?" in name):
                return None  # its URL has parameters
            origin = _Origin(endpoint, digest_start(venue, endpoint.name, status), lane_of(endpoint))
            self._origins[venue, name, status] = origin
        return origin

    def _add_columns(self, number: int, answer: tuple[Any, ...], record: Record, origin: _Origin) -> bool:
        """Add the events of an answer as columns, or as objects where more than a map made them.

        Give false for an answer that cannot be read as it is: it may be read in part, or refused.
        """
        try:
            result = normalise_at(record, origin.endpoint, self._drift, by_column=True)
        except PayloadError:
            return False
        events: object = result.events
        parts: Sequence[Any] = (
            events.parts if isinstance(events, LazyParts) and not events.is_made else (events,)
        )
        digest = digest_of(
            origin.start, record.payload, record.request, record.sent_ns, record.received_ns, record.account
        )
        self._waiting.append(_Waiting(number, digest, answer, record, origin, parts))
        self._count += len(result.events)
        if self._count >= _EVENTS:
            self._add_waiting()
        return True

    def _add_waiting(self) -> None:
        """Add the events of the answers that wait: all at once, or in halves where one of them cannot be read."""
        runs = [self._waiting]
        self._waiting, self._count = [], 0
        while runs:
            run = runs.pop()
            try:
                self._add_run(run)
            except (ValueError, RecursionError):
                if len(run) > 1:
                    middle = len(run) // 2
                    runs += run[middle:], run[:middle]
                else:
                    [one] = run
                    self._add_record(one.number, one.answer, one.record, None)

    def _add_run(self, run: Sequence[_Waiting]) -> None:
        """Add the events of some answers; nothing is added where any cannot be read."""
        places: dict[tuple[int, Endpoint], tuple[CellLoop, list[Place], list[Cells]]] = {}
        objects: list[Row] = []
        is_split = False
        for one in run:
            number, digest, start = one.number, one.digest, 0
            is_split |= len(one.parts) > 1
            for part in one.parts:
                count = len(part)
                if isinstance(part, Cells) and not part.is_made:
                    key = id(part.loop), one.origin.endpoint
                    if key not in places:
                        places[key] = part.loop, [], []
                    places[key][1].append((number, digest, start, count))
                    places[key][2].append(part)
                else:
                    for i, event in enumerate(part, start):
                        objects.append(Row(event, number, digest + position_bytes(i)))
                start += count
        found = [(key, loop, at, rows_of(loop, cells)) for key, (loop, at, cells) in places.items()]
        for (_, endpoint), loop, at, rows in found:
            self._block(loop, endpoint).add(at, rows)
        self._rows += objects
        self._is_split |= is_split
        self.understood += len(run)

    def _block(self, loop: CellLoop, endpoint: Endpoint, *, is_alone: bool = False) -> Block:
        """The block of a map and an endpoint."""
        key = id(loop), endpoint, is_alone
        if key not in self._blocks:
            self._blocks[key] = Block(loop, endpoint, is_alone=is_alone)
        return self._blocks[key]

    def _add_rows(self, number: int, record: Record, result: Normalised) -> None:
        ids = event_ids(record, result)
        self._rows += [
            Row(event, number, identity) for event, identity in zip(result.events, ids, strict=True)
        ]
        self.understood += 1

    def _empty(self, origin: _Origin, lane: Lane) -> None:
        """Add the events of the answers that wait in a lane."""
        runs = [lane.waiting[i : i + SIZE] for i in range(0, len(lane.waiting), SIZE)][::-1]
        while runs:
            run = runs.pop()
            cells = lane.cells([answer[0] for _, _, answer, _ in run])
            if cells is not None:
                at = [(number, digest, 0, 1) for number, digest, _, _ in run]
                self._block(lane.loop, origin.endpoint, is_alone=True).add(at, cells)
                self.understood += len(run)
            elif len(run) > 1:
                middle = len(run) // 2
                runs += run[middle:], run[:middle]
            else:
                [(number, _, answer, asked)] = run
                self._add_record(number, answer, _record(answer, asked), origin)

    def batch(self) -> pa.RecordBatch:
        """The record batch of all, in the order of the answers."""
        lanes = [(each, each.lane) for each in self._origins.values() if each.lane and each.lane.waiting]
        for origin, lane in lanes:
            self._empty(origin, lane)
        self._add_waiting()
        batches = [block.batch(self._of_record or {}) for block in self._blocks.values()]
        if self._rows or not batches:
            self._rows.sort(key=attrgetter("record"))  # what waited came later than what was refused at once
            batches.append(batch_of(self._rows))
        is_alone = len(lanes) == 1 and not self._rows and all(is_alone for _, _, is_alone in self._blocks)
        if len(batches) == 1 and (not lanes or is_alone):
            return batches[0]
        table = pa.Table.from_batches(batches)
        # The sort is stable: where all events of an answer are in one batch, they stay in their order.
        keys: dict[str, pa.Array] = {"record": table.column("record")}
        if self._is_split:
            keys["id"] = table.column("event_id")  # those of one answer differ by their position
        order = pc.sort_indices(pa.table(keys), [(key, "ascending") for key in keys])
        return in_order(pa.concat_batches(batches), order)


def _record(answer: tuple[Any, ...], asked: Any) -> Record:
    payload, venue, name, status, _, sent_ns, received_ns, source, account = answer
    return Record(payload, venue, name, status, asked, sent_ns, received_ns, source, account=account)


_parameters: Final = msgspec.json.Decoder(dict[str, Any] | list[dict[str, Any]] | None).decode


def _refused(answer: Answer, number: int, path: str, expected: str, found: str) -> Row:
    """The row of an answer that no endpoint could be asked about."""
    event = CancelEvent(
        answer.venue or _UNKNOWN,
        None,
        answer.endpoint or _UNKNOWN,
        EventKind.REQUEST,
        reason=Reason.UNREADABLE,
        sent_ns=answer.sent_ns,
        received_ns=answer.received_ns,
        source=answer.source,
        account=answer.account,
    )
    return Row(event, number, None, _fault(path, expected, found))


def _fault(path: str, expected: str, found: str) -> str:
    return msgspec.json.encode({"path": path, "expected": expected, "found": found}).decode()
