"""Kraken's pushed frames and answers: which of them have nothing to say about a cancel.

Only the few words that tell are read.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount
from cancelnorm.venue import Shown
from cancelnorm.venues.kraken.endings import QUIET, QUIET_EXECUTIONS
from cancelnorm.venues.kraken.messages import ns_of_seconds, ns_of_time

_NOTHING: Final = Raw(b"")


class _Frame(Struct, gc=False):
    """The keys by which frames and answers differ."""

    channel: str = ""
    type: str = ""
    method: str = ""
    event: str = ""
    data: Raw = _NOTHING
    error: Raw = _NOTHING  # of REST, where it is an array
    result: Raw = _NOTHING


class _Execution(Struct, gc=False):
    """Fields of an execution that say whether it is about a cancel, and what it shows of a fill."""

    exec_type: str
    order_id: str = ""
    cl_ord_id: str | None = None
    symbol: str = ""
    timestamp: str = ""
    cum_qty: Raw = _NOTHING


class _Executions(Struct, gc=False):
    """A frame of executions."""

    channel: str
    type: str
    data: list[_Execution]


class _State(Struct, gc=False):
    """The same of an order as queries and the older stream show it; every order in an answer has a status."""

    status: str = ""
    cl_ord_id: str | None = None
    vol_exec: Raw = _NOTHING
    lastupdated: Raw = _NOTHING


_Orders = dict[str, _State]


class _Result(Struct, gc=False):
    """Keys of the results of requests that are no cancels."""

    open: _Orders | None = None
    closed: _Orders | None = None
    descr: Raw = _NOTHING
    txid: Raw = _NOTHING
    originaltxid: Raw = _NOTHING
    orders: Raw = _NOTHING
    amend_id: Raw = _NOTHING
    token: Raw = _NOTHING
    unixtime: Raw = _NOTHING
    trades: Raw = _NOTHING  # with a count, which is not that of canceled orders
    ledger: Raw = _NOTHING  # likewise


class _Queried(Struct, gc=False):
    """The answer to a query of orders."""

    result: _Orders


FRAMES: Final = (_Frame,)

_frame: Final = Decoder(_Frame).decode
_executions: Final = Decoder(_Executions).decode
_result: Final = Decoder(_Result).decode
_queried: Final = Decoder(_Queried).decode
_parts: Final = Decoder(list[Raw]).decode
_states: Final = Decoder(list[_Orders]).decode
_words: Final = Decoder(str).decode

_METHODS: Final = {
    "subscribe": "the answer to a subscription",
    "unsubscribe": "the answer to the end of a subscription",
    "ping": "a heartbeat",
    "pong": "a heartbeat",
    "add_order": "the answer to a new order",
    "batch_add": "the answer to new orders",
    "amend_order": "the answer to an amendment",
}
_EVENTS: Final = {
    "subscribe": "a subscription",
    "unsubscribe": "the end of a subscription",
    "heartbeat": "a heartbeat",
    "ping": "a heartbeat",
    "pong": "a heartbeat",
    "systemStatus": "the venue's own state",
    "subscriptionStatus": "the answer to a subscription",
    "addOrderStatus": "the answer to a new order",
}
_CHANNELS: Final = {
    "heartbeat": "a heartbeat",
    "status": "the venue's own state",
    "ticker": "a ticker",
    "book": "an order book",
    "level3": "an order book",
    "ohlc": "candles",
    "trade": "public trades",
    "instrument": "an instrument",
    "balances": "a balance",
    "ownTrades": "a fill",
    "spread": "an order book",
}
_EXECUTIONS: Final = "executions"
_OPEN_ORDERS: Final = "openOrders"
_QUIET: Final = "orders without a cancel"


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        if data[:1] == b"[":
            return _pushed(data)
        frame = _frame(data)
        if frame.method:
            return _METHODS.get(frame.method)
        if frame.event:
            return _EVENTS.get(frame.event)
        if frame.channel == _EXECUTIONS:
            return _executed(data)
        if frame.channel:
            return _CHANNELS.get(frame.channel)
        if bytes(frame.error)[:1] == b"[" and frame.result:
            return _answered(data, bytes(frame.result))
    except (ValueError, RecursionError):
        pass
    return None


def _executed(data: bytes) -> str | None:
    """Describe executions that cancel nothing; None if one does, or if there are none."""
    frame = _executions(data)
    if frame.type == "snapshot":
        return "a snapshot of orders and fills"
    for each in frame.data:
        if each.exec_type not in QUIET_EXECUTIONS:
            return None
    return _QUIET if frame.data else None


def _pushed(data: bytes) -> str | None:
    """Describe a frame of the older API: an array with the name of its channel after what it carries."""
    parts = _parts(data)
    names = [_words(part) for part in parts if bytes(part)[:1] == b'"']
    for name in names:
        if name == _OPEN_ORDERS:
            return _quiet([orders for each in _states(parts[0]) for orders in each.values()])
        if what := _CHANNELS.get(name.partition("-")[0]):
            return what
    return "texts alone" if names and len(names) == len(parts) else None


def _answered(data: bytes, result: bytes) -> str | None:
    """Describe an answer of REST that is about no cancel."""
    if result[:1] != b"{":
        return "the answer to another request" if result == b"true" else None
    found = _result(result)
    if found.amend_id:
        return "the answer to an amendment"
    if found.descr and found.txid and not found.originaltxid:
        return "the answer to a new order"
    if found.orders:
        return "the answer to new orders"
    if found.token:
        return "the answer to a login"
    if found.unixtime:
        return "the venue's clock"
    if found.trades:
        return "fills"
    if found.ledger:
        return "entries of the account"
    for orders in (found.open, found.closed):
        if orders is not None:
            return _all_quiet(orders.values())
    if b'"status"' not in result:
        return None
    return _all_quiet(_queried(data).result.values())


def _all_quiet(states: Collection[_State]) -> str | None:
    """The same of orders that all have a status."""
    return _quiet(states) if all(each.status for each in states) else None


def _quiet(states: Iterable[_State]) -> str | None:
    """Describe orders that say nothing about a cancel; None if one does, or if there are none."""
    found = [each.status for each in states]
    return _QUIET if found and QUIET.issuperset(found) else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled, if in part."""
    try:
        if data[:1] == b"[":
            return [*_filled_orders(data)]
        if b'"executions"' not in data:
            return ()
        frame = _executions(data)
    except (ValueError, RecursionError):
        return ()
    if frame.channel != _EXECUTIONS or frame.type == "snapshot":
        return ()
    return [
        Shown(
            f"stream {_EXECUTIONS}",
            each.symbol,
            each.order_id,
            each.exec_type == "filled",
            ns_of_time(each.timestamp),
            known_amount(each.cum_qty),
            goes_on=False,
            client_order_id=each.cl_ord_id,
        )
        for each in frame.data
        if each.exec_type in ("trade", "filled") and each.order_id
    ]


def _filled_orders(data: bytes) -> Iterator[Shown]:
    """The orders in a frame of the older API that have filled, if in part."""
    parts = _parts(data)
    if not any(bytes(part) == b'"openOrders"' for part in parts):
        return
    for orders in _states(parts[0]):
        for order_id, each in orders.items():
            filled = known_amount(each.vol_exec)
            if order_id and (each.status == "closed" or (not each.status and filled)):
                at = ns_of_seconds(each.lastupdated) if each.lastupdated else None
                yield Shown(
                    f"stream {_OPEN_ORDERS}",
                    "",
                    order_id,
                    each.status == "closed",
                    at,
                    filled,
                    goes_on=False,
                    client_order_id=each.cl_ord_id,
                )
