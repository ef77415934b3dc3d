"""The items of an array in one large JSON object, one at a time, in the memory of one item."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.locations import Locations
from cancelnorm.logs.source import Source

__all__ = ["located"]

_MARK: Final = re.compile(rb'["\[\]{}]')
_TEXT: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
# An array or an object without texts and without others in it.
_IS_FLAT: Final = rb'\[[^"\[\]{}]*+\]|\{[^"\[\]{}]*+\}'
_FLAT: Final = re.compile(_IS_FLAT)
_NEXT: Final = re.compile(rb"\s*+,?+\s*+(" + _IS_FLAT + rb")")  # such an item behind another one
_SCALAR: Final = rb'(?:"(?:[^"\\]|\\.)*+"|[^\s",:\[\]{}]++)'
_SCALARS: Final = re.compile(_SCALAR, re.DOTALL)
# What may stand before an item, and before the end of the array: scalars, which are items, too.
_BEFORE: Final = re.compile(rb"\s*+,?+\s*+(?:" + _SCALAR + rb"\s*+,\s*+)*+", re.DOTALL)
_LAST: Final = re.compile(rb"(?:" + _BEFORE.pattern + _SCALAR + rb")?+\s*+,?+\s*+", re.DOTALL)
_LONGEST_GAP: Final = 65_536  # bytes between two items
_PAIRS: Final = {b"[": b"]", b"{": b"}"}
_LONGEST_KEY: Final = 64
_MAX_DEPTH: Final = 1_000  # the decoder of an item refuses more, too


class Broken(ValueError):
    """Brackets do not match or are too deep, or the object is truncated."""


class Member(Struct, frozen=True, gc=False):
    """An item and the line on which it begins; ``data`` is None if the item is too long."""

    line: int
    data: bytes | None


def located(source: Source, keys: tuple[bytes, ...], noun: str) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Iterate over the items of the array at ``keys``, each with its source.

    Only brackets and strings are parsed; the decoder of an item finds other faults. If the log is malformed,
    the items before the fault are kept and an Unreadable comes last.
    """
    locations = Locations(source.name)
    scan = _Scan(keys, source.max_record_bytes)
    number = 0
    try:
        for member in scan.through(source.chunks()):
            number += 1
            source.line = member.line
            place = locations.at(member.line)
            yield place, Unreadable(place, noun, source.too_long) if member.data is None else member.data
            del member  # frees it before the next one is assembled
    except Broken:
        source.line = scan.line
        if not source.damage:
            place = f"{source.name}:{scan.line}"
            after = f"after {noun} {number}" if number else f"before the first {noun}"
            fault = (
                f"brackets over {_MAX_DEPTH:,} deep" if scan.is_too_deep else "malformed or truncated JSON"
            )
            yield place, Unreadable(place, "file", f"{fault} {after}")


