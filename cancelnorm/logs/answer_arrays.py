"""Arrays of whole answers, as programs gather those to requests sent at once; no venue sends such an array."""

from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import recognition, venues
from cancelnorm.venue import Venue

__all__ = ["answers_in"]

_items: Final = msgspec.json.Decoder(list[Raw]).decode
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def answers_in(data: bytes, venue: str | None) -> list[bytes]:
    """The answers in an array that is none itself, of a venue or of any; none if a payload is no such array."""
    if data.lstrip()[:1] != b"[":
        return []
    try:
        answers = [bytes(item) for item in _items(data)]
    except (ValueError, RecursionError):
        return []
    known = venues.find(venue) if venue else None
    if any(answer[:1] != b"{" for answer in answers) or _is_sent(data, known):
        return []
    return answers if any(_is_whole(answer, known) for answer in answers) else []


def _is_whole(answer: bytes, known: Venue | None) -> bool:
    """Tell whether an object has the keys of a whole answer and no others, and more than one."""
    try:
        members = _object(answer)
    except (ValueError, RecursionError):
        return False
    return len(members) > 1 and _is_sent(members, known)


def _is_sent(payload: bytes | dict[str, Raw], known: Venue | None) -> bool:
    return bool(recognition.senders(payload)[0]) if known is None else recognition.knows(known, payload)
