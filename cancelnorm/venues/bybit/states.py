"""Bybit v5 orders as they are shown, by the stream and by queries alike: fifty fields, more every year."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

from msgspec import UNSET, Struct, UnsetType, to_builtins
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target
from cancelnorm.reader.scalars import (
    DECIMALS,
    EPOCH_TEXTS,
    NONZERO,
    DecimalOrEmpty,
    DecimalText,
    EpochText,
    Int,
    Table,
)
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Note,
    OrderType,
    Product,
    Side,
    TimeInForce,
)
from cancelnorm.venues.bybit.causes import Cause, cause_of, is_about_cancel
from cancelnorm.venues.bybit.orders import OPEN, whole_event

__all__ = [
    "SIDES",
    "TIMES_IN_FORCE",
    "OrderState",
    "Rest",
    "cause_notes",
    "left_over",
    "no_target",
    "other_note",
    "said_of_none",
    "state_events",
    "without_home",
]

# --- What Bybit sends ---


class OrderState(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An order as it stands. What is handed on as it was sent is plain text here."""

    symbol: str
    order_id: str  # a UUID, for spot 19 digits
    order_link_id: str  # "" where the order has none
    parent_order_link_id: str | UnsetType = UNSET  # since 2026-01-07: futures and options
    block_trade_id: str
    side: Literal["Buy", "Sell"]
    position_idx: Int
    order_status: str
    cancel_type: str  # "UNKNOWN": nobody tried to cancel
    reject_reason: str  # "" for spot in 2023
    time_in_force: Literal["GTC", "IOC", "FOK", "PostOnly", "RPI"]
    is_leverage: str | UnsetType = UNSET  # "0" or "1" for spot
    price: DecimalOrEmpty  # of a market order 0, or an estimate
    broker_order_price: str | UnsetType = UNSET  # liquidity providers of the EU
    qty: DecimalText  # base units, contracts, or quote units (market orders of spot)
    avg_price: str  # "" or "0": no fill
    leaves_qty: str  # after a cancel 0, nothing, or what was left: not to be relied on
    leaves_value: str
    cum_exec_qty: DecimalText  # base units or contracts
    cum_exec_value: DecimalOrEmpty  # quote units; inverse: coin
    cum_exec_fee: str | UnsetType = UNSET  # deprecated
    order_type: Literal["Limit", "Market", "UNKNOWN", "Block trade Roll Back", "Block trade-Limit"]
    stop_order_type: str
    oco_trigger_by: str | UnsetType = UNSET  # since 2023-10-26
    order_iv: str
    trigger_price: DecimalOrEmpty  # of a trailing stop: where it becomes active
    take_profit: str
    stop_loss: str
    trigger_by: str
    tp_trigger_by: str
    sl_trigger_by: str
    trigger_direction: Int  # 1: rise, 2: fall
    place_type: str | UnsetType = UNSET  # since 2023-04-04
    last_price_on_created: str
    close_on_trigger: bool
    reduce_only: bool
    smp_group: Int | str | UnsetType = UNSET  # since 2023-04-20; in quotes for spot in 2026
    smp_type: str | UnsetType = UNSET  # since 2023-04-20
    smp_order_id: str | UnsetType = UNSET  # since 2023-04-20
    sl_limit_price: str | UnsetType = UNSET  # since 2023-05-23
    tp_limit_price: str | UnsetType = UNSET  # since 2023-05-23
    tpsl_mode: str | UnsetType = UNSET  # since 2023-05-23; not for spot
    tp_sl_mode: str | UnsetType = UNSET  # the same, in May 2023
    create_type: str | UnsetType = UNSET  # since 2023-12-12: linear and inverse
    market_unit: str | UnsetType = UNSET  # since 2023-12-22
    slippage_tolerance_type: str | UnsetType = UNSET  # since 2025-02-27
    slippage_tolerance: str | UnsetType = UNSET  # since 2025-02-27
    created_time: str
    updated_time: EpochText  # "" for spot in 2023
    closed_pnl: str | UnsetType = UNSET  # since 2024-09-29: derivatives
    fee_currency: str | UnsetType = UNSET  # since 2023-08-07; deprecated
    cum_fee_detail: dict[str, str] | UnsetType = UNSET  # since 2025-09-18; coin → fee
    rpi_taker_access: bool | UnsetType = UNSET  # since 2026-05-26
    rpi_matched_qty: str | UnsetType = UNSET  # since 2026-05-26


