"""Parallel checks of a log that is rotated, truncated or removed during the run."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from cancelnorm.check import BatchResult, Settings, examine_batch
from cancelnorm.cli import jobs
from cancelnorm.cli.jobs import UnreadFile, done
from cancelnorm.cli.reading import batches
from cancelnorm.event_json import encode
from cancelnorm.logs import Batch, Options
from tests.cli.conftest import CANCELED

LINES = 8_000
EXAMINE = partial(examine_batch, settings=Settings(events=encode))


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of many small batches in which every tenth line is refused."""
    monkeypatch.setattr(import_module("cancelnorm.logs.open"), "_BATCH_BYTES", 1 << 14)
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    log = tmp_path / "day.jsonl"
    log.write_text("".join(f"{CANCELED}\n" if n % 10 else '{"venue":1}\n' for n in range(LINES)), "utf-8")
    return log


def work(day: Path, count: int) -> Iterator[tuple[Batch, BatchResult] | UnreadFile]:
    """Read and examine a log."""
    return done(batches([str(day)], Options()), EXAMINE, count)


def rotate(day: Path) -> None:
    """Rename the log and start a new one."""
    day.rename(day.with_suffix(".1"))
    day.write_text("another log\n" * 100_000, "utf-8")


@pytest.mark.parametrize("meanwhile", [Path.stat, rotate, Path.unlink])
def test_a_log_that_is_rotated_meanwhile(day: Path, meanwhile: Callable[[Path], object]) -> None:
    """A log that is renamed, removed or left alone is read completely."""
    alone = [item for item in work(day, 1) if not isinstance(item, UnreadFile)]
    spread: list[tuple[Batch, BatchResult]] = []
    for item in work(day, 2):
        assert not isinstance(item, UnreadFile)
        if not spread:
            meanwhile(day)
        spread.append(item)
    assert len(spread) > 20
    assert [result.events for _, result in spread] == [result.events for _, result in alone]
    lines = [[item.raw for item in batch.items()] for batch, result in spread if result.refused]
    assert lines == [[item.raw for item in batch.items()] for batch, result in alone if result.refused]


def test_a_log_that_is_rotated_before_its_processes_open_it(day: Path) -> None:
    """The file that was opened first is the one that is read."""

    def rotated() -> Iterator[Batch | UnreadFile]:
        for number, batch in enumerate(batches([str(day)], Options())):
            if not number:
                rotate(day)
            yield batch

    alone = [item for item in work(day, 1) if not isinstance(item, UnreadFile)]
    spread = [item for item in done(rotated(), EXAMINE, 2) if not isinstance(item, UnreadFile)]
    assert [result.events for _, result in spread] == [result.events for _, result in alone]


def test_a_log_that_is_cut_short_meanwhile(day: Path) -> None:
    """Lines that are gone are reported; earlier results are kept."""
    found: list[tuple[Batch, BatchResult] | UnreadFile] = []
    for item in work(day, 2):
        if not found:
            os.truncate(day, 1_000)
        found.append(item)
    reasons = {item.reason for item in found if isinstance(item, UnreadFile)}
    assert reasons == {f"{day}: the file changed while it was being read"}
    assert not isinstance(found[0], UnreadFile)
