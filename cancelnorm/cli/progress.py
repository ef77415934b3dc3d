"""Progress of a run, on standard error if that is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from cancelnorm.cli.reading import total_bytes

__all__ = ["Progress", "progress"]


class Progress(Protocol):
    """Progress of a run."""

    def advance(self, read_bytes: int, /) -> None:
        """Count bytes that have been read."""

    def clear(self) -> None:
        """Make room for output on the same terminal, until the next ``advance``."""


class _Hidden:
    """Progress that nobody sees."""

    def advance(self, _read_bytes: int) -> None:
        """Do nothing."""

    def clear(self) -> None:
        """Do nothing."""


@contextmanager
def progress(description: str, files: list[str], *, is_shown: bool) -> Iterator[Progress]:
    """Show a progress bar while the files are read, if it is wanted and standard error is a terminal."""
    if not is_shown or not sys.stderr.isatty():
        yield _Hidden()
        return
    from cancelnorm.cli.bar import Bar  # only a terminal needs what draws it

    bar = Bar(description, total_bytes(files))
    try:
        yield bar
    finally:
        bar.clear()
