"""Bybit RFQ: what it answers to a cancel of requests for quotes, and of quotes.

Neither is an order: nothing leaves a book. The events are about a scope, one for each request or quote, with
its ids in ``extra`` under the venue's names. That a cancel is done is not documented, so all are pending.
"""

from types import MappingProxyType
from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Absent, CodeTable, EventMap, always, by_code
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.codes import V5
from cancelnorm.venues.bybit.messages import (
    IDS,
    TAKEN,
    Answer,
    Empty,
    Refused,
    envelope,
    is_shared,
    is_shared_refusal,
    opened,
    refused,
)

# --- What Bybit sends ---


class RequestName(Camel):
    """A request for quotes."""

    rfq_id: str  # 33 or 34 digits
    rfq_link_id: str


class QuoteName(Camel):
    """A quote."""

    rfq_id: str
    quote_id: str
    quote_link_id: str


class RequestRow(RequestName):
    """A request for quotes among all, and what became of its cancel."""

    code: Int | str  # 0: canceled; a string by the documentation's table, a number in its examples
    msg: Prose


class QuoteRow(QuoteName):
    """A quote among all, and what became of its cancel."""

    code: Int | str
    msg: Prose


class RequestTaken(Answer):
    """The answer to a cancel of one request for quotes."""

    result: RequestName


class RequestsTaken(Answer):
    """The answer to a cancel of all requests for quotes."""

    result: list[RequestRow]


class QuoteTaken(Answer):
    """The answer to a cancel of one quote."""

    result: QuoteName


class QuotesTaken(Answer):
    """The answer to a cancel of all quotes."""

    result: list[QuoteRow]


class Unquoted(Camel):
    """Place of the ids in a refusal: nothing, or ids that are empty."""

    rfq_id: str | UnsetType = UNSET
    rfq_link_id: str | UnsetType = UNSET
    quote_id: str | UnsetType = UNSET
    quote_link_id: str | UnsetType = UNSET


class RfqRefused(Refused):
    """The refusal of any of them; ``{}`` also where the answer is an array."""

    result: Unquoted | list[Empty] | UnsetType | None = UNSET


# --- What it means ---

# The codes of rows are numbers or texts.
_CODES: Final[CodeTable] = MappingProxyType({**V5, **{str(code): row for code, row in V5.items()}})
_TAKEN: Final = (0, "0", "")

REQUEST: Final = EventMap(RequestName, always(TAKEN), kind=EventKind.SCOPE, absent=Absent.EMPTY)
QUOTE: Final = EventMap(QuoteName, always(TAKEN), kind=EventKind.SCOPE, absent=Absent.EMPTY)
REQUESTS: Final = REQUEST.extended(
    RequestRow, by_code(RequestRow.code, RequestRow.msg, _CODES, taken=TAKEN, good=_TAKEN)
)
QUOTES: Final = QUOTE.extended(
    QuoteRow, by_code(QuoteRow.code, QuoteRow.msg, _CODES, taken=TAKEN, good=_TAKEN)
)


def one(raw: RequestTaken | QuoteTaken, call: Call) -> Normalised:
    """Map the answer to a cancel of one request for quotes, or of one quote."""
    opened(raw, call)
    by_name = REQUEST if isinstance(raw, RequestTaken) else QUOTE
    event = by_name.event(raw.result, call, "$.result")
    return call.result([event], extra=envelope(raw.ret_msg, raw.ret_ext_info))


def several(raw: RequestsTaken | QuotesTaken, call: Call) -> Normalised:
    """Map the answer to a cancel of all requests for quotes, or of all quotes; each has its own verdict."""
    opened(raw, call)
    by_name = REQUESTS if isinstance(raw, RequestsTaken) else QUOTES
    events = by_name.events(raw.result, call, "$.result[{}]")
    return call.result(events or [call.scoped(TAKEN)], extra=envelope(raw.ret_msg, raw.ret_ext_info))


def _is_shared_list(raw: Answer | RfqRefused) -> bool:
    """Whether an answer about all may be to another request: nothing in an empty array says cancel."""
    if isinstance(raw, RequestsTaken | QuotesTaken):
        return not raw.result
    return is_shared_refusal(raw)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /v5/rfq/cancel-rfq", RequestTaken, one, page="cancel-rfq"),
    endpoint(
        "POST /v5/rfq/cancel-all-rfq",
        RequestsTaken,
        several,
        page="cancel-all-rfq",
        is_shared=_is_shared_list,
    ),
    endpoint("POST /v5/rfq/cancel-quote", QuoteTaken, one, page="cancel-quote"),
    endpoint(
        "POST /v5/rfq/cancel-all-quotes",
        QuotesTaken,
        several,
        page="cancel-all-quotes",
        is_shared=_is_shared_list,
    ),
    product=None,
    errors=Errors(RfqRefused, lambda raw, call: refused(raw, call, result=raw.result)),
    is_shared=is_shared,  # what creates one is answered alike, with more keys
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/rfq/trade/",
)
