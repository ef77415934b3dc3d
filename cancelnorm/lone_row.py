"""Rows of answers that were recorded without their envelopes, as programs print an order alone."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from cancelnorm.agreement import agreed
from cancelnorm.answer import data_of, is_quoted, normalise_at, with_notes
from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import NotACancel
from cancelnorm.lazy import lazy
from cancelnorm.reader.exact import Tree
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Node, structs_in
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Evidence, Normalised, Note
from cancelnorm.venue import Venue

__all__ = ["lone_row"]


def lone_row(record: Record, venue: Venue, endpoint: Endpoint | None = None) -> Normalised | None:
    """Say what a row means, or an array of rows, without the envelope in which the venue sends it.

    None where the venue sends no such row: nothing may be missing or added. None also where it says nothing of a cancel
    or may be of another answer. Raises NotACancel where it is of nothing else, and AmbiguousPayloadError
    where no endpoint is given and the rows of several mean different things.
    """
    data = data_of(record).strip()
    origins = _origins(venue, _keys(data)) if venue.envelopes else _NOWHERE
    found: list[tuple[str, Normalised]] = []
    passed: list[str] = []
    for envelope in _envelopes(venue) if origins is not _NOWHERE else ():
        if (wrapped := envelope.around(data)) is None:
            continue
        tree = Tree(wrapped.data)
        whole = replace(record, payload=wrapped.data)
        for each in origins.endpoints:
            if endpoint in (None, each) and _is_row(tree, each.shape.node, wrapped.place, record):
                try:
                    result = normalise_at(whole, each, "collect")
                except NotACancel as error:
                    passed.append(error.frame)
                else:
                    found.append((each.name, _alone(result, wrapped.place)))
        if endpoint is None:
            others = (name for name, node in origins.others if _is_row(tree, node, wrapped.place, record))
            passed += [f"the answer to {name}" for name in others]
    if not found and passed:
        raise NotACancel(passed[0], record.source)
    results = [result for _, result in found]
    if passed or not results or not all(map(_is_telling, results)):
        return None
    names = list(dict.fromkeys(name for name, _ in found))
    result = agreed(results, names, record, venue, is_open=False)
    if not _is_telling(result):
        return None
    return with_notes(result, [Note("missing-envelope", "$", f"taken as a row of {names[0]}", names)])


def _is_row(tree: Tree, node: Node, place: str, record: Record) -> bool:
    """Whether a wrapped payload has a type, with no additions but words in the envelope."""
    try:
        notes = tree.walk(node, refuse=False, quoted=is_quoted(record)).notes
    except Mismatch:
        return False
    return all(note.code == "unknown-value" and not note.path.startswith(place) for note in notes)


def _alone(result: Normalised, place: str) -> Normalised:
    """A result without what an envelope says, and with the paths of the payload that was in it."""
    events = [
        replace(event, path=f"${event.path.removeprefix(place)}", request_id=None, **_timeless(event))
        for event in result.events
        if event.path is not None and event.path.startswith(place)
    ]
    notes = [
        replace(note, path=f"${note.path.removeprefix(place)}")
        for note in result.notes
        if note.path.startswith(place)
    ]
    return Normalised(tuple(events), tuple(notes))


def _timeless(event: CancelEvent) -> dict[str, None]:
    """The times that an event has of an envelope, as there are none."""
    return {name: None for name in _TIMES if getattr(event, name) == _OF_ENVELOPES}


_TIMES: Final = ("created_ns", "event_ns", "response_ns")
_OF_ENVELOPES: Final = 1_700_000_000_000_000_000


def _is_telling(result: Normalised) -> bool:
    """Whether any event of a row says what became of its order."""
    return any(event.evidence is not Evidence.NONE for event in result.events)


# --- Envelopes ---


class _Wrapped(NamedTuple):
    """A payload in an envelope, and its path there."""

    data: bytes
    place: str


class _Envelope(NamedTuple):
    """What stands before a row and behind it, and the path of the row."""

    before: bytes
    after: bytes
    place: str

    def around(self, data: bytes) -> _Wrapped | None:
        """A row in the envelope, or an array of rows in the place of its own; None where it has none."""
        if data[:1] == b"{":
            return _Wrapped(self.before + data + self.after, self.place)
        if not self.place.endswith(_FIRST):
            return None
        return _Wrapped(self.before[:-1] + data + self.after[1:], self.place.removesuffix(_FIRST))


_ROW: Final = "$row"
_FIRST: Final = "[0]"


@lazy
def _envelopes(venue: Venue) -> Sequence[_Envelope]:
    found = []
    for envelope in venue.envelopes:
        before, _, after = envelope.partition(f'"{_ROW}"')
        found.append(_Envelope(before.encode(), after.encode(), _path(json.loads(envelope)) or "$"))
    return found


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
    """The endpoints, and the answers that are no cancels, in which an object with certain keys may be."""

    endpoints: Sequence[Endpoint]
    others: Sequence[tuple[str, Node]]


_NOWHERE: Final = _Origins((), ())


@cached(1_024)
def _origins(venue: Venue, keys: frozenset[str]) -> _Origins:
    endpoints = [each for each in venue.endpoints.values() if _may_hold(each.shape.node, keys)]
    if not endpoints:
        return _NOWHERE
    others = [(name, shape.node) for name, shape in venue.others.items() if _may_hold(shape.node, keys)]
    return _Origins(endpoints, others)


def _may_hold(node: Node, keys: frozenset[str]) -> bool:
    """Whether a type has a struct in it with such keys."""
    return bool(keys) and any(s.required <= keys <= s.keys for s in structs_in(node))


_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[dict[str, Raw]]).decode


def _keys(data: bytes) -> frozenset[str]:
    """The keys of an object, or of the first in an array of objects; none of anything else."""
    try:
        rows = [_object(data)] if data[:1] == b"{" else _array(data)
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(rows[0] if rows else ())
