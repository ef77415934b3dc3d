"""The format ``array``: one JSON array of records, or of objects as ``jsonl`` has them on lines.

The array may be in the answer of a store of logs, over many lines.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.exchanges import is_exchange
from cancelnorm.logs.item import Item, Refusals, Unreadable
from cancelnorm.logs.json_array import located
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.jsonl_detection import is_mapped, is_wrapper
from cancelnorm.logs.log_stores import PATHS, lines_of
from cancelnorm.logs.missing_parts import mute
from cancelnorm.logs.options import Options
from cancelnorm.logs.record_line import is_record, read_record
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.time_order import Entry, numbered, oldest_first

__all__ = ["ARRAY"]

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_scan: Final = json.JSONDecoder().raw_decode
_VALUE: Final = rb'(?:"(?:[^"\\]|\\.)*+"|[^\[\]{}",:\s]++|\{[^{}]*+\})'
_MEMBERS: Final = rb'\s*+\{\s*+(?:"[^"]*+"\s*+:\s*+' + _VALUE + rb"\s*+,\s*+){0,12}?"
# The beginning of the answer of a store: plain members, then its entries.
_ARRAYS: Final = tuple(
    (path, re.compile(b"".join(_MEMBERS + f'"{key}"'.encode() + rb"\s*+:" for key in path) + rb"\s*+\["))
    for path in PATHS
)


def fits(head: bytes) -> bool:
    """Tell whether a log is an array whose first item is a record, or an object about a payload."""
    text = head.lstrip()
    if text[:1] == b"{":
        return _path(text) is not None
    first = _first(text[1:]) if text[:1] == b"[" else None
    if first is None:
        return False
    return (
        is_record(first)
        or is_mapped(first)
        or is_exchange(first)
        or any(map(is_wrapper, lines_of(_members(first) or {})))
    )


def _first(text: bytes) -> bytes | None:
    """The object that a text begins with; None if it begins with none, or not with the whole of it."""
    rest = text.decode("utf-8", "replace").lstrip()
    try:
        first = rest[: _scan(rest)[1]].encode()
    except (ValueError, RecursionError):
        return None
    return first if first[:1] == b"{" else None


def _path(head: bytes) -> tuple[str, ...] | None:
    """The keys of the entries in the answer of a store of logs that has more than one line; None for another log."""
    for path, array in _ARRAYS:
        match = array.match(head)
        first = _members(_first(head[match.end() :]) or b"") if match is not None else None
        if first is not None and any(map(is_wrapper, lines_of(first))):
            return path if _members(head.partition(b"\n")[0]) is None else None
    return None


def _members(data: bytes) -> dict[str, Raw] | None:
    """The members of an object; None if a text is none, as one with Infinity in it."""
    try:
        return _object(data)
    except (ValueError, RecursionError):
        return None


def _entry(item: bytes | Unreadable) -> Entry:
    """The first entry in an item; empty if there is none."""
    members = None if isinstance(item, Unreadable) else _members(item)
    return {} if members is None else next(iter(lines_of(members)), {})


def _size(item: bytes | Unreadable) -> int:
    return 0 if isinstance(item, Unreadable) else len(item)


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the items; the source is the line on which an item begins."""
    reader = LineReader(source.name, options, source.passed)
    path = _path(source.head.lstrip()) if source.head.lstrip()[:1] == b"{" else None
    keys = tuple(key.encode() for key in path or ())
    refusals = Refusals()
    items = located(source, keys, "item")
    if not source.is_live:
        items = oldest_first(items, lambda each: _entry(each[1]), lambda each: _size(each[1]), options.zone)
    for number, (location, item) in enumerate(items, 1):
        if isinstance(item, Unreadable):
            yield Item(item)
        elif fault := refusals.again(item, location):
            yield Item(fault)
        elif is_record(item) and not options.paths:
            yield Item(read_record(item, location))
        else:
            members = _members(item)
            if members is None:
                yield Item(refusals.keep(item, Unreadable(location, "item", "not a JSON object")))
                continue
            lines = lines_of(members)
            reason = mute(members) if lines == [members] and not options.paths else None
            if reason is not None:
                yield Item(refusals.keep(item, Unreadable(location, "payload", reason)))
                continue
            for place, line in numbered(lines, options.zone):
                entry = location if place == 1 else f"{location}#{place}"
                yield from reader.members(number, entry, line, None)
            yield from reader.left()
    yield from reader.end()


ARRAY: Final = Format("array", "a JSON array of records, or of objects of any shape", fits, read)
