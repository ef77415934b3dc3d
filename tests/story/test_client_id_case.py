"""Client ids in upper and lower case: where the venue makes no difference, stories make none."""

from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import CancelEvent, normalise
from cancelnorm.story import Fate, fold
from tests.samples import SAMPLES


def event(name: str, **facts: Any) -> CancelEvent:
    """The event of a sample, with other ids, and without a symbol and times."""
    [found, *_] = normalise(SAMPLES[name].record()).events
    clocks = dict.fromkeys(("event_ns", "created_ns", "response_ns", "sent_ns", "received_ns"))
    return replace(found, symbol=None, account=None, **clocks, **facts)


REFUSED = {
    "bingx": "bingx/delete-swap-v2-trade-order-not-exist-109421",
    "hyperliquid": "hyperliquid/cancel-by-cloid-documented",
    "okx": "okx/sprd-cancel-order-not-found",
}
ENDED = {
    "bingx": "bingx/stream-swap-order-trade-update",
    "hyperliquid": "hyperliquid/stream-order-updates",
    "okx": "okx/stream-sprd-orders",
}


@pytest.mark.parametrize("venue", ["bingx", "hyperliquid"])
def test_a_client_id_in_another_case(venue: str) -> None:
    """The request has it as it was written, and the stream in lower case."""
    refused = [event(REFUSED[venue], order_id=None, client_order_id=name) for name in ("0xA-1", "0xa-1")]
    ended = event(ENDED[venue], order_id="1", client_order_id="0xa-1")
    [story] = fold([*refused, ended]).linked()
    assert (story.verdict().fate, story.client_order_ids) == (Fate.CANCELED, ("0xA-1", "0xa-1"))
    [alone] = fold(refused)
    assert alone.client_order_id == "0xa-1"


def test_a_venue_that_tells_them_apart() -> None:
    """They are client ids of two orders."""
    refused = event(REFUSED["okx"], order_id=None, client_order_id="A")
    ended = event(ENDED["okx"], order_id="1", client_order_id="a")
    assert len(fold([refused, ended]).linked()) == 2
