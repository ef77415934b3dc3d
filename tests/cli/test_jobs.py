"""Parallel checks: of a log that is rotated, truncated or removed meanwhile, and with workers that fail or wait."""

import errno
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from cancelnorm.check import BatchResult, Finding, Settings, examine_batch
from cancelnorm.cli import jobs
from cancelnorm.cli.event_lines import EventLines
from cancelnorm.cli.jobs import UnreadFile, done
from cancelnorm.cli.reading import batches
from cancelnorm.event_json import encode
from cancelnorm.logs import Batch, Options
from tests.cli.conftest import CANCELED

LINES = 8_000
EXAMINE = partial(examine_batch, settings=Settings(events=partial(EventLines, encode)))


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


# --- Workers ---


def numbered(batch: Batch) -> int:
    """Number of a batch, which stands at its only line."""
    return int(batch.format)


class Nothing(NamedTuple):
    """Result of work that finds nothing."""

    number: int
    refused: list[tuple[int, Finding]]


def test_a_slow_worker_holds_the_others_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """However unevenly workers run, no more batches are read ahead than a few for each, and the order is kept."""
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    asleep, awake = os.pipe()
    ahead = 2 * 4

    def work(batch: Batch) -> Nothing:
        number = numbered(batch)
        if number == 0:
            assert os.read(asleep, 1)  # until the last batch that may be read ahead is done
        if number == ahead - 1:
            os.write(awake, b"x")
        return Nothing(number, [])

    read = 0
    received: list[int] = []

    def endless() -> Iterator[Batch]:
        nonlocal read
        for number in range(1_000):
            read += 1
            assert read <= len(received) + ahead
            yield Batch(str(number), [])

    for item in done(endless(), work, 2):
        assert not isinstance(item, UnreadFile)
        received.append(item[1].number)
    os.close(asleep)
    os.close(awake)
    assert received == list(range(1_000))


def is_child(pid: int) -> bool:
    """Tell whether a process is a child of this one, also if it has ended and was not waited for."""
    try:
        return os.waitpid(pid, os.WNOHANG) is not None
    except ChildProcessError:
        return False


def test_a_worker_that_fails(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """It ends the run and says why; nothing is left of its processes and threads."""
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    before = threading.active_count()
    fork = os.fork
    started: list[int] = []

    def recorded() -> int:
        started.append(fork())
        return started[-1]

    def work(batch: Batch) -> Nothing:
        if numbered(batch) == 20:
            raise LookupError("this batch")
        return Nothing(numbered(batch), [])

    monkeypatch.setattr(os, "fork", recorded)
    found = done((Batch(str(number), []) for number in range(100)), work, 2)
    with pytest.raises(SystemExit, match="a worker process failed"):
        list(found)
    assert "LookupError: this batch" in capfd.readouterr().err
    assert threading.active_count() == before
    assert len(started) == 2
    assert not any(map(is_child, started))


def test_a_death_that_is_told_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread may get the signal, and tell of it when the workers are gone: then it means nothing any more.

    Without a handler, Python would complain of a signal that nobody handles.
    """
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    assert len(list(done([Batch("0", [])], lambda batch: Nothing(numbered(batch), []), 2))) == 1
    assert callable(signal.getsignal(signal.SIGCHLD))
    subprocess.run(["true"], check=True)  # a child that is no worker


def test_too_many_processes(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """One line says that the system allows no more; those that have started end."""
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    fork = os.fork
    started: list[int] = []

    def limited() -> int:
        if len(started) == 2:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        started.append(fork())
        return started[-1]

    monkeypatch.setattr(os, "fork", limited)
    with pytest.raises(SystemExit):
        list(done([Batch("0", [])], lambda batch: Nothing(numbered(batch), []), 3))
    assert capfd.readouterr().err.startswith("cancelnorm: cannot start 3 processes: ")
    assert len(started) == 2
    assert not any(map(is_child, started))


def test_a_task_that_cannot_be_sent(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It ends the run too, instead of being waited for."""
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    odd = Batch("0", [], passed=MappingProxyType({}))  # which cannot be pickled
    with pytest.raises(SystemExit, match="a worker process failed"):
        list(done([odd], lambda batch: Nothing(numbered(batch), []), 2))
    assert "cannot pickle" in capfd.readouterr().err
