"""Deribit: what it answers to a cancel of one order. The engine has removed the order before it answers."""

from typing import Any, Final

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.schema import Normalised
from cancelnorm.venue import endpoints
from cancelnorm.venues.deribit.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    Demand,
    Envelope,
    answered,
    both,
    demanded,
    is_shared_refusal,
    opened,
)
from cancelnorm.venues.deribit.orders import Order, asked, order_map

# --- What Deribit sends ---


class OrderAnswer(Envelope):
    """An order."""

    result: Order | Demand


# --- What it means ---

ORDER: Final = order_map(asked)


def cancel(raw: OrderAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one order."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    event = ORDER.event(raw.result, call, "$.result")
    return answered(raw, [completed(event, call.target, call, "$.result")], call)


def _is_shared(raw: Any) -> bool:
    """Whether a query may be answered alike: an order that it shows as canceled is gone whoever asks."""
    if isinstance(raw, OrderAnswer) and isinstance(raw.result, Order):
        return raw.result.order_state != "cancelled"
    return is_shared_refusal(raw)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    *both("private/cancel", OrderAnswer, cancel),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=_is_shared,
    cancels=True,
    ids=IDS,
    docs=DOCS,
)
