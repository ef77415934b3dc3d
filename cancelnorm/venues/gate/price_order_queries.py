"""Gate REST: what it answers to a question about price orders, where they were canceled."""

from typing import Final

from cancelnorm.eventmap import Verdict, by_words
from cancelnorm.schema import Evidence
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate import contract_price_orders, price_orders
from cancelnorm.venues.gate.contract_price_orders import ContractPriceOrder, contract_price_order_map, shown
from cancelnorm.venues.gate.messages import CONTRACT_TRIGGER_IDS, DOCS, SPOT_TRIGGER_IDS
from cancelnorm.venues.gate.price_orders import (
    OTHERWISE,
    OUTCOMES,
    QUIET_STATUSES,
    PriceOrder,
    price_order_map,
)
from cancelnorm.venues.gate.queries import QUERY_ERRORS, all_queried, one_queried
from cancelnorm.venues.gate.skip import quiet_contract_price_orders, quiet_spot_price_orders

# --- What it means ---


def _judged(status: str) -> Verdict | None:
    """The verdict of a price order of spot by its status; None where it is about no cancel."""
    return None if status in QUIET_STATUSES else OUTCOMES.get(status, OTHERWISE)


SPOT: Final = price_order_map(by_words(_judged, PriceOrder.status, raw_status=PriceOrder.status))
CONTRACT: Final = contract_price_order_map(
    ContractPriceOrder,
    by_words(
        shown(Evidence.TERMINAL_STATUS),
        ContractPriceOrder.status,
        ContractPriceOrder.finish_as,
        raw_status=ContractPriceOrder.status,
    ),
)

contract_order: Final = one_queried(CONTRACT)
contract_orders: Final = all_queried(CONTRACT)

# --- Endpoints ---

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "GET /api/v4/spot/price_orders/{order_id}",
            PriceOrder,
            one_queried(SPOT),
            page="get-a-price-triggered-order",
        ),
        endpoint(
            "GET /api/v4/spot/price_orders",
            list[PriceOrder],
            all_queried(SPOT),
            page="retrieve-running-auto-order-list",
        ),
        product=None,
        request=price_orders.KEYS,
        errors=QUERY_ERRORS,
        ids=SPOT_TRIGGER_IDS,
        docs=DOCS,
        skips=quiet_spot_price_orders,
    ),
    *endpoints(
        endpoint(
            "GET /api/v4/futures/{settle}/price_orders/{order_id}",
            ContractPriceOrder,
            contract_order,
            page="get-a-price-triggered-order-2",
        ),
        endpoint(
            "GET /api/v4/futures/{settle}/price_orders",
            list[ContractPriceOrder],
            contract_orders,
            page="list-all-auto-orders",
        ),
        endpoint(
            "GET /api/v4/delivery/{settle}/price_orders/{order_id}",
            ContractPriceOrder,
            contract_order,
            page="get-a-price-triggered-order-3",
        ),
        endpoint(
            "GET /api/v4/delivery/{settle}/price_orders",
            list[ContractPriceOrder],
            contract_orders,
            page="list-all-auto-orders-2",
        ),
        product=None,
        request=contract_price_orders.KEYS,
        errors=QUERY_ERRORS,
        ids=CONTRACT_TRIGGER_IDS,
        docs=DOCS,
        skips=quiet_contract_price_orders,
    ),
)
