"""Orders that frames about something else show as filled, or as going on."""

import msgspec
import pytest

from cancelnorm import venues
from cancelnorm.venue import Shown
from tests.venues.test_stories import SKIPPED, frame

OPTION = "f38c5e38-46ef-4a8a-b115-fd3392d4f144"
SPREAD = "aaaee090-fab3-42ea-aea0-c9fbfe6c4bc4"
FUTURES = "stream ORDER_TRADE_UPDATE"
MS = 1_000_000
SHOWN = {
    "executionreport-trade": [
        Shown("stream executionReport", "ETHBTC", "4293153", is_filled=True, event_ns=1499405658657 * MS)
    ],
    "order-trade-update-new": [
        Shown(FUTURES, "BTCUSDT", "8886774", is_filled=False, event_ns=1568879465650 * MS)
    ],
    "order-trade-update-trade": [
        Shown(FUTURES, "BTCUSDT", "8886774", is_filled=True, event_ns=1568879465650 * MS)
    ],
    "bingx-spot-filled": [
        Shown(
            "stream spot.executionReport",
            "LTC-USDT",
            "1702245001712369664",
            is_filled=True,
            event_ns=1694681809256 * MS,
        )
    ],
    "bingx-swap-filled": [Shown(FUTURES, "BTC-USDT", "1771187887368515584", is_filled=True)],  # its T is 0
    "stream-order-filled": [
        Shown("stream order", "ETH-30DEC22-1400-C", OPTION, is_filled=True, event_ns=1727433749095 * MS)
    ],
    "stream-spread-order-filled": [
        Shown("stream spread.order", symbol, SPREAD, is_filled=True, event_ns=1744098396079 * MS)
        for symbol in ("SOLUSDT_SOL/USDT", "SOLUSDT")
    ],
}
"""The orders, by the sample of the frame; all other frames show none."""


@pytest.mark.parametrize("name", SKIPPED)
def test_orders_that_a_frame_shows(name: str) -> None:
    """Only streams of orders show any, and each order has the name of the stream in which its cancel would come."""
    sample = frame(SKIPPED[name])
    payload = bytes(sample.payload)
    venue = venues.every()[sample.venue]
    shown = venue.shows(msgspec.json.decode(payload).encode() if payload.startswith(b'"') else payload)
    assert list(shown) == SHOWN.get(name, [])
    assert {order.endpoint for order in shown} <= venue.endpoints.keys()


def test_every_sample_is_there() -> None:
    """None was renamed."""
    assert SHOWN.keys() <= SKIPPED.keys()
