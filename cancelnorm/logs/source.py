"""One log while it is read: its first bytes to tell its format by, then its chunks or its lines."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import Raw, Struct

from cancelnorm.logs.compression import CHUNK_BYTES, Stream, slices
from cancelnorm.record import Record

__all__ = ["MAX_LINE_BYTES", "Block", "Format", "Item", "Options", "Source", "Unreadable"]

MAX_LINE_BYTES: Final = 64 << 20
_HEAD_BYTES: Final = 1 << 16
_LONG: Final = 2_048


class Unreadable(Struct, frozen=True):
    """Something in a log that is no record.

    ``source`` is ``file:line``. ``path`` is the key of the record that is wrong, or ``line`` or ``file``
    where all of it is. ``reason`` says what is wrong and never quotes a value: it may be a secret.
    """

    source: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.path}: {self.reason}"


class Item(NamedTuple):
    """What was read, and the line it stood in, without its end; None where it was no line."""

    found: Record | Unreadable
    raw: bytes | None = None


class Block(NamedTuple):
    """Whole lines of records that were not read yet; ``number`` is that of the first line.

    ``offset`` is where they stand in their file, ``file`` its device and number there; None where that is
    packed, or no file.
    """

    name: str
    number: int
    data: bytes
    offset: int | None = None
    file: tuple[int, int] | None = None


class Options(Struct, frozen=True):
    """What a caller knows of a log that does not stand in it.

    ``paths`` says where in a line a part of the record is: ``{"payload": "$.response.body"}``. ``venue`` and
    ``endpoint`` hold where no line says otherwise.
    """

    format: str | None = None
    paths: Mapping[str, str] = {}
    venue: str | None = None
    endpoint: str | None = None
    dialect: Literal["quoted-numbers"] | None = None


class Source:
    """The plain bytes of one log, once, in constant memory; ``name`` is what its sources begin with."""

    def __init__(
        self, stream: Stream, name: str, *, is_live: bool = False, file: tuple[int, int] | None = None
    ) -> None:
        self.name = name
        self.offset: int | None = None  # of the block that is being read, in a file that is not packed
        self.file_id = file  # device and number, where it is one
        self.line = 1  # the line that is being read, or follows the last one
        self._stream = stream
        self._chunks = iter(stream)
        self.head = b""
        # Someone may be writing at the other end, so no more is waited for than one line.
        enough = 1 if is_live else _HEAD_BYTES
        while not (len(self.head) >= enough and b"\n" in self.head.lstrip()) and len(self.head) < _HEAD_BYTES:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self.head += chunk

    @property
    def damage(self) -> str | None:
        """What is wrong with the file, known when all of it that can be read was read."""
        return self._stream.damage

    @property
    def position(self) -> int:
        """How many bytes of the file were read, packed as it is."""
        return self._stream.position

    @property
    def is_longer(self) -> bool:
        """Whether there is more than ``body`` gave."""
        return len(self.head) > MAX_LINE_BYTES

    def body(self) -> bytes:
        """Give all there is in one piece, and little more than is allowed of a line where it is too much."""
        parts, size = [self.head], len(self.head)
        while size <= MAX_LINE_BYTES and (chunk := next(self._chunks, None)) is not None:
            parts.append(chunk)
            size += len(chunk)
        self.head = b"".join(parts)
        return self.head

    def chunks(self) -> Iterator[bytes]:
        """Give all bytes, in chunks."""
        return chain(slices(self.head, CHUNK_BYTES), self._chunks)

    def blocks(self) -> Iterator[bytes | None]:
        """Give whole lines, as many as are there; None stands for a line that is too long.

        Half a line where a damaged file ends is left out: the damage is what is wrong with it. A whole one
        that only lacks its end is not.
        """
        chunks = self.chunks()
        self.offset = self._stream.start if self.file_id else None
        for block in _blocks(chunks):
            if block is not None and block[-1:] != b"\n" and self.damage:
                block = _without_half(block)
                if not block:
                    return
            yield block
            # Of a line that is too long, not even the length is kept.
            self.offset = None if block is None or self.offset is None else self.offset + len(block)
            self.line += 1 if block is None else _lines_in(block)

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Give number and bytes of every line that is not blank; None for one that is too long."""
        return ((number, line) for number, line in self.all_lines() if line is None or line.strip())

    def all_lines(self) -> Iterator[tuple[int, bytes | None]]:
        """The same with lines that are blank."""
        for block in self.blocks():
            if block is None:
                yield self.line, None
            else:
                yield from enumerate(block.removesuffix(b"\n").split(b"\n"), self.line)

    def file(self) -> "Reader":
        """Give a file to read from, for a library that wants one."""
        return Reader(self.chunks())


class Reader:
    """Chunks as a file that can be read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """Give at most ``size`` bytes; nothing at the end only."""
        if size < 0:
            self._left = b"".join((self._left, *self._chunks))
            size = len(self._left)
        while not self._left and size and (chunk := next(self._chunks, None)) is not None:
            self._left = chunk
        given, self._left = self._left[:size], self._left[size:]
        return given


class Format(NamedTuple):
    """A way in which people record; ``fits`` is asked with the head of a log (at most a few 64 KiB)."""

    name: str
    about: str  # what it is, in a few words, for the help
    fits: Callable[[bytes], bool]
    read: Callable[[Source, Options], Iterator[Item | Block]]


_OPENING: Final = re.compile(rb"[{\[]")


def _without_half(block: bytes) -> bytes:
    """Lines without the last one, unless the JSON in that is whole."""
    start = block.rfind(b"\n") + 1
    opening = _OPENING.search(block, start)
    try:
        _json(block[opening.start() :] if opening else b"")
    except (ValueError, RecursionError):
        return block[:start]
    return block


_json: Final = msgspec.json.Decoder(Raw).decode


def _lines_in(block: bytes) -> int:
    """The number of lines; where they are long, to look for each end is faster than to count all bytes."""
    if block.find(b"\n") < _LONG:
        return block.count(b"\n") + (block[-1:] != b"\n")
    count, end = 0, block.find(b"\n")
    while end >= 0:
        count += 1
        end = block.find(b"\n", end + 1)
    return count + (block[-1:] != b"\n")


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """Cut chunks into whole lines, as many as are there; None stands for one line that is too long."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut and parts:
            end = chunk.index(b"\n") + 1
            if size + end > MAX_LINE_BYTES:
                yield None
            else:
                yield b"".join((*parts, chunk[:end]))
            chunk, cut, parts, size = chunk[end:], cut - end, [], 0
        if cut:
            yield chunk[:cut]
        if cut < len(chunk):
            size += len(chunk) - cut
            if size > MAX_LINE_BYTES:
                parts = [b""]  # its length is all that is kept of it
            else:
                parts.append(chunk[cut:])
    if size > MAX_LINE_BYTES:
        yield None
    elif parts:
        yield b"".join(parts)
