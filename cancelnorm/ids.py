"""Reproducible ids of records, events and orders."""

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.endpoint import IdSpace
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["event_ids", "id_space", "order_key", "order_keys", "record_digest"]

_SCHEME: Final = b"cancelnorm 1"
_DIGEST_BYTES: Final = 12
_POSITION_BYTES: Final = 4
_LENGTH_BYTES: Final = 8
_LENGTHS: Final = tuple(length.to_bytes(_LENGTH_BYTES, "little") for length in range(1_024))


def record_digest(record: Record, endpoint: str) -> bytes:
    """Digest of a recorded answer, 12 bytes; ``endpoint`` is the endpoint that it was read as.

    It is a hash of the venue, the endpoint, the HTTP status, the recorder's clocks, the request's parameters
    and the payload as recorded. It does not depend on the name of the log. Two identical answers without
    clocks have the same digest.
    """
    payload = record.payload
    data = payload if isinstance(payload, bytes) else payload.encode(errors="surrogatepass")
    sent, received = _digits(record.sent_ns), _digits(record.received_ns)
    asked = _canonical(record.request) if record.request else b""
    start = _start(record.venue, endpoint, record.status)
    whole = b"%b%b%b%b%b%b%b%b%b" % (
        start, _length(sent), sent, _length(received), received, _length(asked), asked, _length(data), data
    )  # fmt: skip
    return blake2b(whole, digest_size=_DIGEST_BYTES).digest()


@cached(1_024)
def _start(name: str, endpoint: str, status: int | None) -> bytes:
    """What the records of an endpoint have in common."""
    venue = venues.find(name)
    fields = (
        _SCHEME,
        (name if venue is None else venue.name).encode(errors="surrogatepass"),
        endpoint.encode(errors="surrogatepass"),
        _digits(status),
    )
    return b"".join(piece for field in fields for piece in (_length(field), field))


def _length(field: bytes) -> bytes:
    """The length of a field, which stands before it."""
    length = len(field)
    return _LENGTHS[length] if length < len(_LENGTHS) else length.to_bytes(_LENGTH_BYTES, "little")


def _digits(number: int | None) -> bytes:
    return b"" if number is None else b"%d" % number


def _canonical(request: Any) -> bytes:
    """A request's parameters as JSON with sorted keys."""
    return json.dumps(_plain(request), sort_keys=True, separators=(",", ":")).encode()


_LONGEST: Final = 1_000  # bits of an integer that JSON takes as it is


def _plain(value: Any) -> Any:
    """Convert a parameter to JSON types with text keys."""
    if isinstance(value, Mapping):
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
    return tuple(digest + i.to_bytes(_POSITION_BYTES, "big") for i in range(len(result.events)))


def order_key(event: CancelEvent) -> str | None:
    """Key of an event's order, ``space|symbol|order id``: the same in acknowledgement, stream and query.

    The symbol is empty if the venue's order ids are unique without it. Returns None if the event has no order
    id or its endpoint is unknown. Some venues number orders per account, so orders of different accounts may
    share a key: use it together with ``CancelEvent.account``.
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
        if space is None or order_id is None:
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
