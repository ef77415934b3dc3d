"""Bitget orders as they are shown: what the shapes of streams and of queries share."""

from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import fields

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Said, amount, made, text, time, word
from cancelnorm.reader.scalars import DecimalOrEmpty, EpochText, decimal_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import Target
from cancelnorm.schema import Normalised, OrderType, PositionSide, Side, TimeInForce
from cancelnorm.venues.bitget.messages import envelope, note_code, refused

# --- What Bitget sends ---


class UndatedOrder(Camel):
    """Fields of every order of the classic account, wherever it is shown."""

    order_id: str
    client_oid: str | None  # one of the venue's own where the order was placed without
    side: Literal["buy", "sell"]
    order_type: str  # limit, market
    price: DecimalOrEmpty | UnsetType | None = UNSET  # not of market orders in some streams
    enter_point_source: str | UnsetType = UNSET
    c_time: EpochText


class Order(UndatedOrder):
    """An order that shows when it changed last."""

    u_time: EpochText


class Fee(Camel):
    """A fee of spot or of futures, in a stream."""

    fee_coin: str
    fee: str


# --- What it means ---

SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})
TIMES_IN_FORCE: Final = MappingProxyType(
    {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "fok": TimeInForce.FOK}
)
POST_ONLY: Final = MappingProxyType({**dict.fromkeys(TIMES_IN_FORCE, False), "post_only": True})
POSITION_SIDES: Final = MappingProxyType(
    {"net": PositionSide.BOTH, "long": PositionSide.LONG, "short": PositionSide.SHORT}
)
FLAGS: Final = MappingProxyType({"yes": True, "no": False, "YES": True, "NO": False})
_TYPES: Final = MappingProxyType({"limit": OrderType.LIMIT, "market": OrderType.MARKET})


def order_type(kind: str, force: object = None) -> OrderType | None:
    """The type of an order; post-only stands in its time in force."""
    if kind == "limit" and force == "post_only":
        return OrderType.LIMIT_MAKER
    return _TYPES.get(kind)


def is_by_value(kind: str, side: str) -> bool:
    """Whether an order of spot is sized in quote units: a market order that buys."""
    return kind == "market" and side == "buy"


def base_size(size: str, kind: str, side: str) -> Decimal | None:
    """The size of an order in base units; zero says nothing."""
    found = (decimal_of(size) or None) if size else None
    return None if is_by_value(kind, side) else found


def quote_size(size: str, kind: str, side: str) -> Decimal | None:
    """The size of an order in quote units; zero says nothing."""
    found = (decimal_of(size) or None) if size else None
    return found if is_by_value(kind, side) else None


def order_map(struct: type[UndatedOrder], said: Said, **more: Any) -> EventMap:
    """The map of an order; ``more`` are columns and settings of its own shape."""
    columns: dict[str, Any] = {
        "absent": Absent.ZERO,
        "order_id": text(UndatedOrder.order_id),
        "client_order_id": text(UndatedOrder.client_oid),
        "side": word(UndatedOrder.side, SIDES),
        "order_type": made(order_type, UndatedOrder.order_type),
        "price": amount(UndatedOrder.price, zero_is_none=True),
        "created_ns": time(UndatedOrder.c_time),
        "event_ns": time(Order.u_time),
    }
    return EventMap(struct, said, **{**columns, **more})


def forced(force: str | UnsetType) -> dict[str, Any]:
    """The columns of an order that shows its time in force."""
    return {
        "order_type": made(order_type, UndatedOrder.order_type, force),
        "time_in_force": made(TIMES_IN_FORCE.get, force),
        "post_only": made(POST_ONLY.get, force),
    }


def query(by_row: EventMap, page: type[Camel] | None = None) -> Callable[[Any, Call], Normalised]:
    """Function that maps the answer to a query: its ``data`` is an order, an array of them, or a page.

    The array is the first field of a page; the others say where the next page begins. The product of futures is
    the request's.
    """
    rows, *others = fields(page) if page is not None else (None,)
    at = "$.data" if rows is None else f"$.data.{rows.encode_name}"

    def shown(raw: Any, call: Call) -> Normalised:
        data = raw.data
        if data is None:
            return refused(raw, call)
        said = envelope(raw, call)
        orders = data if rows is None else getattr(data, rows.name) or []
        said |= {each.encode_name: value for each in others if (value := getattr(data, each.name))}
        note_code(raw, call)
        given = (call.target.product,) if by_row.plan.given else ()
        if isinstance(orders, list):
            events = by_row.events(orders, call, f"{at}[{{}}]", given=given)
        else:
            orders = [orders]
            events = by_row.events(orders, call, at, given=given)
        if call.record.request:
            named = [Target(order_id=order.order_id, client_order_id=order.client_oid) for order in orders]
            call.unanswered(named, at)
        return call.result(call.or_unknown(events, at), extra=said)

    return shown
