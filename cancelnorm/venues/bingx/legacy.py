"""BingX perpetuals until 2023, when it was Bingbon: version 1 of the API, all of it ``POST``."""

import re
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, completed
from cancelnorm.eventmap import EventMap, always, amount, constant, made, number, word
from cancelnorm.reader.scalars import DecimalNumber, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Normalised, OrderType, Product, QuantityUnit, Side
from cancelnorm.venue import Other, endpoint, endpoints
from cancelnorm.venues.bingx import contracts
from cancelnorm.venues.bingx.codes import SWAP
from cancelnorm.venues.bingx.messages import (
    IDS,
    NO_ID,
    TAKEN,
    Nothing,
    Reply,
    answered,
    enveloped,
    errors,
    none_named,
)
from cancelnorm.venues.bingx.queries import QUERY_ERRORS, quiet, said, shown_orders

# --- What BingX sends ---


class NamedOrder(Camel):
    """The order that was to be canceled."""

    order_id: Int | str  # in quotes


class CancelReply(Reply):
    """A cancel of one order."""

    data: NamedOrder


class TakenReply(Reply):
    """A request that was taken; not a word of what it did."""

    data: Nothing | UnsetType | None = UNSET


class Order(Camel):
    """An order as it stands, without its symbol."""

    entrust_tm: str  # when it was placed, ISO 8601
    side: Literal["Bid", "Ask"]
    trade_type: Literal["Market", "Limit"]
    action: Literal["Open", "Close"]
    entrust_price: DecimalNumber
    entrust_volume: DecimalNumber  # base units
    avg_filled_price: DecimalNumber
    filled_volume: DecimalNumber  # base units
    order_id: Int | str  # in quotes
    status: Literal["Pending", "PartiallyFilled", "Cancelled", "Filled", "Failed"]


class OrderReply(Reply):
    """One order."""

    data: Order


# --- What it means ---

_KEYS: Final = RequestKeys(symbol=("symbol",), order_id=("orderId",), order_ids=("oids",))
_SIDES: Final = MappingProxyType({"Bid": Side.BUY, "Ask": Side.SELL})
_TYPES: Final = MappingProxyType({"Market": OrderType.MARKET, "Limit": OrderType.LIMIT})
_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z", re.ASCII
)


def _ns_of_iso(text: str) -> int | None:
    """Nanoseconds of a time in UTC; None for any other text."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    try:
        seconds = int(datetime.fromisoformat(f"{match[1]}+00:00").timestamp())
    except ValueError:
        return None
    return seconds * 10**9 + int((match[2] or "").ljust(9, "0"))


_NAMED: Final = EventMap(NamedOrder, always(TAKEN), order_id=number(NamedOrder.order_id, none=NO_ID))
_ORDER: Final = EventMap(
    Order,
    said(Order.status, contracts.STATUSES),
    order_id=number(Order.order_id, none=NO_ID),
    side=word(Order.side, _SIDES),
    order_type=word(Order.trade_type, _TYPES),
    price=amount(Order.entrust_price, zero_is_none=True),
    average_price=amount(Order.avg_filled_price, zero_is_none=True),
    quantity=amount(Order.entrust_volume, zero_is_none=True),
    filled_quantity=amount(Order.filled_volume),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=made(_ns_of_iso, Order.entrust_tm),
)


def cancel(raw: CancelReply | TakenReply, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, which repeats its id at most."""
    if isinstance(raw, TakenReply):
        return enveloped(raw, call, [call.failed(TAKEN)])
    return answered(raw, call, [completed(_NAMED.event(raw.data, call, "$.data"), call.target)])


def cancel_several(raw: TakenReply, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders, or of all that are open: it names none."""
    targets = [target for target in call.targets if target.names_order]
    events = [call.event(EventKind.ORDER, TAKEN, target, index=i) for i, target in enumerate(targets)]
    return enveloped(raw, call, events or [none_named(call, TAKEN)])


def query(raw: OrderReply, call: Call) -> Normalised:
    """Map the answer to a query."""
    events = [completed(event, call.target) for event in _ORDER.events([raw.data], call, "$.data")]
    return shown_orders(raw, call, events)


# --- Endpoints ---

OTHERS: Final = (
    Other("POST /api/v1/user/trade", CancelReply),
    Other("POST /api/v1/user/setLeverage", TakenReply),
)
ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v1/user/cancelOrder", CancelReply | TakenReply, cancel),
    endpoint("POST /api/v1/user/batchCancelOrders", TakenReply, cancel_several),
    endpoint("POST /api/v1/user/cancelAll", TakenReply, cancel_several),
    endpoint(
        "POST /api/v1/user/queryOrderStatus",
        OrderReply,
        query,
        errors=QUERY_ERRORS,
        skips=quiet,
        is_query=True,
    ),
    product=Product.LINEAR,
    request=_KEYS,
    errors=errors(SWAP),
    ids=IDS,
    docs="https://bingx-api.github.io/docs/swap/trade-api.html",
)
