"""Bitget messages that all products share: the envelope of an answer, refusals, one order, lists of orders.

A success says that a cancel was accepted, never that an order is gone.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import EventMap, Verdict, always, by_words, text, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import Epoch, EpochText, Prose, ns_of, ns_of_text
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product, Scope
from cancelnorm.venues.bitget.codes import CODES, GOOD

# --- What Bitget sends ---


class Head(Camel):
    """Fields of every answer over REST beside its ``data``."""

    code: str  # "00000": the request was taken, whatever became of its orders
    msg: Prose | UnsetType = UNSET  # "success"
    message: Prose | UnsetType = UNSET  # the same on some pages of the documentation; nobody has recorded it
    request_time: Epoch | EpochText  # when the gateway answered; in quotes in some recordings of 2025


class Envelope(Head):
    """An answer with ``data``, which is null where the request was refused."""


class Refused(Head):
    """A refusal without ``data``; nobody has recorded one, and gateways may leave it out."""

    bare: ClassVar = True


class OrderName(Camel):
    """An order whose cancel was taken."""

    order_id: str | None
    client_oid: str | None  # one of the venue's own where the order was placed without


class FailedRow(Camel):
    """An order of several whose cancel was not taken; an id by which it was not named may be empty."""

    order_id: str | None
    client_oid: str | None
    error_msg: Prose
    error_code: str | UnsetType | None = UNSET  # since 2023-11-16; "" on some pages, not for plan orders


class Lists(Camel):
    """Result of the cancel of several orders, in two lists."""

    success_list: list[OrderName] | None
    failure_list: list[FailedRow] | None


class CancelAnswer(Envelope):
    """The answer to a cancel of one order."""

    data: OrderName | None


class ListsAnswer(Envelope):
    """The answer to a cancel of several orders. With ``code`` "00000" all of them may have failed."""

    data: Lists | None


# --- What it means ---

IDS: Final = IdSpace("bitget", by_symbol=False)
DOCS: Final = "https://www.bitget.com/api-doc/"
_FUTURES: Final = {
    f"{demo}{margin}-FUTURES": Product.INVERSE if margin == "COIN" else Product.LINEAR
    for demo in ("", "S")  # those with S are demo trading
    for margin in ("USDT", "USDC", "COIN")
}
_BY_CATEGORY: Final = {"SPOT": Product.SPOT, "MARGIN": Product.MARGIN, **_FUTURES}
# In capitals and not, in requests as in frames.
PRODUCTS: Final = MappingProxyType(
    {word: product for name, product in _BY_CATEGORY.items() for word in (name, name.lower())}
)
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("clientOid",),
    product=("productType", "category"),
    products=PRODUCTS,
    rows=("orderIdList", "orderList"),
)
SCOPE_KEYS: Final = RequestKeys(symbol=("symbol",), product=("productType", "category"), products=PRODUCTS)

TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, code=GOOD)
SEEN: Final = Verdict(Outcome.PENDING, Evidence.LISTED)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)

NAMED: Final = EventMap(
    OrderName,
    always(TAKEN),
    order_id=text(OrderName.order_id),
    client_order_id=text(OrderName.client_oid),
)
LISTED: Final = NAMED.extended(OrderName, always(SEEN), unnamed=EventKind.REQUEST)


def judge(code: object, message: object = None) -> Verdict:
    """The verdict on an order by the code of its row, or by the text where there is no code."""
    return verdict_of(CODES, str(code or ""), str(message or ""))


FAILED: Final = EventMap(
    FailedRow,
    by_words(judge, FailedRow.error_code, FailedRow.error_msg),
    unnamed=EventKind.REQUEST,
    order_id=text(FailedRow.order_id),
    client_order_id=text(FailedRow.client_oid),
    code=text(FailedRow.error_code),
    message=text(FailedRow.error_msg),
)


def envelope(raw: Head, call: Call) -> dict[str, Any]:
    """Take from an answer what its events need; what is left is returned."""
    moment = raw.request_time
    call.response_ns = ns_of_text(moment) if isinstance(moment, str) else ns_of(moment)
    said = {}
    if raw.msg:
        said["msg"] = prose(raw.msg)
    if raw.message:
        said["message"] = prose(raw.message)
    return said


def keys_of(raw: Envelope) -> int:
    """How many keys an answer has beside those in its ``data``."""
    return 3 + (raw.msg is not UNSET) + (raw.message is not UNSET)


def refused(raw: Head, call: Call, **fields: Any) -> Normalised:
    """Map the refusal of a request as a whole; ``fields`` are what its ``data`` says all the same."""
    said = envelope(raw, call)
    words = said.pop("msg", "") or said.pop("message", "")
    failure = verdict_of(CODES, raw.code, words, call.record.status)
    if raw.code == GOOD:
        call.note("empty-list", "$.data", "a success without data")
        failure = OPEN
    if call.endpoint.is_query and call.record.endpoint is not None:
        failure = failure._replace(outcome=Outcome.UNKNOWN, evidence=Evidence.NONE)
    return call.result([call.failed(failure, code=raw.code, message=words, **fields)], extra=said)


def cancel(raw: CancelAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one order: its end is not known."""
    order = raw.data
    if order is None:
        return refused(raw, call)
    if raw.code != GOOD:
        return refused(raw, call, order_id=order.order_id or None, client_order_id=order.client_oid or None)
    said = envelope(raw, call)
    call.is_whole = call.colons == keys_of(raw) + 2
    return call.result([taken(NAMED.event(order, call, "$.data"), call, "$.data")], extra=said)


