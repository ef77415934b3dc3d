"""Bitget REST of the classic account: what it answers to a question about orders of futures.

One word has three names: ``status``, ``state`` and ``planStatus``.
"""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import amount, by_words, constant, made, text
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, QuantityUnit
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
from cancelnorm.venues.bitget.states import FLAGS, POSITION_SIDES, Order, forced, order_map, query

# --- What Bitget sends ---


class FuturesOrder(Order):
    """A futures order, but for the name of its status."""

    symbol: str
    size: DecimalText  # base units
    base_volume: DecimalOrEmpty
    quote_volume: DecimalOrEmpty | UnsetType = UNSET
    price_avg: DecimalOrEmpty
    fee: str | UnsetType | None = UNSET
    force: str
    total_profits: str | UnsetType | None = UNSET
    pos_side: str
    pos_avg: str | UnsetType | None = UNSET
    margin_coin: str
    margin_mode: str
    leverage: str | UnsetType = UNSET
    reduce_only: str | UnsetType = UNSET
    trade_side: str
    pos_mode: str
    order_source: str | UnsetType = UNSET
    cancel_reason: str | UnsetType = UNSET  # since 2025
    liq_price: str | UnsetType | None = UNSET
    preset_stop_surplus_price: str | UnsetType | None = UNSET
    preset_stop_surplus_type: str | UnsetType | None = UNSET
    preset_stop_surplus_execute_price: str | UnsetType | None = UNSET
    preset_stop_loss_price: str | UnsetType | None = UNSET
    preset_stop_loss_type: str | UnsetType | None = UNSET
    preset_stop_loss_execute_price: str | UnsetType | None = UNSET


class FuturesDetail(FuturesOrder):
    """A futures order asked for by its id."""

    state: str  # canceled, with one l


class FuturesListed(FuturesOrder):
    """A futures order in a list."""

    status: str


class PlanOrder(Order):
    """A plan order of futures."""

    plan_type: str
    plan_status: str  # executed, fail_execute, cancelled
    symbol: str
    size: DecimalOrEmpty
    execute_order_id: str | UnsetType | None = UNSET
    execute_price: str | UnsetType | None = UNSET
    price_avg: DecimalOrEmpty | UnsetType | None = UNSET
    base_volume: DecimalOrEmpty | UnsetType | None = UNSET
    callback_ratio: str | UnsetType | None = UNSET
    trigger_price: DecimalOrEmpty | UnsetType | None = UNSET
    trigger_type: str | UnsetType = UNSET
    pos_side: str | UnsetType = UNSET
    margin_coin: str | UnsetType = UNSET
    margin_mode: str | UnsetType = UNSET
    trade_side: str | UnsetType = UNSET
    pos_mode: str | UnsetType = UNSET
    cancel_reason: str | UnsetType = UNSET  # not documented here
    stop_surplus_execute_price: str | UnsetType | None = UNSET
    stop_surplus_trigger_price: str | UnsetType | None = UNSET
    stop_surplus_trigger_type: str | UnsetType | None = UNSET
    stop_loss_execute_price: str | UnsetType | None = UNSET
    stop_loss_trigger_price: str | UnsetType | None = UNSET
    stop_loss_trigger_type: str | UnsetType | None = UNSET


class DetailAnswer(Envelope):
    """One futures order."""

    data: FuturesDetail | None


class FuturesPage(Camel):
    """A page of futures orders."""

    entrusted_list: list[FuturesListed] | None
    end_id: str | UnsetType | None = UNSET


class HistoryAnswer(Envelope):
    """Futures orders."""

    data: FuturesPage | None


class PlanPage(Camel):
    """A page of plan orders."""

    entrusted_list: list[PlanOrder] | None
    end_id: str | UnsetType | None = UNSET


class PlanAnswer(Envelope):
    """Plan orders."""

    data: PlanPage | None


# --- What it means ---

_ENDED: Final = causes(Evidence.TERMINAL_STATUS)
_FUTURES: Final = order_map(
    FuturesOrder,
    by_words(_ENDED, FuturesListed.status, FuturesOrder.cancel_reason, raw_status=FuturesListed.status),
    **forced(FuturesOrder.force),
    given=("product",),
    symbol=text(FuturesOrder.symbol),
    raw_initiator=text(FuturesOrder.cancel_reason),
    average_price=amount(FuturesOrder.price_avg, zero_is_none=True),
    quantity=amount(FuturesOrder.size),
    filled_quantity=amount(FuturesOrder.base_volume),
    filled_quote=amount(FuturesOrder.quote_volume),
    quantity_unit=constant(QuantityUnit.BASE),
    position_side=made(POSITION_SIDES.get, FuturesOrder.pos_side),
    reduce_only=made(FLAGS.get, FuturesOrder.reduce_only),
    without={FuturesOrder.order_source: ("normal",)},
)
LISTED: Final = _FUTURES.extended(FuturesListed)
DETAIL: Final = _FUTURES.extended(
    FuturesDetail,
    by_words(_ENDED, FuturesDetail.state, FuturesOrder.cancel_reason, raw_status=FuturesDetail.state),
)
PLAN: Final = order_map(
    PlanOrder,
    by_words(_ENDED, PlanOrder.plan_status, PlanOrder.cancel_reason, raw_status=PlanOrder.plan_status),
    given=("product",),
    also=(Order.order_type, PlanOrder.plan_type),
    repeats={PlanOrder.execute_price: Order.price},
    symbol=text(PlanOrder.symbol),
    raw_initiator=text(PlanOrder.cancel_reason),
    order_type=made(plan_type, Order.order_type, PlanOrder.plan_type),
    average_price=amount(PlanOrder.price_avg, zero_is_none=True),
    quantity=made(plan_quantity, PlanOrder.size, PlanOrder.plan_type),
    quote_quantity=made(plan_value, PlanOrder.size, PlanOrder.plan_type),
    filled_quantity=amount(PlanOrder.base_volume),
    quantity_unit=constant(QuantityUnit.BASE),
    trigger_price=amount(PlanOrder.trigger_price, zero_is_none=True),
    position_side=made(POSITION_SIDES.get, PlanOrder.pos_side),
)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/v2/mix/order/detail", DetailAnswer, query(DETAIL), page="trade/Get-Order-Details"),
    endpoint(
        "GET /api/v2/mix/order/orders-history",
        HistoryAnswer,
        query(LISTED, FuturesPage),
        page="trade/Get-Orders-History",
    ),
    endpoint(
        "GET /api/v2/mix/order/orders-plan-history",
        PlanAnswer,
        query(PLAN, PlanPage),
        page="plan/orders-plan-history",
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared_refusal,
    ids=IDS,
    docs=f"{DOCS}contract/",
    skips=True,
)
