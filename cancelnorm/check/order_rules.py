"""Rules over one order by itself."""

from collections.abc import Callable
from typing import Final

from cancelnorm.check.examples import is_example
from cancelnorm.check.finding import Finding
from cancelnorm.check.order_finding import order_finding
from cancelnorm.reader.scalars import exact
from cancelnorm.schema import CancelEvent, OrderStatus, Outcome, Reason

__all__ = ["inspect_order"]

_ALIVE: Final = (OrderStatus.NEW, OrderStatus.PENDING_NEW, OrderStatus.UNTRIGGERED)
_SETTLED: Final = (None, Reason.ALREADY_CLOSED, Reason.NOT_FOUND_OR_CLOSED)


def inspect_order(event: CancelEvent, emit: Callable[[Finding], None]) -> None:
    """Hold what is said of one order against itself."""
    filled = event.filled_quantity
    if filled:
        quote = event.filled_quote
        if quote is not None and not quote:
            emit(
                order_finding(
                    "fill-without-quote", f"{exact(filled)} filled for nothing", event, exact(quote)
                )
            )
        if (quantity := event.quantity) is not None and filled > quantity:
            message = f"{exact(filled)} filled of an order of {exact(quantity)}"
            emit(order_finding("overfilled", message, event, exact(filled)))
    elif filled is not None and event.filled_quote:
        message = f"nothing filled, for {exact(event.filled_quote)} in quote"
        emit(order_finding("quote-without-fill", message, event, exact(event.filled_quote)))
    if filled is not None and (said := _against_status(event)):
        emit(order_finding("status-against-quantities", said, event, event.raw_status))
    if event.outcome is not Outcome.CANCELED:
        _inspect_failure(event, emit)
    if is_example(event):
        message = f"order {event.order_id} is an example in the venue's documentation"
        emit(order_finding("documentation-example", message, event))


def _against_status(event: CancelEvent) -> str | None:
    """Disagreement between the status and the filled quantity, in words."""
    filled, quantity, status = event.filled_quantity, event.quantity, event.status
    if filled is not None and filled < 0:
        return f"{exact(filled)} filled, which is less than nothing"
    if status in _ALIVE and filled:
        return f"{event.raw_status}, and {_of(event)} filled"
    if status is OrderStatus.PARTIALLY_FILLED and (not filled or filled == quantity):
        return f"{event.raw_status}, and {_of(event)} filled"
    if status is OrderStatus.FILLED and quantity is not None and filled is not None and filled < quantity:
        return f"{event.raw_status}, and {_of(event)} filled"
    is_gone = status is OrderStatus.CANCELED or event.outcome is Outcome.CANCELED
    if is_gone and filled and filled == quantity:
        return f"{event.raw_status or 'canceled'}, and all of {exact(filled)} filled"
    return None


def _of(event: CancelEvent) -> str:
    """Filled and whole quantity."""
    filled = "nothing" if not event.filled_quantity else exact(event.filled_quantity)
    return filled if event.quantity is None else f"{filled} of {exact(event.quantity)}"


def _inspect_failure(event: CancelEvent, emit: Callable[[Finding], None]) -> None:
    """An order that was not canceled."""
    said = " ".join(part for part in (event.code, event.message) if part)[:200]
    is_filled = event.status is OrderStatus.FILLED
    if event.outcome is Outcome.REJECTED and (event.reason is Reason.ALREADY_FILLED or is_filled):
        emit(order_finding("filled-before-cancel", said or "it had filled", event))
    is_query = event.endpoint.startswith("GET ")  # which cancels nothing, whatever becomes of it
    if event.outcome is Outcome.UNKNOWN and event.reason not in _SETTLED and not is_query:
        emit(order_finding("unknown-fate", said or f"because of {event.reason}".replace("_", " "), event))
