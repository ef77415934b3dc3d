"""Bybit WebSocket trade: what it answers to a cancel.

The same acknowledgements as over REST, in an envelope of their own.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from cancelnorm.endpoint import Call, Errors
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import EpochText, Failed, Prose, ns_of_text
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import CancelEvent, Normalised, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import (
    IDS,
    KEYS,
    Empty,
    Nothing,
    OrderName,
    Refused,
    TakenBatch,
    Unnamed,
    Verdicts,
    batch_events,
    envelope,
    refused,
    refused_cancel,
    taken,
)

# --- What Bybit sends ---


class Header(Exact):
    """What REST says in HTTP headers; all in quotes, in any order."""

    limit: str | UnsetType = field(name="X-Bapi-Limit", default=UNSET)
    limit_status: str | UnsetType = field(name="X-Bapi-Limit-Status", default=UNSET)
    limit_reset: EpochText | UnsetType = field(name="X-Bapi-Limit-Reset-Timestamp", default=UNSET)
    traceid: str | UnsetType = field(name="Traceid", default=UNSET)
    trace_id: str | UnsetType = field(name="TraceId", default=UNSET)  # as the documentation's table has it
    timenow: EpochText | UnsetType = field(name="Timenow", default=UNSET)  # when the gateway answered


class Reply(Camel):
    """Fields of every reply; it has no ``time``."""

    req_id: str | UnsetType = UNSET  # as the request gave it
    ret_msg: Prose
    conn_id: str
    header: Header | UnsetType = UNSET  # may be missing where the protocol itself was broken
    headers: Header | UnsetType = UNSET  # the same, until 2024-04-23


class SocketCancelTaken(Reply):
    """The acknowledgement of a cancel of one order."""

    ret_code: Literal[0]
    op: Literal["order.cancel"]
    data: OrderName
    ret_ext_info: Nothing | UnsetType = UNSET  # since 2025-02-26


class SocketCancelRefused(Reply):
    """The refusal of a cancel of one order."""

    ret_code: Failed
    op: Literal["order.cancel"]
    data: Unnamed | list[Empty] | UnsetType | None = UNSET
    ret_ext_info: Verdicts | Prose | UnsetType | None = UNSET  # since 2025-02-26


class SocketBatchTaken(Reply):
    """The acknowledgement of a batch; what it says of each order is in ``ret_ext_info``."""

    ret_code: Literal[0]
    op: Literal["order.cancel-batch"]
    data: TakenBatch
    ret_ext_info: Verdicts | Prose | None


class SocketBatchRefused(Reply):
    """The refusal of a batch as a whole."""

    ret_code: Failed
    op: Literal["order.cancel-batch"]
    data: TakenBatch | list[Empty] | UnsetType | None = UNSET
    ret_ext_info: Verdicts | Prose | UnsetType | None = UNSET


# --- What it means ---


def cancel(raw: SocketCancelTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one order: its end is not known."""
    _opened(raw, call)
    events = taken(raw.data, call, "$.data")
    return _reply(raw, raw.op, events, envelope(raw.ret_msg, raw.ret_ext_info), call)


def cancel_batch(raw: SocketBatchTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a batch: each order with the verdict at its place."""
    _opened(raw, call)
    events = batch_events(raw.data.rows or [], raw.ret_ext_info, call, _ROWS)
    return _reply(raw, raw.op, events, envelope(raw.ret_msg, raw.ret_ext_info), call)


def _cancel_refused(raw: SocketCancelRefused, call: Call) -> Normalised:
    """Map the refusal of a cancel of one order, as over REST."""
    _opened(raw, call)
    said = refused_cancel(_shared(raw), call, raw.data, "$.data")
    return _reply(raw, raw.op, said.events, said.extra or {}, call)


def _batch_refused(raw: SocketBatchRefused, call: Call) -> Normalised:
    """Map the refusal of a batch, as over REST."""
    _opened(raw, call)
    rows = (raw.data.rows or []) if isinstance(raw.data, TakenBatch) else []
    said = refused(_shared(raw), call, rows, at=_ROWS)
    return _reply(raw, raw.op, said.events, said.extra or {}, call)


_ROWS: Final = "$.data.list[{}]"


def _opened(raw: Reply, call: Call) -> None:
    """Take from a reply what its events need; both spellings of the header are read, and checked by that."""
    call.request_id = raw.req_id or None
    times = [ns_of_text(header.timenow or "") for header in _headers(raw).values()]
    call.response_ns = next((time for time in times if time is not None), None)


def _headers(raw: Reply) -> dict[str, Header]:
    """The headers that a reply has, by their keys."""
    found = {"header": raw.header, "headers": raw.headers}
    return {name: header for name, header in found.items() if isinstance(header, Header)}


def _shared(raw: SocketCancelRefused | SocketBatchRefused) -> Refused:
    """What a refusal over any transport says."""
    return Refused(ret_code=raw.ret_code, ret_msg=raw.ret_msg, ret_ext_info=raw.ret_ext_info)


def _reply(
    raw: Reply, op: str, events: Sequence[CancelEvent], extra: dict[str, Any], call: Call
) -> Normalised:
    """A reply's events with what its envelope says, such as when a limit is reset that was exceeded."""
    limits, resets = [], []
    for name, header in _headers(raw).items():
        said = builtins_of(header)
        limit = {key: said.pop(key) for key in [*said] if key.startswith("X-Bapi-Limit")}
        limits += [limit] if limit else []
        resets.append(ns_of_text(header.limit_reset or ""))
        extra[name] = {key: value for key, value in said.items() if value}
    if any(resets):
        reset_ns = next(filter(None, resets))
        events = [
            replace(event, retry_after_ns=reset_ns) if event.reason is Reason.RATE_LIMITED else event
            for event in events
        ]
    if call.endpoint.name != f"ws {op}":
        extra["op"] = op
    extra["connId"] = raw.conn_id
    said = {key: value for key, value in extra.items() if value}
    return call.result(events, extra=said, rate_limits=tuple(limits) or None)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "ws order.cancel", SocketCancelTaken, cancel, errors=Errors(SocketCancelRefused, _cancel_refused)
    ),
    endpoint(
        "ws order.cancel-batch",
        SocketBatchTaken,
        cancel_batch,
        errors=Errors(SocketBatchRefused, _batch_refused),
        since="2025-02-26",
    ),
    product=None,
    request=KEYS,
    ids=IDS,
    since="2024-05-06",
    docs="https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline",
    skips=True,
)
