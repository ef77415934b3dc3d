"""From a record to its events: ``parse``, ``normalise``, ``identify``.

Two levels of strictness, no more. ``parse`` is strict. ``normalise`` collects what a venue added as notes,
because a new field must never cost anyone the news that an order is gone; ``drift="refuse"`` makes it as
strict as ``parse``. Neither accepts a wrong type, a missing field or a contradiction.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.endpoint import Call, Endpoint, plain_path
from cancelnorm.errors import AmbiguousPayloadError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.masking import without_secrets
from cancelnorm.reader.exact import Mismatch, likeness, redacted, tree_of
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Note, Outcome, Reason
from cancelnorm.venue import Venue
from cancelnorm.venues import Answerers, Reading
from cancelnorm.verdict import rejected, unknown

__all__ = ["HttpFailure", "identify", "normalise", "parse"]

Drift = Literal["collect", "refuse"]


class HttpFailure(Struct, frozen=True):
    """A body that says nothing (HTML, empty, cut off) under an HTTP status that says what happened."""

    status: int
    body: str


def parse(record: Record) -> Any:
    """Read a payload strictly: the venue's struct, or PayloadError.

    A body that is no JSON under an HTTP status that reports a failure is an ``HttpFailure``. Without an
    endpoint the payload has to fit one endpoint of the venue, or several that share the struct.
    """
    if record.endpoint is not None:
        return _parse(record, _endpoint(record.venue, record.endpoint))
    venue = _pass_over(record)
    taking = venues.taking(venue, _data(record))
    if taking and isinstance(record.payload, str):
        _encoded(record.payload, record, next(iter(taking)))
    found = list(taking.values()) or [_parse(record, endpoint) for endpoint in _candidates(record, venue)]
    if any(value != found[0] for value in found):
        raise AmbiguousPayloadError(identify(record.payload, venue=record.venue), source=record.source)
    return found[0]


def normalise(record: Record, *, drift: Drift = "collect") -> Normalised:
    """Say what a record means, as canonical events.

    A request without an answer gives an event for each order that it names, with outcome unknown. Raises
    PayloadError where the payload is not what the endpoint answers, NotACancel where it is a frame about something
    else, UnknownEndpointError where there is no such venue or endpoint, AmbiguousPayloadError
    where no endpoint is given and several would give different events.
    """
    if record.pairing is not None:
        return _unpaired(record, drift)
    if record.endpoint is None:
        return _assume(record, _pass_over(record), drift)
    venue = venues.find(record.venue)
    endpoint = None if venue is None else venue.endpoints.get(record.endpoint)
    if endpoint is None:
        endpoint = _endpoint(record.venue, record.endpoint)
    return _normalise(record, endpoint, drift)


def identify(
    payload: bytes | str, *, venue: str | None = None, status: int | None = None
) -> list[tuple[str, str]]:
    """List the endpoints that answer such a payload, as (venue, endpoint), in the order of registration.

    Endpoints that answer it exactly come alone; only where there are none, those that answer it but for
    additions. Nothing is guessed: errors of the shape ``{code, msg}`` fit many. A frame that is not about a
    cancel fits none.
    """
    if venue is not None:
        record = Record(payload, venue, status=status)
        with suppress(NotACancel):
            return _names(_fitting(record, _pass_over(record)))
        return []
    # What one venue pushes as something else may be another's answer, so each is asked by itself.
    exact, others = [], []
    for name in venues.names():
        record = Record(payload, name, status=status)
        with suppress(NotACancel):
            found = _fitting(record, _pass_over(record))
            exact += [endpoint for endpoint in found if _fits(record, endpoint, _data(record), refuse=True)]
            others += found
    return _names(exact or others)


# --- Requests and answers that were not paired ---


def _unpaired(record: Record, drift: Drift) -> Normalised:
    if not record.is_unanswered:
        result = normalise(replace(record, pairing=None), drift=drift)
        return _with_notes(result, [Note("shared-request-id", "$", _SHARED)])
    endpoint = _endpoint(record.venue, record.endpoint)
    if endpoint.is_query:
        raise NotACancel(f"{endpoint.name} without an answer", record.source)
    call = Call(record, endpoint, [])
    verdict = unknown(Reason.TIMEOUT if record.pairing == "timeout" else Reason.NO_ANSWER)
    events = [call.failed(verdict, target, index=i) for i, target in enumerate(call.targets)]
    return call.result(events or [call.failed(verdict)])


_SHARED: Final = "several open requests have its id or URL, so the answer was paired with none of them"


# --- One endpoint ---


def _parse(record: Record, endpoint: Endpoint) -> Any:
    data = record.payload
    if not isinstance(data, bytes):
        data = _encoded(data, record, endpoint)
    if endpoint.skip is not None and (what := endpoint.skip(data)):
        raise NotACancel(what, record.source)
    try:
        return endpoint.shape.strict(data)
    except (ValueError, RecursionError):
        return _explained(record, endpoint, data, "refuse")[0]


def _normalise(record: Record, endpoint: Endpoint, drift: Drift) -> Normalised:
    data, shape = record.payload, endpoint.shape
    reader = shape.strict_reader if drift == "refuse" else shape.reader
    if not isinstance(data, bytes):
        data = _encoded(data, record, endpoint)
    if endpoint.skip is not None and (what := endpoint.skip(data)):
        raise NotACancel(what, record.source)
    try:
        value = reader.decode(data)
        added = None if reader.note is None else reader.added(value)
        is_whole = added is not None and shape.is_whole(data, value)
        notes = [] if added is None else added.taken_off()
        call = Call(record, endpoint, [], None, None, data)
        result = endpoint.normalise(value, call)
        if result.notes:
            result = _shown(result)
        if not (is_whole or call.is_whole or shape.is_whole(data, value)):
            notes += shape.duplicates(data)
    except (ValueError, RecursionError):
        value, notes = _explained(record, endpoint, data, drift)
        if isinstance(value, HttpFailure):
            return _http_failure(value, record, endpoint)
        result = endpoint.normalise(value, Call(record, endpoint, []))
        if result.notes:
            result = _shown(result)
    return _with_notes(result, notes) if notes else result


def _shown(result: Normalised) -> Normalised:
    """The same with what is secret masked in what the notes show."""
    notes = tuple(replace(note, value=redacted(note.value)) for note in result.notes)
    return replace(result, notes=notes)


def _explained(record: Record, endpoint: Endpoint, data: bytes, drift: Drift) -> tuple[Any, list[Note]]:
    """Read what the fast reader refused."""
    try:
        if drift == "refuse":
            return endpoint.shape.explain(data, refuse=True, quoted=_is_quoted(record))
        return endpoint.shape.collect(data, quoted=_is_quoted(record))
    except Mismatch as mismatch:
        if (
            record.status is not None
            and _says_what_happened(record.status, data)
            and not _fits(record, endpoint, data, refuse=False)
        ):
            return HttpFailure(record.status, data.decode("utf-8", "replace")), []
        raise _payload_error(record, endpoint, mismatch) from mismatch


def _is_quoted(record: Record) -> bool:
    return record.dialect == "quoted-numbers"


def _fits(record: Record, endpoint: Endpoint, data: bytes, *, refuse: bool) -> bool:
    """Whether a payload has the shape of an endpoint; if not ``refuse``, but for additions."""
    try:
        endpoint.shape.explain(data, refuse=refuse, quoted=_is_quoted(record))
    except Mismatch:
        return False
    return True


def _encoded(payload: str, record: Record, endpoint: Endpoint) -> bytes:
    try:
        return payload.encode()
    except UnicodeEncodeError as error:
        fault = Mismatch("$", "text that is UTF-8", "half of a surrogate pair")
        raise _payload_error(record, endpoint, fault) from error


def _payload_error(record: Record, endpoint: Endpoint, mismatch: Mismatch) -> PayloadError:
    event = Call(record, endpoint, []).failed(unknown(Reason.UNREADABLE))
    return PayloadError(
        mismatch.path,
        mismatch.expected,
        mismatch.found,
        source=record.source,
        event=replace(event, kind=EventKind.REQUEST),
    )


# --- HTTP failures ---

_HTTP: Final = {
    400: rejected(Reason.INVALID_REQUEST),
    401: rejected(Reason.AUTH),
    403: rejected(Reason.PERMISSION),
    404: rejected(Reason.INVALID_REQUEST),
    408: unknown(Reason.TIMEOUT),
    409: unknown(Reason.OTHER),  # a cancel-replace of which one half happened
    418: rejected(Reason.RATE_LIMITED),
    429: rejected(Reason.RATE_LIMITED),
    451: rejected(Reason.PERMISSION),
    499: unknown(Reason.TIMEOUT),  # the client did not wait
    504: unknown(Reason.TIMEOUT),
}


def _says_what_happened(status: int, data: bytes) -> bool:
    """Whether an HTTP status settles what an unreadable body does not.

    A JSON body under a 4xx may hold a cancel that happened, so it has to be read.
    """
    is_json = data.lstrip()[:1] in (b"{", b"[")
    return status >= 500 or status == 408 or (400 <= status < 500 and not is_json)


def _http_failure(value: HttpFailure, record: Record, endpoint: Endpoint) -> Normalised:
    """Map an HTTP failure: a 5xx and a timeout leave open what became of the cancel."""
    other = unknown(Reason.VENUE_UNAVAILABLE if value.status >= 500 else Reason.OTHER)
    verdict = _HTTP.get(value.status, other)._replace(evidence=Evidence.NONE)
    event = Call(record, endpoint, []).failed(verdict)
    return Normalised((event,), extra={"status": value.status, "body": without_secrets(value.body)[:500]})


# --- Which endpoint ---


def _venue(name: str) -> Venue:
    venue = venues.find(name)
    if venue is None:
        from difflib import get_close_matches  # only needed for a name that is wrong

        raise UnknownEndpointError(name, None, get_close_matches(name, venues.names()) or venues.names())
    return venue


def _endpoint(venue: str, endpoint: str | None) -> Endpoint:
    """Find an endpoint, also by a spelling with host, query string or trailing slash."""
    known = _venue(venue).endpoints
    name = _plain(endpoint or "")
    if name not in known:
        raise UnknownEndpointError(venue, endpoint, _near(venue, name))
    return known[name]


@lru_cache(maxsize=1_024)
def _near(venue: str, name: str) -> list[str]:
    """The endpoints of a venue with names like one; all where there are none."""
    from difflib import get_close_matches  # as above

    known = _venue(venue).endpoints
    lowered = {key.casefold(): key for key in known}
    return [lowered[key] for key in get_close_matches(name.casefold(), lowered, n=5, cutoff=0.5)] or [*known]


_ADDRESS: Final = r"(?P<method>[A-Za-z]+) +(?:[a-z]+://[^/ ]+)?(?P<path>/[^ ?#]*)(?:[?#].*)?"


def _plain(endpoint: str) -> str:
    """An endpoint's name without what is no part of it."""
    if match := re.fullmatch(_ADDRESS, endpoint.strip(), re.ASCII):
        return f"{match['method'].upper()} {plain_path(match['path'])}"
    return re.sub(r"^ws v[0-9]+/", "ws ", endpoint.strip())


