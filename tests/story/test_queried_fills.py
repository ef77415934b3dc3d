"""Fills that answers to queries show: they end the story of a cancel that was only accepted."""

from contextlib import suppress
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from cancelnorm import (
    CancelEvent,
    CancelNormError,
    EventKind,
    Evidence,
    Normalised,
    Outcome,
    Record,
    normalise,
    venues,
)
from cancelnorm.answer import orders_shown
from cancelnorm.check import Finding, History, observations, shown, unusual_events, with_shown
from cancelnorm.errors import NotACancel
from cancelnorm.story import Fate, Gathering, fills_beside, fills_of, is_attempt
from cancelnorm.story.fold import place_of
from tests.samples import SAMPLES
from tests.venues.frames import FRAMES

BY_AN_EVENT: Final = {"binance", "coinbase_international"}
"""Venues whose queries tell a filled order by an event, or whose word for it may be one that was refused."""


def queries() -> dict[str, Record]:
    """Samples of answers to queries that show an order as filled, by name; of pages also beside canceled ones."""
    records = {name: sample.record("log:2") for name, sample in SAMPLES.items()}
    for name, frame in FRAMES.items():
        if frame.endpoint is not None:
            records[f"skipped/{name}"] = Record(frame.body, frame.venue, frame.endpoint, source="log:2")
    return {name: record for name, record in records.items() if is_of_query(record) and filled(record)}


def is_of_query(record: Record) -> bool:
    """Whether a record is the answer to a query."""
    placed = venues.placed(record)
    endpoint = venues.every()[placed.venue or ""].endpoints.get(placed.endpoint or "")
    return endpoint is not None and endpoint.is_query


def filled(record: Record) -> list[CancelEvent]:
    """The orders that a record shows as filled."""
    return [fill for fill in fills_of(record) if fill.status == "filled"]


QUERIES: Final = queries()


def accepted(fill: CancelEvent) -> CancelEvent:
    """The event of a cancel of the same order that was accepted, and no more."""
    space = place_of(fill.venue, fill.endpoint).space
    endpoint = next(
        name
        for name in venues.every()[fill.venue].endpoints
        if (place := place_of(fill.venue, name)).is_attempt and place.space == space
    )
    event = replace(
        fill,
        endpoint=endpoint,
        kind=EventKind.ORDER,
        outcome=Outcome.PENDING,
        evidence=Evidence.ACKNOWLEDGED,
        status=None,
        reason=None,
        filled_quantity=None,
        event_ns=None,
        source="log:1",
    )
    assert is_attempt(event)
    return event


def findings(event: CancelEvent, *answers: Record) -> set[str]:
    """The rules that are violated by a cancel and answers to queries after it."""
    found: list[Finding] = []
    history = History()
    seen = observations(Normalised((event,)), unusual_events((event,)))
    assert seen is not None
    history.see(seen, found.append)
    for answer in answers:
        try:
            result = normalise(answer)
        except NotACancel:
            seen = shown(answer)
        else:
            seen = with_shown(observations(result, unusual_events(result.events)), result, answer)
        if seen is not None:
            history.see(seen, found.append)
    history.end(found.append)
    return {finding.rule.code for finding in found}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_that_shows_a_fill_ends_the_story(name: str) -> None:
    """An order whose cancel was accepted is filled, and nobody is told to look it up."""
    record = QUERIES[name]
    for fill in filled(record):
        ack = accepted(fill)
        gathering = Gathering()
        gathering.add(ack)
        gathering.show(fill)
        [story] = gathering.stories().linked()
        verdict = story.verdict()
        assert (verdict.fate, verdict.is_unresolved) == (Fate.FILLED, False)
        assert "CN603" in findings(ack)
        assert "CN603" not in findings(ack, record)


def test_every_venue_has_one() -> None:
    """Every venue with queries has a sample of a filled order, or tells it by an event."""
    asked = {
        venue.name
        for venue in venues.every().values()
        if any(endpoint.is_query for endpoint in venue.endpoints.values())
    }
    assert asked - {record.venue for record in QUERIES.values()} == BY_AN_EVENT


