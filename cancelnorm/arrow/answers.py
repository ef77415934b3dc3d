"""Answers: the columns of an input batch, and the records in its rows."""

from collections.abc import Callable, Iterator, Mapping
from itertools import repeat
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.types as kinds

from cancelnorm.arrow.arrays import converted
from cancelnorm.arrow.inputs import BODY, TEXT, column_of, flat_texts, require_batch
from cancelnorm.arrow.schema import SCHEMA
from cancelnorm.eventmap.cells import OF_RECORD

__all__ = ["Answer", "Answers"]


class Answer(NamedTuple):
    """The values of one row, as in ``Record``; the request is JSON text."""

    payload: bytes | None
    venue: str | None
    endpoint: str | None
    status: int | None
    request: str | None
    sent_ns: int | None
    received_ns: int | None
    source: str | None
    account: str | None


class Answers:
    """The rows of an input batch."""

    def __init__(self, batch: pa.RecordBatch | pa.Table, columns: Mapping[str, str]) -> None:
        unknown = set(columns) - set(_READERS)
        if unknown:
            raise ValueError(f"no part of a record is called {min(unknown)}")
        require_batch(batch)
        self._count = batch.num_rows
        self._columns: dict[str, list[Any]] = {}
        self._arrays: dict[str, pa.Array] = {}
        for part, read in _READERS.items():
            name = columns.get(part, part)
            if name in batch.schema.names or part in _REQUIRED or part in columns:
                self._columns[part] = read(batch, name)
                self._arrays[part] = batch.column(name)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The values of each row, as in ``Answer``, which takes longer to make."""
        values = (self._columns.get(part) or repeat(None, self._count) for part in Answer._fields)
        return zip(*values, strict=True)

    def of_record(self) -> dict[str, pa.Array] | None:
        """The columns that events have from their record; None if they do not fit the columns of events."""
        try:
            return {name: self._of_record(name) for name in OF_RECORD}
        except pa.ArrowInvalid:
            return None

    def _of_record(self, name: str) -> pa.Array:
        kind = SCHEMA.field(name).type
        column = self._arrays.get(name)
        if column is None:
            return pa.nulls(self._count, kind)
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        column = converted(column, kind)
        column.validate(full=True)  # a text may be no UTF-8
        return column


# --- Columns of the input ---


def _bodies(batch: Any, name: str) -> list[Any]:
    """Bodies as bytes: text is not decoded, so bytes that are not UTF-8 are met where payloads are read."""
    return _flat(column_of(batch, name, BODY, "binary or string").cast(pa.large_binary()))


def _texts(batch: Any, name: str) -> list[Any]:
    return flat_texts(column_of(batch, name, TEXT, "string"))


def _statuses(batch: Any, name: str) -> list[Any]:
    expected = "an integer"
    types = (kinds.is_integer, kinds.is_floating, kinds.is_null)
    column = column_of(batch, name, types, expected)
    try:
        return _flat(column.cast(pa.int64()))
    except pa.ArrowInvalid:
        raise TypeError(f"column {name}: expected {expected}, found {column.type}") from None


def _clocks(batch: Any, name: str) -> list[Any]:
    """Nanoseconds since the epoch; a float could not hold them."""
    types = (kinds.is_integer, kinds.is_timestamp, kinds.is_null)
    column = column_of(batch, name, types, "int64 nanoseconds or a timestamp")
    if not kinds.is_timestamp(column.type):
        return _flat(column)
    factor = _NS[column.type.unit]
    counts = _flat(column.cast(pa.int64()))
    return counts if factor == 1 else [None if count is None else count * factor for count in counts]


_NS: Final = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
_REQUIRED: Final = ("payload", "venue")
_READERS: Final[Mapping[str, Callable[[Any, str], list[Any]]]] = {
    "payload": _bodies,
    "venue": _texts,
    "endpoint": _texts,
    "status": _statuses,
    "request": _texts,
    "sent_ns": _clocks,
    "received_ns": _clocks,
    "source": _texts,
    "account": _texts,
}


def _flat(column: pa.Array) -> list[Any]:
    found: list[Any] = column.to_pylist()
    return found
