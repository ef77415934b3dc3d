"""Binance queries of conditional orders: the algo service's, and portfolio margin's before it.

A conditional order that was triggered is no cancel: it placed another order, of which other queries tell.
"""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import (
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
from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, OrderStatus, Outcome, Product, QuantityUnit, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.conditional import AlgoStatus
from cancelnorm.venues.binance.futures import (
    ALGO_IDS,
    KEYS,
    POSITION_SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSideWord,
    PriceMatch,
    SelfTradePrevention,
    Status,
    TimeInForceWord,
    Type,
    WorkingType,
    is_post_only,
)
from cancelnorm.venues.binance.futures_answers import ERRORS
from cancelnorm.venues.binance.messages import SIDES
from cancelnorm.venues.binance.portfolio import STRATEGY, LinearStrategy, Strategy
from cancelnorm.venues.binance.query_skip import skip_open
from cancelnorm.venues.binance.state_queries import all_by, is_shared, one_by, query_errors

# --- What Binance sends ---


class PortfolioAlgoState(Camel):
    """A conditional order of the algo service as it stands, in portfolio margin."""

    algo_id: Int
    client_algo_id: str  # the order's own; what it places has it too
    algo_type: Literal["CONDITIONAL"]
    order_type: Type
    symbol: str
    side: Literal["BUY", "SELL"]
    position_side: PositionSideWord
    time_in_force: TimeInForceWord
    quantity: DecimalText
    algo_status: AlgoStatus
    actual_order_id: str | Int | UnsetType = UNSET  # of what it placed; "" before
    actual_price: DecimalText | UnsetType = UNSET
    # The next two are recorded of an order that was triggered; an example shows them of one that was not.
    actual_qty: DecimalText | UnsetType = UNSET
    actual_type: str | UnsetType = UNSET
    trigger_price: DecimalText
    price: DecimalText
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET
    working_type: WorkingType | UnsetType = UNSET
    price_match: PriceMatch | UnsetType = UNSET
    close_position: bool | UnsetType = UNSET
    price_protect: bool | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    activate_price: str | UnsetType = UNSET  # of a trailing stop; "" in the answer to a placement
    callback_rate: str | UnsetType = UNSET  # as activate_price
    create_time: Epoch
    update_time: Epoch
    trigger_time: Int  # epoch; 0: not triggered
    good_till_date: Int | UnsetType = UNSET  # epoch; 0: not GTD
    is_activated: bool | UnsetType = UNSET  # of a trailing stop; since 2026-08-21


class AlgoState(PortfolioAlgoState):
    """A conditional order of the algo service as it stands."""

    actual_order_id: str | Int
    iceberg_quantity: DecimalText | UnsetType | None = UNSET
    # Of strategies that are not to be had over the API.
    tp_trigger_price: DecimalText | UnsetType = UNSET
    tp_price: DecimalText | UnsetType = UNSET
    sl_trigger_price: DecimalText | UnsetType = UNSET
    sl_price: DecimalText | UnsetType = UNSET
    tp_order_type: str | UnsetType = UNSET


class InverseStrategyState(Strategy):
    """A conditional COIN-M order of portfolio margin as it stands."""

    # Of what it placed, once it was triggered.
    order_id: Int | UnsetType = UNSET  # 0: none
    status: Status | UnsetType = UNSET
    type: Type | UnsetType = UNSET
    trigger_time: Int | UnsetType = UNSET  # epoch; 0: not triggered
    price_match: PriceMatch | UnsetType = UNSET


class LinearStrategyState(LinearStrategy):
    """A conditional USDⓈ-M order of portfolio margin as it stands."""

    order_id: Int | UnsetType = UNSET  # 0: none
    status: Status | UnsetType = UNSET
    type: Type | UnsetType = UNSET
    trigger_time: Int | UnsetType = UNSET  # epoch; 0: not triggered


# --- What it means ---


def closed(status: str) -> Verdict | None:
    """What a conditional order's last status says; None for one that waits, or was triggered.

    ``REJECTED`` is the matching engine's refusal of what the order placed when triggered. Of ``FINISHED`` it is
    only known that what it placed is filled or canceled.
    """
    match status:
        case "CANCELED" | "CANCELLED":  # the spelling of portfolio margin
            known = OrderStatus.CANCELED
        case "EXPIRED":
            known = OrderStatus.EXPIRED
        case "REJECTED":
            known = OrderStatus.REJECTED
        case "FINISHED":
            return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED)
        case "NEW" | "TRIGGERING" | "TRIGGERED":
            return None
        case _:
            return Verdict(Outcome.UNKNOWN, Evidence.LISTED)
    return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, known)


PORTFOLIO_ALGO: Final = EventMap(
    PortfolioAlgoState,
    by_words(closed, PortfolioAlgoState.algo_status, raw_status=PortfolioAlgoState.algo_status),
    symbol=text(PortfolioAlgoState.symbol),
    order_id=number(PortfolioAlgoState.algo_id),
    client_order_id=text(PortfolioAlgoState.client_algo_id),
    side=word(PortfolioAlgoState.side, SIDES),
    position_side=word(PortfolioAlgoState.position_side, POSITION_SIDES),
    order_type=word(PortfolioAlgoState.order_type, TYPES),
    time_in_force=word(PortfolioAlgoState.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, PortfolioAlgoState.time_in_force),
    reduce_only=flag(PortfolioAlgoState.reduce_only),
    price=amount(PortfolioAlgoState.price, zero_is_none=True),
    trigger_price=amount(PortfolioAlgoState.trigger_price, zero_is_none=True),
    average_price=amount(PortfolioAlgoState.actual_price, zero_is_none=True),
    # Zero where the order closes a position.
    quantity=amount(PortfolioAlgoState.quantity, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.BASE),
    self_trade_prevention=text(PortfolioAlgoState.self_trade_prevention_mode),
    created_ns=time(PortfolioAlgoState.create_time),
    event_ns=time(PortfolioAlgoState.update_time),
)
_COIN_MARGINED: Final = "USD_"  # as in BTCUSD_PERP; USDⓈ-M has BTCUSDT, and BTCUSDT_261225


