"""Stories of a batch, gathered beside what else is wanted of its events."""

from collections.abc import Callable
from typing import Any

from cancelnorm.check import Collector, Refused, Skipped
from cancelnorm.logs import Unreadable
from cancelnorm.record import Record
from cancelnorm.schema import Normalised
from cancelnorm.story import Gathering, fills_beside, fills_of

__all__ = ["StoriesBeside"]


class StoriesBeside:
    """Folds the events of a batch into stories, the first that is taken; what another collector gathers follows."""

    def __init__(self, other: Callable[[], Collector] | None) -> None:
        self._gathering = Gathering()
        self._other = None if other is None else other()

    def add(
        self, item: Record | Unreadable, part: Normalised | Refused, whole: Normalised | Skipped | Refused
    ) -> None:
        """Take the selected events of a record; a refused answer is an attempt that says nothing."""
        if isinstance(part, Normalised):
            for event in part.events:
                self._gathering.add(event)
            for fill in fills_beside(part.events, item):
                self._gathering.show(fill)
        elif part.event is not None:
            self._gathering.add(part.event)
        if self._other is not None:
            self._other.add(item, part, whole)

    def pass_over(self, record: Record) -> None:
        """Take the fills that a frame shows which is not about a cancel."""
        for fill in fills_of(record):
            self._gathering.show(fill)
        if self._other is not None:
            self._other.pass_over(record)

    def taken(self) -> list[Any]:
        """The stories, and then all that the other gathered."""
        return [self._gathering.stories(), *(() if self._other is None else self._other.taken())]
