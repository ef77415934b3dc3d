"""The canonical schema: what a cancellation event says, whatever the venue."""

from decimal import Context, Decimal
from enum import StrEnum
from typing import Any

import msgspec

__all__ = [
    "CancelEvent",
    "EventKind",
    "Evidence",
    "Identity",
    "Initiator",
    "Normalised",
    "Note",
    "OrderStatus",
    "OrderType",
    "Outcome",
    "Product",
    "Reason",
    "Side",
    "TimeInForce",
]


class Product(StrEnum):
    """The market the order was in."""

    SPOT = "spot"
    MARGIN = "margin"
    LINEAR = "linear"
    INVERSE = "inverse"
    OPTION = "option"
    SPREAD = "spread"


class EventKind(StrEnum):
    """What the event is a verdict about."""

    ORDER = "order"  # one order, named by the payload or by the request
    SCOPE = "scope"  # a bulk verdict that names no order
    TIMER = "timer"  # a dead-man switch
    REQUEST = "request"  # the request failed, or its fate is unknown, and no order is named


class Identity(StrEnum):
    """Who named the order."""

    RESPONSE = "response"  # the payload alone
    REQUEST = "request"  # an id, the symbol or both were taken from ``Record.request``


class Outcome(StrEnum):
    """How far the cancel got."""

    CANCELED = "canceled"  # the order is off the book
    REDUCED = "reduced"  # part of the order is off the book
    PENDING = "pending"  # the venue took the request and has not said more
    REJECTED = "rejected"  # this request canceled nothing
    UNKNOWN = "unknown"  # the order may or may not be gone: ask the venue again


class Evidence(StrEnum):
    """What the outcome rests on; ordered, so ``event.evidence >= Evidence.LISTED`` works."""

    NONE = "none"  # nothing the venue said about this order
    ACKNOWLEDGED = "acknowledged"  # the request was accepted
    COUNTED = "counted"  # the venue gave a number of orders
    LISTED = "listed"  # the order is named in a list of affected orders
    SUCCESS_FLAG = "success_flag"  # a flag or a code says success or failure
    TERMINAL_STATUS = "terminal_status"  # the order is shown with its last status
    FINAL_REPORT = "final_report"  # the matching engine's own report of the cancel

    @property
    def rank(self) -> int:
        """Place in the order, 0 for ``NONE``."""
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
    """Why an order was not canceled; merged where venues merge."""

    NOT_FOUND = "not_found"
    ALREADY_CANCELED = "already_canceled"
    ALREADY_FILLED = "already_filled"
    ALREADY_CLOSED = "already_closed"  # canceled, filled or expired; which of them is not said
    NOT_FOUND_OR_CLOSED = "not_found_or_closed"  # never existed, or is closed; which is not said
    CANCEL_IN_PROGRESS = "cancel_in_progress"
    NOT_CANCELABLE = "not_cancelable"
    RESTRICTED = "restricted"  # the request's own restriction forbade the cancel
    INVALID_REQUEST = "invalid_request"
    DUPLICATE_REQUEST = "duplicate_request"
    RATE_LIMITED = "rate_limited"
    CLOCK_SKEW = "clock_skew"
    AUTH = "auth"
    PERMISSION = "permission"
    MARKET_STATE = "market_state"
    VENUE_UNAVAILABLE = "venue_unavailable"
    TIMEOUT = "timeout"
    UNREADABLE = "unreadable"  # something was answered that could not be read
    OTHER = "other"


class Initiator(StrEnum):
    """Who or what made the order leave the book."""

    USER = "user"  # a request of the order's owner
    VENUE = "venue"  # maintenance, delisting, settlement, an administrator
    SELF_TRADE_PREVENTION = "self_trade_prevention"
    LIST_SIBLING = "list_sibling"  # another leg of its list filled, triggered or expired
    EXPIRY = "expiry"  # its own terms: time in force, price limits, no liquidity
    LIQUIDATION = "liquidation"  # of the account's position, or auto-deleveraging
    RISK = "risk"  # margin, reduce-only, market-maker protection, closed position
    AMEND = "amend"  # it was replaced
    TIMER = "timer"  # a dead-man switch or a disconnect


