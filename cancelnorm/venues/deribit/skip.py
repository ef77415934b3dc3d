"""Deribit's frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.deribit.orders import QUIET, QUIET_RFQ, is_quiet_entry

_NOTHING: Final = Raw(b"")


class _Params(Struct, gc=False):
    """What a frame was subscribed to, and what it says."""

    channel: str = ""
    data: Raw = _NOTHING


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    jsonrpc: str
    method: str = ""
    params: _Params | None = None
    result: Raw = _NOTHING


class _Fault(Struct, gc=False):
    """An error."""

    code: int


class _Refusal(Struct, gc=False):
    """Fields that tell that an answer is a refusal."""

    error: _Fault | None = None


class _State(Struct, gc=False):
    """Fields of an order that say whether it is about a cancel."""

    order_state: str


class _Shown(Struct, gc=False):
    """An order as a stream shows it."""

    order_id: str
    instrument_name: str
    order_state: str
    last_update_timestamp: int
    filled_amount: Raw = Raw(b"0")
    label: str | None = None


class _Changes(Struct, gc=False):
    """Frame with changes of an instrument."""

    orders: list[Raw]


class _RfqState(Struct, gc=False):
    """Fields of a request for quotes, or of a quote, that say whether it was canceled."""

    state: str = ""
    quote_state: str = ""


class _Result(Struct, gc=False):
    """The keys by which results differ that are objects."""

    order: _State | None = None  # of a new or edited order
    orders: list[_State] | None = None  # of a mass quote
    entries: list[_State] | None = None  # of a history
    trades: Raw = _NOTHING  # alone, but for whether there are more; or of a mass quote
    has_more: bool | None = None
    order_state: str = ""
    access_token: str = ""
    enabled: bool | None = None
    version: str = ""
    created_timestamp: int = 0  # of money; an order has a creation_timestamp
    currency: str = ""


FRAMES: Final = (_Frame,)

_refusal: Final = Decoder(_Refusal).decode
_frame: Final = Decoder(_Frame).decode
_states: Final = Decoder(list[_State]).decode
_shown: Final = Decoder(list[_Shown]).decode
_rfq_states: Final = Decoder(list[_RfqState]).decode
_changes: Final = Decoder(_Changes).decode
_result: Final = Decoder(_Result).decode
_words: Final = Decoder(list[str]).decode
_CANCELED: Final = re.compile(rb'"order_state"\s*:\s*"cancelled"')
_LIVELY: Final = re.compile(rb'"order_state"\s*:\s*"(?:filled|open)"')
_TIME: Final = re.compile(rb"[1-9][0-9]{12}")
_ORDERS: Final = "orders without a cancel"
_CHANNELS: Final = {
    "user.trades": "a fill",
    "user.combo_trades": "a fill",
    "user.portfolio": "a balance",
    "user.mmp_trigger": "market-maker protection",
    "user.access_log": "a log of accesses",
    "user.lock": "a lock of the account",
    "announcements": "an announcement",
    "book": "an order book",
    "quote": "an order book",
    "chart.trades": "candles",
    "trades": "public trades",
    "block_trade_confirmations": "a block trade",
    "block_rfq.trades": "public trades",
    "ticker": "a ticker",
    "incremental_ticker": "a ticker",
    "instrument.state": "an instrument",
    "deribit_price_index": "a price",
    "deribit_price_ranking": "a price",
    "deribit_price_statistics": "a price",
    "deribit_volatility_index": "a price",
    "estimated_expiration_price": "a price",
    "markprice": "a price",
    "perpetual": "a funding rate",
    "platform_state": "the venue's own state",
    "rfq": "requests for quotes",
}
_BY_LENGTH: Final = sorted(_CHANNELS, key=len, reverse=True)


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        frame = _frame(data)
        if frame.method == "heartbeat":
            return "a heartbeat"
        if frame.method == "subscription" and frame.params is not None:
            return _pushed(frame.params.channel, frame.params.data)
        return _answered(bytes(frame.result)) if frame.result and not frame.method else None
    except (ValueError, RecursionError):
        return None


def _pushed(channel: str, data: Raw) -> str | None:
    """Describe a pushed frame."""
    if channel.startswith("user.orders."):
        return _quiet(_listed(data))
    if channel.startswith("user.changes."):
        orders = _changes(data).orders
        return _quiet(b"[" + b",".join(map(bytes, orders)) + b"]") if orders else "a fill"
    if channel.startswith(("block_rfq.taker.", "block_rfq.maker.")):
        return _quiet_rfqs(_listed(data))
    return next((_CHANNELS[name] for name in _BY_LENGTH if _is_of(channel, name)), None)


def _quiet_rfqs(rows: bytes) -> str | None:
    """Describe requests for quotes, or quotes, that were not canceled."""
    found = _rfq_states(rows)
    return (
        "a block trade"
        if found and all((each.quote_state or each.state) in QUIET_RFQ for each in found)
        else None
    )


def _is_of(channel: str, name: str) -> bool:
    return channel == name or channel.startswith(f"{name}.")


def _listed(data: Raw) -> bytes:
    """One order as an array of orders, too."""
    orders = bytes(data)
    return orders if orders[:1] == b"[" else b"[" + orders + b"]"


def _quiet(orders: bytes) -> str | None:
    """Describe orders that say nothing about a cancel; None if one does, or if there are none."""
    if _CANCELED.search(orders):
        return None
    found = _states(orders)
    return _ORDERS if found and all(each.order_state in QUIET for each in found) else None


def _answered(result: bytes) -> str | None:
    """Describe the result of an answer that says nothing about a cancel."""
    if _TIME.fullmatch(result):
        return "the time of the venue"
    if result[:1] == b"[":
        is_of_texts = result[1:].lstrip()[:1] == b'"'
        return "the answer to a subscription" if is_of_texts and _words(result) else None
    if result[:1] != b"{":
        return None
    found = _result(result)
    if found.access_token:
        return "the answer to a login"
    if found.version:
        return "the version of the venue's API"
    if found.created_timestamp and found.currency and not found.order_state:
        return "a withdrawal or a transfer"
    if found.enabled is not None:
        return "the state of a timer"
    if found.order is not None:
        return "the answer to a new or edited order" if found.order.order_state in QUIET else None
    if found.orders is not None:
        is_quiet = all(each.order_state in QUIET for each in found.orders)
        return "the answer to a mass quote" if is_quiet else None
    if found.trades and found.has_more is not None:
        return "fills or public trades"
    return None


def quiet_query(data: bytes) -> str | None:
    """The same of the answer to a query; one to a cancel may show an order as it was before."""
    if what := skip(data):
        return what
    try:
        result = bytes(_frame(data).result)
        if result[:1] == b"[":
            return _quiet(result) if result.strip(b"[ \t\r\n]") else "an answer without orders"
        if result[:1] != b"{":
            return None
        found = _result(result)
    except (ValueError, RecursionError):
        return None
    if found.entries is not None:
        is_quiet = all(is_quiet_entry(each.order_state) for each in found.entries)
        return _ORDERS if is_quiet else None
    return _ORDERS if found.order_state in QUIET else None


def quiet_amendment(data: bytes) -> str | None:
    """Describe the answer to an edit or to a mass quote that says nothing of a cancel, as a refusal does."""
    if b'"error"' in data:
        try:
            if _refusal(data).error is not None:
                return "the refusal of an amendment"
        except (ValueError, RecursionError):
            return None
    return skip(data)


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled or as going on."""
    if _LIVELY.search(data) is None:
        return ()
    try:
        params = _frame(data).params
        if params is None:
            return ()
        stream = ".".join(params.channel.split(".")[:2])
        if stream == "user.orders":
            orders = _shown(_listed(params.data))
        elif stream == "user.changes":
            orders = [row for each in _changes(params.data).orders for row in _shown(_listed(each))]
        else:
            return ()
    except (ValueError, RecursionError):
        return ()
    return [
        Shown(
            f"stream {stream}",
            each.instrument_name,
            each.order_id,
            each.order_state == "filled",
            known_ns(each.last_update_timestamp),
            known_amount(each.filled_amount),
            client_order_id=each.label,
        )
        for each in orders
        if each.order_state in ("open", "filled")
    ]
