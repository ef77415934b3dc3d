"""Traces of curl, which break each message into rows of a width: put together as ``curl -v`` prints them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["is_trace", "joined"]

Line = tuple[int, bytes | None]

_MARK: Final = re.compile(
    rb"(?:[0-9:.]{8,15} )?(?:== Info: |(?P<way>=> Send|<= Recv) (?P<part>header|data), )"
)
_TRACE: Final = re.compile(
    rb"(?m)^(?:[0-9:.]{8,15} )?(?:=> Send|<= Recv) (?:header|data), [0-9]+ bytes \(0x[0-9a-f]+\)\s*\n[0-9a-f]{4}: "
)
_ROW: Final = re.compile(
    rb"(?P<at>[0-9a-f]{4,8}): (?P<hex>(?=.{48})(?:[0-9a-f]{2} ){1,16}(?:   ){0,15})?(?P<text>.*)"
)
_HEX_WIDTH: Final = 48
_MOST_BYTES: Final = 1 << 23  # of a message


def is_trace(head: bytes) -> bool:
    """Tell whether a log is what curl writes with ``--trace`` or ``--trace-ascii``."""
    return _TRACE.search(head) is not None


def joined(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of the messages, each with the number of its last row; others are as they are."""
    message = _Message()
    for number, line in lines:
        row = None if line is None else _ROW.fullmatch(line)
        mark = None if line is None else _MARK.match(line)
        if row is not None and message.is_open:
            message.add(number, row)
            continue
        if mark is None or not message.goes_on(mark):
            yield from message.end()
        if mark is not None and mark["way"]:
            message.begin(mark)
        else:
            yield number, line
    yield from message.end()


class _Message:
    """A header or data, which may come in several pieces."""

    def __init__(self) -> None:
        self.is_open = False
        self._kind = b"", b""
        self._data = bytearray()
        self._number = 0  # of the last row
        self._next = 0  # the place of the next row, if it goes on with the line of the last one

    def goes_on(self, mark: re.Match[bytes]) -> bool:
        """Tell whether a piece is of the same message."""
        return mark["part"] == b"data" and self._kind == (mark["way"], mark["part"])

    def begin(self, mark: re.Match[bytes]) -> None:
        """Begin a message, or its next piece."""
        self._kind, self.is_open, self._next = (mark["way"], mark["part"]), True, 0

    def add(self, number: int, row: re.Match[bytes]) -> None:
        """Add a row; one that does not begin where the last one ended is behind the end of a line."""
        self._number, at = number, int(row["at"], 16)
        if len(self._data) > _MOST_BYTES:
            return
        if row["hex"] and len(row["hex"]) == _HEX_WIDTH:
            self._data += bytes.fromhex(row["hex"].decode())
        else:
            self._data += b"\n" * (at > self._next) + (text := (row["hex"] or b"") + row["text"])
            self._next = at + len(text)

    def end(self) -> Iterator[Line]:
        """The lines of the whole message, those of a header marked with the way it went."""
        way, part = self._kind
        mark = b"" if part == b"data" else b"> " if way == b"=> Send" else b"< "
        data, self._data = bytes(self._data), bytearray()
        self.is_open, self._kind = False, (b"", b"")
        if len(data) > _MOST_BYTES:
            yield self._number, None
            return
        yield from ((self._number, mark + line) for line in data.replace(b"\r", b"").split(b"\n") if data)
