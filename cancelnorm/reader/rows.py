"""Rows: those of an array that the fast reader takes need not be walked to find the first that cannot be read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple, Union

import msgspec
from msgspec import UNSET, Raw

from cancelnorm.lazy import lazy
from cancelnorm.reader.exact import walk
from cancelnorm.reader.fast import Check, Shape, marked_fields
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.scalars import first_not_plain
from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode, declared

__all__ = ["raise_row_fault", "untaken"]

_array: Final = msgspec.json.Decoder(list[Raw]).decode
_INDEX: Final = re.compile(r"\$\[([0-9]+)\]")


class _Shapes(NamedTuple):
    """The fast readers of a row, and of an array of rows."""

    row: Shape
    array: Shape


@lazy
def _shapes(item: Node) -> _Shapes | None:
    """Those of rows; None where a row may be anything but an object of known fields."""
    members = item.members if isinstance(item, UnionNode) else (item,)
    structs = [member.struct for member in members if isinstance(member, StructNode)]
    if len(structs) < len(members):
        return None
    row: Any = Union[tuple(structs)]  # noqa: UP007
    return _Shapes(Shape(row), Shape(list[row]))


def untaken(rows: Sequence[Raw], item: Node) -> Iterable[int]:
    """The positions of rows that the fast reader does not take, in order; of all where it takes no such rows."""
    shapes = _shapes(item)
    if shapes is None:
        return range(len(rows))
    data = msgspec.json.encode(rows)
    try:
        found = _not_good(shapes, data, shapes.array.strict_reader.decode(data))
    except (ValueError, RecursionError):
        found = None  # it is one row, or more, that cannot be decoded
    return (i for i, raw in enumerate(rows) if not shapes.row.takes(bytes(raw))) if found is None else found


def _not_good(shapes: _Shapes, data: bytes, values: Sequence[Any]) -> Iterator[int] | None:
    """The positions of decoded rows of which a marked scalar is not what it promises; None if one has a key twice."""
    if not shapes.array.is_whole(data, values):
        return None
    good = _good(values)
    return (i for i, value in enumerate(values[good:], good) if not _is_good(shapes.row, value))


def _good(values: Sequence[Any]) -> int:
    """The number of the first decoded rows of which all marked scalars are certainly what they promise."""
    kinds = set(map(type, values))
    if len(kinds) != 1:
        return 0
    texts_of, decimals, checks = marked_fields(declared(kinds.pop()))
    texts = ["0" if text is UNSET else text for text in chain.from_iterable(map(texts_of, values))]
    first = first_not_plain(texts) if texts else None
    good = len(values) if first is None else first // decimals
    for name, check in checks:
        good = _taken(check, [getattr(value, name) for value in values[:good]])
    return good


def _taken(check: Check, parts: Sequence[Any]) -> int:
    """The number of the first parts that a check takes."""
    for i, part in enumerate(parts):
        try:
            if part is not UNSET:
                check(part)
        except ValueError:
            return i
    return len(parts)


def _is_good(row: Shape, value: Any) -> bool:
    """Whether the marked scalars of a row are what they promise."""
    try:
        row.verify(value)
    except ValueError:
        return False
    return True


def raise_row_fault(data: bytes, node: Node, value: Any, *, refuse: bool, quoted: bool) -> None:
    """Raise what ``walk`` raises for a payload that is an array, where that is the fault of a row; not in doubt.

    ``value`` is what a reader decoded that takes no more than ``walk`` does; anything but a list where none did.
    """
    members = node.members if isinstance(node, UnionNode) else (node,)
    lists = [member for member in members if isinstance(member, ListNode)]
    if len(lists) != 1 or data.lstrip()[:1] != b"[" or (shapes := _shapes(lists[0].item)) is None:
        return
    try:
        rows = _array(data)
    except (ValueError, RecursionError):
        return
    known = _not_good(shapes, data, value) if isinstance(value, list) else None
    first = next(iter(untaken(rows, lists[0].item) if known is None else known), 0)
    if not first:
        return
    try:
        walk(msgspec.json.encode(rows[first:]), node, refuse=refuse, quoted=quoted)
    except Mismatch as fault:
        if (match := _INDEX.match(fault.path)) is not None:
            fault.path = f"$[{first + int(match[1])}]{fault.path[match.end() :]}"
            raise
