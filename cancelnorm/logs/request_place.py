"""The place of a request over HTTP: its venue and its endpoint, and what may be answered there."""

from cancelnorm import answering, routing, venues
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.frame_keys import is_answer, members_of
from cancelnorm.logs.options import Options
from cancelnorm.logs.urls import locate, parameters
from cancelnorm.venue import Venue

__all__ = ["Place", "may_answer", "place_of"]

Place = tuple[Venue, str | None]
"""The venue and the endpoint of a request."""


def place_of(asked: Printed, options: Options) -> Place | None:
    """The place of a request; None if its URL is that of no venue."""
    address = locate(asked.method, asked.url, venue=options.venue, hosts=options.hosts)
    venue = venues.find(address.venue) if address and address.venue else None
    if venue is None or address is None:
        return None
    body = parameters(asked.body, address=address).request if venue.shared_names else None
    return venue, routing.asked(venue, address.endpoint, body)


def may_answer(place: Place | None, body: bytes, *, is_near: bool) -> bool:
    """Tell whether an object may be the answer to a request to a place, by its keys.

    The answers of endpoints that cancel nothing are not known: of these, only one that is near is taken. The frame of
    a WebSocket is no answer over HTTP, but where a venue answers with the same keys.
    """
    if place is None:
        return False
    venue, name = place
    if _is_frame(venue, body):
        return any(endpoint.name == name for endpoint in answering.without_additions(venue, body))
    if name is None and venue.shared_names:
        return bool(answering.possible(venue, body))
    if name not in venue.endpoints:
        return is_near
    return any(endpoint.name == name for endpoint in answering.possible(venue, body))


def _is_frame(venue: Venue, body: bytes) -> bool:
    """Tell whether an object has the keys by which a frame of a WebSocket is paired with its request."""
    return venue.socket is not None and is_answer(members_of(body), venue.socket)
