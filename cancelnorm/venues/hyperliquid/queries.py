"""Hyperliquid's path for questions: what it answers about the state of orders.

It knows about the last 2000 orders of a user, so that one that it does not know may have been.
"""

from typing import Any, Final, Literal

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import unknown
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Normalised, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.hyperliquid.actions import OID_KEYS
from cancelnorm.venues.hyperliquid.messages import DOCS, IDS
from cancelnorm.venues.hyperliquid.orders import QUERIED, OrderState, state_events

# --- What Hyperliquid sends ---


class Shown(Exact):
    """An order that is known."""

    status: Literal["order", "unknownOid"]
    order: OrderState


class NotShown(Exact):
    """An order that is not known, or not to this user, or not any more."""

    status: Literal["order", "unknownOid"]


# --- What it means ---

_GONE: Final = unknown(Reason.NOT_FOUND_OR_CLOSED)
_OPEN: Final = unknown(Reason.OTHER)
_WORDS: Final = ("order", "unknownOid")


def order_status(raw: Shown, call: Call) -> Normalised:
    """Map the state of an order."""
    if raw.status == "unknownOid":
        call.note("contradiction", "$.status", "an order that is not known is shown", raw.status)
    events = state_events([raw.order], QUERIED, call, "$.order")
    return call.result(call.or_unknown(events, "$.order"), extra=_new_word(raw))


def not_shown(raw: NotShown, call: Call) -> Normalised:
    """Map the answer about an order that is not known: what became of it is open, and under another word all is."""
    if raw.status == "order":
        call.note("contradiction", "$.status", "an order is announced, and none is shown", raw.status)
    verdict = _GONE if raw.status == "unknownOid" else _OPEN
    return call.result([call.failed(verdict)], extra=_new_word(raw))


def _new_word(raw: Shown | NotShown) -> dict[str, Any]:
    return {} if raw.status in _WORDS else {"status": raw.status}


def historical_orders(raw: list[OrderState], call: Call) -> Normalised:
    """Map the last orders of a user: those that were canceled."""
    return call.result(state_events(raw, QUERIED, call, "$[{}]"))


def _never(_raw: Any) -> bool:
    """Whether a query may fail so: what is not known is said by the query of one order alone."""
    return False


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /info orderStatus",
        Shown,
        order_status,
        page="#query-order-status-by-oid-or-cloid",
        request=OID_KEYS,
    ),
    endpoint(
        "POST /info historicalOrders",
        list[OrderState],
        historical_orders,
        page="#retrieve-a-users-historical-orders",
    ),
    product=None,
    errors=Errors(NotShown, not_shown, of_query=_never),
    ids=IDS,
    docs=f"{DOCS}info-endpoint",
    skips=True,
)
