"""Binance's error codes: what each says about a cancel."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown
from cancelnorm.schema import Reason

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_TIMEOUT: Final = unknown(Reason.TIMEOUT)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_REFUSED: Final = rejected(Reason.VENUE_UNAVAILABLE)

# https://developers.binance.com/docs/binance-spot-api-docs/errors, "Messages for -1010, -2010 and -2011"
_ENGINE_TEXTS: Final[tuple[tuple[str, Verdict], ...]] = (
    # One text for an order that never was and for one that is filled, canceled or expired.
    ("unknown order", _GONE),
    ("unknown_order", _GONE),  # seen in 2018
    ("cancel restrictions", rejected(Reason.RESTRICTED)),
    ("check origclordid and orderid", _INVALID),
    ("may not place or cancel", _PERMISSION),
    ("disabled on this account", _PERMISSION),
    ("for this account", _PERMISSION),
    ("market is closed", _MARKET),
    ("not supported for this symbol", _INVALID),
    ("trading is not enabled", _PERMISSION),
)

SPOT: Final[CodeTable] = MappingProxyType(
    {
        # HTTP 451, the geo-block; any other 0 is no code of Binance's.
        0: (("restricted location", _PERMISSION), ("", unknown(Reason.OTHER))),
        -1000: unknown(Reason.OTHER),
        -1001: _DOWN,
        -1002: _AUTH,
        -1003: _LIMITED,
        # This IP is already white listed; in old logs "server is busy".
        -1004: (("already on the white list", _INVALID), ("", _DOWN)),
        -1005: _PERMISSION,  # no such IP has been white listed
        -1006: unknown(Reason.OTHER),  # "unexpected response", execution status unknown
        -1007: _TIMEOUT,
        -1008: rejected(Reason.VENUE_UNAVAILABLE),
        -1010: _ENGINE_TEXTS,
        -1011: _PERMISSION,  # this IP cannot access this route
        # On a cancel: the symbol is not trading. On a cancel-replace also: a filter stopped the new order,
        # and filters come before both halves.
        -1013: (("filter failure", _INVALID), ("", _MARKET)),
        -1014: _INVALID,
        -1015: _LIMITED,  # at the top level nothing was attempted
        -1016: _DOWN,
        -1020: _INVALID,
        -1021: rejected(Reason.CLOCK_SKEW),
        -1022: _AUTH,
        -1034: _LIMITED,
        -1099: _AUTH,
        -1100: _INVALID,
        -1101: _INVALID,
        -1102: _INVALID,
        -1103: _INVALID,
        -1104: _INVALID,
        -1105: _INVALID,
        -1106: _INVALID,
        -1108: _INVALID,
        -1109: _PERMISSION,
        -1111: _INVALID,
        -1114: _INVALID,
        -1115: _INVALID,
        -1116: _INVALID,
        -1117: _INVALID,
        -1118: _INVALID,
        -1119: _INVALID,
        -1121: _INVALID,
        -1128: _INVALID,  # until April 2025 also the code for a missing id
        -1130: _INVALID,
        -1131: _INVALID,
        -1134: _INVALID,
        -1135: _INVALID,
        -1145: _INVALID,
        -1152: _INVALID,
        -1153: _INVALID,
        -1155: _INVALID,
        -1161: unknown(Reason.OTHER),  # the answer could not be encoded; the cancel may have happened
        -1194: _INVALID,
        -1210: _INVALID,
        -1211: _INVALID,
        -2008: _AUTH,
        -2010: _ENGINE_TEXTS,
        -2011: _ENGINE_TEXTS,
        -2013: rejected(Reason.NOT_FOUND),
        -2014: _AUTH,
        -2015: _AUTH,
        # "Partially failed" without the part that says which half: the order may be gone.
        -2021: unknown(Reason.OTHER),
        -2022: rejected(Reason.OTHER),
        -2026: rejected(Reason.ALREADY_CLOSED),  # archived: closed, unfilled, long ago
        -2039: _GONE,  # both ids given, and they are of two orders
        -11016: _INVALID,
    }
)

# https://developers.binance.com/docs/derivatives/usds-margined-futures/error-code and the twin of COIN-M.
# Numbers from -1100 on that mean the same as in spot are taken from there; these mean something else or are
# only here.
FUTURES: Final[CodeTable] = MappingProxyType(
    {
        **SPOT,
        # HTTP 503 has three texts. "Unknown error, please check your request or try again later." leaves open
        # what became of the request; the other two, looked for here, say that it failed.
        # Over WebSocket "Invalid JSON request." has this code too.
        -1000: (
            ("service unavailable", _REFUSED),
            ("invalid json", _INVALID),
            ("", unknown(Reason.OTHER)),
        ),
        -1001: (("unable to process your request", _REFUSED), ("", _DOWN)),
        -1008: _REFUSED,  # throttled by the matching engine; cancels are exempt since 2025-10-23
        -1013: _INVALID,
        -1108: _INVALID,  # bad asset
        -1109: _PERMISSION,  # "Invalid account."; also seen while COIN-M moved to USDⓈ-M's systems in 2026
        -2012: rejected(Reason.OTHER),  # batch cancel failure
        -2017: _PERMISSION,  # API keys locked
        # Three refusals of new orders; in spot these are about a cancel-replace and an archived order.
        -2021: _INVALID,
        -2022: _INVALID,
        -2026: _INVALID,
        -4015: _INVALID,
        -4032: _INVALID,  # a batch of too many
        -4088: _PERMISSION,
        -4109: _PERMISSION,
        -4116: rejected(Reason.DUPLICATE_REQUEST),
        # The stop is being triggered: this request did not cancel it, a later one may.
        -4117: rejected(Reason.NOT_CANCELABLE),
        -4120: _INVALID,  # a conditional order, which is the algo endpoint's since 2025-12
        -4141: _MARKET,
        -4188: rejected(Reason.CLOCK_SKEW),  # COIN-M: outside of the matching engine's recvWindow
        -4192: _PERMISSION,  # cooling-off period
        -5028: rejected(Reason.CLOCK_SKEW),  # USDⓈ-M: outside of the matching engine's recvWindow
    }
)

# https://developers.binance.com/docs/derivatives/options-trading/error-code
OPTIONS: Final[CodeTable] = MappingProxyType(
    {
        **FUTURES,
        -1008: _LIMITED,  # too many requests
        -1128: _INVALID,  # bad contract
        -2013: _GONE,  # the page has no -2011: orders that are closed are not told from those that never were
    }
)

# https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream names five, and none that a cancel
# can get; these are known to client libraries.
REJECT_REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "UNKNOWN_ORDER": Reason.NOT_FOUND_OR_CLOSED,
        "DUPLICATE_ORDER": Reason.DUPLICATE_REQUEST,
        "MARKET_CLOSED": Reason.MARKET_STATE,
        "UNKNOWN_INSTRUMENT": Reason.INVALID_REQUEST,
        "UNKNOWN_ACCOUNT": Reason.PERMISSION,
        "ACCOUNT_INACTIVE": Reason.PERMISSION,
        "ACCOUNT_CANNOT_SETTLE": Reason.PERMISSION,
    }
)
