"""What answers without endpoint were taken for in a run: errors that mean the same are looked into once."""

from typing import Any, Final

from msgspec.structs import replace

from cancelnorm.answer import Drift
from cancelnorm.assumption import assume
from cancelnorm.common_error import Told
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Note
from cancelnorm.venue import Venue

__all__ = ["Assumptions"]

_LONGEST: Final = 512  # of a payload that is kept as it is; longer ones name orders, and do not recur
_MOST: Final = 1_024
_Key = tuple[Any, ...]


class Assumptions:
    """The answers that one reader of records has met; it belongs to that reader, and to one thread."""

    def __init__(self) -> None:
        self._kept: dict[_Key, Normalised] = {}

    def assume(self, record: Record, venue: Venue, drift: Drift) -> Normalised:
        """Do what ``assumption.assume`` does; of an answer like one that was met, only the differences are new."""
        if record.request is not None or len(record.payload) > _LONGEST:
            return assume(record, venue, drift)
        payload = record.payload
        told = venue.told(payload) if isinstance(payload, bytes) else None
        key = (venue, payload if told is None else told.alike, record.status, record.dialect, drift)
        known = self._kept.get(key)
        if known is not None:
            return _told_by(record, known, told)
        result = assume(record, venue, drift)
        if _can_be_kept(result, told):
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = _told_by(
                record, result, told
            )  # who asked first may change the note of what it gets
        return result


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
    own = {
        "sent_ns": record.sent_ns,
        "received_ns": record.received_ns,
        "source": record.source,
        "account": record.account,
    }
    if told is not None:
        own |= told.fields
    events = tuple([replace(event, **own) for event in known.events])
    [note] = known.notes
    return Normalised(events, (Note(note.code, note.path, note.message, [*note.value]),), known.request_id)
