"""Selection of events by their order and their time.

An event is selected if its order id or client order id is one of ``orders``, and if its time (``time_ns``: the venue's,
or else the recorder's) is in the half-open interval from ``since_ns`` to ``until_ns``. What has no order, or no time,
is left out when orders, or times, are selected. A refused record or line stays unless its order or time is known
to be another one, because it may be about the order that is looked for.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note

__all__ = ["Selection", "Split"]


class Split(NamedTuple):
    """The selected events of a record and the others; None if there are none."""

    selected: Normalised | None
    rest: Normalised | None


class Selection(Struct, frozen=True):
    """Orders and times that are selected; empty or None: all."""

    orders: frozenset[str] = frozenset()
    since_ns: int | None = None
    until_ns: int | None = None

    @property
    def by_time(self) -> bool:
        """Whether times are selected."""
        return self.since_ns is not None or self.until_ns is not None

    def split(self, result: Normalised) -> Split:
        """Separate the selected events of a record, each with its notes."""
        selected = tuple(filter(self._has, result.events))
        if len(selected) == len(result.events):
            return Split(result, None)
        if not selected:
            return Split(None, result)
        rest = tuple(event for event in result.events if not self._has(event))
        notes = tuple(note for note in result.notes if not _is_within(note, rest))
        return Split(Normalised(selected, notes), replace(result, events=rest))

    def may_have(self, item: object, event: CancelEvent | None) -> bool:
        """Whether a refused item may be selected; ``event`` takes its place, if it was an answer."""
        orders = {event.order_id, event.client_order_id} - {None} if event is not None else set()
        if self.orders and orders and not self.orders & orders:
            return False
        times = (item.received_ns, item.sent_ns) if isinstance(item, Record) else ()
        known = next((ns for ns in times if ns is not None), None)
        return known is None or self._has_time(known)

    def _has(self, event: CancelEvent) -> bool:
        if self.orders and event.order_id not in self.orders and event.client_order_id not in self.orders:
            return False
        if not self.by_time:
            return True
        time_ns = event.time_ns
        return time_ns is not None and self._has_time(time_ns)

    def _has_time(self, ns: int) -> bool:
        return (self.since_ns is None or self.since_ns <= ns) and (
            self.until_ns is None or ns < self.until_ns
        )


def _is_within(note: Note, events: Iterable[CancelEvent]) -> bool:
    """Whether a note is about the part of the payload that one of the events comes from."""
    paths = (event.path for event in events)
    return any(
        path and path != "$" and f"{note.path}.".startswith((f"{path}.", f"{path}[")) for path in paths
    )