def product_of(symbol: str) -> Product:
    """The product of a futures symbol: both have the same conditional orders."""
    return Product.INVERSE if _COIN_MARGINED in symbol else Product.LINEAR


def unit_of(symbol: str) -> QuantityUnit:
    """The unit of quantities of a futures symbol."""
    return QuantityUnit.CONTRACTS if _COIN_MARGINED in symbol else QuantityUnit.BASE


ALGO: Final = PORTFOLIO_ALGO.extended(
    AlgoState,
    product=made(product_of, AlgoState.symbol),
    quantity_unit=made(unit_of, AlgoState.symbol),
    display_quantity=amount(AlgoState.iceberg_quantity, zero_is_none=True),
)
INVERSE: Final = STRATEGY.extended(
    InverseStrategyState,
    by_words(closed, Strategy.strategy_status, raw_status=Strategy.strategy_status),
)
LINEAR: Final = STRATEGY.extended(
    LinearStrategyState,
    by_words(closed, Strategy.strategy_status, raw_status=Strategy.strategy_status),
    quantity_unit=constant(QuantityUnit.BASE),
    self_trade_prevention=text(LinearStrategyState.self_trade_prevention_mode),
)

# --- Endpoints ---

_SITE: Final = "https://developers.binance.com/docs/derivatives/"
_PORTFOLIO: Final = f"{_SITE}portfolio-margin/trade"
_ERRORS: Final = query_errors(ERRORS)

ENDPOINTS: Final = (
    *endpoints(
        endpoint("GET /fapi/v1/algoOrder", AlgoState, one_by(ALGO)),
        endpoint("GET /fapi/v1/openAlgoOrders", list[AlgoState], all_by(ALGO)),
        endpoint("GET /fapi/v1/allAlgoOrders", list[AlgoState], all_by(ALGO)),
        product=Product.LINEAR,
        request=KEYS,
        errors=_ERRORS,
        ids=ALGO_IDS,
        since="2025-12-02",
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}usds-margined-futures/trade/rest-api/Query-Algo-Order",
    ),
    *endpoints(
        endpoint("GET /dapi/v1/algoOrder", AlgoState, one_by(ALGO)),
        endpoint("GET /dapi/v1/openAlgoOrders", list[AlgoState], all_by(ALGO)),
        endpoint("GET /dapi/v1/allAlgoOrders", list[AlgoState], all_by(ALGO)),
        product=Product.INVERSE,
        request=KEYS,
        errors=_ERRORS,
        ids=ALGO_IDS,
        since="2026-06-30",
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}coin-margined-futures/trade/rest-api/Query-Algo-Order",
    ),
    *endpoints(
        endpoint("GET /papi/v1/um/algo/algoOrder", PortfolioAlgoState, one_by(PORTFOLIO_ALGO)),
        endpoint("GET /papi/v1/um/algo/openAlgoOrders", list[PortfolioAlgoState], all_by(PORTFOLIO_ALGO)),
        endpoint("GET /papi/v1/um/algo/allAlgoOrders", list[PortfolioAlgoState], all_by(PORTFOLIO_ALGO)),
        product=Product.LINEAR,
        request=KEYS,
        errors=_ERRORS,
        ids=ALGO_IDS,
        since="2026-04-20",
        is_shared=is_shared,
        skips=skip_open,
        docs=_PORTFOLIO,
    ),
    *endpoints(
        endpoint("GET /papi/v1/um/conditional/openOrder", LinearStrategyState, one_by(LINEAR)),
        endpoint("GET /papi/v1/um/conditional/openOrders", list[LinearStrategyState], all_by(LINEAR)),
        endpoint("GET /papi/v1/um/conditional/allOrders", list[LinearStrategyState], all_by(LINEAR)),
        endpoint("GET /papi/v1/um/conditional/orderHistory", LinearStrategyState, one_by(LINEAR)),
        product=Product.LINEAR,
        request=KEYS,
        errors=_ERRORS,
        ids=ALGO_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=_PORTFOLIO,
    ),
    *endpoints(
        endpoint("GET /papi/v1/cm/conditional/openOrder", InverseStrategyState, one_by(INVERSE)),
        endpoint("GET /papi/v1/cm/conditional/openOrders", list[InverseStrategyState], all_by(INVERSE)),
        endpoint("GET /papi/v1/cm/conditional/allOrders", list[InverseStrategyState], all_by(INVERSE)),
        endpoint("GET /papi/v1/cm/conditional/orderHistory", InverseStrategyState, one_by(INVERSE)),
        product=Product.INVERSE,
        request=KEYS,
        errors=_ERRORS,
        ids=ALGO_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=_PORTFOLIO,
    ),
)
