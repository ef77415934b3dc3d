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
from cancelnorm.wire import AMOUNTS, DECIMALS, EPOCHS, NONZERO, DecimalText, Epoch, Int, Table, identifier

__all__ = [
    "ApiError",
    "CanceledLeg",
    "CanceledOrder",
    "CanceledOrderList",
    "one_report",
    "report_events",
    "request_target",
    "status_notes",
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

_NO_LIST: Final = (-1, UNSET)
# Looked up once: a member of an enum costs a call.
_ORDER: Final = EventKind.ORDER
_RESPONSE: Final = Identity.RESPONSE

Reports = list[CanceledOrder | CanceledOrderList]


def order_events(
    reports: Iterable[CanceledLeg],
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
    start: int,
    request_id: str | None,
    of: CanceledOrderList | None = None,
) -> list[CancelEvent]:
    """One event a report, numbered from ``start``; ``at`` is the path of a report, ``{}`` its place.

    The loop is the hot path of the library: the fields of the event are passed by position.
    """
    venue, product, endpoint = codec.venue, codec.product, codec.endpoint
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    list_id = list_client_id = contingency = facts = None
    if of is not None:
        list_id, list_client_id, contingency = (
            str(of.order_list_id),
            of.list_client_order_id,
            of.contingency_type,
        )
        facts = _list_facts(of)
    events = []
    for index, raw in enumerate(reports, start):
        row = _OUTCOMES.get(raw.status)
        if row is None:
            row = _odd_status(raw.status, f"{at.format(index - start)}.status", notes)
        outcome, evidence, reason, status = row
        side, order_type, time_in_force = (
            _SIDES[raw.side],
            _TYPES[raw.type],
            _TIMES_IN_FORCE[raw.time_in_force],
        )
        client_order_id: str | UnsetType | None = raw.orig_client_order_id
        cancel_id: str | None = raw.client_order_id
        if isinstance(client_order_id, UnsetType):
            client_order_id, cancel_id = _leg_ids(raw, of)
        if of is None:
            list_id = None if raw.order_list_id in _NO_LIST else str(raw.order_list_id)
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
            is UNSET
        ) and not (side is None or order_type is None or time_in_force is None)
        events.append(
            CancelEvent(
                venue,
                product,
                endpoint,
                _ORDER,
                index,
                raw.symbol or None,
                str(raw.order_id),
                client_order_id or None,
                cancel_id or None,
                list_id,
                list_client_id or None,
                contingency,
                _RESPONSE,
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
                NONZERO[raw.price],
                NONZERO[raw.stop_price],
                NONZERO[raw.orig_qty],  # zero where the order was sized in quote units
                DECIMALS[raw.executed_qty],
                NONZERO[raw.iceberg_qty],
                NONZERO[raw.orig_quote_order_qty],
                AMOUNTS[raw.cummulative_quote_qty],
                None if prevention is UNSET else prevention,
                EPOCHS[raw.transact_time],
                None,  # response_ns
                sent_ns,
                received_ns,
                request_id,
                source,
                facts if plain else _extra(raw, facts),
            )
        )
    return events


def _odd_status(word: str, at: str, notes: list[Note]) -> Row:
    """What a status means that no canceled order has."""
    status = _LIVE[word]
    if status is not None:
        notes.append(Note("stale-status", at, "a report of a cancel shows the order alive", word))
    return Outcome.UNKNOWN, Evidence.LISTED, None, status


def _extra(raw: CanceledLeg, facts: dict[str, Any] | None) -> dict[str, Any]:
    """The fields of a report that have no home in the event, the words we do not know, what its list says."""
    checked(raw)
    words = (
        (_SIDES, raw.side, "side"),
        (_TYPES, raw.type, "type"),
        (_TIMES_IN_FORCE, raw.time_in_force, "timeInForce"),
    )
    extra = {key: value for name, key in _WITHOUT_HOME.items() if (value := getattr(raw, name)) is not UNSET}
    return extra | {key: word for table, word, key in words if table[word] is None} | (facts or {})


def _list_facts(raw: CanceledOrderList) -> dict[str, Any]:
    """What a list says that has no home in the events of its legs."""
    EPOCHS[raw.transaction_time]  # to check it; it is not the time of the legs' reports
    return {
        "listStatusType": raw.list_status_type,
        "listOrderStatus": raw.list_order_status,
        "transactionTime": raw.transaction_time,
    }


def _list_id(raw: CanceledOrderList) -> str | None:
    return None if raw.order_list_id == -1 else str(raw.order_list_id)


def _leg_ids(raw: CanceledLeg, of: CanceledOrderList | None) -> tuple[str | None, str | None]:
    """Give the order's own id and the cancel's, where a report lacks ``origClientOrderId``.

    The list names the leg too. Where both give the same id it is the order's own, and the cancel has none.
    """
    own_id = (
        next((leg.client_order_id for leg in of.orders if leg.order_id == raw.order_id), None) if of else None
    )
    return own_id, None if own_id == raw.client_order_id else raw.client_order_id


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
    events = order_events(
        raw.order_reports, record, codec, notes, f"{at}.orderReports[{{}}]", start, request_id, raw
    )
    if events and _is_consistent(raw):
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
            list_id=_list_id(raw),
            list_client_id=raw.list_client_order_id or None,
            contingency=raw.contingency_type,
            identity=Identity.RESPONSE,
            evidence=Evidence.NONE if leg is None else Evidence.LISTED,
            sent_ns=record.sent_ns,
            received_ns=record.received_ns,
            request_id=request_id,
            source=record.source,
            extra=_list_facts(raw),
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
    reports: Reports, record: Record, codec: Codec, notes: list[Note], at: str, request_id: str | None
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
    if isinstance(report, CanceledOrderList):
        return list_events(report, record, codec, notes, at, start, request_id)
    return order_events((report,), record, codec, notes, at, start, request_id)


def status_notes(status: int | None, at: str) -> list[Note]:
    """A note on a status of failure that comes with a report of success; the report is believed."""
    if status is None or status < 400:
        return []
    return [Note("contradiction", at, f"a report of a cancel under the status {status}", status)]


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


def request_target(request: Mapping[str, Any]) -> Target:
    """The order that a request wants gone; a cancel-replace names it differently, as it names two orders."""
    replacing = "cancelReplaceMode" in request
    return Target(
        symbol=identifier(request.get("symbol")),
        order_id=identifier(request.get("cancelOrderId") or request.get("orderId")),
        client_order_id=identifier(
            request.get("cancelOrigClientOrderId") or request.get("origClientOrderId")
        ),
        cancel_id=identifier(request.get("cancelNewClientOrderId" if replacing else "newClientOrderId")),
        list_id=identifier(request.get("orderListId")),
        list_client_id=identifier(request.get("listClientOrderId")),
    )
