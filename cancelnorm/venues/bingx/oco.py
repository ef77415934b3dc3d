"""BingX spot OCO pairs: what it answers to a cancel of one, and to questions about them."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    EventMap,
    always,
    amount,
    constant,
    made,
    number,
    text,
    word,
)
from cancelnorm.reader.scalars import Int, NumberOrEmpty
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Normalised, OrderType, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx import spot
from cancelnorm.venues.bingx.messages import (
    IDS,
    KEYS,
    NO_ID,
    SIDES,
    SPOT_ERRORS,
    TAKEN,
    LongId,
    Reply,
    answered,
    ns_or_none,
)
from cancelnorm.venues.bingx.query_skip import skip_quiet
from cancelnorm.venues.bingx.states import QUIET, SPOT_QUERY_ERRORS, said, shown_orders

# --- What BingX sends ---


class CanceledLeg(Camel):
    """The leg that the request named; the other one goes with it and is not reported."""

    order_id: LongId | str  # in quotes, unlike elsewhere
    client_order_id: str  # spelled unlike elsewhere


class CancelReply(Reply):
    """A cancel of an OCO pair."""

    data: CanceledLeg


class Leg(Camel):
    """One of the two orders of a pair, as it stands."""

    transaction_time: Int  # of the order's creation; 0: none
    order_id: LongId | str  # in quotes
    client_order_id: str
    symbol: str
    order_type: Literal["ocoLimit", "ocoTps"]
    side: Literal["BUY", "SELL"]
    trigger_price: NumberOrEmpty
    price: NumberOrEmpty
    quantity: NumberOrEmpty  # base units
    order_list_id: str
    status: Literal[spot.Status, ""] | UnsetType = UNSET  # left out where one pair was asked for


class PairsReply(Reply):
    """The legs of one or several pairs."""

    data: list[Leg] | None


# --- What it means ---

_PAIR: Final = RequestKeys(client_order_id=("clientOrderId",))
_TYPES: Final = MappingProxyType({"ocoLimit": OrderType.LIMIT, "ocoTps": OrderType.STOP_OR_TAKE_PROFIT_LIMIT})
_CANCELED: Final = EventMap(
    CanceledLeg,
    # Two ids and no status, where orders that BingX calls canceled may still show as alive.
    always(TAKEN),
    order_id=number(CanceledLeg.order_id, none=NO_ID),
    client_order_id=text(CanceledLeg.client_order_id),
)


# A leg without a status says nothing of a cancel either.
_QUIET: Final = QUIET | {""}
_LEG: Final = EventMap(
    Leg,
    said(Leg.status, spot.STATUSES, _QUIET),
    symbol=text(Leg.symbol),
    order_id=number(Leg.order_id, none=NO_ID),
    client_order_id=text(Leg.client_order_id),
    side=word(Leg.side, SIDES),
    order_type=word(Leg.order_type, _TYPES),
    price=amount(Leg.price, zero_is_none=True),
    trigger_price=amount(Leg.trigger_price, zero_is_none=True),
    quantity=amount(Leg.quantity, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.BASE),
    list_id=text(Leg.order_list_id),
    created_ns=made(ns_or_none, Leg.transaction_time),
)


def cancel(raw: CancelReply, call: Call) -> Normalised:
    """Map the answer to a cancel of an OCO pair."""
    return answered(raw, call, all_completed(_CANCELED.events([raw.data], call, "$.data"), call))


def query(raw: PairsReply, call: Call) -> Normalised:
    """Map the answer to a query of pairs."""
    if not raw.data:
        call.unanswered([], "$.data")
    return shown_orders(raw, call, _LEG.events(raw.data or [], call, "$.data[{}]"))


# --- Endpoints ---

ENDPOINTS: Final = (
    *endpoints(
        endpoint("POST /openApi/spot/v1/oco/cancel", CancelReply, cancel, since="2024-08-27"),
        product=Product.SPOT,
        request=KEYS,
        errors=SPOT_ERRORS,
        ids=IDS,
        docs="https://bingx-api.github.io/docs/#/en-us/spot/trade-api.html",
    ),
    *endpoints(
        endpoint("GET /openApi/spot/v1/oco/orderList", PairsReply, query, request=_PAIR),
        endpoint("GET /openApi/spot/v1/oco/openOrderList", PairsReply, query),
        endpoint("GET /openApi/spot/v1/oco/historyOrderList", PairsReply, query),
        product=Product.SPOT,
        errors=SPOT_QUERY_ERRORS,
        ids=IDS,
        docs="https://bingx-api.github.io/docs/#/en-us/spot/trade-api.html",
        skips=skip_quiet(_QUIET),
    ),
)
