"""The history of one order for people: what became of it, and every fact in the order of time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from cancelnorm.escapes import printable
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import exact
from cancelnorm.report.lines import counted
from cancelnorm.report.sentences import EVIDENCE, REASONS, shown
from cancelnorm.report.text_columns import width
from cancelnorm.schema import CancelEvent, Outcome
from cancelnorm.story import Contradiction, Fate, OrderVerdict, Story, claim_of, is_attempt, is_pushed

__all__ = ["EXPLAINED", "amount", "contradiction", "moment", "said_in_full", "timeline"]

EXPLAINED: Final = {
    Fate.CLOSED: "off the book, or never on it; no answer says how it ended",
    Fate.REDUCED: "part of it is off the book, the rest may be on it",
    Fate.ASKED: "a cancel was accepted and never confirmed: on the book, canceled or filled",
    Fate.ALIVE: "on the book when it was last seen",
    Fate.UNKNOWN: "no answer says anything about the order itself",
}
"""Fates whose name does not say all."""


def said_in_full(story: Story, verdict: OrderVerdict) -> Iterator[str]:
    """The fate of an order in sentences."""
    key = story.key
    name = f"order {key.order_id}" if key.order_id else f"order with client id {key.client_order_id}"
    symbols = "".join(f" on {symbol.value}" for symbol in story.symbols[:1])
    account = f", account {key.account}" if key.account else ""
    yield _safe(f"{name}{symbols}, {story.venue}{account}{_names(story)}")
    source = f" ({verdict.source})" if verdict.source else ""
    basis = "" if verdict.fate is Fate.UNKNOWN else f"; {EVIDENCE[verdict.evidence]}{source}"
    meaning = f": {EXPLAINED[verdict.fate]}" if verdict.fate in EXPLAINED else ""
    yield _safe(f"{verdict.fate}{meaning}{basis}")
    yield "; ".join(_facts(verdict))
    for one in verdict.contradictions:
        yield f"! {contradiction(one)}"
    if story.ambiguous:
        ids = ", ".join(one.order_id or "" for one in story.ambiguous)
        yield _safe(f"! its client id is that of {ids}; whether it is the same order is not certain")


def _names(story: Story) -> str:
    parts = [
        ("client id", story.client_order_ids if story.key.order_id else ()),
        ("list", story.lists),
        ("replaces", story.replaces),
        ("replaced by", story.replaced_by),
    ]
    return "".join(f", {what} {', '.join(names)}" for what, names in parts if names)


def _facts(verdict: OrderVerdict) -> Iterator[str]:
    more = "at least " if verdict.has_more_attempts else ""
    yield f"{more}{counted(verdict.attempts, 'cancel request')}"
    if verdict.reasons:
        yield f"reasons given: {', '.join(verdict.reasons)}"
    if verdict.filled_quantity is not None:
        yield f"{amount(verdict.filled_quantity, verdict.quantity)} filled"
    if verdict.initiator is not None:
        yield f"ended by {verdict.initiator}"
    if verdict.latency_ns is not None:
        yield f"known {verdict.latency_ns / _MILLISECOND:,.3f} ms after the request"


def contradiction(one: Contradiction) -> str:
    """Both statements, and where each is made."""
    some = f" at {one.source}" if one.source else ""
    others = f" at {one.other_source}" if one.other_source else ""
    return _safe(f"{one.kind}: {one.statement}{some}, but {one.other_statement}{others}")


def _safe(text: str) -> str:
    """A text with its secrets masked, for one line of a terminal."""
    return printable(without_secrets(text))


# --- Facts in the order of time ---


class _Fact(NamedTuple):
    """An entry of the timeline; ``rank`` orders those of the same time."""

    ns: int
    rank: int
    clock: str
    text: str
    source: str | None


def timeline(events: Iterable[CancelEvent]) -> Iterator[str]:
    """Every fact of an order's events with its time, whose clock that is, and its line; those without time last."""
    facts: list[_Fact] = []
    untimed: list[_Fact] = []
    for event in events:
        found = [*_facts_of(event)]
        facts += found
        if not found:
            untimed.append(_Fact(0, 0, "", f"{shown(event.endpoint, 80)}: {_said(event)}", event.source))
    facts.sort(key=lambda fact: (fact.ns, fact.rank))
    sources = [_shown_source(fact.source) for fact in (*facts, *untimed)]
    room = max(map(width, sources), default=0)
    padded = iter([f"{source}{' ' * (room - width(source))}" for source in sources])
    day = ""
    digits = _digits(facts)
    for fact in facts:
        seconds, rest = divmod(fact.ns, _SECOND)
        date, _, clock = _date(seconds)
        if date != day:
            day = date
            yield f"{day} UTC"
        time = f"{clock}.{rest:09}"[: len(clock) + 1 + digits]
        yield f"  {time}  {fact.clock:8}  {next(padded)}  {fact.text}"
    if untimed:
        yield "without a time"
    for fact in untimed:
        yield f"  {next(padded)}  {fact.text}"


