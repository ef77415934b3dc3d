"""Provenance: which canonical fields a payload's values feed.

For one record this is found out by experiment, so there is no second mapping that could be wrong: each value is
replaced by another one of its type, the record is normalised again, and what changed is what the value feeds.
For an endpoint the tables of fields are those of its maps.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.api import normalise
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.eventmap import maps_of
from cancelnorm.masking import MASK, is_secret, names_secret
from cancelnorm.reader.exact import Mismatch, member_path
from cancelnorm.reader.scalars import Scalar, exact
from cancelnorm.reader.types import (
    Kind,
    class_of,
    fields_of,
    is_struct,
    item_of,
    literals,
    members_of,
    origin_of,
    scalar_of,
)
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["Feed", "FieldTable", "Row", "field_tables", "trace"]


class Feed(Struct, frozen=True):
    """A canonical field, like ``events[0].price``, and what stands there; None where nothing does."""

    field: str
    value: Any


class Row(Struct, frozen=True):
    """A value that a venue sent, or that the record adds, and what it feeds.

    ``path`` is a JSON path into the payload; or ``status`` or ``request.symbol`` …, which are the record's.
    ``value`` is the JSON text as sent. ``role`` is

    - ``fed`` where it stands in canonical fields or decides them,
    - ``absent`` where it is the venue's way to say nothing: another value would feed ``feeds``,
    - ``repeated`` where it says again what is said elsewhere: another value would be a contradiction,
    - ``constant`` where no other value has the same shape,
    - ``unused`` where another value changes nothing.
    """

    path: str
    value: str
    role: Literal["fed", "absent", "repeated", "constant", "unused"]
    feeds: tuple[Feed, ...] = ()


def trace(record: Record, *, limit: int | None = None) -> list[Row]:
    """Trace every value of a payload, in its order, then what the record adds; at most ``limit`` rows.

    Costs one or a few times ``normalise`` per row. Raises what ``normalise`` raises.
    """
    result = normalise(record)
    record = replace(record, endpoint=result.events[0].endpoint)
    return list(islice(chain(_payload_rows(record, result), _record_rows(record, result)), limit))


def _endpoint(venue: str, name: str) -> Endpoint:
    """The endpoint of a venue; UnknownEndpointError where there is none."""
    found = venues.find(venue)
    if found is None:
        raise UnknownEndpointError(venue, None, venues.names())
    if name not in found.endpoints:
        near = get_close_matches(name, found.endpoints, n=5, cutoff=0.5)
        raise UnknownEndpointError(venue, name, near or list(found.endpoints))
    return found.endpoints[name]


# --- An endpoint ---


class FieldTable(NamedTuple):
    """Where the fields of a struct go: key in the payload → fields of the event, ``extra`` among them.

    A key without any is told elsewhere, or repeats what another one says.
    """

    struct: str
    homes: Mapping[str, tuple[str, ...]]


def field_tables(venue: str, endpoint: str) -> list[FieldTable]:
    """The field tables of an endpoint: one for each struct in its answer that a map describes.

    What stands around these is read by functions; ``trace`` shows that, for one record. Raises
    UnknownEndpointError.
    """
    structs = dict.fromkeys(_structs_in(_endpoint(venue, endpoint).shape.kind))
    return [FieldTable(struct.__name__, homes) for struct in structs if (homes := _homes(struct))]


def _structs_in(kind: Kind) -> Iterator[type[Struct]]:
    """Every struct that is anywhere in a type."""
    for member in members_of(kind):
        if is_struct(member):
            yield member
            for field in fields_of(member):
                yield from _structs_in(field.kind)
        elif (item := item_of(member)) is not None:
            yield from _structs_in(item)


def _homes(struct: type[Struct]) -> dict[str, tuple[str, ...]]:
    """Where the fields of a struct go by any of its maps; nothing where it has none."""
    homes: dict[str, dict[str, None]] = {}
    for event_map in maps_of(struct):
        for field in event_map.fields:
            homes.setdefault(field.key, {}).update(dict.fromkeys(field.homes))
    return {key: tuple(fields) for key, fields in homes.items()}


# --- The payload ---


class _Leaf(NamedTuple):
    """A value without parts: where it is, its JSON text, its type, and where another could be put."""

    path: str
    text: str
    kind: Kind
    holder: Any
    key: str | int


def _payload_rows(record: Record, result: Normalised) -> Iterator[Row]:
    data = record.payload.encode() if isinstance(record.payload, str) else record.payload
    shape = _endpoint(record.venue, record.endpoint or "").shape
    kind: Kind = shape.kind
    try:
        value, _ = shape.explain(data, refuse=False, quoted=record.dialect == "quoted-numbers")
    except Mismatch:
        value, kind = None, Any  # an HTTP status says what happened, the body is anything
    root = [Raw(data)]
    try:
        leaves = list(_grow(root[0], kind, value, "$", root, 0))
    except ValueError:  # no JSON
        text = data.decode("utf-8", "replace")
        feeds = _feeds(result, [replace(record, payload=f"?{text}")])
        yield _row("$", json.dumps(text, ensure_ascii=False), feeds)
        return
    for leaf in leaves:
        row = _row(leaf.path, leaf.text, _feeds(result, _replaced(record, root, leaf)))
        yield replace(row, value=json.dumps(MASK)) if _is_named_secret(leaf) else row


def _is_named_secret(leaf: _Leaf) -> bool:
    """Whether a value is called secret by the one before it, or by the name beside it."""
    name = None
    if isinstance(leaf.key, int):
        name = leaf.holder[leaf.key - 1] if leaf.key else None
    elif leaf.key == "value":
        name = leaf.holder.get("name")
    return isinstance(name, Raw) and bytes(name)[:1] == b'"' and names_secret(_json.decode(name))


def _grow(raw: Raw, kind: Kind, value: Any, at: str, holder: Any, key: str | int) -> Iterator[_Leaf]:
    """Put a JSON value into ``holder``, taken apart down to its leaves, and list these.

    ``value`` is what the shape's reader made of it: it tells which member of a union was meant.
    """
    text = bytes(raw).strip()
    if text[:1] == b"{" and (parts := msgspec.json.decode(text, type=dict[str, Raw])):
        holder[key] = node = dict[str, Any](parts)
        kinds, values = _parts_of(kind, value)
        for name, part in parts.items():
            yield from _grow(part, kinds.get(name, Any), values.get(name), member_path(at, name), node, name)
    elif text[:1] == b"[" and (items := msgspec.json.decode(text, type=list[Raw])):
        holder[key] = row = list[Any](items)
        inner = value if isinstance(value, list) else [None] * len(items)
        item = next((item_of(m) for m in members_of(kind) if origin_of(m) is list), Any)
        for i, part in enumerate(items):
            yield from _grow(part, item, inner[i], f"{at}[{i}]", row, i)
    else:
        _json.decode(text)
        yield _Leaf(at, text.decode(), kind, holder, key)


def _parts_of(kind: Kind, value: Any) -> tuple[dict[str, Kind], dict[str, Any]]:
    """The types and the values of an object's fields; of what a venue added neither is known."""
    if isinstance(value, Struct):
        fields = fields_of(type(value))
        return {f.key: f.kind for f in fields}, {f.key: getattr(value, f.name) for f in fields}
    if isinstance(value, dict):
        item = next((item_of(m) for m in members_of(kind) if origin_of(m) is dict), Any)
        return dict.fromkeys(value, item), value
    return {}, {}


