"""What is made of rows that were recorded without the envelopes in which a venue sends them."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import CancelEvent, CancelNormError, Record, normalise, venues
from tests.laws.test_lone_rows import rows
from tests.samples import SAMPLES

__all__ = ["lone_rows"]

_OF_PLACE: Final = ("outcome", "evidence", "endpoint", "index", "path", "extra", "source")


def lone_rows(venue: str) -> Iterator[str]:
    """The rows of the samples in a few ways, with the endpoint and without; once for those that say the same."""
    groups: dict[str, list[str]] = {}
    seen: set[object] = set()
    for name, sample in SAMPLES.items() if venues.every()[venue].envelopes else ():
        record = replace(sample.record(), request=None)
        if sample.venue != venue or not (found := list(rows(record))):
            continue
        parts = [msgspec.json.decode(row.payload) for row, _ in found]
        if (kind := (sample.endpoint, *sorted(parts[0]))) in seen:
            continue
        seen.add(kind)
        told: dict[str, list[str]] = {}
        for form, value in _forms(parts).items():
            for endpoint in (sample.endpoint, None):
                part = replace(record, payload=msgspec.json.encode(value), endpoint=endpoint)
                said = _told(part, found[0][1])
                told.setdefault(said, []).append(form if endpoint else f"{form}, no endpoint")
        lines = "\n".join(f"  {'; '.join(forms)}: {said}" for said, forms in told.items())
        groups.setdefault(lines, []).append(name)
    for lines, names in groups.items():
        yield from names
        yield lines


def _forms(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The ways in which rows may be recorded, and some in which they are none."""
    first = parts[0]
    key = next(iter(first))
    return {
        "alone": first,
        "in an array": [first],
        "with the others": parts if len(parts) > 1 else [first, first],
        "beside null": [first, None],
        "with a key": {**first, "aKey": "1"},
        f"without {key}": {name: part for name, part in first.items() if name != key},
    }


def _told(record: Record, whole: CancelEvent) -> str:
    """What rows are read as, and how the first differs from the event of its envelope."""
    try:
        result = normalise(record)
    except CancelNormError as error:
        return f"{type(error).__name__}: {error}"[:100]
    places = ", ".join(f"{event.path} {event.outcome}" for event in result.events[:3])
    event = result.events[0]
    said = {name: (getattr(event, name), getattr(whole, name)) for name in event.__struct_fields__}
    other = [f"{name} {one}" for name, (one, two) in said.items() if one != two and name not in _OF_PLACE]
    notes = {f"{note.code} at {note.path}{_count(note.value)}" for note in result.notes}
    at = "" if event.endpoint == record.endpoint else f"{event.endpoint} "
    return "; ".join([f"{at}{places} {event.evidence}", *other, *sorted(notes)])


def _count(value: object) -> str:
    """How many endpoints a note lists."""
    return f" of {len(value)}" if isinstance(value, list) else ""
