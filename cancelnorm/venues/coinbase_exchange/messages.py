"""Coinbase Exchange messages that all transports share: errors, times, ids."""

import re
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final

from msgspec import UnsetType

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import CodeTable, Verdict, verdict_of
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Evidence, Normalised, Outcome, Side
from cancelnorm.venues.coinbase_exchange.codes import CODES, LATE, QUERIED

# --- What Coinbase Exchange sends ---


class ApiError(Exact):
    """Body of a 4xx or 5xx answer, at every endpoint: a text without a code."""

    bare: ClassVar = True
    message: Prose


# --- What it means ---

DOCS: Final = "https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/orders/"
FEED_DOCS: Final = "https://docs.cdp.coinbase.com/exchange/websocket-feed/channels"
IDS: Final = IdSpace("coinbase_exchange", by_symbol=False)  # UUIDs
KEYS: Final = RequestKeys(
    symbol=("product_id",), order_id=("order_id", "id"), client_order_id=("client_oid",)
)
SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)

_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|\+00(?::?00)?)",
    re.ASCII,
)


def ns_of_time(sent: str | UnsetType | None) -> int | None:
    """A time in UTC with up to nine decimals to nanoseconds since the epoch; None for anything else."""
    match = _TIME.fullmatch(sent) if isinstance(sent, str) else None
    if match is None:
        return None
    try:
        seconds = int(datetime.fromisoformat(f"{match[1]}T{match[2]}+00:00").timestamp())
    except ValueError:
        return None
    return seconds * 10**9 + int((match[3] or "").ljust(9, "0"))


def refused(raw: ApiError, call: Call, table: CodeTable = CODES) -> Normalised:
    """Map an error: the request was refused as a whole."""
    return told(raw.message, call, table)


def told(text: str, call: Call, table: CodeTable = CODES) -> Normalised:
    """Map the text of an error; under a status that says nothing of its own the text alone counts."""
    status = call.record.status
    known = 0 if status is None or status not in table else status
    verdict = verdict_of(table, known, text, status)
    return call.result([call.failed(verdict, message=text)])


def is_anyones(raw: Any) -> bool:
    """Whether other requests than cancels are refused alike: with any text but that of a cancel that came late."""
    return isinstance(raw, ApiError) and LATE not in raw.message.casefold()


ERRORS: Final = Errors(ApiError, refused)
QUERY_ERRORS: Final = Errors(ApiError, lambda raw, call: refused(raw, call, QUERIED), of_query=is_anyones)
