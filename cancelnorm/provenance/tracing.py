"""Trace of a record: the canonical fields that each value of its payload feeds.

It is measured, so there is no second mapping to maintain: each value is replaced by another one of its type, the
record is normalised again, and the fields that change are those that the value feeds.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.answer import data_of
from cancelnorm.api import find_endpoint, normalise
from cancelnorm.errors import NotACancel, PayloadError
from cancelnorm.masking import MASK
from cancelnorm.provenance.other_values import other_texts, other_values, text_of, value_of
from cancelnorm.reader.mismatch import Mismatch, member_path
from cancelnorm.reader.tree import tree_of
from cancelnorm.reader.types import Kind, fields_of, item_of, members_of, origin_of
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note
from cancelnorm.secret_names import hidden_keys, is_secret, names_secret

__all__ = ["Feed", "Row", "trace"]


class Feed(Struct, frozen=True):
    """A canonical field, such as ``events[0].price``, and its value, if any."""

    field: str
    value: Any


class Row(Struct, frozen=True):
    """A value of the payload or the record, and the fields that it feeds.

    ``path`` is a JSON path into the payload, or a field of the record such as ``status`` or
    ``request.symbol``. ``value`` is the JSON text as sent. ``role`` is

    - ``fed``: the value appears in canonical fields or determines them,
    - ``absent``: the value means "nothing"; another value would feed ``feeds``,
    - ``repeated``: the value repeats another one; a different value would be a contradiction,
    - ``constant``: no other value fits the shape,
    - ``unused``: another value changes nothing.
    """

    path: str
    value: str
    role: Literal["fed", "absent", "repeated", "constant", "unused"]
    feeds: tuple[Feed, ...] = ()


def trace(record: Record, *, limit: int | None = None) -> list[Row]:
    """Trace every value of a payload in order, then those of the record; at most ``limit`` rows.

    Each row costs one or a few calls of ``normalise``. Raises the errors of ``normalise``.
    """
    result, placed = normalise(record), venues.placed(record)
    is_assumed = placed.endpoint is None
    placed = replace(placed, endpoint=result.events[0].endpoint)
    known = normalise(placed) if is_assumed else result
    rows = islice(chain(_payload_rows(placed, known), _record_rows(placed, known)), limit)
    return [_as_told(row, known, result) for row in rows] if is_assumed else list(rows)


# --- The payload ---


class _Leaf(NamedTuple):
    """A scalar or empty value: its path, JSON text and type, and the container and key to replace it by."""

    path: str
    text: str
    kind: Kind
    holder: Any
    key: str | int
    is_hidden: bool = False


def _payload_rows(record: Record, result: Normalised) -> Iterator[Row]:
    data = data_of(record)
    shape = find_endpoint(record.venue, record.endpoint).shape
    kind: Kind = shape.kind
    try:
        value, _ = shape.explain(data, refuse=False, quoted=record.dialect == "quoted-numbers")
    except Mismatch:
        value, kind = None, Any  # the HTTP status determines the outcome; the body has no known shape
    root = [Raw(data)]
    try:
        tree_of(data)
        leaves = list(_grow(root[0], kind, value, "$", root, 0, is_hidden=False))
    except ValueError:  # not JSON, or JSON that is nested too deeply
        text = data.decode("utf-8", "replace")
        feeds = _feeds(result, [replace(record, payload=f"?{text}")])
        yield _row("$", json.dumps(text, ensure_ascii=False), feeds)
        return
    for leaf in leaves:
        feeds = _feeds(result, _replaced(record, root, leaf))
        yield _row(leaf.path, leaf.text, feeds, is_hidden=leaf.is_hidden)


def _text_of(value: Raw) -> object:
    """A string; None for any other value."""
    return value_of(value) if bytes(value)[:1] == b'"' else None


def _grow(
    raw: Raw, kind: Kind, value: Any, at: str, holder: Any, key: str | int, *, is_hidden: bool
) -> Iterator[_Leaf]:
    """Store a decoded JSON value in ``holder`` and yield its leaves.

    ``value`` is the result of the shape's reader; it identifies the member of a union. What stands around a leaf
    may say that it is a secret.
    """
    text = bytes(raw).strip()
    if text[:1] == b"{" and (members := msgspec.json.decode(text, type=dict[str, Raw])):
        holder[key] = node = dict[str, Any](members)
        types, values = _members_of(kind, value)
        hidden = hidden_keys(members, _text_of)
        for name, member in members.items():
            path, is_secret_too = member_path(at, name), is_hidden or name in hidden
            yield from _grow(
                member, types.get(name, Any), values.get(name), path, node, name, is_hidden=is_secret_too
            )
    elif text[:1] == b"[" and (items := msgspec.json.decode(text, type=list[Raw])):
        holder[key] = row = list[Any](items)
        inner = value if isinstance(value, list) else [None] * len(items)
        item = next((item_of(m) for m in members_of(kind) if origin_of(m) is list), Any)
        for i, (before, element) in enumerate(zip((None, *items), items, strict=False)):
            is_secret_too = is_hidden or (before is not None and names_secret(_text_of(before)))
            yield from _grow(element, item, inner[i], f"{at}[{i}]", row, i, is_hidden=is_secret_too)
    else:
        value_of(text)
        yield _Leaf(at, text.decode(), kind, holder, key, is_hidden)


def _members_of(kind: Kind, value: Any) -> tuple[dict[str, Kind], dict[str, Any]]:
    """Types and values of an object's known fields."""
    if isinstance(value, Struct):
        fields = fields_of(type(value))
        return {f.key: f.kind for f in fields}, {f.key: getattr(value, f.name) for f in fields}
    if isinstance(value, dict):
        item = next((item_of(m) for m in members_of(kind) if origin_of(m) is dict), Any)
        return dict.fromkeys(value, item), value
    return {}, {}


