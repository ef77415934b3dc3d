"""OKX REST: what it answers to a question about orders, where they are canceled."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import by_words, verdict_of
from cancelnorm.prose import prose
from cancelnorm.request import Target
from cancelnorm.schema import CancelEvent, Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.causes import causes
from cancelnorm.venues.okx.codes import QUERIED
from cancelnorm.venues.okx.messages import DOCS, IDS, KEYS, OPEN, Envelope, Refused, envelope
from cancelnorm.venues.okx.states import OrderState, state_events, state_maps

# --- What OKX sends ---


class QueriedOrder(OrderState):
    """An order in the answer to a query; what it says of fills is of the order, and not of an update."""


class OrdersShown(Envelope):
    """The answer to a query."""

    data: list[QueriedOrder]


# --- What it means ---

SHOWN: Final = state_maps(
    QueriedOrder,
    by_words(
        causes(Evidence.TERMINAL_STATUS),
        QueriedOrder.state,
        QueriedOrder.cancel_source,
        raw_status=QueriedOrder.state,
    ),
)


def query(raw: OrdersShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    return queried(raw, raw.data, name_of, lambda: state_events(raw.data, SHOWN, call), call)


def name_of(row: Any) -> Target:
    """What the row of an order names."""
    return Target(order_id=row.ord_id, client_order_id=row.cl_ord_id)


def queried(
    raw: Envelope,
    rows: Sequence[Any],
    name: Callable[[Any], Target],
    events: Callable[[], list[CancelEvent]],
    call: Call,
) -> Normalised:
    """Map the answer to a query; ``name`` tells what a row names."""
    if not rows and raw.code != "0":
        return query_refused(raw, call)
    said: dict[str, Any] = envelope(raw, call)
    if raw.code != "0":
        call.note("contradiction", "$.code", "orders are shown beside a failure", raw.code)
    if raw.msg:
        said["msg"] = prose(raw.msg)
    if call.record.request:
        call.unanswered([*map(name, rows)], "$.data")
    return call.result(call.or_unknown(events(), "$.data"), extra=said)


def query_refused(raw: Envelope, call: Call) -> Normalised:
    """Map the refusal of a query: it says nothing of what became of a cancel."""
    said = envelope(raw, call)
    failure = verdict_of(QUERIED, raw.code, raw.msg, call.record.status)
    failure = failure._replace(outcome=OPEN.outcome, evidence=OPEN.evidence)
    return call.result([call.failed(failure, code=raw.code or None, message=raw.msg)], extra=said)


def is_no_answer(raw: Any) -> bool:
    """Whether an answer, without its request, may be to anything else as well."""
    return not getattr(raw, "data", ())


QUERY_ERRORS: Final = Errors(Refused, query_refused, of_query=is_no_answer)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/v5/trade/order", OrdersShown, query, page="order-details"),
    endpoint("GET /api/v5/trade/orders-pending", OrdersShown, query, page="order-list"),
    endpoint("GET /api/v5/trade/orders-history", OrdersShown, query, page="order-history-last-7-days"),
    endpoint(
        "GET /api/v5/trade/orders-history-archive", OrdersShown, query, page="order-history-last-3-months"
    ),
    product=None,
    request=KEYS,
    errors=QUERY_ERRORS,
    is_shared=is_no_answer,
    ids=IDS,
    docs=f"{DOCS}order-book-trading-trade-get-",
    skips=True,
)
