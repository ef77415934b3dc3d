"""Bybit private stream ``order``: what becomes of orders, cancels among it.

An order shown here with its last status is gone; what REST and the WebSocket API answer only says that the
request was taken.
"""

from typing import Final, Literal

from cancelnorm.endpoint import Call
from cancelnorm.reader.scalars import Epoch, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import IDS
from cancelnorm.venues.bybit.states import OrderState, state_events, state_maps

# --- What Bybit sends ---


class StreamedOrder(OrderState):
    """An order in a frame, which may hold orders of several products."""

    category: Literal["linear", "inverse", "spot", "option"]


class OrderFrame(Camel):
    """Frame with changes, all orders at once."""

    topic: Literal["order", "order.spot", "order.linear", "order.inverse", "order.option"]  # as subscribed
    id: str  # of many forms
    creation_time: Epoch
    data: list[StreamedOrder]


# --- What it means ---

STREAMED: Final = state_maps(StreamedOrder, Evidence.FINAL_REPORT, StreamedOrder.category)


def orders(raw: OrderFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    call.response_ns = ns_of(raw.creation_time)
    events = state_events(raw.data, [order.category for order in raw.data], STREAMED, call, "$.data")
    return call.result(call.or_unknown(events, "$.data"), extra={"topic": raw.topic, "id": raw.id})


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream order", OrderFrame, orders),
    endpoint("stream order.spot", OrderFrame, orders),
    endpoint("stream order.linear", OrderFrame, orders),
    endpoint("stream order.inverse", OrderFrame, orders),
    endpoint("stream order.option", OrderFrame, orders),
    product=None,
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/websocket/private/order",
    skips=True,
)
