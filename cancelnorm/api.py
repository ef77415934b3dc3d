"""From a record to its events: ``parse``, ``normalise``, ``identify``.

Two levels of strictness, no more. ``parse`` is strict. ``normalise`` collects what a venue added as notes,
because a new field must never cost anyone the news that an order is gone; ``drift="refuse"`` makes it as
strict as ``parse``. Neither accepts a wrong type, a missing field or a contradiction.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import answering, recognition, routing, venues
from cancelnorm.answer import (
    Drift,
    HttpFailure,
    data_of,
    encoded,
    is_quoted,
    normalise_at,
    parse_at,
    require_drift,
    says_what_happened,
    with_notes,
)
from cancelnorm.assumption import assume, assume_answer, pass_over
from cancelnorm.assumptions import Assumptions
from cancelnorm.caching import cached
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.errors import AmbiguousPayloadError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.fitting import candidates, exactly, fitting
from cancelnorm.lazy import lazy
from cancelnorm.lone_row import lone_row
from cancelnorm.near_names import NearNames
from cancelnorm.partial import Partial, joined, partial
from cancelnorm.reader.exact import Tree
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Node
from cancelnorm.record import Record
from cancelnorm.request import Target
from cancelnorm.schema import Normalised, Note, Reason
from cancelnorm.venue import Venue
from cancelnorm.verdict import unknown

__all__ = ["HttpFailure", "find_endpoint", "find_venue", "identify", "normalise", "parse"]


def parse(record: Record) -> Any:
    """Read a payload strictly: the venue's struct, or PayloadError.

    A body that is no JSON under an HTTP status that reports a failure is an ``HttpFailure``. Without an
    endpoint the payload has to fit one endpoint of the venue, or several that share the struct.
    """
    record = _asked(record)
    if record.endpoint is not None:
        return parse_at(*_at(record))
    venue = _pass_over(record)
    data = data_of(record)
    taking = answering.taking(venue, data)
    if taking and isinstance(record.payload, str):
        encoded(record.payload, record, next(iter(taking)))
    passed = [what for endpoint in taking if endpoint.skip and (what := endpoint.skip(data))]
    if passed and len(passed) == len(taking):
        raise NotACancel(passed[0], record.source)
    found = list(taking.values()) or [parse_at(record, endpoint) for endpoint in candidates(record, venue)]
    if any(value != found[0] for value in found):
        raise AmbiguousPayloadError(identify(record.payload, venue=record.venue), source=record.source)
    return found[0]


def normalise(
    record: Record, *, drift: Drift = "collect", assumptions: Assumptions | None = None
) -> Normalised:
    """Say what a record means, as canonical events.

    A request without an answer gives an event for each order that it names, with outcome unknown, and so does
    one that failed as a whole, with what is said of it. Raises PayloadError where the payload is not what the
    endpoint answers, NotACancel where it is a frame about something else or answers a request for something
    else, UnknownEndpointError where there is no such venue or endpoint, AmbiguousPayloadError where no endpoint
    is given and several would give different events. A row of a batch that cannot be read is an event of its
    own, ``unknown`` for the reason ``unreadable``, with a note: its neighbours keep theirs.

    Who has many records without endpoint saves time with ``assumptions``, one object for all of them. Raises
    ValueError for another word than ``collect`` or ``refuse``.
    """
    require_drift(drift)
    record = _asked(record)
    if record.pairing is not None:
        return _unpaired(record, drift)
    try:
        if record.endpoint is None:
            venue = find_venue(record.venue)
            return (
                assume(record, venue, drift)
                if assumptions is None
                else assumptions.assume(record, venue, drift)
            )
        return normalise_at(*_at(record), drift)
    except PayloadError as error:
        result = None if drift == "refuse" else _in_part(record, error) or _without_envelope(record)
        if result is None:
            raise
        return result


def identify(
    payload: bytes | str, *, venue: str | None = None, status: int | None = None
) -> list[tuple[str, str]]:
    """List the endpoints that answer such a payload, as (venue, endpoint), in the order of registration.

    Endpoints that answer it exactly come alone; only where there are none, those that answer it but for
    additions. Nothing is guessed: errors of the shape ``{code, msg}`` fit many, and a single text under a status of
    failure may be of a gateway before any venue. A frame that is not about a cancel fits none.
    """
    record = Record(payload, venue or "", status=status)
    if venue is not None:
        with suppress(NotACancel):
            return _names(_telling(record, fitting(record, _pass_over(record))))
        return []
    # What one venue pushes as something else may be another's answer, so each is asked by itself.
    exact, others = [], []
    data = record.payload if isinstance(record.payload, bytes) else record.payload.encode(errors="replace")
    packed = None if data[:1] in (b"{", b"[") else recognition.unpacking(data)
    for name in venues.names() if packed is None else (packed,):
        own = replace(record, venue=name)
        with suppress(NotACancel):
            found = _telling(own, fitting(own, _pass_over(own)))
            exact += exactly(own, found)
            others += found
    is_anyones = status is not None and says_what_happened(status, data) and recognition.says_little(data)
    return _names(others if is_anyones else exact or others)


def _telling(record: Record, endpoints: list[Endpoint]) -> list[Endpoint]:
    """Some endpoints; none if a payload is not about a cancel, whichever of them answers it."""
    data = data_of(record)
    return endpoints if any(not (each.skip and each.skip(data)) for each in endpoints) else []


def _names(endpoints: Sequence[Endpoint]) -> list[tuple[str, str]]:
    return [(endpoint.venue, endpoint.name) for endpoint in endpoints]


# --- Requests and answers that were not paired ---


def _unpaired(record: Record, drift: Drift) -> Normalised:
    if not record.is_unanswered:
        result = normalise(replace(record, pairing=None), drift=drift)
        return with_notes(result, [Note("shared-request-id", "$", _SHARED)])
    record, endpoint = _at(record)
    if endpoint.is_query:
        raise NotACancel(f"{endpoint.name} without an answer", record.source)
    call = Call(record, endpoint, [])
    verdict = unknown(Reason.TIMEOUT if record.pairing == "timeout" else Reason.NO_ANSWER)
    events = [call.failed(verdict, target, index=i) for i, target in enumerate(call.targets)]
    return call.result(events or [call.failed(verdict)])


_SHARED: Final = "several open requests have its id or URL, so the answer was paired with none of them"


# --- Rows without an envelope, and rows that cannot be read ---


def _without_envelope(record: Record) -> Normalised | None:
    """What a payload says that is a row of an endpoint's answer, or some; None where it is none."""
    if record.endpoint is None:
        return None
    record, endpoint = _at(record)
    return lone_row(record, find_venue(record.venue), endpoint)


