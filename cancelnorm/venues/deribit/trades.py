"""Deribit trades and positions, which stand beside orders in some answers and frames and say nothing of a cancel.

What one of them lacks must not cost the cancel beside it.
"""

from msgspec import UNSET, UnsetType

from cancelnorm.reader.scalars import DecimalNumber, Int
from cancelnorm.reader.structs import Exact

# --- What Deribit sends ---


class TradeLeg(Exact):
    """A part of the trade of a combo."""

    trade_id: str | UnsetType = UNSET
    trade_seq: Int | UnsetType = UNSET
    instrument_name: str
    timestamp: Int | UnsetType = UNSET
    direction: str | UnsetType = UNSET
    amount: DecimalNumber | UnsetType = UNSET
    price: DecimalNumber | UnsetType = UNSET
    contracts: DecimalNumber | UnsetType = UNSET
    combo_trade_id: str | Int | UnsetType = UNSET
    tick_direction: Int | UnsetType = UNSET
    state: str | UnsetType = UNSET
    order_id: str | UnsetType = UNSET
    order_type: str | UnsetType = UNSET
    label: str | UnsetType = UNSET
    liquidity: str | UnsetType = UNSET
    matching_id: UnsetType | None = UNSET
    fee: DecimalNumber | UnsetType = UNSET
    fee_currency: str | UnsetType = UNSET
    index_price: DecimalNumber | UnsetType = UNSET
    mark_price: DecimalNumber | UnsetType = UNSET
    underlying_price: DecimalNumber | UnsetType = UNSET
    iv: DecimalNumber | UnsetType = UNSET
    profit_loss: DecimalNumber | UnsetType = UNSET
    api: bool | UnsetType = UNSET
    mmp: bool | UnsetType = UNSET
    post_only: bool | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    risk_reducing: bool | UnsetType = UNSET
    self_trade: bool | UnsetType = UNSET
    user_id: Int | UnsetType = UNSET


class Trade(TradeLeg):
    """A trade; its ``state`` is that of its order, which may have been canceled after it."""

    advanced: str | UnsetType = UNSET
    block_trade_id: str | UnsetType = UNSET
    block_trade_leg_count: Int | UnsetType = UNSET
    block_rfq_id: Int | UnsetType = UNSET
    combo_id: str | UnsetType = UNSET
    legs: list[TradeLeg] | UnsetType = UNSET
    liquidation: str | UnsetType = UNSET
    quote_id: str | UnsetType = UNSET
    quote_set_id: str | UnsetType = UNSET
    is_secondary_oto: bool | UnsetType = UNSET


class Position(Exact):
    """A position."""

    instrument_name: str
    kind: str | UnsetType = UNSET
    direction: str | UnsetType = UNSET  # zero where there is none
    size: DecimalNumber | UnsetType = UNSET
    size_currency: DecimalNumber | UnsetType = UNSET
    average_price: DecimalNumber | UnsetType = UNSET
    average_price_usd: DecimalNumber | UnsetType = UNSET
    mark_price: DecimalNumber | UnsetType = UNSET
    index_price: DecimalNumber | UnsetType = UNSET
    settlement_price: DecimalNumber | UnsetType = UNSET
    initial_margin: DecimalNumber | UnsetType = UNSET
    maintenance_margin: DecimalNumber | UnsetType = UNSET
    open_orders_margin: DecimalNumber | UnsetType = UNSET
    leverage: Int | UnsetType = UNSET
    estimated_liquidation_price: DecimalNumber | UnsetType = UNSET
    delta: DecimalNumber | UnsetType = UNSET
    gamma: DecimalNumber | UnsetType = UNSET
    vega: DecimalNumber | UnsetType = UNSET
    theta: DecimalNumber | UnsetType = UNSET
    floating_profit_loss: DecimalNumber | UnsetType = UNSET
    floating_profit_loss_usd: DecimalNumber | UnsetType = UNSET
    realized_profit_loss: DecimalNumber | UnsetType = UNSET
    realized_funding: DecimalNumber | UnsetType = UNSET
    total_profit_loss: DecimalNumber | UnsetType = UNSET
    interest_value: DecimalNumber | UnsetType = UNSET
