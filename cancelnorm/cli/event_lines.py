"""Events as JSON lines."""

from collections.abc import Callable

from cancelnorm.check import Refused, Skipped
from cancelnorm.logs import Unreadable
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["EventLines"]


class EventLines:
    """Gathers the events of a batch as lines; with ``unreadable``, also one in the place of each refused answer."""

    def __init__(self, encode: Callable[[CancelEvent], bytes], *, unreadable: bool = False) -> None:
        self._encode = encode
        self._unreadable = unreadable
        self._lines: list[bytes] = []

    def add(
        self, _item: Record | Unreadable, part: Normalised | Refused, _whole: Normalised | Skipped | Refused
    ) -> None:
        """Encode the events of a record."""
        if isinstance(part, Normalised):
            self._lines.extend(b"%b\n" % self._encode(event) for event in part.events)
        elif self._unreadable and part.event:
            self._lines.append(b"%b\n" % self._encode(part.event))

    def pass_over(self, record: Record) -> None:
        """Such a frame has no events."""

    def taken(self) -> list[bytes]:
        """Give the lines."""
        return self._lines
