"""An answer of a known endpoint: what it is, what it means, and why it cannot be read."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any, Final, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.completion import each_order
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.errors import NotACancel, PayloadError, require_word
from cancelnorm.eventmap import PASSED_OVER
from cancelnorm.masking import without_secrets
from cancelnorm.reader.mismatch import Mismatch, redacted
from cancelnorm.reader.rows import raise_row_fault
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Note, Reason
from cancelnorm.venue import Shown, Venue
from cancelnorm.verdict import Verdict, rejected, unknown

__all__ = [
    "Drift",
    "HttpFailure",
    "data_of",
    "encoded",
    "fits",
    "http_failure",
    "is_quoted",
    "normalise_at",
    "orders_shown",
    "parse_at",
    "payload_error",
    "require_drift",
    "says_what_happened",
    "shown",
    "with_notes",
]

Drift = Literal["collect", "refuse"]
require_drift: Final = partial(require_word, "drift", words=get_args(Drift))
"""Raise ValueError unless a word says what to do with additions."""


class HttpFailure(Struct, frozen=True):
    """A body that says nothing (HTML, empty, cut off) under an HTTP status that says what happened."""

    status: int
    body: str


def parse_at(record: Record, endpoint: Endpoint) -> Any:
    """Read a payload strictly as an endpoint's answer."""
    data = record.payload
    if not isinstance(data, bytes):
        data = encoded(data, record, endpoint)
    if endpoint.unpack is not None:
        data = _unpacked(data, endpoint.unpack, record, endpoint)
    if endpoint.skip is not None and (what := endpoint.skip(data)):
        raise NotACancel(what, record.source)
    try:
        return endpoint.shape.strict(data)
    except (ValueError, RecursionError):
        return _explained(record, endpoint, data, "refuse")[0]


def normalise_at(
    record: Record,
    endpoint: Endpoint,
    drift: Drift,
    gone: frozenset[int] = frozenset(),
    *,
    by_column: bool = False,
) -> Normalised:
    """Say what an endpoint's answer means; ``gone`` are the places in the request of orders without a row.

    With ``by_column`` the events may be ``Cells``, and notes may be missing.
    """
    data, shape = record.payload, endpoint.shape
    reader = shape.strict_reader if drift == "refuse" else shape.reader
    if not isinstance(data, bytes):
        data = encoded(data, record, endpoint)
    if endpoint.unpack is not None:
        data = _unpacked(data, endpoint.unpack, record, endpoint)
    if endpoint.skip is not None and (what := endpoint.skip(data)):
        raise NotACancel(what, record.source)
    value = None
    try:
        value = reader.decode(data)
        added = None if reader.note is None else reader.added(value)
        is_whole = added is not None and shape.is_whole(data, value)
        notes = [] if added is None else added.taken_off()
        call = Call(record, endpoint, [], None, None, data, gone, by_column)
        result = each_order(endpoint.normalise(value, call), call)
        if result.notes:
            result = shown(result)
        if not (is_whole or call.is_whole or shape.is_whole(data, value)):
            notes += shape.duplicates(data)
    except (ValueError, RecursionError):
        value, notes = _explained(record, endpoint, data, drift, value)
        if isinstance(value, HttpFailure):
            return _mapped_failure(value, record, endpoint)
        call = Call(record, endpoint, [], gone=gone)
        result = each_order(endpoint.normalise(value, call), call)
        if result.notes:
            result = shown(result)
    return with_notes(result, notes) if notes else result


def orders_shown(record: Record) -> tuple[Venue, Sequence[Shown]] | None:
    """The orders that a record shows as filled, as triggered or as going on, and its venue; None if it shows none.

    It is a frame about something else, or the answer to a query.
    """
    if (pushed := venues.shown(record)) is not None:
        return pushed
    name = record.endpoint
    if name.startswith("stream ") if name is not None else not record.request:
        return None  # most frames are about something else, and show nothing
    placed = venues.placed(record)
    venue = None if placed.endpoint is None else venues.find(placed.venue)
    endpoint = None if venue is None else venue.endpoints.get(placed.endpoint or "")
    if venue is None or endpoint is None or not (endpoint.is_query and venue.filled):
        return None
    orders = _queried(placed, endpoint, venue)
    return (venue, orders) if orders else None


