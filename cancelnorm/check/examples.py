"""Orders that appear as examples in the venues' documentation."""

from collections.abc import Mapping

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.schema import CancelEvent

__all__ = ["example_numbers", "examples_of", "is_example"]


def examples_of(venue: str) -> Mapping[str, frozenset[str]]:
    """Order ids in a venue's examples, each with its documented client ids, if any."""
    found = venues.find(venue)
    return {} if found is None else found.examples


@cached(64)
def example_numbers(venue: str) -> frozenset[int]:
    """The same order ids as far as they are numbers."""
    return frozenset(int(order_id) for order_id in examples_of(venue) if order_id.isdecimal())


def is_example(event: CancelEvent) -> bool:
    """Whether an event is about an example order."""
    clients = examples_of(event.venue).get(event.order_id or "")
    return clients is not None and (not clients or event.client_order_id in clients)
