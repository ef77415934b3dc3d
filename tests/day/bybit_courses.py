"""Courses of orders on Bybit linear: what happens to each, and what the log shows of it.

An answer only accepts a cancel, the stream tells the end, and a query looks it up.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.day.bybit import BEHIND, Exchange
from tests.day.market import MS, SECOND, Order, venue_time

__all__ = ["COURSES", "asked"]


def part(order: Order) -> str:
    """A part of an order's quantity."""
    return str(int(order.quantity) // 4)


# --- What happens to orders ---


def _end(exchange: Exchange, order: Order, filled: str = "0") -> dict[str, Any]:
    """A cancel that is accepted, takes effect and is pushed; what the log shows of it."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received)
    pushed = exchange.push(order, "Cancelled", at, filled)
    assert pushed is not None
    return {
        "happened": "canceled",
        "fate": "canceled",
        "evidence": "final_report",
        "attempts": 1,
        "asked_ns": sent,
        "done_ns": venue_time(at, BEHIND),
        "known_ns": pushed,
        "filled_quantity": filled,
        "quantity": order.quantity,
        "initiator": "user",
    }


def canceled(exchange: Exchange, order: Order) -> None:
    """Accepted, and canceled."""
    exchange.tell(order, "canceled", **_end(exchange, order))


def partly_filled(exchange: Exchange, order: Order) -> None:
    """A part fills before the cancel."""
    exchange.tell(order, "canceled after a partial fill", **_end(exchange, order, part(order)))


def asked(exchange: Exchange, order: Order) -> None:
    """Accepted; the recorder of the stream is dead."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received)
    assert exchange.push(order, "Cancelled", at, "0") is None
    exchange.tell(
        order,
        "accepted, after the stream's recorder died",
        happened="canceled",
        fate="asked",
        evidence="acknowledged",
        attempts=1,
        asked_ns=sent,
        known_ns=received,
    )


def asked_and_looked_up(exchange: Exchange, order: Order) -> None:
    """Accepted; no report comes, and a query shows the end."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received)
    known = exchange.query(order, received + 10 * SECOND, "Cancelled", at, "0")
    exchange.tell(
        order,
        "canceled, and looked up",
        happened="canceled",
        fate="canceled",
        evidence="terminal_status",
        attempts=1,
        asked_ns=sent,
        done_ns=venue_time(at, BEHIND),
        known_ns=known,
        filled_quantity="0",
        quantity=order.quantity,
        initiator="user",
    )


def outrun(exchange: Exchange, order: Order) -> None:
    """Accepted, but it fills first; the stream says so."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received)
    reason = "EC_OrigClOrdIDDoesNotExist"
    pushed = exchange.push(order, "Filled", at, order.quantity, rejectReason=reason)
    exchange.tell(
        order,
        "filled before the cancel",
        happened="filled",
        fate="filled",
        evidence="final_report",
        attempts=1,
        asked_ns=sent,
        done_ns=venue_time(at, BEHIND),
        known_ns=pushed,
        filled_quantity=order.quantity,
        quantity=order.quantity,
    )


def too_late(exchange: Exchange, order: Order) -> None:
    """Filled; the refusal says only that the order is gone."""
    sent, _, received = exchange.trip(order)
    exchange.answer(order, sent, received, 110001, "order not exists or too late to cancel")
    exchange.tell(
        order,
        "too late",
        client_order_ids=(),
        happened="filled",
        fate="closed",
        evidence="success_flag",
        attempts=1,
        asked_ns=sent,
        known_ns=received,
        reasons=("not_found_or_closed",),
    )


def timed_out(exchange: Exchange, order: Order) -> None:
    """Canceled, of which the log has nothing but a timeout."""
    sent, at, _ = exchange.trip(order)
    exchange.answer(order, sent, at + 10 * SECOND, 10000, "Server Timeout")
    exchange.tell(
        order,
        "canceled, of which the log has nothing",
        client_order_ids=(),
        happened="canceled",
        fate="unknown",
        evidence="none",
        attempts=1,
        asked_ns=sent,
        reasons=("timeout",),
    )


def tried_again(exchange: Exchange, order: Order) -> None:
    """Too many requests first, then canceled."""
    sent = order.created + 100 * MS
    exchange.answer(order, sent, sent + 14 * MS, 10006, "Too many visits!")
    facts = _end(exchange, order)
    facts |= {"attempts": 2, "asked_ns": sent, "reasons": ("rate_limited",)}
    exchange.tell(order, "canceled at the second attempt", **facts)


def twice(exchange: Exchange, order: Order) -> None:
    """Canceled, and canceled again."""
    facts = _end(exchange, order)
    sent = order.created + 22 * SECOND
    exchange.answer(order, sent, sent + 15 * MS, 110010, "The order has been cancelled")
    facts |= {"attempts": 2, "reasons": ("already_canceled",)}
    exchange.tell(order, "canceled twice", **facts)


def _pushed(exchange: Exchange, order: Order, course: str, initiator: str, **words: Any) -> None:
    """Taken off the book unasked."""
    at = order.created + exchange.day.delay(2, 900)
    pushed = exchange.push(order, "Cancelled", at, "0", **words)
    exchange.tell(
        order,
        course,
        happened="canceled",
        fate="canceled",
        evidence="final_report",
        attempts=0,
        done_ns=venue_time(at, BEHIND),
        known_ns=pushed,
        filled_quantity="0",
        quantity=order.quantity,
        initiator=initiator,
    )


def post_only(exchange: Exchange, order: Order) -> None:
    """It would have traded at once, which its owner did not want."""
    words = {"cancelType": "UNKNOWN", "rejectReason": "EC_PostOnlyWillTakeLiquidity"}
    _pushed(exchange, order, "expired", "expiry", timeInForce="PostOnly", **words)


def liquidated(exchange: Exchange, order: Order) -> None:
    """Taken off the book because the account is liquidated."""
    _pushed(exchange, order, "liquidated", "liquidation", cancelType="CancelAllBeforeLiq")


def in_auction(exchange: Exchange, order: Order) -> None:
    """Accepted, and refused by the engine because of an auction: the order is on the book."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received)
    pushed = exchange.push(order, "New", at, "0", rejectReason="EC_InCallAuctionStatus")
    exchange.tell(
        order,
        "accepted, and refused in an auction",
        happened="alive",
        fate="asked",
        evidence="acknowledged",
        attempts=1,
        asked_ns=sent,
        known_ns=received,
        filled_quantity="0",
        quantity=order.quantity,
    )
    assert pushed is not None


def alive(exchange: Exchange, order: Order) -> None:
    """Too many requests; the stream shows the order on the book, with the cancel that was asked for."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received, 10006, "Too many visits!")
    pushed = exchange.push(order, "New", at, "0")
    exchange.tell(
        order,
        "refused, and shown on the book",
        happened="alive",
        fate="alive",
        evidence="listed",
        attempts=1,
        asked_ns=sent,
        known_ns=pushed,
        filled_quantity="0",
        quantity=order.quantity,
        reasons=("rate_limited",),
    )


def alive_afterwards(exchange: Exchange, order: Order) -> None:
    """Canceled; a query that came to another replica shows it on the book, with a later time."""
    facts = _end(exchange, order)
    exchange.query(order, order.created + 25 * SECOND, "New", order.created + 24 * SECOND, "0")
    facts["contradictions"] = ("alive-afterwards",)
    exchange.tell(order, "canceled, and shown on the book later", **facts)


def filled_afterwards(exchange: Exchange, order: Order) -> None:
    """Canceled by the stream; a second cancel is refused because it filled."""
    facts = _end(exchange, order)
    sent = order.created + 25 * SECOND
    exchange.answer(order, sent, sent + 20 * MS, 170139, "Order has been filled.")
    facts |= {"attempts": 2, "reasons": ("already_filled",), "contradictions": ("canceled-and-filled",)}
    exchange.tell(order, "canceled, and refused as filled", **facts)


def filled_in_full_afterwards(exchange: Exchange, order: Order) -> None:
    """Canceled by the stream after a part filled; a query shows that all of it did."""
    facts = _end(exchange, order, part(order))
    changed = order.created + 24 * SECOND
    known = exchange.query(order, order.created + 25 * SECOND, "Filled", changed, order.quantity)
    facts |= {
        "happened": "filled",
        "fate": "filled",
        "evidence": "terminal_status",
        "done_ns": venue_time(changed, BEHIND),
        "known_ns": known,
        "filled_quantity": order.quantity,
        "contradictions": ("canceled-and-filled", "canceled-but-full"),
    }
    exchange.tell(order, "canceled, and filled", **facts)


def wrong_symbol(exchange: Exchange, order: Order) -> None:
    """The bot names another symbol first; ids are unique on the venue."""
    sent = order.created + 100 * MS
    other = "SOLUSDT" if order.symbol == "XRPUSDT" else "XRPUSDT"
    exchange.answer(order, sent, sent + 14 * MS, 10001, "params error: symbol invalid", symbol=other)
    facts = _end(exchange, order)
    facts |= {
        "attempts": 2,
        "asked_ns": sent,
        "reasons": ("invalid_request",),
        "contradictions": ("symbols-differ",),
    }
    exchange.tell(order, "canceled, with two symbols", **facts)


COURSES: Final[Mapping[Callable[[Exchange, Order], None], int]] = {
    canceled: 38,
    partly_filled: 14,
    asked_and_looked_up: 8,
    outrun: 8,
    too_late: 8,
    timed_out: 4,
    tried_again: 6,
    twice: 4,
    post_only: 8,
    liquidated: 4,
    in_auction: 3,
    alive: 2,
    alive_afterwards: 2,
    filled_afterwards: 2,
    filled_in_full_afterwards: 2,
    wrong_symbol: 2,
}
"""How often each course of events happens while the stream is recorded."""
