"""Stories as a table in Parquet: a row for each order, as ``cancelnorm story`` writes it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cancelnorm.arrow.arrays import Unfit, arrays_of
from cancelnorm.arrow.schema import DECIMAL, EventField, Kind
from cancelnorm.escapes import writable
from cancelnorm.logs import Writable
from cancelnorm.report.stories import StoryWriter, WrittenStory, written
from cancelnorm.schema import SCHEMA_VERSION, CancelEvent, EventKind
from cancelnorm.story import Contradiction, OrderVerdict, Story
from cancelnorm.version import __version__

__all__ = ["STORY_TABLE", "StoryTable"]

_TEXTS: Final = pa.list_(pa.string())
_CONTRADICTIONS: Final = pa.list_(pa.struct({name: pa.string() for name in Contradiction.__struct_fields__}))
_TYPES: Final[Mapping[Any, pa.DataType]] = {
    bool: pa.bool_(),
    int: pa.int64(),
    Decimal: DECIMAL,
    tuple[str, ...]: _TEXTS,
    tuple[str | None, ...]: _TEXTS,
    tuple[Contradiction, ...]: _CONTRADICTIONS,
}


def _columns() -> Iterable[pa.Field]:
    for field in msgspec.structs.fields(WrittenStory):
        kind: Any = field.type
        members = [one for one in getattr(kind, "__args__", ()) if one is not type(None)]
        known = _TYPES.get(kind) or (_TYPES.get(members[0]) if len(members) == 1 else None)
        yield pa.field(field.name, known or pa.string())
        if known == DECIMAL:
            yield pa.field(f"{field.name}_scale", pa.int8())
    yield pa.field("unfit", pa.string())


STORY_TABLE: Final = pa.schema(
    list(_columns()), metadata={"cancelnorm.schema": str(SCHEMA_VERSION), "cancelnorm.version": __version__}
)
"""Columns of the table; amounts are as in the table of events: with a scale, and in ``unfit`` if they do not fit."""

_ROWS: Final = 4_096


class StoryTable(StoryWriter):
    """A file of stories, in which the history of an order is a row like others."""

    def __init__(self, file: Writable) -> None:
        self._writer = pq.ParquetWriter(file, STORY_TABLE, compression="zstd")
        self._rows: list[WrittenStory] = []

    def add(self, stories: Sequence[tuple[Story, OrderVerdict]]) -> None:
        """Hold rows until there are enough for a row group."""
        self._rows += [written(story, verdict) for story, verdict in stories]
        if len(self._rows) >= _ROWS:
            self._put_away()

    def tell(self, story: Story, verdict: OrderVerdict, events: Iterable[CancelEvent]) -> None:
        """Write the row of an order."""
        del events
        self.add([(story, verdict)])

    def end(self, unnamed: Mapping[EventKind, int]) -> None:
        """Complete the file."""
        del unnamed
        self._put_away()
        self._writer.close()

    def abandon(self) -> None:
        """Keep the writer from adding a footer when it is collected."""
        self._writer.is_open = False

    def _put_away(self) -> None:
        self._writer.write_batch(_batch(self._rows))
        self._rows.clear()


def _batch(rows: Sequence[WrittenStory]) -> pa.RecordBatch:
    unfit = Unfit(len(rows))
    columns: dict[str, pa.Array] = {}
    for name in WrittenStory.__struct_fields__:
        values = [getattr(row, name) for row in rows]
        kind = STORY_TABLE.field(name).type
        if kind == DECIMAL:
            columns |= arrays_of(EventField(name, Kind.AMOUNT, None, False, {}), values, unfit)
        else:
            columns[name] = pa.array([_plain(value) for value in values], kind)
    columns["unfit"] = unfit.column
    return pa.RecordBatch.from_arrays([columns[name] for name in STORY_TABLE.names], schema=STORY_TABLE)


def _plain(value: Any) -> Any:
    """A value that UTF-8 can hold."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Contradiction):
        return {name: _plain(getattr(value, name)) for name in Contradiction.__struct_fields__}
    return value
