"""Words of Kraken Futures for what became of one order of a request."""

from typing import Literal

__all__ = ["Placed", "Unedited", "Word"]

# An amendment that was refused leaves the order as it was. Of a post-only order that is not certain.
Unedited = Literal[
    "edited",
    "invalidSize",
    "invalidPrice",
    "insufficientAvailableFunds",
    "selfFill",
    "tooManySmallOrders",
    "maxPositionViolation",
    "outsidePriceCollar",
    "wouldNotReducePosition",
    "orderForEditNotAStop",
]
"""Words for amendments after which the order is on the book."""

Placed = Literal[
    Unedited,
    "placed",
    "invalidOrderType",
    "invalidSide",
    "clientOrderIdAlreadyExist",
    "clientOrderIdTooLong",
    "postWouldExecute",
    "iocWouldNotExecute",
    "orderForEditNotFound",
]
"""Words for placements and amendments alone."""

Word = Literal[
    "cancelled",
    "filled",
    "notFound",
    "ORDER_FOR_CANCELLATION_NOT_FOUND",
    Placed,
    # Of requests of any kind.
    "marketSuspended",
    "marketInactive",
    "requiredArgumentMissing",
    "invalidArgument",
]
"""All of them, as the documentation lists them."""
