"""The members of a WebSocket frame by which requests and answers are told and paired."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, defstruct
from msgspec.structs import astuple

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.venue import SocketKeys

__all__ = [
    "Members",
    "asked_of",
    "first_of",
    "id_of",
    "is_answer",
    "members_of",
    "operation_of",
    "prefix_at",
    "requests_in",
    "sockets_of",
    "unwrapped",
    "with_inner",
]

Members = Mapping[str, Raw]
_LONG: Final = len(str(2**53))
_EXACT: Final = 2**53 - 1
_text: Final = msgspec.json.Decoder(str).decode
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_items: Final = msgspec.json.Decoder(list[Raw]).decode


class _Reader(NamedTuple):
    """The decoder of the keys that some venue uses to pair frames; it skips other members of a frame.

    Every request and every answer has one of the first ``telling`` keys. ``inner`` are the keys within a member, by
    the key of that member.
    """

    keys: tuple[str, ...]
    telling: int
    inner: Mapping[str, tuple[str, ...]]
    decode: Callable[[bytes | str], Struct]


@cache
def _reader() -> _Reader:
    sockets = [keys for _, keys in sockets_of(None)]
    paths = dict.fromkeys(
        path
        for s in sockets
        for group in (
            s.request_id,
            s.operation,
            s.detail,
            s.parameters,
            s.flat,
            s.request,
            s.answer,
            s.cancel_answer,
            s.interim,
        )
        for path in group
    )
    telling = dict.fromkeys(path for path in paths if "." not in path)
    telling |= dict.fromkeys(path.partition(".")[0] for s in sockets for path in (*s.operation, *s.answer))
    keys = tuple(telling | dict.fromkeys(path.partition(".")[0] for path in paths))
    inner: dict[str, tuple[str, ...]] = {}
    for path in paths:
        outer, dot, key = path.partition(".")
        if dot:
            inner[outer] = (*inner.get(outer, ()), key)
    names = {f"key_{i}": key for i, key in enumerate(keys)}
    frame = defstruct("Frame", [(name, Raw | UnsetType, UNSET) for name in names], rename=names)
    return _Reader(keys, len(telling), inner, json_decoder(frame).decode)


def members_of(frame: bytes | str) -> Members:
    """The members of a frame by which it can be paired; none if it is no JSON object."""
    keys, telling, _, decode = _reader()
    try:
        values = astuple(decode(frame))
    except (ValueError, RecursionError):
        return {}
    if values[:telling].count(UNSET) == telling:  # most frames are pushed and have none of the keys
        return {}
    return with_inner({key: value for key, value in zip(keys, values, strict=True) if value is not UNSET})


def pairs(keys: Iterable[str]) -> bool:
    """Tell whether an object has any key by which frames are paired, at whatever venue."""
    return not _pairing().isdisjoint(keys)


@cache
def _pairing() -> frozenset[str]:
    return frozenset(_reader().keys)


def with_inner(members: Members) -> Members:
    """The members of a frame, and those within them by which it can be paired, under both keys with a dot between."""
    inner = _reader().inner
    if inner.keys().isdisjoint(members):
        return members
    found = dict(members)
    for outer in inner.keys() & members.keys():
        with suppress(ValueError, RecursionError):
            within = _object(unwrapped(bytes(members[outer])))
            found |= {f"{outer}.{key}": within[key] for key in inner[outer] if key in within}
    return found


@cached(1_024)
def sockets_of(venue: str | None) -> tuple[tuple[str, SocketKeys], ...]:
    """The keys of a venue, with its name; of all venues if it is unknown."""
    known = venues.find(venue) if venue else None
    found = venues.every().values() if known is None else (known,)
    return tuple((each.name, each.socket) for each in found if each.socket is not None)


@cached(1_024)
def _operations(venue: str | None) -> frozenset[str]:
    """The keys of an operation at a venue, or at any."""
    return frozenset(name for _, keys in sockets_of(venue) for name in keys.operation)


def requests_in(members: Members, venue: str | None) -> Iterator[tuple[str, SocketKeys, str]]:
    """The venues that take a frame for a request: name, keys, and the operation that is asked for.

    One venue's answer is no request to another one that has similar keys. Where a frame has the request id of some
    venue, it is sent to no other that calls the operation alike; where it has a key that every request of a venue has
    beside those, as ``jsonrpc``, it is sent to no other; that one may push it.
    """
    found = list(_requests_in(members, venue))
    if not found:
        return
    marks = [_marks(keys) for _, keys in sockets_of(venue)]
    most = max((len(each) for each in marks if each <= members.keys()), default=0)
    yield from (each for each in found if len(_marks(each[1])) == most)


def _requests_in(members: Members, venue: str | None) -> Iterator[tuple[str, SocketKeys, str]]:
    """The same by the request id, the operation and the parameters."""
    sockets = sockets_of(venue)
    if _operations(venue).isdisjoint(members):
        return
    if any(is_answer(members, keys) for _, keys in sockets):
        return
    identified = [socket for socket in sockets if id_of(members, socket[1]) is not None]
    for name, keys in sockets:
        operation = operation_of(members, keys) if all(key in members for key in keys.request) else None
        if operation is None or (identified and (name, keys) not in identified and _shares(keys, identified)):
            continue
        if operation == "ping" or id_of(members, keys) is not None or asked_of(members, keys) is not None:
            yield name, keys, operation


def _marks(keys: SocketKeys) -> set[str]:
    """The keys that a request has beside its id, its operation and its parameters."""
    return set(keys.request).difference(keys.request_id, keys.operation, keys.parameters)


def _shares(keys: SocketKeys, others: Iterable[tuple[str, SocketKeys]]) -> bool:
    """Tell whether some of other venues have the operation under a key that these keys have it under, too."""
    return any(not set(keys.operation).isdisjoint(other.operation) for _, other in others)


def is_answer(members: Members, keys: SocketKeys) -> bool:
    """Tell whether a frame has a key or a word of answers, and a key that tells which request it answers."""
    if first_of(members, keys.answer) is None and _word(members, keys.operation) not in keys.failures:
        return False
    return first_of(members, (*keys.request_id, *keys.operation)) is not None


def operation_of(members: Members, keys: SocketKeys) -> str | None:
    """The operation that a frame asks for, or answers."""
    operation, detail = _word(members, keys.operation), _word(members, keys.detail)
    operation = None if operation is None else keys.answered_as.get(operation, operation)
    return operation if operation is None or detail is None else f"{operation} {detail}"


def _word(members: Members, names: tuple[str, ...]) -> str | None:
    """The text under the first of these keys that a frame has."""
    found = first_of(members, names)
    if found is None or found[:1] != b'"':
        return None
    try:
        return _text(found)
    except ValueError:  # half of a surrogate pair
        return None


def first_of(members: Members, names: tuple[str, ...]) -> bytes | None:
    """The value of the first of these keys that a frame has."""
    return next((bytes(members[name]) for name in names if name in members), None)


def asked_of(members: Members, keys: SocketKeys) -> bytes | None:
    """The parameters of a request: a member of its frame, or an object of several; None where it has none."""
    found = first_of(members, keys.parameters)
    if found is not None:
        return found
    flat = {name: members[name] for name in keys.flat if name in members}
    return msgspec.json.encode(flat) if flat else None


def id_of(members: Members, keys: SocketKeys) -> bytes | None:
    """The id of a request or an answer, as one writes it; null and an empty text are none.

    A text is the same with and without escapes. An integer beyond those that a double holds is the same as its
    neighbours: a program that reads its frames as JavaScript does logs a neighbour.
    """
    found = first_of(members, keys.request_id)
    if found in (None, b"null", b'""'):
        return None
    if found[:1] == b'"':
        return _unescaped(found) if b"\\" in found else found
    if len(found) < _LONG:
        return found
    try:
        number = float(found)
    except ValueError:
        return found
    return repr(number).encode() if abs(number) > _EXACT else found


def _unescaped(text: bytes) -> bytes:
    try:
        return msgspec.json.encode(_text(text))
    except ValueError:  # half of a surrogate pair
        return text


def unwrapped(asked: bytes) -> bytes:
    """What stands alone in an array, as the parameters of a request do at some venues; any other value itself."""
    if asked[:1] != b"[":
        return asked
    try:
        items = _items(asked)
    except (ValueError, RecursionError):  # an escape in a text is malformed, which Raw does not look at
        return asked
    return bytes(items[0]) if len(items) == 1 else asked


def prefix_at(keys: SocketKeys, address: str) -> str:
    """The first word of the endpoints at an address."""
    return next((prefix for part, prefix in keys.prefixes.items() if part in address), "ws")
