"""Bybit conditional orders of contracts before v3 (until 2023): lists, queries, and cancels of all."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    first,
    flag,
    made,
    text,
    word,
)
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import DecimalNumber, Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Normalised, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.causes import UNSAID, left
from cancelnorm.venues.bybit.contracts_v2 import (
    ERRORS,
    KEYS,
    POST_ONLY,
    QUERY_ERRORS,
    TIMES_IN_FORCE,
    Envelope,
    is_shared,
    is_shared_refusal,
    listed,
    of_words,
    opened,
    queried,
    result,
    whole,
)
from cancelnorm.venues.bybit.inverse_v2 import UNTYPED, InverseOrder
from cancelnorm.venues.bybit.messages import IDS, TAKEN
from cancelnorm.venues.bybit.states import SIDES, order_type

# --- What Bybit sends ---


class InverseStop(Exact):
    """An inverse conditional order in a list; before ``/v2`` with numbers that are not in quotes."""

    user_id: Int
    position_idx: Int | UnsetType = UNSET  # since 2020-11-30
    stop_order_status: str  # Untriggered, Active: it was triggered, Deactivated
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    stop_order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # contracts
    time_in_force: str
    base_price: DecimalNumber
    order_link_id: str
    created_at: str
    updated_at: str
    stop_px: DecimalNumber
    stop_order_id: str
    trigger_by: str | UnsetType = UNSET  # since 2019
    take_profit: str | UnsetType = UNSET  # since 2021
    stop_loss: str | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET


class InverseStopPage(Exact):
    """A page of conditional orders."""

    data: list[InverseStop] | None
    cursor: str | UnsetType = UNSET  # "" on the last page


class InverseStopsListed(Envelope):
    """The answer to a query for a list of conditional orders."""

    ret_code: Literal[0]
    result: InverseStopPage


class QueriedStop(InverseOrder):
    """An inverse conditional order as it stands; of what kind it is, is not said."""

    stop_px: DecimalNumber
    base_price: DecimalNumber
    trigger_by: str


class InverseStopShown(Envelope):
    """The answer to a query: the order that it names, or up to ten of a symbol."""

    ret_code: Literal[0]
    result: QueriedStop | list[QueriedStop] | None


class CanceledStop(Exact):
    """An inverse conditional order among all that were canceled."""

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
    leaves_qty: DecimalNumber | UnsetType = UNSET  # until 2022
    leaves_value: DecimalNumber
    created_at: str
    updated_at: str
    cross_status: str  # Deactivated
    cross_seq: Int  # -1: it never was in the engine
    stop_order_type: str
    trigger_by: str
    base_price: DecimalNumber
    trail_value: DecimalNumber | UnsetType = UNSET  # since 2022
    expected_direction: str


class InverseStopsCanceled(Envelope):
    """The answer to a cancel of all conditional orders of a symbol."""

    ret_code: Literal[0]
    result: list[CanceledStop] | None


class LinearStop(Exact):
    """A linear conditional order; of what kind it is, is not said."""

    stop_order_id: str
    user_id: Int
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # base units
    time_in_force: str
    order_status: str
    trigger_price: DecimalNumber
    order_link_id: str
    created_time: str | UnsetType = UNSET  # since autumn 2020
    updated_time: str | UnsetType = UNSET
    created_at: str | UnsetType = UNSET  # before
    updated_at: str | UnsetType = UNSET
    take_profit: DecimalNumber | UnsetType = UNSET
    stop_loss: DecimalNumber | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET
    base_price: DecimalNumber | UnsetType = UNSET
    trigger_by: str | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    close_on_trigger: bool | UnsetType = UNSET
    position_idx: Int | UnsetType = UNSET


class LinearStopPage(Exact):
    """A page of conditional orders."""

    current_page: Int
    last_page: Int | UnsetType = UNSET
    data: list[LinearStop] | None


class LinearStopsListed(Envelope):
    """The answer to a query for a list of conditional orders."""

    ret_code: Literal[0]
    result: LinearStopPage


class LinearStopShown(Envelope):
    """The answer to a query: the order that it names, or up to ten of a symbol."""

    ret_code: Literal[0]
    result: LinearStop | list[LinearStop] | None


# --- What it means ---


def _shown(status: str) -> Verdict | None:
    return of_words(status, "", "", "")


def _iso(sent: str | UnsetType) -> int | None:
    return ns_of_date_time(sent) if sent else None


def _canceled(status: str, cancel_type: str) -> Verdict:
    """The verdict on an order of a cancel of all: no engine has to be asked for one that was not triggered."""
    verdict = of_words(status, cancel_type, "", "")
    return TAKEN if verdict is None or status != "Deactivated" else verdict


LISTED: Final = EventMap(
    InverseStop,
    by_words(_shown, InverseStop.stop_order_status, raw_status=InverseStop.stop_order_status),
    absent=Absent.EMPTY,
    also=(InverseStop.stop_order_type,),
    symbol=text(InverseStop.symbol),
    order_id=text(InverseStop.stop_order_id),
    client_order_id=text(InverseStop.order_link_id),
    side=word(InverseStop.side, SIDES),
    order_type=made(
        order_type, InverseStop.order_type, InverseStop.stop_order_type, InverseStop.time_in_force
    ),
    time_in_force=word(InverseStop.time_in_force, TIMES_IN_FORCE),
    post_only=word(InverseStop.time_in_force, POST_ONLY),
    price=amount(InverseStop.price, zero_is_none=True),
    trigger_price=amount(InverseStop.stop_px, zero_is_none=True),
    quantity=amount(InverseStop.qty),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    created_ns=made(ns_of_date_time, InverseStop.created_at),
    event_ns=made(ns_of_date_time, InverseStop.updated_at),
)
QUERIED: Final = UNTYPED.extended(QueriedStop, trigger_price=amount(QueriedStop.stop_px, zero_is_none=True))
CANCELED: Final = EventMap(
    CanceledStop,
    by_words(
        _canceled, CanceledStop.cross_status, CanceledStop.cancel_type, raw_status=CanceledStop.cross_status
    ),
    absent=Absent.EMPTY,
    also=(CanceledStop.stop_order_type,),
    symbol=text(CanceledStop.symbol),
    order_id=text(CanceledStop.clOrdID),
    client_order_id=text(CanceledStop.order_link_id),
    raw_initiator=text(CanceledStop.cancel_type, none=UNSAID),
    side=word(CanceledStop.side, SIDES),
    order_type=made(
        order_type, CanceledStop.order_type, CanceledStop.stop_order_type, CanceledStop.time_in_force
    ),
    time_in_force=word(CanceledStop.time_in_force, TIMES_IN_FORCE),
    post_only=word(CanceledStop.time_in_force, POST_ONLY),
    price=amount(CanceledStop.price, zero_is_none=True),
    quantity=amount(CanceledStop.qty),
    remaining_quantity=made(left, CanceledStop.leaves_qty, CanceledStop.cross_status),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    created_ns=made(ns_of_date_time, CanceledStop.created_at),
    event_ns=made(ns_of_date_time, CanceledStop.updated_at),
)
LINEAR: Final = EventMap(
    LinearStop,
    by_words(_shown, LinearStop.order_status, raw_status=LinearStop.order_status),
    absent=Absent.EMPTY,
    symbol=text(LinearStop.symbol),
    order_id=text(LinearStop.stop_order_id),
    client_order_id=text(LinearStop.order_link_id),
    side=word(LinearStop.side, SIDES),
    time_in_force=word(LinearStop.time_in_force, TIMES_IN_FORCE),
    post_only=word(LinearStop.time_in_force, POST_ONLY),
    price=amount(LinearStop.price, zero_is_none=True),
    trigger_price=amount(LinearStop.trigger_price, zero_is_none=True),
    quantity=amount(LinearStop.qty),
    quantity_unit=constant(QuantityUnit.BASE),
    reduce_only=flag(LinearStop.reduce_only),
    created_ns=first(made(_iso, LinearStop.created_time), made(_iso, LinearStop.created_at)),
    event_ns=first(made(_iso, LinearStop.updated_time), made(_iso, LinearStop.updated_at)),
)
stops_listed: Final = listed(LISTED)
stop_query: Final = queried(QUERIED)


def stops_canceled(raw: InverseStopsCanceled, call: Call) -> Normalised:
    """Map the answer to a cancel of all conditional orders of a symbol."""
    opened(raw, call)
    events = CANCELED.events(raw.result or [], call, "$.result[{}]")
    return result(events or [whole(call)], raw, call)


# --- Endpoints ---

_DOCS: Final = "https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/futuresV2"

ENDPOINTS: Final = (
    *endpoints(
        *(
            row
            for path in ("/v2/private", "/futures/private")
            for row in (
                endpoint(
                    f"GET {path}/stop-order/list",
                    InverseStopsListed,
                    stops_listed,
                    errors=QUERY_ERRORS,
                    skips=True,
                ),
                endpoint(
                    f"GET {path}/stop-order", InverseStopShown, stop_query, errors=QUERY_ERRORS, skips=True
                ),
                endpoint(
                    f"POST {path}/stop-order/cancelAll",
                    InverseStopsCanceled,
                    stops_canceled,
                    is_shared=is_shared_refusal,
                ),
            )
        ),
        product=Product.INVERSE,
        request=KEYS,
        errors=ERRORS,
        is_shared=is_shared,
        ids=IDS,
        docs=_DOCS,
    ),
    *endpoints(
        endpoint("GET /private/linear/stop-order/list", LinearStopsListed, listed(LINEAR)),
        endpoint("GET /private/linear/stop-order/search", LinearStopShown, queried(LINEAR)),
        product=Product.LINEAR,
        request=KEYS,
        errors=QUERY_ERRORS,
        is_shared=is_shared,
        ids=IDS,
        docs=_DOCS,
        skips=True,
    ),
)
