"""Binance spot order lists: the report of a cancel of a list with its legs, and arrays that mix both."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, Struct

from cancelnorm.codec import Codec
from cancelnorm.reader.scalars import EPOCHS, Epoch, Int
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Identity, Note, Outcome, Reason
from cancelnorm.venues.binance.orders import CanceledLeg, CanceledOrder, ListFacts, order_events

__all__ = ["CanceledOrderList", "one_report", "report_events"]

# --- What Binance sends ---


class Leg(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A leg of an order list as the list names it."""

    symbol: str
    order_id: Int
    client_order_id: str  # here it is the order's own id


class CanceledOrderList(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled order list with the reports of its legs."""

    order_list_id: Int  # 0 is an id
    contingency_type: Literal["OCO", "OTO"]  # OTOCO, OPO and OPOCO lists say OTO
    list_status_type: Literal["RESPONSE", "EXEC_STARTED", "UPDATED", "ALL_DONE"]
    list_order_status: Literal["EXECUTING", "ALL_DONE", "REJECT", "CANCELING"]
    list_client_order_id: str
    transaction_time: Epoch  # not the time of the legs' reports: the two may differ by years in examples
    symbol: str
    orders: list[Leg]
    order_reports: list[CanceledLeg]  # may lack legs that were filled before


# --- What it means ---


def list_events(
    raw: CanceledOrderList,
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
    start: int,
    request_id: str | None,
) -> list[CancelEvent]:
    """One event a leg, in the order of the reports; then one for each leg that has no report.

    A leg that the list names and does not report on keeps outcome ``unknown``: it may have filled before. A
    list without any leg is one ``scope`` event.
    """
    EPOCHS[raw.transaction_time]  # to check it; it is not the time of the legs' reports
    consistent = _is_consistent(raw)
    list_id = None if raw.order_list_id == -1 else str(raw.order_list_id)
    extra = {
        "listStatusType": raw.list_status_type,
        "listOrderStatus": raw.list_order_status,
        "transactionTime": raw.transaction_time,
    }
    own_ids = {} if consistent else {leg.order_id: leg.client_order_id for leg in raw.orders}
    facts: ListFacts = (list_id, raw.list_client_order_id or None, raw.contingency_type, extra, own_ids)
    place = f"{at}.orderReports[{{}}]"
    events = order_events(raw.order_reports, record, codec, notes, place, start, request_id, facts)
    if events and consistent:
        return events
    reported = {report.order_id for report in raw.order_reports}
    silent: list[Leg | None] = [leg for leg in raw.orders if leg.order_id not in reported]
    for leg in silent if events or silent else [None]:
        event = CancelEvent(
            venue=codec.venue,
            product=codec.product,
            endpoint=codec.endpoint,
            kind=EventKind.SCOPE if leg is None else EventKind.ORDER,
            index=start + len(events),
            symbol=(raw.symbol if leg is None else leg.symbol) or None,
            order_id=None if leg is None else str(leg.order_id),
            client_order_id=None if leg is None else leg.client_order_id or None,
            list_id=list_id,
            list_client_id=raw.list_client_order_id or None,
            contingency=raw.contingency_type,
            identity=Identity.RESPONSE,
            evidence=Evidence.NONE if leg is None else Evidence.LISTED,
            sent_ns=record.sent_ns,
            received_ns=record.received_ns,
            request_id=request_id,
            source=record.source,
            extra=extra,
        )
        events.append(event)
    notes += _list_notes(raw, events, at)
    return events


def _is_consistent(raw: CanceledOrderList) -> bool:
    """Whether a list and the reports of its legs say the same, as they nearly always do."""
    if len(raw.orders) != len(raw.order_reports):
        return False
    for leg, report in zip(raw.orders, raw.order_reports, strict=True):
        if (
            leg.order_id != report.order_id
            or leg.client_order_id != report.orig_client_order_id
            or not leg.symbol == report.symbol == raw.symbol
            or report.order_list_id != raw.order_list_id
        ):
            return False
    return True


def _list_notes(raw: CanceledOrderList, events: Sequence[CancelEvent], at: str) -> Iterator[Note]:
    """Where the list and the reports of its legs do not say the same."""
    by_id = {event.order_id: event for event in reversed(events)}
    reported = {report.order_id for report in raw.order_reports}
    for i, leg in enumerate(raw.orders):
        event = by_id[str(leg.order_id)]
        if leg.order_id not in reported:
            yield Note(
                "leg-without-report",
                f"{at}.orders[{i}]",
                "the list reports nothing on this leg",
                leg.order_id,
            )
        elif (leg.symbol or None, leg.client_order_id or None) != (event.symbol, event.client_order_id):
            message = "the list and the report name this leg differently"
            yield Note("leg-mismatch", f"{at}.orders[{i}]", message, msgspec.to_builtins(leg))
    named = {leg.order_id for leg in raw.orders}
    for i, report in enumerate(raw.order_reports):
        place = f"{at}.orderReports[{i}]"
        if report.order_id not in named:
            yield Note("report-without-leg", place, "the list does not name this leg", report.order_id)
        if report.order_list_id not in (UNSET, raw.order_list_id):
            message = f"the leg says it is of another list than {raw.order_list_id}"
            yield Note("list-id-mismatch", f"{place}.orderListId", message, report.order_list_id)
    if any(event.symbol != (raw.symbol or None) for event in events):
        yield Note("leg-mismatch", f"{at}.symbol", "the list and a leg have different symbols", raw.symbol)


def report_events(
    reports: list[CanceledOrder | CanceledOrderList],
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
    request_id: str | None,
) -> list[CancelEvent]:
    """The events of an array that mixes orders and order lists, in its order.

    An empty array says that there was nothing to cancel, and is one ``scope`` event.
    """
    if not reports:
        return [_nothing_to_cancel(record, codec, request_id)]
    orders = [report for report in reports if isinstance(report, CanceledOrder)]
    if len(orders) == len(reports):
        return order_events(orders, record, codec, notes, f"{at}[{{}}]", 0, request_id)
    events: list[CancelEvent] = []
    for i, report in enumerate(reports):
        events += one_report(report, record, codec, notes, f"{at}[{i}]", len(events), request_id)
    return events


def one_report(
    report: CanceledOrder | CanceledOrderList,
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
    start: int,
    request_id: str | None,
) -> list[CancelEvent]:
    """The events of an order, or of an order list."""
    if isinstance(report, CanceledOrder):
        return order_events((report,), record, codec, notes, at, start, request_id)
    return list_events(report, record, codec, notes, at, start, request_id)


def _nothing_to_cancel(record: Record, codec: Codec, request_id: str | None) -> CancelEvent:
    symbol = codec.target(record).symbol
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.SCOPE,
        symbol=symbol,
        identity=Identity.REQUEST if symbol else None,
        outcome=Outcome.REJECTED,
        evidence=Evidence.LISTED,
        reason=Reason.NOT_FOUND,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        request_id=request_id,
        source=record.source,
    )
