"""Input of the commands; an unreadable file does not stop the others."""

import os
from collections.abc import Iterable, Iterator, Sequence
from errno import ENOPKG, EPROTONOSUPPORT
from hashlib import sha256
from pathlib import Path
from typing import Final

from cancelnorm import logs
from cancelnorm.cli.jobs import UnreadFile
from cancelnorm.cli.patterns import is_excluded
from cancelnorm.cli.terminal import complain, os_reason, stop
from cancelnorm.logs import Batch, MissingLibraryError, Options
from cancelnorm.report import InputFile, counted

__all__ = ["all_files", "batches", "tell_passed_over", "total_bytes"]


def all_files(paths: Iterable[str], exclude: Sequence[str] = ()) -> list[str]:
    """All files to read; stops if a path has none.

    Files in a folder are left out if they match a pattern of ``exclude``; a file named directly is read.
    """
    found = []
    for path in paths:
        names = logs.files(path)
        if names != [path]:
            names = [name for name in names if not is_excluded(name, path, exclude)]
        if not names:
            raise stop(
                f"{logs.shown_name(path)}: contains no log files (.jsonl, .json, .ndjson, .har, .yaml, .log, .csv)"
            )
        found += names
    return found


_MOST_NAMED: Final = 10


def tell_passed_over(paths: Iterable[str], exclude: Sequence[str] = ()) -> None:
    """Name the files in folders that are not read, the first ten of each, unless they are excluded."""
    for path in paths:
        others = [
            f"{logs.shown_name(name)} ({reason})"
            for name, reason in logs.passed_over(path)
            if not is_excluded(name, path, exclude)
        ]
        if others:
            more = [f"and {len(others) - _MOST_NAMED} more"] if len(others) > _MOST_NAMED else []
            shown = ", ".join([*others[:_MOST_NAMED], *more])
            complain(f"cancelnorm: {counted(len(others), 'file')} passed over: {shown}")


def batches(
    files: Iterable[str], options: Options, inputs: list[InputFile] | None = None
) -> Iterator[Batch | UnreadFile]:
    """Read all files in batches; add each to ``inputs``, with its size and digest, unless that is None."""
    for name in files:
        if inputs is None:
            yield from _guarded(logs.batches(name, options), name)
        else:
            yield from _guarded(_digested(name, options, inputs), name)


def _digested(name: str, options: Options, inputs: list[InputFile]) -> Iterator[Batch]:
    """Read a file in batches and describe it as it was read."""
    digest = sha256()
    size = 0

    def see(chunk: bytes) -> None:
        nonlocal size
        size += len(chunk)
        digest.update(chunk)

    yield from logs.batches(name, options, see)
    inputs.append(InputFile(logs.shown_name(name), size, digest.hexdigest()))


def _guarded(found: Iterator[Batch], name: str) -> Iterator[Batch | UnreadFile]:
    """Batches of a file; UnreadFile if reading it fails."""
    try:
        yield from found
    except OSError as error:
        if logs.is_address(name):  # the error message may contain a secret of the URL
            yield UnreadFile(f"{logs.shown_name(name)}: {_remote_reason(error)}")
        else:
            yield UnreadFile(
                os_reason(error) if error.filename else f"{logs.shown_name(name)}: {os_reason(error)}"
            )
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
