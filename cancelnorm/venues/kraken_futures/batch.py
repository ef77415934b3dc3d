"""Kraken Futures: what it answers to a batch of placements, amendments and cancels, and to one amendment.

Rows stand in the order of the request, and only those whose request was a cancel tell of one.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_status, by_words, text
from cancelnorm.reader.fast import builtins_of, checked
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
    opened,
    refuses_anything,
    told,
)
from cancelnorm.venues.kraken_futures.orders import Order, order_map, trigger_map
from cancelnorm.venues.kraken_futures.rows import (
    CANCEL_WORDS,
    Ended,
    agreeing,
    ended,
    report_in,
    timed,
    with_uid,
)
from cancelnorm.venues.kraken_futures.skip import quiet_batch, quiet_edit

# --- What Kraken Futures sends ---


class BatchStatus(Ended):
    """Result of one request of the batch."""

    order_tag: str | UnsetType | None = field(name="order_tag", default=UNSET)  # of a placement
    date_time_received: str | UnsetType | None = UNSET


class BatchAnswer(Success):
    """The answer to a batch."""

    batch_status: list[BatchStatus]


class EditStatus(Ended):
    """Result of an amendment; the id of its order has another name than in other answers."""

    edited_id: str | UnsetType | None = field(name="orderId", default=UNSET)
    received_time: str | UnsetType | None = UNSET


class EditAnswer(Success):
    """The answer to an amendment."""

    edit_status: EditStatus


# --- What it means ---

BATCH_KEYS: Final = replace(
    KEYS, rows=("batchOrder",), envelope=("json",), cancels={"order": "cancel"}, symbol=(), product=()
)


def batch(raw: BatchAnswer, call: Call) -> Normalised:
    """Map the answer to a batch: the rows of cancels."""
    said = opened(raw, call)
    rows = raw.batch_status
    asked, targets = _asked(rows, call)
    events: list[CancelEvent] = []
    others = []
    for i, row in enumerate(rows):
        at = f"{_AT}[{i}]"
        if not ((asked[i] or _is_reported(row)) if asked else _is_cancel(row)):
            if asked:
                others.append(builtins_of(checked(row)))
            else:
                call.note(
                    "not-a-cancel", at, "a row that does not tell of a cancel", builtins_of(checked(row))
                )
            continue
        found = ended(row, ("dateTimeReceived", row.date_time_received), call, at, i)
        if row.order_tag:
            found = [
                replace(event, extra={**(event.extra or {}), "order_tag": row.order_tag}) for event in found
            ]
        events += [told(event, targets[i], call, at) for event in found] if targets else found
    if not targets and (left := call.unnamed(events)):
        call.unanswered(events, _AT)
        rest = enumerate(left.values(), start=len(rows))
        events += [call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in rest]
    if others:
        said["batchStatus"] = others
    return call.result(call.or_unknown(events, _AT), extra=said)


_AT: Final = "$.batchStatus"


def _is_cancel(row: BatchStatus) -> bool:
    """Whether a row is that of a cancel, as far as its word and the engine's events tell."""
    return row.status in CANCEL_WORDS or _is_reported(row)


def _is_reported(row: BatchStatus) -> bool:
    """Whether the engine reports a cancel, be it of an order that the request meant to amend."""
    return any(report_in(event) is not None for event in row.order_events or [])


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
_SAID: Final = by_words(lambda _: _AMENDED, EditStatus.status, raw_status=EditStatus.status)
_GIVEN: Final = ("event_ns", "extra")
AMENDED_ORDER: Final = order_map(_SAID, given=_GIVEN)
AMENDED_TRIGGER: Final = trigger_map(_SAID, given=_GIVEN)
# A post-only order that would execute is "cancelled", it is said; whether it rests as it was before is not.
EDIT: Final = EventMap(
    EditStatus,
    by_status(EditStatus.status, _EDITS, otherwise=_UNKNOWN),
    unnamed=EventKind.REQUEST,
    absent=Absent.EMPTY,
    given=_GIVEN,
    told=(EditStatus.order_events, EditStatus.received_time, EditStatus.order_id),
    order_id=text(EditStatus.edited_id),
    client_order_id=text(EditStatus.cli_ord_id),
)


def edit(raw: EditAnswer, call: Call) -> Normalised:
    """Map the answer to an amendment that did not leave the order on the book, or may not have."""
    said = opened(raw, call)
    events = [told(event, call.target, call, _EDITED) for event in _edited(raw.edit_status, call)]
    return call.result(events, extra=said)


_EDITED: Final = "$.editStatus"


class _Ids(NamedTuple):
    """The ids that stand beside the engine's report of a cancel."""

    order_id: str | UnsetType | None
    cli_ord_id: str | UnsetType | None


def _edited(row: EditStatus, call: Call) -> list[CancelEvent]:
    """The event of an amendment, by each event of the engine: it may have canceled the order instead."""
    event_ns, extra = timed(("receivedTime", row.received_time))
    if row.order_id:
        extra["order_id"] = row.order_id
    if not row.order_events:
        return [EDIT.event(row, call, _EDITED, given=(event_ns, extra or None))]
    found = []
    for i, each in enumerate(row.order_events):
        path = f"{_EDITED}.orderEvents[{i}]"
        if (report := report_in(each)) is None:
            given = (event_ns, {**extra, "orderEvents": [builtins_of(checked(each))]})
            found.append(EDIT.event(row, call, path, given=given))
            continue
        by_order = AMENDED_ORDER if isinstance(report.order, Order) else AMENDED_TRIGGER
        event = by_order.event(
            report.order, call, f"{path}.{report.key}", given=(event_ns, with_uid(report, extra)), other=row
        )
        ids = _Ids(row.edited_id, row.cli_ord_id)
        found.append(agreeing(event, ids, call, _EDITED, "orderId"))
    return found


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
