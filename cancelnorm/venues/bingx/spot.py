"""BingX spot REST: what it answers to a cancel."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    NOTHING_OPEN,
    EventMap,
    Verdict,
    amount,
    constant,
    first,
    number,
    text,
    time,
    unknown,
    word,
)
from cancelnorm.reader.scalars import Epoch, Int, NumberOrEmpty, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import (
    CancelEvent,
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Product,
    QuantityUnit,
    Reason,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx.codes import verdict_by_text
from cancelnorm.venues.bingx.messages import (
    IDS,
    KEYS,
    SIDES,
    SPOT_ERRORS,
    TAKEN,
    LongId,
    NoOrderId,
    OrderId,
    Reply,
    answered,
    failed_rows,
    failure_map,
    listed,
    none_named,
    shown,
)
from cancelnorm.venues.bingx.timers import TimerReply, timer

# --- What BingX sends ---

Status = Literal["NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "CANCELED", "FAILED"]
Type = Literal["MARKET", "LIMIT", "TAKE_STOP_LIMIT", "TAKE_STOP_MARKET", "TRIGGER_LIMIT", "TRIGGER_MARKET"]


class CanceledOrder(Camel):
    """The canceled order, alone or as one half of a cancel-replace. No time is with it. Since 2022-04-11.

    Decimals are in quotes, but for a recording of December 2023 that has numbers.
    """

    symbol: str
    order_id: OrderId
    price: NumberOrEmpty
    stop_price: NumberOrEmpty | UnsetType = UNSET  # since late 2023; "0": none
    orig_qty: NumberOrEmpty  # base units; zero where the order was sized in quote units
    executed_qty: NumberOrEmpty  # base units
    cummulative_quote_qty: NumberOrEmpty  # quote units; the venue's own spelling; negative: not available
    status: Status
    type: Type  # the last four since 2023-10-12
    side: Literal["BUY", "SELL"]
    # In no documentation; recorded in February 2025 beside an equal clientOrderID.
    orig_client_order_id: str | UnsetType = UNSET
    client_order_id: str | UnsetType = field(name="clientOrderID", default=UNSET)  # since 2023-07; "": none


class DatedOrder(CanceledOrder):
    """An order of a list of canceled ones, or the new one of a cancel-replace."""

    # In every recording, not in the documentation's tables. It is no time of the cancel: in all recordings it
    # is, to the millisecond, the time that the order id was made at (its upper bits, as in a snowflake id),
    # which is also what the venue's open orders showed as `time` before.
    transact_time: Epoch | UnsetType = UNSET


class ZeroOrder(Camel):
    """The empty order that the venue's servers write where there is none: its id is 0.

    It stands for the half of a cancel-replace that failed, and it follows the real order in the answer to a
    batch that named one order twice.
    """

    symbol: str
    order_id: NoOrderId
    transact_time: Int | UnsetType = UNSET  # the servers' zero time is -6795364578871
    price: NumberOrEmpty
    stop_price: NumberOrEmpty | UnsetType = UNSET
    orig_qty: NumberOrEmpty
    executed_qty: NumberOrEmpty
    cummulative_quote_qty: NumberOrEmpty
    status: str  # "" or "NEW"
    type: str
    side: str  # "" or "BUY"
    orig_client_order_id: str | UnsetType = UNSET
    client_order_id: str | UnsetType = field(name="clientOrderID", default=UNSET)


class CancelReply(Reply):
    """A cancel of one order."""

    data: CanceledOrder


class FailedCancel(Camel):
    """An order of a batch that was not canceled."""

    order_id: LongId | str  # in quotes, unlike the orders'
    error: Prose  # no code; ids and the order's status are in the text


class Batch(Camel):
    """Result of a batch."""

    orders: list[DatedOrder | ZeroOrder] | None
    fails: list[FailedCancel] | UnsetType | None = UNSET  # since 2025, documented since October 2025


class BatchReply(Reply):
    """A cancel of several orders. With ``process=1`` the code is 0 even where orders failed."""

    data: Batch


class OpenOrders(Camel):
    """The orders that a cancel of all open ones took; there is no word of those that it did not.

    What is sent where nothing was open is not documented. The venue's servers write an empty list as ``null``
    elsewhere, or leave it out.
    """

    orders: list[DatedOrder | ZeroOrder] | UnsetType | None = UNSET


class OpenOrdersReply(Reply):
    """A cancel of all open orders of a symbol, or of all symbols where the request names none."""

    data: OpenOrders | None


# --- What it means ---

STATUSES: Final = MappingProxyType(
    {
        "NEW": OrderStatus.NEW,
        "PENDING": OrderStatus.NEW,  # on the book
        "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
        "FILLED": OrderStatus.FILLED,
        "CANCELED": OrderStatus.CANCELED,
        "FAILED": OrderStatus.REJECTED,
        # Not documented for spot. The first is how BingX's perpetuals spell it: an order that is gone must not
        # be lost over a letter.
        "CANCELLED": OrderStatus.CANCELED,
        "PENDING_CANCEL": OrderStatus.PENDING_CANCEL,
    }
)
TYPES: Final = MappingProxyType(
    {
        "MARKET": OrderType.MARKET,
        "LIMIT": OrderType.LIMIT,
        "TAKE_STOP_LIMIT": OrderType.STOP_OR_TAKE_PROFIT_LIMIT,
        "TAKE_STOP_MARKET": OrderType.STOP_OR_TAKE_PROFIT_MARKET,
        "TRIGGER_LIMIT": OrderType.TRIGGER_LIMIT,
        "TRIGGER_MARKET": OrderType.TRIGGER_MARKET,
    }
)

ORDER: Final = EventMap(
    CanceledOrder,
    shown(CanceledOrder.status, STATUSES, Evidence.ACKNOWLEDGED),
    symbol=text(CanceledOrder.symbol),
    order_id=number(CanceledOrder.order_id),
    client_order_id=first(text(CanceledOrder.client_order_id), text(CanceledOrder.orig_client_order_id)),
    side=word(CanceledOrder.side, SIDES),
    order_type=word(CanceledOrder.type, TYPES),
    price=amount(CanceledOrder.price, zero_is_none=True),
    trigger_price=amount(CanceledOrder.stop_price, zero_is_none=True),
    quantity=amount(CanceledOrder.orig_qty, zero_is_none=True),
    filled_quantity=amount(CanceledOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(CanceledOrder.cummulative_quote_qty, negative_is_none=True),
)
_LISTED: Final = ORDER.extended(
    DatedOrder,
    shown(CanceledOrder.status, STATUSES, Evidence.LISTED),
    created_ns=time(DatedOrder.transact_time),
)


def _judge(error: str) -> Verdict:
    return verdict_by_text(error)


_FAILED: Final = failure_map(FailedCancel, _judge, FailedCancel.error, FailedCancel.order_id)


def note_client_ids(events: Sequence[CancelEvent], call: Call) -> None:
    """Note a second client id that is not the first one."""
    for event in () if call.by_column else events:
        other = event.extra and event.extra.get("origClientOrderId")
        if other and other != event.client_order_id:
            message = "two client ids for one order, clientOrderID is taken"
            call.note("contradiction", f"{event.path}.origClientOrderId", message, other)


def cancel(raw: CancelReply, call: Call) -> Normalised:
    """Map the answer to a cancel of one order."""
    events = ORDER.events([raw.data], call, "$.data")
    note_client_ids(events, call)
    return answered(raw, call, all_completed(events, call))


def cancel_batch(raw: BatchReply, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders: those canceled, then those that failed.

    Both orders of the two lists have been seen, so their order in the payload says nothing.
    """
    orders = raw.data.orders or []
    events = _listed(orders, call)
    events += failed_rows(raw.data.fails, _FAILED, call, "$.data.fails[{}]", len(orders))
    return answered(raw, call, events or [call.failed(unknown(Reason.OTHER))])


