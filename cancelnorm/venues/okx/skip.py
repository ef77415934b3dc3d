"""OKX's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.okx.causes import QUIET
from cancelnorm.venues.okx.messages import SAYS_CANCEL


class _Arg(Struct, gc=False):
    """Subscription of a frame."""

    channel: str = ""


class _State(Struct, rename="camel", gc=False):
    """Fields of an order, or of a row of an answer, that say whether it is about a cancel."""

    state: str = ""
    canceled_sz: str = ""  # of spreads
    s_code: str = ""  # of a row of an answer
    req_id: str | None = None  # of an amendment


class _Row(_State, rename="camel", gc=False):
    """Fields of a row of an answer that say whether it is about an order that may be canceled."""

    s_msg: str = ""
    inst_id: str = ""
    ord_id: str = ""
    algo_id: str = ""
    bill_id: str = ""  # of a fill, or of another change of a balance


_NOTHING: Final = Raw(b"")


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    event: str = ""
    op: str = ""
    code: str = ""
    arg: _Arg | None = None
    msg: str = ""
    data: Raw = _NOTHING


class _Orders(Struct, gc=False):
    """A frame of orders."""

    arg: _Arg
    data: list[_State] | None = None


class _ShownOrder(Struct, rename="camel", gc=False):
    """An order as a stream shows it."""

    state: str
    ord_id: str = ""
    cl_ord_id: str | None = None
    algo_id: str = ""  # of an algo order, which is what its cancel names
    algo_cl_ord_id: str | None = None
    inst_id: str = ""
    sprd_id: str = ""  # of a spread
    acc_fill_sz: Raw = Raw()
    u_time: str = ""


class _ShownOrders(Struct, gc=False):
    """A frame of orders."""

    arg: _Arg
    data: list[_ShownOrder]


FRAMES: Final = (_Frame,)

_frame: Final = Decoder(_Frame).decode
_states: Final = Decoder(list[_State]).decode
_rows: Final = Decoder(list[_Row]).decode
_orders: Final = Decoder(_Orders).decode
_shown: Final = Decoder(_ShownOrders).decode
_SHOWING: Final = ("orders", "sprd-orders")
_ALGOS: Final = ("orders-algo", "algo-advance")
_FILLS: Final = ("filled", "partially_filled")
_TELLING: Final = re.compile(rb'"state"\s*:\s*"(?:(?:partially_)?filled|effective)"')
_HEAD: Final = 100  # the channel comes first
_HEARTBEATS: Final = (b"ping", b"pong", b'"ping"', b'"pong"')

_EVENTS: Final = {
    "subscribe": "the answer to a subscription",
    "unsubscribe": "the answer to the end of a subscription",
    "login": "the answer to a login",
    "notice": "a notice of the connection",
    "channel-conn-count": "the number of connections",
    "channel-conn-count-error": "the number of connections",
}
# Codes of logins and of subscriptions.
_ELSEWHERE: Final = frozenset(
    ("60004", "60005", "60006", "60007", "60009", "60018", "60019", "60022", "60023", "60024", "60032")
)
_OPS: Final = {
    "order": "the answer to a new order",
    "batch-orders": "the answer to new orders",
    "amend-order": "the answer to an amendment",
    "batch-amend-orders": "the answer to amendments",
    "order-algo": "the answer to a new order",
    "amend-algos": "the answer to an amendment",
    "sprd-order": "the answer to a new order",
    "sprd-amend-order": "the answer to an amendment",
}
_ORDERS: Final = frozenset(("orders", "orders-algo", "algo-advance", "sprd-orders", "rfqs", "quotes"))
_CHANNELS: Final = {
    "account": "a balance",
    "account-greeks": "greeks",
    "adl-warning": "an alert of auto-deleveraging",
    "balance_and_position": "a balance",
    "block-tickers": "a ticker",
    "call-auction-details": "a call auction",
    "deposit-info": "a deposit",
    "economic-calendar": "a calendar",
    "estimated-price": "a price",
    "fills": "a fill",
    "funding-rate": "a funding rate",
    "index-tickers": "a ticker",
    "instruments": "an instrument",
    "liquidation-orders": "a liquidation",
    "liquidation-warning": "a warning of liquidation",
    "mark-price": "a price",
    "open-interest": "an open interest",
    "opt-summary": "greeks",
    "option-trades": "public trades",
    "positions": "a position",
    "price-limit": "price limits",
    "public-block-trades": "public trades",
    "public-struc-block-trades": "public trades",
    "sprd-public-trades": "public trades",
    "sprd-tickers": "a ticker",
    "sprd-trades": "a fill",
    "status": "the venue's own state",
    "struc-block-trades": "a fill",
    "tickers": "a ticker",
    "trades": "public trades",
    "trades-all": "public trades",
    "withdrawal-info": "a withdrawal",
}
# By the beginning of a channel's name.
_KINDS: Final = (
    (("books", "bbo-tbt", "sprd-books", "sprd-bbo", "optimized-books"), "an order book"),
    (("candle", "mark-price-candle", "index-candle", "sprd-candle"), "candles"),
    (("grid-", "algo-recurring-buy", "copytrading-"), "a bot"),
)


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    # Within a text the quotes would be escaped.
    head = data[:_HEAD]
    is_of_orders = b'"channel":"orders"' in head
    if (is_of_orders or b'"arg"' not in head) and b'"state":"canceled"' in data:
        return None
    try:
        if is_of_orders and data.startswith(b'{"arg"') and (states := _orders(data).data) is not None:
            return _quiet(states)
        frame = _frame(data)
        if frame.event:
            return _control(frame)
        if frame.arg is not None:
            return _pushed(frame.arg.channel, frame.data)
        if frame.op:
            return _OPS.get(frame.op)
        return _answered(_rows(frame.data)) if frame.data else None
    except (ValueError, RecursionError):
        return "a heartbeat" if data.strip() in _HEARTBEATS else None


def _control(frame: _Frame) -> str | None:
    """Describe a frame of the connection; an error may be the only answer to a cancel, which its text repeats."""
    if frame.event != "error":
        return _EVENTS.get(frame.event)
    text = frame.msg.casefold()
    if SAYS_CANCEL in text:
        return None
    is_else = frame.code in _ELSEWHERE or any(word in text for word in ("subscribe", "channel", "login"))
    return "an error of a login or a subscription" if is_else else None


def _pushed(channel: str, rows: Raw) -> str | None:
    if channel in _ORDERS:
        return _quiet(_states(rows)) if rows else None
    if what := _CHANNELS.get(channel):
        return what
    return next((what for names, what in _KINDS if channel.startswith(names)), None)


def _answered(rows: Sequence[_Row]) -> str | None:
    """Describe an answer that says nothing about a cancel; None for one that may."""
    if any(row.s_msg == _PLACED for row in rows):
        return _OPS["order"]
    if any(row.state or row.s_code for row in rows):
        return _quiet(rows)
    if rows and all(row.bill_id for row in rows):
        return "a balance"
    if rows and all(row.inst_id and not (row.ord_id or row.algo_id) for row in rows):
        return "data of an instrument"
    return None


_PLACED: Final = "Order placed"  # of a new order alone


def _quiet(states: Sequence[_State]) -> str | None:
    """Describe orders that say nothing about a cancel; None if one does, or if there are none."""
    for each in states:
        if each.s_code and each.req_id is not None:
            return "the answer to an amendment"
        if each.state not in QUIET or each.canceled_sz.strip("0."):
            return None
    return "orders without a cancel" if states else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled, if in part, and algo orders that have placed another."""
    if _TELLING.search(data) is None:
        return ()
    try:
        frame = _shown(data)
    except (ValueError, RecursionError):
        return ()
    if frame.arg.channel in _ALGOS:
        return [
            Shown(
                f"stream {frame.arg.channel}",
                each.inst_id,
                each.algo_id,
                False,
                known_ns(each.u_time),
                goes_on=False,
                client_order_id=each.algo_cl_ord_id,
                is_closed=True,
            )
            for each in frame.data
            if each.state == "effective" and each.algo_id
        ]
    if frame.arg.channel not in _SHOWING:
        return ()
    return [
        Shown(
            f"stream {frame.arg.channel}",
            each.inst_id or each.sprd_id,
            each.ord_id,
            each.state == "filled",
            known_ns(each.u_time),
            known_amount(each.acc_fill_sz),
            goes_on=False,
            client_order_id=each.cl_ord_id,
        )
        for each in frame.data
        if each.state in _FILLS and each.ord_id
    ]
