"""BingX TWAP orders: a parent that places orders over time, and the answer to its cancel."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec, Target
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import DECIMALS, EPOCHS, NONZERO, DecimalText, Epoch, Int, Table, identifier
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    OrderStatus,
    Outcome,
    Product,
    Reason,
)
from cancelnorm.venues.bingx.answers import answer, refused
from cancelnorm.venues.bingx.contracts import SIDES, facts
from cancelnorm.venues.bingx.orders import completed
from cancelnorm.venues.bingx.spot import ApiError, Reply

__all__ = ["CODECS"]

# --- What BingX sends ---


class TwapOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The parent as it is while its cancel has only been taken."""

    symbol: str
    main_order_id: str | UnsetType = UNSET  # in the documentation's table, not in its example
    side: Literal["BUY", "SELL"]
    position_side: Literal["LONG", "SHORT", "BOTH"]
    price_type: Literal["constant", "percentage"]
    price_variance: DecimalText
    trigger_price: DecimalText
    interval: Int  # seconds
    amount_per_order: DecimalText  # base units
    total_amount: DecimalText  # base units
    order_status: Literal[
        "New",
        "Running",
        "Canceling",
        "Cancelled",
        "Filled",
        "PartiallyFilled",
        "Pending",
        "PartiallyFilledAndResidueCancelled",
        "PartiallyFilledAndResidueFailed",
        "Failed",
    ]
    executed_qty: DecimalText  # base units
    duration: Int  # seconds
    max_duration: Int  # seconds
    created_time: Epoch
    update_time: Epoch


class TwapId(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The parent's id alone, in the venue's instructions of 2026."""

    main_order_id: str


class TwapReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of a TWAP order."""

    data: TwapOrder | TwapId
    timestamp: Epoch | UnsetType = UNSET  # of the answer


# --- What it means ---

_STATUSES: Final[Table[str, OrderStatus]] = Table(
    New=OrderStatus.NEW,
    Running=OrderStatus.NEW,
    Canceling=OrderStatus.PENDING_CANCEL,
    Cancelled=OrderStatus.CANCELED,
    Filled=OrderStatus.FILLED,
    PartiallyFilled=OrderStatus.PARTIALLY_FILLED,
    Pending=OrderStatus.PENDING_NEW,
    PartiallyFilledAndResidueCancelled=OrderStatus.CANCELED,
    PartiallyFilledAndResidueFailed=OrderStatus.REJECTED,
    Failed=OrderStatus.REJECTED,
)
_TERMINAL: Final = {
    OrderStatus.CANCELED: (Outcome.CANCELED, None),
    OrderStatus.FILLED: (Outcome.REJECTED, Reason.ALREADY_FILLED),
    OrderStatus.REJECTED: (Outcome.REJECTED, Reason.ALREADY_CLOSED),
}


def normalise_twap(raw: TwapReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of a TWAP order.

    The documented answer shows the order Running: the request was taken, and no more is said.
    """
    if isinstance(raw, ApiError):
        return refused(raw, record, codec)
    response_ns = EPOCHS[raw.timestamp]
    order, notes = raw.data, list[Note]()
    if isinstance(order, TwapOrder):
        event = _order_event(order, record, codec, response_ns)
        if event.outcome is Outcome.REJECTED:
            message = "an order called canceled ended otherwise"
            notes.append(Note("contradiction", "$.data.orderStatus", message, order.order_status))
    else:
        event = CancelEvent(
            venue=codec.venue,
            product=codec.product,
            endpoint=codec.endpoint,
            kind=EventKind.ORDER,
            order_id=identifier(order.main_order_id),
            identity=Identity.RESPONSE,
            outcome=Outcome.PENDING,
            evidence=Evidence.ACKNOWLEDGED,
            response_ns=response_ns,
            sent_ns=record.sent_ns,
            received_ns=record.received_ns,
            source=record.source,
        )
    return answer(raw, [completed(event, codec.target(record))], notes, ())


def _order_event(raw: TwapOrder, record: Record, codec: Codec, response_ns: int | None) -> CancelEvent:
    checked(raw)
    status = _STATUSES[raw.order_status]
    outcome, reason, evidence = Outcome.PENDING, None, Evidence.ACKNOWLEDGED
    if status in _TERMINAL:
        evidence = Evidence.TERMINAL_STATUS
        outcome, reason = _TERMINAL[status]
    elif status is None:
        outcome = Outcome.UNKNOWN
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        symbol=raw.symbol or None,
        order_id=identifier(raw.main_order_id),
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        status=status,
        raw_status=identifier(raw.order_status),
        side=SIDES[raw.side],
        trigger_price=NONZERO[raw.trigger_price],
        quantity=NONZERO[raw.total_amount],
        filled_quantity=DECIMALS[raw.executed_qty],
        response_ns=response_ns,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=_extra(raw),
    )


_HOMELESS: Final = (
    "position_side",
    "price_type",
    "price_variance",
    "interval",
    "amount_per_order",
    "duration",
    "max_duration",
    "created_time",
    "update_time",
)


def _extra(raw: TwapOrder) -> dict[str, Any]:
    """What has no home in the event. No time here is known to be the cancel's."""
    extra = facts(raw, _HOMELESS)
    if SIDES[raw.side] is None:
        extra["side"] = raw.side
    return extra


# --- Registration ---


def twap_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a cancel name."""
    return Target(symbol=identifier(request.get("symbol")), order_id=identifier(request.get("mainOrderId")))


CODECS: Final = (
    Codec(
        "bingx",
        "POST /openApi/swap/v1/twap/cancelOrder",
        TwapReply | ApiError,
        normalise_twap,
        product=Product.LINEAR,
        target=twap_target,
        docs="https://bingx-api.github.io/docs/#/en-us/swapV2/trade-api.html",
    ),
)
