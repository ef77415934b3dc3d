"""OKX's error codes: what each says about a cancel."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["CODES", "QUERIED", "SPREAD"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_SKEWED: Final = rejected(Reason.CLOCK_SKEW)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_NOT_FOUND: Final = rejected(Reason.NOT_FOUND)
_CLOSED: Final = rejected(Reason.ALREADY_CLOSED)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_TIMEOUT: Final = unknown(Reason.TIMEOUT)

# https://www.okx.com/docs-v5/en/#error-code
CODES: Final[CodeTable] = MappingProxyType(
    {
        "2": unknown(Reason.OTHER),  # some of the rows failed, where there are none
        # The request.
        **dict.fromkeys(("50000", "50002", "50005", "50006", "50014", "50015", "50016"), _INVALID),
        **dict.fromkeys(("50024", "50025", "50115"), _INVALID),
        **dict.fromkeys(("51000", "51001", "51003", "51015", "51071"), _INVALID),
        **dict.fromkeys(("51406", "51407", "51408", "51409", "51413"), _INVALID),
        "50036": _INVALID,  # expTime is malformed
        "50037": _SKEWED,  # expTime was over
        "50102": _SKEWED,
        "50112": _SKEWED,
        "50042": rejected(Reason.DUPLICATE_REQUEST),
        # The caller.
        **dict.fromkeys(("50101", "50103", "50104", "50105", "50106", "50107"), _AUTH),
        **dict.fromkeys(("50111", "50113", "50114", "50119"), _AUTH),
        **dict.fromkeys(("50007", "50008", "50009", "50012", "50027", "50028", "50029"), _PERMISSION),
        **dict.fromkeys(("50030", "50032", "50033", "50035", "50041", "50051", "50052"), _PERMISSION),
        **dict.fromkeys(("50059", "50060", "50067", "50075", "50100", "50110", "50116"), _PERMISSION),
        **dict.fromkeys(("50120", "50121", "51010", "51024", "51411"), _PERMISSION),
        **dict.fromkeys(("50038", "50053"), _PERMISSION),  # of live or of demo trading alone
        # Limits.
        **dict.fromkeys(("50011", "50040", "50061", "51115"), _LIMITED),
        # The venue.
        **dict.fromkeys(("50001", "50013", "50026", "50046", "50062", "70208"), _DOWN),
        "50004": _TIMEOUT,  # the text says that the outcome is not known
        "51054": _TIMEOUT,
        "51149": _TIMEOUT,  # as 50004
        **dict.fromkeys(("50017", "50018", "50019", "50020", "50021", "50022", "50023"), _MARKET),
        **dict.fromkeys(("51021", "51022", "51027", "51028", "51029", "51030", "51404"), _MARKET),
        "54008": _MARKET,  # locked by a mass cancel
        # The order.
        "51400": rejected(Reason.NOT_FOUND_OR_CLOSED),  # filled, canceled or unknown
        "51401": rejected(Reason.ALREADY_CANCELED),
        "51402": _CLOSED,
        "51403": rejected(Reason.NOT_CANCELABLE),
        "51405": _NOT_FOUND,
        "51410": unknown(Reason.CANCEL_IN_PROGRESS),  # or the settlement of a fill is
        # One code with two texts.
        "51412": (("timed out", _TIMEOUT), ("triggered", _CLOSED), ("", unknown(Reason.OTHER))),
        "51416": _CLOSED,  # triggered
        **dict.fromkeys(("51503", "51509", "51510"), _CLOSED),  # of an amendment
        "51603": _NOT_FOUND,
        # Requests for quotes, and quotes.
        **dict.fromkeys(("70000", "70001", "70203", "70207", "70408", "70409"), _NOT_FOUND),
        **dict.fromkeys(("70200", "70400"), _CLOSED),
        # The WebSocket.
        **dict.fromkeys(("60004", "60006"), _SKEWED),
        **dict.fromkeys(("60005", "60007", "60009", "60011", "60024", "60032"), _AUTH),
        **dict.fromkeys(("60012", "60013", "60018", "60019", "60027", "60028"), _INVALID),
        **dict.fromkeys(("60014", "60023"), _LIMITED),
        **dict.fromkeys(("63999", "64007"), _DOWN),
        **dict.fromkeys(("64000", "64001", "64002", "64003"), _PERMISSION),
    }
)

# Spreads have codes of their own for orders that are filled or canceled.
SPREAD: Final[CodeTable] = MappingProxyType({**CODES, "51400": _NOT_FOUND})

# A canceled order without a fill is kept for two hours: that it is not found says nothing.
QUERIED: Final[CodeTable] = MappingProxyType({**CODES, "51603": unknown(Reason.NOT_FOUND_OR_CLOSED)})
