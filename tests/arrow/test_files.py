"""Files of events: what is sorted, split and read in windows, with pieces so small that all of them occur."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind
from cancelnorm.arrow import SCHEMA, Times, from_batches, read, sorting, tables, to_batches
from cancelnorm.arrow.partitions import Partitions
from cancelnorm.arrow.schema import schema_of
from cancelnorm.arrow.sorting import Sorted
from cancelnorm.arrow.tables import ArrowFile, ParquetFile

EVENT = CancelEvent("binance", None, "DELETE /api/v3/order", EventKind.ORDER)
DAY_NS = 86_400 * 10**9
# Few different times, so that many are equal, around the end of a day.
clocks = (
    st.none()
    | st.integers(-2, 5)
    | st.integers(DAY_NS - 2, DAY_NS + 2)
    | st.sampled_from([-(2**63), 2**63 - 1])
)
events = st.builds(
    lambda venue, received, response, event, number: replace(
        EVENT, venue=venue, received_ns=received, response_ns=response, event_ns=event, order_id=str(number)
    ),
    st.sampled_from(["binance", "bybit", "a/b=c é"]),
    clocks,
    clocks,
    clocks,
    st.integers(0, 10**6),
)
logs = st.lists(
    st.tuples(st.sampled_from(["a.jsonl", "b.jsonl"]), st.lists(events, min_size=1, max_size=9)), max_size=9
)


def clock(event: CancelEvent) -> int | None:
    """The replay clock as the documentation says it."""
    if event.received_ns is not None:
        return event.received_ns
    return event.event_ns if event.response_ns is None else event.response_ns


def restored(batches: Sequence[pa.RecordBatch]) -> list[str]:
    """The events of batches, as texts that show every digit."""
    return list(map(repr, from_batches(batches)))


@pytest.fixture(autouse=True, scope="module")
def small() -> Iterator[None]:
    """Runs, pieces and row groups of a few rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "_RUN_ROWS", 5)
        patch.setattr(sorting, "_PIECE_ROWS", 2)
        patch.setattr(sorting, "_MOST_RUNS", 3)
        patch.setattr(tables, "ROW_GROUP", 4)
        yield


class Gathered:
    """A table in memory."""

    def __init__(self) -> None:
        self.batches: list[pa.RecordBatch] = []
        self.is_closed = False

    def write(self, batch: pa.RecordBatch, _name: str) -> None:
        """Keep a batch."""
        self.batches.append(batch)

    def close(self) -> None:
        """Note the end."""
        self.is_closed = True

    def abandon(self) -> None:
        """Do nothing."""


