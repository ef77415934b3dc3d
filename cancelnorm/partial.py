"""Answers of which some rows cannot be read: those rows apart, so that the others keep their events."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from cancelnorm.eventmap import maps_of
from cancelnorm.reader.exact import walk
from cancelnorm.reader.mismatch import Mismatch, redacted
from cancelnorm.reader.rows import untaken
from cancelnorm.reader.tree import tree_of
from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode
from cancelnorm.schema import CancelEvent, Normalised, Note, Reason

__all__ = ["BadRow", "Partial", "joined", "partial"]

_Steps = tuple[str | int, ...]


class BadRow(NamedTuple):
    """A row that cannot be read: its place in the array, what is wrong with it, and what it is."""

    place: int
    fault: Mismatch
    value: Any


class Partial(NamedTuple):
    """A payload without its bad rows, and the JSON path of the array in which they stood.

    ``beside`` is the same without the rows of other arrays, as long, that stand beside bad ones.
    """

    payload: bytes
    beside: bytes
    path: str
    length: int
    bad: Sequence[BadRow]


def partial(data: bytes, node: Node, fault: Mismatch, *, quoted: bool) -> Partial | None:
    """Take the rows out that cannot be read, of the array in which the first ``fault`` of a payload lies.

    None where it lies in no array of orders, or no row would be left.
    """
    for steps, first, item in _arrays(node, fault.path):
        rows, at = _at(data, steps), _text(steps)
        bad = [BadRow(first, fault.kept(), redacted(tree_of(bytes(rows[first]))))]
        doubtful = (first + 1 + i for i in untaken(rows[first + 1 :], item))
        bad += [row for i in doubtful if (row := _fault(i, rows[i], item, at, quoted))]
        if len(bad) < len(rows):
            gone = frozenset(row.place for row in bad)
            alone = _cut(data, steps, gone)
            beside = _without_beside(alone, (), steps, len(rows), gone)
            return Partial(alone, beside, at, len(rows), bad)
    return None


# --- Arrays of orders ---


def _arrays(node: Node, path: str) -> Iterator[tuple[_Steps, int, Node]]:
    """The arrays of orders on a path, from the innermost: where each is, its row on the path, and its type of rows.

    As the path is that of the first fault, all rows before that one can be read.
    """
    steps = tuple(int(i) if i else key for key, i in _STEP.findall(path[1:]))
    if _text(steps) != path:
        return
    nodes, found = [node], []
    for depth, step in enumerate(steps):
        members = [member for one in nodes for member in _members(one)]
        if isinstance(step, int):
            lists = [member for member in members if isinstance(member, ListNode)]
            found += [(steps[:depth], step, each.item) for each in lists if _is_mapped(each.item)]
            nodes = [each.item for each in lists]
        else:
            structs = [member for member in members if isinstance(member, StructNode)]
            nodes = [field.node for struct in structs for field in struct.fields if field.key == step]
    yield from reversed(found)


_STEP: Final = re.compile(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]")


def _text(steps: _Steps) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def _members(node: Node) -> Sequence[Node]:
    return node.members if isinstance(node, UnionNode) else [node]


def _is_mapped(item: Node) -> bool:
    """Whether rows become events."""
    return any(isinstance(member, StructNode) and maps_of(member.struct) for member in _members(item))


def _fault(index: int, raw: Raw, item: Node, at: str, quoted: bool) -> BadRow | None:
    """Fault of a row; None if it can be read."""
    try:
        walk(bytes(raw), item, refuse=False, quoted=quoted)
    except Mismatch as fault:
        fault.path = f"{at}[{index}]{fault.path[1:]}"
        return BadRow(index, fault.kept(), redacted(tree_of(bytes(raw))))
    return None


# --- Payloads, with every number as it was sent ---

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode


def _at(data: bytes, steps: _Steps) -> list[Raw]:
    for step in steps:
        data = bytes(_object(data)[step] if isinstance(step, str) else _array(data)[step])
    return _array(data)


def _cut(data: bytes, steps: _Steps, gone: frozenset[int]) -> bytes:
    """A payload without some rows of the array at a place."""
    if not steps:
        return msgspec.json.encode(_without(_array(data), gone))
    step, rest = steps[0], steps[1:]
    parts: Any = _object(data) if isinstance(step, str) else _array(data)
    parts[step] = Raw(_cut(bytes(parts[step]), rest, gone))
    return msgspec.json.encode(parts)


def _without(array: list[Raw], gone: frozenset[int]) -> list[Raw]:
    return [raw for i, raw in enumerate(array) if i not in gone]


def _without_beside(data: bytes, at: _Steps, steps: _Steps, length: int, gone: frozenset[int]) -> bytes:
    """A payload without the rows that stand at the same places of other arrays of objects, as long."""
    with suppress(msgspec.DecodeError):
        parts = {
            key: Raw(_without_beside(bytes(raw), (*at, key), steps, length, gone))
            for key, raw in _object(data).items()
        }
        return msgspec.json.encode(parts)
    with suppress(msgspec.DecodeError):
        rows = _array(data)
        if at == steps[: len(at)] and len(at) < len(steps):
            step = steps[len(at)]
            return msgspec.json.encode(
                [
                    Raw(_without_beside(bytes(raw), (*at, i), steps, length, gone)) if i == step else raw
                    for i, raw in enumerate(rows)
                ]
            )
        if at != steps and len(rows) == length and all(bytes(raw).lstrip()[:1] == b"{" for raw in rows):
            return msgspec.json.encode(_without(rows, gone))
    return data


# --- What is left, and what cannot be read, together ---


def joined(result: Normalised, part: Partial, unreadable: Mapping[int, CancelEvent]) -> Normalised:
    """The events of the rows that were read, at the places where they stood, and those of the bad ones."""
    left = [i for i in range(part.length) if i not in unreadable]
    place = re.compile(re.escape(part.path) + r"\[([0-9]+)\](.*)", re.DOTALL)

    def stood(path: str | None) -> tuple[str | None, int]:
        if path is None or not (match := place.fullmatch(path)):
            return path, -1
        i = left[int(match[1])]
        return f"{part.path}[{i}]{match[2]}", i

    found = [(*stood(event.path), event) for event in result.events]
    last = max((n for n, (_, i, _) in enumerate(found) if i >= 0), default=-1)
    gone = sorted(unreadable)
    rows: list[tuple[int, CancelEvent]] = []
    key = -1
    for n, (path, i, event) in enumerate(found):
        key = max(key, i) if n <= last else part.length  # what stands beside the array keeps its place
        if before := bisect_left(gone, i):
            event = replace(event, path=path, index=event.index + before)
        rows.append((key, event))
    first = result.events[0]
    told = {"response_ns": first.response_ns, "request_id": first.request_id}
    rows += [(i, replace(unreadable[i], **told)) for i in gone]
    events: list[CancelEvent] = []
    for i, event in sorted(rows, key=itemgetter(0)):
        is_bad = event.reason is Reason.UNREADABLE and i in unreadable
        index = max(i if is_bad else event.index, events[-1].index + 1 if events else 0)
        events.append(replace(event, index=index))
    noted = [
        Note(
            "unreadable-row",
            row.fault.path,
            f"expected {row.fault.expected}, found {row.fault.found}",
            row.value,
        )
        for row in part.bad
    ]
    named = {name for event in unreadable.values() for name in (event.order_id, event.client_order_id)}
    notes = [
        replace(note, path=stood(note.path)[0] or note.path)
        for note in result.notes
        if note.code != "unanswered-order" or note.value not in named
    ]
    return replace(result, events=tuple(events), notes=(*noted, *notes))