def _replaced(record: Record, root: list[Any], leaf: _Leaf) -> Iterator[Record]:
    """The record with one payload value replaced by each of its alternatives."""
    for other in other_texts(leaf.text, leaf.kind):
        leaf.holder[leaf.key] = Raw(other.encode())
        yield replace(record, payload=msgspec.json.encode(root[0]))
    leaf.holder[leaf.key] = Raw(leaf.text.encode())


# --- Values of the record ---

_IDS: Final = ("symbol", "order_id", "client_order_id", "cancel_client_order_id", "list_id", "list_client_id")


def _record_rows(record: Record, result: Normalised) -> Iterator[Row]:
    """Trace an HTTP status of a failure, and the ids and symbols of the request.

    Other parameters of the request are not shown.
    """
    if record.status is not None and record.status >= 400:
        others = [replace(record, status=other) for other in (200, 400, 504) if other != record.status]
        if feeds := _feeds(result, others):
            yield _row("status", str(record.status), feeds)
    request = copy.deepcopy(record.request or {})
    for leaf in _request_leaves(request, "request"):
        value = leaf.holder[leaf.key]
        feeds = _feeds(result, _with_request_value(replace(record, request=request), leaf, value)) or []
        named = [feed for feed in feeds if feed.field.endswith(_IDS)]
        if named:
            yield _row(leaf.path, leaf.text, named)


def _request_leaves(value: Any, at: str) -> Iterator[_Leaf]:
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        path = f"{at}[{key}]" if isinstance(key, int) else member_path(at, key)
        if isinstance(member, dict | list):
            yield from _request_leaves(member, path)
        elif isinstance(member, str | int):
            yield _Leaf(path, text_of(member), type(member), value, key)


def _with_request_value(record: Record, leaf: _Leaf, value: Any) -> Iterator[Record]:
    """The record with one request value replaced by each of its alternatives."""
    for other in other_values(value, leaf.kind):
        leaf.holder[leaf.key] = other
        yield record
    leaf.holder[leaf.key] = value


# --- Results of a replacement ---


def _row(path: str, text: str, feeds: list[Feed] | None, *, is_hidden: bool = False) -> Row:
    is_empty = text in _EMPTY
    present = tuple(feed for feed in feeds or () if feed.value is not None)
    if is_hidden or any(map(is_secret, _KEYS.findall(path))):
        text, present = json.dumps(MASK), tuple(Feed(feed.field, MASK) for feed in present)
    if feeds is None:
        return Row(path, text, "absent" if is_empty else "constant")
    if present:
        return Row(path, text, "fed", present)
    if would_feed := tuple(feed for feed in feeds if feed.field != "notes"):
        return Row(path, text, "absent", would_feed)
    return Row(path, text, "repeated" if feeds else "unused")


