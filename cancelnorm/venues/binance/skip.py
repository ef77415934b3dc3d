"""Binance's pushed frames: which of them have nothing to say about a cancel.

A user data stream is mostly new orders, fills and balances. Only the few words that tell are read, for every
product: spot and margin, USDⓈ-M, COIN-M, portfolio margin, options. A word that is not known here may be
about a cancel.
"""

from typing import Final

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from cancelnorm.venues.binance import fills

# --- What Binance sends ---

# Nothing here is required, and what is not asked for is skipped without being read.
_Scalar = str | int | float | bool | None
_Other = list[Raw] | _Scalar


class _Event(Struct, gc=False):
    """Any event; in market data the letters have other meanings."""

    e: str | None = None
    x: _Scalar = None  # execution type
    l: _Scalar = None  # what has become of an order list  # noqa: E741


class _Frame(_Event, gc=False):
    """An event, bare or in one of its envelopes."""

    event: _Event | None = None
    stream: Raw | UnsetType = UNSET
    data: _Event | _Other = None


class _Order(Struct, gc=False):
    """The order that an event of the futures streams is about."""

    x: str | None = None  # execution type
    status: str | None = msgspec.field(name="X", default=None)
    os: str | None = None  # status of a conditional order


class _OptionOrder(Struct, gc=False):
    """An order of the options stream until 2025-12."""

    status: str | None = msgspec.field(name="S", default=None)


class _OrderEvent(Struct, gc=False):
    """An event of the futures streams; portfolio margin has names of its own for the order."""

    o: _Order | list[_OptionOrder] | _Scalar = None
    ao: _Order | _Other = None
    so: _Order | _Other = None


class _OrderFrame(_OrderEvent, gc=False):
    event: _OrderEvent | None = None
    data: _OrderEvent | None = None


class _Refusal(Struct, gc=False):
    """Fields that tell the refusal of a cancel from that of an order."""

    r: str | None = None  # reason
    orig: str | None = msgspec.field(name="C", default=None)


class _RefusalFrame(_Refusal, gc=False):
    event: _Refusal | None = None
    data: _Refusal | None = None


class _StockReport(Struct, gc=False):
    """The status of an order for stocks."""

    status: str | None = msgspec.field(name="s", default=None)


class _StockFrame(_StockReport, gc=False):
    data: _StockReport | None = None


class _Named(Struct, gc=False):
    """An event of which nothing but the name can be read."""

    e: str


class _Price(Struct, gc=False):
    """Market data that has no name: an order book, or the best prices."""

    book: Raw | UnsetType = msgspec.field(name="lastUpdateId", default=UNSET)
    update: int | UnsetType = msgspec.field(name="u", default=UNSET)
    bid: str | UnsetType = msgspec.field(name="b", default=UNSET)
    ask: str | UnsetType = msgspec.field(name="a", default=UNSET)


class _PriceFrame(Struct, gc=False):
    data: _Price | _Other = None


class _Failure(Struct, gc=False):
    """An error of a stream server, alone or beside the id of the request; REST's codes are not positive."""

    code: _Scalar = None


class _Answer(_Price, gc=False):
    """The answer to a request, or market data."""

    id: Raw | UnsetType = UNSET
    status: Raw | UnsetType = UNSET  # the WebSocket API has it, the stream servers have not
    result: Raw | UnsetType = UNSET
    error: _Failure | _Other = None
    code: _Scalar = None
    msg: Raw | UnsetType = UNSET
    ping: Raw | UnsetType = UNSET
    pong: Raw | UnsetType = UNSET
    # What tells the answer to a placement, as below.
    order_id: Raw | UnsetType = msgspec.field(name="orderId", default=UNSET)
    transact_time: Raw | UnsetType = msgspec.field(name="transactTime", default=UNSET)
    orig_client_order_id: Raw | UnsetType = msgspec.field(name="origClientOrderId", default=UNSET)
    list_status_type: Raw | UnsetType = msgspec.field(name="listStatusType", default=UNSET)


