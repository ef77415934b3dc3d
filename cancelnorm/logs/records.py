"""The format ``records``: one JSON object a line, or one pretty-printed object a file."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Generic, TypeVar

from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.json import Decoder

from cancelnorm.logs.item import Item, Refusals, Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.record_line import KEYS, LINES, Line, is_record, malformed, read_record, record_of
from cancelnorm.logs.source import Block, Format, Source
from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.reader.scalars import Int
from cancelnorm.record import Record

__all__ = [
    "RECORDS",
    "RECORD_LINES",
    "AnsweredLine",
    "Lines",
    "answered_lines",
    "are_lines",
    "items_of",
    "read_answers",
    "read_block",
    "read_lines",
]

T = TypeVar("T")


class AnsweredLine(Struct, Generic[T], frozen=True, forbid_unknown_fields=True):
    """The keys of a record whose payload is read with it, as an answer of one type; UNSET for what is not there."""

    venue: str
    payload: T
    endpoint: str | UnsetType | None = UNSET
    status: Int | UnsetType | None = UNSET
    request: dict[str, Any] | list[dict[str, Any]] | UnsetType | None = UNSET
    sent_ns: Int | UnsetType | None = UNSET
    received_ns: Int | UnsetType | None = UNSET
    account: str | UnsetType | None = UNSET


_raw: Final = Decoder(Raw)
_object: Final = Decoder(dict[str, Raw])
_SNIFFED_LINES: Final = 100
_SPREAD: Final = re.compile(rb'\s*\{\s*"([^"\\]*)"')  # the beginning of an object, perhaps of many lines


def fits(head: bytes) -> bool:
    """Tell whether a log has a line that is a record, or is an object of many lines with the keys of one."""
    for line in head.splitlines()[:_SNIFFED_LINES]:
        if line.lstrip()[:1] == b"{" and is_record(line):
            return True
    if is_record(head):
        return True
    spread = _SPREAD.match(head)
    if spread is None or spread[1].decode("utf-8", "replace") not in KEYS or is_lines(head):
        return False
    return b'"venue":' in head and b'"payload":' in head


def is_lines(head: bytes) -> bool:
    """Tell whether the first line of a log is a whole object."""
    return _is(_object, head.lstrip().partition(b"\n")[0])


def read(source: Source, options: Options) -> Iterator[Item | Block]:
    """Read the records of one log.

    A log consists of lines if its first line is an object, if a later line is a record, or if it is not JSON
    as a whole and any line is an object: a bad first line must not cost the others. Otherwise it is one record.
    """
    if are_lines(source.head):
        yield from _read_lines(source, options)
        return
    body = source.body()
    whole = _is(_raw, body)
    if source.is_long_line or (
        not whole and any(line[:1] == b"{" and _is(_object, line) for line in body.splitlines())
    ):
        yield from _read_lines(source, options)
    elif whole:
        yield Item(read_record(body, f"{source.name}:1"))
    elif source.is_longer:
        yield Item(Unreadable(f"{source.name}:1", "file", f"the object is {source.too_long}"))
    elif source.damage:
        source.line = _last_line(body)  # the damage is reported there
    else:
        fault = malformed(body)
        yield Item(Unreadable(f"{source.name}:{_line_of(fault, body)}", "file", fault))


def are_lines(head: bytes) -> bool:
    """Tell whether the head of a log is enough to know that it consists of lines."""
    first = head.lstrip()
    return first[:1] not in (b"{", b"[") or is_lines(first) or any(map(is_record, first.splitlines()))


RECORDS: Final = Format("records", "records, one a line or one a file", fits, read)


# --- Lines ---


def _read_lines(source: Source, options: Options) -> Iterator[Item | Block]:
    del options  # a record is complete by itself
    for block in source.blocks():
        if block is None:
            yield Item(Unreadable(f"{source.name}:{source.line}", "line", source.too_long))
        elif not block.isspace():
            yield Block(source.name, source.line, block, source.offset, source.file_id)


RECORD_LINES: Final = Format("records", "some of the lines of a log of records", fits, _read_lines)


class Lines:
    """Lines of a block that are whole objects, one after the other; they are read again where they are not given."""

    def __init__(self, block: Block, lines: list[Line] | None = None) -> None:
        self._block = block
        self._raw: list[bytes] | None = None
        self._lines = lines

    @property
    def lines(self) -> list[Line]:
        """The keys of each line."""
        if self._lines is None:
            self._lines = _objects(self._block.data, LINES)
        return self._lines

    def source(self, at: int) -> str:
        """Source of a line."""
        return f"{self._block.name}:{self._block.number + at}"

    def record(self, at: int) -> Record | Unreadable:
        """The record of a line."""
        try:
            return record_of(self.lines[at], self.source(at))
        except (ValueError, RecursionError):
            return read_record(self.raw(at), self.source(at))

    def raw(self, at: int) -> bytes:
        """The bytes of a line."""
        if self._raw is None:
            self._raw = self._block.data.split(b"\n")
        return self._raw[at]


def read_lines(block: Block) -> Lines | None:
    """Read whole lines; None where one is blank, or is no object with the keys of a record."""
    try:
        return Lines(block, _objects(block.data, LINES))
    except (ValueError, RecursionError):
        return None


def answered_lines(kind: Any) -> Decoder[AnsweredLine[Any]]:
    """The decoder of lines with answers of a type."""
    return json_decoder(AnsweredLine[kind])


def read_answers(block: Block, decoder: Decoder[AnsweredLine[T]]) -> list[AnsweredLine[T]] | None:
    """Read whole lines with their answers; None where one is another one."""
    try:
        return _objects(block.data, decoder)
    except (ValueError, RecursionError):
        return None


def _objects(data: bytes, decoder: Decoder[T]) -> list[T]:
    """Read an object a line; ValueError or RecursionError where a line is anything else.

    ``decode_lines`` is faster than a loop, but takes any white space between two objects for a line break. Its result
    is right if every line break is between two objects and the numbers agree.
    """
    ends = data.count(b"\n", 0, -1)
    if ends != _between_objects(data):  # a line may end with white space
        return [decoder.decode(line) for line in data.removesuffix(b"\n").split(b"\n")]
    objects = decoder.decode_lines(data)
    if len(objects) != ends + 1:
        raise ValueError("a line has several objects")
    return objects


def _between_objects(data: bytes) -> int:
    """Count the line breaks between two objects; those of long lines are found one by one in less time."""
    if -1 < data.find(b"\n") < _LONG:
        return data.count(b"}\n{")
    count, at = 0, data.find(b"\n")
    while at >= 0:
        count += data[at - 1 : at + 2] == b"}\n{"
        at = data.find(b"\n", at + 1)
    return count


def read_block(block: Block) -> Iterable[Record | Unreadable]:
    """Read the records of whole lines."""
    found = read_lines(block)
    if found is not None:
        return map(found.record, range(len(found.lines)))
    return (item.found for item in _each_line(block))


def items_of(block: Block) -> Iterable[Item]:
    """The same, each with its line."""
    found = read_lines(block)
    if found is not None:
        return (Item(found.record(at), found.raw(at)) for at in range(len(found.lines)))
    return _each_line(block)


def _each_line(block: Block) -> Iterator[Item]:
    """Read lines one by one."""
    refusals = Refusals()
    for number, line in enumerate(block.data.split(b"\n"), block.number):
        source = f"{block.name}:{number}"
        if fault := refusals.again(line, source):
            yield Item(fault, line)
        elif line.strip():
            found = read_record(line, source)
            yield Item(refusals.keep(line, found) if isinstance(found, Unreadable) else found, line)


_LONG: Final = 2_048


def _is(decoder: Decoder[Any], data: bytes) -> bool:
    """Tell whether a decoder accepts data."""
    try:
        decoder.decode(data)
    except (ValueError, RecursionError):
        return False
    return True


def _line_of(fault: str, data: bytes) -> int:
    """The line of a fault at ``(byte n)``; the last line if it names no byte."""
    match = re.search(r"\(byte ([0-9]+)\)$", fault)
    return data.count(b"\n", 0, int(match[1])) + 1 if match else _last_line(data)


def _last_line(data: bytes) -> int:
    return data.rstrip().count(b"\n") + 1
