"""Kraken Futures' feeds ``open_orders`` and ``open_orders_verbose``: what becomes of orders, cancels among it.

An order that leaves the book is removed, by a fill, too: the reason tells. Most removals name the order alone.
"""

from typing import Final, Literal

from msgspec import UNSET, Raw, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, flag, made, text, time
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import AnyNumber, Epoch, Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import EventKind, Evidence, Normalised, OrderType, Outcome, Side
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken_futures.causes import REASONS, is_quiet, verdict_for
from cancelnorm.venues.kraken_futures.messages import IDS, product_of, unit_of
from cancelnorm.venues.kraken_futures.orders import has_price
from cancelnorm.venues.kraken_futures.rows import agreeing

# --- What Kraken Futures sends ---

Reason = Literal[
    "cancelled_by_user",
    "cancelled_by_admin",
    "market_inactive",
    "dead_man_switch",
    "contract_expired",
    "not_enough_margin",
    "would_not_reduce_position",
    "liquidation",
    "would_execute_self",
    "ioc_order_failed_because_it_would_not_be_executed",
    "post_order_failed_because_it_would_filled",
    "post_order_failed_because_it_would_be_filled",
    "new_placed_order_by_user",
    "edited_by_user",
    "stop_order_triggered",
    "limit_order_from_stop",
    "full_fill",
    "partial_fill",
    "order_for_edit_not_found",
]


class TrailingStop(Exact):
    """How far a stop price follows the market."""

    max_deviation: AnyNumber
    unit: str


class StreamedOrder(Exact):
    """An order as it was when it changed."""

    instrument: str
    time: Epoch
    last_update_time: Epoch
    qty: AnyNumber  # what is left
    filled: AnyNumber
    limit_price: AnyNumber | UnsetType = UNSET
    stop_price: AnyNumber | UnsetType = UNSET  # 0.0 for none
    type: Literal["limit", "stop", "take_profit"]
    order_id: str
    cli_ord_id: str | UnsetType | None = UNSET  # only if the order has one
    direction: Int  # 0: buy, 1: sell
    reduce_only: bool
    trigger_signal: str | UnsetType | None = field(name="triggerSignal", default=UNSET)
    trailing_stop_options: TrailingStop | UnsetType | None = UNSET


class Removed(Exact):
    """An order that left the book, by its ids alone."""

    order_id: str
    cli_ord_id: str | UnsetType | None = UNSET
    is_cancel: bool
    reason: Reason


class Changed(Exact):
    """An order that changed, or left the book: since 2026 that is shown, too."""

    order: StreamedOrder
    is_cancel: bool
    reason: Reason
    order_id: str | UnsetType = UNSET
    cli_ord_id: str | UnsetType | None = UNSET


class RemovedFrame(Removed):
    """The frame of a removal."""

    feed: Literal["open_orders"]


class ChangedFrame(Changed):
    """The frame of a change."""

    feed: Literal["open_orders"]


class RemovedVerboseFrame(Removed):
    """The frame of a removal on the feed that tells of post-only orders that failed, too."""

    feed: Literal["open_orders_verbose"]


class ChangedVerboseFrame(Changed):
    """The frame of a change on the same feed."""

    feed: Literal["open_orders_verbose"]


# --- What it means ---

_UNKNOWN: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_REMOVED: Final = {reason: verdict_for(cause, Evidence.FINAL_REPORT) for reason, cause in REASONS.items()}
_OPEN: Final = ("contradiction", "the order is said to be open beside it")


def _removed(reason: str, is_cancel: bool) -> Verdict | None:
    """The verdict of a frame; None where it is about no cancel."""
    if is_quiet(reason, is_cancel):
        return None
    if is_cancel:
        return _REMOVED.get(reason, _UNKNOWN)
    return _UNKNOWN._replace(note=_OPEN) if reason in _REMOVED else None


_TYPES: Final = {
    "stop": (OrderType.STOP_MARKET, OrderType.STOP_LIMIT),
    "take_profit": (OrderType.TAKE_PROFIT_MARKET, OrderType.TAKE_PROFIT_LIMIT),
}


def _type(kind: str, limit_price: Raw | UnsetType) -> OrderType | None:
    if pair := _TYPES.get(kind):
        return pair[has_price(limit_price)]
    return OrderType.LIMIT if kind == "limit" else None


_SIDES: Final = {0: Side.BUY, 1: Side.SELL}

REMOVED: Final = EventMap(
    Removed,
    by_words(_removed, Removed.reason, Removed.is_cancel, raw_status=Removed.reason),
    unnamed=EventKind.REQUEST,
    absent=Absent.EMPTY,
    order_id=text(Removed.order_id),
    client_order_id=text(Removed.cli_ord_id),
    raw_initiator=text(Removed.reason),
)
CHANGED: Final = EventMap(
    StreamedOrder,
    by_words(_removed, Changed.reason, Changed.is_cancel, raw_status=Changed.reason),
    unnamed=EventKind.REQUEST,
    absent=Absent.EMPTY,
    product=made(product_of, StreamedOrder.instrument),
    symbol=text(StreamedOrder.instrument),
    order_id=text(StreamedOrder.order_id),
    client_order_id=text(StreamedOrder.cli_ord_id),
    raw_initiator=text(Changed.reason),
    side=made(_SIDES.get, StreamedOrder.direction),
    order_type=made(_type, StreamedOrder.type, StreamedOrder.limit_price),
    price=amount(StreamedOrder.limit_price, zero_is_none=True),
    trigger_price=amount(StreamedOrder.stop_price, zero_is_none=True),
    remaining_quantity=amount(StreamedOrder.qty),
    filled_quantity=amount(StreamedOrder.filled),
    quantity_unit=made(unit_of, StreamedOrder.instrument),
    reduce_only=flag(StreamedOrder.reduce_only),
    created_ns=time(StreamedOrder.time),
)


Frame = RemovedFrame | ChangedFrame | RemovedVerboseFrame | ChangedVerboseFrame


def shown(raw: Frame, call: Call) -> Normalised:
    """Map a frame: the order in it was removed, which may have been a fill, or it changed."""
    if isinstance(raw, Removed):
        events = REMOVED.events([raw], call, "$")
    elif _removed(raw.reason, raw.is_cancel) is None:
        call.note("not-a-cancel", "$", "an order about which no cancel is told", builtins_of(checked(raw)))
        events = []
    else:
        events = [agreeing(CHANGED.event(raw.order, call, "$.order", other=raw), raw, call, "$")]
    feed: str = raw.feed
    said = {"feed": feed} if feed and call.endpoint.name != f"stream {feed}" else {}
    return call.result(call.or_unknown(events, "$"), extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream open_orders", RemovedFrame | ChangedFrame, shown, page="open_orders"),
    endpoint(
        "stream open_orders_verbose",
        RemovedVerboseFrame | ChangedVerboseFrame,
        shown,
        page="open_orders_verbose",
    ),
    product=None,
    ids=IDS,
    docs="https://docs.kraken.com/api/docs/futures-api/websocket/",
    skips=True,
)
