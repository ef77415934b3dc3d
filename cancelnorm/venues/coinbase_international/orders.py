"""Coinbase International REST: what it answers to a cancel of one order, and of all: the orders as they are then."""

from collections.abc import Sequence
from typing import Any, Final

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import NOTHING_OPEN, Verdict, by_words
from cancelnorm.schema import Evidence, Normalised, OrderStatus, Outcome, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase_international.messages import (
    ALL,
    DOCS,
    DONE,
    IDS,
    KEYS,
    ONE,
    WORKING,
    Order,
    end_of,
    order_map,
    status_of,
)

# --- What it means ---


def _answered(event_type: str, order_status: str) -> Verdict:
    """The verdict of an order after its cancel: it may have ended before, or not have ended yet."""
    status = status_of(event_type, order_status)
    if status is None:
        return end_of(event_type, order_status, Evidence.FINAL_REPORT)
    if order_status == WORKING:
        return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, status=status)
    reason = Reason.ALREADY_FILLED if status is OrderStatus.FILLED else Reason.ALREADY_CLOSED
    return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, reason, status)


ORDER: Final = order_map(
    Order, by_words(_answered, Order.event_type, Order.order_status, raw_status=Order.order_status)
)


def cancel(raw: Order, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, which the path names by either of its ids."""
    event = ORDER.event(raw, call, "$")
    named = call.target.order_id or call.target.client_order_id
    if named and named not in (event.order_id, event.client_order_id):
        call.note("contradiction", "$", "the request is about another order", named)
    return call.result([event])


def cancel_all(raw: Sequence[Order], call: Call) -> Normalised:
    """Map the answer to a cancel of all orders; an empty list says that there were none."""
    if not raw:
        return call.result([call.scoped(NOTHING_OPEN)])
    return call.result(ORDER.events(raw, call, "$[{}]"))


def is_shared(raw: Any) -> bool:
    """Whether other requests are answered alike: with a failure, with nothing, or with orders that are not canceled."""
    rows = raw if isinstance(raw, list) else [raw] if isinstance(raw, Order) else []
    return not rows or any(row.event_type != "CANCELED" or row.order_status != DONE for row in rows)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /api/v1/orders/{id}", Order, cancel, page="cancel-order", errors=ONE),
    endpoint("DELETE /api/v1/orders", list[Order], cancel_all, page="cancel-orders"),
    product=None,
    request=KEYS,
    errors=ALL,
    is_shared=is_shared,
    ids=IDS,
    docs=DOCS,
)
