"""The format ``bare``: payloads alone, one a line or one a file.

An object may also be a file that holds requests with their answers, or what a recorder or a store of logs put around a
payload, printed over many lines.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Raw

from cancelnorm import answering, venues
from cancelnorm.logs.documents import advice_on
from cancelnorm.logs.exchanges import exchanges_in
from cancelnorm.logs.gathered import answers_in
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.jsonl_detection import is_mapped
from cancelnorm.logs.missing_parts import not_found
from cancelnorm.logs.options import Options
from cancelnorm.logs.part_names import VENUES
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.websocket import Frames
from cancelnorm.reader.unions import known_keys
from cancelnorm.venue import Venue

__all__ = ["BARE", "read_line"]

_WITHIN_TEXT: Final = re.compile(rb'(?:[^"]|"(?:[^"\\]|\\.)*+")*+"(?:[^"\\]|\\.)*+\\?')
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode
_value: Final = msgspec.json.Decoder(Raw)
_scan: Final = json.JSONDecoder().raw_decode
_START: Final = re.compile(rb'\s*+(?:\{\s*+(?:["}]|$)|\[\s*+(?:[{\[\]]|-?[0-9]++\s*+(?:,|$)|$))')


def fits(head: bytes) -> bool:
    """Tell whether a log begins like JSON: not like an object that a program printed, nor like ``[INFO] …``."""
    return _START.match(head) is not None and not _is_of_a_width(head) and not _has_more(head)


def _has_more(head: bytes) -> bool:
    """Tell whether the first line has something behind its object, as what browsers copy has its length and time."""
    first, end, _ = head.lstrip().partition(b"\n")
    if not end or _is_json(first):
        return False
    text = first.decode("utf-8", "replace")
    try:
        behind = text[_scan(text)[1] :].lstrip()
    except (ValueError, RecursionError):
        return False
    return text[0] == "{" and behind[:1] not in ("", "{", "[", "]", ",")


def _is_of_a_width(head: bytes) -> bool:
    """Tell whether lines of a fixed width break a payload within a text, so that it is no JSON as it stands."""
    lines = head.lstrip().split(b"\n")
    return (
        len(lines) > 1 and _WITHIN_TEXT.fullmatch(lines[0]) is not None and not any(map(_is_payload, lines))
    )


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read payloads; one of several lines has a file to itself.

    A log that is not JSON as a whole and has a line that is JSON consists of lines: a bad first line must not
    cost the others. Where the format is given, a line is a payload also if it is alone.
    """
    frames = Frames(options)
    reader = LineReader(source.name, options, source.passed)
    yield from _read_all(reader, frames, source, options)
    yield from frames.unanswered()
    yield from reader.end()


def _read_all(reader: LineReader, frames: Frames, source: Source, options: Options) -> Iterator[Item]:
    first, _, rest = source.head.lstrip().partition(b"\n")
    is_of_lines = bool(rest.strip()) or options.format == BARE.name
    if _is_payload(first) and (is_of_lines or not exchanges_in(first)):
        yield from _read_lines(reader, frames, source, options)
        return
    body = source.body()
    if source.is_long_line or (not _is_json(body) and any(map(_is_payload, body.split(b"\n")))):
        yield from _read_lines(reader, frames, source, options)
    elif source.is_longer:
        yield Item(Unreadable(f"{source.name}:1", "file", f"the payload is {source.too_long}"))
    elif not source.damage:
        yield from _read_object(reader, frames, body, source, options)


def _read_object(
    reader: LineReader, frames: Frames, body: bytes, source: Source, options: Options
) -> Iterator[Item]:
    """Read an object that a file consists of."""
    location = f"{source.name}:1"
    lines = [_object(body)] if body.lstrip()[:1] == b"{" and is_mapped(body) else exchanges_in(body)
    if lines:
        yield from _members_of(reader, lines, 1, location)
        return
    yield from read_line(reader, frames, body, 1, location, options)


def _read_lines(reader: LineReader, frames: Frames, source: Source, options: Options) -> Iterator[Item]:
    refused, fault = None, None
    for number, line in source.lines():
        location = f"{source.name}:{number}"
        if line is None:
            yield Item(Unreadable(location, "line", source.too_long))
        elif fault is not None and line == refused:
            yield Item(Unreadable(location, fault.path, fault.reason), line)
        else:
            items = list(read_line(reader, frames, line, number, location, options))
            yield from items
            refused, fault = line, _fault(items, location)


