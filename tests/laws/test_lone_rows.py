"""Rows that were recorded without their envelopes say nothing else than in them."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from cancelnorm import CancelEvent, CancelNormError, Normalised, Outcome, Record, normalise
from cancelnorm.answer import data_of
from cancelnorm.logs.json_path import steps
from tests.batches import each_sample
from tests.costs import cost, scans_counted
from tests.samples import SAMPLES

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode

PLACE: Final = frozenset(("endpoint", "index", "path", "source"))
OPEN: Final = frozenset(("outcome", "evidence", "extra"))
TOLD: Final = [name for name in CancelEvent.__struct_fields__ if name not in PLACE | OPEN]


def rows(record: Record) -> Iterator[tuple[Record, CancelEvent]]:
    """The objects of a record that an event is about, each as a record of its own, and the event."""
    for path, event in events_of(record).items():
        row = None if path == "$" else raw_at(data_of(record), path)
        if row is not None and row[:1] == b"{":
            yield replace(record, payload=row), event


def events_of(record: Record) -> dict[str, CancelEvent]:
    """The events of a record that are about a part of its payload, by its path."""
    try:
        return {event.path: event for event in normalise(record).events if event.path is not None}
    except CancelNormError:
        return {}


def raw_at(data: bytes, path: str) -> bytes | None:
    """The bytes at a path; None if there are none."""
    try:
        for step in steps(path):
            data = bytes(_object(data)[step] if isinstance(step, str) else _array(data)[step])
    except (LookupError, ValueError):
        return None
    return data


@each_sample
def test_samples(name: str) -> None:
    """A row alone is refused, or says what it says in its envelope, or less; with its endpoint and without."""
    told = replace(SAMPLES[name].record(), request=None)
    events = events_of(told)
    for row, event in (*rows(told), *rows(replace(told, endpoint=None))):
        try:
            result = normalise(row)
        except CancelNormError:
            continue
        for found in result.events if is_lone(result) else ():
            if found.path == "$":
                assert found.outcome in (event.outcome, events[event.path or ""].outcome, Outcome.UNKNOWN)
                said = {name: getattr(found, name) for name in TOLD if getattr(found, name) is not None}
                assert said == {name: getattr(event, name) for name in said}
                if found.code is not None:  # and not that of an envelope, which nobody recorded
                    assert re.search(rf'[":\s]{re.escape(found.code)}', data_of(row).decode())


@each_sample
def test_many_rows(name: str) -> None:
    """Four times as many rows in an array cost about four times as much."""
    told = replace(SAMPLES[name].record(), request=None)
    row = next((row for row, event in rows(told) if event.path not in (None, "$")), None)
    if row is None:
        return
    few, many = (replace(row, payload=b"[%b]" % b",".join([data_of(row)] * n)) for n in (10, 40))
    try:
        result = normalise(few)
    except CancelNormError:
        return
    if is_lone(result) and len(result.events) > 1:
        with scans_counted():
            normalise(many)
            costs = [cost(partial(normalise, each)) for each in (few, many)]
        assert costs[1] < 6 * costs[0]


def is_lone(result: Normalised) -> bool:
    """Whether a payload was read as a row, and not as an answer of its own."""
    return any(note.code == "missing-envelope" for note in result.notes)