def _queried(record: Record, endpoint: Endpoint, venue: Venue) -> Sequence[Shown]:
    """The orders that the answer to a query shows as filled, if in part."""
    shape, data = endpoint.shape, data_of(record)
    try:
        try:
            value = shape.reader.decode(data)
            added = None if shape.reader.note is None else shape.reader.added(value)
            if added is not None:
                added.taken_off()  # no event holds them
            result = endpoint.normalise(value, Call(record, endpoint, [], is_showing=True))
        except (ValueError, RecursionError):
            value = shape.collect(data, quoted=is_quoted(record))[0]
            result = endpoint.normalise(value, Call(record, endpoint, [], is_showing=True))
    except (ValueError, RecursionError):
        return ()
    return [
        Shown(
            endpoint.name,
            event.symbol or "",
            event.order_id,
            event.raw_status in venue.filled and _has_fills(event),
            event.event_ns,
            event.known_filled_quantity,
            goes_on=False,
            client_order_id=event.client_order_id,
            is_closed=not _has_fills(event),
        )
        for event in result.events
        if event.order_id is not None and _is_telling(event, venue)
    ]


def _is_telling(event: CancelEvent, venue: Venue) -> bool:
    """Whether an event of a row that is not about a cancel shows a fill, or that the order has placed another."""
    if event.status is not PASSED_OVER.status:
        return False
    if not _has_fills(event):
        return event.raw_status in venue.triggered
    return event.raw_status in venue.filled or (
        event.raw_status in venue.on_book and bool(event.known_filled_quantity)
    )


def _has_fills(event: CancelEvent) -> bool:
    """Whether an order says what of it has filled or is left; one that waits to place another has no fills."""
    return event.known_filled_quantity is not None or event.remaining_quantity is not None


def shown(result: Normalised) -> Normalised:
    """The same with what is secret masked in what the notes show."""
    notes = tuple(replace(note, value=redacted(note.value)) for note in result.notes)
    return replace(result, notes=notes)


def _explained(
    record: Record, endpoint: Endpoint, data: bytes, drift: Drift, value: Any = None
) -> tuple[Any, list[Note]]:
    """Read what the fast reader refused; ``value`` is what it decoded before it did, if anything."""
    shape, refuse, quoted = endpoint.shape, drift == "refuse", is_quoted(record)
    try:
        raise_row_fault(data, shape.node, value, refuse=refuse, quoted=quoted)
        return (
            shape.explain(data, refuse=True, quoted=quoted) if refuse else shape.collect(data, quoted=quoted)
        )
    except Mismatch as mismatch:
        if (
            record.status is not None
            and says_what_happened(record.status, data)
            and not fits(record, endpoint, data, refuse=False)
        ):
            return HttpFailure(record.status, data.decode("utf-8", "replace")), []
        raise payload_error(record, endpoint, mismatch) from mismatch


def is_quoted(record: Record) -> bool:
    """Whether the recorder wrote integers in quotes."""
    return record.dialect == "quoted-numbers"


def fits(record: Record, endpoint: Endpoint, data: bytes, *, refuse: bool) -> bool:
    """Whether a payload has the shape of an endpoint; if not ``refuse``, but for additions."""
    try:
        endpoint.shape.explain(data, refuse=refuse, quoted=is_quoted(record))
    except Mismatch:
        return False
    return True


def encoded(payload: str, record: Record, endpoint: Endpoint) -> bytes:
    """A payload in UTF-8; PayloadError where it cannot be written so."""
    try:
        return payload.encode()
    except UnicodeEncodeError as error:
        fault = Mismatch("$", "text that is UTF-8", "half of a surrogate pair")
        raise payload_error(record, endpoint, fault) from error


def _unpacked(data: bytes, unpack: Callable[[bytes], bytes], record: Record, endpoint: Endpoint) -> bytes:
    """The JSON of a message that is not JSON; PayloadError where it is damaged."""
    try:
        return unpack(data)
    except Mismatch as fault:
        raise payload_error(record, endpoint, fault) from fault


