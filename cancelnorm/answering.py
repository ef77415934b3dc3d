"""Answering: which endpoints of a venue may have sent a payload.

Types are told apart by the keys of objects first, so that few of them have to be tried.
"""

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from msgspec import Raw, Struct

from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.lazy import lazy
from cancelnorm.reader.decoders import struct_reader
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.keys import Alike, KeyIndex
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Node
from cancelnorm.venue import Venue

__all__ = [
    "Answerers",
    "Reading",
    "in_order",
    "knows",
    "means",
    "near",
    "objects",
    "other_near",
    "others",
    "possible",
    "readings",
    "takes",
    "taking",
    "without_additions",
]


class Answerers(Struct, frozen=True, eq=False):
    """Endpoints of a venue that read a payload alike, in order."""

    endpoints: tuple[Endpoint, ...]

    def without(self, quiet: Container[Endpoint]) -> "Answerers | None":
        """The same, without some of the endpoints; None where none is left."""
        heard = tuple(endpoint for endpoint in self.endpoints if endpoint not in quiet)
        return Answerers(heard) if heard else None


class Reading(NamedTuple):
    """A payload as endpoints read it that take no additions."""

    answerers: Answerers
    value: Any

    def without(self, quiet: Container[Endpoint]) -> "Reading | None":
        """The same, without some of the endpoints; None where none is left."""
        heard = self.answerers.without(quiet)
        return Reading(heard, self.value) if heard else None

    def is_exact(self, payload: bytes) -> bool:
        """Whether marked scalars are what they promise, and no key is there twice with two values."""
        try:
            self.answerers.endpoints[0].shape.check(payload, self.value)
        except (ValueError, RecursionError):
            return False
        return True


@lazy
def _index(venue: Venue) -> KeyIndex[Answerers]:
    """The endpoints of a venue, those that answer with the same type together."""
    nodes: dict[Node, list[Endpoint]] = {}
    for endpoint in venue.endpoints.values():
        nodes.setdefault(endpoint.shape.node, []).append(endpoint)
    return KeyIndex((node, Answerers(tuple(endpoints))) for node, endpoints in nodes.items())


@lazy
def _order(venue: Venue) -> Mapping[Endpoint, int]:
    return {endpoint: place for place, endpoint in enumerate(venue.endpoints.values())}


