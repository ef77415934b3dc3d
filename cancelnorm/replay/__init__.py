"""Events of several logs in the order of one clock, for engines that replay a market.

``merge`` gives what each source says in time order; ``between`` cuts a window out of it, ``pace`` gives each event
when it is due, and ``gaps`` tells where the recorder may have been silent. The same sources give the same
sequence. ``lifecycles`` gives the steps that each order takes in an engine, with at most one end. Nothing here opens a
file: a source is an iterable of events, as ``cancelnorm.events`` and ``cancelnorm.arrow.from_batches`` give them.
"""

from cancelnorm.replay.gaps import Gap, gaps
from cancelnorm.replay.lifecycle import Entry, Lifecycle, Lifecycles, Omission, Step, lifecycles
from cancelnorm.replay.merge import Clock, Due, LateEventError, Merged, UntimedEventError, merge
from cancelnorm.replay.pace import MONOTONIC, PacingClock, between, pace

__all__ = [
    "MONOTONIC",
    "Clock",
    "Due",
    "Entry",
    "Gap",
    "LateEventError",
    "Lifecycle",
    "Lifecycles",
    "Merged",
    "Omission",
    "PacingClock",
    "Step",
    "UntimedEventError",
    "between",
    "gaps",
    "lifecycles",
    "merge",
    "pace",
]
