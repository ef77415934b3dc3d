"""Traces of curl, which break each message into rows of a width: put together as ``curl -v`` prints them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["is_trace", "joined"]

Line = tuple[int, bytes | None]

_MARK: Final = re.compile(
    rb"(?:[0-9:.]{8,15} )?(?:== Info: (?P<is_over>Connection #|Closing)?"
    rb"|(?P<way>=> Send|<= Recv) (?P<part>header|data|SSL data), )"
)
_TRACE: Final = re.compile(
    rb"(?m)^(?:[0-9:.]{8,15} )?(?:=> Send|<= Recv) (?:header|data), [0-9]+ bytes \(0x[0-9a-f]+\)\s*\n[0-9a-f]{4}: "
)
_ROW: Final = re.compile(
    rb"(?P<at>[0-9a-f]{4,8}): (?P<hex>(?=.{48})(?:[0-9a-f]{2} ){1,16}(?:   ){0,15})?(?P<text>.*)"
)
_HEX_WIDTH: Final = 48
_MOST_BYTES: Final = 1 << 23  # of a message
_MOST_LINES: Final = 100  # between its pieces
_SHOWN: Final = bytes(byte if 32 <= byte < 127 else ord(".") for byte in range(256))


def is_trace(head: bytes) -> bool:
    """Tell whether a log is what curl writes with ``--trace`` or ``--trace-ascii``."""
    return _TRACE.search(head) is not None


def joined(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of the messages, each with the number of its last row; others are as they are, without those of TLS.

    What curl prints of a body behind its rows is that body again, and is left out.
    """
    message = _Message()
    for number, whole in lines:
        line = whole
        if whole is not None:
            line = message.without_echo(whole)
            if line is None:
                continue
        row = None if line is None else _ROW.fullmatch(line)
        mark = None if line is None else _MARK.match(line)
        if row is not None and message.is_open:
            message.add(number, row)
        elif mark is not None and mark["part"] == b"SSL data":
            message.pause()
        elif mark is not None and not mark["way"] and not mark["is_over"] and message.may_go_on:
            message.keep((number, line))
        else:
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
        self._is_paused = False  # by rows of TLS
        self._echo = bytearray()  # what may be printed of the last piece behind it, as rows show it
        self._ends: list[int] = []  # of the lines of that, in the data
        self._between: list[Line] = []

    @property
    def may_go_on(self) -> bool:
        """Whether the next piece may come behind other lines."""
        return self._kind[1] == b"data" and len(self._between) < _MOST_LINES

    def keep(self, line: Line) -> None:
        """Keep a line between two pieces, or behind the last one."""
        self._between.append(line)

    def pause(self) -> None:
        """Leave out the next rows."""
        self.is_open, self._is_paused = True, True

    def without_echo(self, line: bytes) -> bytes | None:
        """A line without what repeats the piece before it; None if it is no more than that, or than a line of it.

        Rows of characters do not show where lines end, and this does.
        """
        if not self._echo or _MARK.match(line) or _ROW.fullmatch(line):
            return line
        shown = line.rstrip(b"\r").translate(_SHOWN)
        left = len(self._echo) - len(shown)
        is_break = self._echo[len(shown) : len(shown) + 1] == b"."
        is_line = not left or (is_break and (shown or len(self._data) > 1))
        if self._echo.startswith(shown) and is_line:
            self._ends.append(len(self._data) - left)
            del self._echo[: len(shown) + 1]
            self._break_lines()
            return None
        rest = line[len(self._echo) :]
        is_echo = shown.startswith(self._echo) and _MARK.match(rest) is not None
        self._echo.clear()
        if is_echo:
            self._break_lines()
        return rest if is_echo else line

    def _break_lines(self) -> None:
        """Break the data where its lines end, once all of them were printed."""
        for end in self._ends if not self._echo else ():
            self._data[end : end + 1] = self._data[end : end + 1].replace(b".", b"\n")

    def goes_on(self, mark: re.Match[bytes]) -> bool:
        """Tell whether a piece is of the same message."""
        return mark["part"] == b"data" and self._kind == (mark["way"], mark["part"])

    def begin(self, mark: re.Match[bytes]) -> None:
        """Begin a message, or its next piece."""
        self._kind, self.is_open, self._next = (mark["way"], mark["part"]), True, 0
        self._is_paused = False
        self._echo.clear()
        self._ends.clear()

    def add(self, number: int, row: re.Match[bytes]) -> None:
        """Add a row; one that does not begin where the last one ended is behind the end of a line."""
        if self._is_paused:
            return
        self._number, at = number, int(row["at"], 16)
        if len(self._data) > _MOST_BYTES:
            return
        before = len(self._data)
        if row["hex"] and len(row["hex"]) == _HEX_WIDTH:
            self._data += bytes.fromhex(row["hex"].decode())
        else:
            self._data += b"\n" * (at > self._next) + (text := (row["hex"] or b"") + row["text"])
            self._next = at + len(text)
        if self._kind == (b"<= Recv", b"data"):
            self._echo += self._data[before:].translate(_SHOWN)

    def end(self) -> Iterator[Line]:
        """The lines of the whole message, those of a header marked with the way it went."""
        way, part = self._kind
        mark = b"" if part == b"data" else b"> " if way == b"=> Send" else b"< "
        data, self._data = bytes(self._data), bytearray()
        between, self._between = self._between, []
        self.is_open, self._kind = False, (b"", b"")
        if len(data) > _MOST_BYTES:
            yield self._number, None
        else:
            yield from ((self._number, mark + line) for line in data.replace(b"\r", b"").split(b"\n") if data)
        yield from between
