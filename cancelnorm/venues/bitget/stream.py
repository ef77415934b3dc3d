"""Bitget private stream ``orders`` of the classic account: what becomes of orders, cancels among it.

An order shown here with its last status is gone; what REST and the WebSocket API answer only says that a request
was accepted.
"""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import amount, by_words, constant, made, text
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText, Epoch, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.causes import causes
from cancelnorm.venues.bitget.messages import DOCS, IDS, PRODUCTS
from cancelnorm.venues.bitget.states import (
    FLAGS,
    POSITION_SIDES,
    Fee,
    Order,
    base_size,
    forced,
    order_map,
    quote_size,
)

# --- What Bitget sends ---


class Arg(Camel):
    """Subscription of a frame."""

    inst_type: str  # SPOT, USDT-FUTURES, COIN-FUTURES, USDC-FUTURES
    channel: Literal["orders"]
    inst_id: str | UnsetType = UNSET  # a symbol, or default: all of them


class StreamedOrder(Order):
    """Fields of orders of all products."""

    inst_id: str
    size: DecimalText  # base units, but for spot
    force: str  # gtc, post_only, fok, ioc
    status: str
    acc_base_volume: DecimalText  # base units
    price_avg: DecimalOrEmpty | UnsetType = UNSET  # "0" without a fill; not sent with canceled futures orders
    fee_detail: list[Fee] | UnsetType | None = UNSET
    # Of the last fill.
    base_volume: str | UnsetType = UNSET
    fill_price: str | UnsetType = UNSET
    fill_time: str | UnsetType = UNSET
    trade_id: str | UnsetType = UNSET
    fill_fee: str | UnsetType = UNSET
    fill_fee_coin: str | UnsetType = UNSET
    trade_scope: str | UnsetType = UNSET
    stp_mode: str | UnsetType = UNSET  # since 2024
    cancel_reason: str | UnsetType = UNSET  # since 2025


class SpotOrder(StreamedOrder):
    """A spot order; ``size`` is in quote units where it buys, whatever its type."""

    new_size: DecimalText  # as ordered: in quote units where a market order buys, in base units otherwise
    notional: str | UnsetType = UNSET  # quote units; documented for market orders that buy


class FuturesOrder(StreamedOrder):
    """A futures order."""

    leverage: str
    margin_coin: str
    margin_mode: str
    notional_usd: str | UnsetType = UNSET
    fill_notional_usd: str | UnsetType = UNSET
    pos_mode: str
    pos_side: str  # net, long, short
    trade_side: str
    reduce_only: str | UnsetType = UNSET  # yes, no
    pnl: str | UnsetType = UNSET
    total_profits: str | UnsetType = UNSET
    preset_stop_surplus_price: str | UnsetType = UNSET
    preset_stop_surplus_execute_price: str | UnsetType = UNSET
    preset_stop_surplus_type: str | UnsetType = UNSET
    preset_stop_loss_price: str | UnsetType = UNSET
    preset_stop_loss_execute_price: str | UnsetType = UNSET
    preset_stop_loss_type: str | UnsetType = UNSET


class OrdersFrame(Camel):
    """Orders that changed."""

    action: str  # snapshot, update
    arg: Arg
    data: list[FuturesOrder | SpotOrder]
    ts: Epoch  # when it was pushed


# --- What it means ---

STREAMED: Final = order_map(
    StreamedOrder,
    by_words(
        causes(Evidence.FINAL_REPORT),
        StreamedOrder.status,
        StreamedOrder.cancel_reason,
        raw_status=StreamedOrder.status,
    ),
    **forced(StreamedOrder.force),
    given=("product",),
    symbol=text(StreamedOrder.inst_id),
    raw_initiator=text(StreamedOrder.cancel_reason),
    average_price=amount(StreamedOrder.price_avg, zero_is_none=True),
    quantity=amount(StreamedOrder.size),
    filled_quantity=amount(StreamedOrder.acc_base_volume),
    quantity_unit=constant(QuantityUnit.BASE),
    self_trade_prevention=text(StreamedOrder.stp_mode, none=("none",)),
)
SPOT: Final = STREAMED.extended(
    SpotOrder,
    quantity=made(base_size, SpotOrder.new_size, SpotOrder.order_type, SpotOrder.side),
    quote_quantity=made(quote_size, SpotOrder.new_size, SpotOrder.order_type, SpotOrder.side),
)
FUTURES: Final = STREAMED.extended(
    FuturesOrder,
    position_side=made(POSITION_SIDES.get, FuturesOrder.pos_side),
    reduce_only=made(FLAGS.get, FuturesOrder.reduce_only),
)


def orders(raw: OrdersFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel, mostly all of one product."""
    call.response_ns = ns_of(raw.ts)
    product = PRODUCTS.get(raw.arg.inst_type)
    rows, at = raw.data, "$.data[{}]"
    kinds = set(map(type, rows))
    if kinds == {FuturesOrder}:
        events = FUTURES.events(rows, call, at, given=(product,))
    elif kinds == {SpotOrder}:
        events = SPOT.events(rows, call, at, given=(product,))
    else:
        events = [
            event
            for i, row in enumerate(rows)
            for event in (FUTURES if isinstance(row, FuturesOrder) else SPOT).events(
                [row], call, at.format(i), start=i, given=(product,)
            )
        ]
    said = {"action": raw.action, "arg": builtins_of(raw.arg)}
    return call.result(call.or_unknown(events, "$.data", product=product), extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream orders", OrdersFrame, orders),
    product=None,
    ids=IDS,
    docs=f"{DOCS}contract/websocket/private/Order-Channel",
    skips=True,
)
