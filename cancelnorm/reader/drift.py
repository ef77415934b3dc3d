"""Drift, learned: fields and words that a venue added, read at full speed from the second time on.

A struct is extended by the fields that were seen beside its own, and a field of words takes any word that was
seen in it. What is read so is noted as the exact reader notes it, and nothing else ever changes: a struct is
extended only where that cannot change which member of a union a payload is read as.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType, UnionType, new_class
from typing import Any, Final, NamedTuple, Union, get_args, get_type_hints

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.structs import force_setattr

from cancelnorm.reader.exact import Drift, added_field, added_word
from cancelnorm.reader.mismatch import is_plain_key, member_path
from cancelnorm.reader.tree import NESTED, keys_in, tree_of
from cancelnorm.reader.types import (
    DECLARED,
    Kind,
    ListNode,
    MapNode,
    Node,
    StructNode,
    UnionNode,
    WordNode,
    fields_of,
    is_struct,
    literals,
    members_of,
    origin_of,
)
from cancelnorm.reader.unions import one_of
from cancelnorm.schema import Note
from cancelnorm.secret_names import is_secret, may_be_hidden_beside

__all__ = ["MAX_ADDED", "NOTHING", "Added", "Learned", "Noter", "Structs", "extended", "learnable", "noter"]

MAX_ADDED: Final = 32
"""How many fields a struct is extended by at most; what comes after them is always read the exact way."""


class Learned(NamedTuple):
    """What venues added to the structs of one type: fields, sorted by key, and fields with new words."""

    fields: Mapping[type[Struct], tuple[str, ...]]
    words: frozenset[tuple[type[Struct], str]]

    def more(self, drift: Iterable[Drift], allowed: Mapping[type[Struct], frozenset[str]]) -> "Learned":
        """The same with what can be learned from additions; itself where that is nothing."""
        fields, words = dict(self.fields), set(self.words)
        for struct, key, is_word in drift:
            if struct not in allowed:
                continue
            known = fields.get(struct, ())
            if is_word:
                words |= {(struct, key)} if _takes_words(struct, key) else set()
            elif len(known) < MAX_ADDED and key not in {*known, *allowed[struct]} and _is_learnable(key):
                fields[struct] = tuple(sorted((*known, key)))
        if fields == self.fields and words == self.words:
            return self
        return Learned(MappingProxyType(fields), frozenset(words))


NOTHING: Final = Learned(MappingProxyType({}), frozenset())


def _is_learnable(key: str) -> bool:
    """Whether a field can be learned: one that holds a secret only if others beside it say so is looked at."""
    return is_plain_key(key) and not may_be_hidden_beside(key)


def _takes_words(struct: type[Struct], key: str) -> bool:
    """Whether a field is a word, or nothing; in arrays and beside other texts words are not learned."""
    kinds = next(members_of(f.kind) for f in fields_of(struct) if f.key == key)
    return sum(_is_words(kind) for kind in kinds) == 1 and str not in kinds


def _is_words(kind: Kind) -> bool:
    words = literals(kind)
    return bool(words) and all(isinstance(word, str) for word in words)


# --- What may be learned ---


@cache
def learnable(root: Node) -> Mapping[type[Struct], frozenset[str]]:
    """List the structs in a type that may be extended, each with the keys that it must not get.

    A struct that is a member of a union must be certain to be chosen whenever a payload has what it requires,
    or the others might have been meant; so must all that it stands in.
    """
    found: dict[type[Struct], frozenset[str]] = {}
    refused: set[type[Struct]] = set()

    def visit(node: Node, foreign: frozenset[str], *, is_certain: bool) -> None:
        match node:
            case UnionNode():
                for member in node.members:
                    others = [other for other in node.structs if other is not member]
                    visit(
                        member,
                        frozenset().union(*(other.keys for other in others)),
                        is_certain=is_certain
                        and (not isinstance(member, StructNode) or _is_certain(member, others)),
                    )
            case ListNode() | MapNode():
                visit(node.item, frozenset(), is_certain=is_certain)
            case StructNode():
                if is_certain and node.required:
                    found[node.struct] = found.get(node.struct, frozenset()) | foreign
                else:
                    refused.add(node.struct)
                for field in node.fields:
                    visit(field.node, frozenset(), is_certain=is_certain)
            case _:
                pass

    visit(root, frozenset(), is_certain=True)
    return MappingProxyType({struct: keys for struct, keys in found.items() if struct not in refused})


def _is_certain(node: StructNode, others: Sequence[StructNode]) -> bool:
    """Whether an object with all that a struct requires is read as that struct, whatever else it has."""
    rivals = [other for other in others if not node.is_apart(other)]
    own = node.required.difference(*(other.keys for other in rivals))
    is_named = any(key in node.required for key in node.constants)
    return not rivals or (bool(own) and (is_named or not any(other.constants for other in rivals)))


# --- Types ---

Structs = dict[type[Struct], type[Struct]]


def extended(kind: Kind, learned: Learned, structs: Structs) -> Kind:
    """A type with what was learned; ``structs`` collects the structs that are new → what they became."""
    origin = origin_of(kind)
    if origin in (Union, UnionType):
        members = tuple(extended(arg, learned, structs) for arg in get_args(kind))
        return Union[members]  # noqa: UP007  # its members are known at run time
    if origin is list:
        return list[extended(get_args(kind)[0], learned, structs)]  # type: ignore[misc]  # made at run time
    if origin is dict:
        return dict[str, extended(get_args(kind)[1], learned, structs)]  # type: ignore[misc]  # as above
    if is_struct(kind):
        if kind not in structs:
            structs[kind] = _extended_struct(kind, learned, structs)
        return structs[kind]
    return kind


def _extended_struct(struct: type[Struct], learned: Learned, structs: Structs) -> type[Struct]:
    """A subclass of a struct that takes what was learned; the struct itself where that is nothing."""
    hints = get_type_hints(struct, include_extras=True)
    fields: list[tuple[str, Any, Any]] = []
    for info in msgspec.structs.fields(struct):
        kind = extended(hints[info.name], learned, structs)
        if (struct, info.encode_name) in learned.words:
            kind = _widened(kind)
        if kind != hints[info.name]:
            default = {} if info.required else {"default": info.default}
            fields.append((info.name, kind, msgspec.field(name=info.encode_name, **default)))
    for i, key in enumerate(learned.fields.get(struct, ())):
        fields.append((_attribute(i), Raw | UnsetType, msgspec.field(name=key, default=UNSET)))
    if not fields:
        return struct
    namespace = {
        DECLARED: struct,
        "__annotations__": {name: kind for name, kind, _ in fields},
        "__module__": struct.__module__,
        **{name: value for name, _, value in fields},
    }
    settings = {"kw_only": True, "forbid_unknown_fields": True, "gc": False}
    return new_class(struct.__name__, (struct,), settings, lambda body: body.update(namespace))


def _widened(kind: Kind) -> Kind:
    """A type that takes any text where it took words."""
    if origin_of(kind) in (Union, UnionType):
        return Union[tuple(map(_widened, get_args(kind)))]  # noqa: UP007  # as above
    return str if _is_words(kind) else kind


def _attribute(i: int) -> str:
    return f"added_{i}"


# --- Notes ---


class Added:
    """What a venue added to a value: notes on it, and the fields in which it stands."""

    __slots__ = ("_fields", "notes")

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self._fields: list[tuple[Struct, str]] = []

    def field(self, struct: Struct, name: str, note: Note) -> None:
        """Add what stands in a field that was not declared."""
        self._fields.append((struct, name))
        self.notes.append(note)

    def taken_off(self) -> list[Note]:
        """Take it off the value, which has what was declared alone then; give the notes."""
        for struct, name in self._fields:
            force_setattr(struct, name, UNSET)
        return self.notes


Noter = Callable[[Any, str, Added], None]
"""Gather what a venue added to a value at a path."""


def noter(node: Node, learned: Learned, structs: Structs) -> Noter | None:
    """Notes on values of an extended type, as the exact reader makes them; None where there can be none."""
    match node:
        case UnionNode():
            noters = {
                _class(m, structs): found for m in node.members if (found := noter(m, learned, structs))
            }
            return _note_member(noters) if noters else None
        case ListNode():
            inner = noter(node.item, learned, structs)
            return None if inner is None else _note_items(inner)
        case MapNode():
            inner = noter(node.item, learned, structs)
            return None if inner is None else _note_values(inner)
        case StructNode() if structs[node.struct] is not node.struct:
            return _note_struct(node, learned, structs)
        case _:
            return None


def _class(node: Node, structs: Structs) -> type:
    match node:
        case StructNode():
            return structs[node.struct]
        case ListNode():
            return list
        case _:
            return dict


def _note_member(noters: Mapping[type, Noter]) -> Noter:
    def note(value: Any, path: str, added: Added) -> None:
        if inner := noters.get(type(value)):
            inner(value, path, added)

    return note


def _note_items(inner: Noter) -> Noter:
    def note(value: Any, path: str, added: Added) -> None:
        for i, part in enumerate(value):
            inner(part, f"{path}[{i}]", added)

    return note


def _note_values(inner: Noter) -> Noter:
    def note(value: Any, path: str, added: Added) -> None:
        for key, part in value.items():
            inner(part, member_path(path, key), added)

    return note


def _note_struct(node: StructNode, learned: Learned, structs: Structs) -> Noter:
    fields = [
        (_attribute(i), is_secret(key), member_path("", key))
        for i, key in enumerate(learned.fields.get(node.struct, ()))
    ]
    inner = [
        (field.name, member_path("", field.key), found)
        for field in node.fields
        if (
            found := _note_word(field.node)
            if (node.struct, field.key) in learned.words
            else noter(field.node, learned, structs)
        )
    ]

    def note(value: Any, path: str, added: Added) -> None:
        for name, is_hidden, step in fields:
            sent = getattr(value, name)
            if sent is not UNSET:
                found = tree_of(sent, path)
                if type(found) in NESTED and bytes(sent).count(b":") != keys_in(found):
                    raise ValueError  # perhaps a key is there twice: the exact reader says
                if node.bare and isinstance(found, dict | list | None):
                    raise ValueError  # an answer of something else: the exact reader says of what
                added.field(value, name, added_field(path + step, found, is_hidden=is_hidden))
        for name, step, note_field in inner:
            part = getattr(value, name)
            if part is not UNSET:
                note_field(part, path + step, added)

    return note


def _note_word(node: Node) -> Noter:
    nodes = node.members if isinstance(node, UnionNode) else (node,)
    words = next(n.words for n in nodes if isinstance(n, WordNode) and isinstance(n.words[0], str))
    known, expected = frozenset(words), one_of(words)

    def note(value: Any, path: str, added: Added) -> None:
        if isinstance(value, str) and value not in known:
            added.notes.append(added_word(path, expected, value))

    return note
