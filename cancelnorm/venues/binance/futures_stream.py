"""Binance futures and options streams: the engine's report of every change of an order.

USDⓈ-M, COIN-M, portfolio margin and, since 2026-01, options push the same event.
"""

from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    first,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Evidence, Initiator, Normalised, OrderStatus, Outcome, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import (
    FUTURES_IDS,
    NOT_SAID,
    POSITION_SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSideWord,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    WorkingType,
    is_post_only,
)
from cancelnorm.venues.binance.messages import OUTCOMES, SIDES, stream_name

# --- What Binance sends ---

PushedType = Literal[
    "LIMIT",
    "MARKET",
    "STOP",
    "STOP_MARKET",
    "TAKE_PROFIT",
    "TAKE_PROFIT_MARKET",
    "TRAILING_STOP_MARKET",
    "LIQUIDATION",
    "ADL",
    "INSURANCE_FUND",
]


class Update(Exact):
    """A change of an order; an upper-case letter is another field than a lower-case.

    Of its execution types only those are here that take an order off the book.
    """

    symbol: str = field(name="s")
    client_order_id: str = field(name="c")  # the order's own, also in a cancel
    side: Literal["BUY", "SELL"] = field(name="S")
    type: PushedType = field(name="o")
    time_in_force: TimeInForceWord = field(name="f")
    quantity: DecimalText = field(name="q")  # base units; contracts in COIN-M and options
    price: DecimalText = field(name="p")
    average_price: DecimalText = field(name="ap")
    execution: Literal["CANCELED", "EXPIRED"] = field(name="x")
    status: Literal[
        "NEW",
        "PARTIALLY_FILLED",
        "FILLED",
        "CANCELED",
        "PENDING_CANCEL",
        "REJECTED",
        "EXPIRED",
        "EXPIRED_IN_MATCH",
        "CANCELLED",  # the options' spelling elsewhere
        "NEW_INSURANCE",  # until 2023-01-04
        "NEW_ADL",  # until 2023-01-04
    ] = field(name="X")
    order_id: Int = field(name="i")
    last_quantity: DecimalText = field(name="l")
    filled_quantity: DecimalText = field(name="z")  # as quantity
    last_price: DecimalText = field(name="L")
    commission_asset: str | UnsetType = field(name="N", default=UNSET)  # often only where there is one
    commission: DecimalText | UnsetType = field(name="n", default=UNSET)  # as N
    trade_time: Epoch = field(name="T")
    trade_id: Int = field(name="t")  # 0: no trade
    bid_notional: DecimalText = field(name="b")
    ask_notional: DecimalText = field(name="a")
    is_maker: bool = field(name="m")
    reduce_only: bool = field(name="R")
    orig_type: PushedType = field(name="ot")
    realized_profit: DecimalText = field(name="rp")
    self_trade_prevention: SelfTradePrevention | UnsetType = field(
        name="V", default=UNSET
    )  # since 2023-09, in COIN-M since 2024-10-11


class FuturesUpdate(Update):
    """A change of a futures order."""

    stop_price: DecimalText = field(name="sp")
    working_type: WorkingType = field(name="wt")
    position_side: PositionSideWord = field(name="ps")
    close_position: bool | UnsetType = field(
        name="cp", default=UNSET
    )  # in old logs of conditional orders only
    price_protect: bool | UnsetType = field(name="pP", default=UNSET)  # not in the oldest logs
    activation_price: DecimalText | UnsetType = field(name="AP", default=UNSET)  # of a trailing stop
    callback_rate: DecimalText | UnsetType = field(name="cr", default=UNSET)  # of a trailing stop
    ignored_si: Int | UnsetType = field(name="si", default=UNSET)
    ignored_ss: Int | UnsetType = field(name="ss", default=UNSET)
    price_match: PriceMatch | UnsetType = field(name="pm", default=UNSET)  # as V
    good_till_date: Int | UnsetType = field(name="gtd", default=UNSET)  # USDⓈ-M, since 2023-09; 0: not GTD
    margin_asset: str | UnsetType = field(name="ma", default=UNSET)  # COIN-M
    # Why an order expired: since 2025-10-23, in COIN-M since 2025-12-10.
    expiry_reason: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"] | UnsetType = field(
        name="er", default=UNSET
    )
    modify_id: str | UnsetType = field(name="M", default=UNSET)  # announced for amended orders, 2026-07