def cancel_open(raw: OpenOrdersReply, call: Call) -> Normalised:
    """Map the answer to a cancel of all open orders; without a list, nobody says that none were open."""
    orders = UNSET if raw.data is None else raw.data.orders
    events = _listed(orders or [], call)
    nothing_open = orders is None or orders == []
    return answered(raw, call, events or [none_named(call, NOTHING_OPEN if nothing_open else TAKEN)])


def _listed(orders: list[DatedOrder | ZeroOrder], call: Call) -> list[CancelEvent]:
    events = listed(orders, ZeroOrder, _LISTED, call, "$.data.orders[{}]")
    note_client_ids(events, call)
    return events


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /openApi/spot/v1/trade/cancel", CancelReply, cancel),
    endpoint("POST /openApi/spot/v1/trade/cancelOrders", BatchReply, cancel_batch, since="2023-08-11"),
    endpoint(
        "POST /openApi/spot/v1/trade/cancelOpenOrders", OpenOrdersReply, cancel_open, since="2023-12-21"
    ),
    endpoint("POST /openApi/spot/v1/trade/cancelAllAfter", TimerReply, timer, since="2024-03-14"),
    product=Product.SPOT,
    request=KEYS,
    errors=SPOT_ERRORS,
    ids=IDS,
    docs="https://bingx-api.github.io/docs/#/en-us/spot/trade-api.html",
)
