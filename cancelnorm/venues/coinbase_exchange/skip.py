"""Coinbase Exchange's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm.venue import Shown
from cancelnorm.venues.coinbase_exchange.messages import ns_of_time

_NOTHING: Final = Raw(b"")


class _Frame(Struct, gc=False):
    """The keys by which frames and orders differ, and those of the orders that a frame shows."""

    type: str = ""
    reason: str = ""
    status: object = None
    done_reason: str | None = None
    product_id: str = ""
    time: str = ""
    order_id: str = ""
    maker_order_id: str = ""
    taker_order_id: str = ""
    channels: Raw = _NOTHING
    products: Raw = _NOTHING
    schema: Raw = _NOTHING
    message: str = ""
    account_id: str = ""
    client_oid: str | None = None
    user_id: str | None = None


class _Order(Struct, gc=False):
    """Fields of an order that say whether it is about a cancel."""

    id: str
    status: str
    done_reason: str | None = None


FRAMES: Final = (_Frame,)

_frame: Final = Decoder(_Frame).decode
_orders: Final = Decoder(list[_Order]).decode
_row: Final = Decoder(list[str]).decode

# What a frame is by its type, and the field that it has besides: others have frames of the same types.
_TYPES: Final = {
    "received": ("a new order", "product_id"),
    "open": ("an order on the book", "product_id"),
    "activate": ("a stop order that is armed", "product_id"),
    "match": ("a trade", "product_id"),
    "last_match": ("a trade", "product_id"),
    "heartbeat": ("a heartbeat", "product_id"),
    "ticker": ("a ticker", "product_id"),
    "snapshot": ("an order book", "product_id"),
    "l2update": ("an order book", "product_id"),
    "auction": ("an auction", "product_id"),
    "rfq_match": ("a trade", "product_id"),
    "subscribe": ("a subscription", "channels"),
    "unsubscribe": ("the end of a subscription", "channels"),
    "subscriptions": ("the answer to a subscription", "channels"),
    "level3": ("the schema of a channel", "schema"),
    "status": ("products and currencies", "products"),
    "balance": ("a balance", "account_id"),
    "error": ("an error of a subscription", "message"),
}
# Rows of the channel level3 by their first cell, each with its number of cells.
_ROWS: Final = {"open": 8, "change": 7, "match": 8, "noop": 4}
_ORDER_TYPES: Final = ("limit", "market", "stop")
_QUIET: Final = ("received", "pending", "open", "active", "rejected")


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        if data.lstrip()[:1] == b"[":
            return _quiet_array(data)
        frame = _frame(data)
    except (ValueError, RecursionError):
        return None
    what, field = _TYPES.get(frame.type, ("", "type"))
    if what:
        return what if getattr(frame, field) else None
    if frame.type == "done" and frame.reason == "filled":
        return "an order that was filled"
    if frame.type == "change" and frame.reason == "modify_order":
        return "an order that was modified"
    if frame.type in _ORDER_TYPES and _is_quiet(frame.status, frame.done_reason):
        return "an order without a cancel"
    return None


def _is_quiet(status: object, done_reason: str | None) -> bool:
    return done_reason == "filled" or (not done_reason and status in _QUIET)


def _quiet_array(data: bytes) -> str | None:
    """The same of a row of the channel level3, or of orders that were asked for."""
    if b"{" not in data:
        row = _row(data)
        return "a row of the order book" if row and len(row) == _ROWS.get(row[0]) else None
    found = _orders(data)
    is_quiet = found and all(_is_quiet(each.status, each.done_reason) for each in found)
    return "orders without a cancel" if is_quiet else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled or as going on; a trade says nothing of what was filled before."""
    if data[:1] != b"{":
        return ()
    try:
        frame = _frame(data)
    except (ValueError, RecursionError):
        return ()
    if frame.type == "done" and frame.reason == "filled":
        return _shown(frame, (frame.order_id,), is_filled=True)
    if frame.type in ("open", "received", "activate"):
        # No later frame of an order has its client id; others' orders are too many to be known by theirs.
        own = frame.client_oid if frame.user_id else None
        return [
            order._replace(client_order_id=own, is_named=bool(own))
            for order in _shown(frame, (frame.order_id,))
        ]
    if frame.type in ("match", "last_match"):
        return _shown(frame, (frame.maker_order_id, frame.taker_order_id))
    return ()


def _shown(frame: _Frame, order_ids: Sequence[str], *, is_filled: bool = False) -> Sequence[Shown]:
    at = ns_of_time(frame.time)
    return [
        Shown("stream done", frame.product_id, each, is_filled, at, goes_on=not is_filled)
        for each in order_ids
        if each
    ]
