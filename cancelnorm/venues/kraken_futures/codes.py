"""Kraken Futures' errors: what each says about a cancel, by its word or by its number."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown
from cancelnorm.schema import Evidence, OrderStatus, Outcome, Reason

__all__ = ["CODES", "FILLED", "GONE", "ROWS"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_AUTH: Final = rejected(Reason.AUTH)
_OTHER: Final = rejected(Reason.OTHER)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_CLOSED: Final = rejected(Reason.MARKET_STATE)

# https://docs.kraken.com/api/docs/guides/futures-rest
CODES: Final[CodeTable] = MappingProxyType(
    {
        "notFound": _INVALID,
        "contractNotFound": _INVALID,
        "invalidArgument": _INVALID,
        "requiredArgumentMissing": _INVALID,
        "invalidUnit": _INVALID,
        "invalidAmount": _INVALID,
        "Json Parse Error": _INVALID,
        "Bad Request": _INVALID,
        "BAD_REQUEST": _INVALID,
        "Not Found": _INVALID,  # no such path
        404: _INVALID,
        11: _INVALID,
        "apiLimitExceeded": _LIMITED,
        "TOO_MANY_REQUESTS": _LIMITED,
        10: _LIMITED,
        "authenticationError": _AUTH,
        "UNAUTHORIZED": _AUTH,
        18: _AUTH,
        "nonceDuplicate": unknown(Reason.DUPLICATE_REQUEST),  # what the first request did is not said
        "nonceBelowThreshold": rejected(Reason.CLOCK_SKEW),
        "accountInactive": rejected(Reason.PERMISSION),
        "invalidAccount": rejected(Reason.PERMISSION),
        "marketUnavailable": _CLOSED,
        "insufficientFunds": _OTHER,
        "INSUFFICIENT_MARGIN": _OTHER,
        92: _OTHER,
        "Server Error": unknown(Reason.OTHER),
        "unknownError": unknown(Reason.OTHER),
        "Unavailable": _DOWN,
        "unavailable": _DOWN,
    }
)

FILLED: Final = Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_FILLED, OrderStatus.FILLED)
# It never existed or had been canceled.
GONE: Final = Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.NOT_FOUND_OR_CLOSED)

# https://docs.kraken.com/api/docs/futures-api/trading/cancel-order and .../send-batch-order
ROWS: Final = MappingProxyType(
    {
        "cancelled": Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.CANCELED),
        "filled": FILLED,
        "notFound": GONE,
        "ORDER_FOR_CANCELLATION_NOT_FOUND": GONE,
        "requiredArgumentMissing": _INVALID,
        "invalidArgument": _INVALID,
        "marketSuspended": _CLOSED,
        "marketInactive": _CLOSED,
    }
)
"""The word for what became of one order → what it says of the order's cancel."""
