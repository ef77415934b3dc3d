"""One log that is read: its first bytes, by which the format is detected, then its chunks or its lines."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm.logs.compression import CHUNK_BYTES, Stream, slices
from cancelnorm.logs.item import Item
from cancelnorm.logs.limits import MAX_RECORD_BYTES, too_long
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver

__all__ = ["HEAD_BYTES", "Block", "Format", "Range", "Reader", "Source"]

HEAD_BYTES: Final = 1 << 16
_LONG: Final = 2_048


class Block(NamedTuple):
    """Whole lines of records, not yet decoded; ``number`` is that of the first line.

    ``offset`` is their position in the file, ``file`` its device and inode; None if the file is compressed,
    or is not a file.
    """

    name: str
    number: int
    data: bytes
    offset: int | None = None
    file: tuple[int, int] | None = None


class Range(NamedTuple):
    """Consecutive lines of a log, from ``start`` to ``end`` in bytes; ``line`` is the number of the first.

    Without ``end`` it is the whole log.
    """

    path: str
    start: int = 0
    end: int | None = None
    line: int = 1


class Source:
    """The decompressed bytes of one log, once, in constant memory; ``name`` is the file in its sources.

    ``attached`` gives the content of a file beside the log by its name, or None. A record of more than
    ``max_record_bytes`` is passed over. ``first_line`` is the number of the first line if these are only some of
    the log's lines.
    """

    def __init__(
        self,
        stream: Stream,
        name: str,
        *,
        is_live: bool = False,
        file: tuple[int, int] | None = None,
        attached: Callable[[str], bytes | None] | None = None,
        max_record_bytes: int = MAX_RECORD_BYTES,
        first_line: int | None = None,
    ) -> None:
        self.name = name
        self.is_part = first_line is not None
        self.max_record_bytes = max_record_bytes
        self.attached = attached or (lambda _: None)
        self.offset: int | None = None  # of the current block, in a file that is not compressed
        self.file_id = file  # device and inode
        self.line = first_line or 1  # the current line
        self.is_live = is_live  # a program may be writing at the other end
        self.text_lines = 0  # the lines read so far that hold no frame
        self.passed = PassedOver()
        self.is_unknown = False  # true if all lines were read as text and none holds anything
        self._stream = stream
        self._chunks = iter(stream)
        self.head = b""
        # Of a live log, one line is enough to begin with.
        enough = 1 if is_live else HEAD_BYTES
        while not (len(self.head) >= enough and b"\n" in self.head.lstrip()) and len(self.head) < HEAD_BYTES:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self.head += chunk

    @property
    def damage(self) -> str | None:
        """The fault that ended the file; known when everything before it was read."""
        return self._stream.damage

    @property
    def position(self) -> int:
        """The number of bytes read from the file, compressed if it is."""
        return self._stream.position

    @property
    def start(self) -> int | None:
        """The offset of the first line; None if the log is compressed, or is not a file."""
        return self._stream.start if self.file_id else None

    @property
    def is_longer(self) -> bool:
        """True if ``body`` left something out."""
        return len(self.head) > self.max_record_bytes

    @property
    def is_long_line(self) -> bool:
        """True if all that ``body`` returned is the beginning of a line."""
        return self.is_longer and b"\n" not in self.head.lstrip()[: self.max_record_bytes]

    @property
    def too_long(self) -> str:
        """The reason why a record of this log that is too long is refused."""
        return too_long(self.max_record_bytes)

    def body(self) -> bytes:
        """Return the whole log in one piece; if it is longer than a record may be, little more than that."""
        parts, size = [self.head], len(self.head)
        while size <= self.max_record_bytes and (chunk := next(self._chunks, None)) is not None:
            parts.append(chunk)
            size += len(chunk)
        self.head = b"".join(parts)
        return self.head

    def chunks(self) -> Iterator[bytes]:
        """Iterate over all bytes, in chunks."""
        return chain(slices(self.head, CHUNK_BYTES), self._chunks)

    def blocks(self) -> Iterator[bytes | None]:
        """Iterate over blocks of whole lines; None stands for a line that is too long.

        If the file is damaged, an incomplete last line is left out: the damage is reported instead. A line
        that only lacks its line break is kept.
        """
        chunks = self.chunks()
        self.offset = self.start
        for block in _blocks(chunks, self.max_record_bytes):
            if block is not None and block[-1:] != b"\n" and self.damage and _is_half(block):
                return
            yield block
            # The length of a line that is too long is not known.
            self.offset = None if block is None or self.offset is None else self.offset + len(block)
            self.line += 1 if block is None else _lines_in(block)

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Iterate over number and bytes of the lines that are not blank; None for one that is too long."""
        for block in self.blocks():
            if block is None:
                yield self.line, None
            elif not block.isspace():  # a file may expand to a gigabyte of line breaks
                yield from ((number, line) for number, line in _numbered(block, self.line) if line.strip())

    def all_lines(self) -> Iterator[tuple[int, bytes | None]]:
        """The same, including blank lines."""
        for block in self.blocks():
            if block is None:
                yield self.line, None
            else:
                yield from _numbered(block, self.line)

    def file(self) -> "Reader":
        """Return the log as a file object, for a library that reads one."""
        return Reader(self.chunks())


