"""Lines that are read by themselves, each as if it were the only one of its log."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from cancelnorm.logs import bare, timestamped
from cancelnorm.logs.formats import named
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.limits import too_long
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.record_line import read_record
from cancelnorm.logs.websocket import Frames
from cancelnorm.record import Record

__all__ = ["line_reader"]

ReadLine = Callable[[bytes, str], list[Record | Unreadable]]
"""The records of a line, with a source, which may be empty."""


def line_reader(format: str, options: Options) -> ReadLine:  # noqa: A002  # as in ``read``
    """Give the function that reads a line of a format.

    It gives no records for a line that is blank, or of no venue, or is a request that cancels nothing. Any other
    request is Unreadable, because its answer is on another line.

    Raises ValueError for a format in which a line needs its neighbours, and UnknownFormatError.
    """
    read = _READERS.get(named(format).name)
    if read is None:
        raise ValueError(
            f"{format} cannot be read line by line: {_NEIGHBOURS[format]}; read whole files instead"
        )

    def read_line(line: bytes, source: str) -> list[Record | Unreadable]:
        if len(line) > options.max_record_bytes:
            return [Unreadable(source, "line", too_long(options.max_record_bytes))]
        if not line.strip():
            return []
        return [_sourced(item) for item in read(line, source, options)]

    return read_line


def _sourced(item: Record | Unreadable) -> Record | Unreadable:
    """The same without a source that says nothing."""
    return item if item.source or isinstance(item, Unreadable) else replace(item, source=None)


def _records(line: bytes, source: str, options: Options) -> Iterator[Record | Unreadable]:
    found = read_record(line, source)
    is_other = options.dialect is not None and isinstance(found, Record)
    yield replace(found, dialect=options.dialect) if is_other else found


def _jsonl(line: bytes, source: str, options: Options) -> Iterator[Record | Unreadable]:
    reader = LineReader(source, options, PassedOver())
    try:
        members = _object(line)
    except (ValueError, RecursionError):
        yield Unreadable(source, "line", "not a JSON object")
        return
    read = reader.members(1, source, members, line)
    yield from _found(chain(read, reader.left()), reader.text.unanswered())


_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def _timestamped(line: bytes, source: str, options: Options) -> Iterator[Record | Unreadable]:
    frames = Frames(options)
    yield from _found(timestamped.read_line(frames, line, source, options, options.zone), frames.unanswered())


def _bare(line: bytes, source: str, options: Options) -> Iterator[Record | Unreadable]:
    reader, frames = LineReader(source, options, PassedOver()), Frames(options)
    read = bare.read_line(reader, frames, line, 1, source, options)
    yield from _found(read, chain(frames.unanswered(), reader.text.unanswered()))


def _found(read: Iterable[Item], unanswered: Iterable[Item]) -> Iterator[Record | Unreadable]:
    """The records of a line, and a fault for each request in it."""
    yield from (item.found for item in read)
    for item in unanswered:
        reason = "a request, whose answer is on another line; read whole files instead"
        yield Unreadable(item.found.source or "", "line", reason)


_READERS: Final = MappingProxyType(
    {"records": _records, "jsonl": _jsonl, "timestamped": _timestamped, "bare": _bare}
)
_MANY_LINES: Final = "a record may take several lines"
_NEIGHBOURS: Final = MappingProxyType(
    {
        "har": _MANY_LINES,
        "vcr": _MANY_LINES,
        "ccxt": _MANY_LINES,
        "array": _MANY_LINES,
        "text": _MANY_LINES,
        "cryptofeed": "earlier lines name the venue",
        "csv": "the first line names the columns",
    }
)