def payload_error(record: Record, endpoint: Endpoint, mismatch: Mismatch) -> PayloadError:
    """The refusal of a payload, with the event that its request has all the same."""
    event = Call(record, endpoint, []).failed(unknown(Reason.UNREADABLE))
    return PayloadError(
        mismatch.path,
        mismatch.expected,
        mismatch.found,
        source=record.source,
        event=replace(event, kind=EventKind.REQUEST),
    )


def data_of(record: Record) -> bytes:
    """The bytes of a payload, as JSON if the venue can tell; half a surrogate pair becomes a question mark."""
    payload = record.payload
    data = payload if isinstance(payload, bytes) else payload.encode(errors="replace")
    if data[:1] in (b"{", b"["):
        return data
    venue = venues.find(record.venue)
    return data if venue is None else venue.as_json(data)


def with_notes(result: Normalised, notes: Iterable[Note]) -> Normalised:
    """The same with more notes, before its own."""
    return replace(result, notes=(*notes, *result.notes))


# --- HTTP failures ---

_HTTP: Final = {
    400: rejected(Reason.INVALID_REQUEST),
    401: rejected(Reason.AUTH),
    403: rejected(Reason.RESTRICTED),  # a firewall; its page may say more
    404: rejected(Reason.INVALID_REQUEST),
    408: unknown(Reason.TIMEOUT),
    409: unknown(Reason.OTHER),  # a cancel-replace of which one half happened
    418: rejected(Reason.RATE_LIMITED),
    422: rejected(Reason.INVALID_REQUEST),  # JSON that is not what was expected
    429: rejected(Reason.RATE_LIMITED),
    451: rejected(Reason.PERMISSION),
    499: unknown(Reason.TIMEOUT),  # the client did not wait
    504: unknown(Reason.TIMEOUT),
}


# Words of the pages of firewalls, in lower case: of Amazon CloudFront and WAF, Cloudflare, Akamai, and the venues' own.
_FORBIDDEN: Final = (
    (("rate limit", "too many requests", "too frequent"), rejected(Reason.RATE_LIMITED)),
    (
        ("your country", "country or region", "restricted location", "permission to access"),
        rejected(Reason.PERMISSION),
    ),
)


def says_what_happened(status: int, data: bytes) -> bool:
    """Whether an HTTP status settles what an unreadable body does not.

    A JSON body under a 4xx may hold a cancel that happened, so it has to be read, unless nothing is in it.
    """
    may_tell = data.lstrip()[:1] in (b"{", b"[") and data.strip(_NOTHING) != b""
    return status >= 500 or status == 408 or (400 <= status < 500 and not may_tell)


_NOTHING: Final = b"{}[] \t\r\n"


def http_failure(record: Record, endpoint: Endpoint, status: int) -> Normalised:
    """Say what a status means whose body no endpoint answers."""
    return _mapped_failure(HttpFailure(status, data_of(record).decode("utf-8", "replace")), record, endpoint)


_MASKED: Final = 2_000  # characters of a body that are masked
_SHOWN: Final = 500


@lru_cache(maxsize=16)
def _shown_body(text: str) -> str:
    """The beginning of a body; all endpoints of a venue may be asked for the same one."""
    return without_secrets(text)[:_SHOWN]


def _mapped_failure(value: HttpFailure, record: Record, endpoint: Endpoint) -> Normalised:
    """Map an HTTP failure: a 5xx and a timeout leave open what became of the cancel."""
    other = unknown(Reason.VENUE_UNAVAILABLE if value.status >= 500 else Reason.OTHER)
    verdict = _HTTP.get(value.status, other)
    if value.status == 403:
        verdict = _forbidden(value.body) or verdict
    verdict = verdict._replace(evidence=Evidence.NONE)
    call = Call(record, endpoint, [])
    extra = {"status": value.status, "body": _shown_body(value.body[:_MASKED])}
    return each_order(Normalised((call.failed(verdict),), extra=extra), call)


def _forbidden(body: str) -> Verdict | None:
    """What a firewall's page says of why it let nothing through; None where it does not."""
    text = " ".join(body.casefold().split())
    return next((verdict for words, verdict in _FORBIDDEN if any(word in text for word in words)), None)
