"""The logs in ``samples/logs``, one or more of each format."""

from pathlib import Path
from typing import Final

__all__ = ["DAY", "LOG_FILES"]

_LOGS: Final = Path(__file__).parent.parent / "samples" / "logs"

DAY: Final = _LOGS / "day"
"""A whole day of two venues: too long for laws that read each log many times over."""

LOG_FILES: Final = sorted(path for path in _LOGS.rglob("*") if path.is_file() and DAY not in path.parents)
