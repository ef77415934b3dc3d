"""Kraken REST: what it answers to a cancel of one order, of several, of all: how many there were."""

from typing import Final

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Verdict
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, Normalised, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.messages import (
    CANCELED,
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    NOTHING,
    ORDER_ID,
    QUEUED,
    Count,
    Empty,
    Envelope,
    doubted,
    each_counted,
    is_refusal,
    refused,
    said_beside,
)

# --- What Kraken sends ---


class Counted(Envelope):
    """The answer to a cancel; without a number it is a failure."""

    result: Count | Empty | None


# --- What it means ---


def canceled(raw: Counted, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, or of all with a ``userref``: these are counted, and not named."""
    target, result = call.target, raw.result
    if not isinstance(result, Count):
        return refused(raw, call)
    if not target.names_order:
        return call.result([_counted(result, raw, call, None)], extra=said_beside(raw.error))
    count = result.count
    if count > 1:
        call.note("contradiction", "$.result.count", "more orders than the request names", count)
    verdict = doubted(_how(result) or (CANCELED if count else NOTHING), raw.error, call)
    event = call.failed(verdict, target, path="$.result", affected_orders=None if count == 1 else count)
    return call.result([event], extra=said_beside(raw.error))


def several_canceled(raw: Counted, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders: where only some were canceled, nobody knows which ones were."""
    asked, result = call.targets, raw.result
    if not isinstance(result, Count):
        return refused(raw, call)
    count = result.count
    verdict = doubted(_how(result) or (CANCELED if count or not asked else NOTHING), raw.error, call)
    if (events := each_counted(count, verdict, call, "$.result")) is not None:
        return call.result(events, extra=said_beside(raw.error))
    if asked and count != len(asked):
        message = f"orders of the request: {len(asked)}, counted: {count}; which ones is not said"
        call.note("length-mismatch", "$.result.count", message, count)
    event = call.scoped(verdict, path="$.result", affected_orders=count)
    return call.result([event], extra=said_beside(raw.error))


def all_canceled(raw: Counted, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders."""
    if not isinstance(raw.result, Count):
        return refused(raw, call)
    event = _counted(raw.result, raw, call, Scope.ACCOUNT)
    return call.result([event], extra=said_beside(raw.error))


def _counted(result: Count, raw: Counted, call: Call, scope: Scope | None) -> CancelEvent:
    """The event of orders that are counted and not named."""
    count = result.count
    verdict = doubted(_how(result) or CANCELED, raw.error, call)
    return call.scoped(verdict, scope=scope, path="$.result", affected_orders=count)


def _how(count: Count) -> Verdict | None:
    return QUEUED if count.pending is True else None


# --- Endpoints ---

BATCH_KEYS: Final = RequestKeys(
    order_ids=("orders",), client_order_ids=("cl_ord_ids",), order_pattern=ORDER_ID
)

ENDPOINTS: Final = endpoints(
    endpoint("POST /0/private/CancelOrder", Counted, canceled, page="cancel-order"),
    endpoint(
        "POST /0/private/CancelOrderBatch",
        Counted,
        several_canceled,
        page="cancel-order-batch",
        request=BATCH_KEYS,
    ),
    endpoint("POST /0/private/CancelAll", Counted, all_canceled, page="cancel-all-orders"),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_refusal,
    skips=True,
    ids=IDS,
    docs=DOCS,
)
