"""Work on batches, in parallel if the log is long; results keep the order of the log."""

import os
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple, Protocol, TypeVar

from cancelnorm.check import AlikeFindings, Finding
from cancelnorm.logs import Batch

__all__ = ["Refusing", "UnreadFile", "Work", "cores", "done"]

_SINGLE_PROCESS_BYTES: Final = 1 << 20  # a shorter log is read before processes have started


class Refusing(Protocol):
    """Result for a batch; ``refused`` has the positions of refused records, the first of some, and why."""

    @property
    def refused(self) -> Sequence[tuple[int, Finding | AlikeFindings]]:
        """Refused records."""


R = TypeVar("R", bound=Refusing)
Work = Callable[[Batch], R]
"""What is done with a batch."""


class UnreadFile(NamedTuple):
    """A file that could not be read, and the reason."""

    reason: str


def cores() -> int:
    """Number of processes that can run in parallel."""
    with suppress(AttributeError):  # not available on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def done(
    batches: Iterable[Batch | UnreadFile], work: Work[R], jobs: int
) -> Generator[tuple[Batch, R] | UnreadFile, None, None]:
    """Do work on batches in ``jobs`` processes; the results do not depend on their number.

    On systems without fork there is one process.
    """
    remaining = iter(batches)
    done_bytes = 0
    while jobs == 1 or done_bytes < _SINGLE_PROCESS_BYTES or not hasattr(os, "fork"):
        batch = next(remaining, None)
        if batch is None:
            return
        if isinstance(batch, UnreadFile):
            yield batch
        else:
            done_bytes += batch.weight
            yield batch, work(batch)
    from cancelnorm.cli.processes import in_processes  # a short log takes longer to import it than to check

    yield from in_processes(remaining, work, jobs)
