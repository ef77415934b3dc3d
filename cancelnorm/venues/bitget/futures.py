"""Bitget futures REST: what it answers to a cancel of orders and of plan orders."""

from typing import Final

from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    CancelAnswer,
    ListsAnswer,
    cancel,
    is_shared,
    lists,
)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v2/mix/order/cancel-order", CancelAnswer, cancel, page="trade/Cancel-Order"),
    # Without ids it cancels all orders of the symbol, or of the product.
    endpoint(
        "POST /api/v2/mix/order/batch-cancel-orders", ListsAnswer, lists, page="trade/Batch-Cancel-Orders"
    ),
    endpoint("POST /api/v2/mix/order/cancel-all-orders", ListsAnswer, lists, page="trade/Cancel-All-Orders"),
    # Trigger orders, take-profit and stop-loss orders, trailing stops.
    endpoint("POST /api/v2/mix/order/cancel-plan-order", ListsAnswer, lists, page="plan/Cancel-Plan-Order"),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs=f"{DOCS}contract/",
)
