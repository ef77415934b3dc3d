"""Coinbase Exchange feed: the channels full and user, which push what becomes of orders in frames without envelope.

The channel full shows others' orders as well, but for who they are. A frame does not tell by which channel it came, so
that endpoints are called by what it is about.
"""

from typing import Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, amount, by_words, constant, made, text, word
from cancelnorm.reader.scalars import DecimalText, Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import (
    EventKind,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    Outcome,
    Product,
    QuantityUnit,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase_exchange.messages import FEED_DOCS, IDS, OPEN, SIDES, ns_of_time

# --- What Coinbase Exchange sends ---


class OrderFrame(Exact):
    """Fields of every frame that is about one order."""

    time: str  # of the matching engine, ISO 8601 with microseconds
    product_id: str
    sequence: Int
    order_id: str
    side: Literal["buy", "sell"]
    price: DecimalText | UnsetType | None = UNSET  # not of market orders, which never rest
    profile_id: str | UnsetType = UNSET  # of own orders alone
    user_id: str | UnsetType = UNSET  # of own orders alone


class Done(OrderFrame):
    """An order that is on the book no more, or never was."""

    type: Literal["done"]
    reason: Literal["canceled", "filled"]
    remaining_size: DecimalText | UnsetType | None = UNSET  # what was not filled; not of market orders
    cancel_reason: str | UnsetType | None = (
        UNSET  # since 2022-05-05, of own orders: 102:Self Trade Prevention
    )


class Change(OrderFrame):
    """An order that became smaller, or that its owner modified."""

    type: Literal["change"]
    reason: Literal["STP", "modify_order"] | UnsetType = UNSET  # since 2022-06
    old_size: DecimalText | UnsetType | None = UNSET
    new_size: DecimalText | UnsetType | None = UNSET
    old_funds: DecimalText | UnsetType | None = UNSET  # of market orders by value
    new_funds: DecimalText | UnsetType | None = UNSET
    old_price: DecimalText | UnsetType | None = UNSET  # of modifications
    new_price: DecimalText | UnsetType | None = UNSET


# --- What it means ---

# https://docs.cdp.coinbase.com/exchange/websocket-feed/channels; 104 and on are listed for FIX alone.
INITIATORS: Final = {
    "101": Initiator.EXPIRY,  # time in force
    "102": Initiator.SELF_TRADE_PREVENTION,
    "103": Initiator.VENUE,  # an administrator
    "104": Initiator.VENUE,  # price bounds
    "105": Initiator.RISK,  # insufficient funds
    "106": Initiator.VENUE,  # insufficient liquidity
    "107": Initiator.VENUE,  # the broker
    "109": Initiator.VENUE,  # protection of high bids
}
_CAUSES_SINCE: Final = "2022-05-05"


def done_verdict(reason: str, cause: str | UnsetType | None) -> Verdict | None:
    """Say what became of an order that is done; None where it was filled."""
    if reason == "filled":
        return None
    if reason != "canceled":
        return OPEN
    by = INITIATORS.get(cause.partition(":")[0].strip()) if cause else None
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, status=OrderStatus.CANCELED, initiator=by)


def change_verdict(reason: str | UnsetType) -> Verdict | None:
    """Say what a change was; None where the owner modified the order. At first there was only one reason."""
    if reason == "modify_order":
        return None
    if reason is UNSET:
        return Verdict(Outcome.REDUCED, Evidence.FINAL_REPORT)
    if reason != "STP":
        return OPEN
    return Verdict(Outcome.REDUCED, Evidence.FINAL_REPORT, initiator=Initiator.SELF_TRADE_PREVENTION)


DONE: Final = EventMap(
    Done,
    by_words(done_verdict, Done.reason, Done.cancel_reason, raw_status=Done.reason),
    unnamed=EventKind.REQUEST,
    without={Done.type: ("done",)},
    symbol=text(Done.product_id),
    order_id=text(Done.order_id),
    side=word(Done.side, SIDES),
    price=amount(Done.price),
    remaining_quantity=amount(Done.remaining_size),
    quantity_unit=constant(QuantityUnit.BASE),
    raw_initiator=text(Done.cancel_reason),
    event_ns=made(ns_of_time, Done.time),
)
CHANGE: Final = EventMap(
    Change,
    by_words(change_verdict, Change.reason),
    unnamed=EventKind.REQUEST,
    without={Change.type: ("change",)},
    symbol=text(Change.product_id),
    order_id=text(Change.order_id),
    side=word(Change.side, SIDES),
    price=amount(Change.price),
    remaining_quantity=amount(Change.new_size),
    quantity_unit=constant(QuantityUnit.BASE),
    raw_initiator=text(Change.reason),
    event_ns=made(ns_of_time, Change.time),
)


def done(raw: Done, call: Call) -> Normalised:
    """Map a frame about an order that is done.

    An own order that is gone without a cause was canceled by its user, since causes are sent.
    """
    events = DONE.events([raw], call, "$")
    is_own = raw.profile_id or raw.user_id
    if is_own and not raw.cancel_reason and raw.reason == "canceled" and raw.time >= _CAUSES_SINCE:
        events = [replace(event, initiator=Initiator.USER) for event in events]
    return call.result(events or [call.failed(OPEN)])


def change(raw: Change, call: Call) -> Normalised:
    """Map a frame about an order that became smaller."""
    return call.result(CHANGE.events([raw], call, "$") or [call.failed(OPEN)])


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream done", Done, done),
    endpoint("stream change", Change, change),
    product=Product.SPOT,
    ids=IDS,
    docs=FEED_DOCS,
    skips=True,
)
