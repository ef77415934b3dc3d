"""Rows of Kraken Futures' answers: what became of one order, with the events of the engine that tell of it."""

from typing import Any, Final, NamedTuple

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_status, by_words, text
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Outcome
from cancelnorm.venues.kraken_futures.codes import ROWS
from cancelnorm.venues.kraken_futures.orders import (
    Canceled,
    CanceledTrigger,
    Order,
    OrderEvent,
    Trigger,
    order_map,
    trigger_map,
)
from cancelnorm.venues.kraken_futures.words import Word

__all__ = [
    "CANCEL_WORDS",
    "REPORTED",
    "Ended",
    "Received",
    "Report",
    "agreeing",
    "ended",
    "report_in",
    "timed",
    "with_uid",
]

# --- What Kraken Futures sends ---


class Ended(Camel):
    """Result for one order."""

    status: Word
    order_id: str | UnsetType | None = field(name="order_id", default=UNSET)  # not of one that was not found
    cli_ord_id: str | UnsetType | None = UNSET  # only if the order has one
    order_events: list[OrderEvent] | UnsetType = UNSET  # not in the short form


# --- What it means ---

CANCEL_WORDS: Final = frozenset(("cancelled", "filled", "notFound", "ORDER_FOR_CANCELLATION_NOT_FOUND"))
"""Words that only rows of cancels have."""

_UNKNOWN: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
REPORTED: Final = ROWS["cancelled"]._replace(evidence=Evidence.FINAL_REPORT)


def _reported(status: str) -> Verdict:
    """The verdict of a row beside the engine's report of the cancel."""
    return REPORTED if status == "cancelled" else _UNKNOWN


_SAID: Final = by_words(_reported, Ended.status, raw_status=Ended.status)
_GIVEN: Final = ("event_ns", "extra")
ORDER: Final = order_map(_SAID, given=_GIVEN)
TRIGGER: Final = trigger_map(_SAID, given=_GIVEN)
ROW: Final = EventMap(
    Ended,
    by_status(Ended.status, ROWS, otherwise=_UNKNOWN),
    unnamed=EventKind.REQUEST,
    given=_GIVEN,
    absent=Absent.EMPTY,
    told=(Ended.order_events,),
    order_id=text(Ended.order_id),
    client_order_id=text(Ended.cli_ord_id),
)


Received = tuple[str, str | UnsetType | None]
"""The key of a time, and its text."""


def ended(row: Ended, received: Received, call: Call, at: str, index: int = 0) -> list[CancelEvent]:
    """The event of a row, once for each event of the engine in it: mostly the report of the cancel, or none."""
    event_ns, extra = timed(received)
    if not row.order_events:
        return [ROW.event(row, call, at, index=index, given=(event_ns, extra or None))]
    if row.status in ROWS and row.status != "cancelled" and any(map(report_in, row.order_events)):
        call.note("contradiction", f"{at}.status", "the engine reports a cancel beside it", row.status)
    found = []
    for i, each in enumerate(row.order_events):
        path = f"{at}.orderEvents[{i}]"
        if (report := report_in(each)) is None:
            beside = {**extra, "orderEvents": [builtins_of(checked(each))]}
            found.append(ROW.event(row, call, path, index=index, given=(event_ns, beside)))
            continue
        by_order = ORDER if isinstance(report.order, Order) else TRIGGER
        given = (event_ns, with_uid(report, extra))
        path = f"{path}.{report.key}"
        event = by_order.event(report.order, call, path, index=index, given=given, other=row)
        found.append(agreeing(event, row, call, at))
    return found


def timed(received: Received) -> tuple[int | None, dict[str, Any]]:
    """The time that a row gives, or its text where that cannot be read."""
    key, sent = received
    event_ns = ns_of_date_time(sent)
    return event_ns, {} if event_ns is not None or not sent else {key: sent}


class Report(NamedTuple):
    """What the engine reports of a cancel: the order under its key, and the two ids that it gives."""

    uid: str
    key: str
    order: Order | Trigger
    order_id: str


def report_in(event: OrderEvent) -> Report | None:
    """The report of a cancel in an event of the engine; None where it tells of something else, or shows no order."""
    if event.type != "CANCEL":
        return None
    if isinstance(event, Canceled) and event.order is not None:
        return Report(event.uid, "order", event.order, event.order.order_id)
    if isinstance(event, CanceledTrigger) and event.order_trigger is not None:
        return Report(event.uid, "orderTrigger", event.order_trigger, event.order_trigger.uid)
    return None


def with_uid(report: Report, extra: dict[str, Any]) -> dict[str, Any] | None:
    """What stands beside an order in a report, with the id of the report where that is another one."""
    return (extra if report.uid == report.order_id else {**extra, "uid": report.uid}) or None


def agreeing(event: CancelEvent, named: Any, call: Call, at: str, key: str = "order_id") -> CancelEvent:
    """The event of a report, with the ids that stand beside it; one that is another is noted."""
    if not event.order_id and named.order_id:
        event = replace(event, kind=EventKind.ORDER, order_id=named.order_id)
    elif named.order_id and named.order_id != event.order_id:
        call.note("contradiction", f"{at}.{key}", "the order beside it has another id", named.order_id)
    client_id = named.cli_ord_id
    if not client_id or client_id == event.client_order_id:
        return event
    if event.client_order_id is None:
        return replace(event, kind=EventKind.ORDER, client_order_id=client_id)
    call.note("contradiction", f"{at}.cliOrdId", "the order beside it has another client id", client_id)
    return event
