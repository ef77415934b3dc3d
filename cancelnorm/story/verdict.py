"""Verdict on an order: a pure function of the state of its story."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import astuple

from cancelnorm.reader.scalars import exact
from cancelnorm.schema import Evidence, Initiator, QuantityUnit, Reason
from cancelnorm.story.claims import FINAL, Claim, Fate, Moment
from cancelnorm.story.state import CLAIMS, Amount, State, Taker

__all__ = ["Contradiction", "Dispute", "OrderVerdict", "Story"]


class Dispute(StrEnum):
    """Kind of a contradiction between the events of an order."""

    CANCELED_AND_FILLED = "canceled-and-filled"
    CANCELED_BUT_FULL = "canceled-but-full"  # canceled, although all of it filled
    ALIVE_AFTERWARDS = "alive-afterwards"  # on the book after it had ended
    OVERFILLED = "overfilled"
    QUANTITIES_DIFFER = "quantities-differ"
    INITIATORS_DIFFER = "initiators-differ"
    SYMBOLS_DIFFER = "symbols-differ"  # its id is unique on the venue, and yet stands for two symbols
    CLOCKS_DISAGREE = "clocks-disagree"  # it ended before it was asked to, or after that was known


class Contradiction(Struct, frozen=True):
    """Two statements that cannot both be true, each with its source."""

    kind: Dispute
    statement: str
    source: str | None
    other_statement: str
    other_source: str | None


class OrderVerdict(Struct, frozen=True):
    """What became of an order. None always means that no event says it.

    ``evidence`` and ``source`` are those of the strongest event for the fate. ``done_ns`` is its first time at the
    matching engine, on the venue's clock; all other times are on the recorder's. ``known_ns`` is its first receipt,
    ``asked_ns`` the first request, ``acknowledged_ns`` the first answer that accepted one, and ``latency_ns`` the time
    from the request that led to the fate to ``known_ns``. ``attempts`` counts cancel requests, with and without an
    answer; with ``has_more_attempts`` there were more. ``reasons`` are those of refused and failed requests.
    ``initiator`` is None also if several are named on equal evidence, or if nothing of the order is known to be off the
    book.
    """

    fate: Fate
    evidence: Evidence
    source: str | None
    done_ns: int | None
    known_ns: int | None
    asked_ns: int | None
    acknowledged_ns: int | None
    latency_ns: int | None
    attempts: int
    has_more_attempts: bool
    filled_quantity: Decimal | None
    quantity: Decimal | None
    quantity_unit: QuantityUnit | None
    initiator: Initiator | None
    reasons: tuple[Reason, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to the order."""
        return self.fate in FINAL

    @property
    def is_unresolved(self) -> bool:
        """Whether a cancel was asked for, and nothing says how the order ended."""
        return not self.is_final and (self.attempts > 0 or self.fate is Fate.ASKED)


class Story(State, frozen=True, gc=False):  # type: ignore[misc]  # msgspec allows it, dataclasses do not
    """All that is known of one order; ``merge`` joins what was learned of it elsewhere."""

    def merge(self, *others: "Story") -> "Story":
        """The story of the events of all; which comes first, and what they share, does not matter."""
        state = State(*astuple(self))
        for other in others:
            state.join(other)
        return Story(*astuple(state))

    def verdict(self) -> OrderVerdict:
        """Fate of the order."""
        fate, claim = _winner(self)
        unit = self.units[0] if len(self.units) == 1 else None
        quantity = _only_quantity(self)
        filled = self.filled_quantity
        known = None if claim is None else claim.known
        return OrderVerdict(
            fate,
            Evidence.NONE if claim is None else claim.evidence,
            None if claim is None else claim.source,
            None if claim is None or fate not in _ENDS else _ns(claim.first),
            _ns(known),
            _ns(self.asked),
            _ns(self.acknowledged),
            _latency(self, fate, claim),
            len(self.attempts),
            "attempts" in self.more,
            None if filled is None else filled.value,
            None if quantity is None else quantity.value,
            unit,
            _initiator(self.takers) if fate in _ENDS else None,
            self.reasons,
            tuple(_contradictions(self, fate, claim)),
        )


_ENDS: Final = (*FINAL, Fate.REDUCED)


def _ns(moment: Moment | None) -> int | None:
    return None if moment is None else moment[0]


# --- Fate ---


def _winner(state: State) -> tuple[Fate, Claim | None]:
    """The fate, and the events that claim it."""
    final = [(fate, claim) for fate in FINAL if (claim := getattr(state, CLAIMS[fate])) is not None]
    if final and _is_full(state):
        return Fate.FILLED, final[0][1]  # those that say so, if there are any
    if final:
        return max(final, key=_weight)
    for fate in (Fate.REDUCED, Fate.ASKED, Fate.ALIVE):
        claim = getattr(state, CLAIMS[fate])
        if claim is not None:
            return fate, claim
    return Fate.UNKNOWN, None


def _weight(one: tuple[Fate, Claim]) -> tuple[bool, bool, Evidence, bool]:
    """A statement of how it ended weighs more than one that it did; of two equal ones, that it filled."""
    fate, claim = one
    return (
        claim.evidence >= Evidence.SUCCESS_FLAG,
        fate is not Fate.CLOSED,
        claim.evidence,
        fate is Fate.FILLED,
    )


def _only_quantity(state: State) -> Amount | None:
    """The order's quantity; None if there are several, or if their unit changes."""
    if len(state.quantities) == 1 and len(state.units) <= 1 and "quantities" not in state.more:
        return state.quantities[0]
    return None


