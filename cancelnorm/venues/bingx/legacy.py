"""BingX perpetuals until 2023, when it was Bingbon: version 1 of the API, all of it ``POST``."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, always, amount, constant, first, made, number, text, word
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import NumberOrEmpty
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Normalised, OrderType, Product, QuantityUnit, Side
from cancelnorm.venue import Other, endpoint, endpoints
from cancelnorm.venues.bingx import contracts
from cancelnorm.venues.bingx.messages import (
    IDS,
    NO_ID,
    SWAP_ERRORS,
    TAKEN,
    ApiError,
    LongId,
    MessageReply,
    Nothing,
    Reply,
    answered,
    enveloped,
    none_named,
)
from cancelnorm.venues.bingx.query_skip import skip_quiet
from cancelnorm.venues.bingx.states import QUIET, SWAP_QUERY_ERRORS, one_shown, said, shown_orders, unshown

# --- What BingX sends ---

Status = Literal["Pending", "PartiallyFilled", "Cancelled", "Filled", "Failed"]


class NamedOrder(Camel):
    """The order that was to be canceled."""

    order_id: LongId | str  # in quotes


class PlacedReply(Reply):
    """A new order."""

    data: NamedOrder


class CancelReply(Reply):
    """A cancel of one order."""

    data: NamedOrder | Nothing | UnsetType | None = UNSET  # documented with the id


class TakenReply(Reply):
    """A request that was taken; not a word of what it did."""

    data: Nothing | UnsetType | None = UNSET


class StopCancelReply(MessageReply):
    """A cancel of a stop order."""

    data: NamedOrder | Nothing | UnsetType | None = UNSET  # left out in the documentation


class OrderFacts(Camel):
    """Fields of an order."""

    entrust_tm: str  # when it was placed, ISO 8601
    side: Literal["Bid", "Ask"]
    trade_type: Literal["Market", "Limit"]
    action: Literal["Open", "Close", "ADL", "Liquidation"]  # the last two in the history only
    entrust_price: NumberOrEmpty
    entrust_volume: NumberOrEmpty  # base units
    avg_filled_price: NumberOrEmpty
    filled_volume: NumberOrEmpty  # base units
    order_id: LongId | str  # in quotes
    profit: NumberOrEmpty | UnsetType = UNSET  # since July 2021
    commission: NumberOrEmpty | UnsetType = UNSET  # since July 2021
    update_tm: str | UnsetType = UNSET  # since July 2021; ISO 8601, not known to be the cancel's


class Order(OrderFacts):
    """An order as it stands, without its symbol."""

    status: Status


class OrderReply(Reply):
    """One order."""

    data: Order | Nothing | None


class OpenOrder(OrderFacts):
    """An order that is open: it has no status."""

    symbol: str


class OpenOrders(Camel):
    """All open orders of a symbol."""

    orders: list[OpenOrder] | None  # null has been seen by a client


class OpenOrdersReply(Reply):
    """All open orders of a symbol."""

    data: OpenOrders


class PastOrder(OrderFacts):
    """An order of the history, open ones among them."""

    symbol: str
    order_status: Status


class PastOrders(Camel):
    """A page of the history."""

    orders: list[PastOrder] | None


class PastOrdersReply(MessageReply):
    """A page of the history."""

    data: PastOrders


class StopOrder(Camel):
    """A stop order of a position: a price to stop a loss at, one to take a profit at, or both."""

    user_id: str
    order_id: LongId | str  # in quotes
    symbol: str
    position_id: str
    stop_loss_price: NumberOrEmpty  # 0: none
    take_profit_price: NumberOrEmpty  # 0: none
    entrust_volume: NumberOrEmpty  # base units
    side: Literal["Bid", "Ask"]
    entrust_tm: str  # when it was placed, ISO 8601


class StopOrders(Camel):
    """All open stop orders of a symbol."""

    orders: list[StopOrder] | None


class StopOrdersReply(MessageReply):
    """All open stop orders of a symbol."""

    data: StopOrders


class PastStopOrder(StopOrder):
    """A stop order that is not open any more."""

    order_status: Literal["TriggerStopLoss", "TriggerTakeProfit", "Cancelled", "Failed"]
    trigger_tm: str | UnsetType = UNSET  # ISO 8601


class PastStopOrders(Camel):
    """A page of the history of stop orders."""

    orders: list[PastStopOrder] | None


class PastStopOrdersReply(MessageReply):
    """A page of the history of stop orders."""

    data: PastStopOrders


class StopPlacedReply(MessageReply):
    """A new stop order."""

    data: NamedOrder


# --- What it means ---

_KEYS: Final = RequestKeys(symbol=("symbol",), order_id=("orderId",), order_ids=("oids",))
_SIDES: Final = MappingProxyType({"Bid": Side.BUY, "Ask": Side.SELL})
_TYPES: Final = MappingProxyType({"Market": OrderType.MARKET, "Limit": OrderType.LIMIT})
_NAMED: Final = EventMap(NamedOrder, always(TAKEN), order_id=number(NamedOrder.order_id, none=NO_ID))
_ORDER: Final = EventMap(
    Order,
    said(Order.status, contracts.STATUSES),
    order_id=number(OrderFacts.order_id, none=NO_ID),
    side=word(OrderFacts.side, _SIDES),
    order_type=word(OrderFacts.trade_type, _TYPES),
    price=amount(OrderFacts.entrust_price, zero_is_none=True),
    average_price=amount(OrderFacts.avg_filled_price, zero_is_none=True),
    quantity=amount(OrderFacts.entrust_volume, zero_is_none=True),
    filled_quantity=amount(OrderFacts.filled_volume),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=made(ns_of_date_time, OrderFacts.entrust_tm),
)
_PAST: Final = _ORDER.extended(
    PastOrder, said(PastOrder.order_status, contracts.STATUSES), symbol=text(PastOrder.symbol)
)
# A stop order that was triggered has become another order.
_QUIET_STOPS: Final = ("TriggerStopLoss", "TriggerTakeProfit", "Failed")
_PAST_STOP: Final = EventMap(
    PastStopOrder,
    said(PastStopOrder.order_status, contracts.STATUSES, _QUIET_STOPS),
    symbol=text(StopOrder.symbol),
    order_id=number(StopOrder.order_id, none=NO_ID),
    side=word(StopOrder.side, _SIDES),
    trigger_price=first(
        amount(StopOrder.stop_loss_price, zero_is_none=True),
        amount(StopOrder.take_profit_price, zero_is_none=True),
    ),
    quantity=amount(StopOrder.entrust_volume, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=made(ns_of_date_time, StopOrder.entrust_tm),
)


def cancel(raw: CancelReply | StopCancelReply, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, which repeats its id at most."""
    if isinstance(raw.data, NamedOrder):
        return answered(raw, call, all_completed(_NAMED.events([raw.data], call, "$.data"), call))
    return enveloped(raw, call, [call.failed(TAKEN)])


