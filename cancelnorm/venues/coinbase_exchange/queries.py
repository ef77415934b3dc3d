"""Coinbase Exchange REST: what it answers to a question about orders, where they are canceled."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, amount, by_words, constant, first, flag, made, text, word
from cancelnorm.reader.scalars import DecimalText
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import (
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    TimeInForce,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase_exchange.messages import (
    DOCS,
    IDS,
    KEYS,
    OPEN,
    QUERY_ERRORS,
    SIDES,
    ns_of_time,
)

# --- What Coinbase Exchange sends ---


class Order(Exact):
    """An order, as placements show it, too; the keys of 2016 are those that are required."""

    id: str
    client_oid: str | UnsetType | None = UNSET  # since 2021
    product_id: str
    profile_id: str | UnsetType = UNSET
    side: Literal["buy", "sell"]
    type: Literal["limit", "market", "stop"]
    price: DecimalText | UnsetType | None = UNSET  # limit orders
    size: DecimalText | UnsetType | None = UNSET  # base units; not of market orders by value
    funds: DecimalText | UnsetType | None = UNSET  # quote units less fees, of market orders by value
    specified_funds: DecimalText | UnsetType | None = UNSET  # the same with fees, as they were asked for
    funding_amount: DecimalText | UnsetType | None = UNSET  # margin, until 2018
    stp: str | UnsetType | None = UNSET  # dc, co, cn, cb
    time_in_force: Literal["GTC", "GTT", "IOC", "FOK"] | UnsetType = UNSET  # limit orders
    expire_time: str | UnsetType | None = UNSET  # GTT
    post_only: bool | UnsetType = UNSET
    stop: Literal["loss", "entry"] | UnsetType | None = UNSET
    stop_price: DecimalText | UnsetType | None = UNSET
    stop_limit_price: DecimalText | UnsetType | None = UNSET
    max_floor: DecimalText | UnsetType | None = UNSET  # what is shown of an iceberg order, since 2022
    created_at: str  # ISO 8601
    done_at: str | UnsetType | None = UNSET
    done_reason: Literal["canceled", "filled"] | UnsetType | None = UNSET
    reject_reason: str | UnsetType | None = UNSET
    fill_fees: DecimalText | UnsetType | None = UNSET
    filled_size: DecimalText
    executed_value: DecimalText | UnsetType | None = UNSET
    status: Literal["received", "pending", "open", "active", "done", "rejected", "settled"]
    settled: bool | UnsetType = UNSET
    market_type: str | UnsetType | None = UNSET
    secondary_order_id: str | UnsetType | None = UNSET


# --- What it means ---

_CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.CANCELED)
_ALIVE: Final = ("received", "pending", "open", "active", "rejected")
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
)


def verdict(status: str, reason: str | UnsetType | None) -> Verdict | None:
    """Say what an order is that was asked for; None where it goes on or was filled, or was never taken."""
    if reason == "canceled":
        return _CANCELED
    return None if status in _ALIVE or reason == "filled" else OPEN


def order_type(kind: str, stop: str | UnsetType | None, side: str) -> OrderType | None:
    """The type of an order: one that waits for the price to move on is a stop, one that waits for it to turn is not."""
    if not stop:
        return OrderType.LIMIT if kind == "limit" else OrderType.MARKET if kind == "market" else None
    if kind not in ("limit", "market", "stop"):
        return None
    is_stop = (stop, side) in (("loss", "sell"), ("entry", "buy"))
    if not is_stop and (stop, side) not in (("loss", "buy"), ("entry", "sell")):
        return None
    if kind == "limit":
        return OrderType.STOP_LIMIT if is_stop else OrderType.TAKE_PROFIT_LIMIT
    return OrderType.STOP_MARKET if is_stop else OrderType.TAKE_PROFIT_MARKET


ORDER: Final = EventMap(
    Order,
    by_words(verdict, Order.status, Order.done_reason, raw_status=Order.status),
    unnamed=EventKind.REQUEST,
    also=(Order.done_reason, Order.stop),
    without={Order.done_reason: ("canceled", "filled", None), Order.stop: ("loss", "entry", None)},
    symbol=text(Order.product_id),
    order_id=text(Order.id),
    client_order_id=text(Order.client_oid),
    side=word(Order.side, SIDES),
    order_type=made(order_type, Order.type, Order.stop, Order.side),
    time_in_force=made(TIMES_IN_FORCE.get, Order.time_in_force),
    post_only=flag(Order.post_only),
    price=amount(Order.price),
    trigger_price=amount(Order.stop_price),
    quantity=amount(Order.size),
    quote_quantity=first(amount(Order.specified_funds), amount(Order.funds)),
    filled_quantity=amount(Order.filled_size),
    filled_quote=amount(Order.executed_value),
    display_quantity=amount(Order.max_floor),
    quantity_unit=constant(QuantityUnit.BASE),
    self_trade_prevention=text(Order.stp),
    created_ns=made(ns_of_time, Order.created_at),
    event_ns=made(ns_of_time, Order.done_at),
)


def order(raw: Order, call: Call) -> Normalised:
    """Map the answer to a query of one order."""
    events = all_completed(ORDER.events([raw], call, "$"), call)
    return call.result(events)


def orders(raw: Sequence[Order], call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    return call.result(ORDER.events(raw, call, "$[{}]"))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /orders/{order_id}", Order, order, page="get-single-order"),
    endpoint("GET /orders/client:{client_oid}", Order, order, page="get-single-order"),
    endpoint("GET /orders", list[Order], orders, page="get-all-orders"),
    product=Product.SPOT,
    request=KEYS,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs=DOCS,
    skips=True,
)
