"""BingX perpetual orders, of either margin, as the answers to a cancel show them, and what they mean."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, field

from cancelnorm.codec import Codec
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import (
    DECIMALS,
    NONZERO,
    DecimalNumber,
    DecimalText,
    Epoch,
    Int,
    Table,
    Unreadable,
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
)
from cancelnorm.venues.bingx.orders import SIDES, NoOrderId, OrderId, id_text, rounded_notes

__all__ = [
    "SIDES",
    "TYPES",
    "ContractOrder",
    "NoOrder",
    "PositionSide",
    "ReplacedOrder",
    "Type",
    "facts",
    "is_blank",
    "order_event",
    "order_notes",
]

# --- What BingX sends ---

Type = Literal[
    "LIMIT",
    "MARKET",
    "STOP_MARKET",
    "TAKE_PROFIT_MARKET",
    "STOP",
    "TAKE_PROFIT",
    "TRIGGER_LIMIT",
    "TRIGGER_MARKET",
    "TRAILING_STOP_MARKET",
    "TRAILING_TP_SL",
    "LIQUIDATION",  # pushed only
    "Pending",  # recorded for a coin-margined order in July 2024: a status in the place of the type
]
Status = Literal["NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "CANCELLED", "CANCELED", "EXPIRED"]
PositionSide = Literal["LONG", "SHORT", "BOTH", "Long", "Short"]  # the last two: coin-margined, July 2024


class Attached(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The take-profit or stop-loss order that comes with an order; empty texts and zeros where none does."""

    type: str
    quantity: DecimalNumber
    stop_price: DecimalNumber
    price: DecimalNumber
    working_type: str
    stop_guaranteed: bool | str | UnsetType = UNSET  # since 2024-03-19


