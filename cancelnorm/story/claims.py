"""Claims: what one event says of the fate of its order, and what several events say together.

Everything here is joined: the result depends neither on the order of the events, nor on how they are grouped, nor
on how often one is seen. Where two events are equally good, the one of the earlier log line counts.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from cancelnorm.schema import CancelEvent, Evidence, OrderStatus, Outcome, Reason

__all__ = ["FINAL", "Claim", "Fate", "Moment", "Said", "claim_of", "earliest", "latest", "precedes"]

Moment = tuple[int, str | None]
"""A time in ns, and the source of the event that gives it."""


class Fate(StrEnum):
    """Fate of an order, as far as the events tell."""

    CANCELED = "canceled"  # off the book, without having filled completely
    FILLED = "filled"
    CLOSED = "closed"  # off the book or never on it; how it ended is not said
    REDUCED = "reduced"  # part of it is off the book
    ASKED = "asked"  # a cancel was accepted, and nothing confirms it
    ALIVE = "alive"  # on the book when it was last seen
    UNKNOWN = "unknown"  # no event says anything about the order


FINAL: Final = (Fate.FILLED, Fate.CANCELED, Fate.CLOSED)
"""Fates after which nothing more happens."""


class Claim(Struct, frozen=True, gc=False):
    """All events that say the same of an order.

    ``evidence`` is the strongest, and ``source`` has it. ``first`` and ``last`` are times at the matching engine,
    ``known`` is the first receipt, ``sent`` the first request whose answer says it, and ``last_sent`` the last
    request or query.
    """

    evidence: Evidence
    source: str | None
    first: Moment | None = None
    last: Moment | None = None
    known: Moment | None = None
    sent: Moment | None = None
    last_sent: Moment | None = None

    def join(self, other: "Claim") -> "Claim":
        """Join with what other events say."""
        evidence, source = self.evidence, self.source
        if other.evidence is evidence:
            if precedes(other.source, source):
                source = other.source
        elif other.evidence > evidence:
            evidence, source = other.evidence, other.source
        first, last, known, sent, last_sent = self.first, self.last, self.known, self.sent, self.last_sent
        if other.first is not None:
            first = earliest(first, other.first)
            last = latest(last, other.last)
        if other.known is not None:
            known = earliest(known, other.known)
        if other.sent is not None:
            sent = earliest(sent, other.sent)
        if other.last_sent is not None:
            last_sent = latest(last_sent, other.last_sent)
        return Claim(evidence, source, first, last, known, sent, last_sent)


def precedes(source: str | None, other: str | None) -> bool:
    """Whether a source comes before another: line 9 of a file before its line 10, and a known source first."""
    if source is None or other is None:
        return source is not None and other is None
    size, other_size = len(source), len(other)
    return source < other if size == other_size else size < other_size


def earliest(one: Moment | None, other: Moment | None) -> Moment | None:
    """The earlier of two moments."""
    if one is None or other is None:
        return other if one is None else one
    if other[0] == one[0]:
        return other if precedes(other[1], one[1]) else one
    return other if other[0] < one[0] else one


def latest(one: Moment | None, other: Moment | None) -> Moment | None:
    """The later of two moments."""
    if one is None or other is None:
        return other if one is None else one
    if other[0] == one[0]:
        return other if precedes(other[1], one[1]) else one
    return other if other[0] > one[0] else one


class Said(NamedTuple):
    """Claim of an event about its order, and its evidence.

    ``is_late`` is what was so before the request: that is not what led to it.
    """

    fate: Fate
    evidence: Evidence
    is_late: bool = False


def _all(
    fate: Fate, most: Evidence = Evidence.FINAL_REPORT, *, is_late: bool = False
) -> dict[Evidence, Said]:
    """Claim by evidence; at most ``most`` of that evidence is about the order itself."""
    return {evidence: Said(fate, min(evidence, most), is_late) for evidence in Evidence}


_FLAG: Final = Evidence.SUCCESS_FLAG
_BY_OUTCOME: Final = {
    Outcome.CANCELED: _all(Fate.CANCELED),
    Outcome.REDUCED: _all(Fate.REDUCED),
    Outcome.PENDING: _all(Fate.ASKED),
}
# The evidence of a rejection is about the request; of the order, its reason says no more than a flag does.
_BY_REASON: Final = {
    Reason.ALREADY_FILLED: _all(Fate.FILLED, _FLAG),
    Reason.ALREADY_CANCELED: _all(Fate.CANCELED, _FLAG, is_late=True),
    Reason.ALREADY_CLOSED: _all(Fate.CLOSED, _FLAG),
    Reason.NOT_FOUND_OR_CLOSED: _all(Fate.CLOSED, _FLAG),
}
_FILLED: Final = _all(Fate.FILLED)
_ALIVE: Final = _all(Fate.ALIVE)
_LIVE: Final = frozenset(
    {
        OrderStatus.NEW,
        OrderStatus.PENDING_NEW,
        OrderStatus.UNTRIGGERED,
        OrderStatus.TRIGGERED,
        OrderStatus.PARTIALLY_FILLED,
        OrderStatus.PENDING_CANCEL,
    }
)


def claim_of(event: CancelEvent) -> Said | None:
    """Claim of an event about its order; None if it makes none, as a refusal for too many requests."""
    evidence = event.evidence
    found = _BY_OUTCOME.get(event.outcome)
    if found is not None:
        return found[evidence]
    if evidence is Evidence.NONE:  # a timeout, or an answer that may be to something else
        return None
    status = event.status
    if status is OrderStatus.FILLED:
        return _FILLED[evidence]
    reason = event.reason
    if reason is not None and (found := _BY_REASON.get(reason)) is not None:
        return found[evidence]
    return _ALIVE[evidence] if status in _LIVE else None
