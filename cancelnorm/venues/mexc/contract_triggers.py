"""MEXC contract orders that wait for a price, by streams and by queries: plan, take-profit and stop-loss, trailing."""

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.eventmap import Absent, EventMap, amount, by_words, constant, flag, made, number, text, time
from cancelnorm.reader.scalars import DecimalNumber, Epoch, Int, NumberOrEmpty, number_or_empty
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, OrderType, PositionSide, QuantityUnit
from cancelnorm.venues.mexc.contract_messages import NO_ID, product_of
from cancelnorm.venues.mexc.contract_orders import POST_ONLY, SIDES, TIMES_IN_FORCE, State, position_side
from cancelnorm.venues.mexc.contract_states import (
    TRACK_ENDS,
    TRACK_QUIET,
    TRIGGER_ENDS,
    TRIGGER_QUIET,
    trigger_end,
)

# --- What MEXC sends ---


class PlanOrder(Camel):
    """An order that is placed when a price is reached."""

    id: Int | str
    symbol: str
    leverage: DecimalNumber
    side: Int
    trigger_price: DecimalNumber
    vol: DecimalNumber  # contracts
    open_type: Int
    trigger_type: Int  # 1: at or above the price, 2: at or below it
    state: State
    execute_cycle: Int  # hours
    trend: Int  # the price that is looked at: 1 last, 2 fair, 3 index
    order_type: Int  # of the order that is placed
    create_time: Epoch
    update_time: Epoch
    price: NumberOrEmpty | UnsetType = UNSET  # not of market orders
    error_code: Int | UnsetType = UNSET  # not in recorded frames
    order_id: Int | str | UnsetType | None = UNSET  # of the order that was placed; 0 or absent before
    # Since 2025-11.
    position_mode: Int | UnsetType = UNSET
    reduce_only: bool | UnsetType | None = UNSET
    loss_trend: Int | UnsetType = UNSET
    profit_trend: Int | UnsetType = UNSET
    stop_loss_price: NumberOrEmpty | UnsetType = UNSET
    take_profit_price: NumberOrEmpty | UnsetType = UNSET
    price_protect: Int | UnsetType = UNSET
    market_order_level: Int | UnsetType = UNSET
    # Recorded in 2026.
    ensure_stop_loss: Int | bool | UnsetType = UNSET
    extra_taker_fee_rate: NumberOrEmpty | UnsetType = UNSET


class StopOrder(Camel):
    """The take-profit and the stop-loss price of a position, or of an order that is to open one."""

    id: Int | str
    order_id: Int | str  # of the order that it came with, 0 of a position's
    symbol: str
    position_id: Int | str
    state: State
    trigger_side: Int  # 0 none yet, 1 take-profit, 2 stop-loss
    position_type: Int  # 1 long, 2 short
    vol: DecimalNumber  # contracts
    reality_vol: DecimalNumber  # what was placed
    version: Int
    is_finished: Int
    create_time: Epoch
    update_time: Epoch
    stop_loss_price: NumberOrEmpty | UnsetType = UNSET
    take_profit_price: NumberOrEmpty | UnsetType = UNSET
    error_code: Int | UnsetType = UNSET  # of queries
    place_order_id: Int | str | UnsetType | None = UNSET  # of the order that was placed
    # Since 2025-11.
    loss_trend: Int | UnsetType = UNSET
    profit_trend: Int | UnsetType = UNSET
    price_protect: Int | UnsetType = UNSET
    profit_loss_vol_type: str | UnsetType = UNSET  # SAME, SEPARATE
    take_profit_vol: NumberOrEmpty | UnsetType = UNSET
    stop_loss_vol: NumberOrEmpty | UnsetType = UNSET
    vol_type: Int | UnsetType = UNSET
    take_profit_reverse: Int | UnsetType = UNSET
    stop_loss_reverse: Int | UnsetType = UNSET
    close_try_times: Int | UnsetType = UNSET
    reverse_try_times: Int | UnsetType = UNSET
    reverse_error_code: Int | UnsetType = UNSET
    take_profit_type: Int | UnsetType = UNSET  # 0 market, 1 limit
    take_profit_order_price: NumberOrEmpty | UnsetType = UNSET
    stop_loss_type: Int | UnsetType = UNSET
    stop_loss_order_price: NumberOrEmpty | UnsetType = UNSET
    # Recorded in 2026.
    ensure_stop_loss: Int | bool | UnsetType = UNSET


class TrackOrder(Camel):
    """A trailing order."""

    id: Int | str
    symbol: str
    leverage: DecimalNumber
    side: Int
    vol: DecimalNumber  # contracts
    open_type: Int
    trend: Int
    active_price: NumberOrEmpty
    mark_price: NumberOrEmpty  # the best price since it is active
    back_type: Int  # 1 percent, 2 price
    back_value: DecimalNumber
    trigger_price: NumberOrEmpty  # follows the best price
    trigger_type: Int
    state: State
    create_time: Epoch
    update_time: Epoch
    order_id: Int | str | UnsetType | None = UNSET  # of the order that was placed; 0 before
    error_code: Int | UnsetType = UNSET
    position_mode: Int | UnsetType = UNSET
    reduce_only: bool | UnsetType | None = UNSET