def taken(event: CancelEvent, call: Call, at: str) -> CancelEvent:
    """The event of an order whose cancel was taken, completed by the request."""
    if call.record.request:
        event = _completed(event, call.target, call, at)
    if event.order_id is None and event.client_order_id is None:
        call.note("phantom-row", at, "an acknowledgement that names no order")
        return call.failed(TAKEN)
    return event


def lists(raw: ListsAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders."""
    if raw.data is None:
        return refused(raw, call)
    return listed(raw, call, raw.data.success_list, raw.data.failure_list)


def listed(
    raw: Envelope,
    call: Call,
    done: list[OrderName] | None,
    failed: list[FailedRow] | None,
    names: tuple[str, str] = ("successList", "failureList"),
) -> Normalised:
    """Map two lists of orders: they decide, whatever ``code`` says of all."""
    done, failed = done or [], failed or []
    said = envelope(raw, call)
    if all(row.error_code is not UNSET for row in failed):
        call.is_whole = call.colons == keys_of(raw) + 2 + 2 * len(done) + 4 * len(failed)
    events = call.gathered()
    events += LISTED.events(done, call, f"$.data.{names[0]}[{{}}]")
    events += FAILED.events(failed, call, f"$.data.{names[1]}[{{}}]", start=len(done))
    return rows_answered(raw, [*done, *failed], events, call, said)


def note_code(raw: Envelope, call: Call) -> None:
    """Note the code of a failure beside ``data``, which nobody has recorded: the rows count."""
    if raw.code != GOOD:
        call.note("contradiction", "$.code", "rows beside the code of a failure", raw.code)


def rows_answered(
    raw: Envelope,
    rows: Sequence[OrderName | FailedRow],
    events: list[CancelEvent],
    call: Call,
    said: dict[str, Any],
) -> Normalised:
    """Map rows, completed by the request; without ids a batch is a cancel of all orders, and may have no rows."""
    if raw.code != GOOD:
        if not rows:
            return refused(raw, call)
        note_code(raw, call)
    return call.result(joined(events, call) or [scoped(call)], extra=said)


def scoped(call: Call, verdict: Verdict = TAKEN, **fields: Any) -> CancelEvent:
    """The event of a cancel of all orders of a scope."""
    if call.record.request and not (call.target.symbol or fields.get("symbol")):
        fields["scope"] = Scope.PRODUCT
    return call.scoped(verdict, **fields)


def of_request(event: CancelEvent, asked: Target) -> CancelEvent:
    """The event of a row that does not name its order, which the request does, or nobody."""
    event = completed(event, asked)
    return event if asked.names_order else replace(event, kind=EventKind.REQUEST)


def joined(events: list[CancelEvent], call: Call) -> list[CancelEvent]:
    """The events of rows, each completed by what the request says of its order.

    Rows do not stand in the order of the request. Of an order of the request that no row names nothing is known;
    a row that names none is about the only one left, and so is the only row that names no order of the request.
    """
    if not call.record.request:
        return events
    targets = call.targets
    order_ids = {event.order_id for event in events if event.order_id}
    is_answered = bool(targets) and all(target.order_id in order_ids for target in targets)
    left = {} if is_answered else call.unnamed(events)
    unnamed = sum(not (event.order_id or event.client_order_id) for event in events)
    by_id = {each: t for t in targets for each in (t.order_id, t.client_order_id) if each}
    asked = call.target if unnamed or not is_answered or len(events) != len(targets) else Target()
    shared = Target(symbol=asked.symbol, product=asked.product)
    only = shared
    if unnamed == len(left) == 1:
        [only] = left.values()
        left = {}
    elif len(left) == 1 and (paired := _paired(events, next(iter(left.values())), by_id)):
        events, left = paired, {}
    found = []
    for event in events:
        own = by_id.get(event.order_id or "") or by_id.get(event.client_order_id or "") or shared
        is_named = event.order_id or event.client_order_id
        found.append(_completed(event, own) if is_named else of_request(event, only))
    if left:
        call.unanswered(found, "$.data")
        found += [
            call.event(EventKind.ORDER, OPEN, asked, index=i)
            for i, asked in enumerate(left.values(), start=len(events))
        ]
    return found


def _paired(events: Sequence[CancelEvent], asked: Target, by_id: Mapping[str, Target]) -> list[CancelEvent]:
    """Complete the only row that names another order by that which the request names by its client id alone.

    Nothing where the rows, or the request, leave open which one that is.
    """
    strange = [i for i, row in enumerate(events) if not by_id.keys() & {row.order_id, row.client_order_id}]
    if len(strange) != 1 or asked.order_id is not None:
        return []
    [i] = strange
    row = events[i]
    if row.client_order_id is not None:
        return []
    row = replace(completed(replace(row, order_id=None), asked), order_id=row.order_id)
    return [*events[:i], row, *events[i + 1 :]]


def _completed(event: CancelEvent, asked: Target, call: Call | None = None, path: str = "$") -> CancelEvent:
    """The same as ``completed``, sooner where both name the order by its id: its product and its symbol are missing."""
    if event.order_id is None or event.order_id != asked.order_id or event.symbol is not None:
        return completed(event, asked, call, path)
    said: dict[str, Any] = {}
    if event.product is None and asked.product is not None:
        said["product"] = asked.product
    if asked.symbol is not None:
        said["symbol"] = asked.symbol
    return replace(event, **said, from_request=tuple(said)) if said else event


ERRORS: Final = Errors(Refused, refused)
SAYS_CANCEL: Final = "cancel"
"""A word of the texts that refuse a cancel and no other request."""


def is_shared(raw: Any) -> bool:
    """Whether an answer, without its request, may be to a placement or an amendment as well as to a cancel.

    All are acknowledged alike, and refused alike but where the text speaks of a cancel.
    """
    return SAYS_CANCEL not in f"{raw.msg or raw.message}".casefold()


def is_shared_refusal(raw: Any) -> bool:
    """The same of answers to queries, of which only refusals are alike."""
    return getattr(raw, "data", None) is None and is_shared(raw)
