"""The sequence rules say of an order what its story says."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from hypothesis import given
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Evidence, Initiator, Outcome
from cancelnorm.check import Finding, History, observations, unusual_events
from cancelnorm.check.order_rules import inspect_order
from cancelnorm.ids import is_masked
from cancelnorm.schema import Normalised
from cancelnorm.story import Dispute, Fate, Story, StoryKey, fold, is_pushed
from tests.story.events import collections
from tests.story.histories import History as Log
from tests.story.histories import histories

CONFIRMED, ASKED = "confirmed", "asked"


def told(events: Iterable[CancelEvent]) -> dict[StoryKey, Counter[str]]:
    """Findings of the rules for sequences and for fills on each order, by name."""
    found: defaultdict[StoryKey, Counter[str]] = defaultdict(Counter)
    keys: dict[str | None, StoryKey] = {}
    held, findings = History(), list[Finding]()
    for number, event in enumerate(events):
        one = replace(event, source=f"log:{number}")
        keys.update((one.source, key) for key in fold([event]))
        inspect_order(one, findings.append)
        if seen := observations(Normalised((one,)), unusual_events((one,))):
            held.see(seen, findings.append)
    held.end(findings.append)
    for finding in findings:
        if finding.source in keys:
            found[keys[finding.source]][finding.rule.name] += 1
    return found


def recordings(events: list[CancelEvent]) -> list[CancelEvent]:
    """Events by which each recording has a confirmed cancel and an accepted one, of orders of their own."""
    places = {(event.venue, event.account): event for event in events}
    facts = {"reason": None, "status": None, "initiator": None, "filled_quantity": None, "quantity": None}
    return [
        replace(event, kind=EventKind.ORDER, order_id=order_id, outcome=outcome, evidence=evidence, **facts)
        for event in places.values()
        for order_id, outcome, evidence in (
            (CONFIRMED, Outcome.CANCELED, Evidence.FINAL_REPORT),
            (ASKED, Outcome.PENDING, Evidence.ACKNOWLEDGED),
        )
    ]


def named(events: Iterable[CancelEvent]) -> list[CancelEvent]:
    """Those with an order id that is not masked: only all the data can tell whose client id one has."""
    return [event for event in events if event.order_id is not None and not is_masked(event.order_id)]


def blanket(events: Iterable[CancelEvent]) -> set[tuple[str, str | None]]:
    """Recordings in which any order may have been meant by an answer that names none."""
    scopes = (one for one in events if one.kind is EventKind.SCOPE and one.outcome is not Outcome.REJECTED)
    return {(event.venue, event.account) for event in scopes}


def agree(story: Story, events: list[CancelEvent], found: Counter[str], *, may_be_answered: bool) -> None:
    """Compare what the rules say of an order with its story."""
    verdict = story.verdict()
    disputes = {one.kind for one in verdict.contradictions}
    assert bool(found["never-confirmed"]) is (verdict.fate is Fate.ASKED)
    refuted = found["canceled-after-rejection"]
    two_ends = found["canceled-and-filled"] or (refuted and story.filled is not None)
    assert bool(two_ends) is (Dispute.CANCELED_AND_FILLED in disputes)
    if story.accepted is not None and story.filled is not None and story.canceled is None:
        assert found["filled-before-cancel"] or story.closed is not None
    if found["filled-before-cancel"]:
        assert story.filled is not None
    if refuted:
        assert story.canceled is not None
        assert any(event.reason is not None and event.reason.is_order_gone for event in events)
    is_users = any(
        event.outcome is Outcome.CANCELED and event.initiator is Initiator.USER and is_pushed(event)
        for event in events
    )
    is_alone = is_users and not verdict.attempts and not may_be_answered
    assert bool(found["never-acknowledged"]) is is_alone


@given(collections())
def test_rules_agree_with_stories(events: list[CancelEvent]) -> None:
    """Whatever the events say, both say the same of an order."""
    events = named(events)
    _compare([*recordings(events), *events])


@given(histories())
def test_rules_agree_with_stories_of_histories(log: Log) -> None:
    """The same holds for what may happen, with losses, repetition and disorder."""
    events = named(one.event for one in log.log)
    _compare([*recordings(events), *events])


def _compare(events: list[CancelEvent]) -> None:
    found, stories = told(events), fold(events)
    answered = blanket(events)
    assert found.keys() <= stories.keys()
    by_key: defaultdict[StoryKey, list[CancelEvent]] = defaultdict(list)
    for event in events:
        for key in fold([event]):
            by_key[key].append(event)
    for key, story in stories.items():
        may_be_answered = (story.venue, key.account) in answered
        agree(story, by_key[key], found.get(key, Counter()), may_be_answered=may_be_answered)


@given(histories())
def test_what_happened_contradicts_nothing(log: Log) -> None:
    """Where clocks agree, no rejection was wrong, and no order ended twice."""
    if log.venue_skew or not log.has_clocks:
        return
    for found in told(named(one.event for one in log.log)).values():
        assert not found["canceled-after-rejection"]
        assert not found["canceled-and-filled"]
