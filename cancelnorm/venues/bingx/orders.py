"""BingX spot orders as the answers to a cancel show them, and what they mean."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field
from msgspec.structs import replace

from cancelnorm.codec import EXACT, Codec, Target, rounded_note
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import (
    AMOUNTS,
    DECIMALS,
    MARK,
    NONZERO,
    DecimalNumber,
    Epoch,
    Failed,
    Int,
    NamingText,
    Scalar,
    Table,
    identifier,
    number_text,
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
)

__all__ = [
    "SIDES",
    "TYPES",
    "CanceledOrder",
    "DatedOrder",
    "ErrorCode",
    "NoOrderId",
    "ZeroOrder",
    "completed",
    "id_text",
    "is_blank",
    "order_event",
    "order_notes",
    "rounded_notes",
    "sent",
]

# --- What BingX sends ---

ErrorCode = Annotated[int, Meta(ge=1, le=2**63 - 1, extra={MARK: Scalar.FAILED})]
"""A code of BingX: all are positive, 0 is success."""

OrderId = Failed | NamingText
"""About 1.9e18, more than a binary float holds: recordings that went through one have it rounded.

It is an integer other than 0; a string only where a client library wrote the recording.
"""

NoOrderId = Literal[0, "0"]
"""The id of the empty order that the servers write where there is none; in quotes like the id above."""

Status = Literal["NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "CANCELED", "FAILED"]
Type = Literal["MARKET", "LIMIT", "TAKE_STOP_LIMIT", "TAKE_STOP_MARKET", "TRIGGER_LIMIT", "TRIGGER_MARKET"]


class CanceledOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The canceled order, alone or as one half of a cancel-replace. No time is with it.

    Decimals are in quotes, but for a recording of December 2023 that has numbers.
    """

    symbol: str
    order_id: OrderId
    price: DecimalNumber
    stop_price: DecimalNumber | UnsetType = UNSET  # since late 2023; "0": none
    orig_qty: DecimalNumber  # base units
    executed_qty: DecimalNumber  # base units
    cummulative_quote_qty: DecimalNumber  # quote units; the venue's own spelling
    status: Status
    type: Type  # the last four since 2023-10-12
    side: Literal["BUY", "SELL"]
    # In no documentation; recorded in February 2025 beside an equal clientOrderID.
    orig_client_order_id: str | UnsetType = UNSET
    client_order_id: str | UnsetType = field(name="clientOrderID", default=UNSET)  # since 2023-07; "": none


