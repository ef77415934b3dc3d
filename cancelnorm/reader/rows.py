"""Rows: those of an array that the fast reader takes need not be walked to find the first that cannot be read."""

import re
from typing import Final, Union

import msgspec
from msgspec import Raw

from cancelnorm.lazy import lazy
from cancelnorm.reader.exact import walk
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode

__all__ = ["row_fault", "row_shape"]

_array: Final = msgspec.json.Decoder(list[Raw]).decode
_INDEX: Final = re.compile(r"\$\[([0-9]+)\]")


@lazy
def row_shape(item: Node) -> Shape | None:
    """The fast reader of rows; None where a row may be anything but an object of known fields."""
    members = item.members if isinstance(item, UnionNode) else (item,)
    structs = [member.struct for member in members if isinstance(member, StructNode)]
    return Shape(Union[tuple(structs)]) if len(structs) == len(members) else None  # noqa: UP007


def row_fault(data: bytes, node: Node, *, refuse: bool, quoted: bool) -> Mismatch | None:
    """What ``walk`` raises for a payload that is an array, where that is the fault of a row; None in doubt."""
    members = node.members if isinstance(node, UnionNode) else (node,)
    lists = [member for member in members if isinstance(member, ListNode)]
    shape = row_shape(lists[0].item) if len(lists) == 1 and data.lstrip()[:1] == b"[" else None
    if shape is None:
        return None
    try:
        rows = _array(data)
    except (ValueError, RecursionError):
        return None
    first = next((i for i, row in enumerate(rows) if not shape.takes(bytes(row))), 0)
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
