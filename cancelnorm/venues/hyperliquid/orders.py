"""Hyperliquid orders as they are shown, by streams and by queries: what their status says about a cancel.

``sz`` is what is left of an order. Of a reduce-only order it does not tell what has filled: the venue makes such an
order smaller when its position gets smaller.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, decimal_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import (
    CancelEvent,
    Evidence,
    Initiator,
    OrderStatus,
    OrderType,
    Outcome,
    QuantityUnit,
    Side,
    TimeInForce,
)
from cancelnorm.venues.hyperliquid.messages import product_of

# --- What Hyperliquid sends ---


class Order(Camel):
    """An order in short."""

    coin: str  # BTC, xyz:TSLA of another's exchange, PURR/USDC or @107 of spot
    side: Literal["A", "B"]  # ask or bid
    limit_px: DecimalText  # of a market order how far it may slip
    sz: DecimalText  # what is left
    oid: Int
    timestamp: Epoch  # when it was placed
    orig_sz: DecimalText
    cloid: str | UnsetType | None = UNSET  # the stream leaves it out, queries have null
    reduce_only: bool | UnsetType = UNSET  # the stream has it as true alone


class LongOrder(Order):
    """An order with all that it was placed with."""

    trigger_condition: str  # "N/A" for none
    is_trigger: bool
    trigger_px: DecimalText  # "0.0" for none
    # Take-profit and stop-loss orders, which are canceled with it; they have the same keys.
    children: list[dict[str, str | bool | Int | list[str] | None]]
    is_position_tpsl: bool
    reduce_only: bool
    order_type: Literal[
        "Market",
        "Limit",
        "Stop Market",
        "Stop Limit",
        "Take Profit Market",
        "Take Profit Limit",
        "Twap Slice",
        "Vault Close",
        "Spot Dust Conversion",
    ]
    tif: Literal["Gtc", "Ioc", "Alo", "FrontendMarket", "LiquidationMarket"] | None
    cloid: str | None


class Stated(Camel):
    """Result for an order; the same three keys around both forms of it."""

    status: str  # new words come without notice
    status_timestamp: Epoch  # when it got that status


class OrderUpdate(Stated):
    """A change of an order in short."""

    order: Order


class OrderState(Stated):
    """An order as it stands."""

    order: LongOrder


# --- What it means ---

# https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint#query-order-status-by-oid-or-cloid
INITIATORS: Final = MappingProxyType(
    {
        "canceled": Initiator.USER,  # also of an order that was replaced
        "scheduledCancel": Initiator.TIMER,
        "marginCanceled": Initiator.RISK,
        "reduceOnlyCanceled": Initiator.RISK,
        "openInterestCapCanceled": Initiator.RISK,
        "vaultWithdrawalCanceled": Initiator.RISK,
        "liquidatedCanceled": Initiator.LIQUIDATION,
        "selfTradeCanceled": Initiator.SELF_TRADE_PREVENTION,
        "siblingFilledCanceled": Initiator.LIST_SIBLING,
        "delistedCanceled": Initiator.VENUE,
        "outcomeSettledCanceled": Initiator.VENUE,  # since 2026
        "internalCancel": Initiator.VENUE,  # since 2026
    }
)
_QUIET: Final = ("open", "filled", "triggered")
_UNDOCUMENTED: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)


def is_quiet(status: str) -> bool:
    """Whether a status is not about a cancel; ``iocCancelRejected`` refuses an order that never rested."""
    return status in _QUIET or status == "rejected" or status.endswith("Rejected")


def judged(evidence: Evidence) -> Callable[[str], Verdict]:
    """Function that gives the verdict of a status; every word that ends in ``canceled`` is of an order that is gone."""
    gone = Verdict(Outcome.CANCELED, evidence, status=OrderStatus.CANCELED)

    def judge(status: str) -> Verdict:
        if (initiator := INITIATORS.get(status)) is not None:
            return gone._replace(initiator=initiator)
        return gone if status.casefold().endswith("canceled") else _UNDOCUMENTED

    return judge


SIDES: Final = MappingProxyType({"A": Side.SELL, "B": Side.BUY})
ORDER_TYPES: Final = MappingProxyType(
    {
        "Market": OrderType.MARKET,
        "Limit": OrderType.LIMIT,
        "Stop Market": OrderType.STOP_MARKET,
        "Stop Limit": OrderType.STOP_LIMIT,
        "Take Profit Market": OrderType.TAKE_PROFIT_MARKET,
        "Take Profit Limit": OrderType.TAKE_PROFIT_LIMIT,
    }
)
TIMES_IN_FORCE: Final = MappingProxyType({"Gtc": TimeInForce.GTC, "Ioc": TimeInForce.IOC})
_POST_ONLY: Final = MappingProxyType(
    {name: name == "Alo" for name in ("Gtc", "Ioc", "Alo", "FrontendMarket", "LiquidationMarket")}
)


def _price(limit: str, order_type: str) -> Decimal | None:
    """The price of an order; a market order has none, but a limit to what it may slip."""
    return None if order_type.endswith("Market") else decimal_of(limit)


def _left(size: str, reduce_only: bool | UnsetType, status: str) -> Decimal | None:
    """What of an order has not filled, where its size says that."""
    if reduce_only is True or status.startswith("reduceOnly"):
        return None
    return decimal_of(size)


_BRIEF: Final = EventMap(
    Order,
    by_words(judged(Evidence.FINAL_REPORT), OrderUpdate.status, raw_status=OrderUpdate.status),
    absent=Absent.EMPTY,
    symbol=text(Order.coin),
    product=made(product_of, Order.coin),
    order_id=number(Order.oid),
    client_order_id=text(Order.cloid),
    side=word(Order.side, SIDES),
    price=amount(Order.limit_px),
    quantity=amount(Order.orig_sz),
    remaining_quantity=made(_left, Order.sz, Order.reduce_only, OrderUpdate.status),
    quantity_unit=constant(QuantityUnit.BASE),
    reduce_only=flag(Order.reduce_only),
    created_ns=time(Order.timestamp),
    event_ns=time(OrderUpdate.status_timestamp),
)


def _long(evidence: Evidence) -> EventMap:
    """The map of orders with all that they were placed with."""
    return _BRIEF.extended(
        LongOrder,
        by_words(judged(evidence), OrderState.status, raw_status=OrderState.status),
        event_ns=time(OrderState.status_timestamp),
        price=made(_price, LongOrder.limit_px, LongOrder.order_type),
        order_type=word(LongOrder.order_type, ORDER_TYPES),
        time_in_force=made(TIMES_IN_FORCE.get, LongOrder.tif),
        post_only=made(_POST_ONLY.get, LongOrder.tif),
        trigger_price=amount(LongOrder.trigger_px, zero_is_none=True),
        also=(LongOrder.tif,),
        without={
            LongOrder.tif: ("Gtc", "Ioc", "Alo"),
            LongOrder.trigger_condition: ("N/A",),
            LongOrder.is_trigger: (False,),
            LongOrder.is_position_tpsl: (False,),
        },
    )


PUSHED: Final = _BRIEF
HISTORY: Final = _long(Evidence.FINAL_REPORT)
QUERIED: Final = _long(Evidence.TERMINAL_STATUS)


def state_events(
    states: Sequence[OrderUpdate | OrderState], by_order: EventMap, call: Call, at: str
) -> list[CancelEvent]:
    """The events of orders that are about a cancel; ``at`` is the path of what became of one."""
    if not any(is_quiet(state.status) for state in states):
        return by_order.events([state.order for state in states], call, at, beside=states)
    events: list[CancelEvent] = []
    for i, state in enumerate(states):
        if is_quiet(state.status):
            pass_over(state, call, at.format(i))
        else:
            events += by_order.events([state.order], call, at.format(i), start=i, beside=[state])
    return events


def pass_over(row: Struct, call: Call, path: str) -> None:
    """Note a row that is not about a cancel."""
    call.note("not-a-cancel", path, "an order about which no cancel is told", builtins_of(checked(row)))
