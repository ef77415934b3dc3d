"""Rows of a log: its events with their ids, and its refused records, each with its fault."""

from collections.abc import Sequence
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.check import Fault, Refused, Skipped
from cancelnorm.escapes import writable
from cancelnorm.event_json import MASKED_FIELDS, masked
from cancelnorm.ids import event_ids, record_digest
from cancelnorm.logs import Unreadable
from cancelnorm.masking import may_show_secret
from cancelnorm.prose import prose
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Reason

__all__ = ["LogRows"]

_ROWS: Final = 4_096  # of a batch; larger ones leave the processor's cache
_UNKNOWN: Final = "unknown"


class LogRows:
    """Gathers the events of a batch of a log as record batches; secrets are masked as in other files."""

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
            self._rows.append(_refused(item, part))
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

    def taken(self) -> list[pa.RecordBatch]:
        """Give the rows in batches."""
        if self._rows:
            self._put_away()
        return self._batches


def _masked_batch(rows: Sequence[Row]) -> pa.RecordBatch:
    """The batch of rows; most show no secret, and the texts of all are searched faster than those of each."""
    batch = batch_of(rows)
    texts = (pc.unique(batch.column(name)).to_pylist() for name in MASKED_FIELDS)
    if not may_show_secret("\n".join(text for column in texts for text in column if text)):
        return batch
    return batch_of([row._replace(event=masked(row.event)) for row in rows])


def _refused(item: Record | Unreadable, refused: Refused) -> Row:
    """The row of a refused record, which stands for the events that could not be read."""
    finding, event, fault = refused
    identity = None
    if isinstance(item, Record) and event is not None:
        identity = record_digest(item, event.endpoint) + bytes(4)
    known = fault or Fault(finding.path, "a record that can be read", finding.message)
    texts = {name: writable(prose(text)) for name, text in known._asdict().items()}
    return Row(event or _stand_in(item), None, identity, msgspec.json.encode(texts).decode())


def _stand_in(item: Record | Unreadable) -> CancelEvent:
    """The event of a line that is no record, or of a record that no endpoint could be asked about."""
    if isinstance(item, Unreadable):
        return CancelEvent(
            _UNKNOWN, None, _UNKNOWN, EventKind.REQUEST, reason=Reason.UNREADABLE, source=item.source
        )
    return CancelEvent(
        item.venue or _UNKNOWN,
        None,
        _UNKNOWN if item.endpoint is None else item.endpoint.partition("?")[0],
        EventKind.REQUEST,
        reason=Reason.UNREADABLE,
        sent_ns=item.sent_ns,
        received_ns=item.received_ns,
        source=item.source,
        account=item.account,
    )
