"""Results of a run, as its batches are read: progress goes on, and files that cannot be read are named."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Generic, TypeVar

from cancelnorm.cli.jobs import Refusing, UnreadFile, Work, done
from cancelnorm.cli.progress import Progress
from cancelnorm.cli.reading import batches
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.logs import Batch, Options
from cancelnorm.report import InputFile, counted

__all__ = ["Results", "results"]

R = TypeVar("R", bound=Refusing)


class Results(Generic[R]):
    """Batches, each with what was found in it; ``unread`` says why files could not be read."""

    def __init__(self, found: Iterable[tuple[Batch, R] | UnreadFile], bar: Progress) -> None:
        self._found = found
        self._bar = bar
        self.unread: list[str] = []

    def __iter__(self) -> Iterator[tuple[Batch, R]]:
        for item in self._found:
            if isinstance(item, UnreadFile):
                self._complain(item.reason)
                continue
            yield item
            batch, _ = item
            self._bar.advance(batch.read_bytes)

    def _complain(self, reason: str) -> None:
        """Name a file that cannot be read, once: it may turn out so at each of its batches."""
        if reason not in self.unread:
            self.unread.append(reason)
            self._bar.clear()
            complain(f"cancelnorm: {reason}")

    def stop_if_unread(self) -> None:
        """Stop if a file could not be read."""
        if self.unread:
            raise stop(f"{counted(len(self.unread), 'file')} could not be read")


@contextmanager
def results(
    files: Iterable[str],
    options: Options,
    *,
    work: Work[R],
    jobs: int,
    bar: Progress,
    inputs: list[InputFile] | None = None,
) -> Iterator[Results[R]]:
    """Do work on all batches of files; ``inputs`` as for ``batches``."""
    with closing(done(batches(files, options, inputs), work, jobs)) as found:
        yield Results(found, bar)
