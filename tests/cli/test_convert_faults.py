"""Faults from outside while a table is written: signals, killed processes, full disks."""

import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CANCELED, INTERRUPTIBLE
from tests.cli.inside import run_inside
from tests.cli.processes import PATIENCE, linux, state, wait_until, waiting

Log = Callable[..., str]
TARGETS = {
    "parquet": ("-o", "e.parquet"),
    "arrow": ("-o", "e.arrow"),
    "csv": ("-o", "e.csv"),
    "jsonl": ("-o", "e.jsonl"),
    "duckdb": ("-o", "e.duckdb"),
    "sorted": ("-o", "e.parquet", "--sort"),
    "partitions": ("-o", "out", "--partition"),
    "sorted partitions": ("-o", "out", "--partition", "--sort"),
}
each_target = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
LINES = "".join(f"{CANCELED.replace('4711', str(number))}\n" for number in range(6_000)).encode()


def names(folder: Path) -> list[str]:
    """Everything in a folder, folders included."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def stopped(folder: Path, target: tuple[str, ...], number: int) -> tuple[int, bytes]:
    """Send a signal to a run that has read a part of its log and waits for more."""
    command = [sys.executable, "-c", INTERRUPTIBLE, "convert", "-", "--jobs", "1", *target]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(LINES)
        process.stdin.flush()
        pipe = process.stdin.fileno()
        wait_until(lambda: not waiting(pipe) and state(process.pid) == "S")
        process.send_signal(number)
        err = process.stderr.read()
        return process.wait(PATIENCE), err


@linux
@each_target
def test_a_signal_leaves_nothing(tmp_path: Path, target: tuple[str, ...]) -> None:
    """No file, no part of one, no folder; one line says what happened."""
    assert stopped(tmp_path, target, signal.SIGTERM) == (143, b"cancelnorm: terminated\n")
    assert names(tmp_path) == []


@linux
@each_target
def test_a_killed_run_leaves_no_file_of_the_name(tmp_path: Path, target: tuple[str, ...]) -> None:
    """What is left of it no reader takes for a file of events, and the next run succeeds."""
    assert stopped(tmp_path, target, signal.SIGKILL) == (-9, b"")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.name.startswith(".") and path.suffix == ".part" for path in files)
    command = [sys.executable, "-m", "cancelnorm", "convert", "-", "-q", *target]
    assert subprocess.run(command, cwd=tmp_path, input=LINES, check=False).returncode == 0
    [written] = {path for path in tmp_path.rglob("*") if path.is_file()} - set(files)
    assert not written.name.startswith(".")


@pytest.mark.parametrize(
    ("target", "size"),
    [*((target, 8_192) for target in TARGETS.values()), (TARGETS["duckdb"], 400_000)],
    ids=[*TARGETS, "duckdb, at the end"],
)
def test_a_full_disk_leaves_what_was_there(
    log: Log, tmp_path: Path, target: tuple[str, ...], size: int
) -> None:
    """The old file stays, whole, no part of the new one is left, and one line says why."""
    assert run_inside("convert", log(CANCELED), *target, "-q", folder=tmp_path).code == 0
    (tmp_path / "day.jsonl").write_bytes(LINES)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "cancelnorm", "convert", "day.jsonl", *target],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"too large" in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("form", ["parquet", "arrow", "csv", "jsonl"])
def test_no_space_on_a_device(log: Log, tmp_path: Path, form: str) -> None:
    """Also if only the end of a file finds none."""
    (tmp_path / f"e.{form}").symlink_to("/dev/full")
    command = [sys.executable, "-m", "cancelnorm", "convert", log(CANCELED), "-o", f"e.{form}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"cancelnorm: no space left on device\n")
