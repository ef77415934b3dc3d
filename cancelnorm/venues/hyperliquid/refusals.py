"""Hyperliquid's refusals: texts without a code, and what each says about a cancel."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown, verdict_of
from cancelnorm.schema import Reason

__all__ = ["REFUSALS", "refusal", "refusal_to_replace"]

_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)  # one text for three causes
_AUTH: Final = rejected(Reason.AUTH)
_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)

# https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/error-responses
REFUSALS: Final[CodeTable] = MappingProxyType(
    {
        "": (
            # Rows; since 2025-11 " asset=4" follows.
            ("order was never placed, already canceled, or filled", _GONE),
            ("twap was never placed, already canceled, or filled", _GONE),
            ("cannot modify canceled or filled order", rejected(Reason.ALREADY_CLOSED)),
            # Whether the old order still rests is not said.
            ("attempted to modify to invalid new order", unknown(Reason.INVALID_REQUEST)),
            ("only post-only orders allowed", rejected(Reason.MARKET_STATE)),
            # Requests.
            ("signed action over weight limit", _INVALID),
            ("failed to deserialize", _INVALID),
            ("too many cumulative requests sent", _LIMITED),
            ("too many pending post requests", _LIMITED),
            ("too many requests", _LIMITED),
            ("cannot set scheduled cancel time", rejected(Reason.RESTRICTED)),
            # Mostly a wrong signature: the address that it is recovered to is any.
            ("user or api wallet", _AUTH),
            ("must deposit before performing actions", _AUTH),
            ("unable to recover signer", _AUTH),
            ("vault not registered", rejected(Reason.PERMISSION)),
            ("is not an agent", rejected(Reason.PERMISSION)),
            ("leader", rejected(Reason.PERMISSION)),
            # The first copy may have been executed; nobody has recorded the text.
            ("duplicate", unknown(Reason.DUPLICATE_REQUEST)),
            ("already used", unknown(Reason.DUPLICATE_REQUEST)),
            ("nonce", rejected(Reason.CLOCK_SKEW)),
            # ``expiresAfter`` of the request was over; nobody has recorded the text.
            ("expiresafter", rejected(Reason.TIMEOUT)),
            ("expired", rejected(Reason.TIMEOUT)),
            # Over the socket, the status of a node that had trouble is a text.
            ("bad gateway", unknown(Reason.VENUE_UNAVAILABLE)),
            ("service unavailable", unknown(Reason.VENUE_UNAVAILABLE)),
        ),
    }
)


def refusal(text: str, status: int | None = None) -> Verdict:
    """What a text says about a cancel."""
    return verdict_of(REFUSALS, "", text, status)


def refusal_to_replace(text: str, status: int | None = None) -> Verdict:
    """What a text says about an order that was to be replaced.

    One that is not listed may be about the new order, and whether the old one still rests is not said.
    """
    verdict = refusal(text, status)
    return unknown(Reason.OTHER) if verdict.reason is Reason.OTHER else verdict
