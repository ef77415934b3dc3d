"""Bitget private streams of the unified account: what becomes of orders and of strategy orders.

Everything in a row is text, and empty where it does not apply.
"""

from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Said, amount, by_words, made, text, time, word
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalOrEmpty, Epoch, EpochText, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.causes import causes
from cancelnorm.venues.bitget.messages import DOCS, IDS, PRODUCTS
from cancelnorm.venues.bitget.states import (
    FLAGS,
    POSITION_SIDES,
    POST_ONLY,
    SIDES,
    TIMES_IN_FORCE,
    order_type,
)

# --- What Bitget sends ---


class UnifiedOrder(Camel):
    """Fields of an order in streams and queries alike."""

    order_id: str
    client_oid: str | None
    category: str  # spot, margin, usdt-futures, …; in capitals in queries
    symbol: str
    order_type: str  # limit, market
    side: Literal["buy", "sell"]
    price: DecimalOrEmpty
    qty: DecimalOrEmpty  # base units, but for coin-futures
    amount: DecimalOrEmpty | UnsetType = UNSET  # quote units, of market orders that buy spot
    cum_exec_qty: DecimalOrEmpty
    cum_exec_value: DecimalOrEmpty
    avg_price: DecimalOrEmpty
    time_in_force: str
    order_status: str
    hold_mode: str | UnsetType = UNSET
    delegate_type: str | UnsetType = UNSET
    reduce_only: str | UnsetType = UNSET  # yes, no
    fee_detail: list[dict[str, str | None]] | UnsetType | None = UNSET  # feeCoin and fee, null without a fill
    cancel_reason: str | UnsetType = UNSET
    stp_mode: str | UnsetType = UNSET
    created_time: EpochText
    updated_time: EpochText
    # Of futures.
    pos_side: str | UnsetType = UNSET  # long, short
    trade_side: str | UnsetType = UNSET
    margin_mode: str | UnsetType = UNSET
    margin_coin: str | UnsetType = UNSET
    total_profit: str | UnsetType = UNSET
    exec_type: str | UnsetType = UNSET
    # Of an order with a take-profit or a stop-loss, since 2025-09; null or "" without.
    tp_trigger_by: str | UnsetType | None = UNSET
    sl_trigger_by: str | UnsetType | None = UNSET
    tp_order_type: str | UnsetType | None = UNSET
    sl_order_type: str | UnsetType | None = UNSET
    tp_limit_price: str | UnsetType | None = UNSET
    sl_limit_price: str | UnsetType | None = UNSET


class PushedOrder(UnifiedOrder):
    """An order in the stream."""

    hold_side: str | UnsetType = UNSET  # long, short; ``pos_side`` in queries
    leverage: str | UnsetType = UNSET
    takeprofit: str | UnsetType = field(name="takeprofit", default=UNSET)  # in small letters
    stoploss: str | UnsetType = field(name="stoploss", default=UNSET)
    match_type: str | UnsetType = UNSET  # recorded in 2026, not documented


class Arg(Camel):
    """Subscription of a frame."""

    inst_type: str  # UTA
    topic: Literal["order"]


class OrderFrame(Camel):
    """Orders that changed."""

    action: str
    arg: Arg
    data: list[PushedOrder]
    ts: Epoch


class StrategyArg(Camel):
    """Subscription of a frame."""

    inst_type: str  # UTA
    topic: Literal["strategy-order"]
    symbol: str | UnsetType = UNSET  # default: all of them


class StrategyOrder(Camel):
    """A take-profit, stop-loss or trigger order. Nobody has recorded a frame, so that most may be missing."""

    order_id: str
    client_oid: str | UnsetType | None = UNSET
    category: str | UnsetType = UNSET
    symbol: str
    side: str | UnsetType = UNSET
    qty: DecimalOrEmpty | UnsetType = UNSET
    pos_side: str | UnsetType = UNSET
    status: str  # pending, submitting, success, cancelled, failed
    cancel_reason: str | UnsetType = UNSET
    strategy_type: str | UnsetType = field(name="type", default=UNSET)
    hold_mode: str | UnsetType = UNSET
    reduce_only: str | UnsetType = UNSET
    trigger_type: str | UnsetType = UNSET  # takeProfit, stopLoss
    trigger_by: str | UnsetType = UNSET
    trigger_price: DecimalOrEmpty | UnsetType = UNSET
    trigger_order_type: str | UnsetType = UNSET
    trigger_order_price: str | UnsetType = UNSET
    trigger_qty: str | UnsetType = UNSET
    take_profit: str | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET
    tp_order_type: str | UnsetType = UNSET
    sl_order_type: str | UnsetType = UNSET
    tp_limit_price: str | UnsetType = UNSET
    sl_limit_price: str | UnsetType = UNSET
    created_time: EpochText | UnsetType = UNSET
    updated_time: EpochText


