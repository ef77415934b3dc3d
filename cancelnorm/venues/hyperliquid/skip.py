"""Hyperliquid's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.hyperliquid.orders import is_quiet
from cancelnorm.venues.hyperliquid.stream import QUIET_TWAPS


class _Order(Struct, rename="camel", gc=False):
    """An order that a frame shows."""

    coin: str = ""
    oid: int = 0
    cloid: str | None = None
    orig_sz: Raw = Raw(b"null")
    reduce_only: bool = False


class _State(Struct, rename="camel", gc=False):
    """Result for an order."""

    status: str
    order: _Order
    status_timestamp: int | None = None


class _Frame(Struct, rename="camel", gc=False):
    """The keys by which frames and answers differ."""

    channel: str = ""
    data: Raw = Raw(b"null")
    status: str = ""  # of the query of one order
    order: Raw = Raw(b"null")
    method: str = ""  # of a request, which a log without directions has among the answers
    subscription: Raw = Raw(b"null")


class _History(Struct, rename="camel", gc=False):
    """Orders of a user."""

    order_history: list[_State]


class _TwapWord(Struct, gc=False):
    """Result for a TWAP order."""

    status: str


class _Twap(Struct, gc=False):
    """A TWAP order."""

    status: _TwapWord


class _Twaps(Struct, rename="camel", gc=False):
    """TWAP orders of a user, in either of two channels."""

    history: list[_Twap] = []
    twap_history: list[_Twap] = []


class _Response(Struct, gc=False):
    """What kind of answer it is."""

    type: str


class _Posted(Struct, gc=False):
    """An answer over the socket."""

    response: _Response


FRAMES: Final = (_Frame,)

_frame: Final = Decoder(_Frame).decode
_states: Final = Decoder(list[_State]).decode
_state: Final = Decoder(_State).decode
_history: Final = Decoder(_History).decode
_twaps: Final = Decoder(_Twaps).decode
_posted: Final = Decoder(_Posted).decode

_ORDERS: Final = "orders without a cancel"
_CHANNELS: Final = {
    "subscriptionResponse": "the answer to a subscription",
    "pong": "a heartbeat",
    "notification": "a notice for the user",
    **dict.fromkeys(("webData2", "webData3", "activeAssetData"), "the state of a user"),
    **dict.fromkeys(("clearinghouseState", "allDexsClearinghouseState"), "positions"),
    **dict.fromkeys(("spotState", "userNonFundingLedgerUpdates"), "a balance"),
    "openOrders": "open orders",
    "twapStates": "running TWAP orders",
    **dict.fromkeys(("activeAssetCtx", "activeSpotAssetCtx"), "data of a market"),
    **dict.fromkeys(("assetCtxs", "allDexsAssetCtxs"), "data of a market"),
    "allMids": "prices",
    **dict.fromkeys(("l2Book", "bbo"), "an order book"),
    "trades": "public trades",
    "candle": "candles",
    **dict.fromkeys(("userFills", "userTwapSliceFills"), "fills"),
    "userFundings": "funding",
    **dict.fromkeys(("explorerBlock", "explorerTxs"), "a block"),
}
# The only key in the data of a frame of the channel ``user``; a cancel may come beside one some day.
_USER_EVENTS: Final = (
    (b'"fills"', "fills"),
    (b'"funding"', "funding"),
    (b'"liquidation"', "a liquidation"),
    (b'"twapSliceFills"', "fills"),
    (b'"triggerActivated"', "a trigger"),
    (b'"triggerTriggered"', "a trigger"),
)
_VENUE_CANCELS: Final = b'"nonUserCancel"'
_HEAD: Final = 40
_GREETING: Final = b"Websocket connection established."  # the first frame of a connection
_CANCELED: Final = b'anceled","statusTimestamp"'  # of an order, whatever the word for it
_POSTED: Final = b'"channel":"post"'  # what it answers, only its type says


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    if _CANCELED in data and _POSTED not in data:
        return None
    try:
        if data[:1] == b"[":
            return _quiet(_states(data))
        frame = _frame(data)
        if not frame.channel:
            return _asked(frame) or _queried(frame)
        return _CHANNELS.get(frame.channel) or _pushed(frame.channel, frame.data)
    except (ValueError, RecursionError):
        return "a heartbeat" if data.strip().strip(b'"') == _GREETING else None


def _asked(frame: _Frame) -> str | None:
    """Describe a request that has no answer of its own."""
    if frame.method in ("subscribe", "unsubscribe") and bytes(frame.subscription)[:1] == b"{":
        return "a subscription"
    return None


def _queried(frame: _Frame) -> str | None:
    """Describe the answer to a query of an order that is not canceled."""
    return _quiet([_state(frame.order)]) if frame.status == "order" else None


def _pushed(channel: str, data: Raw) -> str | None:
    match channel:
        case "orderUpdates":
            return _pushed_orders(_states(data))
        case "userHistoricalOrders":
            return _pushed_orders(_history(data).order_history)
        case "userTwapHistory":
            return _quiet_twaps(data)
        case "user" | "userEvents":
            if _VENUE_CANCELS in bytes(data):
                return None
            head = bytes(data)[:_HEAD]
            return next((what for key, what in _USER_EVENTS if key in head), None) or _quiet_twaps(data)
        case "post":
            return "the answer to a query" if _posted(data).response.type == "info" else None
        case "error":
            return "an error of a subscription" if b"subscri" in bytes(data).lower() else None
    return None


def _pushed_orders(states: Sequence[_State]) -> str | None:
    """Describe orders as a frame shows them; it may show none, as where a subscription begins."""
    return _quiet(states) if states else "no orders"


def _quiet_twaps(data: Raw) -> str | None:
    found = _twaps(data)
    twaps = found.history or found.twap_history
    are_quiet = twaps and all(twap.status.status in QUIET_TWAPS for twap in twaps)
    return "TWAP orders without a cancel" if are_quiet else None


def _quiet(states: Sequence[_State]) -> str | None:
    """Describe orders that say nothing about a cancel; None if one does, or if there are none."""
    return _ORDERS if states and all(is_quiet(state.status) for state in states) else None


_SHOWN: Final = (b'"filled"', b'"open"', b'"triggered"')


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame, or the answer to a query, shows as filled, or as going on."""
    if not any(word in data for word in _SHOWN):
        return ()
    try:
        if data[:1] == b"[":
            return _filled("POST /info historicalOrders", _states(data))
        frame = _frame(data)
        if frame.channel == "orderUpdates":
            endpoint, states = "stream orderUpdates", _states(frame.data)
        elif frame.channel == "userHistoricalOrders":
            return _filled("stream userHistoricalOrders", _history(frame.data).order_history)
        elif frame.status == "order":
            endpoint, states = "POST /info orderStatus", [_state(frame.order)]
        else:
            return ()
    except (ValueError, RecursionError):
        return ()
    return [_shown(endpoint, state) for state in states if f'"{state.status}"'.encode() in _SHOWN]


def _filled(endpoint: str, states: Sequence[_State]) -> Sequence[Shown]:
    """The orders of a history that have filled; it shows others as they were."""
    return [_shown(endpoint, state) for state in states if state.status == "filled"]


def _shown(endpoint: str, state: _State) -> Shown:
    """An order that is alive or filled; a reduce-only one may have become smaller instead."""
    order, is_filled = state.order, state.status == "filled"
    return Shown(
        endpoint,
        order.coin,
        str(order.oid),
        is_filled,
        known_ns(state.status_timestamp),
        known_amount(order.orig_sz) if is_filled and not order.reduce_only else None,
        goes_on=not is_filled,
        client_order_id=order.cloid,
    )
