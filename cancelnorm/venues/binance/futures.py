"""Binance derivatives messages that products and transports share: reports of orders, bulk answers, errors.

There is one client id and it is the order's own: a futures cancel has no id.
"""

from collections.abc import Callable, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import (
    CodeTable,
    EventMap,
    Verdict,
    always,
    amount,
    by_status,
    by_words,
    constant,
    flag,
    made,
    number,
    text,
    time,
    unknown,
    verdict_of,
    word,
)
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.reader.types import fields_of
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    PositionSide,
    Reason,
    Scope,
    TimeInForce,
)
from cancelnorm.venues.binance.codes import FUTURES
from cancelnorm.venues.binance.messages import (
    CANCEL_REJECTED,
    OUTCOMES,
    SIDES,
    ApiError,
    failed_request,
    note_failed_status,
)
from cancelnorm.venues.binance.websocket import Envelope, ErrorReply, opened, refused, reply

# --- What Binance sends ---

Status = Literal[
    "NEW",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCELED",
    "PENDING_CANCEL",
    "REJECTED",
    "EXPIRED",
    "EXPIRED_IN_MATCH",
]
Type = Literal[
    "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"
]
TimeInForceWord = Literal["GTC", "IOC", "FOK", "GTX", "GTD", "RPI", "GTE_GTC"]  # RPI since 2025-11-18
SelfTradePrevention = Literal["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"]
PriceMatch = Literal[
    "NONE",
    "OPPONENT",
    "OPPONENT_5",
    "OPPONENT_10",
    "OPPONENT_20",
    "QUEUE",
    "QUEUE_5",
    "QUEUE_10",
    "QUEUE_20",
]
PositionSideWord = Literal["BOTH", "LONG", "SHORT"]
WorkingType = Literal["CONTRACT_PRICE", "MARK_PRICE"]


class FuturesOrder(Camel):
    """What every report of a canceled futures order has."""

    order_id: Int  # unique within the symbol only; up to 19 digits
    symbol: str
    status: Status
    client_order_id: str  # the order's own id
    price: DecimalText
    avg_price: DecimalText | UnsetType = UNSET  # until 2026-06
    orig_qty: DecimalText  # base units; contracts in COIN-M
    executed_qty: DecimalText  # as orig_qty
    cum_qty: DecimalText | UnsetType = UNSET  # the same as executed_qty; not in the oldest recordings
    time_in_force: TimeInForceWord
    type: Type
    reduce_only: bool | UnsetType = UNSET  # since 2019-10-08
    side: Literal["BUY", "SELL"]
    position_side: PositionSideWord | UnsetType = UNSET  # since 2020-04-06
    price_match: PriceMatch | UnsetType = UNSET  # since 2023-09-05, in COIN-M 2024-10-11
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = (
        UNSET  # since 2023-09-05, in COIN-M 2024-10-11
    )
    update_time: Epoch


class PlacedOrder(FuturesOrder):
    """A report with everything that the order was placed with; portfolio margin reports less."""

    close_position: bool | UnsetType = UNSET  # since 2020-05-18
    stop_price: DecimalText
    working_type: WorkingType | UnsetType = UNSET  # since 2019-11-05
    # When the next two came is not in the change log; recordings of 2019 lack both.
    price_protect: bool | UnsetType = UNSET
    orig_type: Type | UnsetType = UNSET  # other than type once a stop was triggered
    activate_price: DecimalText | UnsetType = UNSET  # only of a trailing stop
    price_rate: DecimalText | UnsetType = UNSET  # only of a trailing stop; percent
    modify_id: Int | UnsetType = UNSET  # announced for amended orders, 2026-07-28; not seen on a cancel


class AllDone(Exact):
    """The answer to a cancel of everything: a code that is positive and no error."""

    bare: ClassVar = True
    code: Literal[200, "200"]  # a text in the documentation of 2019 to 2023
    msg: Prose  # "The operation of cancel all open order is done."


class Countdown(Camel):
    """A dead-man switch that was set, or stopped."""

    symbol: str
    countdown_time: DecimalText | Int  # ms, in quotes although the request has a number; 0: stopped


