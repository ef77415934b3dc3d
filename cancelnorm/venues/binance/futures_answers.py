"""Binance derivatives answers that products and transports share: one order, several, all of them, errors."""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, Struct, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import CodeTable, EventMap, Verdict, always, constant, text, unknown, verdict_of
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalText, Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.reader.types import fields_of
from cancelnorm.request import Target
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Reason, Scope
from cancelnorm.venues.binance.codes import FUTURES
from cancelnorm.venues.binance.futures import NOT_SAID, TAKEN
from cancelnorm.venues.binance.messages import (
    CANCEL_REJECTED,
    ApiError,
    MapFunction,
    failed_request,
    note_failed_status,
)
from cancelnorm.venues.binance.websocket import Envelope, ErrorReply, opened, refused, reply

# --- What Binance sends ---


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

# It was set, and has canceled nothing yet.
COUNTDOWN: Final = EventMap(
    Countdown,
    always(TAKEN),
    kind=EventKind.TIMER,
    scope=constant(Scope.SYMBOL),
    symbol=text(Countdown.symbol),
)
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


def one_by(rows: EventMap) -> MapFunction:
    """Map an answer that is one row: an order, canceled or amended, or a dead-man switch."""

    def one(raw: Struct, call: Call) -> Normalised:
        note_failed_status(call.record.status, call, "$")
        return call.result(rows.events([raw], call, "$"))

    return one


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


def replied_by(orders: EventMap) -> MapFunction:
    """Map the answer to a cancel or an amendment of one order over WebSocket."""

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