class _Connection(Struct, rename="camel", gc=False):
    """The result of a request that is about the connection."""

    subscription_id: Raw | UnsetType = UNSET
    listen_key: Raw | UnsetType = UNSET
    authorized_since: Raw | UnsetType = UNSET


class _Placement(Struct, rename="camel", gc=False):
    """Fields that tell the answer to a placement of spot or margin from that to a cancel, which names both."""

    order_id: Raw | UnsetType = UNSET
    transact_time: Raw | UnsetType = UNSET
    orig_client_order_id: Raw | UnsetType = UNSET
    list_status_type: Raw | UnsetType = UNSET


# --- What it means ---

_OPTIONS: Final = "of options that were not canceled"
# The words that say that an order lives on, or is filled.
_NO_CANCEL: Final[dict[str, frozenset[str]]] = {
    "executionReport": frozenset({"NEW", "TRADE", "REPLACED"}),
    "listStatus": frozenset({"EXEC_STARTED", "UPDATED"}),
    "orderReport": frozenset({"ORDER_UPDATE", "filled", "rejected"}),
    "ORDER_TRADE_UPDATE": frozenset({"NEW", "TRADE", "CALCULATED", "AMENDMENT", _OPTIONS}),
    "ALGO_UPDATE": frozenset({"NEW", "TRIGGERING", "TRIGGERED", "FINISHED"}),
    "CONDITIONAL_ORDER_TRADE_UPDATE": frozenset({"NEW", "TRIGGERING", "TRIGGERED", "FINISHED"}),
    "CONDITIONAL_ORDER_TRIGGER_REJECT": frozenset(),
}
# An option order that is refused when it is placed was on no book.
_OPEN_OPTION: Final = frozenset({"ACCEPTED", "REJECTED", "PARTIALLY_FILLED", "FILLED"})
_words_of: Final = _NO_CANCEL.get
_DONE: Final = 200
_NO_ID: Final = (None, "", "null")

FRAMES: Final = (_Frame, _Answer)
shows: Final = fills.shows

_frame: Final = msgspec.json.Decoder(_Frame).decode
_order_frame: Final = msgspec.json.Decoder(_OrderFrame).decode
_refusal_frame: Final = msgspec.json.Decoder(_RefusalFrame).decode
_stock_frame: Final = msgspec.json.Decoder(_StockFrame).decode
_named: Final = msgspec.json.Decoder(_Named).decode
_all_named: Final = msgspec.json.Decoder(list[_Named]).decode
_price_frame: Final = msgspec.json.Decoder(_PriceFrame).decode
_answer: Final = msgspec.json.Decoder(_Answer).decode
_placement: Final = msgspec.json.Decoder(_Placement).decode
_connection: Final = msgspec.json.Decoder(_Connection).decode


def skip(data: bytes) -> str | None:
    """Tell what a frame is that has nothing to say about a cancel; None for one that may have."""
    try:
        frame = _frame(data)
        name = frame.e
        if name is not None:
            words = _words_of(name)
            return name or None if words is None else _order_event(frame, words, data)
        event = frame.event
        if event is None:
            if frame.stream is UNSET:
                return _without_event(data)
            if not isinstance(frame.data, _Event):
                return _unnamed(data)
            event = frame.data
        name = event.e
        if name is None:
            return _unnamed(data)
        words = _words_of(name)
        return name or None if words is None else _order_event(event, words, data)
    except (ValueError, RecursionError):
        return _misread(data)


def _order_event(event: _Event, words: frozenset[str], data: bytes) -> str | None:
    """Tell whether an event about an order is one of those that leave it where it is."""
    match event.e:
        case "executionReport":
            word = event.x
        case "listStatus":
            word = event.l
        case "orderReport":
            word = _stock_word(event.x, data)
        case _:
            word = _futures_word(event.e, data)
    if word in words:
        return f"{event.e} {word}"
    if word == "REJECTED" and event.e == "executionReport" and not _refuses_cancel(data):
        return "executionReport REJECTED of a new order"
    return None


def _stock_word(word: _Scalar, data: bytes) -> _Scalar:
    """The word that a report of an order for stocks has for what happened; of its end, the order's status."""
    if word != "ORDER_TERMINAL":
        return word
    frame = _stock_frame(data)
    return (frame.data or frame).status


