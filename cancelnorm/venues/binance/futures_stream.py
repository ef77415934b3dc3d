"""Binance futures and options streams: the engine's report of every change of an order.

USDⓈ-M, COIN-M, portfolio margin and, since 2026-01, options push the same event.
"""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Said,
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
from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Initiator, Normalised, OrderStatus, Outcome, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import (
    FUTURES_IDS,
    NOT_SAID,
    POSITION_SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSideWord,
    PriceMatch,
    TimeInForceWord,
    WorkingType,
    is_post_only,
)
from cancelnorm.venues.binance.futures_envelopes import (
    QUANTITY_UNITS,
    Combined,
    MarketPushed,
    Pushed,
    Subscribed,
    around,
    product_of,
    unwrapped,
)
from cancelnorm.venues.binance.messages import OUTCOMES, SIDES
from cancelnorm.venues.binance.options_stream_until_2025 import OPTION_STATE, OptionOrderUpdate

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


ExpiryReason = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]
# The second spelling of "none" is portfolio margin's.
PushedSelfTradePrevention = Literal["NONE", "EXPIRE_NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"]
PushedPriceMatch = Literal[
    "NONE",
    "PM_NONE",
    "OPPONENT",
    "OPPONENT_5",
    "OPPONENT_10",
    "OPPONENT_20",
    "QUEUE",
    "QUEUE_5",
    "QUEUE_10",
    "QUEUE_20",
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
    is_maker: bool | UnsetType = field(name="m", default=UNSET)  # since 2019-10-11
    reduce_only: bool | UnsetType = field(name="R", default=UNSET)  # since 2019-10-25
    realized_profit: DecimalText | UnsetType = field(name="rp", default=UNSET)  # since 2020-07-02
    self_trade_prevention: PushedSelfTradePrevention | UnsetType = field(
        name="V", default=UNSET
    )  # since 2023-09-05, in COIN-M 2024-10-11


class OptionUpdate(Update):
    """A change of an option order."""

    orig_type: PushedType = field(name="ot")


class PortfolioUpdate(Update):
    """A change of a futures order of portfolio margin: its stream leaves out much of what others have."""

    stop_price: DecimalText = field(name="sp")
    position_side: PositionSideWord = field(name="ps")
    activation_price: DecimalText | UnsetType = field(name="AP", default=UNSET)  # of a trailing stop
    callback_rate: DecimalText | UnsetType = field(name="cr", default=UNSET)  # of a trailing stop
    strategy_id: Int | UnsetType = field(name="si", default=UNSET)
    strategy_type: str | UnsetType = field(name="st", default=UNSET)
    strategy_sequence: Int | UnsetType = field(name="ss", default=UNSET)
    price_match: PushedPriceMatch | UnsetType = field(name="pm", default=UNSET)
    good_till_date: Int | UnsetType = field(name="gtd", default=UNSET)  # USDⓈ-M; 0: not GTD
    margin_asset: str | UnsetType = field(name="ma", default=UNSET)  # COIN-M
    expiry_reason: ExpiryReason | UnsetType = field(name="er", default=UNSET)


class FuturesUpdate(Update):
    """A change of a futures order."""

    stop_price: DecimalText = field(name="sp")
    orig_type: PushedType | UnsetType = field(name="ot", default=UNSET)  # in all logs but perhaps the oldest
    working_type: WorkingType | UnsetType = field(name="wt", default=UNSET)  # since 2019-11-05
    position_side: PositionSideWord | UnsetType = field(name="ps", default=UNSET)  # since 2020-04-06
    close_position: bool | UnsetType = field(
        name="cp", default=UNSET
    )  # since 2020-04-25, at first of conditional orders only
    price_protect: bool | UnsetType = field(name="pP", default=UNSET)  # not in the oldest logs
    activation_price: DecimalText | UnsetType = field(
        name="AP", default=UNSET
    )  # of a trailing stop; since 2020-04-25
    callback_rate: DecimalText | UnsetType = field(
        name="cr", default=UNSET
    )  # of a trailing stop; since 2020-04-25
    # Of a strategy: its id, its type (``OTOCO``, ``ALGO_CONDITION``, ``C_TAKE_PROFIT``), which of its orders.
    # The id of ``ALGO_CONDITION`` is that of the conditional order which placed this one.
    strategy_id: Int | UnsetType = field(name="si", default=UNSET)
    strategy_type: str | UnsetType = field(name="st", default=UNSET)
    strategy_sequence: Int | UnsetType = field(name="ss", default=UNSET)
    price_match: PriceMatch | UnsetType = field(name="pm", default=UNSET)  # since 2023-09-05, as V
    good_till_date: Int | UnsetType = field(name="gtd", default=UNSET)  # USDⓈ-M; since 2023-09-05; 0: not GTD
    margin_asset: str | UnsetType = field(name="ma", default=UNSET)  # COIN-M
    # Why an order expired.
    expiry_reason: ExpiryReason | UnsetType = field(
        name="er", default=UNSET
    )  # since 2025-10-23, in COIN-M 2025-12-10
    modify_id: str | UnsetType = field(name="M", default=UNSET)  # announced for amended orders, 2026-07


class OrderUpdate(Pushed):
    """``ORDER_TRADE_UPDATE``."""

    e: Literal["ORDER_TRADE_UPDATE"]
    order: FuturesUpdate | OptionUpdate = field(name="o")


class PortfolioOrderUpdate(MarketPushed):
    """``ORDER_TRADE_UPDATE`` of portfolio margin."""

    e: Literal["ORDER_TRADE_UPDATE"]
    business: Literal["UM", "CM"] = field(name="fs")
    order: PortfolioUpdate = field(name="o")


class SocketUpdate(Subscribed):
    """An event of a subscription."""

    event: OrderUpdate | PortfolioOrderUpdate


class StreamUpdate(Combined):
    """An event that came over a combined stream."""

    data: OrderUpdate | PortfolioOrderUpdate | OptionOrderUpdate


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
        "9": Initiator.EXPIRY,  # the rest of a market order
        "10": Initiator.EXPIRY,  # FOK
        "11": Initiator.EXPIRY,  # post only
    }
)
# Binance's own orders: a liquidation, an automatic deleveraging; and what closes positions at a delivery or
# when a symbol is delisted.
_LIQUIDATION_IDS: Final = ("autoclose-", "adl_autoclose")
_SETTLEMENT_IDS: Final = ("settlement_autoclose-", "delivery_autoclose-", "delivery-")
_CONDITIONAL: Final = ("STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET")
# The order goes on under the same id, as MARKET or LIMIT, where it was triggered.
_TRIGGERED: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)


