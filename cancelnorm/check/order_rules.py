"""Rules for a single order."""

from collections.abc import Callable
from typing import Final

from cancelnorm.check.examples import is_example
from cancelnorm.check.finding import Finding
from cancelnorm.check.order_finding import order_finding
from cancelnorm.ids import is_masked
from cancelnorm.reader.scalars import exact
from cancelnorm.schema import CancelEvent, OrderStatus, Outcome, Reason
from cancelnorm.story import is_query

__all__ = ["ANSWER_RULES", "answer_of", "inspect_order", "is_told_filled"]

ANSWER_RULES: Final = ("filled-before-cancel", "unknown-fate")
"""Rules whose findings say what the venue answered."""

_ALIVE: Final = (OrderStatus.NEW, OrderStatus.PENDING_NEW, OrderStatus.UNTRIGGERED)
_SETTLED: Final = (None, Reason.ALREADY_CLOSED, Reason.NOT_FOUND_OR_CLOSED, Reason.UNREADABLE)


def inspect_order(event: CancelEvent, emit: Callable[[Finding], None]) -> None:
    """Check one order for contradictions, failures and documentation examples."""
    filled = event.filled_quantity
    if filled:
        quote = event.filled_quote
        if quote is not None and not quote:
            emit(
                order_finding(
                    "fill-without-quote",
                    f"{exact(filled)} filled, but the quote amount is zero",
                    event,
                    exact(quote),
                )
            )
        if (quantity := event.quantity) is not None and filled > quantity:
            message = f"filled quantity {exact(filled)} exceeds order quantity {exact(quantity)}"
            emit(order_finding("overfilled", message, event, exact(filled)))
    elif filled is not None and event.filled_quote:
        message = f"filled quantity is zero, but the quote amount is {exact(event.filled_quote)}"
        emit(order_finding("quote-without-fill", message, event, exact(event.filled_quote)))
    if filled is not None and (conflict := _status_conflict(event)):
        emit(order_finding("status-against-quantities", conflict, event, event.raw_status))
    if event.outcome is not Outcome.CANCELED:
        _inspect_failure(event, emit)
    masked = [
        each for each in (event.order_id, event.client_order_id) if each is not None and is_masked(each)
    ]
    if event.order_id in masked or (masked and event.order_id is None):
        emit(order_finding("masked-id", f"the id {masked[0]} was masked, so it names no order", event))
    if is_example(event):
        message = f"order {event.order_id} is an example in the venue's documentation"
        emit(order_finding("documentation-example", message, event))


def _status_conflict(event: CancelEvent) -> str | None:
    """Message about a status that contradicts the filled quantity; None if it does not."""
    filled, quantity, status = event.filled_quantity, event.quantity, event.status
    if filled is not None and filled < 0:
        return f"filled quantity {exact(filled)} is negative"
    if status in _ALIVE and filled:
        return f"status is {event.raw_status}, but {_filled(event)} filled"
    if status is OrderStatus.PARTIALLY_FILLED and (not filled or filled == quantity):
        return f"status is {event.raw_status}, but {_filled(event)} filled"
    if status is OrderStatus.FILLED and quantity is not None and filled is not None and filled < quantity:
        return f"status is {event.raw_status}, but {_filled(event)} filled"
    is_gone = status is OrderStatus.CANCELED or event.outcome is Outcome.CANCELED
    if is_gone and filled and filled == quantity:
        return f"status is {event.raw_status or 'canceled'}, but all of {exact(filled)} filled"
    return None


def _filled(event: CancelEvent) -> str:
    """Filled quantity, and the order's quantity if known."""
    filled = "none" if not event.filled_quantity else exact(event.filled_quantity)
    return filled if event.quantity is None else f"{filled} of {exact(event.quantity)}"


def _inspect_failure(event: CancelEvent, emit: Callable[[Finding], None]) -> None:
    """Check an order that was not canceled."""
    if is_told_filled(event):
        emit(order_finding("filled-before-cancel", answer_of(event) or "the order had already filled", event))
    is_unknown = event.outcome is Outcome.UNKNOWN and event.reason not in _SETTLED
    if is_unknown and not is_query(event):
        message = answer_of(event) or f"reason: {event.reason}".replace("_", " ")
        emit(order_finding("unknown-fate", message, event))


def answer_of(event: CancelEvent) -> str:
    """The venue's answer: its code and its message."""
    return " ".join([text for text in (event.code, event.message) if text])[:200]


def is_told_filled(event: CancelEvent) -> bool:
    """Whether a cancel was rejected because its order had filled."""
    is_filled = event.reason is Reason.ALREADY_FILLED or event.status is OrderStatus.FILLED
    return is_filled and event.outcome is Outcome.REJECTED
