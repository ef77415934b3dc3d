"""What Bybit says of orders that were canceled."""

import re

from msgspec.structs import replace

from cancelnorm import NotACancel, normalise
from tests.samples import SAMPLES


def test_words_that_say_nothing_name_nobody() -> None:
    """Where neither the kind of the cancel nor the reason of a rejection is said, nobody is told to have canceled."""
    read = 0
    for name, sample in SAMPLES.items():
        record = sample.record()
        payload = record.payload.encode() if isinstance(record.payload, str) else record.payload
        if sample.venue != "bybit" or re.search(rb'"(?:rejectReason|cancelType)"', payload) is None:
            continue
        payload = re.sub(rb'("rejectReason":\s*)"[^"]*"', rb'\1"EC_NoError"', payload)
        payload = re.sub(rb'("cancelType":\s*)"[^"]*"', rb'\1"UNKNOWN"', payload)
        try:
            events = normalise(replace(record, payload=payload)).events
        except NotACancel:
            continue
        read += 1
        assert {event.raw_initiator for event in events} == {None}, name
    assert read > 30
