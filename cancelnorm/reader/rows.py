"""Rows: those of an array that the fast reader takes need not be walked to find the first that cannot be read."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, Union

import msgspec
from msgspec import Raw

from cancelnorm.lazy import lazy
from cancelnorm.reader.exact import walk
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode

__all__ = ["row_fault", "untaken"]

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
    row, array = shapes
    data = msgspec.json.encode(rows)
    try:
        values = array.strict_reader.decode(data)
        if array.is_whole(data, values):
            return (i for i, value in enumerate(values) if not _is_good(row, value))
    except (ValueError, RecursionError):
        pass  # it is one row, or more, that cannot be decoded
    return (i for i, raw in enumerate(rows) if not row.takes(bytes(raw)))


def _is_good(row: Shape, value: Any) -> bool:
    """Whether the marked scalars of a row are what they promise."""
    try:
        row.verify(value)
    except ValueError:
        return False
    return True


def row_fault(data: bytes, node: Node, *, refuse: bool, quoted: bool) -> Mismatch | None:
    """What ``walk`` raises for a payload that is an array, where that is the fault of a row; None in doubt."""
    members = node.members if isinstance(node, UnionNode) else (node,)
    lists = [member for member in members if isinstance(member, ListNode)]
    if len(lists) != 1 or data.lstrip()[:1] != b"[" or _shapes(lists[0].item) is None:
        return None
    try:
        rows = _array(data)
    except (ValueError, RecursionError):
        return None
    first = next(iter(untaken(rows, lists[0].item)), 0)
    if not first:
        return None
    try:
        walk(msgspec.json.encode(rows[first:]), node, refuse=refuse, quoted=quoted)
    except Mismatch as fault:
        match = _INDEX.match(fault.path)
        if match is None:
            return None
        fault.path = f"$[{first + int(match[1])}]{fault.path[match.end() :]}"
        return fault
    return None
