"""Judgement of one record: its events, a frame that is not about a cancel, or a refusal."""

import re
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from cancelnorm import routing, venues
from cancelnorm.api import find_endpoint, find_venue, normalise
from cancelnorm.assumptions import Assumptions
from cancelnorm.caching import cached
from cancelnorm.check.finding import Finding
from cancelnorm.check.refusals import refusal, unreadable
from cancelnorm.check.selection import Selection
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.logs import Unreadable
from cancelnorm.prose import beginning
from cancelnorm.record import Pairing, Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["Fault", "LeftOut", "Refused", "Skipped", "is_known", "judge", "part_of", "shows_canceled"]


class Fault(NamedTuple):
    """The path of a fault, the expected value and the actual one, as texts of any length that may show secrets."""

    path: str
    expected: str
    found: str


class Refused(Struct, frozen=True, gc=False):
    """A refused record or line; ``event`` takes the place of a refused answer, and ``fault`` is that of its payload."""

    finding: Finding
    event: CancelEvent | None = None
    fault: Fault | None = None


class Skipped(NamedTuple):
    """A record that is not about a cancel; ``frame`` names its kind."""

    frame: str


def judge(
    item: Record | Unreadable,
    drift: Literal["collect", "refuse"] = "collect",
    assumptions: Assumptions | None = None,
) -> Normalised | Skipped | Refused:
    """Normalise a record; a failure becomes a result, never an exception. ``assumptions`` as in ``normalise``."""
    if isinstance(item, Unreadable):
        return Refused(unreadable(item.source, item.path, item.reason))
    item = venues.asked(item)
    if unknown := _unknown(item.venue, item.endpoint, item.pairing):
        if item.endpoint is not None and _is_unrelated(item):
            return Skipped(_frame_name(item.endpoint))
        return Refused(unknown.again(item.source))
    try:
        return normalise(item, drift=drift, assumptions=assumptions)
    except NotACancel as error:
        return Skipped(_frame_name(error.frame))
    except PayloadError as error:
        fault = Fault(error.path, error.expected, error.found)
        return Refused(refusal(error, item), error.event, fault)
    except CancelNormError as error:
        return Refused(refusal(error, item))


@cached(1_024)
def _unknown(venue: str, endpoint: str | None, pairing: Pairing | None) -> Finding | None:
    """The finding on a record where there is no such venue or endpoint; the same for all of its kind."""
    try:
        if endpoint is None:
            find_venue(venue)
        else:
            find_endpoint(venue, endpoint)
    except UnknownEndpointError as error:
        return refusal(error, Record(b"", venue, endpoint, pairing=pairing))
    return None


def is_known(venue: str, endpoint: str | None) -> bool:
    """Whether there is such a venue, and such an endpoint if one is given."""
    return _unknown(venue, endpoint, None) is None


@cached(1_024)
def _frame_name(frame: str) -> str:
    """Name of a frame as it is shown: short, and without secrets."""
    return beginning(frame, _LONGEST_NAME)


_LONGEST_NAME: Final = 80


class LeftOut(NamedTuple):
    """A record without a selected event; ``is_untimed`` if its time was looked for and it has none."""

    is_untimed: bool = False


def part_of(
    judged: Normalised | Skipped | Refused, item: Record | Unreadable, selection: Selection | None
) -> tuple[Normalised | Skipped | Refused | LeftOut, Normalised | None]:
    """The selected part of a record, and the rest of its events; None if there is none."""
    if selection is None:
        return judged, None
    match judged:
        case Normalised():
            selected, rest = selection.split(judged)
            if selected is not None:
                return selected, rest
            return LeftOut(selection.by_time and all(event.time_ns is None for event in judged.events)), rest
        case Refused(_, event) if not selection.may_have(item, event):
            return LeftOut(), None
        case _:
            return judged, None


_TRANSPORTS: Final = re.compile(
    r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|HTTP) /|ws[a-z-]* ", re.IGNORECASE
)
_CANCELED: Final = re.compile(
    rb"(?<!til_)(?<!till_)cancell?ed(?:(?!cancell?ed)[a-z_])*+\"(?!\s*+:)", re.IGNORECASE
)


def _is_unrelated(record: Record) -> bool:
    """Whether a record is from an unknown endpoint that cancels nothing, as most endpoints do.

    It is a finding if the request may cancel orders, or if the answer shows something canceled and the venue does not
    tell what that is, as a withdrawal.
    """
    name = record.endpoint or ""
    venue = venues.find(record.venue)
    if venue is None or _TRANSPORTS.match(name) is None or routing.may_cancel(venue, name, record.request):
        return False
    payload = record.payload
    data = payload if isinstance(payload, bytes) else payload.encode(errors="replace")
    return not shows_canceled(data) or (venue.skip is not None and venue.skip(data) is not None)


def shows_canceled(payload: bytes) -> bool:
    """Whether a value in a payload says that something was canceled."""
    return b"cancel" in payload.lower() and _CANCELED.search(payload) is not None
