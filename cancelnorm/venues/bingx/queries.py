"""BingX REST: what it answers to a question about orders, where they were canceled."""

from collections.abc import Callable
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, amount, constant, first, flag, number, text, time, word
from cancelnorm.reader.scalars import Epoch, Int, NumberOrEmpty, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Normalised, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx import contracts, spot, twap
from cancelnorm.venues.bingx.messages import IDS, KEYS, SIDES, Nothing, OrderId, Reply, note_phantom
from cancelnorm.venues.bingx.query_skip import skip_quiet
from cancelnorm.venues.bingx.states import (
    QUIET,
    SPOT_QUERY_ERRORS,
    SWAP_QUERY_ERRORS,
    one_shown,
    said,
    shown_orders,
    unshown,
)

# --- What BingX sends ---

Status = Literal[
    contracts.Status, "Pending", "Filled", "Cancelled"
]  # the last three: coin-margined, July 2024


class SpotOrder(Camel):
    """A spot order as it stands."""

    symbol: str
    order_id: OrderId
    price: NumberOrEmpty
    trigger_price: NumberOrEmpty | UnsetType = field(name="StopPrice", default=UNSET)  # since 2023
    stop_price: NumberOrEmpty | UnsetType = UNSET  # the same in the instructions of 2026
    orig_qty: NumberOrEmpty  # base units
    executed_qty: NumberOrEmpty
    cummulative_quote_qty: NumberOrEmpty  # quote units
    status: spot.Status
    type: spot.Type
    side: Literal["BUY", "SELL"]
    time: Epoch  # of the order's creation
    update_time: Epoch  # not known to be the cancel's
    orig_quote_order_qty: NumberOrEmpty | UnsetType = UNSET  # 0: the order was sized in base units
    fee: NumberOrEmpty | UnsetType = UNSET  # since 2022-05-30
    fee_asset: str | UnsetType = UNSET  # since 2022-05-30
    avg_price: NumberOrEmpty | UnsetType = UNSET  # since 2022-10-21
    client_order_id: str | UnsetType = field(name="clientOrderID", default=UNSET)  # since 2023-07-29


class SpotOrderReply(Reply):
    """One spot order."""

    data: SpotOrder | Nothing | None  # nothing has not been recorded, but the servers write it elsewhere


class SpotOrders(Camel):
    """A page of spot orders."""

    orders: list[SpotOrder] | UnsetType | None = UNSET


class SpotOrdersReply(Reply):
    """Several spot orders."""

    data: SpotOrders | None


class ContractOrder(contracts.OrderFacts):
    """A perpetual order as it stands."""

    order_id: OrderId
    side: Literal["BUY", "SELL"]
    position_side: contracts.PositionSide
    type: contracts.Type
    status: Status
    time: Epoch
    update_time: Epoch
    trailing_stop_rate: NumberOrEmpty | UnsetType = UNSET  # since 2023-12
    trailing_stop_distance: NumberOrEmpty | UnsetType = UNSET
    post_only: bool | UnsetType = UNSET
    price_rate: NumberOrEmpty | UnsetType = UNSET
    act_price: NumberOrEmpty | UnsetType = UNSET
    close_position: bool | str | UnsetType = UNSET
    time_in_force: str | UnsetType = UNSET


class OneContractOrder(Camel):
    """Object that holds a perpetual order."""

    order: ContractOrder | contracts.NoOrder | Nothing | None


class ContractOrderReply(Reply):
    """One perpetual order."""

    data: OneContractOrder | Nothing | None
    timestamp: Epoch | UnsetType = UNSET


class ContractOrders(Camel):
    """A page of perpetual orders."""

    orders: list[ContractOrder] | UnsetType | None = UNSET


class ContractOrdersReply(Reply):
    """Several perpetual orders."""

    data: ContractOrders | None
    timestamp: Epoch | UnsetType = UNSET


class TwapOrderReply(Reply):
    """One TWAP order."""

    data: twap.TwapOrder | Nothing | None
    timestamp: Epoch | UnsetType = UNSET


class TwapOrders(Camel):
    """A page of TWAP orders."""

    orders: list[twap.TwapOrder] | None = field(name="list")
    total: Int


class TwapOrdersReply(Reply):
    """Several TWAP orders."""

    data: TwapOrders
    timestamp: Epoch | UnsetType = UNSET


# --- What it means ---


