"""Coinbase's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import known_amount
from cancelnorm.venue import Shown
from cancelnorm.venues.coinbase.messages import QUIET, is_canceling

_NOTHING: Final = Raw(b"")


class _Order(Struct, gc=False):
    """Fields of an order that say whether it is about a cancel."""

    status: str
    pending_cancel: bool = False


class _Event(Struct, gc=False):
    """Orders of a frame."""

    type: str
    orders: list[_Order]


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    channel: str = ""
    type: str = ""
    events: Raw = _NOTHING
    order: Raw = _NOTHING
    orders: Raw = _NOTHING
    fills: Raw = _NOTHING
    success: Raw = _NOTHING
    success_response: Raw = _NOTHING
    error_response: Raw = _NOTHING
    errors: Raw = _NOTHING


class _ShownOrder(Struct, gc=False):
    """An order as the stream shows it."""

    order_id: str
    status: str
    client_order_id: str | None = None
    product_id: str = ""
    cumulative_quantity: Raw = _NOTHING


class _ShownEvent(Struct, gc=False):
    """Orders of a frame."""

    orders: list[_ShownOrder]


class _ShownFrame(Struct, gc=False):
    """A frame of orders."""

    channel: str
    timestamp: str
    events: list[_ShownEvent]


FRAMES: Final = (_Frame,)

_frame: Final = Decoder(_Frame).decode
_events: Final = Decoder(list[_Event]).decode
_orders: Final = Decoder(list[_Order]).decode
_shown: Final = Decoder(_ShownFrame).decode

_CHANNELS: Final = {
    "subscriptions": "the answer to a subscription",
    "heartbeats": "a heartbeat",
    "l2_data": "an order book",
    "market_trades": "public trades",
    "ticker": "a ticker",
    "ticker_batch": "a ticker",
    "candles": "candles",
    "status": "a product",
    "futures_balance_summary": "a balance",
}
_TYPES: Final = {
    "subscribe": "a subscription",
    "unsubscribe": "the end of a subscription",
    "error": "an error of a subscription",
}
_QUIET: Final = "orders without a cancel"


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        frame = _frame(data)
        if frame.channel == "user" and frame.events:
            return _pushed(_events(frame.events))
        if frame.channel or frame.type:
            return _TYPES.get(frame.type) or _CHANNELS.get(frame.channel)
        if frame.order or frame.orders:
            return _answered(_orders(bytes(frame.orders or b"[%b]" % bytes(frame.order))))
    except (ValueError, RecursionError):
        return None
    if frame.success_response or frame.error_response or (frame.success and frame.errors):
        return "the answer to a new or an edited order"
    return "fills" if frame.fills else None


def _pushed(events: Sequence[_Event]) -> str | None:
    """What a frame of orders is: a snapshot is no news, whatever it shows."""
    is_quiet = all(
        each.status in QUIET for event in events if event.type != "snapshot" for each in event.orders
    )
    return _QUIET if is_quiet else None


def _answered(orders: Sequence[_Order]) -> str | None:
    """What the answer to a query is."""
    is_quiet = all(
        each.status in QUIET and not is_canceling(each.status, each.pending_cancel) for each in orders
    )
    return _QUIET if is_quiet else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as open or as filled."""
    if b'"user"' not in data:
        return ()
    try:
        frame = _shown(data)
    except (ValueError, RecursionError):
        return ()
    if frame.channel != "user":
        return ()
    return [
        Shown(
            "stream user",
            each.product_id,
            each.order_id,
            each.status == "FILLED",
            ns_of_date_time(frame.timestamp),
            known_amount(each.cumulative_quantity) if each.cumulative_quantity else None,
            goes_on=each.status == "OPEN",
            client_order_id=each.client_order_id,
        )
        for event in frame.events
        for each in event.orders
        if each.status in ("OPEN", "FILLED")
    ]
