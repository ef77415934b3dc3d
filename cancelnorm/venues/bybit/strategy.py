"""Bybit strategies (TWAP, iceberg, chase, POV): the stop of one, strategies as they are shown, and their orders.

A strategy is no order: its events are about a scope, with its id as that of the list. The orders that it has
open are canceled with it, and shown canceled by the stream ``order``.
"""

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    always,
    amount,
    by_words,
    constant,
    flag,
    made,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalOrEmpty, Epoch, EpochText, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    EventKind,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    Scope,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import (
    IDS,
    TAKEN,
    Answer,
    Empty,
    Refused,
    envelope,
    is_shared,
    opened,
    refused,
)
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.states import SIDES, topic_said

# --- What Bybit sends ---


class StrategyName(Camel):
    """A strategy whose stop was taken."""

    strategy_id: str


class StopTaken(Answer):
    """The acknowledgement of a stop."""

    result: StrategyName


class UnnamedStrategy(Camel):
    """Place of the strategy in a refusal: nothing, or an id that is empty."""

    strategy_id: str | UnsetType = UNSET


class StopRefused(Refused):
    """The refusal of a stop."""

    result: UnnamedStrategy | list[Empty] | UnsetType | None = UNSET


class Strategy(Camel):
    """A strategy as it stands; what only some types have may be missing."""

    strategy_id: str
    strategy_type: str  # twap, iceberg, chaseOrder, pov
    category: str  # UTA_USDT, UTA_SPOT and others
    symbol: str
    size: DecimalOrEmpty  # "" where it is sized by value
    side: Literal["Buy", "Sell"]
    duration: Int  # seconds
    status: Int  # 2: running, 3: terminated, 4: terminated with orders open, 5: paused, 6: not triggered
    terminate_type: Int  # 0: not terminated, 1: by the user, 2: it is done, 3: insufficient balance
    terminate_remark: str
    executed_duration: Int
    executed_size: DecimalOrEmpty
    executed_avg_price: DecimalOrEmpty
    executed_start_time_e3: Int = field(name="executedStartTimeE3")
    executed_end_time_e3: Int = field(name="executedEndTimeE3")  # 0: not ended
    created_time_e3: Epoch = field(name="createdTimeE3")
    updated_time_e3: Epoch = field(name="updatedTimeE3")
    is_random: bool
    reduce_only: bool
    limit_price: DecimalOrEmpty | UnsetType = UNSET
    trigger_count: Int | UnsetType = UNSET
    trading_count: Int | UnsetType = UNSET
    chase_distance: str | UnsetType = UNSET
    chase_percent_e4: Int | UnsetType = field(name="ChasePercentE4", default=UNSET)
    max_chase_price: str | UnsetType = UNSET
    chase_order_price: str | UnsetType = UNSET
    strategy_prefer: str | UnsetType = UNSET
    interval: Int | UnsetType = UNSET  # seconds
    leverage_type: Int | UnsetType = UNSET
    post_only: Int | UnsetType = UNSET
    trigger_price: DecimalOrEmpty | UnsetType = UNSET
    is_triggered: bool | UnsetType = UNSET
    strategy_tp: str | UnsetType = UNSET
    strategy_sl: str | UnsetType = UNSET
    order_type: str | UnsetType = UNSET
    order_price_offset: str | UnsetType = UNSET
    position_value: str | UnsetType = UNSET
    filled_position_value: str | UnsetType = UNSET


class StrategyFrame(Camel):
    """Frame with changes."""

    topic: Literal["strategy"]
    id: str
    creation_time: Epoch
    data: list[Strategy]


