"""Fills and names of orders that a stream shows in frames that are not about a cancel, and that stories need."""

from cancelnorm import venues
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, OrderStatus, Outcome
from cancelnorm.venue import Shown

__all__ = ["fills_of"]


def fills_of(record: Record) -> list[CancelEvent]:
    """An event for each order that a frame shows as filled, if in part, or by both its ids, for ``Gathering.show``.

    ``normalise`` raises NotACancel for such a frame. The event says nothing of a cancel: its outcome is ``unknown``.
    """
    found = venues.shown(record)
    if found is None:
        return []
    venue, orders = found
    return [
        CancelEvent(
            venue.name,
            None,
            order.endpoint,
            EventKind.ORDER,
            symbol=order.symbol,
            order_id=order.order_id,
            client_order_id=order.client_order_id,
            outcome=Outcome.UNKNOWN,
            evidence=Evidence.TERMINAL_STATUS if order.is_filled else Evidence.LISTED,
            status=_status(order),
            filled_quantity=order.filled_quantity,
            event_ns=order.event_ns,
            received_ns=record.received_ns,
            source=record.source,
            account=record.account,
        )
        for order in orders
        if order.is_filled or order.filled_quantity or order.client_order_id
    ]


def _status(order: Shown) -> OrderStatus:
    if order.is_filled:
        return OrderStatus.FILLED
    return OrderStatus.PARTIALLY_FILLED if order.filled_quantity else OrderStatus.NEW
