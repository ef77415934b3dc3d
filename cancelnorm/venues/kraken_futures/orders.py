"""Kraken Futures orders as answers over REST show them, in the events of the engine that an answer lists."""

from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.eventmap import Absent, EventMap, Said, amount, flag, made, text, word
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import ZEROS, AnyNumber, any_number
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import EventKind, OrderType, Side, TimeInForce
from cancelnorm.venues.kraken_futures.messages import product_of, unit_of

# --- What Kraken Futures sends ---

Type = Literal[
    "lmt",
    "ioc",
    "post",
    "fok",
    "mkt",
    "stp",
    "take_profit",
    "liquidation",
    "assignment",
    "unwind",
    "block",
]


class Order(Camel):
    """An order; its numbers are in quotes in some recordings, and may have exponents there, too."""

    order_id: str
    cli_ord_id: str | None
    type: Type
    symbol: str
    side: Literal["buy", "sell"]
    quantity: AnyNumber  # contracts
    filled: AnyNumber
    limit_price: AnyNumber | UnsetType = UNSET
    stop_price: AnyNumber | UnsetType = UNSET  # until 2019
    reduce_only: bool
    timestamp: str
    last_update_timestamp: str | UnsetType = UNSET  # since 2019-09


class Trigger(Camel):
    """An order that waits for a price; its type is that of the order that it places."""

    uid: str
    client_id: str | None
    type: Type
    symbol: str
    side: Literal["buy", "sell"]
    quantity: AnyNumber  # null: the whole position
    limit_price: AnyNumber
    trigger_price: AnyNumber
    trigger_side: Literal["trigger_above", "trigger_below"] | None
    trigger_signal: Literal["mark_price", "last_price", "spot_price"] | None
    reduce_only: bool
    timestamp: str
    last_update_timestamp: str
    start_time: str | UnsetType | None = UNSET


class Canceled(Camel):
    """An order was canceled."""

    type: str  # CANCEL
    uid: str
    order: Order | None


class CanceledTrigger(Camel):
    """An order that waited for a price was canceled."""

    type: str  # CANCEL
    uid: str
    order_trigger: Trigger | None


class Placed(Camel):
    """A new order."""

    type: str  # PLACE
    order: Order
    reduced_quantity: AnyNumber


class PlacedTrigger(Camel):
    """A new order that waits for a price."""

    type: str  # PLACE
    order_trigger: Trigger


class Edited(Camel):
    """An order before and after an amendment."""

    type: str  # EDIT
    old: Order
    new: Order
    reduced_quantity: AnyNumber


class Refused(Camel):
    """An order that the engine did not take."""

    type: str  # REJECT
    uid: str
    order: Order | None
    reason: str


class RefusedTrigger(Camel):
    """The same of one that would wait for a price."""

    type: str  # REJECT
    uid: str
    order_trigger: Trigger | None
    reason: str


class Executed(Camel):
    """A fill."""

    type: str  # EXECUTION
    execution_id: str
    price: AnyNumber
    amount: AnyNumber
    order_prior_edit: Order | None
    order_prior_execution: Order | None
    taker_reduced_quantity: AnyNumber


OrderEvent = (
    Canceled | CanceledTrigger | Placed | PlacedTrigger | Edited | Refused | RefusedTrigger | Executed
)

# --- What it means ---

SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})
_TIMES_IN_FORCE: Final = MappingProxyType({"ioc": TimeInForce.IOC, "fok": TimeInForce.FOK})
_POST_ONLY: Final = MappingProxyType({"post": True, "lmt": False, "ioc": False, "fok": False, "mkt": False})
_TYPES: Final = {
    "lmt": OrderType.LIMIT,
    "ioc": OrderType.LIMIT,
    "fok": OrderType.LIMIT,
    "post": OrderType.LIMIT_MAKER,
    "mkt": OrderType.MARKET,
}
_WAITING: Final = {
    "stp": (OrderType.STOP_MARKET, OrderType.STOP_LIMIT),
    "take_profit": (OrderType.TAKE_PROFIT_MARKET, OrderType.TAKE_PROFIT_LIMIT),
}
_BY_TRIGGER: Final = (OrderType.TRIGGER_MARKET, OrderType.TRIGGER_LIMIT)


def has_price(sent: Raw | UnsetType) -> bool:
    """Whether there is a price: zero, null and nothing are none."""
    return sent is not UNSET and any_number(sent) not in ("", *ZEROS)


def _type(kind: str, limit_price: Raw | UnsetType) -> OrderType | None:
    if pair := _WAITING.get(kind):
        return pair[has_price(limit_price)]
    return _TYPES.get(kind)


def _trigger_type(kind: str, limit_price: Raw | UnsetType) -> OrderType | None:
    """The type of an order that waits, of which is not said whether it stops a loss or takes a profit."""
    if pair := _WAITING.get(kind):
        return pair[has_price(limit_price)]
    return _BY_TRIGGER[has_price(limit_price)] if kind in _TYPES else None


def order_map(said: Said, **more: Any) -> EventMap:
    """The map of an order that was canceled; ``more`` is what stands beside it."""
    return EventMap(
        Order,
        said,
        unnamed=EventKind.REQUEST,
        product=made(product_of, Order.symbol),
        symbol=text(Order.symbol),
        order_id=text(Order.order_id),
        client_order_id=text(Order.cli_ord_id),
        side=word(Order.side, SIDES),
        order_type=made(_type, Order.type, Order.limit_price),
        time_in_force=made(_TIMES_IN_FORCE.get, Order.type),
        post_only=made(_POST_ONLY.get, Order.type),
        price=amount(Order.limit_price, zero_is_none=True),
        trigger_price=amount(Order.stop_price, zero_is_none=True),
        quantity=amount(Order.quantity),
        filled_quantity=amount(Order.filled),
        quantity_unit=made(unit_of, Order.symbol),
        reduce_only=flag(Order.reduce_only),
        created_ns=made(ns_of_date_time, Order.timestamp),
        **more,
    )


def trigger_map(said: Said, **more: Any) -> EventMap:
    """The same of an order that waited for a price."""
    return EventMap(
        Trigger,
        said,
        unnamed=EventKind.REQUEST,
        absent=Absent.EMPTY,
        also=(Trigger.type,),
        product=made(product_of, Trigger.symbol),
        symbol=text(Trigger.symbol),
        order_id=text(Trigger.uid),
        client_order_id=text(Trigger.client_id),
        side=word(Trigger.side, SIDES),
        order_type=made(_trigger_type, Trigger.type, Trigger.limit_price),
        price=amount(Trigger.limit_price, zero_is_none=True),
        trigger_price=amount(Trigger.trigger_price, zero_is_none=True),
        quantity=amount(Trigger.quantity),
        quantity_unit=made(unit_of, Trigger.symbol),
        reduce_only=flag(Trigger.reduce_only),
        created_ns=made(ns_of_date_time, Trigger.timestamp),
        **more,
    )
