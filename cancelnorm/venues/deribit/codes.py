"""Deribit's error codes: what each says about a cancel.

The documentation has two tables that contradict each other. What is sent agrees with the one of JSON-RPC; where the
message is that of the other one, the message counts.
"""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["CODES", "QUERIED"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_RESTRICTED: Final = rejected(Reason.RESTRICTED)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_NOT_FOUND: Final = rejected(Reason.NOT_FOUND)
_CLOSED: Final = rejected(Reason.ALREADY_CLOSED)
_LATER: Final = rejected(Reason.VENUE_UNAVAILABLE)
_OTHER: Final = rejected(Reason.OTHER)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_OPEN: Final = unknown(Reason.OTHER)

# https://docs.deribit.com/#rpc-error-codes and https://docs.deribit.com/articles/errors
CODES: Final[CodeTable] = MappingProxyType(
    {
        # The order.
        10004: _NOT_FOUND,  # it never was, or is forgotten
        11044: _CLOSED,
        10010: _CLOSED,
        11008: (("filled", rejected(Reason.ALREADY_FILLED)), ("max_position", _OTHER)),
        10045: rejected(Reason.NOT_CANCELABLE),  # it is of a liquidation
        10029: _PERMISSION,  # it is of another account
        11000: (("not_found", _NOT_FOUND), ("", _OTHER)),
        11001: (("closed", _CLOSED), ("", _OTHER)),
        # The request.
        **dict.fromkeys((-32700, -32602, -32601, -32600, -32000), _INVALID),
        **dict.fromkeys((10020, 10025, 10030, 10031, 10033, 10048), _INVALID),
        **dict.fromkeys((11029, 11043, 11047, 11049, 11050), _INVALID),
        **dict.fromkeys((13010, 13016, 13020, 13032), _INVALID),
        # The caller.
        **dict.fromkeys((10000, 13004, 13009, 13668), _AUTH),
        **dict.fromkeys((9999, 11042, 13012, 13021, 13031, 13403, 13904), _PERMISSION),
        **dict.fromkeys((10019, 10072, 11098, 12005, 13025), _RESTRICTED),
        **dict.fromkeys((10028, 10047, 10066, 12998), _LIMITED),  # after 10028 the connection is closed, too
        # The market.
        **dict.fromkeys((10012, 10041, 13019, 13036, 13043), _MARKET),
        # The venue.
        **dict.fromkeys((10040, 11051, 13503), _LATER),
        10001: (("invalid_credentials", _AUTH), ("", _OPEN)),
        **dict.fromkeys((11094, 13008, 13028), _DOWN),
        13888: unknown(Reason.TIMEOUT),
        **dict.fromkeys((11030, 11031, 13666, 13777), _OPEN),
        # Cancel on disconnect.
        **dict.fromkeys((10049, 13042), _OTHER),
        # Of new orders. The other table has an order that is closed under one of them.
        10007: (("already_closed", _CLOSED), ("trading ended", _MARKET), ("", _OTHER)),
        **dict.fromkeys((10002, 10003, 10005, 10006, 10008, 10009), _OTHER),
        **dict.fromkeys((*range(10013, 10019), *range(10021, 10025), 10026, 10027), _OTHER),
        **dict.fromkeys((10032, *range(10034, 10040), 10043, 10044), _OTHER),
    }
)

# What a query does not find may have been canceled and forgotten.
QUERIED: Final[CodeTable] = MappingProxyType({**CODES, 10004: unknown(Reason.NOT_FOUND)})
