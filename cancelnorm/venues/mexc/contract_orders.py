"""MEXC contract orders, by the stream and by queries: sizes are numbers of contracts, and no number is in quotes."""

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Raw, UnsetType

from cancelnorm.eventmap import (
    Absent,
    EventMap,
    amount,
    by_words,
    constant,
    flag,
    made,
    number,
    text,
    time,
)
from cancelnorm.reader.scalars import DecimalNumber, Epoch, Int, NumberOrEmpty, number_text
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import OrderType, PositionSide, QuantityUnit, Side, TimeInForce
from cancelnorm.venues.mexc.contract_messages import NO_ID, product_of
from cancelnorm.venues.mexc.contract_states import Judge

# --- What MEXC sends ---

State = Annotated[int, Meta(ge=0, le=99)]
"""How far an order got: a small number of a list that is open, and another list for each kind of orders."""


class AnyOrder(Camel):
    """An order, wherever it is shown."""

    order_id: Int | str  # in quotes in recordings, an integer on pages of the documentation
    symbol: str
    position_id: Int | str  # 0: none yet
    price: DecimalNumber  # of a market order the price of its contract
    vol: DecimalNumber  # contracts
    leverage: DecimalNumber
    side: Int  # 1 open long, 2 close short, 3 open short, 4 close long
    category: Int  # 1 limit, 2 liquidation, 3 closing for it, 4 auto-deleveraging, 5 delivery, 6 hedge
    order_type: Int
    deal_avg_price: DecimalNumber  # zero without a fill
    deal_vol: DecimalNumber  # contracts
    order_margin: DecimalNumber
    used_margin: DecimalNumber
    taker_fee: DecimalNumber
    maker_fee: DecimalNumber
    profit: DecimalNumber
    fee_currency: str
    open_type: Int  # 1 isolated, 2 cross
    state: State
    error_code: Int
    external_oid: str | None  # one of the venue's own, as _m_95bc2b72, where the order was placed without
    create_time: Epoch
    update_time: Epoch
    version: Int | UnsetType = UNSET  # recorded since 2021, not on all pages of the documentation
    # Since 2025-11.
    position_mode: Int | UnsetType = UNSET  # 1 hedge, 2 one-way
    reduce_only: bool | UnsetType | None = UNSET
    bbo_type_num: Int | UnsetType = UNSET
    stop_loss_price: NumberOrEmpty | UnsetType = UNSET
    take_profit_price: NumberOrEmpty | UnsetType = UNSET
    loss_trend: Int | UnsetType = UNSET
    profit_trend: Int | UnsetType = UNSET
    price_protect: Int | UnsetType = UNSET


# --- What it means ---

SIDES: Final = MappingProxyType({1: Side.BUY, 2: Side.BUY, 3: Side.SELL, 4: Side.SELL})
POSITION_SIDES: Final = MappingProxyType(
    {1: PositionSide.LONG, 2: PositionSide.SHORT, 3: PositionSide.SHORT, 4: PositionSide.LONG}
)
_ONE_WAY: Final = 2
_MARKET: Final = 5
ORDER_TYPES: Final = MappingProxyType(
    {
        1: OrderType.LIMIT,
        2: OrderType.LIMIT_MAKER,
        3: OrderType.LIMIT,
        4: OrderType.LIMIT,
        _MARKET: OrderType.MARKET,
        # 6, a market order whose rest stays as a limit order, has no word of ours.
    }
)
TIMES_IN_FORCE: Final = MappingProxyType({3: TimeInForce.IOC, 4: TimeInForce.FOK})
POST_ONLY: Final = MappingProxyType({kind: kind == 2 for kind in ORDER_TYPES})


def position_side(side: int, mode: object = None) -> PositionSide | None:
    """The position that an order opens or closes, in hedge mode, which was the only mode at first."""
    return PositionSide.BOTH if mode == _ONE_WAY else POSITION_SIDES.get(side)


def limit_price(price: Raw, kind: int) -> Decimal | None:
    """The price of an order; a market order has none."""
    found = Decimal(number_text(price))
    return None if kind == _MARKET else found or None


def order_map(struct: type[AnyOrder], judge: Judge, *, told: Sequence[Any] = (), **more: Any) -> EventMap:
    """The map of orders; ``told`` are fields of a struct that say again what another one says."""
    order = AnyOrder
    return EventMap(
        struct,
        by_words(judge, order.state, order.error_code, order.deal_vol, order.vol),
        absent=Absent.ZERO,
        also=(order.position_mode,),
        told=told,
        symbol=text(order.symbol),
        order_id=number(order.order_id, none=NO_ID),
        client_order_id=text(order.external_oid),
        product=made(product_of, order.symbol),
        raw_status=number(order.state),
        raw_initiator=number(order.error_code),
        side=made(SIDES.get, order.side),
        position_side=made(position_side, order.side, order.position_mode),
        order_type=made(ORDER_TYPES.get, order.order_type),
        time_in_force=made(TIMES_IN_FORCE.get, order.order_type),
        post_only=made(POST_ONLY.get, order.order_type),
        reduce_only=flag(order.reduce_only),
        price=made(limit_price, order.price, order.order_type),
        average_price=amount(order.deal_avg_price, zero_is_none=True),
        quantity=amount(order.vol),
        filled_quantity=amount(order.deal_vol),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        created_ns=time(order.create_time),
        event_ns=time(order.update_time),
        **more,
    )
