"""Orders that frames about something else show as filled, or as going on; which, ``declared/*/shown.txt`` says."""

import msgspec
import pytest

from cancelnorm import venues
from tests.venues.test_stories import SKIPPED, frame


@pytest.mark.parametrize("name", SKIPPED)
def test_orders_that_a_frame_shows(name: str) -> None:
    """Each order has the name of the stream in which its cancel would come."""
    sample = frame(SKIPPED[name])
    payload = bytes(sample.payload)
    venue = venues.every()[sample.venue]
    text = msgspec.json.decode(payload).encode() if payload.startswith(b'"') else payload
    shown = venue.shows(venue.as_json(text))
    assert {order.endpoint for order in shown} <= venue.endpoints.keys()
