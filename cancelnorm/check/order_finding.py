"""Findings on one order, located by its event."""

from typing import Any

from cancelnorm.check.catalogue import BY_NAME
from cancelnorm.check.finding import Finding
from cancelnorm.schema import CancelEvent

__all__ = ["order_finding"]


def order_finding(name: str, message: str, event: CancelEvent, value: Any = None) -> Finding:
    """Build a finding of the named rule at the order's object in the payload."""
    return Finding(
        BY_NAME[name],
        message,
        event.source,
        event.path or "$",
        venue=event.venue,
        endpoint=event.endpoint,
        symbol=event.symbol,
        order_id=event.order_id,
        value=value,
    )
