"""Coinbase private stream ``user``: what becomes of orders, cancels among it.

Keys were added over the years, so that few are in all recordings. None tells when an order was canceled: the frame has
the time at which it was sent.
"""

from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, made, text, word
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import DecimalOrEmpty, Int, Prose, decimal_of
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase.messages import (
    IDS,
    NO_PRODUCT,
    NO_TIME,
    NO_TIME_IN_FORCE,
    NO_TRIGGER,
    ORDER_TYPES,
    SIDES,
    TIMES_IN_FORCE,
    end_of,
    product_of,
    unit_of,
)

# --- What Coinbase sends ---


class StreamedOrder(Exact):
    """An order in a frame. All of it are texts, "" where there is none."""

    order_id: str
    status: str
    client_order_id: str | UnsetType = UNSET
    # Another name of the same product where it has several: BTC-USD of an order of BTC-USDC.
    product_id: str | UnsetType = UNSET
    order_side: Literal["BUY", "SELL"] | UnsetType = UNSET
    order_type: str | UnsetType = UNSET  # Limit, Market, Stop Limit, Bracket, TWAP, …
    cumulative_quantity: DecimalOrEmpty | UnsetType = UNSET
    # Zero once the order has ended, whatever was left of it: with what was filled it is not the order's size.
    leaves_quantity: DecimalOrEmpty | UnsetType = UNSET
    avg_price: DecimalOrEmpty | UnsetType = UNSET  # zero without a fill
    total_fees: str | UnsetType = UNSET
    creation_time: str | UnsetType = UNSET
    cancel_reason: Prose | UnsetType = UNSET  # "" in all recordings
    early_reject_reason: Prose | UnsetType = field(name="reject_Reason", default=UNSET)  # in 2023
    # Since 2024.
    reject_reason: Prose | UnsetType = UNSET
    product_type: str | UnsetType = UNSET  # SPOT, FUTURE
    retail_portfolio_id: str | UnsetType = UNSET
    limit_price: DecimalOrEmpty | UnsetType = UNSET
    stop_price: DecimalOrEmpty | UnsetType = UNSET
    post_only: str | UnsetType = UNSET  # "true", "false"
    time_in_force: str | UnsetType = UNSET
    filled_value: DecimalOrEmpty | UnsetType = UNSET
    total_value_after_fees: str | UnsetType = UNSET
    outstanding_hold_amount: str | UnsetType = UNSET
    number_of_fills: str | UnsetType = UNSET
    completion_percentage: str | UnsetType = UNSET
    trigger_status: str | UnsetType = UNSET
    contract_expiry_type: str | UnsetType = UNSET
    risk_managed_by: str | UnsetType = UNSET
    start_time: str | UnsetType = UNSET
    end_time: str | UnsetType = UNSET


class UserEvent(Exact):
    """Orders as they were at the time of a subscription, or as they have become."""

    type: Literal["snapshot", "update"]
    orders: list[StreamedOrder]
    positions: dict[str, list[dict[str, str]]] | UnsetType = UNSET  # of a snapshot, since 2024


class UserFrame(Exact):
    """What every frame of the channel has."""

    channel: Literal["user"]
    client_id: str  # ""
    timestamp: str  # when it was sent, in nanoseconds
    sequence_num: Int  # of all frames of the connection
    events: list[UserEvent]


# --- What it means ---

_CHANNELS: Final = ("user",)
_SNAPSHOT: Final = "snapshot"
_TYPES: Final = (_SNAPSHOT, "update")
_FLAGS: Final = {"true": True, "false": False}
_ENDED: Final = ("CANCELLED", "EXPIRED", "FAILED")


def _updated(status: str) -> Verdict | None:
    return end_of(status, Evidence.FINAL_REPORT)


def _left(quantity: str | UnsetType, status: str) -> Decimal | None:
    """What is left of an order; of one that has ended, zero says nothing."""
    left = decimal_of(quantity) if quantity else None
    return left if left or status not in _ENDED else None


def _no_news(status: str) -> Verdict | None:
    """Nothing: what a snapshot shows has happened before, at any time."""


UPDATED: Final = EventMap(
    StreamedOrder,
    by_words(_updated, StreamedOrder.status, raw_status=StreamedOrder.status),
    given=("event_ns",),
    absent=Absent.ZERO,
    without={
        StreamedOrder.time_in_force: NO_TIME_IN_FORCE,
        StreamedOrder.trigger_status: NO_TRIGGER,
        StreamedOrder.contract_expiry_type: ("UNKNOWN_CONTRACT_EXPIRY_TYPE",),
        StreamedOrder.risk_managed_by: ("UNKNOWN_RISK_MANAGEMENT_TYPE",),
        **dict.fromkeys(
            (StreamedOrder.creation_time, StreamedOrder.start_time, StreamedOrder.end_time), NO_TIME
        ),
    },
    product=made(product_of, StreamedOrder.product_type, StreamedOrder.product_id, none=NO_PRODUCT),
    symbol=text(StreamedOrder.product_id),
    order_id=text(StreamedOrder.order_id),
    client_order_id=text(StreamedOrder.client_order_id),
    message=text(StreamedOrder.cancel_reason),
    side=word(StreamedOrder.order_side, SIDES),
    order_type=word(StreamedOrder.order_type, ORDER_TYPES),
    time_in_force=word(StreamedOrder.time_in_force, TIMES_IN_FORCE),
    post_only=made(_FLAGS.get, StreamedOrder.post_only),
    price=amount(StreamedOrder.limit_price, zero_is_none=True),
    trigger_price=amount(StreamedOrder.stop_price, zero_is_none=True),
    average_price=amount(StreamedOrder.avg_price, zero_is_none=True),
    filled_quantity=amount(StreamedOrder.cumulative_quantity),
    remaining_quantity=made(_left, StreamedOrder.leaves_quantity, StreamedOrder.status),
    quantity_unit=made(unit_of, StreamedOrder.product_type, StreamedOrder.product_id, none=NO_PRODUCT),
    filled_quote=amount(StreamedOrder.filled_value),
    created_ns=made(ns_of_date_time, StreamedOrder.creation_time),
)
SNAPSHOT: Final = UPDATED.extended(StreamedOrder, by_words(_no_news, StreamedOrder.status))


def user(raw: UserFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel, and that have become so."""
    sent_ns = ns_of_date_time(raw.timestamp)
    events = call.gathered()
    for i, each in enumerate(raw.events):
        by_row = SNAPSHOT if each.type == _SNAPSHOT else UPDATED
        at = f"$.events[{i}].orders[{{}}]"
        events += by_row.events(each.orders, call, at, start=len(events), given=(sent_ns,))
    return call.result(call.or_unknown(events, "$.events"), extra=_beside(raw, sent_ns))


def _beside(raw: UserFrame, sent_ns: int | None) -> dict[str, Any]:
    """What a frame says beside its orders."""
    said: dict[str, Any] = {"sequence_num": raw.sequence_num}
    if raw.channel not in _CHANNELS:
        said["channel"] = raw.channel
    if raw.client_id:
        said["client_id"] = raw.client_id
    if sent_ns is None:
        said["timestamp"] = raw.timestamp
    if unknown := [each.type for each in raw.events if each.type not in _TYPES]:
        said["type"] = unknown
    if positions := [each.positions for each in raw.events if each.positions]:
        said["positions"] = positions
    return said


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream user", UserFrame, user),
    product=None,
    ids=IDS,
    docs="https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/websocket-channels#user-channel",
    skips=True,
)