class Reader:
    """A file object that reads chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """Read at most ``size`` bytes; none only at the end."""
        if size < 0:
            self._left = b"".join((self._left, *self._chunks))
            size = len(self._left)
        while not self._left and size and (chunk := next(self._chunks, None)) is not None:
            self._left = chunk
        given, self._left = self._left[:size], self._left[size:]
        return given


class Format(NamedTuple):
    """A format of logs; ``fits`` tells it by the head of a log, which is at most 64 KiB and a chunk."""

    name: str
    about: str  # a few words for the help
    fits: Callable[[bytes], bool]
    read: Callable[[Source, Options], Iterator[Item | Block]]


_OPENING: Final = re.compile(rb"[{\[]")


def _numbered(block: bytes, number: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a block and their numbers."""
    return enumerate(block.removesuffix(b"\n").split(b"\n"), number)


def _is_half(line: bytes) -> bool:
    """Tell whether the JSON in a line is not complete, or there is none."""
    opening = _OPENING.search(line)
    try:
        _json(line[opening.start() :] if opening else b"")
    except (ValueError, RecursionError):
        return True
    return False


_json: Final = msgspec.json.Decoder(Raw).decode


def _lines_in(block: bytes) -> int:
    """The number of lines; in long ones it is faster to find each line break than to count all."""
    if block.find(b"\n") < _LONG:
        return block.count(b"\n") + (block[-1:] != b"\n")
    count, end = 0, block.find(b"\n")
    while end >= 0:
        count += 1
        end = block.find(b"\n", end + 1)
    return count + (block[-1:] != b"\n")


def _blocks(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes | None]:
    """Cut chunks into blocks of whole lines; None stands for one line that is too long."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut and parts:
            end = chunk.index(b"\n") + 1
            if size + end - 1 > max_bytes:
                yield None
                chunk, cut = chunk[end:], cut - end
            else:
                chunk, cut = b"".join((*parts, chunk)), cut + size
            parts, size = [], 0
        if cut:
            yield from _short_lines(chunk[:cut], max_bytes)
        if cut < len(chunk):
            size += len(chunk) - cut
            if size > max_bytes:
                parts = [b""]  # only its length is kept
            else:
                parts.append(chunk[cut:])
    if size > max_bytes:
        yield None
    elif parts:
        yield b"".join(parts)


def _short_lines(block: bytes, max_bytes: int) -> Iterator[bytes | None]:
    """Cut the lines that are too long out of a block; None stands for each."""
    if len(block) <= max_bytes:
        yield block
        return
    start = at = 0
    while at < len(block):
        end = block.index(b"\n", at) + 1
        if end - 1 - at > max_bytes:
            if start < at:
                yield block[start:at]
            yield None
            start = end
        at = end
    if start < at:
        yield block[start:]
