"""A record without endpoint: what it may come from, and what all of that says of the cancel."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from cancelnorm import answering
from cancelnorm.agreement import agreed
from cancelnorm.answer import (
    Drift,
    data_of,
    encoded,
    http_failure,
    is_quoted,
    normalise_at,
    shown,
    with_notes,
)
from cancelnorm.answering import Answerers, Reading
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.errors import AmbiguousPayloadError, NotACancel, PayloadError
from cancelnorm.fitting import Likest, Payload, Read, likest, other_answers, settled, settled_by
from cancelnorm.likely_types import has_other_words
from cancelnorm.lone_row import lone_row, row_origins
from cancelnorm.reader.types import declared
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note
from cancelnorm.venue import Venue

__all__ = [
    "assume",
    "assume_answer",
    "assumed_note",
    "pass_over",
    "unlike",
]


def pass_over(record: Record, venue: Venue) -> None:
    """Raise NotACancel for a frame that a venue pushes about something else."""
    if venue.skip is not None and (what := venue.skip(data_of(record))):
        raise NotACancel(what, record.source)


def assume(record: Record, venue: Venue, drift: Drift) -> Normalised:
    """Normalise a record without endpoint, unless it is a frame about something else."""
    pass_over(record, venue)
    return assume_answer(record, venue, drift)


def assume_answer(record: Record, venue: Venue, drift: Drift) -> Normalised:
    """Normalise an answer without endpoint, where all that it could come from say the same of the order.

    It leaves open what became of a cancel where they differ in that, and where it may answer something else.
    """
    data = data_of(record)
    readings = answering.readings(venue, data)
    quiet = _quiet(venue, readings, data)
    if quiet:
        readings = [heard for reading in readings if (heard := reading.without(quiet))]
    try:
        names, results, is_open = _mapped(record, venue, readings, data)
    except (ValueError, RecursionError):
        readings = [reading for reading in readings if reading.is_exact(data)]
        names, results, is_open = _mapped(record, venue, readings, data)
    others = _others(record, venue)
    if results:
        _check_text(record, venue, names[0])
    if not (results or quiet or others):
        payload = Payload(record)
        alike = likest(payload, venue)
        if alike.additions > 0 and drift == "collect" and (row := lone_row(record, venue)):
            return row
        try:
            names, results, quiet, others, is_open = _drifted(record, payload, venue, drift, alike)
        except PayloadError:
            is_known = record.endpoint is not None or alike.readings or settled_by(record) is not None
            origins = () if is_known else row_origins(record, venue)
            if len(origins) < 2:
                raise
            may_be = [(venue.name, each.name) for each in origins]
            raise AmbiguousPayloadError(may_be, source=record.source) from None
    if not results:
        passed = [*quiet.values(), *(f"the answer to {name}" for name in others)]
        raise NotACancel(passed[0], record.source)
    result = agreed(results, names, record, venue, is_open=is_open or bool(quiet or others))
    names = (*names, *(endpoint.name for endpoint in quiet), *others)
    return with_notes(result, [assumed_note(names)])


def _check_text(record: Record, venue: Venue, name: str) -> None:
    """Raise PayloadError, as of an endpoint, for a payload that cannot be written in UTF-8."""
    if isinstance(record.payload, str):
        encoded(record.payload, record, venue.endpoints[name])


def assumed_note(names: Sequence[str]) -> Note:
    """The note on what an answer was taken for that endpoints of these names may have sent."""
    return Note("endpoint-assumed", "$", f"no endpoint given, taken as {names[0]}", list(names))


class _Drifted(NamedTuple):
    """What is said of a payload that only additions, or the HTTP status, let an endpoint answer."""

    names: tuple[str, ...]
    results: list[Normalised]
    quiet: dict[Endpoint, str]
    others: list[str]
    is_open: bool


def _drifted(record: Record, payload: Payload, venue: Venue, drift: Drift, alike: Likest) -> _Drifted:
    """Read a payload as what it is with fewest additions, be that the answer to a cancel or another one.

    ``alike`` are the readings of those. What became of a cancel is open where as few make it another answer, where
    additions are most of an order, and where it has another word than those by which such answers name what they are.
    Raises AmbiguousPayloadError where additions are most of it and nothing is certain to be about an order.
    """
    names, is_open = other_answers(payload, venue, alike.additions)
    if names and not is_open:
        return _Drifted((), [], {}, names, is_open=False)
    if alike.readings:
        endpoints = answering.in_order(
            venue, (e for read in alike.readings for e in read.answerers.endpoints)
        )
    else:
        endpoints = settled(record, payload, venue)
    asides = {
        skip: skip(payload.data) for skip in dict.fromkeys(e.skip for e in endpoints) if skip is not None
    }
    quiet = {e: what for e in endpoints if e.skip is not None and (what := asides[e.skip])}
    asked = [endpoint for endpoint in endpoints if endpoint not in quiet]
    status = None if alike.readings else settled_by(record)
    if status is not None:
        results = [http_failure(record, endpoint, status) for endpoint in _unlike_failures(asked)]
    elif drift == "refuse":
        results = [normalise_at(record, endpoint, drift) for endpoint in asked]
    else:
        _check_text(record, venue, endpoints[0].name)
        results, is_shared = _mapped_with_notes(record, venue, alike.readings, quiet)
        root = payload.tree.value
        if any(_is_of_something_else(result, root) for result in results):
            raise AmbiguousPayloadError([(venue.name, e.name) for e in asked], source=record.source)
        is_open = is_open or is_shared or has_other_words(venue, root, asked)
        is_open = is_open or any(_is_mostly_added(result, root) for result in results)
    return _Drifted(tuple(endpoint.name for endpoint in asked), results, quiet, names, is_open)


def _mapped_with_notes(
    record: Record, venue: Venue, readings: Sequence[Read], quiet: Mapping[Endpoint, str]
) -> tuple[list[Normalised], bool]:
    """A result for those that say the same of what they read, and whether other requests are answered alike."""
    if quiet:
        readings = [heard for read in readings if (heard := read.without(quiet))]
    classes = tuple([declared(type(read.value)) for read in readings])
    found = unlike(
        venue, tuple([read.answerers for read in readings]), classes, with_request=bool(record.request)
    )
    results = []
    for i, endpoint, mapping in found.asked:
        result = mapping(readings[i].value, Call(record, endpoint, []))
        results.append(with_notes(shown(result) if result.notes else result, readings[i].notes))
    return results, any(is_shared(readings[i].value) for i, is_shared in found.shared)


def _is_of_something_else(result: Normalised, root: Any) -> bool:
    """Whether most of an object in a payload was added, and nothing in it is certain to be about an order.

    Public data, accounts and loans are such answers. An error is about the request, whatever it is.
    """
    if not _mostly_added(result, root) or any(event.reason is not None for event in result.events):
        return False
    return not all(_names_order(event, root) for event in result.events)


def _names_order(event: CancelEvent, root: Any) -> bool:
    """Whether the id of an order or a quote stands under a key that says so: an ``id`` may be that of anything."""
    row = _at(root, event.path or "$")
    ids = {event.order_id, event.client_order_id, event.list_id} - {None}
    return isinstance(row, dict) and any(
        _OF_QUOTE.search(key) is not None or (_OF_ORDER.search(key) is not None and str(value) in ids)
        for key, value in row.items()
    )


_OF_ORDER: Final = re.compile(r"(?i)ord|oid|algo|client|strateg|plan")
_OF_QUOTE: Final = re.compile(r"(?i)(?:rfq|quote)_?id$")
_STEP: Final = re.compile(r"\.([^.\[]+)|\[([0-9]+)\]")
_LAST: Final = re.compile(r"(?:\.[^.\[\]\"]++|\[\"(?:[^\"\\]|\\.)*+\"\])\Z")
"""The last step of a path, whatever the key."""


def _is_mostly_added(result: Normalised, root: Any) -> bool:
    """Whether an event is of an object with more fields that were added than others, in a payload."""
    added = _mostly_added(result, root)
    return any(event.path in added for event in result.events)


def _mostly_added(result: Normalised, root: Any) -> set[str]:
    """The paths of the objects with more fields that were added than others, in a payload."""
    added = Counter(_LAST.sub("", note.path) for note in result.notes if note.code == "unknown-field")
    return {path for path, count in added.items() if 0 < len(_at(root, path)) < 2 * count}


def _at(value: Any, path: str) -> Any:
    """The object or the array at a path of plain keys; empty where a key has a dot or a bracket in it."""
    for step in _STEP.finditer(path):
        try:
            value = value[step[1] or int(step[2])]
        except (KeyError, IndexError, TypeError):
            return ()
    return value


def _quiet(venue: Venue, readings: Sequence[Reading], data: bytes) -> dict[Endpoint, str]:
    """The endpoints whose own answers may be about something else, each with what this payload is about."""
    asked = _with_own_skip(venue, tuple([reading.answerers for reading in readings]))
    return {endpoint: what for skip, endpoints in asked if (what := skip(data)) for endpoint in endpoints}


@lru_cache(maxsize=1_024)
def _with_own_skip(
    venue: Venue, answerers: tuple[Answerers, ...]
) -> tuple[tuple[Callable[[bytes], str | None], tuple[Endpoint, ...]], ...]:
    alike: dict[Callable[[bytes], str | None], list[Endpoint]] = {}
    for endpoint in answering.in_order(venue, (e for row in answerers for e in row.endpoints)):
        if endpoint.skip is not None and endpoint.skip is not venue.skip:
            alike.setdefault(endpoint.skip, []).append(endpoint)
    return tuple((skip, tuple(endpoints)) for skip, endpoints in alike.items())


def _others(record: Record, venue: Venue) -> list[str]:
    """The answers that are no cancels and that a payload is, by name; none if its integers may be in quotes."""
    if is_quoted(record):
        return []
    data = data_of(record)
    return [name for name, shape in answering.others(venue, data) if shape.takes(data)]


class _Unlike(NamedTuple):
    """The endpoints that answer a payload: the names of all, and those to ask, each with its reading and its map.

    ``shared`` tell whether other requests are answered alike, each with the reading that it is asked of.
    """

    names: tuple[str, ...]
    asked: tuple[tuple[int, Endpoint, Callable[[Any, Call], Normalised]], ...]
    shared: tuple[tuple[int, Callable[[Any], bool]], ...]


@lru_cache(maxsize=1_024)
def unlike(
    venue: Venue, answerers: tuple[Answerers, ...], classes: tuple[type, ...], *, with_request: bool
) -> _Unlike:
    """Choose one endpoint for those that say the same; without a product where theirs differ.

    ``classes`` are those of the values that were read. What a payload leaves open is taken from the request,
    which endpoints read in different ways.
    """
    rows = {endpoint: i for i, row in enumerate(answerers) for endpoint in row.endpoints}
    alike: dict[tuple[int, Callable[[Any, Call], Normalised], Hashable], list[Endpoint]] = {}
    for endpoint in answering.in_order(venue, rows):
        i = rows[endpoint]
        reads = (id(endpoint.request), endpoint.product) if with_request else ()
        alike.setdefault((i, endpoint.mapping(classes[i]), reads), []).append(endpoint)
    asked = tuple(
        (i, some[0] if len({e.product for e in some}) == 1 else some[0].of_any_product, mapping)
        for (i, mapping, _), some in alike.items()
    )
    shared = dict.fromkeys((i, tells) for e, i in rows.items() for tells in e.sharing(classes[i]))
    return _Unlike(tuple(endpoint.name for endpoint in answering.in_order(venue, rows)), asked, tuple(shared))


def _mapped(
    record: Record, venue: Venue, readings: Sequence[Reading], data: bytes
) -> tuple[tuple[str, ...], list[Normalised], bool]:
    """What endpoints say of a payload that they read.

    That is the names of all, a result for those that say the same, and whether other requests are answered alike.
    """
    if not readings:
        return (), [], False
    answerers = tuple([reading.answerers for reading in readings])
    classes = tuple([type(reading.value) for reading in readings])
    found = unlike(venue, answerers, classes, with_request=bool(record.request))
    is_whole = False
    results = []
    for i, endpoint, mapping in found.asked:
        call = Call(record, endpoint, [], None, None, data)
        result = mapping(readings[i].value, call)
        is_whole = is_whole or call.is_whole
        results.append(shown(result) if result.notes else result)
    shape = answerers[0].endpoints[0].shape
    if not is_whole and not shape.is_whole(data, readings[0].value):
        notes = shape.duplicates(data)
        results = [with_notes(result, notes) for result in results] if notes else results
    for i, is_shared in found.shared:
        if is_shared(readings[i].value):
            return found.names, results, True
    return found.names, results, False


def _unlike_failures(endpoints: Iterable[Endpoint]) -> Iterable[Endpoint]:
    """One endpoint for those that say the same of a failure: of their answers it needs nothing."""
    found: dict[Hashable, Endpoint] = {}
    for endpoint in endpoints:
        found.setdefault((endpoint.product, id(endpoint.request)), endpoint)
    return found.values()
