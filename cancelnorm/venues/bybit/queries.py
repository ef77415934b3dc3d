"""Bybit REST: what it answers to a question about orders, where they are canceled."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import (
    IDS,
    KEYS,
    PRODUCTS,
    Answer,
    Empty,
    Refused,
    envelope,
    is_shared,
    opened,
    refused,
)
from cancelnorm.venues.bybit.states import OrderState, note_unshown, state_events, state_maps

# --- What Bybit sends ---


class QueriedOrder(OrderState):
    """An order in the answer to a query."""

    extra_fees: str | UnsetType = UNSET  # history
    base_price: str | UnsetType = UNSET  # history


class QueriedOrders(Camel):
    """A page of orders, the newest first."""

    category: Literal["linear", "inverse", "spot", "option"]
    orders: list[QueriedOrder] | None = field(name="list")
    next_page_cursor: str | None  # "" on the last page


class OrdersShown(Answer):
    """The answer to a query."""

    result: QueriedOrders


class UnshownOrders(Camel):
    """Place of the orders in a refusal: nothing, or a page that is empty."""

    orders: list[Empty] | UnsetType | None = field(name="list", default=UNSET)
    next_page_cursor: str | UnsetType | None = UNSET
    category: str | UnsetType = UNSET


class QueryRefused(Refused):
    """The refusal of a query."""

    result: UnshownOrders | list[Empty] | UnsetType | None = UNSET


# --- What it means ---

QUERIED: Final = state_maps(QueriedOrder, Evidence.TERMINAL_STATUS)


def query(raw: OrdersShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    opened(raw, call)
    page, at = raw.result, "$.result.list"
    orders = page.orders or []
    product = PRODUCTS.get(page.category)
    events = state_events(orders, [page.category] * len(orders), QUERIED, call, at)
    note_unshown(((order.order_id, order.order_link_id) for order in orders), call, at)
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if page.next_page_cursor:
        extra["nextPageCursor"] = page.next_page_cursor
    if product is None:
        extra["category"] = page.category
    return call.result(call.or_unknown(events, at, product=product), extra=extra)


QUERY_ERRORS: Final = Errors(
    QueryRefused, lambda raw, call: refused(raw, call, result=raw.result), of_query=is_shared
)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /v5/order/realtime", OrdersShown, query, page="open-order"),
    endpoint("GET /v5/order/history", OrdersShown, query, page="order-list"),
    # Orders of the time before an account was upgraded.
    endpoint(
        "GET /v5/pre-upgrade/order/history",
        OrdersShown,
        query,
        docs="https://bybit-exchange.github.io/docs/v5/pre-upgrade/order-list",
    ),
    product=None,
    request=KEYS,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/order/",
    skips=True,
)
