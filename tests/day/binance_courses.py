"""Courses of orders on Binance spot: what happens to each, and what the log shows of it.

An answer tells the end of an order at once, the stream tells it too, and a query looks it up.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from tests.day.binance import ANSWERS, STREAM, TIMEOUT, TOO_MANY, UNKNOWN_ORDER, WITHOUT_CLOCK, Exchange
from tests.day.market import MS, SECOND, Order, Recorder, venue_time

__all__ = ["COURSES", "answer_only", "canceled"]


def part(order: Order, share: int = 4) -> str:
    """A part of an order's quantity."""
    return f"{Decimal(order.quantity) / share:.8f}"


NOTHING: Final = "0.00000000"


def earlier(*times: int | None) -> int | None:
    """The least of the times that are known."""
    return min((time for time in times if time is not None), default=None)


def _skew(done: int, asked: int | None, known: int | None) -> tuple[str, ...]:
    """Whether an end that an answer tells lies outside of its request and the first news of it."""
    is_early = asked is not None and done + MS <= asked
    is_late = known is not None and done > known
    return ("clocks-disagree",) if is_early or is_late else ()


# --- What happens to orders ---


def _end(exchange: Exchange, order: Order, filled: str = NOTHING) -> dict[str, Any]:
    """A cancel that is answered and pushed; what the log shows of it."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received, exchange.canceled(order, at, filled))
    pushed = exchange.push(order, at, exchange.report(order, at, "CANCELED", "CANCELED", filled))
    asked, known = ANSWERS.time(sent), earlier(ANSWERS.time(received), STREAM.time(pushed))
    return {
        "happened": "canceled",
        "fate": "canceled",
        "evidence": "final_report",
        "attempts": 1,
        "asked_ns": asked,
        "done_ns": venue_time(at),
        "known_ns": known,
        "filled_quantity": filled,
        "quantity": order.quantity,
        "initiator": "user",
        "contradictions": _skew(venue_time(at), asked, known),
    }


def canceled(exchange: Exchange, order: Order) -> None:
    """Canceled; the answer and the stream say so."""
    exchange.tell(order, "canceled", **_end(exchange, order))


def partly_filled(exchange: Exchange, order: Order) -> None:
    """A part fills before the cancel."""
    exchange.fill(order, order.created + 200 * MS, part(order))
    exchange.tell(order, "canceled after a partial fill", **_end(exchange, order, part(order)))


def answer_only(exchange: Exchange, order: Order, recorder: Recorder = ANSWERS) -> None:
    """The stream is down; no answer says who ended the order."""
    sent, at, received = exchange.trip(order)
    exchange.answer(order, sent, received, exchange.canceled(order, at, NOTHING), recorder=recorder)
    asked, known = recorder.time(sent), recorder.time(received)
    exchange.tell(
        order,
        "canceled, without the stream" if recorder.has_clock else "canceled, recorded without a clock",
        happened="canceled",
        fate="canceled",
        evidence="final_report",
        attempts=1,
        asked_ns=asked,
        done_ns=venue_time(at),
        known_ns=known,
        filled_quantity=NOTHING,
        quantity=order.quantity,
        contradictions=_skew(venue_time(at), asked, known),
    )


def without_clock(exchange: Exchange, order: Order) -> None:
    """The recorder writes no times; the venue's are all that is known."""
    answer_only(exchange, order, WITHOUT_CLOCK)


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
    facts = _end(exchange, order)
    facts |= {"attempts": 2, "asked_ns": ANSWERS.time(sent), "reasons": ("rate_limited",)}
    exchange.tell(order, "canceled at the second attempt", **facts)


def _filled(exchange: Exchange, order: Order) -> dict[str, Any]:
    """A cancel that comes after the order filled."""
    sent, _, received = exchange.trip(order)
    exchange.fill(order, sent - 2 * MS, order.quantity)
    exchange.answer(order, sent, received, UNKNOWN_ORDER, status=400)
    return {
        "client_order_ids": (),
        "happened": "filled",
        "fate": "closed",
        "evidence": "success_flag",
        "attempts": 1,
        "asked_ns": ANSWERS.time(sent),
        "known_ns": ANSWERS.time(received),
        "reasons": ("not_found_or_closed",),
    }


def too_late(exchange: Exchange, order: Order) -> None:
    """Filled; the refusal says only that the order is gone."""
    exchange.tell(order, "too late", **_filled(exchange, order))


def looked_up(exchange: Exchange, order: Order, extra: str = "") -> None:
    """Filled, and a query after the refusal shows it; with ``extra``, more than the order's quantity."""
    facts = _filled(exchange, order)
    sent = order.created + 25 * SECOND
    at, received = sent + 6 * MS, sent + 13 * MS
    changed = order.created + 400 * MS
    filled = f"{Decimal(order.quantity) + Decimal(extra or 0):.8f}"
    exchange.answer(
        order,
        sent,
        received,
        exchange.state(order, "FILLED", changed, filled),
        endpoint="GET /api/v3/order",
    )
    assert at > changed
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


def overfilled(exchange: Exchange, order: Order) -> None:
    """A query shows more filled than the order's quantity."""
    looked_up(exchange, order, "0.00100000")


