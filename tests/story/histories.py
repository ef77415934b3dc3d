"""Histories: orders, cancels, answers, streams and queries as they happen, what a log keeps of them, and the truth.

``histories`` simulates matching engines, networks and a recorder. Everything happens at a true time. The venue's
clock and the recorder's differ from it, the log loses and repeats events, and shows them in any order.
"""

from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Evidence, Initiator, OrderStatus, Outcome, Reason
from cancelnorm.ids import id_space
from cancelnorm.story import Fate

__all__ = ["History", "Order", "Seen", "histories"]

MS: Final = 1_000_000
START: Final = 1_800_000_000_000 * MS


class Protocol(Struct, frozen=True):
    """How a venue answers: ``is_asynchronous`` if it only accepts a cancel, and tells the end in the stream alone.

    ``names_end`` if a late cancel is told how the order ended, and ``by_symbol`` if ids are unique in a symbol only.
    """

    venue: str
    answer: str
    stream: str
    query: str
    is_asynchronous: bool
    names_end: bool
    by_symbol: bool


PROTOCOLS: Final = (
    Protocol(
        "binance", "DELETE /api/v3/order", "stream executionReport", "GET /api/v3/order", False, False, True
    ),
    Protocol("bybit", "POST /v5/order/cancel", "stream order", "GET /v5/order/realtime", True, False, False),
    Protocol(
        "bingx",
        "POST /openApi/spot/v1/trade/cancel",
        "stream spot.executionReport",
        "GET /openApi/spot/v1/trade/query",
        False,
        True,
        False,
    ),
)

assert all(id_space(one.venue, name) for one in PROTOCOLS for name in (one.answer, one.stream, one.query))


class Order(Struct):
    """The truth about an order: how it ended, when, how much had filled, and who ended it."""

    number: int
    protocol: Protocol
    account: str | None
    symbol: str
    order_id: str
    client_order_id: str
    quantity: Decimal
    created: int
    end: Fate | None  # None: on the book to the end of the log
    ended: int
    filled: Decimal
    partly_filled: int | None  # when a part of it filled
    initiator: Initiator | None
    attempts: dict[str, int] = {}  # name → true time of sending
    reused: int | None = None  # when another order with its client id was created

    def state(self, at: int) -> Fate:
        """What it was at a time."""
        return Fate.ALIVE if self.end is None or at < self.ended else self.end

    def filled_at(self, at: int) -> Decimal:
        """How much had filled at a time."""
        if self.end is not None and at >= self.ended:
            return self.filled
        is_partly = self.partly_filled is not None and at >= self.partly_filled
        return self.quantity / 4 if is_partly else Decimal(0)


class Seen(Struct):
    """An event that the log has: the number of its order, and what it proves."""

    order: int
    event: CancelEvent
    proves_end: bool  # how the order ended
    attempt: str | None


class History(Struct):
    """What happened, and the log of it."""

    orders: list[Order]
    log: list[Seen]
    venue_skew: int
    has_clocks: bool


@st.composite
def histories(draw: st.DrawFn, *, can_reuse_client_ids: bool = True) -> History:
    """A history of some orders."""
    venue_skew = draw(st.sampled_from([0, 0, 3 * MS, -3 * MS, 2_000 * MS, -2_000 * MS]))
    has_clocks = draw(st.booleans() | st.just(True))
    orders = [
        draw(_orders(number, can_reuse_client_ids=can_reuse_client_ids))
        for number in range(draw(st.integers(1, 5)))
    ]
    orders = _possible(orders)
    clocks = _Clocks(venue_skew, has_clocks)
    happened = [seen for order in orders for seen in draw(_log_of(order, clocks))]
    kept = [
        replace(seen, event=replace(seen.event, source=f"day.jsonl:{line}"))
        for line, seen in enumerate(happened, 1)
        if draw(st.integers(0, 3))  # a quarter is lost
    ]
    repeated = [seen for seen in kept if not draw(st.integers(0, 4))]
    log = draw(st.permutations([*kept, *repeated]))
    return History(orders, log, venue_skew, has_clocks)


def _possible(orders: list[Order]) -> list[Order]:
    """The orders that a venue accepts: an order id is given once, a client id again when its order has ended."""
    ids = set()
    last: dict[tuple[str | None, str, str], Order] = {}
    found = []
    for order in sorted(orders, key=lambda one: one.created):
        symbol = order.symbol if order.protocol.by_symbol else None
        order_id = order.account, order.protocol.venue, symbol, order.order_id
        client_id = order.account, order.protocol.venue, order.client_order_id
        former = last.get(client_id)
        if order_id in ids or (former is not None and former.state(order.created) is Fate.ALIVE):
            continue
        if former is not None:
            former.reused = order.created
        ids.add(order_id)
        last[client_id] = order
        found.append(order)
    return found


