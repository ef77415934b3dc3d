"""Binance's pushed frames: which orders they show as filled, or as going on."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown

# --- What Binance sends ---


class _ShownOrder(Struct, gc=False):
    """An order, and what happened to it."""

    s: str  # symbol
    i: int  # id
    x: str  # execution type
    status: str = msgspec.field(name="X")
    time: int | None = msgspec.field(name="T", default=None)  # of the transaction, in ms
    filled: Raw = msgspec.field(name="z", default=Raw(b"null"))
    c: str | None = None  # the order's own client id, but in a cancel


class _ShownAlgo(Struct, gc=False):
    """A conditional order of the algo service, or of portfolio margin."""

    symbol: str = msgspec.field(name="s")
    order_id: int | None = msgspec.field(name="aid", default=None)
    strategy_id: int | None = msgspec.field(name="si", default=None)  # of portfolio margin
    client_id: str | None = msgspec.field(name="caid", default=None)
    strategy_client_id: str | None = msgspec.field(name="c", default=None)
    status: str = msgspec.field(name="X", default="")
    strategy_status: str = msgspec.field(name="os", default="")


class _ShownOption(Struct, gc=False):
    """An option order, as its stream showed it until 2025-12."""

    s: str  # symbol
    order_id: str = msgspec.field(name="oid")
    status: str = msgspec.field(name="S")
    time: int | None = msgspec.field(name="t", default=None)  # of the change, in ms
    filled: Raw = msgspec.field(name="e", default=Raw(b"null"))  # negative: sold
    c: str | None = None  # client id


class _ShownEvent(Struct, gc=False):
    """An event of the futures, or of spot and margin, where the order's members are those of the event."""

    e: str | None = None
    o: Raw = Raw(b"null")  # of spot the type of the order
    ao: Raw | UnsetType = UNSET  # of conditional orders of portfolio margin, as the next
    so: Raw | UnsetType = UNSET
    time: int | str | None = msgspec.field(name="T", default=None)  # in ms


class _ShownFrame(_ShownEvent, gc=False):
    event: Raw | UnsetType = UNSET
    data: Raw | UnsetType = UNSET


# --- What it means ---

_FILLS: Final = frozenset({"PARTIALLY_FILLED", "FILLED"})
_CONDITIONAL: Final = re.compile(rb'"ot"\s*:\s*"(?:STOP|TAKE_PROFIT|TRAILING_STOP)')
_FINISHED: Final = rb'"(?:X|os)"\s*:\s*"FINISHED"|'
_TELLING: Final = re.compile(rb'"[XS]"\s*:\s*"(?:PARTIALLY_)?FILLED"|' + _FINISHED + _CONDITIONAL.pattern)
_ALGOS: Final = ("ALGO_UPDATE", "CONDITIONAL_ORDER_TRADE_UPDATE")
_shown_frame: Final = msgspec.json.Decoder(_ShownFrame).decode
_shown_order: Final = msgspec.json.Decoder(_ShownOrder).decode
_shown_algo: Final = msgspec.json.Decoder(_ShownAlgo).decode
_shown_options: Final = msgspec.json.Decoder(list[_ShownOption]).decode


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the order that a frame shows as filled, if in part, or as going on if it is a conditional one.

    When a conditional order is triggered it "expires", and goes on under the same id; one of the algo service has
    finished when the order that it has placed has ended.
    """
    if _TELLING.search(data) is None:
        return ()
    try:
        frame = _shown_frame(data)
        inner = frame.data if frame.event is UNSET else frame.event
        if inner is not UNSET:
            data = bytes(inner)
            frame = _shown_frame(data)
        if frame.e == "executionReport":
            order, goes_on = _shown_order(data), False
        elif frame.e == "ORDER_TRADE_UPDATE" and bytes(frame.o).startswith(b"["):
            return _options_in(frame.o)
        elif frame.e == "ORDER_TRADE_UPDATE":
            order = _shown_order(frame.o)
            goes_on = order.x in ("NEW", "TRADE") and _CONDITIONAL.search(data) is not None
        elif frame.e in _ALGOS:
            return _algo_in(frame)
        else:
            return ()
    except (ValueError, RecursionError):
        return ()
    is_fill = order.x == "TRADE" and order.status in _FILLS
    if not goes_on and not is_fill:
        return ()
    return [
        Shown(
            f"stream {frame.e}",
            order.s,
            str(order.i),
            is_fill and order.status == "FILLED",
            known_ns(order.time),
            known_amount(order.filled) if is_fill else None,
            goes_on,
            order.c,
        )
    ]


def _algo_in(frame: _ShownEvent) -> Sequence[Shown]:
    """The conditional order of a frame, if it has placed another and that one has ended."""
    order = _shown_algo(frame.ao or frame.so or frame.o)
    order_id = order.order_id if order.order_id is not None else order.strategy_id
    if order_id is None or "FINISHED" not in (order.status, order.strategy_status):
        return ()
    return [
        Shown(
            f"stream {frame.e}",
            order.symbol,
            str(order_id),
            False,
            known_ns(frame.time),
            goes_on=False,
            client_order_id=order.client_id or order.strategy_client_id,
            is_closed=True,
        )
    ]


def _options_in(orders: Raw) -> Sequence[Shown]:
    """The option orders that a frame shows as filled."""
    return [
        Shown(
            "stream ORDER_TRADE_UPDATE",
            order.s,
            order.order_id,
            order.status == "FILLED",
            known_ns(order.time),
            known_amount(order.filled),
            goes_on=False,
            client_order_id=order.c,
        )
        for order in _shown_options(orders)
        if order.status in _FILLS
    ]