class StrategyFrame(Camel):
    """Strategy orders that changed."""

    action: str
    arg: StrategyArg
    data: list[StrategyOrder]
    ts: Epoch


# --- What it means ---

# Of inverse futures one page has quantities in base units, and another in quote units.
_UNITS: Final = MappingProxyType(
    {word: QuantityUnit.BASE for word, product in PRODUCTS.items() if product is not Product.INVERSE}
)


def unified_map(struct: type[UnifiedOrder], said: Said, **more: Any) -> EventMap:
    """The map of an order; ``more`` are columns of its own shape."""
    columns: dict[str, Any] = {
        "absent": Absent.ZERO,
        "product": word(UnifiedOrder.category, PRODUCTS),
        "symbol": text(UnifiedOrder.symbol),
        "order_id": text(UnifiedOrder.order_id),
        "client_order_id": text(UnifiedOrder.client_oid),
        "raw_initiator": text(UnifiedOrder.cancel_reason),
        "side": word(UnifiedOrder.side, SIDES),
        "order_type": made(order_type, UnifiedOrder.order_type, UnifiedOrder.time_in_force),
        "time_in_force": made(TIMES_IN_FORCE.get, UnifiedOrder.time_in_force),
        "post_only": made(POST_ONLY.get, UnifiedOrder.time_in_force),
        "reduce_only": made(FLAGS.get, UnifiedOrder.reduce_only),
        "price": amount(UnifiedOrder.price, zero_is_none=True),
        "quantity": amount(UnifiedOrder.qty, zero_is_none=True),
        "quote_quantity": amount(UnifiedOrder.amount, zero_is_none=True),
        "filled_quantity": amount(UnifiedOrder.cum_exec_qty),
        "filled_quote": amount(UnifiedOrder.cum_exec_value),
        "quantity_unit": made(_UNITS.get, UnifiedOrder.category),
        "average_price": amount(UnifiedOrder.avg_price, zero_is_none=True),
        "self_trade_prevention": text(UnifiedOrder.stp_mode, none=("none",)),
        "created_ns": time(UnifiedOrder.created_time),
        "event_ns": time(UnifiedOrder.updated_time),
    }
    return EventMap(struct, said, **{**columns, **more})


PUSHED: Final = unified_map(
    PushedOrder,
    by_words(
        causes(Evidence.FINAL_REPORT),
        UnifiedOrder.order_status,
        UnifiedOrder.cancel_reason,
        raw_status=UnifiedOrder.order_status,
    ),
    position_side=made(POSITION_SIDES.get, PushedOrder.hold_side),
)
STRATEGY: Final = EventMap(
    StrategyOrder,
    by_words(
        causes(Evidence.FINAL_REPORT),
        StrategyOrder.status,
        StrategyOrder.cancel_reason,
        raw_status=StrategyOrder.status,
    ),
    absent=Absent.ZERO,
    product=made(PRODUCTS.get, StrategyOrder.category),
    symbol=text(StrategyOrder.symbol),
    order_id=text(StrategyOrder.order_id),
    client_order_id=text(StrategyOrder.client_oid),
    raw_initiator=text(StrategyOrder.cancel_reason),
    side=made(SIDES.get, StrategyOrder.side),
    reduce_only=made(FLAGS.get, StrategyOrder.reduce_only),
    quantity=amount(StrategyOrder.qty, zero_is_none=True),
    quantity_unit=made(_UNITS.get, StrategyOrder.category),
    trigger_price=amount(StrategyOrder.trigger_price, zero_is_none=True),
    position_side=made(POSITION_SIDES.get, StrategyOrder.pos_side),
    created_ns=time(StrategyOrder.created_time),
    event_ns=time(StrategyOrder.updated_time),
)


def orders(raw: OrderFrame | StrategyFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    call.response_ns = ns_of(raw.ts)
    by_row = PUSHED if isinstance(raw, OrderFrame) else STRATEGY
    events = by_row.events(raw.data, call, "$.data[{}]")
    said = {"action": raw.action, "arg": builtins_of(raw.arg)}
    return call.result(call.or_unknown(events, "$.data"), extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream order", OrderFrame, orders, page="Order-Channel"),
    endpoint("stream strategy-order", StrategyFrame, orders, page="Strategy-Order-Channel"),
    product=None,
    ids=IDS,
    docs=f"{DOCS}uta/websocket/private/",
    skips=True,
)