def in_order(venue: Venue, endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Endpoints of a venue in the order of registration."""
    return sorted(endpoints, key=_order(venue).__getitem__)


@cached(1_024)
def _joined(venue: Venue, rows: tuple[Answerers, ...]) -> Answerers:
    found = (endpoint for row in rows for endpoint in row.endpoints)
    return Answerers(tuple(in_order(venue, found)))


def readings(venue: Venue, payload: bytes) -> list[Reading]:
    """What the endpoints of a venue decode of a payload, each value once; marked scalars are not checked yet."""
    found: list[tuple[tuple[Answerers, ...], Any]] = []
    for alike in _index(venue).exactly(payload):
        rows, item, _ = alike
        value = _decoded(alike, payload)
        if item is None or len(rows) == 1 or (value is not None and {item}.issuperset(map(type, value))):
            read = [(rows, value)]
        else:
            read = [((row,), _decoded(Alike((row,)), payload)) for row in rows]
        for row, value in read:
            if value is not None:
                _add(found, row, value)
    return [Reading(_joined(venue, rows), value) for rows, value in found]


def _add(found: list[tuple[tuple[Answerers, ...], Any]], rows: tuple[Answerers, ...], value: Any) -> None:
    """Add a value, or those who read it to the others who read the same."""
    for i, (others, other) in enumerate(found):
        if value == other:
            found[i] = (*others, *rows), other
            return
    found.append((rows, value))


def _decoded(alike: Alike[Answerers], payload: bytes) -> Any:
    """The value that endpoints read; None where they do not."""
    try:
        if alike.alone is not None:
            return struct_reader(*alike.alone)(payload)
        return alike.rows[0].endpoints[0].shape.strict_reader.decode(payload)
    except (ValueError, RecursionError):
        return None


def objects(venue: Venue, members: Mapping[str, Raw]) -> list[tuple[type[Struct], Answerers]]:
    """What endpoints of a venue may read an object with such keys as, and no scalars in it; none if values tell."""
    found: list[tuple[type[Struct], Answerers]] = []
    for alike in _index(venue).exactly(members):
        if alike.alone is None or alike.alone[1]:
            return []
        found.append((alike.alone[0], _joined(venue, tuple(alike.rows))))
    return found


def knows(venue: Venue, payload: bytes | Mapping[str, Raw]) -> bool:
    """Whether a payload, or its members, have the keys of an answer of a venue, and no others; whatever the values."""
    return bool(_index(venue).exactly(payload))


def taking(venue: Venue, payload: bytes) -> dict[Endpoint, Any]:
    """The endpoints of a venue that answer exactly such a payload, in order, each with its value."""
    found: dict[Endpoint, Any] = {}
    for reading in readings(venue, payload):
        if reading.is_exact(payload):
            found |= dict.fromkeys(reading.answerers.endpoints, reading.value)
    return {endpoint: found[endpoint] for endpoint in in_order(venue, found)}


def takes(venue: Venue, payload: bytes, *, quoted: bool = False) -> bool:
    """Whether any endpoint of a venue answers exactly such a payload; ``quoted`` if its integers are in quotes."""
    for alike in _index(venue).exactly(payload):
        for each in (alike,) if alike.item is None else map(Alike, zip(alike.rows)):
            value = _decoded(each, payload)
            if value is not None and Reading(each.rows[0], value).is_exact(payload):
                return True
        if quoted and any(_is_read_quoted(row, payload) for row in alike.rows):
            return True
    return False


def means(venue: Venue, payload: bytes) -> bool:
    """Whether any endpoint of a venue answers exactly such a payload, and knows every word of it."""
    for alike in _index(venue).exactly(payload):
        for row in alike.rows:
            with suppress(Mismatch):
                if not row.endpoints[0].shape.explain(payload, refuse=True)[1]:
                    return True
    return False


def _is_read_quoted(row: Answerers, payload: bytes) -> bool:
    try:
        row.endpoints[0].shape.explain(payload, refuse=True, quoted=True)
    except Mismatch:
        return False
    return True


def possible(venue: Venue, payload: bytes) -> list[Endpoint]:
    """The endpoints of a venue that may answer such a payload, with additions, in order; others cannot."""
    found = [endpoint for row in _index(venue).possibly(payload) for endpoint in row.endpoints]
    return in_order(venue, found)


def without_additions(venue: Venue, payload: bytes) -> list[Endpoint]:
    """The endpoints of a venue that may answer an object with such keys, and no others; whatever the values."""
    return [
        endpoint
        for alike in _index(venue).exactly(payload)
        for row in alike.rows
        for endpoint in row.endpoints
    ]


def near(venue: Venue, payload: bytes) -> list[tuple[Answerers, int]]:
    """The same, those together that read it alike, with the least number of additions: those with fewest first."""
    found = [
        (_joined(venue, alike.rows) if len(alike.rows) > 1 else alike.rows[0], alike.additions)
        for alike in _index(venue).near(payload)
    ]
    return sorted(found, key=itemgetter(1))


@lazy
def _other_index(venue: Venue) -> KeyIndex[str]:
    return KeyIndex((shape.node, name) for name, shape in venue.others.items())


def others(venue: Venue, payload: bytes | Mapping[str, Raw]) -> list[tuple[str, Shape]]:
    """The answers of a venue that are no cancels and may be exactly such a payload."""
    if not venue.others:
        return []
    found = _other_index(venue).exactly(payload)
    return [(name, venue.others[name]) for alike in found for name in alike.rows]


def other_near(venue: Venue, payload: bytes) -> list[tuple[tuple[str, ...], Shape, int]]:
    """The same with additions: those that read it alike, how, and the least number of them; those with fewest first."""
    if not venue.others:
        return []
    found = sorted(_other_index(venue).near(payload), key=attrgetter("additions"))
    return [(alike.rows, venue.others[alike.rows[0]], alike.additions) for alike in found]
