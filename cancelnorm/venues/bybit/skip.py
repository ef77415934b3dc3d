"""Bybit's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.bybit.causes import QUIET, UNSAID, is_about_cancel
from cancelnorm.venues.bybit.copy_trading import QUIET as QUIET_COPIES
from cancelnorm.venues.bybit.rfq_stream import NOT_CANCELED
from cancelnorm.venues.bybit.spot_words import ALIVE
from cancelnorm.venues.bybit.strategy import DONE, PLACED, RUNNING


class _Shown(Struct, rename="camel", gc=False):
    """What of an order says whether it is about a cancel; of anything else nothing."""

    order_status: str = ""
    spot_status: str = field(name="X", default="")  # of spot until 2023
    cancel_type: str = ""
    cum_exec_qty: str = ""
    strategy_id: str = ""  # of a strategy or an order of one, whose status has another name
    exec_id: str = ""  # of a fill, in a list


class _Page(Struct, gc=False):
    """What stands in an answer over REST."""

    rows: list[_Shown] = field(name="list", default_factory=list)


class _EarlierShown(_Shown, rename="camel", gc=False):
    """The same of an order before v5, whose status has one of several names."""

    listed_status: Raw = field(name="status", default=Raw(b"null"))  # of spot, in lists
    copied_status: str = field(name="copyTradeOrderStatus", default="")
    rfq_id: str = ""  # of a request for quotes or a quote, which is of v5
    contract_status: str = field(name="order_status", default="")  # before v3, as the next two
    contract_cancel_type: str = field(name="cancel_type", default="")
    contract_filled: Raw = field(name="cum_exec_qty", default=Raw(b"0"))


class _Other(Struct, gc=False):
    """An object that is no page of orders."""


class _EarlierPage(Struct, gc=False):
    """What stands in an answer over REST, or in a frame, before v5."""

    rows: list[_EarlierShown] = field(name="list", default_factory=list)
    older_rows: list[_EarlierShown] | None = field(name="dataList", default=None)  # USDC
    changed: list[_EarlierShown] | _Other | None = field(name="result", default=None)


class _Earlier(Struct, gc=False):
    """A frame or an answer before v5."""

    data: list[_EarlierShown] | _EarlierPage | None = None
    result: _EarlierPage | None = None


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
    """An event of spot v1, pushed alone or in an array."""

    event: str = field(name="e", default="")
    spot_status: str = field(name="X", default="")


class _ShownOrder(Struct, rename="camel", gc=False):
    """An order as a stream shows it; before v5 by one of several names."""

    order_status: str = ""
    symbol: str = ""
    order_id: str = ""
    updated_time: int | str | None = None  # ms
    cum_exec_qty: Raw = Raw(b"null")
    updated_at: int | None = None  # of USDC, in ms
    contract_status: str = field(name="order_status", default="")  # of contracts before v3
    contract_id: str = field(name="order_id", default="")
    contract_filled: Raw = field(name="cum_exec_qty", default=Raw(b"null"))
    create_time: str | None = field(name="create_time", default=None)  # of linear contracts alone
    spot_status: str = field(name="X", default="")  # of spot before v5
    spot_symbol: str = field(name="s", default="")
    spot_id: str = field(name="i", default="")
    spot_time: int | str | None = field(name="E", default=None)
    spot_filled: Raw = field(name="z", default=Raw(b"null"))


class _ShownPage(Struct, gc=False):
    """What stood in a frame of USDC and of unified accounts."""

    result: list[_ShownOrder] = field(default_factory=list)


class _ShownOrders(_ShownOrder, gc=False):
    """A frame of orders, or of spot v1 an order alone."""

    topic: str = ""
    data: list[_ShownOrder] | _ShownPage = field(default_factory=list)
    event: str = field(name="e", default="")


FRAMES: Final = (_Frame, _Older, _Report)

_shown: Final = Decoder(list[_ShownOrders] | _ShownOrders).decode
_FILLED: Final = re.compile(
    rb'"(?:orderStatus|order_status|X)"\s*:\s*"(?:Partially|PARTIALLY_)?(?:Filled|FILLED)"'
)
_FILLS: Final = frozenset({"PartiallyFilled", "PARTIALLY_FILLED", "Filled", "FILLED"})
_older: Final = Decoder(_Older).decode
_reports: Final = Decoder(list[_Report]).decode
_report: Final = Decoder(_Report).decode
_earlier: Final = Decoder(_Earlier).decode
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
    )
)
# Until 2023.
_EARLIER_ORDERS: Final = frozenset(
    (
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
_BEGINNING: Final = re.compile(rb'\s*+(?:\[|\{\s*+"e")')
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
    if _BEGINNING.match(data):
        return _reports_quiet(data)
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
            return _quiet(frame.data, data) if isinstance(frame.data, list) else None
        if topic in _EARLIER_ORDERS:
            return _earlier_quiet(data)
        if topic in _ENDINGS:
            return _lasting(data)
        return _TOPICS.get(topic.partition(".")[0]) or _WHOLE_TOPICS.get(topic)
    rows = frame.result.rows if frame.result else []
    if rows and all(row.exec_id for row in rows):
        return "fills"
    return _lasting(data) if rows and rows[0].strategy_id else _quiet(rows, data)


def _reports_quiet(data: bytes) -> str | None:
    """What events of spot v1 are that say nothing about a cancel."""
    try:
        reports = _reports(data) if data.lstrip().startswith(b"[") else [_report(data)]
        found = [_report_quiet(report) for report in reports]
    except (ValueError, RecursionError):
        return None
    return found[0] if found and all(found) else None


def _report_quiet(report: _Report) -> str | None:
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


def _quiet(states: Sequence[_Shown | str], data: bytes) -> str | None:
    """What orders are that say nothing about a cancel; None where one does, and where there is none."""
    for state in states:
        if isinstance(state, str):
            return None
        if state.spot_status in ALIVE:
            continue
        if state.order_status in QUIET and state.cancel_type in UNSAID:
            continue
        if not state.order_status:
            return _earlier_quiet(data)
        if is_about_cancel(state.order_status, state.cancel_type, bool(state.cum_exec_qty.strip("0.-"))):
            return None
    return "orders without a cancel" if states else _earlier_quiet(data)


def _earlier_quiet(data: bytes) -> str | None:
    """The same of orders as they were shown before v5."""
    try:
        found = _earlier(data)
    except (ValueError, RecursionError):
        return None
    page: list[_EarlierShown] | _EarlierPage | None = found.data or found.result
    if isinstance(page, _EarlierPage):
        changed = page.changed if isinstance(page.changed, list) else []
        page = page.older_rows or changed or page.rows
    if page and page[0].rfq_id:
        return _lasting(data)
    return "orders without a cancel" if page and all(map(_is_quiet, page)) else None


def _is_quiet(state: _EarlierShown) -> bool:
    if state.spot_status in ALIVE or bytes(state.listed_status) in _LISTED_ALIVE:
        return True
    if state.copied_status:
        return state.copied_status in QUIET_COPIES
    if status := state.contract_status:
        return not is_about_cancel(status, state.contract_cancel_type, _is_filled(state.contract_filled))
    filled = bool(state.cum_exec_qty.strip("0.-"))
    return bool(state.order_status) and not is_about_cancel(state.order_status, state.cancel_type, filled)


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled, if in part."""
    if _FILLED.search(data) is None:
        return ()
    try:
        found = _shown(data)
    except (ValueError, RecursionError):
        return ()
    shown = []
    for frame in found if isinstance(found, list) else [found]:
        if frame.topic in _ORDERS or frame.topic in _EARLIER_ORDERS:
            orders = frame.data.result if isinstance(frame.data, _ShownPage) else frame.data
            shown += [_shown_as(order, frame.topic) for order in orders if _status_of(order) in _FILLS]
        elif frame.event == "executionReport" and frame.spot_status in _FILLS:
            shown.append(_shown_as(frame, frame.event))
    return shown


def _status_of(order: _ShownOrder) -> str:
    return order.order_status or order.contract_status or order.spot_status


def _shown_as(order: _ShownOrder, stream: str) -> Shown:
    """An order by the names of its time."""
    if order.order_status:
        symbol, order_id, filled = order.symbol, order.order_id, order.cum_exec_qty
    elif order.contract_status:
        symbol, order_id, filled = order.symbol, order.contract_id, order.contract_filled
        stream += " (inverse v2)" if order.create_time is None else " (linear v2)"
    else:
        symbol, order_id, filled = order.spot_symbol, order.spot_id, order.spot_filled
        stream += " (spot v3)" if stream == "order" else ""
    return Shown(
        f"stream {stream}",
        symbol,
        order_id,
        _status_of(order).upper() == "FILLED",
        known_ns(order.updated_time or order.updated_at or order.spot_time),
        known_amount(filled),
        goes_on=False,
    )
