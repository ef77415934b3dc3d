"""The exact reader: a JSON value beside its type, and what is wrong or was added.

In Python, node by node; it runs only where the fast reader says no.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Meta, Raw, Struct

from cancelnorm.escapes import quoted
from cancelnorm.masking import MASK, is_named_secret, is_secret, names_secret
from cancelnorm.prose import beginning, cut, prose
from cancelnorm.reader.nesting import TOO_DEEP, is_too_deep
from cancelnorm.reader.scalars import SCALAR_CHECKS, Scalar, Unreadable
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
from cancelnorm.schema import Note

__all__ = [
    "NO_FIELD",
    "Drift",
    "Mismatch",
    "Tree",
    "Walked",
    "added_field",
    "added_word",
    "choose",
    "duplicates",
    "fits",
    "is_plain_key",
    "likeness",
    "member_path",
    "one_of",
    "redacted",
    "tree_of",
    "walk",
]


class Mismatch(ValueError):
    """A payload that has none of the expected shapes."""

    def __init__(self, path: str, expected: str, found: str) -> None:
        super().__init__(path, expected, found)
        self.path = path
        self.expected = expected
        self.found = found


class _Number(str):
    """A JSON number that is no integer, as its text: nothing goes through a binary float."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


_decode: Final = msgspec.json.Decoder(float_hook=_Number).decode
_NESTED: Final = (dict, list)


def tree_of(data: bytes | Raw, within: str | None = None) -> Any:
    """Bytes → JSON value as the exact reader walks it; a number that is no integer keeps its text.

    ``within`` is the path of the object that it stands in. Raises ValueError where it is no JSON, Mismatch where
    brackets are nested too deeply.
    """
    try:
        tree = _decode(data)
    except RecursionError as error:
        raise Mismatch("$", "JSON", TOO_DEEP) from error
    if isinstance(tree, _NESTED):
        above = 0 if within is None else 1 + within.count(".") + within.count("[")
        if is_too_deep(tree, above):
            raise Mismatch("$", "JSON", TOO_DEEP)
    return tree


At = tuple[Any, str | int] | None
"""A place in a payload: the place of what it stands in, and its key or index; None for the payload itself."""


def _path(at: At) -> str:
    """The JSON path of a place."""
    steps = []
    while at is not None:
        at, step = at
        steps.append(step)
    path = "$"
    for step in reversed(steps):
        path = f"{path}[{step}]" if isinstance(step, int) else member_path(path, step)
    return path


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


class _Walk:
    """One walk over a JSON value; ``notes`` and ``drift`` collect what was added."""

    __slots__ = ("drift", "notes", "quoted", "refuse")

    def __init__(self, *, refuse: bool, quoted: bool) -> None:
        self.notes: list[Note] = []
        self.drift: list[Drift] = []
        self.refuse = refuse
        self.quoted = quoted

    def add(self, note: Note, expected: str, drift: Drift | None) -> None:
        """Note an addition, or refuse it."""
        if self.refuse:
            found = note.value if note.value == MASK else shown(note.value)
            raise Mismatch(note.path, expected, found)
        self.notes.append(note)
        if drift is not None:
            self.drift.append(drift)


def added_field(path: str, key: str, value: Any) -> Note:
    """A note on a field that a struct does not have."""
    shown_value = MASK if is_secret(key) else redacted(value)
    return Note("unknown-field", path, _NO_FIELD_EXPECTED, shown_value)


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
        raise Mismatch(_path(at), JSON_CLASSES[cls], shown(value))

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
            if cls is Raw and _is_of_class(node, value):
                sent = Raw(value.encode() if isinstance(value, _Number) else msgspec.json.encode(value))
            elif cls is int and (number := _unquoted(walk, value)) is not None:
                sent = value = number
            else:
                raise Mismatch(_path(at), wrong_class, shown(value))
        if (
            (ge is not None and value < ge)
            or (le is not None and value > le)
            or (lt is not None and value >= lt)
            or (max_length is not None and len(value) > max_length)
            or (min_length is not None and len(value) < min_length)
        ):
            raise Mismatch(_path(at), expected, shown(value))
        if check is not None:
            try:
                check(sent)
            except Unreadable as error:
                raise Mismatch(_path(at), expected, shown(value)) from error
        return sent

    return read