@settings(max_examples=max(20, settings().max_examples // 5))  # each writes files
@given(logs)
def test_rows_are_sorted_by_the_replay_clock(log: Sequence[tuple[str, Sequence[CancelEvent]]]) -> None:
    """Stable, and a row without a time follows its predecessor in the same log, or else comes first."""
    gathered = Gathered()
    keyed: list[tuple[int, CancelEvent]] = []
    with TemporaryDirectory() as folder:
        table = Sorted(gathered, Path(folder))
        before, last = "", -(2**63)
        for name, found in log:
            last = last if name == before else -(2**63)
            before = name
            for event in found:
                time = clock(event)
                last = last if time is None else time
                keyed.append((last, event))
            for batch in to_batches(found, size=3):
                table.write(batch, name)
        table.close()
        assert list(Path(folder).iterdir()) == []
    assert gathered.is_closed
    assert restored(gathered.batches) == [repr(event) for _, event in sorted(keyed, key=lambda pair: pair[0])]
    assert all(batch.schema.equals(SCHEMA) for batch in gathered.batches)


bounds = st.none() | st.integers(-3, 6) | st.integers(DAY_NS - 3, DAY_NS + 3)


@given(st.lists(events, max_size=30), bounds, bounds, st.sampled_from(["parquet", "arrow"]), st.booleans())
def test_a_window_is_read(
    found: Sequence[CancelEvent], start: int | None, end: int | None, form: str, is_sorted: bool
) -> None:
    """Exactly the events of the half-open interval, whether row groups can be skipped or not."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"e.{form}"
        with path.open("wb") as file:
            table = ParquetFile(file) if form == "parquet" else ArrowFile(file)
            written = Sorted(table, Path(folder)) if is_sorted else table
            for batch in to_batches(found, size=4):
                written.write(batch, "a")
            written.close()
        everything = list(from_batches(read(path)))
        expected = [event for event in everything if is_within(clock(event), start, end)]
        assert restored(list(read(path, start, end))) == list(map(repr, expected))
        assert sorted(map(repr, everything)) == sorted(map(repr, found))


def is_within(time: int | None, start: int | None, end: int | None) -> bool:
    """Whether a time is in an interval; without one, every event is."""
    if start is None and end is None:
        return True
    return time is not None and (start is None or time >= start) and (end is None or time < end)


def test_row_groups_outside_a_window_are_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their columns are not decoded."""
    with (tmp_path / "e.parquet").open("wb") as file:
        table = ParquetFile(file)
        for batch in to_batches([replace(EVENT, received_ns=number, event_ns=0) for number in range(40)]):
            table.write(batch, "a")
        table.close()
    asked: list[Sequence[int]] = []
    plain = pq.ParquetFile.iter_batches

    def iter_batches(self: Any, *args: Any, row_groups: Sequence[int], **options: Any) -> Any:
        asked.append(row_groups)
        return plain(self, *args, row_groups=row_groups, **options)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", iter_batches)
    found = from_batches(read(tmp_path / "e.parquet", 10, 17))
    assert [event.received_ns for event in found] == list(range(10, 17))
    assert list(read(tmp_path / "e.parquet", 50)) == []
    assert asked == [[2, 3, 4]]


@pytest.mark.parametrize("times", ["int", "timestamp"])
def test_a_file_with_timestamps_has_windows_too(
    tmp_path: Path, times: Times, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nanoseconds count in both, also where pandas is not installed, which pyarrow asks for them."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with (tmp_path / "e.parquet").open("wb") as file:
        table = ParquetFile(file, schema_of(times))
        found = [replace(EVENT, received_ns=1_700_000_000_000_000_000 + number) for number in range(9)]
        for batch in to_batches(found, times=times):
            table.write(batch, "a")
        table.close()
    assert (
        list(from_batches(read(tmp_path / "e.parquet", 1_700_000_000_000_000_003, 1_700_000_000_000_000_006)))
        == (found[3:6])
    )


@pytest.mark.parametrize("unit", ["us", "ms"])
def test_a_file_with_other_units_has_the_same_windows(tmp_path: Path, unit: str) -> None:
    """Another program may have written the times as milliseconds or microseconds."""
    start = 1_700_000_000_000_000_000
    found = [replace(EVENT, received_ns=start + number * 1_000_000) for number in range(9)]
    [batch] = to_batches(found, times="timestamp")
    kinds = [pa.timestamp(unit) if pa.types.is_timestamp(each.type) else each.type for each in batch.schema]
    table = pa.Table.from_batches([batch]).cast(
        pa.schema([each.with_type(kind) for each, kind in zip(batch.schema, kinds, strict=True)])
    )
    pq.write_table(table, tmp_path / "e.parquet", row_group_size=2)
    assert (
        list(from_batches(read(tmp_path / "e.parquet", start + 3_000_000, start + 6_000_000))) == found[3:6]
    )


def opened(path: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file in a folder that is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


@settings(max_examples=max(20, settings().max_examples // 5))  # each writes files
@given(logs, st.booleans())
def test_partitions_hold_every_row_once(
    log: Sequence[tuple[str, Sequence[CancelEvent]]], is_sorted: bool
) -> None:
    """Each row is in the folder of its venue and day, and all columns are restored."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "out"
        table = Partitions(folder, opened, is_sorted=is_sorted)
        for source, found in log:
            for batch in to_batches(found, size=3):
                table.write(batch, source)
        table.close()
        folder.mkdir(exist_ok=True)
        batches = list(read(folder))
        assert sorted(restored(batches)) == sorted(repr(event) for _, found in log for event in found)
        for path in folder.rglob("*.parquet"):
            days = {day_of(clock(event)) for event in from_batches(read(path))}
            assert [f"date={day}" for day in days] == [path.parent.name]
        assert table.replaced(["a.jsonl", "b.jsonl"]) == []


def day_of(time_ns: int | None) -> date | str:
    """The UTC day of a time."""
    if time_ns is None:
        return "__HIVE_DEFAULT_PARTITION__"
    return date.fromordinal(datetime(1970, 1, 1, tzinfo=UTC).toordinal() + time_ns // DAY_NS)


def test_a_file_without_venue_is_named(tmp_path: Path) -> None:
    """A file of partitions was moved out of its folder."""
    [batch] = to_batches([EVENT])
    pq.write_table(pa.Table.from_batches([batch.drop_columns(["venue"])]), tmp_path / "e.parquet")
    with pytest.raises(ValueError, match=r"e\.parquet: no column venue$"):
        list(read(tmp_path / "e.parquet"))
