"""Rules over what one record says."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm.check.catalogue import BY_NAME
from cancelnorm.check.clock_rules import inspect_clocks
from cancelnorm.check.finding import Finding
from cancelnorm.check.location import PayloadMembers
from cancelnorm.check.order_rules import inspect_order
from cancelnorm.ids import id_space
from cancelnorm.masking import is_secret, without_secrets
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Note, Outcome, Reason

__all__ = ["inspect", "inspect_secrets"]

_FAILED: Final = (Outcome.REJECTED, Outcome.UNKNOWN)


def inspect(
    result: Normalised, unusual: Sequence[CancelEvent], record: Record, emit: Callable[[Finding], None]
) -> None:
    """Hold one record against every rule that needs no other; ``emit`` gets the findings.

    Findings of its notes and its envelope come first, then those order by order, of which only the
    ``unusual`` are looked at.
    """
    events = result.events
    for note in result.notes:
        emit(_from_note(note, events))
    if record.secrets or record.request or result.notes:
        inspect_secrets(record, emit, result.notes)
    if record.sent_ns is not None or record.received_ns is not None:
        inspect_clocks(events, record, emit)
    if unusual:
        members = PayloadMembers(record.payload)

        def emit_located(finding: Finding) -> None:
            emit(replace(finding, path=members.path_of(finding.value, finding.path)))

        for event in unusual:
            inspect_order(event, emit_located)
        if len(unusual) != 1 or unusual[0].outcome is not Outcome.CANCELED:
            _inspect_outcomes(unusual, events, record, emit)


def _finding(name: str, message: str, event: CancelEvent, **parts: Any) -> Finding:
    """A finding about a record, placed by its first event."""
    return Finding(BY_NAME[name], message, event.source, venue=event.venue, endpoint=event.endpoint, **parts)


def _from_note(note: Note, events: Sequence[CancelEvent]) -> Finding:
    """A note as a finding of the rule of its name, or of the general rule where there is none."""
    name, message = note.code, note.message
    if name not in BY_NAME:
        name, message = "venue-note", f"{note.code}: {message}"
    if note.code.startswith("unknown-"):
        message += f", found {_shown(note.value)}"
    only = events[0] if len(events) == 1 else None
    return _finding(
        name,
        message,
        events[0],
        path=note.path,
        value=note.value,
        symbol=only.symbol if only else None,
        order_id=only.order_id if only else None,
    )


def _shown(value: object) -> str:
    """A value in at most 60 characters."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    text = repr(value) if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."


# --- Secrets ---

_MASKED: Final = re.compile(
    r"\W*(?:redacted|removed|hidden|masked|filtered|x+|)\W*(?:[0-9a-f]{8}\])?", re.IGNORECASE
)


@lru_cache(maxsize=4_096)
def _is_secret(name: str) -> bool:
    """``is_secret``, remembered: the same names come again and again."""
    return is_secret(name)


def inspect_secrets(record: Record, emit: Callable[[Finding], None], notes: Iterable[Note] = ()) -> None:
    """Give one finding for all places of a record where something secret stands, whatever the record is."""
    places = [*record.secrets, *_places(record.request or {}, "request")]
    masked = [note.path for note in notes if note.value == "[redacted]"]
    places += masked
    if places:
        path = masked[0] if masked else "$"
        message = f"there is a secret at {', '.join(dict.fromkeys(places))}"
        endpoint = None if record.endpoint is None else record.endpoint.partition("?")[0]
        rule = BY_NAME["secret-in-log"]
        emit(Finding(rule, message, record.source, path=path, venue=record.venue, endpoint=endpoint))


_DEEPEST: Final = 16


def _places(value: object, at: str, depth: int = 0) -> Iterator[str]:
    """Name the places in a request where something secret stands."""
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, part in value.items():
            place = f"{at}.{without_secrets(key)[:64]}"
            if not _is_secret(key):
                yield from _places(part, place, depth + 1)
            elif part and not _MASKED.fullmatch(str(part)):
                yield place
    elif isinstance(value, list) and depth < _DEEPEST:
        for i, part in enumerate(value):
            yield from _places(part, f"{at}[{i}]", depth + 1)
    elif isinstance(value, str) and without_secrets(value) != value:
        yield at


# --- Outcomes of all orders together ---

_BANNED: Final = re.compile(
    r"(?<!avoid being )(?<!may be )(?<!to be )\bbanned\b|\b(?:ip|account) ban\b", re.IGNORECASE
)
_BAN_STATUS: Final = 418  # what HTTP has for it by custom


def _inspect_outcomes(
    unusual: Sequence[CancelEvent],
    events: Sequence[CancelEvent],
    record: Record,
    emit: Callable[[Finding], None],
) -> None:
    """Rules over the verdicts of a record together, or over the refusal of its request."""
    limited = [event for event in unusual if event.reason is Reason.RATE_LIMITED]
    if limited:
        event = limited[0]
        text = event.message or ""
        name = "banned" if record.status == _BAN_STATUS or _BANNED.search(text) else "rate-limited"
        said = " ".join(part for part in (event.code, text) if part)
        order_id = event.order_id if len(limited) == 1 else None
        message = said or f"HTTP status {record.status}"
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
    """The symbol of all orders, if it is one."""
    symbol = orders[0].symbol
    return symbol if all(order.symbol == symbol for order in orders) else None


def _inspect_repetitions(orders: Sequence[CancelEvent], emit: Callable[[Finding], None]) -> None:
    """Find orders that have opposite verdicts in one record."""
    space = id_space(orders[0].venue, orders[0].endpoint) if orders else None
    verdicts: defaultdict[tuple[str | None, str], set[bool]] = defaultdict(set)
    for event in orders:
        if event.order_id is None or event.outcome is Outcome.UNKNOWN:
            continue
        # Failures may name no symbol, and need none where ids are unique without it.
        symbol = event.symbol if space is None or space.by_symbol else None
        said = verdicts[symbol, event.order_id]
        failed = event.outcome is Outcome.REJECTED
        if said == {not failed}:
            message = f"order {event.order_id} is among those canceled and among those that failed"
            emit(
                _finding("success-and-failure", message, event, symbol=event.symbol, order_id=event.order_id)
            )
        said.add(failed)
