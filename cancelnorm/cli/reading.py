"""Input of the commands, file by file; one that cannot be read does not stop the others."""

import os
from collections.abc import Iterable, Iterator
from errno import ENOPKG, EPROTONOSUPPORT
from pathlib import Path
from typing import TypeVar

from cancelnorm import logs
from cancelnorm.cli.jobs import Unread
from cancelnorm.cli.terminal import os_reason, stop
from cancelnorm.logs import Batch, MissingLibraryError, Options, Unreadable
from cancelnorm.record import Record

__all__ = ["all_files", "batches", "records", "total_bytes"]

T = TypeVar("T")


def all_files(paths: Iterable[str]) -> list[str]:
    """All files to read; stops where there is none at a path."""
    found = []
    for path in paths:
        names = logs.files(path)
        if not names:
            raise stop(f"{path}: nothing to read: no file in it is named like a log (.jsonl, .json, .har)")
        found += names
    return found


def batches(files: Iterable[str], options: Options) -> Iterator[Batch | Unread]:
    """Read all files in batches."""
    for name in files:
        yield from _guarded(logs.batches(name, options), name)


def records(files: Iterable[str], options: Options) -> Iterator[Record | Unreadable | Unread]:
    """Read all files one record at a time, as soon as it is there."""
    for name in files:
        yield from _guarded(logs.records(name, options), name)


def _guarded(found: Iterator[T], name: str) -> Iterator[T | Unread]:
    """Items of a file; Unread where reading it fails."""
    try:
        yield from found
    except OSError as error:
        if logs.is_address(name):  # what an error says of it may repeat what is secret in it
            yield Unread(f"{logs.shown_name(name)}: {_remote_reason(error)}")
        else:
            yield Unread(os_reason(error) if error.filename else f"{name}: {os_reason(error)}")
    except MissingLibraryError as error:
        yield Unread(str(error))


def _remote_reason(error: OSError) -> str:
    """Say why what lies at an address cannot be read, in words of our own or of the system."""
    if isinstance(error, FileNotFoundError):
        return "there is nothing"
    if error.errno in (ENOPKG, EPROTONOSUPPORT):  # said by the reader of addresses
        return str(error.strerror)
    return os.strerror(error.errno).lower() if error.errno else "it cannot be read"


def total_bytes(files: Iterable[str]) -> int | None:
    """Total size of the files; None where it is not known in advance."""
    sizes = [Path(name).stat().st_size if Path(name).is_file() else None for name in files]
    return sum(size for size in sizes if size is not None) if None not in sizes else None
