"""The format ``bare``: payloads alone, one a line or one a file.

An object may also be a file that holds requests with their answers, or what a recorder or a store of logs put around a
payload, printed over many lines.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.documents import advice_on
from cancelnorm.logs.exchanges import exchanges_in
from cancelnorm.logs.gathered import answers_in, answers_within
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.jsonl_detection import is_mapped
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.websocket import Frames

__all__ = ["BARE", "read_line"]

_WITHIN_TEXT: Final = re.compile(rb'(?:[^"]|"(?:[^"\\]|\\.)*+")*+"(?:[^"\\]|\\.)*+\\?')
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
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
    yield from _read_all(frames, source, options)
    yield from frames.unanswered()


def _read_all(frames: Frames, source: Source, options: Options) -> Iterator[Item]:
    first, _, rest = source.head.lstrip().partition(b"\n")
    is_of_lines = bool(rest.strip()) or options.format == BARE.name
    if _is_payload(first) and (is_of_lines or not exchanges_in(first)):
        yield from _read_lines(frames, source, options)
        return
    body = source.body()
    if source.is_long_line or (not _is_json(body) and any(map(_is_payload, body.split(b"\n")))):
        yield from _read_lines(frames, source, options)
    elif source.is_longer:
        yield Item(Unreadable(f"{source.name}:1", "file", f"the payload is {source.too_long}"))
    elif not source.damage:
        yield from _read_object(frames, body, source, options)


def _read_object(frames: Frames, body: bytes, source: Source, options: Options) -> Iterator[Item]:
    """Read an object that a file consists of."""
    lines = [_object(body)] if body.lstrip()[:1] == b"{" and is_mapped(body) else exchanges_in(body)
    if not lines:
        items = list(read_line(frames, body, f"{source.name}:1", options))
        is_unread = all(isinstance(item.found, Unreadable) for item in items)
        if items and is_unread:
            items = list(_others_in(frames, body, source, options)) or items
        yield from items
        return
    reader = LineReader(source.name, options, source.passed)
    for place, line in enumerate(lines, 1):
        location = f"{source.name}:1" if place == 1 else f"{source.name}:1#{place}"
        yield from reader.members(place, location, line, None)
        yield from reader.left()
    yield from reader.end()


def _others_in(frames: Frames, body: bytes, source: Source, options: Options) -> Iterator[Item]:
    """Read the answers in an object that is none itself; or say what else it is."""
    if (advice := advice_on(source.head)) is not None:
        yield Item(Unreadable(f"{source.name}:1", "file", advice))
        return
    try:
        members = _object(body)
    except (ValueError, RecursionError):
        return
    for place, answer in enumerate(answers_within(members, options.venue), 1):
        location = f"{source.name}:1" if place == 1 else f"{source.name}:1#{place}"
        yield from read_line(frames, answer, location, options)


def _read_lines(frames: Frames, source: Source, options: Options) -> Iterator[Item]:
    refused, fault = None, None
    for number, line in source.lines():
        location = f"{source.name}:{number}"
        if line is None:
            yield Item(Unreadable(location, "line", source.too_long))
        elif fault is not None and line == refused:
            yield Item(Unreadable(location, fault.path, fault.reason), line)
        else:
            items = list(read_line(frames, line, location, options))
            yield from items
            refused, fault = line, _fault(items, location)


def _fault(items: Sequence[Item], location: str) -> Unreadable | None:
    """Why a line was refused, if that is all that became of it: an equal one is refused alike."""
    if len(items) != 1 or not isinstance(items[0].found, Unreadable):
        return None
    return items[0].found if items[0].found.source == location else None


def read_line(frames: Frames, data: bytes, location: str, options: Options) -> Iterator[Item]:
    """Read a payload, or each answer in an array; a request is kept for its answer."""
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
