"""Laws of the fold, for events of every venue."""

import random
import sqlite3
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from cancelnorm import CancelEvent, EventKind, Evidence, Initiator, Outcome, Reason
from cancelnorm.story import MARGIN_NS, Claim, Fate, Stories, Story, StoryKey, fold, stream
from cancelnorm.story.claims import claim_of
from cancelnorm.story.state import CLAIMS, MOST_ATTEMPTS, MOST_VALUES
from tests.batches import in_batches, venue_of
from tests.story.events import EVENTS, collections, events


def written(stories: Stories) -> dict[StoryKey, bytes]:
    """The stories as JSON, which also tells ``1.0`` from ``1.00``."""
    return {key: msgspec.json.encode(story) for key, story in stories.items()}


def assert_same(one: Stories, other: Stories, *, counts: bool = True) -> None:
    """The same stories, linked and not, and the same verdicts."""
    assert one == other
    assert written(one) == written(other)
    assert {story.key: story for story in one.linked()} == {story.key: story for story in other.linked()}
    assert {story.key: story.verdict() for story in one.linked()} == {
        story.key: story.verdict() for story in other.linked()
    }
    assert not counts or one.unnamed == other.unnamed


@given(collections(), st.randoms(use_true_random=False))
def test_order_does_not_matter(found: list[CancelEvent], chance: random.Random) -> None:
    """Law 1: ``fold(permutation(x)) == fold(x)``."""
    shuffled = chance.sample(found, len(found))
    assert_same(fold(shuffled), fold(found))


@given(collections(15), collections(15), collections(15))
def test_grouping_does_not_matter(
    one: list[CancelEvent], two: list[CancelEvent], three: list[CancelEvent]
) -> None:
    """Law 2: ``fold(a + b) == fold(a) | fold(b)``, however the parts are grouped, and whichever comes first."""
    a, b, c = map(fold, (one, two, three))
    assert_same(a.merge(b), fold([*one, *two]))
    assert_same(b.merge(a), fold([*one, *two]))
    assert_same(a.merge(b).merge(c), a.merge(b.merge(c)))
    assert_same(a.merge(b, c), fold([*one, *two, *three]))


@given(collections())
def test_repetition_does_not_matter(found: list[CancelEvent]) -> None:
    """Law 3: ``fold(x + x) == fold(x)``."""
    assert_same(fold([*found, *found]), fold(found), counts=False)
    assert_same(fold(found).merge(fold(found)), fold(found), counts=False)


@given(collections())
def test_nothing_changes_nothing(found: list[CancelEvent]) -> None:
    """Law 4: ``fold([]) | s == s``."""
    assert_same(fold([]).merge(fold(found)), fold(found))
    assert_same(fold(found).merge(fold([])), fold(found))


@given(collections(), events())
def test_an_event_never_makes_it_worse(found: list[CancelEvent], event: CancelEvent) -> None:
    """Law 5: a final verdict stays final, and filled quantities and attempts never decrease."""
    before, after = fold(found), fold([*found, event])
    for key, story in before.items():
        old, new = story.verdict(), after[key].verdict()
        assert new.is_final or not old.is_final
        assert new.attempts >= old.attempts
        assert old.filled_quantity is None or (
            new.filled_quantity is not None and new.filled_quantity >= old.filled_quantity
        )


@in_batches({f"{e.venue}/{e.source}[{e.index}]": e for e in EVENTS if e.order_id}, venue_of)
def test_one_event_is_its_own_story(event: CancelEvent) -> None:
    """Law 6: canceled is canceled, pending is asked, a failed request says nothing of the order."""
    [story] = fold([event]).values()
    verdict = story.verdict()
    expected = {
        Outcome.CANCELED: (Fate.CANCELED, Fate.FILLED),  # filled, if it shows that all of it did
        Outcome.PENDING: (Fate.ASKED,),
        Outcome.REDUCED: (Fate.REDUCED,),
        Outcome.REJECTED: (Fate.FILLED, Fate.CANCELED, Fate.CLOSED, Fate.ALIVE, Fate.UNKNOWN),
        Outcome.UNKNOWN: (Fate.FILLED, Fate.CLOSED, Fate.ALIVE, Fate.UNKNOWN),
    }
    assert verdict.fate in expected[event.outcome]
    assert verdict.evidence <= event.evidence
    assert verdict.done_ns in (None, event.event_ns)
    assert verdict.known_ns in (None, event.received_ns)
    is_off_the_book = verdict.fate not in (Fate.ASKED, Fate.ALIVE, Fate.UNKNOWN)
    assert verdict.initiator is (event.initiator if is_off_the_book else None)
    assert len(verdict.contradictions) <= (1 if event.outcome is Outcome.CANCELED else 0)


