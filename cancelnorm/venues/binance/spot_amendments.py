"""Binance amendments that take something off the book: a smaller quantity, or none that is left."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    EventMap,
    Verdict,
    amount,
    by_status,
    constant,
    first,
    number,
    text,
    word,
)
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, OrderStatus, Outcome, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.messages import (
    ERRORS,
    KEYS,
    OUTCOMES,
    POST_ONLY,
    SIDES,
    SPOT_IDS,
    TIMES_IN_FORCE,
    TYPES,
    SelfTradePrevention,
    Status,
    Type,
    note_failed_status,
    refuses_anything,
)
from cancelnorm.venues.binance.order_lists import Leg
from cancelnorm.venues.binance.websocket import ERRORS as SOCKET_ERRORS
from cancelnorm.venues.binance.websocket import Envelope, opened, reply, reply_refuses_anything

# --- What Binance sends ---


class AmendedOrder(Camel):
    """The order after the amendment."""

    symbol: str
    order_id: Int
    order_list_id: Int  # -1: in no list
    orig_client_order_id: str  # the id the order had
    client_order_id: str  # the id it has now
    price: DecimalText
    qty: DecimalText  # base units, after the amendment
    executed_qty: DecimalText
    prevented_qty: DecimalText
    quote_order_qty: DecimalText
    cumulative_quote_qty: DecimalText  # spelled right here
    status: Status
    time_in_force: Literal["GTC", "IOC", "FOK"]
    type: Type
    side: Literal["BUY", "SELL"]
    working_time: Int | UnsetType = UNSET  # epoch
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET
    stop_price: DecimalText | UnsetType = UNSET
    iceberg_qty: DecimalText | UnsetType = UNSET
    trailing_delta: Int | UnsetType = UNSET
    trailing_time: Int | UnsetType = UNSET
    strategy_id: Int | UnsetType = UNSET
    strategy_type: Int | UnsetType = UNSET
    used_sor: bool | UnsetType = UNSET
    working_floor: Literal["EXCHANGE", "SOR", "BROKER"] | UnsetType = UNSET
    peg_price_type: Literal["PRIMARY_PEG", "MARKET_PEG"] | UnsetType = UNSET
    peg_offset_type: Literal["PRICE_LEVEL"] | UnsetType = UNSET
    peg_offset_value: Int | UnsetType = UNSET
    pegged_price: DecimalText | UnsetType = UNSET
    prevented_match_id: Int | UnsetType = UNSET
    prevented_quantity: DecimalText | UnsetType = UNSET
    expiry_reason: str | UnsetType = UNSET  # since 2026-03-26


class AmendedList(Camel):
    """The order list of an amended leg."""

    order_list_id: Int
    contingency_type: Literal["OCO", "OTO"]
    list_order_status: Literal["EXECUTING", "ALL_DONE", "REJECT", "CANCELING"]
    list_client_order_id: str
    symbol: str
    orders: list[Leg]


class Amendment(Camel):
    """The answer to an amendment that keeps the order's place in the queue."""

    transact_time: Epoch
    execution_id: Int
    amended_order: AmendedOrder
    list_status: AmendedList | UnsetType = UNSET  # of a leg


class AmendmentReply(Envelope):
    """The same over WebSocket."""

    result: Amendment


# --- What it means ---

_OUTCOMES: Final = {
    **OUTCOMES,
    # The amendment can only make an order smaller.
    **{
        word: Verdict(Outcome.REDUCED, Evidence.FINAL_REPORT, None, status)
        for word, status in (
            ("NEW", OrderStatus.NEW),
            ("PENDING_NEW", OrderStatus.PENDING_NEW),
            ("PARTIALLY_FILLED", OrderStatus.PARTIALLY_FILLED),
        )
    },
    # By an amendment an order may expire (since 2026-04-02).
    **dict.fromkeys(
        ("EXPIRED", "EXPIRED_IN_MATCH"),
        Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.EXPIRED),
    ),
}
AMENDED: Final = EventMap(
    AmendedOrder,
    by_status(AmendedOrder.status, _OUTCOMES, Verdict(Outcome.UNKNOWN, Evidence.LISTED)),
    given=("event_ns", "list_client_id", "contingency"),
    symbol=text(AmendedOrder.symbol),
    order_id=number(AmendedOrder.order_id),
    client_order_id=text(AmendedOrder.orig_client_order_id),  # later events have the new one
    list_id=number(AmendedOrder.order_list_id, none=(-1,)),
    side=word(AmendedOrder.side, SIDES),
    order_type=word(AmendedOrder.type, TYPES),
    time_in_force=word(AmendedOrder.time_in_force, TIMES_IN_FORCE),
    post_only=word(AmendedOrder.type, POST_ONLY),
    price=first(
        amount(AmendedOrder.price, zero_is_none=True), amount(AmendedOrder.pegged_price, zero_is_none=True)
    ),
    trigger_price=amount(AmendedOrder.stop_price, zero_is_none=True),
    quantity=amount(AmendedOrder.qty, zero_is_none=True),
    filled_quantity=amount(AmendedOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    display_quantity=amount(AmendedOrder.iceberg_qty, zero_is_none=True),
    quote_quantity=amount(AmendedOrder.quote_order_qty, zero_is_none=True),
    filled_quote=amount(AmendedOrder.cumulative_quote_qty, negative_is_none=True),
    self_trade_prevention=text(AmendedOrder.self_trade_prevention_mode),
)


def _amended(raw: Amendment, call: Call, at: str) -> tuple[list[Any], dict[str, Any]]:
    """The event of an amendment, and what stands around the order."""
    listed = raw.list_status
    names = (None, None) if listed is UNSET else (listed.list_client_order_id, listed.contingency_type)
    given = (ns_of(raw.transact_time), *names)
    event = AMENDED.event(raw.amended_order, call, f"{at}.amendedOrder", given=given)
    extra: dict[str, Any] = {"executionId": raw.execution_id}
    if listed is not UNSET:
        extra["listStatus"] = builtins_of(listed)
    return [event], extra


def amend(raw: Amendment, call: Call) -> Normalised:
    """Map the answer to an amendment."""
    note_failed_status(call.record.status, call, "$")
    events, extra = _amended(raw, call, "$")
    return call.result(events, extra=extra)


def amend_reply(raw: AmendmentReply, call: Call) -> Normalised:
    """Map the answer to an amendment over WebSocket."""
    opened(raw, call)
    note_failed_status(raw.status, call, "$.status")
    events, extra = _amended(raw.result, call, "$.result")
    return reply(raw, call, events, extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "PUT /api/v3/order/amend/keepPriority",
        Amendment,
        amend,
        errors=ERRORS,
        is_shared=refuses_anything,
        page="rest-api/trading-endpoints",
        since="2025-04-24",
    ),
    endpoint(
        "ws order.amend.keepPriority",
        AmendmentReply,
        amend_reply,
        errors=SOCKET_ERRORS,
        is_shared=reply_refuses_anything,
        page="websocket-api/trading-requests",
        since="2025-04-24",
    ),
    product=Product.SPOT,
    request=KEYS,
    ids=SPOT_IDS,
    docs="https://developers.binance.com/docs/binance-spot-api-docs/",
)
