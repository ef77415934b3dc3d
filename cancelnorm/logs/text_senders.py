"""Objects that a program prints: which of them a venue sent, and which are the program's own."""

from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import venues

__all__ = ["raw_answer", "sender"]

_FEW_KEYS: Final = 5
_members: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def raw_answer(data: bytes) -> bytes:
    """The answer of a venue in an order of ccxt, which keeps it as ``info``; else the object itself."""
    if b'"info":' not in data or data[:1] != b"{":
        return data
    info = bytes(_members(data).get("info", b""))
    return info if info[:1] == b"{" else data


def sender(data: bytes, venue: str | None, *, is_received: bool) -> str | None:
    """The venue that sent an object; None if it is no frame of a venue.

    Programs print much that is not. An object with the keys of an answer is one if words say that it was
    received, or if its keys are many; any other has to be exactly what a venue sends.
    """
    known = venues.find(venue) if venue else None
    is_likely = is_received or len(_members(data) if data[:1] == b"{" else b"") >= _FEW_KEYS
    if known is None:
        return _recognised(data, is_likely=is_likely)
    if is_likely and venues.possible(known, data):
        return known.name
    if venues.taking(known, data) or (known.skip and known.skip(data)):
        return known.name
    return known.name if is_received and b"cancel" in data.lower() else None


def _recognised(data: bytes, *, is_likely: bool) -> str | None:
    """The venue that sent an object of an unknown one; an object with keys that none knows has to be about a cancel."""
    exact, possible = venues.senders(data)
    if is_likely and len(exact) == 1:
        return exact[0]
    venue = venues.recognise(data)
    if venue is None and is_likely and len(possible) == 1 and b"cancel" in data.lower():
        return possible[0]
    return venue
