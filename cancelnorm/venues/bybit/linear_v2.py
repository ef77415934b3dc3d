"""Bybit linear perpetuals before v3 (until 2023)."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    always,
    amount,
    by_words,
    constant,
    flag,
    made,
    text,
    word,
)
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import DecimalNumber, Int, number_text
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import EventKind, Evidence, Normalised, Outcome, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.contracts_v2 import (
    ERRORS,
    KEYS,
    POST_ONLY,
    QUERY_ERRORS,
    TIMES_IN_FORCE,
    Envelope,
    StopTaken,
    filled_in,
    is_shared,
    is_shared_refusal,
    listed,
    of_words,
    opened,
    order_type,
    queried,
    result,
    stop_cancel,
    whole,
)
from cancelnorm.venues.bybit.messages import IDS, TAKEN
from cancelnorm.venues.bybit.states import SIDES

# --- What Bybit sends ---


class LinearName(Exact):
    """An order whose cancel was taken."""

    order_id: str


class LinearTaken(Envelope):
    """The acknowledgement of a cancel of one order."""

    ret_code: Literal[0]
    result: LinearName


class LinearAllTaken(Envelope):
    """The acknowledgement of a cancel of all orders of a symbol."""

    ret_code: Literal[0]
    result: list[str] | None  # order ids


class LinearOrder(Exact):
    """A linear order as it stands."""

    order_id: str
    user_id: Int
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # base units
    time_in_force: str
    order_status: str
    last_exec_price: DecimalNumber | UnsetType = UNSET
    cum_exec_qty: DecimalNumber
    cum_exec_value: DecimalNumber
    cum_exec_fee: DecimalNumber
    reduce_only: bool
    close_on_trigger: bool | UnsetType = UNSET  # since autumn 2020
    order_link_id: str
    created_time: str
    updated_time: str
    take_profit: DecimalNumber | UnsetType = UNSET
    stop_loss: DecimalNumber | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET
    position_idx: Int | UnsetType = UNSET


class LinearShown(Envelope):
    """The answer to a query: the order that it names, or up to 500 of a symbol."""

    ret_code: Literal[0]
    result: LinearOrder | list[LinearOrder] | None


class LinearPage(Exact):
    """A page of orders."""

    current_page: Int
    last_page: Int | UnsetType = UNSET
    data: list[LinearOrder] | None


class LinearListed(Envelope):
    """The answer to a query for a list of orders."""

    ret_code: Literal[0]
    result: LinearPage


# --- What it means ---


def _shown_linear(status: str, filled: Any) -> Verdict | None:
    return of_words(status, "", "", number_text(filled))


NAMED: Final = EventMap(LinearName, always(TAKEN), order_id=text(LinearName.order_id))
SHOWN: Final = EventMap(
    LinearOrder,
    by_words(
        _shown_linear, LinearOrder.order_status, LinearOrder.cum_exec_qty, raw_status=LinearOrder.order_status
    ),
    absent=Absent.EMPTY,
    symbol=text(LinearOrder.symbol),
    order_id=text(LinearOrder.order_id),
    client_order_id=text(LinearOrder.order_link_id),
    side=word(LinearOrder.side, SIDES),
    order_type=made(order_type, LinearOrder.order_type, LinearOrder.time_in_force),
    time_in_force=word(LinearOrder.time_in_force, TIMES_IN_FORCE),
    post_only=word(LinearOrder.time_in_force, POST_ONLY),
    price=amount(LinearOrder.price, zero_is_none=True),
    quantity=amount(LinearOrder.qty),
    filled_quantity=amount(LinearOrder.cum_exec_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(LinearOrder.cum_exec_value),
    reduce_only=flag(LinearOrder.reduce_only),
    created_ns=made(ns_of_date_time, LinearOrder.created_time),
    event_ns=made(ns_of_date_time, LinearOrder.updated_time),
)


def linear_cancel(raw: LinearTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one linear order: its end is not known."""
    opened(raw, call)
    event = NAMED.event(raw.result, call, "$.result")
    return result([filled_in(event, call)], raw, call)


def linear_cancel_all(raw: LinearAllTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all linear orders of a symbol."""
    opened(raw, call)
    listed = Verdict(Outcome.PENDING, Evidence.LISTED)
    asked = call.target._replace(order_id=None, client_order_id=None)
    events = [
        call.event(EventKind.ORDER, listed, asked, order_id=name, index=i, path=f"$.result[{i}]")
        for i, name in enumerate(raw.result or [])
    ]
    return result(events or [whole(call)], raw, call)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /private/linear/order/cancel", LinearTaken, linear_cancel),
    endpoint(
        "POST /private/linear/order/cancel-all",
        LinearAllTaken,
        linear_cancel_all,
        is_shared=is_shared_refusal,
    ),
    endpoint("POST /private/linear/stop-order/cancel", StopTaken, stop_cancel),
    endpoint(
        "POST /private/linear/stop-order/cancel-all",
        LinearAllTaken,
        linear_cancel_all,
        is_shared=is_shared_refusal,
    ),
    endpoint(
        "GET /private/linear/order/search", LinearShown, queried(SHOWN), errors=QUERY_ERRORS, skips=True
    ),
    endpoint("GET /private/linear/order/list", LinearListed, listed(SHOWN), errors=QUERY_ERRORS, skips=True),
    product=Product.LINEAR,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/futuresV2",
)