def reduced(exchange: Exchange, order: Order) -> None:
    """Half of it is taken off the book."""
    sent, at, received = exchange.trip(order)
    left = part(order, 2)
    payload = {
        "transactTime": venue_time(at) // MS,
        "executionId": 75,
        "amendedOrder": {
            "symbol": order.symbol,
            "orderId": int(order.order_id),
            "orderListId": -1,
            "origClientOrderId": order.client_id,
            "clientOrderId": f"less-{order.client_id}",
            "price": order.price,
            "qty": left,
            "executedQty": NOTHING,
            "preventedQty": NOTHING,
            "quoteOrderQty": NOTHING,
            "cumulativeQuoteQty": NOTHING,
            "status": "NEW",
            "timeInForce": "GTC",
            "type": "LIMIT",
            "side": order.side,
            "workingTime": venue_time(order.created) // MS,
            "selfTradePreventionMode": "NONE",
        },
    }
    request = {"symbol": order.symbol, "orderId": int(order.order_id), "newQty": left}
    exchange.answer(
        order, sent, received, payload, endpoint="PUT /api/v3/order/amend/keepPriority", request=request
    )
    exchange.tell(
        order,
        "reduced",
        happened="alive",
        fate="reduced",
        evidence="final_report",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        done_ns=venue_time(at),
        known_ns=ANSWERS.time(received),
        filled_quantity=NOTHING,
        quantity=left,
    )


def expired(exchange: Exchange, order: Order) -> None:
    """What an immediate order does not find is expired by the venue, unasked."""
    at = order.created + exchange.day.delay(1, 3)
    pushed = exchange.push(order, at, exchange.report(order, at, "EXPIRED", "EXPIRED", part(order)))
    exchange.tell(
        order,
        "expired",
        happened="canceled",
        fate="canceled",
        evidence="final_report",
        attempts=0,
        done_ns=venue_time(at),
        known_ns=STREAM.time(pushed),
        filled_quantity=part(order),
        quantity=order.quantity,
        initiator="expiry",
    )


def replaced(exchange: Exchange, order: Order) -> None:
    """Replaced by another order at another price, which is canceled later."""
    sent, at, received = exchange.trip(order)
    new = exchange.order(received + SECOND, order.symbol)
    new.account = order.account
    placed = exchange.canceled(new, at, NOTHING, "NEW")
    del placed["origClientOrderId"]
    placed |= {"clientOrderId": new.client_id, "workingTime": venue_time(at) // MS, "fills": []}
    payload = {
        "cancelResult": "SUCCESS",
        "newOrderResult": "SUCCESS",
        "cancelResponse": exchange.canceled(order, at, NOTHING),
        "newOrderResponse": placed,
    }
    request = {
        "symbol": order.symbol,
        "side": new.side,
        "type": "LIMIT",
        "cancelReplaceMode": "STOP_ON_FAILURE",
        "timeInForce": "GTC",
        "quantity": new.quantity,
        "price": new.price,
        "cancelOrderId": int(order.order_id),
    }
    exchange.answer(
        order, sent, received, payload, endpoint="POST /api/v3/order/cancelReplace", request=request
    )
    exchange.tell(
        order,
        "replaced",
        happened="canceled",
        fate="canceled",
        evidence="final_report",
        attempts=1,
        asked_ns=ANSWERS.time(sent),
        done_ns=venue_time(at),
        known_ns=ANSWERS.time(received),
        filled_quantity=NOTHING,
        quantity=order.quantity,
        replaced_by=(new.order_id,),
    )
    exchange.tell(new, "the order that replaced it", **_end(exchange, new), replaces=(order.order_id,))


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


def swept(exchange: Exchange, order: Order) -> None:
    """Three orders canceled at once."""
    orders = [order, exchange.order(order.created + MS, order.symbol)]
    orders.append(exchange.order(order.created + 2 * MS, order.symbol))
    for one in orders:
        one.account = order.account
    sent, at, received = exchange.trip(order)
    exchange.answer(
        order,
        sent,
        received,
        [exchange.canceled(one, at, NOTHING) for one in orders],
        endpoint="DELETE /api/v3/openOrders",
        request={"symbol": order.symbol},
    )
    for one in orders:
        pushed = exchange.push(one, at, exchange.report(one, at, "CANCELED", "CANCELED", NOTHING))
        exchange.tell(
            one,
            "canceled with all others",
            happened="canceled",
            fate="canceled",
            evidence="final_report",
            attempts=1,
            asked_ns=ANSWERS.time(sent),
            done_ns=venue_time(at),
            known_ns=earlier(ANSWERS.time(received), STREAM.time(pushed)),
            filled_quantity=NOTHING,
            quantity=one.quantity,
            initiator="user",
        )


def same_id(exchange: Exchange, order: Order) -> None:
    """Two orders with one id: ids are unique in a symbol only."""
    symbol = "ETHUSDT" if order.symbol == "BTCUSDT" else "BTCUSDT"
    other = exchange.order(order.created + 30 * SECOND, symbol, order.order_id)
    other.account = order.account
    exchange.tell(order, "the id of an order on another symbol", **_end(exchange, order))
    exchange.tell(other, "the id of an order on another symbol", **_end(exchange, other))


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
    facts = _end(exchange, order)
    at = facts["done_ns"] - 2 * MS
    pushed = exchange.push(order, at, exchange.report(order, at, "EXPIRED", "EXPIRED", NOTHING))
    known = earlier(facts["known_ns"], STREAM.time(pushed))
    facts |= {"done_ns": at, "known_ns": known, "initiator": None}
    facts["contradictions"] = ("initiators-differ",)
    exchange.tell(order, "canceled, and expired", **facts)


COURSES: Final[Mapping[Callable[[Exchange, Order], None], int]] = {
    canceled: 44,
    partly_filled: 18,
    answer_only: 12,
    answer_lost: 8,
    timed_out: 4,
    limited: 3,
    tried_again: 8,
    too_late: 10,
    looked_up: 8,
    overfilled: 1,
    reduced: 6,
    expired: 8,
    replaced: 4,
    by_client_id: 4,
    only_client_id: 3,
    swept: 4,
    same_id: 2,
    full_and_canceled: 2,
    two_quantities: 1,
    two_initiators: 1,
    without_clock: 4,
    refused_without_clock: 2,
}
"""How often each course of events happens."""
