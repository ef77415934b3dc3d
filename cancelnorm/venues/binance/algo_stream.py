"""Binance futures stream of conditional orders: the algo service's report of every change."""

from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.codec import Codec, rounded_note
from cancelnorm.masking import without_secrets
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import DECIMALS, EPOCHS, NONZERO, DecimalText, Int, Table
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Initiator,
    Normalised,
    Note,
    OrderStatus,
    Outcome,
)
from cancelnorm.venues.binance.frames import skip, stream_name
from cancelnorm.venues.binance.futures import (
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSide,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    Type,
    WorkingType,
    rest_of,
)
from cancelnorm.venues.binance.futures_stream import Pushed, product_of, said
from cancelnorm.venues.binance.stream import no_target

__all__ = ["CODECS"]

# --- What Binance sends ---


class ConditionalUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A change of a conditional order.

    Of its statuses only those are here that take it off the algo service's book.
    """

    client_order_id: str = field(name="caid")  # the order's own
    order_id: Int = field(name="aid")
    algo_type: Literal["CONDITIONAL"] = field(name="at")
    type: Type = field(name="o")
    symbol: str = field(name="s")
    side: Literal["BUY", "SELL"] = field(name="S")
    position_side: PositionSide = field(name="ps")
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
    failure: str | UnsetType = field(name="rm", default=UNSET)
    is_activated: bool | UnsetType = field(name="ia", default=UNSET)  # of a trailing stop; since 2026-08-21
    callback_rate: DecimalText | UnsetType = field(name="cr", default=UNSET)  # of a trailing stop


class AlgoUpdate(Pushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``ALGO_UPDATE``."""

    e: Literal["ALGO_UPDATE"]
    order: ConditionalUpdate = field(name="o")


class PortfolioAlgoUpdate(Pushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``ALGO_UPDATE`` of portfolio margin, which has another key for the order."""

    e: Literal["ALGO_UPDATE"]
    order: ConditionalUpdate = field(name="ao")


class SocketAlgoUpdate(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """An event of a subscription; as on the spot WebSocket API, should futures follow it."""

    subscription_id: Int | UnsetType = UNSET
    event: AlgoUpdate | PortfolioAlgoUpdate


class StreamAlgoUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that came over a combined stream."""

    stream: str
    data: AlgoUpdate | PortfolioAlgoUpdate


# --- What it means ---

_STATUSES: Final[Table[str, OrderStatus]] = Table(
    CANCELED=OrderStatus.CANCELED, EXPIRED=OrderStatus.EXPIRED, REJECTED=OrderStatus.REJECTED
)
_WITH_HOME: Final = frozenset(
    {
        "client_order_id",
        "order_id",
        "symbol",
        "quantity",
        "status",
        "filled_quantity",
        "trigger_price",
        "price",
        "self_trade_prevention",
    }
)
_NOTHING: Final = (0, "", "0")


def normalise_algo_update(
    raw: AlgoUpdate | PortfolioAlgoUpdate | SocketAlgoUpdate | StreamAlgoUpdate,
    record: Record,
    codec: Codec,
) -> Normalised:
    """Map an event, whatever its envelope."""
    outer: dict[str, Any] = {}
    pushed, at = raw, "$"
    if isinstance(raw, StreamAlgoUpdate):
        pushed, at, outer = raw.data, "$.data", {"stream": stream_name(raw.stream)}
    elif isinstance(raw, SocketAlgoUpdate):
        pushed, at = raw.event, "$.event"
        if raw.subscription_id is not UNSET:
            outer = {"subscriptionId": raw.subscription_id}
    assert isinstance(pushed, AlgoUpdate | PortfolioAlgoUpdate)
    letter = "o" if isinstance(pushed, AlgoUpdate) else "ao"
    notes: list[Note] = []
    if rounded := rounded_note(pushed.order.order_id, f"{at}.{letter}.aid"):
        notes.append(rounded)
    event = _event(pushed, record, codec)
    outer |= said(pushed, pushed.transaction_time) or {}
    return Normalised((event,), tuple(notes), extra=outer or None)


def _event(raw: AlgoUpdate | PortfolioAlgoUpdate, record: Record, codec: Codec) -> CancelEvent:
    order = checked(raw.order)
    status = _STATUSES[order.status]
    return CancelEvent(
        venue=codec.venue,
        product=product_of(raw, order),
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        symbol=order.symbol or None,
        order_id=str(order.order_id),
        client_order_id=order.client_order_id or None,
        identity=Identity.RESPONSE,
        outcome=Outcome.UNKNOWN if status is None else Outcome.CANCELED,
        evidence=Evidence.NONE if status is None else Evidence.FINAL_REPORT,
        status=status,
        raw_status=order.status,
        side=SIDES[order.side],
        order_type=TYPES[order.type],
        time_in_force=TIMES_IN_FORCE[order.time_in_force],
        price=NONZERO[order.price],
        trigger_price=NONZERO[order.trigger_price],
        quantity=NONZERO[order.quantity],  # zero where the order closes a position
        filled_quantity=DECIMALS[order.filled_quantity],
        self_trade_prevention=order.self_trade_prevention,
        initiator=_initiator(order),
        event_ns=EPOCHS[raw.transaction_time],
        response_ns=EPOCHS[raw.event_time],
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=_extra(order),
    )


def _initiator(order: ConditionalUpdate) -> Initiator | None:
    """What took the order off the book, so far as the event says.

    ``REJECTED`` is the matching engine's refusal of what the order placed when triggered. The documented
    example of a cancel has a reason of failure too: then who canceled is not told.
    """
    status: str = order.status
    reason = "" if order.failure is UNSET else order.failure
    if status == "CANCELED":
        return None if reason else Initiator.USER
    if status == "REJECTED":
        is_risk = any(word in reason.casefold() for word in ("reduce only", "reduceonly", "margin"))
        return Initiator.RISK if is_risk else None
    if status == "EXPIRED" and order.time_in_force == "GTE_GTC":
        return Initiator.RISK  # the position that it was to close is closed
    if status == "EXPIRED" and order.time_in_force == "GTD":
        return Initiator.EXPIRY
    return None


def _extra(order: ConditionalUpdate) -> dict[str, Any] | None:
    """The fields without a home in the event, and words we do not know, less zeros and what is empty."""
    extra: dict[str, Any] = {}
    for name, letter, is_decimal in rest_of(type(order), _WITH_HOME):
        value = getattr(order, name)
        if value is UNSET or (NONZERO[value] is None if is_decimal else value in _NOTHING):
            continue
        extra[letter] = without_secrets(value) if letter == "rm" else value
    if SIDES[order.side] is not None:
        del extra["S"]
    if TYPES[order.type] is not None:
        del extra["o"]
    if TIMES_IN_FORCE[order.time_in_force] is not None:
        del extra["f"]
    return extra or None


# --- Registration ---

CODECS: Final = (
    Codec(
        "binance",
        "stream ALGO_UPDATE",
        AlgoUpdate | PortfolioAlgoUpdate | SocketAlgoUpdate | StreamAlgoUpdate,
        normalise_algo_update,
        product=None,
        target=no_target,
        docs=(
            "https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/"
            "Event-Algo-Order-Update"
        ),
        skip=skip,
    ),
)
