"""Sorting by the replay clock, in memory that does not grow with the log."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.clock import replay_clock
from cancelnorm.arrow.tables import Table

__all__ = ["Sorted"]

_RUN_ROWS: Final = 65_536  # sorted in memory
_PIECE_ROWS: Final = 1_024  # of each run, in memory while runs are merged
_MOST_RUNS: Final = 64  # merged at a time
_TIME: Final = "sort_ns"
_POSITION: Final = "sort_position"
_BEGINNING: Final = -(1 << 63)


class Sorted:
    """A table whose rows are written in the order of the replay clock, and of the log where times are equal.

    A row without a time stays behind its predecessor in the same log. Rows wait in a file in ``folder`` that has
    no name, and goes when the process does.
    """

    def __init__(self, table: Table, folder: Path) -> None:
        self._table = table
        self._folder = folder
        self._runs: _Runs | None = None
        self._held: list[pa.RecordBatch] = []
        self._rows = 0
        self._position = 0
        self._last_ns = _BEGINNING
        self._name: str | None = None

    def write(self, batch: pa.RecordBatch, name: str) -> None:
        """Hold rows; when there are enough for a run, they are sorted and put away."""
        if name != self._name:
            self._name, self._last_ns = name, _BEGINNING
        times = pc.fill_null(pc.fill_null_forward(replay_clock(batch)), self._last_ns)
        self._last_ns = times[-1].as_py()
        positions = pa.array(range(self._position, self._position + batch.num_rows), pa.int64())
        self._position += batch.num_rows
        self._held.append(batch.append_column(_TIME, times).append_column(_POSITION, positions))
        self._rows += batch.num_rows
        if self._rows >= _RUN_ROWS:
            self._put_away()

    def _put_away(self) -> None:
        if self._runs is None:
            self._runs = _Runs(self._folder)
        self._runs.add([_in_order(self._held)])
        self._held, self._rows = [], 0

    def close(self) -> None:
        """Write all rows in order."""
        if self._runs is None:
            tables: Iterable[pa.Table] = [_in_order(self._held)] if self._held else []
        else:
            if self._held:
                self._put_away()
            tables = self._runs.merged()
        for table in tables:
            for batch in table.drop_columns([_TIME, _POSITION]).to_batches():
                self._table.write(batch, "")
        self._table.close()
        self._let_go()

    def abandon(self) -> None:
        """Let go of the table, and of the rows."""
        self._table.abandon()
        self._let_go()

    def _let_go(self) -> None:
        if self._runs is not None:
            self._runs.close()


def _in_order(batches: Sequence[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches).sort_by([(_TIME, "ascending"), (_POSITION, "ascending")])


class _Piece(NamedTuple):
    """A batch of a run in the file."""

    offset: int
    length: int


class _Runs:
    """Sorted runs in a temporary file."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  # closed below
        self._runs: list[list[_Piece]] = []
        self._schema: pa.Schema = None

    def add(self, tables: Iterable[pa.Table]) -> None:
        """Write a run; when there are many, they become one."""
        run = []
        for table in tables:
            self._schema = table.schema
            for batch in table.combine_chunks().to_batches(max_chunksize=_PIECE_ROWS):
                data = batch.serialize()
                run.append(_Piece(self._file.seek(0, 2), data.size))
                self._file.write(data)
        self._runs.append(run)
        if len(self._runs) == _MOST_RUNS:
            merged = self.merged()
            self._runs = []
            self.add(merged)

    def merged(self) -> Iterator[pa.Table]:
        """Merge all runs."""
        return _merged([self._read(run) for run in self._runs])

    def close(self) -> None:
        """Remove the file."""
        self._file.close()

    def _read(self, run: list[_Piece]) -> Iterator[pa.RecordBatch]:
        for offset, length in run:
            self._file.seek(offset)
            yield pa.ipc.read_record_batch(pa.py_buffer(self._file.read(length)), self._schema)


def _merged(runs: Iterable[Iterator[pa.RecordBatch]]) -> Iterator[pa.Table]:
    """Merge sorted runs: each time all rows up to the least end of the pieces that are in memory."""
    heads = [(piece, run) for run in runs if (piece := next(run, None)) is not None]
    while heads:
        end = min(_key_of_last(piece) for piece, _ in heads)
        taken, left = [], []
        for piece, run in heads:
            count = _rows_up_to(piece, *end)
            taken.append(piece.slice(0, count))
            rest = piece.slice(count) if count < piece.num_rows else next(run, None)
            if rest is not None:
                left.append((rest, run))
        yield _in_order(taken)
        heads = left


def _key_of_last(piece: pa.RecordBatch) -> tuple[int, int]:
    return piece.column(_TIME)[-1].as_py(), piece.column(_POSITION)[-1].as_py()


def _rows_up_to(piece: pa.RecordBatch, time_ns: int, position: int) -> int:
    """Number of rows of a sorted piece whose key is at most this one."""
    times, positions = piece.column(_TIME), piece.column(_POSITION)
    is_equal = pc.and_(pc.equal(times, time_ns), pc.less_equal(positions, position))
    count: int = pc.sum(pc.or_(pc.less(times, time_ns), is_equal)).as_py()
    return count
