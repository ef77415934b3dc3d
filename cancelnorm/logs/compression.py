"""Decompression of logs: plain, gzip, bzip2, xz or zstd, as their first bytes tell."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Final, Protocol

from cancelnorm.errors import CancelNormError

__all__ = [
    "CHUNK_BYTES",
    "MAX_WINDOW_BYTES",
    "Damaged",
    "MissingLibraryError",
    "Readable",
    "Stream",
    "slices",
]

CHUNK_BYTES: Final = 3 << 15

# A slice decompresses to at most 256 KiB in gzip and 8 MiB in zstd; the others are asked for a chunk at a time.
_SLICE_BYTES: Final = 1 << 8
_TRAILER: Final = 16  # bytes at the end of a member that may all be zero

# Gzip, the weakest, compresses 1,032 times at most. What is passed over costs time, too.
_MOST_EXPANSION: Final = 1_100
_FREE_BYTES: Final = 1 << 28

_HOLE: Final = b"\0\0\0\0"  # UTF-16 and UTF-32 have fewer
_BOM: Final = b"\xef\xbb\xbf"
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE: Final = b"\x2a\x4d\x18"  # after a byte from 0x50 to 0x5f
_BZIP2: Final = b"BZh"
_XZ: Final = b"\xfd7zXZ"
MAX_WINDOW_BYTES: Final = 1 << 27  # of memory; the highest levels of xz and zstd take half of it, and all
_FOREIGN: Final = {
    b"\xff\xfe": "this is UTF-16; a log has to be UTF-8",
    b"\xfe\xff": "this is UTF-16; a log has to be UTF-8",
    b"PK\x03\x04": "this is a zip archive that is damaged, or that is not a file on this machine",
    b"PAR1": "this is Parquet; a log has to be lines of JSON",
}


class MissingLibraryError(CancelNormError):
    """The library that reads a kind of log is not installed; the extra ``extra`` installs it."""

    def __init__(self, name: str, kind: str, extra: str) -> None:
        super().__init__(name, kind, extra)
        self.name = name
        self.kind = kind
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.name}: this is {self.kind}; it takes pip install 'cancelnorm[{self.extra}]'"


class Damaged(Exception):
    """The rest of a file cannot be read; its text says why."""


class Readable(Protocol):
    """A buffered binary file."""

    def read1(self, size: int, /) -> bytes:
        """Read the bytes that are available, at most ``size``; none at the end."""


class _Member(Protocol):
    """A gzip member, a zstd frame or the like while it is decompressed."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Bounded(Protocol):
    """The same, of a library that can be asked for so many bytes at a time."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Stream:
    """The decompressed bytes of a log, in chunks, once, in constant memory.

    If the file is damaged, the chunks end at the fault, which ``damage`` describes; it is None otherwise.
    ``start`` is the offset of a part of a plain file: its first bytes may look like those of a compressed one.
    Raises OSError, and MissingLibraryError if zstd is not installed.
    """

    def __init__(self, file: Readable, name: str, start: int | None = None) -> None:
        self.damage: str | None = None
        self.position = 0  # number of bytes read from the file
        self.start = start  # offset of the text in a file that is not compressed
        self._file = file
        self._name = name

    def __iter__(self) -> Iterator[bytes]:
        if self.start is not None:
            yield from self._rest()
            return
        head, hole = self._begin()
        foreign = next((text for magic, text in _FOREIGN.items() if head.startswith(magic)), None)
        self.damage = self.damage or foreign
        if b"\0" in head[:2]:  # one of two bytes of a character
            self.damage = "this is UTF-16 or binary; a log has to be UTF-8"
        if self.damage is not None:
            return
        if head.startswith(_GZIP):
            yield from self._inflate(head, lambda: zlib.decompressobj(wbits=31), "gzip", zlib.error)
        elif head.startswith(_BZIP2):
            yield from self._inflate(head, bz2.BZ2Decompressor, "bzip2", OSError)
        elif head.startswith(_XZ):
            start = partial(lzma.LZMADecompressor, memlimit=MAX_WINDOW_BYTES)
            yield from self._inflate(head, start, "xz", lzma.LZMAError)
        elif head.startswith(_ZSTD) or (head[1:4] == _ZSTD_SKIPPABLE and head[0] >> 4 == 5):
            yield from self._inflate_zstd(head)
        else:
            plain = head.removeprefix(_BOM)
            self.start = hole + len(head) - len(plain)
            yield plain
            yield from self._rest()

    def _begin(self) -> tuple[bytes, int]:
        """The first bytes, and the length of the hole before them, as truncation under a writer leaves it."""
        head, hole = b"", 0
        while len(head) < 5 and (more := self._read()):
            head += more
            if hole or head.startswith(_HOLE):
                rest = head.lstrip(b"\0")
                hole += len(head) - len(rest)
                head = rest
        return head, hole

    def _read(self) -> bytes:
        try:
            chunk = self._file.read1(CHUNK_BYTES)
        except Damaged as error:
            self.damage = str(error)
            return b""
        self.position += len(chunk)
        return chunk

    def _rest(self) -> Iterator[bytes]:
        while chunk := self._read():
            yield chunk

    def _inflate_zstd(self, head: bytes) -> Iterator[bytes]:
        try:
            import zstandard  # an extra, which most logs do not need
        except ImportError as error:
            raise MissingLibraryError(self._name, "zstd", "zstd") from error
        frames = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
        yield from self._inflate(head, frames.decompressobj, "zstd", zstandard.ZstdError)

    def _inflate(
        self, head: bytes, start: Callable[[], _Member | _Bounded], name: str, fault: type[Exception]
    ) -> Iterator[bytes]:
        """Decompress concatenated members, as ``cat a.gz b.gz`` makes them."""
        member, offset, rest = start(), 0, b""
        gathered, tail = _Gathered(), _Tail()
        try:
            for chunk in tail.cut_from(chain((head,), self._rest())):
                for part in slices(chunk, _SLICE_BYTES):
                    rest = part
                    offset += len(part)
                    while rest:
                        if member.eof:
                            rest = rest.lstrip(b"\0")  # padding to a whole block
                            if not rest:
                                break
                            member = start()
                        for piece in _decompressed(member, rest):
                            yield from gathered.add(piece)
                            if gathered.is_bomb(offset):
                                self.damage = f"{name} data expands more than {_MOST_EXPANSION:,} times"
                                return
                        rest = member.unused_data if member.eof else b""
                yield from gathered.rest()  # nothing is held back while the file has no more
            trailer = b"" if member.eof else tail.of_trailer()
            offset += len(trailer)
            last = [*_decompressed(member, trailer)] if trailer else []
            yield from last if member.eof else ()
        except fault as error:
            yield from gathered.rest()
            self.damage = f"{name} data is corrupt near byte {offset - len(rest)}: {error}"
        else:
            if not member.eof and self.damage is None:
                self.damage = f"{name} data is truncated after byte {offset}"


class _Tail:
    """The zeros at the end of what was read, as a power cut leaves them behind what was written."""

    def __init__(self) -> None:
        self._count = 0

    def cut_from(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks without the zeros at their end."""
        for chunk in chunks:
            data = chunk.rstrip(b"\0")
            if data:
                yield from (bytes(CHUNK_BYTES) for _ in range(self._count // CHUNK_BYTES))
                yield bytes(self._count % CHUNK_BYTES) + data
                self._count = 0
            self._count += len(chunk) - len(data)

    def of_trailer(self) -> bytes:
        """Those that may end a member: its size and its checksum may have some."""
        return bytes(min(self._count, _TRAILER))


class _Gathered:
    """Decompressed bytes that are gathered to chunks, because a file of many small members has many small pieces.

    It counts the bytes since the last line with anything in it, which is what nobody reads.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._empty_bytes = 0
        self._empty_from = 0  # position in the file

    def add(self, piece: bytes) -> Iterator[bytes]:
        """Take a piece; give what has become a chunk."""
        self._parts.append(piece)
        self._size += len(piece)
        if self._size >= CHUNK_BYTES:
            yield from self.rest()

    def rest(self) -> Iterator[bytes]:
        """Give what is there."""
        if self._size:
            chunk, self._parts, self._size = b"".join(self._parts), [], 0
            self._count(chunk)
            yield from slices(chunk, CHUNK_BYTES)

    def is_bomb(self, position: int) -> bool:
        """Tell whether the file expands too much; ``position`` is the number of compressed bytes so far."""
        if not self._empty_bytes:
            self._empty_from = position
        return self._empty_bytes > max(_FREE_BYTES, _MOST_EXPANSION * (position - self._empty_from))

    def _count(self, chunk: bytes) -> None:
        if b"\n" in chunk and not chunk.isspace():
            self._empty_bytes = 0
        else:
            self._empty_bytes += len(chunk)


def _decompressed(member: _Member | _Bounded, data: bytes) -> Iterator[bytes]:
    """The pieces that some compressed bytes hold."""
    if not isinstance(member, bz2.BZ2Decompressor | lzma.LZMADecompressor):
        yield member.decompress(data)
        return
    yield member.decompress(data, CHUNK_BYTES)
    while not (member.eof or member.needs_input):
        yield member.decompress(b"", CHUNK_BYTES)


def slices(data: bytes, size: int) -> Iterator[bytes]:
    """Cut bytes into pieces of at most ``size``."""
    return (data[at : at + size] for at in range(0, len(data), size))
