"""Hyperliquid streams: what becomes of orders and of TWAP orders, whoever canceled them."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    always,
    amount,
    constant,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    Outcome,
    QuantityUnit,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.hyperliquid.messages import DOCS, IDS, TWAP_IDS, product_of
from cancelnorm.venues.hyperliquid.orders import (
    HISTORY,
    PUSHED,
    QUERIED,
    SIDES,
    OrderState,
    OrderUpdate,
    pass_over,
    state_events,
)

# --- What Hyperliquid sends ---


class OrderUpdates(Exact):
    """Changes of orders, several in a frame."""

    channel: Literal["orderUpdates"]
    data: list[OrderUpdate]


class CanceledOrder(Exact):
    """An order that the venue canceled; nothing says why, or when."""

    coin: str
    oid: Int


class VenueCancels(Camel):
    """Orders that the venue canceled; reduce-only orders were missing in a recording."""

    non_user_cancel: list[CanceledOrder]


class UserFrame(Exact):
    """A frame of the subscription ``userEvents``, which has another name here."""

    channel: Literal["user", "userEvents"]  # the second is the name of the subscription
    data: VenueCancels


class OrderHistory(Camel):
    """Orders of a user as they stand."""

    user: str
    order_history: list[OrderState]
    is_snapshot: bool | UnsetType = UNSET  # true of the first frame: what was before


class HistoryFrame(Exact):
    """Changes of orders, with all that they were placed with."""

    channel: Literal["userHistoricalOrders"]
    data: OrderHistory


class TwapState(Camel):
    """A TWAP order."""

    coin: str
    user: str
    side: Literal["A", "B"]
    sz: DecimalText
    executed_sz: DecimalText
    executed_ntl: DecimalText  # quote units
    minutes: Int
    reduce_only: bool
    randomize: bool
    timestamp: Epoch  # when it was placed
    stop_px: str | UnsetType | None = UNSET  # since 2026
    trigger: dict[str, str | bool | Int | None] | UnsetType | None = UNSET  # since 2026


Seconds = Annotated[int, Meta(ge=1_000_000_000, le=9_999_999_999)]
"""Seconds since the epoch, UTC."""


class TwapWord(Exact):
    """Result for a TWAP order."""

    status: Literal["activated", "finished", "terminated", "waitingForTrigger", "stopped", "error"]
    description: Prose | UnsetType = UNSET  # of an error


class TwapRow(Camel):
    """A change of a TWAP order."""

    time: Seconds  # where all other times are ms
    twap_id: Int | UnsetType = UNSET
    state: TwapState
    status: TwapWord


class TwapHistory(Camel):
    """Changes of TWAP orders."""

    user: str
    history: list[TwapRow]
    is_snapshot: bool | UnsetType = UNSET  # true of the first frame


class TwapFrame(Exact):
    """Changes of TWAP orders."""

    channel: Literal["userTwapHistory"]
    data: TwapHistory


class UserTwaps(Camel):
    """Changes of TWAP orders; their form is taken from the other stream, as nobody has recorded them here."""

    twap_history: list[TwapRow]


class UserTwapFrame(Exact):
    """A frame of the subscription ``userEvents`` about TWAP orders."""

    channel: Literal["user", "userEvents"]  # the second is the name of the subscription
    data: UserTwaps


# --- What it means ---

_UNDOCUMENTED: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_NAMES: Final = ("orderUpdates", "user", "userEvents", "userHistoricalOrders", "userTwapHistory")


def order_updates(raw: OrderUpdates, call: Call) -> Normalised:
    """Map changes of orders: those that are about a cancel."""
    events = state_events(raw.data, PUSHED, call, "$.data[{}]")
    return call.result(call.or_unknown(events, "$.data"), extra=_beside(raw))


def _beside(raw: Any) -> dict[str, Any]:
    """What a frame says beside its rows."""
    return {} if raw.channel in _NAMES else {"channel": raw.channel}


_VENUE_CANCEL: Final = EventMap(
    CanceledOrder,
    always(
        Verdict(Outcome.CANCELED, Evidence.LISTED, status=OrderStatus.CANCELED, initiator=Initiator.VENUE)
    ),
    symbol=text(CanceledOrder.coin),
    product=made(product_of, CanceledOrder.coin),
    order_id=number(CanceledOrder.oid),
)


def user_events(raw: UserFrame, call: Call) -> Normalised:
    """Map orders that the venue canceled."""
    at = "$.data.nonUserCancel"
    events = _VENUE_CANCEL.events(raw.data.non_user_cancel, call, f"{at}[{{}}]")
    return call.result(call.or_unknown(events, at), extra=_beside(raw) | _of_channel(raw))


def _of_channel(raw: UserFrame | UserTwapFrame) -> dict[str, str]:
    """The name of the channel, if it is not the usual one."""
    return {} if raw.channel == "user" else {"channel": raw.channel}


def history(raw: HistoryFrame, call: Call) -> Normalised:
    """Map changes of orders, or what was before: the first frame shows that as a query does."""
    at, by_order = "$.data.orderHistory", QUERIED if raw.data.is_snapshot is True else HISTORY
    events = state_events(raw.data.order_history, by_order, call, f"{at}[{{}}]")
    return call.result(call.or_unknown(events, at), extra=_beside(raw) | _of_user(raw.data))


def _of_user(data: OrderHistory | TwapHistory) -> dict[str, Any]:
    said: dict[str, Any] = {"user": data.user} if data.user else {}
    return said if data.is_snapshot is UNSET else {**said, "isSnapshot": data.is_snapshot}


def _seconds(seconds: int) -> int:
    return seconds * 1_000_000_000


def _twap_id(number: int | UnsetType) -> str | None:
    return None if number is UNSET else str(number)


QUIET_TWAPS: Final = ("activated", "finished", "waitingForTrigger", "error")
_TERMINATED: Final = EventMap(
    TwapState,
    # By the user or by the venue: that is not said.
    always(Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, status=OrderStatus.CANCELED)),
    unnamed=EventKind.REQUEST,
    given=("raw_status", "message"),
    absent=Absent.EMPTY,
    symbol=text(TwapState.coin),
    product=made(product_of, TwapState.coin),
    order_id=made(_twap_id, TwapRow.twap_id),
    side=word(TwapState.side, SIDES),
    quantity=amount(TwapState.sz),
    filled_quantity=amount(TwapState.executed_sz),
    filled_quote=amount(TwapState.executed_ntl),
    quantity_unit=constant(QuantityUnit.BASE),
    reduce_only=flag(TwapState.reduce_only),
    created_ns=time(TwapState.timestamp),
    event_ns=made(_seconds, TwapRow.time),
)
# What stopped one, and whether anything was left, is not documented.
_STOPPED: Final = _TERMINATED.extended(TwapState, always(_UNDOCUMENTED))
_BEFORE: Final = _TERMINATED.extended(
    TwapState, always(Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.CANCELED))
)


def twap_history(raw: TwapFrame, call: Call) -> Normalised:
    """Map changes of TWAP orders: those that were canceled."""
    terminated = _BEFORE if raw.data.is_snapshot is True else _TERMINATED
    events = _twap_events(raw.data.history, terminated, call, "$.data.history")
    return call.result(events, extra=_beside(raw) | _of_user(raw.data))


def user_twaps(raw: UserTwapFrame, call: Call) -> Normalised:
    """Do the same in the channel of all events of a user."""
    events = _twap_events(raw.data.twap_history, _TERMINATED, call, "$.data.twapHistory")
    return call.result(events, extra=_beside(raw) | _of_channel(raw))


def _twap_events(rows: Sequence[TwapRow], terminated: EventMap, call: Call, at: str) -> Sequence[CancelEvent]:
    events: list[CancelEvent] = []
    for i, row in enumerate(rows):
        path, status = f"{at}[{i}]", str(row.status.status)
        if status in QUIET_TWAPS:
            pass_over(row, call, path)
            continue
        by_state = terminated if status == "terminated" else _STOPPED
        given = (status or None, prose(row.status.description or "") or None)
        events.append(by_state.event(row.state, call, path, index=i, given=given, other=row))
    return call.or_unknown(events, at)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream orderUpdates", OrderUpdates, order_updates),
    endpoint("stream user", UserFrame, user_events),
    endpoint("stream user twapHistory", UserTwapFrame, user_twaps, ids=TWAP_IDS),
    endpoint("stream userHistoricalOrders", HistoryFrame, history),
    endpoint("stream userTwapHistory", TwapFrame, twap_history, ids=TWAP_IDS),
    product=None,
    ids=IDS,
    docs=f"{DOCS}websocket/subscriptions",
    skips=True,
)
