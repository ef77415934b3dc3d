"""Kraken stream ``executions`` of the WebSocket API v2: what becomes of orders, cancels among it.

A row has the keys that changed: of a cancel it has neither symbol nor side nor quantity. Numbers are no texts here.
"""

from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, first, flag, made, text, word
from cancelnorm.reader.scalars import DecimalNumber, Int, decimal_of, number_text
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import (
    Evidence,
    Normalised,
    OrderType,
    Product,
    QuantityUnit,
    Side,
    TimeInForce,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.endings import QUIET_EXECUTIONS, ended
from cancelnorm.venues.kraken.messages import IDS, ns_of_time

# --- What Kraken sends ---


class Triggers(Exact):
    """What sets off a stop or a take-profit order."""

    reference: str | UnsetType = UNSET
    price: DecimalNumber | UnsetType = UNSET
    price_type: str | UnsetType = UNSET
    actual_price: DecimalNumber | UnsetType = UNSET
    peak_price: DecimalNumber | UnsetType = UNSET
    last_price: DecimalNumber | UnsetType = UNSET
    status: str | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET


class Contingent(Exact):
    """The order that is placed when this one has filled."""

    order_type: str | UnsetType = UNSET
    trigger_price: DecimalNumber | UnsetType = UNSET
    trigger_price_type: str | UnsetType = UNSET
    limit_price: DecimalNumber | UnsetType = UNSET
    limit_price_type: str | UnsetType = UNSET


class Fee(Exact):
    """A fee of a trade."""

    asset: str
    qty: DecimalNumber


class Execution(Exact):
    """What happened to an order; what a cancel has, comes first."""

    order_id: str
    exec_type: str  # what is not known is noted: the list has grown before
    timestamp: str  # of the engine; RFC 3339, µs
    order_status: (
        Literal["pending_new", "new", "partially_filled", "filled", "canceled", "expired", "triggered"]
        | UnsetType
    ) = UNSET
    cum_qty: DecimalNumber | UnsetType = UNSET
    cum_cost: DecimalNumber | UnsetType = UNSET
    avg_price: DecimalNumber | UnsetType = UNSET  # 0 without a fill
    fee_usd_equiv: DecimalNumber | UnsetType = UNSET
    order_userref: Int | UnsetType = UNSET  # 0 for none
    cl_ord_id: str | UnsetType = UNSET
    cancel_reason: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET  # the same; alone in older recordings
    symbol: str | UnsetType = UNSET
    side: Literal["buy", "sell"] | UnsetType = UNSET
    order_type: (
        Literal[
            "limit",
            "market",
            "iceberg",
            "stop-loss",
            "stop-loss-limit",
            "take-profit",
            "take-profit-limit",
            "trailing-stop",
            "trailing-stop-limit",
            "settle-position",
        ]
        | UnsetType
    ) = UNSET
    time_in_force: Literal["GTC", "GTD", "IOC", "FOK"] | UnsetType = UNSET
    order_qty: DecimalNumber | UnsetType = UNSET
    limit_price: DecimalNumber | UnsetType = UNSET
    limit_price_type: str | UnsetType = UNSET  # static, pct or quote: the last two are no prices
    stop_price: DecimalNumber | UnsetType = UNSET
    triggers: Triggers | UnsetType = UNSET
    contingent: Contingent | UnsetType = UNSET
    display_qty: DecimalNumber | UnsetType = UNSET
    cash_order_qty: DecimalNumber | UnsetType = UNSET  # quote units
    fee_ccy_pref: str | UnsetType = UNSET
    effective_time: str | UnsetType = UNSET
    expire_time: str | UnsetType = UNSET
    exec_id: str | UnsetType = UNSET
    trade_id: Int | UnsetType = UNSET
    last_qty: DecimalNumber | UnsetType = UNSET
    last_price: DecimalNumber | UnsetType = UNSET
    liquidity_ind: str | UnsetType = UNSET
    cost: DecimalNumber | UnsetType = UNSET
    fees: list[Fee] | UnsetType = UNSET
    margin: bool | UnsetType = UNSET
    margin_borrow: bool | UnsetType = UNSET
    liquidated: bool | UnsetType = UNSET
    post_only: bool | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    no_mpp: bool | UnsetType = UNSET
    position_status: str | UnsetType = UNSET
    sender_sub_id: str | UnsetType | None = UNSET
    amended: bool | UnsetType = UNSET
    ext_ord_id: str | UnsetType = UNSET
    ext_exec_id: str | UnsetType = UNSET
    user: str | UnsetType = UNSET


class ExecutionsFrame(Exact):
    """Executions; a snapshot, which repeats what is open and trades of the past, is none."""

    channel: Literal["executions"]
    type: Literal["update"]
    data: list[Execution]
    sequence: Int | UnsetType = UNSET


# --- What it means ---

ORDER_TYPES: Final = MappingProxyType(
    {
        "limit": OrderType.LIMIT,
        "market": OrderType.MARKET,
        "stop-loss": OrderType.STOP_MARKET,
        "stop-loss-limit": OrderType.STOP_LIMIT,
        "take-profit": OrderType.TAKE_PROFIT_MARKET,
        "take-profit-limit": OrderType.TAKE_PROFIT_LIMIT,
        "trailing-stop": OrderType.STOP_MARKET,
        "trailing-stop-limit": OrderType.STOP_LIMIT,
        "iceberg": OrderType.LIMIT,
    }
)
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
)
SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})


