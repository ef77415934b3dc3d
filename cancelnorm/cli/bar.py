"""A progress bar on standard error."""

import sys
from time import monotonic
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

__all__ = ["Bar"]

_SECONDS_BETWEEN_FRAMES: Final = 0.1


class Bar:
    """A progress bar of one line that is drawn only by ``advance``, so it never interrupts other output."""

    def __init__(self, description: str, total: int | None) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        console = Console(file=sys.stderr)
        self._progress = Progress(*columns, console=console, transient=True, auto_refresh=False)
        self._task = self._progress.add_task(description, total=total)
        self._is_drawn = False
        self._drawn_at = -_SECONDS_BETWEEN_FRAMES

    def advance(self, read_bytes: int) -> None:
        """Count bytes, and draw the bar unless it was drawn a moment ago."""
        self._progress.advance(self._task, read_bytes)
        now = monotonic()
        if now - self._drawn_at < _SECONDS_BETWEEN_FRAMES:
            return
        self._drawn_at = now
        if not self._is_drawn:
            self._progress.start()
            self._is_drawn = True
        self._progress.refresh()

    def clear(self) -> None:
        """Remove the bar from the screen until it is drawn again."""
        if self._is_drawn:
            self._progress.stop()
            self._is_drawn = False
