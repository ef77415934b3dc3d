"""Kraken messages that REST answers share: the envelope, failures, counts; and times as all transports write them.

A cancel is answered with a number of orders alone: which ones they were, the request says, or nobody.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from msgspec import UNSET, Meta, Raw, UnsetType

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import Verdict
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import Prose, number_or_empty
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    Outcome,
    Reason,
)
from cancelnorm.venues.kraken.codes import code_of, error_verdict

# --- What Kraken sends ---

Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""A number of orders."""


class Empty(Exact):
    """Place of the result of a failure."""

    bare: ClassVar = True


class Envelope(Exact):
    """Fields of every answer: errors begin with ``E``, warnings beside a result with ``W``."""

    error: list[Prose]


class Refused(Envelope):
    """A failure; on a page of the documentation it has an empty ``result``, too."""

    bare: ClassVar = True


class Count(Exact):
    """How many orders were canceled, or are going to be."""

    count: Number
    pending: bool | UnsetType = UNSET  # where it is true, the orders are queued and may be alive


# --- What it means ---

IDS: Final = IdSpace("kraken", by_symbol=False)
ORDER_ID: Final = r".*[^0-9].*"
"""What is an order's id: a number in its place is a ``userref``, which many orders may have."""
KEYS: Final = RequestKeys(order_id=("txid",), client_order_id=("cl_ord_id",), order_pattern=ORDER_ID)
DOCS: Final = "https://docs.kraken.com/api-reference/trading/"

CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.COUNTED)  # of a scope also with a count of none
FLAGGED: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)
QUEUED: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, status=OrderStatus.PENDING_CANCEL)
NOTHING: Final = Verdict(Outcome.REJECTED, Evidence.COUNTED, Reason.NOT_FOUND_OR_CLOSED)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
DISARMED: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
ARMED: Final = DISARMED._replace(initiator=Initiator.TIMER)


def failure_in(errors: Sequence[str]) -> str | None:
    """The first error that is no warning; None where there is none."""
    return next((error for error in errors if not error.startswith("W")), None)


def refused(raw: Envelope, call: Call) -> Normalised:
    """Map a failure."""
    return call.result([failed(raw.error, call)])


def failed(errors: Sequence[str], call: Call) -> CancelEvent:
    """The event of a failure: its first error decides."""
    error = failure_in(errors)
    if error is None:
        call.note("contradiction", "$.error", "neither an error nor a result", [*map(prose, errors)])
        return call.failed(OPEN, extra=said_beside(errors) or None)
    more = said_beside(errors) if len(errors) > 1 else None
    verdict = error_verdict(error, call.record.status)
    return call.failed(verdict, code=code_of(error) or None, message=error, extra=more)


def said_beside(errors: Sequence[str]) -> dict[str, Any]:
    """The errors and warnings of an answer, where there are any, without secrets."""
    return {"error": [*map(prose, errors)]} if errors else {}


def doubted(verdict: Verdict, errors: Sequence[str], call: Call) -> Verdict:
    """The verdict of a result; beside an error it is not known what the result means."""
    if failure_in(errors) is None:
        return verdict
    call.note("contradiction", "$.error", "an error beside a result", [*map(prose, errors)])
    return OPEN


def each_counted(count: int, verdict: Verdict, call: Call, path: str) -> list[CancelEvent] | None:
    """The events of the orders that a request names, of which all were counted, or none was.

    None where only some were counted, or the request also names orders by a ``userref``, which many may have.
    """
    asked = call.targets
    if not asked or count not in (0, len(asked)) or not all(target.names_order for target in asked):
        return None
    affected = None if count else 0
    return [
        call.event(EventKind.ORDER, verdict, target, index=i, path=path, affected_orders=affected)
        for i, target in enumerate(asked)
    ]


ERRORS: Final = Errors(Refused, refused)


def is_refusal(raw: Any) -> bool:
    """Whether an answer, without its request, may be to anything else as well: all are refused alike."""
    result = getattr(raw, "result", None)
    return result is None or result == {} or isinstance(result, Empty)


# --- Times ---

_RFC3339: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z", re.ASCII
)
_SECONDS: Final = re.compile(r"([1-9][0-9]{9})(?:\.([0-9]{1,9}))?", re.ASCII)


def ns_of_time(sent: str | UnsetType) -> int | None:
    """A time as RFC 3339 has it, in UTC, to nanoseconds since the epoch; None for anything else."""
    match = _RFC3339.fullmatch(sent) if sent else None
    if match is None:
        return None
    try:
        seconds = int(datetime.fromisoformat(f"{match[1]}+00:00").timestamp())
    except ValueError:
        return None
    return seconds * 10**9 + int((match[2] or "").ljust(9, "0"))


def ns_of_seconds(sent: Raw | UnsetType) -> int | None:
    """Seconds since the epoch with up to nine decimals, in quotes or not, to nanoseconds; None for anything else."""
    match = None if sent is UNSET else _SECONDS.fullmatch(number_or_empty(sent))
    return None if match is None else int(match[1] + (match[2] or "").ljust(9, "0"))
