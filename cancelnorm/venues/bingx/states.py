"""BingX orders as they stand: what their status says about a cancel, in answers to whatever question."""

import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import Final

from msgspec import UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Said, Verdict, by_words
from cancelnorm.schema import CancelEvent, Evidence, Initiator, Normalised, OrderStatus, Outcome
from cancelnorm.venues.bingx.messages import (
    SPOT_ERRORS,
    SWAP_ERRORS,
    ApiError,
    MessageReply,
    Reply,
    enveloped,
)

QUIET: Final = frozenset(
    (
        *("NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "FAILED", "Pending", "Filled"),
        *("New", "Running", "PartiallyFilled", "Failed", "PartiallyFilledAndResidueFailed"),
    )
)
"""Statuses that say nothing about a cancel; an order that failed has never been on the book."""


def judged(
    statuses: Mapping[str, OrderStatus], word: str | UnsetType, quiet: Collection[str] = QUIET
) -> Verdict | None:
    """The verdict by an order's status; none where it says nothing about a cancel, as ``quiet`` ones do."""
    word = word or ""
    if word in quiet:
        return None
    match statuses.get(word):
        case OrderStatus.CANCELED | OrderStatus.EXPIRED as status:
            expired = Initiator.EXPIRY if status is OrderStatus.EXPIRED else None
            return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, status, expired)
        case OrderStatus.PENDING_CANCEL as status:
            return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, status)
        case status:
            return Verdict(Outcome.UNKNOWN, Evidence.LISTED, None, status)


def said(
    status: str | UnsetType, statuses: Mapping[str, OrderStatus], quiet: Collection[str] = QUIET
) -> Said:
    """How the status of an order that is shown says what became of it; most say nothing about a cancel."""
    return by_words(partial(judged, statuses, quiet=quiet), status, raw_status=status)


def shown_orders(raw: Reply | MessageReply, call: Call, events: list[CancelEvent]) -> Normalised:
    """Put an answer together; where no order in it is about a cancel, nothing is known."""
    return enveloped(raw, call, call.or_unknown(events, "$.data"))


def unshown(raw: Reply, call: Call) -> Normalised:
    """Put an answer together that shows no order where one was asked for."""
    call.unanswered([], "$.data")
    return shown_orders(raw, call, [])


def one_shown(raw: Reply | MessageReply, call: Call, events: list[CancelEvent]) -> Normalised:
    """Put an answer together that shows the order that was asked for."""
    completed = all_completed(events, call)
    if completed:
        call.unanswered(completed, "$.data")
    return shown_orders(raw, call, completed)


_OF_CANCELS: Final = re.compile(
    r"you want to cancel|cancel fail|too late to cancel|FILLED or CANCELLED already", re.IGNORECASE
)


def _any_refusal(raw: ApiError) -> bool:
    """Whether other requests than cancels are refused alike: all are, but for texts that speak of one."""
    return _OF_CANCELS.search(raw.msg) is None


SPOT_QUERY_ERRORS: Final = SPOT_ERRORS._replace(of_query=_any_refusal)
SWAP_QUERY_ERRORS: Final = SWAP_ERRORS._replace(of_query=_any_refusal)
