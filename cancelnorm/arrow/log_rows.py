"""Rows of a log: its events with their ids, and its refused records, each with its fault."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.records import Drift, batch_of_records, chunks, refused_row
from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.arrow.schema import SCHEMA
from cancelnorm.check import Refused, Skipped
from cancelnorm.event_json import MASKED_FIELDS, masked, may_show_secrets
from cancelnorm.ids import event_ids
from cancelnorm.logs import Unreadable
from cancelnorm.record import Record
from cancelnorm.schema import Normalised

__all__ = ["LogRows", "LogTable", "log_table"]

_ROWS: Final = 4_096  # made at a time; more leave the processor's cache
_OF_FEW: Final = ("endpoint",)  # of which few texts are unlike, and many name a key
_RECORDS: Final = 16_384  # read at a time


class LogRows:
    """Gathers the events of a batch of a log as a record batch; secrets are masked as in other files."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._batches: list[pa.RecordBatch] = []

    def add(
        self,
        item: Record | Unreadable,
        part: Normalised | Refused,
        whole: Normalised | Skipped | Refused,
    ) -> None:
        """Take the events of a record, or one in the place of a refused record."""
        if isinstance(part, Refused):
            self._rows.append(refused_row(item, part))
        elif isinstance(item, Record) and isinstance(whole, Normalised):
            ids = event_ids(item, whole)
            if part is not whole:  # a position is that among all events
                positions = {id(event): position for position, event in enumerate(whole.events)}
                ids = tuple(ids[positions[id(event)]] for event in part.events)
            pairs = zip(part.events, ids, strict=True)
            self._rows.extend(Row(event, None, identity) for event, identity in pairs)
        if len(self._rows) >= _ROWS:
            self._put_away()

    def _put_away(self) -> None:
        self._batches.append(_masked_batch(self._rows))
        self._rows.clear()

    def pass_over(self, record: Record) -> None:
        """Such a frame has no rows."""

    def taken(self) -> list[pa.RecordBatch]:
        """Give the rows in one batch, if there are any."""
        if self._rows:
            self._put_away()
        return [pa.concat_batches(self._batches)] if self._batches else []


def _masked_batch(rows: Sequence[Row]) -> pa.RecordBatch:
    """The batch of rows; most show no secret, and the texts of all are searched faster than those of each."""
    batch = batch_of(rows)
    if not _may_show_secret(batch, MASKED_FIELDS):
        return batch
    return batch_of([row._replace(event=masked(row.event)) for row in rows])


def _may_show_secret(batch: pa.RecordBatch, names: Sequence[str]) -> bool:
    said: dict[bool, list[str]] = {False: [], True: []}
    for name in names:
        said[name in _OF_FEW].extend(filter(None, pc.unique(batch.column(name)).to_pylist()))
    return may_show_secrets(said[True], said[False])


def _faults(batch: pa.RecordBatch, items: Sequence[Record | Unreadable]) -> list[str]:
    """The faults of records; those of lines that are no records were masked when they were made."""
    are_records = [isinstance(item, Record) for item in items]
    faults = batch.column("fault")
    if not all(are_records):
        faults = faults.filter(pa.array(are_records, pa.bool_()).take(batch.column("record")))
    return [fault for fault in pc.unique(faults).to_pylist() if fault is not None]


class LogTable(NamedTuple):
    """All rows of a batch of a log, and what became of its records.

    ``refused`` are positions, each with the reason; None where a column showed only that there is one.
    """

    rows: list[pa.RecordBatch]
    events: int
    skipped: int
    refused: list[tuple[int, Refused | None]]


def log_table(items: Sequence[Record | Unreadable], drift: Drift) -> LogTable | None:
    """The rows that ``LogRows`` gathers, made by column; None if they may show a secret, which is masked by row."""
    rows: list[pa.RecordBatch] = []
    refused: list[tuple[int, Refused | None]] = []
    count = skipped = start = 0
    for chunk in chunks(items, _RECORDS):
        why: dict[int, Refused] = {}
        batch = batch_of_records([(item,) for item in chunk], drift, why)
        if _may_show_secret(batch, MASKED_FIELDS) or may_show_secrets(_faults(batch, chunk), ()):
            return None
        positions = batch.column("record").filter(batch.column("fault").is_valid()).to_pylist()
        refused += [(start + at, why.get(at)) for at in positions]
        skipped += int(batch.schema.metadata[b"cancelnorm.skipped"])
        count += batch.num_rows
        start += len(chunk)
        at = SCHEMA.get_field_index("record")
        batch = batch.set_column(at, SCHEMA.field(at), pa.nulls(batch.num_rows, pa.int32()))
        rows += [batch.replace_schema_metadata(SCHEMA.metadata)] * (batch.num_rows > 0)
    return LogTable(rows, count - len(refused), skipped, refused)
