"""Binance streams of conditional orders before the algo service: portfolio margin's, and refusals on triggering."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    always,
    amount,
    by_words,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose, ns_of
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Initiator, Normalised, OrderStatus, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import (
    ALGO_IDS,
    FUTURES_IDS,
    NOT_SAID,
    POSITION_SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSideWord,
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
    portfolio_product,
    unwrapped,
)
from cancelnorm.venues.binance.futures_stream import PushedPriceMatch, PushedSelfTradePrevention
from cancelnorm.venues.binance.messages import SIDES

# --- What Binance sends ---


class StrategyUpdate(Exact):
    """A change of a conditional order of portfolio margin; what says nothing may be left out."""

    symbol: str = field(name="s")
    client_order_id: str = field(name="c")  # the order's own
    order_id: Int = field(name="si")
    side: Literal["BUY", "SELL"] = field(name="S")
    type: Type = field(name="st")
    time_in_force: TimeInForceWord = field(name="f")
    quantity: DecimalText = field(name="q")
    price: DecimalText = field(name="p")
    stop_price: DecimalText = field(name="sp")
    status: Literal["CANCELED", "EXPIRED", "REJECTED"] = field(name="os")
    book_time: Epoch = field(name="T")
    update_time: Epoch = field(name="ut")
    reduce_only: bool = field(name="R")
    working_type: WorkingType | UnsetType = field(name="wt", default=UNSET)  # since 2023-06-19
    position_side: PositionSideWord | UnsetType = field(name="ps", default=UNSET)
    close_position: bool | UnsetType = field(name="cp", default=UNSET)
    price_protect: bool | UnsetType = field(name="pP", default=UNSET)  # since 2023-06-19
    activation_price: DecimalText | UnsetType = field(name="AP", default=UNSET)  # of a trailing stop
    callback_rate: DecimalText | UnsetType = field(name="cr", default=UNSET)  # of a trailing stop
    child_id: Int | UnsetType = field(name="i", default=UNSET)  # of what it placed; 0 before
    self_trade_prevention: PushedSelfTradePrevention | UnsetType = field(
        name="V", default=UNSET
    )  # since 2024-01-11
    price_match: PushedPriceMatch | UnsetType = field(name="pm", default=UNSET)  # since 2024-09-06
    good_till_date: Int | UnsetType = field(name="gtd", default=UNSET)  # epoch; since 2024-01-11; 0: not GTD


class ConditionalOrderUpdate(MarketPushed):
    """``CONDITIONAL_ORDER_TRADE_UPDATE``."""

    e: Literal["CONDITIONAL_ORDER_TRADE_UPDATE"]
    order: StrategyUpdate = field(name="so")


class StreamConditionalUpdate(Combined):
    """An event that came over a combined stream."""

    data: ConditionalOrderUpdate


class SocketConditionalUpdate(Subscribed):
    """An event of a subscription."""

    event: ConditionalOrderUpdate


class RefusedOrder(Exact):
    """A conditional order that the matching engine refused when it was triggered."""

    symbol: str = field(name="s")
    order_id: Int = field(name="i")
    reason: Prose = field(name="r")


class TriggerReject(MarketPushed):
    """``CONDITIONAL_ORDER_TRIGGER_REJECT``; announced to end on 2025-12-15, and still sent in 2026-03."""

    e: Literal["CONDITIONAL_ORDER_TRIGGER_REJECT"]
    order: RefusedOrder = field(name="or")


class StreamTriggerReject(Combined):
    """An event that came over a combined stream."""

    data: TriggerReject


class SocketTriggerReject(Subscribed):
    """An event of a subscription."""

    event: TriggerReject


# --- What it means ---

_STATUSES: Final = MappingProxyType(
    {"CANCELED": OrderStatus.CANCELED, "EXPIRED": OrderStatus.EXPIRED, "REJECTED": OrderStatus.REJECTED}
)


def taken_off(status: str) -> Verdict:
    """What took a conditional order off the book, so far as its status says."""
    known = _STATUSES.get(status)
    if known is None:
        return NOT_SAID
    initiator = Initiator.USER if known is OrderStatus.CANCELED else None
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, known, initiator)


STRATEGY_UPDATE: Final = EventMap(
    StrategyUpdate,
    by_words(taken_off, StrategyUpdate.status, raw_status=StrategyUpdate.status),
    given=("product", "quantity_unit"),
    absent=Absent.ZERO,
    without={StrategyUpdate.price_match: ("PM_NONE",)},
    symbol=text(StrategyUpdate.symbol),
    order_id=number(StrategyUpdate.order_id),
    client_order_id=text(StrategyUpdate.client_order_id),
    side=word(StrategyUpdate.side, SIDES),
    position_side=word(StrategyUpdate.position_side, POSITION_SIDES),
    order_type=word(StrategyUpdate.type, TYPES),
    time_in_force=word(StrategyUpdate.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, StrategyUpdate.time_in_force),
    reduce_only=flag(StrategyUpdate.reduce_only),
    price=amount(StrategyUpdate.price, zero_is_none=True),
    trigger_price=amount(StrategyUpdate.stop_price, zero_is_none=True),
    quantity=amount(StrategyUpdate.quantity, zero_is_none=True),  # zero where the order closes a position
    self_trade_prevention=text(StrategyUpdate.self_trade_prevention),
    created_ns=time(StrategyUpdate.book_time),
    event_ns=time(StrategyUpdate.update_time),
)
# It says that the order "will not be recorded in the order history".
REFUSED_ORDER: Final = EventMap(
    RefusedOrder,
    always(
        Verdict(
            Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.REJECTED, initiator=Initiator.VENUE
        )
    ),
    given=("product", "event_ns"),
    symbol=text(RefusedOrder.symbol),
    order_id=number(RefusedOrder.order_id),
    message=text(RefusedOrder.reason),
)


def update(
    raw: ConditionalOrderUpdate | SocketConditionalUpdate | StreamConditionalUpdate, call: Call
) -> Normalised:
    """Map an event, whatever its envelope."""
    pushed, at, outer = unwrapped(raw, call)
    product = portfolio_product(pushed)
    given = (product, product and QUANTITY_UNITS[product])
    events = STRATEGY_UPDATE.events([pushed.order], call, f"{at}.so", given=given)
    return call.result(events, extra=outer | around(pushed, pushed.order.update_time))


def refused(raw: TriggerReject | SocketTriggerReject | StreamTriggerReject, call: Call) -> Normalised:
    """Map a refusal, whatever its envelope."""
    pushed, at, outer = unwrapped(raw, call)
    given = (portfolio_product(pushed), ns_of(pushed.transaction_time))
    event = REFUSED_ORDER.event(pushed.order, call, f"{at}.or", given=given)
    return call.result([event], extra=outer | around(pushed, pushed.transaction_time))


# --- Endpoints ---

_DOCS: Final = "https://developers.binance.com/docs/derivatives/"

ENDPOINTS: Final = endpoints(
    endpoint(
        "stream CONDITIONAL_ORDER_TRADE_UPDATE",
        ConditionalOrderUpdate | SocketConditionalUpdate | StreamConditionalUpdate,
        update,
        ids=ALGO_IDS,
        page="portfolio-margin/user-data-streams/Event-Conditional-Order-Trade-Update",
    ),
    endpoint(
        "stream CONDITIONAL_ORDER_TRIGGER_REJECT",
        TriggerReject | SocketTriggerReject | StreamTriggerReject,
        refused,
        page="usds-margined-futures/user-data-streams/Event-Conditional-Order-Trigger-Reject",
        since="2023-05-30",
    ),
    product=None,
    ids=FUTURES_IDS,
    skips=True,
    docs=_DOCS,
)
