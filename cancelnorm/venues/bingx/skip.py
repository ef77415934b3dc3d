"""BingX frames: what of them is not about a cancel."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Raw, Struct

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown


class _Report(Struct, gc=False):
    """What an order's report says of its occasion and of the order's status."""

    occasion: str = msgspec.field(name="x")
    status: str = msgspec.field(name="X")


class _ShownOrder(Struct, gc=False):
    """An order as its report shows it."""

    symbol: str = msgspec.field(name="s")
    order_id: int | str = msgspec.field(name="i")
    status: str = msgspec.field(name="X")
    time: int | None = msgspec.field(name="T", default=None)  # of the transaction, in ms
    filled: Raw = msgspec.field(name="z", default=Raw(b"null"))
    spot_client: str | None = msgspec.field(name="C", default=None)
    contract_client: str | None = msgspec.field(name="c", default=None)


_ABSENT: Final = Raw(b"")


class _Frame(Struct, gc=False, rename={"event": "e", "order": "o", "topic": "dataType"}):
    """Fields that tell frames apart; the answers of REST have none of these but ``code`` and ``data``."""

    id: Raw = _ABSENT
    code: Raw = _ABSENT
    event: str = ""
    topic: str = ""
    order: Raw = _ABSENT
    data: Raw = _ABSENT
    ping: Raw = _ABSENT


_HEARTBEATS: Final = frozenset({b"Ping", b"Pong", b"ping", b"pong", b'"Ping"', b'"Pong"'})
_EVENTS: Final = {
    "ACCOUNT_UPDATE": "an account update",
    "ACCOUNT_CONFIG_UPDATE": "an account setting",
    "SNAPSHOT": "a snapshot of the account",
    "listenKeyExpired": "an expired listen key",
}
# On spot a new order is NEW and PENDING; perpetuals have pushed TRADE and NEW of one.
_OCCASIONS: Final = frozenset({"NEW", "TRADE", "CALCULATED"})
_ALIVE_OR_FILLED: Final = frozenset({"NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "FAILED"})

FRAMES: Final = (_Frame,)

_frame: Final = msgspec.json.Decoder(_Frame).decode
_report: Final = msgspec.json.Decoder(_Report).decode
_shown_order: Final = msgspec.json.Decoder(_ShownOrder).decode
_FILLED: Final = re.compile(rb'"X"\s*:\s*"(?:PARTIALLY_)?FILLED"')


def skip(data: bytes) -> str | None:
    """Say what a frame is that has nothing to say about a cancel; None for one that may have.

    Words that are not known say nothing: a frame with one of them is left to be read.
    """
    try:
        frame = _frame(data)
        if frame.id is not _ABSENT and frame.code is not _ABSENT and bytes(frame.code)[:1] != b'"':
            return "an answer to a subscription"
        if frame.event:
            return _EVENTS.get(frame.event) or _of_report(frame.order)
        if topic := frame.topic:
            if "@" in topic:
                return "market data"
            return _of_report(frame.data) if topic == "spot.executionReport" else _EVENTS.get(topic)
    except (ValueError, RecursionError):
        return "a heartbeat" if data.strip() in _HEARTBEATS else None
    return None if frame.ping is _ABSENT else "a heartbeat"


def _of_report(report: Raw) -> str | None:
    """What the report of an order is about, if not about its cancel."""
    words = _report(report)
    if words.occasion in _OCCASIONS and words.status in _ALIVE_OR_FILLED:
        return f"an order that is {words.status}"
    # The demonstration for coin-margined orders has the status Unknown: then only the occasion can tell.
    return "a new order" if (words.occasion, words.status) == ("NEW", "Unknown") else None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the order that a report shows as filled, if in part."""
    if _FILLED.search(data) is None:
        return ()
    try:
        frame = _frame(data)
        is_spot = frame.topic == "spot.executionReport"
        if not is_spot and frame.event != "ORDER_TRADE_UPDATE":
            return ()
        order = _shown_order(frame.data if is_spot else frame.order)
    except (ValueError, RecursionError):
        return ()
    name = frame.topic if is_spot else frame.event
    if order.status not in ("PARTIALLY_FILLED", "FILLED"):
        return ()
    return [
        Shown(
            f"stream {name}",
            order.symbol,
            str(order.order_id),
            order.status == "FILLED",
            known_ns(order.time),
            known_amount(order.filled),
            goes_on=False,
            client_order_id=order.spot_client if is_spot else order.contract_client,
        )
    ]
