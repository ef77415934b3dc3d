"""Ids that are the same in every run: of a record, of its events, and of the order that an event is about."""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from cancelnorm import venues
from cancelnorm.endpoint import IdSpace
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["event_ids", "id_space", "order_key", "record_digest"]

_SCHEME: Final = b"cancelnorm 1"
_DIGEST_BYTES: Final = 12
_POSITION_BYTES: Final = 4
_LENGTH_BYTES: Final = 8


def record_digest(record: Record, endpoint: str) -> bytes:
    """12 bytes that tell one recorded answer from another; ``endpoint`` is the one that it was read as.

    They are a hash of venue, endpoint, HTTP status, the recorder's clocks, the request's parameters and the
    payload as recorded. Where the record was read from is not in it, so the same log under another name has
    the same digests; two equal answers without clocks have one.
    """
    venue = venues.find(record.venue)
    payload = record.payload
    parts = (
        _SCHEME,
        (record.venue if venue is None else venue.name).encode(errors="surrogatepass"),
        endpoint.encode(errors="surrogatepass"),
        _digits(record.status),
        _digits(record.sent_ns),
        _digits(record.received_ns),
        _canonical(record.request) if record.request else b"",
        payload if isinstance(payload, bytes) else payload.encode(errors="surrogatepass"),
    )
    lengths = (len(part).to_bytes(_LENGTH_BYTES, "little") for part in parts)
    whole = b"".join(piece for pair in zip(lengths, parts, strict=True) for piece in pair)
    return blake2b(whole, digest_size=_DIGEST_BYTES).digest()


def _digits(number: int | None) -> bytes:
    return b"" if number is None else b"%d" % number


def _canonical(request: Any) -> bytes:
    """A request's parameters as JSON, sorted."""
    return json.dumps(request, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def _plain(value: object) -> object:
    """A parameter that is not of a JSON type, as one."""
    return dict(value) if isinstance(value, Mapping) else str(value)


def event_ids(record: Record, result: Normalised) -> tuple[bytes, ...]:
    """The id of each event of a record, 16 bytes: the record's digest, and the event's position.

    They are the same whenever and wherever the record is normalised, and sort as the events do.
    """
    digest = record_digest(record, result.events[0].endpoint)
    return tuple(digest + i.to_bytes(_POSITION_BYTES, "big") for i in range(len(result.events)))


def order_key(event: CancelEvent) -> str | None:
    """The order that an event is about, as ``space|symbol|order id``: equal in acknowledgement, stream and query.

    The symbol is left empty where the venue's order ids are unique without it. None where the event names no
    order id, or its endpoint is not known here. Orders of different accounts may share a key at venues that
    count ids by account: keep ``CancelEvent.account`` beside it.
    """
    space = id_space(event.venue, event.endpoint)
    if space is None or event.order_id is None:
        return None
    symbol = event.symbol or "" if space.by_symbol else ""
    return f"{space.name}|{symbol}|{event.order_id}"


@lru_cache(maxsize=1_024)
def id_space(venue: str, endpoint: str) -> IdSpace | None:
    """Where the order ids of an endpoint are unique; None where the endpoint is not known here."""
    found = venues.find(venue)
    known = None if found is None else found.endpoints.get(endpoint)
    return None if known is None else known.ids
