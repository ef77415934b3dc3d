"""Bybit inverse perpetuals and futures before v3 (until 2023)."""

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
    first,
    made,
    text,
    word,
)
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import DecimalNumber, Int, NumberOrEmpty, number_text
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Normalised, OrderStatus, Outcome, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.causes import UNSAID, UNSAID_REASONS, left
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


class RequestFields(Exact):
    """How an order came about; each field is there for some orders, until 2022."""

    o_req_num: Int | UnsetType = UNSET
    xreq_type: str | UnsetType = UNSET
    xreq_offset: Int | UnsetType = UNSET
    orig_order_type: str | UnsetType = UNSET
    prior_x_req_price: DecimalNumber | UnsetType = UNSET
    op_from: str | UnsetType = UNSET
    remark: str | UnsetType = UNSET  # the address of the caller
    reduce_only: bool | UnsetType = UNSET
    close_on_trigger: bool | UnsetType = UNSET
    # Of an order that was conditional.
    stop_order_type: str | UnsetType = UNSET
    trigger_by: str | UnsetType = UNSET
    base_price: DecimalNumber | UnsetType = UNSET
    trigger_price: DecimalNumber | UnsetType = UNSET
    expected_direction: str | UnsetType = UNSET


class InverseOrder(Exact):
    """An inverse order as it stands, or as it stood before its cancel."""

    user_id: Int
    position_idx: Int | UnsetType = UNSET  # queries
    order_id: str
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # contracts
    time_in_force: str
    order_status: str
    ext_fields: RequestFields | UnsetType = UNSET
    last_exec_time: DecimalNumber | UnsetType = UNSET  # seconds with a fraction
    last_exec_price: DecimalNumber | UnsetType = UNSET
    leaves_qty: DecimalNumber
    leaves_value: DecimalNumber | UnsetType = UNSET
    cum_exec_qty: DecimalNumber
    cum_exec_value: NumberOrEmpty | UnsetType = UNSET  # null: a conditional order
    cum_exec_fee: NumberOrEmpty | UnsetType = UNSET
    reject_reason: str | None  # null until 2020
    cancel_type: str | UnsetType = UNSET
    order_link_id: str
    created_at: str
    updated_at: str | UnsetType = UNSET  # not in a list of 2022
    take_profit: str | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET


class InverseTaken(Envelope):
    """The acknowledgement of a cancel of one order."""

    ret_code: Literal[0]
    result: InverseOrder


class CancelingOrder(Exact):
    """An inverse order among all that are being canceled."""

    clOrdID: str  # noqa: N815  # the order's id, in spite of its name
    order_link_id: str | UnsetType = UNSET  # since 2022
    user_id: Int
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # contracts
    time_in_force: str
    create_type: str
    cancel_type: str
    order_status: str  # ""
    leaves_qty: DecimalNumber
    leaves_value: DecimalNumber
    created_at: str
    updated_at: str
    cross_status: str  # PendingCancel
    cross_seq: Int


class InverseAllTaken(Envelope):
    """The acknowledgement of a cancel of all orders of a symbol."""

    ret_code: Literal[0]
    result: list[CancelingOrder] | None


class InverseShown(Envelope):
    """The answer to a query: the order that it names, or up to 500 of a symbol."""

    ret_code: Literal[0]
    result: InverseOrder | list[InverseOrder] | None


class InversePage(Exact):
    """A page of orders."""

    data: list[InverseOrder] | None
    cursor: str | UnsetType = UNSET  # "" on the last page


class InverseListed(Envelope):
    """The answer to a query for a list of orders."""

    ret_code: Literal[0]
    result: InversePage


# --- What it means ---


def _shown(status: str, cancel_type: str | UnsetType, reason: str | None, filled: Any) -> Verdict | None:
    return of_words(status, cancel_type or "", reason or "", number_text(filled))


def _answered(status: str) -> Verdict:
    """The verdict on an order in the answer to its cancel, which mostly shows it as it stood before."""
    if status in ("Cancelled", "Deactivated"):
        return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED)
    return TAKEN


