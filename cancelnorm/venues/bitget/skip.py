"""Bitget's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.bitget.causes import QUIET

_NOTHING: Final = Raw(b"")


class _Arg(Struct, gc=False):
    """Subscription of a frame; a classic account has channels, a unified one has topics."""

    channel: str = ""
    topic: str = ""


class _Status(Struct, gc=False):
    """Fields of an order that say whether it is about a cancel, in a stream or in the answer to a query."""

    status: str = ""
    state: str = ""
    order_status: str = field(name="orderStatus", default="")
    plan_status: str = field(name="planStatus", default="")
    trade_id: Raw = field(name="tradeId", default=_NOTHING)  # of a fill


class _Page(Struct, gc=False):
    """What of the answer to a query says the same: one order, or a page of orders under one of three names."""

    state: str = ""
    order_status: str = field(name="orderStatus", default="")
    entrusted_list: list[_Status] | None = field(name="entrustedList", default=None)
    order_list: list[_Status] | None = field(name="orderList", default=None)
    rows: list[_Status] | None = field(name="list", default=None)
    fills: Raw = field(name="fillList", default=_NOTHING)


class _Frame(Struct, gc=False):
    """The keys by which frames differ."""

    event: str = ""
    action: str = ""
    arg: Raw = _NOTHING
    id: Raw = _NOTHING
    topic: str = ""
    data: Raw = _NOTHING


class _Trade(Struct, gc=False):
    """Request over the WebSocket of a classic account."""

    channel: str = ""


class _ShownOrder(Struct, rename="camel", gc=False):
    """An order as a stream shows it."""

    order_id: str
    client_oid: str | None = None
    inst_id: str = ""
    symbol: str = ""
    status: str = ""
    order_status: str = ""
    acc_base_volume: Raw = _NOTHING
    cum_exec_qty: Raw = _NOTHING
    u_time: str = ""
    updated_time: str = ""


class _ShownOrders(Struct, gc=False):
    """A frame of orders."""

    arg: _Arg
    data: list[_ShownOrder]


FRAMES: Final = (_Frame,)

_frame: Final = Decoder(_Frame).decode
_arg: Final = Decoder(_Arg).decode
_trades: Final = Decoder(list[_Trade]).decode
_statuses: Final = Decoder(list[_Status]).decode
_texts: Final = Decoder(list[str]).decode
_page: Final = Decoder(_Page).decode
_shown: Final = Decoder(_ShownOrders).decode
_TELLING: Final = re.compile(rb'"(?:status|orderStatus)"\s*:\s*"(?:(?:partially_)?filled|executed)"')
_TEXTS: Final = re.compile(rb'\[\s*+"')  # ids of orders, which are numbers, or names
_FILLS: Final = ("filled", "partially_filled")
_HEARTBEATS: Final = (b"ping", b"pong", b'"ping"', b'"pong"')

_EVENTS: Final = {
    "login": "the answer to a login",
    "subscribe": "the answer to a subscription",
    "unsubscribe": "the answer to the end of a subscription",
}
_ORDERS: Final = frozenset(
    ("orders", "orders-algo", "orders-crossed", "orders-isolated", "order", "strategy-order", "ordersAlgo")
)
_CHANNELS: Final = {
    "account": "a balance",
    "account-crossed": "a balance",
    "account-isolated": "a balance",
    "adl-noti": "an alert of auto-deleveraging",
    "adl-notification": "an alert of auto-deleveraging",
    "auction": "an auction",
    "equity": "a balance",
    "fast-fill": "a fill",
    "fill": "a fill",
    "index-price": "a price",
    "liquidation": "public liquidations",
    "position": "a position",
    "positions": "a position",
    "positions-history": "a position",
    "publicTrade": "public trades",
    "rpi-fill": "a fill",
    "ticker": "a ticker",
    "tickers": "a ticker",
    "trade": "public trades",
}
# By the beginning of a channel's name.
_KINDS: Final = (("books", "an order book"), ("candle", "candles"), ("kline", "candles"))
_TRADES: Final = {
    "place-order": "the answer to a new order",
    "batch-place": "the answer to new orders",
    "modify-order": "the answer to an amendment",
    "batch-modify": "the answer to amendments",
}


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        frame = _frame(data)
        if frame.event:
            return _control(frame)
        if frame.action:
            arg = _arg(frame.arg)
            return _pushed(arg.channel or arg.topic, frame.data)
        return _answered(frame.data)
    except (ValueError, RecursionError):
        return "a heartbeat" if data.strip() in _HEARTBEATS else None


def _control(frame: _Frame) -> str | None:
    """Describe a frame of the connection; an error that names no subscription may be the answer to a cancel."""
    if what := _EVENTS.get(frame.event):
        return what
    arg = bytes(frame.arg)
    if arg.startswith(b"["):
        return next((_TRADES[t.channel] for t in _trades(arg) if t.channel in _TRADES), None)
    if frame.topic:
        return _TRADES.get(frame.topic)
    return "an error of a subscription" if frame.event == "error" and arg.startswith(b"{") else None


def _pushed(channel: str, rows: Raw) -> str | None:
    if channel in _ORDERS:
        return _quiet(rows)
    if what := _CHANNELS.get(channel):
        return what
    return next((what for name, what in _KINDS if channel.startswith(name)), None)


def _answered(data: Raw) -> str | None:
    """Describe the answer to a query that shows no canceled order."""
    match bytes(data)[:1]:
        case b"[" if _TEXTS.match(data):
            return None if any(map(str.isdecimal, _texts(data))) else "names of coins"
        case b"[":
            found = _statuses(data)
            return "fills" if found and all(map(_is_fill, found)) else _without_cancel(found)
        case b"{":
            page = _page(data)
            if page.fills:
                return "fills"
            rows = page.entrusted_list or page.order_list or page.rows
            return _without_cancel(rows or [_Status(state=page.state, order_status=page.order_status)])
    return None


def _is_fill(row: _Status) -> bool:
    """Tell a fill, which has no status; an order may show the last of its fills."""
    return bool(row.trade_id) and not (row.status or row.state or row.order_status or row.plan_status)


def _quiet(rows: Raw) -> str | None:
    """Describe pushed orders that say nothing about a cancel, and a frame without any; None if one does."""
    if not rows:
        return None
    orders = _statuses(rows)
    return _without_cancel(orders) if orders else "no orders"


def _without_cancel(orders: Sequence[_Status]) -> str | None:
    for each in orders:
        if (each.status or each.order_status or each.state or each.plan_status) not in QUIET:
            return None
    return "orders without a cancel" if orders else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled, if in part, and plan orders that have placed another."""
    if _TELLING.search(data) is None:
        return ()
    try:
        frame = _shown(data)
    except (ValueError, RecursionError):
        return ()
    channel = frame.arg.channel or frame.arg.topic
    if channel == "orders-algo":
        return [
            Shown(
                f"stream {channel}",
                each.inst_id,
                each.order_id,
                False,
                known_ns(each.u_time),
                goes_on=False,
                is_closed=True,
            )
            for each in frame.data
            if each.status == "executed"
        ]
    if channel not in ("orders", "order"):
        return ()
    return [
        Shown(
            f"stream {channel}",
            each.inst_id or each.symbol,
            each.order_id,
            status == "filled",
            known_ns(each.u_time or each.updated_time),
            known_amount(each.acc_base_volume or each.cum_exec_qty),
            goes_on=False,
            client_order_id=each.client_oid,
        )
        for each in frame.data
        if (status := each.status or each.order_status) in _FILLS
    ]