class Maintenance(Exact):
    """The body of an answer while the system is under maintenance."""

    bare: ClassVar = True
    text: Prose = field(name="239999")


# --- What it means ---

# Of options too: they have the same stream, and no symbol is of both.
FUTURES_IDS: Final = IdSpace("binance:futures", by_symbol=True)
ALGO_IDS: Final = IdSpace("binance:algo", by_symbol=False)

# The official client spelled the ids of conditional orders in lower case until 2026-01-19.
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId", "algoId", "strategyId"),
    client_order_id=("origClientOrderId", "clientAlgoId", "newClientStrategyId", "clientOrderId"),
    order_ids=("orderIdList", "orderIds"),  # the second of options
    client_order_ids=("origClientOrderIdList", "clientOrderIds"),
)

# A trailing stop, and what a liquidation or an ADL places, have no counterpart in the schema.
TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "MARKET": OrderType.MARKET,
        "STOP": OrderType.STOP_LIMIT,
        "STOP_MARKET": OrderType.STOP_MARKET,
        "TAKE_PROFIT": OrderType.TAKE_PROFIT_LIMIT,
        "TAKE_PROFIT_MARKET": OrderType.TAKE_PROFIT_MARKET,
    }
)
# GTX is post only. GTD, RPI and GTE_GTC (until the position is closed) have no counterpart.
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK, "GTX": TimeInForce.GTC}
)
POST_ONLY: Final = MappingProxyType(
    {"GTX": True, "GTC": False, "IOC": False, "FOK": False, "GTD": False, "GTE_GTC": False}
)
POSITION_SIDES: Final = MappingProxyType(
    {"BOTH": PositionSide.BOTH, "LONG": PositionSide.LONG, "SHORT": PositionSide.SHORT}
)
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
UNSURE: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
NOT_SAID: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def is_post_only(time_in_force: str) -> bool | None:
    """Whether a time in force means post only; None for a word that does not tell."""
    return POST_ONLY.get(time_in_force)


ORDER: Final = EventMap(
    FuturesOrder,
    by_status(FuturesOrder.status, OUTCOMES, UNSURE),
    repeats={FuturesOrder.cum_qty: FuturesOrder.executed_qty},
    symbol=text(FuturesOrder.symbol),
    order_id=number(FuturesOrder.order_id),
    client_order_id=text(FuturesOrder.client_order_id),
    side=word(FuturesOrder.side, SIDES),
    position_side=word(FuturesOrder.position_side, POSITION_SIDES),
    order_type=word(FuturesOrder.type, TYPES),
    time_in_force=word(FuturesOrder.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, FuturesOrder.time_in_force),
    reduce_only=flag(FuturesOrder.reduce_only),
    price=amount(FuturesOrder.price, zero_is_none=True),
    average_price=amount(FuturesOrder.avg_price, zero_is_none=True),
    quantity=amount(FuturesOrder.orig_qty, zero_is_none=True),  # zero where the order closes a position
    filled_quantity=amount(FuturesOrder.executed_qty),
    self_trade_prevention=text(FuturesOrder.self_trade_prevention_mode),
    event_ns=time(FuturesOrder.update_time),
)
PLACED: Final = ORDER.extended(
    PlacedOrder,
    repeats={PlacedOrder.orig_type: PlacedOrder.type},
    trigger_price=amount(PlacedOrder.stop_price, zero_is_none=True),
)


def amended_off(status: str) -> Verdict | None:
    """What the status after an amendment says; None where the order lives on, or has filled."""
    match status:
        case "CANCELED":
            return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED)
        case "EXPIRED" | "EXPIRED_IN_MATCH":
            return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.EXPIRED)
        case "NEW" | "PARTIALLY_FILLED" | "FILLED":
            return None
        case "PENDING_CANCEL":
            return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL)
        case "REJECTED":
            return UNSURE._replace(status=OrderStatus.REJECTED)
        case _:
            return UNSURE


