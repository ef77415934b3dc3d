"""Binance spot orders and order lists: the shapes that every transport shares, and what they mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec, Target
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Note,
    OrderStatus,
    OrderType,
    Outcome,
    Reason,
    Side,
    TimeInForce,
)
from cancelnorm.shape import checked
from cancelnorm.wire import AMOUNTS, DECIMALS, EPOCHS, POSITIVE, DecimalText, Epoch, Int, Table, identifier

__all__ = [
    "ApiError",
    "CanceledLeg",
    "CanceledOrder",
    "CanceledOrderList",
    "cancel_target",
    "one_report",
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


class _Report(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What the engine says of an order it canceled."""

    symbol: str  # upper-case ASCII with few exceptions: it may be any text
    order_id: Int  # unique within the symbol only
    order_list_id: Int | UnsetType = UNSET  # since 2019-08-15; -1: in no list, 0 is an id
    client_order_id: str  # the id of the cancel request, not of the order
    transact_time: Epoch | UnsetType = UNSET  # since 2023-07
    price: DecimalText
    orig_qty: DecimalText  # base units
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


class CanceledOrder(_Report, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The report of a canceled order."""

    orig_client_order_id: str  # the id the order had


class CanceledLeg(_Report, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The report of a canceled leg of an order list.

    The WebSocket API's documentation shows legs without ``origClientOrderId``, REST shows them with it.
    """

    orig_client_order_id: str | UnsetType = UNSET


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


class ApiError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The body of an answer that is an error."""

    code: Int
    msg: str


# --- What it means ---

Row = tuple[Outcome, Evidence, Reason | None, OrderStatus | None]

_OUTCOMES: Final[dict[str, Row]] = {
    "CANCELED": (Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED),
    "PENDING_CANCEL": (Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL),
    "FILLED": (Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_FILLED, OrderStatus.FILLED),
    "EXPIRED": (Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED, OrderStatus.EXPIRED),
    "EXPIRED_IN_MATCH": (
        Outcome.REJECTED,
        Evidence.TERMINAL_STATUS,
        Reason.ALREADY_CLOSED,
        OrderStatus.EXPIRED,
    ),
    "REJECTED": (Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED, OrderStatus.REJECTED),
}
# A report of a cancel that shows a live order contradicts itself.
_LIVE: Final[Table[str, OrderStatus]] = Table(
    NEW=OrderStatus.NEW,
    PENDING_NEW=OrderStatus.PENDING_NEW,
    PARTIALLY_FILLED=OrderStatus.PARTIALLY_FILLED,
)
_SIDES: Final[Table[str, Side]] = Table(BUY=Side.BUY, SELL=Side.SELL)
_TYPES: Final[Table[str, OrderType]] = Table(
    LIMIT=OrderType.LIMIT,
    MARKET=OrderType.MARKET,
    STOP_LOSS=OrderType.STOP_MARKET,
    STOP_LOSS_LIMIT=OrderType.STOP_LIMIT,
    TAKE_PROFIT=OrderType.TAKE_PROFIT_MARKET,
    TAKE_PROFIT_LIMIT=OrderType.TAKE_PROFIT_LIMIT,
    LIMIT_MAKER=OrderType.LIMIT_MAKER,
)
_TIMES_IN_FORCE: Final[Table[str, TimeInForce]] = Table(
    GTC=TimeInForce.GTC, IOC=TimeInForce.IOC, FOK=TimeInForce.FOK
)
_WITHOUT_HOME: Final = {
    "trailing_delta": "trailingDelta",
    "trailing_time": "trailingTime",
    "strategy_id": "strategyId",
    "strategy_type": "strategyType",
    "prevented_match_id": "preventedMatchId",
    "prevented_quantity": "preventedQuantity",
    "used_sor": "usedSor",
    "working_floor": "workingFloor",
    "peg_price_type": "pegPriceType",
    "peg_offset_type": "pegOffsetType",
    "peg_offset_value": "pegOffsetValue",
    "pegged_price": "peggedPrice",
    "expiry_reason": "expiryReason",
    "order_capacity": "orderCapacity",
}

Report = CanceledOrder | CanceledLeg
Reports = list[CanceledOrder | CanceledOrderList]


def order_events(
    reports: Iterable[Report],
    record: Record,
    codec: Codec,
    notes: list[Note],
    *,
    at: str = "$",
    start: int = 0,
    request_id: str | None = None,
) -> list[CancelEvent]:
    """One event a report, numbered from ``start``; ``at`` is the path of a report, ``{}`` its place.

    The loop is the hot path of the library: fields are passed by position, and lookups are local.
    """
    venue, product, endpoint = codec.venue, codec.product, codec.endpoint
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    kind, identity, unset = EventKind.ORDER, Identity.RESPONSE, UNSET
    decimals, positive, amounts, epochs = DECIMALS, POSITIVE, AMOUNTS, EPOCHS
    outcomes, sides, types, times_in_force = _OUTCOMES, _SIDES, _TYPES, _TIMES_IN_FORCE
    events = []
    for index, raw in enumerate(reports, start):
        row = outcomes.get(raw.status)
        if row is None:
            row = _odd_status(raw.status, f"{at.format(index - start)}.status", notes)
        outcome, evidence, reason, status = row
        side, order_type, time_in_force = sides[raw.side], types[raw.type], times_in_force[raw.time_in_force]
        list_id = raw.order_list_id
        original_id = raw.orig_client_order_id
        prevention = raw.self_trade_prevention_mode
        plain = (
            raw.trailing_delta
            is raw.trailing_time
            is raw.strategy_id
            is raw.strategy_type
            is raw.prevented_match_id
            is raw.prevented_quantity
            is raw.used_sor
            is raw.working_floor
            is raw.peg_price_type
            is raw.peg_offset_type
            is raw.peg_offset_value
            is raw.pegged_price
            is raw.expiry_reason
            is raw.order_capacity
            is unset
        ) and not (side is None or order_type is None or time_in_force is None)
        events.append(
            CancelEvent(
                venue,
                product,
                endpoint,
                kind,
                index,
                raw.symbol or None,
                str(raw.order_id),
                None if original_id is unset else original_id or None,
                raw.client_order_id or None,
                None if list_id == -1 or list_id is unset else str(list_id),
                None,  # list_client_id
                None,  # contingency
                identity,
                outcome,
                evidence,
                reason,
                None,  # code
                None,  # message
                status,
                raw.status,
                side,
                order_type,
                time_in_force,
                positive[raw.price],
                positive[raw.stop_price],
                positive[raw.orig_qty],  # zero where the order was sized in quote units
                decimals[raw.executed_qty],
                positive[raw.iceberg_qty],
                positive[raw.orig_quote_order_qty],
                amounts[raw.cummulative_quote_qty],
                None if prevention is unset else prevention,
                epochs[raw.transact_time],
                None,  # response_ns
                sent_ns,
                received_ns,
                request_id,
                source,
                None if plain else _extra(raw),
            )
        )
    return events


def _odd_status(word: str, at: str, notes: list[Note]) -> Row:
    """What a status means that no canceled order has."""
    status = _LIVE[word]
    if status is not None:
        notes.append(Note("stale-status", at, "a report of a cancel shows the order alive", word))
    return Outcome.UNKNOWN, Evidence.LISTED, None, status


def _extra(raw: Report) -> dict[str, Any]:
    """The fields of a report that have no home in the event, and the words we do not know."""
    checked(raw)
    words = (
        (_SIDES, raw.side, "side"),
        (_TYPES, raw.type, "type"),
        (_TIMES_IN_FORCE, raw.time_in_force, "timeInForce"),
    )
    extra = {key: value for name, key in _WITHOUT_HOME.items() if (value := getattr(raw, name)) is not UNSET}
    return extra | {key: word for table, word, key in words if table[word] is None}


def list_events(
    raw: CanceledOrderList,
    record: Record,
    codec: Codec,
    notes: list[Note],
    *,
    at: str = "$",
    start: int = 0,
    request_id: str | None = None,
) -> list[CancelEvent]:
    """One event a leg, in the order of the reports; then one for each leg that has no report.

    A leg that the list names and does not report on keeps outcome ``unknown``: it may have filled before. A
    list without any leg is one ``scope`` event.
    """
    checked(raw)
    legs = {leg.order_id: leg for leg in raw.orders}
    events = [
        msgspec.structs.replace(event, **_leg_ids(report, legs.get(report.order_id)))
        for report, event in zip(
            raw.order_reports,
            order_events(
                raw.order_reports,
                record,
                codec,
                notes,
                at=f"{at}.orderReports[{{}}]",
                start=start,
                request_id=request_id,
            ),
            strict=True,
        )
    ]
    reported = {report.order_id for report in raw.order_reports}
    unreported = [leg for leg in raw.orders if leg.order_id not in reported]
    events += [
        _silent_leg(leg, record, codec, start + len(events) + i, request_id)
        for i, leg in enumerate(unreported)
    ]
    if not events:
        events = [_scope_event(record, codec, start, request_id, symbol=raw.symbol or None)]
    notes += _list_notes(raw, events, at)
    return [_with_list(event, raw) for event in events]


def _silent_leg(leg: Leg, record: Record, codec: Codec, index: int, request_id: str | None) -> CancelEvent:
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        index=index,
        symbol=leg.symbol or None,
        order_id=str(leg.order_id),
        client_order_id=leg.client_order_id or None,
        identity=Identity.RESPONSE,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        request_id=request_id,
        source=record.source,
    )


def _scope_event(
    record: Record, codec: Codec, index: int, request_id: str | None, *, symbol: str | None
) -> CancelEvent:
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.SCOPE,
        index=index,
        symbol=symbol,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        request_id=request_id,
        source=record.source,
    )


def _leg_ids(report: CanceledLeg, leg: Leg | None) -> dict[str, str | None]:
    """The ids of a leg whose report lacks ``origClientOrderId``: the list names it too.

    Where both give the same id, ``clientOrderId`` is the order's own and the cancel has none.
    """
    if leg is None or report.orig_client_order_id is not UNSET:
        return {}
    own_id = leg.client_order_id or None
    if leg.client_order_id == report.client_order_id:
        return {"client_order_id": own_id, "cancel_id": None}
    return {"client_order_id": own_id}


def _with_list(event: CancelEvent, raw: CanceledOrderList) -> CancelEvent:
    """The event of a leg with what the list says."""
    return msgspec.structs.replace(
        event,
        list_id=str(raw.order_list_id),
        list_client_id=raw.list_client_order_id or None,
        contingency=raw.contingency_type,
        extra={
            **(event.extra or {}),
            "listStatusType": raw.list_status_type,
            "listOrderStatus": raw.list_order_status,
            "transactionTime": raw.transaction_time,
        },
    )


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
    reports: Reports,
    record: Record,
    codec: Codec,
    notes: list[Note],
    *,
    at: str = "$",
    request_id: str | None = None,
) -> list[CancelEvent]:
    """The events of an array that mixes orders and order lists, in its order.

    An empty array says that there was nothing to cancel, and is one ``scope`` event.
    """
    if not reports:
        return [_nothing_to_cancel(record, codec, request_id)]
    orders = [report for report in reports if isinstance(report, CanceledOrder)]
    if len(orders) == len(reports):
        return order_events(orders, record, codec, notes, at=f"{at}[{{}}]", request_id=request_id)
    events: list[CancelEvent] = []
    for i, report in enumerate(reports):
        events += one_report(
            report, record, codec, notes, at=f"{at}[{i}]", start=len(events), request_id=request_id
        )
    return events


def one_report(
    report: CanceledOrder | CanceledOrderList,
    record: Record,
    codec: Codec,
    notes: list[Note],
    *,
    at: str = "$",
    start: int = 0,
    request_id: str | None = None,
) -> list[CancelEvent]:
    """The events of an order, or of an order list."""
    if isinstance(report, CanceledOrderList):
        return list_events(report, record, codec, notes, at=at, start=start, request_id=request_id)
    return order_events([report], record, codec, notes, at=at, start=start, request_id=request_id)


def _nothing_to_cancel(record: Record, codec: Codec, request_id: str | None) -> CancelEvent:
    symbol = codec.target(record).symbol
    return msgspec.structs.replace(
        _scope_event(record, codec, 0, request_id, symbol=symbol),
        identity=Identity.REQUEST if symbol else None,
        outcome=Outcome.REJECTED,
        evidence=Evidence.LISTED,
        reason=Reason.NOT_FOUND,
    )


def cancel_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a cancel name."""
    return Target(
        symbol=identifier(request.get("symbol")),
        order_id=identifier(request.get("orderId")),
        client_order_id=identifier(request.get("origClientOrderId")),
        cancel_id=identifier(request.get("newClientOrderId")),
        list_id=identifier(request.get("orderListId")),
        list_client_id=identifier(request.get("listClientOrderId")),
    )