# --- What it means ---

SIDES: Final[Table[str, Side]] = Table(Buy=Side.BUY, Sell=Side.SELL)
TIMES_IN_FORCE: Final[Table[str, TimeInForce]] = Table(
    GTC=TimeInForce.GTC, IOC=TimeInForce.IOC, FOK=TimeInForce.FOK, PostOnly=TimeInForce.GTC
)
# By ``orderType``, ``stopOrderType`` and whether the order is post-only.
_MARKET: Final[Table[str, OrderType]] = Table(
    TakeProfit=OrderType.TAKE_PROFIT_MARKET,
    PartialTakeProfit=OrderType.TAKE_PROFIT_MARKET,
    StopLoss=OrderType.STOP_MARKET,
    PartialStopLoss=OrderType.STOP_MARKET,
    TrailingStop=OrderType.STOP_MARKET,
    Stop=OrderType.TRIGGER_MARKET,
    tpslOrder=OrderType.STOP_OR_TAKE_PROFIT_MARKET,
)
_LIMIT: Final[Table[str, OrderType]] = Table(
    TakeProfit=OrderType.TAKE_PROFIT_LIMIT,
    PartialTakeProfit=OrderType.TAKE_PROFIT_LIMIT,
    StopLoss=OrderType.STOP_LIMIT,
    PartialStopLoss=OrderType.STOP_LIMIT,
    TrailingStop=OrderType.STOP_LIMIT,
    Stop=OrderType.TRIGGER_LIMIT,
    tpslOrder=OrderType.STOP_OR_TAKE_PROFIT_LIMIT,
)
_AT_HOME: Final = frozenset(
    (
        "category",
        "symbol",
        "order_id",
        "order_link_id",
        "side",
        "order_status",
        "time_in_force",
        "price",
        "qty",
        "cum_exec_qty",
        "cum_exec_value",
        "order_type",
        "trigger_price",
        "smp_type",
        "updated_time",
    )
)
# Looked up once: a member of an enum costs a call.
_ORDER: Final = EventKind.ORDER
_RESPONSE: Final = Identity.RESPONSE


def state_events(
    states: Iterable[OrderState],
    products: Iterable[Product | None],
    seen: Evidence,
    at: str,
    response_ns: int | None,
    record: Record,
    codec: Codec,
    notes: list[Note],
) -> list[CancelEvent]:
    """One event an order that is about a cancel, one note any other; ``at`` is the path of the orders.

    An event's fields are passed by position, and in two parts: CPython passes more than 30 arguments through
    a list, which takes twice as long.
    """
    venue, endpoint = codec.venue, codec.endpoint
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    events = []
    for index, (raw, product) in enumerate(zip(states, products, strict=True)):
        status, cancel_type = raw.order_status, raw.cancel_type
        filled = DECIMALS[raw.cum_exec_qty]
        described = _described(raw, product)  # also of an order passed over: its numbers are checked here
        if not is_about_cancel(status, cancel_type, bool(filled)):
            notes.append(other_note(raw, f"{at}[{index}]"))
            continue
        cause = cause_of(status, cancel_type, raw.reject_reason, bool(filled), seen)
        if cause.odd:
            notes.extend(cause_notes(cause, status, f"{at}[{index}].orderStatus"))
        order_type, price, trigger_price, quantity, quote_quantity, filled_quote, event_ns, extra = described
        named = (
            venue,
            product,
            endpoint,
            _ORDER,
            index,
            raw.symbol or None,
            raw.order_id or None,
            raw.order_link_id or None,
            None,  # cancel_id
            None,  # list_id
            None,  # list_client_id
            None,  # contingency
            _RESPONSE,
            cause.outcome,
            cause.evidence,
            cause.reason,
            cause.code,
            None,  # message
            cause.status,
        )
        shown = (
            status or None,
            SIDES[raw.side],
            order_type,
            TIMES_IN_FORCE[raw.time_in_force],
            price,
            trigger_price,
            quantity,
            filled,
            None,  # display_quantity
            quote_quantity,
            filled_quote,
            raw.smp_type or None,
            cause.initiator,
            event_ns,
            response_ns,
            sent_ns,
            received_ns,
            None,  # request_id
            source,
            extra,
        )
        events.append(CancelEvent(*(named + shown)))
    return events


