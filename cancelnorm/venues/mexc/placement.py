"""MEXC's answers to new spot orders: none is a cancel, and they have keys of one."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venue import Other
from cancelnorm.venues.mexc.spot_orders import OrderId, Type

# --- What MEXC sends ---


class PlacedOrder(Camel):
    """A new order: but for ``transactTime`` what a cancel shows."""

    symbol: str
    order_id: OrderId
    order_list_id: Int | str | UnsetType = UNSET
    client_order_id: str | UnsetType | None = UNSET
    price: DecimalText
    orig_qty: DecimalText
    type: Type
    side: Literal["BUY", "SELL"]
    stp_mode: str | UnsetType | None = UNSET  # since 2025-09
    transact_time: Epoch | str  # in quotes where a recorder put it there


class PlacedRow(Camel):
    """One of several new orders."""

    symbol: str
    order_id: OrderId
    new_client_order_id: str | UnsetType | None = UNSET
    order_list_id: Int | str | UnsetType = UNSET


class RefusedRow(Camel):
    """One of several orders that was not placed."""

    new_client_order_id: str | UnsetType | None = UNSET
    msg: Prose
    code: Int


# --- Endpoints ---

OTHERS: Final = (
    Other("POST /api/v3/order", PlacedOrder),
    Other("POST /api/v3/batchOrders", list[PlacedRow | RefusedRow]),
)
