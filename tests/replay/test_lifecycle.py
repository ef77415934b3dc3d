"""Lifecycles: every event of an order in the order of time, each with a step or a reason for none."""

import random
from collections import Counter
from collections.abc import Iterable

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Record, Refused, events
from cancelnorm.replay.lifecycle import Entry, Lifecycles, Omission, Step, is_plain, lifecycles
from cancelnorm.story import Fate, fold
from tests.story.events import collections
from tests.story.histories import History, histories

ENDS = (Step.CANCELED, Step.EXPIRED)


def entries(found: Lifecycles) -> list[Entry]:
    """All entries."""
    return [entry for order in found.orders for entry in order.entries] + list(found.others)


def steps(found: Lifecycles) -> Counter[tuple[str, bytes, Step | Omission | None]]:
    """What became of each event, with the name of its order."""
    named = [(order.client_order_id, order.entries) for order in found.orders]
    return Counter(
        (name, entry.event_id, entry.step or entry.omission)
        for name, parts in [*named, ("", found.others)]
        for entry in parts
    )


@given(collections())
def test_every_event_is_somewhere(found: list[CancelEvent]) -> None:
    """Once, with a step or a reason, and never both."""
    told = lifecycles(found)
    places = [entry.position for entry in entries(told)] + [position for position, _, _ in told.left_out]
    assert sorted(places) == list(range(len(found)))
    assert all((entry.step is None) != (entry.omission is None) for entry in entries(told))
    assert all(entry.event is found[entry.position] for entry in entries(told))


@given(collections())
def test_an_order_ends_once(found: list[CancelEvent]) -> None:
    """At most, and takes no step after it; its entries are in the order of time, and its name is its own."""
    told = lifecycles(found)
    names = [order.client_order_id for order in told.orders]
    assert len(set(names)) == len(names)
    assert all(map(is_plain, names))
    for order in told.orders:
        taken = [entry.step for entry in order.entries if entry.step is not None]
        assert not any(step in ENDS for step in taken[:-1])
        times = [entry.ts_init for entry in order.entries]
        assert times == sorted(times)
        if any(step in ENDS for step in taken):
            assert order.verdict.fate in (Fate.CANCELED, Fate.CLOSED)


@given(collections(), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(found: list[CancelEvent], chance: random.Random) -> None:
    """As long as their times tell it."""
    told = lifecycles(found)
    for order in told.orders:
        times = Counter(entry.ts_init for entry in order.entries)
        assume(max(times.values()) == 1)
    shuffled = chance.sample(found, len(found))
    again = lifecycles(shuffled)
    assert steps(again) == steps(told)
    assert Counter(reason for _, _, reason in again.left_out) == Counter(
        reason for _, _, reason in told.left_out
    )


@given(collections())
def test_repetition_does_not_matter(found: list[CancelEvent]) -> None:
    """Whatever comes again is left out."""
    once, twice = lifecycles(found), lifecycles([*found, *found])
    assert steps(twice) == steps(once)
    assert len(twice.left_out) == len(once.left_out) + len(found)


@given(histories(can_reuse_client_ids=False))
def test_an_end_is_the_truth(history: History) -> None:
    """No order ends that did not, and one whose cancel the log has at a time ends, unless it filled."""
    told = lifecycles(one.event for one in history.log)
    truth = {(order.account, order.protocol.venue, order.client_order_id): order for order in history.orders}
    for order in told.orders:
        event = order.entries[0].event
        real = truth[event.account, event.venue, event.client_order_id or ""]
        has_ended = any(entry.step in ENDS for entry in order.entries)
        assert not has_ended or real.end is Fate.CANCELED
        is_told = any(entry.event.outcome == "canceled" for entry in order.entries)
        ambiguous = any(entry.omission is Omission.AMBIGUOUS_ORDER for entry in order.entries)
        assert has_ended or not is_told or ambiguous


def known(found: Iterable[CancelEvent | Refused]) -> list[CancelEvent]:
    """The events that could be read."""
    return [one for one in found if isinstance(one, CancelEvent)]


def test_a_refused_record_is_counted() -> None:
    """It takes no place in a lifecycle."""
    found = list(events("samples/logs/orders.jsonl"))
    found += events([Record(b"{", "binance", "DELETE /api/v3/order")])
    told = lifecycles(found)
    assert [(position, reason) for position, _, reason in told.left_out] == [(7, Omission.REFUSED)]
    assert len(told.orders) == 5


def test_ids_that_are_given_tell_events_apart() -> None:
    """Two identical refusals are two with their ids, and one without."""
    [event] = [one for one in known(events("samples/logs/orders.jsonl")) if one.reason][:1]
    alike = [event, replace(event, source="elsewhere:1")]
    assert [reason for _, _, reason in lifecycles(alike).left_out] == [Omission.REPEATED]
    told = lifecycles((bytes([i]) * 16, one) for i, one in enumerate(alike))
    assert told.left_out == ()
    assert [entry.event_id[0] for entry in told.orders[0].entries] == [0, 1]


# --- Stories without events ---


@given(collections())
def test_a_story_tells_the_same_end(found: list[CancelEvent]) -> None:
    """Who kept stories alone sees the same orders end, at the first news of it.

    A story keeps the first of an order's times, except the gateway's, so each has to be one.
    """
    found = [
        replace(
            event, event_ns=event.event_ns or None, received_ns=event.received_ns or None, response_ns=None
        )
        for event in found
        if event.kind is EventKind.ORDER
    ]
    stories = fold(found).linked()
    verdicts = {story.key: story.verdict() for story in stories}
    told, again = lifecycles(found), lifecycles(stories)
    assert ends(again).keys() == ends(told).keys()
    for order in again.orders:
        verdict = verdicts[order.keys[-1]]
        assert order.verdict == verdict
        end = ends(again).get(order.client_order_id)
        if end is not None and verdict.fate is Fate.CANCELED:
            assert end == (verdict.done_ns if verdict.known_ns is None else verdict.known_ns)


def ends(found: Lifecycles) -> dict[str, int]:
    """When each order ended."""
    return {
        order.client_order_id: entry.ts_init
        for order in found.orders
        for entry in order.entries
        if entry.step in ENDS
    }
