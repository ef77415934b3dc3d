"""Bybit v5 RFQ: what it answers to a cancel of requests for quotes, and of quotes.

Neither is an order: nothing leaves a book. The events are about a scope, one for each request or quote, with
its ids in ``extra`` under the venue's names. That a cancel is done is not documented, so all are pending.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from cancelnorm.codec import Codec, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import EPOCHS, Epoch, Int
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome
from cancelnorm.venues.bybit.codes import V5
from cancelnorm.venues.bybit.orders import (
    TAKEN,
    Empty,
    Nothing,
    Refused,
    Told,
    envelope,
    refusal,
    shortened,
    whole_event,
)
from cancelnorm.venues.bybit.states import left_over, no_target, without_home

__all__ = ["CODECS"]

# --- What Bybit sends ---


class RequestName(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A request for quotes."""

    rfq_id: str  # 33 or 34 digits
    rfq_link_id: str


class QuoteName(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A quote."""

    rfq_id: str
    quote_id: str
    quote_link_id: str


class RequestRow(
    RequestName, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """A request for quotes among all, and what became of its cancel."""

    code: Int | str  # 0: canceled; a string by the documentation's table, a number in its examples
    msg: str


class QuoteRow(QuoteName, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A quote among all, and what became of its cancel."""

    code: Int | str
    msg: str


class _Envelope(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    ret_code: Literal[0]
    ret_msg: str
    ret_ext_info: Nothing
    time: Epoch


class RequestTaken(
    _Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The answer to a cancel of one request for quotes."""

    result: RequestName


class RequestsTaken(
    _Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The answer to a cancel of all requests for quotes."""

    result: list[RequestRow]


class QuoteTaken(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The answer to a cancel of one quote."""

    result: QuoteName


class QuotesTaken(_Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The answer to a cancel of all quotes."""

    result: list[QuoteRow]


class Unquoted(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What stands for the ids in a refusal: nothing, or ids that are empty."""

    rfq_id: str | UnsetType = UNSET
    rfq_link_id: str | UnsetType = UNSET
    quote_id: str | UnsetType = UNSET
    quote_link_id: str | UnsetType = UNSET


class RfqRefused(Refused, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The refusal of any of them; ``{}`` also where the answer is an array."""

    result: Unquoted | list[Empty] | UnsetType | None = UNSET


# --- What it means ---


def normalise_one(raw: RequestTaken | QuoteTaken | RfqRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one request for quotes, or of one quote."""
    if isinstance(raw, RfqRefused):
        return refusal(raw, (), raw.result, record, codec, [])
    event = _event(TAKEN, raw.time, record, codec)
    return _told(raw, [_named(event, raw.result)])


def normalise_all(raw: RequestsTaken | QuotesTaken | RfqRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all requests for quotes, or of all quotes; each has its own verdict."""
    if isinstance(raw, RfqRefused):
        return refusal(raw, (), raw.result, record, codec, [])
    rows: Sequence[RequestRow | QuoteRow] = raw.result
    events = [
        replace(_named(_event(_verdict(row, record), raw.time, record, codec), row), index=index)
        for index, row in enumerate(rows)
    ]
    return _told(raw, events or [_event(TAKEN, raw.time, record, codec)])


def _verdict(row: RequestRow | QuoteRow, record: Record) -> Told:
    """What the code of a row says."""
    code, message = str(row.code), without_secrets(row.msg) or None
    if code in ("", "0"):
        outcome, evidence, reason, _, _ = TAKEN
        return outcome, evidence, reason, None, message
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 20 else code
    found, reason = verdict_of(V5, number, row.msg, record.status)
    evidence = Evidence.SUCCESS_FLAG if found is Outcome.REJECTED else Evidence.NONE
    return found, evidence, reason, code, message


def _event(told: Told, time: int, record: Record, codec: Codec) -> CancelEvent:
    return whole_event(EventKind.SCOPE, told, None, EPOCHS[time], record, codec)


def _named(event: CancelEvent, named: RequestName | QuoteName) -> CancelEvent:
    """The event with the ids of what it is about."""
    ids = left_over(named, without_home(type(named), frozenset(("code", "msg"))))
    return replace(event, extra=ids) if ids else event


def _told(raw: _Envelope, events: list[CancelEvent]) -> Normalised:
    return Normalised(tuple(events), extra=shortened(envelope(raw.ret_msg, raw.ret_ext_info)))


# --- Registration ---


def _codec(path: str, shape: Kind, normalise: Callable[[Any, Record, Codec], Normalised]) -> Codec:
    return Codec(
        "bybit",
        f"POST /v5/rfq/{path}",
        shape,
        normalise,
        product=None,
        target=no_target,
        docs=f"https://bybit-exchange.github.io/docs/v5/rfq/trade/{path}",
    )


CODECS: Final = (
    _codec("cancel-rfq", RequestTaken | RfqRefused, normalise_one),
    _codec("cancel-all-rfq", RequestsTaken | RfqRefused, normalise_all),
    _codec("cancel-quote", QuoteTaken | RfqRefused, normalise_one),
    _codec("cancel-all-quotes", QuotesTaken | RfqRefused, normalise_all),
)
