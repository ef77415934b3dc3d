"""Binance options stream until 2025-12: an event tells of several orders, whose letters are not those of futures."""

from decimal import Decimal
from typing import Final, Literal

from msgspec import field

from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    flag,
    made,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, decimal_of
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, OrderStatus, Outcome, Product, QuantityUnit, Side
from cancelnorm.venues.binance.futures import NOT_SAID, TIMES_IN_FORCE, TYPES, TimeInForceWord

# --- What Binance sends ---


class OptionFill(Exact):
    """A trade of an option order."""

    trade_id: str = field(name="t")
    price: DecimalText = field(name="p")
    quantity: DecimalText = field(name="q")
    time: Epoch = field(name="T")
    role: str = field(name="m")  # TAKER, MAKER
    fee: DecimalText = field(name="f")


class OptionState(Exact):
    """An option order as its stream told of it until 2025-12: other letters, and no execution type."""

    created: Epoch = field(name="T")
    updated: Epoch = field(name="t")
    symbol: str = field(name="s")
    client_order_id: str = field(name="c")  # "" where the order has none
    order_id: str = field(name="oid")
    price: DecimalText = field(name="p")
    quantity: DecimalText = field(name="q")  # contracts; negative: an order to sell
    stop_price: Int = field(name="stp")  # always 0
    reduce_only: bool = field(name="r")
    post_only: bool = field(name="po")
    status: Literal["ACCEPTED", "REJECTED", "PARTIALLY_FILLED", "FILLED", "CANCELLED"] = field(name="S")
    filled_quantity: DecimalText = field(name="e")  # contracts; negative: sold
    filled_quote: DecimalText = field(name="ec")  # quote units
    fee: DecimalText = field(name="f")
    time_in_force: TimeInForceWord = field(name="tif")
    type: Literal["LIMIT", "MARKET"] = field(name="oty")
    fills: list[OptionFill] = field(name="fi")


class OptionOrderUpdate(Exact):
    """``ORDER_TRADE_UPDATE`` of options until 2025-12."""

    e: Literal["ORDER_TRADE_UPDATE"]
    event_time: Epoch = field(name="E")
    orders: list[OptionState] = field(name="o")


# --- What it means ---

_NOT_CANCELED: Final = ("ACCEPTED", "REJECTED", "PARTIALLY_FILLED", "FILLED")


def canceled_option(status: str) -> Verdict | None:
    """What the word for an option order's state says; None where the order is not canceled."""
    if status in _NOT_CANCELED:
        return None
    if status != "CANCELLED":
        return NOT_SAID
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED)


def side_of(quantity: str) -> Side:
    """The side of an option order, which the sign of its quantity tells."""
    return Side.SELL if quantity.startswith("-") else Side.BUY


def size_of(quantity: str) -> Decimal:
    """The size of an option order without the sign that tells the side."""
    return decimal_of(quantity).copy_abs()


OPTION_STATE: Final = EventMap(
    OptionState,
    by_words(canceled_option, OptionState.status, raw_status=OptionState.status),
    absent=Absent.ZERO,
    product=constant(Product.OPTION),
    symbol=text(OptionState.symbol),
    order_id=text(OptionState.order_id),
    client_order_id=text(OptionState.client_order_id),
    side=made(side_of, OptionState.quantity),
    order_type=word(OptionState.type, TYPES),
    time_in_force=word(OptionState.time_in_force, TIMES_IN_FORCE),
    post_only=flag(OptionState.post_only),
    reduce_only=flag(OptionState.reduce_only),
    price=amount(OptionState.price, zero_is_none=True),
    quantity=made(size_of, OptionState.quantity),
    filled_quantity=made(size_of, OptionState.filled_quantity),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    filled_quote=amount(OptionState.filled_quote),
    created_ns=time(OptionState.created),
    event_ns=time(OptionState.updated),
)
