"""Rows of answers that were recorded without their envelopes, as programs print an order alone."""

import json
import re
from collections.abc import Hashable, Iterator, Sequence, Set
from contextlib import suppress
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from cancelnorm.agreement import agreed
from cancelnorm.answer import data_of, is_quoted, normalise_at, with_notes
from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import AmbiguousPayloadError, NotACancel
from cancelnorm.lazy import lazy
from cancelnorm.reader.decoders import struct_reader
from cancelnorm.reader.exact import Tree
from cancelnorm.reader.fast import verifier
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Node, StructNode, structs_in
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note, Outcome
from cancelnorm.venue import Venue

__all__ = ["lone_row", "may_be_row", "row_origins"]


_SOME_KEYS: Final = 2  # of a row that is about an order; many answers have one alone


def lone_row(record: Record, venue: Venue, endpoint: Endpoint | None = None) -> Normalised | None:
    """Say what a row means, or an array of rows, without the envelope in which the venue sends it.

    None where the venue sends no such row: nothing may be missing or added. None also where it names no order, or may
    be of another answer, or leaves open what became of a cancel and no endpoint is given. Raises NotACancel where it
    is of nothing else, and AmbiguousPayloadError where no endpoint is given and the rows of several mean different
    things.
    """
    data = data_of(record).strip()
    rows = _rows(data) if venue.envelopes else ()
    origins = _origins(venue, frozenset(_object(rows[0]))) if rows else _NOWHERE
    if not (is_quoted(record) or any(_is_read(struct, rows[0]) for struct in origins.structs)):
        return None
    names: list[str] = []
    results: list[Normalised] = []
    passed: list[str] = []
    try:
        answers = _answers(data, rows, venue)
    except Mismatch:  # it is no JSON
        return None
    found = []
    for answering in origins.endpoints:
        if asked := [each for each in answering if endpoint in (None, each)]:
            found += [(i, value, asked) for i, value in _readings(answers, asked[0].shape.node, record)]
    for i, value, asked in sorted(found, key=itemgetter(0)):
        wrapped, _ = answers[i]
        whole = replace(record, payload=wrapped.data)
        for each in _unlike(asked, type(value), record):
            try:
                results.append(_alone(normalise_at(whole, each, "collect"), wrapped, data))
            except NotACancel as error:
                passed.append(error.frame)
        names += [each.name for each in asked]
    if endpoint is None:
        others = (name for name, node in origins.others if _readings(answers, node, record))
        passed += [f"the answer to {name}" for name in others]
    if not results and passed:
        raise NotACancel(passed[0], record.source)
    if passed or not results or not all(map(_names_orders, results)):
        return None
    names = list(dict.fromkeys(names))
    try:
        result = agreed(results, names, record, venue, is_open=False)
    except AmbiguousPayloadError:
        if endpoint is None:
            raise
        return None
    if endpoint is None and all(event.outcome is Outcome.UNKNOWN for event in result.events):
        return None
    return with_notes(result, [Note("missing-envelope", "$", f"taken as a row of {names[0]}", names)])


def _names_orders(result: Normalised) -> bool:
    """Whether all that a row says is about orders that it names: an object without an id may be of anything."""
    return bool(result.events) and all(event.order_id or event.client_order_id for event in result.events)


def may_be_row(data: bytes, venue: Venue) -> bool:
    """Whether the keys of an object, or of the first in an array, are those of a row that may be recorded alone."""
    rows = _rows(data) if venue.envelopes else ()
    return bool(rows) and _origins(venue, frozenset(_object(rows[0]))) is not _NOWHERE


def row_origins(record: Record, venue: Venue) -> Sequence[Endpoint]:
    """The endpoints in whose answers a row may be that was recorded alone; of several rows, some may be read."""
    data = data_of(record).strip()
    if not may_be_row(data, venue) or len(_rows(data)) > 1:
        return ()
    row = _rows(data)[0]
    origins = _origins(venue, frozenset(_object(row)))
    if len(_object(row)) < _SOME_KEYS or not any(_is_read(struct, row) for struct in origins.structs):
        return ()
    return tuple(endpoint for alike in origins.endpoints for endpoint in alike)


def _answers(data: bytes, rows: Sequence[bytes], venue: Venue) -> Sequence[tuple["_Wrapped", Tree]]:
    """The rows in each envelope that has room for them; Mismatch where they are no JSON."""
    wrapped = [envelope.around(data, rows) for envelope in _envelopes(venue)]
    return [(each, Tree(each.data)) for each in wrapped if each is not None]


def _readings(
    answers: Sequence[tuple["_Wrapped", Tree]], node: Node, record: Record
) -> Sequence[tuple[int, Any]]:
    """What a type reads of wrapped rows that have no additions, and in which of the envelopes.

    In envelopes with the words of others too, as no venue declares one for each of its channels; but then not if the
    words of one are those of the type.
    """
    found: dict[bool, list[tuple[int, Any]]] = {True: [], False: []}
    for i, (wrapped, tree) in enumerate(answers):
        with suppress(Mismatch):
            value, notes, _ = tree.walk(node, refuse=False, quoted=is_quoted(record))
            if all(
                note.code == "unknown-value" and not note.path.startswith(wrapped.place) for note in notes
            ):
                found[not notes].append((i, value))
    return found[True] or found[False]


def _unlike(endpoints: Sequence[Endpoint], answer: type, record: Record) -> Sequence[Endpoint]:
    """One endpoint for those that say the same of a value of a class."""
    found: dict[Hashable, Endpoint] = {}
    for each in endpoints:
        reads = id(each.request) if record.request else None
        found.setdefault((each.mapping(answer), each.product, each.skip, reads), each)
    return [*found.values()]


