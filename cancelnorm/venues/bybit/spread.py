"""Bybit spread trading: cancels of combinations of two legs over REST, and combinations as they are shown."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    first,
    made,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText, Epoch, EpochText, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Evidence, Normalised, OrderType, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.causes import UNSAID, UNSAID_REASONS, causes, left
from cancelnorm.venues.bybit.messages import (
    CANCEL_ERRORS,
    IDS,
    KEYS,
    LISTED,
    SCOPE_KEYS,
    TAKEN,
    Answer,
    envelope,
    is_shared,
    is_shared_refusal,
    named,
    opened,
)
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.rest import ALL_ERRORS, CancelTaken, TakenOrders, cancel, scope_of
from cancelnorm.venues.bybit.states import (
    POST_ONLY,
    SIDES,
    TIMES_IN_FORCE,
    note_unshown,
    order_type,
    topic_said,
)

# --- What Bybit sends ---


class CombinationsTaken(Answer):
    """The acknowledgement of a cancel of all combinations."""

    result: TakenOrders  # of which ``success`` is to be ignored


class SpreadState(Camel):
    """A combination or one of its legs as it stands; of a combination much is ``""``."""

    category: Literal["combination", "spot_leg", "future_leg"]
    symbol: str  # of a combination like SOLUSDT_SOL/USDT
    parent_order_id: str  # the combination of a leg
    order_id: str
    order_link_id: str
    side: Literal["Buy", "Sell"]
    order_status: str
    cancel_type: str
    reject_reason: str
    time_in_force: Literal["GTC", "IOC", "FOK", "PostOnly"]
    price: DecimalOrEmpty  # of a combination the difference, negative or zero as it may be
    qty: DecimalText
    avg_price: DecimalOrEmpty
    leaves_qty: DecimalOrEmpty
    leaves_value: str
    cum_exec_qty: DecimalText
    cum_exec_value: DecimalOrEmpty
    cum_exec_fee: str
    order_type: Literal["Limit", "Market", "UNKNOWN"]
    is_leverage: str
    created_time: EpochText
    updated_time: EpochText
    fee_currency: str
    create_type: str
    closed_pnl: str
    cum_fee_detail: dict[str, str] | UnsetType = UNSET  # since 2025-09-18


class SpreadFrame(Camel):
    """Frame with changes."""

    topic: Literal["spread.order"]
    id: str
    creation_time: Epoch
    data: list[SpreadState]


class PastSpread(Camel):
    """A combination in the history, which names things differently."""

    symbol: str
    order_type: Literal["Limit", "Market", "UNKNOWN"]
    order_link_id: str
    order_id: str
    contract_type: str
    order_status: str  # Rejected, Cancelled, Filled
    created_at: EpochText
    price: DecimalOrEmpty
    leg2_symbol: str
    order_qty: str  # the same as ``qty``
    order_price: str | UnsetType = UNSET  # the same as ``price``, announced to go
    time_in_force: Literal["GTC", "IOC", "FOK", "PostOnly"]
    base_coin: str
    updated_at: EpochText
    side: Literal["Buy", "Sell"]
    leg2_side: str
    leaves_qty: DecimalOrEmpty
    leg1_side: str
    settle_coin: str
    cum_exec_qty: DecimalText
    qty: DecimalText
    leg1_order_id: str
    leg2_order_id: str
    leg2_prod_type: str
    leg1_prod_type: str
    leg1_symbol: str
    cxl_rej_reason: str | UnsetType = UNSET  # not in the examples of early 2025
    cum_fee_detail: dict[str, str] | UnsetType = UNSET  # since 2025-09-18


class PastSpreads(Camel):
    """A page of combinations."""

    next_page_cursor: str | None
    orders: list[PastSpread] | None = field(name="list")


class HistoryShown(Answer):
    """The answer to a query."""

    result: PastSpreads


class OpenSpread(Camel):
    """A combination in the list of those that are open."""

    symbol: str
    base_coin: str
    order_type: Literal["Limit", "Market", "UNKNOWN"]
    order_link_id: str
    order_id: str
    side: Literal["Buy", "Sell"]
    time_in_force: Literal["GTC", "IOC", "FOK", "PostOnly"]
    price: DecimalOrEmpty
    qty: DecimalText
    leaves_qty: DecimalOrEmpty
    cum_exec_qty: DecimalText
    order_status: str
    created_time: EpochText
    updated_time: EpochText


class OpenSpreads(Camel):
    """A page of combinations."""

    next_page_cursor: str | None
    orders: list[OpenSpread] | None = field(name="list")


class OpenShown(Answer):
    """The answer to a query for open combinations."""

    result: OpenSpreads


# --- What it means ---

_PRODUCTS: Final = MappingProxyType(
    {
        "combination": Product.SPREAD,
        "spot_leg": Product.SPOT,
        "future_leg": Product.LINEAR,  # perpetuals and futures settled in USDT or USDC are all there are
    }
)


def _type(kind: str, time_in_force: str) -> OrderType | None:
    return order_type(kind, "", time_in_force)


_of_past: Final = causes(Evidence.TERMINAL_STATUS)


def _past(status: str, reason: str | UnsetType, filled: str) -> Verdict | None:
    return _of_past(status, "", reason or "", filled)


# The category tells a combination from its legs; a leg's list is its combination.
SHOWN: Final = EventMap(
    SpreadState,
    by_words(
        causes(Evidence.FINAL_REPORT),
        SpreadState.order_status,
        SpreadState.cancel_type,
        SpreadState.reject_reason,
        SpreadState.cum_exec_qty,
        raw_status=SpreadState.order_status,
    ),
    absent=Absent.EMPTY,
    also=(SpreadState.category, SpreadState.reject_reason),
    product=word(SpreadState.category, _PRODUCTS),
    symbol=text(SpreadState.symbol),
    order_id=text(SpreadState.order_id),
    client_order_id=text(SpreadState.order_link_id),
    list_id=text(SpreadState.parent_order_id),
    raw_initiator=first(
        text(SpreadState.cancel_type, none=UNSAID),
        text(SpreadState.reject_reason, none=UNSAID_REASONS),
    ),
    side=word(SpreadState.side, SIDES),
    order_type=made(_type, SpreadState.order_type, SpreadState.time_in_force),
    time_in_force=word(SpreadState.time_in_force, TIMES_IN_FORCE),
    post_only=word(SpreadState.time_in_force, POST_ONLY),
    price=amount(SpreadState.price),
    average_price=amount(SpreadState.avg_price, zero_is_none=True),
    quantity=amount(SpreadState.qty),
    filled_quantity=amount(SpreadState.cum_exec_qty),
    remaining_quantity=made(left, SpreadState.leaves_qty, SpreadState.order_status),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(SpreadState.cum_exec_value),
    created_ns=time(SpreadState.created_time),
    event_ns=time(SpreadState.updated_time),
)
PAST: Final = EventMap(
    PastSpread,
    by_words(
        _past,
        PastSpread.order_status,
        PastSpread.cxl_rej_reason,
        PastSpread.cum_exec_qty,
        raw_status=PastSpread.order_status,
    ),
    absent=Absent.EMPTY,
    also=(PastSpread.cxl_rej_reason,),
    symbol=text(PastSpread.symbol),
    order_id=text(PastSpread.order_id),
    client_order_id=text(PastSpread.order_link_id),
    raw_initiator=text(PastSpread.cxl_rej_reason, none=UNSAID_REASONS),
    side=word(PastSpread.side, SIDES),
    order_type=made(_type, PastSpread.order_type, PastSpread.time_in_force),
    time_in_force=word(PastSpread.time_in_force, TIMES_IN_FORCE),
    post_only=word(PastSpread.time_in_force, POST_ONLY),
    price=amount(PastSpread.price),
    quantity=amount(PastSpread.qty),
    filled_quantity=amount(PastSpread.cum_exec_qty),
    remaining_quantity=made(left, PastSpread.leaves_qty, PastSpread.order_status),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(PastSpread.created_at),
    event_ns=time(PastSpread.updated_at),
)


def _open(status: str, filled: str) -> Verdict | None:
    return _of_past(status, "", "", filled)


OPEN_COMBINATIONS: Final = EventMap(
    OpenSpread,
    by_words(_open, OpenSpread.order_status, OpenSpread.cum_exec_qty, raw_status=OpenSpread.order_status),
    absent=Absent.EMPTY,
    symbol=text(OpenSpread.symbol),
    order_id=text(OpenSpread.order_id),
    client_order_id=text(OpenSpread.order_link_id),
    side=word(OpenSpread.side, SIDES),
    order_type=made(_type, OpenSpread.order_type, OpenSpread.time_in_force),
    time_in_force=word(OpenSpread.time_in_force, TIMES_IN_FORCE),
    post_only=word(OpenSpread.time_in_force, POST_ONLY),
    price=amount(OpenSpread.price),
    quantity=amount(OpenSpread.qty),
    filled_quantity=amount(OpenSpread.cum_exec_qty),
    remaining_quantity=made(left, OpenSpread.leaves_qty, OpenSpread.order_status),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(OpenSpread.created_time),
    event_ns=time(OpenSpread.updated_time),
)


def cancel_all(raw: CombinationsTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all combinations; ``success`` is handed on and not believed."""
    opened(raw, call)
    asked = call.target
    events = named(LISTED.events(raw.result.orders or [], call, "$.result.list[{}]"), asked, call)
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if raw.result.success is not UNSET:
        extra["success"] = raw.result.success
    whole = call.event(EventKind.SCOPE, TAKEN, asked, path="$.result", scope=scope_of(asked, call))
    return call.result(events or [whole], extra=extra)