@st.composite
def _orders(draw: st.DrawFn, number: int, *, can_reuse_client_ids: bool) -> Order:
    created = START + draw(st.integers(0, 100_000)) * MS
    end = draw(st.sampled_from([None, Fate.CANCELED, Fate.CANCELED, Fate.FILLED]))
    ended = created + draw(st.integers(1, 5_000_000)) * 1_000  # in µs
    quantity = Decimal(draw(st.sampled_from(["1", "0.5000", "120"])))
    partly_filled = draw(st.none() | st.integers(created, ended - 1))
    part = quantity / 4 if partly_filled is not None else Decimal(0)
    protocol = draw(st.sampled_from(PROTOCOLS))
    by_user = [Initiator.USER]
    others = [Initiator.EXPIRY, Initiator.VENUE]
    account = draw(st.sampled_from([None, "maker-1", "maker-2"]))
    return Order(
        number,
        protocol,
        account,
        draw(st.sampled_from(["BTCUSDT", "ETHUSDT"])),
        str(draw(st.integers(1, 4))),
        f"client {draw(st.integers(1, 3)) if can_reuse_client_ids else number}",
        quantity,
        created,
        end,
        ended,
        quantity if end is Fate.FILLED else part,
        partly_filled,
        draw(st.sampled_from(by_user + others)) if end is Fate.CANCELED else None,
        {},
    )


class _Clocks(Struct):
    """Clocks of the venue, which shows milliseconds, and of the recorder; the true time is the recorder's."""

    venue_skew: int
    are_recorded: bool

    def engine(self, at: int) -> int | None:
        """What the venue writes for a true time."""
        return (at + self.venue_skew) // MS * MS if self.are_recorded else None

    def recorder(self, at: int) -> int | None:
        """What the recorder writes."""
        return at if self.are_recorded else None


@st.composite
def _log_of(draw: st.DrawFn, order: Order, clocks: _Clocks) -> list[Seen]:
    """Everything that a recorder without losses sees of an order."""
    found: list[Seen] = []
    user_ends = order.end is Fate.CANCELED and order.initiator is Initiator.USER
    if user_ends:
        sent = order.ended - draw(st.integers(1, 40_000)) * 1_000
        found.append(_taking(draw, order, clocks, max(sent, order.created)))
    for _ in range(draw(st.integers(0, 3))):
        at = order.created + draw(st.integers(0, 6_000_000)) * 1_000
        if (seen := _attempt(draw, order, clocks, at)) is not None:
            found.append(seen)
    queried = draw(st.lists(st.integers(0, 6_000_000), max_size=2))
    found += [_query(order, clocks, order.created + later * 1_000) for later in queried]
    if order.end is not None and draw(st.booleans()):
        found.append(_report(order, clocks))
    return found


def _named(order: Order, **facts: Any) -> CancelEvent:
    return CancelEvent(
        order.protocol.venue,
        None,
        facts.pop("endpoint"),
        EventKind.ORDER,
        symbol=order.symbol,
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        account=order.account,
        **facts,
    )


def _new_attempt(order: Order, sent: int) -> str:
    name = f"{order.number}/{len(order.attempts)}"
    order.attempts[name] = sent
    return name


def _taking(draw: st.DrawFn, order: Order, clocks: _Clocks, sent: int) -> Seen:
    """The answer to the cancel that ends the order: an end, an acknowledgement, or a timeout."""
    name = _new_attempt(order, sent)
    received = order.ended + draw(st.integers(1, 40)) * MS
    times = {"sent_ns": clocks.recorder(sent), "received_ns": clocks.recorder(received)}
    if draw(st.integers(0, 4)) == 0:
        event = _named(
            order, endpoint=order.protocol.answer, outcome=Outcome.UNKNOWN, reason=Reason.TIMEOUT, **times
        )
        return Seen(order.number, replace(event, order_id=_maybe(draw, order, order.ended)), False, name)
    if order.protocol.is_asynchronous:
        event = _named(
            order,
            endpoint=order.protocol.answer,
            outcome=Outcome.PENDING,
            evidence=Evidence.ACKNOWLEDGED,
            **times,
        )
        return Seen(order.number, event, False, name)
    event = _named(
        order,
        endpoint=order.protocol.answer,
        outcome=Outcome.CANCELED,
        evidence=Evidence.FINAL_REPORT,
        status=OrderStatus.CANCELED,
        quantity=order.quantity,
        filled_quantity=order.filled,
        event_ns=clocks.engine(order.ended),
        cancel_client_order_id=f"off {name}",
        **times,
    )
    return Seen(order.number, event, True, name)


