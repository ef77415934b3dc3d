"""Type expressions compiled once to nodes, which both readers walk.

The functions before the nodes answer single questions about a type expression, for tools that have one.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Raw, Struct, UnsetType

from cancelnorm.lazy import lazy
from cancelnorm.reader.scalars import MARK, Scalar

__all__ = [
    "DECLARED",
    "JSON_CLASSES",
    "AnyNode",
    "Field",
    "FieldNode",
    "Kind",
    "ListNode",
    "MapNode",
    "Node",
    "PlainNode",
    "ScalarNode",
    "StructNode",
    "UnionNode",
    "WordNode",
    "class_of",
    "declared",
    "fields_of",
    "is_struct",
    "item_of",
    "literals",
    "members_of",
    "node_of",
    "once_declared",
    "read_fields",
    "scalar_of",
    "structs_in",
]

T = TypeVar("T")

Kind = Any
"""A type expression: a struct, a scalar, ``list[...]``, a union, a ``Literal``."""


class Field(NamedTuple):
    """One field of a struct: its name here, its name on the wire, its type, whether it must be there."""

    name: str
    key: str
    kind: Kind
    required: bool


DECLARED: Final = "__declared__"
"""Attribute of a struct that was extended by what a venue added: the struct as it was declared."""


def declared(struct: type[Struct]) -> type[Struct]:
    """Give the struct that a venue module declared, of one that the reader extended."""
    found: type[Struct] = getattr(struct, DECLARED, struct)
    return found


def once_declared(make: Callable[[type[Struct]], T]) -> Callable[[type[Struct]], T]:
    """Keep what is made of structs that venue modules declare; the reader extends others, which come and go."""
    kept = cache(make)
    return lambda struct: kept(struct) if declared(struct) is struct else make(struct)


@cache
def fields_of(struct: type[Struct]) -> tuple[Field, ...]:
    """List the declared fields of a struct, in order; a type is given without ``UNSET``."""
    return _fields(declared(struct))


def read_fields(struct: type[Struct]) -> tuple[Field, ...]:
    """List the fields of a struct, with those that the reader has added to it."""
    return fields_of(struct) if declared(struct) is struct else _fields(struct)


def _fields(struct: type[Struct]) -> tuple[Field, ...]:
    return tuple(
        Field(info.name, info.encode_name, _sent(info.type), info.required)
        for info in msgspec.structs.fields(struct)
    )


def _sent(kind: Kind) -> Kind:
    """Give a type without ``UNSET``."""
    if origin_of(kind) not in _UNIONS or UnsetType not in get_args(kind):
        return kind
    members = members_of(kind)
    return members[0] if len(members) == 1 else Union[members]  # noqa: UP007


def members_of(kind: Kind) -> tuple[Kind, ...]:
    """List the members of a union without ``UNSET``, in order; any other type alone."""
    if origin_of(kind) in _UNIONS:  # which Python makes flat
        return tuple([member for member in get_args(kind) if member is not UnsetType])
    return (kind,)


_UNIONS: Final = (Union, UnionType)


def origin_of(kind: Kind) -> Any:
    """Give what a subscripted type is made of: ``list`` for ``list[int]``; None for a plain type."""
    return None if isinstance(kind, type) else get_origin(kind)


def item_of(kind: Kind) -> Kind | None:
    """Give the type of a list's elements or of a dict's values; None for any other type."""
    return get_args(kind)[-1] if origin_of(kind) in (list, dict) else None


def literals(kind: Kind) -> tuple[Any, ...]:
    """List the values of a ``Literal``, sorted; nothing for any other type.

    ``Literal`` types are equal whatever the order of their values, and Python gives for a union with one of them an
    equal one that was made shortly before. The order as written would depend on what was looked at first.
    """
    values = get_args(kind) if origin_of(kind) is Literal else ()
    return tuple(sorted(values, key=lambda value: (type(value).__name__, value)))


def scalar_of(kind: Kind) -> Scalar | None:
    """Give the mark of a scalar."""
    if origin_of(kind) is Annotated:
        for meta in get_args(kind)[1:]:
            if isinstance(meta, Meta) and meta.extra and MARK in meta.extra:
                mark: Scalar = meta.extra[MARK]
                return mark
    return None


def is_struct(kind: Kind) -> bool:
    """Whether a type is a struct."""
    return isinstance(kind, type) and issubclass(kind, Struct)


def class_of(kind: Kind) -> type:
    """Give the run-time class of a value of this type."""
    origin = origin_of(kind)
    if origin is Annotated:
        return class_of(get_args(kind)[0])
    if origin is Literal:
        return type(get_args(kind)[0])
    found: type = origin or kind
    return found


# --- Nodes ---


class AnyNode(Struct, frozen=True, eq=False, gc=False):
    """Any JSON value."""


class PlainNode(Struct, frozen=True, eq=False, gc=False):
    """A value of one class: text, an integer, true or false, null."""

    cls: type


class ScalarNode(Struct, frozen=True, eq=False, gc=False):
    """A scalar with bounds, with a mark, or both."""

    cls: type
    meta: Meta
    scalar: Scalar | None


class WordNode(Struct, frozen=True, eq=False, gc=False):
    """One of the words or numbers of a ``Literal``.

    An ``open`` list of words may grow: a text that is not in it is an addition, and no fault.
    """

    words: tuple[Any, ...]
    open: bool


class ListNode(Struct, frozen=True, eq=False, gc=False):
    """An array."""

    item: "Node"


class MapNode(Struct, frozen=True, eq=False, gc=False):
    """An object with any keys."""

    item: "Node"


class FieldNode(Struct, frozen=True, eq=False, gc=False):
    """A field of a struct."""

    name: str
    key: str
    node: "Node"
    required: bool


class StructNode(Struct, frozen=True, eq=False, gc=False):
    """An object with the fields of a struct.

    ``constants`` are the values that a field has to have, as text: a union is told apart by them. In a field
    of ``failed`` anything but 0 is such a value. A ``bare`` struct is an answer that carries nothing.
    """

    struct: type[Struct]
    fields: tuple[FieldNode, ...]
    required: frozenset[str]
    keys: frozenset[str]
    constants: Mapping[str, frozenset[str]]
    failed: frozenset[str]
    bare: bool

    def constants_match(self, value: Mapping[str, Any]) -> bool | None:
        """Whether the constants that the struct prescribes are there; None where it prescribes none."""
        match: bool | None = None
        for key in self.failed:
            if value.get(key) in (0, "0"):
                return False
        for key, words in self.constants.items():
            if key not in value and key not in self.required:
                continue
            found = value.get(key)
            # As text, because a dialect may have numbers in quotes; whether it may is checked later.
            if isinstance(found, bool) or str(found) not in words:
                return False
            match = True
        return match

    def has_keys_of(self, value: Mapping[str, Any]) -> bool:
        """Whether an object has all required keys and no others than the struct's."""
        return self.required <= value.keys() and value.keys() <= self.keys

    def is_apart(self, other: "StructNode") -> bool:
        """Whether no object has the constants of both."""
        return any(
            words.isdisjoint(two.constants.get(key, words)) or (key in two.failed and words <= _NO_CODE)
            for one, two in ((self, other), (other, self))
            for key, words in one.constants.items()
            if key in one.required and key in two.required
        )