def _is_of_class(node: ScalarNode, value: Any) -> bool:
    if node.cls is not Raw:
        return type(value) is node.cls
    return type(value) in _RAW or (value is None and node.scalar in _OR_EMPTY)


_RAW: Final = (str, int, _Number)
_OR_EMPTY: Final = (Scalar.NUMBER_OR_EMPTY, Scalar.ANY_NUMBER)


def _is_within(meta: Meta, value: Any) -> bool:
    """Whether a value is within its bounds."""
    return not (
        (meta.ge is not None and value < meta.ge)
        or (meta.le is not None and value > meta.le)
        or (meta.lt is not None and value >= meta.lt)
        or (meta.max_length is not None and len(value) > meta.max_length)
        or (meta.min_length is not None and len(value) < meta.min_length)
    )


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
        if not _is_word(node.words, value):
            number = _unquoted(walk, value) if takes_int else None
            if number is not None and _is_word(node.words, number):
                return number
            if not node.open or type(value) is not str:
                raise Mismatch(_path(at), expected, shown(value))
            walk.add(added_word(_path(at), expected, value), expected, drift)
        return value

    return read


def _is_word(words: Sequence[Any], value: Any) -> bool:
    return type(value) in _WORDS and value in words


_WORDS: Final = (str, int)


def _list_reader(node: ListNode) -> _Read:
    read_item = _reader(node.item)

    def read(walk: _Walk, value: Any, at: At) -> Any:
        if type(value) is not list:
            raise Mismatch(_path(at), JSON_CLASSES[list], shown(value))
        return [read_item(walk, part, (at, i)) for i, part in enumerate(value)]

    return read


def _map_reader(node: MapNode) -> _Read:
    read_item = _reader(node.item)

    def read(walk: _Walk, value: Any, at: At) -> Any:
        if type(value) is not dict:
            raise Mismatch(_path(at), JSON_CLASSES[dict], shown(value))
        return {key: read_item(walk, part, (at, key)) for key, part in value.items()}

    return read


@cache
def _struct_reader(node: StructNode) -> _Read:
    struct, required, keys, bare = node.struct, node.required, node.keys, node.bare
    fields = [(f.key, f.name, _sure(f.node), _reader(f.node, (struct, f.key))) for f in node.fields]

    def read(walk: _Walk, value: Any, at: At) -> Any:
        if type(value) is not dict:
            raise Mismatch(_path(at), JSON_CLASSES[dict], shown(value))
        if not required <= value.keys():
            raise Mismatch(_path((at, _missing(node, value)[0])), "a value", NO_FIELD)
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
            raise Mismatch(_path(at), expected, "an object with none of them")
        for key in added:
            path = _path((at, key))
            if bare and (not keys or isinstance(value[key], dict | list | None)):
                raise Mismatch(path, NO_FIELD, MASK if is_secret(key) else shown(value[key]))
            walk.add(added_field(path, key, value[key]), NO_FIELD, Drift(struct, key, is_word=False))

    return read


def _sure(node: Node) -> type | None:
    """The class of which a node takes every value; None where it looks at the value too."""
    return node.cls if isinstance(node, PlainNode) else None


def _union_reader(node: UnionNode, holder: _Holder) -> _Read:
    readers = {member: _reader(member, holder) for member in node.members}

    def read(walk: _Walk, value: Any, at: At) -> Any:
        return readers[choose(node, value, at)](walk, value, at)

    return read


# --- Unions ---


def fits(node: Node, value: Any) -> bool:
    """Whether a JSON value has a type exactly; marks are not looked at, but for what tells structs apart."""
    match node:
        case AnyNode():
            return True
        case PlainNode():
            return type(value) is node.cls
        case ScalarNode():
            return (
                _is_of_class(node, value)
                and _is_within(node.meta, value)
                and (node.scalar is not Scalar.NAMING or value != "0")
            )
        case WordNode():
            return _is_word(node.words, value)
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
        return _is_of_class(node, value)
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
            _path(at),
            " or ".join(sorted(dict.fromkeys(map(_describe, node.members)), key=_place)),
            shown(value),
        )
    return fitting[0]