class StrategyOrder(Camel):
    """An order that a strategy placed."""

    strategy_id: str
    order_id: str
    symbol: str
    side: Literal["Buy", "Sell"]
    size: DecimalOrEmpty
    price: DecimalOrEmpty
    status: str  # 2: created, 3: not created, 4: partially filled, 5: filled, 6: rejected, 7: canceled
    executed_size: DecimalOrEmpty
    deal_time_e3: str = field(name="dealTimeE3")  # "0": not filled
    parent_order_id: str  # the order that this one was to replace
    created_time_e3: EpochText = field(name="createdTimeE3")
    updated_time_e3: EpochText = field(name="updatedTimeE3")
    code: Int  # 0, or why it ended
    msg: Prose
    category: str
    position_idx: Int
    leverage_type: Int
    tp_price: str
    sl_price: str
    order_type: Int | str  # 1: market, 2: limit by the documentation's table; "UNKNOWN" in its example
    order_price_offset: str
    position_value: str
    filled_position_value: str


class StrategyOrders(Camel):
    """A page of orders."""

    orders: list[StrategyOrder] | None = field(name="list")
    next_cursor: str  # "" on the last page
    prev_cursor: str


class StrategyOrdersShown(Answer):
    """The answer to a query."""

    result: StrategyOrders


# --- What it means ---

STRATEGY_PRODUCTS: Final = MappingProxyType(
    {
        "UTA_USDT": Product.LINEAR,
        "UTA_USDC": Product.LINEAR,
        "UTA_USDT_FUTURE": Product.LINEAR,
        "UTA_USDC_FUTURE": Product.LINEAR,
        "UTA_INVERSE": Product.INVERSE,
        "UTA_INVERSE_FUTURE": Product.INVERSE,
        "UTA_SPOT": Product.SPOT,
    }
)
# https://bybit-exchange.github.io/docs/v5/strategy/strategy-list
_INITIATORS: Final = {
    1: Initiator.USER,
    6: Initiator.LIQUIDATION,
    # Balance, position, open interest, limits of risk, collateral.
    **dict.fromkeys((3, 4, 7, 9, 11, 21, 22, 23), Initiator.RISK),
    # A blocked account, an upgrade, a ban, a contract that ended.
    **dict.fromkeys((5, 8, 10, 12, 13, 25), Initiator.VENUE),
    **dict.fromkeys((18, 24), Initiator.EXPIRY),  # beyond the price that was set
}
_TYPES: Final[dict[int | str, OrderType]] = {
    1: OrderType.MARKET,
    2: OrderType.LIMIT,
    "1": OrderType.MARKET,
    "2": OrderType.LIMIT,
}
DONE: Final = 2
"""Why a strategy ended that ran to its end."""

RUNNING: Final = frozenset((2, 5, 6))
"""Statuses of a strategy that say nothing about a cancel."""

PLACED: Final = frozenset(("2", "3", "4", "5", "6"))
"""The same of an order of a strategy; 3 and 6 have never been on the book."""

_UNDOCUMENTED: Final = ("unknown-value", "the status is not documented")


def ended_by(evidence: Evidence) -> Callable[[int, int], Verdict | None]:
    """The verdict on a strategy; none while it runs, and none where it came to its own end."""

    def ended(status: int, why: int) -> Verdict | None:
        if status in RUNNING or why == DONE:
            return None
        initiator = _INITIATORS.get(why)
        if status == 3:
            return Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED, initiator)
        if status == 4:  # its orders are still to be canceled
            pending = (Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL)
            return Verdict(*pending, initiator)
        return Verdict(Outcome.UNKNOWN, Evidence.LISTED, initiator=initiator, note=_UNDOCUMENTED)

    return ended


def _order_ended(status: str) -> Verdict | None:
    """The verdict on an order of a strategy."""
    if status == "7":
        return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED)
    return None if status in PLACED else Verdict(Outcome.UNKNOWN, Evidence.LISTED, note=_UNDOCUMENTED)