@given(collections(), st.integers(1, 5), st.randoms(use_true_random=False))
def test_workers_may_share_the_work(found: list[CancelEvent], workers: int, chance: random.Random) -> None:
    """Law 7: events split over workers at random, folded and merged, are one fold."""
    parts: list[list[CancelEvent]] = [[] for _ in range(workers)]
    for event in found:
        chance.choice(parts).append(event)
    assert_same(fold([]).merge(*map(fold, parts)), fold(found))


QUERY = """
    select key, claim, max(evidence), min(event_ns), max(event_ns), min(received_ns), max(sent_ns)
    from events group by key, claim
"""


@given(collections())
def test_a_database_says_the_same(found: list[CancelEvent]) -> None:
    """Law 8: ``group by`` order and claim gives the same least and greatest values."""
    rows: list[tuple[Any, ...]] = []
    keys: dict[StoryKey, int] = {}
    for event in found:
        named = [*fold([event])]
        said = claim_of(event)
        if named and said is not None:
            number = keys.setdefault(named[0], len(keys))
            sent_ns = None if event.endpoint.startswith("stream ") else event.sent_ns
            evidence = said.evidence.rank
            rows.append(
                (number, said.fate, evidence, event.event_ns, event.event_ns, event.received_ns, sent_ns)
            )
    db = sqlite3.connect(":memory:")
    db.execute("create table events (key, claim, evidence, event_ns, last_ns, received_ns, sent_ns)")
    db.executemany("insert into events values (?, ?, ?, ?, ?, ?, ?)", rows)
    theirs = {(row[0], row[1]): row[2:] for row in db.execute(QUERY)}
    db.close()
    ours: dict[tuple[int, str], Any] = {}
    for story in fold(found).values():
        for fate, name in CLAIMS.items():
            claim: Claim | None = getattr(story, name)
            if claim is not None:
                moments = (claim.first, claim.last, claim.known, claim.last_sent)
                times = tuple(None if moment is None else moment[0] for moment in moments)
                ours[keys[story.key], fate] = (claim.evidence.rank, *times)
    assert ours == theirs


@given(collections(), collections())
def test_stories_survive_writing(found: list[CancelEvent], more: list[CancelEvent]) -> None:
    """Law 9: a story that was written, read and merged is written as one that never was."""

    def again(stories: Stories) -> Stories:
        read = [msgspec.json.decode(text, type=Story) for text in written(stories).values()]
        return Stories({story.key: story for story in read}, stories.unnamed)

    assert_same(again(fold(found)), fold(found))
    assert_same(again(fold(found)).merge(again(fold(more))), fold([*found, *more]))


@given(collections(), collections())
def test_other_orders_change_nothing(found: list[CancelEvent], more: list[CancelEvent]) -> None:
    """Law 10: the story of an order is that of its own events; its links, that of those with its client ids."""
    alone, together = fold(found), fold([*found, *more])
    strange = [event for event in more if not fold([event]).keys() & alone.keys()]
    beside = fold([*found, *strange])
    assert {key: beside[key] for key in alone} == dict(alone)
    assert alone.keys() <= together.keys()
    apart = [
        replace(event, client_order_id="only theirs", order_id=f"9{event.order_id}", replaced_by=None)
        for event in more
    ]
    linked = {story.key: story for story in fold([*found, *apart]).linked()}
    assert {story.key: linked[story.key] for story in alone.linked()} == {
        story.key: story for story in alone.linked()
    }


# --- Streams ---


@given(collections(40), st.integers(1, 12))
def test_a_stream_tells_every_story(found: list[CancelEvent], window: int) -> None:
    """In parts or whole: joined, they say what the fold says of the same order, in bounded memory."""
    parts = list(stream(found, window))
    whole = fold(found)
    states = Stories({})
    for part in parts:
        states = states.merge(Stories({part.key: replace(part, linked=(), ambiguous=(), replaces=())}))
    assert {key for key in whole if key.order_id} <= {*states}
    joined = {key for part in parts for key in part.linked}
    assert {*whole} == {*states, *joined}
    for key, story in states.items():
        if key not in joined and not any(part.linked for part in parts if part.key == key):
            assert story == whole[key]


