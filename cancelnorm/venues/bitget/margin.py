"""Bitget margin REST: what it answers to a cancel of orders, crossed or isolated."""

from typing import Final

from cancelnorm.endpoint import Call
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Normalised, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    CancelAnswer,
    Envelope,
    FailedRow,
    Lists,
    OrderName,
    cancel,
    is_shared,
    listed,
    refused,
)

# --- What Bitget sends ---


class MarginLists(Camel):
    """The lists under the names that the documentation's table has; its example has those of other products."""

    success: list[OrderName] | None
    failure: list[FailedRow] | None


class BatchAnswer(Envelope):
    """The answer to a cancel of several orders."""

    data: Lists | MarginLists | None


# --- What it means ---


def cancel_batch(raw: BatchAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders, whatever its lists are called."""
    match raw.data:
        case None:
            return refused(raw, call)
        case Lists(success_list=done, failure_list=failed):
            return listed(raw, call, done, failed)
        case MarginLists(success=done, failure=failed):
            return listed(raw, call, done, failed, ("success", "failure"))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /api/v2/margin/crossed/cancel-order",
        CancelAnswer,
        cancel,
        page="cross/trade/Cross-Cancel-Order",
    ),
    endpoint(
        "POST /api/v2/margin/crossed/batch-cancel-order",
        BatchAnswer,
        cancel_batch,
        page="cross/trade/Cross-Batch-Cancel-Order",
    ),
    endpoint(
        "POST /api/v2/margin/isolated/cancel-order",
        CancelAnswer,
        cancel,
        page="isolated/trade/Isolated-Cancel-Order",
    ),
    endpoint(
        "POST /api/v2/margin/isolated/batch-cancel-order",
        BatchAnswer,
        cancel_batch,
        page="isolated/trade/Isolated-Batch-Cancel-Orders",
    ),
    product=Product.MARGIN,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs=f"{DOCS}margin/",
)
