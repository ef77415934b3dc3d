"""Events of all venues' samples, and strategies for collections of them in which orders meet."""

from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, CancelNormError, Initiator, normalise
from tests.samples import SAMPLES, Sample

__all__ = ["EVENTS", "collections", "events"]


def _of(sample: Sample, source: str) -> tuple[CancelEvent, ...]:
    try:
        return normalise(sample.record(source)).events
    except CancelNormError:
        return ()


EVENTS = [
    event for line, sample in enumerate(SAMPLES.values(), 1) for event in _of(sample, f"samples.jsonl:{line}")
]
"""Every event of every sample."""

TIMES = st.none() | st.integers(0, 6)
QUANTITIES = st.none() | st.sampled_from([Decimal(text) for text in ("0", "0.0", "1", "1.0", "1.00", "2")])


@st.composite
def events(draw: st.DrawFn) -> CancelEvent:
    """An event of a sample, as it is or with ids, times and amounts by which it meets others."""
    event = draw(st.sampled_from(EVENTS))
    if draw(st.booleans()):
        return event
    return replace(
        event,
        order_id=draw(st.sampled_from([None, "1", "2", "***"])),
        client_order_id=draw(st.sampled_from([None, "a", "A", "b", "xxxx"])),
        cancel_client_order_id=draw(st.sampled_from([None, "x", "y"])),
        request_id=draw(st.sampled_from([None, "1"])),
        account=draw(st.sampled_from([None, "maker"])),
        symbol=draw(st.sampled_from([None, "BTCUSDT", "ETHUSDT"])),
        replaced_by=draw(st.sampled_from([None, "2", "3"])),
        source=draw(st.sampled_from([None, "a:9", "a:10", "b:1"])),
        initiator=draw(st.none() | st.sampled_from(Initiator)),
        event_ns=draw(TIMES),
        sent_ns=draw(TIMES),
        received_ns=draw(TIMES),
        created_ns=draw(TIMES),
        quantity=draw(QUANTITIES),
        filled_quantity=draw(QUANTITIES),
        remaining_quantity=draw(QUANTITIES),
    )


def collections(max_size: int = 30) -> st.SearchStrategy[list[CancelEvent]]:
    """Events in any number and order."""
    return st.lists(events(), max_size=max_size)
