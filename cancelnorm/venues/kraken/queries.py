"""Kraken REST: what it answers to a question about orders, where they are canceled."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict, by_words
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.endings import ended
from cancelnorm.venues.kraken.messages import (
    IDS,
    OPEN,
    ORDER_ID,
    Empty,
    Envelope,
    Number,
    Refused,
    failed,
    failure_in,
    is_refusal,
    said_beside,
)
from cancelnorm.venues.kraken.states import AnyOrder, Status, state_events, state_map

# --- What Kraken sends ---


class QueriedOrder(AnyOrder):
    """An order."""

    status: Status


class OrdersShown(Envelope):
    """The orders that were asked for, by their ids."""

    result: dict[str, QueriedOrder] | None


class Closed(Exact):
    """Orders that have ended, and how many there are."""

    closed: dict[str, QueriedOrder]
    count: Number | UnsetType = UNSET


class ClosedShown(Envelope):
    """Orders that have ended."""

    result: Closed | Empty | None


class Opened(Exact):
    """Orders that were open a moment ago."""

    open: dict[str, QueriedOrder]


class OpenShown(Envelope):
    """Orders that are open."""

    result: Opened | Empty | None


# --- What it means ---


def _shown(status: str, cancel_reason: object, reason: object) -> Verdict | None:
    return ended(Evidence.TERMINAL_STATUS, status, cancel_reason or reason)


SHOWN: Final = state_map(
    QueriedOrder,
    by_words(
        _shown,
        QueriedOrder.status,
        QueriedOrder.cancel_reason,
        QueriedOrder.reason,
        raw_status=QueriedOrder.status,
    ),
)


def query(raw: OrdersShown, call: Call) -> Normalised:
    """Map the orders that were asked for."""
    if raw.result is None:
        return query_refused(raw, call)
    return _mapped(raw, raw.result, "$.result", call)


def closed(raw: ClosedShown, call: Call) -> Normalised:
    """Map orders that have ended."""
    if not isinstance(raw.result, Closed):
        return query_refused(raw, call)
    return _mapped(raw, raw.result.closed, "$.result.closed", call, raw.result.count)


def opened(raw: OpenShown, call: Call) -> Normalised:
    """Map orders that are open: hardly one is canceled."""
    if not isinstance(raw.result, Opened):
        return query_refused(raw, call)
    return _mapped(raw, raw.result.open, "$.result.open", call)


def _mapped(
    raw: Envelope, orders: Mapping[str, QueriedOrder], path: str, call: Call, count: int | UnsetType = UNSET
) -> Normalised:
    extra: dict[str, Any] = said_beside(raw.error)
    if count is not UNSET:
        extra["count"] = count
    if failure_in(raw.error) is not None:
        if not orders:
            return call.result([_failed(raw, call)], extra=extra)
        call.note("contradiction", "$.error", "orders are shown beside an error", extra["error"])
    if call.record.request:
        call.unanswered([Target(order_id=each) for each in orders], path)
    events = state_events(orders, SHOWN, call, path)
    return call.result(call.or_unknown(events, path), extra=extra)


def query_refused(raw: Envelope, call: Call) -> Normalised:
    """Map the failure of a query: it says nothing of what became of a cancel."""
    return call.result([_failed(raw, call)])


def _failed(raw: Envelope, call: Call) -> CancelEvent:
    return replace(failed(raw.error, call), outcome=OPEN.outcome, evidence=OPEN.evidence)


ERRORS: Final = Errors(Refused, query_refused, of_query=is_refusal)

# --- Endpoints ---

QUERY_KEYS: Final = RequestKeys(order_ids=("txid",), client_order_ids=("cl_ord_id",), order_pattern=ORDER_ID)

ENDPOINTS: Final = endpoints(
    endpoint("POST /0/private/QueryOrders", OrdersShown, query, page="get-orders-info", request=QUERY_KEYS),
    endpoint("POST /0/private/ClosedOrders", ClosedShown, closed, page="get-closed-orders"),
    endpoint("POST /0/private/OpenOrders", OpenShown, opened, page="get-open-orders"),
    product=None,
    errors=ERRORS,
    is_shared=is_refusal,
    skips=True,
    ids=IDS,
    docs="https://docs.kraken.com/api-reference/account/",
)
