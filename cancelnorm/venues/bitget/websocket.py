"""Bitget WebSocket trade: what it answers to a cancel, of the classic account and of the unified one.

A success says that a cancel was accepted. The classic account echoes what was asked, and its code is a number;
the unified account has a list of orders, and its code is a text.
"""

from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import EventMap, Verdict, by_words, text, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import Code, Epoch, EpochText, Prose, ns_of, ns_of_text
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.codes import CODES, GOOD
from cancelnorm.venues.bitget.messages import (
    DOCS,
    IDS,
    OPEN,
    PRODUCTS,
    SAYS_CANCEL,
    SEEN,
    TAKEN,
    joined,
)
from cancelnorm.venues.bitget.unified import row_verdict

# --- What Bitget sends ---


class Params(Camel):
    """The order, as the request named it and as far as it is known."""

    order_id: str | UnsetType | None = UNSET
    client_oid: str | UnsetType | None = UNSET


class Asked(Camel):
    """Request with its id."""

    id: str
    inst_type: str
    channel: Literal["cancel-order"]
    inst_id: str | UnsetType = UNSET
    params: Params


class Reply(Camel):
    """Fields of every answer."""

    event: Literal["trade", "error"]
    code: Code  # 0 or "0": the cancel was accepted
    msg: Prose  # "Success"


class TradeReply(Reply):
    """The answer of the classic account, which repeats the request."""

    arg: list[Asked] | Asked  # an object in a table of the documentation
    ts: Epoch | UnsetType = UNSET  # not documented


class NamedRow(Camel):
    """An order of the answer of the unified account; one with the code of a failure was not taken."""

    order_id: str | None
    client_oid: str | UnsetType | None = UNSET  # not in a recording of 2025
    code: str | UnsetType | None = UNSET  # "0" where it was taken; not in the answer about one order
    msg: Prose | UnsetType | None = UNSET


class UnifiedReply(Reply):
    """Fields of the answers of the unified account."""

    id: str | UnsetType = UNSET
    args: list[NamedRow]
    category: str | UnsetType = UNSET  # may be there
    ts: EpochText | UnsetType = UNSET
    conn_id: str | UnsetType = UNSET  # since 2026-05


class CancelReply(UnifiedReply):
    """The answer to a cancel of one order."""

    topic: Literal["cancel-order"]


class BatchReply(UnifiedReply):
    """The answer to a cancel of several orders."""

    topic: Literal["batch-cancel"]


class SocketError(Reply):
    """A refusal that repeats nothing but the id of its request, if that; recorded of a placement."""

    id: Code | UnsetType = UNSET  # a number on a page of the documentation
    op: str | UnsetType = UNSET
    ts: Epoch | EpochText | UnsetType = UNSET


class ConnectedError(SocketError):
    """The same since 2026-05: it names the connection. Its code is a number; beside a text other venues name theirs."""

    code: int
    conn_id: str


# --- What it means ---

_EVENTS: Final = frozenset(("trade", "error"))
KEYS: Final = RequestKeys(
    symbol=("symbol", "instId"),
    order_id=("orderId",),
    client_order_id=("clientOid",),
    product=("category", "instType"),
    products=PRODUCTS,
    rows=("params",),
    wrapper=("args",),
)
_TAKEN: Final = MappingProxyType({code: TAKEN._replace(code=code) for code in ("0", GOOD)})
_NAMED: Final = TAKEN._replace(code=None)


def _judge(code: object, message: object) -> Verdict:
    found = row_verdict(code, message)
    return _NAMED if found is SEEN else found


BATCHED: Final = EventMap(
    NamedRow,
    by_words(row_verdict, NamedRow.code, NamedRow.msg),
    unnamed=EventKind.REQUEST,
    order_id=text(NamedRow.order_id),
    client_order_id=text(NamedRow.client_oid),
    code=text(NamedRow.code),
    message=text(NamedRow.msg),
)
NAMED: Final = BATCHED.extended(NamedRow, by_words(_judge, NamedRow.code, NamedRow.msg))


def _verdict(raw: Reply, call: Call) -> Verdict:
    """The verdict of an answer as a whole; an event that contradicts its code leaves the outcome open."""
    code = str(raw.code)
    is_good = code in _TAKEN
    if is_good and raw.event == "trade":
        return _TAKEN[code]
    found = OPEN if is_good else verdict_of(CODES, code, raw.msg)
    if is_good != (raw.event == "trade"):
        call.note("contradiction", "$.event", f"an event that is told with code {code}", raw.event)
    return found._replace(code=code)


def _said(raw: Reply, **more: object) -> dict[str, Any]:
    """What is left of an answer: what its events do not have."""
    event = None if raw.event in _EVENTS else raw.event
    return {key: value for key, value in {"event": event, **more}.items() if value}


