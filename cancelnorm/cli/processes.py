"""Work on batches in several processes; results keep the order of the log."""

import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, wait
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Generic, NamedTuple, TypeVar

from cancelnorm import venues
from cancelnorm.cli.jobs import Refusing, UnreadFile, Work
from cancelnorm.cli.workers import Workers
from cancelnorm.logs import Batch, Block, Item

__all__ = ["in_processes"]

R = TypeVar("R", bound=Refusing)

_QUEUED: Final = 4  # batches queued for each process, so that none is idle
# In seconds: a signal that comes just before the process sleeps is noticed when it wakes.
_LONGEST_WAIT: Final = 0.5


class _Omitted(NamedTuple):
    """Lines that a process reads from the file itself: their length and last bytes."""

    length: int
    end: bytes


class _Slim(NamedTuple):
    """A batch without the lines that its process reads from the file itself."""

    batch: Batch
    omitted: list[_Omitted]


class _Changed(Exception):
    """A file has changed since it was read."""


class _Submitted(NamedTuple, Generic[R]):
    """A batch in progress, without the lines that its process reads from the file itself.

    ``file`` stays open until then, because the log may be renamed or removed in the meantime.
    """

    batch: Batch
    omitted: list[_Omitted]
    file: BinaryIO | None
    future: Future[R | None]

    def result(self, work: Work[R]) -> tuple[Batch, R] | UnreadFile:
        """Wait for the result."""
        while not self.future.done():
            wait([self.future], _LONGEST_WAIT)
        result = self.future.result()
        if result is not None and not result.refused:
            return self.batch, result
        try:
            batch = _whole(self.batch, self.omitted, self.file)
        except (OSError, _Changed):
            return UnreadFile(
                f"{self.file.name if self.file else ''}: the file changed while it was being read"
            )
        return batch, result or work(batch)


def in_processes(
    batches: Iterator[Batch | UnreadFile], work: Work[R], jobs: int
) -> Generator[tuple[Batch, R] | UnreadFile, None, None]:
    """Do work on batches in forked processes, which saves importing everything again.

    The results of a live log are not held back until more of it comes.
    """
    venues.every()  # import once, before forking, and report failures once
    workers: Workers[_Slim, R | None] = Workers(jobs, partial(_worked, work=work))
    waiting: deque[_Submitted[R] | UnreadFile] = deque()
    opened: deque[BinaryIO] = deque()
    try:
        workers.start()
        for batch in batches:
            if isinstance(batch, UnreadFile):
                waiting.append(batch)
            else:
                file = _file_of(batch, opened)
                slim = _slim(batch, file)
                waiting.append(_Submitted(*slim, file, workers.submit(slim)))
            is_latest = isinstance(batch, Batch) and batch.is_latest
            while len(waiting) >= jobs * _QUEUED or (waiting and is_latest):
                yield _result(waiting.popleft(), opened, work)
        while waiting:
            yield _result(waiting.popleft(), opened, work)
    finally:
        workers.close()
        for file in opened:
            file.close()


def _result(
    first: _Submitted[R] | UnreadFile, opened: deque[BinaryIO], work: Work[R]
) -> tuple[Batch, R] | UnreadFile:
    """Wait for the first batch in the queue and close the files before its own."""
    if isinstance(first, UnreadFile):
        return first
    while first.file is not None and opened[0] is not first.file:
        opened.popleft().close()
    return first.result(work)


def _file_of(batch: Batch, opened: deque[BinaryIO]) -> BinaryIO | None:
    """Open file that contains a batch verbatim; None if there is none or it has been renamed."""
    block = next((p for p in batch.parts if isinstance(p, Block) and p.offset is not None), None)
    if block is None:
        return None
    if not opened or not _is_from(block, opened[-1]):
        try:
            opened.append(Path(block.name).open("rb", buffering=0))  # noqa: SIM115  # closed by _result
        except OSError:
            return None
    return opened[-1] if _is_from(block, opened[-1]) else None


def _is_from(block: Block, file: BinaryIO) -> bool:
    """Whether a block was read from a file."""
    status = os.fstat(file.fileno())
    return block.file == (status.st_dev, status.st_ino)


_END_BYTES: Final = 64
_NOTHING_OMITTED: Final = _Omitted(0, b"")


def _slim(batch: Batch, file: BinaryIO | None) -> _Slim:
    """A batch without the lines that can be read from its file, and a description of these.

    Sending megabytes to a process takes a quarter of the time needed to examine them.
    """
    parts: list[Item | Block] = []
    omitted: list[_Omitted] = []
    for part in batch.parts:
        lines = _NOTHING_OMITTED
        if isinstance(part, Block) and part.offset is not None and file is not None:
            lines = _Omitted(len(part.data), part.data[-_END_BYTES:])
            part = part._replace(data=b"")
        parts.append(part)
        omitted.append(lines)
    return _Slim(batch._replace(parts=parts), omitted)


def _whole(batch: Batch, omitted: list[_Omitted], file: BinaryIO | None) -> Batch:
    """A batch with its lines, read from the file again; raises _Changed if they are gone."""
    parts: list[Item | Block] = []
    for part, lines in zip(batch.parts, omitted, strict=True):
        if lines.length and isinstance(part, Block):
            if file is None or not _is_from(part, file):
                raise _Changed
            data = os.pread(file.fileno(), lines.length, part.offset or 0)
            if len(data) != lines.length or not data.endswith(lines.end):
                raise _Changed
            part = part._replace(data=data)
        parts.append(part)
    return batch._replace(parts=parts)


# --- In a worker process ---


def _worked(slim: _Slim, work: Work[R]) -> R | None:
    """Do the work on a batch; None if its file has been renamed or replaced."""
    try:
        with _reopened(*slim) as file:
            batch = _whole(*slim, file)
    except (OSError, _Changed):
        return None
    return work(batch)


def _reopened(batch: Batch, omitted: list[_Omitted]) -> AbstractContextManager[BinaryIO | None]:
    for part, lines in zip(batch.parts, omitted, strict=True):
        if lines.length and isinstance(part, Block):
            return Path(part.name).open("rb", buffering=0)
    return nullcontext()
