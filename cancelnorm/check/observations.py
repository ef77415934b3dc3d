"""Observations: the facts of a record that the sequence rules compare with other records."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from cancelnorm.answer import orders_shown
from cancelnorm.check.order_hashes import first_hash, hash_of, hashes_of, order_number
from cancelnorm.check.order_rules import is_told_filled
from cancelnorm.check.plain_cancels import PlainCancels, paths_of
from cancelnorm.endpoint import IdSpace
from cancelnorm.ids import id_space, is_masked
from cancelnorm.logs import Unreadable
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Initiator, Normalised, Outcome, Reason
from cancelnorm.story import Fate, claim_of, is_attempt
from cancelnorm.venue import Shown

__all__ = [
    "Observation",
    "Observations",
    "Origin",
    "is_pushed",
    "observations",
    "shown",
    "space_of",
    "with_shown",
]

_CANCELED: Final = Outcome.CANCELED
_REPORTED: Final = Evidence.FINAL_REPORT
_USER: Final = Initiator.USER
_TERMINAL: Final = tuple(evidence for evidence in Evidence if evidence >= Evidence.TERMINAL_STATUS)
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
    """Facts of one event for the sequence rules.

    ``order`` is a hash of the key that the order's story has, and ``fate`` is what the event says in that story.
    """

    order: int
    order_id: str
    path: str
    symbol: str | None
    fate: Fate | None
    is_canceled: bool  # according to a report or a success flag
    is_reported: bool  # canceled according to the matching engine
    is_gone: bool  # the cancel was rejected because there was no such order
    is_answer: bool  # an answer to a cancel request, or that request without an answer
    is_pushed: bool  # a stream event about a cancel by the order's user
    is_confirmed: bool  # evidence beyond acceptance or refusal of the request
    at_ns: int | None  # time of the cancel, or of the rejection if `is_gone`
    is_doubtful: bool = False  # a stream event that leaves open whether the order is gone
    is_living: bool = False  # a stream event that shows that the order went on, whatever expired of it before
    is_told: bool = False  # a rejection because the order has filled, which is a finding by itself


class Observations(NamedTuple):
    """Facts of one record for the sequence rules, or of records on consecutive lines that have ``plain`` ones alone.

    ``is_blanket`` is set if the record answers for orders that it does not name.
    """

    source: str | None
    origin: Origin
    plain: PlainCancels | None
    others: tuple[Observation, ...] = ()
    is_blanket: bool = False

    def without_source(self) -> "Observations":
        """The same of a record that no finding may name."""
        plain = None if self.plain is None else self.plain._replace(source=None)
        return self._replace(source=None, plain=plain)


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
    space = space_of(first.venue, first.endpoint)
    plain, rest = events, events[:0]
    if is_pushed(first.endpoint):
        plain, rest = rest, events
    elif unusual:
        plain = tuple([e for e in events if _is_plain(e)])
        rest = tuple([e for e in events if not _is_plain(e)]) if plain else events
    ids = [e.order_id or "" for e in plain]
    listed = ",".join(ids) if ids else ""
    if listed.count(",") >= len(ids) > 0 or any(map(is_masked, ids)):
        # An id contains a comma, or was masked. No venue has such ids, so speed does not matter here.
        plain, rest, ids = events[:0], events, []
    others: tuple[Observation, ...] = ()
    if rest:
        is_from_stream, is_answer = is_pushed(first.endpoint), is_attempt(first)
        others = tuple(
            [
                _observation(e, e.order_id, space, is_from_stream=is_from_stream, is_answer=is_answer)
                for e in rest
                if _names_order(e) and e.order_id is not None
            ]
        )
    is_blanket = bool(rest) and any(_covers_unnamed(e) and e.outcome is not Outcome.REJECTED for e in rest)
    if not ids and not others and not is_blanket:
        return None
    cancels = None
    if ids:
        hashes = hashes_of(plain, ids, listed, space)
        times = [e.event_ns for e in plain]
        cancels = PlainCancels(first.source, hashes, listed, times, paths_of(plain), (len(ids),))
    return Observations(first.source, origin, cancels, others, is_blanket)


def space_of(venue: str, endpoint: str) -> IdSpace:
    """Scope in which the order ids of an endpoint are taken to be unique."""
    return id_space(venue, endpoint) or IdSpace(venue, by_symbol=True)


def shown(record: Record) -> Observations | None:
    """Observations of a frame that is not about a cancel; None unless it shows an order that goes on or has filled."""
    found = orders_shown(record)
    if found is None:
        return None
    venue, orders = (
        found[0],
        [order for order in found[1] if order.is_filled or order.is_closed or order.goes_on],
    )
    if not orders:
        return None
    endpoint = orders[0].endpoint
    space = space_of(venue.name, endpoint)
    return Observations(
        record.source,
        Origin(venue.name, endpoint, record.account),
        None,
        tuple(_observation_of(order, space, record.account) for order in orders),
    )


def with_shown(
    seen: Observations | None, result: Normalised, record: Record | Unreadable
) -> Observations | None:
    """The observations of a record, and of orders that it shows as filled beside those that were canceled."""
    if not isinstance(record, Record) or is_attempt(result.events[0]):
        return seen
    beside = shown(record)
    told = {event.order_id for event in result.events}
    filled = tuple(
        [
            each
            for each in (() if beside is None else beside.others)
            if not each.is_living and each.order_id not in told
        ]
    )
    if beside is None or not filled:
        return seen
    return beside._replace(others=filled) if seen is None else seen._replace(others=(*seen.others, *filled))


def _observation_of(order: Shown, space: IdSpace, account: str | None) -> Observation:
    """Observation of an order that is about no cancel."""
    return Observation(
        first_hash(space, order.symbol, account) + order_number(order.order_id),
        order.order_id,
        "$",
        order.symbol,
        Fate.FILLED if order.is_filled else Fate.CLOSED if order.is_closed else Fate.ALIVE,
        is_canceled=False,
        is_reported=False,
        is_gone=False,
        is_answer=False,
        is_pushed=False,
        is_confirmed=False,
        at_ns=None,
        is_living=order.goes_on,
    )


# --- Events ---


def _names_order(event: CancelEvent) -> bool:
    return event.kind is EventKind.ORDER and event.order_id is not None and not is_masked(event.order_id)


def _covers_unnamed(event: CancelEvent) -> bool:
    """Whether an event is about orders whose ids it does not give: of a scope, or named by its client id alone."""
    return event.kind is EventKind.SCOPE or (
        event.kind is EventKind.ORDER and not _names_order(event) and is_attempt(event)
    )


def _is_plain(event: CancelEvent) -> bool:
    """Whether an event is nothing but the final report of a cancel."""
    return event.outcome is _CANCELED and event.evidence is _REPORTED and event.order_id is not None


def _latest(answered_ns: int | None, event_ns: int | None) -> int | None:
    """Time of a rejection: no answer comes before the end of an order that it shows, whatever the clocks say."""
    return max((at for at in (answered_ns, event_ns) if at is not None), default=None)


def _observation(
    event: CancelEvent, order_id: str, space: IdSpace, *, is_from_stream: bool, is_answer: bool
) -> Observation:
    """Observation of one event; the last two arguments tell of its endpoint."""
    outcome, evidence = event.outcome, event.evidence
    is_canceled = outcome is _CANCELED and evidence in (_REPORTED, Evidence.SUCCESS_FLAG)
    is_gone = outcome is Outcome.REJECTED and event.reason in _GONE
    answered_ns = event.received_ns if event.response_ns is None else event.response_ns
    said = claim_of(event)
    return Observation(
        hash_of(space, event, order_id),
        order_id,
        event.path or "$",
        event.symbol,
        None if said is None else said.fate,
        is_canceled=is_canceled,
        is_reported=outcome is _CANCELED and evidence is _REPORTED,
        is_gone=is_gone,
        is_answer=is_answer,
        is_pushed=outcome is _CANCELED and event.initiator is _USER and is_from_stream,
        is_confirmed=outcome is _CANCELED or evidence in _TERMINAL,
        at_ns=_latest(answered_ns, event.event_ns) if is_gone else event.event_ns,
        is_doubtful=outcome is Outcome.UNKNOWN and is_from_stream,
        is_told=is_told_filled(event),
    )