_EMPTY: Final = ("null", "{}", "[]")
_KEYS: Final = re.compile(r"[^.\[\]\"]+")


def _feeds(result: Normalised, others: Iterable[Record]) -> list[Feed] | None:
    """Fields that differ in any of the other records' results; None if none of these can be read."""
    found: dict[str, Feed] | None = None
    for other in others:
        try:
            after = normalise(other)
        except (PayloadError, NotACancel):
            continue
        found = {feed.field: feed for feed in _differences(result, after)} | (found or {})
    return None if found is None else sorted(found.values(), key=_position)


_FIELDS: Final = {name: i for i, name in enumerate(CancelEvent.__struct_fields__)}
_EVENT_FIELD: Final = re.compile(r"events\[([0-9]+)\]\.(\w+)")


def _position(feed: Feed) -> tuple[int, int, int]:
    """Sort key: by event, then by the schema's order; fields outside of events last."""
    match = _EVENT_FIELD.match(feed.field)
    return (0, int(match[1]), _FIELDS[match[2]]) if match else (1, 0, 0)


def _as_told(row: Row, known: Normalised, result: Normalised) -> Row:
    """A row of an answer of a known endpoint, as the ``result`` tells what it feeds without that.

    A value never determines that an endpoint was assumed, although it may decide which.
    """
    feeds = []
    for feed in row.feeds:
        field, value = feed.field, feed.value
        if match := _NOTE.fullmatch(field):
            note = known.notes[int(match[1])]
            if note not in result.notes:
                continue
            field = f"notes[{result.notes.index(note)}]"
        elif match := _EVENT_FIELD.fullmatch(field):
            place = int(match[1])
            if place >= len(result.events):
                continue  # without an endpoint, what failed as a whole is told of the request alone
            if value not in (None, MASK):
                value = getattr(result.events[place], match[2])
        feeds.append(Feed(field, value))
    return replace(row, feeds=tuple(feeds))


_NOTE: Final = re.compile(r"notes\[([0-9]+)\]")
_VERDICT: Final = ("outcome", "evidence", "reason", "status", "raw_status", "initiator")


def _differences(before: Normalised, after: Normalised) -> Iterator[Feed]:
    """Fields of ``before`` whose values differ in ``after``."""
    at_path = {event.path: event for event in after.events}
    is_by_path = len(at_path) == len(after.events) != len(before.events)
    for i, event in enumerate(before.events):
        other = at_path.get(event.path) if is_by_path else after.events[i] if i < len(after.events) else None
        if other is None:  # the value said that there is something to tell
            for name in _VERDICT:
                yield from _differing(f"events[{i}].{name}", getattr(event, name), None)
        elif event != other:
            for name in CancelEvent.__struct_fields__:
                yield from _differing(f"events[{i}].{name}", getattr(event, name), getattr(other, name))
    if before.notes != after.notes:
        for i, note in enumerate(before.notes):
            if not _is_among(note, i, after.notes):
                yield Feed(f"notes[{i}]", note.code)
        if not all(_is_among(note, i, before.notes) for i, note in enumerate(after.notes)):
            yield Feed("notes", None)
    for name in ("request_id", "rate_limits", "extra"):
        yield from _differing(name, getattr(before, name), getattr(after, name))


def _is_among(note: Note, at: int, notes: Sequence[Note]) -> bool:
    """Tell whether a note is among others, where nearly all stand at the same place."""
    return (at < len(notes) and notes[at] == note) or note in notes


def _differing(at: str, value: Any, other: Any) -> Iterator[Feed]:
    if type(value) is type(other) and value == other:
        return
    if isinstance(value, dict | None) and isinstance(other, dict | None):
        before, after = value or {}, other or {}
        for key in before | after:
            yield from _differing(member_path(at, key), before.get(key), after.get(key))
    elif isinstance(value, list | tuple) and isinstance(other, list | tuple) and len(value) == len(other):
        for i, pair in enumerate(zip(value, other, strict=True)):
            yield from _differing(f"{at}[{i}]", *pair)
    else:
        yield Feed(at, value)
