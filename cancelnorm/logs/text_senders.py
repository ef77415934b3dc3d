"""Objects that a program prints: which of them a venue sent, and which are the program's own."""

import re
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import venues
from cancelnorm.logs.text_objects import Found
from cancelnorm.logs.text_words import Words, words

__all__ = ["begins_object", "has_many_keys", "is_cut", "is_headers", "likely_sender", "raw_answer", "sender"]

_FEW_KEYS: Final = 5
_BEGINNING: Final = re.compile(rb"[{]\s*+([\"'])\w++\1\s*+:")
# Headers of HTTP, by which a table of them is told from a body.
_HEADERS: Final = frozenset(
    {
        "user-agent",
        "content-type",
        "content-length",
        "accept",
        "accept-encoding",
        "connection",
        "server",
        "date",
    }
)
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def _members(data: bytes) -> dict[str, Raw]:
    """The members of an object; none if a key is not UTF-8."""
    try:
        return _object(data)
    except (ValueError, RecursionError):
        return {}


def raw_answer(data: bytes) -> bytes:
    """The answer of a venue in an order of ccxt, which keeps it as ``info``; else the object itself."""
    if b'"info":' not in data or data[:1] != b"{":
        return data
    info = bytes(_members(data).get("info", b""))
    return info if info[:1] == b"{" else data


def likely_sender(data: bytes, venue: str | None) -> str | None:
    """The venue of which an object has no keys but those of an answer; None if it is no venue or several."""
    known = venues.find(venue) if venue else None
    if known is not None:
        return known.name if venues.knows(known, data) else None
    exact, _ = venues.senders(data)
    return exact[0] if len(exact) == 1 else None


def sender(data: bytes, venue: str | None, *, is_likely: bool, is_received: bool) -> str | None:
    """The venue that sent an object; None if it is no frame of a venue.

    Programs print much that is not, so an object has to be exactly what a venue sends. One that is likely to be a
    frame may also be about something else than a cancel; one that was received may be about a cancel and have
    keys that nobody knows.
    """
    known = venues.find(venue) if venue else None
    candidates = (known.name,) if known is not None else venues.names()
    found = [
        name for name in candidates if (each := venues.find(name)) is not None and venues.taking(each, data)
    ]
    if not found and is_likely:
        found = [name for name in candidates if _is_skipped(name, data)]
    if not found and is_received and b"cancel" in data.lower():
        found = [name for name in venues.senders(data)[1] if name in candidates]
    return found[0] if len(found) == 1 else None


def _is_skipped(name: str, data: bytes) -> bool:
    venue = venues.find(name)
    return venue is not None and venue.skip is not None and venue.skip(data) is not None


def has_many_keys(data: bytes) -> bool:
    """Tell whether an object has so many keys that it is hardly the program's own."""
    return data[:1] == b"{" and len(_members(data)) >= _FEW_KEYS


def is_cut(line: bytes, found: list[Found]) -> bool:
    """Tell whether a line has the beginning of an object that was received and is about a cancel, but not the object.

    ``found`` are the whole objects of the line; one that is not UTF-8 is broken all the same.
    """
    beginning = _BEGINNING.search(line)
    if beginning is None or b"cancel" not in line[beginning.start() :].lower():
        return False
    if found and found[0].start <= beginning.start() and _is_utf8(found[0].json):
        return False
    said = words(line[: beginning.start()].decode("utf-8", "replace"))
    return said.direction == "received" or said.is_exception


def begins_object(line: bytes) -> bool:
    """Tell whether a line has the beginning of an object with a key."""
    return _BEGINNING.search(line) is not None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_headers(found: Found, said: Words, count: int) -> bool:
    """Tell whether an object is the headers of a request or an answer."""
    if said.is_about_headers:
        return True
    if (count == 1 and said.url is None) or found.json[:1] != b"{":
        return False
    return any(key.casefold() in _HEADERS for key in _members(found.json))
