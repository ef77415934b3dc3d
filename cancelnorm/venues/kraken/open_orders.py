"""Kraken stream ``openOrders`` of the WebSocket API v1: what becomes of orders, cancels among it.

A frame is an array: the orders, each in an object of its own under its id, the channel, and since 2020 a number.
"""

from typing import Any, Final, Literal

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Verdict, by_words
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.endings import ended
from cancelnorm.venues.kraken.messages import IDS
from cancelnorm.venues.kraken.states import AnyOrder, state_events, state_map

# --- What Kraken sends ---


class StreamedOrder(AnyOrder):
    """An order: what changed; of a cancel often its status alone."""


class Numbered(Exact):
    """Which frame of the subscription it is."""

    sequence: Int


OpenOrdersFrame = list[list[dict[str, StreamedOrder]] | Literal["openOrders"] | Numbered]

# --- What it means ---


def _streamed(status: object, cancel_reason: object, reason: object) -> Verdict | None:
    return ended(Evidence.FINAL_REPORT, str(status or ""), cancel_reason or reason)


STREAMED: Final = state_map(
    StreamedOrder,
    by_words(
        _streamed,
        StreamedOrder.status,
        StreamedOrder.cancel_reason,
        StreamedOrder.reason,
        raw_status=StreamedOrder.status,
    ),
)
_CHANNEL: Final = "openOrders"


def open_orders(raw: OpenOrdersFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that were canceled or have expired."""
    events: list[CancelEvent] = []
    extra: dict[str, Any] = {}
    for i, part in enumerate(raw):
        if isinstance(part, list):
            for j, orders in enumerate(part):
                events += state_events(orders, STREAMED, call, f"$[{i}][{j}]", len(events))
        elif isinstance(part, Numbered):
            extra["sequence"] = part.sequence
        elif (channel := str(part)) != _CHANNEL:
            extra["channel"] = channel
    return call.result(call.or_unknown(events, "$"), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream openOrders", OpenOrdersFrame, open_orders),
    product=None,
    since="2019-07-01",
    skips=True,
    ids=IDS,
    docs="https://docs.kraken.com/exchange/api-reference/spot-websocket-v1/openorders",
)