class DatedOrder(
    CanceledOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """An order of a list of canceled ones, or the new one of a cancel-replace."""

    transact_time: Epoch | UnsetType = UNSET  # in every recording, not in the documentation's tables


class ZeroOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The empty order that the venue's servers write where there is none: its id is 0.

    It stands for the half of a cancel-replace that failed, and it follows the real order in the answer to a
    batch that named one order twice.
    """

    symbol: str
    order_id: NoOrderId
    transact_time: Int | UnsetType = UNSET  # the servers' zero time is -6795364578871
    price: DecimalNumber
    stop_price: DecimalNumber | UnsetType = UNSET
    orig_qty: DecimalNumber
    executed_qty: DecimalNumber
    cummulative_quote_qty: DecimalNumber
    status: str  # "" or "NEW"
    type: str
    side: str  # "" or "BUY"
    orig_client_order_id: str | UnsetType = UNSET
    client_order_id: str | UnsetType = field(name="clientOrderID", default=UNSET)


# --- What it means ---

_STATUSES: Final[Table[str, OrderStatus]] = Table(
    NEW=OrderStatus.NEW,
    PENDING=OrderStatus.NEW,  # on the book
    PARTIALLY_FILLED=OrderStatus.PARTIALLY_FILLED,
    FILLED=OrderStatus.FILLED,
    CANCELED=OrderStatus.CANCELED,
    FAILED=OrderStatus.REJECTED,
    # Not documented for spot. The first is how BingX's perpetuals spell it: an order that is gone must not
    # be lost over a letter.
    CANCELLED=OrderStatus.CANCELED,
    PENDING_CANCEL=OrderStatus.PENDING_CANCEL,
)
_TERMINAL: Final = {
    OrderStatus.CANCELED: (Outcome.CANCELED, None),
    OrderStatus.FILLED: (Outcome.REJECTED, Reason.ALREADY_FILLED),
    OrderStatus.REJECTED: (Outcome.REJECTED, Reason.ALREADY_CLOSED),
}
SIDES: Final[Table[str, Side]] = Table(BUY=Side.BUY, SELL=Side.SELL)
TYPES: Final[Table[str, OrderType]] = Table(
    MARKET=OrderType.MARKET,
    LIMIT=OrderType.LIMIT,
    TAKE_STOP_LIMIT=OrderType.STOP_OR_TAKE_PROFIT_LIMIT,
    TAKE_STOP_MARKET=OrderType.STOP_OR_TAKE_PROFIT_MARKET,
    TRIGGER_LIMIT=OrderType.TRIGGER_LIMIT,
    TRIGGER_MARKET=OrderType.TRIGGER_MARKET,
)


def order_event(
    raw: CanceledOrder, record: Record, codec: Codec, *, taken: Evidence, index: int = 0
) -> CancelEvent:
    """Map an order that an answer calls canceled.

    Only a terminal status is proof. BingX also returns orders in the status they had before the cancel; those
    are no more than ``taken``.
    """
    checked(raw)
    status = _STATUSES[raw.status]
    evidence = Evidence.TERMINAL_STATUS
    if status in _TERMINAL:
        outcome, reason = _TERMINAL[status]
    else:
        outcome, reason, evidence = Outcome.UNKNOWN if status is None else Outcome.PENDING, None, taken
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        index=index,
        symbol=raw.symbol or None,
        order_id=id_text(raw.order_id),
        client_order_id=raw.client_order_id or raw.orig_client_order_id or None,
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        status=status,
        raw_status=identifier(raw.status),
        side=SIDES[raw.side],
        order_type=TYPES[raw.type],
        price=NONZERO[number_text(raw.price)],
        trigger_price=None if raw.stop_price is UNSET else NONZERO[number_text(raw.stop_price)],
        quantity=NONZERO[number_text(raw.orig_qty)],  # zero where the order was sized in quote units
        filled_quantity=DECIMALS[number_text(raw.executed_qty)],
        filled_quote=AMOUNTS[number_text(raw.cummulative_quote_qty)],  # negative: not available
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=_extra(raw) or None,
    )


def _extra(raw: CanceledOrder) -> dict[str, Any]:
    """What has no home in the event.

    ``transactTime`` is no time of the cancel: in all recordings it is, to the millisecond, the time that the
    order id was made at (its upper bits, as in a snowflake id), which is also what the venue's open orders
    showed as ``time`` before. So it is not ``event_ns``.
    """
    extra: dict[str, Any] = {}
    if isinstance(raw, DatedOrder) and raw.transact_time is not UNSET:
        extra["transactTime"] = raw.transact_time
    if SIDES[raw.side] is None:
        extra["side"] = raw.side
    if TYPES[raw.type] is None:
        extra["type"] = raw.type
    if raw.client_order_id and raw.orig_client_order_id:
        extra["origClientOrderId"] = raw.orig_client_order_id
    return extra


def order_notes(raw: CanceledOrder, event: CancelEvent, at: str) -> Iterator[Note]:
    """What is odd about an order that an answer calls canceled."""
    if event.status in _TERMINAL and event.status is not OrderStatus.CANCELED:
        yield Note("contradiction", f"{at}.status", "an order called canceled ended otherwise", raw.status)
    elif event.outcome is Outcome.PENDING:
        yield Note("stale-status", f"{at}.status", "an order called canceled is shown alive", raw.status)
    yield from rounded_notes(raw.order_id, f"{at}.orderId")
    original = event.extra and event.extra.get("origClientOrderId")
    if original and original != event.client_order_id:
        message = "two client ids for one order, clientOrderID is taken"
        yield Note("contradiction", f"{at}.origClientOrderId", message, original)


def rounded_notes(order_id: int | str, at: str) -> Iterator[Note]:
    """A note where an id that was sent as a number looks rounded."""
    if isinstance(order_id, int) and order_id > EXACT and (note := rounded_note(order_id, at)):
        yield note


def completed(event: CancelEvent, target: Target) -> CancelEvent:
    """Fill from the request what an answer about one order lacks, unless they name different orders.

    A client id is filled only where the request named the order by nothing else: an order id beats it.
    """
    asked = target.order_id
    if asked is not None and event.order_id not in (None, asked):
        return event
    symbol, order_id = event.symbol or target.symbol, event.order_id or asked
    client_order_id = event.client_order_id or (target.client_order_id if asked is None else None)
    if (symbol, order_id, client_order_id) == (event.symbol, event.order_id, event.client_order_id):
        return event
    return replace(
        event, symbol=symbol, order_id=order_id, client_order_id=client_order_id, identity=Identity.REQUEST
    )


def id_text(value: object) -> str | None:
    """An order id as text; None for 0 and ``""``, which name no order."""
    text = identifier(value)
    return None if text == "0" else text


def sent(raw: CanceledOrder | ZeroOrder) -> dict[str, str | int]:
    """An order under the venue's own names, decimals as their text."""
    names = zip(raw.__struct_fields__, raw.__struct_encode_fields__, strict=True)
    values = {key: value for name, key in names if (value := getattr(raw, name)) is not UNSET}
    return {key: number_text(value) if isinstance(value, Raw) else value for key, value in values.items()}


def is_blank(raw: ZeroOrder) -> bool:
    """Whether an empty order has nothing in it but empty texts, zeros and the zero time."""
    return all(value == _ZERO_TIME or not str(value).strip("0.-") for value in sent(raw).values())


_ZERO_TIME: Final = -6795364578871
