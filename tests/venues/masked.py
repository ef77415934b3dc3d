"""Which texts of a venue are masked where they repeat a secret: those that are written for people."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from cancelnorm import CancelNormError, normalise, parse, venues
from cancelnorm.api import HttpFailure
from cancelnorm.reader.types import fields_of, is_struct
from tests.samples import SAMPLES, Sample
from tests.strategies import changed, places
from tests.venues.fields import made, owner

__all__ = ["masked"]

_SECRET: Final = "0123456789abcdef" * 4
_MOST: Final = 8  # samples in which a field is tried: rows that are passed over show none
_TEXT: Final = f"apiKey={_SECRET}"


def masked(venue: str) -> Iterator[str]:
    """The fields, by struct; those that are refused with such a text are left out."""
    found: dict[str, dict[str, bool | None]] = {}
    tried: Counter[tuple[str, str]] = Counter()
    ours = [sample for sample in SAMPLES.values() if sample.venue == venue]
    for sample in [*ours, *(sample for _, sample in made(venue))]:
        if sample.dialect or isinstance(parse(sample.record()), HttpFailure):
            continue
        for name, field, steps in _texts(sample):
            shown = found.setdefault(name, {})
            tried[name, field] += 1
            if shown.get(field, False) is False and tried[name, field] <= _MOST:
                shown[field] = _is_shown(sample, steps)
    for name, fields in sorted(found.items()):
        if masked := sorted(field for field, is_shown in fields.items() if is_shown is False):
            yield f"{name}: {', '.join(masked)}"


def _texts(sample: Sample) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Each text in a sample: its struct, its field, and its place."""
    tree = sample.tree()
    endpoint = venues.every()[sample.venue].endpoints[sample.endpoint]
    for place in places(tree, endpoint.shape.kind):
        if is_struct(place.kind):
            for field in fields_of(place.kind):
                if isinstance(place.value.get(field.key), str):
                    name = owner(place.kind, field.name).__qualname__
                    yield name, field.name, (*place.steps, field.key)


def _is_shown(sample: Sample, steps: tuple[str | int, ...]) -> bool | None:
    """Whether the secret is in what a payload says; None if it is refused, or its row is."""
    tree = changed(sample.tree(), steps, _TEXT)
    try:
        result = normalise(replace(sample.record(), payload=msgspec.json.encode(tree)))
    except CancelNormError:
        return None
    if any(note.code == "unreadable-row" for note in result.notes):
        return None
    return _SECRET in repr(result)
