"""Short answers without endpoint that recur, as most errors do: each is held against its endpoints once."""

from typing import Final

from msgspec.structs import replace

from cancelnorm.answer import Drift
from cancelnorm.assumption import assume as assume_anew
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Note
from cancelnorm.venue import Venue

__all__ = ["assume"]

_LONGEST: Final = 512  # of a payload; longer ones name orders, and do not recur
_MOST: Final = 1_024
_Key = tuple[Venue, bytes | str, int | None, str | None, Drift]
_kept: Final[dict[_Key, Normalised]] = {}


def assume(record: Record, venue: Venue, drift: Drift) -> Normalised:
    """Do what ``assumption.assume`` does; of an answer that was met before, only the record's own fields are new."""
    if record.request is not None or len(record.payload) > _LONGEST:
        return assume_anew(record, venue, drift)
    key = (venue, record.payload, record.status, record.dialect, drift)
    known = _kept.get(key)
    if known is not None:
        return _told_by(record, known)
    result = assume_anew(record, venue, drift)
    if _is_immutable(result):
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = _told_by(record, result)  # who asked first may change the note of what it gets
    return result


def _is_immutable(result: Normalised) -> bool:
    """Whether nobody can change a result, apart from the list of endpoints in its only note."""
    has_objects = result.extra is not None or result.rate_limits is not None
    return len(result.notes) == 1 and not has_objects and all(event.extra is None for event in result.events)


def _told_by(record: Record, known: Normalised) -> Normalised:
    """The same result for another record."""
    events = tuple(
        [
            replace(
                event,
                sent_ns=record.sent_ns,
                received_ns=record.received_ns,
                source=record.source,
                account=record.account,
            )
            for event in known.events
        ]
    )
    [note] = known.notes
    notes = (Note(note.code, note.path, note.message, [*note.value]),)
    return Normalised(events, notes, known.request_id)
