"""BingX perpetual orders, of either margin, as the answers to a cancel show them."""

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm import schema
from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    NOTHING_OPEN,
    Absent,
    EventMap,
    Verdict,
    amount,
    constant,
    first,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalOrEmpty, Epoch, Int, NumberOrEmpty, Unreadable, decimal_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import CancelEvent, Evidence, Normalised, OrderStatus, OrderType, QuantityUnit
from cancelnorm.venues.bingx.codes import SWAP, verdict_by_code
from cancelnorm.venues.bingx.messages import (
    SIDES,
    TAKEN,
    LongId,
    NoOrderId,
    OrderId,
    Reply,
    answered,
    failed_rows,
    listed,
    none_named,
    shown,
)

# --- What BingX sends ---

Type = Literal[
    "LIMIT",
    "MARKET",
    "STOP_MARKET",
    "TAKE_PROFIT_MARKET",
    "STOP",
    "TAKE_PROFIT",
    "TRIGGER_LIMIT",
    "TRIGGER_MARKET",
    "TRAILING_STOP_MARKET",
    "TRAILING_TP_SL",
    "LIQUIDATION",  # pushed only
    "Pending",  # recorded for a coin-margined order in July 2024: a status in the place of the type
]
Status = Literal["NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "CANCELLED", "CANCELED", "EXPIRED"]
PositionSide = Literal["LONG", "SHORT", "BOTH", "Long", "Short"]  # the last two: coin-margined, July 2024


class Attached(Camel):
    """The take-profit or stop-loss order that comes with an order; empty texts and zeros where none does."""

    type: str
    quantity: NumberOrEmpty
    stop_price: NumberOrEmpty
    price: NumberOrEmpty
    working_type: str
    stop_guaranteed: bool | str | UnsetType = UNSET  # since 2024-03-19
    # As the page of the open orders spells it.
    guaranteed: bool | str | UnsetType = field(name="StopGuaranteed", default=UNSET)


class OrderFacts(Camel):
    """Fields of an order, also where there is none."""

    symbol: str
    quantity: NumberOrEmpty | UnsetType = UNSET  # contracts; coin-margined only, where origQty is "0"
    orig_qty: DecimalOrEmpty  # base units; "" if coin-margined
    price: DecimalOrEmpty
    executed_qty: DecimalOrEmpty  # base units, or contracts if coin-margined
    avg_price: DecimalOrEmpty
    cum_quote: str  # quote units; a decimal or ""
    stop_price: str  # a decimal; "": no trigger
    profit: str  # a decimal; "" in 2022
    commission: str  # a decimal; "" in 2022
    # The orders of December 2022, when the API began, ended at updateTime; what follows came in 2023, unless
    # another date is given.
    client_order_id: str | UnsetType = (
        UNSET  # in lower case whatever was sent; "" for a take-profit until 2025-08-21
    )
    leverage: str | UnsetType = UNSET  # "" or like 15X
    take_profit: Attached | str | UnsetType = UNSET  # "", or JSON in a text, where another endpoint wrote it
    stop_loss: Attached | str | UnsetType = UNSET
    advance_attr: Int | UnsetType = UNSET
    position_id: Int | UnsetType = field(name="positionID", default=UNSET)
    take_profit_entrust_price: NumberOrEmpty | UnsetType = UNSET
    stop_loss_entrust_price: NumberOrEmpty | UnsetType = UNSET
    order_type: str | UnsetType = UNSET
    working_type: str | UnsetType = UNSET
    only_one_position: bool | UnsetType = UNSET  # with a cancel-replace
    reduce_only: bool | UnsetType = UNSET  # with a cancel-replace
    stop_guaranteed: bool | str | UnsetType = UNSET  # since 2024-03-19
    trigger_order_id: LongId | str | UnsetType = UNSET  # since 2024-03-19
    is_twap: bool | UnsetType = UNSET  # since 2024-10-24
    main_order_id: str | UnsetType = UNSET  # since 2024-10-24


class ContractOrder(OrderFacts):
    """An order that an answer calls canceled, in the status that it has or still had.

    There is no time of the cancel. ``time`` is the order's creation, and ``updateTime`` is not the cancel's
    either: in a recorded batch, one order's is 18 ms after its creation and before the creation of the next
    order, which the same request canceled.
    """

    order_id: OrderId
    side: Literal["BUY", "SELL"]
    position_side: PositionSide
    type: Type
    status: Status
    time: Epoch
    update_time: Epoch


class NoOrder(OrderFacts):
    """The empty order that the venue's servers write where there is none: its id is 0.

    Recorded for spot only; the perpetual servers share the habit of writing what is not there.
    """

    order_id: NoOrderId
    side: str
    position_side: str
    type: str
    status: str
    time: Int
    update_time: Int


class Canceled(Exact):
    """The order that was to be canceled."""

    order: ContractOrder


class CancelReply(Reply):
    """A cancel of one order."""

    data: Canceled


# --- What it means ---

STATUSES: Final = MappingProxyType(
    {
        "NEW": OrderStatus.NEW,
        "PENDING": OrderStatus.NEW,  # on the book
        "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
        "FILLED": OrderStatus.FILLED,
        "CANCELLED": OrderStatus.CANCELED,
        "CANCELED": OrderStatus.CANCELED,
        "EXPIRED": OrderStatus.EXPIRED,
        # Not documented here, but for TWAP orders: an order that is gone must not be lost over a letter.
        "Cancelled": OrderStatus.CANCELED,
    }
)
TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "MARKET": OrderType.MARKET,
        "STOP_MARKET": OrderType.STOP_MARKET,
        "TAKE_PROFIT_MARKET": OrderType.TAKE_PROFIT_MARKET,
        "STOP": OrderType.STOP_LIMIT,
        "TAKE_PROFIT": OrderType.TAKE_PROFIT_LIMIT,
        "TRIGGER_LIMIT": OrderType.TRIGGER_LIMIT,
        "TRIGGER_MARKET": OrderType.TRIGGER_MARKET,
    }
)
POSITION_SIDES: Final = MappingProxyType(
    {
        "LONG": schema.PositionSide.LONG,
        "SHORT": schema.PositionSide.SHORT,
        "BOTH": schema.PositionSide.BOTH,
        "Long": schema.PositionSide.LONG,
        "Short": schema.PositionSide.SHORT,
    }
)