def _fitting(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints whose shape a payload has; where none has it, those that have it but for fewest additions.

    Where there are none either and an HTTP status says what happened, any endpoint may have answered.
    """
    data = _data(record)
    if taking := venues.taking(venue, data):
        return list(taking)
    additions = {}
    for endpoint in venues.possible(venue, data):
        with suppress(Mismatch):
            notes = endpoint.shape.explain(data, refuse=False, quoted=_is_quoted(record))[1]
            additions[endpoint] = sum(note.code != "duplicate-key" for note in notes)
    if additions:
        fewest = min(additions.values())
        return [endpoint for endpoint, count in additions.items() if count == fewest]
    is_settled = record.status is not None and _says_what_happened(record.status, data)
    return list(venue.endpoints.values()) if is_settled else []


def _pass_over(record: Record) -> Venue:
    """Give the record's venue; NotACancel for a frame that it pushes about something else."""
    venue = _venue(record.venue)
    if venue.skip is not None and (what := venue.skip(_data(record))):
        raise NotACancel(what, record.source)
    return venue


def _data(record: Record) -> bytes:
    payload = record.payload
    return payload if isinstance(payload, bytes) else payload.encode(errors="replace")


def _names(endpoints: Sequence[Endpoint]) -> list[tuple[str, str]]:
    return [(endpoint.venue, endpoint.name) for endpoint in endpoints]


def _candidates(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints of a record without endpoint; PayloadError where there is none."""
    found = _fitting(record, venue)
    if not found:
        endpoint, fault = _deepest_fault(record, venue)
        raise _payload_error(record, endpoint, fault)
    return found


def _deepest_fault(record: Record, venue: Venue) -> tuple[Endpoint, Mismatch]:
    """Why no endpoint answers such a payload: what stopped the one that came farthest.

    Only endpoints are asked that answer what the payload says it is.
    """
    data = _data(record)
    endpoints = list(venue.endpoints.values())
    with suppress(ValueError, RecursionError):
        tree = tree_of(data)
        alike = {endpoint: likeness(endpoint.shape.node, tree) for endpoint in endpoints}
        most = max(alike.values())
        endpoints = [endpoint for endpoint, words in alike.items() if words == most]
    faults = []
    for endpoint in endpoints:
        try:
            endpoint.shape.explain(data, refuse=False, quoted=_is_quoted(record))
        except Mismatch as fault:
            faults.append((endpoint, fault))
    return max(faults, key=lambda found: len(re.findall(r"[.\[]", found[1].path)))


def _assume(record: Record, venue: Venue, drift: Drift) -> Normalised:
    """Normalise a record without endpoint, where all that it could come from say the same of the cancel."""
    data = _data(record)
    readings = venues.readings(venue, data)
    others = _others(record, venue)
    quiet = _quiet(venue, readings, data)
    if quiet:
        readings = [heard for reading in readings if (heard := reading.without(quiet))]
        if not readings:
            raise NotACancel(next(iter(quiet.values())), record.source)
    try:
        names, results = _mapped(record, venue, readings, data)
    except (ValueError, RecursionError):
        readings = [reading for reading in readings if reading.is_exact(data)]
        names, results = _mapped(record, venue, readings, data)
    if not results:
        if others:
            raise NotACancel(f"the answer to {others[0]}", record.source)
        endpoints = _candidates(record, venue)
        names = tuple(endpoint.name for endpoint in endpoints)
        results = [_normalise(record, endpoint, drift) for endpoint in endpoints]
    elif isinstance(record.payload, str):
        _encoded(record.payload, record, venue.endpoints[names[0]])
    result, *rest = results
    told = [_told(event) for event in result.events] if rest else []
    differ = any([_told(event) for event in other.events] != told for other in rest)
    if differ or ((quiet or others) and _claims(results)):
        # It may be the answer to something else than a cancel, which then says nothing about one.
        found = [*names, *(endpoint.name for endpoint in quiet), *others]
        raise AmbiguousPayloadError([(venue.name, name) for name in found], source=record.source)
    if unsaid := _unsaid(result, rest):
        result = replace(result, events=tuple([replace(event, **unsaid) for event in result.events]))
    message = f"no endpoint given, taken as {names[0]}"
    return _with_notes(result, [Note("endpoint-assumed", "$", message, list(names))])


def _claims(results: list[Normalised]) -> bool:
    """Whether an event says what became of a cancel."""
    return any(event.outcome is not Outcome.UNKNOWN for result in results for event in result.events)


def _quiet(venue: Venue, readings: Sequence[Reading], data: bytes) -> dict[Endpoint, str]:
    """The endpoints whose own answers may be about something else, each with what this payload is about."""
    asked = _with_own_skip(venue, tuple([reading.answerers for reading in readings]))
    return {endpoint: what for endpoint, skip in asked if (what := skip(data))}


@lru_cache(maxsize=1_024)
def _with_own_skip(
    venue: Venue, answerers: tuple[Answerers, ...]
) -> tuple[tuple[Endpoint, Callable[[bytes], str | None]], ...]:
    endpoints = (endpoint for row in answerers for endpoint in row.endpoints)
    return tuple((e, e.skip) for e in endpoints if e.skip is not None and e.skip is not venue.skip)


def _others(record: Record, venue: Venue) -> list[str]:
    """The answers that are no cancels and that a record's payload may be, by name."""
    data = _data(record)
    found = []
    for name in venues.others(venue, data):
        with suppress(Mismatch):
            venue.others[name].explain(data, refuse=True, quoted=_is_quoted(record))
            found.append(name)
    return found


class _Unlike(NamedTuple):
    """The endpoints that answer a payload: the names of all, and those to ask, each with its reading."""

    names: tuple[str, ...]
    asked: tuple[tuple[int, Endpoint], ...]


@lru_cache(maxsize=1_024)
def _unlike(
    venue: Venue, answerers: tuple[Answerers, ...], classes: tuple[type, ...], *, with_request: bool
) -> _Unlike:
    """Choose one endpoint for those that say the same; without a product where theirs differ.

    ``classes`` are those of the values that were read. What a payload leaves open is taken from the request,
    which endpoints read in different ways.
    """
    rows = {endpoint: i for i, row in enumerate(answerers) for endpoint in row.endpoints}
    alike: dict[Hashable, list[Endpoint]] = {}
    for endpoint in venues.in_order(venue, rows):
        i = rows[endpoint]
        reads = (id(endpoint.request), endpoint.product) if with_request else ()
        alike.setdefault((i, endpoint.mapping(classes[i]), reads), []).append(endpoint)
    asked = tuple(
        (rows[some[0]], some[0] if len({e.product for e in some}) == 1 else some[0].of_any_product)
        for some in alike.values()
    )
    return _Unlike(tuple(endpoint.name for endpoint in venues.in_order(venue, rows)), asked)


def _mapped(
    record: Record, venue: Venue, readings: Sequence[Reading], data: bytes
) -> tuple[tuple[str, ...], list[Normalised]]:
    """What endpoints say of a payload that they read: the names of all, a result for those that say the same."""
    if not readings:
        return (), []
    answerers = tuple([reading.answerers for reading in readings])
    classes = tuple([type(reading.value) for reading in readings])
    unlike = _unlike(venue, answerers, classes, with_request=bool(record.request))
    is_whole = False
    results = []
    for i, endpoint in unlike.asked:
        call = Call(record, endpoint, [], None, None, data)
        result = endpoint.normalise(readings[i].value, call)
        is_whole = is_whole or call.is_whole
        results.append(_shown(result) if result.notes else result)
    shape = answerers[0].endpoints[0].shape
    if not is_whole and not shape.is_whole(data, readings[0].value):
        notes = shape.duplicates(data)
        results = [_with_notes(result, notes) for result in results] if notes else results
    return unlike.names, results


_OF_ENDPOINT: Final = ("product", "quantity_unit", "scope")
_told: Final = attrgetter(
    *(name for name in CancelEvent.__struct_fields__ if name not in ("endpoint", *_OF_ENDPOINT))
)
"""What an event says, apart from the endpoint it was told at and what follows from that alone."""


def _columns(result: Normalised) -> list[list[object]]:
    return [[getattr(event, name) for event in result.events] for name in _OF_ENDPOINT]


def _unsaid(result: Normalised, others: Sequence[Normalised]) -> dict[str, None]:
    """What a payload does not say that is answered alike at endpoints of several products."""
    own = _columns(result)
    unlike = {
        name
        for other in others
        for name, one, two in zip(_OF_ENDPOINT, own, _columns(other), strict=True)
        if one != two
    }
    return dict.fromkeys(unlike)


def _with_notes(result: Normalised, notes: Iterable[Note]) -> Normalised:
    """The same with more notes, before its own."""
    return replace(result, notes=(*notes, *result.notes))