def test_a_query_that_shows_a_part_tells_how_much() -> None:
    """The order goes on, and is no more than what its words say."""
    frame = FRAMES["coinbase_exchange/get-order-open"]
    [fill] = fills_of(Record(frame.body, frame.venue, frame.endpoint))
    assert (fill.status, str(fill.filled_quantity)) == ("partially_filled", "0.20000000")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("okx/okx-get-trade-order-live", {}),
        ("mexc/contract-list-plan-orders-waiting", {}),
        # It has not been on the book.
        ("coinbase_exchange/get-order-open", {"status": "rejected"}),
    ],
)
def test_what_shows_no_fill(name: str, changes: dict[str, Any]) -> None:
    """An order without a fill, one that waits for a price, and one that was refused."""
    frame = FRAMES[name]
    payload = msgspec.json.decode(frame.body)
    rows = payload.get("data", payload)
    (rows[0] if isinstance(rows, list) else rows).update(changes)
    assert fills_of(Record(msgspec.json.encode(payload), frame.venue, frame.endpoint)) == []


def test_a_frame_may_show_a_fill_beside_a_cancel() -> None:
    """The fill of one order is not lost because another one was canceled."""
    name = "hyperliquid/stream-order-updates-reduce-only"
    record = SAMPLES[name].record("log:2")
    [fill] = filled(record)
    events = normalise(record).events
    assert fills_beside(events, record) == [fill]
    assert fill.order_id not in {event.order_id for event in events}
    assert "CN603" not in findings(accepted(fill), record)


def test_what_an_event_says_of_an_order_counts() -> None:
    """A state of completion is no fill where the same frame says that part of the order was canceled."""
    record = SAMPLES["mexc/stream-personal-order-cut"].record("log:2")
    result = normalise(record)
    assert [(event.order_id, event.outcome) for event in result.events] == [
        (fill.order_id, "canceled") for fill in filled(record)
    ]
    assert fills_beside(result.events, record) == []
    seen = observations(result, unusual_events(result.events))
    assert with_shown(seen, result, record) == seen


TRIGGERED: Final[dict[str, dict[str, Any]]] = {
    "binance/algo-update-new": {"o.X": "FINISHED"},
    "binance/conditional-order-new": {"so.os": "FINISHED"},
    "bitget/orders-algo-live": {"data.0.status": "executed"},
    "bitget/spot-current-plan-order": {"data.orderList.0.status": "executed"},
    "gate/stream-futures-autoorders-succeeded": {},
    "gate/stream-spot-priceorders-triggered": {},
    "mexc/contract-list-plan-orders-waiting": {"data.0.state": 3},
    "mexc/contract-list-track-orders-active": {"data.0.state": 2},
    "mexc/contract-stream-plan-order-executed": {},
    "mexc/contract-stream-stop-planorder-waiting": {"data.state": 3},
    "mexc/contract-stream-track-order-executed": {},
    "mexc/spot-orders-2024-stop-new": {"d.s": "EXECUTED"},
    "okx/okx-orders-algo-effective": {},
}


@pytest.mark.parametrize("name", TRIGGERED)
def test_an_order_that_has_placed_another_is_closed(name: str) -> None:
    """It is gone, also where no answer to its cancel came; it has not filled for that."""
    frame = FRAMES[name]
    payload = msgspec.json.decode(frame.json)
    for path, value in TRIGGERED[name].items():
        *way, last = path.split(".")
        node = payload
        for step in way:
            node = node[int(step) if isinstance(node, list) else step]
        node[last] = value
    record = Record(msgspec.json.encode(payload), frame.venue, frame.endpoint, source="log:2")
    with pytest.raises(NotACancel):
        normalise(record)
    [told] = fills_of(record)
    gathering = Gathering()
    gathering.add(accepted(told))
    gathering.show(told)
    [story] = gathering.stories().linked()
    verdict = story.verdict()
    assert (verdict.fate, verdict.is_unresolved, verdict.filled_quantity) == (Fate.CLOSED, False, None)
    assert "CN603" not in findings(accepted(told), record)


def with_addition(tree: Any) -> Any:
    """A payload with a new field in each object."""
    if isinstance(tree, list):
        return [with_addition(each) for each in tree]
    if isinstance(tree, dict):
        return {key: with_addition(each) for key, each in tree.items()} | {"newKey": [{"apiKey": "x"}, 1]}
    return tree


@pytest.mark.parametrize(
    "name",
    [name for name, sample in SAMPLES.items() if is_of_query(sample.record()) and sample.dialect is None],
)
def test_new_fields_are_no_harm(name: str) -> None:
    """What a query shows beside its orders is the same; nothing but our own errors is raised."""
    record = SAMPLES[name].record()
    added = msgspec.json.encode(with_addition(SAMPLES[name].tree()))
    new = replace(record, payload=added)
    with suppress(CancelNormError):
        normalise(new)  # readers note additions from the first one on
    assert orders_shown(new) in (orders_shown(record), None)
