"""Courses of orders on Binance spot in which a cancel fails, comes too late, or gets no answer."""

from decimal import Decimal
from typing import Any

from tests.day.binance import ANSWERS, STREAM, TIMEOUT, TOO_MANY, UNKNOWN_ORDER, WITHOUT_CLOCK, Exchange
from tests.day.binance_ends import NOTHING, ended
from tests.day.market import MS, SECOND, Order, venue_time

__all__ = [
    "answer_lost",
    "by_client_id",
    "limited",
    "looked_up",
    "only_client_id",
    "refused_without_clock",
    "timed_out",
    "too_late",
    "tried_again",
]


def refused_without_clock(exchange: Exchange, order: Order) -> None:
    """Filled; the refusal has no time at all."""
    sent, _, received = exchange.trip(order)
    exchange.answer(order, sent, received, UNKNOWN_ORDER, status=400, recorder=WITHOUT_CLOCK)
    exchange.tell(
        order,
        "too late, recorded without a clock",
        client_order_ids=(),
        happened="filled",
        fate="closed",
        evidence="success_flag",
        attempts=1,
        reasons=("not_found_or_closed",),
    )


def answer_lost(exchange: Exchange, order: Order) -> None:
    """The answer never comes; the stream tells the end."""
    sent, at, _ = exchange.trip(order)
    exchange.unanswered(order, sent)
    pushed = exchange.push(order, at, exchange.report(order, at, "CANCELED", "CANCELED", NOTHING))
    exchange.tell(
        order,
        "canceled, without an answer",
        happened="canceled",
        fate="canceled",
        evidence="final_report",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        done_ns=venue_time(at),
        known_ns=STREAM.time(pushed),
        filled_quantity=NOTHING,
        quantity=order.quantity,
        initiator="user",
        reasons=("no_answer",),
    )


def timed_out(exchange: Exchange, order: Order) -> None:
    """Canceled, of which the log has nothing: the gateway gave up, and the stream was down."""
    sent, at, _ = exchange.trip(order)
    exchange.answer(order, sent, at + 10 * SECOND, TIMEOUT, status=504)
    exchange.tell(
        order,
        "canceled, of which the log has nothing",
        client_order_ids=(),
        happened="canceled",
        fate="unknown",
        evidence="none",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        reasons=("timeout",),
    )


def limited(exchange: Exchange, order: Order) -> None:
    """Too many requests: the order stays on the book, and no answer says so."""
    sent, _, received = exchange.trip(order)
    exchange.answer(order, sent, received, TOO_MANY, status=429)
    exchange.tell(
        order,
        "refused for too many requests",
        client_order_ids=(),
        happened="alive",
        fate="unknown",
        evidence="none",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        reasons=("rate_limited",),
    )


def tried_again(exchange: Exchange, order: Order) -> None:
    """Too many requests first, then canceled."""
    sent = order.created + 100 * MS
    exchange.answer(order, sent, sent + 9 * MS, TOO_MANY, status=429)
    facts = ended(exchange, order)
    facts |= {"attempts": 2, "asked_ns": ANSWERS.time(sent), "reasons": ("rate_limited",)}
    exchange.tell(order, "canceled at the second attempt", **facts)


def _filled(exchange: Exchange, order: Order) -> tuple[dict[str, Any], int]:
    """A cancel that comes after the order filled; what the log shows of it, and when it filled."""
    sent, _, received = exchange.trip(order)
    at = sent - 2 * MS
    exchange.fill(order, at, order.quantity)
    exchange.answer(order, sent, received, UNKNOWN_ORDER, status=400)
    facts = {
        "client_order_ids": (),
        "happened": "filled",
        "fate": "closed",
        "evidence": "success_flag",
        "attempts": 1,
        "asked_ns": ANSWERS.time(sent),
        "known_ns": ANSWERS.time(received),
        "reasons": ("not_found_or_closed",),
    }
    return facts, at


def too_late(exchange: Exchange, order: Order) -> None:
    """Filled; the refusal says only that the order is gone."""
    exchange.tell(order, "too late", **_filled(exchange, order)[0])


def looked_up(exchange: Exchange, order: Order, extra: str = "") -> None:
    """Filled, and a query after the refusal shows it; with ``extra``, more than the order's quantity."""
    facts, changed = _filled(exchange, order)
    sent = order.created + 25 * SECOND
    received = sent + 13 * MS
    filled = f"{Decimal(order.quantity) + Decimal(extra or 0):.8f}"
    exchange.answer(
        order,
        sent,
        received,
        exchange.state(order, "FILLED", changed, filled),
        endpoint="GET /api/v3/order",
    )
    facts |= {
        "client_order_ids": (order.client_id,),
        "fate": "filled",
        "evidence": "terminal_status",
        "done_ns": venue_time(changed),
        "known_ns": ANSWERS.time(received),
        "filled_quantity": filled,
        "quantity": order.quantity,
    }
    course = "too late, and looked up"
    if extra:
        course, facts["contradictions"] = "more filled than ordered", ("overfilled",)
    exchange.tell(order, course, **facts)


def by_client_id(exchange: Exchange, order: Order) -> None:
    """The request names the order by its client id, and gets a timeout; the stream has both ids."""
    sent, at, _ = exchange.trip(order)
    request = {"symbol": order.symbol, "origClientOrderId": order.client_id}
    exchange.answer(order, sent, at + 10 * SECOND, TIMEOUT, status=504, request=request)
    pushed = exchange.push(order, at, exchange.report(order, at, "CANCELED", "CANCELED", NOTHING))
    exchange.tell(
        order,
        "canceled by client id, with a timeout",
        happened="canceled",
        fate="canceled",
        evidence="final_report",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        done_ns=venue_time(at),
        known_ns=STREAM.time(pushed),
        filled_quantity=NOTHING,
        quantity=order.quantity,
        initiator="user",
        reasons=("timeout",),
    )


def only_client_id(exchange: Exchange, order: Order) -> None:
    """Filled; the log never shows its order id."""
    sent, _, received = exchange.trip(order)
    request = {"symbol": order.symbol, "origClientOrderId": order.client_id}
    exchange.answer(order, sent, received, UNKNOWN_ORDER, status=400, request=request)
    exchange.tell(
        order,
        "too late, by client id",
        order_id=None,
        happened="filled",
        fate="closed",
        evidence="success_flag",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        known_ns=ANSWERS.time(received),
        reasons=("not_found_or_closed",),
    )
