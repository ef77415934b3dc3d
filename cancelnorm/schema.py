"""Canonical schema of cancellation events."""

from decimal import Context, Decimal
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

__all__ = [
    "SCHEMA_VERSION",
    "CancelEvent",
    "EventKind",
    "Evidence",
    "Initiator",
    "Normalised",
    "Note",
    "OrderStatus",
    "OrderType",
    "Outcome",
    "PositionSide",
    "Product",
    "QuantityUnit",
    "Reason",
    "Scope",
    "Side",
    "TimeBasis",
    "TimeInForce",
]

SCHEMA_VERSION: Final = 1
"""Version of the canonical schema; any change but a new field at the end increments it."""


class Product(StrEnum):
    """Market of the order."""

    SPOT = "spot"
    MARGIN = "margin"
    LINEAR = "linear"
    INVERSE = "inverse"
    OPTION = "option"
    SPREAD = "spread"


class EventKind(StrEnum):
    """Subject of the verdict."""

    ORDER = "order"  # one order, identified by the payload or the request
    SCOPE = "scope"  # many orders, none of them identified
    TIMER = "timer"  # a dead-man switch
    REQUEST = "request"  # the request failed or its fate is unknown, and no order is identified


class Scope(StrEnum):
    """Orders covered by a verdict that identifies none."""

    SYMBOL = "symbol"
    UNDERLYING = "underlying"
    PRODUCT = "product"
    ACCOUNT = "account"
    LIST = "list"
    STRATEGY = "strategy"


class Outcome(StrEnum):
    """Result of the cancel."""

    CANCELED = "canceled"  # the order is off the book
    REDUCED = "reduced"  # part of the order is off the book
    PENDING = "pending"  # the venue accepted the request, no result yet
    REJECTED = "rejected"  # this request canceled nothing
    UNKNOWN = "unknown"  # the order may or may not be gone: query the venue