def cancel_several(raw: TakenReply, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders, or of all that are open: it names none."""
    targets = [target for target in call.targets if target.names_order]
    events = [call.event(EventKind.ORDER, TAKEN, target, index=i) for i, target in enumerate(targets)]
    return enveloped(raw, call, events or [none_named(call, TAKEN)])


def _is_taken(raw: StopCancelReply | ApiError) -> bool:
    """Whether it says no more than that a request was taken, whatever was asked for."""
    return isinstance(raw, StopCancelReply)


def open_orders(raw: OpenOrdersReply | StopOrdersReply, call: Call) -> Normalised:
    """Map the answer to a query of open orders, of which none is about a cancel."""
    return shown_orders(raw, call, [])


def history(raw: PastOrdersReply, call: Call) -> Normalised:
    """Map a page of the history."""
    return shown_orders(raw, call, _PAST.events(raw.data.orders or [], call, "$.data.orders[{}]"))


def stop_history(raw: PastStopOrdersReply, call: Call) -> Normalised:
    """Map a page of the history of stop orders."""
    return shown_orders(raw, call, _PAST_STOP.events(raw.data.orders or [], call, "$.data.orders[{}]"))


def query(raw: OrderReply, call: Call) -> Normalised:
    """Map the answer to a query."""
    if not isinstance(raw.data, Order):
        return unshown(raw, call)
    return one_shown(raw, call, _ORDER.events([raw.data], call, "$.data"))


# --- Endpoints ---

_QUIET: Final = skip_quiet(QUIET)
_OPEN: Final = skip_quiet(("",))
# In the requests for pages, an order id is where the page begins.
_PAGE: Final = RequestKeys(symbol=("symbol",))
_DOCS: Final = (
    "https://github.com/BingX-API/BingX-swap-api-doc/blob/aa311a4/Perpetual_Swap_API_Documentation.md"
)

OTHERS: Final = (
    Other("POST /api/v1/user/trade", PlacedReply),
    Other("POST /api/v1/user/stopOrder", StopPlacedReply),
    Other("POST /api/v1/user/setLeverage", TakenReply),
)
ENDPOINTS: Final = (
    *endpoints(
        endpoint("POST /api/v1/user/cancelOrder", CancelReply, cancel),
        endpoint("POST /api/v1/user/batchCancelOrders", TakenReply, cancel_several),
        endpoint("POST /api/v1/user/cancelAll", TakenReply, cancel_several),
        endpoint(
            "POST /api/v1/user/cancelStopOrder",
            StopCancelReply,
            cancel,
            is_shared=_is_taken,
        ),
        product=Product.LINEAR,
        request=_KEYS,
        errors=SWAP_ERRORS,
        ids=IDS,
        docs=_DOCS,
    ),
    *endpoints(
        endpoint("POST /api/v1/user/queryOrderStatus", OrderReply, query, request=_KEYS, skips=_QUIET),
        endpoint("POST /api/v1/user/pendingOrders", OpenOrdersReply, open_orders, skips=_OPEN),
        endpoint("POST /api/v1/user/historyOrders", PastOrdersReply, history, skips=_QUIET),
        endpoint("POST /api/v1/user/pendingStopOrders", StopOrdersReply, open_orders, skips=_OPEN),
        endpoint(
            "POST /api/v1/user/historyStopOrders",
            PastStopOrdersReply,
            stop_history,
            skips=skip_quiet(_QUIET_STOPS),
        ),
        product=Product.LINEAR,
        request=_PAGE,
        errors=SWAP_QUERY_ERRORS,
        ids=IDS,
        docs=_DOCS,
    ),
)
