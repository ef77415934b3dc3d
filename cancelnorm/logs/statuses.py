"""Statuses of HTTP: what one tells by itself, and with which bodies it does not go."""

from typing import Final

from cancelnorm.logs.cancel_at import assumed
from cancelnorm.logs.waiting import Waiting
from cancelnorm.schema import CancelEvent, Outcome, Reason

__all__ = ["FAILURES", "goes_with", "is_contradicted"]

FAILURES: Final = frozenset((408, 418, 429, *range(500, 600)))
"""Statuses that tell by themselves what came of a request."""

_ERROR: Final = 400  # and any status above
_UNAVAILABLE: Final = 503  # venues that are overloaded answer so, too
_LIMITS: Final = frozenset((418, 429))
_LIMITED: Final = frozenset({None, Reason.RATE_LIMITED, Reason.OTHER, Reason.RESTRICTED})
_FAILED: Final = frozenset(
    {None, Reason.VENUE_UNAVAILABLE, Reason.TIMEOUT, Reason.MARKET_STATE, Reason.OTHER}
)


def goes_with(waiting: Waiting, status: int | None, body: bytes) -> bool:
    """Tell whether the status that was told of a request may be that of an answer, which may have one of its own."""
    told = None if waiting.is_near else waiting.status
    return (None in (told, status) or told == status) and not is_contradicted(waiting, body)


def is_contradicted(waiting: Waiting, body: bytes) -> bool:
    """Tell whether the status that was told of a request is not that of an answer of its venue with a body.

    What says that an order is canceled, or gone, is no failure of the venue; a limit is none but where it is
    overloaded. An error has the status of one at a venue that has one for each, and nothing else has.
    """
    status = waiting.status
    if status is None or waiting.place is None or not body:
        return False
    venue, _ = waiting.place
    if status in FAILURES and not all(_may_be(status, each) for each in assumed(venue.name, body, None)):
        return True
    return venue.has_statuses and (status >= _ERROR) != (venue.told(body) is not None)


def _may_be(status: int, event: CancelEvent) -> bool:
    """Tell whether an event may be that of an answer with a status that is a failure."""
    if event.outcome in (Outcome.CANCELED, Outcome.PENDING):
        return False
    if status in _LIMITS:
        return event.reason in _LIMITED
    return event.reason in _FAILED or (status == _UNAVAILABLE and event.reason is Reason.RATE_LIMITED)