def taken_off(
    status: str,
    execution: str,
    client_order_id: str,
    order_type: str,
    expiry_reason: str | UnsetType = UNSET,
) -> Verdict:
    """How far an order got off the book, and what took it off.

    A conditional order "expires" when it is triggered. Reason 8 says that, the lack of a reason leaves it open.
    """
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
        initiator: Initiator | None = Initiator.USER
        if client_order_id.startswith(_LIQUIDATION_IDS):
            initiator = Initiator.LIQUIDATION
        elif client_order_id.startswith(_SETTLEMENT_IDS):
            initiator = Initiator.VENUE
    elif status == "EXPIRED" and (
        expiry_reason == "8" or (expiry_reason in (UNSET, "0") and order_type in _CONDITIONAL)
    ):
        return _TRIGGERED
    elif status == "EXPIRED_IN_MATCH":  # says so since 2023-09, and reasons are given since 2025-10
        initiator = Initiator.SELF_TRADE_PREVENTION
    else:
        initiator = None if expiry_reason is UNSET else _REASONS.get(expiry_reason)
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, known, initiator)


def _said(*expiry_reason: str | UnsetType) -> Said:
    """How the words of an order say what became of it; its reason is among them where its stream has one."""
    words = (Update.status, Update.execution, Update.client_order_id, Update.type, *expiry_reason)
    return by_words(taken_off, *words, raw_status=Update.status)


UPDATE: Final = EventMap(
    Update,
    _said(),
    given=("product", "quantity_unit"),
    absent=Absent.ZERO,
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
OPTION_UPDATE: Final = UPDATE.extended(OptionUpdate, repeats={OptionUpdate.orig_type: Update.type})
FUTURES_UPDATE: Final = UPDATE.extended(
    FuturesUpdate,
    _said(FuturesUpdate.expiry_reason),
    repeats={FuturesUpdate.orig_type: Update.type},
    also=(FuturesUpdate.strategy_id,),
    list_id=number(FuturesUpdate.strategy_id, none=(0,)),
    contingency=text(FuturesUpdate.strategy_type),
    position_side=word(FuturesUpdate.position_side, POSITION_SIDES),
    trigger_price=amount(FuturesUpdate.stop_price, zero_is_none=True),
    raw_initiator=first(text(FuturesUpdate.expiry_reason, none=("0",)), text(Update.execution)),
)
PORTFOLIO_UPDATE: Final = UPDATE.extended(
    PortfolioUpdate,
    _said(PortfolioUpdate.expiry_reason),
    without={PortfolioUpdate.price_match: ("PM_NONE",)},
    also=(PortfolioUpdate.strategy_id,),
    list_id=number(PortfolioUpdate.strategy_id, none=(0,)),
    contingency=text(PortfolioUpdate.strategy_type),
    position_side=word(PortfolioUpdate.position_side, POSITION_SIDES),
    trigger_price=amount(PortfolioUpdate.stop_price, zero_is_none=True),
    raw_initiator=first(text(PortfolioUpdate.expiry_reason, none=("0",)), text(Update.execution)),
)


def update(
    raw: OrderUpdate | PortfolioOrderUpdate | OptionOrderUpdate | SocketUpdate | StreamUpdate, call: Call
) -> Normalised:
    """Map an event, whatever its envelope."""
    pushed, at, outer = unwrapped(raw, call)
    if isinstance(pushed, OptionOrderUpdate):
        return call.result(OPTION_STATE.events(pushed.orders, call, f"{at}.o[{{}}]"), extra=outer)
    order = pushed.order
    product = _product_of(pushed, order)
    given = product, product and QUANTITY_UNITS[product]
    events = _map_of(order).events([order], call, f"{at}.o", given=given)
    return call.result(events, extra=outer | around(pushed, order.trade_time))


def _product_of(pushed: Pushed, order: Update) -> Product | None:
    """The market an event is of; options leave out most of what a futures order has."""
    if isinstance(order, OptionUpdate):
        return Product.OPTION
    return product_of(pushed, order.margin_asset if isinstance(order, FuturesUpdate) else UNSET)


def _map_of(order: Update) -> EventMap:
    """The map of an order by the stream that tells of it."""
    if isinstance(order, PortfolioUpdate):
        return PORTFOLIO_UPDATE
    return FUTURES_UPDATE if isinstance(order, FuturesUpdate) else OPTION_UPDATE


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "stream ORDER_TRADE_UPDATE",
        OrderUpdate | PortfolioOrderUpdate | OptionOrderUpdate | SocketUpdate | StreamUpdate,
        update,
    ),
    product=None,
    ids=FUTURES_IDS,
    skips=True,
    docs=(
        "https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/"
        "Event-Order-Update"
    ),
)
