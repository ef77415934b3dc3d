"""Bitget private streams of the classic account beside ``orders``: plan orders, and orders of margin."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, amount, by_words, constant, made, text, time
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalOrEmpty, Epoch, EpochText, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, OrderType, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.causes import causes
from cancelnorm.venues.bitget.messages import DOCS, IDS, PRODUCTS
from cancelnorm.venues.bitget.states import (
    POSITION_SIDES,
    Order,
    UndatedOrder,
    base_size,
    forced,
    order_map,
    quote_size,
)

# --- What Bitget sends ---


class PlanArg(Camel):
    """Subscription of a frame."""

    inst_type: str  # of spot too a page of the documentation has USDT-FUTURES
    channel: Literal["orders-algo"]
    inst_id: str | UnsetType = UNSET


class PlanOrder(Order):
    """An order that waits for its trigger."""

    inst_id: str
    status: str  # live, executing, executed, fail_execute, cancelled
    plan_type: str  # spot: amount, total; futures: pl, tp, sl, ptp, psl, track, mtpsl
    size: DecimalOrEmpty
    trigger_price: DecimalOrEmpty
    trigger_type: str
    trigger_time: str | UnsetType = UNSET
    execute_price: DecimalOrEmpty | UnsetType = UNSET
    actual_size: DecimalOrEmpty | UnsetType = UNSET
    stp_mode: str | UnsetType = UNSET  # since 2024
    cancel_reason: str | UnsetType = UNSET  # not documented here
    stop_surplus_price: str | UnsetType = UNSET
    stop_surplus_trigger_price: str | UnsetType = UNSET
    stop_surplus_trigger_type: str | UnsetType = UNSET
    stop_surplus_execute_price: str | UnsetType = UNSET
    stop_loss_price: str | UnsetType = UNSET
    stop_loss_trigger_price: str | UnsetType = UNSET
    stop_loss_trigger_type: str | UnsetType = UNSET
    stop_loss_execute_price: str | UnsetType = UNSET
    # Of futures.
    pos_mode: str | UnsetType = UNSET
    pos_side: str | UnsetType = UNSET
    trade_side: str | UnsetType = UNSET
    margin_coin: str | UnsetType = UNSET


class PlansFrame(Camel):
    """Plan orders that changed."""

    action: str
    arg: PlanArg
    data: list[PlanOrder]
    ts: Epoch


class MarginArg(Camel):
    """Subscription of a frame."""

    inst_type: str  # MARGIN
    channel: Literal["orders-crossed", "orders-isolated"]
    inst_id: str | UnsetType = UNSET  # the symbol of all rows


class MarginFee(Camel):
    """A fee, with the part of it that was deducted elsewhere."""

    fee_coin: str
    total_fee: str
    deduction: str  # yes, no
    total_deduction_fee: str


class MarginOrder(UndatedOrder):
    """An order of margin, which does not name its symbol."""

    u_time: EpochText | UnsetType = UNSET  # documented, but not in a recording of 2024
    force: str
    status: str
    base_size: DecimalOrEmpty  # of a market order that buys, nothing
    quote_size: DecimalOrEmpty
    base_volume: DecimalOrEmpty
    fill_price: str | UnsetType = UNSET
    fill_total_amount: DecimalOrEmpty | UnsetType = UNSET  # quote units
    loan_type: str | UnsetType = UNSET
    stp_mode: str | UnsetType = UNSET  # since 2024
    fee_detail: list[MarginFee] | UnsetType | None = UNSET
    cancel_reason: str | UnsetType = UNSET  # since 2025


class MarginFrame(Camel):
    """Orders of margin that changed."""

    action: str
    arg: MarginArg
    data: list[MarginOrder]
    ts: Epoch


# --- What it means ---

# By ``planType``: what is triggered by a market and by a limit order. A trailing stop has no word of ours.
_TRIGGERED: Final[dict[str, tuple[OrderType, OrderType]]] = {
    **dict.fromkeys(
        ("pl", "normal_plan", "amount", "total"), (OrderType.TRIGGER_MARKET, OrderType.TRIGGER_LIMIT)
    ),
    **dict.fromkeys(
        ("tp", "ptp", "profit_plan", "pos_profit"),
        (OrderType.TAKE_PROFIT_MARKET, OrderType.TAKE_PROFIT_LIMIT),
    ),
    **dict.fromkeys(("sl", "psl", "loss_plan", "pos_loss"), (OrderType.STOP_MARKET, OrderType.STOP_LIMIT)),
}


def plan_type(kind: str, plan: str) -> OrderType | None:
    """The type of a plan order, named by what it triggers."""
    both = _TRIGGERED.get(plan.casefold())
    if both is None or kind not in ("market", "limit"):
        return None
    return both[kind == "limit"]


def plan_quantity(size: str, plan: str) -> Decimal | None:
    """The size of a plan order in base units."""
    return base_size(size, _sized(plan), "buy")


def plan_value(size: str, plan: str) -> Decimal | None:
    """The size of a plan order in quote units."""
    return quote_size(size, _sized(plan), "buy")


def _sized(plan: str) -> str:
    """The type of an order that is sized as a plan order is; queries of spot are recorded with capitals."""
    return "market" if plan.casefold() == "total" else ""


PLAN: Final = order_map(
    PlanOrder,
    by_words(
        causes(Evidence.FINAL_REPORT), PlanOrder.status, PlanOrder.cancel_reason, raw_status=PlanOrder.status
    ),
    given=("product",),
    also=(Order.order_type, PlanOrder.plan_type),
    symbol=text(PlanOrder.inst_id),
    raw_initiator=text(PlanOrder.cancel_reason),
    order_type=made(plan_type, Order.order_type, PlanOrder.plan_type),
    quantity=made(plan_quantity, PlanOrder.size, PlanOrder.plan_type),
    quote_quantity=made(plan_value, PlanOrder.size, PlanOrder.plan_type),
    quantity_unit=constant(QuantityUnit.BASE),
    price=amount(PlanOrder.execute_price, zero_is_none=True),  # ``price`` mostly repeats the trigger's
    trigger_price=amount(PlanOrder.trigger_price, zero_is_none=True),
    position_side=made(POSITION_SIDES.get, PlanOrder.pos_side),
    self_trade_prevention=text(PlanOrder.stp_mode, none=("none",)),
)
MARGIN: Final = order_map(
    MarginOrder,
    by_words(
        causes(Evidence.FINAL_REPORT),
        MarginOrder.status,
        MarginOrder.cancel_reason,
        raw_status=MarginOrder.status,
    ),
    **forced(MarginOrder.force),
    given=("symbol",),
    raw_initiator=text(MarginOrder.cancel_reason),
    quantity=made(base_size, MarginOrder.base_size, MarginOrder.order_type, MarginOrder.side),
    quote_quantity=made(quote_size, MarginOrder.quote_size, MarginOrder.order_type, MarginOrder.side),
    filled_quantity=amount(MarginOrder.base_volume),
    filled_quote=amount(MarginOrder.fill_total_amount),
    quantity_unit=constant(QuantityUnit.BASE),
    self_trade_prevention=text(MarginOrder.stp_mode, none=("none",)),
    product=constant(Product.MARGIN),
    event_ns=time(MarginOrder.u_time),
)


def plans(raw: PlansFrame, call: Call) -> Normalised:
    """Map a frame: the plan orders in it that are about a cancel."""
    return _pushed(raw, PLAN, PRODUCTS.get(raw.arg.inst_type), call, product=PRODUCTS.get(raw.arg.inst_type))


def margin_orders(raw: MarginFrame, call: Call) -> Normalised:
    """Map a frame: the orders of margin in it that are about a cancel."""
    symbol = None if raw.arg.inst_id in (UNSET, "", "default") else raw.arg.inst_id
    return _pushed(raw, MARGIN, symbol, call)


def _pushed(
    raw: PlansFrame | MarginFrame, by_row: EventMap, given: object, call: Call, **fields: Any
) -> Normalised:
    call.response_ns = ns_of(raw.ts)
    rows: Sequence[UndatedOrder] = raw.data
    events = by_row.events(rows, call, "$.data[{}]", given=(given,))
    said = {"action": raw.action, "arg": builtins_of(raw.arg)}
    return call.result(call.or_unknown(events, "$.data", **fields), extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream orders-algo", PlansFrame, plans, page="contract/websocket/private/Plan-Order-Channel"),
    endpoint(
        "stream orders-crossed",
        MarginFrame,
        margin_orders,
        page="margin/cross/websocket/private/Cross-Orders",
        product=Product.MARGIN,
    ),
    endpoint(
        "stream orders-isolated",
        MarginFrame,
        margin_orders,
        page="margin/isolated/websocket/private/Isolate-Orders",
        product=Product.MARGIN,
    ),
    product=None,
    ids=IDS,
    docs=DOCS,
    skips=True,
)
