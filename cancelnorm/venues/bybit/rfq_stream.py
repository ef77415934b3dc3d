"""Bybit private streams of requests for quotes and of quotes; neither is an order."""

from collections.abc import Callable
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_words, time
from cancelnorm.reader.scalars import Epoch, EpochText, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import EventKind, Evidence, Initiator, Normalised, OrderStatus, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import IDS
from cancelnorm.venues.bybit.states import topic_said

# --- What Bybit sends ---


class Leg(Camel):
    """A leg of a request for quotes."""

    category: str
    symbol: str
    side: str
    qty: str


class QuotedLeg(Camel):
    """A leg of a quote."""

    category: str
    symbol: str
    price: str
    qty: str


class ShownRequest(Camel):
    """A request for quotes as it stands."""

    rfq_id: str
    rfq_link_id: str
    counterparties: list[str]
    expires_at: str
    strategy_type: str
    status: str  # Active, Canceled (one l), PendingFill, Filled, Expired, Failed
    accept_other_quote_status: str | UnsetType = UNSET
    desk_code: str
    created_at: EpochText
    updated_at: EpochText
    legs: list[Leg]


class ShownQuote(Camel):
    """A quote as it stands."""

    rfq_id: str
    rfq_link_id: str
    quote_id: str
    quote_link_id: str
    expires_at: str
    status: str  # the same words
    desk_code: str
    exec_quote_side: str
    created_at: EpochText
    updated_at: EpochText
    quote_buy_list: list[QuotedLeg] | None
    quote_sell_list: list[QuotedLeg] | None


class RequestFrame(Camel):
    """Requests for quotes that changed."""

    topic: Literal["rfq.open.rfqs"]
    id: str | UnsetType = UNSET  # by the documentation's table; not in its example
    creation_time: Epoch
    data: list[ShownRequest]


class QuoteFrame(Camel):
    """Quotes that changed."""

    topic: Literal["rfq.open.quotes"]
    id: str | UnsetType = UNSET  # by the documentation's table; not in its example
    creation_time: Epoch
    data: list[ShownQuote]


# --- What it means ---

NOT_CANCELED: Final = frozenset(("Active", "PendingFill", "Filled", "Failed"))
"""Statuses that say nothing about a cancel."""

_UNDOCUMENTED: Final = Verdict(
    Outcome.UNKNOWN, Evidence.LISTED, note=("unknown-value", "the status is not documented")
)


def ended_by(evidence: Evidence) -> Callable[[str], Verdict | None]:
    """The verdict by the status of a request or a quote; ``evidence`` is what its end rests on."""
    found = {
        "Canceled": Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED),
        "Expired": Verdict(Outcome.CANCELED, evidence, None, OrderStatus.EXPIRED, Initiator.EXPIRY),
    }
    return lambda status: None if status in NOT_CANCELED else found.get(status, _UNDOCUMENTED)


_ended: Final = ended_by(Evidence.FINAL_REPORT)

REQUESTS: Final = EventMap(
    ShownRequest,
    by_words(_ended, ShownRequest.status, raw_status=ShownRequest.status),
    kind=EventKind.SCOPE,
    absent=Absent.EMPTY,
    created_ns=time(ShownRequest.created_at),
    event_ns=time(ShownRequest.updated_at),
)
QUOTES: Final = EventMap(
    ShownQuote,
    by_words(_ended, ShownQuote.status, raw_status=ShownQuote.status),
    kind=EventKind.SCOPE,
    absent=Absent.EMPTY,
    created_ns=time(ShownQuote.created_at),
    event_ns=time(ShownQuote.updated_at),
)


def frame(raw: RequestFrame | QuoteFrame, call: Call) -> Normalised:
    """Map a frame: the requests for quotes or the quotes in it that were canceled or expired."""
    call.response_ns = ns_of(raw.creation_time)
    shown = REQUESTS if isinstance(raw, RequestFrame) else QUOTES
    events = shown.events(raw.data, call, "$.data[{}]")
    extra = topic_said(raw.topic, call)
    if raw.id:
        extra["id"] = raw.id
    return call.result(call.or_unknown(events, "$.data"), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream rfq.open.rfqs", RequestFrame, frame, page="inquiry"),
    endpoint("stream rfq.open.quotes", QuoteFrame, frame, page="quote"),
    product=None,
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/rfq/websocket/private/",
    skips=True,
)
