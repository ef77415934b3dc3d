"""Facts of an order's story, each with its line of the log, for those orders that need attention."""

from collections.abc import Iterable, Iterator
from typing import Final

from cancelnorm.masking import without_secrets
from cancelnorm.report.attention import Attention, Concern, OrderFacts, StoryFact
from cancelnorm.report.sentences import EVIDENCE, REASONS, shown
from cancelnorm.report.timeline import amount, contradiction, moment
from cancelnorm.story import Claim, Dispute, Fate, Moment, OrderVerdict, Story
from cancelnorm.story.state import CLAIMS

__all__ = ["look_at"]

_MOST: Final = 100


def look_at(stories: Iterable[Story], attention: Attention) -> None:
    """Count stories of which no more is learned, and keep the first that need attention."""
    for story in stories:
        attention.orders += 1
        verdict = story.verdict()
        concern = _concern(verdict)
        if concern is None:
            continue
        attention.counts[concern] += 1
        if len(attention.shown[concern]) < _MOST:
            attention.shown[concern].append(_order(story, verdict))


_FILLS: Final = (Dispute.CANCELED_AND_FILLED, Dispute.CANCELED_BUT_FULL)


def _concern(verdict: OrderVerdict) -> Concern | None:
    """Why an order needs attention; where clocks differ, they do for all orders, which is no reason."""
    kinds = {one.kind for one in verdict.contradictions} - {Dispute.CLOCKS_DISAGREE}
    if not kinds.isdisjoint(_FILLS):
        return Concern.FILLED
    if kinds:
        return Concern.CONTRADICTION
    return Concern.UNRESOLVED if verdict.is_unresolved else None


# --- Facts ---

_SAID: Final = {
    Fate.CANCELED: "canceled",
    Fate.FILLED: "filled",
    Fate.CLOSED: "no longer on the book",
    Fate.REDUCED: "reduced",
    Fate.ALIVE: "on the book",
}


def _order(story: Story, verdict: OrderVerdict) -> OrderFacts:
    """Facts about an order that a page shows."""
    key = story.key
    name = f"order {key.order_id}" if key.order_id else f"client id {key.client_order_id}"
    symbols = [symbol.value for symbol in story.symbols]
    account = [f"account {key.account}"] if key.account else []
    found = sorted(_facts(story), key=lambda fact: (fact[0] is None, fact[0] or 0, fact[1]))
    return OrderFacts(
        without_secrets(name),
        without_secrets(" ".join((story.venue, *symbols, *account))),
        "; ".join(_verdict(verdict)),
        [contradiction(one) for one in verdict.contradictions],
        [
            StoryFact("" if ns is None else moment(ns), clock, text, without_secrets(source or ""))
            for ns, _, clock, text, source in found
        ],
    )


def _verdict(verdict: OrderVerdict) -> Iterator[str]:
    yield (
        str(verdict.fate) if verdict.fate is Fate.UNKNOWN else f"{verdict.fate}, {EVIDENCE[verdict.evidence]}"
    )
    if verdict.filled_quantity is not None:
        yield f"{amount(verdict.filled_quantity, verdict.quantity)} filled"
    more = " or more" if verdict.has_more_attempts else ""
    yield f"{verdict.attempts}{more} cancel request{'' if verdict.attempts == 1 else 's'}"
    if verdict.reasons:
        yield ", ".join(REASONS[reason] for reason in verdict.reasons)


_Fact = tuple[int | None, int, str, str, str | None]
"""Time, order among facts of the same time, clock, text, source."""


def _facts(story: Story) -> Iterator[_Fact]:
    for attempt in story.attempts:
        if attempt.sent is not None:
            yield _at(attempt.sent, 0, "sent", "cancel requested")
    claims: list[Claim | None] = [getattr(story, CLAIMS[fate]) for fate in _SAID]
    if story.acknowledged is not None and all(
        one is None or one.known != story.acknowledged for one in claims
    ):
        yield _at(story.acknowledged, 2, "received", "cancel accepted")
    for claim, text in zip(claims, _SAID.values(), strict=True):
        if claim is not None:
            yield from _claimed(claim, text)
    for quantity in story.quantities if len(story.quantities) > 1 else ():
        yield None, 0, "", f"quantity {shown(format(quantity.value, 'f'), 40)}", quantity.source
    for symbol in story.symbols if len(story.symbols) > 1 else ():
        yield None, 0, "", f"symbol {shown(symbol.value, 40)}", symbol.source


def _claimed(claim: Claim, text: str) -> Iterator[_Fact]:
    if claim.first is not None:
        yield _at(claim.first, 1, "venue", text)
        if claim.last is not None and claim.last[0] > claim.first[0]:
            yield _at(claim.last, 1, "venue", f"{text}, again")
    if claim.known is not None:
        yield _at(claim.known, 2, "received", f"known: {text}")
    elif claim.first is None:
        yield None, 0, "", text, claim.source


def _at(at: Moment, rank: int, clock: str, text: str) -> _Fact:
    return at[0], rank, clock, text, at[1]
