"""Client ids of the fills that frames and queries show: by them, a cancel by client id finds its order."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from cancelnorm import CancelEvent, CancelNormError, Evidence, Outcome, Reason, Record, normalise, venues
from cancelnorm.answer import data_of
from cancelnorm.story import Fate, Gathering, fills_of, is_pushed
from tests.samples import SAMPLES
from tests.story.test_queried_fills import accepted
from tests.venues.frames import FRAMES

NAME: Final = "t-9"
"""A client id, as all venues may have it."""


def objects(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of a payload."""
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from objects(part)


def tree_of(record: Record) -> Any:
    """What was recorded, as JSON."""
    return msgspec.json.decode(data_of(record))


NAMELESS: Final = frozenset(
    {
        *("stream futures.autoorders", "stream spot.priceorders"),
        *("stream push.personal.plan.order", "stream push.personal.track.order"),
    }
)
"""Streams of conditional orders whose rows have no client id."""


def keys_by_venue() -> dict[str, set[str]]:
    """The keys under which a venue's streams have the client id of an order that was canceled."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for sample in SAMPLES.values():
        with suppress(CancelNormError):
            record = sample.record()
            for event in normalise(record).events:
                if event.client_order_id is not None and is_pushed(event):
                    rows = objects(tree_of(record))
                    keys = {
                        key for row in rows for key, value in row.items() if value == event.client_order_id
                    }
                    found[event.venue] |= keys
    return dict(found)


def row_of(tree: Any, order_id: str) -> Iterator[dict[str, Any]]:
    """The objects of an order: those that have its id, or stand under it."""
    for each in objects(tree):
        if order_id in {str(value) for value in each.values() if isinstance(value, str | int)}:
            yield each
        elif isinstance(each.get(order_id), dict):
            yield each[order_id]


def pushed() -> dict[str, Record]:
    """Frames that show a fill, by name."""
    records = {name: sample.record() for name, sample in SAMPLES.items()}
    for name, frame in FRAMES.items():
        records[f"skipped/{name}"] = Record(frame.json, frame.venue, frame.endpoint)
    return {name: record for name, record in records.items() if any(map(is_pushed, fills_of(record)))}


def named(fill: CancelEvent) -> CancelEvent:
    """The event of a cancel of the same order by its client id, which came too late to find it."""
    event = replace(accepted(fill), outcome=Outcome.REJECTED, evidence=Evidence.SUCCESS_FLAG)
    return replace(event, order_id=None, reason=Reason.NOT_FOUND_OR_CLOSED)


KEYS: Final = keys_by_venue()
PUSHED: Final = pushed()


def test_streams_without_client_ids() -> None:
    """None of the samples of these streams has one, also of an order that was canceled."""
    records = [sample.record() for sample in SAMPLES.values()]
    events = [each for record in records if record.endpoint in NAMELESS for each in normalise(record).events]
    assert {event.endpoint for event in events} == NAMELESS
    assert {event.client_order_id for event in events} == {None}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, record in PUSHED.items()
        if record.venue in KEYS and not {fill.endpoint for fill in fills_of(record)} <= NAMELESS
    ],
)
def test_a_fill_has_the_client_id_of_its_row(name: str) -> None:
    """It stands where the venue's streams have it for an order that was canceled."""
    record = PUSHED[name]
    tree = tree_of(record)
    for fill in fills_of(record):
        assert fill.order_id is not None
        told = deepcopy(tree)
        for row in row_of(told, fill.order_id):
            row.update(dict.fromkeys(KEYS[fill.venue], NAME))
        fills = fills_of(replace(record, payload=msgspec.json.encode(told)))
        [same] = [each for each in fills if each.order_id == fill.order_id][:1]
        assert same.client_order_id == NAME
        gathering = Gathering()
        gathering.add(named(same))
        gathering.show(same)
        [story] = gathering.stories().linked()
        assert story.key.order_id == fill.order_id
        assert story.verdict().fate is (Fate.FILLED if same.status == "filled" else Fate.CLOSED)
        assert story.verdict().filled_quantity == same.filled_quantity


def test_every_venue_with_such_frames() -> None:
    """All but one have the client id in the frame that shows the fill; that one has it in an earlier frame."""
    assert {record.venue for record in PUSHED.values()} == {
        venue.name for venue in venues.every().values() if venue.name != "coinbase_international"
    }
    assert {record.venue for record in PUSHED.values()} - KEYS.keys() == {"coinbase_exchange"}


def test_an_empty_client_id_is_none() -> None:
    """Of an order without one, some venues send an empty text."""
    [fill] = fills_of(PUSHED["skipped/okx/okx-orders-filled"])
    assert fill.client_order_id is None
    assert tree_of(PUSHED["skipped/okx/okx-orders-filled"])["data"][0]["clOrdId"] == ""
