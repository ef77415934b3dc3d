"""Recognition: which endpoints of a venue may have sent a payload, and which venues.

Types are told apart by the keys of objects first, so that few of them have to be tried.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.lazy import lazy
from cancelnorm.reader.decoders import struct_reader
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.flat import FlatTypes
from cancelnorm.reader.keys import Alike, KeyIndex, keys_of, members_of
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Node, WordNode, structs_in
from cancelnorm.venue import Venue

__all__ = [
    "Answerers",
    "Reading",
    "in_order",
    "is_sent",
    "knows",
    "means",
    "naming",
    "near",
    "objects",
    "other_near",
    "others",
    "possible",
    "quiet_at",
    "readings",
    "recognise",
    "says_little",
    "senders",
    "takers",
    "takes",
    "taking",
    "unpacking",
]

# --- The endpoints of a venue ---


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


# --- All venues ---


class _Answer(NamedTuple):
    """What an endpoint of a venue answers."""

    venue: str
    node: Node


@lazy
def _answers() -> Sequence[_Answer]:
    """What the endpoints of all venues answer, each type once for a venue."""
    return tuple(
        dict.fromkeys(
            _Answer(name, endpoint.shape.node)
            for name, venue in venues.every().items()
            for endpoint in venue.endpoints.values()
        )
    )


@lazy
def _all_index() -> KeyIndex[_Answer]:
    return KeyIndex((answer.node, answer) for answer in _answers())


def senders(payload: bytes | Mapping[str, Raw]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The venues that may send such a payload, by its keys: those that know them all, and all with additions."""
    if isinstance(payload, bytes):
        keys = keys_of(payload)
        return _senders(payload) if keys is None else _senders_by_keys(keys)
    return _senders_by_keys(tuple(payload))


