"""What answers without endpoint were taken for in a run: errors that mean the same are looked into once."""

from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from cancelnorm.answer import Drift, data_of
from cancelnorm.assumption import assume
from cancelnorm.common_error import Told
from cancelnorm.errors import PayloadError
from cancelnorm.foreign import Foreign, foreign
from cancelnorm.reader.exact import NO_FIELD
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note
from cancelnorm.venue import Venue

__all__ = ["Assumptions"]

_LONGEST: Final = 512  # of a payload that is kept as it is; longer ones name orders, and do not recur
_MOST: Final = 1_024
_Key = tuple[Any, ...]


class _Refusal(NamedTuple):
    """What a ``PayloadError`` says; it is kept without the traceback."""

    path: str
    expected: str
    found: str
    event: CancelEvent


class Assumptions:
    """The answers that one reader of records has met; it belongs to that reader, and to one thread.

    ``met`` is one object for all common errors that mean the same: that of the last answer, if it was such an error.
    """

    def __init__(self) -> None:
        self.met: object = None
        self._kept: dict[_Key, Normalised] = {}
        self._refused: dict[_Key, _Refusal] = {}

    def begin(self) -> None:
        """Begin a record, which may have an endpoint."""
        self.met = None

    def assume(self, record: Record, venue: Venue, drift: Drift) -> Normalised:
        """Do what ``assumption.assume`` does; of an answer like one that was met, only the differences are new."""
        self.met = None
        if record.request is not None or len(record.payload) > _LONGEST:
            return assume(record, venue, drift)
        payload = record.payload
        told = venue.told(payload) if isinstance(payload, bytes) else None
        key = (venue, payload if told is None else told.alike, record.status, record.dialect, drift)
        known = self._kept.get(key)
        if known is not None:
            self.met = None if told is None else known
            return _told_by(record, known, told)
        if told is None and (other := foreign(venue, data_of(record))) is not None:
            return self._refuse(record, venue, drift, other)
        result = assume(record, venue, drift)
        if _can_be_kept(result, told):
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = _told_by(
                record, result, told
            )  # who asked first may change the note of what it gets
        return result

    def _refuse(self, record: Record, venue: Venue, drift: Drift, other: Foreign) -> Normalised:
        """Refuse what is no answer of the venue, as others were; an HTTP status may say what happened."""
        key = (venue, other.alike, record.status, record.dialect)
        known = self._refused.get(key)
        if known is None:
            try:
                return assume(record, venue, drift)
            except PayloadError as error:
                if other.fault is not None or error.found == NO_FIELD:
                    if len(self._refused) >= _MOST:
                        self._refused.clear()
                    self._refused[key] = _Refusal(error.path, error.expected, error.found, error.event)
                raise
        fault = other.fault or known
        event = replace(known.event, **_own(record))
        raise PayloadError(fault.path, fault.expected, fault.found, source=record.source, event=event)


def _can_be_kept(result: Normalised, told: Told | None) -> bool:
    """Whether nobody can change a result, apart from the list of endpoints in its only note, and it says no more."""
    has_objects = result.extra is not None or result.rate_limits is not None
    if len(result.notes) != 1 or has_objects or any(event.extra is not None for event in result.events):
        return False
    if told is None:
        return True
    return len(result.events) == 1 and all(
        getattr(result.events[0], name) == value for name, value in told.fields.items()
    )


def _told_by(record: Record, known: Normalised, told: Told | None) -> Normalised:
    """The same result for another record."""
    own = _own(record) if told is None else _own(record) | told.fields
    events = tuple([replace(event, **own) for event in known.events])
    [note] = known.notes
    return Normalised(events, (Note(note.code, note.path, note.message, [*note.value]),), known.request_id)


def _own(record: Record) -> dict[str, Any]:
    """What an event has of its record."""
    return {
        "sent_ns": record.sent_ns,
        "received_ns": record.received_ns,
        "source": record.source,
        "account": record.account,
    }
