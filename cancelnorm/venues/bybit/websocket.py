"""Bybit v5 WebSocket trade: what it answers to a cancel.

The same acknowledgements as over REST, in an envelope of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field, to_builtins
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target
from cancelnorm.reader.scalars import EPOCH_TEXTS, EpochText, Failed
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Note
from cancelnorm.venues.bybit.frames import skip
from cancelnorm.venues.bybit.orders import (
    TAKEN,
    BatchRow,
    Empty,
    Nothing,
    OrderName,
    Refused,
    Verdicts,
    batch_events,
    envelope,
    order_events,
    refusal,
    verdicts_of,
    whole_event,
)
from cancelnorm.venues.bybit.request import asked_product, batch_target, completed, order_target
from cancelnorm.venues.bybit.rest import TakenBatch, Unnamed

__all__ = ["CODECS"]

# --- What Bybit sends ---


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What REST says in HTTP headers; all in quotes, in any order."""

    limit: str | UnsetType = field(name="X-Bapi-Limit", default=UNSET)
    limit_status: str | UnsetType = field(name="X-Bapi-Limit-Status", default=UNSET)
    limit_reset: str | UnsetType = field(name="X-Bapi-Limit-Reset-Timestamp", default=UNSET)
    traceid: str | UnsetType = field(name="Traceid", default=UNSET)
    trace_id: str | UnsetType = field(name="TraceId", default=UNSET)  # as the documentation's table has it
    timenow: EpochText | UnsetType = field(name="Timenow", default=UNSET)  # when the gateway answered


