"""OKX block trading: cancels of requests for quotes and of quotes, and both as streams show them.

Neither is an order: nothing leaves a book. The events are about a scope, one for each request or quote, with its ids
in ``extra`` under the venue's names.
"""

from functools import partial
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_code, by_words, text, time
from cancelnorm.reader.scalars import EpochText, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import EventKind, Evidence, Initiator, Normalised, OrderStatus, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.causes import QUIET, UNDOCUMENTED
from cancelnorm.venues.okx.codes import CODES
from cancelnorm.venues.okx.messages import DOCS, ERRORS, Envelope, refused, said_of_rows
from cancelnorm.venues.okx.stream import Arg, frame_of

# --- What OKX sends ---


class RequestRow(Camel):
    """Result of the cancel of a request for quotes."""

    rfq_id: str
    cl_rfq_id: str  # "" to those who were asked
    s_code: str
    s_msg: Prose


class QuoteRow(Camel):
    """Result of the cancel of a quote."""

    quote_id: str
    cl_quote_id: str
    s_code: str
    s_msg: Prose


class RequestsAnswer(Envelope):
    """The answer to a cancel of one request for quotes, or of several."""

    data: list[RequestRow]


class QuotesAnswer(Envelope):
    """The answer to a cancel of one quote, or of several."""

    data: list[QuoteRow]


class Leg(Camel):
    """A leg of a request for quotes, of a quote, or of an account's part of it."""

    inst_id: str
    sz: str
    side: str | UnsetType = UNSET
    px: str | UnsetType = UNSET  # of a quote
    td_mode: str | UnsetType = UNSET
    ccy: str | UnsetType = UNSET
    pos_side: str | UnsetType = UNSET
    tgt_ccy: str | UnsetType = UNSET
    trade_quote_ccy: str | UnsetType = UNSET


class Allocation(Camel):
    """What of a request for quotes is for an account."""

    acct: str
    legs: list[Leg]


class ShownRequest(Camel):
    """A request for quotes as it stands."""

    rfq_id: str
    cl_rfq_id: str
    state: str  # active, canceled, pending_fill, filled, expired, failed, traded_away
    c_time: EpochText
    u_time: EpochText
    valid_until: str | UnsetType = UNSET
    trader_code: str | UnsetType = UNSET
    tag: str | UnsetType = UNSET
    flow_type: str | UnsetType = UNSET
    counterparties: list[str] | UnsetType = UNSET
    allow_partial_execution: bool | UnsetType = UNSET
    legs: list[Leg] | UnsetType = UNSET
    group_id: str | UnsetType = UNSET
    acct_alloc: list[Allocation] | UnsetType = UNSET


class ShownQuote(Camel):
    """A quote as it stands."""

    rfq_id: str
    cl_rfq_id: str | UnsetType = UNSET  # not on a page of 2022
    quote_id: str
    cl_quote_id: str
    state: str  # the same words, but for traded_away
    c_time: EpochText
    u_time: EpochText
    reason: str | UnsetType = UNSET  # mmp_canceled
    valid_until: str | UnsetType = UNSET
    trader_code: str | UnsetType = UNSET
    tag: str | UnsetType = UNSET
    quote_side: str | UnsetType = UNSET
    legs: list[Leg] | UnsetType = UNSET


class RequestsArg(Arg):
    """The channel of requests for quotes."""

    channel: Literal["rfqs"]


class QuotesArg(Arg):
    """The channel of quotes."""

    channel: Literal["quotes"]


class RequestsFrame(Camel):
    """Requests for quotes that changed."""

    arg: RequestsArg
    data: list[ShownRequest]


class QuotesFrame(Camel):
    """Quotes that changed."""

    arg: QuotesArg
    data: list[ShownQuote]


# --- What it means ---

# The documentation says that rows tell the result of the cancel, not that it was accepted.
_DONE: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG, code="0")
_MMP: Final = "mmp_canceled"


def _row(struct: Any) -> EventMap:
    said = by_code(struct.s_code, struct.s_msg, CODES, taken=_DONE, good=("0",))
    return EventMap(struct, said, kind=EventKind.SCOPE, absent=Absent.EMPTY)


REQUEST: Final = _row(RequestRow)
QUOTE: Final = _row(QuoteRow)


def cancel(raw: RequestsAnswer | QuotesAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of requests for quotes, or of quotes."""
    if not raw.data:
        return refused(raw, call)
    said = said_of_rows(raw, raw.data, call)
    by_row = REQUEST if isinstance(raw, RequestsAnswer) else QUOTE
    return call.result(by_row.events(raw.data, call, "$.data[{}]"), extra=said)


def _ended(state: str, reason: object = None) -> Verdict | None:
    """The verdict by the state of a request or a quote."""
    if state in QUIET:
        return None
    if state == "expired":
        return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.EXPIRED, Initiator.EXPIRY)
    if state != "canceled":
        return UNDOCUMENTED
    initiator = Initiator.RISK if reason == _MMP else None
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED, initiator)


SHOWN_REQUEST: Final = EventMap(
    ShownRequest,
    by_words(_ended, ShownRequest.state, raw_status=ShownRequest.state),
    kind=EventKind.SCOPE,
    absent=Absent.EMPTY,
    created_ns=time(ShownRequest.c_time),
    event_ns=time(ShownRequest.u_time),
)
SHOWN_QUOTE: Final = EventMap(
    ShownQuote,
    by_words(_ended, ShownQuote.state, ShownQuote.reason, raw_status=ShownQuote.state),
    kind=EventKind.SCOPE,
    absent=Absent.EMPTY,
    raw_initiator=text(ShownQuote.reason),
    created_ns=time(ShownQuote.c_time),
    event_ns=time(ShownQuote.u_time),
)


def is_shared(raw: Any) -> bool:
    """Whether an answer, without its request, may be to anything else as well."""
    return not getattr(raw, "data", ())


# --- Endpoints ---

_stream: Final = partial(endpoint, errors=None, skips=True)

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v5/rfq/cancel-rfq", RequestsAnswer, cancel, page="rest-api-cancel-rfq"),
    endpoint(
        "POST /api/v5/rfq/cancel-batch-rfqs", RequestsAnswer, cancel, page="rest-api-cancel-multiple-rfqs"
    ),
    endpoint("POST /api/v5/rfq/cancel-quote", QuotesAnswer, cancel, page="rest-api-cancel-quote"),
    endpoint(
        "POST /api/v5/rfq/cancel-batch-quotes", QuotesAnswer, cancel, page="rest-api-cancel-multiple-quotes"
    ),
    _stream(
        "stream rfqs", RequestsFrame, frame_of(SHOWN_REQUEST), page="websocket-private-channel-rfqs-channel"
    ),
    _stream(
        "stream quotes", QuotesFrame, frame_of(SHOWN_QUOTE), page="websocket-private-channel-quotes-channel"
    ),
    product=None,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IdSpace("okx block", by_symbol=False),
    docs=f"{DOCS}block-trading-",
)
