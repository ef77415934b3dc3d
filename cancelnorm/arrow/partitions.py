"""A folder of Parquet files by venue and UTC date, as hive and all engines know it."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.clock import replay_clock
from cancelnorm.arrow.schema import SCHEMA
from cancelnorm.arrow.sorting import Sorted
from cancelnorm.arrow.tables import ParquetFile, Table
from cancelnorm.logs import Writable, is_address

__all__ = ["Partitions"]

_UNDATED: Final = "__HIVE_DEFAULT_PARTITION__"
_MOST_OPEN: Final = 100  # files; logs are in the order of time, so few days are open
_IN_FILES: Final = SCHEMA.remove(SCHEMA.get_field_index("venue"))  # the folder has it


class _Open(NamedTuple):
    table: Table
    stack: ExitStack


class Partitions:
    """``venue=…/date=…/….parquet`` in a folder; the day is that of the replay clock.

    The name of a file depends on the log alone that its events are from. So a log that is converted again
    replaces its files, those of days that it no longer has included, and leaves those of other logs.
    """

    def __init__(
        self, folder: Path, opened: Callable[[Path], AbstractContextManager[Writable]], *, is_sorted: bool
    ) -> None:
        self._folder = folder
        self._opened = opened
        self._is_sorted = is_sorted
        self._open: dict[Path, _Open] = {}
        self._written: dict[str, int] = {}
        self._name: str | None = None

    def write(self, batch: pa.RecordBatch, name: str) -> None:
        """Write the rows of a batch, each to the file of its venue and day."""
        if name != self._name:
            self._complete()
            self._name = name
        for venue, day, rows in _split(batch):
            date_word = _UNDATED if day is None else day.isoformat()
            folder = self._folder / f"venue={quote(venue, safe='')}" / f"date={date_word}"
            self._table(folder).write(rows, name)

    def _table(self, folder: Path) -> Table:
        """The table of a folder; of many that are open, the one that was not used for longest is completed."""
        found = self._open.pop(folder, None)
        if found is None:
            if len(self._open) == _MOST_OPEN:
                self._close(next(iter(self._open)))
            found = self._begun(folder)
        self._open[folder] = found
        return found.table

    def _begun(self, folder: Path) -> _Open:
        stem = str(folder / _stem(self._name or ""))
        number = self._written[stem] = self._written.get(stem, 0) + 1
        stack = ExitStack()
        path = Path(f"{stem}-{number}.parquet")
        table: Table = ParquetFile(stack.enter_context(self._opened(path)), _IN_FILES)
        return _Open(Sorted(table, folder) if self._is_sorted else table, stack)

    def _close(self, folder: Path) -> None:
        table, stack = self._open.pop(folder)
        with stack:
            table.close()

    def _complete(self) -> None:
        for folder in list(self._open):
            self._close(folder)

    def close(self) -> None:
        """Complete all files."""
        self._complete()

    def abandon(self) -> None:
        """Let go of all files."""
        for table, stack in self._open.values():
            table.abandon()
            stack.close()
        self._open.clear()

    def replaced(self, logs: Iterable[str]) -> list[Path]:
        """Files that earlier runs made of these logs and this one did not."""
        stems = {_stem(name) for name in logs}
        written = {
            Path(f"{stem}-{number}.parquet")
            for stem, count in self._written.items()
            for number in range(1, count + 1)
        }
        found = self._folder.glob("venue=*/date=*/*.parquet")
        return [path for path in found if path.stem.rpartition("-")[0] in stems and path not in written]


def _stem(name: str) -> str:
    """The name of a log's files: a hash of its path, which shows nothing of it."""
    path = name if name == "-" or is_address(name) else os.path.realpath(name)
    return blake2b(os.fsencode(path), digest_size=8).hexdigest()


def _split(batch: pa.RecordBatch) -> Iterator[tuple[str, date | None, pa.RecordBatch]]:
    """The rows of each venue and day, without the venue."""
    days = _days(batch)
    venues = batch.column("venue")
    keys = (
        pa.table({"venue": venues, "day": days}).group_by(["venue", "day"], use_threads=False).aggregate([])
    )
    rows = batch.drop_columns(["venue"])
    for venue, day in zip(keys.column("venue").to_pylist(), keys.column("day").to_pylist(), strict=True):
        on_day = pc.is_null(days) if day is None else pc.fill_null(pc.equal(days, day), fill_value=False)
        yield venue, day, rows.filter(pc.and_(pc.equal(venues, venue), on_day))


def _days(batch: pa.RecordBatch) -> pa.Array:
    """The UTC day of each row; null without a time."""
    return replay_clock(batch).cast(pa.timestamp("ns", "UTC")).cast(pa.date32())
