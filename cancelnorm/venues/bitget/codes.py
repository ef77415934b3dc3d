"""Bitget's error codes: what each says about a cancel."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown
from cancelnorm.schema import Reason
from cancelnorm.verdict import SERVER_TEXTS

__all__ = ["CODES", "GOOD"]

GOOD: Final = "00000"
"""Success over REST: the request was taken."""

_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_NOT_FOUND: Final = rejected(Reason.NOT_FOUND)
_CLOSED: Final = rejected(Reason.ALREADY_CLOSED)
_FIXED: Final = rejected(Reason.NOT_CANCELABLE)
_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_SKEWED: Final = rejected(Reason.CLOCK_SKEW)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_OTHER: Final = rejected(Reason.OTHER)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_TIMEOUT: Final = unknown(Reason.TIMEOUT)
_ENDING: Final = unknown(Reason.CANCEL_IN_PROGRESS)

# Rows that failed have no code until 2023-11, those of plan and of margin orders to this day. They are in the
# language that the request asked for.
_TEXTS: Final[tuple[tuple[str, Verdict], ...]] = (
    ("not exist", _GONE),
    ("notexist", _GONE),
    ("订单不存在", _GONE),
    # What a server says of itself, whatever failed: the order may be gone.
    *SERVER_TEXTS,
    ("being cancel", _ENDING),
    # An order that cannot be cancelled, or is partially filled, is alive.
    *((text, _FIXED) for text in ("cannot", "can not", "can't", "not be cancel")),
    *((text, _OTHER) for text in ("not cancel", "not filled", "unfilled", "partial", "fail")),
    ("cancelled", rejected(Reason.ALREADY_CANCELED)),
    ("canceled", rejected(Reason.ALREADY_CANCELED)),
    ("filled", rejected(Reason.ALREADY_FILLED)),
)

# https://www.bitget.com/api-doc/common/error-code, https://www.bitget.com/api-doc/uta/error-code
CODES: Final[CodeTable] = MappingProxyType(
    {
        "": _TEXTS,
        # The order.
        **dict.fromkeys(("43001", "45057", "40768", "40819", "80011", "31007", "40109"), _GONE),
        **dict.fromkeys(("25204", "24056"), _GONE),  # the unified account; the second in rows
        **dict.fromkeys(("43020", "43025", "43033", "25597"), _GONE),  # plan, trailing and strategy orders
        **dict.fromkeys(("22001", "43004", "31054"), _NOT_FOUND),  # no order to cancel
        "50062": _CLOSED,  # canceled or filled
        "45055": _CLOSED,  # the status does not allow it
        "45056": _FIXED,  # the type does not
        "13010": _FIXED,  # under review
        "45024": unknown(Reason.OTHER),  # the cancel failed, without a reason
        "45129": unknown(Reason.RATE_LIMITED),  # an earlier cancel of the same order is running
        **dict.fromkeys(("40908", "25003", "31023"), _ENDING),  # a concurrent operation is ending it
        # Replacements.
        **dict.fromkeys(("25202", "25203", "25228", "25231", "40798", "40800"), _OTHER),  # balances
        **dict.fromkeys(("25212", "43118", "45034", "50060"), rejected(Reason.DUPLICATE_REQUEST)),
        # The request.
        **dict.fromkeys(("40912", "40306"), _INVALID),  # too many orders in a batch
        **dict.fromkeys(("41101", "40017", "40019", "40020", "40034"), _INVALID),
        **dict.fromkeys(("40053", "40054", "40055", "40056", "40057", "40058", "40059", "40064"), _INVALID),
        **dict.fromkeys(("00171", "00172", "400172"), _INVALID),
        **dict.fromkeys(("40402", "40404", "40409", "40724", "40808", "40811", "40813", "25200"), _INVALID),
        **dict.fromkeys(("40072", "40102", "25100", "50024"), _INVALID),  # the symbol
        # The caller.
        **dict.fromkeys(("40001", "40002", "40003", "40006", "40009"), _AUTH),
        **dict.fromkeys(("40011", "40012", "40036", "40037", "40041"), _AUTH),
        **dict.fromkeys(("40004", "40005", "40008", "40078", "40079", "40911"), _SKEWED),
        "40014": _PERMISSION,  # a client library reads it as a key that expired
        **dict.fromkeys(("40018", "40022", "40023", "40024", "40025", "40026"), _PERMISSION),
        **dict.fromkeys(("40038", "40040", "40068", "40111", "40199", "40301", "40916"), _PERMISSION),
        **dict.fromkeys(("22010", "25005", "25006", "25007", "25008", "25620"), _PERMISSION),
        # Limits.
        **dict.fromkeys(("429", "25004", "30006", "30007", "40047"), _LIMITED),
        "25572": _LIMITED,  # too many amendments are pending
        # The venue.
        **dict.fromkeys(("40010", "40910", "25001"), _TIMEOUT),
        **dict.fromkeys(("40015", "40200", "40725", "45001", "25000", "50031", "80002", "43059"), _DOWN),
        **dict.fromkeys(("19000", "40846"), _DOWN),
        **dict.fromkeys(("40844", "41114", "25101", "25102", "25106", "45043", "50027"), _MARKET),
        # The WebSocket.
        **dict.fromkeys(("30001", "30002", "30003", "30016"), _INVALID),
        **dict.fromkeys(("30004", "30005", "30011", "30012", "30015"), _AUTH),
        **dict.fromkeys(("30013", "30014"), _SKEWED),
    }
)
