"""The format ``array``: one JSON array of records, or of objects as ``jsonl`` has them on lines."""

import json
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.json_array import located
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.jsonl_detection import is_mapped
from cancelnorm.logs.records import is_record, read_record
from cancelnorm.logs.source import Format, Item, Options, Source, Unreadable

__all__ = ["ARRAY"]

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_scan: Final = json.JSONDecoder().raw_decode


def fits(head: bytes) -> bool:
    """Tell whether a log is an array whose first item is a record, or an object about a payload."""
    text = head.lstrip()
    if text[:1] != b"[":
        return False
    rest = text[1:].decode("utf-8", "replace").lstrip()
    try:
        first = rest[: _scan(rest)[1]].encode()
    except (ValueError, RecursionError):
        return False
    return first[:1] == b"{" and (is_record(first) or is_mapped(first))


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the items; the source is the line on which an item begins."""
    reader = LineReader(source.name, options, source.passed)
    for number, (location, item) in enumerate(located(source, (), "item"), 1):
        if isinstance(item, Unreadable):
            yield Item(item)
        elif is_record(item) and not options.paths:
            yield Item(read_record(item, location))
        else:
            yield from _mapped(reader, item, location, number)
            yield from reader.left()
    yield from reader.end()


def _mapped(reader: LineReader, item: bytes, location: str, number: int) -> Iterator[Item]:
    try:
        members = _object(item)
    except (ValueError, RecursionError):
        yield Item(Unreadable(location, "item", "not a JSON object"))
        return
    yield from reader.members(number, location, members, None)


ARRAY: Final = Format("array", "a JSON array of records, or of objects of any shape", fits, read)
