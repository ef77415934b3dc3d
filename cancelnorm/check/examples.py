"""The orders that the venues' documentation shows in its examples."""

from collections.abc import Mapping

from cancelnorm import venues
from cancelnorm.schema import CancelEvent

__all__ = ["examples_of", "is_example"]


def examples_of(venue: str) -> Mapping[str, frozenset[str]]:
    """Order ids of a venue's examples, each with the client ids that it is shown with, or with none."""
    found = venues.find(venue)
    return {} if found is None else found.examples


def is_example(event: CancelEvent) -> bool:
    """Whether an event is about an order of the documentation."""
    clients = examples_of(event.venue).get(event.order_id or "")
    return clients is not None and (not clients or event.client_order_id in clients)