def read_line(
    reader: LineReader, frames: Frames, data: bytes, number: int, location: str, options: Options
) -> Iterator[Item]:
    """Read a payload, or each answer in an array; a request is kept for its answer.

    What is no answer of the venue, or of any, may have one in it.
    """
    known = venues.find(options.venue) if options.venue else None
    is_foreign = known is not None and not _may_send(known, data)
    items = [] if is_foreign else list(_payloads(frames, data, location, options))
    if is_foreign or _are_unread(items):
        if (advice := advice_on(data)) is not None:
            yield Item(Unreadable(location, "file", advice))
            return
        inner = reader.inner(number, location, data, None)
        if inner is not None:
            yield from (*inner, *reader.left())
            return
        if not is_foreign and (members := _naming_venue(data)) is not None:
            yield Item(Unreadable(location, "payload", not_found("payload", members)), items[0].raw)
            return
    yield from _payloads(frames, data, location, options) if is_foreign else items


def _naming_venue(data: bytes) -> Mapping[str, Raw] | None:
    """The members of an object that names a venue, as a logger writes it; None for any other."""
    if data.lstrip()[:1] != b"{":
        return None
    try:
        members = _object(data)
        named = (bytes(members[key]) for key in VENUES if key in members)
        texts = [msgspec.json.decode(each, type=str) for each in named if each[:1] == b'"']
    except (ValueError, RecursionError):
        return None
    return members if any(map(venues.find, texts)) else None


def _may_send(known: Venue, data: bytes) -> bool:
    """Tell whether a payload may be an answer of a venue, one of whose keys it has, or is a frame that it knows."""
    if answering.takes(known, data) or (known.skip is not None and known.skip(data) is not None):
        return True
    nodes = [endpoint.shape.node for endpoint in answering.possible(known, data)]
    try:
        value = _outermost(data) if nodes else None
    except (ValueError, RecursionError):
        return True
    return any(known_keys(node, value) for node in nodes)


def _outermost(data: bytes) -> Any:
    """An object with its members undecoded; of an array, the first item alone."""
    if data.lstrip()[:1] == b"[":
        items = _array(data)
        return [_outermost(bytes(items[0]))] if items else []
    return _object(data) if data.lstrip()[:1] == b"{" else None


def _members_of(
    reader: LineReader, lines: Sequence[Mapping[str, Raw]], number: int, location: str
) -> Iterator[Item]:
    """Read what stands in one place, as a logger has it on lines."""
    for place, line in enumerate(lines, 1):
        yield from reader.members(number, location if place == 1 else f"{location}#{place}", line, None)
        yield from reader.left()


def _are_unread(items: Sequence[Item]) -> bool:
    return bool(items) and all(isinstance(item.found, Unreadable) for item in items)


def _fault(items: Sequence[Item], location: str) -> Unreadable | None:
    """Why a line was refused, if that is all that became of it: an equal one is refused alike."""
    if len(items) != 1 or not isinstance(items[0].found, Unreadable):
        return None
    return items[0].found if items[0].found.source == location else None


def _payloads(frames: Frames, data: bytes, location: str, options: Options) -> Iterator[Item]:
    raw = data if b"\n" not in data else None
    if frames.is_request(data, options.venue):
        frames.send(data, None, options.venue, source=location, raw=raw)
        yield from frames.left()
        return
    for place, answer in enumerate(answers_in(data, options.venue) or (data,), 1):
        source = location if place == 1 else f"{location}#{place}"
        if (found := frames.receive(answer, None, options.venue, source)) is not None:
            yield Item(found, raw)
    yield from frames.left()


def _is_payload(line: bytes) -> bool:
    """Tell whether a line is a whole object or array."""
    return line.lstrip()[:1] in (b"{", b"[") and _is_json(line)


def _is_json(data: bytes) -> bool:
    try:
        _value.decode(data)
    except (ValueError, RecursionError):
        return False
    return True


BARE: Final = Format("bare", "payloads, one a line or one a file", fits, read)
