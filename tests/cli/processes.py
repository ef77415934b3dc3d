"""Processes that tests start: their workers, their state, and how long to wait for it."""

import fcntl
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import pytest

PATIENCE: Final = 120  # seconds; reached only by a failure
linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a state of another process."""
    deadline = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < deadline
        sleep(0.005)


def status(pid: int) -> list[str]:
    """State, parent and more of a process, after its name; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def state(pid: int) -> str:
    """State of a process as one letter; Z if it has ended."""
    return (status(pid) or "Z")[0]


def workers_of(pid: int) -> list[int]:
    """Processes that a process has started, oldest first."""
    pids = sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [other for other in pids if status(other)[1:2] == [str(pid)]]


def waiting(pipe: int) -> int:
    """Number of bytes that wait in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)
