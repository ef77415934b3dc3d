"""Binance spot and margin messages that every transport shares: the report of a canceled order or order list."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import (
    EventMap,
    Verdict,
    amount,
    by_status,
    constant,
    number,
    text,
    time,
    verdict_of,
    word,
)
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose, ns_of
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    QuantityUnit,
    Reason,
    Scope,
    Side,
    TimeInForce,
)
from cancelnorm.venues.binance.codes import SPOT

__all__ = [
    "ERRORS",
    "KEYS",
    "LEG",
    "ORDER",
    "OUTCOMES",
    "POST_ONLY",
    "SIDES",
    "SPOT_IDS",
    "TIMES_IN_FORCE",
    "TYPES",
    "UNSURE",
    "ApiError",
    "CanceledLeg",
    "CanceledOrder",
    "CanceledOrderList",
    "ErrorCode",
    "SelfTradePrevention",
    "Status",
    "Type",
    "all_canceled",
    "canceled",
    "note_failed_status",
    "report_events",
]

# --- What Binance sends ---

Status = Literal[
    "NEW",
    "PENDING_NEW",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCELED",
    "PENDING_CANCEL",
    "REJECTED",
    "EXPIRED",
    "EXPIRED_IN_MATCH",
]
Type = Literal[
    "LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "LIMIT_MAKER"
]
SelfTradePrevention = Literal["NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"]


class CanceledLeg(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The report of a canceled leg of an order list.

    The WebSocket API's documentation shows legs without ``origClientOrderId``, REST shows them with it. Legs
    of OPO and OPOCO lists are placed without a quantity, and may be reported without.
    """

    symbol: str  # upper-case ASCII with few exceptions: it may be any text
    orig_client_order_id: str | UnsetType = UNSET  # the id the order had
    order_id: Int  # unique within the symbol only
    order_list_id: Int | UnsetType = UNSET  # since 2019-08-15; -1: in no list, 0 is an id
    client_order_id: str  # the id of the cancel request, not of the order
    transact_time: Epoch | UnsetType = UNSET  # since 2023-07
    price: DecimalText
    orig_qty: DecimalText | UnsetType = UNSET  # base units
    executed_qty: DecimalText  # base units
    orig_quote_order_qty: DecimalText | UnsetType = UNSET  # quote units; since 2024-12
    cummulative_quote_qty: DecimalText  # quote units; the venue's own spelling; negative: not available
    status: Status
    time_in_force: Literal["GTC", "IOC", "FOK"]
    type: Type
    side: Literal["BUY", "SELL"]
    stop_price: DecimalText | UnsetType = UNSET
    trailing_delta: Int | UnsetType = UNSET  # basis points
    trailing_time: Int | UnsetType = UNSET  # epoch; -1: not active yet
    iceberg_qty: DecimalText | UnsetType = UNSET  # base units
    strategy_id: Int | UnsetType = UNSET
    strategy_type: Int | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # since 2022-12
    prevented_match_id: Int | UnsetType = UNSET
    prevented_quantity: DecimalText | UnsetType = UNSET  # base units
    used_sor: bool | UnsetType = UNSET
    working_floor: Literal["EXCHANGE", "SOR", "BROKER"] | UnsetType = UNSET
    peg_price_type: Literal["PRIMARY_PEG", "MARKET_PEG"] | UnsetType = UNSET  # all pegs since 2025-08-28
    peg_offset_type: Literal["PRICE_LEVEL"] | UnsetType = UNSET
    peg_offset_value: Int | UnsetType = UNSET
    pegged_price: DecimalText | UnsetType = UNSET
    # The next two are announced for orders in general and have not been seen on a cancel.
    expiry_reason: str | UnsetType = UNSET
    order_capacity: Literal["PRINCIPAL", "AGENCY"] | UnsetType = UNSET


class CanceledOrder(
    CanceledLeg, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled order."""

    orig_client_order_id: str
    orig_qty: DecimalText


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


ErrorCode = Annotated[int, Meta(ge=-(2**63), le=0)]
"""A code of Binance; positive ones mean success, and 0 only the geo-block."""


class ApiError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The body of an answer that is an error."""

    bare: ClassVar = True
    code: ErrorCode
    msg: Prose


# --- What it means ---

SPOT_IDS: Final = IdSpace("binance:spot", by_symbol=True)
"""Spot, margin and portfolio margin: one engine, and its stream does not say which."""

KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("origClientOrderId",),
    cancel_client_order_id=("newClientOrderId",),
    list_id=("orderListId",),
    list_client_id=("listClientOrderId",),
)

