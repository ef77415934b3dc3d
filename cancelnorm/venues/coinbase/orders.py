"""Coinbase REST: what it answers to a cancel, of one order or of a hundred, for which there is one endpoint.

A success says that a cancel was accepted. When an order is gone, the stream or a query says.
"""

from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_words, text, verdict_of
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase.codes import FAILURES, NEW_FAILURE, NO_FAILURE
from cancelnorm.venues.coinbase.messages import DOCS, ERRORS, IDS, KEYS, OPEN, TAKEN

# --- What Coinbase sends ---


class CancelRow(Exact):
    """Result of the cancel of one order."""

    success: bool
    failure_reason: str | UnsetType = UNSET  # beside a success the default, or nothing
    order_id: str


class CancelAnswer(Exact):
    """The answer to a cancel."""

    results: list[CancelRow]


# --- What it means ---

_CONTRADICTION: Final = ("contradiction", "a success beside the reason of a failure")


def _row(failure_reason: str | UnsetType, success: bool) -> Verdict:
    """The verdict of a row: the flag alone decides."""
    reason = failure_reason or ""
    if not success:
        verdict = verdict_of(FAILURES, reason, "") if reason in FAILURES else NEW_FAILURE
        return verdict._replace(code=reason or None)
    if reason in ("", NO_FAILURE):
        return TAKEN
    return TAKEN._replace(code=reason, note=_CONTRADICTION)


ROW: Final = EventMap(
    CancelRow,
    by_words(_row, CancelRow.failure_reason, CancelRow.success),
    unnamed=EventKind.REQUEST,
    absent=Absent.EMPTY,
    without={CancelRow.failure_reason: (NO_FAILURE,)},
    order_id=text(CancelRow.order_id),
)


def cancel(raw: CancelAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel: each row names its order, and none is said of an order without a row."""
    events = ROW.events(raw.results, call, "$.results[{}]")
    if call.record.request:
        events = _joined(events, call)
    if not events:
        call.note("empty-list", "$.results", "a success without rows")
        return call.result([call.failed(OPEN)])
    return call.result(events)


def _joined(events: list[CancelEvent], call: Call) -> list[CancelEvent]:
    """The events of rows, and of the orders of the request that no row names.

    Rows stand in the order of the request, so one without an id is about the order at its place.
    """
    left = call.unnamed(events)
    if len(events) == len(call.targets):
        events = [
            completed(event, left.pop(i)) if event.order_id is None and i in left else event
            for i, event in enumerate(events)
        ]
    if left:
        call.unanswered(events, "$.results")
        rest = enumerate(left.values(), start=len(events))
        events = [*events, *(call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in rest)]
    return events


def is_no_answer(raw: Any) -> bool:
    """Whether other requests are answered alike: with a failure."""
    return not isinstance(raw, CancelAnswer)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v3/brokerage/orders/batch_cancel", CancelAnswer, cancel),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_no_answer,
    ids=IDS,
    docs=f"{DOCS}cancel-order",
)
