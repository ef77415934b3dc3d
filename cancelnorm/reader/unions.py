"""Which member of a union a JSON value has to be read as, and how much it is like a type."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final

from msgspec import Meta, Raw, Struct

from cancelnorm.reader.mismatch import At, Mismatch, Number, path_of, shown
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import (
    JSON_CLASSES,
    AnyNode,
    FieldNode,
    ListNode,
    MapNode,
    Node,
    PlainNode,
    ScalarNode,
    StructNode,
    UnionNode,
    WordNode,
)

__all__ = [
    "choose",
    "fits",
    "is_of_class",
    "is_word",
    "known_keys",
    "likeness",
    "missing_keys",
    "one_of",
]


def fits(node: Node, value: Any) -> bool:
    """Whether a JSON value has a type exactly; marks are not looked at, but for what tells structs apart."""
    match node:
        case AnyNode():
            return True
        case PlainNode():
            return type(value) is node.cls
        case ScalarNode():
            return (
                is_of_class(node, value)
                and is_within(node.meta, value)
                and (node.scalar is not Scalar.NAMING or value != "0")
            )
        case WordNode():
            return is_word(node.words, value)
        case ListNode():
            return type(value) is list and all(fits(node.item, part) for part in value)
        case MapNode():
            return type(value) is dict and all(fits(node.item, part) for part in value.values())
        case StructNode():
            return (
                type(value) is dict
                and node.has_keys_of(value)
                and all(fits(f.node, value[f.key]) for f in node.fields if f.key in value)
            )
        case UnionNode():
            return any(_is_meant(member, value) and fits(member, value) for member in node.members)


def _is_meant(node: Node, value: Any) -> bool:
    """Whether the constants of a struct do not speak against it."""
    return not isinstance(node, StructNode) or (
        type(value) is dict and node.constants_match(value) is not False
    )


def _class(node: Node) -> type:
    """The run-time class of a value of a node."""
    match node:
        case PlainNode() | ScalarNode():
            return node.cls
        case WordNode():
            return type(node.words[0])
        case ListNode():
            return list
        case StructNode():
            return node.struct
        case _:
            return dict


def _takes(node: Node, value: Any) -> bool:
    """Whether a JSON value is of the class that a member of a union has."""
    if isinstance(node, WordNode):
        return any(type(word) is type(value) for word in node.words)
    if isinstance(node, ScalarNode):
        return is_of_class(node, value)
    cls = _class(node)
    return issubclass(cls, Struct | dict) if type(value) is dict else type(value) is cls


def _fits_but_within(node: StructNode, value: dict[str, Any]) -> bool:
    """Whether an object has a type exactly, but for what stands in the objects and arrays in it."""
    within = {f.key for f in node.fields if type(value.get(f.key)) in (dict, list)}
    apart = {key: part for key, part in value.items() if key not in within}
    return _takes_all(node, value) and all(fits(f.node, apart[f.key]) for f in node.fields if f.key in apart)


def _takes_all(node: StructNode, value: dict[str, Any]) -> bool:
    """Whether every value in an object is of a class that its field has."""
    return all(
        any(isinstance(m, AnyNode) or _takes(m, value[f.key]) for m in _alternatives(f.node))
        for f in node.fields
        if f.key in value
    )


def _alternatives(node: Node) -> Sequence[Node]:
    return node.members if isinstance(node, UnionNode) else (node,)


def _place(described: str) -> tuple[bool, bool, str]:
    """The place of a type among others: structs as declared, then scalars, text and null.

    Python has one object for unions of the same scalars, in the order in which they were first written.
    """
    return described == "null", described == "a string", "" if described[0].isupper() else described


def choose(node: UnionNode, value: Any, at: At = None) -> Node:
    """Give the member of a union that a JSON value has to be read as."""
    if type(value) is dict and len(node.structs) > 1:
        return _choose_struct(node.structs, value, at)
    fitting = [m for m in node.members if _takes(m, value)]
    if not fitting:
        raise Mismatch(
            path_of(at),
            " or ".join(sorted(dict.fromkeys(map(_describe, node.members)), key=_place)),
            shown(value),
        )
    return fitting[0]


def _choose_struct(members: Sequence[StructNode], value: dict[str, Any], at: At) -> StructNode:
    """Tell structs apart: by constants they prescribe, by keys only one has, by what is missing or unknown least.

    Those that are alike in all of it are told apart by the values, whether or not something was added.
    """
    if whole := [m for m in members if m.has_keys_of(value) and m.constants_match(value) is not False]:
        return whole[0] if len(whole) == 1 else _nearest(whole, value, fits, _fits_but_within, _takes_all)
    verdicts = {m: m.constants_match(value) for m in members}
    possible = [m for m in members if verdicts[m] is True] or [m for m in members if verdicts[m] is None]
    possible = possible or list(members)
    own = {m: _own_keys(m, tuple(possible)) & value.keys() for m in possible}
    missing = {m: missing_keys(m, value) for m in possible}
    ranks = {
        m: (bool(own[m]), likeness(m, value), -len(missing[m]), len(m.keys & value.keys())) for m in possible
    }
    best = [m for m in possible if ranks[m] == max(ranks.values())]
    chosen = _nearest(best, value, _fits_but_within, _takes_all) if len(best) > 1 else best[0]
    if missing[chosen] and not own[chosen]:
        # Nothing tells the shapes apart: any of their missing keys would.
        keys = dict.fromkeys(missing[m][0] for m in possible if len(missing[m]) == len(missing[chosen]))
        if len(keys) > 1:
            raise Mismatch(path_of(at), f"a field {' or '.join(keys)}", "none of them")
    for other in possible:
        if foreign := (other.keys & value.keys()) - chosen.keys:
            mine = min(own[chosen] or chosen.keys & value.keys(), default="none")
            one, two = chosen.struct.__name__, other.struct.__name__
            found = f"keys of both: {mine} of {one} and {min(foreign)} of {two}"
            raise Mismatch(path_of(at), f"either {one} or {two}", found)
    return chosen


def _nearest(
    members: Sequence[StructNode], value: dict[str, Any], *tests: Callable[[StructNode, dict[str, Any]], bool]
) -> StructNode:
    """The member that passes the strictest test that any passes; the first one if none does."""
    return next((m for test in tests for m in members if test(m, value)), members[0])


def missing_keys(node: StructNode, value: dict[str, Any]) -> list[str]:
    """The required keys that are not there, in order."""
    return [f.key for f in node.fields if f.required and f.key not in value]


@cache
def _own_keys(node: StructNode, members: tuple[StructNode, ...]) -> frozenset[str]:
    """The keys that only this member of a union has."""
    return node.keys.difference(*(m.keys for m in members if m is not node))


def likeness(node: Node, value: Any) -> int:
    """How many words that a type prescribes a JSON value has, less those in whose place it has others.

    By such words venues name what a payload is: ``e``, ``op``, ``topic``, ``dataType``.
    """
    if not _prescribes(node):
        return 0
    match node:
        case WordNode(words=(str() as word,)):
            return 1 if value == word else -1
        case StructNode() if type(value) is dict:
            return sum(likeness(f.node, value[f.key]) for f in _prescribing(node) if f.key in value)
        case UnionNode():
            return max((likeness(m, value) for m in node.members if _takes(m, value)), default=0)
        case _:
            return 0


@cache
def _prescribing(node: StructNode) -> Sequence[FieldNode]:
    """The fields in which a struct prescribes words."""
    return tuple(field for field in node.fields if _prescribes(field.node))


@cache
def _prescribes(node: Node) -> bool:
    """Whether a type prescribes a word, at its root or in objects within objects."""
    match node:
        case WordNode(words=(str(),)):
            return True
        case StructNode():
            return bool(_prescribing(node))
        case UnionNode():
            return any(map(_prescribes, node.members))
        case _:
            return False


def known_keys(node: Node, value: Any) -> int:
    """How many keys of a JSON value a type has, as the member of a union that has most; of an array, the first item."""
    match node:
        case StructNode() if type(value) is dict:
            if value.keys().isdisjoint(node.keys):
                return 0
            return sum(1 + known_keys(f.node, value[f.key]) for f in node.fields if f.key in value)
        case ListNode() if type(value) is list and value:
            return known_keys(node.item, value[0])
        case UnionNode():
            return max(known_keys(member, value) for member in node.members)
        case _:
            return 0


def _describe(node: Node) -> str:
    """What a member of a union has to be."""
    match node:
        case WordNode():
            return one_of(node.words)
        case StructNode():
            return node.struct.__name__
        case ScalarNode() if node.scalar:
            return node.scalar.value
        case _:
            return JSON_CLASSES[_class(node)]


def one_of(words: Iterable[Any]) -> str:
    """What is expected where a value is one of these words."""
    return " or ".join(repr(w) if isinstance(w, str) and w.isdigit() else str(w) for w in words)


# --- Scalars ---


def is_of_class(node: ScalarNode, value: Any) -> bool:
    """Whether a JSON value is of the class that a scalar is read from."""
    if node.cls is not Raw:
        return type(value) is node.cls
    return type(value) in _RAW or (value is None and node.scalar in _OR_EMPTY)


_RAW: Final = (str, int, Number)
_OR_EMPTY: Final = (Scalar.NUMBER_OR_EMPTY, Scalar.ANY_NUMBER)


def is_within(meta: Meta, value: Any) -> bool:
    """Whether a value is within its bounds."""
    return not (
        (meta.ge is not None and value < meta.ge)
        or (meta.le is not None and value > meta.le)
        or (meta.lt is not None and value >= meta.lt)
        or (meta.max_length is not None and len(value) > meta.max_length)
        or (meta.min_length is not None and len(value) < meta.min_length)
    )


def is_word(words: Sequence[Any], value: Any) -> bool:
    """Whether a value is one of these words, and no other value that Python holds equal."""
    return type(value) in _WORDS and value in words


_WORDS: Final = (str, int)
