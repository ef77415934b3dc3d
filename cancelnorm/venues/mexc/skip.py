"""MEXC's pushed frames: which of them have nothing to say about a cancel.

Contracts have channels that begin with ``push.`` and ``rs.``; their frames are told in a module of their own.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec
from msgspec import Raw, Struct

from cancelnorm.reader.scalars import known_amount
from cancelnorm.reader.structs import Exact
from cancelnorm.venue import Shown
from cancelnorm.venues.mexc.contract_skip import contract_shows, skip_contract

_ABSENT: Final = Raw(b"")


class _Frame(Struct, gc=False, rename={"json_channel": "c", "order": "privateOrders", "json_order": "d"}):
    """The keys by which frames differ; the answers of REST have none of these but ``code`` and ``msg``."""

    channel: str = ""
    json_channel: str = ""
    order: Raw = _ABSENT
    json_order: Raw = _ABSENT
    symbol: str = ""
    json_symbol: str = msgspec.field(name="s", default="")
    id: Raw = _ABSENT


class _Answer(Exact):
    """The answer to a subscription, or to a heartbeat; other venues' have other codes, or more keys."""

    id: Raw
    code: Literal[0]
    msg: str


class _Order(Struct, rename="camel", gc=False):
    """An order as the stream shows it."""

    id: str = ""
    client_id: str | None = None
    status: int = 0
    cumulative_quantity: Raw = _ABSENT


class _JsonOrder(Struct, gc=False):
    """The same before 2025; stop orders have words for their statuses."""

    id: str = msgspec.field(name="i", default="")
    client_id: str | None = msgspec.field(name="c", default=None)
    status: int | str = msgspec.field(name="s", default=0)
    filled: Raw = msgspec.field(name="cv", default=_ABSENT)


FRAMES: Final = (_Frame,)

_frame: Final = msgspec.json.Decoder(_Frame).decode
_answer: Final = msgspec.json.Decoder(_Answer).decode
_order: Final = msgspec.json.Decoder(_Order).decode
_json_order: Final = msgspec.json.Decoder(_JsonOrder).decode
_TELLING: Final = re.compile(rb'"(?:status|s)"\s*:\s*(?:[23](?![0-9])|"EXECUTED")')
_FILLED: Final = (2, 3)  # as a whole, and in part
_PLACED: Final = "EXECUTED"  # a stop order

_ORDERS: Final = "private.orders.v3.api"
_PRIVATE: Final = {"private.account": "a balance", "private.deals": "a fill"}
_QUIET: Final[dict[int | str, str]] = {
    1: "an order that is new",
    2: "an order that is filled",
    3: "an order that is partially filled",
    "NEW": "a stop order that is new",
    "EXECUTED": "a stop order that was triggered",
    "FAILED": "a stop order that failed",
}
_HEARTBEATS: Final = frozenset((b"PING", b"PONG", b'"PING"', b'"PONG"', b'{"method":"PING"}'))


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have.

    A refused subscription has the code of success, and only its text tells.
    """
    try:
        frame = _frame(data)
        if channel := frame.channel or frame.json_channel:
            if "@" not in channel:
                return skip_contract(data)
            return _of_channel(channel.partition("@")[2], frame)
        if frame.id is _ABSENT:
            return None
        return "a heartbeat" if _answer(data).msg == "PONG" else "the answer to a subscription"
    except (ValueError, RecursionError):
        return "a heartbeat" if data.strip() in _HEARTBEATS else None


def _of_channel(name: str, frame: _Frame) -> str | None:
    """Describe a frame of spot or of margin."""
    if name.startswith(_ORDERS):
        return _QUIET.get(
            _json_order(frame.json_order).status if frame.json_channel else _order(frame.order).status
        )
    return next((what for start, what in _PRIVATE.items() if name.startswith(start)), "market data")


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the order that a frame shows as filled, if in part, or as having placed another."""
    try:
        frame = _frame(data)
        channel = frame.channel or frame.json_channel
        if channel and "@" not in channel:
            return contract_shows(data)
        if _ORDERS not in channel or _TELLING.search(data) is None:
            return ()
        if frame.json_channel:
            old = _json_order(frame.json_order)
            found = (frame.json_symbol, old.id, old.client_id, old.status, old.filled)
        else:
            order = _order(frame.order)
            found = (frame.symbol, order.id, order.client_id, order.status, order.cumulative_quantity)
    except (ValueError, RecursionError):
        return ()
    symbol, order_id, client_id, status, filled = found
    is_placed = status == _PLACED
    if not is_placed and status not in _FILLED:
        return ()
    quantity = None if is_placed or not bytes(filled) else known_amount(filled)
    return [
        Shown(
            f"stream {channel}",
            symbol,
            order_id,
            status == 2,
            None,
            quantity,
            goes_on=False,
            client_order_id=client_id,
            is_closed=is_placed,
        )
    ]
