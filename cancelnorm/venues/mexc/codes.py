"""MEXC's error codes: what each says about a cancel.

Spot and contracts number their errors apart: -2011 of spot is an unknown order, 2011 of contracts a wrong quantity,
and 11 among the causes of a contract order's end neither. Texts were translated in November 2025, so numbers decide.
"""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["CONTRACT", "SPOT"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_SKEWED: Final = rejected(Reason.CLOCK_SKEW)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_NOT_FOUND: Final = rejected(Reason.NOT_FOUND)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)

# https://www.mexc.com/api-docs/spot-v3/error-code
SPOT: Final[CodeTable] = MappingProxyType(
    {
        # The order.
        -2011: _GONE,  # a wrong id, or an order that is filled or canceled
        -2013: _GONE,  # of a query
        22222: _NOT_FOUND,
        # The request.
        **dict.fromkeys((-1121, -1128, 400, 10007, 30014, 30021, 33333, 44444), _INVALID),
        **dict.fromkeys((700004, 700008, 700013, 730001, 730002), _INVALID),
        30026: _INVALID,  # "invalid order ids"; a client takes it for an unknown order
        # The caller.
        **dict.fromkeys((401, 602, 10072, 700001, 700002), _AUTH),
        **dict.fromkeys((26, 11444, 730003), _PERMISSION),  # a feature that is off
        **dict.fromkeys((403, 10001, 10098, 30020, 60005, 70011, 140002), _PERMISSION),
        **dict.fromkeys((700006, 700007, 730100), _PERMISSION),
        **dict.fromkeys((10073, 700003, 700005), _SKEWED),
        429: _LIMITED,
        # The venue.
        **dict.fromkeys((30000, 30016, 30019, 30051), _MARKET),  # the last: no market orders over the API
        30018: (("account", _PERMISSION), ("", _MARKET)),  # one code, two texts
        **dict.fromkeys((500, 501, 503, 20002, 730000), _DOWN),
        504: unknown(Reason.TIMEOUT),
        # A success of which nothing but the word is there.
        200: unknown(Reason.OTHER),
    }
)

# https://www.mexc.com/api-docs/futures/error-code
CONTRACT: Final[CodeTable] = MappingProxyType(
    {
        # The order.
        2040: _NOT_FOUND,
        2041: rejected(Reason.ALREADY_CLOSED),  # filled, canceled or refused
        **dict.fromkeys((2009, 5002), _GONE),
        # The request.
        **dict.fromkeys((600, 601, 1001, 2011, 2013, 2014, 2029, 2030, 2034, 6003, 6004), _INVALID),
        603: unknown(Reason.DUPLICATE_REQUEST),
        # The caller.
        **dict.fromkeys((401, 402, 602), _AUTH),
        **dict.fromkeys((406, 506, 511, 701, 702, 703, 704, 1000, 6001, 6002), _PERMISSION),
        8817: _PERMISSION,  # a feature that is no more
        513: _SKEWED,
        2037: _LIMITED,
        510: unknown(Reason.RATE_LIMITED),  # orders were seen to be gone all the same
        # The venue.
        **dict.fromkeys((1002, 4001, 6005), _MARKET),
        **dict.fromkeys((604, 801), rejected(Reason.VENUE_UNAVAILABLE)),
        **dict.fromkeys((500, 501, 9999), _DOWN),
        3016: unknown(Reason.TIMEOUT),
    }
)
