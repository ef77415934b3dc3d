"""Bybit's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from cancelnorm.venues.bybit.causes import QUIET, UNSAID, is_about_cancel
from cancelnorm.venues.bybit.copy_trading import QUIET as QUIET_COPIES
from cancelnorm.venues.bybit.rfq_stream import NOT_CANCELED
from cancelnorm.venues.bybit.spot_words import ALIVE
from cancelnorm.venues.bybit.strategy import DONE, PLACED, RUNNING


class _Shown(Struct, rename="camel", gc=False):
    """What of an order says whether it is about a cancel; of anything else nothing."""

    order_status: str = ""
    spot_status: str = field(name="X", default="")  # of spot until 2023
    listed_status: Raw = field(name="status", default=Raw(b"null"))  # of spot until 2023, in lists
    copied_status: str = field(name="copyTradeOrderStatus", default="")
    cancel_type: str = ""
    cum_exec_qty: str = ""
    strategy_id: str = ""  # of a strategy or an order of one, whose status has another name
    rfq_id: str = ""  # of a request for quotes or a quote
    contract_status: str = field(name="order_status", default="")  # before v3, as the next two
    contract_cancel_type: str = field(name="cancel_type", default="")
    contract_filled: Raw = field(name="cum_exec_qty", default=Raw(b"0"))


class _Other(Struct, gc=False):
    """An object that is no page of orders."""


class _Page(Struct, gc=False):
    """What stands in an answer over REST, or in a frame of 2022."""

    rows: list[_Shown] = field(name="list", default_factory=list)
    older_rows: list[_Shown] | None = field(name="dataList", default=None)  # USDC
    changed: list[_Shown] | _Other | None = field(name="result", default=None)  # pushed until 2023


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    topic: str = ""  # pushed
    event: str = field(name="e", default="")  # pushed by spot v1
    spot_status: str = field(name="X", default="")
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
    stop_order_status: str = ""
    status: str = ""  # of spot
    cancel_type: str = ""
    cum_exec_qty: Raw = Raw(b"0")
    # Of these, none is there where an order is shown in the answer to its cancel.
    position_idx: int | None = None
    created_time: str = ""
    exchange_id: str = field(name="exchangeId", default="")
    data: list["_OlderShown"] | None = None


class _Older(Struct, gc=False):
    """An answer of the contracts before v3."""

    ret_code: int
    result: list[_OlderShown] | _OlderShown | None = None


class _Report(Struct, gc=False):
    """An event of spot v1, pushed in an array."""

    event: str = field(name="e", default="")
    spot_status: str = field(name="X", default="")


_older: Final = Decoder(_Older).decode
_reports: Final = Decoder(list[_Report]).decode
_frame: Final = Decoder(_Frame).decode
_endings: Final = Decoder(_Endings).decode

_HEAD: Final = 200  # the topic comes first
_ORDERS: Final = frozenset(
    (
        "order",
        "order.spot",
        "order.linear",
        "order.inverse",
        "order.option",
        "spread.order",
        # Until 2023.
        "copyTradeOrder",
        "stopOrder",
        "stop_order",
        "user.openapi.option.order",
        "user.openapi.perp.order",
        "user.order",
        "user.order.contractAccount",
        "user.order.unifiedAccount",
    )
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
_LISTED_ALIVE: Final = frozenset(f'"{word}"'.encode() for word in ALIVE)
_ENDINGS: Final = frozenset(("strategy", "rfq.open.rfqs", "rfq.open.quotes"))
_LASTING: Final = RUNNING | PLACED | NOT_CANCELED
_WHOLE_TOPICS: Final = {
    "rfq.open.public.trades": "public trades",
    "rfq.open.trades": "a trade of a quote",
    "spread.execution": "a fill",
    # Until 2023.
    "copyTradeExecution": "a fill",
    "copyTradePosition": "a position",
    "copyTradeWallet": "a balance",
    "outboundAccountInfo": "a balance",
    "ticketInfo": "a fill",
    "user.execution.contractAccount": "a fill",
    "user.execution.unifiedAccount": "a fill",
    "user.greeks.unifiedAccount": "greeks",
    "user.openapi.greeks": "greeks",
    "user.openapi.option.position": "a position",
    "user.openapi.option.trade": "a fill",
    "user.openapi.perp.position": "a position",
    "user.openapi.perp.trade": "a fill",
    "user.position.contractAccount": "a position",
    "user.position.unifiedAccount": "a position",
    "user.wallet.contractAccount": "a balance",
    "user.wallet.unifiedAccount": "a balance",
}
# Of spot v1, which has no topics.
_EVENTS: Final = {"outboundAccountInfo": "a balance", "ticketInfo": "a fill"}
_REPORTS: Final = frozenset(("executionReport", "stop_executionReport"))
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
    if data.startswith(b"["):
        return _reports_quiet(data)
    try:
        frame = _frame(data)
    except (ValueError, RecursionError):
        return None
    if frame.event:
        return _report_quiet(frame)
    if frame.op:
        return _OPS.get(frame.op)
    if frame.success is not None and not frame.topic:  # of public options, and of all streams until 2023
        return "the answer to a subscription or a ping"
    if topic := frame.topic:
        if topic in _ORDERS:
            return _quiet(_changed(frame.data))
        if topic in _ENDINGS:
            return _lasting(data)
        return _TOPICS.get(topic.partition(".")[0]) or _WHOLE_TOPICS.get(topic)
    page = frame.result
    rows = [] if page is None else page.older_rows or page.rows
    return _lasting(data) if rows and (rows[0].strategy_id or rows[0].rfq_id) else _quiet(rows)


def _changed(data: list[_Shown | str] | _Page | str | None) -> Sequence[_Shown | str]:
    """The orders of a frame."""
    rows = data.changed if isinstance(data, _Page) else data
    return rows if isinstance(rows, list) else []


def _reports_quiet(data: bytes) -> str | None:
    """What events of spot v1 are that say nothing about a cancel."""
    try:
        found = [_report_quiet(report) for report in _reports(data)]
    except (ValueError, RecursionError):
        return None
    return found[0] if found and all(found) else None


def _report_quiet(report: _Report | _Frame) -> str | None:
    if report.event in _REPORTS:
        return "orders without a cancel" if report.spot_status in ALIVE else None
    return _EVENTS.get(report.event)


def _older_quiet(data: bytes) -> str | None:
    """What orders of the contracts before v3 are that say nothing about a cancel."""
    try:
        result = _older(data).result
    except (ValueError, RecursionError):
        return None
    rows = result if isinstance(result, list) else [] if result is None else result.data or [result]
    if isinstance(result, _OlderShown) and not result.data and not _is_queried(result):
        return None
    for row in rows:
        status = row.order_status or row.stop_order_status
        if row.status in ALIVE:
            continue
        if not status or is_about_cancel(status, row.cancel_type, _is_filled(row.cum_exec_qty)):
            return None
    return "orders without a cancel" if rows else None


def _is_queried(row: _OlderShown) -> bool:
    """Whether an order that stands alone is the answer to a query, and not to its cancel."""
    return row.position_idx is not None or bool(row.created_time or row.exchange_id)


def _is_filled(sent: Raw) -> bool:
    return bool(bytes(sent).strip(b'"0.-nul'))  # null: none


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
        if state.order_status in QUIET and state.cancel_type in UNSAID:
            continue
        if (
            state.spot_status in ALIVE
            or bytes(state.listed_status) in _LISTED_ALIVE
            or state.copied_status in QUIET_COPIES
        ):
            continue
        if status := state.contract_status:
            filled = _is_filled(state.contract_filled)
            if is_about_cancel(status, state.contract_cancel_type, filled):
                return None
            continue
        if is_about_cancel(state.order_status, state.cancel_type, bool(state.cum_exec_qty.strip("0.-"))):
            return None
    return "orders without a cancel" if states else None
