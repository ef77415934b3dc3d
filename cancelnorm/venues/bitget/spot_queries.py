"""Bitget REST of the classic account: what it answers to a question about orders of spot and margin."""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import amount, by_words, constant, made, text, time
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText, EpochText
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.causes import causes
from cancelnorm.venues.bitget.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    Envelope,
    is_shared_refusal,
)
from cancelnorm.venues.bitget.plan_stream import plan_quantity, plan_type, plan_value
from cancelnorm.venues.bitget.states import (
    Order,
    UndatedOrder,
    base_size,
    forced,
    order_map,
    query,
    quote_size,
)

# --- What Bitget sends ---


class SpotOrder(UndatedOrder):
    """A spot order; ``size`` is in quote units where a market order buys."""

    user_id: str | UnsetType = UNSET
    symbol: str
    size: DecimalText
    status: str
    price_avg: DecimalOrEmpty
    u_time: EpochText | UnsetType = UNSET  # not of open orders
    base_volume: DecimalText
    quote_volume: DecimalText
    fee_detail: str | UnsetType | None = UNSET  # JSON in a text
    order_source: str | UnsetType = UNSET
    tpsl_type: str | UnsetType = UNSET  # normal, tpsl
    trigger_price: DecimalOrEmpty | UnsetType | None = UNSET
    base_price: str | UnsetType | None = UNSET
    quote_coin: str | UnsetType = UNSET
    base_coin: str | UnsetType = UNSET
    preset_take_profit_price: str | UnsetType | None = UNSET
    execute_take_profit_price: str | UnsetType | None = UNSET
    preset_stop_loss_price: str | UnsetType | None = UNSET
    execute_stop_loss_price: str | UnsetType | None = UNSET
    cancel_reason: str | UnsetType = UNSET  # since 2025


class SpotPlan(Order):
    """A plan order of spot."""

    symbol: str
    size: DecimalText  # base units, or quote units
    plan_type: str  # amount, total; recorded as AMOUNT
    execute_price: DecimalOrEmpty | UnsetType | None = UNSET
    trigger_price: DecimalOrEmpty
    trigger_type: str
    status: str  # not_trigger, executed, fail_trigger, cancelled


class MarginOrder(Order):
    """An order of margin."""

    symbol: str
    force: str
    status: str
    base_size: DecimalOrEmpty | UnsetType = UNSET
    quote_size: DecimalOrEmpty | UnsetType = UNSET
    size: DecimalOrEmpty | UnsetType = UNSET
    amount: DecimalOrEmpty | UnsetType = UNSET
    price_avg: DecimalOrEmpty | UnsetType = UNSET
    loan_type: str | UnsetType = UNSET
    order_source: str | UnsetType = UNSET
    cancel_reason: str | UnsetType = UNSET  # since 2025


class SpotAnswer(Envelope):
    """Spot orders; an empty array where none is known by that id."""

    data: list[SpotOrder] | None


class SpotPlanPage(Camel):
    """A page of plan orders of spot."""

    order_list: list[SpotPlan] | None
    next_flag: bool | UnsetType = UNSET
    id_less_than: str | UnsetType | None = UNSET


class SpotPlansAnswer(Envelope):
    """Plan orders of spot."""

    data: SpotPlanPage | None


class MarginPage(Camel):
    """A page of orders of margin."""

    order_list: list[MarginOrder] | None
    max_id: str | UnsetType | None = UNSET
    min_id: str | UnsetType | None = UNSET


class MarginAnswer(Envelope):
    """Orders of margin."""

    data: MarginPage | None


# --- What it means ---

_ENDED: Final = causes(Evidence.TERMINAL_STATUS)
SPOT: Final = order_map(
    SpotOrder,
    by_words(_ENDED, SpotOrder.status, SpotOrder.cancel_reason, raw_status=SpotOrder.status),
    symbol=text(SpotOrder.symbol),
    raw_initiator=text(SpotOrder.cancel_reason),
    average_price=amount(SpotOrder.price_avg, zero_is_none=True),
    quantity=made(base_size, SpotOrder.size, SpotOrder.order_type, SpotOrder.side),
    quote_quantity=made(quote_size, SpotOrder.size, SpotOrder.order_type, SpotOrder.side),
    filled_quantity=amount(SpotOrder.base_volume),
    filled_quote=amount(SpotOrder.quote_volume),
    trigger_price=amount(SpotOrder.trigger_price, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.BASE),
    event_ns=time(SpotOrder.u_time),
    without={SpotOrder.tpsl_type: ("normal",), SpotOrder.order_source: ("normal",)},
)
MARGIN: Final = order_map(
    MarginOrder,
    by_words(_ENDED, MarginOrder.status, MarginOrder.cancel_reason, raw_status=MarginOrder.status),
    **forced(MarginOrder.force),
    symbol=text(MarginOrder.symbol),
    raw_initiator=text(MarginOrder.cancel_reason),
    average_price=amount(MarginOrder.price_avg, zero_is_none=True),
    # ``size`` and ``amount`` are what filled.
    quantity=amount(MarginOrder.base_size, zero_is_none=True),
    filled_quantity=amount(MarginOrder.size),
    filled_quote=amount(MarginOrder.amount),
    quantity_unit=constant(QuantityUnit.BASE),
    product=constant(Product.MARGIN),
    without={MarginOrder.order_source: ("normal",)},
)
PLAN: Final = order_map(
    SpotPlan,
    by_words(_ENDED, SpotPlan.status, raw_status=SpotPlan.status),
    also=(Order.order_type, SpotPlan.plan_type),
    symbol=text(SpotPlan.symbol),
    order_type=made(plan_type, Order.order_type, SpotPlan.plan_type),
    quantity=made(plan_quantity, SpotPlan.size, SpotPlan.plan_type),
    quote_quantity=made(plan_value, SpotPlan.size, SpotPlan.plan_type),
    quantity_unit=constant(QuantityUnit.BASE),
    price=amount(SpotPlan.execute_price, zero_is_none=True),
    trigger_price=amount(SpotPlan.trigger_price, zero_is_none=True),
)
_spot = query(SPOT)
_plans = query(PLAN, SpotPlanPage)
_margin = query(MARGIN, MarginPage)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/v2/spot/trade/orderInfo", SpotAnswer, _spot, page="spot/trade/Get-Order-Info"),
    endpoint(
        "GET /api/v2/spot/trade/unfilled-orders", SpotAnswer, _spot, page="spot/trade/Get-Unfilled-Orders"
    ),
    endpoint(
        "GET /api/v2/spot/trade/history-orders", SpotAnswer, _spot, page="spot/trade/Get-History-Orders"
    ),
    endpoint(
        "GET /api/v2/spot/trade/current-plan-order",
        SpotPlansAnswer,
        _plans,
        page="spot/plan/Get-Current-Plan-Order",
    ),
    endpoint(
        "GET /api/v2/spot/trade/history-plan-order",
        SpotPlansAnswer,
        _plans,
        page="spot/plan/Get-History-Plan-Order",
    ),
    endpoint(
        "GET /api/v2/margin/crossed/history-orders",
        MarginAnswer,
        _margin,
        page="margin/cross/trade/Get-Cross-Order-History",
        product=Product.MARGIN,
    ),
    endpoint(
        "GET /api/v2/margin/isolated/history-orders",
        MarginAnswer,
        _margin,
        page="margin/isolated/trade/Get-Isolated-Order-History",
        product=Product.MARGIN,
    ),
    product=Product.SPOT,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared_refusal,
    ids=IDS,
    docs=DOCS,
    skips=True,
)