class Evidence(StrEnum):
    """Basis of the outcome; ordered, so ``event.evidence >= Evidence.LISTED`` works."""

    NONE = "none"  # no statement about this order
    ACKNOWLEDGED = "acknowledged"  # the request was accepted
    COUNTED = "counted"  # the venue reported a number of orders
    LISTED = "listed"  # the order is in a list of affected orders
    SUCCESS_FLAG = "success_flag"  # a flag or a code for success or failure
    TERMINAL_STATUS = "terminal_status"  # the order is reported with its last status
    FINAL_REPORT = "final_report"  # the matching engine's own report of the cancel

    @property
    def rank(self) -> int:
        """Position in the order, 0 for ``NONE``."""
        return _RANK[self]

    def __lt__(self, other: str) -> bool:
        return self.rank < Evidence(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Evidence(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Evidence(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Evidence(other).rank


_RANK = {grade: rank for rank, grade in enumerate(Evidence)}


class Reason(StrEnum):
    """Reason that an order was not canceled; as coarse as the venue's codes."""

    NOT_FOUND = "not_found"
    ALREADY_CANCELED = "already_canceled"
    ALREADY_FILLED = "already_filled"
    ALREADY_CLOSED = "already_closed"  # canceled, filled or expired; the venue does not say which
    NOT_FOUND_OR_CLOSED = "not_found_or_closed"  # never existed or is closed; the venue does not say which
    CANCEL_IN_PROGRESS = "cancel_in_progress"
    NOT_CANCELABLE = "not_cancelable"
    RESTRICTED = "restricted"  # a restriction in the request, or a firewall, prevented the cancel
    INVALID_REQUEST = "invalid_request"
    DUPLICATE_REQUEST = "duplicate_request"
    RATE_LIMITED = "rate_limited"
    CLOCK_SKEW = "clock_skew"
    AUTH = "auth"
    PERMISSION = "permission"
    MARKET_STATE = "market_state"
    VENUE_UNAVAILABLE = "venue_unavailable"
    TIMEOUT = "timeout"
    NO_ANSWER = "no_answer"  # the log has no answer that is known to be its
    UNREADABLE = "unreadable"  # the answer could not be read
    OTHER = "other"

    @property
    def is_retryable(self) -> bool:
        """Whether the same request may succeed later, unchanged."""
        return self in _RETRYABLE

    @property
    def is_order_gone(self) -> bool:
        """Whether the venue says that there is no such open order: already closed, or never known."""
        return self in _GONE


_RETRYABLE = frozenset(
    {
        Reason.CANCEL_IN_PROGRESS,
        Reason.RATE_LIMITED,
        Reason.CLOCK_SKEW,
        Reason.VENUE_UNAVAILABLE,
        Reason.TIMEOUT,
        Reason.NO_ANSWER,
    }
)
_GONE = frozenset(
    {
        Reason.NOT_FOUND,
        Reason.ALREADY_CANCELED,
        Reason.ALREADY_FILLED,
        Reason.ALREADY_CLOSED,
        Reason.NOT_FOUND_OR_CLOSED,
    }
)


class Initiator(StrEnum):
    """Who or what removed the order from the book."""

    USER = "user"  # the order's owner
    VENUE = "venue"  # maintenance, delisting, settlement, an administrator
    SELF_TRADE_PREVENTION = "self_trade_prevention"
    LIST_SIBLING = "list_sibling"  # another leg of its list filled, triggered or expired
    EXPIRY = "expiry"  # the order's own terms: time in force, price limits, no liquidity
    LIQUIDATION = "liquidation"  # liquidation of the position, or auto-deleveraging
    RISK = "risk"  # margin, reduce-only, market-maker protection, closed position
    AMEND = "amend"  # it was replaced
    TIMER = "timer"  # a dead-man switch or a disconnect


class OrderStatus(StrEnum):
    """Order status reported by the venue, normalised."""

    NEW = "new"
    PENDING_NEW = "pending_new"
    UNTRIGGERED = "untriggered"
    TRIGGERED = "triggered"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    PENDING_CANCEL = "pending_cancel"
    CANCELED = "canceled"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Side(StrEnum):
    """Side of the order."""

    BUY = "buy"
    SELL = "sell"


class PositionSide(StrEnum):
    """Position that the order opens or closes, in hedge mode; ``BOTH`` in one-way mode."""

    LONG = "long"
    SHORT = "short"
    BOTH = "both"


class QuantityUnit(StrEnum):
    """Unit of an order's quantities."""

    BASE = "base"
    CONTRACTS = "contracts"
    QUOTE = "quote"


class TimeBasis(StrEnum):
    """Clock of ``time_ns``."""

    EVENT = "event"
    RESPONSE = "response"
    RECEIVED = "received"
    SENT = "sent"


class OrderType(StrEnum):
    """Order type; a stop or take-profit order is named by the order that it triggers."""

    MARKET = "market"
    LIMIT = "limit"
    LIMIT_MAKER = "limit_maker"
    STOP_MARKET = "stop_market"
    STOP_LIMIT = "stop_limit"
    TAKE_PROFIT_MARKET = "take_profit_market"
    TAKE_PROFIT_LIMIT = "take_profit_limit"
    STOP_OR_TAKE_PROFIT_MARKET = "stop_or_take_profit_market"  # the venue does not say which
    STOP_OR_TAKE_PROFIT_LIMIT = "stop_or_take_profit_limit"
    TRIGGER_MARKET = "trigger_market"
    TRIGGER_LIMIT = "trigger_limit"


class TimeInForce(StrEnum):
    """How long the order stays on the book."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"


class Note(msgspec.Struct, frozen=True):
    """An unexpected value in a payload that was understood nevertheless.

    ``code`` is stable and meant for programs. ``path`` is a JSON path into the payload, ``value`` the value
    there as sent, ``message`` a description in one line.
    """

    code: str
    path: str
    message: str
    value: Any = None


def _doc(text: str, unit: str | None = None) -> Meta:
    """Description of a field and the unit of its value, for the JSON Schema and the README."""
    return Meta(description=text, extra_json_schema=None if unit is None else {"unit": unit})


_QUANTITY: Final = "see quantity_unit"
_QUOTE: Final = "quote"
_PRICE: Final = "quote per base"
_TIME: Final = "ns since the epoch, UTC"


class CancelEvent(msgspec.Struct, frozen=True, gc=False):
    """A venue's verdict on a cancellation. None always means that the venue does not say.

    Quantities keep their scale as sent. Times are nanoseconds since the epoch, UTC. Rarely set fields come last.
    """

    venue: Annotated[str, _doc("Venue that answered")]
    product: Annotated[Product | None, _doc("Market of the order")]
    endpoint: Annotated[str, _doc("Endpoint that answered, as the venue's documentation names it")]
    kind: Annotated[EventKind, _doc("Subject of the verdict")]
    index: Annotated[int, _doc("Position in the payload, from 0; each leg counts")] = 0
    path: Annotated[str | None, _doc("JSON path of the order's object in the payload")] = None
    symbol: Annotated[str | None, _doc("Instrument, as the venue spells it")] = None
    order_id: Annotated[str | None, _doc("Venue's id of the order")] = None
    client_order_id: Annotated[str | None, _doc("Client's id of the order")] = None
    cancel_client_order_id: Annotated[str | None, _doc("Client's id of the cancel request")] = None
    outcome: Annotated[Outcome, _doc("Result of the cancel")] = Outcome.UNKNOWN
    evidence: Annotated[Evidence, _doc("Basis of the outcome")] = Evidence.NONE
    status: Annotated[OrderStatus | None, _doc("Status of the order, normalised")] = None
    raw_status: Annotated[str | None, _doc("Status of the order, as sent")] = None
    side: Annotated[Side | None, _doc("Side of the order")] = None
    order_type: Annotated[OrderType | None, _doc("Type of the order")] = None
    time_in_force: Annotated[TimeInForce | None, _doc("How long the order stays on the book")] = None
    post_only: Annotated[bool | None, _doc("Whether the order could only add liquidity")] = None
    price: Annotated[Decimal | None, _doc("Limit price", _PRICE)] = None
    quantity: Annotated[Decimal | None, _doc("Quantity of the order", _QUANTITY)] = None
    filled_quantity: Annotated[Decimal | None, _doc("Quantity filled", _QUANTITY)] = None
    quantity_unit: Annotated[QuantityUnit | None, _doc("Unit of the quantities")] = None
    quote_quantity: Annotated[Decimal | None, _doc("Size of an order placed by value", _QUOTE)] = None
    filled_quote: Annotated[Decimal | None, _doc("Value filled", _QUOTE)] = None
    self_trade_prevention: Annotated[str | None, _doc("Self-trade prevention mode, as sent")] = None
    event_ns: Annotated[int | None, _doc("Time at the matching engine; venue's clock", _TIME)] = None
    sent_ns: Annotated[int | None, _doc("Time the request was sent; recorder's clock", _TIME)] = None
    received_ns: Annotated[int | None, _doc("Time the answer was received; recorder's clock", _TIME)] = None
    source: Annotated[str | None, _doc("`file:line` of the record")] = None
    response_ns: Annotated[int | None, _doc("Time the gateway answered; venue's clock", _TIME)] = None
    request_id: Annotated[str | None, _doc("Id of the request, repeated in the answer")] = None
    account: Annotated[str | None, _doc("Account of the record, as named by the recorder")] = None
    reason: Annotated[Reason | None, _doc("Reason that the order was not canceled")] = None
    code: Annotated[str | None, _doc("Venue's own code, as sent")] = None
    message: Annotated[str | None, _doc("Venue's own text, as sent, secrets masked")] = None
    initiator: Annotated[Initiator | None, _doc("Who or what removed the order from the book")] = None
    raw_initiator: Annotated[str | None, _doc("Venue's own word for the initiator")] = None
    scope: Annotated[Scope | None, _doc("Orders covered by a verdict that identifies none")] = None
    from_request: Annotated[tuple[str, ...] | None, _doc("Fields taken from the request; null: none")] = None
    list_id: Annotated[str | None, _doc("Venue's id of the order list or parent order")] = None
    list_client_id: Annotated[str | None, _doc("Client's id of the order list")] = None
    contingency: Annotated[str | None, _doc("Kind of the order list, as sent")] = None
    replaced_by: Annotated[str | None, _doc("Id of the order that replaced this one")] = None
    position_side: Annotated[PositionSide | None, _doc("Position the order opens or closes")] = None
    reduce_only: Annotated[bool | None, _doc("Whether the order could only reduce a position")] = None
    trigger_price: Annotated[Decimal | None, _doc("Trigger price", _PRICE)] = None
    average_price: Annotated[Decimal | None, _doc("Average fill price, as sent", _PRICE)] = None
    remaining_quantity: Annotated[Decimal | None, _doc("Quantity left unfilled, as sent", _QUANTITY)] = None
    display_quantity: Annotated[Decimal | None, _doc("Visible part of an iceberg order", _QUANTITY)] = None
    affected_orders: Annotated[int | None, _doc("Number of affected orders, as sent")] = None
    created_ns: Annotated[int | None, _doc("Time the order was created; venue's clock", _TIME)] = None
    retry_after_ns: Annotated[int | None, _doc("Earliest time for a retry, set by the venue", _TIME)] = None
    extra: Annotated[dict[str, Any] | None, _doc("Remaining fields, under the venue's own names")] = None

    def __hash__(self) -> int:
        """Hash the identifying fields; ``extra`` is a dict and cannot be hashed."""
        return hash(
            (self.venue, self.endpoint, self.source, self.index, self.path, self.order_id, self.event_ns)
        )

    @property
    def unfilled_quantity(self) -> Decimal | None:
        """Quantity minus filled quantity, exact, or what the venue says is left; None if neither is known."""
        if self.quantity is None or self.filled_quantity is None:
            return self.remaining_quantity
        return _EXACT.subtract(self.quantity, self.filled_quantity)

    @property
    def known_filled_quantity(self) -> Decimal | None:
        """Quantity filled: as sent, or all but what is left, exact; none left of a canceled order tells nothing."""
        quantity, left = self.quantity, self.remaining_quantity
        if self.filled_quantity is not None or quantity is None or left is None:
            return self.filled_quantity
        is_told = 0 <= left <= quantity and (left > 0 or self.outcome is not Outcome.CANCELED)
        return _EXACT.subtract(quantity, left) if is_told else None

    @property
    def average_fill_price(self) -> Decimal | None:
        """Filled quote divided by filled quantity, 28 digits; None if nothing filled or either is unknown."""
        if self.filled_quote is None or not (filled := self.known_filled_quantity):
            return None
        return _ROUNDED.divide(self.filled_quote, filled)

    @property
    def is_conclusive(self) -> bool:
        """Whether the verdict is definite: False while it is pending or unknown."""
        return self.outcome not in (Outcome.PENDING, Outcome.UNKNOWN)

    @property
    def is_order_gone(self) -> bool:
        """Whether the venue says that the order is off the book, through this cancel or earlier."""
        if self.kind is not EventKind.ORDER:
            return False
        if self.outcome is Outcome.CANCELED:
            return True
        return self.outcome is Outcome.REJECTED and self.reason is not None and self.reason.is_order_gone

    @property
    def time_ns(self) -> int | None:
        """Best available time of the event: the engine's, else the gateway's, else received, else sent."""
        basis = self.time_basis
        return None if basis is None else getattr(self, f"{basis}_ns")

    @property
    def time_basis(self) -> TimeBasis | None:
        """Clock of ``time_ns``; None if the event has no time."""
        return next((basis for basis in TimeBasis if getattr(self, f"{basis}_ns") is not None), None)


class Normalised(msgspec.Struct, frozen=True):
    """Result of normalising a record; ``events`` are in the order of the payload and never empty."""

    events: tuple[CancelEvent, ...]
    notes: tuple[Note, ...] = ()
    request_id: str | None = None
    rate_limits: tuple[dict[str, Any], ...] | None = None  # as sent
    extra: dict[str, Any] | None = None  # remaining envelope fields, under the venue's own names


# Enough digits for any two decimals in an answer, so that results are never rounded silently.
_EXACT = Context(prec=500)
_ROUNDED = Context(prec=28)
