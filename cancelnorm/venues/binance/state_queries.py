"""Binance queries of spot and margin orders: what is told of an order that is closed, over REST and WebSocket.

An order that is open is not about a cancel. A list of orders is evidence of each that is closed.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import EventMap, Verdict, amount, by_words, constant, first, number, text, time, word
from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, OrderStatus, Outcome, Product, QuantityUnit, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance import messages, websocket
from cancelnorm.venues.binance.messages import (
    CANCEL_REJECTED,
    POST_ONLY,
    SIDES,
    SPOT_IDS,
    ApiError,
    MapFunction,
    Status,
)
from cancelnorm.venues.binance.query_skip import skip_open
from cancelnorm.venues.binance.websocket import Envelope, ErrorReply, opened, reply

# --- What Binance sends ---


class SpotState(Camel):
    """An order of spot or margin as it stands."""

    symbol: str
    order_id: Int | str  # in quotes in some answers of margin
    order_list_id: Int | UnsetType = UNSET  # since 2019-08-15; not in margin
    client_order_id: str
    price: DecimalText
    orig_qty: DecimalText
    executed_qty: DecimalText
    cummulative_quote_qty: DecimalText | UnsetType = UNSET  # since 2018-07-18; negative: not available
    status: Status
    time_in_force: Literal["GTC", "IOC", "FOK"]
    type: messages.Type
    side: Literal["BUY", "SELL"]
    stop_price: DecimalText | UnsetType = UNSET
    iceberg_qty: DecimalText | UnsetType = UNSET
    time: Epoch
    update_time: Epoch | UnsetType = UNSET  # since 2018-07-18
    is_working: bool
    working_time: Int | UnsetType = UNSET  # since 2022-12-05; -1: was never
    orig_quote_order_qty: DecimalText | UnsetType = UNSET  # since 2019-11-13
    self_trade_prevention_mode: messages.SelfTradePrevention | UnsetType = UNSET  # since 2022-12-05
    is_isolated: bool | UnsetType = UNSET  # margin
    account_id: Int | UnsetType = UNSET  # margin and portfolio margin, in some answers
    prevented_match_id: Int | UnsetType = UNSET  # since 2023-01-26
    prevented_quantity: DecimalText | UnsetType = UNSET  # since 2023-01-26
    strategy_id: Int | UnsetType = UNSET  # since 2022-08-08
    strategy_type: Int | UnsetType = UNSET  # since 2022-08-08
    trailing_delta: Int | UnsetType = UNSET  # since 2022-04-13
    trailing_time: Int | UnsetType = UNSET  # since 2022-12-05
    used_sor: bool | UnsetType = UNSET  # since 2023-08-08
    working_floor: Literal["EXCHANGE", "SOR", "BROKER"] | UnsetType = UNSET  # since 2023-08-08
    peg_price_type: Literal["PRIMARY_PEG", "MARKET_PEG"] | UnsetType = UNSET  # since 2025-08-28
    peg_offset_type: Literal["PRICE_LEVEL"] | UnsetType = UNSET  # since 2025-08-28
    peg_offset_value: Int | UnsetType = UNSET  # since 2025-08-28
    pegged_price: DecimalText | UnsetType = UNSET  # since 2025-08-28
    expiry_reason: str | UnsetType = UNSET  # since 2026-05-08


class MarginState(SpotState):
    """An order of a margin account as it stands."""


class SpotReply(Envelope):
    """A query of one order."""

    result: SpotState


class SpotListReply(Envelope):
    """A query of several orders."""

    result: list[SpotState]


# --- What it means ---


def closed(status: str) -> Verdict | None:
    """What an order's last status says; None for an order that is open."""
    match status:
        case "CANCELED" | "CANCELLED":
            return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED)
        case "EXPIRED" | "EXPIRED_IN_MATCH":
            return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.EXPIRED)
        case "REJECTED":
            reason, known = Reason.ALREADY_CLOSED, OrderStatus.REJECTED
        case "FILLED":
            reason, known = Reason.ALREADY_FILLED, OrderStatus.FILLED
        case "PENDING_CANCEL":
            return Verdict(Outcome.PENDING, Evidence.LISTED, None, OrderStatus.PENDING_CANCEL)
        case "NEW" | "PENDING_NEW" | "PARTIALLY_FILLED" | "ACCEPTED":
            return None
        case _:
            return Verdict(Outcome.UNKNOWN, Evidence.LISTED)
    return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, reason, known)