def _futures_word(name: str | None, data: bytes) -> str | None:
    """The word that an event of the futures streams has for what happened, one level further in."""
    frame = _order_frame(data)
    event = frame.event or frame.data or frame
    match name:
        case "ORDER_TRADE_UPDATE":
            if isinstance(event.o, list):
                return None if any(order.status not in _OPEN_OPTION for order in event.o) else _OPTIONS
            return event.o.x if isinstance(event.o, _Order) else None
        case "ALGO_UPDATE":
            order = event.ao if event.o is None else event.o
            return order.status if isinstance(order, _Order) else None
        case _:
            return event.so.os if isinstance(event.so, _Order) else None


def _refuses_cancel(data: bytes) -> bool:
    """Whether it is a cancel that was refused: the order that should go is named, or is not known.

    A new order that is refused has no other order's client id.
    """
    frame = _refusal_frame(data)
    event = frame.event or frame.data or frame
    return event.r == "UNKNOWN_ORDER" or event.orig not in _NO_ID


def _unnamed(data: bytes) -> str | None:
    """Tell a price without a name, alone or in a list; what is for a user always has one."""
    part = _price_frame(data).data
    if isinstance(part, _Price):
        return _market_data(part)
    return "market data" if isinstance(part, list) else None


def _market_data(part: _Price) -> str | None:
    """Tell whether it has what order books have, or what best prices have."""
    is_price = UNSET not in (part.update, part.bid, part.ask)
    return "market data" if is_price or part.book is not UNSET else None


def _without_event(data: bytes) -> str | None:
    """Tell an answer about the connection and a price without a name from an answer about orders."""
    answer = _answer(data)
    if answer.result is not UNSET and answer.id is not UNSET:
        result = bytes(answer.result)
        if answer.status is UNSET:
            return "answer to a subscription" if result == b"null" or result[:1] == b"[" else None
        return _about_connection(result)
    if answer.ping is not UNSET or answer.pong is not UNSET:
        return "ping or pong"
    if answer.status is UNSET and (_is_of_stream_server(answer) or _is_of_stream_server(answer.error)):
        return "refusal of a subscription"
    return _market_data(answer) or _placed(answer)


def _is_of_stream_server(failure: object) -> bool:
    """Whether a code is positive, and not the one by which REST says that all was canceled; a text is beside it."""
    if isinstance(failure, _Answer) and failure.msg is UNSET:
        return False  # the error of a program may have the status of HTTP under this name
    code = failure.code if isinstance(failure, _Failure | _Answer) else None
    return isinstance(code, int) and code > 0 and code != _DONE


def _placed(facts: _Placement | _Answer) -> str | None:
    """Tell the answer to a placement: an order that has a time and no name of a cancel, or a list that began."""
    if facts.list_status_type is not UNSET:
        began = bytes(facts.list_status_type) == b'"EXEC_STARTED"'
        return "answer to the placement of an order list" if began else None
    is_placed = UNSET not in (facts.order_id, facts.transact_time) and facts.orig_client_order_id is UNSET
    return "answer to the placement of an order" if is_placed else None


def _about_connection(result: bytes) -> str | None:
    """Tell what a result of the WebSocket API is that names no order."""
    if result == b"{}":
        return "answer to a ping"
    if result[:1] != b"{":
        return None
    facts = _connection(result)
    if facts.subscription_id is not UNSET or facts.listen_key is not UNSET:
        return "answer to a subscription"
    return _placed(_placement(result)) if facts.authorized_since is UNSET else "answer to a login"


def _misread(data: bytes) -> str | None:
    """Tell what a frame is that is no object, or in which a letter stands for something else."""
    if data in (b"ping", b"pong"):
        return "ping or pong"
    try:
        events = _all_named(data) if data[:1] == b"[" else [_named(data)]
    except (ValueError, RecursionError):
        return None
    if not events or any(event.e in _NO_CANCEL for event in events):
        return None
    return events[0].e or None