def value_of(text: str) -> Decimal | None:
    """A decimal; None for a text that is none, which stays in ``extra``."""
    try:
        return decimal_of(text) if text else None
    except Unreadable:
        return None


def trigger_of(text: str) -> Decimal | None:
    """The same; zero is none."""
    return value_of(text) or None


ORDER: Final = EventMap(
    ContractOrder,
    shown(ContractOrder.status, STATUSES, Evidence.ACKNOWLEDGED),
    absent=Absent.ZERO,
    symbol=text(OrderFacts.symbol),
    order_id=number(ContractOrder.order_id),
    client_order_id=text(OrderFacts.client_order_id),
    side=word(ContractOrder.side, SIDES),
    position_side=word(ContractOrder.position_side, POSITION_SIDES),
    order_type=word(ContractOrder.type, TYPES),  # a trailing order's has no counterpart
    price=amount(OrderFacts.price, zero_is_none=True),
    trigger_price=made(trigger_of, OrderFacts.stop_price),
    average_price=amount(OrderFacts.avg_price, zero_is_none=True),
    quantity=first(
        amount(OrderFacts.quantity, zero_is_none=True), amount(OrderFacts.orig_qty, zero_is_none=True)
    ),
    filled_quantity=amount(OrderFacts.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=made(value_of, OrderFacts.cum_quote),
    reduce_only=flag(OrderFacts.reduce_only),
    created_ns=time(ContractOrder.time),
)
LISTED: Final = ORDER.extended(ContractOrder, shown(ContractOrder.status, STATUSES, Evidence.LISTED))


def judge(code: int, message: str) -> Verdict:
    """The verdict on an order that was not canceled with the others."""
    return verdict_by_code(SWAP, code, message)


def one_order(raw: CancelReply, call: Call, each: EventMap) -> Normalised:
    """Map an answer that holds one order."""
    events = each.events([raw.data.order], call, "$.data.order")
    return answered(raw, call, all_completed(events, call))


def all_rows(
    success: Sequence[ContractOrder | NoOrder] | None,
    each: EventMap,
    failed: Sequence[Any] | UnsetType | None,
    failure: EventMap,
    call: Call,
) -> list[CancelEvent]:
    """The events of the orders that were canceled, then of those that were not."""
    orders = success or []
    events = listed(orders, NoOrder, each, call, "$.data.success[{}]")
    events += failed_rows(failed, failure, call, "$.data.failed[{}]", len(orders))
    return events


def none_open(success: Sequence[Any] | None, call: Call) -> CancelEvent:
    """The event of lists of all open orders that name none; rows that are no orders do not say so."""
    return none_named(call, TAKEN if success else NOTHING_OPEN)