class OrderStatus(StrEnum):
    """Order status as the venue reported it, in one spelling."""

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


class OrderType(StrEnum):
    """Order type; a stop or take-profit order is named by what it becomes when triggered."""

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
    """How long the order was to stay on the book."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"


class Note(msgspec.Struct, frozen=True):
    """Something odd in a payload that did not stop it from being understood.

    ``code`` is stable and meant for programs, ``path`` is a JSON path into the payload, ``value`` is
    what stood there as it was sent, ``message`` says in one line what is odd about it.
    """

    code: str
    path: str
    message: str
    value: Any = None


class CancelEvent(msgspec.Struct, frozen=True, gc=False):
    """What a venue said about one cancellation. None always means: the venue does not say.

    Quantities keep the scale they were sent with. Times are nanoseconds since the epoch, UTC.
    """

    venue: str
    product: Product | None
    endpoint: str
    kind: EventKind
    index: int = 0  # position of the order in the payload, legs counted in order
    symbol: str | None = None  # as the venue spells it
    order_id: str | None = None  # the order's own id at the venue
    client_order_id: str | None = None  # the order's own client id
    cancel_id: str | None = None  # the client id of the cancel request
    list_id: str | None = None  # the order list the order is a leg of
    list_client_id: str | None = None
    contingency: str | None = None  # kind of the order list, as sent
    identity: Identity | None = None
    outcome: Outcome = Outcome.UNKNOWN
    evidence: Evidence = Evidence.NONE
    reason: Reason | None = None  # why not canceled
    code: str | None = None  # the venue's own code, verbatim
    message: str | None = None  # the venue's own text, verbatim
    status: OrderStatus | None = None
    raw_status: str | None = None  # verbatim
    side: Side | None = None
    order_type: OrderType | None = None
    time_in_force: TimeInForce | None = None
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    quantity: Decimal | None = None  # base units or contracts
    filled_quantity: Decimal | None = None  # base units or contracts
    display_quantity: Decimal | None = None  # base units; the visible part of an iceberg order
    quote_quantity: Decimal | None = None  # quote units
    filled_quote: Decimal | None = None  # quote units
    self_trade_prevention: str | None = None  # as sent
    initiator: Initiator | None = None
    event_ns: int | None = None  # when the venue's engine did it
    response_ns: int | None = None  # when the venue's gateway answered
    sent_ns: int | None = None  # the recorder's clock
    received_ns: int | None = None  # the recorder's clock
    request_id: str | None = None
    source: str | None = None  # ``file:line`` the record came from
    extra: dict[str, Any] | None = None  # fields without a home above, under the venue's own names

    @property
    def unfilled_quantity(self) -> Decimal | None:
        """Quantity less filled quantity, exact; None where either is not said."""
        if self.quantity is None or self.filled_quantity is None:
            return None
        return _EXACT.subtract(self.quantity, self.filled_quantity)

    @property
    def average_price(self) -> Decimal | None:
        """Filled quote over filled quantity, 28 digits; None where nothing filled or either is not said."""
        if self.filled_quote is None or not self.filled_quantity:
            return None
        return _ROUNDED.divide(self.filled_quote, self.filled_quantity)

    @property
    def is_final(self) -> bool:
        """Whether the verdict stands: False while it is pending or unknown."""
        return self.outcome not in (Outcome.PENDING, Outcome.UNKNOWN)

    @property
    def key(self) -> tuple[str, Product | None, str | None, str | None]:
        """What identifies an order everywhere: venue, product, symbol, order id."""
        return self.venue, self.product, self.symbol, self.order_id


class Normalised(msgspec.Struct, frozen=True):
    """All that one record says, ``events`` in the order of the payload and never empty."""

    events: tuple[CancelEvent, ...]
    notes: tuple[Note, ...] = ()
    request_id: str | None = None
    rate_limits: tuple[dict[str, Any], ...] | None = None  # as sent
    extra: dict[str, Any] | None = None  # envelope fields without a home, under the venue's own names


# Enough for any two decimals a venue sends side by side; a result is never rounded silently.
_EXACT = Context(prec=500)
_ROUNDED = Context(prec=28)
