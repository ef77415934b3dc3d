"""Bybit's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from cancelnorm.venues.bybit import fills
from cancelnorm.venues.bybit.causes import QUIET, UNSAID, is_about_cancel
from cancelnorm.venues.bybit.copy_trading import QUIET as QUIET_COPIES
from cancelnorm.venues.bybit.rfq_stream import NOT_CANCELED
from cancelnorm.venues.bybit.spot_words import ALIVE
from cancelnorm.venues.bybit.strategy import DONE, PLACED, RUNNING
from cancelnorm.venues.bybit.topics import EARLIER_ORDERS, ENDINGS, ORDERS, subject


class _Shown(Struct, rename="camel", gc=False):
    """Fields of an order that say whether it is about a cancel; of anything else nothing."""

    order_status: str = ""
    spot_status: str = field(name="X", default="")  # of spot until 2023
    cancel_type: str = ""
    cum_exec_qty: str = ""
    strategy_id: str = ""  # of a strategy or an order of one, whose status has another name
    exec_id: str = ""  # of a fill, in a list
    cash_flow: str | None = None  # of a change of the balance, which may be for a fill


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
    """Fields of a strategy, of an order of one, of a request for quotes or of a quote that say whether it ended."""

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


FRAMES: Final = (_Frame, _Older, _Report)
shows: Final = fills.shows

_older: Final = Decoder(_Older).decode
_reports: Final = Decoder(list[_Report]).decode
_report: Final = Decoder(_Report).decode
_earlier: Final = Decoder(_Earlier).decode
_frame: Final = Decoder(_Frame).decode
_endings: Final = Decoder(_Endings).decode

_HEAD: Final = 200  # the topic comes first
_LISTED_ALIVE: Final = frozenset(f'"{word}"'.encode() for word in ALIVE)
_LASTING: Final = RUNNING | PLACED | NOT_CANCELED
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
        if topic in ORDERS:
            return _quiet(frame.data, data) if isinstance(frame.data, list) else None
        if topic in EARLIER_ORDERS:
            return _earlier_quiet(data)
        if topic in ENDINGS:
            return _lasting(data)
        return subject(topic)
    rows = frame.result.rows if frame.result else []
    if rows and all(row.exec_id for row in rows):
        return "fills"
    if rows and all(row.cash_flow is not None for row in rows):
        return "changes of a balance"
    return _lasting(data) if rows and rows[0].strategy_id else _quiet(rows, data)


def _reports_quiet(data: bytes) -> str | None:
    """Describe events of spot v1 that say nothing about a cancel."""
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
    """Describe orders of the contracts before v3 that say nothing about a cancel."""
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
    """Describe strategies, their orders, requests for quotes or quotes of which none was canceled."""
    try:
        found = _endings(data)
    except (ValueError, RecursionError):
        return None
    rows = found.data or found.result.rows
    if not rows or any(row.status not in _LASTING and row.terminate_type != DONE for row in rows):
        return None
    return "strategies or quotes without a cancel"


def _quiet(states: Sequence[_Shown | str], data: bytes) -> str | None:
    """Describe orders that say nothing about a cancel; None if one does, or if there are none."""
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
