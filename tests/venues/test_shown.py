"""Orders that frames about something else show as filled, or as going on."""

from decimal import Decimal

import msgspec
import pytest

from cancelnorm import venues
from cancelnorm.venue import Shown
from tests.venues.test_stories import SKIPPED, frame

OPTION = "f38c5e38-46ef-4a8a-b115-fd3392d4f144"
SPREAD = "aaaee090-fab3-42ea-aea0-c9fbfe6c4bc4"
FUTURES = "stream ORDER_TRADE_UPDATE"
MS = 1_000_000
CONTRACT = "a5e4b2a8-2f37-4b3a-9a8f-4a973eb5c418"
LINEAR = "19a8cbbe-e077-42c7-bdba-505c76619ea5"
USDC = "2a44a4de-8244-4be9-b343-52bdfe135c9e"
ACCOUNT = "ee013d82-fafc-4504-97b1-d92aca21eedd"


def fill(
    endpoint: str, symbol: str, order_id: str, at_ms: int | None, filled: str, *, is_filled: bool = True
) -> Shown:
    """An order that filled, in full or in part."""
    event_ns = None if at_ms is None else at_ms * MS
    return Shown(endpoint, symbol, order_id, is_filled, event_ns, Decimal(filled), goes_on=False)


SHOWN = {
    "executionreport-trade": [
        fill("stream executionReport", "ETHBTC", "4293153", 1499405658657, "1.00000000")
    ],
    "executionreport-trade-partial": [
        fill("stream executionReport", "ETHBTC", "4293153", 1499405658657, "0.40000000", is_filled=False)
    ],
    "order-trade-update-new": [
        Shown(FUTURES, "BTCUSDT", "8886774", is_filled=False, event_ns=1568879465650 * MS)
    ],
    "order-trade-update-trade": [
        fill(FUTURES, "BTCUSDT", "8886774", 1568879465650, "0.001")._replace(goes_on=True)
    ],
    "order-trade-update-options-2024-filled": [
        fill(FUTURES, "ETH-240930-60000-C", "6217482859322791965", 1256385839416, "3")
    ],
    "bingx-spot-filled": [
        fill("stream spot.executionReport", "LTC-USDT", "1702245001712369664", 1694681809256, "0.0802")
    ],
    "bingx-swap-filled": [  # its T is 0
        fill(FUTURES, "BTC-USDT", "1771187887368515584", None, "0.00080000")
    ],
    "stream-execution-report-partial": [
        fill(
            "stream executionReport",
            "BITUSDT",
            "1231193858535151104",
            1661505745347,
            "14.16",
            is_filled=False,
        )
    ],
    "stream-order-filled": [fill("stream order", "ETH-30DEC22-1400-C", OPTION, 1727433749095, "1")],
    "stream-order-inverse-v2-2020-partial": [
        fill("stream order (inverse v2)", "BTCUSD", CONTRACT, None, "1", is_filled=False)
    ],
    "stream-order-linear-v2-filled": [fill("stream order (linear v2)", "BTCUSDT", LINEAR, None, "0.01")],
    "stream-order-spot-v3-filled": [
        fill("stream order (spot v3)", "BTCUSDT", "1238261807653647873", 1662348310441, "0.001007")
    ],
    "stream-spread-order-filled": [
        fill("stream spread.order", symbol, SPREAD, 1744098396079, "0.1")
        for symbol in ("SOLUSDT_SOL/USDT", "SOLUSDT")
    ],
    "stream-user-openapi-perp-order-filled": [
        fill("stream user.openapi.perp.order", "BTCPERP", USDC, 1646200779736, "0.003")
    ],
    "stream-user-order-contract-account-filled": [
        fill("stream user.order.contractAccount", "BTCUSD", ACCOUNT, 1661338722775, "200")
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
