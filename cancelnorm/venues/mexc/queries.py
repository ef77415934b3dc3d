"""MEXC spot REST: what it answers to a question about orders, where they were canceled.

An order that is open or filled says nothing about a cancel. Orders are shown for seven days.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText, Epoch, Int, decimal_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    Outcome,
    Product,
    QuantityUnit,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.mexc.messages import SIDES, SPOT_ERRORS, SpotError
from cancelnorm.venues.mexc.spot import one_answered, rows_named
from cancelnorm.venues.mexc.spot_orders import (
    IDS,
    KEYS,
    NO_LIST,
    POST_ONLY,
    STATUSES,
    Status,
    TimeInForceWord,
    Type,
    time_in_force,
    type_of,
)

# --- What MEXC sends ---


class Order(Camel):
    """An order as it stands.

    Its id is always a text on the wire: the documentation's numbers are another venue's, whose orders look alike.
    """

    symbol: str
    order_id: str
    order_list_id: Int | str | UnsetType = UNSET  # -1
    client_order_id: str | UnsetType | None = UNSET
    price: DecimalText
    orig_qty: DecimalText
    executed_qty: DecimalText
    cummulative_quote_qty: DecimalText
    status: Status
    stp_mode: str | UnsetType | None = UNSET  # since 2025-09-17; "": none
    cancel_reason: Literal["stp_cancel"] | UnsetType | None = (
        UNSET  # since 2025-09-17, only where it was that
    )
    time_in_force: TimeInForceWord | UnsetType | None = UNSET  # mostly null
    type: Type
    side: Literal["BUY", "SELL"]
    stop_price: DecimalOrEmpty | UnsetType | None = UNSET
    iceberg_qty: DecimalOrEmpty | UnsetType | None = UNSET
    time: Epoch
    update_time: Epoch | UnsetType = UNSET
    is_working: bool
    orig_quote_order_qty: DecimalOrEmpty | UnsetType | None = (
        UNSET  # 0, or price by quantity, where it was sized in base units
    )


# --- What it means ---

QUIET: Final = frozenset(("NEW", "PARTIALLY_FILLED", "FILLED", "PENDING", "REJECTED"))
"""Statuses that say nothing about a cancel; an order that was rejected has never been on the book."""

_PAGE: Final = RequestKeys(symbol=("symbol",))  # an order id in the request is where the page begins
_OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def _judge(status: str) -> Verdict | None:
    """The verdict by the status of an order; none where it says nothing about a cancel."""
    if status in QUIET:
        return None
    match STATUSES.get(status):
        case OrderStatus.CANCELED | OrderStatus.EXPIRED as last:
            expired = Initiator.EXPIRY if last is OrderStatus.EXPIRED else None
            return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, last, expired)
        case OrderStatus.PENDING_CANCEL as last:
            return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, last)
        case last:
            return Verdict(Outcome.UNKNOWN, Evidence.LISTED, None, last)


def _value(size: str | UnsetType | None, order_type: str) -> Decimal | None:
    """What a market order was sized by in quote units; of another order it may be price by quantity."""
    return (decimal_of(size) or None) if size and order_type == "MARKET" else None


ORDER: Final = EventMap(
    Order,
    by_words(_judge, Order.status, raw_status=Order.status),
    absent=Absent.ZERO,
    symbol=text(Order.symbol),
    order_id=text(Order.order_id),
    client_order_id=text(Order.client_order_id),
    list_id=number(Order.order_list_id, none=NO_LIST),
    side=word(Order.side, SIDES),
    order_type=made(type_of, Order.type, Order.time_in_force),
    time_in_force=made(time_in_force, Order.time_in_force, Order.type),
    post_only=word(Order.type, POST_ONLY),
    price=amount(Order.price, zero_is_none=True),
    trigger_price=amount(Order.stop_price, zero_is_none=True),
    quantity=amount(Order.orig_qty, zero_is_none=True),
    filled_quantity=amount(Order.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    display_quantity=amount(Order.iceberg_qty, zero_is_none=True),
    quote_quantity=made(_value, Order.orig_quote_order_qty, Order.type),
    filled_quote=amount(Order.cummulative_quote_qty, negative_is_none=True),
    self_trade_prevention=text(Order.stp_mode),
    initiator=word(Order.cancel_reason, {"stp_cancel": Initiator.SELF_TRADE_PREVENTION}),
    raw_initiator=text(Order.cancel_reason),
    event_ns=time(Order.update_time),
    created_ns=time(Order.time),
)


def query(raw: Order, call: Call) -> Normalised:
    """Map the answer to a question about one order."""
    return call.result(one_answered(ORDER.events([raw], call, "$"), call, "$"))


def query_page(raw: Sequence[Order], call: Call) -> Normalised:
    """Map the answer to a question about several orders."""
    return call.result(rows_named(ORDER.events(raw, call, "$[{}]")))


_CANCEL_REJECTED: Final = -2011


def _any_refusal(raw: Any) -> bool:
    """Whether other requests than cancels are refused alike: all are, but for a cancel that was rejected."""
    return not (isinstance(raw, SpotError) and raw.code == _CANCEL_REJECTED)


QUERY_ERRORS: Final = SPOT_ERRORS._replace(of_query=_any_refusal)


class _Shown(Struct, gc=False):
    """Fields that say whether an order is about a cancel."""

    status: str = ""


_decode: Final = msgspec.json.Decoder(_Shown | list[_Shown]).decode


def skip(data: bytes) -> str | None:
    """Say what an answer shows in which no order is about a cancel; None for one that may be about one."""
    try:
        shown = _decode(data)
    except (ValueError, RecursionError):
        return None
    orders = shown if isinstance(shown, list) else [shown]
    return "orders without a cancel" if orders and all(order.status in QUIET for order in orders) else None


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/v3/order", Order, query, request=KEYS),
    endpoint("GET /api/v3/openOrders", list[Order], query_page),
    endpoint("GET /api/v3/allOrders", list[Order], query_page),
    product=Product.SPOT,
    request=_PAGE,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs="https://www.mexc.com/api-docs/spot-v3/spot-account-trade",
    skips=skip,
)
