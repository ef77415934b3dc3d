"""State of an order's story: all that its events say, joined so that their order and grouping do not matter."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from msgspec import Struct

from cancelnorm.schema import CancelEvent, Evidence, Initiator, Outcome, QuantityUnit, Reason
from cancelnorm.story.claims import Claim, Fate, Moment, claim_of, earliest, precedes

__all__ = [
    "ACCEPTED",
    "MOST_ATTEMPTS",
    "MOST_VALUES",
    "Amount",
    "Attempt",
    "Named",
    "State",
    "StoryKey",
    "Taker",
    "sorted_keys",
]

MOST_VALUES: Final = 8
"""Ids, symbols, lists or quantities of an order that are kept; of more, the first by value."""

MOST_ATTEMPTS: Final = 64


class StoryKey(NamedTuple):
    """Identity of an order: its account, the space of its id, its symbol if ids are unique in one only, and its id.

    A story of events that name their order by its client id alone has ``client_order_id`` in place of ``order_id``, in
    lower case where the venue compares it so.
    """

    account: str | None
    space: str
    symbol: str | None
    order_id: str | None
    client_order_id: str | None = None


class Amount(Struct, frozen=True, gc=False):
    """A quantity, and the source that has it."""

    value: Decimal
    source: str | None


class Taker(Struct, frozen=True, gc=False):
    """Who took an order off the book, by the strongest evidence, and the source that has it."""

    initiator: Initiator
    evidence: Evidence
    source: str | None


class Named(Struct, frozen=True, gc=False):
    """A name, and the source that has it."""

    value: str
    source: str | None


class Attempt(Struct, frozen=True, gc=False):
    """A cancel request, known by the client's id of it, its time, its own id, or the line of its answer."""

    name: str
    sent: Moment | None