_CLOSED: Final = (Outcome.REJECTED, Evidence.TERMINAL_STATUS)
_ALIVE: Final = ("stale-status", "a report of a cancel shows the order alive")
OUTCOMES: Final[Mapping[str, Verdict]] = MappingProxyType(
    {
        "CANCELED": Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED),
        "PENDING_CANCEL": Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL),
        "FILLED": Verdict(*_CLOSED, Reason.ALREADY_FILLED, OrderStatus.FILLED),
        "EXPIRED": Verdict(*_CLOSED, Reason.ALREADY_CLOSED, OrderStatus.EXPIRED),
        "EXPIRED_IN_MATCH": Verdict(*_CLOSED, Reason.ALREADY_CLOSED, OrderStatus.EXPIRED),
        "REJECTED": Verdict(*_CLOSED, Reason.ALREADY_CLOSED, OrderStatus.REJECTED),
        # A report of a cancel that shows a live order contradicts itself.
        **{
            word: Verdict(Outcome.UNKNOWN, Evidence.LISTED, None, status, note=_ALIVE)
            for word, status in (
                ("NEW", OrderStatus.NEW),
                ("PENDING_NEW", OrderStatus.PENDING_NEW),
                ("PARTIALLY_FILLED", OrderStatus.PARTIALLY_FILLED),
            )
        },
    }
)
UNSURE: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL})
TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "MARKET": OrderType.MARKET,
        "STOP_LOSS": OrderType.STOP_MARKET,
        "STOP_LOSS_LIMIT": OrderType.STOP_LIMIT,
        "TAKE_PROFIT": OrderType.TAKE_PROFIT_MARKET,
        "TAKE_PROFIT_LIMIT": OrderType.TAKE_PROFIT_LIMIT,
        "LIMIT_MAKER": OrderType.LIMIT_MAKER,
    }
)
POST_ONLY: Final = MappingProxyType({word: word == "LIMIT_MAKER" for word in TYPES})
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
)

