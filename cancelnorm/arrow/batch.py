"""Batches of recorded answers to batches of events: what engines call."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.types as kinds

from cancelnorm.api import normalise
from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.ids import event_ids, record_digest
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Reason

__all__ = ["normalise_batch"]

_UNKNOWN: Final = "unknown"


class _Counts(NamedTuple):
    """What became of the rows of the input."""

    understood: int
    skipped: int
    refused: int


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
    ``.skipped`` and ``.refused`` counts the rows of the input. Raises ValueError for a missing column and
    TypeError for one of the wrong type, with its name.
    """
    answers = _Answers(batch, columns or {})
    rows: list[Row] = []
    understood = skipped = 0
    for number in range(batch.num_rows):
        found = answers.events(number, drift)
        if found is None:
            skipped += 1
        else:
            rows += found
            understood += found[0].fault is None
    counts = _Counts(understood, skipped, batch.num_rows - understood - skipped)
    return _counted(batch_of(rows), counts)


def _counted(batch: pa.RecordBatch, counts: _Counts) -> pa.RecordBatch:
    about = {f"cancelnorm.{name}": str(count) for name, count in counts._asdict().items()}
    about["cancelnorm.records"] = str(sum(counts))
    return batch.replace_schema_metadata(batch.schema.metadata | about)


# --- Rows of the input ---


class _Answers:
    """The columns of the input as Python values."""

    def __init__(self, batch: pa.RecordBatch | pa.Table, columns: Mapping[str, str]) -> None:
        unknown = set(columns) - set(_READERS)
        if unknown:
            raise ValueError(f"no part of a record is called {min(unknown)}")
        self._columns: dict[str, list[Any]] = {}
        for part, read in _READERS.items():
            name = columns.get(part, part)
            if name in batch.schema.names:
                self._columns[part] = read(name, batch.column(name))
            elif part in _REQUIRED or part in columns:
                raise ValueError(f"no column {name}")

    def events(self, number: int, drift: Literal["collect", "refuse"]) -> list[Row] | None:
        """The rows of one answer; None if it is not about a cancel."""
        values = {part: column[number] for part, column in self._columns.items()}
        lacking = next((part for part in _REQUIRED if values[part] is None), None)
        if lacking is not None:
            return [_refused(values, number, lacking, f"a {lacking}", "null")]
        try:
            request = _request(values.get("request"))
        except ValueError:
            return [_refused(values, number, "request", "an object or an array, as JSON", "something else")]
        record = Record(**values | {"request": request})
        try:
            result = normalise(record, drift=drift)
        except NotACancel:
            return None
        except PayloadError as error:
            fault = _fault(error.path, error.expected, error.found)
            identity = record_digest(record, error.event.endpoint) + bytes(4)
            return [Row(error.event, number, identity, fault)]
        except CancelNormError as error:
            part = (
                "venue" if isinstance(error, UnknownEndpointError) and error.endpoint is None else "endpoint"
            )
            return [_refused(values, number, part, "one that is known", str(error))]
        ids = event_ids(record, result)
        return [Row(event, number, identity) for event, identity in zip(result.events, ids, strict=True)]


def _request(text: str | None) -> Any:
    return None if text is None else _parameters.decode(text)


_parameters: Final = msgspec.json.Decoder(dict[str, Any] | list[dict[str, Any]] | None)


def _refused(values: Mapping[str, Any], number: int, path: str, expected: str, found: str) -> Row:
    """The row of an answer that no endpoint could be asked about."""
    clocks: dict[str, Any] = {
        name: values.get(name) for name in ("sent_ns", "received_ns", "source", "account")
    }
    event = CancelEvent(
        values["venue"] or _UNKNOWN,
        None,
        values.get("endpoint") or _UNKNOWN,
        EventKind.REQUEST,
        reason=Reason.UNREADABLE,
        **clocks,
    )
    return Row(event, number, None, _fault(path, expected, found))


def _fault(path: str, expected: str, found: str) -> str:
    return msgspec.json.encode({"path": path, "expected": expected, "found": found}).decode()


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
