"""Which orders of a record have to be looked at closely: nearly all are plainly canceled and nothing else."""

from collections.abc import Sequence
from typing import Final

from cancelnorm.check.examples import EXAMPLES
from cancelnorm.schema import CancelEvent, Evidence, OrderStatus, Outcome

__all__ = ["unusual_events"]

# Members of an enum are found by a lookup in their class, and a record may have thousands of orders.
_CANCELED: Final = Outcome.CANCELED
_REPORTED: Final = Evidence.FINAL_REPORT
_STATUS: Final = OrderStatus.CANCELED
_NO_EXAMPLES: Final[dict[str, frozenset[str]]] = {}


def unusual_events(events: Sequence[CancelEvent]) -> list[CancelEvent]:
    """Give the events that are more, or less, than the final report of a cancel, or of another time.

    Of the others nothing is found in a record by itself, and all have the time of the first event. This is
    one look at each for all who need to know.
    """
    first = events[0]
    examples, event_ns = EXAMPLES.get(first.venue, _NO_EXAMPLES), first.event_ns
    return [
        event
        for event in events
        if event.outcome is not _CANCELED
        or event.evidence is not _REPORTED
        or event.status is not _STATUS
        or event.reason is not None
        or event.filled_quantity
        or event.filled_quote
        or event.list_id
        or not event.order_id
        or event.event_ns is not event_ns  # mostly one object: if it is not, that costs a closer look
        or event.order_id in examples
    ]
