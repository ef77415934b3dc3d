"""Rules for a single record."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from cancelnorm import venues
from cancelnorm.answer import data_of
from cancelnorm.caching import cached
from cancelnorm.check.catalogue import BY_NAME
from cancelnorm.check.clock_rules import inspect_clocks
from cancelnorm.check.excerpt import shown_key
from cancelnorm.check.finding import Finding
from cancelnorm.check.location import PayloadMembers
from cancelnorm.check.order_rules import inspect_order
from cancelnorm.escapes import quoted
from cancelnorm.ids import id_space
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Note, Outcome, Reason
from cancelnorm.secret_names import is_secret

__all__ = ["inspect", "inspect_secrets", "note_finding"]

_FAILED: Final = (Outcome.REJECTED, Outcome.UNKNOWN)


def inspect(
    result: Normalised, unusual: Sequence[CancelEvent], record: Record, emit: Callable[[Finding], None]
) -> None:
    """Check one record against every rule that needs no other record; ``emit`` receives the findings.

    Findings on notes and the envelope come first, then those on orders. Only ``unusual`` events are inspected.
    """
    events = result.events
    if record.is_unanswered:
        inspect_secrets(record, emit)
        emit(_unanswered(events, record))
        return
    for note in result.notes:
        emit(_from_note(note, events))
    if record.secrets or record.request or result.notes:
        inspect_secrets(record, emit, result.notes)
    if record.sent_ns is not None or record.received_ns is not None:
        inspect_clocks(events, record, emit)
    if unusual:
        members = PayloadMembers(data_of(record))

        def emit_located(finding: Finding) -> None:
            path = members.path_of(finding.value, finding.path)
            if path != finding.path:
                finding.locate(path)
            emit(finding)

        for event in unusual:
            inspect_order(event, emit_located)
        if len(unusual) != 1 or unusual[0].outcome is not Outcome.CANCELED:
            _inspect_outcomes(unusual, events, record, emit)


def _finding(name: str, message: str, event: CancelEvent, **fields: Any) -> Finding:
    """Finding on a record, located by its first event."""
    return Finding(BY_NAME[name], message, event.source, venue=event.venue, endpoint=event.endpoint, **fields)


_MOST_NAMED: Final = 5


def _unanswered(events: Sequence[CancelEvent], record: Record) -> Finding:
    """Finding on a request without an answer."""
    ids = [event.order_id or event.client_order_id for event in events]
    named = [order_id for order_id in ids if order_id is not None]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    orders = f"{'order' if len(named) == 1 else 'orders'} {', '.join(named[:_MOST_NAMED])}{more}"
    request = f"the request to cancel {orders}" if named else "the request"
    if record.pairing == "timeout":
        message = f"{request} timed out"
    elif record.pairing == "in_doubt":
        some = "the log has answers to only some of several requests"
        message = f"{some}, and does not say whether it has one to {request}"
    elif record.status is not None:
        message = f"the log has no body of the answer to {request}, only its status {record.status}"
    else:
        message = f"the log has no answer to {request}"
    return _finding(
        "unanswered-request",
        message,
        events[0],
        path="request",
        symbol=_common_symbol(events),
        order_id=events[0].order_id if len(events) == 1 else None,
    )


def _from_note(note: Note, events: Sequence[CancelEvent]) -> Finding:
    """Finding for a note on events."""
    first = events[0]
    order = (first.symbol, first.order_id) if len(events) == 1 else (None, None)
    return note_finding(note, first.source, first.venue, first.endpoint, *order)


def note_finding(
    note: Note,
    source: str | None,
    venue: str,
    endpoint: str,
    symbol: str | None,
    order_id: str | None,
) -> Finding:
    """Finding for a note, under the rule of the same name or else under ``venue-note``."""
    name, message = note.code, note.message
    if name not in BY_NAME:
        name, message = "venue-note", f"{note.code}: {message}"
    if note.code.startswith("unknown-"):
        message += f", found {_shown(note.value)}"
    return Finding(
        BY_NAME[name],
        message,
        source,
        note.path,
        venue,
        endpoint,
        symbol,
        order_id,
        value=note.value,
    )


def _shown(value: object) -> str:
    """A value as text, at most 60 characters."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    text = quoted(value) if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."


# --- Secrets ---

_MASKED: Final = re.compile(
    r"\W*(?:redacted|removed|hidden|masked|filtered|x+|)\W*(?:[0-9a-f]{8}\])?", re.IGNORECASE
)