# It was set, and has canceled nothing yet.
COUNTDOWN: Final = EventMap(
    Countdown,
    always(TAKEN),
    kind=EventKind.TIMER,
    scope=constant(Scope.SYMBOL),
    symbol=text(Countdown.symbol),
)


AMENDED: Final = by_words(amended_off, FuturesOrder.status, raw_status=FuturesOrder.status)


# --- Errors ---

MapFunction = Callable[[Any, Call], Normalised]

# Codes whose rows in the table tell by the text what became of the request, where HTTP 503 alone does not.
_CERTAIN: Final = (-1000, -1001, -1008)


def error_verdict(table: CodeTable, code: int, message: str, status: int | None) -> Verdict:
    """Look an error up."""
    return verdict_of(table, code, message, None if code in _CERTAIN else status)


def failed_by(table: CodeTable) -> MapFunction:
    """Map a request that failed as a whole; what an error says beside its code and its text is ``extra``."""

    def failed(raw: ApiError | Maintenance, call: Call) -> Normalised:
        if isinstance(raw, Maintenance):
            event = call.failed(unknown(Reason.VENUE_UNAVAILABLE), code="239999", message=raw.text)
            return call.result([event])
        verdict = error_verdict(table, raw.code, raw.msg, call.record.status)
        return call.result([failed_request(verdict, raw.code, raw.msg, call, _beside(raw))])

    return failed


def _beside(raw: Struct) -> dict[str, Any] | None:
    """What an answer says beside its code and its text."""
    others = _names_beside(type(raw))
    if not others or all(getattr(raw, name) is UNSET for name in others):
        return None
    return {key: value for key, value in builtins_of(raw).items() if key not in ("code", "msg")} or None


@cache
def _names_beside(struct: type[Struct]) -> tuple[str, ...]:
    return tuple(f.name for f in fields_of(struct) if f.key not in ("code", "msg"))


def _failed_reply(raw: ErrorReply, call: Call) -> Normalised:
    """Map a WebSocket request that failed."""
    error = raw.error
    return refused(raw, call, error_verdict(FUTURES, error.code, error.msg, raw.status))


failed: Final = failed_by(FUTURES)
ERRORS: Final = Errors(ApiError | Maintenance, failed)
SOCKET_ERRORS: Final = Errors(ErrorReply, _failed_reply)
MAINTENANCE: Final = Errors(Maintenance, failed)
"""For endpoints whose success and failure have one shape."""


# --- Answers that are no cancel's ---


def is_shared(raw: Any) -> bool:
    """Whether other requests than cancels are answered alike.

    A placement is answered with the report of an order, and only a cancel's says CANCELED. A setting is answered
    with a code and a text, and only a cancel's text says so.
    """
    match raw:
        case list():
            return all(map(is_shared, raw))
        case ErrorReply():
            return raw.error.code != CANCEL_REJECTED
        case Envelope():
            return is_shared(getattr(raw, "result", None))
        case _:
            status, code = getattr(raw, "status", None), getattr(raw, "code", None)
    if code is not None:
        return code != CANCEL_REJECTED and "cancel all" not in raw.msg.casefold()
    return status is not None and status not in ("CANCELED", "CANCELLED")


# --- Answers, whatever their product ---


def one_by(rows: EventMap) -> MapFunction:
    """Map an answer that is one row: an order, or a dead-man switch."""

    def one(raw: Struct, call: Call) -> Normalised:
        note_failed_status(call.record.status, call, "$")
        return call.result(rows.events([raw], call, "$"))

    return one


def amended_by(orders: EventMap) -> MapFunction:
    """Map the answer to an amendment: it is about a cancel where it leaves nothing of the order on the book.

    So it is where the new quantity has filled already, and where a post-only order would take.
    """

    def amended(raw: Any, call: Call) -> Normalised:
        note_failed_status(call.record.status, call, "$")
        return call.result(orders.events([raw], call, "$"))

    return amended


