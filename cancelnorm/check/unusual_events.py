"""Selection of the events that need inspection; nearly all events are plain cancels."""

from collections.abc import Sequence
from typing import Final

from cancelnorm.check.examples import examples_of
from cancelnorm.schema import CancelEvent, Evidence, OrderStatus, Outcome

__all__ = ["unusual_events"]

# Looking up an enum member costs time, and a record may have thousands of orders.
_CANCELED: Final = Outcome.CANCELED
_REPORTED: Final = Evidence.FINAL_REPORT
_STATUS: Final = OrderStatus.CANCELED


def unusual_events(events: Sequence[CancelEvent]) -> list[CancelEvent]:
    """Events that are anything but a plain final report with the time of the first event.

    The rules for single orders find nothing in the other events. Each event is examined once for all rules.
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
