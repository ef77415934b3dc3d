"""Work of a check, spread over processes; results come in the order of the log."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from cancelnorm import venues
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
    """Number of processes that can run side by side."""
    with suppress(AttributeError):  # not every system tells
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worked(
    batches: Iterable[Batch | Unread], settings: Settings, jobs: int
) -> Iterator[tuple[Batch, Part] | Unread]:
    """Examine batches in so many processes; the results do not depend on how many there are.

    The processes are forked, so that they need not import everything again; where that cannot be done, there
    is one process.
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


class _Cut(NamedTuple):
    """Lines that a process reads from their file itself: how long they are, and what they end with."""

    length: int
    end: bytes


class _Changed(Exception):
    """A file does not hold any more what was read from it."""


class _Waiting(NamedTuple):
    """A batch that is worked on, without the lines that its process reads from their file itself.

    ``file`` stays open for as long: the log may get another name meanwhile, or none.
    """

    batch: Batch
    cuts: list[_Cut]
    file: BinaryIO | None
    part: Future[Part | None]

    def done(self, settings: Settings) -> tuple[Batch, Part] | Unread:
        """Wait for what came of it."""
        part = self.part.result()
        if part is not None and not part.refused:
            return self.batch, part
        try:
            batch = _whole(self.batch, self.cuts, self.file)
        except (OSError, _Changed):
            return Unread(f"{self.file.name if self.file else ''}: it was changed while it was read")
        return batch, part or examine(batch.found(), settings)


def _spread(
    rest: Iterator[Batch | Unread], settings: Settings, jobs: int
) -> Iterator[tuple[Batch, Part] | Unread]:
    venues.every()  # imported, and complained of, once and not in every process
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, context, _prepare, (settings,))
    waiting: deque[_Waiting | Unread] = deque()
    opened: deque[BinaryIO] = deque()
    try:
        for batch in rest:
            if isinstance(batch, Unread):
                waiting.append(batch)
            else:
                file = _file_of(batch, opened)
                slim, cuts = _slim(batch, file)
                waiting.append(_Waiting(slim, cuts, file, pool.submit(_examine, slim, cuts)))
            if len(waiting) >= jobs * _AHEAD:
                yield _result(waiting.popleft(), opened, settings)
        while waiting:
            yield _result(waiting.popleft(), opened, settings)
    except BrokenProcessPool:
        raise stop("a process of the check was ended from outside") from None
    finally:
        pool.shutdown(cancel_futures=True)
        for file in opened:
            file.close()


def _result(
    waiting: _Waiting | Unread, opened: deque[BinaryIO], settings: Settings
) -> tuple[Batch, Part] | Unread:
    """Wait for the first of those that wait; files before its own are done with."""
    if isinstance(waiting, Unread):
        return waiting
    while waiting.file is not None and opened[0] is not waiting.file:
        opened.popleft().close()
    return waiting.done(settings)


def _file_of(batch: Batch, opened: deque[BinaryIO]) -> BinaryIO | None:
    """The file that a batch stands in as it is; None where there is none, or it has another name already."""
    block = next((p for p in batch.parts if isinstance(p, Block) and p.offset is not None), None)
    if block is None:
        return None
    if not opened or not _is_of(block, opened[-1]):
        try:
            opened.append(Path(block.name).open("rb", buffering=0))  # noqa: SIM115  # closed when done with
        except OSError:
            return None
    return opened[-1] if _is_of(block, opened[-1]) else None


def _is_of(block: Block, file: BinaryIO) -> bool:
    """Whether a file is the one that a block was read from."""
    status = os.fstat(file.fileno())
    return block.file == (status.st_dev, status.st_ino)


_END_BYTES: Final = 64
_ALL_SENT: Final = _Cut(0, b"")


def _slim(batch: Batch, file: BinaryIO | None) -> tuple[Batch, list[_Cut]]:
    """A batch without the lines that can be read from its file, and what these are.

    To send megabytes takes a quarter of the time that it takes to work on them.
    """
    parts: list[Item | Block] = []
    cuts: list[_Cut] = []
    for part in batch.parts:
        cut = _ALL_SENT
        if isinstance(part, Block) and part.offset is not None and file is not None:
            cut = _Cut(len(part.data), part.data[-_END_BYTES:])
            part = part._replace(data=b"")
        parts.append(part)
        cuts.append(cut)
    return batch._replace(parts=parts), cuts


def _whole(batch: Batch, cuts: list[_Cut], file: BinaryIO | None) -> Batch:
    """A batch with its lines, read from the file again; raises _Changed where they are not there any more."""
    parts: list[Item | Block] = []
    for part, cut in zip(batch.parts, cuts, strict=True):
        if cut.length and isinstance(part, Block):
            if file is None or not _is_of(part, file):
                raise _Changed
            data = os.pread(file.fileno(), cut.length, part.offset or 0)
            if len(data) != cut.length or not data.endswith(cut.end):
                raise _Changed
            part = part._replace(data=data)
        parts.append(part)
    return batch._replace(parts=parts)


# --- In a process of its own ---

_settings: list[Settings] = []


def _prepare(settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that waits decides what Ctrl-C means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _settings[:] = [settings]


def _examine(batch: Batch, cuts: list[_Cut]) -> Part | None:
    """Examine a batch; None where its file has another name by now, or is another."""
    try:
        with _reopened(batch, cuts) as file:
            batch = _whole(batch, cuts, file)
    except (OSError, _Changed):
        return None
    return examine(batch.found(), _settings[0])


def _reopened(batch: Batch, cuts: list[_Cut]) -> AbstractContextManager[BinaryIO | None]:
    for part, cut in zip(batch.parts, cuts, strict=True):
        if cut.length and isinstance(part, Block):
            return Path(part.name).open("rb", buffering=0)
    return nullcontext()
