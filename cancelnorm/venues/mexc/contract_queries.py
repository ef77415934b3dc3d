"""MEXC contracts over REST: what they answer to a question about orders, where they are canceled.

``showCancelReason`` is 0 or 1 and says what a page shows, not why an order was canceled: ``errorCode`` does.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, unknown
from cancelnorm.reader.scalars import Int, NumberOrEmpty
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import Evidence, Normalised, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.mexc.contract_messages import (
    DOCS,
    KEYS,
    ORDER_IDS,
    PLAN_IDS,
    QUERY_ERRORS,
    STOP_IDS,
    TRACK_IDS,
    Done,
    Head,
    envelope,
    product_of,
)
from cancelnorm.venues.mexc.contract_orders import AnyOrder, order_map
from cancelnorm.venues.mexc.contract_skip import quiet_orders, quiet_tracks, quiet_triggers
from cancelnorm.venues.mexc.contract_states import order_end
from cancelnorm.venues.mexc.contract_triggers import (
    PlanOrder,
    StopOrder,
    TrackOrder,
    plan_map,
    stop_map,
    track_map,
)

# --- What MEXC sends ---


class QueriedOrder(AnyOrder):
    """An order in the answer to a query."""

    # Since 2025-11.
    price_str: str | UnsetType = UNSET  # the price again, with 18 decimals
    deal_avg_price_str: str | UnsetType = UNSET
    show_cancel_reason: Int | UnsetType = UNSET
    show_profit_rate_share: Int | UnsetType = UNSET
    total_fee: NumberOrEmpty | UnsetType = UNSET
    zero_save_total_fee_binance: NumberOrEmpty | UnsetType = UNSET
    zero_trade_total_fee_binance: NumberOrEmpty | UnsetType = UNSET
    pnl_rate: NumberOrEmpty | UnsetType = UNSET
    open_avg_price: NumberOrEmpty | UnsetType = UNSET


class OrderAnswer(Head):
    """The answer to a query of one order."""

    data: QueriedOrder | None


class OrdersAnswer(Head):
    """The answer to a query of orders."""

    data: list[QueriedOrder] | None


class PlansAnswer(Head):
    """The answer to a query of plan orders."""

    data: list[PlanOrder] | None


class StopsAnswer(Head):
    """The answer to a query of take-profit and stop-loss orders."""

    data: list[StopOrder] | None


class TracksAnswer(Head):
    """The answer to a query of trailing orders."""

    data: list[TrackOrder] | None


# --- What it means ---

ORDER: Final = order_map(QueriedOrder, order_end(Evidence.TERMINAL_STATUS))
PLAN: Final = plan_map(Evidence.TERMINAL_STATUS)
STOP: Final = stop_map(Evidence.TERMINAL_STATUS)
TRACK: Final = track_map(Evidence.TERMINAL_STATUS)

Answer = OrderAnswer | OrdersAnswer | PlansAnswer | StopsAnswer | TracksAnswer | Done
# An order that is not known is answered by a success without data.
_NO_SUCH: Final = unknown(Reason.NOT_FOUND_OR_CLOSED)


def queried(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """The function that maps the answer to a query: the orders in it that are about a cancel."""

    def map_answer(raw: Answer, call: Call) -> Normalised:
        """Map the answer to a query."""
        said = envelope(raw, call)
        data = None if isinstance(raw, Done) else raw.data
        if data is None:
            return call.result([call.failed(_NO_SUCH, code="0")], extra=said)
        rows: Sequence[Any] = data if isinstance(data, list) else [data]
        at = "$.data[{}]" if isinstance(data, list) else "$.data"
        events = each.events(rows, call, at)
        if call.record.request:
            call.unanswered([_name(row) for row in rows], "$.data")
        return call.result(call.or_unknown(events, "$.data"), extra=said)

    return map_answer


def _name(row: Any) -> Target:
    """The ids of an order."""
    if isinstance(row, AnyOrder):
        return Target(order_id=str(row.order_id), client_order_id=row.external_oid)
    return Target(order_id=str(row.id))


# --- Endpoints ---

_TRADING: Final = f"{DOCS}account-and-trading-endpoints#"
_SCOPE: Final = RequestKeys(symbol=("symbol",), product=("symbol",), product_of=product_of)
_orders: Final = queried(ORDER)

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "GET /api/v1/private/order/get/{orderId}",
            OrderAnswer | Done,
            _orders,
            page="get-order-information-by-order-id",
        ),
        endpoint(
            "GET /api/v1/private/order/external/{symbol}/{external_oid}",
            OrderAnswer | Done,
            _orders,
            page="get-order-by-external-id",
        ),
        endpoint(
            "GET /api/v1/private/order/batch_query",
            OrdersAnswer | Done,
            _orders,
            page="batch-query-orders-by-order-id",
        ),
        endpoint(
            "POST /api/v1/private/order/batch_query_with_external",
            OrdersAnswer | Done,
            _orders,
            page="batch-query-orders-by-external-order-id",
        ),
        endpoint(
            "GET /api/v1/private/order/list/open_orders",
            OrdersAnswer | Done,
            _orders,
            page="get-current-orders",
        ),
        endpoint(
            "GET /api/v1/private/order/list/history_orders",
            OrdersAnswer | Done,
            _orders,
            page="get-all-historical-orders",
        ),
        endpoint(
            "GET /api/v1/private/order/list/close_orders",
            OrdersAnswer | Done,
            _orders,
            page="query-historical-orders",
        ),
        product=None,
        request=KEYS,
        errors=QUERY_ERRORS,
        ids=ORDER_IDS,
        docs=_TRADING,
        skips=quiet_orders,
    ),
    *endpoints(
        endpoint(
            "GET /api/v1/private/planorder/list/orders",
            PlansAnswer | Done,
            queried(PLAN),
            page="get-plan-order-list",
            ids=PLAN_IDS,
        ),
        endpoint(
            "GET /api/v1/private/stoporder/list/orders",
            StopsAnswer | Done,
            queried(STOP),
            page="get-take-profitstop-loss-order-list",
            ids=STOP_IDS,
        ),
        endpoint(
            "GET /api/v1/private/trackorder/list/orders",
            TracksAnswer | Done,
            queried(TRACK),
            page="query-trailing-orders",
            ids=TRACK_IDS,
            skips=quiet_tracks,
        ),
        product=None,
        request=_SCOPE,
        errors=QUERY_ERRORS,
        ids=ORDER_IDS,
        docs=_TRADING,
        skips=quiet_triggers,
    ),
)
