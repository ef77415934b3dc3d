"""Lines of logs, in batches or in files, to batches of events: what engines call."""

import os
from collections.abc import Iterator, Sequence
from typing import Final, Unpack

import pyarrow as pa

from cancelnorm.answer import require_drift
from cancelnorm.arrow.inputs import BODY, TEXT, column_of, flat_texts, require_batch, require_size
from cancelnorm.arrow.records import Drift, batch_of_records, chunks
from cancelnorm.arrow.schema import SCHEMA
from cancelnorm.caching import cached
from cancelnorm.logs import Range, ReadOptions, Unreadable, options_of, read, shown_name
from cancelnorm.logs.lines import line_reader  # with formats that a check need not load
from cancelnorm.record import Record

__all__ = ["normalise_lines", "normalise_log"]

_USUAL: Final = ("value", "text", "bytes", "line")
_SIZE: Final = 4_096  # larger batches leave the processor's cache


def normalise_log(
    log: str | os.PathLike[str] | Range,
    *,
    drift: Drift = "collect",
    size: int = _SIZE,
    **options: Unpack[ReadOptions],
) -> Iterator[pa.RecordBatch]:
    """Normalise a log, all logs in a folder, or a range; every batch has exactly ``SCHEMA``.

    The options are those of ``cancelnorm.logs.read``, the events those of ``cancelnorm.events``, and ``source``
    is file and line. ``record`` is null. A batch has the events of ``size`` records, or of fewer if they are long;
    there is one batch at least.

    No record raises: see ``normalise_lines``. A log has all that a program asked, so an answer of an endpoint that is
    not known has no row if it cancels nothing, as in ``cancelnorm check``; ``normalise_batch`` refuses it, as
    ``normalise`` does, because who names an endpoint means one that is read. Raises what ``read`` raises, such as
    OSError.
    """
    require_size(size)
    require_drift(drift)
    return (_of_log(items, drift) for items in chunks(read(log, **options), size))


def _of_log(items: Sequence[Record | Unreadable], drift: Drift) -> pa.RecordBatch:
    batch = batch_of_records([(item,) for item in items], drift)
    return batch.set_column(0, SCHEMA.field("record"), pa.nulls(batch.num_rows, pa.int32()))


def normalise_lines(
    batch: pa.RecordBatch | pa.Table,
    *,
    column: str | None = None,
    source: str | None = None,
    drift: Drift = "collect",
    **options: Unpack[ReadOptions],
) -> pa.RecordBatch:
    """Normalise a batch of lines, each by itself; the result always has exactly ``SCHEMA``.

    ``column`` is the name of the column of lines, binary or text; by default the one that is called ``value``,
    ``text``, ``bytes`` or ``line``. ``source`` is that of a column with their file, if there is one. The options
    are those of ``cancelnorm.logs.read``, but the format is ``records`` unless it is named. ``record`` is the row
    of the line.

    No row raises. A refused one has a row with ``fault``: the path, what was expected and what was found there. A
    line that is blank or not about a cancel has none. The metadata ``cancelnorm.records``, ``.understood``,
    ``.skipped`` and ``.refused`` counts the lines.

    In ``records``, ``jsonl``, ``timestamped`` and ``bare`` a line may stand by itself. A request whose answer is on
    another line is refused, since a batch may end between them: use ``normalise_log``. Raises ValueError for other
    formats and for a missing column, and TypeError for a column of the wrong type.
    """
    require_batch(batch)
    require_drift(drift)
    name = column or _only(batch)
    read_line = line_reader(options.get("format") or "records", options_of(**options))
    lines = _lines(batch, name)
    sources: list[str | None] = [None] * len(lines) if source is None else _sources(batch, source)
    groups: list[Sequence[Record | Unreadable]] = []
    for line, place in zip(lines, sources, strict=True):
        where = "" if place is None else _shown(place)
        groups.append([Unreadable(where, name, "null")] if line is None else read_line(line, where))
    return batch_of_records(groups, drift)


_shown: Final = cached(1_024)(shown_name)


def _only(batch: pa.RecordBatch | pa.Table) -> str:
    """The name of the column of lines."""
    found: list[str] = [name for name in batch.schema.names if name in _USUAL]
    if len(found) != 1:
        names = ", ".join(batch.schema.names) or "none"
        raise ValueError(f"name the column of lines with column=; the columns are {names}")
    return found[0]


def _lines(batch: pa.RecordBatch | pa.Table, name: str) -> list[bytes | None]:
    """Lines as bytes: text is not decoded, so a line that is not UTF-8 is refused by itself."""
    found: list[bytes | None] = (
        column_of(batch, name, BODY, "binary or string").cast(pa.large_binary()).to_pylist()
    )
    return found


def _sources(batch: pa.RecordBatch | pa.Table, name: str) -> list[str | None]:
    return flat_texts(column_of(batch, name, TEXT, "string"))
