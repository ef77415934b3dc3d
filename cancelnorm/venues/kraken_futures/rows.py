"""Rows of Kraken Futures' answers: what became of one order, with the events of the engine that tell of it."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_status, by_words, text
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Outcome
from cancelnorm.venues.kraken_futures.codes import ROWS
from cancelnorm.venues.kraken_futures.orders import (
    Canceled,
    CanceledTrigger,
    OrderEvent,
    order_map,
    trigger_map,
)

__all__ = ["CANCEL_WORDS", "REPORTED", "Ended", "agreeing", "ended", "is_report", "report_of"]

# --- What Kraken Futures sends ---

Word = Literal[
    "cancelled",
    "filled",
    "notFound",
    "ORDER_FOR_CANCELLATION_NOT_FOUND",
    # Of placements and amendments, as the documentation lists them.
    "placed",
    "edited",
    "invalidOrderType",
    "invalidSide",
    "invalidSize",
    "invalidPrice",
    "insufficientAvailableFunds",
    "selfFill",
    "tooManySmallOrders",
    "maxPositionViolation",
    "marketSuspended",
    "marketInactive",
    "clientOrderIdAlreadyExist",
    "clientOrderIdTooLong",
    "outsidePriceCollar",
    "postWouldExecute",
    "iocWouldNotExecute",
    "wouldNotReducePosition",
    "orderForEditNotFound",
    "orderForEditNotAStop",
    # Of requests that were not understood.
    "requiredArgumentMissing",
    "invalidArgument",
]


class Ended(Camel):
    """What became of one order."""

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


def ended(
    row: Ended, received: tuple[str, str | UnsetType | None], call: Call, at: str, index: int = 0
) -> CancelEvent:
    """The event of a row; ``received`` is the key and the text of its time."""
    key, sent = received
    event_ns = ns_of_date_time(sent)
    extra: dict[str, Any] = {} if event_ns is not None or not sent else {key: sent}
    shown = row.order_events or []
    reports = [(i, each) for i, each in enumerate(shown) if is_report(each)]
    if len(reports) != 1:
        if shown:
            extra["orderEvents"] = [builtins_of(each) for each in shown]
        return ROW.event(row, call, at, index=index, given=(event_ns, extra or None))
    [(place, report)] = reports
    if len(shown) > 1:
        extra["orderEvents"] = [builtins_of(each) for i, each in enumerate(shown) if i != place]
    path = f"{at}.orderEvents[{place}]"
    if row.status in ROWS and row.status != "cancelled":
        call.note("contradiction", f"{at}.status", "the engine reports a cancel beside it", row.status)
    event = report_of(report, row, call, path, index, event_ns, extra)
    return agreeing(event, row, call, at)


def is_report(event: OrderEvent) -> bool:
    """Whether an event of the engine tells of a cancel, and shows the order."""
    if isinstance(event, Canceled):
        return event.order is not None
    return isinstance(event, CanceledTrigger) and event.order_trigger is not None


def report_of(
    report: Any,
    row: Any,
    call: Call,
    at: str,
    index: int,
    event_ns: int | None,
    extra: dict[str, Any],
    by_order: EventMap = ORDER,
    by_trigger: EventMap = TRIGGER,
) -> CancelEvent:
    """The event of the engine's report of a cancel, of which ``row`` has the verdict."""
    if isinstance(report, Canceled):
        each, order, key, named = by_order, report.order, "order", report.order.order_id
    else:
        each, order, key, named = by_trigger, report.order_trigger, "orderTrigger", report.order_trigger.uid
    if report.uid != named:
        extra = {**extra, "uid": report.uid}
    return each.event(order, call, f"{at}.{key}", index=index, given=(event_ns, extra or None), other=row)


def agreeing(event: CancelEvent, named: Any, call: Call, at: str) -> CancelEvent:
    """The event of a report, with the client's id that stands beside it; an id that is another one is noted."""
    if named.order_id and named.order_id != event.order_id:
        call.note("contradiction", f"{at}.order_id", "the order beside it has another id", named.order_id)
    client_id = named.cli_ord_id
    if not client_id or client_id == event.client_order_id:
        return event
    if event.client_order_id is None:
        return replace(event, client_order_id=client_id)
    call.note("contradiction", f"{at}.cliOrdId", "the order beside it has another client id", client_id)
    return event
