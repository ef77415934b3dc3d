"""Bitget REST of the unified account: what it answers to a question about orders, where they are canceled."""

from typing import Final

from msgspec import UNSET, UnsetType, field

from cancelnorm.eventmap import by_words, made
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.causes import causes
from cancelnorm.venues.bitget.messages import DOCS, ERRORS, IDS, KEYS, Envelope, is_shared_refusal
from cancelnorm.venues.bitget.states import POSITION_SIDES, query
from cancelnorm.venues.bitget.unified_stream import UnifiedOrder, unified_map

# --- What Bitget sends ---


class QueriedOrder(UnifiedOrder):
    """An order in the answer to a query."""

    base_coin: str | UnsetType = UNSET
    quote_coin: str | UnsetType = UNSET
    take_profit: str | UnsetType | None = UNSET
    stop_loss: str | UnsetType | None = UNSET


class OrderAnswer(Envelope):
    """One order."""

    data: QueriedOrder | None


class Page(Camel):
    """A page of orders."""

    orders: list[QueriedOrder] | None = field(name="list")
    cursor: str | UnsetType | None = UNSET


class OrdersAnswer(Envelope):
    """Several orders."""

    data: Page | None


# --- What it means ---

QUERIED: Final = unified_map(
    QueriedOrder,
    by_words(
        causes(Evidence.TERMINAL_STATUS),
        UnifiedOrder.order_status,
        UnifiedOrder.cancel_reason,
        raw_status=UnifiedOrder.order_status,
    ),
    position_side=made(POSITION_SIDES.get, UnifiedOrder.pos_side),
)
_orders = query(QUERIED, Page)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/v3/trade/order-info", OrderAnswer, query(QUERIED), page="Get-Order-Details"),
    endpoint("GET /api/v3/trade/history-orders", OrdersAnswer, _orders, page="Get-Order-History"),
    endpoint("GET /api/v3/trade/unfilled-orders", OrdersAnswer, _orders, page="Get-Order-Pending"),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared_refusal,
    ids=IDS,
    docs=f"{DOCS}uta/trade/",
    skips=True,
)