class Pushed(Exact):
    """What stands around every event."""

    e: str
    event_time: Epoch = field(name="E")
    transaction_time: Epoch = field(name="T")
    account_alias: str | UnsetType = field(name="i", default=UNSET)  # COIN-M and portfolio margin
    business: Literal["UM", "CM"] | UnsetType = field(name="fs", default=UNSET)  # portfolio margin


class OrderUpdate(Pushed):
    """``ORDER_TRADE_UPDATE``."""

    e: Literal["ORDER_TRADE_UPDATE"]
    order: FuturesUpdate | Update = field(name="o")


class Subscribed(Camel):
    """An envelope as on the spot WebSocket API, should futures follow it."""

    subscription_id: Int | UnsetType = UNSET
    event: Any


class Combined(Exact):
    """The envelope of a combined stream."""

    stream: str
    data: Any


class SocketUpdate(Subscribed):
    """An event of a subscription."""

    event: OrderUpdate


class StreamUpdate(Combined):
    """An event that came over a combined stream."""

    data: OrderUpdate


# --- What it means ---

_STATUSES: Final = MappingProxyType(
    {
        **{status: verdict.status for status, verdict in OUTCOMES.items()},
        "CANCELLED": OrderStatus.CANCELED,
        "NEW_INSURANCE": OrderStatus.NEW,
        "NEW_ADL": OrderStatus.NEW,
    }
)
_GONE: Final = (OrderStatus.CANCELED, OrderStatus.EXPIRED)
_REASONS: Final = MappingProxyType(
    {
        "1": Initiator.SELF_TRADE_PREVENTION,
        "2": Initiator.EXPIRY,  # the rest of an IOC order
        "3": Initiator.SELF_TRADE_PREVENTION,  # of an IOC order: it is what kept it from filling
        "4": Initiator.RISK,  # reduce-only, knocked out: it would have opened a position
        "5": Initiator.LIQUIDATION,
        "6": Initiator.RISK,  # GTE: the position it was to close is closed
        "7": Initiator.VENUE,  # the symbol was delisted
        "8": Initiator.LIST_SIBLING,  # a stop was triggered, and this order is the other one of the two
        "9": Initiator.EXPIRY,  # the rest of a market order
        "10": Initiator.EXPIRY,  # FOK
        "11": Initiator.EXPIRY,  # post only
    }
)
# Binance's own orders: a liquidation, an automatic deleveraging.
_SYSTEM_IDS: Final = ("autoclose-", "adl_autoclose")
QUANTITY_UNITS: Final = MappingProxyType(
    {
        Product.LINEAR: QuantityUnit.BASE,
        Product.INVERSE: QuantityUnit.CONTRACTS,
        Product.OPTION: QuantityUnit.CONTRACTS,
    }
)


def taken_off(
    status: str, execution: str, client_order_id: str, expiry_reason: str | UnsetType = UNSET
) -> Verdict:
    """How far an order got off the book, and what took it off."""
    known = _STATUSES.get(status)
    if known is None or execution not in ("CANCELED", "EXPIRED"):
        return NOT_SAID._replace(status=known)
    if known is OrderStatus.PENDING_CANCEL:
        return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, known)
    if known not in _GONE:
        code = "contradiction" if known in (OrderStatus.FILLED, OrderStatus.REJECTED) else "stale-status"
        note = (code, f"a report of execution type {execution} shows this")
        return Verdict(Outcome.UNKNOWN, Evidence.LISTED, None, known, note=note)
    if execution == "CANCELED":  # a cancel by a countdown is told like a cancel by its owner
        is_system = client_order_id.startswith(_SYSTEM_IDS)
        initiator: Initiator | None = Initiator.LIQUIDATION if is_system else Initiator.USER
    elif status == "EXPIRED_IN_MATCH":  # says so since 2023-09, and reasons are given since 2025-10
        initiator = Initiator.SELF_TRADE_PREVENTION
    else:
        initiator = None if expiry_reason is UNSET else _REASONS.get(expiry_reason)
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, known, initiator)


