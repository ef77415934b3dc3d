"""One call from a log to its events, for programs that run on whatever the log holds."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from cancelnorm.answer import require_drift
from cancelnorm.assumptions import Assumptions
from cancelnorm.check import Refused, Skipped, judge
from cancelnorm.logs import Unreadable, read
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Note

__all__ = ["Events", "events"]


class Events(Iterator[CancelEvent | Refused]):
    """The events of a log, one after the other, and beside each what else there is to know.

    ``record`` is what the last one came from, ``notes`` are that record's; ``skipped`` counts the frames that
    are not about a cancel, by name.
    """

    def __init__(
        self, records: Iterable[Record | Unreadable], drift: Literal["collect", "refuse"] = "collect"
    ) -> None:
        require_drift(drift)
        self.record: Record | Unreadable | None = None
        self.notes: tuple[Note, ...] = ()
        self.skipped: Counter[str] = Counter()
        self._found = self._each(records, drift)

    def __next__(self) -> CancelEvent | Refused:
        return next(self._found)

    def _each(
        self, records: Iterable[Record | Unreadable], drift: Literal["collect", "refuse"]
    ) -> Iterator[CancelEvent | Refused]:
        assumptions = Assumptions()
        for item in records:
            if not isinstance(item, Record | Unreadable):
                raise TypeError(f"expected a Record, found {type(item).__name__}")
            result = judge(item, drift, assumptions)
            if isinstance(result, Skipped):
                self.skipped[result.frame] += 1
                continue
            self.record = item
            if isinstance(result, Refused):
                self.notes = ()
                yield result
            else:
                self.notes = result.notes
                yield from result.events


def events(
    log: str | os.PathLike[str] | Iterable[Record | Unreadable],
    *,
    venue: str | None = None,
    endpoint: str | None = None,
    drift: Literal["collect", "refuse"] = "collect",
) -> Events:
    """Iterate over the events of a log: a file, a folder, ``-``, a URL, or records from anywhere.

    What is no record, cannot be read or comes from an endpoint that is not known is a ``Refused`` in its place:
    no record raises. A refused answer has an event all the same, ``unknown`` for the reason ``unreadable``.
    ``venue`` and ``endpoint`` are those of lines that name none; ``cancelnorm.logs.read`` takes more about a log
    of your own, and what it yields may be given instead of a path. ``drift`` is that of ``normalise``.

    Raises TypeError for an item that is no record, and what ``cancelnorm.logs.read`` raises: OSError if a file
    cannot be read, MissingLibraryError, UnknownFormatError.
    """
    if isinstance(log, str | os.PathLike):
        return Events(read(log, venue=venue, endpoint=endpoint), drift)
    return Events(log, drift)