def _replaced(record: Record, root: list[Any], leaf: _Leaf) -> Iterator[Record]:
    """The record with other values in the place of one."""
    for other in _others(leaf.text, leaf.kind):
        leaf.holder[leaf.key] = Raw(other.encode())
        yield replace(record, payload=msgspec.json.encode(root[0]))
    leaf.holder[leaf.key] = Raw(leaf.text.encode())


# --- What the record adds ---

_IDS: Final = ("symbol", "order_id", "client_order_id", "cancel_client_order_id", "list_id", "list_client_id")


def _record_rows(record: Record, result: Normalised) -> Iterator[Row]:
    """Trace an HTTP status that reports a failure, and the ids and symbols that the request gave.

    Nothing else of a request is shown.
    """
    if record.status is not None and record.status >= 400:
        others = [replace(record, status=other) for other in (200, 400, 504) if other != record.status]
        if feeds := _feeds(result, others):
            yield _row("status", str(record.status), feeds)
    request = copy.deepcopy(record.request or {})
    for leaf in _request_leaves(request, "request"):
        value = leaf.holder[leaf.key]
        feeds = _feeds(result, _asked(replace(record, request=request), leaf, value)) or []
        named = [feed for feed in feeds if feed.field.endswith(_IDS)]
        if named:
            yield _row(leaf.path, leaf.text, named)


def _request_leaves(value: Any, at: str) -> Iterator[_Leaf]:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        path = f"{at}[{key}]" if isinstance(key, int) else member_path(at, key)
        if isinstance(part, dict | list):
            yield from _request_leaves(part, path)
        elif isinstance(part, str | int):
            yield _Leaf(path, _text(part), type(part), value, key)


def _asked(record: Record, leaf: _Leaf, value: Any) -> Iterator[Record]:
    """The record with other values in the place of one of its request."""
    for other in _others_like(value, leaf.kind):
        leaf.holder[leaf.key] = other
        yield record
    leaf.holder[leaf.key] = value


# --- What an experiment shows ---


def _row(path: str, text: str, feeds: list[Feed] | None) -> Row:
    if feeds is None:
        return Row(path, text, "absent" if text in _EMPTY else "constant")
    said = tuple(feed for feed in feeds if feed.value is not None)
    if any(map(is_secret, _KEYS.findall(path))):
        text, said = json.dumps(MASK), tuple(Feed(feed.field, MASK) for feed in said)
    if said:
        return Row(path, text, "fed", said)
    if would_feed := tuple(feed for feed in feeds if feed.field != "notes"):
        return Row(path, text, "absent", would_feed)
    return Row(path, text, "repeated" if feeds else "unused")


_EMPTY: Final = ("null", "{}", "[]")
_KEYS: Final = re.compile(r"[^.\[\]\"]+")


