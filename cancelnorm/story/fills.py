"""Fills and names of orders that frames and answers to queries show where they are not about a cancel, for stories."""

from collections.abc import Sequence

from cancelnorm.answer import orders_shown
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, OrderStatus, Outcome, Reason
from cancelnorm.story.fold import is_attempt
from cancelnorm.venue import Shown

__all__ = ["fills_beside", "fills_of"]


def fills_of(record: Record) -> list[CancelEvent]:
    """An event for each order that a record shows as filled, if in part, as triggered, or by both its ids.

    They are for ``Gathering.show``.

    ``normalise`` raises NotACancel for such a record, unless it tells of a cancel beside it. The event says nothing of
    a cancel: its outcome is ``unknown``.
    """
    found = orders_shown(record)
    if found is None:
        return []
    venue, orders = found
    return [
        CancelEvent(
            venue.name,
            None,
            order.endpoint,
            EventKind.ORDER,
            symbol=order.symbol or None,
            order_id=order.order_id,
            client_order_id=order.client_order_id or None,
            outcome=Outcome.UNKNOWN,
            evidence=Evidence.TERMINAL_STATUS if order.is_filled or order.is_closed else Evidence.LISTED,
            reason=Reason.ALREADY_CLOSED if order.is_closed else None,
            status=_status(order),
            filled_quantity=order.filled_quantity,
            event_ns=order.event_ns,
            received_ns=record.received_ns,
            source=record.source,
            account=record.account,
        )
        for order in orders
        if order.is_filled or order.is_closed or order.filled_quantity or order.is_named
    ]


def fills_beside(events: Sequence[CancelEvent], item: object) -> list[CancelEvent]:
    """The same of orders that a record shows beside those that were canceled, which have ``events``."""
    if not (isinstance(item, Record) and events) or is_attempt(events[0]):
        return []
    told = {event.order_id for event in events}
    return [fill for fill in fills_of(item) if fill.order_id not in told]


def _status(order: Shown) -> OrderStatus | None:
    if order.is_closed:
        return None
    if order.is_filled:
        return OrderStatus.FILLED
    return OrderStatus.PARTIALLY_FILLED if order.filled_quantity else OrderStatus.NEW
