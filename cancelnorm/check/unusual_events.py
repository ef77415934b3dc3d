"""Selection of the events that need inspection; nearly all events are plain cancels."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from cancelnorm.check.examples import examples_of
from cancelnorm.ids import is_masked
from cancelnorm.schema import CancelEvent, Evidence, OrderStatus, Outcome
from cancelnorm.verdict import Verdict

__all__ = ["PLAIN", "filled_in_part", "unusual_events"]

# Looking up an enum member costs time, and a record may have thousands of orders.
_CANCELED: Final = Outcome.CANCELED
_REPORTED: Final = Evidence.FINAL_REPORT
_STATUS: Final = OrderStatus.CANCELED


PLAIN: Final = Verdict(_CANCELED, _REPORTED, None, _STATUS)
"""The verdict of an event that is not unusual."""


def unusual_events(events: Sequence[CancelEvent]) -> list[CancelEvent]:
    """Events that are anything but a plain final report of an order, which may be partially filled.

    The rules for single orders find nothing in the other events. Each event is examined once for all rules.
    """
    examples = examples_of(events[0].venue)
    return [
        event
        for event in events
        if event.outcome is not _CANCELED
        or event.evidence is not _REPORTED
        or event.status is not _STATUS
        or event.reason is not None
        or ((event.filled_quantity or event.filled_quote) and not _is_filled_in_part(event))
        or not event.order_id
        or event.order_id in examples
        or is_masked(event.order_id)
    ]


def _is_filled_in_part(event: CancelEvent) -> bool:
    return filled_in_part(event.filled_quantity, event.quantity, event.filled_quote)


def filled_in_part(filled: Decimal | None, quantity: Decimal | None, quote: Decimal | None) -> bool:
    """Whether an order certainly filled in part, and nothing about it is contradictory."""
    return (
        filled is not None and quantity is not None and 0 < filled < quantity and (quote is None or quote > 0)
    )
