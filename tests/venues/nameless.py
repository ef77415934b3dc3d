"""What is made of answers in which no row names its order: the events that are left, and what is noted."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import CancelNormError, Record, normalise, parse, venues
from cancelnorm.api import HttpFailure
from cancelnorm.eventmap import maps_of
from cancelnorm.reader.types import fields_of, is_struct
from tests.samples import SAMPLES, Sample
from tests.strategies import changed, places

__all__ = ["nameless"]

_IDS: Final = ("order_id", "client_order_id", "list_id", "list_client_id")


def nameless(venue: str) -> Iterator[str]:
    """Each sample without the ids of its rows, with its request and without one; once for those that say the same."""
    groups: dict[str, list[str]] = {}
    for name, sample in SAMPLES.items():
        if sample.venue == venue and (payload := _without_ids(sample)) is not None:
            record = replace(sample.record(), payload=payload)
            told = [_told(record), _told(replace(record, request=None))]
            lines = [f"  {line}" for line in dict.fromkeys(told)]
            groups.setdefault("\n".join(lines), []).append(name)
    for lines_of, names in groups.items():
        yield from names
        yield lines_of


def _without_ids(sample: Sample) -> bytes | None:
    """A payload in which each field that a map reads an id from is empty; None where there is none."""
    if sample.dialect or isinstance(parse(sample.record()), HttpFailure):
        return None
    tree: Any = sample.tree()
    endpoint = venues.every()[sample.venue].endpoints[sample.endpoint]
    found = False
    for place in [place for place in places(tree, endpoint.shape.kind) if is_struct(place.kind)]:
        for field in fields_of(place.kind):
            value = place.value.get(field.key)
            if isinstance(value, str | int) and field.name in _named(place.kind):
                tree, found = (
                    changed(tree, (*place.steps, field.key), "" if isinstance(value, str) else 0),
                    True,
                )
    return msgspec.json.encode(tree) if found else None


def _named(struct: type[msgspec.Struct]) -> set[str]:
    """The fields from which a map reads an id."""
    columns = [
        column for each in maps_of(struct) for name, column in each.plan.columns.items() if name in _IDS
    ]
    parts = [part for column in columns for part in (column, *column.parts)]
    return {field.__name__ for part in parts for field in part.fields}


def _told(record: Record) -> str:
    try:
        result = normalise(record)
    except CancelNormError as error:
        return f"{type(error).__name__}: {error}"[:100]
    events = [
        " ".join([event.kind, event.outcome, *(name for name in _IDS if getattr(event, name) is not None)])
        for event in result.events
    ]
    notes = sorted({f"{note.code} at {note.path}: {note.message}" for note in result.notes})
    return "; ".join([*dict.fromkeys(events), *notes])
