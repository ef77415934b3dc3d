"""Gate WebSocket API: what it answers to a cancel of one order, of several, of all.

The same orders and rows as over REST, in an envelope of its own. Some answers come after an acknowledgement, which
repeats the request and says nothing.
"""

import re
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import NOTHING_OPEN, CodeTable, EventMap, Verdict, rejected, unknown, verdict_of
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Epoch, EpochText, Int, Prose, known_ns, ns_of, ns_of_text
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, Normalised, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_orders import ContractOrder
from cancelnorm.venues.gate.contracts import ORDER, ROW, ContractRow
from cancelnorm.venues.gate.labels import LABELS, SPOT_LABELS
from cancelnorm.venues.gate.messages import (
    BATCH_KEYS,
    CONTRACT_IDS,
    CONTRACT_KEYS,
    NONE_NAMED,
    SPOT_IDS,
    SPOT_KEYS,
)
from cancelnorm.venues.gate.rows import joined, label_in
from cancelnorm.venues.gate.spot import ROW as SPOT_ROW
from cancelnorm.venues.gate.spot import BatchRow, LeftOrder, SweptOrder, TakenOrder, spot_events
from cancelnorm.venues.gate.spot_orders import SpotOrder

# --- What Gate sends ---


class Header(Exact):
    """What REST says in its status and in headers."""

    response_time: EpochText
    channel: str
    status: str | int  # of HTTP, in quotes but for one recording
    event: Literal["api"]
    client_id: str | UnsetType = UNSET
    conn_id: str | UnsetType = UNSET  # since 2025
    conn_trace_id: str | UnsetType = UNSET  # since 2025-02-10
    trace_id: str | UnsetType = UNSET  # since 2025-02-10
    x_in_time: Int | UnsetType = UNSET  # µs, when the request came; since 2025-02-10
    x_out_time: Epoch | UnsetType = UNSET  # µs, when the answer went; since 2025-02-10
    x_gate_ratelimit_requests_remain: Int | UnsetType = UNSET  # not there if it is 0
    x_gate_ratelimit_limit: Int | UnsetType = UNSET  # not there if it is 0
    x_gate_ratelimit_reset_timestamp: Int | UnsetType = UNSET  # ms; the header of REST has seconds
    x_gat_ratelimit_reset_timestamp: Int | UnsetType = UNSET  # as an example of the documentation has it


class Fault(Exact):
    """A failure; the message often repeats the label: ``label: ORDER_NOT_FOUND, message: ``."""

    label: str | UnsetType = UNSET
    message: Prose | UnsetType = UNSET


class Errs(Exact):
    """Place of the result of a request that failed."""

    errs: Fault


class SpotResult(Exact):
    """An order of spot."""

    result: SpotOrder | TakenOrder


class SpotRows(Exact):
    """A verdict on each order; one that failed has a label and no flag."""

    result: list[BatchRow]


class SpotResults(Exact):
    """Orders of spot."""

    result: list[SweptOrder | LeftOrder | TakenOrder]


class ContractResult(Exact):
    """An order of a contract."""

    result: ContractOrder


class ContractRows(Exact):
    """A verdict on each order; one that failed has a message and no flag."""

    result: list[ContractRow]


class ContractResults(Exact):
    """Orders of a contract."""

    result: list[ContractOrder]


class Reply(Exact):
    """Fields of every answer."""

    request_id: str
    ack: bool | UnsetType = UNSET  # true in an acknowledgement, which is none


class SpotCancelHeader(Header):
    """That of a cancel of one order of spot."""

    channel: Literal["spot.order_cancel"]


class SpotCancelReply(Reply):
    """The answer to a cancel of one order of spot."""

    header: SpotCancelHeader
    data: SpotResult | Errs


class SpotIdsHeader(Header):
    """That of a cancel of several orders of spot."""

    channel: Literal["spot.order_cancel_ids"]


class SpotIdsReply(Reply):
    """The answer to a cancel of several orders of spot."""

    header: SpotIdsHeader
    data: SpotRows | Errs


class SpotPairHeader(Header):
    """That of a cancel of all orders of a pair."""

    channel: Literal["spot.order_cancel_cp"]


class SpotPairReply(Reply):
    """The answer to a cancel of all orders of a pair."""

    header: SpotPairHeader
    data: SpotResults | Errs


class ContractCancelHeader(Header):
    """That of a cancel of one order of a contract."""

    channel: Literal["futures.order_cancel"]


class ContractCancelReply(Reply):
    """The answer to a cancel of one order of a contract."""

    header: ContractCancelHeader
    data: ContractResult | Errs


class ContractIdsHeader(Header):
    """That of a cancel of several orders of contracts."""

    channel: Literal["futures.order_cancel_ids"]


class ContractIdsReply(Reply):
    """The answer to a cancel of several orders of contracts."""

    header: ContractIdsHeader
    data: ContractRows | Errs


class ContractAllHeader(Header):
    """That of a cancel of all orders of a contract."""

    channel: Literal["futures.order_cancel_cp"]


class ContractAllReply(Reply):
    """The answer to a cancel of all orders of a contract."""

    header: ContractAllHeader
    data: ContractResults | Errs


# --- What it means ---

_AT: Final = "$.data.result"
_BY_STATUS: Final = MappingProxyType(
    {
        401: rejected(Reason.AUTH),
        403: rejected(Reason.PERMISSION),
        404: rejected(Reason.NOT_FOUND_OR_CLOSED),
        429: rejected(Reason.RATE_LIMITED),
    }
)
_STATUS: Final = re.compile(r"[1-5][0-9]{2}", re.ASCII)
_SPOKEN: Final = ("response_time", "status", "event", "channel", "x_out_time")
_RESETS: Final = ("x_gate_ratelimit_reset_timestamp", "x_gat_ratelimit_reset_timestamp")


