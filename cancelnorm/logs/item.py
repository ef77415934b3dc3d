"""Items: what is read of a log, which are records, and parts that are none with their fault."""

from typing import Final

from msgspec import Struct

from cancelnorm.caching import LONGEST_KEPT
from cancelnorm.record import Record

__all__ = ["Item", "Refusals", "Unreadable"]

_MOST_KEPT: Final = 1_024


class Unreadable(Struct, frozen=True, gc=False):
    """A part of a log that is not a record.

    ``source`` is ``file:line``, or ``file:line#n`` for the n-th record of a line. ``path`` is the key of the
    record with the fault, or ``line`` or ``file`` if the whole is at fault. ``reason`` never quotes a value,
    which might be a secret.
    """

    source: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.path}: {self.reason}"


class Item(Struct, frozen=True, gc=False):
    """A result with the line it was read from, without the line break; None if it was not a single line.

    One fault of all lines of a log has all of them.
    """

    found: Record | Unreadable
    raw: bytes | None = None


class Refusals:
    """The last lines that were refused for what they are: the same line again has the same fault, in its own place."""

    def __init__(self) -> None:
        self._faults: dict[bytes, Unreadable] = {}

    def again(self, line: bytes, source: str) -> Unreadable | None:
        """The fault of a line that was refused before; None for any other."""
        fault = self._faults.get(line) if len(line) <= LONGEST_KEPT else None
        return None if fault is None else Unreadable(source, fault.path, fault.reason)

    def keep(self, line: bytes, fault: Unreadable) -> Unreadable:
        """Keep the fault of a line, and return it."""
        if len(line) <= LONGEST_KEPT:
            if len(self._faults) >= _MOST_KEPT:
                self._faults.clear()
            self._faults[line] = fault
        return fault