class Reply(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What every reply has; it has no ``time``."""

    req_id: str | UnsetType = UNSET  # as the request gave it
    ret_msg: str
    conn_id: str
    header: Header | UnsetType = UNSET  # may be missing where the protocol itself was broken
    headers: Header | UnsetType = UNSET  # the same, until 2024-04-23


class SocketCancelTaken(
    Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The acknowledgement of a cancel of one order."""

    ret_code: Literal[0]
    op: Literal["order.cancel"]
    data: OrderName
    ret_ext_info: Nothing | UnsetType = UNSET  # since 2025-02-26


class SocketCancelRefused(
    Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The refusal of a cancel of one order."""

    ret_code: Failed
    op: Literal["order.cancel"]
    data: Unnamed | list[Empty] | UnsetType | None = UNSET
    ret_ext_info: Verdicts | str | UnsetType | None = UNSET  # since 2025-02-26


class SocketBatchTaken(
    Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The acknowledgement of a batch; what it says of each order is in ``ret_ext_info``."""

    ret_code: Literal[0]
    op: Literal["order.cancel-batch"]
    data: TakenBatch
    ret_ext_info: Verdicts | str | None


class SocketBatchRefused(
    Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The refusal of a batch as a whole."""

    ret_code: Failed
    op: Literal["order.cancel-batch"]
    data: TakenBatch | list[Empty] | UnsetType | None = UNSET
    ret_ext_info: Verdicts | str | UnsetType | None = UNSET


# --- What it means ---


def normalise_cancel(
    raw: SocketCancelTaken | SocketCancelRefused, record: Record, codec: Codec
) -> Normalised:
    """Map the reply to a cancel of one order: it was taken, its end is not known."""
    record = _unwrapped(record)
    notes: list[Note] = []
    if isinstance(raw, SocketCancelRefused):
        return _refused(raw, (), raw.data, record, codec)
    response_ns = _answered(raw)
    (event,) = order_events([raw.data], TAKEN, None, None, response_ns, record, codec)
    if record.request:
        event = completed(event, codec.target(record), asked_product(record), "$.data", notes)
    if event.order_id is None and event.client_order_id is None:
        notes.append(Note("phantom-row", "$.data", "an acknowledgement that names no order"))
        event = whole_event(EventKind.REQUEST, TAKEN, event.product, response_ns, record, codec)
    return _told(raw, raw.op, [event], notes, envelope(raw.ret_msg, raw.ret_ext_info), codec)


def normalise_batch(raw: SocketBatchTaken | SocketBatchRefused, record: Record, codec: Codec) -> Normalised:
    """Map the reply to a batch: each order with the verdict at its place."""
    record = _unwrapped(record)
    rows = (raw.data.rows or []) if isinstance(raw.data, TakenBatch) else []
    if isinstance(raw, SocketBatchRefused):
        return _refused(raw, rows, None, record, codec)
    notes: list[Note] = []
    verdicts = verdicts_of(raw.ret_ext_info)
    events = batch_events(rows, verdicts, _answered(raw), record, codec, notes)
    return _told(raw, raw.op, events, notes, envelope(raw.ret_msg, raw.ret_ext_info), codec)


def _refused(
    raw: SocketCancelRefused | SocketBatchRefused,
    rows: Sequence[BatchRow],
    data: object,
    record: Record,
    codec: Codec,
) -> Normalised:
    """Map a refusal as that over REST."""
    refused = Refused(ret_code=raw.ret_code, ret_msg=raw.ret_msg, ret_ext_info=raw.ret_ext_info)
    response_ns = _answered(raw)
    said = refusal(refused, rows, None, record, codec, [])
    events = [replace(event, response_ns=response_ns) for event in said.events]
    extra = dict(said.extra or {})
    named = to_builtins(data) if isinstance(data, Unnamed) else {}
    if any(named.values()):
        extra["data"] = named
    return _told(raw, raw.op, events, said.notes, extra, codec)


def _told(
    raw: Reply,
    op: str,
    events: Sequence[CancelEvent],
    notes: Sequence[Note],
    extra: dict[str, Any],
    codec: Codec,
) -> Normalised:
    """The events of a reply in its envelope."""
    request_id = raw.req_id or None
    if request_id is not None:
        events = [replace(event, request_id=request_id) for event in events]
    # The notes of what the transports share have the paths of REST.
    notes = [replace(note, path=note.path.replace("$.result", "$.data", 1)) for note in notes]
    limits = []
    for name in ("header", "headers"):
        header: Header | UnsetType = getattr(raw, name)
        if header is not UNSET:
            said = to_builtins(header)
            limit = {key: said.pop(key) for key in [*said] if key.startswith("X-Bapi-Limit")}
            limits += [limit] if limit else []
            extra[name] = {key: value for key, value in said.items() if value}
    if codec.endpoint != f"ws {op}":
        extra["op"] = op
    extra["connId"] = raw.conn_id
    extra = {key: value for key, value in extra.items() if value}
    return Normalised(
        tuple(events),
        tuple(notes),
        request_id=request_id,
        rate_limits=tuple(limits) or None,
        extra=extra or None,
    )


def _answered(raw: Reply) -> int | None:
    """When the gateway answered; both spellings of the header are read, so that both are checked."""
    times = [EPOCH_TEXTS[h.timenow] for h in (raw.header, raw.headers) if isinstance(h, Header)]
    return next((time for time in times if time is not None), None)


# --- What was asked ---


def _unwrapped(record: Record) -> Record:
    """The record with the parameters of its request, where that is recorded as it was sent."""
    request = record.request
    return replace(record, request=_parameters(request)) if request and "args" in request else record


def _parameters(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is in ``args`` of a request; the request itself where it has none."""
    args = request.get("args")
    if isinstance(args, (list, tuple)) and len(args) == 1 and isinstance(args[0], Mapping):
        return args[0]
    return request


def _order(request: Mapping[str, Any]) -> Target:
    return order_target(_parameters(request))


def _batch(request: Mapping[str, Any]) -> Target:
    return batch_target(_parameters(request))


# --- Registration ---


def _codec(
    op: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    target: Callable[[Mapping[str, Any]], Target],
) -> Codec:
    return Codec(
        "bybit",
        f"ws {op}",
        shape,
        normalise,
        product=None,
        target=target,
        docs="https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline",
        skip=skip,
    )


CODECS: Final = (
    _codec("order.cancel", SocketCancelTaken | SocketCancelRefused, normalise_cancel, _order),
    _codec("order.cancel-batch", SocketBatchTaken | SocketBatchRefused, normalise_batch, _batch),
)
