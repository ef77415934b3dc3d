"""The place of a request over HTTP: its venue and its endpoint, and what may be answered there."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from cancelnorm import answering, routing, venues
from cancelnorm.caching import cached
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.frame_keys import is_answer
from cancelnorm.logs.frame_keys import members_of as members_in
from cancelnorm.logs.named_orders import NOTHING, Named, named_by
from cancelnorm.logs.options import Options
from cancelnorm.logs.urls import joined, locate, parameters
from cancelnorm.reader.types import class_of, fields_of, members_of
from cancelnorm.venue import Venue

__all__ = ["Place", "is_about_else", "may_answer", "named_in", "names_orders", "place_of", "sends"]

_PATH: Final = " /"  # in the names of endpoints over HTTP
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

    The answers of endpoints that cancel nothing are not known: of these, only one that is near is taken, and no frame
    that the venue sends over a WebSocket alone. The answer of a WebSocket is none over HTTP, but where a venue answers
    with the same keys.
    """
    if place is None:
        return False
    venue, name = place
    if _is_frame(venue, body) and not _answers_like_frames(venue.name, name):
        return any(endpoint.name == name for endpoint in answering.without_additions(venue, body))
    if name is None and venue.shared_names:
        return bool(answering.possible(venue, body))
    known = venue.endpoints.get(name or "")
    if known is None:
        return is_near and not _is_pushed(venue, body)
    if known.skip is not None and known.skip(body) is not None:  # as the refusal of an amendment
        return True
    return known in answering.possible(venue, body)


def sends(place: Place, body: bytes) -> bool:
    """Tell whether an object is exactly an answer of the endpoint at a place, and no frame of a WebSocket."""
    venue, name = place
    is_known = any(endpoint.name == name for endpoint in answering.taking(venue, body))
    return is_known and may_answer(place, body, is_near=False)


def is_about_else(place: Place, body: bytes) -> bool:
    """Tell whether the venue of a place answers so about something else than a cancel, and no cancel exactly so."""
    venue, _ = place
    is_else = venue.skip is not None and venue.skip(body) is not None
    return is_else and not answering.takes(venue, body)


def _is_pushed(venue: Venue, body: bytes) -> bool:
    """Tell whether an object is a frame of a WebSocket of a venue by its keys, and of nothing over HTTP."""
    found = answering.without_additions(venue, body) or answering.possible(venue, body)
    return bool(found) and not any(_PATH in endpoint.name for endpoint in found)


def _is_frame(venue: Venue, body: bytes) -> bool:
    """Tell whether an object has the keys by which a frame of a WebSocket is paired with its request."""
    return venue.socket is not None and is_answer(members_in(body), venue.socket)


@cached(1_024)
def _answers_like_frames(venue: str, name: str | None) -> bool:
    """Tell whether an endpoint's answers over HTTP have the id of a request, as frames do."""
    known = venues.find(venue)
    endpoint = None if known is None else known.endpoints.get(name or "")
    if known is None or known.socket is None or endpoint is None:
        return False
    structs = map(class_of, members_of(endpoint.shape.kind))
    keys = {field.key for each in structs if issubclass(each, Struct) for field in fields_of(each)}
    return not keys.isdisjoint(known.socket.request_id)


def named_in(place: Place | None, asked: Printed, options: Options) -> Named:
    """What a request to a place asks for, as its venue understands it."""
    if place is None:
        return NOTHING
    venue, name = place
    address = locate(asked.method, asked.url, venue=venue.name, hosts=options.hosts)
    if address is None:
        return NOTHING
    body = parameters(asked.body, address=address).request if asked.body else None
    return named_by(venue.endpoints.get(name or ""), joined(address.request, body))


def names_orders(asked: Printed, body: str, options: Options) -> bool:
    """Tell whether a body has parameters by which requests to an endpoint name orders, and is no answer."""
    address = locate(asked.method, asked.url, venue=options.venue, hosts=options.hosts)
    venue = venues.find(address.venue) if address is not None and address.venue else None
    if venue is None or address is None:
        return False
    request = parameters(body, address=address).request
    endpoint = venue.endpoints.get(routing.asked(venue, address.endpoint, request) or "")
    data = body.encode("utf-8", "surrogateescape")
    if not request or endpoint is None or may_answer((venue, endpoint.name), data, is_near=False):
        return False
    rows = [request] if isinstance(request, Mapping) else request
    return any(key in endpoint.request.names for row in rows for key in row)