def _feeds(result: Normalised, others: Iterable[Record]) -> list[Feed] | None:
    """What differs in any of the other records' results; None where none of them can be read."""
    found: dict[str, Feed] | None = None
    for other in others:
        try:
            after = normalise(other)
        except (PayloadError, NotACancel):
            continue
        found = {feed.field: feed for feed in _differences(result, after)} | (found or {})
    return None if found is None else sorted(found.values(), key=_place)


_FIELDS: Final = {name: i for i, name in enumerate(CancelEvent.__struct_fields__)}
_EVENT_FIELD: Final = re.compile(r"events\[([0-9]+)\]\.(\w+)")


def _place(feed: Feed) -> tuple[int, int, int]:
    """Where a field stands: events in their order, fields in that of the schema, then what no event has."""
    match = _EVENT_FIELD.match(feed.field)
    return (0, int(match[1]), _FIELDS[match[2]]) if match else (1, 0, 0)


def _differences(before: Normalised, after: Normalised) -> Iterator[Feed]:
    """The fields of ``before`` that are others in ``after``."""
    for i, (event, other) in enumerate(zip(before.events, after.events, strict=False)):
        if event != other:
            for name in CancelEvent.__struct_fields__:
                yield from _differing(f"events[{i}].{name}", getattr(event, name), getattr(other, name))
    for i, note in enumerate(before.notes):
        if note not in after.notes:
            yield Feed(f"notes[{i}]", note.code)
    if any(note not in before.notes for note in after.notes):
        yield Feed("notes", None)
    for name in ("request_id", "rate_limits", "extra"):
        yield from _differing(name, getattr(before, name), getattr(after, name))


def _differing(at: str, value: Any, other: Any) -> Iterator[Feed]:
    if type(value) is type(other) and value == other:
        return
    if isinstance(value, dict | None) and isinstance(other, dict | None):
        before, after = value or {}, other or {}
        for key in before | after:
            yield from _differing(member_path(at, key), before.get(key), after.get(key))
    elif isinstance(value, list | tuple) and isinstance(other, list | tuple) and len(value) == len(other):
        for i, parts in enumerate(zip(value, other, strict=True)):
            yield from _differing(f"{at}[{i}]", *parts)
    else:
        yield Feed(at, value)


# --- Other values of the same type ---

_json: Final = msgspec.json.Decoder(float_hook=Decimal)


def _text(value: Any) -> str:
    """The JSON text of a value."""
    return exact(value) if isinstance(value, Decimal) else msgspec.json.encode(value).decode()


_INTEGER: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)


def _others(text: str, kind: Kind) -> list[str]:
    """JSON texts that may stand in a value's place; nothing where its type has no other."""
    value = _json.decode(text)
    found = [_text(other) for member in members_of(kind) for other in _others_of(value, member)]
    if isinstance(value, str) and _INTEGER.fullmatch(value):  # a number that a dialect has in quotes
        quoted = [other for member in members_of(kind) for other in _others_of(int(value), member)]
        found += [f'"{_text(other)}"' for other in quoted if isinstance(other, int)]
    return [other for other in dict.fromkeys(found) if other != text]


def _others_of(value: Any, kind: Kind) -> Iterator[Any]:
    """Other values of a type; in the place of ``null``, any that may stand there."""
    if words := literals(kind):
        yield from (word for word in words if value is None or type(word) is type(value))
        return
    match scalar_of(kind):
        case Scalar.DECIMAL | Scalar.NUMBER if value is None or isinstance(value, str):
            yield exact(abs(Decimal(value or 0)) + 1)
        case Scalar.NUMBER | Scalar.NUMBER_OR_EMPTY if isinstance(value, int | Decimal):
            yield abs(Decimal(value)) + 1
        case Scalar.NAMING | Scalar.PROSE if isinstance(value, str):
            yield from _others_like(value, str)
        case Scalar.DECIMAL_OR_EMPTY | Scalar.NUMBER_OR_EMPTY if isinstance(value, str):
            yield exact(abs(Decimal(value or 0)) + 1)
        case Scalar.EPOCH if value is None or isinstance(value, int):
            yield (value or 10**12) ^ 1  # as many digits
        case Scalar.EPOCH_TEXT if isinstance(value, str):
            yield str(int(value or 10**12) ^ 1)
        case Scalar.FAILED if isinstance(value, int):
            yield from (value + 1 or 1, value - 1_000_003 or 1)
        case None | Scalar.PROSE if kind is Any or value is None or isinstance(value, class_of(kind)):
            yield from _others_like(value, type(value or "") if kind is Any else class_of(kind))


def _others_like(value: Any, cls: type[Any]) -> Iterator[Any]:
    """Other values of a class; nothing for a class with parts."""
    if issubclass(cls, bool):
        yield not value
    elif issubclass(cls, int):
        yield from ((value or 0) + 1, (value or 0) - 1_000_003)
    elif issubclass(cls, str):
        yield from ("?", f"{value or ''}~")
    elif issubclass(cls, Decimal):
        yield abs(Decimal(value)) + 1