_NO_CODE: Final = frozenset({"0"})


class UnionNode(Struct, frozen=True, eq=False, gc=False):
    """One of several; ``structs`` are those of its members that have to be told apart."""

    members: tuple["Node", ...]
    structs: tuple[StructNode, ...]


Node = AnyNode | PlainNode | ScalarNode | WordNode | ListNode | MapNode | StructNode | UnionNode


def node_of(kind: Kind) -> Node:
    """Compile a type expression, once."""
    return _node(kind, _order(kind))


def _order(kind: Kind) -> Hashable:
    """The order of the members of unions in a type; None where there are no unions.

    Python calls unions equal whatever their order, but what a payload is read as depends on it.
    """
    origin = origin_of(kind)
    if origin in _UNIONS:
        return tuple([(member, _order(member)) for member in get_args(kind)])
    return _order(item_of(kind)) if origin in (list, dict) else None


@lazy
def _node(kind: Kind, _: Hashable) -> Node:
    members = members_of(kind)
    if len(members) > 1:
        structs = tuple(m for m in members if is_struct(m))
        nodes = tuple(_struct_node(m, _closed(m, structs)) if is_struct(m) else node_of(m) for m in members)
        if any(isinstance(node, ScalarNode) and node.cls is Raw for node in nodes):
            raise TypeError(f"{kind}: msgspec reads nothing else beside Raw")
        return UnionNode(nodes, tuple(node for node in nodes if isinstance(node, StructNode)))
    kind = members[0]
    origin, args = origin_of(kind), get_args(kind)
    if origin is Annotated:
        return ScalarNode(args[0], args[1], scalar_of(kind))
    if origin is Literal:
        words = literals(kind)
        return WordNode(words, open=isinstance(words[0], str))
    if origin is list:
        return ListNode(node_of(args[0]))
    if origin is dict:
        return MapNode(node_of(args[1]))
    if is_struct(kind):
        return _struct_node(kind, frozenset())
    return AnyNode() if kind is Any else PlainNode(kind)