@cached(1_024)
def _senders_by_keys(keys: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _senders(dict.fromkeys(keys, Raw()))


def _senders(payload: bytes | Mapping[str, Raw]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    exact, possible = _all_index().both(payload)
    known = dict.fromkeys(answer.venue for alike in exact for answer in alike.rows)
    return tuple(known), tuple(dict.fromkeys(answer.venue for answer in possible))


class _Message(NamedTuple):
    """A message about orders that a venue calls by a word: the venue, and the keys of the message."""

    venue: str
    keys: frozenset[str]


@cache
def _messages() -> Mapping[str, Mapping[str, tuple[_Message, ...]]]:
    """The messages of all venues by the key that has their name, as ``topic``, and by the name."""
    nodes: dict[str, list[Node]] = {}
    for answer in _answers():
        nodes.setdefault(answer.venue, []).append(answer.node)
    named = [
        (field.key, field.node.words, _Message(venue, struct.keys))
        for venue, roots in nodes.items()
        for struct in structs_in(*roots)
        for field in struct.fields
        if field.key in struct.required and isinstance(field.node, WordNode)
    ]
    found: dict[str, dict[str, tuple[_Message, ...]]] = {
        key: {}
        for key, (word, *others), _ in named
        if not others and isinstance(word, str) and not word.isdigit()
    }
    for key, words, message in named:
        for word in words if key in found else ():
            found[key][word] = (*found[key].get(word, ()), message)
    return found


def naming(members: Mapping[str, Raw]) -> tuple[str, ...]:
    """The venues that call a message about orders what an object is called, by its event or its topic.

    Of several, those whose message has most keys of the object.
    """
    found: dict[str, int] = {}
    messages = _messages()
    if messages.keys().isdisjoint(members):
        return ()
    for key, words in messages.items():
        raw = bytes(members[key]) if key in members else b""
        for message in words.get(raw[1:-1].decode("utf-8", "replace"), ()) if raw[:1] == b'"' else ():
            known = len(message.keys & members.keys())
            found[message.venue] = max(known, found.get(message.venue, 0))
    most = max(found.values(), default=0)
    return tuple(name for name, known in found.items() if known == most)


def is_sent(keys: tuple[str, ...]) -> bool:
    """Whether any venue sends an object with such keys and no others, or names messages by one of them."""
    return not _messages().keys().isdisjoint(keys) or bool(_senders_by_keys(keys)[0])


def takers(payload: bytes) -> Sequence[str]:
    """Name every venue of which an endpoint answers exactly such a payload."""
    return _answering(payload, members_of(payload))


@cached(1_024)
def recognise(payload: bytes) -> str | None:
    """Name the one venue that sends such a payload; None where there are several or none.

    An object without keys names none, although one venue alone may document such an answer; nor does a text, an array
    of texts, or an object with one text alone.
    """
    if not payload.strip(b"{ \t\r\n}"):
        return None
    if payload[:1] not in (b"{", b"[") and (packed := unpacking(payload)) is not None:
        return packed
    if says_little(payload):
        return None
    members = members_of(payload)
    found = _answering(payload, members) or _pushing(payload, members)
    return found[0] if len(found) == 1 else None


def quiet_at(payload: bytes) -> Sequence[str]:
    """Name every venue that knows a payload as a frame about something else than a cancel."""
    return _pushing(payload, members_of(payload))


def says_little(payload: bytes) -> bool:
    """Whether a payload is a text, an array of texts, or an object with one text alone, as many services answer."""
    try:
        value = _texts(payload)
    except (ValueError, RecursionError):
        return False
    return not isinstance(value, dict) or len(value) == 1


_texts: Final = Decoder(str | list[str] | dict[str, str]).decode


def unpacking(payload: bytes) -> str | None:
    """Name the one venue that can unpack a message that is not JSON; None where there are several or none."""
    found = [venue.name for venue in _unpacking() if venue.as_json(payload) != payload]
    return found[0] if len(found) == 1 else None


@lazy
def _unpacking() -> Sequence[Venue]:
    return tuple(venue for venue in venues.every().values() if venue.unpack is not None)


def _answering(payload: bytes, members: Mapping[str, Raw] | None) -> Sequence[str]:
    """The venues of which an endpoint answers exactly such a payload; ``members`` are those of an object."""
    if members is not None and (flat := _flat(tuple(members))) is not None:
        found = flat.taking(payload, members)
        if found is not None:
            return found
    if payload.lstrip()[:1] not in _BEGINNINGS:
        return ()
    return [name for name in senders(payload)[0] if takes(venues.every()[name], payload)]


_BEGINNINGS: Final = tuple(bytes((byte,)) for byte in b'{["-0123456789tfn')  # of a value of JSON


@cached(1_024)
def _flat(keys: tuple[str, ...]) -> FlatTypes[str] | None:
    """The venues of which an endpoint may answer an object of scalars with such keys; None if objects may be in it."""
    exact = _all_index().exactly(dict.fromkeys(keys, Raw()))
    if not exact:  # most keys are of no venue, and may be new ones each time
        return _NO_TYPES
    return FlatTypes.of(keys, ((answer.node, answer.venue) for alike in exact for answer in alike.rows))


_NO_TYPES: Final[FlatTypes[str] | None] = FlatTypes.of((), ())


def _pushing(payload: bytes, members: Mapping[str, Raw] | None) -> Sequence[str]:
    """The venues that send such a payload about something else than a cancel."""
    if members is not None:
        return _skipping(payload, _may_push(tuple(members)))
    if payload.lstrip()[:1] in (b"{", b"["):
        return _skipping(payload, venues.every().values())
    return () if _WORD.fullmatch(payload) is None else _pushing_word(payload)


def _skipping(payload: bytes, may: Iterable[Venue]) -> tuple[str, ...]:
    return tuple(venue.name for venue in may if venue.skip is not None and venue.skip(payload))


@cached(1_024)
def _pushing_word(word: bytes) -> tuple[str, ...]:
    """The same of a word, as heartbeats are; no venue passes anything else over that is no object and no array."""
    return _skipping(word, venues.every().values())


_WORD: Final = re.compile(rb'\s*+"?[A-Za-z_.-]{1,16}+"?\s*')


@cached(1_024)
def _may_push(keys: tuple[str, ...]) -> Sequence[Venue]:
    """The venues that may send an object with such keys about something else than a cancel."""
    if _pushed_keys().isdisjoint(keys):
        return ()
    return [venue for venue in venues.every().values() if not venue.skip_keys.isdisjoint(keys)]


@lazy
def _pushed_keys() -> frozenset[str]:
    """The keys of all frames that any venue pushes about something else than a cancel."""
    return frozenset[str]().union(*(venue.skip_keys for venue in venues.every().values()))
