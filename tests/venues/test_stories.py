"""One cancel is one story, whichever way it was told; and what is no cancel is passed over."""

from itertools import groupby

import msgspec
import pytest

from cancelnorm import NotACancel, Record, identify, normalise, order_key, parse, venues
from tests.batches import in_batches, venue_of
from tests.samples import SAMPLES, Sample
from tests.venues.frames import FRAMES, Frame

TRIOS = {
    name: [sample for _, sample in found]
    for name, found in groupby(
        ((name.partition("-trio")[0], sample) for name, sample in SAMPLES.items() if "-trio" in name),
        key=lambda item: item[0],
    )
}
AGREED = ("order_id", "client_order_id", "cancel_client_order_id", "symbol", "event_ns", "outcome")


@pytest.mark.parametrize("samples", TRIOS.values(), ids=TRIOS)
def test_one_cancel_one_story(samples: list[Sample]) -> None:
    """The answers over REST and WebSocket and the pushed event agree on the order, its time, its fate."""
    assert len(samples) > 1
    told = [
        [getattr(event, name) for name in AGREED] for s in samples for event in normalise(s.record()).events
    ]
    assert all(one == told[0] for one in told)
    keys = {order_key(event) for s in samples for event in normalise(s.record()).events}
    assert len(keys) == 1


def test_there_are_stories() -> None:
    """There is something to agree on."""
    assert any(len(samples) == 3 for samples in TRIOS.values())


@in_batches(FRAMES, venue_of)
def test_frames_about_something_else(frame: Frame) -> None:
    """A frame that is not about a cancel is told apart, with and without endpoint."""
    for endpoint in {frame.endpoint, None}:
        record = Record(frame.body, frame.venue, endpoint, source="day:1")
        with pytest.raises(NotACancel, match=r"^day:1: not about a cancel: "):
            normalise(record)
        with pytest.raises(NotACancel):
            parse(record)
    assert identify(frame.body, venue=frame.venue) == []


def test_there_are_frames_about_something_else() -> None:
    """Every venue that tells such frames apart has some."""
    pushing = {venue.name for venue in venues.every().values() if venue.skip is not None}
    assert pushing <= {frame.venue for frame in FRAMES.values()}


def test_quoted_numbers_are_a_dialect() -> None:
    """Integers in quotes are read where the record says so, and refused otherwise."""
    sample = SAMPLES["binance/delete-order"]
    plain = sample.record()
    value = msgspec.json.decode(plain.payload)
    quoted = {k: str(v) if isinstance(v, int) else v for k, v in value.items()}
    record = msgspec.structs.replace(plain, payload=msgspec.json.encode(quoted))
    with pytest.raises(Exception, match="expected an integer, found '4'"):
        normalise(record)
    assert normalise(msgspec.structs.replace(record, dialect="quoted-numbers")) == normalise(plain)
