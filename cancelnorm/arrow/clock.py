"""The replay clock: when a program could know of an event, as far as the log tells."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.arrays import converted

__all__ = ["CLOCKS", "replay_clock"]

CLOCKS: Final = ("received_ns", "response_ns", "event_ns")
"""Columns that tell it, the best one first; the time of sending is none, because it would tell the future."""


def replay_clock(batch: pa.RecordBatch) -> pa.Array:
    """Time of each row in nanoseconds since the epoch; null if it has none."""
    return pc.coalesce(*(converted(batch.column(name), pa.int64()) for name in CLOCKS))
