"""Events as record batches, and back, without loss."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Context, Decimal
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa
from msgspec.structs import astuple

from cancelnorm.arrow.schema import DECIMAL, EVENT_FIELDS, SCHEMA, EventField, Kind, Times, schema_of
from cancelnorm.escapes import writable
from cancelnorm.ids import order_key
from cancelnorm.schema import CancelEvent

__all__ = ["Row", "Unfit", "arrays_of", "batch_of", "from_batches", "to_batches"]

_SIZE: Final = 4_096  # larger batches leave the processor's cache
_MAX_SCALE: Final = 127


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
    gives timestamps for Polars, DuckDB and pandas; Spark, Delta and Iceberg lose or refuse nanoseconds.
    """
    remaining = iter(events)
    while chunk := list(islice(remaining, size)):
        yield batch_of([Row(event) for event in chunk], times)


def batch_of(rows: Sequence[Row], times: Times = "int") -> pa.RecordBatch:
    """The record batch of some rows, perhaps of none."""
    events, records, ids, faults = zip(*rows, strict=True) if rows else ((), (), (), ())
    unfit = Unfit(len(rows))
    columns = {
        "record": pa.array(records, pa.int32()),
        "event_id": pa.array(ids, pa.binary()),
        "order_key": _texts(list(map(order_key, events))),
        "evidence_rank": pa.array([event.evidence.rank for event in events], pa.int8()),
        "fault": _texts(faults),
    }
    values = zip(*map(astuple, events), strict=True) if rows else [()] * len(EVENT_FIELDS)
    for field, column in zip(EVENT_FIELDS, values, strict=True):
        columns |= arrays_of(field, column, unfit)
    columns["unfit"] = unfit.column
    schema = schema_of(times)
    return pa.RecordBatch.from_arrays([columns[each.name].cast(each.type) for each in schema], schema=schema)


class Unfit:
    """Numbers that their column cannot hold, as text by the name of the column."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._found: dict[int, dict[str, str]] = {}

    def add(self, row: int, name: str, number: Decimal | int) -> None:
        """Keep a number of a row."""
        self._found.setdefault(row, {})[name] = str(number)

    @property
    def column(self) -> pa.Array:
        """The column that tells them, as JSON."""
        texts: list[str | None] = [None] * self._count
        for row, numbers in self._found.items():
            texts[row] = msgspec.json.encode(numbers).decode()
        return pa.array(texts, pa.string())


def arrays_of(field: EventField, values: Sequence[Any], unfit: Unfit) -> dict[str, pa.Array]:
    """The column of a field, and that of its scales if it is a decimal."""
    kind = SCHEMA.field(field.name).type
    if values.count(None) == len(values):
        scales = {field.scale: pa.nulls(len(values), pa.int8())} if field.kind is Kind.AMOUNT else {}
        return {field.name: pa.nulls(len(values), kind)} | scales
    if field.kind is Kind.AMOUNT:
        return _amounts(field, values, unfit)
    if field.kind is Kind.TEXT:
        return {field.name: _texts(values)}
    if field.kind is Kind.OBJECT:
        return {field.name: _texts([None if value is None else _json(value) for value in values])}
    if field.kind in (Kind.TIME, Kind.COUNT):
        return {field.name: _numbers(field, values, kind, unfit)}
    return {field.name: pa.array(values, kind)}


def _texts(values: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([None if value is None else writable(value) for value in values], pa.string())


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def _numbers(field: EventField, values: Sequence[int | None], kind: pa.DataType, unfit: Unfit) -> pa.Array:
    try:
        return pa.array(values, kind)
    except (OverflowError, pa.ArrowInvalid):
        bound = 1 << (kind.bit_width - 1)
        kept = [value if value is not None and -bound <= value < bound else None for value in values]
        for row, (value, fitting) in enumerate(zip(values, kept, strict=True)):
            if value is not None and fitting is None:
                unfit.add(row, field.name, value)
        return pa.array(
            [0 if value is None else value for value in kept] if field.is_required else kept, kind
        )


def _amounts(field: EventField, values: Sequence[Decimal | None], unfit: Unfit) -> dict[str, pa.Array]:
    """A column of decimals and one of their scales; a decimal that does not fit is null in both."""
    texts = ["" if value is None else str(value) for value in values]
    joined = "\n".join(texts)
    if "E" not in joined and "-0" not in joined:
        try:
            scales = [_decimals(text) if text else None for text in texts]
            return {field.name: pa.array(values, DECIMAL), field.scale: pa.array(scales, pa.int8())}
        except (OverflowError, pa.ArrowInvalid):
            pass  # one of them does not fit
    kept: list[Decimal | None] = []
    for row, value in enumerate(values):
        fits = value is None or _fits(value)
        kept.append(value if fits else None)
        if value is not None and not fits:
            unfit.add(row, field.name, value)
    scales = [None if value is None else _decimals(format(value, "f")) for value in kept]
    return {field.name: pa.array(kept, DECIMAL), field.scale: pa.array(scales, pa.int8())}


def _decimals(text: str) -> int:
    """Number of decimals of a text without an exponent."""
    at = text.find(".")
    return 0 if at < 0 else len(text) - 1 - at


def _fits(value: Decimal) -> bool:
    """Whether the column holds a decimal so that it can be restored with its scale."""
    sign, _, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not -_MAX_SCALE <= exponent <= 0 or (sign and not value):
        return False
    try:
        pa.scalar(value, DECIMAL)
    except pa.ArrowInvalid:
        return False
    return True


# --- Columns to events ---


def from_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[CancelEvent]:
    """Restore events from batches, also from those that a file, Polars or DuckDB gave back.

    Columns are found by their names; those that are not of an event are ignored, and a missing one is taken
    to be null. Raises ValueError with the name of a missing column that is never null.
    """
    for batch in batches:
        yield from map(CancelEvent, *_values_of(batch))


def _values_of(batch: pa.RecordBatch) -> list[list[Any]]:
    names = set(batch.schema.names)
    missing = [field.name for field in EVENT_FIELDS if field.is_required and field.name not in names]
    if missing:
        raise ValueError(f"no column {missing[0]}")
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
    column = batch.column(field.name).cast(SCHEMA.field(field.name).type)
    if field.kind is Kind.AMOUNT:
        texts = column.cast(pa.string()).to_pylist()
        scales = batch.column(field.scale).to_pylist()
        return [_amount(text, scale) for text, scale in zip(texts, scales, strict=True)]
    values = column.to_pylist()
    restore = _RESTORED.get(field.kind) if field.words is None else field.words
    return values if restore is None else [None if value is None else restore(value) for value in values]


_RESTORED: Final[dict[Kind, Callable[[Any], Any]]] = {Kind.NAMES: tuple, Kind.OBJECT: msgspec.json.decode}


def _amount(text: str | None, scale: int | None) -> Decimal | None:
    """A decimal with its own scale, of a text with the scale of the column."""
    if text is None or scale is None:
        return None
    if "E" in text:
        return Decimal(text).quantize(Decimal((0, (1,), -scale)), context=_WIDE)
    spare = DECIMAL.scale - scale
    if spare <= 0:
        return Decimal(text + "0" * -spare)
    return Decimal(text[: -spare - (scale == 0)])


_WIDE: Final = Context(prec=DECIMAL.precision + _MAX_SCALE)