def trade(raw: TradeReply, call: Call) -> Normalised:
    """Map the answer of the classic account: it names the order, whatever became of it."""
    rows = [raw.arg] if isinstance(raw.arg, Asked) else raw.arg
    at = "$.arg" if isinstance(raw.arg, Asked) else "$.arg[{}]"
    call.response_ns = None if raw.ts is UNSET else ns_of(raw.ts)
    verdict = _verdict(raw, call)
    if not rows:
        return call.result([call.failed(verdict, message=raw.msg)], extra=_said(raw))
    events = [_asked(row, raw, verdict, call, at.format(i), i) for i, row in enumerate(rows)]
    call.request_id = rows[0].id or None
    return call.result(events, extra=_said(raw))


def _asked(row: Asked, raw: Reply, verdict: Verdict, call: Call, at: str, index: int) -> CancelEvent:
    """The event of one order that was asked for; one that names none is about that of the request, if there is one."""
    call.request_id = row.id or None
    product = PRODUCTS.get(row.inst_type)
    said = {
        "instType": None if product else row.inst_type,
        "channel": None if call.endpoint.name == f"ws trade {row.channel}" else row.channel,
    }
    order_id, client_id = row.params.order_id or None, row.params.client_oid or None
    asked = Target() if order_id or client_id else call.target
    return call.event(
        EventKind.ORDER if order_id or client_id or asked.names_order else EventKind.REQUEST,
        verdict,
        asked,
        index=index,
        path=at,
        product=product,
        symbol=row.inst_id or None,
        order_id=order_id,
        client_order_id=client_id,
        message=raw.msg,
        extra={key: value for key, value in said.items() if value} or None,
    )


def unified(raw: CancelReply | BatchReply, call: Call) -> Normalised:
    """Map the answer of the unified account."""
    call.request_id = raw.id or None
    call.response_ns = ns_of_text(raw.ts) if raw.ts else None
    topic = None if call.endpoint.name == f"ws {raw.topic}" else raw.topic
    said = _said(raw, topic=topic, category=raw.category, connId=raw.conn_id)
    verdict = _verdict(raw, call)
    rows = raw.args
    if verdict.outcome is Outcome.PENDING and rows:
        by_row = NAMED if isinstance(raw, CancelReply) else BATCHED
        events = joined(by_row.events(rows, call, "$.args[{}]"), call)
        if (product := PRODUCTS.get(raw.category or "")) is not None:
            events = [replace(event, product=product) for event in events]
        return call.result(events, extra={"msg": prose(raw.msg), **said} if raw.msg else said)
    if not rows:
        return call.result([call.failed(verdict, message=raw.msg)], extra=said)
    events = [_named(row, raw, verdict, call, i) for i, row in enumerate(rows)]
    if any(map(_says_why, rows)):
        said |= {"code": str(raw.code), "msg": prose(raw.msg)}
    return call.result(joined(events, call), extra=said)


def _says_why(row: NamedRow) -> bool:
    """Whether a row has a code or a text of its own."""
    return bool(row.code or row.msg)


def _named(row: NamedRow, raw: Reply, verdict: Verdict, call: Call, index: int) -> CancelEvent:
    """The event of an order of a request that was refused as a whole; what its row says of it counts."""
    order_id, client_id = row.order_id or None, row.client_oid or None
    if _says_why(row):
        verdict = row_verdict(row.code, row.msg)._replace(code=row.code or None)
    return call.event(
        EventKind.ORDER if order_id or client_id else EventKind.REQUEST,
        verdict,
        index=index,
        path=f"$.args[{index}]",
        order_id=order_id,
        client_order_id=client_id,
        message=(row.msg or None) if _says_why(row) else raw.msg,
    )


def refused(raw: SocketError, call: Call) -> Normalised:
    """Map a refusal that names no order: the request may."""
    call.request_id = None if raw.id is UNSET else str(raw.id) or None
    if raw.ts:
        call.response_ns = ns_of_text(raw.ts) if isinstance(raw.ts, str) else ns_of(raw.ts)
    verdict = _verdict(raw, call)
    if verdict.outcome is Outcome.PENDING:
        verdict = OPEN._replace(code=verdict.code)  # nobody has recorded a success that names no order
    event = call.failed(verdict, message=raw.msg)
    conn_id = raw.conn_id if isinstance(raw, ConnectedError) else None
    return call.result([event], extra=_said(raw, op=raw.op, connId=conn_id))


ERRORS: Final = Errors(SocketError | ConnectedError, refused)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "ws trade cancel-order",
        TradeReply,
        trade,
        page="contract/websocket/private/Cancel-Order-Channel",
    ),
    endpoint(
        "ws cancel-order",
        CancelReply,
        unified,
        page="uta/websocket/private/Cancel-Order-Channel",
    ),
    endpoint(
        "ws batch-cancel",
        BatchReply,
        unified,
        page="uta/websocket/private/Batch-Cancel-Order-Channel",
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=lambda raw: isinstance(raw, SocketError) and SAYS_CANCEL not in raw.msg.casefold(),
    ids=IDS,
    docs=DOCS,
    skips=True,
)
