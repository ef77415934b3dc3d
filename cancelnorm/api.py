"""From a record to its events: ``parse``, ``normalise``, ``identify``.

Two levels of strictness, no more. ``parse`` is strict. ``normalise`` collects what a venue added as notes,
because a new field must never cost anyone the news that an order is gone; ``drift="refuse"`` makes it as
strict as ``parse``. Neither accepts a wrong type, a missing field or a contradiction.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.errors import AmbiguousPayloadError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.eventmap import rejected, unknown
from cancelnorm.masking import without_secrets
from cancelnorm.reader.exact import Mismatch, redacted
from cancelnorm.reader.fast import encode
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Note, Product, Reason
from cancelnorm.venue import Venue

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
    _pass_over(record)
    found = [_parse(record, endpoint) for endpoint in _candidates(record)]
    if any(value != found[0] for value in found):
        raise AmbiguousPayloadError(identify(record.payload, venue=record.venue), source=record.source)
    return found[0]


def normalise(record: Record, *, drift: Drift = "collect") -> Normalised:
    """Say what a record means, as canonical events.

    Raises PayloadError where the payload is not what the endpoint answers, NotACancel where it is a frame
    about something else, UnknownEndpointError where there is no such venue or endpoint, AmbiguousPayloadError
    where no endpoint is given and several would give different events.
    """
    if record.endpoint is None:
        _pass_over(record)
        return _assume(record, drift)
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
            _pass_over(record)
            return _names(_fitting(record, list(_venue(venue).endpoints.values())))
        return []
    # What one venue pushes as something else may be another's answer, so each is asked by itself.
    exact, others = [], []
    for name in venues.names():
        record = Record(payload, name, status=status)
        with suppress(NotACancel):
            _pass_over(record)
            found = _fitting(record, list(_venue(name).endpoints.values()))
            exact += [endpoint for endpoint in found if _fits(record, endpoint, _data(record), refuse=True)]
            others += found
    return _names(exact or others)


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
    if not isinstance(data, bytes):
        data = _encoded(data, record, endpoint)
    if endpoint.skip is not None and (what := endpoint.skip(data)):
        raise NotACancel(what, record.source)
    try:
        value = shape.decode(data)
        call = Call(record, endpoint, [], None, None, data.count(b":"))
        result = endpoint.normalise(value, call)
        if result.notes:
            result = _shown(result)
        if call.is_whole or shape.is_whole(data, value):
            return result
        notes = shape.duplicates(data)
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
        return endpoint.shape.explain(data, refuse=drift == "refuse", quoted=_is_quoted(record))
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
        raise UnknownEndpointError(name, None, get_close_matches(name, venues.names()) or venues.names())
    return venue


def _endpoint(venue: str, endpoint: str | None) -> Endpoint:
    """Find an endpoint, also by a spelling with host, query string or trailing slash."""
    known = _venue(venue).endpoints
    name = _plain(endpoint or "")
    if name not in known:
        lowered = {key.casefold(): key for key in known}
        near = [lowered[key] for key in get_close_matches(name.casefold(), lowered, n=5, cutoff=0.5)]
        raise UnknownEndpointError(venue, endpoint, near or list(known))
    return known[name]


_ADDRESS: Final = re.compile(
    r"(?P<method>[A-Za-z]+) +(?:[a-z]+://[^/ ]+)?(?P<path>/[^ ?#]*)(?:[?#].*)?", re.ASCII
)


def _plain(endpoint: str) -> str:
    """An endpoint's name without what is no part of it."""
    if match := _ADDRESS.fullmatch(endpoint.strip()):
        return f"{match['method'].upper()} {match['path'].rstrip('/')}"
    return re.sub(r"^ws v[0-9]+/", "ws ", endpoint.strip())


def _fitting(record: Record, endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """The endpoints whose shape a payload has; where none has it, those that have it but for fewest additions.

    Where there are none either and an HTTP status says what happened, any endpoint may have answered.
    """
    data = _data(record)
    if exact := [endpoint for endpoint in endpoints if endpoint.shape.takes(data)]:
        return exact
    additions = {}
    for endpoint in endpoints:
        with suppress(Mismatch):
            notes = endpoint.shape.explain(data, refuse=False, quoted=_is_quoted(record))[1]
            additions[endpoint] = sum(note.code != "duplicate-key" for note in notes)
    if additions:
        fewest = min(additions.values())
        return [endpoint for endpoint, count in additions.items() if count == fewest]
    status = record.status
    return list(endpoints) if status is not None and _says_what_happened(status, data) else []


def _pass_over(record: Record) -> None:
    """Raise NotACancel for a frame that the record's venue pushes about something else."""
    payload = record.payload
    data = payload if isinstance(payload, bytes) else _data(record)
    skip = _venue(record.venue).skip
    if skip is not None and (what := skip(data)):
        raise NotACancel(what, record.source)


def _data(record: Record) -> bytes:
    payload = record.payload
    return payload if isinstance(payload, bytes) else payload.encode(errors="replace")


def _names(endpoints: Sequence[Endpoint]) -> list[tuple[str, str]]:
    return [(endpoint.venue, endpoint.name) for endpoint in endpoints]


def _candidates(record: Record) -> list[Endpoint]:
    """The endpoints of a record without endpoint; PayloadError where there is none."""
    known = _venue(record.venue).endpoints
    found = _fitting(record, list(known.values()))
    if not found:
        endpoint = next(iter(known.values()))
        fault = _deepest_fault(record, list(known.values()))
        raise _payload_error(record, endpoint, fault)
    return found


def _deepest_fault(record: Record, endpoints: Sequence[Endpoint]) -> Mismatch:
    """Why no endpoint answers such a payload: what stopped the one that came farthest."""
    faults = []
    for endpoint in endpoints:
        try:
            endpoint.shape.explain(_data(record), refuse=False, quoted=_is_quoted(record))
        except Mismatch as fault:
            faults.append(fault)
    return max(faults, key=lambda fault: len(re.findall(r"[.\[]", fault.path)))


def _assume(record: Record, drift: Drift) -> Normalised:
    """Normalise a record without endpoint, where all that it could come from say the same of the cancel."""
    endpoints = _candidates(record)
    results = [_normalise(record, endpoint, drift) for endpoint in endpoints]
    if any(_told(result) != _told(results[0]) for result in results):
        raise AmbiguousPayloadError(_names(endpoints), source=record.source)
    result = results[0]
    if any(_products(other) != _products(result) for other in results):
        # Answered alike in several products, so the payload does not say in which.
        result = replace(result, events=tuple(replace(event, product=None) for event in result.events))
    message = f"no endpoint given, taken as {endpoints[0].name}"
    assumed = Note("endpoint-assumed", "$", message, [endpoint.name for endpoint in endpoints])
    return _with_notes(result, [assumed])


_TOLD: Final = tuple(name for name in CancelEvent.__struct_fields__ if name not in ("endpoint", "product"))


def _told(result: Normalised) -> list[tuple[object, ...]]:
    """What events say, apart from the endpoint they were told at and its product."""
    return [tuple(getattr(event, name) for name in _TOLD) for event in result.events]


def _products(result: Normalised) -> list[Product | None]:
    return [event.product for event in result.events]


def _with_notes(result: Normalised, notes: Iterable[Note]) -> Normalised:
    """The same with more notes, before its own."""
    return replace(result, notes=(*notes, *result.notes))
