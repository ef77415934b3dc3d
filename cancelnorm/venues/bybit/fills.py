"""Bybit's pushed frames: which orders they show as filled."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from cancelnorm.reader.scalars import known_amount, known_ns
from cancelnorm.venue import Shown
from cancelnorm.venues.bybit.topics import EARLIER_ORDERS, ORDERS

# --- What Bybit sends ---


class _ShownOrder(Struct, rename="camel", gc=False):
    """An order as a stream shows it; before v5 by one of several names."""

    order_status: str = ""
    symbol: str = ""
    order_id: str = ""
    order_link_id: str | None = None
    updated_time: int | str | None = None  # ms
    cum_exec_qty: Raw = Raw(b"null")
    updated_at: int | None = None  # of USDC, in ms
    contract_status: str = field(name="order_status", default="")  # of contracts before v3
    contract_id: str = field(name="order_id", default="")
    contract_client: str | None = field(name="order_link_id", default=None)
    contract_filled: Raw = field(name="cum_exec_qty", default=Raw(b"null"))
    create_time: str | None = field(name="create_time", default=None)  # of linear contracts alone
    spot_status: str = field(name="X", default="")  # of spot before v5
    spot_symbol: str = field(name="s", default="")
    spot_id: str = field(name="i", default="")
    spot_client: str | None = field(name="c", default=None)
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


# --- What it means ---

_shown: Final = Decoder(list[_ShownOrders] | _ShownOrders).decode
_FILLED: Final = re.compile(
    rb'"(?:orderStatus|order_status|X)"\s*:\s*"(?:Partially|PARTIALLY_)?(?:Filled|FILLED)"'
)
_FILLS: Final = frozenset({"PartiallyFilled", "PARTIALLY_FILLED", "Filled", "FILLED"})


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
        if frame.topic in ORDERS or frame.topic in EARLIER_ORDERS:
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
        client_id = order.order_link_id
    elif order.contract_status:
        symbol, order_id, filled = order.symbol, order.contract_id, order.contract_filled
        client_id = order.contract_client
        stream += " (inverse v2)" if order.create_time is None else " (linear v2)"
    else:
        symbol, order_id, filled = order.spot_symbol, order.spot_id, order.spot_filled
        client_id = order.spot_client
        stream += " (spot v3)" if stream == "order" else ""
    return Shown(
        f"stream {stream}",
        symbol,
        order_id,
        _status_of(order).upper() == "FILLED",
        known_ns(order.updated_time or order.updated_at or order.spot_time),
        known_amount(filled),
        goes_on=False,
        client_order_id=client_id,
    )
