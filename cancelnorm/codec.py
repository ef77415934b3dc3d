"""Codec: the one contract between a venue module and the rest.

A venue module names its endpoints, the shape of what each answers, and a pure function from that shape to
events. Everything else (strict reading, drift, errors, identification, laws) follows from these.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

from cancelnorm.masking import without_secrets
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.scalars import Code
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    Outcome,
    Product,
    Reason,
)

__all__ = [
    "EXACT",
    "CodeTable",
    "Codec",
    "Target",
    "Verdict",
    "failure",
    "rejected",
    "rounded_note",
    "unknown",
    "verdict_of",
]


class Codec:
    """How one endpoint of one venue is read.

    ``endpoint`` is what the venue's documentation calls it: ``DELETE /api/v3/openOrders`` (method + path),
    ``ws openOrders.cancelAll`` (WebSocket API), ``stream executionReport`` (pushed). ``shape`` is the type
    of every answer it gives, errors included. ``normalise`` maps a value of that type; it never refuses
    what the strict reader accepts and sees neither bytes nor clock. ``target`` reads the order that a request
    names out of its parameters. ``docs`` is the venue's page.

    A pushed frame is mostly about something else. ``skip`` tells cheaply what a payload is that has nothing
    to say about a cancel, and None for one that may have; it never raises. A venue's codecs share it.
    """

    def __init__(
        self,
        venue: str,
        endpoint: str,
        shape: Kind,
        normalise: Callable[[Any, Record, "Codec"], Normalised],
        *,
        product: Product | None,
        target: Callable[[Mapping[str, Any]], "Target"],
        docs: str,
        skip: Callable[[bytes], str | None] | None = None,
    ) -> None:
        self.venue = venue
        self.endpoint = endpoint
        self.product = product
        self.normalise = normalise
        self.docs = docs
        self.skip = skip
        self._kind = shape
        self._target = target

    @cached_property
    def shape(self) -> Shape:
        """The readers, built when the first payload comes."""
        return Shape(self._kind)

    def target(self, record: Record) -> "Target":
        """The order that the record's request names; nothing where there is no request."""
        return self._target(record.request) if record.request else Target()

    def __repr__(self) -> str:
        return f"Codec({self.venue!r}, {self.endpoint!r})"


class Verdict(NamedTuple):
    """What a venue's code means: how far the cancel got, and why no further."""

    outcome: Outcome
    reason: Reason


def rejected(reason: Reason) -> Verdict:
    """The venue says that this request canceled nothing."""
    return Verdict(Outcome.REJECTED, reason)


def unknown(reason: Reason) -> Verdict:
    """The venue cannot say what became of the request."""
    return Verdict(Outcome.UNKNOWN, reason)


CodeTable = Mapping[Code, Verdict | tuple[tuple[str, Verdict], ...]]
"""Code → verdict, or rows of (text in the message, verdict) tried in order; the text ``""`` fits any."""

_OTHER: Final = rejected(Reason.OTHER)


def verdict_of(table: CodeTable, code: Code, message: str, status: int | None = None) -> Verdict:
    """Look a code up, by its text where the number alone has two meanings.

    Texts are compared without regard to case. A code that is not in the table was still an error: rejected
    for a reason of its own. Under a 5xx status nothing is certain, whatever the code says.
    """
    row = table.get(code, _OTHER)
    if not isinstance(row, Verdict):
        text = message.casefold()
        row = next((verdict for part, verdict in row if part in text), _OTHER)
    if status is not None and status >= 500 and row.outcome is Outcome.REJECTED:
        return unknown(Reason.VENUE_UNAVAILABLE if row.reason is Reason.OTHER else row.reason)
    return row


class Target(NamedTuple):
    """The order that a request names."""

    symbol: str | None = None
    order_id: str | None = None
    client_order_id: str | None = None
    cancel_id: str | None = None
    list_id: str | None = None
    list_client_id: str | None = None

    @property
    def names_order(self) -> bool:
        """Whether it names one order, and not just a symbol or a list."""
        return self.order_id is not None or self.client_order_id is not None


def failure(
    codec: Codec,
    record: Record,
    verdict: Verdict,
    *,
    code: str | None,
    message: str | None,
    response_ns: int | None = None,
    request_id: str | None = None,
    evidence: Evidence | None = None,
    extra: dict[str, Any] | None = None,
) -> CancelEvent:
    """Build the event of a request that failed as a whole.

    It is about the order where the request names one, and about the request otherwise. The evidence is the
    venue's own code unless said otherwise; an unknown outcome has none.
    """
    target = codec.target(record)
    if evidence is None:
        evidence = Evidence.SUCCESS_FLAG if verdict.outcome is Outcome.REJECTED else Evidence.NONE
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER if target.names_order else EventKind.REQUEST,
        symbol=target.symbol,
        order_id=target.order_id,
        client_order_id=target.client_order_id,
        cancel_id=target.cancel_id,
        list_id=target.list_id,
        list_client_id=target.list_client_id,
        identity=Identity.REQUEST if any(target) else None,
        outcome=verdict.outcome,
        evidence=evidence,
        reason=verdict.reason,
        code=code,
        message=None if message is None else without_secrets(message),
        response_ns=response_ns,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        request_id=request_id,
        source=record.source,
        extra=extra,
    )


EXACT: Final = 2**53
"""The greatest integer up to which JavaScript reads every one exactly."""


def rounded_note(order_id: int | str, at: str) -> Note | None:
    """Note an id beyond 2^53 that ends in two zeros, as JavaScript rounds ids that it reads as numbers.

    One genuine id in a hundred looks like it.
    """
    if int(order_id) <= EXACT or not str(order_id).endswith("00"):
        return None
    return Note("id-looks-rounded", at, "ends in zeros as JavaScript rounds it", order_id)


def with_notes(result: Normalised, notes: Iterable[Note]) -> Normalised:
    """The same with more notes."""
    return Normalised(
        events=result.events,
        notes=(*notes, *result.notes),
        request_id=result.request_id,
        rate_limits=result.rate_limits,
        extra=result.extra,
    )