class _Scan:
    """The state of the scan: the open brackets, the last string at each depth, and incomplete tokens."""

    def __init__(self, keys: tuple[bytes, ...], max_bytes: int) -> None:
        self.line = 1  # the line that was reached
        self.is_too_deep = False
        self._max_bytes = max_bytes  # of an item
        self._is_over = False
        self._keys = list(keys)
        self._open: list[bytes] = []
        self._last: list[bytes] = [b""]
        self._in_text = False
        self._text = b""  # the beginning of the current string
        self._left = b""  # a backslash at the end of a chunk
        self._base = 0  # the depth of the items, once their array is open
        self._parts: list[bytes] | None = None  # of the current item
        self._between = b""  # what stands before the next object or array in the array
        self._size = 0
        self._start_line = 1  # of the current item

    def through(self, chunks: Iterable[bytes]) -> Iterator[Member]:
        """Scan all bytes; raise Broken after the last item that could be found."""
        for chunk in chunks:
            yield from self._feed(chunk)
        if not self._is_over:
            raise Broken

    def _feed(self, chunk: bytes) -> Iterator[Member]:
        """Take the next bytes and yield the items that end in them."""
        data, at = self._left + chunk, 0
        self._left = b""
        start = 0  # of the current item, or of the text between two
        counted = 0  # bytes whose line breaks are in `line`
        while True:
            if self._in_text:
                at = self._through_text(data, at)
                if self._in_text:
                    break
            match = _MARK.search(data, at)
            if match is None:
                break
            mark, at = match[0], match.end()
            if self._breaks(mark):
                self.line += data.count(b"\n", counted, match.start())
                raise Broken
            if mark == b'"':
                self._in_text, self._text = True, b""
            elif mark in _PAIRS:
                if len(self._open) == self._base > 0:
                    self.line += data.count(b"\n", counted, match.start())
                    counted = match.start()
                    if start < counted or self._between:
                        yield from self._scalars(_BEFORE, data[start:counted])
                    if flat := _FLAT.match(data, counted):
                        at = start = flat.end()
                        yield Member(self.line, None if at - counted > self._max_bytes else flat[0])
                        while flat := _NEXT.match(data, at):
                            self.line += data.count(b"\n", at, flat.start(1))
                            at = start = counted = flat.end()
                            size = at - flat.start(1)
                            yield Member(self.line, None if size > self._max_bytes else flat[1])
                        continue
                    self._parts, self._size, start = [], 0, counted
                    self._start_line = self.line
                self._opened(mark)
                if len(self._open) == self._base and self._parts is None:
                    start = at
            else:
                if self._parts is None and len(self._open) == self._base > 0:
                    self.line += data.count(b"\n", counted, match.start())
                    counted = match.start()
                    yield from self._scalars(_LAST, data[start:counted])
                self._closed()
                if self._parts is not None and len(self._open) == self._base:
                    yield Member(self._start_line, self._member(data[start:at]))
                    start = at
        self.line += data.count(b"\n", counted)  # a backslash that is left is none
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

    def _breaks(self, mark: bytes) -> bool:
        """Tell whether brackets do not match or are too deep, or anything follows the whole object."""
        if mark == b'"' or mark in _PAIRS:
            self.is_too_deep = mark != b'"' and len(self._open) == _MAX_DEPTH
            return self._is_over or self.is_too_deep
        return not self._open or _PAIRS[self._open[-1]] != mark

    def _opened(self, mark: bytes) -> None:
        self._open.append(mark)
        depth = len(self._open)
        is_at_keys = mark == b"[" and depth == len(self._keys) + 1 and self._last[1:] == self._keys
        if is_at_keys and self._base <= 0 and all(each == b"{" for each in self._open[:-1]):
            self._base, self._between = depth, b""
        self._last.append(b"")

    def _closed(self) -> None:
        self._open.pop()
        self._last.pop()
        if self._base and len(self._open) < self._base:
            self._base = -1  # the array is closed; the same key may come again
        self._is_over = not self._open

    def _member(self, end: bytes) -> bytes | None:
        parts, self._parts = self._parts or [], None
        return None if self._size + len(end) > self._max_bytes else b"".join((*parts, end))

    def _keep(self, data: bytes) -> None:
        if self._parts is None:
            self._add_between(data)
            return
        self._size += len(data)
        if self._size <= self._max_bytes:
            self._parts.append(data)
        else:
            self._parts.clear()

    def _add_between(self, data: bytes) -> None:
        if len(self._open) != self._base:
            return
        if len(data) > _LONGEST_GAP:
            data = b" ".join(data.split())[: _LONGEST_GAP + 1]
        if len(self._between) <= _LONGEST_GAP:
            self._between += data

    def _scalars(self, gap: re.Pattern[bytes], data: bytes) -> Iterator[Member]:
        """Yield the items that are no object and no array; raise Broken if anything but those and commas is there."""
        self._add_between(data)
        between, self._between = self._between, b""
        if len(between) > _LONGEST_GAP or gap.fullmatch(between) is None:
            raise Broken
        for scalar in _SCALARS.finditer(between):
            yield Member(self.line - between.count(b"\n", scalar.end()), scalar[0])