# --- What it means ---

_TRIGGERED: Final = MappingProxyType(
    {
        **dict.fromkeys((1, 2, 3, 4), OrderType.TRIGGER_LIMIT),
        5: OrderType.TRIGGER_MARKET,
    }
)
_POSITIONS: Final = MappingProxyType({1: PositionSide.LONG, 2: PositionSide.SHORT})
_STOPS: Final = (OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
_TAKE_PROFITS: Final = (OrderType.TAKE_PROFIT_MARKET, OrderType.TAKE_PROFIT_LIMIT)
_PAIRS: Final = (OrderType.STOP_OR_TAKE_PROFIT_MARKET, OrderType.STOP_OR_TAKE_PROFIT_LIMIT)


def _price(sent: Raw | UnsetType) -> Decimal | None:
    """A price; None where it is zero or nothing."""
    found = "" if sent is UNSET else number_or_empty(sent)
    return Decimal(found) or None if found else None


def only_price(stop_loss: Raw | UnsetType, take_profit: Raw | UnsetType) -> Decimal | None:
    """The trigger price of an order that has one; None where it has two."""
    prices = _price(stop_loss), _price(take_profit)
    return None if all(prices) else prices[0] or prices[1]


def stop_type(
    stop_loss: Raw | UnsetType,
    take_profit: Raw | UnsetType,
    stop_loss_type: object = None,
    take_profit_type: object = None,
) -> OrderType | None:
    """The type of an order by its prices and by what each places; None where that is not said of each."""
    has_stop, has_target = _price(stop_loss) is not None, _price(take_profit) is not None
    if has_stop and has_target:
        by_type, kind = _PAIRS, stop_loss_type if stop_loss_type == take_profit_type else None
    elif has_stop:
        by_type, kind = _STOPS, stop_loss_type
    elif has_target:
        by_type, kind = _TAKE_PROFITS, take_profit_type
    else:
        return None
    return by_type[kind] if isinstance(kind, int) and 0 <= kind < len(by_type) else None


def plan_map(evidence: Evidence) -> EventMap:
    """The map of plan orders; ``evidence`` is what the end of one rests on where it is shown."""
    order = PlanOrder
    return EventMap(
        order,
        by_words(trigger_end(evidence, TRIGGER_ENDS, TRIGGER_QUIET), order.state, order.error_code),
        absent=Absent.ZERO,
        also=(order.position_mode,),
        symbol=text(order.symbol),
        order_id=number(order.id, none=NO_ID),
        product=made(product_of, order.symbol),
        raw_status=number(order.state),
        raw_initiator=number(order.error_code, none=(0,)),
        side=made(SIDES.get, order.side),
        position_side=made(position_side, order.side, order.position_mode),
        order_type=made(_TRIGGERED.get, order.order_type),
        time_in_force=made(TIMES_IN_FORCE.get, order.order_type),
        post_only=made(POST_ONLY.get, order.order_type),
        reduce_only=flag(order.reduce_only),
        price=amount(order.price, zero_is_none=True),
        trigger_price=amount(order.trigger_price, zero_is_none=True),
        quantity=amount(order.vol),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        created_ns=time(order.create_time),
        event_ns=time(order.update_time),
    )


def stop_map(evidence: Evidence) -> EventMap:
    """The map of take-profit and stop-loss orders."""
    order = StopOrder
    prices = order.stop_loss_price, order.take_profit_price
    return EventMap(
        order,
        by_words(trigger_end(evidence, TRIGGER_ENDS, TRIGGER_QUIET), order.state, order.error_code),
        absent=Absent.ZERO,
        also=(*prices, order.stop_loss_type, order.take_profit_type),
        symbol=text(order.symbol),
        order_id=number(order.id, none=NO_ID),
        list_id=number(order.order_id, none=NO_ID),
        product=made(product_of, order.symbol),
        raw_status=number(order.state),
        raw_initiator=number(order.error_code, none=(0,)),
        position_side=made(_POSITIONS.get, order.position_type),
        order_type=made(stop_type, *prices, order.stop_loss_type, order.take_profit_type),
        trigger_price=made(only_price, *prices),
        quantity=amount(order.vol),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        created_ns=time(order.create_time),
        event_ns=time(order.update_time),
    )


def track_map(evidence: Evidence) -> EventMap:
    """The map of trailing orders, whose type has no word of ours."""
    order = TrackOrder
    return EventMap(
        order,
        by_words(trigger_end(evidence, TRACK_ENDS, TRACK_QUIET), order.state, order.error_code),
        absent=Absent.ZERO,
        also=(order.position_mode,),
        symbol=text(order.symbol),
        order_id=number(order.id, none=NO_ID),
        product=made(product_of, order.symbol),
        raw_status=number(order.state),
        raw_initiator=number(order.error_code, none=(0,)),
        side=made(SIDES.get, order.side),
        position_side=made(position_side, order.side, order.position_mode),
        reduce_only=flag(order.reduce_only),
        trigger_price=amount(order.trigger_price, zero_is_none=True),
        quantity=amount(order.vol),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        created_ns=time(order.create_time),
        event_ns=time(order.update_time),
    )
