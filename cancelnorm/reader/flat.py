"""Flat objects: which of many types take an object of scalars, whose members are read once for all of them."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from types import NoneType
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar

import msgspec
from msgspec import Raw

from cancelnorm.reader.fast import Check, encode, verifier
from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import (
    Kind,
    ListNode,
    Node,
    PlainNode,
    ScalarNode,
    StructNode,
    UnionNode,
    WordNode,
    class_of,
    fields_of,
    literals,
    members_of,
    scalar_of,
)

__all__ = ["FlatTypes"]

T = TypeVar("T")

_value: Final = msgspec.json.Decoder().decode
_SCALARS: Final = frozenset((str, int, float, bool, NoneType))


class _Test(NamedTuple):
    """What a field takes that is no plain scalar: what its decoder takes, which has to be what its mark promises."""

    decode: Callable[[Raw], Any]
    check: Check
    refuses_zero: bool

    def decodes(self, raw: Raw, value: object) -> bool:
        """Whether the decoder takes a value."""
        if self.refuses_zero and value == 0:
            return False
        try:
            self.decode(raw)
        except ValueError:
            return False
        return True

    def is_exact(self, value: object) -> bool:
        """Whether a value that the decoder takes is what the mark promises."""
        try:
            self.check(value)
        except ValueError:
            return False
        return True


class _Column:
    """What the structs take under one key; of those with equal fields, the bits are together."""

    def __init__(self) -> None:
        self._taking: dict[type, int] = {}
        self._tests: dict[Hashable, tuple[_Test, frozenset[type], int]] = {}

    def add(self, kind: Kind, bit: int, refuses_zero: bool) -> bool:
        """Add the field of a struct; False if it may hold more than a scalar."""
        classes = _classes(kind)
        if not classes <= _SCALARS:
            return False
        for each in classes:
            self._taking[each] = self._taking.get(each, 0) | bit
        if not all(m in _SCALARS or scalar_of(m) is Scalar.PROSE for m in members_of(kind)):
            key = repr(kind), refuses_zero
            test, _, bits = self._tests.get(key) or (
                _Test(json_decoder(kind).decode, verifier(kind), refuses_zero),
                classes,
                0,
            )
            self._tests[key] = test, classes, bits | bit
        return True

    def by_class(self) -> Mapping[type, "_Asked"]:
        """What the structs take of the values of a class."""
        return {
            each: _Asked(taking, [(test, bits) for test, of, bits in self._tests.values() if each in of])
            for each, taking in self._taking.items()
        }


class _Asked(NamedTuple):
    """The bits of the structs that take values of a class, and the tests of some of them."""

    taking: int
    tests: Sequence[tuple[_Test, int]]


_NOBODY: Final = _Asked(0, ())


def _classes(kind: Kind) -> frozenset[type]:
    """The classes of the values of a type."""
    return frozenset(
        each for m in members_of(kind) for each in (map(type, literals(m)) if literals(m) else (class_of(m),))
    )


class FlatTypes(Generic[T]):
    """The types of which an object with certain keys may be, each with what it stands for.

    Their structs have a bit each, those with equal fields the same.
    """

    def __init__(self, columns: Mapping[str, _Column], types: Sequence[tuple[Sequence[int], T]]) -> None:
        self._columns = [(key, column.by_class()) for key, column in columns.items()]
        self._types = types
        self._all = 0
        for bits, _ in types:
            for bit in bits:
                self._all |= bit
        self._known: dict[tuple[int, int], Sequence[T]] = {}

    @classmethod
    def of(cls, keys: tuple[str, ...], types: Iterable[tuple[Node, T]]) -> Self | None:
        """Such types, of which each has a struct that knows all keys; None if one may hold more than scalars."""
        columns = {key: _Column() for key in keys}
        bits: dict[str, int] = {}
        found: list[tuple[Sequence[int], T]] = []
        for node, row in types:
            structs = _structs(node, frozenset(keys))
            if structs is None:
                return None
            own = []
            for struct in structs:
                kinds = {field.key: field.kind for field in fields_of(struct.struct)}
                refused = struct.failed if isinstance(node, UnionNode) else ()
                fields = {key: (kinds[key], key in refused) for key in keys}
                own.append(bits.setdefault(repr(fields), 1 << len(bits)))
                if not all(columns[key].add(kind, own[-1], zero) for key, (kind, zero) in fields.items()):
                    return None
            found.append((own, row))
        return cls(columns, found)

    def taking(self, data: bytes, members: Mapping[str, Raw]) -> Sequence[T] | None:
        """What the types stand for that take an object exactly, in order; None where each has to be asked.

        ``members`` are those of the object.
        """
        decoding = exact = self._all
        try:
            if not _is_whole(data, members):
                return None
            for key, by_class in self._columns:
                value = _value(members[key])
                asked = by_class.get(type(value), _NOBODY)
                decoding &= asked.taking
                for test, bits in asked.tests:
                    if not test.decodes(members[key], value):
                        decoding &= ~bits
                    elif not test.is_exact(value):
                        exact &= ~bits
                if not decoding:
                    return ()
        except (ValueError, RecursionError):
            return None
        known = self._known.get((decoding, exact))
        if known is None:
            known = self._known[decoding, exact] = self._found(decoding, exact)
        return known

    def _found(self, decoding: int, exact: int) -> Sequence[T]:
        """What the types stand for of which the first struct that decodes an object is exact."""
        firsts = [(next((bit for bit in bits if bit & decoding), 0), row) for bits, row in self._types]
        return tuple(dict.fromkeys(row for first, row in firsts if first & exact))


def _is_whole(data: bytes, members: Mapping[str, Raw]) -> bool:
    """Whether no key is there twice; if not, one may be."""
    length = len(encode(members))
    return length == len(data) or length == len(msgspec.json.format(data, indent=-1))


def _structs(node: Node, keys: frozenset[str]) -> list[StructNode] | None:
    """The structs in a type of which an object with such keys may be; None where another type takes it, too."""
    found = []
    for member in node.members if isinstance(node, UnionNode) else (node,):
        match member:
            case StructNode():
                if member.required <= keys <= member.keys:
                    found.append(member)
            case PlainNode() | ScalarNode():
                if member.cls not in _SCALARS:
                    return None
            case WordNode() | ListNode():
                pass
            case _:
                return None
    return found
