"""Types of answers that are no cancels and are declared nowhere in the package: their shapes are a cancel's, too."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.reader.types import Kind

Alive = Literal["NEW", "PARTIALLY_FILLED", "FILLED"]
Side = Literal["BUY", "SELL"]

# --- Binance: https://developers.binance.com/docs/, new order and amendment ---


class SpotAck(Camel):
    """A new spot order in short."""

    symbol: str
    order_id: Int
    order_list_id: Int
    client_order_id: str
    transact_time: Epoch


class SpotResult(SpotAck):
    """A new spot order with what became of it."""

    price: DecimalText
    orig_qty: DecimalText
    executed_qty: DecimalText
    orig_quote_order_qty: DecimalText | UnsetType = UNSET
    cummulative_quote_qty: DecimalText
    status: Alive
    time_in_force: Literal["GTC", "IOC", "FOK"]
    type: Literal["LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS_LIMIT"]
    side: Side
    working_time: Epoch | UnsetType = UNSET
    self_trade_prevention_mode: str | UnsetType = UNSET


class Fill(Camel):
    """A trade of a new order."""

    price: DecimalText
    qty: DecimalText
    commission: DecimalText
    commission_asset: str
    trade_id: Int


class SpotFull(SpotResult):
    """A new spot order with its trades."""

    fills: list[Fill]


class FuturesOrder(Camel):
    """A new or an amended order of futures."""

    client_order_id: str
    cum_qty: DecimalText
    cum_quote: DecimalText
    executed_qty: DecimalText
    order_id: Int
    avg_price: DecimalText
    orig_qty: DecimalText
    price: DecimalText
    reduce_only: bool
    side: Side
    position_side: Literal["BOTH", "LONG", "SHORT"]
    status: Alive
    stop_price: DecimalText
    close_position: bool
    symbol: str
    time_in_force: Literal["GTC", "IOC", "FOK", "GTX"]
    type: Literal["LIMIT", "MARKET", "STOP", "TAKE_PROFIT"]
    orig_type: Literal["LIMIT", "MARKET", "STOP", "TAKE_PROFIT"]
    update_time: Epoch
    working_type: Literal["CONTRACT_PRICE", "MARK_PRICE"]
    price_protect: bool
    price_match: str | UnsetType = UNSET
    self_trade_prevention_mode: str | UnsetType = UNSET
    good_till_date: Int | UnsetType = UNSET


class Failure(Camel):
    """The error of any request."""

    code: Literal[-2010, -1013, -1021, -1121, -2019, -4164, 1, 2]
    msg: str


class Placed(Camel):
    """The answer of a WebSocket API to a new order."""

    id: Int | str | None
    status: Literal[200]
    result: SpotAck | SpotResult | SpotFull | FuturesOrder


class NotPlaced(Camel):
    """The same, where it failed."""

    id: Int | str | None
    status: Literal[400, 409, 429]
    error: Failure


class StreamFailure(Camel):
    """What the server of streams says of a frame that it does not understand."""

    error: Failure
    id: Int | None


# --- Bybit: https://bybit-exchange.github.io/docs/v5/order/create-order, amend-order, batch-place ---


class Nothing(Exact):
    """An object without fields."""


class Named(Camel):
    """The ids of an order that was created or amended."""

    order_id: str
    order_link_id: str


class Created(Camel):
    """A new or an amended order."""

    ret_code: Literal[0]
    ret_msg: Literal["OK", ""]
    result: Named
    ret_ext_info: Nothing
    time: Epoch


class CreatedRow(Named):
    """An order of a batch."""

    category: Literal["spot", "linear", "inverse", "option"]
    symbol: str
    create_at: str | UnsetType = UNSET  # "" in an amendment's


class CreatedRows(Camel):
    """The orders of a batch."""

    rows: list[CreatedRow] = field(name="list")


class RowCode(Camel):
    """What became of an order of a batch."""

    code: Int
    msg: str


class RowCodes(Camel):
    """What became of the orders of a batch."""

    rows: list[RowCode] = field(name="list")


class CreatedBatch(Camel):
    """Several new or amended orders."""

    ret_code: Literal[0]
    ret_msg: Literal["OK", ""]
    result: CreatedRows
    ret_ext_info: RowCodes
    time: Epoch


class NotCreated(Camel):
    """A request of any kind that failed."""

    ret_code: Literal[10001, 10003, 10004, 110007, 110017, 170131]
    ret_msg: str
    result: Nothing
    ret_ext_info: Nothing
    time: Epoch


OTHERS: Final[dict[str, tuple[Kind, ...]]] = {
    "binance": (SpotAck, SpotResult, SpotFull, FuturesOrder, Failure, Placed, NotPlaced, StreamFailure),
    "bybit": (Created, CreatedBatch, NotCreated),
}
"""By venue; a venue of the package may declare more."""
