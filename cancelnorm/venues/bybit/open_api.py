"""Bybit's first API (2018 to December 2020): cancels and lists of inverse orders under ``/open-api``."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Verdict, by_words
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Normalised, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.contracts_v2 import (
    ERRORS,
    KEYS,
    QUERY_ERRORS,
    Envelope,
    filled_in,
    is_shared,
    listed,
    of_words,
    opened,
    result,
)
from cancelnorm.venues.bybit.inverse_v2 import SHOWN, InverseOrder, InverseTaken, inverse_cancel
from cancelnorm.venues.bybit.messages import IDS, TAKEN
from cancelnorm.venues.bybit.stop_orders_v2 import LISTED, InverseStop

# --- What Bybit sends ---


class OrderPage(Exact):
    """A page of orders."""

    data: list[InverseOrder] | None
    current_page: Int
    last_page: Int | UnsetType = UNSET
    total: Int | UnsetType = UNSET  # 2018


class OrdersListed(Envelope):
    """The answer to a query for a list of orders."""

    ret_code: Literal[0]
    result: OrderPage


class StopPage(Exact):
    """A page of conditional orders."""

    data: list[InverseStop] | None
    current_page: Int
    last_page: Int | UnsetType = UNSET
    total: Int | UnsetType = UNSET  # 2018


class StopsListed(Envelope):
    """The answer to a query for a list of conditional orders."""

    ret_code: Literal[0]
    result: StopPage


class StopCanceled(Envelope):
    """The answer to a cancel of one conditional order, which it shows as it stood before."""

    ret_code: Literal[0]
    result: InverseStop


# --- What it means ---


def _answered(status: str) -> Verdict:
    """The verdict on a conditional order in the answer to its cancel."""
    verdict = of_words(status, "", "", "") if status in ("Cancelled", "Deactivated") else None
    return verdict or TAKEN


ANSWERED_STOP: Final = LISTED.extended(
    InverseStop, by_words(_answered, InverseStop.stop_order_status, raw_status=InverseStop.stop_order_status)
)


def stop_cancel(raw: StopCanceled, call: Call) -> Normalised:
    """Map the answer to a cancel of one conditional order."""
    opened(raw, call)
    event = ANSWERED_STOP.event(raw.result, call, "$.result")
    return result([filled_in(event, call)], raw, call)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /open-api/order/cancel",
        InverseTaken,
        inverse_cancel,
        docs="https://github.com/bybit-exchange/bybit-official-api-docs/blob/master/en/rest_api.md",
    ),
    endpoint("GET /open-api/order/list", OrdersListed, listed(SHOWN), errors=QUERY_ERRORS, skips=True),
    endpoint("POST /open-api/stop-order/cancel", StopCanceled, stop_cancel),
    endpoint("GET /open-api/stop-order/list", StopsListed, listed(LISTED), errors=QUERY_ERRORS, skips=True),
    product=Product.INVERSE,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/futuresV2/inverse_perpetual/_abandoned_endpoints.md",
)
