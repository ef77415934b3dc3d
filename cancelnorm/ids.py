"""Reproducible ids of records, events and orders."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.endpoint import IdSpace
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["event_ids", "id_space", "order_key", "record_digest"]

_SCHEME: Final = b"cancelnorm 1"
_DIGEST_BYTES: Final = 12
_POSITION_BYTES: Final = 4
_LENGTH_BYTES: Final = 8


def record_digest(record: Record, endpoint: str) -> bytes:
    """Digest of a recorded answer, 12 bytes; ``endpoint`` is the endpoint that it was read as.

    It is a hash of the venue, the endpoint, the HTTP status, the recorder's clocks, the request's parameters
    and the payload as recorded. It does not depend on the name of the log. Two identical answers without
    clocks have the same digest.
    """
    venue = venues.find(record.venue)
    payload = record.payload
    fields = (
        _SCHEME,
        (record.venue if venue is None else venue.name).encode(errors="surrogatepass"),
        endpoint.encode(errors="surrogatepass"),
        _digits(record.status),
        _digits(record.sent_ns),
        _digits(record.received_ns),
        _canonical(record.request) if record.request else b"",
        payload if isinstance(payload, bytes) else payload.encode(errors="surrogatepass"),
    )
    lengths = (len(value).to_bytes(_LENGTH_BYTES, "little") for value in fields)
    whole = b"".join(piece for pair in zip(lengths, fields, strict=True) for piece in pair)
    return blake2b(whole, digest_size=_DIGEST_BYTES).digest()


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
    space = id_space(event.venue, event.endpoint)
    if space is None or event.order_id is None:
        return None
    symbol = event.symbol or "" if space.by_symbol else ""
    return f"{space.name}|{symbol}|{event.order_id}"


@cached(1_024)
def id_space(venue: str, endpoint: str) -> IdSpace | None:
    """Scope in which an endpoint's order ids are unique; None if the endpoint is unknown."""
    found = venues.find(venue)
    known = None if found is None else found.endpoints.get(endpoint)
    return None if known is None else known.ids