def _alone(result: Normalised, wrapped: "_Wrapped", data: bytes) -> Normalised:
    """A result without what an envelope says, and with the paths of the payload that was in it."""
    place, row = wrapped.place, wrapped.row
    unsaid = frozenset(text for text in wrapped.said if not _has(data, text))
    events = [
        replace(
            event,
            path=row + event.path.removeprefix(place),
            request_id=None,
            **_without(event, unsaid),
        )
        for event in result.events
        if event.path is not None and event.path.startswith(place)
    ]
    notes = [
        replace(note, path=row + note.path.removeprefix(place))
        for note in result.notes
        if note.path.startswith(place)
    ]
    return Normalised(tuple(events), tuple(notes))


def _without(event: CancelEvent, unsaid: Set[str]) -> dict[str, None]:
    """The times, the code and the text that an event has of an envelope alone, as there are none."""
    times = {name: None for name in _TIMES if getattr(event, name) == _OF_ENVELOPES}
    return {**times, **{name: None for name in _SAID if getattr(event, name) in unsaid}}


def _has(data: bytes, text: str) -> bool:
    """Tell whether JSON has a scalar with a text."""
    scalar = re.escape(text).encode()
    return re.search(rb'"%b"|[:\[,]\s*+%b\s*+[,\]}]' % (scalar, scalar), data) is not None


_TIMES: Final = ("created_ns", "event_ns", "response_ns")
_SAID: Final = ("code", "message")
_OF_ENVELOPES: Final = 1_700_000_000_000_000_000


# --- Envelopes ---


class _Wrapped(NamedTuple):
    """A payload in an envelope: the path of its rows there, and in the payload; and the scalars of the envelope."""

    data: bytes
    place: str
    row: str
    said: frozenset[str]


class _Envelope(NamedTuple):
    """What stands before a row and behind it, the path of the row, and the scalars as texts."""

    before: bytes
    after: bytes
    place: str
    said: frozenset[str]

    def around(self, data: bytes, rows: Sequence[bytes]) -> _Wrapped | None:
        """A row in the envelope, or an array of rows in the place of its own; None where it has room for one."""
        if data[:1] == b"{":
            return _Wrapped(self.before + data + self.after, self.place, "$", self.said)
        if self.place.endswith(_FIRST):
            place = self.place.removesuffix(_FIRST)
            return _Wrapped(self.before[:-1] + data + self.after[1:], place, "$", self.said)
        if len(rows) != 1:
            return None
        return _Wrapped(self.before + rows[0] + self.after, self.place, "$[0]", self.said)


_ROW: Final = "$row"
_FIRST: Final = "[0]"


@lazy
def _envelopes(venue: Venue) -> Sequence[_Envelope]:
    found = []
    for envelope in venue.envelopes:
        before, _, after = envelope.partition(f'"{_ROW}"')
        value = json.loads(envelope)
        said = frozenset(_scalars(value))
        found.append(_Envelope(before.encode(), after.encode(), _path(value) or "$", said))
    return found


def _scalars(value: Any) -> Iterator[str]:
    """The texts of all scalars in a value."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _scalars(part)
    else:
        yield str(value)


def _path(value: Any, at: str = "$") -> str | None:
    """The path of the row in an envelope."""
    if value == _ROW:
        return at
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = (
        _path(part, f"{at}.{step}" if isinstance(step, str) else f"{at}[{step}]") for step, part in steps
    )
    return next(filter(None, inner), None)


# --- Origins ---


class _Origins(NamedTuple):
    """The endpoints, and the answers that are no cancels, in which an object with certain keys may be.

    Endpoints that answer with the same type are together. ``structs`` are what such an object may be read as.
    """

    endpoints: Sequence[Sequence[Endpoint]]
    others: Sequence[tuple[str, Node]]
    structs: Sequence[type[Struct]]


_NOWHERE: Final = _Origins((), (), ())


@cached(1_024)
def _origins(venue: Venue, keys: frozenset[str]) -> _Origins:
    found: dict[Node, list[Endpoint]] = {}
    for each in venue.endpoints.values():
        found.setdefault(each.shape.node, []).append(each)
    endpoints = [alike for node, alike in found.items() if _may_hold(node, keys)]
    if not endpoints:
        return _NOWHERE
    others = [(name, shape.node) for name, shape in venue.others.items() if _may_hold(shape.node, keys)]
    nodes = [*(alike[0].shape.node for alike in endpoints), *(node for _, node in others)]
    structs = dict.fromkeys(each.struct for node in nodes for each in _held(node, keys))
    return _Origins(endpoints, others, tuple(structs))


def _may_hold(node: Node, keys: frozenset[str]) -> bool:
    """Whether a type has a struct in it with such keys."""
    return bool(keys) and any(True for _ in _held(node, keys))


def _held(node: Node, keys: frozenset[str]) -> Iterator[StructNode]:
    return (each for each in structs_in(node) if each.required <= keys <= each.keys)


def _is_read(struct: type[Struct], row: bytes) -> bool:
    """Whether a row has the type of a struct, without additions."""
    try:
        verifier(struct)(struct_reader(struct, False)(row))
    except (ValueError, RecursionError):
        return False
    return True


_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode


def _rows(data: bytes) -> Sequence[bytes]:
    """An object, or those of an array of nothing else; none of anything else."""
    try:
        rows = [data] if data[:1] == b"{" else [bytes(row) for row in _array(data)]
        return rows if all(row[:1] == b"{" for row in rows) and rows and _object(rows[0]) else ()
    except (ValueError, RecursionError):
        return ()
