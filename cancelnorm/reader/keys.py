"""Which of many types a payload may have, by its keys: nothing is read for certain, and little is missed."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Raw, Struct

from cancelnorm.caching import cached
from cancelnorm.reader.types import AnyNode, ListNode, MapNode, Node, StructNode, UnionNode

__all__ = ["Alike", "KeyIndex", "Near", "keys_of", "members_of"]

T = TypeVar("T")


class Alike(NamedTuple, Generic[T]):
    """What stands for types that read a payload alike.

    ``item`` is the struct of every element that this depends on. Without such a struct, all read the payload as
    the first does, or none can. With one, they do so where the first reads an array of nothing else; about another
    array each has to be asked. ``alone`` is given where they read it as one struct or not at all: the struct, and
    whether it takes no code of success.
    """

    rows: tuple[T, ...]
    item: type[Struct] | None = None
    alone: tuple[type[Struct], bool] | None = None


class Near(NamedTuple, Generic[T]):
    """What stands for types that read a payload alike, also with additions, of which it has at least so many."""

    rows: tuple[T, ...]
    additions: int


_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


class _Array(Struct, array_like=True, gc=False):
    """An array, of which only the first element is looked at."""

    first: Raw = Raw(b"")  # of an empty array


_array: Final = msgspec.json.Decoder(_Array).decode


class _Keys(NamedTuple):
    """The keys of an object: which it needs, which it may have."""

    required: frozenset[str]
    known: frozenset[str]


class _Member(NamedTuple):
    """A struct in the type of a row, alone or in a union.

    It is ``sure`` where no other member takes an object of which this one alone has the keys. An object with the keys
    that it requires is read as this one, whatever the values, if it has no more keys of ``others``; None where values
    tell. Where it is ``among_any``, the row also takes objects with any keys.
    """

    row: int
    node: StructNode
    in_union: bool
    sure: bool
    others: frozenset[str] | None
    among_any: bool

    @property
    def reading(self) -> tuple[type[Struct], bool]:
        """The same for members that read an object alike; only unions refuse a code of success."""
        return self.node.struct, self.in_union and bool(self.node.failed)

    def additions(self, keys: frozenset[str]) -> int:
        """How many additions an object with such keys has at least."""
        return 0 if self.among_any else len(keys - self.node.keys)

    def is_certain(self, keys: frozenset[str]) -> bool:
        """Whether the row reads an object with such keys, among them those that are required, as this member."""
        return self.others is not None and (keys - self.node.keys).isdisjoint(self.others)


class _Group(NamedTuple):
    """Members whose objects have the same keys."""

    keys: _Keys
    members: tuple[_Member, ...]


class _Rows(NamedTuple, Generic[T]):
    """The rows that a payload may have: with additions, in order; those, together where they read it alike; exactly.

    ``inner`` are the keys under which an object tells more of those.
    """

    possible: Sequence[T]
    near: Sequence[Near[T]]
    exact: Sequence[Alike[T]]
    inner: tuple[str, ...] = ()


_Inner = tuple[tuple[str, ...] | None, ...]
"""The keys of the objects under some keys; None for what is no object."""


class _Objects(Generic[T]):
    """Groups of rows, found by the rarest key that each needs."""

    def __init__(self, rows: Sequence[T], members: Iterable[_Member], *, are_elements: bool) -> None:
        self._rows = rows
        self._are_elements = are_elements
        alike: dict[_Keys, list[_Member]] = {}
        for member in members:
            alike.setdefault(_Keys(member.node.required, member.node.keys), []).append(member)
        uses = Counter(key for keys in alike for key in keys.required)
        self._groups: dict[str | None, list[_Group]] = {}
        for keys, found in alike.items():
            rarest = min(sorted(keys.required), key=uses.__getitem__, default=None)
            self._groups.setdefault(rarest, []).append(_Group(keys, tuple(found)))
        self.fitting = cached(1_024)(self._fitting)
        """Keys → the rows of which an object has all required keys; and of those, the rows that know them all."""
        self.narrowed = cached(1_024)(self._narrowed)
        """Keys, and those of the objects within → the rows that know them all."""

    def _fitting(self, keys: tuple[str, ...]) -> _Rows[T]:
        fitting = self._with_required(keys)
        whole = _knowing(fitting, keys)
        told = dict.fromkeys(f.key for member in whole for f in member.node.fields if _holds_struct(f.node))
        inner = tuple(key for key in keys if key in told) if len(whole) > 1 else ()
        of_row: dict[int, list[_Member]] = {}
        for group in fitting:
            for member in group.members:
                of_row.setdefault(member.row, []).append(member)
        possible = [self._rows[row] for row in sorted(of_row)]
        return _Rows(possible, self._near(of_row, frozenset(keys)), self._read_alike(whole), inner)

    def _near(self, of_row: Mapping[int, Sequence[_Member]], keys: frozenset[str]) -> Sequence[Near[T]]:
        """The rows of some members, those together that certainly read an object of such keys alike."""
        alike: dict[Hashable, tuple[list[T], int]] = {}
        for row, members in sorted(of_row.items()):
            additions = min(member.additions(keys) for member in members)
            certain = None if self._are_elements else next((m for m in members if m.is_certain(keys)), None)
            rows, _ = alike.setdefault(row if certain is None else certain.reading, ([], additions))
            rows.append(self._rows[row])
        return [Near(tuple(rows), additions) for rows, additions in alike.values()]

    def _narrowed(self, keys: tuple[str, ...], inner: _Inner) -> Sequence[Alike[T]]:
        whole = _knowing(self._with_required(keys), keys)
        for key, found in zip(self.fitting(keys).inner, inner, strict=True):
            if found is not None:
                whole = [member for member in whole if _may_have(member.node, key, frozenset(found))]
        return self._read_alike(whole)

    def _with_required(self, keys: tuple[str, ...]) -> list[_Group]:
        found = frozenset(keys)
        groups = [group for key in (None, *keys) for group in self._groups.get(key, ())]
        return [group for group in groups if group.keys.required <= found]

    def _read_alike(self, members: Sequence[_Member]) -> Sequence[Alike[T]]:
        found = []
        for alike, is_alone in _alike(members):
            rows, first = tuple(self._rows[member.row] for member in alike), alike[0]
            if self._are_elements:
                found.append(Alike(rows, item=first.node.struct))
            else:
                found.append(Alike(rows, alone=first.reading if is_alone else None))
        return found


def _each(rows: Iterable[T]) -> _Rows[T]:
    """Rows of which no keys tell which a payload has: each has to be asked."""
    found = list(rows)
    return _Rows(found, [Near((row,), 0) for row in found], [Alike((row,)) for row in found])


def _is_plain(node: Node) -> bool:
    """Whether a type may be neither an object nor an array."""
    return not isinstance(node, StructNode | MapNode | ListNode)


def _knowing(groups: Iterable[_Group], keys: Iterable[str]) -> list[_Member]:
    """The members that know all keys."""
    found = frozenset(keys)
    return [member for group in groups if found <= group.keys.known for member in group.members]


def _holds_struct(node: Node) -> bool:
    return any(isinstance(member, StructNode) for member in _members(node))


def _may_have(node: StructNode, key: str, keys: frozenset[str]) -> bool:
    """Whether an object with these keys may stand under a key of a struct."""
    return any(
        member.required <= keys <= member.keys
        if isinstance(member, StructNode)
        else isinstance(member, MapNode | AnyNode)
        for field in node.fields
        if field.key == key
        for member in _members(field.node)
    )


def _alike(members: Sequence[_Member]) -> list[tuple[list[_Member], bool]]:
    """One of the members of each row that an object may be; together where it can be no other and all are alike.

    Each time with whether it can be no other.
    """
    of_row: dict[int, list[_Member]] = {}
    for member in members:
        of_row.setdefault(member.row, []).append(member)
    rows: dict[Hashable, tuple[list[_Member], bool]] = {}
    for row, found in sorted(of_row.items()):
        is_alone = len(found) == 1 and found[0].sure
        rows.setdefault(found[0].reading if is_alone else row, ([], is_alone))[0].append(found[0])
    return list(rows.values())


class KeyIndex(Generic[T]):
    """Types, each with what it stands for; payloads are looked up by the keys of their first object.

    A payload that is no object, or an array of such, may have any type that takes something else.
    """

    def __init__(self, types: Iterable[tuple[Node, T]]) -> None:
        types = list(types)
        rows = [row for _, row in types]
        roots = [(i, _members(root)) for i, (root, _) in enumerate(types)]
        lists = [
            (i, _members(node.item), sum(isinstance(other, ListNode) for other in members) == 1)
            for i, members in roots
            for node in members
            if isinstance(node, ListNode)
        ]
        objects = [
            _Member(i, node, len(members) > 1, _are_structs(members), *_beside(node, members))
            for i, members in roots
            for node in members
            if isinstance(node, StructNode)
        ]
        self._objects = _Objects(rows, objects, are_elements=False)
        elements = [
            _Member(
                i,
                node,
                len(items) > 1,
                is_only and _are_structs(items) and _is_apart(node, items),
                *_beside(node, items),
            )
            for i, items, is_only in lists
            for node in items
            if isinstance(node, StructNode)
        ]
        self._items = _Objects(rows, elements, are_elements=True)
        self._empty: _Rows[T] = _each(rows[i] for i in sorted({i for i, _, _ in lists}))
        plain = {i for i, items, _ in lists if any(_is_plain(n) or isinstance(n, ListNode) for n in items)}
        self._plain_items: _Rows[T] = _each(rows[i] for i in sorted(plain))
        self._plain: _Rows[T] = _each(rows[i] for i, members in roots if any(map(_is_plain, members)))
        # Arrays of objects with any keys: whether they fit, each is asked.
        self._any_keys = [rows[i] for i in sorted({i for i, items, _ in lists if not _are_structs(items)})]

    def exactly(self, data: bytes | Mapping[str, Raw]) -> Sequence[Alike[T]]:
        """What may stand for a payload, or the members of one, that has all required keys and no others, in order."""
        rows = self._look(data)
        if not rows.inner or (isinstance(data, bytes) and data.lstrip(b" \t\r\n")[:1] != b"{"):
            return rows.exact
        whole = _object(data) if isinstance(data, bytes) else data
        inner = tuple([keys_of(bytes(whole[key])) for key in rows.inner])
        return self._objects.narrowed(tuple(whole), inner)

    def possibly(self, data: bytes | Mapping[str, Raw]) -> Sequence[T]:
        """What may stand for a payload that has all required keys, in order."""
        return self._look(data).possible

    def near(self, data: bytes | Mapping[str, Raw]) -> Sequence[Near[T]]:
        """The same, those together that read it alike."""
        return self._look(data).near

    def both(self, data: bytes | Mapping[str, Raw]) -> tuple[Sequence[Alike[T]], Sequence[T]]:
        """The same as ``exactly`` and ``possibly``, at once."""
        found = self._look(data)
        return found.exact, found.possible

    def _look(self, data: bytes | Mapping[str, Raw]) -> _Rows[T]:
        """Look at the keys of a payload, or of the first object in it."""
        if not isinstance(data, bytes):
            return self._objects.fitting(tuple(data))
        try:
            match data.lstrip(b" \t\r\n")[:1]:
                case b"{":
                    return self._objects.fitting(tuple(_object(data)))
                case b"[":
                    item = _array(data).first
                    if bytes(item)[:1] == b"{":
                        return self._of_elements(tuple(_object(item)))
                    return self._plain_items if bytes(item) else self._empty
        except (ValueError, RecursionError):
            return _Rows([], [], [])
        return self._plain

    def _of_elements(self, keys: tuple[str, ...]) -> _Rows[T]:
        """The rows that an array may have whose first object has these keys."""
        found = self._items.fitting(keys)
        if not self._any_keys:
            return found
        known = [row for alike in found.exact for row in alike.rows]
        more = [row for row in self._any_keys if row not in known]
        others = [row for row in self._any_keys if row not in found.possible]
        near = [*found.near, *(Near((row,), 0) for row in others)]
        return _Rows([*found.possible, *others], near, [*found.exact, *(Alike((row,)) for row in more)])


def keys_of(data: bytes) -> tuple[str, ...] | None:
    """The keys of an object; None for anything else, or if white space stands before it."""
    members = members_of(data)
    return None if members is None else tuple(members)


def members_of(data: bytes) -> Mapping[str, Raw] | None:
    """The members of an object; None for anything else, or if white space stands before it."""
    if data[:1] != b"{":
        return None
    try:
        return _object(data)
    except (ValueError, RecursionError):
        return None  # whoever reads it will say what is wrong


def _members(node: Node) -> tuple[Node, ...]:
    return node.members if isinstance(node, UnionNode) else (node,)


def _are_structs(members: Iterable[Node]) -> bool:
    """Whether nothing but structs takes an object."""
    return not any(isinstance(member, MapNode | AnyNode) for member in members)


def _beside(node: StructNode, members: Iterable[Node]) -> tuple[frozenset[str] | None, bool]:
    """The keys of the other members, if keys alone tell a struct; and whether objects with any keys are taken."""
    if not _are_structs(members):
        return None, True
    others = [member for member in members if isinstance(member, StructNode) and member is not node]
    keys: frozenset[str] = frozenset().union(*(other.keys for other in others))
    told_by_words = bool(node.constants or node.failed) or any(
        not node.keys.isdisjoint((*other.constants, *other.failed)) for other in others
    )
    return None if told_by_words or (others and node.required <= keys) else keys, False


def _is_apart(node: StructNode, members: Iterable[Node]) -> bool:
    """Whether no object has the keys of a struct and those of another member."""
    others = [member for member in members if isinstance(member, StructNode) and member is not node]
    return all(node.required - other.keys or other.required - node.keys for other in others)
