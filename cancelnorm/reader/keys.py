"""Which of many types a payload may have, by its keys: nothing is read for certain, and little is missed."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Raw, Struct

from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode

__all__ = ["KeyIndex"]

T = TypeVar("T")

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


class _Array(Struct, array_like=True, gc=False):
    """An array, of which only the first element is looked at."""

    first: Raw = Raw(b"")  # of an empty array


_array: Final = msgspec.json.Decoder(_Array).decode
_FIRST: Final = re.compile(rb"[ \t\r\n]*([\[{])")


class _Keys(NamedTuple):
    """The keys of an object: which it needs, which it may have."""

    required: frozenset[str]
    known: frozenset[str]


class _Group(NamedTuple):
    """Rows whose objects have the same keys."""

    keys: _Keys
    rows: tuple[int, ...]


class _Rows(NamedTuple):
    """The rows that a payload may have: with additions, and exactly."""

    possible: tuple[int, ...]
    exact: tuple[int, ...]


_NONE: Final = _Rows((), ())


class _Objects:
    """Groups of rows, found by the rarest key that each needs."""

    def __init__(self, structs: Iterable[tuple[StructNode, int]]) -> None:
        rows: dict[_Keys, list[int]] = {}
        for node, row in structs:
            rows.setdefault(_Keys(node.required, node.keys), []).append(row)
        uses = Counter(key for keys in rows for key in keys.required)
        self._groups: dict[str | None, list[_Group]] = {}
        for keys, found in rows.items():
            rarest = min(sorted(keys.required), key=uses.__getitem__, default=None)
            self._groups.setdefault(rarest, []).append(_Group(keys, tuple(found)))
        self.fitting = lru_cache(maxsize=1_024)(self._fitting)
        """Keys → the rows of which an object has all required keys; and of those, the rows that know them all."""

    def _fitting(self, keys: tuple[str, ...]) -> _Rows:
        found = frozenset(keys)
        groups = [group for key in (None, *keys) for group in self._groups.get(key, ())]
        fitting = [group for group in groups if group.keys.required <= found]
        whole = [group for group in fitting if found <= group.keys.known]
        possible, exact = ({row for group in some for row in group.rows} for some in (fitting, whole))
        return _Rows(tuple(sorted(possible)), tuple(sorted(exact)))


class KeyIndex(Generic[T]):
    """Types, each with what it stands for; payloads are looked up by the keys of their first object."""

    def __init__(self, rows: Iterable[tuple[Node, T]]) -> None:
        rows = list(rows)
        self._rows = [row for _, row in rows]
        nodes = [(node, i) for i, (root, _) in enumerate(rows) for node in _members(root)]
        arrays = [(node, i) for node, i in nodes if isinstance(node, ListNode)]
        self._objects = _Objects((node, i) for node, i in nodes if isinstance(node, StructNode))
        self._items = _Objects(
            (item, i) for node, i in arrays for item in _members(node.item) if isinstance(item, StructNode)
        )
        every = tuple(sorted({i for _, i in arrays}))
        self._empty = _Rows(every, every)

    def exactly(self, data: bytes) -> list[T]:
        """What may stand for a payload that has all required keys and no others, in order."""
        return [self._rows[i] for i in self._look(data).exact]

    def possibly(self, data: bytes) -> list[T]:
        """What may stand for a payload that has all required keys, in order."""
        return [self._rows[i] for i in self._look(data).possible]

    def _look(self, data: bytes) -> _Rows:
        """Look at the keys of a payload, or of the first object in it."""
        first = _FIRST.match(data)
        try:
            match first and first[1]:
                case b"{":
                    return self._objects.fitting(tuple(_object(data)))
                case b"[":
                    item = _array(data).first
                    return self._items.fitting(tuple(_object(item))) if bytes(item) else self._empty
        except (ValueError, RecursionError):
            pass
        return _NONE


def _members(node: Node) -> tuple[Node, ...]:
    return node.members if isinstance(node, UnionNode) else (node,)
