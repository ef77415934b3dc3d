"""Binance spot REST: what it answers to a cancel."""

from collections.abc import Sequence
from typing import Final

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, always, number, text
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, Outcome, Product
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
from cancelnorm.venues.binance.order_lists import CanceledOrderList, all_canceled, canceled

# --- What Binance sends ---

# A cancel of one leg cancels its list. The WebSocket API's page says that the answer is then the list, the
# REST page says nothing, and the two are declared equal: both forms are read.
Canceled = CanceledOrder | CanceledOrderList


class CanceledIds(Camel):
    """The answer to a cancel of an order before 2018-11-13: ids, and no report."""

    symbol: str
    orig_client_order_id: str  # the order's own
    order_id: Int
    client_order_id: str  # the id of the cancel request


# Nothing open is error -2011 and not an empty array.
AllCanceled = list[CanceledOrder | CanceledOrderList]

# --- What it means ---


# The matching engine had canceled the order when it answered, and what did not succeed was an error.
IDS: Final = EventMap(
    CanceledIds,
    always(Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)),
    symbol=text(CanceledIds.symbol),
    order_id=number(CanceledIds.order_id),
    client_order_id=text(CanceledIds.orig_client_order_id),
    cancel_client_order_id=text(CanceledIds.client_order_id),
)


def cancel(raw: CanceledOrder | CanceledOrderList | CanceledIds, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, of any time, or of one list."""
    note_failed_status(call.record.status, call, "$")
    if not isinstance(raw, CanceledIds):
        return call.result(canceled(raw, call, "$"))
    event = IDS.event(raw, call, "$")
    call.unanswered([event], "$")
    return call.result([event])


def cancel_all(raw: Sequence[CanceledOrder | CanceledOrderList], call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    note_failed_status(call.record.status, call, "$")
    return call.result(all_canceled(raw, call, "$"))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /api/v3/order", CanceledOrder | CanceledOrderList | CanceledIds, cancel, plain=ORDER),
    endpoint("DELETE /api/v3/openOrders", AllCanceled, cancel_all, since="2020-04-25", plain=ORDER),
    endpoint("DELETE /api/v3/orderList", Canceled, cancel, since="2019-08-15"),
    product=Product.SPOT,
    request=KEYS,
    errors=ERRORS,
    ids=SPOT_IDS,
    is_shared=refuses_anything,
    docs="https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints",
)
