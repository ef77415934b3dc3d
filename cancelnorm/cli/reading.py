"""Input of the commands; an unreadable file does not stop the others."""

import os
from collections.abc import Iterable, Iterator
from errno import ENOPKG, EPROTONOSUPPORT
from pathlib import Path
from typing import Final, TypeVar

from cancelnorm import logs
from cancelnorm.cli.jobs import UnreadFile
from cancelnorm.cli.terminal import complain, os_reason, stop
from cancelnorm.logs import Batch, MissingLibraryError, Options, Unreadable
from cancelnorm.record import Record
from cancelnorm.report import counted

__all__ = ["all_files", "batches", "records", "total_bytes"]

T = TypeVar("T")


def all_files(paths: Iterable[str]) -> list[str]:
    """All files to read; stops if a path has none."""
    found = []
    for path in paths:
        names = logs.files(path)
        others = logs.passed_over(path)
        if others:
            shown = [f"{name} ({reason})" for name, reason in others[:_MOST_NAMED]]
            more = [f"and {len(others) - _MOST_NAMED} more"] if len(others) > _MOST_NAMED else []
            complain(f"cancelnorm: {counted(len(others), 'file')} passed over: {', '.join([*shown, *more])}")
        if not names:
            raise stop(f"{path}: contains no log files (.jsonl, .json, .har)")
        found += names
    return found


_MOST_NAMED: Final = 10


def batches(files: Iterable[str], options: Options) -> Iterator[Batch | UnreadFile]:
    """Read all files in batches."""
    for name in files:
        yield from _guarded(logs.batches(name, options), name)


def records(files: Iterable[str], options: Options) -> Iterator[Record | Unreadable | UnreadFile]:
    """Read all files record by record, without waiting for a full batch."""
    for name in files:
        yield from _guarded(logs.records(name, options), name)


def _guarded(found: Iterator[T], name: str) -> Iterator[T | UnreadFile]:
    """Items of a file; UnreadFile if reading it fails."""
    try:
        yield from found
    except OSError as error:
        if logs.is_address(name):  # the error message may contain a secret of the URL
            yield UnreadFile(f"{logs.shown_name(name)}: {_remote_reason(error)}")
        else:
            yield UnreadFile(os_reason(error) if error.filename else f"{name}: {os_reason(error)}")
    except MissingLibraryError as error:
        yield UnreadFile(str(error))


def _remote_reason(error: OSError) -> str:
    """Reason that a URL cannot be read, without any text of the remote error."""
    if isinstance(error, FileNotFoundError):
        return "not found"
    if error.errno in (ENOPKG, EPROTONOSUPPORT):  # our own message
        return str(error.strerror)
    return os.strerror(error.errno).lower() if error.errno else "cannot be read"


def total_bytes(files: Iterable[str]) -> int | None:
    """Total size of the files; None if it is not known in advance."""
    sizes = [Path(name).stat().st_size if Path(name).is_file() else None for name in files]
    return sum(size for size in sizes if size is not None) if None not in sizes else None
