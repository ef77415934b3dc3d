"""Kraken Futures: what it answers to a cancel of one order, of all, and to the setting of the dead-man switch."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, always, text
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Initiator, Normalised, Outcome, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken_futures.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    OPEN,
    Success,
    opened,
    product_of,
    refuses_anything,
    told,
)
from cancelnorm.venues.kraken_futures.orders import Order, OrderEvent, order_map, trigger_map
from cancelnorm.venues.kraken_futures.rows import (
    REPORTED,
    Ended,
    Report,
    agreeing,
    ended,
    report_in,
    with_uid,
)

# --- What Kraken Futures sends ---


class CancelStatus(Ended):
    """Result for the order."""

    received_time: str | UnsetType = UNSET


class CancelAnswer(Success):
    """The answer to a cancel of one order."""

    cancel_status: CancelStatus


class Named(Camel):
    """An order that was canceled."""

    order_id: str = field(name="order_id")
    cli_ord_id: str | UnsetType | None = UNSET  # only if the order has one


class SweepStatus(Camel):
    """Result for all orders."""

    cancel_only: str  # a symbol, or all
    status: Literal["cancelled", "noOrdersToCancel"]
    cancelled_orders: list[Named]
    order_events: list[OrderEvent]
    received_time: str


class SweepAnswer(Success):
    """The answer to a cancel of all orders."""

    cancel_status: SweepStatus


class Switch(Camel):
    """When all orders will be canceled; "0" is never."""

    current_time: str
    trigger_time: str


class SwitchAnswer(Success):
    """The answer to a setting of the dead-man switch."""

    status: Switch


# --- What it means ---

_LISTED: Final = Verdict(Outcome.CANCELED, Evidence.LISTED)
_SWEPT: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)
_NONE_OPEN: Final = Verdict(Outcome.CANCELED, Evidence.COUNTED)
_SET: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, initiator=Initiator.TIMER)
_ALL: Final = "all"

_GIVEN: Final = ("event_ns", "extra")
LISTED: Final = EventMap(
    Named,
    always(_LISTED),
    unnamed=EventKind.REQUEST,
    given=("event_ns",),
    order_id=text(Named.order_id),
    client_order_id=text(Named.cli_ord_id),
)
ORDER: Final = order_map(always(REPORTED), given=_GIVEN)
TRIGGER: Final = trigger_map(always(REPORTED), given=_GIVEN)


def cancel(raw: CancelAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, of which part may have been filled."""
    said = opened(raw, call)
    status = raw.cancel_status
    events = ended(status, ("receivedTime", status.received_time), call, _AT)
    return call.result([told(event, call.target, call, _AT) for event in events], extra=said)


_AT: Final = "$.cancelStatus"


def cancel_all(raw: SweepAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders: those that it lists are gone, whatever its status says."""
    said = opened(raw, call)
    status = raw.cancel_status
    event_ns = ns_of_date_time(status.received_time)
    if event_ns is None and status.received_time:
        said["receivedTime"] = status.received_time
    events = _listed(status, event_ns, said, call)
    if not events:
        return call.result([_none_listed(status, event_ns, call)], extra=said)
    if status.status == "noOrdersToCancel":
        call.note("contradiction", f"{_AT}.status", "orders are listed beside it", status.status)
    said |= {"cancelOnly": status.cancel_only, "status": status.status}
    return call.result(events, extra={key: value for key, value in said.items() if value})


def _listed(status: SweepStatus, event_ns: int | None, said: dict[str, Any], call: Call) -> list[CancelEvent]:
    """One event an order, by the engine's report of it where there is one."""
    reports: dict[str, tuple[int, Report]] = {}
    others = []
    for place, each in enumerate(status.order_events):
        report = report_in(each)
        if report is not None and report.order_id not in reports:
            reports[report.order_id] = place, report
        else:
            others.append(builtins_of(checked(each)))
    if others:
        said["orderEvents"] = others
    events = []
    for i, named in enumerate(status.cancelled_orders):
        at = f"{_AT}.cancelledOrders[{i}]"
        if named.order_id not in reports:
            events += LISTED.events([named], call, at, start=i, given=(event_ns,))
            continue
        event = _reported(*reports.pop(named.order_id), i, event_ns, call)
        events.append(agreeing(event, named, call, at))
    for place, report in reports.values():
        events.append(_reported(place, report, len(events), event_ns, call))
    return events


def _reported(place: int, report: Report, index: int, event_ns: int | None, call: Call) -> CancelEvent:
    at = f"{_AT}.orderEvents[{place}].{report.key}"
    by_order = ORDER if isinstance(report.order, Order) else TRIGGER
    return by_order.event(report.order, call, at, index=index, given=(event_ns, with_uid(report, {})))


def _none_listed(status: SweepStatus, event_ns: int | None, call: Call) -> CancelEvent:
    """The event of an answer that lists no order: there was none, or the venue does not say which."""
    verdict, word = _NONE_OPEN, str(status.status)
    said: dict[str, Any] = {"raw_status": word or None, "event_ns": event_ns, "path": _AT}
    if word == "noOrdersToCancel":
        said["affected_orders"] = 0
    else:
        call.note("empty-list", f"{_AT}.cancelledOrders", "no order is listed", word)
        verdict = _SWEPT if word == "cancelled" else OPEN
    named = status.cancel_only
    if named in (_ALL, ""):
        return call.event(EventKind.SCOPE, verdict, scope=Scope.ACCOUNT if named else None, **said)
    return call.scoped(verdict, symbol=named, **said, **_product(named))


def _product(symbol: str) -> dict[str, Any]:
    product = product_of(symbol)
    return {} if product is None else {"product": product}


def switch(raw: SwitchAnswer, call: Call) -> Normalised:
    """Map the setting of the switch: it is set, or off, and has canceled nothing."""
    said = opened(raw, call)
    times = {"currentTime": raw.status.current_time, "triggerTime": raw.status.trigger_time}
    event = call.event(
        EventKind.TIMER,
        _SET,
        scope=Scope.ACCOUNT,
        path="$.status",
        extra=dict(filter(_is_told, times.items())),
    )
    return call.result([event], extra=said)


def _is_told(item: tuple[str, str]) -> bool:
    return item[1] != ""


# --- Endpoints ---

ENDPOINTS: Final = (
    *endpoints(
        endpoint("POST /derivatives/api/v3/cancelorder", CancelAnswer, cancel, page="cancel-order"),
        endpoint(
            "POST /derivatives/api/v3/cancelallorders", SweepAnswer, cancel_all, page="cancel-all-orders"
        ),
        product=None,
        request=KEYS,
        errors=ERRORS,
        is_shared=refuses_anything,
        ids=IDS,
        docs=DOCS,
    ),
    *endpoints(
        endpoint(
            "POST /derivatives/api/v3/cancelallordersafter",
            SwitchAnswer,
            switch,
            page="cancel-all-orders-after",
        ),
        product=None,
        request=RequestKeys(),
        errors=ERRORS,
        is_shared=refuses_anything,
        ids=IDS,
        docs=DOCS,
    ),
)
