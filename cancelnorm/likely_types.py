"""Which types a JSON value is meant to have that no endpoint of a venue answers: by its keys, and by words in it.

By such words venues name what a payload is: ``e``, ``op``, ``topic``, ``dataType``.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any

from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.reader.tree import NESTED
from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode, WordNode
from cancelnorm.reader.unions import known_keys, likeness
from cancelnorm.venue import Venue

__all__ = ["answered_types", "has_other_words", "likeliest"]


@cache
def answered_types(venue: Venue) -> Mapping[Node, Endpoint]:
    """The types of a venue's answers, each with the first endpoint that answers with it."""
    found: dict[Node, Endpoint] = {}
    for endpoint in venue.endpoints.values():
        found.setdefault(endpoint.shape.node, endpoint)
    return MappingProxyType(found)


_Keys = tuple[str, ...]
_Told = tuple[tuple[str, str | None], ...]


def likeliest(venue: Venue, value: Any) -> Iterable[Node]:
    """The types of a venue's answers that a JSON value is most likely to have, those first that know most keys.

    Nothing tells of the many that know no key of it.
    """
    flat = _flat(venue, value)
    return _ordered(venue, value) if flat is None else _likeliest_of_flat(venue, *flat)


@cached(1_024)
def _likeliest_of_flat(venue: Venue, keys: _Keys, told: _Told) -> Sequence[Node]:
    return tuple(_ordered(venue, _like_flat(keys, told)))


def has_other_words(venue: Venue, value: Any, endpoints: Sequence[Endpoint]) -> bool:
    """Whether a JSON value has others in the place of words by which answers of some endpoints name what they are."""
    flat = _flat(venue, value)
    nodes = tuple(dict.fromkeys(endpoint.shape.node for endpoint in endpoints))
    if flat is None:
        return any(likeness(node, value) < 0 for node in nodes)
    return _flat_has_other_words(*flat, nodes)


@cached(1_024)
def _flat_has_other_words(keys: _Keys, told: _Told, nodes: tuple[Node, ...]) -> bool:
    value = _like_flat(keys, told)
    return any(likeness(node, value) < 0 for node in nodes)


def _flat(venue: Venue, value: Any) -> tuple[_Keys, _Told] | None:
    """What tells types apart in an object of scalars: its keys, and the words under some; None for anything else.

    Of any other text than such a word the empty one stands in its place, None of what is no text.
    """
    if type(value) is not dict or any(type(part) in NESTED for part in value.values()):
        return None
    words = _words(venue)
    told = [(key, _word(value[key], words[key])) for key in value if key in words]
    return tuple(value), tuple(told)


def _word(part: Any, words: frozenset[str]) -> str | None:
    if type(part) is not str:
        return None
    return part if part in words else ""


def _like_flat(keys: _Keys, told: _Told) -> dict[str, str | None]:
    """An object for which the same counts as for those that ``_flat`` gives so."""
    return dict.fromkeys(keys) | dict(told)


def _ordered(venue: Venue, value: Any) -> Iterable[Node]:
    places, having = _places(venue), _having(venue, value)
    words = {node: likeness(node, value) for node in having}
    keys = {node: known_keys(node, value) for node in having}
    others = [] if len(having) == len(places) else [0]
    most = max([*words.values(), *others])
    known = max([*(keys[node] for node in having if words[node] == most), *(others if most == 0 else [])])
    found = {n for n in having if words[n] == most or (words[n] >= 0 and keys[n] > known)}
    knowing = sorted((node for node in found if keys[node]), key=lambda node: (-keys[node], places[node]))
    rest = (n for n in places if (n in found and not keys[n]) or (most == 0 and n not in having))
    return chain(knowing, rest)


@cache
def _places(venue: Venue) -> Mapping[Node, int]:
    return MappingProxyType({node: place for place, node in enumerate(answered_types(venue))})


@cache
def _nodes_by_key(venue: Venue) -> Mapping[str | None, frozenset[Node]]:
    """The types of a venue's answers by the keys of an object, or of an array's elements; under None, other types."""
    found: dict[str | None, set[Node]] = {None: set()}
    for node in answered_types(venue):
        for key in _keys_of(node):
            found.setdefault(key, set()).add(node)
    return MappingProxyType({key: frozenset(nodes) for key, nodes in found.items()})


def _keys_of(node: Node) -> Iterable[str | None]:
    match node:
        case StructNode():
            return node.keys
        case ListNode():
            return _keys_of(node.item)
        case UnionNode():
            return {key for member in node.members for key in _keys_of(member)}
        case _:
            return (None,)


def _having(venue: Venue, value: Any) -> frozenset[Node]:
    """The types that may know a key, or be told by a word, of a JSON value; certainly no others."""
    nodes = _nodes_by_key(venue)
    first = value[0] if type(value) is list and value else value
    keys = first.keys() & nodes.keys() if type(first) is dict else ()
    return nodes[None].union(*(nodes[key] for key in keys))


@cache
def _words(venue: Venue) -> Mapping[str, frozenset[str]]:
    """The words by which objects that a venue answers are named, by the keys under which they stand."""
    found: dict[str, set[str]] = {}
    for node in answered_types(venue):
        for member in _members(node):
            for field in member.fields if isinstance(member, StructNode) else ():
                words = [
                    word
                    for each in _members(field.node)
                    if isinstance(each, WordNode)
                    for word in each.words
                    if isinstance(word, str)
                ]
                if words:
                    found.setdefault(field.key, set()).update(words)
    return MappingProxyType({key: frozenset(words) for key, words in found.items()})


def _members(node: Node) -> Sequence[Node]:
    return node.members if isinstance(node, UnionNode) else (node,)
