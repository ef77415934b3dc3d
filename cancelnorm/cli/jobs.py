"""The work of a check, spread over processes; what comes of it comes in the order of the log."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from cancelnorm.check import Part, Settings, examine
from cancelnorm.cli.terminal import stop
from cancelnorm.logs import Batch, Block, Item

__all__ = ["Unread", "cores", "worked"]

_ALONE_BYTES: Final = 1 << 20  # a log as short as that is read before processes are up
_AHEAD: Final = 4  # batches that wait for each process, so that none of them waits


class Unread(NamedTuple):
    """A file that could not be read, and why."""

    reason: str


def cores() -> int:
    """How many processes can run side by side."""
    with suppress(AttributeError):  # not every system tells
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worked(
    batches: Iterable[Batch | Unread], settings: Settings, jobs: int
) -> Iterator[tuple[Batch, Part] | Unread]:
    """Examine batches in so many processes; the results do not depend on how many there are.

    The processes are forked, because an order's key has to have the same hash in all of them; where that
    cannot be done, there is one process.
    """
    rest = iter(batches)
    done = 0
    while jobs == 1 or done < _ALONE_BYTES or "fork" not in multiprocessing.get_all_start_methods():
        batch = next(rest, None)
        if batch is None:
            return
        if isinstance(batch, Unread):
            yield batch
        else:
            done += batch.weight
            yield batch, examine(batch.found(), settings)
    yield from _spread(rest, settings, jobs)


class _Waiting(NamedTuple):
    """A batch that is worked on, without the lines that its process reads from the file itself."""

    batch: Batch
    lengths: list[int]
    part: Future[Part]

    def done(self) -> tuple[Batch, Part]:
        """Wait for what came of it."""
        part = self.part.result()
        return _whole(self.batch, self.lengths) if part.refused else self.batch, part


def _spread(
    rest: Iterator[Batch | Unread], settings: Settings, jobs: int
) -> Iterator[tuple[Batch, Part] | Unread]:
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, context, _prepare, (settings,))
    waiting: deque[_Waiting | Unread] = deque()
    try:
        for batch in rest:
            if isinstance(batch, Unread):
                waiting.append(batch)
            else:
                slim, lengths = _slim(batch)
                waiting.append(_Waiting(slim, lengths, pool.submit(_examine, slim, lengths)))
            if len(waiting) >= jobs * _AHEAD:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())
    except BrokenProcessPool:
        raise stop("a process of the check was ended from outside") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _result(waiting: _Waiting | Unread) -> tuple[Batch, Part] | Unread:
    return waiting if isinstance(waiting, Unread) else waiting.done()


def _slim(batch: Batch) -> tuple[Batch, list[int]]:
    """A batch without the lines that stand in a file, and the lengths of these.

    To send megabytes takes a quarter of the time that it takes to work on them.
    """
    lengths = [
        len(part.data) if isinstance(part, Block) and part.offset is not None else 0 for part in batch.parts
    ]
    parts = [
        part._replace(data=b"") if length and isinstance(part, Block) else part
        for part, length in zip(batch.parts, lengths, strict=True)
    ]
    return batch._replace(parts=parts), lengths


def _whole(batch: Batch, lengths: list[int]) -> Batch:
    """A batch with its lines, read from the file again."""
    parts: list[Item | Block] = []
    for part, length in zip(batch.parts, lengths, strict=True):
        if length and isinstance(part, Block):
            with Path(part.name).open("rb") as file:
                data = os.pread(file.fileno(), length, part.offset or 0)
            parts.append(part._replace(data=data))
        else:
            parts.append(part)
    return batch._replace(parts=parts)


# --- In a process of its own ---

_settings: list[Settings] = []


def _prepare(settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that waits decides what Ctrl-C means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _settings[:] = [settings]


def _examine(batch: Batch, lengths: list[int]) -> Part:
    return examine(_whole(batch, lengths).found(), _settings[0])