def _is_full(state: State) -> bool:
    quantity, filled = _only_quantity(state), state.filled_quantity
    return quantity is not None and filled is not None and 0 < quantity.value <= filled.value


def _initiator(takers: tuple[Taker, ...]) -> Initiator | None:
    """The initiator by the strongest evidence; None if there are two."""
    strongest = max((taker.evidence for taker in takers), default=None)
    found = [taker.initiator for taker in takers if taker.evidence is strongest]
    return found[0] if len(found) == 1 else None


def _latency(state: State, fate: Fate, claim: Claim | None) -> int | None:
    """Time from the request that led to a fate to the first news of it; None if that request is not known."""
    if claim is None or claim.known is None or fate not in _ENDS:
        return None
    accepted = None if state.accepted is None else state.accepted.sent
    only = state.asked if len(state.attempts) == 1 and "attempts" not in state.more else None
    for sent in (claim.sent, accepted, only):
        if sent is not None and sent[0] <= claim.known[0]:
            return claim.known[0] - sent[0]
    return None


# --- Contradictions ---


def _contradictions(state: State, fate: Fate, claim: Claim | None) -> list[Contradiction]:
    found = [
        *_two_ends(state),
        *_afterwards(state, fate, claim),
        *_quantities(state),
        *_names(state),
        *_clocks(state, fate, claim),
    ]
    return sorted(found, key=lambda one: _ORDER.index(one.kind)) if len(found) > 1 else found


_ORDER: Final = tuple(Dispute)


def _two_ends(state: State) -> list[Contradiction]:
    canceled, filled = state.canceled, state.filled
    if canceled is None:
        return []
    statement = f"canceled by {canceled.evidence}"
    found = []
    if filled is not None:
        other = f"filled by {filled.evidence}"
        found.append(
            Contradiction(Dispute.CANCELED_AND_FILLED, statement, canceled.source, other, filled.source)
        )
    quantity, amount = _only_quantity(state), state.filled_quantity
    if quantity is not None and amount is not None and _is_full(state):
        other = f"{exact(amount.value)} of {exact(quantity.value)} filled"
        found.append(
            Contradiction(Dispute.CANCELED_BUT_FULL, statement, canceled.source, other, amount.source)
        )
    return found


def _afterwards(state: State, fate: Fate, claim: Claim | None) -> list[Contradiction]:
    """An order on the book after its end: by the venue's clock, or in the answer to a query sent afterwards."""
    alive = state.alive
    if alive is None or claim is None or fate not in FINAL:
        return []
    last, sent = alive.last, alive.last_sent
    if last is not None and claim.first is not None and last[0] > claim.first[0]:
        source, other = claim.first[1], last[1]
    elif sent is not None and claim.known is not None and sent[0] > claim.known[0]:
        source, other = claim.known[1], sent[1]
    else:
        return []
    return [Contradiction(Dispute.ALIVE_AFTERWARDS, f"{fate}", source, "on the book later", other)]


def _quantities(state: State) -> list[Contradiction]:
    quantities, filled = state.quantities, state.filled_quantity
    if not quantities or len(state.units) > 1 or "quantities" in state.more:
        return []
    least, most = quantities[0], quantities[-1]
    found = []
    if filled is not None and filled.value > most.value:
        found.append(
            Contradiction(
                Dispute.OVERFILLED,
                f"quantity {exact(most.value)}",
                most.source,
                f"{exact(filled.value)} filled",
                filled.source,
            )
        )
    if least is not most and state.reduced is None:
        found.append(
            Contradiction(
                Dispute.QUANTITIES_DIFFER,
                f"quantity {exact(least.value)}",
                least.source,
                f"quantity {exact(most.value)}",
                most.source,
            )
        )
    return found


def _names(state: State) -> list[Contradiction]:
    found = []
    strongest = max((taker.evidence for taker in state.takers), default=None)
    takers = [taker for taker in state.takers if taker.evidence is strongest]
    if len(takers) > 1:
        first, other = takers[0], takers[-1]
        found.append(
            Contradiction(
                Dispute.INITIATORS_DIFFER,
                f"ended by {first.initiator}",
                first.source,
                f"ended by {other.initiator}",
                other.source,
            )
        )
    spelled = {symbol.value.casefold().translate(_MARKS): symbol for symbol in state.symbols}
    if len(spelled) > 1:
        one, *_, two = spelled.values()
        found.append(
            Contradiction(
                Dispute.SYMBOLS_DIFFER, f"symbol {one.value}", one.source, f"symbol {two.value}", two.source
            )
        )
    return found


_MARKS: Final = {ord(mark): None for mark in "-_/:"}
_MILLISECOND: Final = 1_000_000  # many venues cut their times to it


def _clocks(state: State, fate: Fate, claim: Claim | None) -> list[Contradiction]:
    """An end before the request that led to it, or after the news of it: the two clocks differ."""
    if claim is None or claim.first is None or fate not in _ENDS:
        return []
    done = claim.first
    by_request = (
        claim is state.canceled and claim.sent is not None and _initiator(state.takers) in _BY_REQUEST
    )
    if by_request and state.asked is not None and done[0] + _MILLISECOND <= state.asked[0]:
        statement, other = "done before the first request", state.asked
    elif claim.known is not None and done[0] > claim.known[0]:
        statement, other = "done after its receipt", claim.known
    else:
        return []
    other_statement = "sent" if other is state.asked else "received"
    return [Contradiction(Dispute.CLOCKS_DISAGREE, statement, done[1], other_statement, other[1])]


_BY_REQUEST: Final = (None, Initiator.USER)
