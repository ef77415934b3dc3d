"""Payloads that no endpoint of a venue answers, told by their keys: those that are refused for the same reason."""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from cancelnorm.caching import cached
from cancelnorm.lazy import lazy
from cancelnorm.reader.exact import Tree
from cancelnorm.reader.keys import members_of
from cancelnorm.reader.mismatch import Mismatch, shown
from cancelnorm.reader.tree import NESTED
from cancelnorm.reader.types import (
    AnyNode,
    ListNode,
    MapNode,
    Node,
    StructNode,
    UnionNode,
    WordNode,
    structs_in,
)
from cancelnorm.venue import Venue

__all__ = ["Foreign", "foreign"]


class Foreign(NamedTuple):
    """A payload that no endpoint answers; ``alike`` is equal for those with the same fault, if none is given.

    ``found`` is what the fault says that it found, where that is not the same.
    """

    alike: Hashable
    fault: Mismatch | None = None
    found: str | None = None


class _Known(NamedTuple):
    """What the answers of a venue may be: objects with one of these sets of required keys.

    ``keys`` are all their keys, ``words`` all constants by which they are told apart. ``rows`` are those in them that
    may be recorded alone. Some may be objects with any keys, or scalars.
    """

    required: frozenset[frozenset[str]]
    rows: Sequence[StructNode]
    keys: frozenset[str]
    words: frozenset[str]
    has_any_keys: bool
    has_scalars: bool


def foreign(venue: Venue, data: bytes) -> Foreign | None:
    """What a payload is whose keys show that no endpoint of a venue answers it; None if they do not.

    Of a flat object, the fault depends on its known keys and on the constants under these.
    """
    members = members_of(data)
    if members is not None and _known_keys(venue, tuple(members)) is None:
        return None
    try:
        tree = Tree(data).value
    except Mismatch as fault:
        return Foreign(None, fault) if data.lstrip()[:1] not in (b"{", b"[") else None
    if type(tree) not in NESTED:
        return None if _known(venue).has_scalars else Foreign("a scalar", found=shown(tree))
    if type(tree) is not dict or not tree:
        return None
    keys = _known_keys(venue, tuple(tree))
    if keys is None:
        return None
    words = _known(venue).words
    told: list[tuple[str, Any]] = []
    for key in keys:
        value = tree[key]
        if isinstance(value, dict | list):
            return None
        told.append((key, str(value) if str(value) in words else type(value)))
    return Foreign((len(keys) == len(tree), *told))


@cached(1_024)
def _known_keys(venue: Venue, keys: tuple[str, ...]) -> tuple[str, ...] | None:
    """The keys that a venue knows of an object that none of its endpoints answers; None if one may."""
    known, found = _known(venue), frozenset(keys)
    if known.has_any_keys or any(required <= found for required in known.required):
        return None
    if any(row.required <= found <= row.keys for row in known.rows):
        return None
    return tuple(sorted(known.keys & found))


@lazy
def _known(venue: Venue) -> _Known:
    roots = [endpoint.shape.node for endpoint in venue.endpoints.values()]
    roots += [shape.node for shape in venue.others.values()]
    members = [member for root in roots for member in _members(root)]
    structs = [member for member in members if isinstance(member, StructNode)]
    every = tuple(structs_in(*roots))
    constants = (word for struct in every for words in struct.constants.values() for word in words)
    fields = (f.node for struct in every for f in struct.fields)
    words = (
        str(word)
        for field in fields
        for node in _members(field)
        if isinstance(node, WordNode)
        for word in node.words
    )
    return _Known(
        frozenset(struct.required for struct in structs if not _carries_nothing(struct)),
        every if venue.envelopes else (),
        frozenset(key for struct in every for key in struct.keys),
        frozenset((*constants, *words, "0")),
        any(isinstance(member, MapNode | AnyNode) for member in members),
        any(
            not isinstance(node, StructNode | ListNode | MapNode)
            for root in roots
            for node in _alternatives(root)
        ),
    )


def _carries_nothing(struct: StructNode) -> bool:
    """Whether an object is no such answer as soon as it has a key."""
    return struct.bare and not struct.keys


def _alternatives(node: Node) -> tuple[Node, ...]:
    return node.members if isinstance(node, UnionNode) else (node,)


def _members(node: Node) -> tuple[Node, ...]:
    """What an object or a word may be read as, also in an array."""
    match node:
        case UnionNode():
            return tuple(inner for member in node.members for inner in _members(member))
        case ListNode():
            return _members(node.item)
        case _:
            return (node,)