@lazy
def _struct_node(struct: type[Struct], closed: frozenset[str]) -> StructNode:
    """Compile a struct; the words of ``closed`` fields are constants."""
    fields = fields_of(struct)
    nodes = tuple(
        FieldNode(
            f.name,
            f.key,
            WordNode(literals(f.kind), open=False) if f.key in closed else node_of(f.kind),
            f.required,
        )
        for f in fields
    )
    constants = {f.key: f.node.words for f in nodes if isinstance(f.node, WordNode) and not f.node.open}
    return StructNode(
        struct=struct,
        fields=nodes,
        required=frozenset(f.key for f in fields if f.required),
        keys=frozenset(f.key for f in fields),
        constants=MappingProxyType({key: frozenset(map(str, words)) for key, words in constants.items()}),
        failed=frozenset(f.key for f in fields if scalar_of(f.kind) is Scalar.FAILED),
        bare=getattr(struct, "bare", False),
    )


def _closed(struct: type[Struct], structs: tuple[type[Struct], ...]) -> frozenset[str]:
    """The fields in which a struct of a union has a word that another one does not share.

    Such a word tells the structs apart. Any other single word is the only one seen so far.
    """
    single = [
        f
        for f in fields_of(struct)
        if f.required and len(words := literals(f.kind)) == 1 and isinstance(words[0], str)
    ]
    if not single:
        return frozenset()
    others = [{f.key: f.kind for f in fields_of(other)} for other in structs if other is not struct]
    return frozenset(f.key for f in single if any(other.get(f.key, f.kind) != f.kind for other in others))


def structs_in(*nodes: Node) -> Iterable[StructNode]:
    """Every struct that is anywhere in types, once, what it stands in before it."""
    found: dict[StructNode, None] = {}

    def add(node: Node) -> None:
        match node:
            case UnionNode():
                for member in node.members:
                    add(member)
            case ListNode() | MapNode():
                add(node.item)
            case StructNode() if node not in found:
                found[node] = None
                for field in node.fields:
                    add(field.node)
            case _:
                pass

    for node in nodes:
        add(node)
    return found


JSON_CLASSES: Final[Mapping[type, str]] = MappingProxyType(
    {
        str: "a string",
        int: "an integer",
        bool: "true or false",
        NoneType: "null",
        dict: "an object",
        list: "an array",
        Raw: "a value",
    }
)
"""What a class is called in JSON."""
