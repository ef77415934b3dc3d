"""Gate's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.gate.contract_price_orders import QUIET, QUIET_STATES
from cancelnorm.venues.gate.endings import STATUSES, UNSAID, End, end_of, is_zero
from cancelnorm.venues.gate.messages import client_id, epoch_ns
from cancelnorm.venues.gate.price_orders import QUIET_STATUSES

_NOTHING: Final = Raw(b"")


class _Header(Struct, gc=False):
    """Fields of the header of an answer that tell what was asked."""

    channel: str = ""


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    channel: str = ""
    event: str = ""
    ack: bool = False
    header: _Header | None = None
    result: Raw = _NOTHING


class _Order(Struct, gc=False):
    """Fields of an order that say whether it is about a cancel."""

    id: int | str
    left: Raw
    status: str = ""
    event: str = ""
    finish_as: str = ""


class _OrdersFrame(Struct, gc=False):
    """A frame of orders."""

    channel: str
    event: str
    result: list[_Order]


class _ContractPriceOrder(Struct, gc=False):
    """Fields of a price order of contracts that say whether it is about a cancel."""

    initial: Raw
    status: str
    finish_as: str = ""


class _SpotPriceOrderState(Struct, gc=False):
    """What of a price order of spot says in the answer to a query whether it is about a cancel."""

    put: Raw
    status: str


class _SpotPriceOrder(Struct, gc=False):
    """What of a price order of spot says in a frame whether it has ended without placing its order."""

    ftime: str
    fired_order_id: int


class _Initial(Struct, gc=False):
    """The order that a price order of contracts places."""

    contract: str = ""


class _AutoOrder(Struct, gc=False):
    """A price order of contracts as a stream shows it."""

    id: int | str
    initial: _Initial
    finish_as: str = ""
    finish_time: Raw | UnsetType = UNSET


class _AutoOrdersFrame(Struct, gc=False):
    """A frame of price orders of contracts."""

    result: list[_AutoOrder]


class _FiredOrder(Struct, gc=False):
    """A price order of spot as a stream shows it."""

    id: str
    market: str
    fired_order_id: int
    ftime: str = ""


class _FiredFrame(Struct, gc=False):
    """A frame of a price order of spot."""

    result: _FiredOrder


class _Filled(Struct, gc=False):
    """An order as a stream shows it."""

    id: int | str
    currency_pair: str = ""
    contract: str = ""
    text: str | None = None
    status: str = ""
    event: str = ""
    finish_as: str = ""
    left: Raw = _NOTHING
    update_time_ms: int | str = ""
    finish_time_ms: int | str = ""
    time_ms: int | str = ""


class _FilledFrame(Struct, gc=False):
    """A frame of orders."""

    channel: str
    event: str
    result: list[_Filled]


FRAMES: Final = (_Frame,)

_frame: Final = Decoder(_Frame).decode
_orders: Final = Decoder(list[_Order]).decode
_orders_frame: Final = Decoder(_OrdersFrame).decode
_contract_price_orders: Final = Decoder(list[_ContractPriceOrder]).decode
_spot_price_orders: Final = Decoder(list[_SpotPriceOrderState]).decode
_spot_price_order: Final = Decoder(_SpotPriceOrder).decode
_filled: Final = Decoder(_FilledFrame).decode
_auto_orders: Final = Decoder(_AutoOrdersFrame).decode
_fired: Final = Decoder(_FiredFrame).decode
_CANCELED: Final = re.compile(rb'"finish_as"\s*:\s*"cancelled"')
_FILLED: Final = re.compile(rb'"(?:finish_as"\s*:\s*"filled|event"\s*:\s*"finish)"')

_PLACED: Final = re.compile(rb'"(?:finish_as"\s*:\s*"(?:succeeded|failed)|fired_order_id"\s*:\s*[1-9])')
_AUTO_ORDERS: Final = "futures.autoorders"
_PRICE_ORDERS: Final = "spot.priceorders"

_ORDERS: Final = frozenset(("spot.orders", "spot.orders_v2", "futures.orders", "options.orders"))
_CONTROL: Final = {
    "subscribe": "the answer to a subscription",
    "unsubscribe": "the answer to the end of a subscription",
}
# Operations by the end of their name; what is not here may be a cancel.
_OPERATIONS: Final = {
    "login": "the answer to a login",
    "order_place": "the answer to a new order",
    "order_batch_place": "the answer to new orders",
    "order_amend": "the answer to an amendment",
    "order_status": "the answer to a query",
    "order_list": "the answer to a query",
}
# Channels by the end of their name.
_CHANNELS: Final = {
    "tickers": "a ticker",
    "contract_tickers": "a ticker",
    "ul_tickers": "a ticker",
    "trades": "public trades",
    "trades_v2": "public trades",
    "ul_trades": "public trades",
    "public_liquidates": "a liquidation",
    "candlesticks": "candles",
    "contract_candlesticks": "candles",
    "ul_candlesticks": "candles",
    "book_ticker": "an order book",
    "order_book": "an order book",
    "order_book_update": "an order book",
    "obu": "an order book",
    "contract_stats": "statistics",
    "contracts": "an instrument",
    "usertrades": "a fill",
    "usertrades_v2": "a fill",
    "liquidates": "a liquidation",
    "auto_deleverages": "an auto-deleveraging",
    "auto_position_closes": "the close of a position",
    "position_closes": "the close of a position",
    "settlements": "a settlement",
    "balances": "a balance",
    "margin_balances": "a balance",
    "funding_balances": "a balance",
    "cross_balances": "a balance",
    "cross_loan": "a loan",
    "reduce_risk_limits": "a risk limit",
    "positions": "a position",
    "position_adl_rank": "a position",
}


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    if b".orders" in data and (what := _quiet_frame(data)):
        return what
    try:
        frame = _frame(data)
        if frame.ack:
            return "the acknowledgement of a request whose answer follows"
        if frame.header is not None:
            return _OPERATIONS.get(_end(frame.header.channel))
        if not frame.channel:
            return None
        if what := _CONTROL.get(frame.event):
            return what
        end = _end(frame.channel)
        if end in ("pong", "ping"):
            return "a heartbeat"
        if frame.channel in _ORDERS:
            return quiet_orders(bytes(frame.result))
        if frame.channel == _AUTO_ORDERS:
            return quiet_contract_price_orders(bytes(frame.result))
        if frame.channel == _PRICE_ORDERS:
            return _quiet_spot_price_order(frame.result)
        return _CHANNELS.get(end)
    except (ValueError, RecursionError):
        return None


def _quiet_frame(data: bytes) -> str | None:
    """The same of a frame of orders, as most frames of a private stream are."""
    if _CANCELED.search(data):
        return None
    try:
        frame = _orders_frame(data)
    except (ValueError, RecursionError):
        return None
    return _quiet(frame.result) if frame.event == "update" and frame.channel in _ORDERS else None


def _end(channel: str) -> str:
    return channel.rpartition(".")[2]


def quiet_orders(orders: bytes) -> str | None:
    """Describe orders that say nothing about a cancel; None if one does, or if there are none."""
    if _CANCELED.search(orders):
        return None
    try:
        found = _orders(orders if orders[:1] == b"[" else b"[" + orders + b"]")
    except (ValueError, RecursionError):
        return None
    return _quiet(found)


def _quiet(orders: Sequence[_Order]) -> str | None:
    for each in orders:
        if not _is_quiet(each.event or each.status, each.finish_as, each.left):
            return None
    return "orders without a cancel" if orders else None


def _is_quiet(status: str, finish_as: str, left: Raw) -> bool:
    """Whether an order goes on or has filled; mostly that is certain without what is left of it."""
    if (status, finish_as) in _QUIET_ENDS:
        return True
    return end_of(status, finish_as, is_zero(left)) in (End.ALIVE, End.FILLED)


_QUIET_ENDS: Final = frozenset(
    (status, finish_as)
    for status in STATUSES
    for finish_as in UNSAID
    if {end_of(status, finish_as, nothing_left) for nothing_left in (True, False)} <= {End.ALIVE, End.FILLED}
)


def quiet_contract_price_orders(orders: bytes) -> str | None:
    """The same of price orders of contracts."""
    try:
        found = _contract_price_orders(orders if orders[:1] == b"[" else b"[" + orders + b"]")
    except (ValueError, RecursionError):
        return None
    for each in found:
        if each.finish_as not in QUIET and (each.finish_as or each.status not in QUIET_STATES):
            return None
    return "orders without a cancel" if found else None


def quiet_spot_price_orders(orders: bytes) -> str | None:
    """The same of price orders of spot, as queries show them."""
    try:
        found = _spot_price_orders(orders if orders[:1] == b"[" else b"[" + orders + b"]")
    except (ValueError, RecursionError):
        return None
    for each in found:
        if each.status not in QUIET_STATUSES:
            return None
    return "orders without a cancel" if found else None


def _quiet_spot_price_order(order: Raw) -> str | None:
    """The same of a price order of spot, which has no status."""
    shown = _spot_price_order(order)
    if shown.fired_order_id:
        return "a price order that was triggered"
    return "a new price order" if shown.ftime.startswith("-") else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled, and price orders that are gone because they were triggered."""
    if _PLACED.search(data) is not None:
        return _placed(data)
    if _FILLED.search(data) is None:
        return ()
    try:
        frame = _filled(data)
    except (ValueError, RecursionError):
        return ()
    if frame.channel not in _ORDERS or frame.event != "update":
        return ()
    return [
        Shown(
            f"stream {frame.channel}",
            each.currency_pair or each.contract,
            str(each.id),
            is_filled=True,
            event_ns=known_ns(each.update_time_ms or each.finish_time_ms or each.time_ms),
            goes_on=False,
            client_order_id=client_id(each.text or ""),
        )
        for each in frame.result
        if each.left and end_of(each.event or each.status, each.finish_as, is_zero(each.left)) is End.FILLED
    ]


def _placed(data: bytes) -> Sequence[Shown]:
    """The price orders that have placed another, also where that was refused."""
    try:
        frame = _frame(data)
        if frame.event != "update":
            return ()
        if frame.channel == _AUTO_ORDERS:
            return [
                _gone(_AUTO_ORDERS, each.initial.contract, str(each.id), epoch_ns(each.finish_time))
                for each in _auto_orders(data).result
                if each.finish_as in QUIET
            ]
        if frame.channel == _PRICE_ORDERS:
            order = _fired(data).result
            return [_gone(_PRICE_ORDERS, order.market, order.id, known_ns(order.ftime))]
    except (ValueError, RecursionError):
        pass
    return ()


def _gone(channel: str, symbol: str, order_id: str, event_ns: int | None) -> Shown:
    return Shown(f"stream {channel}", symbol, order_id, False, event_ns, goes_on=False, is_closed=True)
