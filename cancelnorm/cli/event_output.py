"""Outputs of events: JSON lines, or a table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from cancelnorm.check import Collector
from cancelnorm.cli.arrow_alone import arrow_alone
from cancelnorm.cli.event_lines import EventLines
from cancelnorm.cli.output import Outputs
from cancelnorm.cli.terminal import stop
from cancelnorm.errors import cited
from cancelnorm.event_json import encode_masked
from cancelnorm.logs import Batch, MissingLibraryError, Writable

__all__ = ["EventOutput", "Opening", "lines", "partitions", "table", "table_form"]


class EventOutput(Protocol):
    """An output that takes the events of one batch after the other."""

    def collector(self) -> Collector:
        """What gathers the events of a batch, perhaps in another process."""

    def write(self, events: Sequence[Any], batch: Batch, /) -> None:
        """Write what was gathered."""


Opening = Callable[[Outputs], AbstractContextManager[EventOutput]]
"""Opens an output of events; it is complete when the context ends without an exception."""


class _Lines:
    """Events as JSON lines."""

    def __init__(self, file: Writable, *, unreadable: bool) -> None:
        self._file = file
        self._unreadable = unreadable

    def collector(self) -> Collector:
        """Encode the events where they are made."""
        return EventLines(encode_masked, unreadable=self._unreadable)

    def write(self, events: Sequence[Any], batch: Batch) -> None:
        """Write the lines; those of a live log at once."""
        self._file.write(b"".join(events))
        if batch.is_latest:
            self._file.flush()


@contextmanager
def lines(opened: Outputs, *, output: str | None, unreadable: bool = False) -> Iterator[EventOutput]:
    """JSON lines; with ``unreadable``, also an event in the place of each refused answer."""
    yield _Lines(opened(output), unreadable=unreadable)


# --- Tables ---

_FORMS: Final = {
    ".parquet": ("Parquet", "arrow"),
    ".arrow": ("Arrow", "arrow"),
    ".csv": ("a table", "arrow"),
    ".jsonl": ("a table", "arrow"),
    ".duckdb": ("DuckDB", "duckdb"),
}
"""End of a name → what the file is, and the extra that it takes."""

_TEXT: Final = (".csv", ".jsonl")
_PACKED: Final = (".gz", ".zst", ".xz", ".bz2")


def table_form(output: str) -> str | None:
    """The form of table that the name of a file tells, as its end; None if it tells none."""
    path = Path(output.lower())
    form = Path(path.stem).suffix if path.suffix in _PACKED else path.suffix
    return form if form in _FORMS and (path.suffix == form or form in _TEXT) else None


class _Table:
    """Events as rows of a table, with their ids; a refused record is a row with its fault."""

    def __init__(self, write: Callable[[Any, str], object], collector: Callable[[], Collector]) -> None:
        self._write = write
        self.collector = collector

    def write(self, events: Sequence[Any], batch: Batch) -> None:
        """Write the record batches."""
        for rows in events:
            self._write(rows, batch.name)


class _Written(Protocol):
    """A table, or a folder of tables."""

    def write(self, batch: Any, name: str, /) -> None:
        """Add events of the log of a name."""

    def close(self) -> None:
        """Complete it."""

    def abandon(self) -> None:
        """Let go of it."""


@contextmanager
def _completed(written: _Written) -> Iterator[EventOutput]:
    """Complete a table at the end, unless there is an exception."""
    from cancelnorm.arrow.log_rows import LogRows

    with ExitStack() as failed:
        failed.callback(written.abandon)
        yield _Table(written.write, LogRows)
        written.close()
        failed.pop_all()


@contextmanager
def table(opened: Outputs, *, output: str, is_sorted: bool = False) -> Iterator[EventOutput]:
    """A file of a form that its name tells."""
    form = table_form(output)
    if form is None:
        raise stop(f"--output {cited(output)}: expected a name that ends with {', '.join(_FORMS)}")
    if Path(output).is_dir():
        raise stop(f"{output}: is a folder; --partition writes files into it")
    kind, extra = _FORMS[form]
    with arrow_alone():
        try:
            from cancelnorm.arrow.memory import use_system_memory
            from cancelnorm.arrow.sorting import Sorted
            from cancelnorm.arrow.tables import TABLES, DuckDbFile

            use_system_memory()
            file = DuckDbFile(opened.beside(output)) if form == ".duckdb" else TABLES[form](opened(output))
        except ModuleNotFoundError as error:
            raise MissingLibraryError(output, kind, extra) from error
        written = Sorted(file, Path(output).resolve().parent) if is_sorted else file
        with _completed(written) as events:
            yield events


@contextmanager
def partitions(opened: Outputs, *, output: str, is_sorted: bool = False) -> Iterator[EventOutput]:
    """A folder of Parquet files, in which those of the same logs are replaced."""
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise stop(f"{output}: is a file; --partition takes a folder")
    with arrow_alone():
        try:
            from cancelnorm.arrow.memory import use_system_memory
            from cancelnorm.arrow.partitions import Partitions
        except ModuleNotFoundError as error:
            raise MissingLibraryError(output, "Parquet", "arrow") from error
        use_system_memory()
        written = Partitions(folder, opened.file, is_sorted=is_sorted)
        with _completed(written) as events:
            yield events
    folder.mkdir(parents=True, exist_ok=True)  # also if there are no events
    for path in written.replaced(opened.files):
        opened.remove(path)
