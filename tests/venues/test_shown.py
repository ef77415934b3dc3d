"""Orders that frames about something else show as filled, or as going on; which, ``declared/*/frames.txt`` says."""

import pytest

from cancelnorm import venues
from tests.venues.frames import FRAMES


@pytest.mark.parametrize("name", FRAMES)
def test_orders_that_a_frame_shows(name: str) -> None:
    """Each order has the name of the stream in which its cancel would come."""
    frame = FRAMES[name]
    venue = venues.every()[frame.venue]
    assert {order.endpoint for order in venue.shows(frame.json)} <= venue.endpoints.keys()
