"""The cancel at a URL of which a log does not tell the method, by its answer."""

from typing import Final
from urllib.parse import urlsplit

from cancelnorm import venues
from cancelnorm.assumption import assume
from cancelnorm.errors import CancelNormError
from cancelnorm.record import Record
from cancelnorm.routing import plain_path
from cancelnorm.schema import Outcome

__all__ = ["cancel_at"]

_CANCELS: Final = "DELETE"  # the method that does nothing else


def cancel_at(venue_name: str, url: str, payload: bytes | str, status: int | None) -> str | None:
    """The endpoint of the cancel at a URL, if only a cancel gets such an answer; else None.

    That is a refusal which means the same wherever it comes from: what a query or a placement may get is none.
    """
    venue = venues.find(venue_name)
    try:
        name = f"{_CANCELS} {plain_path(urlsplit(url).path)}"
        if venue is None or name not in venue.endpoints:
            return None
        found = assume(Record(payload, venue.name, status=status), venue, "collect")
    except (ValueError, CancelNormError):
        return None
    events = found.events
    is_certain = all(event.outcome is Outcome.REJECTED and event.code is not None for event in events)
    return name if events and is_certain else None
