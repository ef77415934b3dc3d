"""Binance portfolio margin, futures part: what it answers to a cancel.

Its reports of orders have less than those of the futures themselves. Its margin part is spot-like.
"""

from types import MappingProxyType
from typing import Annotated, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, amount, by_status, constant, flag, made, number, text, time, word
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Normalised, Product, QuantityUnit, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.conditional import (
    ALGO_ERRORS,
    CONDITIONAL_OUTCOMES,
    AlgoAcknowledged,
    cancel_algo,
)
from cancelnorm.venues.binance.futures import (
    ALGO_IDS,
    AMENDED,
    FUTURES_IDS,
    KEYS,
    NOT_SAID,
    ORDER,
    POSITION_SIDES,
    TAKEN,
    TIMES_IN_FORCE,
    TYPES,
    UNSURE,
    FuturesOrder,
    PositionSideWord,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    Type,
    WorkingType,
    is_post_only,
)
from cancelnorm.venues.binance.futures_answers import (
    ERRORS,
    MAINTENANCE,
    AllDone,
    all_by_code,
    all_done,
    is_shared,
    one_by,
)
from cancelnorm.venues.binance.messages import SIDES, note_failed_status
from cancelnorm.venues.binance.query_skip import skip_amended

# --- What Binance sends ---


class LinearOrder(FuturesOrder):
    """The report of a canceled USDⓈ-M order."""

    cum_quote: DecimalText | UnsetType = UNSET  # quote units; until 2026-07
    good_till_date: Int | UnsetType = UNSET  # epoch; since 2024-01-11; 0: not GTD


class InverseOrder(FuturesOrder):
    """The report of a canceled COIN-M order."""

    pair: str
    cum_base: DecimalText | UnsetType = UNSET  # base units; until 2026-07


class AmendedLinearOrder(LinearOrder):
    """The report of an amended USDⓈ-M order."""


class AmendedInverseOrder(InverseOrder):
    """The report of an amended COIN-M order."""


class Strategy(Camel):
    """The report of a canceled conditional order, under an id of its own."""

    new_client_strategy_id: str  # the order's own
    strategy_id: Int
    # Two spellings: queries are recorded with CANCELLED, answers to cancels with CANCELED.
    strategy_status: Literal["NEW", "TRIGGERED", "FINISHED", "CANCELED", "CANCELLED", "EXPIRED", "REJECTED"]
    strategy_type: Type  # a word, and in spot a number
    orig_qty: DecimalText
    price: DecimalText
    reduce_only: bool
    side: Literal["BUY", "SELL"]
    position_side: PositionSideWord
    stop_price: DecimalText
    symbol: str
    time_in_force: TimeInForceWord
    activate_price: DecimalText | UnsetType | None = UNSET  # only of a trailing stop, or null
    price_rate: DecimalText | UnsetType | None = UNSET  # the same; percent
    book_time: Epoch
    update_time: Epoch
    working_type: WorkingType | UnsetType = UNSET  # since 2023-06-19
    price_protect: bool | UnsetType = UNSET  # since 2023-06-19


class LinearStrategy(Strategy):
    """The report of a canceled conditional USDⓈ-M order; to be replaced by the algo endpoints, 2026-04-20."""

    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # since 2024-01-11
    good_till_date: Int | UnsetType = UNSET  # epoch; since 2024-01-11; 0: not GTD
    price_match: PriceMatch | UnsetType = UNSET  # since 2024-09-06


class StrategiesAnswer(Exact):
    """The answer to a cancel of all conditional orders, and every error: success is a code that is text."""

    bare: ClassVar = True
    code: Literal["200"] | Annotated[int, Meta(ge=-(2**63), le=200)]
    msg: Prose


class Completed(Exact):
    """The answer to a cancel of an algo order, since 2026-05-22."""

    bare: ClassVar = True
    complete: bool


# --- What it means ---

