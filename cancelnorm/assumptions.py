"""What answers without endpoint were taken for in a run: errors that mean the same are looked into once."""

from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from cancelnorm.answer import Drift, data_of
from cancelnorm.assumption import assume, assume_answer, pass_over
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
_Said = dict[str, Any]


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
        self._known: dict[_Key, tuple[Normalised, _Said | None]] = {}
        self._alike: dict[_Key | None, Normalised] = {}
        self._heard: set[_Key] = set()  # codes of errors that are not passed over
        self._refused: dict[_Key, _Refusal] = {}

    def begin(self) -> None:
        """Begin a record, which may have an endpoint."""
        self.met = None

    def assume(self, record: Record, venue: Venue, drift: Drift) -> Normalised:
        """Do what ``assumption.assume`` does; of an answer like one that was met, only the differences are new."""
        self.met = None
        payload = record.payload
        if record.request is not None or len(payload) > _LONGEST:
            return assume(record, venue, drift)
        under = venue, record.status, record.dialect, drift
        if found := self._known.get((payload, under)):
            known, said = found
            self.met = None if said is None else known
            return _told_by(record, known, said)
        told = venue.told(payload) if isinstance(payload, bytes) else None
        if told is None and (other := foreign(venue, data_of(record))) is not None:
            pass_over(record, venue)
            return self._refuse(record, venue, drift, other)
        alike = None if told is None else (told.alike, under)
        said = None if told is None else told.fields
        if told is not None and alike in self._alike:
            if (venue, told.code) not in self._heard:
                pass_over(record, venue)
                self._heard.add((venue, told.code))
            known = self.met = self._alike[alike]
            result = _told_by(record, known, said)
        else:
            result = assume(record, venue, drift)
            if not _can_be_kept(result, said):
                return result
            known = _told_by(record, result, said)  # who asked first may change the note of what it gets
        if len(self._known) >= _MOST:
            self._known.clear()
            self._alike.clear()
            self._heard.clear()
        self._known[payload, under] = known, said
        if alike is not None:
            self._alike[alike] = known
        return result

    def _refuse(self, record: Record, venue: Venue, drift: Drift, other: Foreign) -> Normalised:
        """Refuse what is no answer of the venue, as others were; an HTTP status may say what happened."""
        key = (venue, other.alike, record.status, record.dialect)
        known = self._refused.get(key)
        if known is None:
            try:
                return assume_answer(record, venue, drift)
            except PayloadError as error:
                if other.fault is not None or other.found is not None or error.found == NO_FIELD:
                    if len(self._refused) >= _MOST:
                        self._refused.clear()
                    self._refused[key] = _Refusal(error.path, error.expected, error.found, error.event)
                raise
        fault = other.fault or known
        event = replace(known.event, **_own(record))
        found = fault.found if other.found is None else other.found
        raise PayloadError(fault.path, fault.expected, found, source=record.source, event=event)


def _can_be_kept(result: Normalised, said: _Said | None) -> bool:
    """Whether nobody can change a result, apart from the list of endpoints in its only note, and it says no more."""
    has_objects = result.extra is not None or result.rate_limits is not None
    if len(result.notes) != 1 or has_objects or any(event.extra is not None for event in result.events):
        return False
    if said is None:
        return True
    return len(result.events) == 1 and all(
        getattr(result.events[0], name) == value for name, value in said.items()
    )


def _told_by(record: Record, known: Normalised, said: _Said | None) -> Normalised:
    """The same result for another record, which may be an error that has said something of its own."""
    own = _own(record) if said is None else _own(record) | said
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