ORDER: Final = EventMap(
    CanceledOrder,
    by_status(CanceledLeg.status, OUTCOMES, UNSURE),
    symbol=text(CanceledLeg.symbol),
    order_id=number(CanceledLeg.order_id),
    client_order_id=text(CanceledOrder.orig_client_order_id),
    cancel_client_order_id=text(CanceledLeg.client_order_id),
    list_id=number(CanceledLeg.order_list_id, none=(-1,)),
    side=word(CanceledLeg.side, SIDES),
    order_type=word(CanceledLeg.type, TYPES),
    time_in_force=word(CanceledLeg.time_in_force, TIMES_IN_FORCE),
    post_only=word(CanceledLeg.type, POST_ONLY),
    price=amount(CanceledLeg.price, zero_is_none=True),
    trigger_price=amount(CanceledLeg.stop_price, zero_is_none=True),
    quantity=amount(
        CanceledOrder.orig_qty, zero_is_none=True
    ),  # zero where the order was sized in quote units
    filled_quantity=amount(CanceledLeg.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    display_quantity=amount(CanceledLeg.iceberg_qty, zero_is_none=True),
    quote_quantity=amount(CanceledLeg.orig_quote_order_qty, zero_is_none=True),
    filled_quote=amount(CanceledLeg.cummulative_quote_qty, negative_is_none=True),
    self_trade_prevention=text(CanceledLeg.self_trade_prevention_mode),
    event_ns=time(CanceledLeg.transact_time),
)
LEG: Final = ORDER.extended(
    CanceledLeg,
    given=("list_id", "list_client_id", "contingency", "extra"),
    list_id=None,
    client_order_id=text(CanceledLeg.orig_client_order_id),
    quantity=amount(CanceledLeg.orig_qty, zero_is_none=True),
    told=(CanceledLeg.order_list_id,),  # the list's own id, or noted
)


def list_events(raw: CanceledOrderList, call: Call, at: str, start: int) -> list[CancelEvent]:
    """One event a leg, in the order of the reports; then one for each leg that has no report.

    A leg that the list names and does not report on keeps outcome ``unknown``: it may have filled before. A
    list without any leg is one ``scope`` event.
    """
    ns_of(raw.transaction_time)  # to check it; it is not the time of the legs' reports
    list_id = None if raw.order_list_id == -1 else str(raw.order_list_id)
    extra = {
        "listStatusType": raw.list_status_type,
        "listOrderStatus": raw.list_order_status,
        "transactionTime": raw.transaction_time,
    }
    given = (list_id, raw.list_client_order_id or None, raw.contingency_type, extra)
    events = LEG.events(raw.order_reports, call, f"{at}.orderReports[{{}}]", start=start, given=given)
    if events and _is_consistent(raw):
        _note_unfinished(raw, events, call, at)
        return events
    names = {leg.order_id: leg.client_order_id for leg in raw.orders}
    events = [
        _with_own_id(event, names.get(report.order_id)) if report.orig_client_order_id is UNSET else event
        for event, report in zip(events, raw.order_reports, strict=True)
    ]
    reported = {report.order_id for report in raw.order_reports}
    silent: list[tuple[str, Leg | None]] = [
        (f"{at}.orders[{i}]", leg) for i, leg in enumerate(raw.orders) if leg.order_id not in reported
    ]
    shared: dict[str, Any] = dict(zip(LEG.plan.given, given, strict=True))
    for path, leg in silent if events or silent else [(at, None)]:
        event = call.event(
            EventKind.SCOPE if leg is None else EventKind.ORDER,
            Verdict(Outcome.UNKNOWN, Evidence.NONE if leg is None else Evidence.LISTED),
            index=start + len(events),
            path=path,
            symbol=(raw.symbol if leg is None else leg.symbol) or None,
            order_id=None if leg is None else str(leg.order_id),
            client_order_id=None if leg is None else leg.client_order_id or None,
            scope=Scope.LIST if leg is None else None,
            **shared,
        )
        events.append(event)
    _note_list(raw, events, call, at)
    _note_unfinished(raw, events, call, at)
    return events


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


def _note_unfinished(raw: CanceledOrderList, events: Sequence[CancelEvent], call: Call, at: str) -> None:
    """Note a list that is still at work although a leg of it is canceled."""
    status = raw.list_order_status
    if status != "ALL_DONE" and any(event.outcome is Outcome.CANCELED for event in events):
        message = f"order list {raw.order_list_id} is {status}, and a leg of it is canceled"
        call.note("list-not-done", f"{at}.listOrderStatus", message, status)


# --- Answers, whatever their transport ---


def canceled(raw: CanceledOrder | CanceledOrderList, call: Call, at: str) -> list[CancelEvent]:
    """The events of the answer to a cancel of one order or of one list."""
    events = report_events(raw, call, at)
    if call.record.request:
        call.unanswered(events, at)
    return events


def all_canceled(raw: Sequence[CanceledOrder | CanceledOrderList], call: Call, at: str) -> list[CancelEvent]:
    """The events of an array that mixes orders and order lists, in its order.

    An empty array says that there was nothing to cancel, and is one ``scope`` event.
    """
    if not raw:
        return [call.scoped(Verdict(Outcome.REJECTED, Evidence.LISTED, Reason.NOT_FOUND))]
    orders = [report for report in raw if isinstance(report, CanceledOrder)]
    if len(orders) == len(raw):
        return ORDER.events(orders, call, f"{at}[{{}}]")
    events: list[CancelEvent] = []
    for i, report in enumerate(raw):
        events += report_events(report, call, f"{at}[{i}]", len(events))
    return events


def report_events(
    raw: CanceledOrder | CanceledOrderList, call: Call, at: str, start: int = 0
) -> list[CancelEvent]:
    """The events of an order, or of an order list."""
    if isinstance(raw, CanceledOrder):
        return [ORDER.event(raw, call, at, index=start)]
    return list_events(raw, call, at, start)


def note_failed_status(status: int | None, call: Call, at: str) -> None:
    """Note a status of failure that comes with a report of success; the report is believed."""
    if status is not None and status >= 400:
        call.note("contradiction", at, f"a report of a cancel under the status {status}", status)


def _refused(raw: ApiError, call: Call) -> Normalised:
    """Map an error."""
    verdict = verdict_of(SPOT, raw.code, raw.msg, call.record.status)
    return call.result([call.failed(verdict, code=str(raw.code), message=raw.msg)])


ERRORS: Final = Errors(ApiError, _refused)
