"""Kraken Futures' pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Sequence
from typing import Final, get_args

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.kraken_futures.causes import is_quiet
from cancelnorm.venues.kraken_futures.words import Placed, Unedited

_ABSENT: Final = Raw(b"")


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    feed: str = ""
    event: str = ""
    reason: str = ""
    is_cancel: bool | None = None
    orders: Raw = _ABSENT  # of a snapshot, or of the answer to a query
    sent: Raw = field(name="sendStatus", default=_ABSENT)
    edited: Raw = field(name="editStatus", default=_ABSENT)
    rows: Raw = field(name="batchStatus", default=_ABSENT)
    open_orders: Raw = field(name="openOrders", default=_ABSENT)
    fills: Raw = _ABSENT
    result: str = ""
    account: str = field(name="accountUid", default="")  # of a page of the history


class _Order(Struct, gc=False):
    """An order as the stream shows it."""

    instrument: str
    order_id: str
    cli_ord_id: str | None = None
    filled: Raw = _ABSENT
    last_update_time: int | None = None


class _Fill(Struct, gc=False):
    """A fill."""

    instrument: str
    order_id: str
    cli_ord_id: str | None = None
    time: int | None = None
    remaining_order_qty: Raw = _ABSENT


class _Shown(Struct, gc=False):
    """A frame that shows orders."""

    feed: str = ""
    order: _Order | None = None
    reason: str = ""
    is_cancel: bool = False
    order_id: str = ""
    cli_ord_id: str | None = None
    fills: list[_Fill] = field(default_factory=list)
    orders: list[_Order] = field(default_factory=list)


class _Status(Struct, gc=False):
    """Fields of a row that say whether it is about a cancel."""

    status: str = ""
    events: Raw = field(name="orderEvents", default=_ABSENT)
    reason: str | None = field(name="updateReason", default=None)


class _Element(Struct, gc=False):
    """An element of the history, with the word for what happened."""

    event: dict[str, Raw]


class _Page(Struct, gc=False):
    """A page of the history."""

    elements: list[_Element]


FRAMES: Final = (_Frame,)

_page: Final = Decoder(_Page).decode
_frame: Final = Decoder(_Frame).decode
_shown: Final = Decoder(_Shown).decode
_status: Final = Decoder(_Status).decode
_statuses: Final = Decoder(list[_Status]).decode

_FEEDS: Final = frozenset(("open_orders", "open_orders_verbose"))
_SNAPSHOTS: Final = frozenset(f"{feed}_snapshot" for feed in _FEEDS)
_FILLS: Final = frozenset(("full_fill", "partial_fill"))
_NEW: Final = frozenset(("new_placed_order_by_user", "edited_by_user"))
_OTHER_FEEDS: Final = {
    "account_balances_and_margins": "a balance",
    "account_log": "an entry of the account",
    "balances": "a balance",
    "book": "an order book",
    "deposits_withdrawals": "a deposit or a withdrawal",
    "fills": "a fill",
    "heartbeat": "a heartbeat",
    "notifications_auth": "a notice of the venue",
    "open_orders": "open orders",
    "open_orders_verbose": "open orders",
    "open_positions": "a position",
    "ticker": "a ticker",
    "ticker_lite": "a ticker",
    "trade": "public trades",
}
_EVENTS: Final = {
    "info": "the version of the stream",
    "subscribe": "a subscription",
    "unsubscribe": "the end of a subscription",
    "subscribed": "the answer to a subscription",
    "unsubscribed": "the answer to the end of a subscription",
    "subscribed_failed": "a subscription that was refused",
    "unsubscribed_failed": "a subscription that was refused",
    "challenge": "a challenge to log in",
    "alert": "an alert of the connection",
    "error": "an error of a subscription",
    "pong": "a heartbeat",
}
_PLACED: Final = frozenset(get_args(Placed))
_UNEDITED: Final = frozenset(get_args(Unedited))
ALIVE: Final = frozenset(("ENTERED_BOOK", "FULLY_EXECUTED", "REJECTED", "TRIGGER_PLACED"))
_REPORT: Final = b'"CANCEL"'
_CANCELS: Final = frozenset(("OrderCancelled", "OrderTriggerCancelled"))
_WITHOUT: Final = "orders without a cancel"


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        frame = _frame(data)
    except (ValueError, RecursionError):
        return None
    if frame.event:
        return _EVENTS.get(frame.event)
    if frame.feed in _FEEDS:
        return _WITHOUT if is_quiet(frame.reason, frame.is_cancel) else None
    if frame.account:
        return quiet_history(data)
    if frame.feed:
        return _OTHER_FEEDS.get(frame.feed.removesuffix("_snapshot"))
    if frame.result != "success":
        return None
    if frame.sent is not _ABSENT:
        return "a new order"
    if frame.fills is not _ABSENT:
        return "a fill"
    return "open orders" if frame.open_orders is not _ABSENT else None


def quiet_batch(data: bytes) -> str | None:
    """Tell the answer to a batch of nothing but placements and amendments."""
    try:
        rows = _statuses(_frame(data).rows)
    except (ValueError, RecursionError):
        return None
    quiet = rows and all(row.status in _PLACED and _REPORT not in bytes(row.events) for row in rows)
    return "new or amended orders" if quiet else None


def quiet_edit(data: bytes) -> str | None:
    """Tell the answer to an amendment that left the order on the book."""
    try:
        row = _status(_frame(data).edited)
    except (ValueError, RecursionError):
        return None
    return "an amended order" if row.status in _UNEDITED and _REPORT not in bytes(row.events) else None


def quiet_orders(data: bytes) -> str | None:
    """Tell the answer to a query that shows no order that was canceled."""
    try:
        rows = _statuses(_frame(data).orders)
    except (ValueError, RecursionError):
        return None
    return _WITHOUT if rows and all(row.status in ALIVE for row in rows) else None


def quiet_history(data: bytes) -> str | None:
    """Tell a page of the history without a cancel."""
    try:
        elements = _page(data).elements
    except (ValueError, RecursionError):
        return None
    has_none = elements and all(e.event and _CANCELS.isdisjoint(e.event) for e in elements)
    return _WITHOUT if has_none else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled, if in part, or as open."""
    try:
        frame = _shown(data)
    except (ValueError, RecursionError):
        return ()
    if frame.feed in _SNAPSHOTS:
        feed = frame.feed.removesuffix("_snapshot")
        return [_open(order, feed) for order in frame.orders]
    if frame.feed in ("fills", "fills_snapshot"):
        return [
            Shown(
                "stream open_orders",
                fill.instrument,
                fill.order_id,
                _is_zero(fill.remaining_order_qty),
                known_ns(fill.time),
                goes_on=False,
                client_order_id=fill.cli_ord_id,
            )
            for fill in frame.fills
        ]
    if frame.feed not in _FEEDS or frame.reason not in (*_FILLS, *_NEW):
        return ()
    is_filled = frame.is_cancel and frame.reason == "full_fill"
    if (order := frame.order) is None:
        if not is_filled:
            return ()
        named = frame.order_id, frame.cli_ord_id
        return [Shown(f"stream {frame.feed}", "", named[0], True, goes_on=False, client_order_id=named[1])]
    goes_on = not frame.is_cancel and frame.reason in _NEW
    return [_open(order, frame.feed)._replace(is_filled=is_filled, goes_on=goes_on)]


def _open(order: _Order, feed: str) -> Shown:
    """An order that is open."""
    filled = known_amount(order.filled) if bytes(order.filled) else None
    updated = known_ns(order.last_update_time)
    return Shown(
        f"stream {feed}",
        order.instrument,
        order.order_id,
        False,
        updated,
        filled,
        client_order_id=order.cli_ord_id,
    )


def _is_zero(sent: Raw) -> bool:
    return bool(bytes(sent)) and known_amount(sent) == 0