SPOT: Final = EventMap(
    SpotState,
    by_words(closed, SpotState.status, raw_status=SpotState.status),
    without={SpotState.expiry_reason: ("NONE",)},
    symbol=text(SpotState.symbol),
    order_id=number(SpotState.order_id),
    client_order_id=text(SpotState.client_order_id),
    list_id=number(SpotState.order_list_id, none=(-1,)),
    side=word(SpotState.side, SIDES),
    order_type=word(SpotState.type, messages.TYPES),
    time_in_force=word(SpotState.time_in_force, messages.TIMES_IN_FORCE),
    post_only=word(SpotState.type, POST_ONLY),
    price=first(
        amount(SpotState.price, zero_is_none=True), amount(SpotState.pegged_price, zero_is_none=True)
    ),
    trigger_price=amount(SpotState.stop_price, zero_is_none=True),
    quantity=amount(SpotState.orig_qty, zero_is_none=True),
    filled_quantity=amount(SpotState.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    display_quantity=amount(SpotState.iceberg_qty, zero_is_none=True),
    quote_quantity=amount(SpotState.orig_quote_order_qty, zero_is_none=True),
    filled_quote=amount(SpotState.cummulative_quote_qty, negative_is_none=True),
    self_trade_prevention=text(SpotState.self_trade_prevention_mode),
    initiator=word(SpotState.expiry_reason, messages.EXPIRY_INITIATORS),
    raw_initiator=text(SpotState.expiry_reason, none=("NONE",)),
    created_ns=time(SpotState.time),
    event_ns=time(SpotState.update_time),
)
MARGIN: Final = SPOT.extended(MarginState)


def one_by(orders: EventMap) -> MapFunction:
    """Map the answer to a query of one order."""

    def one(raw: Any, call: Call) -> Normalised:
        return call.result(orders.events([raw], call, "$"))

    return one


def all_by(orders: EventMap) -> MapFunction:
    """Map the answer to a query of several orders."""

    def every(raw: Sequence[Any], call: Call) -> Normalised:
        return call.result(orders.events(raw, call, "$[{}]"))

    return every


def replied_by(orders: EventMap) -> MapFunction:
    """Map the answer to a query over WebSocket."""

    def replied(raw: Any, call: Call) -> Normalised:
        opened(raw, call)
        if isinstance(raw.result, list):
            return reply(raw, call, orders.events(raw.result, call, "$.result[{}]"))
        return reply(raw, call, orders.events([raw.result], call, "$.result"))

    return replied


def query_errors(errors: Errors) -> Errors:
    """The errors of a query; none has the code of a cancel that was rejected."""
    return errors._replace(of_query=is_any_refusal)


def is_any_refusal(raw: Any) -> bool:
    """Whether other requests than cancels are refused alike."""
    return getattr(getattr(raw, "error", raw), "code", None) != CANCEL_REJECTED


def is_shared(raw: Any) -> bool:
    """Whether it tells of no cancel where the endpoint is not known: an order that filled or was refused."""
    if isinstance(raw, ErrorReply):
        return raw.error.code != CANCEL_REJECTED
    if isinstance(raw, ApiError):
        return raw.code != CANCEL_REJECTED
    shown = getattr(raw, "result", raw)  # over WebSocket beside the status of the request
    rows = shown if isinstance(shown, list) else [shown]
    return not any(_last_word(row) in _TAKEN_OFF for row in rows)


def _last_word(row: Any) -> str | None:
    """The word for what became of an order; a conditional order's own, not that of what it placed."""
    words = (getattr(row, name, None) for name in ("strategy_status", "algo_status", "status"))
    return next((word for word in words if word is not None), None)


_TAKEN_OFF: Final = ("CANCELED", "CANCELLED", "EXPIRED", "EXPIRED_IN_MATCH")


# --- Endpoints ---

_SITE: Final = "https://developers.binance.com/docs/"
_SPOT_ERRORS: Final = query_errors(messages.ERRORS)

ENDPOINTS: Final = (
    *endpoints(
        endpoint("GET /api/v3/order", SpotState, one_by(SPOT)),
        endpoint("GET /api/v3/openOrders", list[SpotState], all_by(SPOT)),
        endpoint("GET /api/v3/allOrders", list[SpotState], all_by(SPOT)),
        product=Product.SPOT,
        request=messages.KEYS,
        errors=_SPOT_ERRORS,
        ids=SPOT_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}binance-spot-api-docs/rest-api/account-endpoints",
    ),
    *endpoints(
        endpoint("ws order.status", SpotReply, replied_by(SPOT)),
        endpoint("ws openOrders.status", SpotListReply, replied_by(SPOT)),
        endpoint("ws allOrders", SpotListReply, replied_by(SPOT)),
        product=Product.SPOT,
        request=messages.KEYS,
        errors=query_errors(websocket.ERRORS),
        ids=SPOT_IDS,
        since="2022-12-26",
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}binance-spot-api-docs/websocket-api/account-requests",
    ),
    *endpoints(
        endpoint("GET /sapi/v1/margin/order", MarginState, one_by(MARGIN)),
        endpoint("GET /sapi/v1/margin/openOrders", list[MarginState], all_by(MARGIN)),
        endpoint("GET /sapi/v1/margin/allOrders", list[MarginState], all_by(MARGIN)),
        endpoint("GET /papi/v1/margin/order", MarginState, one_by(MARGIN)),
        endpoint("GET /papi/v1/margin/openOrders", list[MarginState], all_by(MARGIN)),
        endpoint("GET /papi/v1/margin/allOrders", list[MarginState], all_by(MARGIN)),
        product=Product.MARGIN,
        request=messages.KEYS,
        errors=_SPOT_ERRORS,
        ids=SPOT_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}margin_trading/trade",
    ),
)
