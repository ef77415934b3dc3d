"""Fills that only frames about something else show."""

import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, Record, normalise
from cancelnorm.story import Fate, Gathering, Stories, StoryKey, fills_of, fold
from tests.samples import FOLDER, SAMPLES
from tests.story.events import collections

ACCEPTED = SAMPLES["bybit/post-v5-order-cancel"]
ORDER = json.loads(bytes(ACCEPTED.payload))["result"]["orderId"]


def frame(*orders: tuple[str, str], account: str | None = None) -> Record:
    """A frame of Bybit with the status of some orders."""
    rows = [
        {"orderId": order, "orderStatus": status, "symbol": "BTCUSDT", "updatedTime": "1672364262444"}
        for order, status in orders
    ]
    payload = json.dumps({"topic": "order", "data": rows}).encode()
    return Record(payload, "bybit", source="log:9", received_ns=1672364262500000000, account=account)


FILLS = fills_of(frame((ORDER, "Filled"), ("another", "Filled"), ("living", "New")))
[ANSWER] = normalise(ACCEPTED.record("log:1")).events


def gathered(events: list[CancelEvent], fills: list[CancelEvent]) -> Stories:
    """The stories of events, and of fills that are shown."""
    gathering = Gathering()
    for event in events:
        gathering.add(event)
    for fill in fills:
        gathering.show(fill)
    return gathering.stories()


def test_what_a_frame_shows() -> None:
    """The orders that filled, with their times and where it is said; nothing about a cancel."""
    told = [(e.order_id, e.outcome, e.status, e.event_ns, e.received_ns, e.source) for e in FILLS]
    times = 1672364262444000000, 1672364262500000000
    assert told == [(order, "unknown", "filled", *times, "log:9") for order in (ORDER, "another")]


def test_a_fill_ends_the_story_of_a_cancel() -> None:
    """It is known when the order filled, and which line says so."""
    [story] = gathered([ANSWER], FILLS).linked()
    verdict = story.verdict()
    assert (verdict.fate, verdict.evidence, verdict.attempts) == (Fate.FILLED, "terminal_status", 1)
    assert not verdict.is_unresolved
    assert fold([ANSWER]).linked()[0].verdict().fate is Fate.ASKED


def test_a_fill_of_a_part_tells_how_much() -> None:
    """The order is on the book with less, and its cancel is still not confirmed."""
    record = frame((ORDER, "PartiallyFilled"))
    payload = json.loads(record.payload)
    payload["data"][0]["cumExecQty"] = "0.4"
    [fill] = fills_of(replace(record, payload=json.dumps(payload).encode()))
    assert (fill.status, fill.filled_quantity) == ("partially_filled", Decimal("0.4"))
    [story] = gathered([ANSWER], [fill]).linked()
    verdict = story.verdict()
    assert (verdict.fate, verdict.filled_quantity, verdict.is_unresolved) == (
        Fate.ASKED,
        Decimal("0.4"),
        True,
    )


def test_a_new_order_tells_both_of_its_ids() -> None:
    """A cancel by client id and the end of the order are one story, although neither names what the other does."""
    accepted = SAMPLES["coinbase_exchange/delete-order-client-id"].record("log:2")
    ended = SAMPLES["coinbase_exchange/stream-done-user"].record("log:3")
    payload = json.loads((FOLDER / "skipped/coinbase_exchange/received.json").read_bytes())["payload"]
    new = json.dumps(payload | {"client_oid": "c-9", "product_id": "BTC-USD"}).encode()
    asked = replace(accepted, request={"client_oid": "c-9", "product_id": "BTC-USD"})
    [name] = fills_of(Record(new, "coinbase_exchange", source="log:1"))
    assert (name.client_order_id, name.status) == ("c-9", "new")
    events = [event for record in (asked, ended) for event in normalise(record).events]
    [story] = gathered(events, [name]).linked()
    assert (story.verdict().fate, story.verdict().attempts) == (Fate.CANCELED, 1)
    assert len(gathered(events, []).linked()) == 2
    assert gathered([], [name]).linked() == ()


def test_a_fill_alone_is_no_story() -> None:
    """Logs have far more fills than cancels, also if the fill is shown twice."""
    assert gathered([], [*FILLS, *FILLS]).linked() == ()


@pytest.mark.parametrize("account", ["maker", None])
def test_a_fill_of_another_account(account: str | None) -> None:
    """It ends no story of this one."""
    fills = fills_of(frame((ORDER, "Filled"), account=account))
    [story] = gathered([ANSWER], fills).linked()
    assert story.verdict().fate is (Fate.ASKED if account else Fate.FILLED)


@given(collections(), st.lists(st.sampled_from(FILLS)), st.randoms(use_true_random=False))
def test_workers_may_share_the_work(
    events: list[CancelEvent], fills: list[CancelEvent], chance: random.Random
) -> None:
    """However events and fills come and are shared among workers, the stories are the same."""
    events = [*events, ANSWER]
    expected = gathered(events, fills)
    parts = [Gathering() for _ in range(3)]
    work = [(event, False) for event in events] + [(fill, True) for fill in fills]
    for event, is_fill in chance.sample(work, len(work)):
        part = chance.choice(parts)
        _ = part.show(event) if is_fill else part.add(event)
    first, *others = (part.stories() for part in parts)
    merged = first.merge(*others)
    assert (merged, merged.aside) == (expected, expected.aside)
    told = {story.key: story for story in merged.linked()}
    assert told == {story.key: story for story in expected.linked()}
    assert told.keys() >= {story.key for story in fold(events).linked()} - aside(expected)


def aside(stories: Stories) -> frozenset[StoryKey]:
    """The orders of which only a fill is known."""
    return stories.aside
