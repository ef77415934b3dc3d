"""BingX answers to new and amended orders: none is a cancel, and some have the shape of one."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.reader.scalars import Epoch, Int, NumberOrEmpty
from cancelnorm.reader.structs import Camel
from cancelnorm.venue import Other
from cancelnorm.venues.bingx import contracts, spot, twap
from cancelnorm.venues.bingx.messages import LongId, Reply

# --- What BingX sends ---


class SpotOrder(Camel):
    """A new spot order: but for ``transactTime`` what a cancel shows, and never canceled."""

    symbol: str
    order_id: LongId | str
    transact_time: Epoch
    price: NumberOrEmpty
    stop_price: NumberOrEmpty | UnsetType = UNSET
    orig_qty: NumberOrEmpty
    executed_qty: NumberOrEmpty
    cummulative_quote_qty: NumberOrEmpty
    status: Literal["NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "FAILED"]
    type: spot.Type
    side: Literal["BUY", "SELL"]
    client_order_id: str | UnsetType = field(name="clientOrderID", default=UNSET)
    orig_client_order_id: str | UnsetType = UNSET


class SpotOrderReply(Reply):
    """A new spot order."""

    data: SpotOrder


class SpotOrders(Camel):
    """New spot orders."""

    orders: list[SpotOrder] | None


class SpotOrdersReply(Reply):
    """Several new spot orders."""

    data: SpotOrders


class ContractOrder(Camel):
    """A new perpetual order: mostly what was asked for."""

    symbol: str
    order_id: LongId | str
    order_id_text: str | UnsetType = field(name="orderID", default=UNSET)
    side: Literal["BUY", "SELL"]
    position_side: contracts.PositionSide
    type: contracts.Type
    client_order_id: str | UnsetType = UNSET
    client_order_id_2024: str | UnsetType = field(name="clientOrderID", default=UNSET)
    working_type: str | UnsetType = UNSET
    status: str | UnsetType = UNSET  # since 2025-01-22
    price: NumberOrEmpty | UnsetType = UNSET
    quantity: NumberOrEmpty | UnsetType = UNSET
    stop_price: NumberOrEmpty | UnsetType = UNSET
    price_rate: NumberOrEmpty | UnsetType = UNSET
    time_in_force: str | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET
    take_profit: str | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    stop_guaranteed: bool | str | UnsetType = UNSET


class PlacedOrder(Camel):
    """A new perpetual order."""

    order: ContractOrder


class PlacedOrders(Camel):
    """New perpetual orders."""

    orders: list[ContractOrder] | None


class PlacedReply(Reply):
    """One or several new perpetual orders; a coin-margined one is alone."""

    data: PlacedOrder | PlacedOrders | ContractOrder
    timestamp: Int | UnsetType = UNSET


class AmendedOrder(Camel):
    """A perpetual order with its new size."""

    order_id: LongId | str
    client_order_id: str
    symbol: str
    quantity: NumberOrEmpty


class AmendedReply(Reply):
    """An amended perpetual order."""

    data: AmendedOrder
    timestamp: Int | UnsetType = UNSET


class TwapReply(Reply):
    """A new TWAP order."""

    data: twap.TwapId
    timestamp: Int | UnsetType = UNSET


class ClosedPositions(Camel):
    """The orders that close positions."""

    success: list[Int | str] | None
    failed: list[Int | str] | None


class ClosedReply(Reply):
    """All positions, as they are closed."""

    data: ClosedPositions


class PairLeg(Camel):
    """One of the two orders of a new OCO pair."""

    transaction_time: Int
    order_id: str
    client_order_id: str
    symbol: str
    order_type: str
    side: Literal["BUY", "SELL"]
    trigger_price: NumberOrEmpty
    price: NumberOrEmpty
    quantity: NumberOrEmpty
    order_list_id: str
    status: Literal["", "NEW", "PENDING"] | UnsetType = UNSET


class PairReply(Reply):
    """A new OCO pair, or one that is open."""

    data: list[PairLeg]


# --- Endpoints ---

OTHERS: Final = (
    Other("POST /openApi/spot/v1/trade/order", SpotOrderReply),
    Other("POST /openApi/spot/v1/trade/batchOrders", SpotOrdersReply),
    Other("POST /openApi/spot/v1/oco/order", PairReply),
    Other("POST /openApi/swap/v2/trade/order", PlacedReply),
    Other("POST /openApi/swap/v1/trade/amend", AmendedReply),
    Other("POST /openApi/swap/v1/twap/order", TwapReply),
    Other("POST /openApi/swap/v2/trade/closeAllPositions", ClosedReply),
)