STOPPED: Final = EventMap(
    StrategyName,
    always(TAKEN),
    kind=EventKind.SCOPE,
    absent=Absent.EMPTY,
    scope=constant(Scope.STRATEGY),
    list_id=text(StrategyName.strategy_id),
)
SHOWN: Final = EventMap(
    Strategy,
    by_words(ended_by(Evidence.FINAL_REPORT), Strategy.status, Strategy.terminate_type),
    kind=EventKind.SCOPE,
    absent=Absent.EMPTY,
    also=(Strategy.status, Strategy.terminate_type),
    scope=constant(Scope.STRATEGY),
    product=word(Strategy.category, STRATEGY_PRODUCTS),
    symbol=text(Strategy.symbol),
    list_id=text(Strategy.strategy_id),
    contingency=text(Strategy.strategy_type),
    raw_initiator=text(Strategy.terminate_remark),
    side=word(Strategy.side, SIDES),
    quantity=amount(Strategy.size),
    filled_quantity=amount(Strategy.executed_size),
    average_price=amount(Strategy.executed_avg_price, zero_is_none=True),
    reduce_only=flag(Strategy.reduce_only),
    created_ns=time(Strategy.created_time_e3),
    event_ns=time(Strategy.updated_time_e3),
)
ORDERS: Final = EventMap(
    StrategyOrder,
    by_words(_order_ended, StrategyOrder.status, raw_status=StrategyOrder.status),
    absent=Absent.EMPTY,
    product=word(StrategyOrder.category, STRATEGY_PRODUCTS),
    symbol=text(StrategyOrder.symbol),
    order_id=text(StrategyOrder.order_id),
    list_id=text(StrategyOrder.strategy_id),
    side=word(StrategyOrder.side, SIDES),
    order_type=made(_TYPES.get, StrategyOrder.order_type),
    price=amount(StrategyOrder.price, zero_is_none=True),
    quantity=amount(StrategyOrder.size),
    filled_quantity=amount(StrategyOrder.executed_size),
    created_ns=time(StrategyOrder.created_time_e3),
    event_ns=time(StrategyOrder.updated_time_e3),
)


def stop(raw: StopTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a stop: what became of the strategy's orders is not known."""
    opened(raw, call)
    return call.result(
        [STOPPED.event(raw.result, call, "$.result")], extra=envelope(raw.ret_msg, raw.ret_ext_info)
    )


def frame(raw: StrategyFrame, call: Call) -> Normalised:
    """Map a frame: the strategies in it that were stopped."""
    call.response_ns = ns_of(raw.creation_time)
    events = SHOWN.events(raw.data, call, "$.data[{}]")
    extra = {"id": raw.id} | topic_said(raw.topic, call)
    return call.result(call.or_unknown(events, "$.data"), extra=extra)


def orders(raw: StrategyOrdersShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are canceled."""
    return page_of(raw, raw.result.orders, ORDERS, call)


def page_of(raw: Any, rows: Sequence[Struct] | None, by_row: EventMap, call: Call) -> Normalised:
    """Map a page: what of its rows is about a cancel."""
    opened(raw, call)
    at, page = "$.result.list", raw.result
    events = by_row.events(rows or [], call, f"{at}[{{}}]")
    cursors = {"nextCursor": page.next_cursor, "prevCursor": page.prev_cursor}
    extra = envelope(raw.ret_msg, raw.ret_ext_info) | {key: value for key, value in cursors.items() if value}
    return call.result(call.or_unknown(events, at), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /v5/strategy/stop",
        StopTaken,
        stop,
        page="strategy/stop-strategy",
        errors=Errors(StopRefused, lambda raw, call: refused(raw, call, result=raw.result)),
        is_shared=is_shared,  # what creates a strategy is answered alike
    ),
    endpoint(
        "GET /v5/strategy/order-list",
        StrategyOrdersShown,
        orders,
        page="strategy/order-list",
        errors=QUERY_ERRORS,
        skips=True,
    ),
    endpoint("stream strategy", StrategyFrame, frame, page="websocket/private/strategy", skips=True),
    product=None,
    request=RequestKeys(symbol=("symbol",), list_id=("strategyId",)),
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/",
)
