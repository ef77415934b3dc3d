"""Where logs lie: files, folders and standard input."""

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from cancelnorm.logs.compression import Stream
from cancelnorm.logs.records import Unreadable, read_records
from cancelnorm.record import Record

__all__ = ["files", "read"]

_ENDINGS: Final = tuple(
    f"{plain}{packed}" for plain in (".json", ".jsonl", ".ndjson") for packed in ("", ".gz", ".zst")
)
_STDIN: Final = 0


def read(path: str | os.PathLike[str]) -> Iterator[Record | Unreadable]:
    """Read the records of a file, of all logs in a folder, or of standard input (``-``), one at a time.

    What is no record is yielded as Unreadable and reading goes on. OSError comes where a file cannot be
    opened or read, MissingZstdError for zstd without its library.
    """
    return chain.from_iterable(map(_read_file, files(path)))


def files(path: str | os.PathLike[str]) -> list[str]:
    """List the files that ``read`` reads, in its order: a file itself, or the logs in a folder, sorted.

    Raises FileNotFoundError where there is nothing at ``path``. In a folder a log is known by its ending
    (.json, .jsonl, .ndjson, and with .gz or .zst), and hidden files and folders are passed over.
    """
    name = os.fspath(path)
    if name == "-":
        return [name]
    place = Path(name)
    if not place.is_dir():
        place.stat()  # raises where there is nothing
        return [name]
    found = (
        file
        for file in place.rglob("*")
        if file.name.lower().endswith(_ENDINGS)
        and not any(part.startswith(".") for part in file.relative_to(place).parts)
        and file.is_file()
    )
    return [str(file) for file in sorted(found)]


def _read_file(name: str) -> Iterator[Record | Unreadable]:
    shown = "<stdin>" if name == "-" else name
    with open(_STDIN if name == "-" else name, "rb", closefd=name != "-") as file:
        yield from read_records(Stream(file, shown), shown)
