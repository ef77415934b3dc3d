"""The items of an array in one large JSON object, one at a time, in the memory of one item."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cancelnorm.logs.source import MAX_LINE_BYTES, Source, Unreadable

__all__ = ["Broken", "members", "numbered"]

_MARK: Final = re.compile(rb'["\[\]{}]')
_TEXT: Final = re.compile(rb'(?:[^"\\]|\\.)*+', re.DOTALL)
_BETWEEN: Final = re.compile(rb"\s*,?\s*")
_PAIRS: Final = {b"[": b"]", b"{": b"}"}
_LONGEST_KEY: Final = 64


class Broken(ValueError):
    """Brackets do not match, or the object is truncated."""


def numbered(source: Source, keys: tuple[bytes, ...], noun: str) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Iterate over the items in a log, each with its source: the number of the item, from 1.

    If the log is malformed, the items before the fault are kept and an Unreadable comes last.
    """
    number = 0
    try:
        for member in members(source.chunks(), keys):
            number += 1
            source.line = number
            place = f"{source.name}:{number}"
            reason = f"{noun} is longer than {MAX_LINE_BYTES >> 20} MiB"
            yield place, Unreadable(place, noun, reason) if member is None else member
            del member  # frees it before the next one is assembled
    except Broken:
        if not source.damage:
            place = f"{source.name}:{number + 1}"
            after = f"after {noun} {number}" if number else f"before the first {noun}"
            yield place, Unreadable(place, "file", f"malformed or truncated JSON {after}")


def members(chunks: Iterable[bytes], keys: tuple[bytes, ...]) -> Iterator[bytes | None]:
    """Iterate over the objects and arrays in the array at ``keys``; None for one that is too long.

    Only brackets and strings are parsed; the decoder of an item finds other faults. Raises Broken after the
    last item that could be found.
    """
    scan = _Scan(keys)
    for chunk in chunks:
        yield from scan.feed(chunk)
    if not scan.is_over:
        raise Broken


class _Scan:
    """The state of the scan: the open brackets, the last string at each depth, and incomplete tokens."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self.is_over = False
        self._keys = list(keys)
        self._open: list[bytes] = []
        self._last: list[bytes] = [b""]
        self._in_text = False
        self._text = b""  # the beginning of the current string
        self._left = b""  # a backslash at the end of a chunk
        self._base = 0  # the depth of the items, once their array is open
        self._parts: list[bytes] | None = None  # of the current item
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """Take the next bytes and yield the items that end in them."""
        data, at = self._left + chunk, 0
        self._left = b""
        start = 0  # of the current item, or of the text between two
        while True:
            if self._in_text:
                at = self._through_text(data, at)
                if self._in_text:
                    break
            match = _MARK.search(data, at)
            if match is None:
                break
            mark, at = match[0], match.end()
            if mark == b'"':
                self._in_text, self._text = True, b""
            elif mark in _PAIRS:
                if len(self._open) == self._base > 0:
                    self._between(data[start : match.start()])
                    self._parts, self._size, start = [], 0, match.start()
                self._opened(mark)
                if len(self._open) == self._base and self._parts is None:
                    start = at
            else:
                self._closed(mark)
                if self._parts is not None and len(self._open) == self._base:
                    yield self._member(data[start:at])
                    start = at
        self._keep(data[start : len(data) - len(self._left)])

    def _through_text(self, data: bytes, at: int) -> int:
        match = _TEXT.match(data, at)
        end = match.end() if match else at
        if len(self._text) < _LONGEST_KEY:
            self._text += data[at : min(end, at + _LONGEST_KEY)]
        if end == len(data):
            return end
        if data[end : end + 1] == b"\\":
            self._left = data[end:]
            return end
        self._in_text = False
        self._last[-1] = self._text
        return end + 1

    def _opened(self, mark: bytes) -> None:
        if self.is_over:
            raise Broken
        self._open.append(mark)
        is_array = mark == b"[" and all(each == b"{" for each in self._open[:-1])
        if not self._base and is_array and self._last[1:] == self._keys:
            self._base = len(self._open)
        self._last.append(b"")

    def _closed(self, mark: bytes) -> None:
        if not self._open or _PAIRS[self._open.pop()] != mark:
            raise Broken
        self._last.pop()
        if self._base and len(self._open) < self._base:
            self._base = -1  # the array is closed; only the brackets of the rest are checked
        self.is_over = not self._open

    def _member(self, end: bytes) -> bytes | None:
        parts, self._parts = self._parts or [], None
        return None if self._size + len(end) > MAX_LINE_BYTES else b"".join((*parts, end))

    def _keep(self, data: bytes) -> None:
        if self._parts is None:
            return
        self._size += len(data)
        self._parts = [*self._parts, data] if self._size <= MAX_LINE_BYTES else []

    def _between(self, data: bytes) -> None:
        if not _BETWEEN.fullmatch(data):
            raise Broken
