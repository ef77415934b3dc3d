"""Inputs that fail: told apart by where they fail, made small, and written to ``samples/hostile``."""

import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Final

import cancelnorm
from cancelnorm.logs import quarantined
from cancelnorm.logs.item import Item
from tests.fuzz.probes import Violation
from tests.fuzz.targets import Attempt, Target
from tests.samples import FOLDER

__all__ = ["HOSTILE", "failure", "minimised", "write"]

HOSTILE: Final = FOLDER / "hostile"
_PACKAGE: Final = str(Path(cancelnorm.__file__).parent)
_SECONDS: Final = 10
_TRIES: Final = 3_000
_PATIENCE: Final = 60  # seconds of CPU


def failure(target: Target, attempt: Attempt) -> str | None:
    """Run a target; None if all holds, else the kind of failure: the exception, and where it was raised."""
    try:
        with _bounded():
            target.run(attempt)
    except Violation as error:
        return f"Violation: {error}"
    except Exception as error:  # noqa: BLE001  # what else a target raises is what is looked for
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(_PACKAGE)
        ]
        last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno} in {last.name}"
    return None


@contextmanager
def _bounded() -> Iterator[None]:
    """End a run that takes too many seconds of CPU with a TimeoutError."""
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def minimised(attempt: Attempt, fails: Callable[[Attempt], bool]) -> Attempt:
    """Leave out what can be left out: ever smaller pieces, as long as it still fails."""
    data, tries = attempt.data, 0
    size = len(data) // 2
    end = process_time() + _PATIENCE
    while size:
        at = 0
        while at < len(data):
            if tries == _TRIES or process_time() > end:
                return attempt._replace(data=data)
            shorter = data[:at] + data[at + size :]
            tries += 1
            if fails(attempt._replace(data=shorter)):
                data = shorter
            else:
                at += size
        size //= 2
    return attempt._replace(data=data)


def write(target: Target, attempt: Attempt) -> Path:
    """Write an input as a log: a payload as a quarantined record, which may have any bytes."""
    data = attempt.data
    if attempt.record is not None:
        finding = {"path": "$", "message": "found by fuzzing"}
        record = cancelnorm.Record(
            data,
            attempt.record.venue,
            attempt.record.endpoint,
            attempt.record.status,
            attempt.record.request,
            source="hostile",
            dialect=attempt.record.dialect,
            pairing=attempt.record.pairing,
        )
        data = quarantined(Item(record), finding)
    folder = HOSTILE / (attempt.format or target.name)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sha256(data).hexdigest()[:12]}{target.suffix}"
    path.write_bytes(data)
    return path
