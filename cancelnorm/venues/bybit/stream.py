"""Bybit v5 private stream ``order``: what becomes of orders, cancels among it.

An order shown here with its last status is gone; what REST and the WebSocket API answer only says that the
request was taken.
"""

from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.codec import Codec
from cancelnorm.reader.scalars import EPOCHS, Epoch
from cancelnorm.record import Record
from cancelnorm.schema import Evidence, Normalised, Note
from cancelnorm.venues.bybit.frames import skip
from cancelnorm.venues.bybit.request import PRODUCTS
from cancelnorm.venues.bybit.states import OrderState, no_target, said_of_none, state_events

__all__ = ["CODECS"]

# --- What Bybit sends ---


class StreamedOrder(
    OrderState, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """An order in a frame, which may hold orders of several products."""

    category: Literal["linear", "inverse", "spot", "option"]


class OrderFrame(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What changed, all orders at once."""

    topic: Literal["order", "order.spot", "order.linear", "order.inverse", "order.option"]  # as subscribed
    id: str  # of many forms
    creation_time: Epoch
    data: list[StreamedOrder]


# --- What it means ---


def normalise_orders(raw: OrderFrame, record: Record, codec: Codec) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    notes: list[Note] = []
    response_ns = EPOCHS[raw.creation_time]
    products = [PRODUCTS[order.category] for order in raw.data]
    events = state_events(
        raw.data, products, Evidence.FINAL_REPORT, "$.data", response_ns, record, codec, notes
    )
    for place, event in enumerate(events):
        if event.product is None:
            extra = {**(event.extra or {}), "category": raw.data[event.index].category}
            events[place] = replace(event, extra=extra)
    if not events:
        notes.append(Note("empty-list", "$.data", "no order in it is about a cancel"))
        events = [said_of_none(response_ns, None, record, codec)]
    return Normalised(tuple(events), tuple(notes), extra={"topic": raw.topic, "id": raw.id})


# --- Registration ---


def _codec(topic: str) -> Codec:
    return Codec(
        "bybit",
        f"stream {topic}",
        OrderFrame,
        normalise_orders,
        product=None,
        target=no_target,
        docs="https://bybit-exchange.github.io/docs/v5/websocket/private/order",
        skip=skip,
    )


CODECS: Final = (
    _codec("order"),
    _codec("order.spot"),
    _codec("order.linear"),
    _codec("order.inverse"),
    _codec("order.option"),
)
