"""Kraken's errors: what each says about a cancel.

An error is a text: its severity and category, a colon, and what happened. The category alone is no code that tells.
"""

import re
from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown, verdict_of
from cancelnorm.schema import Reason

__all__ = ["CODES", "code_of", "error_verdict"]

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_TIMEOUT: Final = unknown(Reason.TIMEOUT)
_PENDING: Final = unknown(Reason.CANCEL_IN_PROGRESS)

# https://docs.kraken.com/exchange/guides/general/errors
CODES: Final[CodeTable] = MappingProxyType(
    {
        "EOrder": (
            # Never existed, filled, canceled, or another account's.
            ("unknown order", rejected(Reason.NOT_FOUND_OR_CLOSED)),
            ("invalid order", _INVALID),
            ("cancel pending", _PENDING),
            ("rate limit exceeded", _LIMITED),  # of the matching engine, also of a domain
        ),
        "EGeneral": (
            ("invalid arguments", _INVALID),
            ("permission denied", _PERMISSION),
            ("too many requests", _LIMITED),
            ("temporary lockout", _LIMITED),
            ("internal error", _DOWN),
        ),
        "EAPI": (
            ("invalid key", _AUTH),
            ("invalid signature", _AUTH),
            ("bad request", _AUTH),  # in old recordings
            ("invalid nonce", rejected(Reason.CLOCK_SKEW)),
            ("rate limit exceeded", _LIMITED),
        ),
        "EAuth": (
            ("account temporary disabled", _PERMISSION),
            ("account unconfirmed", _PERMISSION),
            ("rate limit exceeded", _LIMITED),
            ("too many requests", _LIMITED),
        ),
        "EService": (
            ("market in ", _MARKET),  # cancel_only, post_only or limit_only mode
            ("throttled", _LIMITED),
            ("deadline elapsed", _TIMEOUT),
            ("timeout", _TIMEOUT),
            ("unavailable", _DOWN),
            ("busy", _DOWN),
        ),
        "EAccount": (("invalid permissions", _PERMISSION),),
        "EBM": (("limit exceeded", _LIMITED),),
        "EDatabase": (("internal error", _DOWN),),
        "EQuery": (("unknown asset pair", _INVALID),),
        "ESession": (("invalid session", _AUTH),),
        "ETrade": (("invalid request", _INVALID), ("user locked", _PERMISSION)),
        # Texts without a category.
        "": (("cancel pending", _PENDING), ("malformed request", _INVALID), ("throttled", _LIMITED)),
    }
)


def code_of(error: str) -> str:
    """The severity and the category of an error: what stands before the first colon; empty where there are none."""
    match = _CODE.match(error)
    return match[1] if match else ""


_CODE: Final = re.compile(r"([EW][A-Za-z]{1,40}):", re.ASCII)


def error_verdict(error: str, status: int | None = None) -> Verdict:
    """What an error says about a cancel."""
    return verdict_of(CODES, code_of(error), error, status)