class State(Struct, gc=False):
    """What all events of an order say; each field is joined by itself.

    ``asked`` is the first request, also if it was refused, and ``acknowledged`` the first receipt of an answer that
    accepted one. ``first_ns`` and ``last_ns`` are the earliest and the latest time of any kind. ``more`` names the
    fields that had more values than are kept. ``linked`` and ``ambiguous`` are set where stories are linked by client
    id.
    """

    key: StoryKey
    venue: str
    canceled: Claim | None = None
    filled: Claim | None = None
    closed: Claim | None = None
    reduced: Claim | None = None
    accepted: Claim | None = None
    alive: Claim | None = None
    asked: Moment | None = None
    acknowledged: Moment | None = None
    filled_quantity: Amount | None = None
    quantities: tuple[Amount, ...] = ()
    units: tuple[QuantityUnit, ...] = ()
    takers: tuple[Taker, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    reasons: tuple[Reason, ...] = ()
    symbols: tuple[Named, ...] = ()
    client_order_ids: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    first_ns: int | None = None
    last_ns: int | None = None
    more: tuple[str, ...] = ()
    linked: tuple[StoryKey, ...] = ()
    ambiguous: tuple[StoryKey, ...] = ()

    def add(self, event: CancelEvent, *, is_attempt: bool, is_pushed: bool) -> None:
        """Add an event of the order: of a cancel request, of a query, or pushed."""
        source, event_ns, sent_ns, received_ns = (
            event.source,
            event.event_ns,
            event.sent_ns,
            event.received_ns,
        )
        sent = None if sent_ns is None or is_pushed else (sent_ns, source)
        received = None if received_ns is None else (received_ns, source)
        said = claim_of(event)
        if said is not None:
            at = None if event_ns is None else (event_ns, source)
            name = CLAIMS[said.fate]
            old: Claim | None = getattr(self, name)
            asked = sent if is_attempt and not said.is_late else None
            new = Claim(said.evidence, source, at, at, received, asked, sent)
            setattr(self, name, new if old is None else old.join(new))
        if is_attempt:
            self._attempt(event, sent, received)
        for value in (event_ns, event.response_ns, received_ns, sent_ns, event.created_ns):
            if value is not None:
                if self.first_ns is None or value < self.first_ns:
                    self.first_ns = value
                if self.last_ns is None or value > self.last_ns:
                    self.last_ns = value
        if is_attempt and event.reason is not None and event.reason not in self.reasons:
            self.reasons = _union(self.reasons, (event.reason,))
        if event.initiator is not None:
            taker = Taker(event.initiator, event.evidence, source)
            self.takers = _takers(self.takers, (taker,)) if self.takers else (taker,)
        self._amounts(event)
        self._names(event)

    def _attempt(self, event: CancelEvent, sent: Moment | None, received: Moment | None) -> None:
        """Count the request that an event answers."""
        if sent is not None:
            self.asked = sent if self.asked is None else earliest(self.asked, sent)
        if received is not None and event.outcome in ACCEPTED:
            self.acknowledged = earliest(self.acknowledged, received)
        attempt = Attempt(_attempt_name(event), sent)
        known = self.attempts
        if not known:
            self.attempts = (attempt,)
        elif attempt.name > known[-1].name and len(known) < MOST_ATTEMPTS:
            self.attempts = (*known, attempt)  # mostly, because times grow
        elif attempt not in known:
            self._keep_attempts((attempt,))

    def _keep_attempts(self, more: Iterable[Attempt]) -> None:
        found = {attempt.name: attempt.sent for attempt in self.attempts}
        for attempt in more:
            found[attempt.name] = earliest(found.get(attempt.name), attempt.sent)
        self.attempts = tuple([Attempt(name, found[name]) for name in sorted(found)[:MOST_ATTEMPTS]])
        if len(found) > MOST_ATTEMPTS:
            self._overflow("attempts")

    def _amounts(self, event: CancelEvent) -> None:
        filled, quantity, unit = event.known_filled_quantity, event.quantity, event.quantity_unit
        if filled is not None:
            amount = Amount(filled, event.source)
            self.filled_quantity = _greater(self.filled_quantity, amount)
        if quantity is not None:
            amount, known = Amount(quantity, event.source), self.quantities
            if not known:
                self.quantities = (amount,)
            elif len(known) == 1 and known[0].value == quantity:
                self.quantities = (_same(known[0], amount),)
            else:
                self.quantities = self._quantities((amount,))
        if unit is not None and unit not in self.units:
            self.units = _union(self.units, (unit,)) if self.units else (unit,)

    def _quantities(self, more: Iterable[Amount]) -> tuple[Amount, ...]:
        found = {amount.value: amount for amount in self.quantities}
        for amount in more:
            known = found.pop(amount.value, None)
            best = amount if known is None else _same(known, amount)
            found[best.value] = best
        if len(found) > MOST_VALUES:
            self._overflow("quantities")
        return tuple([found[value] for value in sorted(found)[:MOST_VALUES]])

    def _names(self, event: CancelEvent) -> None:
        symbol, client_id = event.symbol, event.client_order_id
        if symbol is not None:
            known = self.symbols
            if not known:
                self.symbols = (Named(symbol, event.source),)
            elif len(known) > 1 or known[0].value != symbol or precedes(event.source, known[0].source):
                self.symbols = self._symbols((Named(symbol, event.source),))
        if client_id is not None and client_id not in self.client_order_ids:
            if self.client_order_ids:
                self._keep("client_order_ids", (client_id,))
            else:
                self.client_order_ids = (client_id,)
        if event.replaced_by is not None and event.replaced_by not in self.replaced_by:
            self._keep("replaced_by", (event.replaced_by,))
        name = event.list_id or event.list_client_id
        if name is not None and name not in self.lists:
            self._keep("lists", (name,))

    def _symbols(self, more: Iterable[Named]) -> tuple[Named, ...]:
        found = {named.value: named for named in self.symbols}
        for named in more:
            known = found.get(named.value)
            if known is None or precedes(named.source, known.source):
                found[named.value] = named
        if len(found) > MOST_VALUES:
            self._overflow("symbols")
        return tuple([found[value] for value in sorted(found)[:MOST_VALUES]])

    def _keep(self, field: str, values: Iterable[str]) -> None:
        known: tuple[str, ...] = getattr(self, field)
        found = _union(known, values)
        if len(found) > MOST_VALUES:
            self._overflow(field)
        setattr(self, field, found[:MOST_VALUES])

    def _overflow(self, field: str) -> None:
        if field not in self.more:
            self.more = _union(self.more, (field,))

    def join(self, other: "State") -> None:
        """Join with what other events of the order say."""
        for name in CLAIMS.values():
            one: Claim | None = getattr(self, name)
            two: Claim | None = getattr(other, name)
            setattr(self, name, two if one is None else one if two is None else one.join(two))
        self.asked = earliest(self.asked, other.asked)
        self.acknowledged = earliest(self.acknowledged, other.acknowledged)
        if other.filled_quantity is not None:
            self.filled_quantity = _greater(self.filled_quantity, other.filled_quantity)
        self.more = _union(self.more, other.more)
        self.quantities = self._quantities(other.quantities)
        self.units = _union(self.units, other.units)
        self.takers = _takers(self.takers, other.takers)
        self._keep_attempts(other.attempts)
        self.reasons = _union(self.reasons, other.reasons)
        self.symbols = self._symbols(other.symbols)
        for field in ("client_order_ids", "lists", "replaced_by", "replaces"):
            self._keep(field, getattr(other, field))
        self.first_ns = min((ns for ns in (self.first_ns, other.first_ns) if ns is not None), default=None)
        self.last_ns = max((ns for ns in (self.last_ns, other.last_ns) if ns is not None), default=None)
        self.linked = sorted_keys((*self.linked, *other.linked))
        self.ambiguous = sorted_keys((*self.ambiguous, *other.ambiguous))


CLAIMS: Final = {
    Fate.CANCELED: "canceled",
    Fate.FILLED: "filled",
    Fate.CLOSED: "closed",
    Fate.REDUCED: "reduced",
    Fate.ASKED: "accepted",
    Fate.ALIVE: "alive",
}
"""Fate → field with the events that claim it."""

ACCEPTED: Final = frozenset({Outcome.PENDING, Outcome.CANCELED, Outcome.REDUCED})
"""Outcomes by which a venue accepts a cancel."""


def _attempt_name(event: CancelEvent) -> str:
    """What tells the request of an event from others for the same order.

    The id of the request counts only without a time, because many clients give all requests the same.
    """
    if event.cancel_client_order_id is not None:
        return f"cancel {event.cancel_client_order_id}"
    if event.sent_ns is not None:
        return f"sent {event.sent_ns}"
    if event.request_id is not None:
        return f"request {event.request_id}"
    received_ns = event.response_ns if event.received_ns is None else event.received_ns
    return f"answer {event.source or received_ns or ''}"


T = TypeVar("T", bound=str)


def _union(some: tuple[T, ...], more: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted({*some, *more}))


def sorted_keys(keys: Iterable[StoryKey]) -> tuple[StoryKey, ...]:
    """Keys of stories without repetition; None sorts before every text."""
    return tuple(sorted(set(keys), key=lambda key: [(part is not None, part or "") for part in key]))


def _takers(some: Iterable[Taker], more: Iterable[Taker]) -> tuple[Taker, ...]:
    """The strongest evidence for each."""
    found: dict[Initiator, Taker] = {}
    for taker in (*some, *more):
        known = found.get(taker.initiator)
        if (
            known is None
            or taker.evidence > known.evidence
            or (taker.evidence is known.evidence and precedes(taker.source, known.source))
        ):
            found[taker.initiator] = taker
    return tuple(found[initiator] for initiator in sorted(found))


def _greater(one: Amount | None, other: Amount) -> Amount:
    if one is None or other.value > one.value:
        return other
    return one if other.value < one.value else _same(one, other)


def _same(one: Amount, other: Amount) -> Amount:
    """Of two equal values, the one with more digits, with the earlier source."""
    if one.value.same_quantum(other.value) and one.value:  # neither has more, and neither is a negative zero
        return other if precedes(other.source, one.source) else one
    value = max(one.value, other.value, key=lambda value: (len(str(value)), str(value)))
    return Amount(value, other.source if precedes(other.source, one.source) else one.source)
