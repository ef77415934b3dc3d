"""Orders that frames about something else show as filled, or as going on; which, ``declared/*/frames.txt`` says."""

from cancelnorm import venues
from tests.batches import in_batches, venue_of
from tests.venues.frames import FRAMES, Frame


@in_batches(FRAMES, venue_of)
def test_orders_that_a_frame_shows(frame: Frame) -> None:
    """Each order has the name of the stream in which its cancel would come."""
    venue = venues.every()[frame.venue]
    assert {order.endpoint for order in venue.shows(frame.json)} <= venue.endpoints.keys()
