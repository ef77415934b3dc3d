"""Bybit strategies in a list; the stream shows the same with other types and a few other names."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, amount, by_words, constant, flag, text, time, word
from cancelnorm.reader.scalars import DecimalOrEmpty, EpochText, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Evidence, Normalised, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import IDS, Answer
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.states import SIDES
from cancelnorm.venues.bybit.strategy import STRATEGY_PRODUCTS, ended_by, page_of

# --- What Bybit sends ---


class ListedStrategy(Camel):
    """A strategy as it stands. Times and counts are in quotes, in spite of the documentation's table."""

    strategy_id: str
    strategy_type: str  # twap, chaseOrder, iceberg, pov
    category: str
    symbol: str
    side: Literal["Buy", "Sell"]
    size: DecimalOrEmpty
    status: Int  # 2: running, 3: terminated, 4: terminated with orders open, 5: paused, 6: not triggered
    terminate_type: Int  # 0: not terminated, 1: by the user, 2: it is done, 3: insufficient balance
    terminate_remark: str
    executed_size: DecimalOrEmpty
    executed_avg_price: DecimalOrEmpty
    executed_start_time_e3: str = field(name="executedStartTimeE3")
    executed_end_time_e3: str = field(name="executedEndTimeE3")  # "0": not ended
    created_time_e3: EpochText = field(name="createdTimeE3")
    updated_time_e3: EpochText = field(name="updatedTimeE3")
    reduce_only: bool
    duration: Int | UnsetType = UNSET  # seconds
    executed_duration: Int | UnsetType = UNSET
    is_random: bool | UnsetType = UNSET
    limit_price: str | UnsetType = UNSET
    strategy_name: str | UnsetType = UNSET
    trigger_count: str | UnsetType = UNSET
    trading_count: str | UnsetType = UNSET
    realized_pnl: str | UnsetType = UNSET
    chase_price: str | UnsetType = UNSET
    chase_percent_e4: str | UnsetType = field(name="chasePercentE4", default=UNSET)
    chase_distance: str | UnsetType = UNSET
    max_chase_price: str | UnsetType = UNSET
    chase_order_price: str | UnsetType = UNSET
    arbitrage_orders: list[str] | UnsetType | None = UNSET
    strategy_prefer: str | UnsetType = UNSET
    is_rebalance: bool | UnsetType = UNSET
    interval: Int | UnsetType = UNSET  # seconds
    leverage_type: Int | UnsetType = UNSET
    post_only: Int | UnsetType = UNSET
    trigger_price: DecimalOrEmpty | UnsetType = UNSET
    is_triggered: bool | UnsetType = UNSET
    strategy_tp: str | UnsetType = UNSET
    strategy_sl: str | UnsetType = UNSET
    order_type: Int | str | UnsetType = UNSET  # "UNKNOWN" in the documentation's example
    order_price_offset: str | UnsetType = UNSET
    position_value: str | UnsetType = UNSET
    filled_position_value: str | UnsetType = UNSET
    # POV only.
    mode: str | UnsetType = UNSET
    participation_rate: str | UnsetType = UNSET
    reference_window: str | UnsetType = UNSET
    depth_reference: str | UnsetType = UNSET


class StrategyPage(Camel):
    """A page of strategies, the newest first."""

    strategies: list[ListedStrategy] | None = field(name="list")
    next_cursor: str  # "" on the last page
    prev_cursor: str


class StrategiesShown(Answer):
    """The answer to a query."""

    result: StrategyPage


# --- What it means ---

LISTED: Final = EventMap(
    ListedStrategy,
    by_words(ended_by(Evidence.TERMINAL_STATUS), ListedStrategy.status, ListedStrategy.terminate_type),
    kind=EventKind.SCOPE,
    absent=Absent.EMPTY,
    also=(ListedStrategy.status, ListedStrategy.terminate_type),
    scope=constant(Scope.STRATEGY),
    product=word(ListedStrategy.category, STRATEGY_PRODUCTS),
    symbol=text(ListedStrategy.symbol),
    list_id=text(ListedStrategy.strategy_id),
    contingency=text(ListedStrategy.strategy_type),
    raw_initiator=text(ListedStrategy.terminate_remark),
    side=word(ListedStrategy.side, SIDES),
    quantity=amount(ListedStrategy.size),
    filled_quantity=amount(ListedStrategy.executed_size),
    average_price=amount(ListedStrategy.executed_avg_price, zero_is_none=True),
    reduce_only=flag(ListedStrategy.reduce_only),
    created_ns=time(ListedStrategy.created_time_e3),
    event_ns=time(ListedStrategy.updated_time_e3),
)


def strategies(raw: StrategiesShown, call: Call) -> Normalised:
    """Map the answer to a query: the strategies in it that were stopped."""
    return page_of(raw, raw.result.strategies, LISTED, call)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /v5/strategy/list", StrategiesShown, strategies),
    product=None,
    request=RequestKeys(symbol=("symbol",), list_id=("strategyId",)),
    errors=QUERY_ERRORS,
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/strategy/strategy-list",
    skips=True,
)
