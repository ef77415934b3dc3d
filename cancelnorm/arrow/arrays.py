"""Arrays: the values of one field of an event as Arrow columns."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.schema import DECIMAL, SCHEMA, EventField, Kind
from cancelnorm.escapes import writable
from cancelnorm.ids import MASKED

__all__ = [
    "MAX_SCALE",
    "Unfit",
    "arrays_of",
    "converted",
    "fits",
    "in_order",
    "repeated",
    "texts_of",
    "unmasked",
]

MAX_SCALE: Final = 127


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
        if not self._found:
            return pa.nulls(self._count, pa.string())
        texts: list[str | None] = [None] * self._count
        for row, numbers in self._found.items():
            texts[row] = msgspec.json.encode(numbers).decode()
        return pa.array(texts, pa.string())


def arrays_of(field: EventField, values: Sequence[Any], unfit: Unfit) -> dict[str, pa.Array]:
    """The column of a field, and that of its scales if it is a decimal: of decimals, or of their plain texts."""
    kind = SCHEMA.field(field.name).type
    count = len(values)
    if _are_none(field, values):
        scales = {field.scale: pa.nulls(count, pa.int8())} if field.kind is Kind.AMOUNT else {}
        return {field.name: pa.nulls(count, kind)} | scales
    if field.kind is Kind.AMOUNT:
        return _amounts(field, values, unfit)
    if field.kind is Kind.TEXT:
        return {field.name: texts_of(values)}
    if field.kind is Kind.OBJECT:
        return {field.name: texts_of([None if value is None else _json(value) for value in values])}
    if field.kind in (Kind.TIME, Kind.COUNT):
        return {field.name: _numbers(field, values, kind, unfit)}
    return {field.name: pa.array(values, kind)}


def _are_none(field: EventField, values: Sequence[Any]) -> bool:
    if field.kind is Kind.AMOUNT:  # a decimal takes long to compare with None
        return all(value is None for value in values)
    return not values or (values[0] is None and values.count(None) == len(values))


def converted(column: Any, kind: pa.DataType) -> Any:
    """A column in another type; timestamps of any unit become nanoseconds."""
    if pa.types.is_timestamp(column.type) and column.type.unit != "ns":
        column = column.cast(pa.timestamp("ns", column.type.tz))
    return column if column.type == kind else column.cast(kind)


def repeated(value: Any, kind: pa.DataType, count: int) -> pa.Array:
    """The same value in every row."""
    return pa.nulls(count, kind) if value is None else pa.repeat(pa.scalar(value, kind), count)


def in_order(batch: pa.RecordBatch, order: pa.Array) -> pa.RecordBatch:
    """The rows in an order; in a column without any value it makes no difference."""
    columns = [each if each.null_count == len(order) else each.take(order) for each in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def texts_of(values: Sequence[str | None]) -> pa.Array:
    """A column of texts; half a surrogate pair is written as an escape."""
    first = values[0] if values else None
    try:
        if first is not None and first == values[-1] and values.count(first) == len(values):
            return repeated(str(first), pa.string(), len(values))
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


# --- Decimals ---


def _amounts(field: EventField, values: Sequence[Any], unfit: Unfit) -> dict[str, pa.Array]:
    """A column of decimals and one of their scales; a decimal that does not fit is null in both."""
    first, count = values[0], len(values)
    is_one = isinstance(first, str) and first == values[-1] and values.count(first) == count
    texts = _plain_texts(values[:1] if is_one else values)
    try:
        found = {field.name: texts.cast(DECIMAL), field.scale: _scales(texts)}
    except pa.ArrowInvalid:
        pass  # one of them does not fit
    else:
        digits = texts.buffers()[-1].to_pybytes()  # of all, one after the other
        # An exponent has decimals of its own, and a zero would lose its minus.
        if b"E" not in digits and b"e" not in digits and b"-0" not in digits:
            return {name: pa.repeat(each[0], count) for name, each in found.items()} if is_one else found
    kept: list[Decimal | None] = []
    for row, value in enumerate(values):
        number = None if value is None else Decimal(value)
        is_fit = number is None or fits(number)
        kept.append(number if is_fit else None)
        if number is not None and not is_fit:
            unfit.add(row, field.name, number)
    lengths = [None if value is None else _decimals(format(value, "f")) for value in kept]
    return {field.name: pa.array(kept, DECIMAL), field.scale: pa.array(lengths, pa.int8())}


def _plain_texts(values: Sequence[Any]) -> pa.Array:
    """The decimals as texts, zero without the exponent that Python writes after six decimals."""
    try:
        return pa.array(values, pa.string())
    except pa.ArrowTypeError:
        pass  # decimals
    texts = [None if value is None else str(value) for value in values]
    joined = "\n".join(filter(None, texts))
    if "E" in joined or "e" in joined:  # as the context of decimals writes it
        texts = [
            format(value, "f") if text is not None and text[:2] in ("0E", "0e") else text
            for text, value in zip(texts, values, strict=True)
        ]
    return pa.array(texts, pa.string())


def _scales(texts: pa.Array) -> pa.Array:
    """Number of decimals of each text without an exponent."""
    points = pc.find_substring(texts, ".")
    decimals = pc.subtract(pc.subtract(pc.binary_length(texts), points), 1)
    if pc.min(points).as_py() < 0:
        decimals = pc.if_else(pc.less(points, 0), 0, decimals)
    return decimals.cast(pa.int8())


def _decimals(text: str) -> int:
    """Number of decimals of a text without an exponent."""
    at = text.find(".")
    return 0 if at < 0 else len(text) - 1 - at


def fits(value: Decimal) -> bool:
    """Whether the column holds a decimal so that it can be restored with its scale."""
    sign, _, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not -MAX_SCALE <= exponent <= 0 or (sign and not value):
        return False
    try:
        pa.scalar(value, DECIMAL)
    except pa.ArrowInvalid:
        return False
    return True


def unmasked(ids: pa.Array) -> pa.Array:
    """The ids that were not masked, which name an order; null in the place of the others."""
    is_masked = pc.match_substring_regex(ids, MASKED)
    return pc.if_else(is_masked, pa.scalar(None, ids.type), ids) if is_masked.true_count else ids
