"""The exact reader: a JSON value beside its type, and what is wrong or was added.

In Python, node by node; it runs only where the fast reader says no.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Meta, Raw, Struct

from cancelnorm.masking import MASK
from cancelnorm.no_utf8 import is_no_utf8
from cancelnorm.prose import prose
from cancelnorm.reader.mismatch import At, Mismatch, Number, path_of, redacted, shown
from cancelnorm.reader.scalars import DECIMALS, SCALAR_CHECKS, SHORT_ENOUGH, Scalar, Unreadable, excess
from cancelnorm.reader.tree import NESTED, duplicates, keys_in, malformed, tree_of
from cancelnorm.reader.types import (
    JSON_CLASSES,
    AnyNode,
    ListNode,
    MapNode,
    Node,
    PlainNode,
    ScalarNode,
    StructNode,
    UnionNode,
    WordNode,
)
from cancelnorm.reader.unions import choose, is_of_class, is_word, missing_keys, one_of
from cancelnorm.schema import Note
from cancelnorm.secret_names import hidden_keys

__all__ = ["NO_FIELD", "Drift", "Tree", "Walked", "added_field", "added_word", "walk"]


class Drift(NamedTuple):
    """Something a venue added: a field of a struct, or a word in such a field."""

    struct: type[Struct]
    key: str
    is_word: bool


class Walked(NamedTuple):
    """A payload that was read: its value, notes on what was added, and where that can be learned."""

    value: Any
    notes: list[Note]
    drift: list[Drift]


_Added = tuple[Note, Drift | None]


class _Walk:
    """One walk over a JSON value, and what was added to it.

    Notes on that are made in the end, as most walks over a value that is held against many types find a fault.
    """

    __slots__ = ("_found", "quoted", "refuse")

    def __init__(self, *, refuse: bool, quoted: bool) -> None:
        self._found: list[Callable[[], Iterable[_Added]]] = []
        self.refuse = refuse
        self.quoted = quoted

    def add(self, make: Callable[[], Iterable[_Added]], expected: str) -> None:
        """Keep what makes the notes on some additions, or refuse the first."""
        if self.refuse:
            note, _ = next(iter(make()))
            raise Mismatch(note.path, expected, note.value if note.value == MASK else shown(note.value))
        self._found.append(make)

    def added(self) -> list[_Added]:
        """What was added, in order."""
        return [each for make in self._found for each in make()]


def added_field(path: str, value: Any, *, is_hidden: bool) -> Note:
    """A note on a field that a struct does not have."""
    return Note("unknown-field", path, _NO_FIELD_EXPECTED, MASK if is_hidden else redacted(value))


def _added_fields(
    struct: type[Struct], value: dict[str, Any], keys: Iterable[str], at: At
) -> Iterable[_Added]:
    hidden = hidden_keys(value)
    for key in keys:
        note = added_field(path_of((at, key)), value[key], is_hidden=key in hidden)
        yield note, Drift(struct, key, is_word=False)


def added_word(path: str, expected: str, value: str) -> Note:
    """A note on a word that is none of those ``expected``, which ``one_of`` gives."""
    return Note("unknown-value", path, f"expected {expected}", prose(value))


NO_FIELD: Final = "no such field"
_NO_FIELD_EXPECTED: Final = f"expected {NO_FIELD}"

# --- Readers, one a node ---

_Read = Callable[[_Walk, Any, At], Any]
_Holder = tuple[type[Struct], str] | None
"""The field that a word stands in."""


def _reader(node: Node, holder: _Holder = None) -> _Read:
    """JSON value → value, or Mismatch."""
    match node:
        case AnyNode():
            return lambda _walk, value, _at: value
        case PlainNode():
            return _plain_reader(node.cls)
        case ScalarNode():
            return _scalar_reader(node)
        case WordNode():
            return _word_reader(node, holder)
        case ListNode():
            return _list_reader(node)
        case MapNode():
            return _map_reader(node)
        case StructNode():
            return _struct_reader(node)
        case UnionNode():
            return _union_reader(node, holder)


_INTEGER: Final = r"-?(?:0|[1-9][0-9]{0,18})"


def _unquoted(walk: _Walk, value: Any) -> int | None:
    """The integer that a dialect has in quotes; None for anything else."""
    is_integer = walk.quoted and type(value) is str and re.fullmatch(_INTEGER, value, re.ASCII)
    return int(value) if is_integer else None


def _plain_reader(cls: type) -> _Read:
    def read(walk: _Walk, value: Any, at: At) -> Any:
        if type(value) is cls:
            return value
        if cls is int and (number := _unquoted(walk, value)) is not None:
            return number
        raise Mismatch(path_of(at), JSON_CLASSES[cls], shown(value))

    return read


def _scalar_reader(node: ScalarNode) -> _Read:
    cls, meta, scalar = node.cls, node.meta, node.scalar
    ge, le, lt, max_length, min_length = meta.ge, meta.le, meta.lt, meta.max_length, meta.min_length
    expected = scalar.value if scalar else _bounds(meta)
    wrong_class = expected if scalar and scalar is not Scalar.FAILED else JSON_CLASSES[cls]
    check = SCALAR_CHECKS.get(scalar) if scalar else None

    def read(walk: _Walk, value: Any, at: At) -> Any:
        sent = value
        if type(value) is not cls:
            if cls is Raw and is_of_class(node, value):
                sent = Raw(value.encode() if isinstance(value, Number) else msgspec.json.encode(value))
            elif cls is int and (number := _unquoted(walk, value)) is not None:
                sent = value = number
            else:
                raise Mismatch(path_of(at), wrong_class, shown(value))
        if (
            (ge is not None and value < ge)
            or (le is not None and value > le)
            or (lt is not None and value >= lt)
            or (max_length is not None and len(value) > max_length)
            or (min_length is not None and len(value) < min_length)
        ):
            raise refusal(value, at)
        if check is not None:
            try:
                check(sent)
            except Unreadable as error:
                raise refusal(value, at) from error
        return sent

    def refusal(value: Any, at: At) -> Mismatch:
        if scalar in DECIMALS and isinstance(value, str) and (length := excess(value)):
            return Mismatch(path_of(at), f"{expected}, {SHORT_ENOUGH}", length)
        return Mismatch(path_of(at), expected, shown(value))

    return read


def _bounds(meta: Meta) -> str:
    """What a bounded scalar without a mark has to be."""
    if (meta.ge, meta.le) == (-(2**63), 2**63 - 1):
        return "a 64-bit integer"
    if meta.min_length is not None:
        return f"a string of {meta.min_length} to {meta.max_length} characters"
    if meta.ge == -(2**63):
        return f"an integer up to {meta.le}"
    return ", ".join(
        f"{word} {bound}"
        for word, bound in (("at least", meta.ge), ("at most", meta.le), ("less than", meta.lt))
        if bound is not None
    )


def _word_reader(node: WordNode, holder: _Holder) -> _Read:
    expected = one_of(node.words)
    drift = None if holder is None else Drift(*holder, is_word=True)
    takes_int = type(node.words[0]) is int

    def read(walk: _Walk, value: Any, at: At) -> Any:
        if not is_word(node.words, value):
            number = _unquoted(walk, value) if takes_int else None
            if number is not None and is_word(node.words, number):
                return number
            if not node.open or type(value) is not str:
                raise Mismatch(path_of(at), expected, shown(value))
            walk.add(lambda: [(added_word(path_of(at), expected, value), drift)], expected)
        return value

    return read


def _list_reader(node: ListNode) -> _Read:
    read_item = _reader(node.item)

    def read(walk: _Walk, value: Any, at: At) -> Any:
        if type(value) is not list:
            raise Mismatch(path_of(at), JSON_CLASSES[list], shown(value))
        return [read_item(walk, part, (at, i)) for i, part in enumerate(value)]

    return read


def _map_reader(node: MapNode) -> _Read:
    read_item = _reader(node.item)

    def read(walk: _Walk, value: Any, at: At) -> Any:
        if type(value) is not dict:
            raise Mismatch(path_of(at), JSON_CLASSES[dict], shown(value))
        return {key: read_item(walk, part, (at, key)) for key, part in value.items()}

    return read


@cache
def _struct_reader(node: StructNode) -> _Read:
    struct, required, keys, bare = node.struct, node.required, node.keys, node.bare
    fields = [(f.key, f.name, _sure(f.node), _reader(f.node, (struct, f.key))) for f in node.fields]

    def read(walk: _Walk, value: Any, at: At) -> Any:
        if type(value) is not dict:
            raise Mismatch(path_of(at), JSON_CLASSES[dict], shown(value))
        if not required <= value.keys():
            raise Mismatch(path_of((at, missing_keys(node, value)[0])), "a value", NO_FIELD)
        if not value.keys() <= keys:
            note_added(walk, value, at)
        parts = {}
        for key, name, sure, read in fields:
            if key in value:
                part = value[key]
                parts[name] = part if type(part) is sure else read(walk, part, (at, key))
        return struct(**parts)

    def note_added(walk: _Walk, value: dict[str, Any], at: At) -> None:
        """Note what is more in an object.

        That is an addition, unless it is all there is, or the struct is ``bare``: null, an object or an array
        (or, where the struct has no fields, anything) is not added to an answer that carries nothing. Then it
        is the answer of something else.
        """
        added = sorted(value.keys() - keys)
        if keys and len(added) == len(value):
            expected = f"an object with {' or '.join(f.key for f in node.fields)}"
            raise Mismatch(path_of(at), expected, "an object with none of them")
        for key in added if bare else ():
            part = value[key]
            if not keys or isinstance(part, dict | list | None):
                raise Mismatch(
                    path_of((at, key)), NO_FIELD, MASK if key in hidden_keys(value) else shown(part)
                )
            if walk.refuse:
                break  # what comes first is wrong
        walk.add(partial(_added_fields, struct, value, added, at), NO_FIELD)

    return read


def _sure(node: Node) -> type | None:
    """The class of which a node takes every value; None where it looks at the value too."""
    return node.cls if isinstance(node, PlainNode) else None


def _union_reader(node: UnionNode, holder: _Holder) -> _Read:
    readers = {member: _reader(member, holder) for member in node.members}
    takes_int = any(isinstance(each, PlainNode | ScalarNode) and each.cls is int for each in node.members)

    def read(walk: _Walk, value: Any, at: At) -> Any:
        try:
            member = choose(node, value, at)
        except Mismatch:
            number = _unquoted(walk, value) if takes_int else None
            if number is None:
                raise
            member, value = choose(node, number, at), number
        return readers[member](walk, value, at)

    return read


class Tree:
    """A payload that is decoded once to be walked beside many types; Mismatch where it is no JSON."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._duplicates: list[Note] | None = None
        self._fault: Mismatch | None = None  # of keys that are there twice
        try:
            self.value: Any = tree_of(data)
        except Mismatch:
            raise
        except ValueError as error:
            if is_no_utf8(error):
                raise Mismatch("$", "JSON in UTF-8", "a byte that is no UTF-8") from error
            raise Mismatch("$", "JSON", malformed(data, str(error))) from error

    def walk(self, node: Node, *, refuse: bool, quoted: bool = False) -> Walked:
        """Read the payload as a type, or raise Mismatch.

        ``refuse`` makes additions a Mismatch too, ``quoted`` accepts integers in quotes.
        """
        walk = _Walk(refuse=refuse, quoted=quoted)
        value = _root(node)(walk, self.value, None)
        added = walk.added()
        notes = [note for note, _ in added]
        drift = [each for _, each in added if each is not None]
        return Walked(value, [*notes, *self._repeated()], drift)

    def _repeated(self) -> list[Note]:
        """The keys that are there twice and say the same; Mismatch where they contradict each other."""
        if self._fault is not None:
            raise self._fault.kept()
        if self._duplicates is None:
            # As many colons as keys: none is there twice.
            is_whole = type(self.value) not in NESTED or self._data.count(b":") == keys_in(self.value)
            try:
                self._duplicates = [] if is_whole else duplicates(self._data)
            except Mismatch as fault:
                self._fault = fault.kept()
                raise
        return self._duplicates


def walk(data: bytes, node: Node, *, refuse: bool, quoted: bool = False) -> Walked:
    """Read a payload as a type, or raise Mismatch, as ``Tree`` does."""
    return Tree(data).walk(node, refuse=refuse, quoted=quoted)


@cache
def _root(node: Node) -> _Read:
    return _reader(node)
