"""Documents of other programs that hold answers at any depth: exports of chats, consoles, queues and issue trackers.

None is known by its name. Whatever is an answer, or what a logger wrote, is read where it stands, and each text is read
as a line of a log, with the time and the venue that are told around it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import answering, recognition, venues
from cancelnorm.logs.json_path import at
from cancelnorm.logs.jsonl_detection import is_wrapper
from cancelnorm.logs.lookalikes import ASKED, DEEPEST, MESSAGE, PAYLOAD, Part, object_in, with_unread
from cancelnorm.logs.part_names import LOGGED, usual_steps
from cancelnorm.logs.surroundings import VENUE, is_envelope, named, told_in, told_in_row
from cancelnorm.logs.text_senders import has_many_keys, is_about_order
from cancelnorm.venue import Venue

__all__ = ["lines_within"]

Members = Mapping[str, Raw]

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode

_PAIRS: Final = (("field", "value"), ("key", "value"), ("name", "value"))
"""Keys of an object that has a name and a value, in an array of such."""
_CODE: Final = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
"""Codes as ORDER_NOT_FOUND."""
_OBJECT: Final = re.compile(r"""\{\s*+["'\w]""")
_PIECE: Final = frozenset({"type", "text", "language", "href", "user_id", "document_id", "collapsed"})
"""Keys of a piece of a message whose text is set in several ways, as Telegram has them."""


def lines_within(document: Members | bytes, venue: str | None) -> list[Members]:
    """What a document holds, each as a line of a logger has it; none if it holds no answer and no text with one."""
    known = venues.find(venue) if venue else None
    data = document if isinstance(document, bytes) else msgspec.json.encode(document)
    try:
        return list(_lines(Raw(data), {}, known, 0))
    except (ValueError, RecursionError):
        return []


def _lines(value: Raw, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    data = bytes(value).lstrip()
    if depth == DEEPEST or b"{" not in data:
        return
    match data[:1]:
        case b"{":
            yield from _in_object(value, around, known, depth)
        case b"[":
            yield from _in_array(value, around, known, depth)
        case b'"':
            yield from _in_text(_text(value), around, known, depth)


def _in_object(value: Raw, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    members = _object(value)
    if _is_answer(value, members, known):
        yield {**around, PAYLOAD: value}
        return
    told = {**around, **told_in(members)}
    known = named(told) or known
    is_of_venue = is_envelope(members)
    if depth and not (is_of_venue and VENUE not in told) and _is_line(members, known):
        yield {**told, **members}
        return
    parts = _once(members)
    if is_of_venue:
        parts = {key: part for key, part in parts.items() if bytes(part)[:1] == b'"'}
    found = [
        Part(part, list(_lines(part, told, known, depth + 1)), key in ASKED) for key, part in parts.items()
    ]
    lines = list(with_unread(found, told, known, depth))
    if depth and not lines and VENUE in told.keys() - around.keys():
        lines = [members]  # so that it is told that nothing can be read of it
    yield from lines


def _once(members: Members) -> Members:
    """The members without texts that another one repeats: as it is, in pieces, or parsed."""
    seen: set[str] = set()
    once = {}
    parsed = _values(part for part in members.values() if bytes(part)[:1] in (b"{", b"["))
    for key, part in members.items():
        if parsed and bytes(part)[:2] in (b'"{', b'"[') and not parsed.isdisjoint(_values([_text(part)])):
            continue
        text = _message_in(key, part)
        if text is None or text not in seen:
            once[key] = part
        if text is not None:
            seen.add(text)
    return once


def _values(parts: Iterable[Raw | str]) -> set[bytes]:
    """JSON without what is between its values; what is no JSON is left out."""
    found = set()
    for part in parts:
        with suppress(ValueError, RecursionError):
            found.add(msgspec.json.encode(msgspec.json.decode(part)))
    return found


def _message_in(key: str, part: Raw) -> str | None:
    """The text of a message: under a key that loggers have for it, or listed in pieces."""
    data = bytes(part)
    if b"{" not in data:
        return None
    if data[:1] == b'"':
        return _text(part) if key in LOGGED else None
    return _joined(_array(part)) if data[:1] == b"[" else None


def _in_array(value: Raw, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    """The lines in an array: of pairs, of the pieces of a text, of a row whose venue and time are texts and numbers."""
    items = _array(value)
    if (members := _paired(items)) is not None:
        yield from _lines(Raw(msgspec.json.encode(members)), around, known, depth + 1)
        return
    if (text := _joined(items)) is not None:
        yield from _in_text(text, around, known, depth)
        return
    told = {**around, **told_in_row(items)}
    known = named(told) or known
    found = [Part(item, list(_lines(item, told, known, depth + 1))) for item in items]
    lines = list(with_unread(found, told, known, depth, is_each=told == around))
    if not lines and VENUE in told.keys() - around.keys():
        lines = [{**told, PAYLOAD: each} for item in items if (each := object_in(item)) is not None]
    yield from lines


def _in_text(text: str, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    """A text that holds an object is a line of a log, unless it is the whole of an object that holds the answer."""
    if _OBJECT.search(text) is None:
        return
    if text.lstrip()[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            data = text.strip().encode()
            lines = list(_lines(Raw(data), around, known, depth + 1))
            if lines or (known is None and not _is_of_exchange(data)):
                yield from lines
                return
    yield {**around, MESSAGE: Raw(msgspec.json.encode(text))}


def _is_answer(value: Raw, members: Members, known: Venue | None) -> bool:
    """Tell whether an object is the answer of a venue, of the one that is known, or else of one alone."""
    if len(members) < 2:
        return False
    data = bytes(value)
    return answering.takes(known, data) if known is not None else _is_of_one_venue(data)


def _is_of_one_venue(data: bytes) -> bool:
    """Tell whether an object is the answer of one venue alone, and hardly of any program."""
    return recognition.recognise(data) is not None and _is_of_exchange(data)


def _is_of_exchange(data: bytes) -> bool:
    """Tell whether an object has many keys, or is about orders by a key, a code or its name.

    Any program writes objects of few keys like those of a venue.
    """
    value = msgspec.json.decode(data)
    if isinstance(value, dict) and recognition.naming(_object(data)):
        return True
    words = _words_in(value)
    return has_many_keys(words) or any(is_about_order(word.encode()) for word in words)


def _words_in(value: object) -> set[str]:
    """The keys of a value at any depth, and the codes that are called like them."""
    words: set[str] = set()
    left = [value]
    while left:
        match left.pop():
            case dict() as members:
                words.update(members)
                left.extend(members.values())
            case list() as items:
                left.extend(items)
            case str() as text if _CODE.fullmatch(text):
                words.add(text)
    return words


def _is_line(members: Members, known: Venue | None) -> bool:
    """Tell whether a logger or a recorder wrote an object: a text, or a payload that is told to be of a venue."""
    if not is_wrapper(members):
        return False
    usual = usual_steps(members)
    path, found = next((path, held) for path in usual[PAYLOAD] if (held := at(members, path)) is not None)
    inner = bytes(found)
    if inner[:1] == b'"':
        text = _text(found).lstrip()
        if text[:1] not in ("{", "["):
            return path[-1] in LOGGED
        inner = text.encode()
    if any(usual[part] for part in (VENUE, "url", "endpoint")):
        return True
    return known is not None or _is_of_one_venue(inner)


def _paired(items: Sequence[Raw]) -> Members | None:
    """The members that an array lists as objects of a name and a value, or one after the other, each name once."""
    if not items:
        return None
    first = bytes(items[0])[:1]
    if first == b"{":
        objects = [_object(item) if bytes(item)[:1] == b"{" else {} for item in items]
        for name, value in _PAIRS:
            if all(name in each and value in each and bytes(each[name])[:1] == b'"' for each in objects):
                return _distinct((_text(each[name]), each[value]) for each in objects)
    elif first == b'"' and len(items) % 2 == 0 and all(bytes(item)[:1] == b'"' for item in items[::2]):
        members = _distinct(zip(map(_text, items[::2]), items[1::2], strict=True))
        return members if members is not None and usual_steps(members)[PAYLOAD] else None
    return None


def _distinct(pairs: Iterable[tuple[str, Raw]]) -> Members | None:
    """The members that are listed in pairs; None if a name is there twice, as in a log whose names are of others."""
    members: dict[str, Raw] = {}
    for name, value in pairs:
        if name in members:
            return None
        members[name] = value
    return members


def _joined(items: Sequence[Raw]) -> str | None:
    """The text of a message that is listed in pieces; None where an array lists anything else."""
    pieces = []
    for item in items:
        data = bytes(item)
        members = _object(item) if data[:1] == b"{" else {}
        if data[:1] == b'"':
            pieces.append(_text(item))
        elif "text" in members and members.keys() <= _PIECE and bytes(members["text"])[:1] == b'"':
            pieces.append(_text(members["text"]))
        else:
            return None
    is_message = any(bytes(item)[:1] == b"{" for item in items)
    return "".join(pieces) if is_message else None
