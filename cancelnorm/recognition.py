"""Recognition: which venues may have sent a payload."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from msgspec import Raw
from msgspec.json import Decoder
from msgspec.json import encode as json_of

from cancelnorm import venues
from cancelnorm.answering import means, takes
from cancelnorm.caching import cached
from cancelnorm.lazy import lazy
from cancelnorm.reader.flat import FlatTypes
from cancelnorm.reader.keys import KeyIndex, keys_of, members_of
from cancelnorm.reader.types import Node, WordNode, structs_in
from cancelnorm.venue import Venue

__all__ = [
    "SOME_KEYS",
    "is_of_any_service",
    "is_sent",
    "naming",
    "quiet_at",
    "recognise",
    "says_little",
    "senders",
    "takers",
    "unpacking",
]


SOME_KEYS: Final = 3
"""Number of keys that hardly any service but one gives its answers."""


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
    for key in [each for each in messages if each in members]:
        raw = bytes(members[key])
        for message in messages[key].get(raw[1:-1].decode("utf-8", "replace"), ()) if raw[:1] == b'"' else ():
            known = len(message.keys & members.keys())
            found[message.venue] = max(known, found.get(message.venue, 0))
    if not found:
        return ()
    most = max(found.values())
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
    of texts, an object with one text alone, or what many services answer.
    """
    if not payload.strip(b"{ \t\r\n}"):
        return None
    if payload[:1] not in (b"{", b"[") and (packed := unpacking(payload)) is not None:
        return packed
    if says_little(payload):
        return None
    members = members_of(payload)
    found = _answering(payload, members) or _pushing(payload, members)
    if len(found) != 1 or is_of_any_service(payload, venues.every()[found[0]]):
        return None
    return found[0]


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


def is_of_any_service(payload: bytes, venue: Venue) -> bool:
    """Whether many services answer so, although one venue alone may have such keys.

    They do with few texts and flags, none a word of the venue, and with an error of few keys whose code is not listed.
    """
    if len(_members(payload)) >= SOME_KEYS:
        return False
    error = venue.told(payload)
    if error is not None:
        return not error.is_listed
    if says_little(payload) and not means(venue, payload):
        return True
    try:
        value = _words(payload)
    except (ValueError, RecursionError):
        return False
    wordless = {key: "" if isinstance(each, str) else each for key, each in value.items()}
    return means(venue, json_of(wordless))


def _members(payload: bytes) -> Mapping[str, Raw]:
    """The members of an object, whatever escapes its keys have; none of anything else."""
    try:
        return _object(payload)
    except (ValueError, RecursionError):
        return {}


_object: Final = Decoder(dict[str, Raw]).decode
_words: Final = Decoder(dict[str, str | bool]).decode


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
    """The same of a word or a few, as heartbeats and greetings are: of what is no object and no array, no others."""
    return _skipping(word, venues.every().values())


_WORD: Final = re.compile(rb'\s*+"?[A-Za-z_.-]{1,16}+(?: [A-Za-z.]{1,16}+){0,3}"?\s*')


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
