"""Events as record batches, and back, without loss."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Context, Decimal
from itertools import islice
from typing import Any, Final, NamedTuple, get_args

import msgspec
import pyarrow as pa
from msgspec.structs import astuple

from cancelnorm.arrow.arrays import MAX_SCALE, Unfit, arrays_of, converted, texts_of
from cancelnorm.arrow.inputs import require_size
from cancelnorm.arrow.schema import DECIMAL, EVENT_FIELDS, SCHEMA, EventField, Kind, Times, schema_of
from cancelnorm.errors import require_word
from cancelnorm.ids import order_keys
from cancelnorm.schema import CancelEvent

__all__ = ["Row", "batch_of", "decimal_of", "from_batches", "require_columns", "to_batches"]

_SIZE: Final = 4_096  # larger batches leave the processor's cache
_BLOCK: Final = 512  # events that are turned into columns at a time, for the same reason


class Row(NamedTuple):
    """An event, and what its row tells beside it."""

    event: CancelEvent
    record: int | None = None
    event_id: bytes | None = None
    fault: str | None = None


# --- Events to columns ---


def to_batches(
    events: Iterable[CancelEvent], *, size: int = _SIZE, times: Times = "int"
) -> Iterator[pa.RecordBatch]:
    """Convert events to record batches of ``size`` rows; ``from_batches`` restores them exactly.

    ``record``, ``event_id`` and ``fault`` are null, since an event does not know them. ``times="timestamp"``
    gives timestamps for Polars, DuckDB and pandas; Spark, Delta and Iceberg lose or refuse nanoseconds. Raises
    ValueError for a size below 1, and for another word than ``int`` or ``timestamp``.
    """
    require_size(size)
    require_word("times", times, get_args(Times))
    remaining = iter(events)
    chunks = iter(lambda: list(islice(remaining, size)), [])
    return (batch_of([Row(event) for event in chunk], times) for chunk in chunks)


def batch_of(rows: Sequence[Row], times: Times = "int") -> pa.RecordBatch:
    """The record batch of some rows, perhaps of none."""
    events, records, ids, faults = zip(*rows, strict=True) if rows else ((), (), (), ())
    unfit = Unfit(len(rows))
    columns = {
        "record": pa.array(records, pa.int32()),
        "event_id": pa.array(ids, pa.binary()),
        "order_key": texts_of(order_keys(events)),
        "evidence_rank": pa.array([event.evidence.rank for event in events], pa.int8()),
        "fault": texts_of(faults),
    }
    for field, column in zip(EVENT_FIELDS, _transposed(events), strict=True):
        columns |= arrays_of(field, column, unfit)
    columns["unfit"] = unfit.column
    schema = schema_of(times)
    return pa.RecordBatch.from_arrays([columns[each.name].cast(each.type) for each in schema], schema=schema)


def _transposed(events: Sequence[CancelEvent]) -> list[list[Any]]:
    """The values of each field."""
    columns: list[list[Any]] = [[] for _ in EVENT_FIELDS]
    for i in range(0, len(events), _BLOCK):
        block = zip(*map(astuple, events[i : i + _BLOCK]), strict=True)
        for column, values in zip(columns, block, strict=True):
            column += values
    return columns


# --- Columns to events ---


def from_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[CancelEvent]:
    """Restore events from batches, also from those that a file, Polars or DuckDB gave back.

    Columns are found by their names; those that are not of an event are ignored, and a missing one is taken
    to be null. Raises ValueError with the name of a column that is never null and is missing or has a null; and for an
    amount without its scale.
    """
    for batch in batches:
        yield from map(CancelEvent, *_values_of(batch))


def require_columns(batch: pa.RecordBatch) -> None:
    """Raise ValueError unless the columns that are never null are there, without any null."""
    for name in (field.name for field in EVENT_FIELDS if field.is_required):
        if name not in batch.schema.names:
            raise ValueError(f"no column {name}")
        if batch.column(name).null_count:
            raise ValueError(f"column {name}: expected no null")


def _values_of(batch: pa.RecordBatch) -> list[list[Any]]:
    require_columns(batch)
    names = set(batch.schema.names)
    columns: dict[str, list[Any]] = {
        field.name: _restored(batch, field) if field.name in names else [None] * batch.num_rows
        for field in EVENT_FIELDS
    }
    if "unfit" in names:
        kinds = {field.name: Decimal if field.kind is Kind.AMOUNT else int for field in EVENT_FIELDS}
        for row, text in enumerate(batch.column("unfit").to_pylist()):
            for name, number in (msgspec.json.decode(text) if text else {}).items():
                columns[name][row] = kinds[name](number)
    return [columns[field.name] for field in EVENT_FIELDS]


def _restored(batch: pa.RecordBatch, field: EventField) -> list[Any]:
    """The values of one field."""
    column = converted(batch.column(field.name), SCHEMA.field(field.name).type)
    if field.kind is Kind.AMOUNT:
        if column.null_count == len(column):
            return [None] * len(column)
        if field.scale not in batch.schema.names:
            raise ValueError(f"no column {field.scale}")
        texts = column.cast(pa.string()).to_pylist()
        scales = batch.column(field.scale).to_pylist()
        return [
            None if text is None else decimal_of(text, scale)
            for text, scale in zip(texts, scales, strict=True)
        ]
    values = column.to_pylist()
    restore = _RESTORED.get(field.kind) if field.words is None else field.words
    return values if restore is None else [None if value is None else restore(value) for value in values]


_RESTORED: Final[dict[Kind, Callable[[Any], Any]]] = {Kind.NAMES: tuple, Kind.OBJECT: msgspec.json.decode}


def decimal_of(text: str, scale: int | None) -> Decimal:
    """A decimal with its own scale, of a text with the scale of the column."""
    if scale is None:
        raise ValueError("an amount without its scale")
    if "E" in text or "e" in text:
        return Decimal(text).quantize(Decimal((0, (1,), -scale)), context=_WIDE)
    spare = DECIMAL.scale - scale
    if spare <= 0:
        return Decimal(text + "0" * -spare)
    return Decimal(text[: -spare - (scale == 0)])


_WIDE: Final = Context(prec=DECIMAL.precision + MAX_SCALE)
