"""Coinbase International's failures: what each says about a cancel."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["CODES", "OF_ALL", "OF_ONE"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)

# A code stands in the title of some failures: "Order rejected (UNKNOWN_ORDER - unknown order)". No page lists them.
CODES: Final[CodeTable] = MappingProxyType(
    {
        "UNKNOWN_ORDER": _GONE,
        "DUPLICATE_CLIENT_ORDER_ID": rejected(Reason.DUPLICATE_REQUEST),  # of a new order
        "CANCEL_ONLY": _MARKET,
    }
)

# Of other failures there is the HTTP status, and the words of the title.
# https://docs.cdp.coinbase.com/api-reference/international-exchange-api/rest-api/introduction
OF_ALL: Final[CodeTable] = MappingProxyType(
    {
        400: (("cancel_only", _MARKET), ("unauthorized", _AUTH), ("ip not allowed", _AUTH), ("", _INVALID)),
        401: (("timestamp", rejected(Reason.CLOCK_SKEW)), ("", _AUTH)),
        403: (("ip not allowed", _AUTH), ("", rejected(Reason.PERMISSION))),
        404: _INVALID,
        429: rejected(Reason.RATE_LIMITED),
        **dict.fromkeys((500, 502, 503), _DOWN),
        504: unknown(Reason.TIMEOUT),
    }
)
"""Those of requests that name no order."""

OF_ONE: Final[CodeTable] = MappingProxyType({**OF_ALL, 404: _GONE})
"""Those of requests whose path names an order."""
