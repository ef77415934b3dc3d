"""The endpoint at a URL of which a log does not tell the method: the cancel there, by its answer; or none of ours."""

from typing import Final
from urllib.parse import urlsplit

from cancelnorm import venues
from cancelnorm.assumption import assume
from cancelnorm.errors import CancelNormError
from cancelnorm.logs.url_paths import has_endpoint
from cancelnorm.logs.urls import Hosts, locate
from cancelnorm.record import Record
from cancelnorm.routing import plain_path
from cancelnorm.schema import Outcome

__all__ = ["cancel_at", "is_of_cancel", "other_at"]

_CANCELS: Final = "DELETE"  # the method that does nothing else
_ANY: Final = "HTTP"  # a method that the log does not tell


def cancel_at(venue_name: str, url: str, payload: bytes | str, status: int | None) -> str | None:
    """The endpoint of the cancel at a URL, if only a cancel gets such an answer; else None."""
    venue = venues.find(venue_name)
    try:
        name = f"{_CANCELS} {plain_path(urlsplit(url).path)}"
    except ValueError:
        return None
    is_known = venue is not None and name in venue.endpoints
    return name if is_known and is_of_cancel(venue_name, payload, status) else None


def is_of_cancel(venue_name: str, payload: bytes | str, status: int | None = None) -> bool:
    """Tell whether only a cancel gets such an answer of a venue.

    That is a refusal which means the same wherever it comes from: what a query or a placement may get is none.
    """
    venue = venues.find(venue_name)
    if venue is None:
        return False
    try:
        events = assume(Record(payload, venue.name, status=status), venue, "collect").events
    except (ValueError, CancelNormError):
        return False
    return bool(events) and all(
        event.outcome is Outcome.REJECTED and event.code is not None for event in events
    )


def other_at(url: str | None, hosts: Hosts = ()) -> str | None:
    """The name of what is at the URL of a venue, if it is no endpoint that cancels, nor anything about orders."""
    if url is None or not url.startswith("http"):
        return None
    address = locate(None, url, hosts=hosts)
    if address is None or address.venue is None:
        return None
    path = plain_path(urlsplit(url).path)
    is_other = path and "order" not in path.casefold() and not has_endpoint(address.venue, path)
    return f"{_ANY} {path}" if is_other else None