@given(collections(40))
def test_a_stream_that_fits_is_exact(found: list[CancelEvent]) -> None:
    """With fewer orders than the window, the stories are those of the fold, linked, in the same order."""
    assert tuple(stream(found, len(found) + 1)) == fold(found).linked()


# --- Bounds ---


@given(collections())
def test_times_are_those_of_events(found: list[CancelEvent]) -> None:
    """No time is made up: none is zero that no event has, and no latency is negative."""
    times = {None} | {
        ns for e in found for ns in (e.event_ns, e.sent_ns, e.received_ns, e.response_ns, e.created_ns)
    }
    for story in fold(found).linked():
        verdict = story.verdict()
        told = (verdict.done_ns, verdict.known_ns, verdict.asked_ns, verdict.acknowledged_ns)
        assert {*told, story.first_ns, story.last_ns} <= times
        assert verdict.latency_ns is None or verdict.latency_ns >= 0
        sources = {event.source for event in found}
        for one in verdict.contradictions:
            assert {one.source, one.other_source} <= sources


def test_a_story_has_a_greatest_size() -> None:
    """However many events an order has, its story keeps so many values, and says that there were more."""
    base = next(event for event in EVENTS if event.outcome is Outcome.REJECTED and event.order_id)
    many = [
        replace(
            base,
            symbol=None if fold([base]).keys() == fold([replace(base, symbol="A")]).keys() else base.symbol,
            client_order_id=f"client {i:04}",
            list_id=f"list {i:04}",
            replaced_by=f"{i:04}",
            sent_ns=i,
            received_ns=i + 1,
            source=f"day.jsonl:{i}",
        )
        for i in range(1_000)
    ]
    [story] = fold(many).values()
    assert len(story.attempts) == MOST_ATTEMPTS
    assert len(story.client_order_ids) == len(story.lists) == len(story.replaced_by) == MOST_VALUES
    assert story.more == ("attempts", "client_order_ids", "lists", "replaced_by")
    verdict = story.verdict()
    assert verdict.has_more_attempts
    assert verdict.asked_ns == 0
    random.Random(1).shuffle(many)
    assert fold(many)[story.key] == story


# --- Links ---


def event(**facts: Any) -> CancelEvent:
    """A refusal that names its order by client id alone."""
    base = CancelEvent(
        "binance",
        None,
        "DELETE /api/v3/order",
        EventKind.ORDER,
        symbol="LTCBTC",
        client_order_id="a",
        outcome=Outcome.REJECTED,
        evidence=Evidence.SUCCESS_FLAG,
    )
    return replace(base, **facts)


def test_a_client_id_of_one_order_is_linked() -> None:
    """The events are the order's; the story says under which key they came."""
    order = event(order_id="4", outcome=Outcome.CANCELED, received_ns=10)
    [story] = fold([event(sent_ns=9), order]).linked()
    assert story.key.order_id == "4"
    assert [key.client_order_id for key in story.linked] == ["a"]
    assert len(story.attempts) == 2


@pytest.mark.parametrize(
    "other",
    [
        event(order_id="5", received_ns=10),  # two orders have it
        event(received_ns=10 + MARGIN_NS + 1),  # long after the order was seen last
        event(received_ns=9 - MARGIN_NS),
        event(received_ns=9, reason=Reason.NOT_FOUND_OR_CLOSED),  # when the order was still to be seen
    ],
)
def test_an_uncertain_client_id_is_not(other: CancelEvent) -> None:
    """Its story stays one of its own, and names the orders that it may be about."""
    found = fold([event(order_id="4", received_ns=10), event(received_ns=10), other]).linked()
    [loose] = [story for story in found if story.key.order_id is None]
    assert loose.ambiguous
    assert all(not story.linked for story in found)


CANCELED: Final = {"outcome": Outcome.CANCELED, "evidence": Evidence.SUCCESS_FLAG}
REPLACED: Final = {
    "outcome": Outcome.PENDING,
    "evidence": Evidence.ACKNOWLEDGED,
    "initiator": Initiator.AMEND,
}


