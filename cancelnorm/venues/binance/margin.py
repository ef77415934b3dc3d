"""Binance margin REST: what it answers to a cancel, of a margin account and of a portfolio margin account.

The reports are those of spot, less what margin leaves out.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import number
from cancelnorm.reader.scalars import Int
from cancelnorm.schema import Normalised, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.messages import (
    ERRORS,
    KEYS,
    ORDER,
    SPOT_IDS,
    CanceledOrder,
    note_failed_status,
    refuses_anything,
)
from cancelnorm.venues.binance.order_lists import (
    ORDER_LIST,
    CanceledOrderList,
    Reports,
    all_canceled,
    canceled,
)

# --- What Binance sends ---


class MarginOrder(CanceledOrder):
    """The report of a canceled order.

    No page shows ``transactTime`` or ``origQuoteOrderQty``, and decimals may come without trailing zeros.
    """

    # In quotes on the page of a single order, and an integer everywhere else.
    order_id: Int | str  # type: ignore[assignment]
    is_isolated: bool | UnsetType = UNSET  # not in the oldest recordings, not in portfolio margin


class MarginOrderList(CanceledOrderList):
    """The report of a canceled order list; its legs do not repeat whether they are isolated."""

    is_isolated: bool | UnsetType = UNSET


# As in spot, a cancel of one leg may be answered with its list.
Canceled = MarginOrder | MarginOrderList
AllCanceled = list[MarginOrder | MarginOrderList]

# --- What it means ---

_MAPS: Final = Reports(
    ORDER.extended(MarginOrder, order_id=number(MarginOrder.order_id)), ORDER_LIST.extended(MarginOrderList)
)


def cancel(raw: MarginOrder | MarginOrderList, call: Call) -> Normalised:
    """Map the answer to a cancel of one order or of one list."""
    note_failed_status(call.record.status, call, "$")
    return call.result(canceled(raw, call, "$", _MAPS))


def cancel_all(raw: Sequence[MarginOrder | MarginOrderList], call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    note_failed_status(call.record.status, call, "$")
    return call.result(all_canceled(raw, call, "$", _MAPS))


# --- Endpoints ---

_PORTFOLIO: Final = "https://developers.binance.com/docs/derivatives/portfolio-margin/trade"

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /sapi/v1/margin/order", Canceled, cancel),
    endpoint("DELETE /sapi/v1/margin/openOrders", AllCanceled, cancel_all),
    endpoint("DELETE /sapi/v1/margin/orderList", Canceled, cancel),
    endpoint("DELETE /papi/v1/margin/order", Canceled, cancel, docs=_PORTFOLIO, plain=_MAPS.order),
    endpoint("DELETE /papi/v1/margin/allOpenOrders", AllCanceled, cancel_all, docs=_PORTFOLIO),
    endpoint("DELETE /papi/v1/margin/orderList", Canceled, cancel, docs=_PORTFOLIO),
    product=Product.MARGIN,
    request=KEYS,
    errors=ERRORS,
    ids=SPOT_IDS,
    is_shared=refuses_anything,
    docs="https://developers.binance.com/docs/margin_trading/trade",
)
