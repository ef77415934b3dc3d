"""Work that is spread over processes: what becomes of it while its log is rotated, cut short or removed."""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from cancelnorm.check import Part, Settings
from cancelnorm.cli import jobs
from cancelnorm.cli.jobs import Unread, worked
from cancelnorm.cli.reading import batches
from cancelnorm.event_json import encode
from cancelnorm.logs import Batch, Options
from tests.cli.conftest import CANCELED

LINES = 8_000
SETTINGS = Settings(events=encode)


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of many small batches, every tenth line of which is refused."""
    monkeypatch.setattr(import_module("cancelnorm.logs.open"), "_BATCH_BYTES", 1 << 14)
    monkeypatch.setattr(jobs, "_ALONE_BYTES", 0)
    log = tmp_path / "day.jsonl"
    log.write_text("".join(f"{CANCELED}\n" if n % 10 else '{"venue":1}\n' for n in range(LINES)), "utf-8")
    return log


def work(day: Path, count: int) -> Iterator[tuple[Batch, Part] | Unread]:
    """Read and examine a log."""
    return worked(batches([str(day)], Options()), SETTINGS, count)


def rotate(day: Path) -> None:
    """Give it another name, and begin another log."""
    day.rename(day.with_suffix(".1"))
    day.write_text("another log\n" * 100_000, "utf-8")


@pytest.mark.parametrize("meanwhile", [Path.stat, rotate, Path.unlink])
def test_a_log_that_is_rotated_meanwhile(day: Path, meanwhile: Callable[[Path], object]) -> None:
    """It is read to its end, as it was."""
    alone = [done for done in work(day, 1) if not isinstance(done, Unread)]
    spread: list[tuple[Batch, Part]] = []
    for done in work(day, 2):
        assert not isinstance(done, Unread)
        if not spread:
            meanwhile(day)
        spread.append(done)
    assert len(spread) > 20
    assert [part.events for _, part in spread] == [part.events for _, part in alone]
    lines = [[item.raw for item in batch.items()] for batch, part in spread if part.refused]
    assert lines == [[item.raw for item in batch.items()] for batch, part in alone if part.refused]


def test_a_log_that_is_rotated_before_its_processes_open_it(day: Path) -> None:
    """What was opened first is what is read."""

    def rotated() -> Iterator[Batch | Unread]:
        for number, batch in enumerate(batches([str(day)], Options())):
            if not number:
                rotate(day)
            yield batch

    alone = [done for done in work(day, 1) if not isinstance(done, Unread)]
    spread = [done for done in worked(rotated(), SETTINGS, 2) if not isinstance(done, Unread)]
    assert [part.events for _, part in spread] == [part.events for _, part in alone]


def test_a_log_that_is_cut_short_meanwhile(day: Path) -> None:
    """What cannot be read any more is said; what could be is kept."""
    found: list[tuple[Batch, Part] | Unread] = []
    for done in work(day, 2):
        if not found:
            os.truncate(day, 1_000)
        found.append(done)
    said = {done.reason for done in found if isinstance(done, Unread)}
    assert said == {f"{day}: it was changed while it was read"}
    assert not isinstance(found[0], Unread)
