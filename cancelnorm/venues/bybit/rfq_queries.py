"""Bybit REST: what it answers to a question about requests for quotes or quotes; neither is an order."""

from collections.abc import Sequence
from typing import Final

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, by_words
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import IDS, Answer, envelope, opened
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.rfq_stream import QUOTES, REQUESTS, ShownQuote, ShownRequest, ended_by

# --- What Bybit sends ---


class RequestPage(Camel):
    """A page of requests for quotes, the newest first."""

    cursor: str | UnsetType = UNSET  # not of those that are open
    requests: list[ShownRequest] | None = field(name="list")


class RequestsShown(Answer):
    """The answer to a query for requests."""

    result: RequestPage


class QuotePage(Camel):
    """A page of quotes, the newest first."""

    cursor: str | UnsetType = UNSET  # not of those that are open
    quotes: list[ShownQuote] | None = field(name="list")


class QuotesShown(Answer):
    """The answer to a query for quotes."""

    result: QuotePage


# --- What it means ---

_ended: Final = ended_by(Evidence.TERMINAL_STATUS)

LISTED_REQUESTS: Final = REQUESTS.extended(
    ShownRequest, by_words(_ended, ShownRequest.status, raw_status=ShownRequest.status)
)
LISTED_QUOTES: Final = QUOTES.extended(
    ShownQuote, by_words(_ended, ShownQuote.status, raw_status=ShownQuote.status)
)


def requests(raw: RequestsShown, call: Call) -> Normalised:
    """Map the answer to a query: the requests for quotes in it that were canceled or expired."""
    return _result(raw, raw.result.requests or [], raw.result.cursor, LISTED_REQUESTS, call)


def quotes(raw: QuotesShown, call: Call) -> Normalised:
    """Map the answer to a query: the quotes in it that were canceled or expired."""
    return _result(raw, raw.result.quotes or [], raw.result.cursor, LISTED_QUOTES, call)


def _result(
    raw: Answer, rows: Sequence[Struct], cursor: str | UnsetType, by_row: EventMap, call: Call
) -> Normalised:
    opened(raw, call)
    at = "$.result.list"
    events = by_row.events(rows, call, f"{at}[{{}}]")
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if cursor:
        extra["cursor"] = cursor
    return call.result(call.or_unknown(events, at), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /v5/rfq/rfq-list", RequestsShown, requests, page="rfq-list"),
    endpoint("GET /v5/rfq/rfq-realtime", RequestsShown, requests, page="rfq-realtime"),
    endpoint("GET /v5/rfq/quote-list", QuotesShown, quotes, page="quote-list"),
    endpoint("GET /v5/rfq/quote-realtime", QuotesShown, quotes, page="quote-realtime"),
    product=None,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/rfq/trade/",
    skips=True,
)
