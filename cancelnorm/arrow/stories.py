"""Stories of orders from columns of events, in parts that any engine can combine."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.plain_stories import plain_stories
from cancelnorm.arrow.rows import from_batches, require_columns
from cancelnorm.arrow.schema import SCHEMA
from cancelnorm.arrow.story_groups import typed
from cancelnorm.arrow.story_schema import STORIES, restored, rows_of
from cancelnorm.schema import EventKind
from cancelnorm.story import Gathering, Stories

__all__ = ["merge_stories", "stories"]

_UNNAMED: Final = b"cancelnorm.unnamed"


def stories(batch: pa.RecordBatch | pa.Table) -> pa.RecordBatch:
    """Fold the events of a batch into partial stories: a row for each order, with the columns ``STORIES``.

    Each column is a part of what the events say, and is joined by itself: by the least, the greatest or the union,
    as its description says. So an engine may fold any batches anywhere, and ``merge_stories`` gives what
    ``cancelnorm.story.fold`` gives for all events at once. Rows come in the order in which orders are first seen.
    The metadata ``cancelnorm.unnamed`` counts the events that name no order, by kind. Raises ValueError as
    ``from_batches`` does.
    """
    if isinstance(batch, pa.Table):
        batch = pa.concat_batches(batch.to_batches() or [pa.RecordBatch.from_pylist([], batch.schema)])
    if not batch.num_rows:
        return _with_count(pa.RecordBatch.from_pylist([], STORIES), Counter())
    require_columns(batch)
    names = [name for name in SCHEMA.names if name in batch.schema.names]
    plain = plain_stories(pa.RecordBatch.from_arrays([typed(batch, name) for name in names], names))
    if not plain.rest.num_rows:
        return _with_count(plain.stories, Counter())
    gathering = Gathering()
    for event in from_batches([plain.rest]):
        gathering.add(event)
    found = pa.concat_batches([plain.stories, rows_of(gathering.stories().values())])
    numbers = pa.concat_arrays([plain.numbers, plain.others])
    return _with_count(found.take(pc.sort_indices(numbers)), gathering.unnamed)


def _with_count(batch: pa.RecordBatch, unnamed: Counter[EventKind]) -> pa.RecordBatch:
    about = {_UNNAMED: msgspec.json.encode(unnamed)}
    return batch.replace_schema_metadata(STORIES.metadata | about)


def merge_stories(batches: Iterable[pa.RecordBatch]) -> Stories:
    """Join partial stories, also those that an engine has joined in part, into the stories of all their events.

    Columns are found by their names; a missing one is taken to be empty. Raises ValueError with the name of a
    missing column that identifies orders.
    """
    gathering = Gathering()
    for batch in batches:
        unnamed = (batch.schema.metadata or {}).get(_UNNAMED, b"{}")
        counts = msgspec.json.decode(unnamed, type=dict[EventKind, int])
        for story in restored(batch):
            gathering.join(Stories({story.key: story}))
        gathering.join(Stories({}, counts))
    return gathering.stories()