_SECOND: Final = 1_000_000_000
_MILLISECOND: Final = 1_000_000
_LAST: Final = 253_402_300_799  # second of the year 9999


def _date(seconds: int) -> tuple[str, str, str]:
    if not 0 <= seconds <= _LAST:
        return "outside of the years 1970 to 9999", "", f"{seconds} s"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S").partition(" ")


def moment(ns: int) -> str:
    """A time of day and its date, to the millisecond."""
    seconds, rest = divmod(ns, _SECOND)
    date, _, clock = _date(seconds)
    return f"{date} {clock}.{rest // _MILLISECOND:03}"


def _digits(facts: Iterable[_Fact]) -> int:
    """Digits of a second that tell the times apart: 3, 6 or 9."""
    times = [fact.ns for fact in facts]
    return next((digits for digits in (3, 6) if not any(ns % 10 ** (9 - digits) for ns in times)), 9)


def _shown_source(source: str | None) -> str:
    return _safe(source) if source else ""


def _facts_of(event: CancelEvent) -> Iterator[_Fact]:
    """Each time of an event and what happened then; one of them tells what the event says."""
    said, name = _said(event), shown(event.endpoint, 80)
    source = event.source
    if event.sent_ns is not None and not is_pushed(event):
        what = "cancel requested" if is_attempt(event) else "order looked up"
        answered = (event.event_ns, event.response_ns, event.received_ns)
        text = f"{what}: {name}" if any(ns is not None for ns in answered) else f"{what}: {name}: {said}"
        yield _Fact(event.sent_ns, 0, "sent", text, source)
    if event.event_ns is not None:
        yield _Fact(event.event_ns, 1, "venue", said, source)
    if event.received_ns is not None:
        text = f"{name}: {said}" if event.event_ns is None else f"known from {name}"
        yield _Fact(event.received_ns, 2, "received", text, source)
    elif event.response_ns is not None and event.event_ns is None:
        yield _Fact(event.response_ns, 1, "gateway", f"{name}: {said}", source)


_CLAIMS: Final = {
    Fate.CANCELED: "canceled",
    Fate.FILLED: "filled",
    Fate.CLOSED: "no longer on the book",
    Fate.REDUCED: "reduced",
    Fate.ASKED: "cancel accepted, not confirmed",
    Fate.ALIVE: "on the book",
}


def _said(event: CancelEvent) -> str:
    """An event in a few words."""
    claim = claim_of(event)
    if is_attempt(event) and event.outcome is Outcome.REJECTED:
        said = "refused"
    elif claim is not None:
        said = _CLAIMS[claim.fate]
    else:
        said = "fate unknown"
    if event.initiator is not None:
        said += f" by {event.initiator}"
    is_lookup = not is_attempt(event) and claim is not None
    if event.reason is not None and not is_lookup:
        said += f", {REASONS[event.reason]}"
    status = event.raw_status if claim is None or claim.fate is Fate.ALIVE else None
    answer = " ".join(text for text in (event.code, event.message or status) if text)
    if answer:
        said += f" ({shown(answer, 160)})"
    if (filled := event.known_filled_quantity) is not None:
        said += f"; {amount(filled, event.quantity)} filled"
    return said


def amount(filled: Decimal, quantity: Decimal | None) -> str:
    """A filled quantity, and the order's if it is known, without zeros at their ends."""
    return _short(filled) if quantity is None else f"{_short(filled)} of {_short(quantity)}"


def _short(value: Decimal) -> str:
    text = exact(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
