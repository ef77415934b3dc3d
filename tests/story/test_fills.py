"""Fills that only frames about something else show."""

import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, Evidence, Outcome, Reason, Record, normalise
from cancelnorm.story import Fate, Gathering, Stories, Story, fills_of, fold
from tests.samples import FOLDER, SAMPLES
from tests.story.events import collections

ACCEPTED = SAMPLES["bybit/post-v5-order-cancel"]
ORDER = json.loads(bytes(ACCEPTED.payload))["result"]["orderId"]


def frame(*orders: tuple[str, str], account: str | None = None) -> Record:
    """A frame of Bybit with the status of some orders, whose client ids are ``a`` and ``b`` in turn."""
    rows = [
        {
            "orderId": order,
            "orderLinkId": "ab"[place % 2],
            "orderStatus": status,
            "symbol": "BTCUSDT",
            "updatedTime": "1672364262444",
        }
        for place, (order, status) in enumerate(orders)
    ]
    payload = json.dumps({"topic": "order", "data": rows}).encode()
    return Record(payload, "bybit", source="log:9", received_ns=1672364262500000000, account=account)


FILLS = fills_of(frame((ORDER, "Filled"), ("another", "Filled"), ("living", "New")))
FILLED_NS = 1672364262500000000
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


def by_client_id(outcome: Outcome, name: str = "a", at_ns: int = FILLED_NS) -> CancelEvent:
    """The answer to a cancel by client id, which arrived at some time."""
    event = replace(ANSWER, order_id=None, client_order_id=name, symbol=None, source="log:3")
    event = replace(event, sent_ns=at_ns - 10**8, response_ns=None, received_ns=at_ns)
    if outcome is Outcome.REJECTED:
        closed = Reason.NOT_FOUND_OR_CLOSED
        return replace(event, outcome=outcome, evidence=Evidence.SUCCESS_FLAG, reason=closed)
    return (
        event
        if outcome is Outcome.PENDING
        else replace(event, outcome=outcome, evidence=Evidence.SUCCESS_FLAG)
    )


def test_a_cancel_by_client_id_finds_the_fill() -> None:
    """A fill is shown with both ids; before, nothing was known of the order."""
    for outcome in (Outcome.REJECTED, Outcome.PENDING):
        [story] = gathered([by_client_id(outcome)], FILLS).linked()
        assert (story.key.order_id, story.verdict().fate, story.verdict().attempts) == (ORDER, Fate.FILLED, 1)
        assert [key.client_order_id for key in story.linked] == ["a"]


@pytest.mark.parametrize(
    "loose",
    [
        by_client_id(Outcome.CANCELED),  # by one order, and the other filled
        by_client_id(Outcome.REJECTED, "c"),
        by_client_id(Outcome.REJECTED, at_ns=FILLED_NS + 3_600 * 10**9),
    ],
)
def test_a_fill_of_another_order_with_the_client_id(loose: CancelEvent) -> None:
    """It changes nothing, and is not told."""
    assert gathered([loose], FILLS).linked() == gathered([loose], []).linked()


def test_an_order_with_a_story_is_asked_first() -> None:
    """A fill of an order that took the client id over makes nothing less certain."""
    told = replace(by_client_id(Outcome.PENDING), order_id="told")
    expected = gathered([by_client_id(Outcome.REJECTED), told], []).linked()
    assert len(expected) == 1
    fills = fills_of(frame(("another", "Filled")))
    assert gathered([by_client_id(Outcome.REJECTED), told], fills).linked() == expected


def test_an_order_whose_time_is_over_is_not_in_the_way() -> None:
    """The client id was used again, by the order that filled."""
    old = replace(by_client_id(Outcome.PENDING, at_ns=FILLED_NS - 3_600 * 10**9), order_id="old")
    _, story = gathered([old, by_client_id(Outcome.REJECTED)], FILLS).linked()
    assert (story.key.order_id, story.verdict().fate) == (ORDER, Fate.FILLED)


@pytest.mark.parametrize("is_fill_first", [True, False])
def test_a_fill_leaves_with_the_cancel_by_client_id(is_fill_first: bool) -> None:
    """Also where the one is left behind before the other."""
    gathering = Gathering()
    told: list[Story] = []
    loose = by_client_id(Outcome.REJECTED)
    for is_fill in (is_fill_first, not is_fill_first):
        _ = gathering.show(FILLS[0]) if is_fill else gathering.add(loose)
        gathering.add(replace(ANSWER, order_id=f"other {is_fill}"))
        told += gathering.leaving(2)
    told += gathering.stories().linked()
    assert [story.verdict().fate for story in told if story.key.order_id == ORDER] == [Fate.FILLED]
    assert all(story.key.order_id is not None for story in told)


def test_a_fill_alone_is_no_story() -> None:
    """Logs have far more fills than cancels, also if the fill is shown twice."""
    assert gathered([], [*FILLS, *FILLS]).linked() == ()


@pytest.mark.parametrize("account", ["maker", None])
def test_a_fill_of_another_account(account: str | None) -> None:
    """It ends no story of this one."""
    fills = fills_of(frame((ORDER, "Filled"), account=account))
    [story] = gathered([ANSWER], fills).linked()
    assert story.verdict().fate is (Fate.ASKED if account else Fate.FILLED)


LOOSE = [
    by_client_id(outcome, name, FILLED_NS + later)
    for outcome in (Outcome.REJECTED, Outcome.CANCELED)
    for name in "ab"
    for later in (-(10**10), 0, 10**11)
]


@given(
    collections(),
    st.lists(st.sampled_from(LOOSE), max_size=3),
    st.lists(st.sampled_from(FILLS)),
    st.randoms(use_true_random=False),
)
def test_workers_may_share_the_work(
    events: list[CancelEvent], loose: list[CancelEvent], fills: list[CancelEvent], chance: random.Random
) -> None:
    """However events and fills come and are shared among workers, the stories are the same."""
    events = [*events, *loose, ANSWER]
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
    joined = {key for story in told.values() for key in story.linked}
    assert told.keys() | joined >= fold(events).keys()
