"""Coinbase International REST: what it answers to a question about orders, where they are canceled."""

from typing import Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.json import Decoder

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Verdict, by_words
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase_international.messages import (
    DOCS,
    IDS,
    KEYS,
    QUERIED_ALL,
    QUERIED_ONE,
    Order,
    end_of,
    order_map,
    status_of,
)

# --- What Coinbase International sends ---


class QueriedOrder(Order):
    """An order as it stands, which is not what became of a cancel."""


class Pagination(Exact):
    """What part of a list it is."""

    result_limit: Int
    result_offset: Int
    ref_datetime: str | UnsetType = UNSET


class OrdersPage(Exact):
    """Orders that are open."""

    pagination: Pagination
    results: list[QueriedOrder]


# --- What it means ---


def _queried(event_type: str, order_status: str) -> Verdict | None:
    if status_of(event_type, order_status) is not None:
        return None
    return end_of(event_type, order_status, Evidence.TERMINAL_STATUS)


ORDER: Final = order_map(
    QueriedOrder, by_words(_queried, Order.event_type, Order.order_status, raw_status=Order.order_status)
)


def order(raw: QueriedOrder, call: Call) -> Normalised:
    """Map the answer to a query of one order."""
    return call.result(ORDER.events([raw], call, "$"))


def orders(raw: OrdersPage, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    page = {
        "result_limit": raw.pagination.result_limit,
        "result_offset": raw.pagination.result_offset,
        **({} if raw.pagination.ref_datetime is UNSET else {"ref_datetime": raw.pagination.ref_datetime}),
    }
    return call.result(ORDER.events(raw.results, call, "$.results[{}]"), extra={"pagination": page})


# --- What is about something else ---


class _Order(Struct, gc=False):
    """Fields of an order that say whether it is about a cancel."""

    event_type: str
    order_status: str


class _Page(Struct, gc=False):
    """Orders."""

    results: list[_Order]


_order: Final = Decoder(_Order).decode
_page: Final = Decoder(_Page).decode


def _is_quiet(shown: _Order) -> bool:
    return status_of(shown.event_type, shown.order_status) is not None


def quiet_order(data: bytes) -> str | None:
    """Describe an order that says nothing about a cancel; None for any other."""
    try:
        return "an order without a cancel" if _is_quiet(_order(data)) else None
    except (ValueError, RecursionError):
        return None


def quiet_orders(data: bytes) -> str | None:
    """The same of a page of orders; one without orders says nothing either."""
    try:
        return "orders without a cancel" if all(map(_is_quiet, _page(data).results)) else None
    except (ValueError, RecursionError):
        return None


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "GET /api/v1/orders/{id}",
        QueriedOrder,
        order,
        page="get-order-details",
        errors=QUERIED_ONE,
        skips=quiet_order,
    ),
    endpoint("GET /api/v1/orders", OrdersPage, orders, page="list-open-orders", skips=quiet_orders),
    product=None,
    request=KEYS,
    errors=QUERIED_ALL,
    ids=IDS,
    docs=DOCS,
)
