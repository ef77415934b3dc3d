"""Signals that end a run: the first one lets it clean up, a second one ends it at once."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

__all__ = [
    "BROKEN_PIPE",
    "ENDING",
    "MESSAGES",
    "end_on_signals",
    "kill_workers",
    "remove_unfinished",
    "unfinished",
    "workers",
]

ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)
)
"""Signals that end a run."""

MESSAGES: Final = {129: "the terminal was closed", 130: "interrupted", 143: "terminated"}
"""Exit code → what ended the run. As in a shell, the code is 128 plus the number of the signal."""

BROKEN_PIPE: Final = 141
"""Exit code when the reader of an output has gone, as after ``| head``."""

unfinished: Final[set[Path]] = set()
"""Output files that are still being written; they are removed when the run ends early."""

workers: Final[set[int]] = set()
"""Processes that work for this one, and whose death ends the run."""


def end_on_signals() -> None:
    """Have signals raise SystemExit, except those that the parent process ignores (``nohup``)."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """Unwind the run. Nothing is printed here, because the signal may have interrupted a print."""
    for other in ENDING:
        if signal.getsignal(other) is _end:
            signal.signal(other, _end_at_once)
    raise SystemExit(128 + number)


def _end_at_once(number: int, _frame: FrameType | None) -> NoReturn:
    """End the process: the run is unwinding already and may wait for the reader of a pipe."""
    kill_workers()  # one may be stopped
    remove_unfinished()
    os._exit(128 + number)


def kill_workers() -> tuple[int, ...]:
    """Kill all workers, whose deaths do not end the run any more; their ids, for which nobody has waited."""
    killed = tuple(workers)
    workers.clear()
    for pid in killed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return killed


def remove_unfinished() -> None:
    """Remove the output files that are not complete."""
    while unfinished:
        unfinished.pop().unlink(missing_ok=True)
