"""A recorded day of two venues with a known truth: ``samples/logs/day``, which ``python -m tests.day`` writes.

Nothing here reads what it writes. Orders, engines, networks and recorders are simulated, and each course of events
says by itself what became of its order and how much of that the log shows.
"""

from typing import Final

import msgspec

from tests.day.market import Truth
from tests.sample_logs import DAY

__all__ = ["FOLDER", "LOGS", "Truth", "truth"]

FOLDER: Final = DAY

LOGS: Final = sorted(FOLDER.glob("*/*"))
"""The logs of the day: a folder for each venue."""


def truth() -> list[Truth]:
    """The table of the truth, one line an order."""
    lines = (FOLDER / "truth.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Truth) for line in lines]
