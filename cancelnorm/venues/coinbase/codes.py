"""Coinbase's words for failures: what each says about a cancel."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["FAILURES", "NEW_FAILURE", "NO_FAILURE", "STATUSES", "WORDS"]

NO_FAILURE: Final = "UNKNOWN_CANCEL_FAILURE_REASON"
"""The default of the format, which stands beside a success, too."""

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
# That a cancel failed, or was not passed on, does not say what became of the order.
_OPEN: Final = unknown(Reason.OTHER)

NEW_FAILURE: Final = _OPEN
"""What a word says that is not in the table, or none: words that were added mostly said that the order was gone."""

# https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/orders/cancel-order
FAILURES: Final[CodeTable] = MappingProxyType(
    {
        "UNKNOWN_CANCEL_ORDER": rejected(Reason.NOT_FOUND_OR_CLOSED),
        "DUPLICATE_CANCEL_REQUEST": unknown(Reason.CANCEL_IN_PROGRESS),  # the first request decides
        "INVALID_CANCEL_REQUEST": _INVALID,
        "COMMANDER_REJECTED_CANCEL_ORDER": _OPEN,  # a router within; often the order is closed
        NO_FAILURE: _OPEN,
        "UNKNOWN": _OPEN,
        # Since 2023.
        "ORDER_IS_FULLY_FILLED": rejected(Reason.ALREADY_FILLED),
        "ORDER_IS_BEING_REPLACED": rejected(Reason.CANCEL_IN_PROGRESS),
        "NOT_ALLOWED_TO_CANCEL": rejected(Reason.NOT_CANCELABLE),
        "INVALID_CANCEL_PRODUCT_ID": _INVALID,
        "INVALID_CANCEL_FCM_TRADING_SESSION": rejected(Reason.MARKET_STATE),  # that of the futures is closed
    }
)

_AUTH: Final = (("timestamp", rejected(Reason.CLOCK_SKEW)), ("", rejected(Reason.AUTH)))
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_NO_ORDER: Final = ("order with this orderid was not found", rejected(Reason.NOT_FOUND))

# https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/introduction
# https://docs.cdp.coinbase.com/coinbase-app/api-architecture/error-messages
_WORDS: Final[CodeTable] = MappingProxyType(
    {
        **dict.fromkeys(
            ("invalid_argument", "invalid_request", "param_required", "validation_error"), _INVALID
        ),
        **dict.fromkeys(("unauthorized", "unauthenticated", "authentication_error"), _AUTH),
        **dict.fromkeys(("invalid_authentication_method", "invalid_token"), _AUTH),
        **dict.fromkeys(("revoked_token", "expired_token"), _AUTH),
        **dict.fromkeys(("permission_denied", "invalid_scope", "two_factor_required"), _PERMISSION),
        "not_found": (_NO_ORDER, ("", _INVALID)),  # or there is nothing at the path
        "unknown": (_NO_ORDER,),
        **dict.fromkeys(("resource_exhausted", "rate_limit_exceeded"), _LIMITED),
        **dict.fromkeys(("internal", "internal_server_error", "unavailable"), _DOWN),
    }
)

# They come in capitals and not.
WORDS: Final[CodeTable] = MappingProxyType(
    {
        spelled: row
        for word, row in _WORDS.items()
        for spelled in (str(word), str(word).upper(), str(word).capitalize())
    }
)

STATUSES: Final[CodeTable] = MappingProxyType({401: _AUTH, 403: _PERMISSION, 429: _LIMITED})
"""What an HTTP status says beside a word that is not in the table."""
