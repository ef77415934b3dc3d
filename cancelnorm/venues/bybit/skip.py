"""Bybit's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from cancelnorm.venues.bybit.causes import QUIET, UNSAID, is_about_cancel
from cancelnorm.venues.bybit.rfq_stream import NOT_CANCELED
from cancelnorm.venues.bybit.spot_before_v5 import ALIVE
from cancelnorm.venues.bybit.strategy import DONE, PLACED, RUNNING


class _Shown(Struct, rename="camel", gc=False):
    """What of an order says whether it is about a cancel; of anything else nothing."""

    order_status: str = ""
    spot_status: str = field(name="X", default="")  # of spot until 2023
    cancel_type: str = ""
    cum_exec_qty: str = ""
    strategy_id: str = ""  # of an order of a strategy, whose status has another name


class _Page(Struct, gc=False):
    """What stands in an answer over REST."""

    rows: list[_Shown] = field(name="list", default_factory=list)


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    topic: str = ""  # pushed
    op: str = ""  # an answer over a WebSocket
    success: bool | None = None  # of an answer over a WebSocket, with ``op`` or without
    data: list[_Shown | str] | _Page | str | None = None
    result: _Page | None = None  # an answer over REST


class _Ended(Struct, rename="camel", gc=False):
    """What of a strategy, of an order of one, of a request for quotes or of a quote says whether it ended."""

    status: int | str = ""
    terminate_type: int = 0


class _EndedPage(Struct, gc=False):
    """What stands in an answer over REST."""

    rows: list[_Ended] = field(name="list", default_factory=list)


class _Endings(Struct, gc=False):
    """A frame or an answer about such."""

    data: list[_Ended] = field(default_factory=list)
    result: _EndedPage = field(default_factory=_EndedPage)


class _OlderShown(Struct, gc=False):
    """An order of the contracts before v3, or a page of them."""

    order_status: str = ""
    cancel_type: str = ""
    cum_exec_qty: Raw = Raw(b"0")
    position_idx: int | None = None  # not where it is shown in the answer to its cancel
    data: list["_OlderShown"] | None = None


class _Older(Struct, gc=False):
    """An answer of the contracts before v3."""

    ret_code: int
    result: list[_OlderShown] | _OlderShown | None = None


_older: Final = Decoder(_Older).decode
_frame: Final = Decoder(_Frame).decode
_endings: Final = Decoder(_Endings).decode

_HEAD: Final = 200  # the topic comes first
_ORDERS: Final = frozenset(
    ("order", "order.spot", "order.linear", "order.inverse", "order.option", "spread.order")
)
# By the part of a topic before its first dot.
_TOPICS: Final = {
    "adlAlert": "an alert of auto-deleveraging",
    "allLiquidation": "a liquidation",
    "candle": "candles",  # until 2023
    "dcp": "the timer of a dead-man switch",
    "earn": "an offer of an investment",
    "execution": "a fill",
    "greeks": "greeks",
    "instrument_info": "a ticker",  # until 2023
    "insurance": "the insurance pool",
    "kline": "candles",
    "klineV2": "candles",  # until 2023
    "kline_lt": "candles",
    "liquidation": "a liquidation",
    "lt": "a leveraged token",
    "orderBook_200": "an order book",  # until 2023
    "orderBookL2_25": "an order book",  # until 2023
    "orderbook": "an order book",
    "position": "a position",
    "priceLimit": "price limits",
    "publicTrade": "public trades",
    "system": "the venue's own state",
    "tickers": "a ticker",
    "tickers_lt": "a ticker",
    "trade": "public trades",  # until 2023
    "wallet": "a balance",
}
_ENDINGS: Final = frozenset(("strategy", "rfq.open.rfqs", "rfq.open.quotes"))
_LASTING: Final = RUNNING | PLACED | NOT_CANCELED
_WHOLE_TOPICS: Final = {
    "rfq.open.public.trades": "public trades",
    "rfq.open.trades": "a trade of a quote",
    "spread.execution": "a fill",
}
_OPS: Final = {
    "auth": "the answer to an authentication",
    "ping": "the answer to a ping",
    "pong": "the answer to a ping",
    "subscribe": "the answer to a subscription",
    "unsubscribe": "the answer to the end of a subscription",
    "order.create": "the answer to a new order",
    "order.create-batch": "the answer to new orders",
    "order.amend": "the answer to an amendment",
    "order.amend-batch": "the answer to amendments",
}


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    # Within a text the quotes would be escaped.
    if b'"orderStatus":"Cancelled"' in data and b'"topic":"order' in data[:_HEAD]:
        return None
    if b'"ret_code"' in data[:_HEAD]:
        return _older_quiet(data)
    try:
        frame = _frame(data)
    except (ValueError, RecursionError):
        return None
    if frame.op:
        return _OPS.get(frame.op)
    if frame.success is not None and not frame.topic:  # of public options, and of all streams until 2023
        return "the answer to a subscription or a ping"
    if topic := frame.topic:
        if topic in _ORDERS:
            return _quiet(frame.data) if isinstance(frame.data, list) else None
        if topic in _ENDINGS:
            return _lasting(data)
        return _TOPICS.get(topic.partition(".")[0]) or _WHOLE_TOPICS.get(topic)
    rows = frame.result.rows if frame.result else []
    return _lasting(data) if rows and rows[0].strategy_id else _quiet(rows)


def _older_quiet(data: bytes) -> str | None:
    """What orders of the contracts before v3 are that say nothing about a cancel."""
    try:
        result = _older(data).result
    except (ValueError, RecursionError):
        return None
    rows = result if isinstance(result, list) else [] if result is None else result.data or [result]
    if isinstance(result, _OlderShown) and not result.data and result.position_idx is None:
        return None
    for row in rows:
        filled = bool(bytes(row.cum_exec_qty).strip(b'"0.-'))
        if not row.order_status or is_about_cancel(row.order_status, row.cancel_type, filled):
            return None
    return "orders without a cancel" if rows else None


def _lasting(data: bytes) -> str | None:
    """What strategies, their orders, requests for quotes or quotes are of which none was canceled."""
    try:
        found = _endings(data)
    except (ValueError, RecursionError):
        return None
    rows = found.data or found.result.rows
    if not rows or any(row.status not in _LASTING and row.terminate_type != DONE for row in rows):
        return None
    return "strategies or quotes without a cancel"


def _quiet(states: Sequence[_Shown | str]) -> str | None:
    """What orders are that say nothing about a cancel; None where one does, and where there is none."""
    for state in states:
        if isinstance(state, str):
            return None
        if state.spot_status in ALIVE:
            continue
        if state.order_status in QUIET and state.cancel_type in UNSAID:
            continue
        if is_about_cancel(state.order_status, state.cancel_type, bool(state.cum_exec_qty.strip("0.-"))):
            return None
    return "orders without a cancel" if states else None
