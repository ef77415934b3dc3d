"""Windows of logs: the lines of a time, found without reading those before it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec
from msgspec import Struct

from cancelnorm.logs.limits import MAX_RECORD_BYTES
from cancelnorm.logs.open import files
from cancelnorm.logs.options import Options
from cancelnorm.logs.ranges import first_line
from cancelnorm.logs.source import Range
from cancelnorm.reader.scalars import Int

__all__ = ["MARGIN_NS", "window"]

MARGIN_NS: Final = 60_000_000_000
"""How far out of order lines may be, one minute."""

_CHUNK_BYTES: Final = 1 << 20


def window(
    path: str | os.PathLike[str],
    start_ns: int | None = None,
    end_ns: int | None = None,
    *,
    margin_ns: int = MARGIN_NS,
    format: str | None = None,  # noqa: A002  # as in ``read``
    paths: Mapping[str, str] | None = None,
    max_record_bytes: int = MAX_RECORD_BYTES,
) -> Iterator[Range]:
    """Find the lines that were received from ``start_ns`` on and before ``end_ns``, in a file or all logs of a folder.

    ``read(range)`` gives their records, with the same sources as ``read(path)``. A log is entered by bisection: it is
    parsed at some twenty to forty lines, and its line ends are counted up to the window. So it must be in the order of
    ``received_ns``, but for what is out of order by no more than ``margin_ns``, by which the window is longer at both
    ends: what of it is to be used, ``replay.between`` says. A line without ``received_ns`` belongs to the one
    before it.

    A log that cannot be entered in the middle is one range, as with ``ranges``, and so is one without any
    ``received_ns``, and one found to be in no such order. A log without lines in the window has no range.

    Raises ValueError for a negative margin, and what ``read`` raises.
    """
    if margin_ns < 0:
        raise ValueError(f"margin_ns: expected 0 or more, found {margin_ns}")
    options = Options(format, paths or {}, max_record_bytes=max_record_bytes)
    for name in files(path):
        start = first_line(name, options)
        if start is None:
            yield Range(name)
            continue
        with Path(name).open("rb") as file:
            found = _Log(file, start, max_record_bytes).between(
                None if start_ns is None else start_ns - margin_ns,
                None if end_ns is None else end_ns + margin_ns,
                margin_ns,
            )
            if found is None:
                yield Range(name, start, file.seek(0, 2))
            elif found[0] < found[1]:
                yield Range(name, *found, 1 + _line_ends(file, start, found[0]))


class _Timed(NamedTuple):
    """A line with a time: where it begins, and where the next one does."""

    begin: int
    end: int
    time_ns: int


class _Received(Struct):
    """The time of a line."""

    received_ns: Int | None = None


_received: Final = msgspec.json.Decoder(_Received).decode


class _Log:
    """The lines of a log that is open; ``seen`` are the times that were looked at."""

    def __init__(self, file: BinaryIO, start: int, most_bytes: int) -> None:
        self._file = file
        self._start = start
        self._size = file.seek(0, 2)
        self._most_bytes = most_bytes
        self._seen: dict[int, int] = {}

    def between(self, start_ns: int | None, end_ns: int | None, margin_ns: int) -> tuple[int, int] | None:
        """Offsets of the first line of a window and of the first one behind it; None if there is no order."""
        if self._timed(self._start, self._size) is None:
            return None
        begin = self._start if start_ns is None else self._first(start_ns)
        end = self._size if end_ns is None else self._first(end_ns)
        times = [self._seen[offset] for offset in sorted(self._seen)]
        latest = times[0]
        for time_ns in times:
            if time_ns + margin_ns < latest:
                return None
            latest = max(latest, time_ns)
        return begin, max(begin, end)

    def _first(self, time_ns: int) -> int:
        """Offset of the first line of a time or a later one; the size of the log if there is none."""
        low, high, found = self._start, self._size, self._size
        while low < high:
            middle = (low + high) // 2
            line = self._timed(middle, high)
            if line is None:
                high = middle
            elif line.time_ns < time_ns:
                low = line.end
            else:
                high, found = middle, line.begin
        return found

    def _timed(self, offset: int, end: int) -> _Timed | None:
        """The first line with a time that begins at an offset or behind it, and before ``end``."""
        self._file.seek(offset)
        if offset > self._start:
            self._file.seek(offset - 1)  # a line may begin right at the offset
            self._line()
        while (begin := self._file.tell()) < end:
            line = self._line()
            try:
                time_ns = _received(line).received_ns
            except (ValueError, RecursionError):
                continue
            if time_ns is not None:
                self._seen[begin] = time_ns
                return _Timed(begin, self._file.tell(), time_ns)
        return None

    def _line(self) -> bytes:
        """The next line; an empty one in place of one that is too long."""
        line = rest = self._file.readline(self._most_bytes + 1)
        while len(line) > self._most_bytes and rest and not rest.endswith(b"\n"):
            rest = self._file.readline(_CHUNK_BYTES)
        return line if rest is line else b""


def _line_ends(file: BinaryIO, start: int, end: int) -> int:
    """Number of lines between two offsets."""
    file.seek(start)
    count = 0
    while chunk := file.read(min(_CHUNK_BYTES, end - file.tell())):
        count += chunk.count(b"\n")
    return count