UPDATE: Final = EventMap(
    Update,
    by_words(taken_off, Update.status, Update.execution, Update.client_order_id, raw_status=Update.status),
    given=("product", "quantity_unit"),
    absent=Absent.ZERO,
    repeats={Update.orig_type: Update.type},
    symbol=text(Update.symbol),
    order_id=number(Update.order_id),
    client_order_id=text(Update.client_order_id),
    side=word(Update.side, SIDES),
    order_type=word(Update.type, TYPES),
    time_in_force=word(Update.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, Update.time_in_force),
    reduce_only=flag(Update.reduce_only),
    price=amount(Update.price, zero_is_none=True),
    average_price=amount(Update.average_price, zero_is_none=True),
    quantity=amount(Update.quantity, zero_is_none=True),  # zero where the order closes a position
    filled_quantity=amount(Update.filled_quantity),
    self_trade_prevention=text(Update.self_trade_prevention),
    raw_initiator=text(Update.execution),
    event_ns=time(Update.trade_time),
)
FUTURES_UPDATE: Final = UPDATE.extended(
    FuturesUpdate,
    by_words(
        taken_off,
        Update.status,
        Update.execution,
        Update.client_order_id,
        FuturesUpdate.expiry_reason,
        raw_status=Update.status,
    ),
    position_side=word(FuturesUpdate.position_side, POSITION_SIDES),
    trigger_price=amount(FuturesUpdate.stop_price, zero_is_none=True),
    raw_initiator=first(text(FuturesUpdate.expiry_reason, none=("0",)), text(Update.execution)),
)


def update(raw: OrderUpdate | SocketUpdate | StreamUpdate, call: Call) -> Normalised:
    """Map an event, whatever its envelope."""
    pushed, at, outer = unwrapped(raw, call)
    order = pushed.order
    product = product_of(pushed, order)
    rows = FUTURES_UPDATE if isinstance(order, FuturesUpdate) else UPDATE
    event = rows.event(order, call, f"{at}.o", given=(product, product and QUANTITY_UNITS[product]))
    return call.result([event], extra=outer | around(pushed, order.trade_time))


def unwrapped(raw: Any, call: Call) -> tuple[Any, str, dict[str, Any]]:
    """An event without its envelope, its path, and what the envelope says."""
    pushed, at = raw, "$"
    outer: dict[str, Any] = {}
    if isinstance(raw, Combined):
        pushed, at, outer["stream"] = raw.data, "$.data", stream_name(raw.stream)
    elif isinstance(raw, Subscribed):
        pushed, at = raw.event, "$.event"
        if raw.subscription_id is not UNSET:
            outer["subscriptionId"] = raw.subscription_id
    call.response_ns = ns_of(pushed.event_time)
    return pushed, at, outer


def around(raw: Pushed, event_time: int) -> dict[str, Any]:
    """What stands around an event, less what its events say; ``event_time`` is the order's own."""
    ns_of(raw.transaction_time)  # to check it
    values = {
        "e": raw.e if raw.e not in ("ORDER_TRADE_UPDATE", "ALGO_UPDATE") else UNSET,
        "T": raw.transaction_time if raw.transaction_time != event_time else UNSET,
        "i": raw.account_alias,
        "fs": raw.business,
    }
    return {key: value for key, value in values.items() if value is not UNSET}


def product_of(raw: Pushed, order: Struct) -> Product | None:
    """The market an event is of.

    Portfolio margin says so. COIN-M puts an account's alias around every event and a margin asset in it, and
    USDⓈ-M neither; options leave out most of what a futures order has.
    """
    if raw.business is not UNSET:
        return {"UM": Product.LINEAR, "CM": Product.INVERSE}.get(raw.business)
    if isinstance(order, Update) and not isinstance(order, FuturesUpdate):
        return Product.OPTION
    has_margin_asset = isinstance(order, FuturesUpdate) and order.margin_asset is not UNSET
    return Product.LINEAR if raw.account_alias is UNSET and not has_margin_asset else Product.INVERSE


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream ORDER_TRADE_UPDATE", OrderUpdate | SocketUpdate | StreamUpdate, update),
    product=None,
    ids=FUTURES_IDS,
    skips=True,
    docs=(
        "https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/"
        "Event-Order-Update"
    ),
)
