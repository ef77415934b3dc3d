"""OKX messages that all products and transports share: the envelope of an answer, refusals, rows joined by position.

A success says that a cancel was accepted, never that an order is gone.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Final

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import force_setattr, replace

from cancelnorm.caching import cached
from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import CodeTable, EventMap, Verdict, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import EpochText, Prose, ns_of_text
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product
from cancelnorm.venues.okx.codes import CODES, QUERIED, SPREAD

# --- What OKX sends ---


RefusalCode = Annotated[str, Meta(min_length=5, max_length=5)]
"""The code of a request that was refused as a whole: five digits."""


class Envelope(Camel):
    """Fields of every answer beside its ``data``; over a WebSocket also what was asked."""

    # "0": all rows succeeded, "1": all failed, "2": some did; any other: refused before there were rows
    code: str
    msg: Prose  # mostly "" with a success
    in_time: str | UnsetType = UNSET  # µs, when the gateway had the request; since 2023-09, of orders
    out_time: EpochText | UnsetType = UNSET  # µs, when the gateway answered; since 2023-09, of orders


class Refused(Envelope):
    """A refusal that leaves ``data`` out; nobody has recorded one that does, and others have an empty array."""

    bare: ClassVar = True
    code: RefusalCode


class SocketReply(Envelope):
    """Fields of every answer over a WebSocket."""

    id: str | UnsetType = UNSET  # the request's
    op: str


class SocketRefused(SocketReply):
    """The same without ``data``."""

    bare: ClassVar = True
    code: RefusalCode


# --- What it means ---


@cached(1_024)
def derivative_of(name: object) -> Product | None:
    """The product of a contract, by the name of the instrument; None for a pair, and for any other text."""
    if not isinstance(name, str):
        return None
    _, *rest = name.split("-")
    match rest:
        case [quote, _] if quote:
            return Product.INVERSE if quote == "USD" else Product.LINEAR
        case [quote, _, _, "C" | "P"] if quote:
            return Product.OPTION
    return None


IDS: Final = IdSpace("okx", by_symbol=False)
KEYS: Final = RequestKeys(
    symbol=("instId",),
    order_id=("ordId",),
    client_order_id=("clOrdId",),
    product=("instId",),
    product_of=derivative_of,
    wrapper=("args",),
)
DOCS: Final = "https://www.okx.com/docs-v5/en/#"

TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, code="0")
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def envelope(raw: Envelope, call: Call) -> dict[str, Any]:
    """Take from an answer what its events need; what is left is returned."""
    if raw.out_time:
        call.response_ns = ns_of_text(raw.out_time)
    said: dict[str, Any] = {}
    if isinstance(raw, SocketReply):
        call.request_id = raw.id or None
        if call.endpoint.name != f"ws {raw.op}":
            said["op"] = raw.op
    if raw.in_time:
        said["inTime"] = raw.in_time
    return said


def said_of_rows(raw: Envelope, rows: Sequence[Any], call: Call) -> dict[str, Any]:
    """The same of an answer whose rows each have a verdict of their own, which counts whatever ``code`` says of all.

    A code for all that its rows contradict is noted.
    """
    said = envelope(raw, call)
    failed = 0
    for row in rows:
        if row.s_code != "0":
            failed += 1
    if raw.code != ("0" if failed == 0 else "1" if failed == len(rows) else "2"):
        call.note("contradiction", "$.code", f"rows that failed: {failed} of {len(rows)}", raw.code)
    if raw.msg:
        said["msg"] = prose(raw.msg)
    return said


def answered(
    raw: Envelope, rows: Sequence[Any], by_row: EventMap, call: Call, table: CodeTable = CODES
) -> Normalised:
    """Map an answer to the cancel of orders, a row each."""
    if not rows:
        return refused(raw, call, table)
    said = said_of_rows(raw, rows, call)
    return call.result(joined(by_row.events(rows, call, "$.data[{}]"), call), extra=said)


def listed(
    raw: Envelope, rows: Sequence[Any], by_row: EventMap, call: Call
) -> tuple[list[CancelEvent], dict[str, Any]]:
    """The events of rows without verdicts of their own, and what else is said; ``code`` is that of all.

    Beside a failure it is not known what the rows mean.
    """
    said = envelope(raw, call)
    if raw.msg:
        said["msg"] = prose(raw.msg)
    events = by_row.events(rows, call, "$.data[{}]")
    if raw.code == "0":
        return [replace(event, code=raw.code) for event in events], said
    call.note("contradiction", "$.code", "rows beside a failure", raw.code)
    opened = {"code": raw.code or None, "outcome": OPEN.outcome, "evidence": OPEN.evidence}
    return [replace(event, **opened) for event in events], said


def refused(raw: Envelope, call: Call, table: CodeTable = CODES) -> Normalised:
    """Map an answer without rows: the request was refused as a whole.

    Without that request it may answer a query as well, and says no more than it would say of one.
    """
    said = envelope(raw, call)
    is_anyones = call.record.endpoint is None and not isinstance(raw, SocketReply)
    if raw.code != "0":
        failure = verdict_of(QUERIED if is_anyones else table, raw.code, raw.msg, call.record.status)
    elif is_anyones:
        said |= {"msg": prose(raw.msg)} if raw.msg else {}
        return call.result(call.or_unknown([], "$.data"), extra=said)
    else:
        call.note("empty-list", "$.data", "a success without rows")
        failure = OPEN
    return call.result([call.failed(failure, code=raw.code or None, message=raw.msg)], extra=said)


ERRORS: Final = Errors(Refused, refused)
SPREAD_ERRORS: Final = Errors(Refused, lambda raw, call: refused(raw, call, SPREAD))


def joined(events: list[CancelEvent], call: Call) -> list[CancelEvent]:
    """The events of rows, each completed by the order of the request at its place.

    A row that failed may name no order. Where rows and orders of the request cannot be joined, those that no row
    names have an event of their own: nothing is known of them.
    """
    if not call.record.request:
        return events
    targets = call.targets
    if _are_the_same(events, targets):
        for event, target in zip(events, targets, strict=True):
            _place(event, target)
        return events
    asked = call.by_position(_comparable(events, targets), "$.data")
    if asked:
        return [_at_place(*pair, call, i) for i, pair in enumerate(zip(events, asked, strict=True))]
    unnamed = call.unnamed(events).values() if targets else ()
    rest = enumerate(unnamed, start=len(events))
    return [*events, *(call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in rest)]


def _are_the_same(events: Sequence[CancelEvent], targets: Sequence[Target]) -> bool:
    """Whether rows and orders of the request have the same order ids in the same order, as they mostly have."""
    if len(events) != len(targets):
        return False
    for event, target in zip(events, targets, strict=True):
        if event.order_id is None or event.order_id != target.order_id or target.client_order_id is not None:
            return False
    return True


def _place(event: CancelEvent, asked: Target) -> None:
    """Complete an event that nobody else holds yet by the product and the symbol of its order."""
    if asked.symbol is None:
        return
    force_setattr(event, "symbol", asked.symbol)
    if asked.product is None or event.product is not None:
        force_setattr(event, "from_request", ("symbol",))
    else:
        force_setattr(event, "product", asked.product)
        force_setattr(event, "from_request", ("product", "symbol"))


def _comparable(
    events: Sequence[CancelEvent], asked: Sequence[Target]
) -> list[tuple[str | None, str | None]]:
    """The ids of rows, without those of a row that gives the order id alone where the request gave the client id."""
    rows = [(event.order_id, event.client_order_id) for event in events]
    for i, (row, target) in enumerate(zip(rows, asked, strict=False)):
        if row[1] is None and target.order_id is None:
            rows[i] = (None, None)
    return rows


def _at_place(event: CancelEvent, asked: Target, call: Call, i: int) -> CancelEvent:
    """An event completed by the order at its place; one that is named by its client id alone keeps that."""
    event = completed(event, asked, call, f"$.data[{i}]")
    if event.client_order_id is not None or asked.order_id is not None or asked.client_order_id is None:
        return event
    filled = (*(event.from_request or ()), "client_order_id")
    names = tuple([name for name in CancelEvent.__struct_fields__ if name in filled])
    named = {"kind": EventKind.ORDER, "client_order_id": asked.client_order_id}
    return replace(event, **named, from_request=names)


SAYS_CANCEL: Final = "cancel"


def is_shared(raw: Any) -> bool:
    """Whether an answer, without its request, may be to a placement or an amendment as well as to a cancel.

    Rows of placements have a tag; a request is refused alike whatever it asked for, but where the text tells.
    """
    rows = getattr(raw, "data", ())
    if not rows:
        return SAYS_CANCEL not in raw.msg.casefold()
    return any(row.tag is not UNSET or row.sub_code is not UNSET for row in rows)
