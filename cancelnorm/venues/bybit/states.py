"""Bybit orders as they are shown, by the stream and by queries alike: fifty fields, more every year."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    amount,
    by_words,
    constant,
    first,
    flag,
    made,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText, EpochText, Int, decimal_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import Target
from cancelnorm.schema import (
    CancelEvent,
    Evidence,
    Normalised,
    OrderType,
    PositionSide,
    Product,
    QuantityUnit,
    Side,
    TimeInForce,
)
from cancelnorm.venues.bybit.causes import UNSAID, UNSAID_REASONS, causes, left

# --- What Bybit sends ---


class OrderState(Camel):
    """An order as it stands. What is handed on as it was sent is plain text here."""

    symbol: str
    order_id: str  # a UUID, for spot 19 digits
    order_link_id: str  # "" where the order has none
    parent_order_link_id: str | UnsetType = UNSET  # since 2026-01-07: futures and options
    block_trade_id: str | UnsetType = UNSET  # not on a page of 2022-12
    side: Literal["Buy", "Sell"]
    position_idx: Int
    order_status: str
    cancel_type: str  # "UNKNOWN": nobody tried to cancel
    reject_reason: str  # "" for spot in 2023
    # The long words are those of the classic account at the end of 2022.
    time_in_force: Literal[
        "GTC", "IOC", "FOK", "PostOnly", "RPI", "GoodTillCancel", "ImmediateOrCancel", "FillOrKill"
    ]
    is_leverage: str | UnsetType = UNSET  # "0" or "1" for spot
    price: DecimalOrEmpty  # of a market order 0, or an estimate
    broker_order_price: str | UnsetType = UNSET  # liquidity providers of the EU
    qty: DecimalText  # base units, contracts, or quote units (market orders of spot)
    avg_price: DecimalOrEmpty  # "" or "0": no fill
    leaves_qty: DecimalOrEmpty  # after a cancel 0, nothing, or what was left
    leaves_value: str
    cum_exec_qty: DecimalText  # base units or contracts
    cum_exec_value: DecimalOrEmpty  # quote units; inverse: coin
    cum_exec_fee: str | UnsetType = UNSET  # deprecated
    order_type: Literal["Limit", "Market", "UNKNOWN", "Block trade Roll Back", "Block trade-Limit"]
    stop_order_type: str
    oco_trigger_by: str | UnsetType = UNSET  # since 2023-10-26
    order_iv: str
    trigger_price: DecimalOrEmpty  # of a trailing stop: where it becomes active
    take_profit: str
    stop_loss: str
    trigger_by: str
    tp_trigger_by: str
    sl_trigger_by: str
    trigger_direction: Int  # 1: rise, 2: fall
    place_type: str | UnsetType = UNSET  # since 2023-04-04
    last_price_on_created: str
    close_on_trigger: bool
    reduce_only: bool
    smp_group: Int | str | UnsetType = UNSET  # since 2023-04-20; in quotes for spot in 2026
    smp_type: str | UnsetType = UNSET  # since 2023-04-20
    smp_order_id: str | UnsetType = UNSET  # since 2023-04-20
    sl_limit_price: str | UnsetType = UNSET  # since 2023-05-23
    tp_limit_price: str | UnsetType = UNSET  # since 2023-05-23
    tpsl_mode: str | UnsetType = UNSET  # since 2023-05-23; not for spot
    tp_sl_mode: str | UnsetType = UNSET  # the same, in May 2023
    create_type: str | UnsetType = UNSET  # since 2023-12-12: linear and inverse
    market_unit: str | UnsetType = UNSET  # since 2023-12-22
    slippage_tolerance_type: str | UnsetType = UNSET  # since 2025-02-27
    slippage_tolerance: str | UnsetType = UNSET  # since 2025-02-27
    created_time: EpochText
    updated_time: EpochText  # "" for spot in 2023
    closed_pnl: str | UnsetType = UNSET  # since 2024-09-29: derivatives
    fee_currency: str | UnsetType = UNSET  # since 2023-08-07; deprecated
    cum_fee_detail: dict[str, str] | UnsetType = UNSET  # since 2025-09-18; coin → fee
    rpi_taker_access: bool | UnsetType = UNSET  # since 2026-05-26
    rpi_matched_qty: str | UnsetType = UNSET  # since 2026-05-26


# --- What it means ---

SIDES: Final = MappingProxyType({"Buy": Side.BUY, "Sell": Side.SELL})
TIMES_IN_FORCE: Final = MappingProxyType(
    {
        "GTC": TimeInForce.GTC,
        "IOC": TimeInForce.IOC,
        "FOK": TimeInForce.FOK,
        "PostOnly": TimeInForce.GTC,
        "GoodTillCancel": TimeInForce.GTC,
        "ImmediateOrCancel": TimeInForce.IOC,
        "FillOrKill": TimeInForce.FOK,
    }
)
POST_ONLY: Final = MappingProxyType({word: word == "PostOnly" for word in TIMES_IN_FORCE})
_POSITION_SIDES: Final = {0: PositionSide.BOTH, 1: PositionSide.LONG, 2: PositionSide.SHORT}
# By ``orderType``, ``stopOrderType`` and whether the order is post-only.
_UNCONDITIONAL: Final = ("", "UNKNOWN")
_MARKET: Final = {
    "TakeProfit": OrderType.TAKE_PROFIT_MARKET,
    "PartialTakeProfit": OrderType.TAKE_PROFIT_MARKET,
    "StopLoss": OrderType.STOP_MARKET,
    "PartialStopLoss": OrderType.STOP_MARKET,
    "Stop": OrderType.TRIGGER_MARKET,
    "tpslOrder": OrderType.STOP_OR_TAKE_PROFIT_MARKET,
}
_LIMIT: Final = {
    "TakeProfit": OrderType.TAKE_PROFIT_LIMIT,
    "PartialTakeProfit": OrderType.TAKE_PROFIT_LIMIT,
    "StopLoss": OrderType.STOP_LIMIT,
    "PartialStopLoss": OrderType.STOP_LIMIT,
    "Stop": OrderType.TRIGGER_LIMIT,
    "tpslOrder": OrderType.STOP_OR_TAKE_PROFIT_LIMIT,
}


def state_maps(struct: type[OrderState], evidence: Evidence, *told: str) -> Mapping[str, EventMap]:
    """The maps of orders as they are shown, by category, with ``""`` for any other.

    ``evidence`` is what the end of an order rests on, ``told`` the fields that say the category.
    """
    shown = EventMap(
        struct,
        by_words(
            causes(evidence),
            OrderState.order_status,
            OrderState.cancel_type,
            OrderState.reject_reason,
            OrderState.cum_exec_qty,
            raw_status=OrderState.order_status,
        ),
        absent=Absent.EMPTY,
        also=(OrderState.reject_reason, OrderState.stop_order_type),
        symbol=text(OrderState.symbol),
        order_id=text(OrderState.order_id),
        client_order_id=text(OrderState.order_link_id),
        raw_initiator=first(
            text(OrderState.cancel_type, none=UNSAID),
            text(OrderState.reject_reason, none=UNSAID_REASONS),
        ),
        side=word(OrderState.side, SIDES),
        order_type=made(
            order_type, OrderState.order_type, OrderState.stop_order_type, OrderState.time_in_force
        ),
        time_in_force=word(OrderState.time_in_force, TIMES_IN_FORCE),
        post_only=word(OrderState.time_in_force, POST_ONLY),
        reduce_only=flag(OrderState.reduce_only),
        price=amount(OrderState.price, zero_is_none=True),
        trigger_price=amount(OrderState.trigger_price, zero_is_none=True),
        average_price=amount(OrderState.avg_price, zero_is_none=True),
        quantity=amount(OrderState.qty),
        filled_quantity=amount(OrderState.cum_exec_qty),
        remaining_quantity=made(left, OrderState.leaves_qty, OrderState.order_status),
        self_trade_prevention=text(OrderState.smp_type),
        created_ns=time(OrderState.created_time),
        event_ns=time(OrderState.updated_time),
    )
    sizing = (OrderState.qty, OrderState.order_type, OrderState.market_unit, OrderState.side)
    contracts: dict[str, Any] = {
        "quantity_unit": constant(QuantityUnit.CONTRACTS),
        "position_side": made(_POSITION_SIDES.get, OrderState.position_idx),
        "told": told,
    }
    quoted: dict[str, Any] = {
        "quantity_unit": constant(QuantityUnit.BASE),
        "filled_quote": amount(OrderState.cum_exec_value),
        "told": told,
    }
    return MappingProxyType(
        {
            "": shown,
            "spot": shown.extended(
                struct,
                also=(OrderState.market_unit,),
                product=constant(Product.SPOT),
                **{**quoted, "quantity": made(_quantity, *sizing)},
                quote_quantity=made(_quote_quantity, *sizing),
            ),
            "linear": shown.extended(struct, product=constant(Product.LINEAR), **{**contracts, **quoted}),
            # The value filled is in coin for inverse contracts; in what it is for options is not said.
            "inverse": shown.extended(struct, product=constant(Product.INVERSE), **contracts),
            "option": shown.extended(struct, product=constant(Product.OPTION), **contracts),
        }
    )


def order_type(kind: str, stop: str, time_in_force: str) -> OrderType | None:
    """The type of an order, named by what it becomes when it is triggered.

    None where ``stopOrderType`` is a word that no table has: TrailingStop, OcoOrder, BidirectionalTpslOrder,
    MmRateClose, the site's TrailingProfit. Such an order is conditional, and of no type of ours.
    """
    if kind == "Market":
        return OrderType.MARKET if stop in _UNCONDITIONAL else _MARKET.get(stop)
    if kind == "Limit":
        if stop not in _UNCONDITIONAL:
            return _LIMIT.get(stop)
        return OrderType.LIMIT_MAKER if time_in_force == "PostOnly" else OrderType.LIMIT
    return None


def _is_by_value(kind: str, unit: str | UnsetType, side: str) -> bool:
    """Whether an order of spot is sized in quote units: a market order that says so, or a buy that says nothing."""
    return kind == "Market" and (unit == "quoteCoin" or (side == "Buy" and unit != "baseCoin"))


def _quantity(size: str, kind: str, unit: str | UnsetType, side: str) -> Decimal | None:
    return None if _is_by_value(kind, unit, side) else decimal_of(size)


def _quote_quantity(size: str, kind: str, unit: str | UnsetType, side: str) -> Decimal | None:
    return decimal_of(size) if _is_by_value(kind, unit, side) else None


def state_events(
    states: Sequence[OrderState], categories: Sequence[str], maps: Mapping[str, EventMap], call: Call, at: str
) -> list[CancelEvent]:
    """One event an order that is about a cancel; mostly all are of one category."""
    other = maps[""]
    if len({*categories}) == 1:
        return maps.get(categories[0], other).events(states, call, f"{at}[{{}}]")
    return [
        event
        for i, (state, category) in enumerate(zip(states, categories, strict=True))
        for event in maps.get(category, other).events([state], call, f"{at}[{i}]", start=i)
    ]


def note_unshown(named: Iterable[tuple[str, str]], call: Call, at: str) -> None:
    """Note an order that a query asks for by an id and its answer does not show.

    ``named`` are the order id and the client id of each order that is shown, canceled or not.
    """
    if call.record.request:
        shown = [Target(order_id=order_id, client_order_id=link) for order_id, link in named]
        call.unanswered(shown, at)


def frame_of(by_row: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps a frame that says nothing beside its topic: the orders in it that are about a cancel."""

    def frame(raw: Any, call: Call) -> Normalised:
        events = by_row.events(raw.data, call, "$.data[{}]")
        return call.result(call.or_unknown(events, "$.data"), extra=topic_said(raw.topic, call))

    return frame


def topic_said(topic: str, call: Call) -> dict[str, str]:
    """The topic of a frame, where the name of the endpoint does not say it."""
    name = call.endpoint.name.removeprefix("stream ").partition(" (")[0]
    return {} if name == topic else {"topic": topic}
