"""Binance futures stream of conditional orders: the algo service's report of every change."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, flag, made, number, text, word
from cancelnorm.reader.scalars import DecimalText, Int, Prose, ns_of
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Initiator, Normalised, OrderStatus, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import (
    ALGO_IDS,
    NOT_SAID,
    POSITION_SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSideWord,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    Type,
    WorkingType,
    is_post_only,
)
from cancelnorm.venues.binance.futures_envelopes import (
    QUANTITY_UNITS,
    Combined,
    MarketPushed,
    Subscribed,
    around,
    product_of,
    unwrapped,
)
from cancelnorm.venues.binance.messages import SIDES

# --- What Binance sends ---


class ConditionalUpdate(Exact):
    """A change of a conditional order.

    Of its statuses only those are here that take it off the algo service's book.
    """

    client_order_id: str = field(name="caid")  # the order's own
    order_id: Int = field(name="aid")
    algo_type: Literal["CONDITIONAL"] = field(name="at")
    type: Type = field(name="o")
    symbol: str = field(name="s")
    side: Literal["BUY", "SELL"] = field(name="S")
    position_side: PositionSideWord = field(name="ps")
    time_in_force: TimeInForceWord = field(name="f")
    quantity: DecimalText = field(name="q")
    status: Literal["CANCELED", "EXPIRED", "REJECTED"] = field(name="X")
    child_id: str | Int | UnsetType = field(name="ai", default=UNSET)  # of what it placed; "" before
    # The next three are documented for orders that have placed another one, and shown for others too.
    average_price: DecimalText | UnsetType = field(name="ap", default=UNSET)
    filled_quantity: DecimalText | UnsetType = field(name="aq", default=UNSET)
    child_type: str | UnsetType = field(name="act", default=UNSET)  # "0": none
    trigger_price: DecimalText = field(name="tp")
    price: DecimalText = field(name="p")
    self_trade_prevention: SelfTradePrevention = field(name="V")
    working_type: WorkingType = field(name="wt")
    price_match: PriceMatch = field(name="pm")
    close_position: bool = field(name="cp")
    price_protect: bool = field(name="pP")
    reduce_only: bool = field(name="R")
    trigger_time: Int = field(name="tt")  # epoch; 0: not triggered
    good_till_date: Int = field(name="gtd")  # epoch; 0: not GTD
    failure: Prose | UnsetType = field(name="rm", default=UNSET)
    is_activated: bool | UnsetType = field(name="ia", default=UNSET)  # of a trailing stop; since 2026-08-21
    callback_rate: DecimalText | UnsetType = field(name="cr", default=UNSET)  # of a trailing stop


class AlgoUpdate(MarketPushed):
    """``ALGO_UPDATE``."""

    e: Literal["ALGO_UPDATE"]
    order: ConditionalUpdate = field(name="o")


class PortfolioAlgoUpdate(MarketPushed):
    """``ALGO_UPDATE`` of portfolio margin, which has another key for the order."""

    e: Literal["ALGO_UPDATE"]
    order: ConditionalUpdate = field(name="ao")


class SocketAlgoUpdate(Subscribed):
    """An event of a subscription."""

    event: AlgoUpdate | PortfolioAlgoUpdate


class StreamAlgoUpdate(Combined):
    """An event that came over a combined stream."""

    data: AlgoUpdate | PortfolioAlgoUpdate


# --- What it means ---

_STATUSES: Final = MappingProxyType(
    {"CANCELED": OrderStatus.CANCELED, "EXPIRED": OrderStatus.EXPIRED, "REJECTED": OrderStatus.REJECTED}
)


def taken_off(status: str, failure: str | UnsetType, time_in_force: str) -> Verdict:
    """What took an order off the book, so far as the event says.

    ``REJECTED`` is the matching engine's refusal of what the order placed when triggered. The documented
    example of a cancel has a reason of failure too: then who canceled is not told.
    """
    known = _STATUSES.get(status)
    if known is None:
        return NOT_SAID
    reason = "" if failure is UNSET else failure.casefold()
    initiator = None
    if status == "CANCELED":
        initiator = None if reason else Initiator.USER
    elif status == "REJECTED":
        is_risk = any(part in reason for part in ("reduce only", "reduceonly", "margin"))
        initiator = Initiator.RISK if is_risk else None
    elif time_in_force == "GTE_GTC":  # the position that it was to close is closed
        initiator = Initiator.RISK
    elif time_in_force == "GTD":
        initiator = Initiator.EXPIRY
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, known, initiator)


CONDITIONAL: Final = EventMap(
    ConditionalUpdate,
    by_words(
        taken_off,
        ConditionalUpdate.status,
        ConditionalUpdate.failure,
        ConditionalUpdate.time_in_force,
        raw_status=ConditionalUpdate.status,
    ),
    given=("product", "quantity_unit", "event_ns"),
    absent=Absent.ZERO,
    symbol=text(ConditionalUpdate.symbol),
    order_id=number(ConditionalUpdate.order_id),
    client_order_id=text(ConditionalUpdate.client_order_id),
    message=text(ConditionalUpdate.failure),
    side=word(ConditionalUpdate.side, SIDES),
    position_side=word(ConditionalUpdate.position_side, POSITION_SIDES),
    order_type=word(ConditionalUpdate.type, TYPES),
    time_in_force=word(ConditionalUpdate.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, ConditionalUpdate.time_in_force),
    reduce_only=flag(ConditionalUpdate.reduce_only),
    price=amount(ConditionalUpdate.price, zero_is_none=True),
    trigger_price=amount(ConditionalUpdate.trigger_price, zero_is_none=True),
    average_price=amount(ConditionalUpdate.average_price, zero_is_none=True),
    # Zero where the order closes a position.
    quantity=amount(ConditionalUpdate.quantity, zero_is_none=True),
    filled_quantity=amount(ConditionalUpdate.filled_quantity),
    self_trade_prevention=text(ConditionalUpdate.self_trade_prevention),
)


def update(
    raw: AlgoUpdate | PortfolioAlgoUpdate | SocketAlgoUpdate | StreamAlgoUpdate, call: Call
) -> Normalised:
    """Map an event, whatever its envelope."""
    pushed, at, outer = unwrapped(raw, call)
    product = product_of(pushed)
    at = f"{at}.o" if isinstance(pushed, AlgoUpdate) else f"{at}.ao"
    given = (product, product and QUANTITY_UNITS[product], ns_of(pushed.transaction_time))
    events = CONDITIONAL.events([pushed.order], call, at, given=given)
    return call.result(events, extra=outer | around(pushed, pushed.transaction_time))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "stream ALGO_UPDATE",
        AlgoUpdate | PortfolioAlgoUpdate | SocketAlgoUpdate | StreamAlgoUpdate,
        update,
        since="2025-12-02",
    ),
    product=None,
    ids=ALGO_IDS,
    skips=True,
    docs=(
        "https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/"
        "Event-Algo-Order-Update"
    ),
)
