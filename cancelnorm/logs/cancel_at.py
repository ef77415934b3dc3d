"""The endpoint at a URL of which a log does not tell the method: the cancel there, by its answer; or none of ours."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from cancelnorm import venues
from cancelnorm.answer import normalise_at
from cancelnorm.assumption import assume
from cancelnorm.errors import CancelNormError
from cancelnorm.logs.tried import Tried
from cancelnorm.logs.url_paths import has_endpoint
from cancelnorm.logs.urls import Hosts, locate
from cancelnorm.masking import without_secrets
from cancelnorm.record import Record
from cancelnorm.routing import plain_path
from cancelnorm.schema import CancelEvent, Outcome

__all__ = [
    "assumed",
    "cancel_at",
    "is_accepted",
    "is_canceled",
    "is_done",
    "is_of_cancel",
    "is_of_other",
    "is_open",
    "is_telling",
    "other_at",
]

_CANCELS: Final = "DELETE"  # the method that does nothing else
_REFUSED: Final = frozenset({Outcome.UNKNOWN, Outcome.REJECTED})
_ANY: Final = "HTTP"  # a method that the log does not tell
_ABOUT_ORDERS: Final = re.compile(r"order|cancel", re.IGNORECASE)


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
    events = assumed(venue_name, payload, status)
    return bool(events) and all(
        event.outcome is Outcome.REJECTED and event.code is not None for event in events
    )


def is_canceled(venue_name: str, payload: bytes | str) -> bool:
    """Tell whether an answer of a venue says that an order is canceled, wherever it comes from."""
    return any(event.outcome is Outcome.CANCELED for event in assumed(venue_name, payload, None))


def is_open(venue_name: str, payload: bytes | str) -> bool:
    """Tell whether an answer of a venue says of no order that it ended without a fill, wherever it comes from."""
    events = assumed(venue_name, payload, None)
    return bool(events) and all(
        event.outcome is Outcome.UNKNOWN
        and (event.code is None or event.reason is None or not event.reason.is_order_gone)
        for event in events
    )


def is_telling(venue_name: str, payload: bytes | str, endpoint: str | None = None) -> bool:
    """Tell whether an answer of a venue says what became of an order that was to be canceled, at an endpoint if known.

    Any request may be refused for other reasons than that the order is gone.
    """
    events = assumed(venue_name, payload, None)
    is_told = all(
        event.outcome is not Outcome.UNKNOWN if event.reason is None else event.reason.is_order_gone
        for event in events
    )
    if events and is_told:
        return True
    return is_accepted(venue_name, payload, endpoint)


def is_done(venue_name: str, payload: bytes | str, endpoint: str | None) -> bool:
    """Tell whether an answer of an endpoint says that an order is canceled."""
    events = _events_at(venue_name, payload, endpoint)
    return any(event.outcome is Outcome.CANCELED and event.order_id is not None for event in events)


def is_accepted(venue_name: str, payload: bytes | str, endpoint: str | None) -> bool:
    """Tell whether an answer of an endpoint says that a cancel was accepted, or is done."""
    return any(event.outcome not in _REFUSED for event in _events_at(venue_name, payload, endpoint))


def is_of_other(venue_names: Sequence[str], payload: bytes, tried: Tried) -> bool:
    """Tell whether an error of one of some venues was no answer to a cancel, as words tell what was tried.

    One that says that the order is gone may be that of a query of the order, unless only a cancel gets it.
    """
    return bool(venue_names) and all(_is_of_other(name, payload, tried) for name in venue_names)


def _is_of_other(venue_name: str, payload: bytes, tried: Tried) -> bool:
    venue = venues.find(venue_name)
    if venue is None or venue.told(payload) is None:
        return False
    return not is_telling(venue_name, payload) or (tried == "query" and not is_of_cancel(venue_name, payload))


def _events_at(venue_name: str, payload: bytes | str, endpoint: str | None) -> Sequence[CancelEvent]:
    """The events of an answer of an endpoint; none if it cannot be read, or there is no such endpoint."""
    venue = venues.find(venue_name)
    known = None if venue is None else venue.endpoints.get(endpoint or "")
    if venue is None or known is None:
        return ()
    try:
        return normalise_at(Record(payload, venue.name, endpoint), known, "collect").events
    except (ValueError, CancelNormError):
        return ()


def assumed(venue_name: str, payload: bytes | str, status: int | None) -> Sequence[CancelEvent]:
    """The events of an answer whose endpoint is not known; none if it cannot be read."""
    venue = venues.find(venue_name)
    if venue is None:
        return ()
    try:
        return assume(Record(payload, venue.name, status=status), venue, "collect").events
    except (ValueError, CancelNormError):
        return ()


def other_at(url: str | None, payload: bytes | str, hosts: Hosts = ()) -> str | None:
    """The name of what is at the URL of a venue, if it is not known to cancel.

    None for an endpoint, for a path about orders, and where an answer says what became of one.
    """
    if url is None or not url.startswith("http"):
        return None
    address = locate(None, url, hosts=hosts)
    if address is None or address.venue is None:
        return None
    path = plain_path(urlsplit(url).path)
    if not path or _ABOUT_ORDERS.search(path) or has_endpoint(address.venue, path):
        return None
    return None if is_telling(address.venue, payload) else without_secrets(f"{_ANY} {path}")