def frame(raw: SpreadFrame, call: Call) -> Normalised:
    """Map a frame: the combinations and legs in it that are about a cancel."""
    call.response_ns = ns_of(raw.creation_time)
    events = SHOWN.events(raw.data, call, "$.data[{}]")
    extra = {"id": raw.id} | topic_said(raw.topic, call)
    return call.result(call.or_unknown(events, "$.data", product=None), extra=extra)


def history(raw: HistoryShown | OpenShown, call: Call) -> Normalised:
    """Map the answer to a query: the combinations in it that are about a cancel."""
    opened(raw, call)
    at, page = "$.result.list", raw.result
    orders = page.orders or []
    by_row = PAST if isinstance(raw, HistoryShown) else OPEN_COMBINATIONS
    events = by_row.events(orders, call, f"{at}[{{}}]")
    note_unshown(((order.order_id, order.order_link_id) for order in orders), call, at)
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if page.next_page_cursor:
        extra["nextPageCursor"] = page.next_page_cursor
    return call.result(call.or_unknown(events, at), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /v5/spread/order/cancel", CancelTaken, cancel, page="trade/cancel-order"),
    endpoint(
        "POST /v5/spread/order/cancel-all",
        CombinationsTaken,
        cancel_all,
        page="trade/cancel-all",
        request=SCOPE_KEYS,
        errors=ALL_ERRORS,
        is_shared=is_shared_refusal,
    ),
    endpoint(
        "GET /v5/spread/order/history",
        HistoryShown,
        history,
        page="trade/order-history",
        errors=QUERY_ERRORS,
        is_shared=None,
        skips=True,
    ),
    endpoint(
        "GET /v5/spread/order/realtime",
        OpenShown,
        history,
        page="trade/open-order",
        errors=QUERY_ERRORS,
        is_shared=None,
        skips=True,
    ),
    endpoint(
        "stream spread.order",
        SpreadFrame,
        frame,
        page="websocket/private/order",
        request=RequestKeys(),
        errors=None,
        is_shared=None,
        skips=True,
    ),
    product=Product.SPREAD,
    request=KEYS,
    errors=CANCEL_ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/spread/",
)
