"""Reading of the files of events that ``cancelnorm convert`` wrote."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cancelnorm.arrow.arrays import converted
from cancelnorm.arrow.clock import CLOCKS, replay_clock

__all__ = ["read"]

_ROWS: Final = 4_096


def read(
    path: str | os.PathLike[str], start_ns: int | None = None, end_ns: int | None = None
) -> Iterator[pa.RecordBatch]:
    """Read a Parquet file, an Arrow file, or a folder of Parquet files, in batches; ``from_batches`` restores events.

    Only rows whose replay clock is in the half-open interval from ``start_ns`` to ``end_ns`` are read: the
    recorder's time of receipt, or else the gateway's time of the response, or else the engine's of the event.
    Row groups outside it are skipped, which pays in files that ``--sort`` wrote. Rows without a time are read if
    there is no interval. Rows come in the order of the file, those of a folder in the order of the paths, with
    the column ``venue``, which is in the name of a folder.
    """
    location = Path(path)
    for file in sorted(location.rglob("*.parquet")) if location.is_dir() else [location]:
        for batch in _batches(file, start_ns, end_ns):
            found = _within(batch, start_ns, end_ns)
            if found.num_rows:
                yield _with_venue(found, file)


def _batches(file: Path, start_ns: int | None, end_ns: int | None) -> Iterator[pa.RecordBatch]:
    if file.suffix == ".arrow":
        with pa.ipc.open_file(str(file)) as stored:
            for number in range(stored.num_record_batches):
                yield stored.get_batch(number)
        return
    with pq.ParquetFile(str(file)) as stored:
        groups = [
            number
            for number in range(stored.num_row_groups)
            if _may_be_within(stored.metadata.row_group(number), stored.schema_arrow, start_ns, end_ns)
        ]
        if groups:
            yield from stored.iter_batches(_ROWS, row_groups=groups, use_threads=False)


def _within(batch: pa.RecordBatch, start_ns: int | None, end_ns: int | None) -> pa.RecordBatch:
    """The rows of an interval."""
    if start_ns is None and end_ns is None:
        return batch
    times = replay_clock(batch)
    if start_ns is not None:
        batch, times = _filtered(batch, times, pc.greater_equal(times, start_ns))
    if end_ns is not None:
        batch, _ = _filtered(batch, times, pc.less(times, end_ns))
    return batch


def _filtered(batch: pa.RecordBatch, times: pa.Array, mask: pa.Array) -> tuple[pa.RecordBatch, pa.Array]:
    return batch.filter(mask), times.filter(mask)


def _may_be_within(group: Any, schema: pa.Schema, start_ns: int | None, end_ns: int | None) -> bool:
    """Whether a row group may have rows of an interval; False is certain."""
    if start_ns is None and end_ns is None:
        return True
    least: list[int] = []
    most: list[int] = []
    columns = {
        group.column(number).path_in_schema: group.column(number) for number in range(group.num_columns)
    }
    for name in CLOCKS:
        statistics = columns[name].statistics
        if statistics is None or not statistics.has_null_count:
            return True
        if statistics.has_min_max:
            # As numbers: pyarrow gives no nanoseconds as times unless pandas is installed.
            bounds = pa.array([statistics.min_raw, statistics.max_raw]).cast(schema.field(name).type)
            first, last = converted(bounds, pa.int64()).to_pylist()
            least.append(first)
            most.append(last)
        elif statistics.null_count < group.num_rows:
            return True
        if not statistics.null_count:  # the clocks after it are not asked
            break
    if not least:
        return False
    return (end_ns is None or min(least) < end_ns) and (start_ns is None or max(most) >= start_ns)


def _with_venue(batch: pa.RecordBatch, file: Path) -> pa.RecordBatch:
    """The batch with the column that is in the path of its file."""
    if "venue" in batch.schema.names:
        return batch
    names = [part.removeprefix("venue=") for part in file.parts if part.startswith("venue=")]
    if not names:
        raise ValueError(f"{file}: no column venue")
    column = pa.array([unquote(names[-1])] * batch.num_rows, pa.string())
    return batch.append_column("venue", column)
