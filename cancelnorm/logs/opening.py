"""Opening of one file, a member of an archive, standard input, or a URL, as the source of a log."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from errno import ENOPKG, EPROTONOSUPPORT
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

from cancelnorm.logs.archives import Member, archived
from cancelnorm.logs.compression import CHUNK_BYTES, Damaged, MissingLibraryError, Readable, Stream
from cancelnorm.logs.limits import MAX_RECORD_BYTES
from cancelnorm.logs.source import Range, Source
from cancelnorm.masking import without_secrets

__all__ = ["STDIN", "is_address", "opened", "shown_name"]

STDIN: Final = 0
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@contextmanager
def opened(
    log: str | Range,
    see: Callable[[bytes], object] | None = None,
    *,
    max_record_bytes: int = MAX_RECORD_BYTES,
) -> Iterator[Source]:
    """Open a log by its name, or some of its lines, and close it at the end.

    ``see`` receives all bytes of the file as they are stored, also those after a damage.
    """
    if isinstance(log, Range) and log.end is not None:
        with _part(log, log.end, max_record_bytes) as source:
            yield source
        return
    name = log.path if isinstance(log, Range) else log
    shown = shown_name(name)
    if (member := archived(name)) is not None:
        attached = partial(_attached, member.beside, max_record_bytes)
        with member.opened() as content, _shown(content, see) as seen:
            yield Source(Stream(seen, shown), shown, attached=attached, max_record_bytes=max_record_bytes)
        return
    with _opened(name) as file:
        attached = partial(_attached, Path(name).with_name, max_record_bytes)
        with _shown(_unshrunk(name, file), see) as seen:
            yield Source(
                Stream(seen, shown),
                shown,
                is_live=name == "-",
                file=_file_id(name, file),
                attached=attached if Path(name).is_file() else None,
                max_record_bytes=max_record_bytes,
            )


@contextmanager
def _part(part: Range, end: int, max_record_bytes: int) -> Iterator[Source]:
    """Open some lines of a file that is not compressed."""
    with Path(part.path).open("rb") as file:
        file.seek(part.start)
        shown = shown_name(part.path)
        yield Source(
            Stream(_Extent(file, end, end, part.start), shown, part.start),
            shown,
            file=_file_id(part.path, file),
            max_record_bytes=max_record_bytes,
            first_line=part.line,
        )


class _Extent:
    """A file up to an offset, if there is one, that is damaged if it ends before ``size``."""

    def __init__(self, file: Readable, size: int, end: int | None = None, position: int = 0) -> None:
        self._file = file
        self._size = size
        self._end = end
        self._position = position

    def read1(self, size: int, /) -> bytes:
        if self._end is not None:
            size = min(size, self._end - self._position)
        chunk = self._file.read1(size) if size else b""
        self._position += len(chunk)
        if not chunk and self._position < self._size:
            raise Damaged(f"the file has shrunk from {self._size:,} bytes or more to {self._position:,}")
        return chunk


def _unshrunk(name: str, file: Readable) -> Readable:
    """A file that is damaged if it becomes shorter while it is read; as it is if it has no length."""
    if not isinstance(file, BufferedReader) or not Path(name).is_file():
        return file
    return _Extent(file, os.fstat(file.fileno()).st_size)


@contextmanager
def _shown(file: Readable, see: Callable[[bytes], object] | None) -> Iterator[Readable]:
    """A file whose bytes are shown to a function as they are read, and at the end those that were not."""
    if see is None:
        yield file
        return
    seen = _Seen(file, see)
    yield seen
    with suppress(Damaged):
        while seen.read1(CHUNK_BYTES):
            pass


class _Seen:
    """A file whose bytes are shown to a function as they are read."""

    def __init__(self, file: Readable, see: Callable[[bytes], object]) -> None:
        self._file = file
        self._see = see

    def read1(self, size: int, /) -> bytes:
        chunk = self._file.read1(size)
        self._see(chunk)
        return chunk


def _attached(beside: Callable[[str], Path | Member], max_bytes: int, name: str) -> bytes | None:
    """The content of a file beside a log, with no more than one byte too many; None if it is missing."""
    if not name or name != Path(name).name or name.startswith("."):
        return None
    parts: list[bytes] = []
    left = max_bytes + 1
    try:
        place = beside(name)
        with place.open("rb") if isinstance(place, Path) else place.opened() as file:
            while left and (chunk := file.read1(min(left, CHUNK_BYTES))):
                parts.append(chunk)
                left -= len(chunk)
    except (OSError, ValueError, Damaged):
        return None
    return b"".join(parts)


def _file_id(name: str, file: Readable) -> tuple[int, int] | None:
    """The device and the inode of a file, which survive renaming; None if it is not a file."""
    if not isinstance(file, BufferedReader) or not Path(name).is_file():
        return None
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino


def _opened(name: str) -> AbstractContextManager[Readable]:
    if name == "-":
        return open(STDIN, "rb", closefd=False)
    if _ADDRESS.match(name):
        return _remote(name)
    return Path(name).open("rb")


class _Remote:
    """A file at a URL; not every file of fsspec has ``read1``."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read1(self, size: int, /) -> bytes:
        return self._file.read(size)


@contextmanager
def _remote(address: str) -> Iterator[Readable]:
    """Open a URL of a kind that fsspec supports: s3://, gs://, https://."""
    shown = shown_name(address)
    try:
        import fsspec  # an extra, which local logs do not need
    except ImportError as error:
        raise MissingLibraryError(shown, "an address", "remote") from error
    try:
        opened = fsspec.open(address, "rb")
    except ImportError as error:  # its message names the library for this kind of URL
        raise OSError(ENOPKG, str(error).lower()) from error
    except ValueError as error:
        raise OSError(EPROTONOSUPPORT, "this kind of URL is not supported") from error
    with opened as file:
        yield _Remote(file)


def shown_name(name: str) -> str:
    """The name without secrets.

    A URL may have a signature in its query, or a password before its host; a file may be named after a URL.
    """
    if not is_address(name):
        name = "<stdin>" if name == "-" else name
        return without_secrets(name)
    return without_secrets(re.sub(r"(?<=://)[^/@]*@", "", re.split(r"[?#]", name, maxsplit=1)[0]))


def is_address(name: str) -> bool:
    """Tell whether a name is a URL."""
    return _ADDRESS.match(name) is not None
