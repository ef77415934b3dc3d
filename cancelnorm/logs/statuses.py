"""Statuses of HTTP: what one tells by itself, and with which bodies it does not go."""

from typing import Final

from cancelnorm.logs.cancel_at import assumed
from cancelnorm.logs.waiting import Waiting
from cancelnorm.schema import CancelEvent, Outcome, Reason
from cancelnorm.venue import Venue

__all__ = ["FAILURES", "Statuses"]

FAILURES: Final = frozenset((408, 418, 429, *range(500, 600)))
"""Statuses that tell by themselves what came of a request."""

_ERROR: Final = 400  # and any status above
_UNAVAILABLE: Final = 503  # venues that are overloaded answer so, too
_LIMITS: Final = frozenset((418, 429))
_LIMITED: Final = frozenset({None, Reason.RATE_LIMITED, Reason.OTHER, Reason.RESTRICTED})
_FAILED: Final = frozenset(
    {None, Reason.VENUE_UNAVAILABLE, Reason.TIMEOUT, Reason.MARKET_STATE, Reason.OTHER}
)


class Statuses:
    """The statuses that were told of requests, against a body, which may have one of its own."""

    def __init__(self, body: bytes, own: int | None) -> None:
        self._body = body
        self._own = own
        self._contradicting: dict[tuple[int, Venue], bool] = {}

    def may_be(self, waiting: Waiting) -> bool:
        """Tell whether that of a request is not another one than the body's own."""
        told = None if waiting.is_near else waiting.status
        return None in (told, self._own) or told == self._own

    def go_with(self, waiting: Waiting) -> bool:
        """Tell whether that of a request may be that of an answer with the body."""
        return self.may_be(waiting) and not self.contradict(waiting)

    def contradict(self, waiting: Waiting) -> bool:
        """Tell whether that of a request is not that of an answer of its venue with the body.

        What says that an order is canceled, or gone, is no failure of the venue; a limit is none but where it is
        overloaded. An error has the status of one at a venue that has one for each, and nothing else has.
        """
        if waiting.status is None or waiting.place is None or not self._body:
            return False
        key = waiting.status, waiting.place[0]
        if key not in self._contradicting:
            self._contradicting[key] = _contradicts(*key, self._body)
        return self._contradicting[key]


def _contradicts(status: int, venue: Venue, body: bytes) -> bool:
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
