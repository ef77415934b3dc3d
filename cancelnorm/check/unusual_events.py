"""Choosing the events of a record that need a closer look: nearly all are plain cancels and nothing else."""

from collections.abc import Sequence
from typing import Final

from cancelnorm.check.examples import examples_of
from cancelnorm.schema import CancelEvent, Evidence, OrderStatus, Outcome

__all__ = ["unusual_events"]

# Members of an enum are found by a lookup in their class, and a record may have thousands of orders.
_CANCELED: Final = Outcome.CANCELED
_REPORTED: Final = Evidence.FINAL_REPORT
_STATUS: Final = OrderStatus.CANCELED


def unusual_events(events: Sequence[CancelEvent]) -> list[CancelEvent]:
    """Give the events that are more, or less, than the final report of a cancel, or of another time.

    Rules for one order find nothing in the others, which all have the time of the first event. Each event is
    looked at once, for all rules.
    """
    first = events[0]
    examples, event_ns = examples_of(first.venue), first.event_ns
    return [
        event
        for event in events
        if event.outcome is not _CANCELED
        or event.evidence is not _REPORTED
        or event.status is not _STATUS
        or event.reason is not None
        or event.filled_quantity
        or event.filled_quote
        or not event.order_id
        or event.event_ns != event_ns
        or event.order_id in examples
    ]