def _single(rows: Callable[[Any, Call, str], list[CancelEvent]], table: CodeTable) -> Any:
    """Function that maps answers to cancels of one order."""

    def answer(raw: SpotCancelReply | ContractCancelReply, call: Call) -> Normalised:
        _opened(raw.header, raw, call)
        if isinstance(raw.data, Errs):
            return _failed(raw.header, raw.data.errs, call, table)
        return _reply(raw.header, all_completed(rows([raw.data.result], call, _AT), call), call)

    return answer


def _several(
    rows: Callable[[Any, Call, str], list[CancelEvent]], table: CodeTable, none: Verdict = NOTHING_OPEN
) -> Any:
    """Function that maps answers to cancels of several orders, or of all; ``none`` is said by an empty list."""

    def answer(
        raw: SpotIdsReply | SpotPairReply | ContractIdsReply | ContractAllReply, call: Call
    ) -> Normalised:
        _opened(raw.header, raw, call)
        if isinstance(raw.data, Errs):
            return _failed(raw.header, raw.data.errs, call, table)
        if not raw.data.result:
            return _reply(raw.header, [call.scoped(none)], call)
        return _reply(raw.header, rows(raw.data.result, call, f"{_AT}[{{}}]"), call)

    return answer


def _of_ids(each: EventMap) -> Callable[[Any, Call, str], list[CancelEvent]]:
    """Function that makes the events of rows about orders that the request names."""
    return lambda rows, call, at: joined(each.events(rows, call, at), rows, call, _AT)


def _opened(header: Header, raw: Reply, call: Call) -> None:
    """Take from an answer what its events need."""
    call.request_id = raw.request_id or None
    answered_ns = ns_of_text(header.response_time)
    call.response_ns = answered_ns if header.x_out_time is UNSET else ns_of(header.x_out_time)


def _failed(header: Header, fault: Fault, call: Call, table: CodeTable) -> Normalised:
    """Map a failure: by its label, or by its status where it has none."""
    status = int(header.status) if _STATUS.fullmatch(str(header.status)) else None
    message = fault.message or ""
    label = fault.label or label_in(message)
    failure = verdict_of(table, label, message, status) if label else _by_status(status, message)
    event = call.failed(failure, code=label, message=message or None)
    return _reply(header, [event], call)


def _by_status(status: int | None, message: str) -> Verdict:
    if status is not None and status >= 500:
        return unknown(Reason.VENUE_UNAVAILABLE)
    return _BY_STATUS.get(status or 0) or verdict_of({}, "", message)


def _reply(header: Header, events: Sequence[CancelEvent], call: Call) -> Normalised:
    """The events with what the header says, such as when a limit is reset that was exceeded."""
    said = {key: value for key, value in builtins_of(header).items() if key not in _SPOKEN}
    limits = {key: said.pop(key) for key in [*said] if "ratelimit" in key}
    reset_ns = next((ns for key in _RESETS if (ns := _reset_ns(limits.get(key)))), None)
    if reset_ns is not None:
        events = [
            replace(event, retry_after_ns=reset_ns) if event.reason is Reason.RATE_LIMITED else event
            for event in events
        ]
    if header.x_out_time is not UNSET and header.response_time:
        said["response_time"] = header.response_time
    if call.endpoint.name != f"ws {header.channel}":
        said["channel"] = header.channel
    event: str = header.event
    if event != "api":
        said["event"] = event
    if str(header.status) != "200":
        said["status"] = header.status
    extra = {key: value for key, value in said.items() if value != ""}
    return call.result(events, extra=extra, rate_limits=(limits,) if limits else None)


def _reset_ns(moment: int | None) -> int | None:
    """When a limit is reset, which is told in ms, or in s as in the header of REST."""
    return known_ns(moment * 1_000 if moment and moment < _SECONDS else moment)


_SECONDS: Final = 10**10


# --- Endpoints ---

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "ws spot.order_cancel", SpotCancelReply, _single(spot_events, SPOT_LABELS), page="order-cancel"
        ),
        endpoint(
            "ws spot.order_cancel_ids",
            SpotIdsReply,
            _several(_of_ids(SPOT_ROW), SPOT_LABELS, NONE_NAMED),
            page="order-cancel-all-with-id-list",
        ),
        endpoint(
            "ws spot.order_cancel_cp",
            SpotPairReply,
            _several(spot_events, SPOT_LABELS),
            page="order-cancel-all-with-specified-currency-pair",
        ),
        product=None,
        request=SPOT_KEYS,
        ids=SPOT_IDS,
        docs="https://www.gate.com/docs/developers/apiv4/ws/en/#",
        skips=True,
    ),
    *endpoints(
        endpoint(
            "ws futures.order_cancel",
            ContractCancelReply,
            _single(ORDER.events, LABELS),
            page="order-cancel",
        ),
        endpoint(
            "ws futures.order_cancel_ids",
            ContractIdsReply,
            _several(_of_ids(ROW), LABELS, NONE_NAMED),
            page="order-cancel-all-with-id-list",
            request=BATCH_KEYS,
        ),
        endpoint(
            "ws futures.order_cancel_cp",
            ContractAllReply,
            _several(ORDER.events, LABELS),
            page="cancel-all-open-orders-matched",
        ),
        product=None,
        request=CONTRACT_KEYS,
        ids=CONTRACT_IDS,
        docs="https://www.gate.com/docs/developers/futures/ws/en/#",
        skips=True,
    ),
)
