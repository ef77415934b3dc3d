"""Binance queries of order lists: a list that is done has no leg on the book, over REST and WebSocket.

The answers do not say which of its legs filled, and which were canceled or expired.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, by_words, constant, number, text
from cancelnorm.reader.scalars import Epoch, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product, Reason, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.messages import ERRORS, KEYS, SPOT_IDS, refuses_anything
from cancelnorm.venues.binance.order_lists import Leg
from cancelnorm.venues.binance.query_skip import skip_open
from cancelnorm.venues.binance.state_queries import query_errors
from cancelnorm.venues.binance.websocket import ERRORS as SOCKET_ERRORS
from cancelnorm.venues.binance.websocket import Envelope, opened, reply, reply_refuses_anything

# --- What Binance sends ---


class OrderListState(Camel):
    """An order list as it stands."""

    order_list_id: Int  # 0 is an id
    contingency_type: Literal["OCO", "OTO"]  # OTOCO, OPO and OPOCO lists say OTO
    list_status_type: Literal["RESPONSE", "EXEC_STARTED", "UPDATED", "ALL_DONE"]
    list_order_status: Literal["EXECUTING", "ALL_DONE", "REJECT", "CANCELING"]
    list_client_order_id: str
    transaction_time: Epoch  # it is not documented of what: of the placement, in all examples
    symbol: str
    is_isolated: bool | UnsetType = UNSET  # margin
    orders: list[Leg]


class MarginOrderListState(OrderListState):
    """An order list of a margin account as it stands."""


class OrderListReply(Envelope):
    """A query of one order list."""

    result: OrderListState


class OrderListsReply(Envelope):
    """A query of several order lists."""

    result: list[OrderListState]


# --- What it means ---

_STATES: Final = MappingProxyType(
    {
        "EXECUTING": None,
        "REJECT": None,  # it was refused when it was placed, and on no book
        "ALL_DONE": Verdict(Outcome.UNKNOWN, Evidence.LISTED, Reason.ALREADY_CLOSED),
        "CANCELING": Verdict(Outcome.PENDING, Evidence.LISTED),
    }
)


def closed(list_order_status: str) -> Verdict | None:
    """What a list's status says of its legs; None for a list that is open, or was refused."""
    return _STATES.get(list_order_status, Verdict(Outcome.UNKNOWN, Evidence.LISTED))


LIST: Final = EventMap(
    OrderListState,
    by_words(closed, OrderListState.list_order_status),
    kind=EventKind.SCOPE,
    scope=constant(Scope.LIST),
    told=(OrderListState.orders,),  # in events of their own
    also=(OrderListState.list_order_status,),
    symbol=text(OrderListState.symbol),
    list_id=number(OrderListState.order_list_id, none=(-1,)),
    list_client_id=text(OrderListState.list_client_order_id),
    contingency=text(OrderListState.contingency_type),
)
# What the list says of all its legs stands beside each of them.
LEG: Final = EventMap(
    Leg,
    by_words(closed, OrderListState.list_order_status),
    given=("extra",),
    symbol=text(Leg.symbol),
    order_id=number(Leg.order_id),
    client_order_id=text(Leg.client_order_id),
    list_id=number(OrderListState.order_list_id, none=(-1,)),
    list_client_id=text(OrderListState.list_client_order_id),
    contingency=text(OrderListState.contingency_type),
)


def _lists(raws: Sequence[OrderListState], call: Call, at: str) -> list[CancelEvent]:
    """One event for each leg of the lists that are closed; one ``scope`` event for a list without legs."""
    found: list[CancelEvent] = []
    for i, raw in enumerate(raws):
        path = at.format(i)
        whole = LIST.events([raw], call, path, start=len(found))
        if not whole:
            continue
        legs = LEG.events(
            raw.orders,
            call,
            f"{path}.orders[{{}}]",
            start=len(found),
            beside=[raw] * len(raw.orders),
            given=(whole[0].extra,),
        )
        if any(leg.symbol != raw.symbol for leg in raw.orders):
            call.note(
                "leg-mismatch", f"{path}.symbol", "the list and a leg have different symbols", raw.symbol
            )
        found += legs or whole
    return found


def one(raw: OrderListState, call: Call) -> Normalised:
    """Map the answer to a query of one order list."""
    return call.result(_lists([raw], call, "$"))


def every(raw: Sequence[OrderListState], call: Call) -> Normalised:
    """Map the answer to a query of several order lists."""
    return call.result(_lists(raw, call, "$[{}]"))


def one_reply(raw: OrderListReply, call: Call) -> Normalised:
    """Map the answer to a query of one order list over WebSocket."""
    opened(raw, call)
    return reply(raw, call, _lists([raw.result], call, "$.result"))


def every_reply(raw: OrderListsReply, call: Call) -> Normalised:
    """Map the answer to a query of several order lists over WebSocket."""
    opened(raw, call)
    return reply(raw, call, _lists(raw.result, call, "$.result[{}]"))


# --- Endpoints ---

_SITE: Final = "https://developers.binance.com/docs/"

ENDPOINTS: Final = (
    *endpoints(
        endpoint("GET /api/v3/orderList", OrderListState, one),
        endpoint("GET /api/v3/openOrderList", list[OrderListState], every),
        endpoint("GET /api/v3/allOrderList", list[OrderListState], every),
        product=Product.SPOT,
        request=KEYS,
        errors=query_errors(ERRORS),
        ids=SPOT_IDS,
        since="2019-08-15",
        is_shared=refuses_anything,
        skips=skip_open,
        docs=f"{_SITE}binance-spot-api-docs/rest-api/account-endpoints",
    ),
    *endpoints(
        endpoint("ws orderList.status", OrderListReply, one_reply),
        endpoint("ws openOrderLists.status", OrderListsReply, every_reply),
        endpoint("ws allOrderLists", OrderListsReply, every_reply),
        product=Product.SPOT,
        request=KEYS,
        errors=query_errors(SOCKET_ERRORS),
        ids=SPOT_IDS,
        since="2022-12-26",
        is_shared=reply_refuses_anything,
        skips=skip_open,
        docs=f"{_SITE}binance-spot-api-docs/websocket-api/account-requests",
    ),
    *endpoints(
        endpoint("GET /sapi/v1/margin/orderList", MarginOrderListState, one),
        endpoint("GET /sapi/v1/margin/openOrderList", list[MarginOrderListState], every),
        endpoint("GET /sapi/v1/margin/allOrderList", list[MarginOrderListState], every),
        endpoint("GET /papi/v1/margin/orderList", MarginOrderListState, one, since="2023-08-18"),
        endpoint("GET /papi/v1/margin/openOrderList", list[MarginOrderListState], every, since="2023-08-18"),
        endpoint("GET /papi/v1/margin/allOrderList", list[MarginOrderListState], every, since="2023-08-18"),
        product=Product.MARGIN,
        request=KEYS,
        errors=query_errors(ERRORS),
        ids=SPOT_IDS,
        is_shared=refuses_anything,
        skips=skip_open,
        docs=f"{_SITE}margin_trading/trade",
    ),
)
