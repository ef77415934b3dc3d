"""Whole answers in an array or an object of a program, as it gathers those to requests sent at once.

No venue sends such an array, or such an object.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import answering, recognition, venues
from cancelnorm.logs.part_names import VENUES, WRAPPERS
from cancelnorm.logs.text_errors import error_in
from cancelnorm.venue import Venue

__all__ = ["answers_in", "answers_within", "is_around_answer"]

_items: Final = msgspec.json.Decoder(list[Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def answers_in(data: bytes, venue: str | None) -> list[bytes]:
    """The answers in an array that is none itself, of a venue or of any; none if a payload is no such array."""
    if data.lstrip()[:1] != b"[" or b'"' not in data:
        return []
    known = venues.find(venue) if venue else None
    try:
        answers = [
            _raised(answer, venue) for item in _items(data) if (answer := _settled(bytes(item), known))
        ]
    except (ValueError, RecursionError):
        return []
    objects = [answer for answer in answers if answer[:1] == b"{"]
    if len(objects) == len(answers):
        if _is_sent(data, known):
            return []
    elif not all(_is_called(answer) for answer in answers if answer[:1] != b"{"):
        return []
    return objects if any(_is_whole(answer, known) for answer in objects) else []


def answers_within(members: Mapping[str, Raw], venue: str | None) -> list[bytes]:
    """The whole answers under the keys of a program's own object: as they are, in an array, or as text."""
    named = next((members[key] for key in VENUES if key in members), None)
    if named is not None and bytes(named)[:1] == b'"':
        venue = venues.canonical(_text(named))
    known = venues.find(venue) if venue else None
    found: list[bytes] = []
    for key, value in members.items():
        if key in _ASKED:
            continue
        data = bytes(value)
        if data[:1] == b'"' and b"{" in data:
            with suppress(ValueError):
                data = _text(value).strip().encode()
        if data[:1] == b"[":
            found += answers_in(data, venue) or (
                [data] if data[1:].strip()[:1] == b"{" and _is_sent(data, known) else []
            )
        elif data[:1] == b"{" and _is_whole(data, known):
            found.append(data)
    return list(dict.fromkeys(found))  # as text and as an object it is one


def is_around_answer(members: Mapping[str, Raw]) -> bool:
    """Tell whether an object is a program's own by its keys, and has one under which programs keep an answer."""
    return not WRAPPERS.isdisjoint(members) and not recognition.senders(members)[0]


def _settled(item: bytes, known: Venue | None) -> bytes:
    """What a promise of JavaScript was fulfilled with, or the answer that it was rejected for; other items as they are.

    Nothing where it was rejected for no answer.
    """
    if b'"status"' not in item or (b'"fulfilled"' not in item and b'"rejected"' not in item):
        return item
    try:
        members = _object(item)
    except (ValueError, RecursionError):
        return item
    if not members.keys() <= _PROMISE:
        return item
    reason = bytes(members.get("reason", b""))
    return bytes(members.get("value", b"")) or (reason if _is_whole(reason, known) else b"")


def _raised(item: bytes, venue: str | None) -> bytes:
    """The answer that an exception of a library repeats, as Python prints it in quotes; any other item as it is."""
    error = error_in(_text(item), lambda: venue) if _is_called(item) else None
    return error.body if error is not None and error.body else item


_PROMISE: Final = frozenset({"status", "value", "reason"})
_ASKED: Final = frozenset({"request", "req", "params", "sent"})
_CALLED: Final = re.compile(rb'"[\w.]+\(')


def _is_called(item: bytes) -> bool:
    """Tell whether an item is what Python prints of an exception, in quotes."""
    return _CALLED.match(item) is not None


def _is_whole(answer: bytes, known: Venue | None) -> bool:
    """Tell whether an object has the keys of a whole answer and no others; of one key alone, if the venue is known."""
    try:
        members = _object(answer)
    except (ValueError, RecursionError):
        return False
    return (len(members) > 1 or known is not None) and _is_sent(members, known)


def _is_sent(payload: bytes | dict[str, Raw], known: Venue | None) -> bool:
    return bool(recognition.senders(payload)[0]) if known is None else answering.knows(known, payload)
