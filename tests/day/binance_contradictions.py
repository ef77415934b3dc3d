"""Courses of orders on Binance spot of which the log contradicts itself."""

from decimal import Decimal

from tests.day.binance import ANSWERS, STREAM, Exchange
from tests.day.binance_ends import NOTHING, earlier, ended
from tests.day.binance_failures import looked_up
from tests.day.market import MS, Order, venue_time

__all__ = ["full_and_canceled", "overfilled", "two_initiators", "two_quantities"]


def overfilled(exchange: Exchange, order: Order) -> None:
    """A query shows more filled than the order's quantity."""
    looked_up(exchange, order, "0.00100000")


def full_and_canceled(exchange: Exchange, order: Order) -> None:
    """Filled; the answer calls it canceled, with all of it filled."""
    sent, at, received = exchange.trip(order)
    exchange.fill(order, at - MS, order.quantity)
    exchange.answer(order, sent, received, exchange.canceled(order, at, order.quantity))
    exchange.tell(
        order,
        "canceled, with all of it filled",
        happened="filled",
        fate="filled",
        evidence="final_report",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        done_ns=venue_time(at),
        known_ns=ANSWERS.time(received),
        filled_quantity=order.quantity,
        quantity=order.quantity,
        contradictions=("canceled-but-full",),
    )


def two_quantities(exchange: Exchange, order: Order) -> None:
    """The answer and the stream do not agree on the quantity."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received, exchange.canceled(order, at, NOTHING))
    report = exchange.report(order, at, "CANCELED", "CANCELED", NOTHING)
    pushed = exchange.push(order, at, report | {"q": f"{Decimal(order.quantity) * 2:.8f}"})
    exchange.tell(
        order,
        "canceled, with two quantities",
        happened="canceled",
        fate="canceled",
        evidence="final_report",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        done_ns=venue_time(at),
        known_ns=earlier(ANSWERS.time(received), STREAM.time(pushed)),
        filled_quantity=NOTHING,
        initiator="user",
        contradictions=("quantities-differ",),
    )


def two_initiators(exchange: Exchange, order: Order) -> None:
    """The stream says first that it expired, and then that its owner canceled it."""
    facts = ended(exchange, order)
    at = facts["done_ns"] - 2 * MS
    pushed = exchange.push(order, at, exchange.report(order, at, "EXPIRED", "EXPIRED", NOTHING))
    known = earlier(facts["known_ns"], STREAM.time(pushed))
    facts |= {"done_ns": at, "known_ns": known, "initiator": None}
    facts["contradictions"] = ("initiators-differ",)
    exchange.tell(order, "canceled, and expired", **facts)
