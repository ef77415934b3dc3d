"""Binance derivatives messages that products and transports share: reports of orders, and the words in them.

There is one client id and it is the order's own: a futures cancel has no id.
"""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import IdSpace
from cancelnorm.eventmap import (
    EventMap,
    Verdict,
    amount,
    by_status,
    by_words,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Evidence, OrderStatus, OrderType, Outcome, PositionSide, TimeInForce
from cancelnorm.venues.binance.messages import OUTCOMES, SIDES

# --- What Binance sends ---

Status = Literal[
    "NEW",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCELED",
    "PENDING_CANCEL",
    "REJECTED",
    "EXPIRED",
    "EXPIRED_IN_MATCH",
]
Type = Literal[
    "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"
]
TimeInForceWord = Literal["GTC", "IOC", "FOK", "GTX", "GTD", "RPI", "GTE_GTC"]  # RPI since 2025-11-18
SelfTradePrevention = Literal["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"]
PriceMatch = Literal[
    "NONE",
    "OPPONENT",
    "OPPONENT_5",
    "OPPONENT_10",
    "OPPONENT_20",
    "QUEUE",
    "QUEUE_5",
    "QUEUE_10",
    "QUEUE_20",
]
PositionSideWord = Literal["BOTH", "LONG", "SHORT"]
WorkingType = Literal["CONTRACT_PRICE", "MARK_PRICE"]


class FuturesOrder(Camel):
    """Fields of every report of a canceled futures order."""

    order_id: Int  # unique within the symbol only; up to 19 digits
    symbol: str
    status: Status
    client_order_id: str  # the order's own id
    price: DecimalText
    avg_price: DecimalText | UnsetType = UNSET  # until 2026-06
    orig_qty: DecimalText  # base units; contracts in COIN-M
    executed_qty: DecimalText  # as orig_qty
    cum_qty: DecimalText | UnsetType = UNSET  # the same as executed_qty; not in the oldest recordings
    time_in_force: TimeInForceWord
    type: Type
    reduce_only: bool | UnsetType = UNSET  # since 2019-10-08
    side: Literal["BUY", "SELL"]
    position_side: PositionSideWord | UnsetType = UNSET  # since 2020-04-06
    price_match: PriceMatch | UnsetType = UNSET  # since 2023-09-05, in COIN-M 2024-10-11
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = (
        UNSET  # since 2023-09-05, in COIN-M 2024-10-11
    )
    update_time: Epoch


class PlacedOrder(FuturesOrder):
    """A report with everything that the order was placed with; portfolio margin reports less."""

    close_position: bool | UnsetType = UNSET  # since 2020-05-18
    stop_price: DecimalText
    working_type: WorkingType | UnsetType = UNSET  # since 2019-11-05
    # When the next two came is not in the change log; recordings of 2019 lack both.
    price_protect: bool | UnsetType = UNSET
    orig_type: Type | UnsetType = UNSET  # other than type once a stop was triggered
    activate_price: DecimalText | UnsetType = UNSET  # only of a trailing stop
    price_rate: DecimalText | UnsetType = UNSET  # only of a trailing stop; percent
    modify_id: Int | UnsetType = UNSET  # announced for amended orders, 2026-07-28; not seen on a cancel


# --- What it means ---

# Of options too: they have the same stream, and no symbol is of both.
FUTURES_IDS: Final = IdSpace("binance:futures", by_symbol=True)
ALGO_IDS: Final = IdSpace("binance:algo", by_symbol=False)

# The official client spelled the ids of conditional orders in lower case until 2026-01-19.
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId", "algoId", "strategyId"),
    client_order_id=("origClientOrderId", "clientAlgoId", "newClientStrategyId", "clientOrderId"),
    order_ids=("orderIdList", "orderIds"),  # the second of options
    client_order_ids=("origClientOrderIdList", "clientOrderIds"),
)

# A trailing stop, and what a liquidation or an ADL places, have no counterpart in the schema.
TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "MARKET": OrderType.MARKET,
        "STOP": OrderType.STOP_LIMIT,
        "STOP_MARKET": OrderType.STOP_MARKET,
        "TAKE_PROFIT": OrderType.TAKE_PROFIT_LIMIT,
        "TAKE_PROFIT_MARKET": OrderType.TAKE_PROFIT_MARKET,
    }
)
# GTX is post only. GTD, RPI and GTE_GTC (until the position is closed) have no counterpart.
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK, "GTX": TimeInForce.GTC}
)
POST_ONLY: Final = MappingProxyType(
    {"GTX": True, "GTC": False, "IOC": False, "FOK": False, "GTD": False, "GTE_GTC": False}
)
POSITION_SIDES: Final = MappingProxyType(
    {"BOTH": PositionSide.BOTH, "LONG": PositionSide.LONG, "SHORT": PositionSide.SHORT}
)
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
UNSURE: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
NOT_SAID: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def is_post_only(time_in_force: str) -> bool | None:
    """Whether a time in force means post only; None for a word that does not tell."""
    return POST_ONLY.get(time_in_force)


ORDER: Final = EventMap(
    FuturesOrder,
    by_status(FuturesOrder.status, OUTCOMES, UNSURE),
    repeats={FuturesOrder.cum_qty: FuturesOrder.executed_qty},
    symbol=text(FuturesOrder.symbol),
    order_id=number(FuturesOrder.order_id),
    client_order_id=text(FuturesOrder.client_order_id),
    side=word(FuturesOrder.side, SIDES),
    position_side=word(FuturesOrder.position_side, POSITION_SIDES),
    order_type=word(FuturesOrder.type, TYPES),
    time_in_force=word(FuturesOrder.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, FuturesOrder.time_in_force),
    reduce_only=flag(FuturesOrder.reduce_only),
    price=amount(FuturesOrder.price, zero_is_none=True),
    average_price=amount(FuturesOrder.avg_price, zero_is_none=True),
    quantity=amount(FuturesOrder.orig_qty, zero_is_none=True),  # zero where the order closes a position
    filled_quantity=amount(FuturesOrder.executed_qty),
    self_trade_prevention=text(FuturesOrder.self_trade_prevention_mode),
    event_ns=time(FuturesOrder.update_time),
)
PLACED: Final = ORDER.extended(
    PlacedOrder,
    repeats={PlacedOrder.orig_type: PlacedOrder.type},
    trigger_price=amount(PlacedOrder.stop_price, zero_is_none=True),
)


def amended_off(status: str) -> Verdict | None:
    """What the status after an amendment says; None where the order lives on, or has filled.

    An amendment is a cancel where it leaves nothing of the order on the book: where the new quantity has filled
    already, and where a post-only order would take.
    """
    match status:
        case "CANCELED":
            return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED)
        case "EXPIRED" | "EXPIRED_IN_MATCH":
            return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.EXPIRED)
        case "NEW" | "PARTIALLY_FILLED" | "FILLED":
            return None
        case "PENDING_CANCEL":
            return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL)
        case "REJECTED":
            return UNSURE._replace(status=OrderStatus.REJECTED)
        case _:
            return UNSURE


AMENDED: Final = by_words(amended_off, FuturesOrder.status, raw_status=FuturesOrder.status)