@pytest.mark.parametrize(
    ("old", "new", "loose", "owner"),
    [
        # It was replaced before the cancel was asked for, and the order that replaced it has its client id.
        (REPLACED | {"sent_ns": 5}, CANCELED | {"received_ns": 40}, CANCELED | {"sent_ns": 20}, "5"),
        (REPLACED | {"sent_ns": 5}, CANCELED | {"received_ns": 40}, {"sent_ns": 20}, "5"),
        (REPLACED | {"received_ns": 6}, CANCELED | {"received_ns": 40}, CANCELED | {"sent_ns": 20}, "5"),
        # Of that one the log has nothing.
        (REPLACED | {"sent_ns": 5}, None, CANCELED | {"sent_ns": 20}, None),
        # The cancel was asked for before.
        (REPLACED | {"sent_ns": 25}, CANCELED | {"received_ns": 40}, CANCELED | {"sent_ns": 20}, None),
        (REPLACED | {"sent_ns": 25}, None, CANCELED | {"sent_ns": 20}, "4"),
        # Nobody knows when.
        (REPLACED, None, CANCELED | {"sent_ns": 20}, "4"),
        (REPLACED | {"sent_ns": 5}, None, CANCELED | {"received_ns": 20}, "4"),
        # It was known to have ended, and its client id was used again.
        (CANCELED | {"received_ns": 6}, CANCELED | {"received_ns": 40}, CANCELED | {"sent_ns": 20}, "5"),
        (CANCELED | {"received_ns": 21}, CANCELED | {"received_ns": 40}, CANCELED | {"sent_ns": 20}, None),
        (
            CANCELED | {"received_ns": 6},
            CANCELED | {"received_ns": 40},
            {"sent_ns": 20, "reason": Reason.NOT_FOUND_OR_CLOSED},
            None,
        ),
    ],
)
def test_a_client_id_means_the_order_that_holds_it(
    old: dict[str, Any], new: dict[str, Any] | None, loose: dict[str, Any], owner: str | None
) -> None:
    """A cancel goes to none that had given its client id up, and to the only other one, if it is known."""
    events = [event(order_id="4", created_ns=1, **old), event(**loose)]
    if new is not None:
        events.append(event(order_id="5", created_ns=7, **new))
    found = fold(events).linked()
    linked_to = [story.key.order_id for story in found if story.linked]
    assert linked_to == ([] if owner is None else [owner])
    assert any(story.ambiguous for story in found) is (owner is None)


def test_an_order_and_its_successor_under_one_client_id() -> None:
    """Where neither the amendment nor the cancel names an order, it is not certain which one was canceled."""
    events = [event(sent_ns=5, **REPLACED), event(sent_ns=20, **CANCELED), event(order_id="4", received_ns=6)]
    [loose] = [story for story in fold(events).linked() if story.key.order_id is None]
    assert [key.order_id for key in loose.ambiguous] == ["4"]


@pytest.mark.parametrize("facts", [{"account": "maker"}, {"symbol": "LTCUSDT"}, {"venue": "bybit"}])
def test_a_client_id_means_an_order_of_its_own_account_and_space(facts: dict[str, Any]) -> None:
    """That of another account or another symbol is not meant, and not even possible."""
    found = fold([event(order_id="4"), event(**facts)]).linked()
    assert [(story.linked, story.ambiguous) for story in found] == [((), ()), ((), ())]


def test_a_replaced_order_is_named_by_its_successor() -> None:
    """If the log has events of both."""
    old = event(order_id="4", outcome=Outcome.CANCELED, replaced_by="5")
    found = {story.key.order_id: story for story in fold([event(order_id="5"), old]).linked()}
    assert found["5"].replaces == ("4",)
    assert found["4"].replaced_by == ("5",)
    assert [story.replaces for story in fold([old]).linked()] == [()]


def test_lists_are_groups() -> None:
    """Each order of a list has a story of its own."""
    legs = [event(order_id=order_id, list_id="7") for order_id in "45"]
    [(key, orders)] = fold([*legs, event(order_id="6")]).lists.items()
    assert (key.space, key.list_id) == ("binance:spot", "7")
    assert [order.order_id for order in orders] == ["4", "5"]


def test_a_story_is_frozen() -> None:
    """Adding events does not change one that was given."""
    stories = fold([event(order_id="4")])
    [story] = stories.values()
    before = astuple(story)
    stories.merge(fold([event(order_id="4", sent_ns=1, list_id="7")]))
    assert astuple(story) == before
    with pytest.raises(AttributeError, match="immutable"):
        story.venue = "other"  # type: ignore[misc]
