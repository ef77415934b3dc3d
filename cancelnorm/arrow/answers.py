"""Answers: the columns of an input batch, and the records in its rows."""

from collections.abc import Callable, Iterator, Mapping
from itertools import repeat
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.types as kinds

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
        self._count = batch.num_rows
        self._columns: dict[str, list[Any]] = {}
        self._arrays: dict[str, pa.Array] = {}
        for part, read in _READERS.items():
            name = columns.get(part, part)
            if name in batch.schema.names:
                column = batch.column(name)
                self._columns[part] = read(name, column)
                self._arrays[part] = column
            elif part in _REQUIRED or part in columns:
                raise ValueError(f"no column {name}")

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
        if kinds.is_timestamp(column.type):
            column = column.cast(pa.timestamp("ns", column.type.tz))
        return column.cast(kind)


# --- Columns of the input ---


def _bodies(name: str, column: pa.Array) -> list[bytes | None]:
    """Bodies as bytes: text is not decoded, so bytes that are not UTF-8 are met where payloads are read."""
    if not _is_any(column.type, kinds.is_binary, kinds.is_large_binary, kinds.is_binary_view, *_IS_TEXT):
        raise _mistyped(name, "binary or string", column.type)
    return _flat(column.cast(pa.large_binary()))


def _texts(name: str, column: pa.Array) -> list[str | None]:
    if kinds.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not _is_any(column.type, *_IS_TEXT):
        raise _mistyped(name, "string", column.type)
    return _flat(column)


def _statuses(name: str, column: pa.Array) -> list[int | None]:
    if not _is_any(column.type, kinds.is_integer, kinds.is_floating, kinds.is_null):
        raise _mistyped(name, "an integer", column.type)
    try:
        return _flat(column.cast(pa.int64()))
    except pa.ArrowInvalid:
        raise _mistyped(name, "an integer", column.type) from None


def _clocks(name: str, column: pa.Array) -> list[int | None]:
    """Nanoseconds since the epoch; a float could not hold them."""
    if kinds.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ns", column.type.tz)).cast(pa.int64())
    if not _is_any(column.type, kinds.is_integer, kinds.is_null):
        raise _mistyped(name, "int64 nanoseconds or a timestamp", column.type)
    return _flat(column)


_IS_TEXT: Final = (kinds.is_string, kinds.is_large_string, kinds.is_string_view, kinds.is_null)
_REQUIRED: Final = ("payload", "venue")
_READERS: Final[Mapping[str, Callable[[str, pa.Array], list[Any]]]] = {
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


def _is_any(kind: pa.DataType, *tests: Callable[[pa.DataType], bool]) -> bool:
    return any(test(kind) for test in tests)


def _mistyped(name: str, expected: str, found: pa.DataType) -> TypeError:
    return TypeError(f"column {name}: expected {expected}, found {found}")


def _flat(column: pa.Array) -> list[Any]:
    found: list[Any] = column.to_pylist()
    return found