@cached(4_096)
def _is_secret(name: str) -> bool:
    """``is_secret``, cached because the same names recur."""
    return is_secret(name)


def inspect_secrets(record: Record, emit: Callable[[Finding], None], notes: Iterable[Note] = ()) -> None:
    """Emit one finding that lists the locations of all secrets in a record of any kind."""
    locations = [*record.secrets, *_secret_locations(record.request or {}, record.venue, "", "request")]
    masked = [note.path for note in notes if note.value == "[redacted]"]
    locations += masked
    if locations:
        path = masked[0] if masked else "$"
        message = f"secret found at {', '.join(dict.fromkeys(locations))}"
        endpoint = None if record.endpoint is None else record.endpoint.partition("?")[0]
        rule = BY_NAME["secret-in-log"]
        emit(Finding(rule, message, record.source, path=path, venue=record.venue, endpoint=endpoint))


_DEEPEST: Final = 16


def _secret_locations(value: object, venue: str, name: str, at: str, depth: int = 0) -> Iterator[str]:
    """Locations of unmasked secrets in a request to a venue, in the value of a parameter of a name."""
    if isinstance(value, dict) and depth < _DEEPEST:
        for name_as_given, member in value.items():
            key = str(name_as_given)
            location = f"{at}.{shown_key(key)}"
            if not _is_secret(key):
                yield from _secret_locations(member, venue, key, location, depth + 1)
            elif member and not _MASKED.fullmatch(str(member)):
                yield location
    elif isinstance(value, list) and depth < _DEEPEST:
        for i, element in enumerate(value):
            yield from _secret_locations(element, venue, name, f"{at}[{i}]", depth + 1)
    elif isinstance(value, str) and venues.parameter_without_secrets(venue, name, value) != value:
        yield at


# --- Outcomes of a record's orders ---

_BANNED: Final = re.compile(
    r"(?<!avoid being )(?<!may be )(?<!to be )\bbanned\b|\b(?:ip|account) ban\b", re.IGNORECASE
)
_BAN_STATUS: Final = 418  # used by convention, not by the HTTP standard


def _inspect_outcomes(
    unusual: Sequence[CancelEvent],
    events: Sequence[CancelEvent],
    record: Record,
    emit: Callable[[Finding], None],
) -> None:
    """Check the verdicts of a record as a whole, or the refusal of its request."""
    limited = [event for event in unusual if event.reason is Reason.RATE_LIMITED]
    if limited:
        event = limited[0]
        text = event.message or ""
        name = "banned" if record.status == _BAN_STATUS or _BANNED.search(text) else "rate-limited"
        answer = " ".join(part for part in (event.code, text) if part)
        order_id = event.order_id if len(limited) == 1 else None
        message = answer or f"HTTP status {record.status}"
        emit(_finding(name, message[:200], event, symbol=event.symbol, order_id=order_id))
    if len(events) == 1:
        return
    orders = [event for event in events if event.kind is EventKind.ORDER]
    failed = [event for event in orders if event.outcome in _FAILED]
    done = len(orders) - len(failed)
    if failed and done:
        message = f"{len(failed)} of {len(orders)} orders were not canceled"
        emit(_finding("partial-batch", message, events[0], symbol=_common_symbol(orders)))
        _inspect_repetitions(orders, emit)


def _common_symbol(orders: Sequence[CancelEvent]) -> str | None:
    """Symbol shared by all orders, if any."""
    symbol = orders[0].symbol
    return symbol if all(order.symbol == symbol for order in orders) else None


def _inspect_repetitions(orders: Sequence[CancelEvent], emit: Callable[[Finding], None]) -> None:
    """Find orders with opposite verdicts in one record."""
    space = id_space(orders[0].venue, orders[0].endpoint)
    verdicts: defaultdict[tuple[str | None, str], set[bool]] = defaultdict(set)
    for event in orders:
        if event.order_id is None or event.outcome is Outcome.UNKNOWN:
            continue
        # A failure may lack the symbol; it is not needed if ids are unique without it.
        symbol = event.symbol if space is None or space.by_symbol else None
        earlier = verdicts[symbol, event.order_id]
        failed = event.outcome is Outcome.REJECTED
        if earlier == {not failed}:
            message = f"order {event.order_id} is reported as canceled and as failed"
            emit(
                _finding("success-and-failure", message, event, symbol=event.symbol, order_id=event.order_id)
            )
        earlier.add(failed)
