"""Observations: the facts of a record that the sequence rules compare with other records."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.endpoint import IdSpace
from cancelnorm.ids import id_space
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Initiator, Normalised, Outcome, Reason

__all__ = ["Observation", "Observations", "Origin", "is_pushed", "living", "observations", "path_at"]

_CANCELED: Final = Outcome.CANCELED
_REPORTED: Final = Evidence.FINAL_REPORT
_USER: Final = Initiator.USER
_PUSHED: Final = "stream "
# A rejection for another reason, such as a rate limit, does not imply that the order is gone.
_GONE: Final = (
    Reason.NOT_FOUND,
    Reason.ALREADY_FILLED,
    Reason.ALREADY_CLOSED,
    Reason.NOT_FOUND_OR_CLOSED,
)


class Origin(NamedTuple):
    """Source of a record: venue, endpoint and account."""

    venue: str
    endpoint: str
    account: str | None

    @property
    def recording(self) -> tuple[str, str | None]:
        """The recording that it belongs to: one venue and one account."""
        return self.venue, self.account


class Observation(NamedTuple):
    """Facts of one event for the sequence rules; ``order`` is a hash of the order."""

    order: int
    order_id: str
    path: str
    symbol: str | None
    is_asked: bool  # the venue accepted the request, nothing more
    is_settled: bool  # the order was canceled, or cannot be
    is_canceled: bool  # according to a report or a success flag
    is_reported: bool  # canceled according to the matching engine
    is_gone: bool  # the cancel was rejected because there was no such order
    is_answer: bool  # an answer to a cancel request
    is_pushed: bool  # a stream event about a cancel by the order's user
    is_confirmed: bool  # evidence beyond acceptance or refusal of the request
    at_ns: int | None  # time of the cancel, or of the rejection if `is_gone`
    is_doubtful: bool = False  # a stream event that leaves open whether the order is gone
    is_living: bool = False  # a stream event that shows that the order goes on


class Observations(NamedTuple):
    """Facts of one record for the sequence rules.

    ``canceled`` holds the hashes of plainly canceled orders, ``order_ids`` their ids, separated by commas.
    ``paths`` are those of the orders' objects, as ``path_at`` reads them.
    ``is_blanket`` is set if the record answers for orders that it does not name. ``at_ns`` is the engine's time
    of the plain cancels.
    """

    source: str | None
    origin: Origin
    canceled: list[int]
    order_ids: str
    paths: tuple[str, ...]
    others: tuple[Observation, ...]
    is_blanket: bool
    at_ns: int | None


def is_pushed(endpoint: str) -> bool:
    """Whether an endpoint is a stream, which the venue sends unasked."""
    return endpoint.startswith(_PUSHED)


def observations(result: Normalised, unusual: Sequence[CancelEvent]) -> Observations | None:
    """Observations of a record; None if it concerns no order.

    All events that are not ``unusual`` are plain cancels.
    """
    events = result.events
    first = events[0]
    origin = Origin(first.venue, first.endpoint, first.account)
    space = id_space(first.venue, first.endpoint) or IdSpace(first.venue, by_symbol=True)
    plain, rest = events, events[:0]
    if is_pushed(first.endpoint):
        plain, rest = rest, events
    elif unusual:
        plain = tuple(e for e in events if _is_plain(e, first.event_ns))
        rest = tuple(e for e in events if not _is_plain(e, first.event_ns))
    ids = [e.order_id or "" for e in plain]
    listed = ",".join(ids)
    if ids and listed.count(",") >= len(ids):
        # An id contains a comma. No venue has such ids, so speed does not matter here.
        plain, rest, ids, listed = events[:0], events, [], ""
    others = tuple(_observation(e, e.order_id, space) for e in rest if e.order_id is not None)
    is_blanket = bool(rest) and any(
        e.kind is EventKind.SCOPE and e.outcome is not Outcome.REJECTED for e in rest
    )
    if not ids and not others and not is_blanket:
        return None
    hashes = _hashes(plain, ids, listed, space)
    return Observations(
        first.source, origin, hashes, listed, _paths(plain), others, is_blanket, first.event_ns
    )


# --- Paths ---

_INDEX: Final = re.compile(r"(.*\[)([0-9]+)(\].*)", re.DOTALL)


def _paths(events: Sequence[CancelEvent]) -> tuple[str, ...]:
    """Paths of events; of a list without gaps only the first and the last, which other processes get faster."""
    if len(events) > 2:
        first, last = (_INDEX.fullmatch(events[i].path or "$") for i in (0, -1))
        if first is None or last is None:
            return tuple(event.path or "$" for event in events)
        if first.group(1, 3) == last.group(1, 3) and int(last[2]) - int(first[2]) == len(events) - 1:
            return first[0], last[0]
    return tuple(event.path or "$" for event in events)


def path_at(paths: tuple[str, ...], position: int, count: int) -> str:
    """Path of one of ``count`` orders."""
    if len(paths) == count or not (first := _INDEX.fullmatch(paths[0])):
        return paths[position]
    return f"{first[1]}{int(first[2]) + position}{first[3]}"


def living(record: Record) -> Observations | None:
    """Observations of a frame that is not about a cancel; None unless it shows an order that goes on."""
    venue = venues.find(record.venue)
    payload = record.payload
    if venue is None:
        return None
    found = venue.living(payload if isinstance(payload, bytes) else payload.encode(errors="replace"))
    if found is None:
        return None
    origin = Origin(venue.name, found.endpoint, record.account)
    space = id_space(venue.name, found.endpoint) or IdSpace(venue.name, by_symbol=True)
    order = _first_hash(space, found.symbol, record.account) + _order_number(found.order_id)
    seen = Observation(
        order,
        found.order_id,
        "$",
        found.symbol,
        is_asked=False,
        is_settled=False,
        is_canceled=False,
        is_reported=False,
        is_gone=False,
        is_answer=False,
        is_pushed=False,
        is_confirmed=False,
        at_ns=None,
        is_living=True,
    )
    return Observations(record.source, origin, [], "", (), (seen,), False, None)


# --- Orders ---

_DIGITS: Final = 19  # longest order id that is treated as a number
_LIMIT: Final = 10**_DIGITS


def _hashes(events: Sequence[CancelEvent], ids: Sequence[str], listed: str, space: IdSpace) -> list[int]:
    """Hashes of the orders of many events at once."""
    if len(ids) > 1 and (not space.by_symbol or len({event.symbol for event in events}) == 1):
        numbers = _numbers_in(listed)
        if numbers:
            first = _first_hash(space, events[0].symbol, events[0].account)
            return [first + number for number in numbers]
    return [_hash(space, event, order_id) for event, order_id in zip(events, ids, strict=True)]


def _numbers_in(listed: str) -> list[int] | None:
    """Comma-separated order ids as numbers; None unless each of them satisfies ``_is_number``."""
    try:
        numbers = _numbers(f"[{listed}]") if listed.replace(",", "").isdecimal() else []
    except ValueError:
        return None
    return numbers if numbers and max(numbers) < _LIMIT else None


def _is_number(order_id: str) -> bool:
    """Whether an order id is a canonical decimal number of at most 19 digits."""
    is_decimal = order_id.isdecimal() and order_id.isascii() and len(order_id) <= _DIGITS
    return is_decimal and (order_id[0] != "0" or order_id == "0")


_numbers: Final = msgspec.json.Decoder(list[int]).decode


def _hash(space: IdSpace, event: CancelEvent, order_id: str) -> int:
    """Hash of an event's order: its account, its id and the id's scope.

    The hash is the same in every process. Consecutive ids have consecutive hashes, which keeps them close
    together in memory.
    """
    return _first_hash(space, event.symbol, event.account) + _order_number(order_id)


def _order_number(order_id: str) -> int:
    return int(order_id) if _is_number(order_id) else _digest(order_id)


@cached(4_096)
def _first_hash(space: IdSpace, symbol: str | None, account: str | None) -> int:
    """Hash of order 0 of a symbol and an account."""
    return _digest("\0".join((space.name, symbol or "" if space.by_symbol else "", account or "")))


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


# --- Events ---


def _is_plain(event: CancelEvent, at_ns: int | None) -> bool:
    """Whether an event is nothing but the final report of a cancel at the given time."""
    is_reported = event.outcome is _CANCELED and event.evidence is _REPORTED
    return is_reported and event.order_id is not None and event.event_ns == at_ns


def _latest(answered_ns: int | None, event_ns: int | None) -> int | None:
    """Time of a rejection: no answer comes before the end of an order that it shows, whatever the clocks say."""
    return max((at for at in (answered_ns, event_ns) if at is not None), default=None)


def _observation(event: CancelEvent, order_id: str, space: IdSpace) -> Observation:
    """Observation of one event."""
    outcome, evidence = event.outcome, event.evidence
    is_canceled = outcome is _CANCELED and evidence in (_REPORTED, Evidence.SUCCESS_FLAG)
    is_gone = outcome is Outcome.REJECTED and event.reason in _GONE
    answered_ns = event.received_ns if event.response_ns is None else event.response_ns
    return Observation(
        _hash(space, event, order_id),
        order_id,
        event.path or "$",
        event.symbol,
        is_asked=outcome is Outcome.PENDING,
        is_settled=outcome in (_CANCELED, Outcome.REJECTED) or evidence >= Evidence.TERMINAL_STATUS,
        is_canceled=is_canceled,
        is_reported=outcome is _CANCELED and evidence is _REPORTED,
        is_gone=is_gone,
        is_answer=evidence is not Evidence.TERMINAL_STATUS and not is_pushed(event.endpoint),
        is_pushed=outcome is _CANCELED and event.initiator is _USER and is_pushed(event.endpoint),
        is_confirmed=outcome is _CANCELED or evidence >= Evidence.TERMINAL_STATUS,
        at_ns=_latest(answered_ns, event.event_ns) if is_gone else event.event_ns,
        is_doubtful=outcome is Outcome.UNKNOWN and is_pushed(event.endpoint),
    )
