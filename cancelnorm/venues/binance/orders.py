"""Binance spot orders: the report of a cancel, which every transport shares, and what it means."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from cancelnorm.codec import EXACT, Codec, Target, rounded_note
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import (
    AMOUNTS,
    DECIMALS,
    EPOCHS,
    NONZERO,
    DecimalText,
    Epoch,
    Int,
    Table,
    identifier,
)
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

__all__ = [
    "OUTCOMES",
    "SIDES",
    "TIMES_IN_FORCE",
    "TYPES",
    "ApiError",
    "CanceledLeg",
    "CanceledOrder",
    "ErrorCode",
    "ListFacts",
    "Row",
    "SelfTradePrevention",
    "Status",
    "Type",
    "asked_notes",
    "odd_status",
    "order_events",
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


ErrorCode = Annotated[int, Meta(ge=-(2**63), le=0)]
"""A code of Binance; positive ones mean success, and 0 only the geo-block."""


class ApiError(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The body of an answer that is an error."""

    bare: ClassVar = True
    code: ErrorCode
    msg: str


# --- What it means ---

Row = tuple[Outcome, Evidence, Reason | None, OrderStatus | None]

OUTCOMES: Final[dict[str, Row]] = {
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
SIDES: Final[Table[str, Side]] = Table(BUY=Side.BUY, SELL=Side.SELL)
TYPES: Final[Table[str, OrderType]] = Table(
    LIMIT=OrderType.LIMIT,
    MARKET=OrderType.MARKET,
    STOP_LOSS=OrderType.STOP_MARKET,
    STOP_LOSS_LIMIT=OrderType.STOP_LIMIT,
    TAKE_PROFIT=OrderType.TAKE_PROFIT_MARKET,
    TAKE_PROFIT_LIMIT=OrderType.TAKE_PROFIT_LIMIT,
    LIMIT_MAKER=OrderType.LIMIT_MAKER,
)
TIMES_IN_FORCE: Final[Table[str, TimeInForce]] = Table(
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

_NO_LIST_ID: Final = (-1, UNSET)
# Looked up once: a member of an enum costs a call.
_ORDER: Final = EventKind.ORDER
_RESPONSE: Final = Identity.RESPONSE


ListFacts = tuple[str | None, str | None, str | None, dict[str, Any] | None, Mapping[int, str]]
"""What the events of a list's legs say: its id, client id, contingency, ``extra``; order id → client id.

A plain tuple, which unpacks in a third of the time that a named one takes.
"""

_NO_LIST: Final[ListFacts] = (None, None, None, None, {})


def order_events(
    reports: Iterable[CanceledLeg],
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
    start: int,
    request_id: str | None,
    of: ListFacts | None = None,
) -> list[CancelEvent]:
    """One event a report, numbered from ``start``; ``at`` is the path of a report, ``{}`` its place.

    The loop is the hot path of the library. An event's fields are passed by position, and in two parts:
    CPython passes more than 30 arguments through a list, which takes twice as long.
    """
    venue, product, endpoint = codec.venue, codec.product, codec.endpoint
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    list_id, list_client_id, contingency, facts, leg_ids = of or _NO_LIST
    events = []
    for index, raw in enumerate(reports, start):
        row = OUTCOMES.get(raw.status)
        if row is None:
            row = odd_status(raw.status, f"{at.format(index - start)}.status", notes)
        outcome, evidence, reason, status = row
        side, order_type, time_in_force = (
            SIDES[raw.side],
            TYPES[raw.type],
            TIMES_IN_FORCE[raw.time_in_force],
        )
        client_order_id: str | UnsetType | None = raw.orig_client_order_id
        cancel_id: str | None = raw.client_order_id
        if client_order_id is UNSET:
            client_order_id, cancel_id = _leg_ids(raw, leg_ids)
        if of is None:
            list_id = None if raw.order_list_id in _NO_LIST_ID else str(raw.order_list_id)
        order_id = raw.order_id
        if type(order_id) is int and order_id > EXACT:  # margin has some in quotes
            notes += filter(None, [rounded_note(order_id, f"{at.format(index - start)}.orderId")])
        prevention = raw.self_trade_prevention_mode
        stop_price, iceberg_qty = raw.stop_price, raw.iceberg_qty
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
        identified = (
            venue,
            product,
            endpoint,
            _ORDER,
            index,
            raw.symbol or None,
            str(order_id),
            client_order_id or None,
            cancel_id or None,
            list_id,
            list_client_id,
            contingency,
            _RESPONSE,
            outcome,
            evidence,
            reason,
            None,  # code
            None,  # message
            status,
        )
        described = (
            raw.status,
            side,
            order_type,
            time_in_force,
            NONZERO[raw.price],
            None if stop_price is UNSET else NONZERO[stop_price],
            NONZERO[raw.orig_qty],  # zero where the order was sized in quote units
            DECIMALS[raw.executed_qty],
            None if iceberg_qty is UNSET else NONZERO[iceberg_qty],
            NONZERO[raw.orig_quote_order_qty],
            AMOUNTS[raw.cummulative_quote_qty],
            None if prevention is UNSET else prevention,
            None,  # initiator
            EPOCHS[raw.transact_time],
            None,  # response_ns
            sent_ns,
            received_ns,
            request_id,
            source,
            facts if plain else _extra(raw, facts),
        )
        events.append(CancelEvent(*(identified + described)))
    return events


def odd_status(word: str, at: str, notes: list[Note]) -> Row:
    """What a status means that no canceled order has."""
    status = _LIVE[word]
    if status is not None:
        notes.append(Note("stale-status", at, "a report of a cancel shows the order alive", word))
    return Outcome.UNKNOWN, Evidence.LISTED, None, status


def _leg_ids(raw: CanceledLeg, leg_ids: Mapping[int, str]) -> tuple[str | None, str | None]:
    """Give the order's own id and the cancel's, where a report lacks ``origClientOrderId``.

    The list names the leg too. Where both give the same id it is the order's own, and the cancel has none.
    """
    own_id = leg_ids.get(raw.order_id)
    return own_id, None if own_id == raw.client_order_id else raw.client_order_id


def _extra(raw: CanceledLeg, facts: dict[str, Any] | None) -> dict[str, Any]:
    """The fields of a report that have no home in the event, the words we do not know, what its list says."""
    checked(raw)
    words = (
        (SIDES, raw.side, "side"),
        (TYPES, raw.type, "type"),
        (TIMES_IN_FORCE, raw.time_in_force, "timeInForce"),
    )
    extra = {key: value for name, key in _WITHOUT_HOME.items() if (value := getattr(raw, name)) is not UNSET}
    return extra | {key: word for table, word, key in words if table[word] is None} | (facts or {})


def asked_notes(events: Sequence[CancelEvent], record: Record, codec: Codec, at: str) -> list[Note]:
    """A note where the request names an order that the answer is not about."""
    asked = codec.target(record)
    for name in ("order_id", "client_order_id"):
        wanted = getattr(asked, name)
        if wanted is not None and all(getattr(event, name) != wanted for event in events):
            return [
                Note("unanswered-order", at, f"the request named order {wanted}, the answer does not", wanted)
            ]
    return []


def status_notes(status: int | None, at: str) -> list[Note]:
    """A note on a status of failure that comes with a report of success; the report is believed."""
    if status is None or status < 400:
        return []
    return [Note("contradiction", at, f"a report of a cancel under the status {status}", status)]


_REPLACING: Final = (
    "cancelReplaceMode",
    "cancelOrderId",
    "cancelOrigClientOrderId",
    "cancelNewClientOrderId",
)


def request_target(request: Mapping[str, Any]) -> Target:
    """The order that a request wants gone; a cancel-replace names it differently, as it names two orders."""
    replacing = not request.keys().isdisjoint(_REPLACING)
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
