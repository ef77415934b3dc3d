"""Bybit messages that every transport shares: the names of orders, the verdicts on them, and refusals.

Code 0 says that a request was taken, never that an order is gone.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import EventMap, Verdict, always, by_code, text, verdict_of, word
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.mismatch import redacted
from cancelnorm.reader.scalars import Epoch, Failed, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product
from cancelnorm.venues.bybit.codes import V5

# --- What Bybit sends ---


class Empty(Exact):
    """An object with nothing in it."""


class OrderName(Camel):
    """An order whose cancel was taken."""

    order_id: str  # a UUID, for spot 19 digits
    order_link_id: str  # "" where the order has none


class BatchRow(Camel):
    """An order of a batch, taken or not."""

    category: Literal["linear", "inverse", "spot", "option"]
    symbol: str
    order_id: str  # "" where the order was named by orderLinkId and not found
    order_link_id: str


class TakenBatch(Exact):
    """The orders of a batch, in the order of the request; ``{}`` where none was looked at."""

    rows: list[BatchRow] | UnsetType | None = field(name="list", default=UNSET)


class RowVerdict(Exact):
    """Result for the order at the same place of the batch."""

    code: Int  # 0: taken
    msg: Prose


class Verdicts(Exact):
    """One verdict per order of a batch; ``{}`` where there are none."""

    rows: list[RowVerdict] | UnsetType | None = field(name="list", default=UNSET)


# null and "" were recorded in place of {}.
Nothing = Empty | Prose | None


class Answer(Camel):
    """Fields of every answer over REST beside its ``result``."""

    ret_code: Literal[0]
    ret_msg: Prose  # "OK", "success", "SUCCESS" or ""
    ret_ext_info: Nothing
    time: Epoch  # when the gateway answered


class Refused(Camel):
    """Fields of every refusal beside its ``result``; gateways leave out most of them."""

    ret_code: Failed
    ret_msg: Prose  # "" where only ``ret_ext_info`` has the reason
    ret_ext_info: Verdicts | Prose | UnsetType | None = UNSET
    ret_ext_map: dict[str, str] | UnsetType = UNSET  # 2022, in place of ``ret_ext_info``
    time: Epoch | UnsetType = UNSET


class Unnamed(Camel):
    """Place of the order in a refusal: nothing, or ids that are empty."""

    order_id: str | UnsetType = UNSET
    order_link_id: str | UnsetType = UNSET


class CancelRefused(Refused):
    """The refusal of a cancel of one order."""

    result: Unnamed | list[Empty] | UnsetType | None = UNSET


# --- What it means ---

IDS: Final = IdSpace("bybit", by_symbol=False)
PRODUCTS: Final = MappingProxyType(
    {
        "linear": Product.LINEAR,
        "inverse": Product.INVERSE,
        "spot": Product.SPOT,
        "option": Product.OPTION,
    }
)
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("orderLinkId",),
    product=("category",),
    products=PRODUCTS,
    rows=("request",),
    wrapper=("args",),
)
SCOPE_KEYS: Final = RequestKeys(symbol=("symbol",), product=("category",), products=PRODUCTS)

TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)

NAMED: Final = EventMap(
    OrderName,
    always(TAKEN),
    order_id=text(OrderName.order_id),
    client_order_id=text(OrderName.order_link_id),
)
LISTED: Final = NAMED.extended(OrderName, always(Verdict(Outcome.PENDING, Evidence.LISTED)))
OPENED: Final = NAMED.extended(OrderName, always(OPEN))

ROW: Final = EventMap(
    BatchRow,
    by_code(RowVerdict.code, RowVerdict.msg, V5, taken=TAKEN),
    product=word(BatchRow.category, PRODUCTS),
    symbol=text(BatchRow.symbol),
    order_id=text(BatchRow.order_id),
    client_order_id=text(BatchRow.order_link_id),
)
OPENED_ROW: Final = ROW.extended(BatchRow, always(OPEN))
# In a refusal that one order of it was taken cannot be believed.
REFUSED_ROW: Final = ROW.extended(BatchRow, by_code(RowVerdict.code, RowVerdict.msg, V5, taken=OPEN))
REFUSED_NAME: Final = EventMap(
    Unnamed,
    by_code(RowVerdict.code, RowVerdict.msg, V5, taken=OPEN),
    order_id=text(Unnamed.order_id),
    client_order_id=text(Unnamed.order_link_id),
)
# Where a batch names no order, its verdicts are about those of the request.
VERDICT: Final = EventMap(RowVerdict, by_code(RowVerdict.code, RowVerdict.msg, V5, taken=TAKEN))
REFUSED_VERDICT: Final = VERDICT.extended(
    RowVerdict, by_code(RowVerdict.code, RowVerdict.msg, V5, taken=OPEN)
)


def opened(raw: Answer, call: Call) -> None:
    """Take from an answer what its events need."""
    call.response_ns = ns_of(raw.time)


def envelope(message: str, info: object) -> dict[str, Any]:
    """What an answer says beside the code, without what is empty."""
    said = {"retMsg": prose(message)} if message else {}
    if isinstance(info, str) and info:
        said["retExtInfo"] = prose(info)
    return said


def taken(raw: OrderName, call: Call, at: str) -> list[CancelEvent]:
    """The event of an order whose cancel was taken; its end is not known."""
    events = NAMED.events([raw], call, at)
    if call.record.request:
        events = [completed(event, call.target, call, at) for event in events]
    elif raw.order_id or raw.order_link_id:
        return events
    if events[0].order_id is None and events[0].client_order_id is None:
        call.note("phantom-row", at, "an acknowledgement that names no order")
        return [call.failed(TAKEN)]
    return events


def bare(call: Call) -> CancelEvent | None:
    """The event of a code and a text alone that came without an endpoint: it acknowledges nobody knows what."""
    return call.failed(OPEN) if call.record.endpoint is None else None


def named(events: Sequence[CancelEvent], asked: Target, call: Call) -> list[CancelEvent]:
    """The events of a list of orders, completed by the scope that the request asked for.

    A row without any id names no order: it is noted.
    """
    found = [event for event in events if event.order_id or event.client_order_id]
    if len(found) < len(events):
        for event in events:
            if not (event.order_id or event.client_order_id):
                call.note("phantom-row", event.path or "$", "a row that names no order")
    return [completed(event, asked) for event in found] if any(asked) else found


# --- Batches ---


def batch_events(
    rows: Sequence[BatchRow], info: Verdicts | str | UnsetType | None, call: Call, at: str
) -> list[CancelEvent]:
    """One event an order of a batch, joined with the verdict at its place; ``at`` is the path of a row.

    Where there are more orders than verdicts or fewer, nobody can say which verdict is whose: all orders
    are open. Where the answer names no order, it is about those of the request.
    """
    verdicts = _verdicts(info)
    targets = () if rows else call.targets
    size = len(rows) or len(targets)
    if size and size == len(verdicts):
        return _joined(rows, verdicts, call, at, ROW, VERDICT)
    unplaced(verdicts, size, call)
    if rows:
        return _completed(OPENED_ROW.events(rows, call, at), call, at)
    if targets:
        return [call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in enumerate(targets)]
    return [call.scoped(OPEN)]


_VERDICTS: Final = "$.retExtInfo.list"


def unplaced(verdicts: Sequence[RowVerdict], size: int, call: Call) -> None:
    """Note verdicts that are more or fewer than the ``size`` orders they are about."""
    message = f"{len(verdicts)} verdicts on {size} orders"
    call.note("length-mismatch", _VERDICTS, message, builtins_of(verdicts))


def _verdicts(info: Verdicts | str | UnsetType | None) -> list[RowVerdict]:
    """The verdicts of a batch; none where something else stands in their place."""
    return (info.rows or []) if isinstance(info, Verdicts) else []


def _joined(
    rows: Sequence[Struct],
    verdicts: Sequence[RowVerdict],
    call: Call,
    at: str,
    by_row: EventMap,
    by_verdict: EventMap,
) -> list[CancelEvent]:
    """One event a verdict, on the order at its place: a row of the answer, or of the request."""
    if rows:
        return _completed(by_row.events(rows, call, at, beside=verdicts), call, at)
    return _completed(by_verdict.events(verdicts, call, f"{_VERDICTS}[{{}}]"), call, at)


def _completed(events: list[CancelEvent], call: Call, at: str) -> list[CancelEvent]:
    """Fill in what the rows left out and the request says; where it is a batch, at the same places."""
    if not call.record.request:
        return events
    rows = at.removesuffix("[{}]")
    if rows == at:
        return [completed(event, call.target, call, at) for event in events]
    asked = call.by_position([(event.order_id, event.client_order_id) for event in events], rows)
    for i, target in enumerate(asked):
        event = events[i]
        if not (event.product and event.symbol and event.order_id):
            events[i] = completed(event, target, call, f"{rows}[{i}]")
    return events


# --- Refusals ---


def refused(
    raw: Refused,
    call: Call,
    rows: Sequence[Struct] = (),
    *,
    by_row: EventMap = REFUSED_ROW,
    at: str = "$.result.list[{}]",
    result: object = None,
) -> Normalised:
    """Map the refusal of a request as a whole; ``rows`` are the orders that it names, usually none.

    Where there is a verdict for each order, it says more than the code of the whole, which is then extra.
    """
    if raw.time is not UNSET:
        call.response_ns = ns_of(raw.time)
    verdicts = _verdicts(raw.ret_ext_info)
    extra: dict[str, Any] = {}
    if raw.ret_ext_map:
        extra["retExtMap"] = redacted(raw.ret_ext_map)
    if isinstance(raw.ret_ext_info, str) and raw.ret_ext_info:
        extra["retExtInfo"] = prose(raw.ret_ext_info)
    said = builtins_of(result) if isinstance(result, Struct) else {}
    if any(said.values()):
        extra["result"] = said
    if verdicts and len(verdicts) == len(rows or call.targets):
        for i, verdict in enumerate(verdicts):
            if verdict.code == 0:
                message = "the request was refused, this order of it was not"
                call.note("contradiction", f"{_VERDICTS}[{i}].code", message, 0)
        events = _joined(rows, verdicts, call, at, by_row, REFUSED_VERDICT)
        whole = {"retCode": raw.ret_code, "retMsg": prose(raw.ret_msg)}
        return call.result(events, extra=whole | extra)
    if verdicts:
        extra["retExtInfo"] = builtins_of(raw.ret_ext_info)
    if rows:
        each = [RowVerdict(code=raw.ret_code, msg=raw.ret_msg)] * len(rows)
        return call.result(_joined(rows, each, call, at, by_row, REFUSED_VERDICT), extra=extra)
    failure = verdict_of(V5, raw.ret_code, raw.ret_msg, call.record.status)
    return call.result([call.failed(failure, code=str(raw.ret_code), message=raw.ret_msg)], extra=extra)


def refused_cancel(raw: Refused, call: Call, result: object, at: str = "$.result") -> Normalised:
    """Map the refusal of a cancel of one order, which its ``result`` may name after all."""
    rows = [result] if isinstance(result, Unnamed) and (result.order_id or result.order_link_id) else []
    return refused(raw, call, rows, by_row=REFUSED_NAME, at=at)


CANCEL_ERRORS: Final = Errors(CancelRefused, lambda raw, call: refused_cancel(raw, call, raw.result))


SAYS_CANCEL: Final = "cancel"


def is_shared(raw: Answer | Refused) -> bool:
    """Whether an answer, without its request, may be to a placement or an amendment as well as to a cancel.

    All are acknowledged alike, and refused alike but where the text speaks of a cancel.
    """
    return SAYS_CANCEL not in raw.ret_msg.casefold()


def is_shared_refusal(raw: Answer | Refused) -> bool:
    """The same where nothing else is acknowledged alike."""
    return isinstance(raw, Refused) and is_shared(raw)