LINEAR: Final = ORDER.extended(
    LinearOrder, filled_quote=amount(LinearOrder.cum_quote), quantity_unit=constant(QuantityUnit.BASE)
)
INVERSE: Final = ORDER.extended(InverseOrder, quantity_unit=constant(QuantityUnit.CONTRACTS))
_STRATEGY_OUTCOMES: Final = MappingProxyType(
    {**CONDITIONAL_OUTCOMES, "CANCELLED": CONDITIONAL_OUTCOMES["CANCELED"]}
)
STRATEGY: Final = EventMap(
    Strategy,
    by_status(Strategy.strategy_status, _STRATEGY_OUTCOMES, UNSURE),
    symbol=text(Strategy.symbol),
    order_id=number(Strategy.strategy_id),
    client_order_id=text(Strategy.new_client_strategy_id),
    side=word(Strategy.side, SIDES),
    position_side=word(Strategy.position_side, POSITION_SIDES),
    order_type=word(Strategy.strategy_type, TYPES),
    time_in_force=word(Strategy.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, Strategy.time_in_force),
    reduce_only=flag(Strategy.reduce_only),
    price=amount(Strategy.price, zero_is_none=True),
    trigger_price=amount(Strategy.stop_price, zero_is_none=True),
    quantity=amount(Strategy.orig_qty, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    created_ns=time(Strategy.book_time),
    event_ns=time(Strategy.update_time),
)
AMENDED_LINEAR: Final = LINEAR.extended(AmendedLinearOrder, AMENDED)
AMENDED_INVERSE: Final = INVERSE.extended(AmendedInverseOrder, AMENDED)
LINEAR_STRATEGY: Final = STRATEGY.extended(
    LinearStrategy,
    quantity_unit=constant(QuantityUnit.BASE),
    self_trade_prevention=text(LinearStrategy.self_trade_prevention_mode),
)


def cancel_algo_order(raw: Completed | AlgoAcknowledged, call: Call) -> Normalised:
    """Map the answer to a cancel of one algo order: the request was taken, and only it names the order."""
    if isinstance(raw, AlgoAcknowledged):
        return cancel_algo(raw, call)
    note_failed_status(call.record.status, call, "$")
    verdict = TAKEN if raw.complete else NOT_SAID
    return call.result([call.failed(verdict, extra={"complete": raw.complete})])


_ALL_STRATEGIES: Final = all_by_code(200, Scope.SYMBOL)

# --- Endpoints ---

_DOCS: Final = "https://developers.binance.com/docs/derivatives/portfolio-margin/trade/"

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "PUT /papi/v1/um/order",
            AmendedLinearOrder,
            one_by(AMENDED_LINEAR),
            skips=skip_amended,
            page="Modify-UM-Order",
        ),
        endpoint(
            "DELETE /papi/v1/um/order", LinearOrder, one_by(LINEAR), plain=LINEAR, page="Cancel-UM-Order"
        ),
        endpoint("DELETE /papi/v1/um/allOpenOrders", AllDone, all_done, page="Cancel-All-UM-Open-Orders"),
        endpoint(
            "DELETE /papi/v1/um/conditional/order",
            LinearStrategy,
            one_by(LINEAR_STRATEGY),
            ids=ALGO_IDS,
            page="Cancel-UM-Conditional-Order",
        ),
        endpoint(
            "DELETE /papi/v1/um/conditional/allOpenOrders",
            StrategiesAnswer,
            _ALL_STRATEGIES,
            errors=MAINTENANCE,
            ids=ALGO_IDS,
            page="Cancel-All-UM-Open-Conditional-Orders",
        ),
        endpoint(
            "DELETE /papi/v1/um/algo/order",
            Completed | AlgoAcknowledged,
            cancel_algo_order,
            errors=ALGO_ERRORS,
            ids=ALGO_IDS,
            page="Cancel-UM-Algo-Order",
            since="2026-04-20",
        ),
        endpoint(
            "DELETE /papi/v1/um/algo/allOpenOrders",
            AllDone,
            all_done,
            ids=ALGO_IDS,
            page="Cancel-All-UM-Algo-Open-Orders",
            since="2026-04-20",
        ),
        product=Product.LINEAR,
        request=KEYS,
        errors=ERRORS,
        ids=FUTURES_IDS,
        is_shared=is_shared,
        docs=_DOCS,
    ),
    *endpoints(
        endpoint(
            "PUT /papi/v1/cm/order",
            AmendedInverseOrder,
            one_by(AMENDED_INVERSE),
            skips=skip_amended,
            page="Modify-CM-Order",
        ),
        endpoint(
            "DELETE /papi/v1/cm/order", InverseOrder, one_by(INVERSE), plain=INVERSE, page="Cancel-CM-Order"
        ),
        endpoint("DELETE /papi/v1/cm/allOpenOrders", AllDone, all_done, page="Cancel-All-CM-Open-Orders"),
        endpoint(
            "DELETE /papi/v1/cm/conditional/order",
            Strategy,
            one_by(STRATEGY),
            ids=ALGO_IDS,
            page="Cancel-CM-Conditional-Order",
        ),
        endpoint(
            "DELETE /papi/v1/cm/conditional/allOpenOrders",
            StrategiesAnswer,
            _ALL_STRATEGIES,
            errors=MAINTENANCE,
            ids=ALGO_IDS,
            page="Cancel-All-CM-Open-Conditional-Orders",
        ),
        product=Product.INVERSE,
        request=KEYS,
        errors=ERRORS,
        ids=FUTURES_IDS,
        is_shared=is_shared,
        docs=_DOCS,
    ),
)
