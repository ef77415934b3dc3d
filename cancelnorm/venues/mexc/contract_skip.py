"""MEXC's contract frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.mexc.contract_states import TRACK_QUIET, TRIGGER_QUIET, is_quiet

_NOTHING: Final = Raw(b"")


class _Frame(Struct, gc=False):
    """The keys by which frames differ."""

    channel: str = ""
    data: Raw = _NOTHING


class _Order(Struct, rename="camel", gc=False):
    """Fields of an order that say whether it is about a cancel."""

    state: int
    deal_vol: Raw = _NOTHING
    vol: Raw = _NOTHING


class _Deduction(Struct, rename="camel", gc=False):
    """A fee that was paid in another currency; the documentation's sample has the channel of plan orders."""

    deduct_fee: Raw


class _Filled(Struct, rename="camel", gc=False):
    """An order as the stream shows it."""

    order_id: int | str
    symbol: str
    state: int
    deal_vol: Raw
    update_time: int
    external_oid: str | None = None


class _FilledFrame(Struct, gc=False):
    """A frame of an order."""

    channel: str
    data: _Filled


class _Placed(Struct, rename="camel", gc=False):
    """An order that waited for a price, as the stream shows it."""

    id: int | str
    symbol: str
    state: int
    update_time: int


class _PlacedFrame(Struct, gc=False):
    """A frame of one."""

    channel: str
    data: _Placed


_frame: Final = Decoder(_Frame).decode
_order: Final = Decoder(_Order).decode
_orders: Final = Decoder(list[_Order]).decode
_deduction: Final = Decoder(_Deduction).decode
_filled: Final = Decoder(_FilledFrame).decode
_placed: Final = Decoder(_PlacedFrame).decode

_ORDERS: Final = "push.personal.order"
# Channels of orders that wait for a price, with their states that say nothing about a cancel.
_TRIGGERS: Final = {
    "push.personal.plan.order": TRIGGER_QUIET,
    "push.personal.stop.planorder": TRIGGER_QUIET,
    "push.personal.track.order": TRACK_QUIET,
}
# The states in which they have placed an order, and are gone.
_PLACED: Final = {
    "push.personal.plan.order": 3,
    "push.personal.stop.planorder": 3,
    "push.personal.track.order": 2,
}
_CHANNELS: Final = {
    "pong": "a heartbeat",
    "rs.login": "the answer to a login",
    "rs.personal.filter": "the answer to a subscription",
    "rs.error": "an error of a login or a subscription",
    "push.ticker": "a ticker",
    "push.tickers": "a ticker",
    "push.deal": "public trades",
    "push.kline": "candles",
    "push.funding.rate": "a funding rate",
    "push.index.price": "a price",
    "push.fair.price": "a price",
    "push.contract": "an instrument",
    "push.event.contract": "an instrument",
    "push.personal.asset": "a balance",
    "push.personal.bonus": "a balance",
    "push.personal.position": "a position",
    "push.personal.position.mode": "a setting",
    "push.personal.position.closeall.fail": "the failed close of positions",
    "push.personal.reverse.position": "a position",
    "push.personal.event.contract.position": "a position",
    "push.personal.leverage.mode": "a setting",
    "push.personal.risk.limit": "a risk limit",
    "push.personal.adl.level": "a risk limit",
    "push.personal.liquidate.risk": "a warning of liquidation",
    "push.personal.generic.notify": "a warning of liquidation",
    "push.personal.order.deal": "a fill",
    "push.personal.order.chase": "a failed amendment",
    "push.personal.stop.order": "take-profit and stop-loss prices of an order",
}
# By the beginning of a channel's name.
_KINDS: Final = (
    ("rs.sub.", "the answer to a subscription"),
    ("rs.unsub.", "the answer to the end of a subscription"),
    ("push.depth", "an order book"),
)
_WITHOUT: Final = "orders without a cancel"


def skip_contract(data: bytes) -> str | None:
    """Say what a frame of contracts is that has nothing to say about a cancel; None for one that may have."""
    try:
        frame = _frame(data)
        if frame.channel == _ORDERS:
            return _WITHOUT if _is_quiet_order(_order(frame.data)) else None
        if (quiet := _TRIGGERS.get(frame.channel)) is not None:
            return _quiet_trigger(frame.data, quiet)
        if what := _CHANNELS.get(frame.channel):
            return what
        return next((what for start, what in _KINDS if frame.channel.startswith(start)), None)
    except (ValueError, RecursionError):
        return None


def _quiet_trigger(data: Raw, quiet: Collection[int]) -> str | None:
    try:
        return _WITHOUT if _order(data).state in quiet else None
    except ValueError:
        _deduction(data)
        return "a fee"


def _is_quiet_order(order: _Order) -> bool:
    return is_quiet(order.state, order.deal_vol, order.vol)


def quiet_orders(data: bytes) -> str | None:
    """Describe the answer to a query of orders that says nothing about a cancel; None for one that may."""
    return _quiet(data, _is_quiet_order)


def quiet_triggers(data: bytes) -> str | None:
    """The same of plan orders, and of take-profit and stop-loss orders."""
    return _quiet(data, lambda order: order.state in TRIGGER_QUIET)


def quiet_tracks(data: bytes) -> str | None:
    """The same of trailing orders."""
    return _quiet(data, lambda order: order.state in TRACK_QUIET)


def _quiet(data: bytes, says_nothing: Callable[[_Order], bool]) -> str | None:
    try:
        rows = bytes(_frame(data).data).strip()
        found = _orders(rows if rows[:1] == b"[" else b"[" + rows + b"]")
    except (ValueError, RecursionError):
        return None
    return _WITHOUT if found and all(map(says_nothing, found)) else None


def contract_shows(data: bytes) -> Sequence[Shown]:
    """Tell the order that a frame of contracts shows as filled, if in part, or as having placed another."""
    try:
        return _shown_placed(data) if _frame(data).channel in _PLACED else _shown_filled(data)
    except (ValueError, RecursionError):
        return ()


def _shown_placed(data: bytes) -> Sequence[Shown]:
    frame = _placed(data)
    order = frame.data
    if order.state != _PLACED[frame.channel]:
        return ()
    name, at = f"stream {frame.channel}", known_ns(order.update_time)
    return [Shown(name, order.symbol, str(order.id), False, at, goes_on=False, is_closed=True)]


def _shown_filled(data: bytes) -> Sequence[Shown]:
    frame = _filled(data)
    order = frame.data
    filled = known_amount(order.deal_vol)
    if frame.channel != _ORDERS or not filled:
        return ()
    return [
        Shown(
            f"stream {_ORDERS}",
            order.symbol,
            str(order.order_id),
            order.state == 3,
            known_ns(order.update_time),
            filled,
            goes_on=False,
            client_order_id=order.external_oid,
        )
    ]
