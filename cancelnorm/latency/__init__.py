"""Latency of cancels: the clocks of requests and answers, and how far the venue's is from the recorder's."""

from cancelnorm.latency.distributions import Distribution, Latencies, Leg, Measurements
from cancelnorm.latency.offset import WINDOW_NS, Bounds, Offset, Offsets, offsets, resolution
from cancelnorm.latency.records import Push, RoundTrip, Unmeasured, measured, measured_records

__all__ = [
    "WINDOW_NS",
    "Bounds",
    "Distribution",
    "Latencies",
    "Leg",
    "Measurements",
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
