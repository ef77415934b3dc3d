"""Deribit streams of orders: what becomes of them, cancels among it. A frame has no clock of its own.

A channel of ``raw`` sends one order, those of an interval send several. Who subscribes to both streams gets each
cancel twice.
"""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.deribit.messages import IDS, version_told
from cancelnorm.venues.deribit.orders import Order, order_map, shown
from cancelnorm.venues.deribit.trades import Position, Trade

# --- What Deribit sends ---


class Frame(Exact):
    """Fields of every frame."""

    jsonrpc: Literal["2.0"]
    method: Literal["subscription"]


class Orders(Exact):
    """Orders that changed."""

    channel: str
    data: Order | list[Order]


class OrdersFrame(Frame):
    """Orders that changed."""

    params: Orders


class Changes(Exact):
    """Frame with changes of an instrument."""

    instrument_name: str
    orders: list[Order]
    trades: list[Trade] | UnsetType = UNSET
    positions: list[Position] | UnsetType = UNSET


class ChangesOf(Exact):
    """Frame with changes."""

    channel: str
    data: Changes


class ChangesFrame(Frame):
    """Frame with changes."""

    params: ChangesOf


# --- What it means ---

STREAMED: Final = order_map(shown(Evidence.FINAL_REPORT))


def orders(raw: OrdersFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    data = raw.params.data
    if isinstance(data, Order):
        events = STREAMED.events([data], call, "$.params.data")
    else:
        events = STREAMED.events(data, call, "$.params.data[{}]")
    return pushed(raw, events, {"channel": raw.params.channel}, call)


def changes(raw: ChangesFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel. What was traded beside them, ``extra`` tells."""
    data = raw.params.data
    events = STREAMED.events(data.orders, call, "$.params.data.orders[{}]")
    said: dict[str, Any] = {"channel": raw.params.channel}
    if any(order.instrument_name != data.instrument_name for order in data.orders):
        said["instrument_name"] = data.instrument_name
    if data.trades:
        said["trades"] = [builtins_of(checked(each)) for each in data.trades]
    if data.positions:
        said["positions"] = [builtins_of(checked(each)) for each in data.positions]
    return pushed(raw, events, said, call)


def pushed(raw: Frame, events: list[CancelEvent], extra: dict[str, Any], call: Call) -> Normalised:
    """The events of a frame; where it has none, nothing is known."""
    method: str = raw.method
    if method != "subscription":
        extra["method"] = method
    return call.result(call.or_unknown(events, "$.params.data"), extra=version_told(raw.jsonrpc) | extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream user.orders", OrdersFrame, orders, page="user-orders-instrument_name-raw"),
    endpoint("stream user.changes", ChangesFrame, changes, page="user-changes-instrument_name-interval"),
    product=None,
    ids=IDS,
    docs="https://docs.deribit.com/subscriptions/user/",
    skips=True,
)
