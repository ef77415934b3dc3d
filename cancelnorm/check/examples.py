"""Orders that appear as examples in the venues' documentation."""

from collections.abc import Mapping

from cancelnorm import venues
from cancelnorm.schema import CancelEvent

__all__ = ["examples_of", "is_example"]


def examples_of(venue: str) -> Mapping[str, frozenset[str]]:
    """Order ids in a venue's examples, each with its documented client ids, if any."""
    found = venues.find(venue)
    return {} if found is None else found.examples


def is_example(event: CancelEvent) -> bool:
    """Whether an event is about an example order."""
    clients = examples_of(event.venue).get(event.order_id or "")
    return clients is not None and (not clients or event.client_order_id in clients)
