"""Coinbase Exchange's errors, which have a text and no code: what each says about a cancel.

The keys are HTTP statuses, 0 where there is none; most texts mean the same under all of them.
"""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["CODES", "LATE", "QUERIED", "TEXTS"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)

_Rows = tuple[tuple[str, Verdict], ...]

_OTHERS: Final[_Rows] = (
    # The venue: the order may be gone.
    ("under maintenance", _DOWN),
    ("internal server error", _DOWN),
    ("service unavailable", _DOWN),
    # The caller.
    ("timestamp", rejected(Reason.CLOCK_SKEW)),  # request timestamp expired, invalid timestamp
    ("invalid api key", _AUTH),
    ("invalid signature", _AUTH),
    ("invalid passphrase", _AUTH),
    ("cb-access-", _AUTH),  # a header is missing
    ("unauthorized", _AUTH),
    ("ip address", _AUTH),
    ("forbidden", _PERMISSION),
    ("insufficient permission", _PERMISSION),
    # Limits: of private and of public requests, and of those that come too slowly.
    ("rate limit exceeded", _LIMITED),
    ("too many requests", _LIMITED),
    # The market: every mode but the usual one.
    ("cancel only mode", _MARKET),
    ("post only mode", _MARKET),
    ("limit only mode", _MARKET),
    # The request.
    ("productnotfound", _INVALID),
    ("product not found", _INVALID),
    ("trading pair not available", _INVALID),
    ("route not found", _INVALID),
    ("invalid ", _INVALID),
    ("bad request", _INVALID),
)

LATE: Final = "order already done"
"""The text that cancels alone get: the order was filled or canceled."""
_CLOSED: Final = ((LATE, rejected(Reason.ALREADY_CLOSED)),)
_NOT_FOUND: Final = ("order not found", "notfound")
_FALLBACKS: Final = ((401, _AUTH), (403, _PERMISSION), (429, _LIMITED))


def _table(missing: Verdict) -> CodeTable:
    """The texts under each status; ``missing`` is what it means that an order was not found."""
    found: _Rows = (*_CLOSED, *_OTHERS, *((text, missing) for text in _NOT_FOUND))
    by_status: dict[int | str, _Rows] = dict.fromkeys((0, 400, 404, 500, 502, 503, 504), found)
    return MappingProxyType({**by_status, **{status: (*found, ("", other)) for status, other in _FALLBACKS}})


# https://docs.cdp.coinbase.com/exchange/rest-api/requests
CODES: Final = _table(_GONE)

# A canceled order without a fill is purged: that it is not found says nothing.
QUERIED: Final = _table(unknown(Reason.NOT_FOUND_OR_CLOSED))

TEXTS: Final = (LATE, *(text for text, _ in _OTHERS), *_NOT_FOUND)
"""All texts that tell something."""
