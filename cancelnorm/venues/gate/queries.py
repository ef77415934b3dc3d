"""Gate REST: what it answers to a question about orders, where they were canceled.

A canceled order without a fill is kept for ten minutes: that one is not found says nothing.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import CodeTable, EventMap, by_words, flag, unknown
from cancelnorm.schema import Evidence, Normalised, Product, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_orders import ContractOrder, contract_map
from cancelnorm.venues.gate.contracts import OPTION_KEYS
from cancelnorm.venues.gate.endings import shown_end
from cancelnorm.venues.gate.labels import LABELS
from cancelnorm.venues.gate.messages import (
    CONTRACT_IDS,
    CONTRACT_KEYS,
    DOCS,
    OPTION_IDS,
    SPOT_IDS,
    SPOT_KEYS,
    Refused,
    answered_alike,
    refused,
)
from cancelnorm.venues.gate.skip import quiet_orders
from cancelnorm.venues.gate.spot_orders import SpotOrder, spot_map

# --- What it means ---

_QUERIED: Final[CodeTable] = MappingProxyType(
    {**LABELS, "ORDER_NOT_FOUND": unknown(Reason.NOT_FOUND_OR_CLOSED)}
)
_JUDGE: Final = shown_end(Evidence.TERMINAL_STATUS)

SPOT: Final = spot_map(
    SpotOrder,
    by_words(_JUDGE, SpotOrder.status, SpotOrder.finish_as, raw_status=SpotOrder.status),
)
CONTRACT: Final = contract_map(
    ContractOrder,
    by_words(
        _JUDGE,
        ContractOrder.status,
        ContractOrder.finish_as,
        ContractOrder.left,
        raw_status=ContractOrder.status,
    ),
    reduce_only=flag(ContractOrder.is_reduce_only),
)


def one_queried(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps the answer to a query of one order, which may not be about a cancel."""
    return lambda raw, call: call.result(each.events([raw], call, "$"))


def all_queried(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps the answer to a query: the orders in it that are about a cancel."""
    return lambda raw, call: call.result(each.events(raw, call, "$[{}]"))


contract_order: Final = one_queried(CONTRACT)
contract_orders: Final = all_queried(CONTRACT)
QUERY_ERRORS: Final = Errors(Refused, lambda raw, call: refused(raw, call, _QUERIED), of_query=answered_alike)

# --- Endpoints ---

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "GET /api/v4/spot/orders/{order_id}", SpotOrder, one_queried(SPOT), page="get-a-single-order"
        ),
        endpoint("GET /api/v4/spot/orders", list[SpotOrder], all_queried(SPOT), page="list-orders"),
        product=None,
        request=SPOT_KEYS,
        errors=QUERY_ERRORS,
        ids=SPOT_IDS,
        docs=DOCS,
        skips=quiet_orders,
    ),
    *endpoints(
        endpoint(
            "GET /api/v4/futures/{settle}/orders/{order_id}",
            ContractOrder,
            contract_order,
            page="get-a-single-order-2",
        ),
        endpoint(
            "GET /api/v4/futures/{settle}/orders",
            list[ContractOrder],
            contract_orders,
            page="list-futures-orders",
        ),
        endpoint(
            "GET /api/v4/futures/{settle}/orders_timerange",
            list[ContractOrder],
            contract_orders,
            page="list-futures-orders-by-time-range",
        ),
        endpoint(
            "GET /api/v4/delivery/{settle}/orders/{order_id}",
            ContractOrder,
            contract_order,
            page="get-a-single-order-3",
        ),
        endpoint(
            "GET /api/v4/delivery/{settle}/orders",
            list[ContractOrder],
            contract_orders,
            page="list-futures-orders-2",
        ),
        product=None,
        request=CONTRACT_KEYS,
        errors=QUERY_ERRORS,
        ids=CONTRACT_IDS,
        docs=DOCS,
        skips=quiet_orders,
    ),
    *endpoints(
        endpoint(
            "GET /api/v4/options/orders/{order_id}",
            ContractOrder,
            contract_order,
            page="get-a-single-order-4",
        ),
        endpoint(
            "GET /api/v4/options/orders",
            list[ContractOrder],
            contract_orders,
            page="list-options-orders",
        ),
        product=Product.OPTION,
        request=OPTION_KEYS,
        errors=QUERY_ERRORS,
        ids=OPTION_IDS,
        docs=DOCS,
        skips=quiet_orders,
    ),
)