def _maybe(draw: st.DrawFn, order: Order, arrived: int) -> str | None:
    """The order's id, or None where the request named it by client id, which meant this order when it arrived."""
    if order.reused is not None and arrived >= order.reused:
        return order.order_id
    return draw(st.sampled_from([order.order_id, None]))


def _attempt(draw: st.DrawFn, order: Order, clocks: _Clocks, sent: int) -> Seen | None:
    """The answer to a cancel that does not end the order; None if it would have."""
    name = _new_attempt(order, sent)
    arrived = sent + draw(st.integers(1, 30)) * MS
    received = arrived + draw(st.integers(1, 30)) * MS
    times = {"sent_ns": clocks.recorder(sent), "received_ns": clocks.recorder(received)}
    facts: dict[str, Any] = {"endpoint": order.protocol.answer, "outcome": Outcome.REJECTED, **times}
    trouble = draw(st.sampled_from([None, None, Reason.RATE_LIMITED, Reason.CLOCK_SKEW, Reason.NO_ANSWER]))
    state = order.state(arrived)
    if trouble is Reason.NO_ANSWER:
        facts |= {"outcome": Outcome.UNKNOWN, "reason": trouble, "received_ns": None}
    elif trouble is not None:
        facts |= {"evidence": Evidence.SUCCESS_FLAG, "reason": trouble}
    elif state is Fate.ALIVE:
        if not order.protocol.is_asynchronous:
            del order.attempts[name]
            return None
        facts |= {
            "outcome": Outcome.PENDING,
            "evidence": Evidence.ACKNOWLEDGED,
        }  # it filled, or ended otherwise
    elif order.protocol.names_end:
        reason = Reason.ALREADY_FILLED if state is Fate.FILLED else Reason.ALREADY_CANCELED
        facts |= {"evidence": Evidence.SUCCESS_FLAG, "reason": reason}
    else:
        facts |= {"evidence": Evidence.SUCCESS_FLAG, "reason": Reason.NOT_FOUND_OR_CLOSED}
    event = replace(_named(order, **facts), order_id=_maybe(draw, order, arrived))
    proves = trouble is None and state is not Fate.ALIVE and order.protocol.names_end
    return Seen(order.number, event, proves, name)


def _query(order: Order, clocks: _Clocks, at: int) -> Seen:
    """The answer to a query, which shows when the order last changed."""
    arrived, received = at + 5 * MS, at + 10 * MS
    state = order.state(arrived)
    changes = [order.created, order.partly_filled, order.ended if state is not Fate.ALIVE else None]
    facts: dict[str, Any] = {
        "endpoint": order.protocol.query,
        "quantity": order.quantity,
        "filled_quantity": order.filled_at(arrived),
        "created_ns": clocks.engine(order.created),
        "event_ns": clocks.engine(max(c for c in changes if c is not None and c <= arrived)),
        "sent_ns": clocks.recorder(at),
        "received_ns": clocks.recorder(received),
    }
    match state:
        case Fate.CANCELED:
            facts |= {"outcome": Outcome.CANCELED, "status": OrderStatus.CANCELED}
        case Fate.FILLED:
            facts |= {
                "outcome": Outcome.REJECTED,
                "status": OrderStatus.FILLED,
                "reason": Reason.ALREADY_FILLED,
            }
        case _:
            status = OrderStatus.PARTIALLY_FILLED if facts["filled_quantity"] else OrderStatus.NEW
            facts |= {"outcome": Outcome.UNKNOWN, "status": status}
    evidence = Evidence.LISTED if state is Fate.ALIVE else Evidence.TERMINAL_STATUS
    return Seen(order.number, _named(order, evidence=evidence, **facts), state is not Fate.ALIVE, None)


def _report(order: Order, clocks: _Clocks) -> Seen:
    """What the stream pushes when an order ends."""
    is_canceled = order.end is Fate.CANCELED
    event = _named(
        order,
        endpoint=order.protocol.stream,
        outcome=Outcome.CANCELED if is_canceled else Outcome.REJECTED,
        reason=None if is_canceled else Reason.ALREADY_FILLED,
        evidence=Evidence.FINAL_REPORT,
        status=OrderStatus.CANCELED if is_canceled else OrderStatus.FILLED,
        initiator=order.initiator,
        quantity=order.quantity,
        filled_quantity=order.filled,
        event_ns=clocks.engine(order.ended),
        received_ns=clocks.recorder(order.ended + 20 * MS),
    )
    return Seen(order.number, event, True, None)
