"""Inputs: what a caller gives, and columns of it by their names."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as kinds

__all__ = ["BODY", "TEXT", "column_of", "flat_texts", "require_batch", "require_size"]

TEXT: Final = (kinds.is_string, kinds.is_large_string, kinds.is_string_view, kinds.is_null)
BODY: Final = (kinds.is_binary, kinds.is_large_binary, kinds.is_binary_view, *TEXT)


def require_batch(batch: object) -> None:
    """Raise TypeError unless it is a batch or a table."""
    if not isinstance(batch, pa.RecordBatch | pa.Table):
        raise TypeError(f"expected a RecordBatch or a Table, found {type(batch).__name__}")


def require_size(size: int) -> None:
    """Raise ValueError unless a batch of so many rows has any."""
    if size < 1:
        raise ValueError(f"size: expected 1 or more, found {size}")


def column_of(
    batch: Any, name: str, types: Sequence[Callable[[pa.DataType], bool]], expected: str
) -> pa.Array | pa.ChunkedArray:
    """A column of a batch or a table, without a dictionary.

    Raises ValueError unless there is exactly one of the name, and TypeError for one of another type.
    """
    count = batch.schema.names.count(name)
    if count != 1:
        raise ValueError(f"{count} columns {name}" if count else f"no column {name}")
    column = batch.column(name)
    if kinds.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not any(is_type(column.type) for is_type in types):
        raise TypeError(f"column {name}: expected {expected}, found {column.type}")
    return column


def flat_texts(column: pa.Array | pa.ChunkedArray) -> list[str | None]:
    """The texts of a column; bytes that are not UTF-8 are written as escapes."""
    try:
        found: list[str | None] = column.to_pylist()
    except UnicodeDecodeError:
        bodies = column.cast(pa.large_binary()).to_pylist()
        return [None if body is None else body.decode(errors="backslashreplace") for body in bodies]
    return found
