"""Functions that run in the workers of an engine, or in plain processes."""

import os
import signal
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa

from cancelnorm.arrow import normalise_lines, normalise_log
from cancelnorm.logs import Range

Rows = list[dict[str, Any]]


def of_range(part: Range) -> Rows:
    """The rows of a range."""
    return [row for batch in normalise_log(part) for row in batch.to_pylist()]


def in_processes(parts: Iterable[Range]) -> Rows:
    """The rows of all ranges, from two processes that share nothing."""
    with get_context("spawn").Pool(2) as pool:
        return [row for rows in pool.map(of_range, parts) for row in rows]


def of_ranges(parts: pa.Table | pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Batches of a table of ranges."""
    for part in parts.to_pylist():
        yield from normalise_log(Range(**part))


def tables_of_ranges(parts: pa.Table, killed: Path | None = None) -> Iterator[pa.Table]:
    """The same as tables, which Ray takes."""
    kill_once(killed)
    yield from map(pa.table, of_ranges(parts))


def batches_of_ranges(
    batches: Iterable[pa.RecordBatch], killed: Path | None = None
) -> Iterator[pa.RecordBatch]:
    """The same of the batches of a partition, which Spark gives."""
    for batch in batches:
        yield from of_ranges(batch)
        kill_once(killed)


def divided(files: pa.Table) -> pa.Table:
    """The lines of whole files."""
    lines = [
        (line, path)
        for data, path in zip(files["bytes"].to_pylist(), files["path"].to_pylist(), strict=True)
        for line in data.split(b"\n")
    ]
    return pa.table({"line": [line for line, _ in lines], "path": [path for _, path in lines]})


def table_of_lines(lines: pa.Table) -> pa.Table:
    """Events of lines, as a table."""
    return pa.table(normalise_lines(lines, source="path"))


def batches_of_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Events of lines, in batches."""
    return (normalise_lines(batch, source="path") for batch in batches)


def kill_once(marker: Path | None) -> None:
    """Kill this process, unless there is a marker, which it leaves behind; the engine has to begin again."""
    if marker is None:
        return
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