def _in_part(record: Record, error: PayloadError) -> Normalised | None:
    """What the rows say that can be read, beside events of those that cannot; None where there are no such rows."""
    venue = find_venue(record.venue)
    if record.endpoint is None:
        found = _cut(record, venue)
    else:
        record, named = _at(record)
        found = _cut_at(record, named, Mismatch(error.path, error.expected, error.found))
    if found is None:
        return None
    endpoint, part = found
    call = Call(record, endpoint, [])
    gone = frozenset(row.place for row in part.bad)
    by_position = len(call.targets) == part.length
    read = []
    for payload in dict.fromkeys((part.payload, part.beside)):
        rest = replace(record, payload=payload)
        with suppress(PayloadError, NotACancel, AmbiguousPayloadError):
            if record.endpoint is None:
                read.append(assume_answer(rest, venue, "collect"))
            else:
                read.append(normalise_at(rest, endpoint, "collect", gone if by_position else frozenset()))
    if not read:
        return None
    # Where rows are joined by their places, what stood beside a bad one has to go too.
    result = min(read, key=lambda one: sum(note.code in _UNJOINED for note in one.notes))
    if record.endpoint is None:  # the other rows tell more of whose answer it is
        call = Call(record, venue.endpoints[result.events[0].endpoint], [])
    targets = call.unnamed(result.events)
    bad = {}
    for i in sorted(gone):
        if by_position and i in targets:
            target = targets[i]
        else:
            target = next(iter(targets.values())) if len(targets) == len(gone) == 1 else Target()
        bad[i] = call.failed(unknown(Reason.UNREADABLE), target, path=f"{part.path}[{i}]")
    return joined(result, part, bad)


def _cut_at(record: Record, endpoint: Endpoint, fault: Mismatch) -> tuple[Endpoint, Partial] | None:
    """The rows that can be read of an endpoint's answer, and those that cannot."""
    part = partial(data_of(record), endpoint.shape.node, fault, quoted=is_quoted(record))
    return None if part is None else (endpoint, part)


def _cut(record: Record, venue: Venue) -> tuple[Endpoint, Partial] | None:
    """The same without an endpoint: as that endpoint reads it which reads most rows, and more than half."""
    found: list[tuple[Endpoint, Partial]] = []
    data = data_of(record)
    if b"[" not in data or data.count(b",") < _FEWEST_COMMAS:
        return None
    try:
        tree = Tree(data)
    except Mismatch:
        return None
    if not _has_rows(tree.value):
        return None
    alike: dict[Node, Endpoint] = {}
    for endpoint in venue.endpoints.values():
        alike.setdefault(endpoint.shape.node, endpoint)
    for node, endpoint in alike.items():
        try:
            tree.walk(node, refuse=False, quoted=is_quoted(record))
        except Mismatch as fault:
            if (cut := _cut_at(record, endpoint, fault)) and len(cut[1].bad) * 2 < cut[1].length:
                found.append(cut)
    return min(found, key=lambda cut: len(cut[1].bad), default=None)


