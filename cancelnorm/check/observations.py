"""What a record tells about orders that others may tell about too."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from cancelnorm.schema import CancelEvent, EventKind, Evidence, Initiator, Normalised, Outcome, Reason

__all__ = ["UNIQUE_LENGTH", "Observation", "Observations", "is_pushed", "observations"]

_CANCELED: Final = Outcome.CANCELED
_REPORTED: Final = Evidence.FINAL_REPORT
_USER: Final = Initiator.USER
UNIQUE_LENGTH: Final = 16
"""From this many characters on, an order's id is the only one at its venue, whatever the symbol."""
_LEAST_UNIQUE: Final = 10 ** (UNIQUE_LENGTH - 1)
_PUSHED: Final = "stream "
# A rejection for another reason, such as a rate limit, does not say that the order is gone.
_GONE: Final = (
    Reason.NOT_FOUND,
    Reason.ALREADY_FILLED,
    Reason.ALREADY_CLOSED,
    Reason.NOT_FOUND_OR_CLOSED,
)


class Observation(NamedTuple):
    """What is told of one order; ``order`` is the hash of its key."""

    order: int
    order_id: str
    symbol: str | None
    is_asked: bool  # the venue took the request, no more
    is_settled: bool  # the order was canceled, or cannot be
    is_canceled: bool  # by a report or a success flag
    is_reported: bool  # by the matching engine
    is_gone: bool  # the cancel was rejected, because the order was not there
    is_answer: bool  # to a request to cancel it
    is_pushed: bool  # told by a stream of a cancel that its user made
    is_confirmed: bool  # by something that says more than that a request was taken or refused
    at_ns: int | None  # when the engine canceled it, or when the venue said that it is not there


class Observations(NamedTuple):
    """What one record tells of its orders.

    ``canceled`` are the hashes of plain cancels, ``order_ids`` their ids with commas between. A hash is the
    same in processes that were forked from one, and in no others. ``is_blanket`` says that the record is an
    answer about orders that it does not name. ``at_ns`` is when the engine canceled
    ``canceled``.
    """

    source: str | None
    venue: str
    endpoint: str
    canceled: list[int]
    order_ids: str
    others: tuple[Observation, ...]
    is_blanket: bool
    at_ns: int | None


def is_pushed(endpoint: str) -> bool:
    """Whether a venue sends this unasked."""
    return endpoint.startswith(_PUSHED)


def observations(result: Normalised, odd: Sequence[CancelEvent]) -> Observations | None:
    """What a record tells of its orders; None where it names none and answers for none.

    All that are not ``odd`` are plain cancels.
    """
    events = result.events
    first = events[0]
    venue, endpoint = first.venue, first.endpoint
    plain, rest = events, events[:0]
    if is_pushed(endpoint):
        plain, rest = rest, events
    elif odd:
        plain = tuple(e for e in events if _is_plain(e, first.event_ns))
        rest = tuple(e for e in events if not _is_plain(e, first.event_ns))
    ids = [e.order_id or "" for e in plain]
    listed = ",".join(ids)
    if ids and listed.count(",") >= len(ids):
        # An id has a comma in it, which no venue's has, so it does not matter what this costs.
        plain, rest, ids, listed = events[:0], events, [], ""
    others = tuple(_observation(e, e.order_id) for e in rest if e.order_id is not None)
    is_blanket = bool(rest) and any(
        e.kind is EventKind.SCOPE and e.outcome is not Outcome.REJECTED for e in rest
    )
    if not ids and not others and not is_blanket:
        return None
    hashes = _hashes(plain, ids, listed)
    return Observations(first.source, venue, endpoint, hashes, listed, others, is_blanket, first.event_ns)


def _hashes(events: Sequence[CancelEvent], ids: Sequence[str], listed: str) -> list[int]:
    """The hashes of the orders of any number of events at once."""
    try:
        numbers = _numbers(f"[{listed}]")
    except ValueError:
        numbers = []  # some id is no number
    if numbers and min(numbers) >= 0 and max(numbers) < _LEAST_UNIQUE:
        first = events[0]
        if len({event.symbol for event in events}) == 1:
            start = hash((first.venue, first.symbol))
            return [start + number for number in numbers]
    return [_hash(e.venue, e.symbol, o) for e, o in zip(events, ids, strict=True)]


_numbers: Final = msgspec.json.Decoder(list[int]).decode


def _hash(venue: str, symbol: str | None, order_id: str) -> int:
    """What stands for an order.

    Numbers that follow each other have hashes that do, and so are found near each other in memory.
    """
    start = hash(venue) if len(order_id) >= UNIQUE_LENGTH else hash((venue, symbol))
    if order_id.isdecimal() and order_id.isascii():
        return start + int(order_id)
    return hash((start, order_id))


def _is_plain(event: CancelEvent, at_ns: int | None) -> bool:
    """Whether an event is the report of a cancel of a known order at a time, and nothing more."""
    is_reported = event.outcome is _CANCELED and event.evidence is _REPORTED
    return is_reported and event.order_id is not None and event.event_ns == at_ns


def _observation(event: CancelEvent, order_id: str) -> Observation:
    """What an event tells of its order."""
    outcome, evidence = event.outcome, event.evidence
    is_canceled = outcome is _CANCELED and evidence in (_REPORTED, Evidence.SUCCESS_FLAG)
    is_gone = outcome is Outcome.REJECTED and event.reason in _GONE
    answered_ns = event.received_ns if event.response_ns is None else event.response_ns
    return Observation(
        _hash(event.venue, event.symbol, order_id),
        order_id,
        event.symbol,
        is_asked=outcome is Outcome.PENDING,
        is_settled=outcome in (_CANCELED, Outcome.REJECTED) or evidence >= Evidence.TERMINAL_STATUS,
        is_canceled=is_canceled,
        is_reported=outcome is _CANCELED and evidence is _REPORTED,
        is_gone=is_gone,
        is_answer=evidence is not Evidence.TERMINAL_STATUS and not is_pushed(event.endpoint),
        is_pushed=outcome is _CANCELED and event.initiator is _USER and is_pushed(event.endpoint),
        is_confirmed=outcome is _CANCELED or evidence >= Evidence.TERMINAL_STATUS,
        at_ns=answered_ns if is_gone else event.event_ns,
    )
