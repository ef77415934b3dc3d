"""Lines as a program wrote them, without what a terminal, a page or another program put around or into them."""

import html
import re
from typing import Final

__all__ = ["Prefix", "plain"]

_COLORS: Final = re.compile(rb"\x1b\[[0-9;]{0,20}m")
# A key in quotes of JSON or of Python as a page has them; a message of a venue may have such quotes.
_ESCAPED: Final = re.compile(
    rb"(?:[{,]|^)\s*+(&(?:quot|apos|#34|#39|#x27|#x22);)\w{1,60}+\1\s*+:", re.IGNORECASE
)
# Likewise as nginx has them, and as a word processor or a chat does.
_HEX: Final = re.compile(rb"[{,]\s*+\\x22\w{1,60}+\\x22\s*+:")
_HEX_BYTE: Final = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_CURLY: Final = re.compile(rb"(?:[{,]|^)\s*+\xe2\x80[\x9c-\x9e]\w{1,60}+\xe2\x80[\x9c-\x9e]\s*+:")
_STRAIGHT: Final = re.compile(rb"\{\s*+[\"'][\w-]{1,60}+[\"']\s*+:")  # of an object
_CURLY_QUOTE: Final = re.compile(rb"\xe2\x80[\x9c-\x9e]")
_RUNS: Final = re.compile(
    rb"[0-9]+|[^0-9]+?(?:\s+|(?=[0-9])|$)"
)  # digits, or a word and the blanks behind it
_NUMBER: Final = re.compile(rb"[0-9]+")
_LONGEST: Final = 200  # characters before a part of an object


def plain(line: bytes) -> bytes:
    """A line without the colors of a terminal, and with the quotes of its objects as JSON has them."""
    if b"\x1b[" in line:
        line = _COLORS.sub(b"", line)
    if b"&" in line and _has(_ESCAPED, line):
        line = html.unescape(line.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    if b"\\x22" in line and _has(_HEX, line):
        line = _HEX_BYTE.sub(lambda escaped: bytes.fromhex(escaped[1].decode()), line)
    if b"\xe2\x80" in line and _has(_CURLY, line):
        line = _CURLY_QUOTE.sub(b'"', line)
    return line


def _has(key: re.Pattern[bytes], line: bytes) -> bool:
    """Tell whether a line has a key in such quotes, and not within a text of an object that is as it should be."""
    found = key.search(line)
    return found is not None and _STRAIGHT.search(line, 0, found.start()) is None


class Prefix:
    """What stands before each line of an object: a mark of a quotation or a comment, or what a logger or Docker writes.

    It is the beginning of what is before the object in its first line. Digits may differ, as those of a time do.
    """

    def __init__(self, before: bytes) -> None:
        self._before = before if len(before) <= _LONGEST and before.strip() else b""
        self._runs: list[bytes] | None = None  # those that the lines have

    def cut(self, line: bytes) -> bytes:
        """The next line of the object, without the prefix if it has one."""
        if not self._before:
            return line
        if self._runs is None:
            if line.startswith(self._before):  # of a line that begins another object, too
                return line[len(self._before) :]
            self._runs = _shared(_RUNS.findall(self._before), line)
        at = 0
        for run in self._runs:
            end = _end(run, line, at)
            if end is None:
                return line
            at = end
        return line[at:]


def _shared(runs: list[bytes], line: bytes) -> list[bytes]:
    """The first of some runs, those that a line has, too, up to the last that ends with a blank."""
    at, count = 0, 0
    for run in runs:
        end = _end(run, line, at)
        if end is None:
            break
        at, count = end, count + 1
    while count and not runs[count - 1][-1:].isspace():
        count -= 1
    return runs[:count]


def _end(run: bytes, line: bytes, at: int) -> int | None:
    """Where a run ends at a position of a line, perhaps with other digits or without the blanks behind; else None."""
    if not at and run.isspace():  # before numbers of lines, to the right of their column
        return len(line) - len(line.lstrip())
    if run.isdigit():
        digits = _NUMBER.match(line, at)
        return None if digits is None else digits.end()
    if line.startswith(run, at):
        return at + len(run)
    word = run.rstrip()
    return len(line) if word and line[at:] == word else None