UNTYPED: Final = EventMap(
    InverseOrder,
    by_words(
        _shown,
        InverseOrder.order_status,
        InverseOrder.cancel_type,
        InverseOrder.reject_reason,
        InverseOrder.cum_exec_qty,
        raw_status=InverseOrder.order_status,
    ),
    absent=Absent.EMPTY,
    also=(InverseOrder.reject_reason,),
    symbol=text(InverseOrder.symbol),
    order_id=text(InverseOrder.order_id),
    client_order_id=text(InverseOrder.order_link_id),
    raw_initiator=first(
        text(InverseOrder.cancel_type, none=UNSAID),
        text(InverseOrder.reject_reason, none=UNSAID_REASONS),
    ),
    side=word(InverseOrder.side, SIDES),
    time_in_force=word(InverseOrder.time_in_force, TIMES_IN_FORCE),
    post_only=word(InverseOrder.time_in_force, POST_ONLY),
    price=amount(InverseOrder.price, zero_is_none=True),
    quantity=amount(InverseOrder.qty),
    filled_quantity=amount(InverseOrder.cum_exec_qty),
    remaining_quantity=made(left, InverseOrder.leaves_qty, InverseOrder.order_status),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    created_ns=made(ns_of_date_time, InverseOrder.created_at),
    event_ns=made(ns_of_date_time, InverseOrder.updated_at),
)
SHOWN: Final = UNTYPED.extended(
    InverseOrder, order_type=made(order_type, InverseOrder.order_type, InverseOrder.time_in_force)
)
ANSWERED: Final = SHOWN.extended(
    InverseOrder,
    by_words(_answered, InverseOrder.order_status, raw_status=InverseOrder.order_status),
)
CANCELING: Final = EventMap(
    CancelingOrder,
    always(TAKEN),
    raw_status=text(CancelingOrder.cross_status),
    absent=Absent.EMPTY,
    symbol=text(CancelingOrder.symbol),
    order_id=text(CancelingOrder.clOrdID),
    client_order_id=text(CancelingOrder.order_link_id),
    raw_initiator=text(CancelingOrder.cancel_type, none=UNSAID),
    side=word(CancelingOrder.side, SIDES),
    order_type=made(order_type, CancelingOrder.order_type, CancelingOrder.time_in_force),
    time_in_force=word(CancelingOrder.time_in_force, TIMES_IN_FORCE),
    post_only=word(CancelingOrder.time_in_force, POST_ONLY),
    price=amount(CancelingOrder.price, zero_is_none=True),
    quantity=amount(CancelingOrder.qty),
    remaining_quantity=made(left, CancelingOrder.leaves_qty, CancelingOrder.cross_status),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    created_ns=made(ns_of_date_time, CancelingOrder.created_at),
    event_ns=made(ns_of_date_time, CancelingOrder.updated_at),
)


def inverse_cancel(raw: InverseTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one inverse order."""
    opened(raw, call)
    event = ANSWERED.event(raw.result, call, "$.result")
    return result([filled_in(event, call)], raw, call)


def inverse_cancel_all(raw: InverseAllTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all inverse orders of a symbol."""
    opened(raw, call)
    events = CANCELING.events(raw.result or [], call, "$.result[{}]")
    return result(events or [whole(call)], raw, call)


# --- Endpoints ---

_query: Final = queried(SHOWN)
_list: Final = listed(SHOWN)

ENDPOINTS: Final = (
    *endpoints(
        *(
            row
            for path in ("/v2/private", "/futures/private")
            for row in (
                endpoint(f"POST {path}/order/cancel", InverseTaken, inverse_cancel),
                endpoint(
                    f"POST {path}/order/cancelAll",
                    InverseAllTaken,
                    inverse_cancel_all,
                    is_shared=is_shared_refusal,
                ),
                endpoint(f"POST {path}/stop-order/cancel", StopTaken, stop_cancel),
                endpoint(f"GET {path}/order", InverseShown, _query, errors=QUERY_ERRORS, skips=True),
                endpoint(f"GET {path}/order/list", InverseListed, _list, errors=QUERY_ERRORS, skips=True),
            )
        ),
        product=Product.INVERSE,
        request=KEYS,
        errors=ERRORS,
        is_shared=is_shared,
        ids=IDS,
        docs="https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/futuresV2",
    ),
)
