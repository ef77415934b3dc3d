"""Latency of cancels: the clocks of requests and answers, and how far the venue's is from the recorder's."""

from cancelnorm.latency.offset import Bounds, Offset, Offsets, offsets, resolution
from cancelnorm.latency.records import Push, RoundTrip, Unmeasured, measured, measured_records

__all__ = [
    "Bounds",
    "Offset",
    "Offsets",
    "Push",
    "RoundTrip",
    "Unmeasured",
    "measured",
    "measured_records",
    "offsets",
    "resolution",
]
