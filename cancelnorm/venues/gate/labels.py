"""Gate's error labels: what each says about a cancel."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["LABELS", "SPOT_LABELS"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_CLOSED: Final = rejected(Reason.ALREADY_CLOSED)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)

# https://www.gate.com/docs/developers/apiv4/en/#label-list
LABELS: Final[CodeTable] = MappingProxyType(
    {
        # The order. One label for an order that never was and for one that is closed: recorded of perpetuals.
        "ORDER_NOT_FOUND": _GONE,
        "CLIENT_ID_NOT_FOUND": _GONE,
        "ORDER_CLOSED": _CLOSED,
        "ORDER_CANCELLED": rejected(Reason.ALREADY_CANCELED),
        "ORDER_FINISHED": _CLOSED,
        "ORDER_NOT_OWNED": _PERMISSION,
        "CANCEL_FAIL": unknown(Reason.OTHER),
        # The request.
        **dict.fromkeys(("AUTO_TRIGGER_PRICE_LESS_LAST", "AUTO_TRIGGER_PRICE_GREATE_LAST"), _INVALID),
        **dict.fromkeys(("INVALID_PARAM_VALUE", "INVALID_PROTOCOL", "INVALID_ARGUMENT"), _INVALID),
        **dict.fromkeys(("INVALID_REQUEST_BODY", "MISSING_REQUIRED_PARAM", "BAD_REQUEST"), _INVALID),
        **dict.fromkeys(("INVALID_CONTENT_TYPE", "NOT_ACCEPTABLE", "METHOD_NOT_ALLOWED"), _INVALID),
        "NOT_FOUND": _INVALID,  # the URL
        **dict.fromkeys(("INVALID_CURRENCY", "INVALID_CURRENCY_PAIR", "CONTRACT_NOT_FOUND"), _INVALID),
        **dict.fromkeys(("INVALID_CLIENT_ORDER_ID", "TOO_MANY_CURRENCY_PAIRS"), _INVALID),
        "INVALID_PRECISION": _INVALID,
        "DUPLICATE_REQUEST": unknown(Reason.DUPLICATE_REQUEST),
        "REQUEST_EXPIRED": rejected(Reason.CLOCK_SKEW),  # by the header Timestamp or x-gate-exptime
        # The caller.
        **dict.fromkeys(("INVALID_CREDENTIALS", "INVALID_KEY", "INVALID_SIGNATURE"), _AUTH),
        **dict.fromkeys(("MISSING_REQUIRED_HEADER", "AUTHENTICATION_FAILED"), _AUTH),
        **dict.fromkeys(("IP_FORBIDDEN", "READ_ONLY", "FORBIDDEN", "ACCOUNT_LOCKED"), _PERMISSION),
        **dict.fromkeys(("SUB_ACCOUNT_LOCKED", "USER_NOT_FOUND", "SUB_ACCOUNT_NOT_FOUND"), _PERMISSION),
        **dict.fromkeys(("TOO_MANY_REQUESTS", "TOO_FAST"), _LIMITED),
        # The market.
        **dict.fromkeys(("POSITION_IN_LIQUIDATION", "POSITION_IN_CLOSE", "LIQUIDATE_IMMEDIATELY"), _MARKET),
        **dict.fromkeys(("CONTRACT_IN_DELISTING", "TRADE_RESTRICTED"), _MARKET),
        # The venue.
        **dict.fromkeys(("INTERNAL", "SERVER_ERROR", "TOO_BUSY"), _DOWN),
    }
)

# Of spot an order is "closed" when it is filled.
SPOT_LABELS: Final[CodeTable] = MappingProxyType({**LABELS, "ORDER_CLOSED": rejected(Reason.ALREADY_FILLED)})
