"""Binance spot and margin order lists: the report of a canceled list, and answers that mix lists and orders."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import NOTHING_OPEN, EventMap, Verdict, always, amount, constant, number, text
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Epoch, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Outcome, Scope
from cancelnorm.venues.binance.messages import ORDER, PHASE_ONE_EXPIRED, CanceledLeg, CanceledOrder

# --- What Binance sends ---


class Leg(Camel):
    """A leg of an order list as the list names it."""

    symbol: str
    order_id: Int
    client_order_id: str  # here it is the order's own id


class CanceledOrderList(Camel):
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

ORDER_LIST: Final = EventMap(
    CanceledOrderList,
    always(Verdict(Outcome.UNKNOWN, Evidence.NONE)),
    kind=EventKind.SCOPE,
    scope=constant(Scope.LIST),
    symbol=text(CanceledOrderList.symbol),
    list_id=number(CanceledOrderList.order_list_id, none=(-1,)),
    list_client_id=text(CanceledOrderList.list_client_order_id),
    contingency=text(CanceledOrderList.contingency_type),
    told=(CanceledOrderList.orders, CanceledOrderList.order_reports),  # in events of their own
)
LEG: Final = ORDER.extended(
    CanceledLeg,
    given=("list_id", "list_client_id", "contingency", "extra"),
    list_id=None,
    client_order_id=text(CanceledLeg.orig_client_order_id),
    quantity=amount(CanceledLeg.orig_qty, zero_is_none=True),
    told=(CanceledLeg.order_list_id,),  # the list's own id, or noted
)
UNREPORTED: Final = EventMap(
    Leg,
    always(Verdict(Outcome.UNKNOWN, Evidence.LISTED)),  # it may have filled before
    given=LEG.plan.given,
    symbol=text(Leg.symbol),
    order_id=number(Leg.order_id),
    client_order_id=text(Leg.client_order_id),
)


# https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints#new-order-list---oto-trade
# A cancel of one leg takes the others of its list along: they are canceled too, or they expire. Such a leg was
# live until this cancel and is gone because of it, and the verdict is the one that the stream's report gives.
_WITH_ITS_LIST: Final = {"outcome": Outcome.CANCELED, "evidence": Evidence.FINAL_REPORT, "reason": None}


def _expired_with_list(leg: CanceledLeg, raw: CanceledOrderList) -> bool:
    """Tell whether a leg expired because its list was canceled, and not before on its own.

    Pending legs expire with the list while the working order has not filled. Reports do not always say why a leg
    expired. Where they do not, an OTO list of which this cancel took a leg, and none had filled, was in that first
    phase, in which no leg can end before the list. A leg of an OCO pair, also of the pair in an OTO list whose
    working order filled, expires when the other one triggers. That was before the cancel, which found the leg
    closed, as it finds one that filled or that self-trade prevention or the venue took.
    """
    legs = raw.order_reports
    is_taken = any(other.status == "CANCELED" for other in legs)
    if leg.expiry_reason == PHASE_ONE_EXPIRED:
        return is_taken or all(other.expiry_reason == PHASE_ONE_EXPIRED for other in legs)
    if leg.expiry_reason not in (UNSET, "", "NONE") or raw.contingency_type != "OTO":
        return False
    filled = any(other.status == "FILLED" for other in legs) or len(legs) < len(raw.orders)
    return is_taken and not filled


def _leg_event(event: CancelEvent, leg: CanceledLeg, raw: CanceledOrderList) -> CancelEvent:
    """The event of a leg in the report of its list."""
    is_with_list = leg.status == "EXPIRED" and _expired_with_list(leg, raw)
    return replace(event, **_WITH_ITS_LIST) if is_with_list else event


def _order_event(event: CancelEvent, raw: CanceledOrder) -> CancelEvent:
    """The event of an order, or of a leg that is reported without its list.

    A cancel of a list that is over is an error, so that an answer shows no leg of such a list.
    """
    is_with_list = raw.status == "EXPIRED" and raw.expiry_reason == PHASE_ONE_EXPIRED
    return replace(event, **_WITH_ITS_LIST) if is_with_list else event


class Reports(NamedTuple):
    """The maps of the reports of one product."""

    order: EventMap
    order_list: EventMap


_SPOT: Final = Reports(ORDER, ORDER_LIST)


def _list_events(
    raw: CanceledOrderList, call: Call, at: str, start: int, whole: EventMap
) -> list[CancelEvent]:
    """One event a leg, in the order of the reports; then one for each leg that has no report.

    A list without any leg is one ``scope`` event.
    """
    scope = whole.event(raw, call, at, index=start)
    given = [getattr(scope, name) for name in LEG.plan.given]
    events = LEG.events(raw.order_reports, call, f"{at}.orderReports[{{}}]", start=start, given=given)
    if any(leg.status == "EXPIRED" for leg in raw.order_reports):
        events = [_leg_event(event, leg, raw) for event, leg in zip(events, raw.order_reports, strict=True)]
    if raw.list_order_status != "ALL_DONE" and any(event.outcome is Outcome.CANCELED for event in events):
        message = f"order list {raw.order_list_id} is {raw.list_order_status}, and a leg of it is canceled"
        call.note("list-not-done", f"{at}.listOrderStatus", message, raw.list_order_status)
    if events and _is_consistent(raw):
        return events
    names = {leg.order_id: leg.client_order_id for leg in raw.orders}
    events = [
        _with_own_id(event, names.get(report.order_id)) if report.orig_client_order_id is UNSET else event
        for event, report in zip(events, raw.order_reports, strict=True)
    ]
    reported = {report.order_id for report in raw.order_reports}
    for i, leg in enumerate(raw.orders):
        if leg.order_id not in reported:
            path, index = f"{at}.orders[{i}]", start + len(events)
            events.append(UNREPORTED.event(leg, call, path, index=index, given=given))
    _note_list(raw, events, call, at)
    return events or [scope]


def _with_own_id(event: CancelEvent, own_id: str | None) -> CancelEvent:
    """A leg's event with the order's own client id, where only the list gives it.

    Where list and report give the same id it is the order's own, and the cancel has none.
    """
    cancel_id = event.cancel_client_order_id
    return replace(
        event,
        client_order_id=own_id or None,
        cancel_client_order_id=None if own_id == cancel_id else cancel_id,
    )


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


def _note_list(raw: CanceledOrderList, events: Sequence[CancelEvent], call: Call, at: str) -> None:
    """Note where the list and the reports of its legs do not say the same."""
    by_id = {event.order_id: event for event in reversed(events)}
    reported = {report.order_id for report in raw.order_reports}
    for i, leg in enumerate(raw.orders):
        event, path = by_id[str(leg.order_id)], f"{at}.orders[{i}]"
        if leg.order_id not in reported:
            call.note("leg-without-report", path, "the list reports nothing on this leg", leg.order_id)
        elif (leg.symbol or None, leg.client_order_id or None) != (event.symbol, event.client_order_id):
            message = "the list and the report name this leg differently"
            call.note("leg-mismatch", path, message, builtins_of(leg))
    named = {leg.order_id for leg in raw.orders}
    for i, report in enumerate(raw.order_reports):
        path = f"{at}.orderReports[{i}]"
        if report.order_id not in named:
            call.note("report-without-leg", path, "the list does not name this leg", report.order_id)
        if report.order_list_id not in (UNSET, raw.order_list_id):
            message = f"the leg says that it belongs to another list than {raw.order_list_id}"
            call.note("list-id-mismatch", f"{path}.orderListId", message, report.order_list_id)
    if any(event.symbol != (raw.symbol or None) for event in events):
        call.note("leg-mismatch", f"{at}.symbol", "the list and a leg have different symbols", raw.symbol)


# --- Answers, whatever their transport ---


def canceled(
    raw: CanceledOrder | CanceledOrderList, call: Call, at: str, maps: Reports = _SPOT
) -> list[CancelEvent]:
    """The events of the answer to a cancel of one order or of one list."""
    events = report_events(raw, call, at, maps=maps)
    if call.record.request:
        call.unanswered(events, at)
    return events


def all_canceled(
    raw: Sequence[CanceledOrder | CanceledOrderList], call: Call, at: str, maps: Reports = _SPOT
) -> list[CancelEvent]:
    """The events of an array that mixes orders and order lists, in its order.

    An empty array says that there was nothing to cancel, and is one ``scope`` event.
    """
    if not raw:
        return [call.scoped(NOTHING_OPEN)]
    if all(issubclass(kind, CanceledOrder) for kind in set(map(type, raw))):
        return _order_events(raw, call, f"{at}[{{}}]", maps.order)
    lists = [i for i, report in enumerate(raw) if not isinstance(report, CanceledOrder)]
    call.data = b""  # no map has all rows of the payload
    events = call.gathered()
    first = 0
    for i in (*lists, len(raw)):
        if orders := raw[first:i]:
            events += _order_events(orders, call, f"{at}[{{}}]", maps.order, start=len(events), first=first)
        if i < len(raw):
            events += report_events(raw[i], call, f"{at}[{i}]", len(events), maps)
        first = i + 1
    return events


def _order_events(
    orders: Sequence[Any], call: Call, at: str, each: EventMap, *, start: int = 0, first: int = 0
) -> list[CancelEvent]:
    """The events of orders that are reported without a list."""
    events = each.events(orders, call, at, start=start, first=first)
    return list(map(_order_event, events, orders)) if "EXPIRED" in map(_STATUS_OF, orders) else events


_STATUS_OF: Final = attrgetter("status")


def report_events(
    raw: CanceledOrder | CanceledOrderList, call: Call, at: str, start: int = 0, maps: Reports = _SPOT
) -> list[CancelEvent]:
    """The events of an order, or of an order list."""
    if not isinstance(raw, CanceledOrder):
        return _list_events(raw, call, at, start, maps.order_list)
    events = maps.order.events([raw], call, at, start=start)
    return [_order_event(events[0], raw)] if raw.status == "EXPIRED" else events
