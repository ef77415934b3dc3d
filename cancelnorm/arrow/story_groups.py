"""Rows in groups: numbers for what is distinct, and the least and the greatest value of each group."""

from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.arrays import converted
from cancelnorm.arrow.schema import SCHEMA

__all__ = ["Words", "count_up", "grouped", "listed", "lists_of", "numbered", "typed", "where"]


def typed(batch: pa.RecordBatch, name: str) -> pa.Array:
    """A column of events in the type of the schema; all null if it is missing."""
    kind = SCHEMA.field(name).type
    return (
        converted(batch.column(name), kind) if name in batch.schema.names else pa.nulls(batch.num_rows, kind)
    )


def where(mask: pa.Array, values: pa.Array) -> pa.Array:
    """The values of some rows, null in all others."""
    return pc.if_else(mask, values, pa.scalar(None, values.type))


def numbered(*columns: pa.Array) -> pa.Array:
    """A number for each distinct row, as they are first seen."""
    numbers, size, is_combined = pa.repeat(pa.scalar(0, pa.int64()), len(columns[0])), 1, False
    for column in columns:
        encoded = column.dictionary_encode(null_encoding="encode")
        count = len(encoded.dictionary)
        if count <= 1:
            continue
        if size * count >= _MOST:
            numbers = numbers.dictionary_encode().indices.cast(pa.int64())
            size = len(numbers)
        indices = encoded.indices.cast(pa.int64())
        is_combined = size > 1
        numbers = pc.add(pc.multiply(numbers, count), indices) if is_combined else indices
        size *= count
    return numbers.dictionary_encode().indices.cast(pa.int64()) if is_combined else numbers


_MOST: Final = 1 << 62


def grouped(groups: pa.Array, wanted: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The least or the greatest value of each group, by group; names begin with min or max. A null is no group."""
    columns = {"group": groups, **wanted}
    if groups.null_count:
        is_in = groups.is_valid()
        columns = {name: column.filter(is_in) for name, column in columns.items()}
    if _grows(columns["group"]):
        return columns
    known = {name: column for name, column in columns.items() if column.null_count < len(column)}
    table = pa.table(known).group_by("group", use_threads=False)
    found = table.aggregate([(name, name[:3]) for name in known if name != "group"]).sort_by("group")
    count = len(found)
    return {"group": _whole(found["group"])} | {
        name: _whole(found[f"{name}_{name[:3]}"]) if name in known else pa.nulls(count, column.type)
        for name, column in wanted.items()
    }


def _grows(groups: pa.Array) -> bool:
    """Whether each row is a group of its own, and they are in order."""
    return bool(
        pc.all(pc.less(groups.slice(0, max(len(groups) - 1, 0)), groups.slice(1)), min_count=0).as_py()
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


class Words:
    """A column of texts as numbers; null stays null."""

    def __init__(self, column: pa.Array) -> None:
        encoded = column.dictionary_encode()
        self.numbers = encoded.indices
        self._words = encoded.dictionary

    def of(self, numbers: pa.Array) -> pa.Array:
        """The texts of some numbers."""
        return self._words.take(numbers)

    def in_groups(
        self, groups: pa.Array, wanted: Mapping[str, pa.Array]
    ) -> tuple[pa.Array, dict[str, pa.Array]]:
        """The distinct texts of each group, sorted, and the least or the greatest of other columns for each of them.

        The first are the groups, the others have the texts as ``word``.
        """
        size = pa.scalar(max(len(self._words), 1), pa.int64())
        order = pc.sort_indices(self._words)
        ranks = pc.sort_indices(order).cast(pa.int64()).take(self.numbers)
        found = grouped(pc.add(pc.multiply(groups, size), ranks), wanted)
        of_groups = pc.divide(found["group"], size)
        numbers = order.take(pc.subtract(found["group"], pc.multiply(of_groups, size)))
        return of_groups, found | {"word": self._words.take(numbers)}


def listed(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Lists with one value each, and with none where it is null."""
    if values.null_count:
        ends = pc.cumulative_sum(values.is_valid().cast(pa.int32()))
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
        values = values.drop_null()
    else:
        offsets = count_up(len(values) + 1).cast(pa.int32())
    return pa.ListArray.from_arrays(offsets, values, type=kind)


def lists_of(groups: pa.Array, values: pa.Array, count: int, kind: pa.DataType) -> pa.Array:
    """A list for each of ``count`` groups, of the values of its rows, which come in the order of the groups."""
    counted = groups.value_counts()
    sizes = counted.field("counts").take(pc.index_in(count_up(count), value_set=counted.field("values")))
    ends = pc.cumulative_sum(sizes.fill_null(0).cast(pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    return pa.ListArray.from_arrays(offsets, values, type=kind)


def count_up(count: int) -> pa.Array:
    """The numbers from 0 on."""
    return pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), count)), 1)
