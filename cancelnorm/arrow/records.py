"""Rows of records and lines as logs give them; a refused one has a row with its fault."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

import msgspec
import pyarrow as pa

from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.check import Fault, Refused, Skipped, judge
from cancelnorm.escapes import writable
from cancelnorm.ids import event_ids, record_digest
from cancelnorm.logs import Unreadable
from cancelnorm.masking import without_secrets
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Reason

__all__ = ["Counts", "Drift", "Rows", "rows_of"]

Drift = Literal["collect", "refuse"]
_UNKNOWN: Final = "unknown"


class Counts(NamedTuple):
    """What became of the records."""

    understood: int
    skipped: int
    refused: int


class Rows:
    """The rows of consecutive records, and what became of each."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._understood = self._skipped = self._refused = 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: list[Row]) -> None:
        """Take the rows of a record: none if it was skipped."""
        self._rows += rows
        if not rows:
            self._skipped += 1
        elif any(row.fault is not None for row in rows):
            self._refused += 1
        else:
            self._understood += 1

    @property
    def batch(self) -> pa.RecordBatch:
        """The rows as a batch, with the counts in its metadata."""
        counts = Counts(self._understood, self._skipped, self._refused)
        about = {f"cancelnorm.{name}": str(count) for name, count in counts._asdict().items()}
        about["cancelnorm.records"] = str(sum(counts))
        batch = batch_of(self._rows)
        return batch.replace_schema_metadata(batch.schema.metadata | about)


def rows_of(items: Iterable[Record | Unreadable], drift: Drift, number: int | None = None) -> list[Row]:
    """The rows of some records, of which ``number`` is the row of the input; none for those that are skipped."""
    rows: list[Row] = []
    for item in items:
        result = judge(item, drift)
        if isinstance(result, Refused):
            rows.append(_refused(item, result, number))
        elif not isinstance(result, Skipped) and isinstance(item, Record):
            ids = event_ids(item, result)
            rows += [Row(event, number, identity) for event, identity in zip(result.events, ids, strict=True)]
    return rows


def _refused(item: Record | Unreadable, refused: Refused, number: int | None) -> Row:
    finding, event, fault = refused
    identity = None
    if isinstance(item, Record) and event is not None:
        identity = record_digest(item, event.endpoint) + bytes(4)
    known = fault or Fault(finding.path, "a record that can be read", finding.message)
    texts = {name: writable(text) for name, text in known._asdict().items()}
    return Row(event or _stand_in(item), number, identity, msgspec.json.encode(texts).decode())


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
        without_secrets(item.venue) or _UNKNOWN,
        None,
        _UNKNOWN if item.endpoint is None else without_secrets(item.endpoint.partition("?")[0]),
        EventKind.REQUEST,
        reason=Reason.UNREADABLE,
        sent_ns=item.sent_ns,
        received_ns=item.received_ns,
        source=item.source,
        account=item.account,
    )
