"""Reproducible ids of records, events and orders."""

import json
import re
import string
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final

import msgspec

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.endpoint import IdSpace
from cancelnorm.record import OBJECT, Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = [
    "MASKED",
    "digest_of",
    "digest_start",
    "event_ids",
    "id_space",
    "ignores_case",
    "is_masked",
    "lowered",
    "order_key",
    "order_keys",
    "position_bytes",
    "record_digest",
]

_SCHEME: Final = b"cancelnorm 1"
_DIGEST_BYTES: Final = 12
_POSITION_BYTES: Final = 4
_LENGTH_BYTES: Final = 8


def record_digest(record: Record, endpoint: str) -> bytes:
    """Digest of a recorded answer, 12 bytes; ``endpoint`` is the endpoint that it was read as.

    It is a hash of the venue, the endpoint, the HTTP status, the recorder's clocks, the request's parameters,
    the payload as recorded, and the account if there is one. It does not depend on the name of the log. Two
    identical answers to an account without clocks have the same digest.
    """
    if record.endpoint not in (None, endpoint):
        record = venues.placed(record)  # its URL may have parameters
    start = digest_start(record.venue, endpoint, record.status)
    return digest_of(
        start, record.payload, record.request, record.sent_ns, record.received_ns, record.account
    )


@cached(1_024)
def digest_start(name: str, endpoint: str, status: int | None) -> bytes:
    """What the digests of all records of an endpoint with the same HTTP status begin with."""
    venue = venues.find(name)
    return b"".join(
        map(
            _framed,
            (
                _SCHEME,
                (name if venue is None else venue.name).encode(errors="surrogatepass"),
                endpoint.encode(errors="surrogatepass"),
                b"" if status is None else b"%d" % status,
            ),
        )
    )


def digest_of(
    start: bytes,
    payload: bytes | str,
    request: Any,
    sent_ns: int | None,
    received_ns: int | None,
    account: str | None,
) -> bytes:
    """The digest of a record, given what it begins with."""
    data = payload if isinstance(payload, bytes) else payload.encode(errors="surrogatepass")
    asked = _framed(_canonical(request)) if request else _NOTHING
    sent = _NOTHING if sent_ns is None else _framed(b"%d" % sent_ns)
    received = _NOTHING if received_ns is None else _framed(b"%d" % received_ns)
    length = len(data).to_bytes(_LENGTH_BYTES, "little")
    whose = b"" if account is None else _framed(account.encode(errors="surrogatepass"))
    whole = b"".join((start, sent, received, asked, length, data, whose))
    return blake2b(whole, digest_size=_DIGEST_BYTES).digest()


def _framed(field: bytes) -> bytes:
    """A field after its length."""
    return len(field).to_bytes(_LENGTH_BYTES, "little") + field


_NOTHING: Final = _framed(b"")


def _canonical(request: Any) -> bytes:
    """A request's parameters as JSON with sorted keys."""
    if type(request) is dict and _PLAIN.issuperset(map(type, request.values())):
        try:
            text: bytes = _encode_sorted(request)
        except (TypeError, ValueError, OverflowError):
            pass  # a key that is no text, half a surrogate pair, an integer of more than 64 bits
        else:
            if text.isascii() and b"\\" not in text and b"\x7f" not in text:  # where both write the same
                return text
    return json.dumps(_plain(request), sort_keys=True, separators=(",", ":")).encode()


_PLAIN: Final = frozenset({str, int, bool, type(None)})
_encode_sorted: Final = msgspec.json.Encoder(order="sorted").encode
_LONGEST: Final = 1_000  # bits of an integer that JSON takes as it is


def _plain(value: Any) -> Any:
    """Convert a parameter to JSON types with text keys."""
    if isinstance(value, OBJECT):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value.bit_length() <= _LONGEST else hex(value)
    return value if isinstance(value, str | float | bool | None) else str(value)


def event_ids(record: Record, result: Normalised) -> tuple[bytes, ...]:
    """Id of each event of a record, 16 bytes: the record's digest and the event's position.

    The ids are the same in every run and on every machine, and sort in the order of the events.
    """
    digest = record_digest(record, result.events[0].endpoint)
    return tuple([digest + position_bytes(i) for i in range(len(result.events))])


def position_bytes(position: int) -> bytes:
    """The end of the id of an event at a position."""
    return position.to_bytes(_POSITION_BYTES, "big")


def is_masked(text: str) -> bool:
    """Whether an id was masked, so that it may be that of any order; the masks of this library tell ids apart."""
    return "***" in text or (text[:1] in _MASKS and _MASKED.fullmatch(text) is not None)


_MASKS: Final = frozenset("xXrRmMhHfF<[({")  # what a mask begins with
_MASKED: Final = re.compile(
    r"[xX]{3}[xX-]*|[<\[({]*(?:redacted|removed|hidden|masked|filtered)[>\])}]*", re.IGNORECASE
)
MASKED: Final = rf"\*\*\*|^(?:(?i){_MASKED.pattern})$"
"""What ``is_masked`` looks for, in the syntax of RE2."""


def order_key(event: CancelEvent) -> str | None:
    """Key of an event's order, ``space|symbol|order id``: the same in acknowledgement, stream and query.

    The symbol is empty if the venue's order ids are unique without it. Returns None if the event has no order
    id, or a masked one, which many orders share, or if its endpoint is unknown. Some venues number orders per
    account, so orders of different accounts may share a key: use it together with ``CancelEvent.account``.
    """
    return order_keys((event,))[0]


def order_keys(events: Iterable[CancelEvent]) -> list[str | None]:
    """Key of the order of each event."""
    spaces: dict[tuple[str, str], IdSpace | None] = {}
    keys: list[str | None] = []
    for event in events:
        place = event.venue, event.endpoint
        if place not in spaces:
            spaces[place] = id_space(*place)
        space, order_id = spaces[place], event.order_id
        if space is None or order_id is None or is_masked(order_id):
            keys.append(None)
        else:
            symbol = event.symbol or "" if space.by_symbol else ""
            keys.append(f"{space.name}|{symbol}|{order_id}")
    return keys


@cached(1_024)
def id_space(venue: str, endpoint: str) -> IdSpace | None:
    """Scope in which an endpoint's order ids are unique; None if the endpoint is unknown."""
    found = venues.find(venue)
    known = None if found is None else found.endpoints.get(endpoint)
    return None if known is None else known.ids


@cached(1_024)
def ignores_case(venue: str, space: str) -> bool:
    """Whether a venue's client ids in a space are the same in upper and lower case."""
    found = venues.find(venue)
    return found is not None and any(
        each.ids.ignores_case for each in found.endpoints.values() if each.ids.name == space
    )


def lowered(client_id: str) -> str:
    """A client id in lower case, as a venue compares it that ignores case: that of the letters of ASCII."""
    return client_id.translate(_LOWER)


_LOWER: Final = {ord(upper): upper.lower() for upper in string.ascii_uppercase}
