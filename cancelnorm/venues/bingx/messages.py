"""BingX messages that all products share: the envelope of an answer, its errors, the dead-man switch."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import (
    CodeTable,
    EventMap,
    Said,
    Verdict,
    by_status,
    by_words,
    number,
    rejected,
    text,
    unknown,
)
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import MARK, Epoch, NamingText, Prose, Scalar, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    Outcome,
    Reason,
    Scope,
    Side,
)
from cancelnorm.venues.bingx.codes import SPOT, SWAP, verdict_by_code

# --- What BingX sends ---

ErrorCode = Annotated[int, Meta(ge=1, le=2**63 - 1, extra={MARK: Scalar.FAILED})]
"""A code of BingX: all are positive, 0 is success."""

LongId = int
"""The id of an order, of any length: one of more than 64 bits has been recorded."""

OrderId = Annotated[int, Meta(extra={MARK: Scalar.FAILED})] | NamingText
"""About 1.9e18, more than a binary float holds: recordings that went through one have it rounded.

It is an integer other than 0; a string only where a client library wrote the recording.
"""

NoOrderId = Literal[0, "0"]
"""The id of the empty order that the servers write where there is none; in quotes like the id above."""


class Reply(Camel):
    """The frame of an answer that says success; ``data`` may still say otherwise."""

    code: Literal[0]
    msg: Prose  # "" in all recordings
    debug_msg: Prose | UnsetType = UNSET  # since 2023; "" in all recordings


class MessageReply(Camel):
    """The same frame at endpoints of July 2021."""

    code: Literal[0]
    message: Prose | UnsetType = UNSET  # "" in their documentation
    msg: Prose | UnsetType = UNSET  # as at all other endpoints


class Nothing(Exact):
    """An object without fields."""


class ApiError(Camel):
    """A request that failed: refused by the gateway, or by the market behind it."""

    bare: ClassVar = True
    code: ErrorCode
    msg: Prose  # may begin with a space, hold JSON, or end in a tail of the servers' own
    debug_msg: Prose | UnsetType = UNSET  # from the spot market, since 2023
    data: Nothing | UnsetType | None = UNSET  # mostly absent
    success: bool | UnsetType = UNSET  # from the gateway, recorded once, with code 100419
    timestamp: Epoch | UnsetType = UNSET  # from the gateway


# --- What it means ---

# Since 2024-07-22 perpetuals put client ids in lower case.
IDS: Final = IdSpace("bingx", by_symbol=False, ignores_case=True)

# Spellings have changed over the years, mostly in case: `clientOrderID`, `ClientOrderIDList`.
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("clientOrderId",),
    order_ids=("orderIds", "orderIdList"),
    client_order_ids=("clientOrderIds", "clientOrderIdList"),
)
REPLACE_KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("cancelOrderId",),
    client_order_id=("cancelClientOrderId",),
    rows=("batchOrders",),
)

NO_ID: Final = (0, "0")
SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL})
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)

_ALIVE: Final = ("stale-status", "an order called canceled is shown alive")
_ENDED: Final = ("contradiction", "an order called canceled ended otherwise")
_LAST: Final = MappingProxyType(
    {
        status: Verdict(
            Outcome.CANCELED if reason is None else Outcome.REJECTED,
            Evidence.TERMINAL_STATUS,
            reason,
            status,
            note=None if reason is None else _ENDED,
        )
        for status, reason in (
            (OrderStatus.CANCELED, None),
            (OrderStatus.FILLED, Reason.ALREADY_FILLED),
            (OrderStatus.REJECTED, Reason.ALREADY_CLOSED),
            (OrderStatus.EXPIRED, Reason.ALREADY_CLOSED),
        )
    }
)


def verdicts(
    statuses: Mapping[str, OrderStatus], taken: Evidence, alive: tuple[str, str] | None = _ALIVE
) -> Mapping[str, Verdict]:
    """The verdict by the status of an order that an answer calls canceled.

    Only a terminal status is proof. BingX often returns orders in the status that they had before the cancel;
    those are no more than ``taken``, and noted as ``alive``.
    """
    return MappingProxyType(
        {
            word: _LAST.get(status) or Verdict(Outcome.PENDING, taken, None, status, note=alive)
            for word, status in statuses.items()
        }
    )


def shown(field: str, statuses: Mapping[str, OrderStatus], taken: Evidence) -> Said:
    """The verdict on an order that an answer calls canceled; a status that is not known leaves it open."""
    return by_status(field, verdicts(statuses, taken), Verdict(Outcome.UNKNOWN, taken))


# --- Answers ---


def answered(raw: Reply | MessageReply, call: Call, events: Sequence[CancelEvent]) -> Normalised:
    """Put an answer together, with a note on each order that the request names and the answer does not."""
    call.unanswered(events, "$.data")
    return enveloped(raw, call, events)


def enveloped(raw: Reply | MessageReply, call: Call, events: Sequence[CancelEvent]) -> Normalised:
    """Put an answer together."""
    for event in () if call.by_column else events:
        if event.order_id and not (event.from_request and "order_id" in event.from_request):
            note_long_id(event.order_id, call, event.path or "$")
    if isinstance(raw, MessageReply):
        words = {"message": raw.message, "msg": raw.msg}
    else:
        words = {"msg": raw.msg, "debugMsg": raw.debug_msg}
    return call.result(events, extra={name: prose(said) for name, said in words.items() if said})


def listed(
    rows: Sequence[Any], empty: type[Struct], each: EventMap, call: Call, at: str
) -> list[CancelEvent]:
    """One event an order of a list of canceled ones; an ``empty`` order names none and is noted."""
    if not any(issubclass(kind, empty) for kind in set(map(type, rows))):
        return each.events(rows, call, at)
    events = []
    for i, row in enumerate(rows):
        path = at.format(i)
        if isinstance(row, empty):
            note_phantom(row, call, path)
        else:
            events.append(each.event(row, call, path, index=i))
    return events


def note_phantom(order: Struct, call: Call, path: str) -> None:
    """Note an order of which everything is empty or zero."""
    call.note("phantom-row", path, "an empty order, which names none", builtins_of(checked(order)))


def none_named(call: Call, verdict: Verdict) -> CancelEvent:
    """The event of all open orders where the answer names none: those of a symbol, or else of the product."""
    if call.record.request and call.target.symbol is None:
        return call.scoped(verdict, scope=Scope.PRODUCT)
    return call.scoped(verdict)


_ZERO_TIME: Final = -6795364578871  # the servers' way to write no time


def is_blank(value: object) -> bool:
    """Whether JSON values say nothing: empty texts, zeros, the zero time, and objects of such."""
    if isinstance(value, dict):
        return all(map(is_blank, value.values()))
    if isinstance(value, str):
        return not value or ("0" in value and not value.strip("0.-"))
    return value in (0, None, _ZERO_TIME)


def ns_or_none(epoch: int) -> int | None:
    """Nanoseconds of an epoch that may be none."""
    try:
        return ns_of(epoch)
    except ValueError:
        return None


def note_long_id(order_id: int | str, call: Call, path: str) -> None:
    """Note an id that no 64 bits hold; it is kept as it was sent."""
    text = str(order_id)
    digits = text.lstrip("0") if text.isdecimal() else ""
    if len(digits) > 19 or (len(digits) == 19 and int(digits) >= 2**63):
        call.note("unknown-value", path, "an order id of more than 64 bits", text)


# --- Orders that were not canceled with others ---


def failure_map(
    struct: type[Struct],
    judge: Callable[..., Verdict],
    message: str,
    order_id: int | str,
    client_order_id: str | UnsetType | None = None,
    code: int | None = None,
) -> EventMap:
    """The map of a row that says by its code or its message why an order was not canceled."""
    return EventMap(
        struct,
        by_words(judge, message) if code is None else by_words(judge, code, message),
        code=None if code is None else number(code),
        message=text(message),
        order_id=number(order_id, none=NO_ID),
        client_order_id=None if client_order_id is None else text(client_order_id),
    )


def failed_rows(
    rows: Sequence[Any] | UnsetType | None, each: EventMap, call: Call, at: str, start: int
) -> Iterator[CancelEvent]:
    """The events of such rows, with the symbol of the request; one that names no order may be its order."""
    if not rows:
        return
    asked = call.target
    for event in each.events(rows, call, at, start=start):
        is_named = event.order_id or event.client_order_id
        yield completed_row(event, Target(symbol=asked.symbol) if is_named else asked)


def completed_row(event: CancelEvent, asked: Target) -> CancelEvent:
    """A row with what the request says of it; where neither names an order, it is about the request."""
    event = completed(event, asked)
    if event.order_id or event.client_order_id:
        return event if event.kind is EventKind.ORDER else replace(event, kind=EventKind.ORDER)
    return replace(event, kind=EventKind.REQUEST)


def replaced_if_canceled(event: CancelEvent) -> CancelEvent:
    """An old order: where its cancel was refused, the new one stands beside it and does not replace it."""
    return replace(event, replaced_by=None) if event.outcome is Outcome.REJECTED else event


# --- Requests that failed as a whole ---

# Two wordings: will be unblocked after 1727193814249; can retry after time: 1727193970155.
RETRY_AFTER: Final = re.compile(r"after(?: time:?)? ?([0-9]{13})(?![0-9])")


def refused(raw: ApiError, call: Call, verdict: Verdict) -> Normalised:
    """Map a request that failed."""
    if raw.timestamp is not UNSET:
        call.response_ns = ns_of(raw.timestamp)
    retry = RETRY_AFTER.search(raw.msg)
    event = call.failed(
        verdict,
        code=str(raw.code),
        message=raw.msg,
        retry_after_ns=None if retry is None else ns_or_none(int(retry[1])),
    )
    extra: dict[str, Any] = {"debugMsg": prose(raw.debug_msg)} if raw.debug_msg else {}
    if raw.success is not UNSET:
        extra["success"] = raw.success
    return call.result([event], extra=extra)


def _errors(table: CodeTable) -> Errors:
    """What a request that failed answers, by a table of codes."""

    def failed(raw: ApiError, call: Call) -> Normalised:
        return refused(raw, call, verdict_by_code(table, raw.code, raw.msg, call.record.status))

    return Errors(ApiError, failed)


SPOT_ERRORS: Final = _errors(SPOT)
SWAP_ERRORS: Final = _errors(SWAP)


def open_unless_told(verdict: Verdict) -> Verdict:
    """The verdict on the old order of a cancel-replace that failed as a whole.

    The cancel comes first: a code that is not about it may be about the new order, and leaves the old one open.
    """
    return unknown(Reason.OTHER) if verdict == rejected(Reason.OTHER) else verdict