def _choose_struct(members: Sequence[StructNode], value: dict[str, Any], at: At) -> StructNode:
    """Tell structs apart: by constants they prescribe, by keys only one has, by what is missing or unknown least."""
    if whole := [m for m in members if m.has_keys_of(value) and m.constants_match(value) is not False]:
        if len(whole) == 1:
            return whole[0]
        nearest = (m for test in (fits, _fits_but_within, _takes_all) for m in whole if test(m, value))
        return next(nearest, whole[0])
    verdicts = {m: m.constants_match(value) for m in members}
    possible = [m for m in members if verdicts[m] is True] or [m for m in members if verdicts[m] is None]
    possible = possible or list(members)
    own = {m: _own_keys(m, tuple(possible)) & value.keys() for m in possible}
    missing = {m: _missing(m, value) for m in possible}
    chosen = max(
        possible,
        key=lambda m: (bool(own[m]), likeness(m, value), -len(missing[m]), len(m.keys & value.keys())),
    )
    if missing[chosen] and not own[chosen]:
        # Nothing tells the shapes apart: any of their missing keys would.
        keys = dict.fromkeys(missing[m][0] for m in possible if len(missing[m]) == len(missing[chosen]))
        if len(keys) > 1:
            raise Mismatch(_path(at), f"a field {' or '.join(keys)}", "none of them")
    for other in possible:
        if foreign := (other.keys & value.keys()) - chosen.keys:
            mine = min(own[chosen] or chosen.keys & value.keys(), default="none")
            one, two = chosen.struct.__name__, other.struct.__name__
            found = f"keys of both: {mine} of {one} and {min(foreign)} of {two}"
            raise Mismatch(_path(at), f"either {one} or {two}", found)
    return chosen


def _missing(node: StructNode, value: dict[str, Any]) -> list[str]:
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
    match node:
        case WordNode(words=(str() as word,)):
            return 1 if value == word else -1
        case StructNode() if type(value) is dict:
            if value.keys().isdisjoint(node.keys):
                return 0
            return sum(likeness(f.node, value[f.key]) for f in node.fields if f.key in value)
        case UnionNode():
            return max((likeness(m, value) for m in node.members if _takes(m, value)), default=0)
        case _:
            return 0


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
    return " or ".join(
        repr(w) if isinstance(w, str) and not w.isalpha() and w.isdigit() else str(w) for w in words
    )


# --- Paths and values, as they are shown ---


def is_plain_key(key: str) -> bool:
    """Whether a key is short and has nothing but letters, digits, underscores and hyphens."""
    return 0 < len(key) < 60 and key.isascii() and key.replace("_", "0").replace("-", "0").isalnum()


def member_path(at: str, key: str) -> str:
    """The JSON path of a key; a long one is cut, and what is secret in it is masked."""
    if is_plain_key(key):
        return f"{at}.{key}"
    return f"{at}[{json.dumps(cut(key, 64), ensure_ascii=False)}]"


