"""Kraken Futures: what it answers to a batch of placements, amendments and cancels, and to one amendment.

Rows stand in the order of the request, and only those whose request was a cancel tell of one.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_status, text
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.request import Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Initiator, Normalised, OrderStatus, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken_futures.codes import FILLED, GONE
from cancelnorm.venues.kraken_futures.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    OPEN,
    Success,
    none_shown,
    opened,
    refuses_anything,
    told,
)
from cancelnorm.venues.kraken_futures.rows import CANCEL_WORDS, Ended, agreeing, ended, report_in
from cancelnorm.venues.kraken_futures.skip import quiet_batch, quiet_edit

# --- What Kraken Futures sends ---


class BatchStatus(Ended):
    """What became of one request of the batch."""

    order_tag: str | UnsetType | None = field(name="order_tag", default=UNSET)  # of a placement
    date_time_received: str | UnsetType | None = UNSET


class BatchAnswer(Success):
    """The answer to a batch."""

    batch_status: list[BatchStatus]


class EditStatus(Ended):
    """What became of an amendment; the id of its order has another name than in other answers."""

    edited_id: str | UnsetType | None = field(name="orderId", default=UNSET)
    received_time: str | UnsetType | None = UNSET


class EditAnswer(Success):
    """The answer to an amendment."""

    edit_status: EditStatus


# --- What it means ---

BATCH_KEYS: Final = replace(
    KEYS, rows=("batchOrder",), wrapper=("json",), cancels={"order": "cancel"}, symbol=(), product=()
)


def batch(raw: BatchAnswer, call: Call) -> Normalised:
    """Map the answer to a batch: the rows of cancels."""
    said = opened(raw, call)
    rows = raw.batch_status
    asked, targets = _asked(rows, call)
    events = []
    for i, row in enumerate(rows):
        at = f"{_AT}[{i}]"
        if not (asked[i] if asked else _is_cancel(row)):
            call.note("not-a-cancel", at, "a request of the batch that was no cancel", builtins_of(row))
            continue
        event = ended(row, ("dateTimeReceived", row.date_time_received), call, at, i)
        if row.order_tag:
            event = replace(event, extra={**(event.extra or {}), "order_tag": row.order_tag})
        events.append(told(event, targets[i], call, at) if targets else event)
    if not targets and (left := call.unnamed(events)):
        call.unanswered(events, _AT)
        rest = enumerate(left.values(), start=len(rows))
        events += [call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in rest]
    return call.result(events or [none_shown(call, _AT)], extra=said)


_AT: Final = "$.batchStatus"


def _is_cancel(row: BatchStatus) -> bool:
    """Whether a row is that of a cancel, as far as its word and the engine's events tell."""
    shown = row.order_events or []
    return row.status in CANCEL_WORDS or any(report_in(event) is not None for event in shown)


def _asked(rows: Sequence[BatchStatus], call: Call) -> tuple[list[bool], list[Target]]:
    """Whether each row answers a cancel, and the order that its request names; empty where that is not known."""
    cancels = call.endpoint.request.cancel_rows(call.record.request)
    cancels = [is_cancel for i, is_cancel in enumerate(cancels) if i not in call.gone]
    if not cancels:
        return [], []
    ids = [
        (row.order_id or None, row.cli_ord_id or None) if i < len(cancels) and cancels[i] else (None, None)
        for i, row in enumerate(rows)
    ]
    found = call.by_position(ids, _AT)
    return (cancels, found) if found else ([], [])


_UNKNOWN: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_EDITS: Final = MappingProxyType({"orderForEditNotFound": GONE, "filled": FILLED, "notFound": GONE})
_AMENDED: Final = Verdict(
    Outcome.CANCELED, Evidence.FINAL_REPORT, status=OrderStatus.CANCELED, initiator=Initiator.AMEND
)
# A post-only order that would execute is "cancelled", it is said; whether it rests as it was before is not.
EDIT: Final = EventMap(
    EditStatus,
    by_status(EditStatus.status, _EDITS, otherwise=_UNKNOWN),
    unnamed=EventKind.REQUEST,
    absent=Absent.EMPTY,
    given=("event_ns", "extra"),
    told=(EditStatus.order_events, EditStatus.received_time, EditStatus.order_id),
    order_id=text(EditStatus.edited_id),
    client_order_id=text(EditStatus.cli_ord_id),
)


def edit(raw: EditAnswer, call: Call) -> Normalised:
    """Map the answer to an amendment that did not leave the order on the book, or may not have."""
    said = opened(raw, call)
    row = raw.edit_status
    received = ("receivedTime", row.received_time)
    if any(report_in(event) is not None for event in row.order_events or []):
        event = _by_amendment(ended(row, received, call, _EDITED))
        event = agreeing(event, _Ids(row.edited_id, None), call, _EDITED, "orderId")
    else:
        event = _edited(row, call)
    return call.result([told(event, call.target, call, _EDITED)], extra=said)


_EDITED: Final = "$.editStatus"


class _Ids(NamedTuple):
    """The ids that stand beside the engine's report of a cancel."""

    order_id: str | UnsetType | None
    cli_ord_id: str | None


def _by_amendment(event: CancelEvent) -> CancelEvent:
    """The event of an order that the engine canceled instead of amending it."""
    return replace(
        event,
        outcome=_AMENDED.outcome,
        evidence=_AMENDED.evidence,
        status=_AMENDED.status,
        initiator=_AMENDED.initiator,
        reason=None,
    )


def _edited(row: EditStatus, call: Call) -> CancelEvent:
    event_ns = ns_of_date_time(row.received_time)
    extra: dict[str, Any] = {}
    if event_ns is None and row.received_time:
        extra["receivedTime"] = row.received_time
    if row.order_id:
        extra["order_id"] = row.order_id
    if row.order_events:
        extra["orderEvents"] = [builtins_of(event) for event in row.order_events]
    return EDIT.event(row, call, _EDITED, given=(event_ns, extra or None))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /derivatives/api/v3/batchorder",
        BatchAnswer,
        batch,
        request=BATCH_KEYS,
        page="send-batch-order",
        skips=quiet_batch,
    ),
    endpoint(
        "POST /derivatives/api/v3/editorder", EditAnswer, edit, page="edit-order-spring", skips=quiet_edit
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=refuses_anything,
    ids=IDS,
    docs=DOCS,
)