_SPOT: Final = EventMap(
    SpotOrder,
    said(SpotOrder.status, spot.STATUSES),
    symbol=text(SpotOrder.symbol),
    order_id=number(SpotOrder.order_id),
    client_order_id=text(SpotOrder.client_order_id),
    side=word(SpotOrder.side, SIDES),
    order_type=word(SpotOrder.type, spot.TYPES),
    price=amount(SpotOrder.price, zero_is_none=True),
    trigger_price=first(
        amount(SpotOrder.trigger_price, zero_is_none=True), amount(SpotOrder.stop_price, zero_is_none=True)
    ),
    average_price=amount(SpotOrder.avg_price, zero_is_none=True),
    quantity=amount(SpotOrder.orig_qty, zero_is_none=True),
    filled_quantity=amount(SpotOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    quote_quantity=amount(SpotOrder.orig_quote_order_qty, zero_is_none=True),
    filled_quote=amount(SpotOrder.cummulative_quote_qty, negative_is_none=True),
    created_ns=time(SpotOrder.time),
)
_LINEAR: Final = contracts.ORDER.extended(
    ContractOrder,
    said(ContractOrder.status, contracts.STATUSES),
    order_id=number(ContractOrder.order_id),
    side=word(ContractOrder.side, SIDES),
    position_side=word(ContractOrder.position_side, contracts.POSITION_SIDES),
    order_type=word(ContractOrder.type, contracts.TYPES),
    created_ns=time(ContractOrder.time),
    post_only=flag(ContractOrder.post_only),
)
_INVERSE: Final = _LINEAR.extended(ContractOrder, quantity_unit=constant(QuantityUnit.CONTRACTS))
_TWAP: Final = twap.ORDER.extended(twap.TwapOrder, said(twap.TwapOrder.order_status, twap.STATUSES))
# An order id in the request of a page is where the page begins.
_PAGE: Final = RequestKeys(symbol=("symbol",))


def _opened(raw: Any, call: Call) -> None:
    """Take from an envelope what its events need."""
    if getattr(raw, "timestamp", UNSET) is not UNSET:
        call.response_ns = ns_of(raw.timestamp)


def _one(each: EventMap, at: str) -> Callable[[Any, Call], Normalised]:
    """Function that maps an answer with one order."""

    def query(raw: Any, call: Call) -> Normalised:
        _opened(raw, call)
        order = raw.data.order if isinstance(raw.data, OneContractOrder) else raw.data
        if not isinstance(order, each.plan.struct):
            if isinstance(order, contracts.NoOrder):
                note_phantom(order, call, at)
            return unshown(raw, call)
        return one_shown(raw, call, each.events([order], call, at))

    return query


def _page(each: EventMap, at: str) -> Callable[[Any, Call], Normalised]:
    """Function that maps an answer with several orders."""

    def query(raw: Any, call: Call) -> Normalised:
        _opened(raw, call)
        orders = None if raw.data is None else raw.data.orders
        result = shown_orders(raw, call, each.events(orders or [], call, at))
        if isinstance(raw.data, TwapOrders):
            return replace(result, extra={**(result.extra or {}), "total": raw.data.total})
        return result

    return query


_skip: Final = skip_quiet(QUIET)

# --- Endpoints ---

_ORDER_AT: Final = "$.data.order"
_ORDERS_AT: Final = "$.data.orders[{}]"
_TWAPS_AT: Final = "$.data.list[{}]"

ENDPOINTS: Final = (
    *endpoints(
        endpoint("GET /openApi/spot/v1/trade/query", SpotOrderReply, _one(_SPOT, "$.data"), request=KEYS),
        endpoint("GET /openApi/spot/v1/trade/openOrders", SpotOrdersReply, _page(_SPOT, _ORDERS_AT)),
        endpoint("GET /openApi/spot/v1/trade/historyOrders", SpotOrdersReply, _page(_SPOT, _ORDERS_AT)),
        product=Product.SPOT,
        request=_PAGE,
        errors=SPOT_QUERY_ERRORS,
        ids=IDS,
        docs="https://bingx-api.github.io/docs/#/en-us/spot/trade-api.html",
        skips=_skip,
    ),
    *endpoints(
        endpoint(
            "GET /openApi/swap/v2/trade/order",
            ContractOrderReply,
            _one(_LINEAR, _ORDER_AT),
            request=KEYS,
        ),
        endpoint(
            "GET /openApi/swap/v2/trade/openOrder",
            ContractOrderReply,
            _one(_LINEAR, _ORDER_AT),
            request=KEYS,
        ),
        endpoint("GET /openApi/swap/v2/trade/openOrders", ContractOrdersReply, _page(_LINEAR, _ORDERS_AT)),
        endpoint("GET /openApi/swap/v2/trade/allOrders", ContractOrdersReply, _page(_LINEAR, _ORDERS_AT)),
        endpoint("GET /openApi/swap/v1/trade/fullOrder", ContractOrdersReply, _page(_LINEAR, _ORDERS_AT)),
        endpoint("GET /openApi/swap/v2/trade/forceOrders", ContractOrdersReply, _page(_LINEAR, _ORDERS_AT)),
        endpoint(
            "GET /openApi/swap/v1/twap/orderDetail", TwapOrderReply, _one(_TWAP, "$.data"), request=twap.KEYS
        ),
        endpoint("GET /openApi/swap/v1/twap/openOrders", TwapOrdersReply, _page(_TWAP, _TWAPS_AT)),
        endpoint("GET /openApi/swap/v1/twap/historyOrders", TwapOrdersReply, _page(_TWAP, _TWAPS_AT)),
        product=Product.LINEAR,
        request=_PAGE,
        errors=SWAP_QUERY_ERRORS,
        ids=IDS,
        docs="https://bingx-api.github.io/docs/#/en-us/swapV2/trade-api.html",
        skips=_skip,
    ),
    *endpoints(
        endpoint(
            "GET /openApi/cswap/v1/trade/orderDetail",
            ContractOrderReply,
            _one(_INVERSE, _ORDER_AT),
            request=KEYS,
        ),
        endpoint("GET /openApi/cswap/v1/trade/openOrders", ContractOrdersReply, _page(_INVERSE, _ORDERS_AT)),
        endpoint(
            "GET /openApi/cswap/v1/trade/orderHistory", ContractOrdersReply, _page(_INVERSE, _ORDERS_AT)
        ),
        product=Product.INVERSE,
        request=_PAGE,
        errors=SWAP_QUERY_ERRORS,
        ids=IDS,
        since="2024-06-13",
        docs="https://bingx-api.github.io/docs/#/en-us/cswap/trade-api.html",
        skips=_skip,
    ),
)
