"""Signals and killed processes: the command ends, and leaves no process and no partial file."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import CANCELED, INTERRUPTIBLE, NOTED, OUTPUTS, Run
from tests.cli.processes import PATIENCE, linux, state, wait_until, waiting, workers_of

ENOUGH: Final = f"{CANCELED}\n".encode() * 4_000  # so much of a log starts the worker processes


class Live:
    """A command that reads standard input and has worker processes."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process = process
        self.pid = process.pid
        self.folder = folder

    def write(self, data: bytes) -> None:
        """Append to the log."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    def end(self) -> tuple[int, bytes]:
        """Exit code and messages, when all processes have ended."""
        assert self.process.stderr is not None
        err = self.process.stderr.read()  # ends when every process has closed it
        return self.process.wait(PATIENCE), err

    def files(self) -> list[str]:
        """Names of the files that were written."""
        return sorted(path.name for path in self.folder.iterdir())


@contextmanager
def live(folder: Path, *outputs: str) -> Iterator[Live]:
    """A check of standard input in two worker processes."""
    command = [sys.executable, "-c", INTERRUPTIBLE, "check", "-", "--jobs", "2", *outputs]
    with subprocess.Popen(
        command,
        bufsize=0,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        run = Live(process, folder)
        try:
            run.write(ENOUGH)
            wait_until(lambda: len(workers_of(run.pid)) == 2)
            yield run
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@linux
@pytest.mark.parametrize("first", [0, 1])
def test_a_killed_worker_ends_the_run(tmp_path: Path, first: int) -> None:
    """Also while the main process waits for more of the log, and the other worker does not answer."""
    with live(tmp_path, *OUTPUTS) as run:
        workers = workers_of(run.pid)
        os.kill(workers[1 - first], signal.SIGSTOP)
        os.kill(workers[first], signal.SIGKILL)
        assert run.end() == (2, b"cancelnorm: a worker process was killed by signal 9\n")
        assert run.files() == []
        assert [state(pid) for pid in workers] == ["Z", "Z"]


@linux
def test_workers_end_with_a_killed_main_process(tmp_path: Path) -> None:
    """They are no orphans, and what the main process left behind is in nobody's way."""
    with live(tmp_path, *OUTPUTS) as run:
        workers = workers_of(run.pid)
        run.process.kill()
        assert run.end() == (-9, b"")
        wait_until(lambda: all(state(pid) == "Z" for pid in workers))
        parts = [f".{name}.{run.pid}.part" for name in ("apart", "events", "report")]
        assert run.files() == parts
        assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in parts] == [0o600] * 3


@linux
def test_a_stopped_worker_delays_the_run_only(run: Run, tmp_path: Path) -> None:
    """When it goes on, so does the run, with the same results."""
    log = f"{CANCELED}\ngarbage\n{NOTED}\n".encode() * 20  # fits into the pipe: it is not read meanwhile
    plain = run("check", "-", "-o", "plain", stdin=ENOUGH + log)
    with live(tmp_path, "-o", "report") as started:
        worker = workers_of(started.pid)[0]
        os.kill(worker, signal.SIGSTOP)
        wait_until(lambda: state(worker) == "T")
        started.write(log)
        assert started.process.stdin is not None
        started.process.stdin.close()
        os.kill(worker, signal.SIGCONT)
        assert started.end() == (1, b"")
    assert plain.code == 1
    assert (tmp_path / "report").read_bytes() == (tmp_path / "plain").read_bytes()


@linux
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["alone", "group"])
@pytest.mark.parametrize(
    ("number", "code", "word"),
    [
        (signal.SIGHUP, 129, "the terminal was closed"),
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "terminated"),
    ],
)
def test_a_signal_ends_the_run(
    tmp_path: Path, send: Callable[[int, int], None], number: int, code: int, word: str
) -> None:
    """One line says so, whether the main process alone gets the signal or its workers too."""
    with live(tmp_path, *OUTPUTS) as run:
        workers = workers_of(run.pid)
        os.kill(workers[0], signal.SIGSTOP)
        send(run.pid, number)
        assert run.end() == (code, f"cancelnorm: {word}\n".encode())
        assert run.files() == []
        assert [state(pid) for pid in workers] == ["Z", "Z"]


@linux
def test_two_signals_leave_no_worker(tmp_path: Path) -> None:
    """Whether the second one comes while the first one ends the run or before, a stopped worker ends too."""
    with live(tmp_path, *OUTPUTS) as run:
        workers = workers_of(run.pid)
        os.kill(workers[0], signal.SIGSTOP)
        os.kill(run.pid, signal.SIGINT)
        os.kill(run.pid, signal.SIGTERM)
        code, told = run.end()
        assert code in (130, 143, -signal.SIGTERM), told  # the interpreter has no handlers at its end
        assert run.files() == []
        wait_until(lambda: [state(pid) for pid in workers] == ["Z", "Z"])


@linux
def test_workers_leave_signals_to_the_main_process(tmp_path: Path) -> None:
    """A signal to a worker changes nothing."""
    with live(tmp_path, "-o", "report") as run:
        for worker in workers_of(run.pid):
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
                os.kill(worker, number)
        assert run.process.stdin is not None
        run.process.stdin.close()
        assert run.end() == (0, b"")
        assert run.files() == ["report"]


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    """Also where the first one waits for the reader of a pipe; no partial file stays."""
    (tmp_path / "day.jsonl").write_bytes(ENOUGH)
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "cancelnorm", "check", "day.jsonl", "--jobs", "1"]
    with (
        subprocess.Popen([*command, "--events", "pipe", "-o", "report"], cwd=tmp_path) as process,
        (tmp_path / "pipe").open("rb", buffering=0) as pipe,
    ):
        capacity = fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
        wait_until(lambda: waiting(pipe.fileno()) == capacity)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGHUP)
        # The second one may come when Python, at its end, has put back what a signal does by itself.
        assert process.wait(PATIENCE) in (129, 143, -signal.SIGHUP)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.jsonl", "pipe"]


def test_nohup(tmp_path: Path) -> None:
    """A signal that the command was told to ignore stays ignored."""
    command = ["nohup", sys.executable, "-m", "cancelnorm", "normalise", "-", "-q"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{CANCELED}\n".encode())
        assert process.stdout.read(1) == b"{"
        process.send_signal(signal.SIGHUP)
        process.stdin.write(f"{NOTED}\n".encode())
        process.stdin.close()
        assert process.stdout.read().count(b"\n") == 2
        assert process.wait(PATIENCE) == 0