_FEWEST_ROWS: Final = 3  # of which one bad row leaves the more
_FEWEST_COMMAS: Final = _FEWEST_ROWS - 1


def _has_rows(value: Any) -> bool:
    """Tell whether an array with so many rows is anywhere in a payload."""
    if isinstance(value, list):
        if len(value) >= _FEWEST_ROWS and any(isinstance(row, dict | list) for row in value):
            return True
        return any(map(_has_rows, value))
    return isinstance(value, dict) and any(map(_has_rows, value.values()))


_UNJOINED: Final = ("length-mismatch", "leg-without-report", "report-without-leg", "contradiction")


# --- Which venue, which endpoint ---


def _asked(record: Record) -> Record:
    """The record under the endpoint that its request is for; NotACancel where it asks for something else."""
    found = venues.asked(record)
    endpoint = found.endpoint
    if endpoint is not None and endpoint != record.endpoint:
        venue = find_venue(record.venue)
        if routing.placed(venue, endpoint) is None and not routing.may_cancel(
            venue, endpoint, record.request
        ):
            raise NotACancel(endpoint, record.source)
    if endpoint is None and record.endpoint is not None and _is_other_query(record, record.endpoint):
        raise NotACancel(f"the answer to another {record.endpoint}", record.source)
    return found


def _is_other_query(record: Record, name: str) -> bool:
    """Whether a record is of queries that share a name, of which none that is known has an answer with such keys."""
    venue = find_venue(record.venue)
    shared = routing.shared_name(venue, name)
    alike = [e for e in venue.endpoints.values() if shared is not None and e.name.startswith(f"{shared} ")]
    if not alike or not all(e.is_query for e in alike):
        return False
    data = data_of(record)
    if record.status not in (None, 200) or not _is_data(data):
        return False
    return set(answering.possible(venue, data)).isdisjoint(alike)


def _is_data(payload: bytes) -> bool:
    """Whether a payload is what a query answers: a number, or an object or an array that is whole, and no error."""
    try:
        value = msgspec.json.decode(payload)
    except (ValueError, RecursionError):
        return False
    if isinstance(value, dict):
        return bool(value) and "error" not in value
    return isinstance(value, int | float) or (isinstance(value, list) and bool(value))


@cached(1_024)
def find_venue(name: str) -> Venue:
    """Find a venue by name or alias; raises UnknownEndpointError, which lists the nearest names."""
    venue = venues.find(name)
    if venue is None:
        raise UnknownEndpointError(name, None, _near_venues(name))
    return venue


@cached(1_024)
def _near_venues(name: str) -> list[str]:
    """The venues with names like one."""
    return _venue_names().to(name, count=3, least=0.6)


@lazy
def _venue_names() -> NearNames:
    return NearNames(venues.names())


@cached(1_024)
def find_endpoint(venue: str, endpoint: str | None) -> Endpoint:
    """Find an endpoint, also by a spelling with host, query string or trailing slash, or by the path of a request.

    Raises UnknownEndpointError, which lists the nearest names.
    """
    known = find_venue(venue)
    found = routing.placed(known, endpoint or "")
    if found is None:
        raise UnknownEndpointError(venue, endpoint, _near(venue, routing.plain_name(endpoint or "")))
    return known.endpoints[found.endpoint]


def _at(record: Record) -> tuple[Record, Endpoint]:
    """The record's endpoint, and the record with the parameters that its path has."""
    endpoint = find_endpoint(record.venue, record.endpoint)
    if "{" in endpoint.name and record.endpoint != endpoint.name:
        record = venues.placed(record)
    return record, endpoint


@cached(1_024)
def _near(venue: str, name: str) -> list[str]:
    """The endpoints of a venue with names like one; all where there are none."""
    known = find_venue(venue)
    return _endpoint_names(known).to(name, count=5, least=0.5) or [*known.endpoints]


@lazy
def _endpoint_names(venue: Venue) -> NearNames:
    return NearNames(venue.endpoints)


def _pass_over(record: Record) -> Venue:
    """Give the record's venue; NotACancel for a frame that it pushes about something else."""
    venue = find_venue(record.venue)
    pass_over(record, venue)
    return venue
