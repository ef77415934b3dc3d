"""Courses of orders on Binance spot that end as their owner wishes, or as they were placed to.

An answer tells the end of an order at once, the stream tells it too, and a query looks it up.
"""

from decimal import Decimal
from typing import Any, Final

from tests.day.binance import ANSWERS, STREAM, WITHOUT_CLOCK, Exchange
from tests.day.market import MS, SECOND, Order, Recorder, venue_time

__all__ = [
    "NOTHING",
    "answer_only",
    "canceled",
    "earlier",
    "ended",
    "expired",
    "partly_filled",
    "reduced",
    "replaced",
    "same_id",
    "swept",
    "without_clock",
]


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


def ended(exchange: Exchange, order: Order, filled: str = NOTHING) -> dict[str, Any]:
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
    exchange.tell(order, "canceled", **ended(exchange, order))


def partly_filled(exchange: Exchange, order: Order) -> None:
    """A part fills before the cancel."""
    exchange.fill(order, order.created + 200 * MS, part(order))
    exchange.tell(order, "canceled after a partial fill", **ended(exchange, order, part(order)))


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
    exchange.tell(new, "the order that replaced it", **ended(exchange, new), replaces=(order.order_id,))


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
    exchange.tell(order, "the id of an order on another symbol", **ended(exchange, order))
    exchange.tell(other, "the id of an order on another symbol", **ended(exchange, other))
