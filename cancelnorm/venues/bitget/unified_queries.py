"""Bitget REST of the unified account: what it answers to a question about orders, where they are canceled."""

from typing import Final

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import by_words, made
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.causes import causes
from cancelnorm.venues.bitget.messages import DOCS, ERRORS, IDS, KEYS, Envelope, is_shared_refusal, refused
from cancelnorm.venues.bitget.states import POSITION_SIDES, queried
from cancelnorm.venues.bitget.unified_stream import UnifiedOrder, unified_map

# --- What Bitget sends ---


class QueriedOrder(UnifiedOrder):
    """An order in the answer to a query."""

    pos_side: str | UnsetType = UNSET  # long, short
    exec_type: str | UnsetType = UNSET
    trade_side: str | UnsetType = UNSET
    margin_mode: str | UnsetType = UNSET
    margin_coin: str | UnsetType = UNSET
    base_coin: str | UnsetType = UNSET
    quote_coin: str | UnsetType = UNSET
    total_profit: str | UnsetType = UNSET
    # Of an order with a take-profit or a stop-loss; null or "" without.
    take_profit: str | UnsetType | None = UNSET
    stop_loss: str | UnsetType | None = UNSET
    tp_trigger_by: str | UnsetType | None = UNSET
    sl_trigger_by: str | UnsetType | None = UNSET
    tp_order_type: str | UnsetType | None = UNSET
    sl_order_type: str | UnsetType | None = UNSET
    tp_limit_price: str | UnsetType | None = UNSET
    sl_limit_price: str | UnsetType | None = UNSET


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
    position_side=made(POSITION_SIDES.get, QueriedOrder.pos_side),
)


def order(raw: OrderAnswer, call: Call) -> Normalised:
    """Map one order."""
    if raw.data is None:
        return refused(raw, call)
    return queried(raw, [raw.data], QUERIED, call, "$.data")


def orders(raw: OrdersAnswer, call: Call) -> Normalised:
    """Map a page of orders."""
    if raw.data is None:
        return refused(raw, call)
    page = raw.data
    return queried(raw, page.orders or [], QUERIED, call, "$.data.list", cursor=page.cursor)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/v3/trade/order-info", OrderAnswer, order, page="Get-Order-Details"),
    endpoint("GET /api/v3/trade/history-orders", OrdersAnswer, orders, page="Get-Order-History"),
    endpoint("GET /api/v3/trade/unfilled-orders", OrdersAnswer, orders, page="Get-Order-Pending"),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared_refusal,
    ids=IDS,
    docs=f"{DOCS}uta/trade/",
    skips=True,
)