_UNDOCUMENTED: Final = ("unknown-value", "the type of execution is not documented")


def _executed(exec_type: str, cancel_reason: str | UnsetType, reason: str | UnsetType) -> Verdict | None:
    return ended(Evidence.FINAL_REPORT, exec_type, cancel_reason or reason, QUIET_EXECUTIONS, _UNDOCUMENTED)


def _is_spot(order_id: str) -> bool:
    """Whether an order is of spot or margin: those of derivatives, which the unified API shows, too, have other ids."""
    return order_id[:1] == "O"


def _product(order_id: str, margin: bool | UnsetType) -> Product | None:
    if margin is UNSET or not _is_spot(order_id):
        return None
    return Product.MARGIN if margin else Product.SPOT


def _unit(order_id: str) -> QuantityUnit | None:
    return QuantityUnit.BASE if _is_spot(order_id) else None


def _price(price: Raw | UnsetType, kind: str | UnsetType) -> Decimal | None:
    return decimal_of(number_text(price)) if price is not UNSET and kind in (UNSET, "static") else None


EXECUTION: Final = EventMap(
    Execution,
    by_words(
        _executed,
        Execution.exec_type,
        Execution.cancel_reason,
        Execution.reason,
        raw_status=Execution.order_status,
    ),
    absent=Absent.EMPTY,
    without={Execution.order_userref: (0,)},
    also=(Execution.order_type, Execution.limit_price_type, Execution.margin),
    order_id=text(Execution.order_id),
    client_order_id=text(Execution.cl_ord_id),
    raw_initiator=first(text(Execution.cancel_reason), text(Execution.reason)),
    product=made(_product, Execution.order_id, Execution.margin),
    symbol=text(Execution.symbol),
    side=word(Execution.side, SIDES),
    order_type=word(Execution.order_type, ORDER_TYPES),
    time_in_force=word(Execution.time_in_force, TIMES_IN_FORCE),
    post_only=flag(Execution.post_only),
    reduce_only=flag(Execution.reduce_only),
    price=made(_price, Execution.limit_price, Execution.limit_price_type),
    average_price=amount(Execution.avg_price, zero_is_none=True),
    trigger_price=amount(Execution.stop_price, zero_is_none=True),
    quantity=amount(Execution.order_qty),
    quote_quantity=amount(Execution.cash_order_qty),
    display_quantity=amount(Execution.display_qty, zero_is_none=True),
    filled_quantity=amount(Execution.cum_qty),
    filled_quote=amount(Execution.cum_cost),
    quantity_unit=made(_unit, Execution.order_id),
    event_ns=made(ns_of_time, Execution.timestamp),
)


def executions(raw: ExecutionsFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that were canceled or have expired."""
    events = EXECUTION.events(raw.data, call, "$.data[{}]")
    extra: dict[str, Any] = {} if raw.sequence is UNSET else {"sequence": raw.sequence}
    kind: str = raw.type
    if kind != "update":
        extra["type"] = kind
    if call.endpoint.name != f"stream {raw.channel}":
        extra["channel"] = raw.channel
    return call.result(call.or_unknown(events, "$.data"), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream executions", ExecutionsFrame, executions),
    product=None,
    since="2024-05-19",
    skips=True,
    ids=IDS,
    docs="https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/executions",
)
