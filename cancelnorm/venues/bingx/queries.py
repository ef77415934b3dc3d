"""BingX REST: what it answers to a question about orders, where they were canceled."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    EventMap,
    Said,
    Verdict,
    amount,
    by_words,
    constant,
    first,
    flag,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import Epoch, Int, NumberOrEmpty, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    CancelEvent,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    Outcome,
    Product,
    QuantityUnit,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx import contracts, spot, twap
from cancelnorm.venues.bingx.messages import (
    IDS,
    KEYS,
    SIDES,
    SPOT_ERRORS,
    SWAP_ERRORS,
    ApiError,
    MessageReply,
    Nothing,
    OrderId,
    Reply,
    enveloped,
    note_phantom,
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
    """What holds a perpetual order."""

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

QUIET: Final = frozenset(
    (
        *("NEW", "PENDING", "PARTIALLY_FILLED", "FILLED", "FAILED", "Pending", "Filled"),
        *("New", "Running", "PartiallyFilled", "Failed", "PartiallyFilledAndResidueFailed"),
    )
)
"""Statuses that say nothing about a cancel; an order that failed has never been on the book."""


def judged(
    statuses: Mapping[str, OrderStatus], word: str | UnsetType, quiet: Collection[str] = QUIET
) -> Verdict | None:
    """The verdict by an order's status; none where it says nothing about a cancel, as ``quiet`` ones do."""
    word = word or ""
    if word in quiet:
        return None
    match statuses.get(word):
        case OrderStatus.CANCELED | OrderStatus.EXPIRED as status:
            expired = Initiator.EXPIRY if status is OrderStatus.EXPIRED else None
            return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, status, expired)
        case OrderStatus.PENDING_CANCEL as status:
            return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, status)
        case status:
            return Verdict(Outcome.UNKNOWN, Evidence.LISTED, None, status)


def said(
    status: str | UnsetType, statuses: Mapping[str, OrderStatus], quiet: Collection[str] = QUIET
) -> Said:
    """How the status of an order that is shown says what became of it; most say nothing about a cancel."""
    return by_words(partial(judged, statuses, quiet=quiet), status, raw_status=status)


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
_OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def _opened(raw: Any, call: Call) -> None:
    """Take from an envelope what its events need."""
    if getattr(raw, "timestamp", UNSET) is not UNSET:
        call.response_ns = ns_of(raw.timestamp)


def shown_orders(raw: Reply | MessageReply, call: Call, events: list[CancelEvent]) -> Normalised:
    """Put an answer together; where no order in it is about a cancel, nothing is known."""
    return enveloped(raw, call, call.or_unknown(events, "$.data"))


def unshown(raw: Reply, call: Call) -> Normalised:
    """Put an answer together that shows no order where one was asked for."""
    call.unanswered([], "$.data")
    return shown_orders(raw, call, [])


def _one(each: EventMap, at: str) -> Callable[[Any, Call], Normalised]:
    """What maps an answer with one order."""

    def query(raw: Any, call: Call) -> Normalised:
        _opened(raw, call)
        order = raw.data.order if isinstance(raw.data, OneContractOrder) else raw.data
        if not isinstance(order, each.plan.struct):
            if isinstance(order, contracts.NoOrder):
                note_phantom(order, call, at)
            return unshown(raw, call)
        events = all_completed(each.events([order], call, at), call)
        if events:
            call.unanswered(events, "$.data")
        return shown_orders(raw, call, events)

    return query


def _page(each: EventMap, at: str) -> Callable[[Any, Call], Normalised]:
    """What maps an answer with several orders."""

    def query(raw: Any, call: Call) -> Normalised:
        _opened(raw, call)
        orders = None if raw.data is None else raw.data.orders
        result = shown_orders(raw, call, each.events(orders or [], call, at))
        if isinstance(raw.data, TwapOrders):
            return replace(result, extra={**(result.extra or {}), "total": raw.data.total})
        return result

    return query


_OF_CANCELS: Final = re.compile(
    r"you want to cancel|cancel fail|too late to cancel|FILLED or CANCELLED already", re.IGNORECASE
)


def _any_refusal(raw: ApiError) -> bool:
    """Whether other requests than cancels are refused alike: all are, but for texts that speak of one."""
    return _OF_CANCELS.search(raw.msg) is None


SPOT_QUERY_ERRORS: Final = SPOT_ERRORS._replace(of_query=_any_refusal)
SWAP_QUERY_ERRORS: Final = SWAP_ERRORS._replace(of_query=_any_refusal)


class _Shown(Struct, rename="camel", gc=False):
    """What says whether an order is about a cancel."""

    status: str = ""
    order_status: str = ""


class _Data(_Shown, rename={"order_status": "orderStatus", "rows": "list"}):
    """An order, or what holds one or several."""

    order: _Shown | None = None
    orders: list[_Shown] | None = None
    rows: list[_Shown] | None = None


class _Answer(Struct, gc=False):
    """An answer to a query."""

    data: _Data | list[_Shown] | None = None

    @property
    def shown(self) -> Sequence[_Shown]:
        """The orders in it."""
        match self.data:
            case None:
                return ()
            case list(rows):
                return rows
            case data:
                rows = [*(data.orders or ()), *(data.rows or ()), *filter(None, (data.order,))]
                return rows or ((data,) if data.status or data.order_status else ())


_decode: Final = msgspec.json.Decoder(_Answer).decode


def skip_quiet(words: Collection[str]) -> Callable[[bytes], str | None]:
    """What tells an answer in which no order is about a cancel: each has a status that is one of some words.

    ``""`` among them is an order without a status.
    """
    quiet = frozenset(words)

    def skip(data: bytes) -> str | None:
        """Say what an answer shows; None for one that may be about a cancel."""
        try:
            orders = _decode(data).shown
        except (ValueError, RecursionError):
            return None
        statuses = {order.status or order.order_status for order in orders}
        return "orders without a cancel" if statuses and statuses <= quiet else None

    return skip


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
            _one(_LINEAR, "$.data.order"),
            request=KEYS,
        ),
        endpoint(
            "GET /openApi/swap/v2/trade/openOrder",
            ContractOrderReply,
            _one(_LINEAR, "$.data.order"),
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