class OrderFacts(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What is written of an order, also where there is none."""

    symbol: str
    quantity: DecimalNumber | UnsetType = UNSET  # contracts; coin-margined only, where origQty is "0"
    orig_qty: DecimalText  # base units
    price: DecimalText
    executed_qty: DecimalText  # base units, or contracts if coin-margined
    avg_price: DecimalText
    cum_quote: str  # quote units; a decimal or ""
    stop_price: str  # a decimal; "": no trigger
    profit: str  # a decimal; "" in 2022
    commission: str  # a decimal; "" in 2022
    # The orders of 2022 ended at updateTime; what follows came in 2023, unless another date is given.
    client_order_id: str | UnsetType = (
        UNSET  # in lower case whatever was sent; "" for a take-profit until 2025-08-21
    )
    leverage: str | UnsetType = UNSET  # "" or like 15X
    take_profit: Attached | str | UnsetType = UNSET  # "", or JSON in a text, where another endpoint wrote it
    stop_loss: Attached | str | UnsetType = UNSET
    advance_attr: Int | UnsetType = UNSET
    position_id: Int | UnsetType = field(name="positionID", default=UNSET)
    take_profit_entrust_price: DecimalNumber | UnsetType = UNSET
    stop_loss_entrust_price: DecimalNumber | UnsetType = UNSET
    order_type: str | UnsetType = UNSET
    working_type: str | UnsetType = UNSET
    only_one_position: bool | UnsetType = UNSET  # with a cancel-replace
    reduce_only: bool | UnsetType = UNSET  # with a cancel-replace
    stop_guaranteed: bool | str | UnsetType = UNSET  # since 2024-03-19
    trigger_order_id: Int | str | UnsetType = UNSET  # since 2024-03-19
    is_twap: bool | UnsetType = UNSET  # since 2024-10-24
    main_order_id: str | UnsetType = UNSET  # since 2024-10-24


class ReplacedOrder(
    OrderFacts, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The old order of a cancel-replace as it was before: PENDING in all samples, whatever became of it.

    The servers write every field also where they have nothing to say, so each may be empty.
    """

    cancel_client_order_id: str  # as the request named the order
    cancel_order_id: Int | str
    order_id: Int | str
    side: Literal["BUY", "SELL", ""]
    position_side: Literal[PositionSide, ""]
    type: Literal[Type, ""]
    status: Literal[Status, ""]
    time: Int
    update_time: Int


class ContractOrder(
    OrderFacts, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """An order that an answer calls canceled, in the status that it has or still had."""

    order_id: OrderId
    side: Literal["BUY", "SELL"]
    position_side: PositionSide
    type: Type
    status: Status
    time: Epoch
    update_time: Epoch


class NoOrder(OrderFacts, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The empty order that the venue's servers write where there is none: its id is 0.

    Recorded for spot only; the perpetual servers share the habit of writing what is not there.
    """

    order_id: NoOrderId
    side: str
    position_side: str
    type: str
    status: str
    time: Int
    update_time: Int


# --- What it means ---

_STATUSES: Final[Table[str, OrderStatus]] = Table(
    NEW=OrderStatus.NEW,
    PENDING=OrderStatus.NEW,  # on the book
    PARTIALLY_FILLED=OrderStatus.PARTIALLY_FILLED,
    FILLED=OrderStatus.FILLED,
    CANCELLED=OrderStatus.CANCELED,
    CANCELED=OrderStatus.CANCELED,
    EXPIRED=OrderStatus.EXPIRED,
    # Not documented here, but for TWAP orders: an order that is gone must not be lost over a letter.
    Cancelled=OrderStatus.CANCELED,
)
_TERMINAL: Final = {
    OrderStatus.CANCELED: (Outcome.CANCELED, None),
    OrderStatus.FILLED: (Outcome.REJECTED, Reason.ALREADY_FILLED),
    OrderStatus.EXPIRED: (Outcome.REJECTED, Reason.ALREADY_CLOSED),
}
TYPES: Final[Table[str, OrderType]] = Table(
    LIMIT=OrderType.LIMIT,
    MARKET=OrderType.MARKET,
    STOP_MARKET=OrderType.STOP_MARKET,
    TAKE_PROFIT_MARKET=OrderType.TAKE_PROFIT_MARKET,
    STOP=OrderType.STOP_LIMIT,
    TAKE_PROFIT=OrderType.TAKE_PROFIT_LIMIT,
    TRIGGER_LIMIT=OrderType.TRIGGER_LIMIT,
    TRIGGER_MARKET=OrderType.TRIGGER_MARKET,
)


def order_event(
    raw: ContractOrder | ReplacedOrder,
    record: Record,
    codec: Codec,
    *,
    taken: Evidence,
    index: int = 0,
    response_ns: int | None = None,
) -> CancelEvent:
    """Map an order that an answer calls canceled.

    Only a terminal status is proof. BingX often returns orders in the status they had before the cancel;
    those are no more than ``taken``.

    There is no time of the cancel. ``time`` is the order's creation, and ``updateTime`` is not the cancel's
    either: in a recorded batch, one order's is 18 ms after its creation and before the creation of the next
    order, which the same request canceled. Both stay in ``extra``.
    """
    checked(raw)
    status = _STATUSES[raw.status]
    outcome, reason, evidence = Outcome.PENDING, None, taken
    if status in _TERMINAL:
        evidence = Evidence.TERMINAL_STATUS
        outcome, reason = _TERMINAL[status]
    elif status is None:
        outcome = Outcome.UNKNOWN
    extra = _extra(raw)
    contracts = None if raw.quantity is UNSET else NONZERO[number_text(raw.quantity)]
    quantity = NONZERO[raw.orig_qty]
    if contracts is not None and quantity is not None:
        extra["origQty"] = raw.orig_qty
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        index=index,
        symbol=raw.symbol or None,
        order_id=id_text(raw.order_id),
        client_order_id=raw.client_order_id or None,
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        status=status,
        raw_status=identifier(raw.status),
        side=SIDES[raw.side],
        order_type=TYPES[raw.type],
        price=NONZERO[raw.price],
        trigger_price=_amount(raw.stop_price, NONZERO),
        quantity=contracts or quantity,
        filled_quantity=DECIMALS[raw.executed_qty],
        filled_quote=_amount(raw.cum_quote, DECIMALS),
        response_ns=response_ns,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=extra or None,
    )


def _amount(text: str, table: Mapping[Any, Any]) -> Any:
    """A decimal that may be missing; None also for a text that is none, which then stays in ``extra``."""
    try:
        return table[text] if text else None
    except Unreadable:
        return None


_HOMELESS: Final = (
    "position_side",
    "avg_price",
    "profit",
    "commission",
    "time",
    "update_time",
    "leverage",
    "take_profit",
    "stop_loss",
    "advance_attr",
    "position_id",
    "take_profit_entrust_price",
    "stop_loss_entrust_price",
    "order_type",
    "working_type",
    "only_one_position",
    "reduce_only",
    "stop_guaranteed",
    "trigger_order_id",
    "is_twap",
    "main_order_id",
)


def _extra(raw: ContractOrder | ReplacedOrder) -> dict[str, Any]:
    """What has no home in the event; a trailing order's type has none either."""
    extra = facts(raw, _HOMELESS)
    if raw.side and SIDES[raw.side] is None:
        extra["side"] = raw.side
    if raw.type and TYPES[raw.type] is None:
        extra["type"] = raw.type
    for key, text in (("stopPrice", raw.stop_price), ("cumQuote", raw.cum_quote)):
        if text and _amount(text, DECIMALS) is None:
            extra[key] = text
    return extra


def facts(raw: Struct, names: Iterable[str] | None = None) -> dict[str, Any]:
    """Fields under the venue's own names, decimals as their text; of the ``names`` given, those not empty."""
    keys = _KEYS.get(type(raw))
    if keys is None:
        keys = _KEYS[type(raw)] = {f.name: f.encode_name for f in msgspec.structs.fields(raw)}
    found: dict[str, Any] = {}
    for name in keys if names is None else names:
        value = getattr(raw, name)
        if value is UNSET:
            continue
        if isinstance(value, Raw):
            value = number_text(value)
        elif isinstance(value, Struct):
            value = facts(value)
        if names is None or not is_blank(value):
            found[keys[name]] = value
    return found


_KEYS: Final[dict[type, dict[str, str]]] = {}


def is_blank(value: object) -> bool:
    """Whether a value says nothing: an empty text, zero, no; an object with nothing else in it."""
    if isinstance(value, dict):
        return all(map(is_blank, value.values()))
    if isinstance(value, str):
        return not value or ("0" in value and not value.strip("0.-"))
    return value in (0, None)


def order_notes(raw: ContractOrder, event: CancelEvent, at: str) -> Iterator[Note]:
    """What is odd about an order that an answer calls canceled."""
    yield from rounded_notes(raw.order_id, f"{at}.orderId")
    if event.status in _TERMINAL and event.status is not OrderStatus.CANCELED:
        yield Note("contradiction", f"{at}.status", "an order called canceled ended otherwise", raw.status)
    elif event.status is not None and event.status is not OrderStatus.CANCELED:
        yield Note("stale-status", f"{at}.status", "an order called canceled is shown alive", raw.status)