_Described = tuple[
    OrderType | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    int | None,
    dict[str, Any] | None,
]


def _described(raw: OrderState, product: Product | None) -> _Described:
    """Type, price, trigger price, quantity, quote quantity, filled quote, time and the rest of an order.

    A market order of spot is sized in quote units where it says so, and a buy that says nothing is too. What
    ``cumExecValue`` counts in is not said for options, and is the coin for inverse contracts.
    """
    value = DECIMALS[raw.cum_exec_value] if raw.cum_exec_value else None
    extra = left_over(raw, without_home(type(raw), _AT_HOME))
    if SIDES[raw.side] is None:
        extra["side"] = raw.side
    if raw.time_in_force not in ("GTC", "IOC", "FOK"):
        extra["timeInForce"] = raw.time_in_force
    if raw.order_type not in ("Limit", "Market"):
        extra["orderType"] = raw.order_type
    if product is not Product.SPOT and product is not Product.LINEAR and value is not None:
        extra["cumExecValue"] = raw.cum_exec_value
        value = None
    quantity: Decimal | None = DECIMALS[raw.qty]
    quote_quantity: Decimal | None = None
    if product is Product.SPOT and raw.order_type == "Market" and _is_by_value(raw):
        quantity, quote_quantity = None, quantity
    return (
        _order_type(raw),
        NONZERO[raw.price] if raw.price else None,
        NONZERO[raw.trigger_price] if raw.trigger_price else None,
        quantity,
        quote_quantity,
        value,
        EPOCH_TEXTS[raw.updated_time],
        extra or None,
    )


def _is_by_value(raw: OrderState) -> bool:
    """Whether a market order of spot is sized in quote units."""
    return raw.market_unit == "quoteCoin" or (raw.side == "Buy" and raw.market_unit != "baseCoin")


def _order_type(raw: OrderState) -> OrderType | None:
    """The type of an order, named by what it becomes when it is triggered."""
    if raw.order_type == "Market":
        return _MARKET[raw.stop_order_type] or OrderType.MARKET
    if raw.order_type == "Limit":
        plain = OrderType.LIMIT_MAKER if raw.time_in_force == "PostOnly" else OrderType.LIMIT
        return _LIMIT[raw.stop_order_type] or plain
    return None


class Rest(NamedTuple):
    """Some fields of a struct: what gets their values, and their keys."""

    values: Callable[[Struct], tuple[Any, ...]]
    keys: tuple[str, ...]


@cache
def without_home(struct: type[Struct], at_home: frozenset[str]) -> Rest:
    """The fields of a struct but for some."""
    names = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    rest = [(name, key) for name, key in names if name not in at_home]
    return Rest(attrgetter(*(name for name, _ in rest)), tuple(key for _, key in rest))


def left_over(raw: Struct, rest: Rest) -> dict[str, Any]:
    """Some fields of a struct, by key, as they were sent: no ``""`` and no ``{}``, but 0 and False."""
    return {
        key: value
        for key, value in zip(rest.keys, rest.values(raw), strict=True)
        if value or value is False or value == 0
    }


def other_note(raw: Struct, at: str) -> Note:
    """A note on an order that is shown beside others and says nothing about a cancel, with all of it."""
    return Note("not-a-cancel", at, "an order about which no cancel is told", to_builtins(raw))


def cause_notes(cause: Cause, status: str, at: str) -> list[Note]:
    """A note on a status that does not go with a cancel."""
    if cause.odd == "unknown-value":
        return [Note("unknown-value", at, "expected a documented status", status)]
    return [Note("stale-status", at, "an order with a cancelType is shown alive", status)]


def said_of_none(
    response_ns: int | None, product: Product | None, record: Record, codec: Codec
) -> CancelEvent:
    """The event of a list without an order that is about a cancel: nothing is known."""
    named = codec.target(record)
    kind = EventKind.ORDER if named.names_order else EventKind.SCOPE
    return replace(
        whole_event(kind, OPEN, product, response_ns, record, codec),
        order_id=named.order_id,
        client_order_id=named.client_order_id,
        identity=Identity.REQUEST if any(named) else None,
    )


def no_target(_: Mapping[str, Any]) -> Target:
    """Nothing: what is pushed was not asked for."""
    return Target()
