"""Bybit derivatives v3 (2022 and 2023): orders of contract and unified margin accounts as they were shown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, constant, flag, time
from cancelnorm.reader.scalars import Epoch, EpochText, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Evidence, Normalised, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import IDS, KEYS, PRODUCTS, Nothing, envelope
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.states import frame_of, note_unshown, topic_said
from cancelnorm.venues.bybit.states_before_v5 import OlderOrder, older_map

# --- What Bybit sends ---


class ContractOrder(OlderOrder):
    """An order of a contract account, linear or inverse."""

    reduce_only: bool
    trigger_direction: Int | UnsetType = UNSET  # 1: rise, 2: fall
    position_idx: Int | UnsetType = UNSET  # lists of all orders
    leaves_value: str | UnsetType = UNSET  # lists
    last_price_on_created: str | UnsetType = UNSET  # lists of all orders
    last_exec_qty: str | UnsetType = UNSET  # the stream
    last_exec_price: str | UnsetType = UNSET  # the stream
    created_time: EpochText
    updated_time: EpochText


class ContractOrders(Exact):
    """A page of orders."""

    orders: list[ContractOrder] | None = field(name="list")
    next_page_cursor: str | UnsetType | None = field(name="nextPageCursor", default=UNSET)


class ContractShown(Camel):
    """The answer to a query."""

    ret_code: Literal[0]
    ret_msg: Prose
    result: ContractOrders
    ret_ext_info: Nothing | UnsetType = UNSET
    time: Epoch


class ContractFrame(Exact):
    """Frame with changes; without a time of its own."""

    topic: Literal["user.order.contractAccount"]
    data: list[ContractOrder]


class UnifiedOrder(OlderOrder):
    """An order of a unified margin account, linear or an option."""

    reduce_only: bool
    block_trade_id: str | UnsetType = UNSET  # since summer 2022
    leaves_value: str | UnsetType = UNSET  # lists of all orders
    iv: str | UnsetType = UNSET
    order_im: str = field(name="orderIM")
    created_time: Epoch
    updated_time: Epoch


class UnifiedOrders(Exact):
    """A page of orders."""

    category: str
    orders: list[UnifiedOrder] | None = field(name="list")
    next_page_cursor: str | UnsetType | None = field(name="nextPageCursor", default=UNSET)


class UnifiedShown(Camel):
    """The answer to a query."""

    ret_code: Literal[0]
    ret_msg: Prose
    result: UnifiedOrders
    ret_ext_info: Nothing | UnsetType = UNSET
    time: Epoch


class ChangedOrders(Exact):
    """The orders of a frame."""

    result: list[UnifiedOrder]
    version: Int


class UnifiedFrame(Exact):
    """Frame with changes."""

    id: str
    topic: Literal["user.order.unifiedAccount"]
    ts: Epoch
    type: str  # snapshot
    data: ChangedOrders


# --- What it means ---

LISTED: Final = older_map(
    ContractOrder,
    Evidence.TERMINAL_STATUS,
    reduce_only=flag(ContractOrder.reduce_only),
    created_ns=time(ContractOrder.created_time),
    event_ns=time(ContractOrder.updated_time),
)
STREAMED: Final = older_map(
    ContractOrder,
    Evidence.FINAL_REPORT,
    reduce_only=flag(ContractOrder.reduce_only),
    created_ns=time(ContractOrder.created_time),
    event_ns=time(ContractOrder.updated_time),
)


def _unified(evidence: Evidence, **columns: Any) -> EventMap:
    return older_map(
        UnifiedOrder,
        evidence,
        reduce_only=flag(UnifiedOrder.reduce_only),
        created_ns=time(UnifiedOrder.created_time),
        event_ns=time(UnifiedOrder.updated_time),
        **columns,
    )


_UNITS: Final = {
    "linear": QuantityUnit.BASE,
    "option": QuantityUnit.CONTRACTS,
    "inverse": QuantityUnit.CONTRACTS,
}
UNIFIED: Final[Mapping[str, EventMap]] = MappingProxyType(
    {
        "": _unified(Evidence.TERMINAL_STATUS),
        **{
            category: _unified(
                Evidence.TERMINAL_STATUS, product=constant(PRODUCTS[category]), quantity_unit=constant(unit)
            )
            for category, unit in _UNITS.items()
        },
    }
)
UNIFIED_STREAMED: Final = _unified(Evidence.FINAL_REPORT)


def contract_query(raw: ContractShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    call.response_ns = ns_of(raw.time)
    at = "$.result.list"
    orders = raw.result.orders or []
    events = LISTED.events(orders, call, f"{at}[{{}}]")
    note_unshown(((order.order_id, order.order_link_id) for order in orders), call, at)
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if raw.result.next_page_cursor:
        extra["nextPageCursor"] = raw.result.next_page_cursor
    return call.result(call.or_unknown(events, at), extra=extra)


def unified_query(raw: UnifiedShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    call.response_ns = ns_of(raw.time)
    at = "$.result.list"
    category = raw.result.category
    orders = raw.result.orders or []
    events = UNIFIED.get(category, UNIFIED[""]).events(orders, call, f"{at}[{{}}]")
    note_unshown(((order.order_id, order.order_link_id) for order in orders), call, at)
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if raw.result.next_page_cursor:
        extra["nextPageCursor"] = raw.result.next_page_cursor
    product: Product | None = PRODUCTS.get(category)
    if product is None and category:
        extra["category"] = category
    return call.result(call.or_unknown(events, at, product=product), extra=extra)


def unified_frame(raw: UnifiedFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    call.response_ns = ns_of(raw.ts)
    at = "$.data.result"
    events = UNIFIED_STREAMED.events(raw.data.result, call, f"{at}[{{}}]")
    extra = {"id": raw.id, "type": raw.type, "version": raw.data.version} | topic_said(raw.topic, call)
    return call.result(call.or_unknown(events, at), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /contract/v3/private/order/list", ContractShown, contract_query, page="contract"),
    endpoint(
        "GET /contract/v3/private/order/unfilled-orders", ContractShown, contract_query, page="contract"
    ),
    endpoint(
        "stream user.order.contractAccount",
        ContractFrame,
        frame_of(STREAMED),
        page="contract/_websockets.md",
        errors=None,
    ),
    endpoint("GET /unified/v3/private/order/list", UnifiedShown, unified_query, page="unified_margin"),
    endpoint(
        "GET /unified/v3/private/order/unfilled-orders", UnifiedShown, unified_query, page="unified_margin"
    ),
    endpoint(
        "stream user.order.unifiedAccount",
        UnifiedFrame,
        unified_frame,
        page="unified_margin/_websockets.md",
        errors=None,
    ),
    product=None,
    request=KEYS,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/derivativesV3/",
    skips=True,
)