def shown(value: Any) -> str:
    """A value in at most 60 characters, fit for one line."""
    if isinstance(value, _Number):
        return beginning(str(value), 60)
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "an array" if value else "an empty array"
    if isinstance(value, str):
        return _shown_text(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return "a number of over 60 digits"
    return beginning(json.dumps(value), 60)


@lru_cache(maxsize=8)
def _shown_text(text: str) -> str:
    """The same for a text, which may be long and be held against many types."""
    return beginning(quoted(cut(text, 256)), 60)


def redacted(value: Any) -> Any:
    """A JSON value with everything named like a secret masked; a number with a fraction as its text."""
    if isinstance(value, str):
        return prose(str(value))
    if isinstance(value, dict):
        named = "value" if is_named_secret(value) else None
        return {prose(k): MASK if k == named or is_secret(k) else redacted(v) for k, v in value.items()}
    if isinstance(value, list):
        return [MASK if names_secret(k) else redacted(v) for k, v in pairwise([None, *value])]
    if isinstance(value, int) and value.bit_length() > 64:
        return shown(value)
    return value


# --- Duplicate keys ---


class _Pairs(list[tuple[str, Any]]):
    """An object with all its keys, also those that come twice."""

    def values(self) -> Iterator[Any]:
        """All values, as those of a dict."""
        return (value for _, value in self)


def _duplicates(value: Any, at: str) -> Iterator[Note]:
    """A note for every key that comes twice and says the same; Mismatch where it does not."""
    if isinstance(value, _Pairs):
        seen: dict[str, Any] = {}
        for key, part in value:
            if key in seen:
                if repr(seen[key]) != repr(part):
                    raise Mismatch(member_path(at, key), "one value", "the same key with different values")
                yield Note(
                    "duplicate-key", member_path(at, key), "the key is there twice with the same value"
                )
            seen[key] = part
            yield from _duplicates(part, member_path(at, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _duplicates(part, f"{at}[{i}]")


def duplicates(data: bytes) -> list[Note]:
    """List the keys that are there twice and say the same; Mismatch where they contradict each other.

    The same where one of the values, which no tree has, is nested too deeply.
    """
    try:
        tree = json.loads(data, object_pairs_hook=_Pairs, parse_float=_Number)
    except RecursionError as error:
        raise Mismatch("$", "JSON", TOO_DEEP) from error
    if is_too_deep(tree):
        raise Mismatch("$", "JSON", TOO_DEEP)
    return list(_duplicates(tree, "$"))


def _keys_in(value: Any) -> int:
    """How many keys an object or array has, with all that is in it."""
    count = 0
    if type(value) is dict:
        count = len(value)
        value = value.values()
    for part in value:
        if type(part) in _NESTED:
            count += _keys_in(part)
    return count


class Tree:
    """A payload that is decoded once to be walked beside many types; Mismatch where it is no JSON."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._duplicates: list[Note] | Mismatch | None = None
        try:
            self.value: Any = tree_of(data)
        except Mismatch:
            raise
        except UnicodeDecodeError as error:
            raise Mismatch("$", "JSON in UTF-8", "a byte that is no UTF-8") from error
        except ValueError as error:
            raise Mismatch("$", "JSON", _malformed(data, str(error))) from error

    def walk(self, node: Node, *, refuse: bool, quoted: bool = False) -> Walked:
        """Read the payload as a type, or raise Mismatch.

        ``refuse`` makes additions a Mismatch too, ``quoted`` accepts integers in quotes.
        """
        walk = _Walk(refuse=refuse, quoted=quoted)
        value = _root(node)(walk, self.value, None)
        return Walked(value, [*walk.notes, *self._repeated()], walk.drift)

    def _repeated(self) -> list[Note]:
        """The keys that are there twice and say the same; Mismatch where they contradict each other."""
        if self._duplicates is None:
            # As many colons as keys: none is there twice.
            is_whole = type(self.value) not in _NESTED or self._data.count(b":") == _keys_in(self.value)
            try:
                self._duplicates = [] if is_whole else duplicates(self._data)
            except Mismatch as fault:
                self._duplicates = fault
        if isinstance(self._duplicates, Mismatch):
            raise self._duplicates
        return self._duplicates


def walk(data: bytes, node: Node, *, refuse: bool, quoted: bool = False) -> Walked:
    """Read a payload as a type, or raise Mismatch, as ``Tree`` does."""
    return Tree(data).walk(node, refuse=refuse, quoted=quoted)


@cache
def _root(node: Node) -> _Read:
    return _reader(node)


def _malformed(data: bytes, fault: str) -> str:
    """Why bytes are no JSON, in words that help."""
    text = data.lstrip()
    if not text:
        return "an empty body"
    if data.startswith(b"\xef\xbb\xbf"):
        return "a byte order mark before the payload"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        return "UTF-16 or UTF-32"
    if text.startswith(b"<"):
        return "HTML or XML"
    if "truncated" in fault:
        return f"JSON that ends after {len(data)} bytes"
    if fault.startswith("Integer value out of range"):
        return "a number of too many digits"
    fault = fault.removeprefix("JSON is malformed: ")
    return f"no {fault.removeprefix('expected ')}" if fault.startswith("expected ") else fault
