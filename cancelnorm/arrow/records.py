"""Batches of events from records and lines as logs give them; a refused one has a row with its fault."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final, Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm import venues
from cancelnorm.arrow.answers import Answer
from cancelnorm.arrow.arrays import in_order, repeated, texts_of
from cancelnorm.arrow.batch import Found
from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.arrow.schema import SCHEMA
from cancelnorm.assumptions import Assumptions
from cancelnorm.caching import cached
from cancelnorm.check import Fault, Refused, Skipped, judge, unreadable
from cancelnorm.escapes import writable
from cancelnorm.eventmap.cells import OF_RECORD
from cancelnorm.ids import event_ids, record_digest
from cancelnorm.logs import Unreadable
from cancelnorm.masking import without_secrets
from cancelnorm.prose import prose
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Reason

__all__ = ["Drift", "batch_of_records", "chunks", "refused_row"]

Drift = Literal["collect", "refuse"]
_UNKNOWN: Final = "unknown"
_READABLE: Final = "a record that can be read"
_BYTES: Final = 2 << 20  # of the payloads in a chunk: fewer take longer, and more take memory
_RECORD: Final = SCHEMA.get_field_index("record")


def chunks(items: Iterable[Record | Unreadable], size: int) -> Iterator[list[Record | Unreadable]]:
    """Consecutive items, ``size`` or fewer if they are long; one chunk without any if there are none."""
    chunk: list[Record | Unreadable] = []
    weight, has_any = 0, False
    for item in items:
        chunk.append(item)
        if isinstance(item, Record):
            weight += len(item.payload)
        if len(chunk) >= size or weight >= _BYTES:
            yield chunk
            chunk, weight, has_any = [], 0, True
    if chunk or not has_any:
        yield chunk


def batch_of_records(
    groups: Sequence[Sequence[Record | Unreadable]],
    drift: Drift,
    refused: dict[int, Refused] | None = None,
) -> pa.RecordBatch:
    """The events of groups of records, of which each is what was found in one row of the input.

    ``record`` is the position of the group. The metadata counts the groups: a group is refused if one of its
    records is, and skipped if it has no row. ``refused`` receives why, by position, as far as records are judged
    one by one.
    """
    refused = {} if refused is None else refused
    answers: list[Answer] = []
    records: list[Record] = []
    numbers: list[int] = []
    rows: list[Row] = []
    lines: list[Unreadable] = []
    lines_at: list[int] = []
    assumptions = Assumptions()
    for number, group in enumerate(groups):
        item = group[0] if len(group) == 1 else None
        if isinstance(item, Unreadable):
            lines.append(item)
            lines_at.append(number)
            continue
        answer = _answer(item) if isinstance(item, Record) else None
        if answer is None or not isinstance(item, Record):
            rows += _rows(group, drift, number, assumptions, refused)
        else:
            answers.append(answer)
            records.append(item)
            numbers.append(number)
    of_record = _of_record(answers)
    if of_record is None:
        rows = [
            row
            for number, group in enumerate(groups)
            for row in _rows(group, drift, number, assumptions, refused)
        ]
        return _counted(batch_of(rows), len(groups))
    batches: list[pa.RecordBatch] = []
    if answers:
        found = Found(of_record, drift)
        for place, (answer, record) in enumerate(zip(answers, records, strict=True)):
            found.add_record(place, answer, record)
        batch = found.batch()
        places = pa.array(numbers, pa.int32()).take(batch.column(_RECORD))
        batches.append(batch.set_column(_RECORD, SCHEMA.field(_RECORD), places))
    if lines:
        batches.append(_batch_of_unread(lines, lines_at, refused))
    if rows or not batches:
        batches.append(batch_of(rows))
    return _counted(_joined(batches), len(groups))


def _joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """The rows of all in the order of their records."""
    found = [batch for batch in batches if batch.num_rows]
    if len(found) <= 1:
        return found[0] if found else batches[0]
    together = pa.concat_batches(found)
    return in_order(together, pc.sort_indices(together.column(_RECORD)))


def _counted(batch: pa.RecordBatch, count: int) -> pa.RecordBatch:
    records = batch.column(_RECORD)
    refused = len(records.filter(batch.column("fault").is_valid()).unique())
    understood = len(records.unique()) - refused
    counts = {"records": count, "understood": understood, "skipped": count - understood - refused}
    about = {f"cancelnorm.{name}": str(number) for name, number in (counts | {"refused": refused}).items()}
    return batch.replace_schema_metadata(SCHEMA.metadata | about)


# --- Records that are rows of a batch of answers ---


def _answer(item: Record) -> Answer | None:
    """The same record without its request; None if it is more than an answer, or of no known endpoint."""
    if item.endpoint is None or item.dialect is not None or item.pairing is not None:
        return None
    venue = venues.find(item.venue)
    if venue is None or item.endpoint not in venue.endpoints:
        return None
    payload = item.payload
    try:
        data = payload if isinstance(payload, bytes) else payload.encode()
    except UnicodeEncodeError:
        return None
    return Answer(
        data,
        item.venue,
        item.endpoint,
        item.status,
        None,
        item.sent_ns,
        item.received_ns,
        item.source,
        item.account,
    )


def _of_record(answers: Sequence[Answer]) -> dict[str, pa.Array] | None:
    """The columns that events have from their record; None if a text is not UTF-8 or a number has over 64 bits."""
    columns = dict(zip(Answer._fields, zip(*answers, strict=True), strict=True)) if answers else {}
    try:
        pa.array(columns.get("status", ()), pa.int64())
        return {name: pa.array(columns.get(name, ()), SCHEMA.field(name).type) for name in OF_RECORD}
    except (UnicodeEncodeError, OverflowError, pa.ArrowInvalid):
        return None


# --- Lines that are no records ---


def _batch_of_unread(
    lines: Sequence[Unreadable], numbers: Sequence[int], refused: dict[int, Refused]
) -> pa.RecordBatch:
    """Rows like those of ``refused_row``, which differ in nothing but their records, their sources and their faults."""
    columns = {field.name: repeated(_unread_row()[field.name], field.type, len(lines)) for field in SCHEMA}
    columns["record"] = pa.array(numbers, pa.int32())
    columns["source"] = texts_of([line.source or None for line in lines])
    found = [_unread(line.path, line.reason) for line in lines]
    columns["fault"] = texts_of([fault for _, fault in found])
    refused.update(zip(numbers, (why for why, _ in found), strict=True))
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=SCHEMA)


@cache
def _unread_row() -> dict[str, Any]:
    """Values that all of them share."""
    [row] = batch_of([Row(_stand_in(Unreadable("", "line", "")))]).to_pylist()
    found: dict[str, Any] = row
    return found


@cached(1_024)
def _unread(path: str, reason: str) -> tuple[Refused, str]:
    """Why a line is refused, but for its source, and the fault of its row."""
    finding = unreadable("", path, reason)
    return Refused(finding), _fault_json(finding.path, _READABLE, finding.message)


# --- Records that are judged one by one ---


def _rows(
    items: Iterable[Record | Unreadable],
    drift: Drift,
    number: int,
    assumptions: Assumptions,
    refused: dict[int, Refused],
) -> list[Row]:
    """The rows of some records; none for those that are skipped."""
    rows: list[Row] = []
    for item in items:
        result = judge(item, drift, assumptions)
        if isinstance(result, Refused):
            refused[number] = result
            rows.append(refused_row(item, result, number))
        elif not isinstance(result, Skipped) and isinstance(item, Record):
            ids = event_ids(item, result)
            rows += [Row(event, number, identity) for event, identity in zip(result.events, ids, strict=True)]
    return rows


def refused_row(item: Record | Unreadable, refused: Refused, number: int | None = None) -> Row:
    """The row of a refused record, which stands for the events that could not be read."""
    finding, event, fault = refused.finding, refused.event, refused.fault
    identity = None
    if isinstance(item, Record) and event is not None:
        identity = record_digest(item, event.endpoint) + bytes(4)
    known = fault or Fault(finding.path, _READABLE, finding.message)
    return Row(event or _stand_in(item), number, identity, _fault_json(*known))


@cached(1_024)
def _fault_json(path: str, expected: str, found: str) -> str:
    """A fault as JSON, without secrets."""
    texts = {"path": path, "expected": expected, "found": found}
    return msgspec.json.encode({name: writable(prose(text)) for name, text in texts.items()}).decode()


_shown: Final = cached(1_024)(without_secrets)
"""A name without secrets; many records have the same."""


def _stand_in(item: Record | Unreadable) -> CancelEvent:
    """The event of a line that is no record, or of a record that no endpoint could be asked about."""
    if isinstance(item, Unreadable):
        return CancelEvent(
            _UNKNOWN,
            None,
            _UNKNOWN,
            EventKind.REQUEST,
            reason=Reason.UNREADABLE,
            source=item.source or None,
        )
    return CancelEvent(
        _shown(item.venue) or _UNKNOWN,
        None,
        _UNKNOWN if item.endpoint is None else _shown(item.endpoint.partition("?")[0]),
        EventKind.REQUEST,
        reason=Reason.UNREADABLE,
        sent_ns=item.sent_ns,
        received_ns=item.received_ns,
        source=item.source,
        account=item.account,
    )