def amended_rows_by(orders: EventMap) -> MapFunction:
    """Map the answer to several amendments; a row that is an error changed nothing, and is noted as no cancel."""

    def amended(raw: Sequence[Any], call: Call) -> Normalised:
        note_failed_status(call.record.status, call, "$")
        events: list[CancelEvent] = []
        for i, row in enumerate(raw):
            if isinstance(row, ApiError):
                call.note("not-a-cancel", f"$[{i}]", "an amendment that was refused", builtins_of(row))
            else:
                events += orders.events([row], call, f"$[{i}]", start=i)
        return call.result(events)

    return amended


def amendment_replied_by(orders: EventMap) -> MapFunction:
    """Map the answer to an amendment over WebSocket."""

    def amended(raw: Any, call: Call) -> Normalised:
        opened(raw, call)
        note_failed_status(raw.status, call, "$.status")
        return reply(raw, call, orders.events([raw.result], call, "$.result"))

    return amended


def replied_by(orders: EventMap) -> MapFunction:
    """Map the answer to a cancel of one order over WebSocket."""

    def replied(raw: Any, call: Call) -> Normalised:
        opened(raw, call)
        note_failed_status(raw.status, call, "$.status")
        return reply(raw, call, orders.events([raw.result], call, "$.result"))

    return replied


def rows_by(orders: EventMap, codes: CodeTable = FUTURES) -> MapFunction:
    """Map the answer to a cancel of several orders; a row that is an error names none.

    That rows come in the order of the request is not documented. To an empty array nothing was said of any
    order.
    """

    def rows(raw: Sequence[Any], call: Call) -> Normalised:
        note_failed_status(call.record.status, call, "$")
        targets = call.by_position([_ids(row) for row in raw], "$")
        symbol = Target(symbol=call.target.symbol)
        if not raw:
            return call.result([call.event(EventKind.REQUEST, NOT_SAID, symbol)])
        if not any(isinstance(row, ApiError) for row in raw):
            return call.result(orders.events(raw, call, "$[{}]"))
        return call.result(
            [
                _failed_row(row, codes, call, targets[i] if targets else symbol, i)
                if isinstance(row, ApiError)
                else orders.event(row, call, f"$[{i}]", index=i)
                for i, row in enumerate(raw)
            ]
        )

    return rows


def _ids(row: Any) -> tuple[str | None, str | None]:
    """The order id and the client id that a row of a batch gives."""
    return (None, None) if isinstance(row, ApiError) else (str(row.order_id), row.client_order_id or None)


def _failed_row(raw: ApiError, codes: CodeTable, call: Call, target: Target, index: int) -> CancelEvent:
    """The event of a row that is an error."""
    verdict = error_verdict(codes, raw.code, raw.msg, call.record.status)
    return call.failed(verdict, target, index=index, path=f"$[{index}]", code=str(raw.code), message=raw.msg)


def all_done(raw: AllDone, call: Call) -> Normalised:
    """Map the answer to a cancel of everything.

    The venue says that it "is done", and orders were seen to outlive it: it counts and lists none. So the
    cancel is pending until a stream or a query shows what became of each.
    """
    note_failed_status(call.record.status, call, "$")
    return call.result([call.scoped(TAKEN, scope=Scope.SYMBOL, code=str(raw.code), message=raw.msg)])


def all_by_code(good: int, scope: Scope, codes: CodeTable = FUTURES) -> MapFunction:
    """Map the answer to a cancel of everything where one shape says success, by a code, and failure.

    A code that is text and not known says nothing: the orders may be gone.
    """

    def all_answered(raw: Any, call: Call) -> Normalised:
        said = {"code": str(raw.code), "message": raw.msg, "extra": _beside(raw)}
        if raw.code in (good, str(good)):
            note_failed_status(call.record.status, call, "$")
            return call.result([call.scoped(TAKEN, scope=scope, **said)])
        if isinstance(raw.code, str):
            return call.result([call.failed(unknown(Reason.OTHER), **said)])
        verdict = error_verdict(codes, raw.code, raw.msg, call.record.status)
        return call.result([failed_request(verdict, raw.code, raw.msg, call, _beside(raw))])

    return all_answered
