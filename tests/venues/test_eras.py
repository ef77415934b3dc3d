"""Fields have dates, and answers of before may lack them.

The date of a field is the comment ``since YYYY-MM-DD`` beside its declaration.
"""

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from inspect import get_annotations
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final, NamedTuple

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import FieldInfo, replace

from cancelnorm import normalise, parse, venues
from cancelnorm.api import HttpFailure
from tests.batches import in_batches, venue_of
from tests.samples import SAMPLES, Sample
from tests.strategies import ENDPOINTS

SINCE: Final = re.compile(r"#(?:.*[;,])? since (\d{4}-\d{2}(?:-\d{2})?)\b")


class Era(NamedTuple):
    """A field of a struct, and when it came."""

    owner: type[Struct]
    field: str
    since: str


def declared() -> Iterator[Era]:
    """Every field with a date, of every venue."""
    for venue in venues.every().values():
        for module in iter_modules(import_module(venue.package).__path__):
            yield from declared_in(f"{venue.package}.{module.name}")


def declared_in(name: str) -> Iterator[Era]:
    """The fields with a date of one module."""
    module = import_module(name)
    assert module.__file__ is not None
    source = Path(module.__file__).read_text(encoding="utf-8")
    comments = {
        number: found[1] for number, line in enumerate(source.split("\n"), 1) if (found := SINCE.search(line))
    }
    if not comments:
        return
    for owner in (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)):
        for node in owner.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                assert node.end_lineno is not None
                for line in range(node.lineno, node.end_lineno + 1):
                    if line in comments:
                        yield Era(getattr(module, owner.name), node.target.id, comments[line])


ERAS: Final = tuple(declared())
DATES: Final = {(era.owner, era.field): era.since for era in ERAS}


@pytest.mark.parametrize("era", [pytest.param(e, id=f"{e.owner.__name__}.{e.field}") for e in ERAS])
def test_a_field_that_came_later_may_be_missing(era: Era) -> None:
    """It has a default, so that what was recorded before it came is read."""
    [field] = [field for field in msgspec.structs.fields(era.owner) if field.name == era.field]
    assert not field.required
    assert date(2017, 1, 1) <= date.fromisoformat(f"{era.since}-01"[:10])


class Dated(NamedTuple):
    """A place in a payload that has a field with a date."""

    row: dict[str, Any]
    key: str
    since: str


@cache
def fields_of(owner: type[Struct]) -> tuple[tuple[FieldInfo, str | None], ...]:
    """The fields of a struct, each with the day on which it came, as the class says that declares it last."""
    declares = {name: cls for cls in reversed(owner.__mro__) for name in get_annotations(cls)}
    return tuple((f, DATES.get((declares[f.name], f.name))) for f in msgspec.structs.fields(owner))


def dated(value: Any, raw: Any) -> Iterator[Dated]:
    """The fields with a date in what was read, each beside its place in the payload."""
    if isinstance(value, list):
        for part, raw_part in zip(value, raw, strict=True):
            yield from dated(part, raw_part)
    elif isinstance(value, Struct):
        for field, day in fields_of(type(value)):
            if field.encode_name in raw:
                if day is not None:
                    yield Dated(raw, field.encode_name, day)
                yield from dated(getattr(value, field.name), raw[field.encode_name])


def earlier(sample: Sample, days: frozenset[str]) -> bytes:
    """The payload of a sample without the fields that came on these days."""
    payload = sample.tree()
    for row, key, day in list(dated(parse(sample.record()), payload)):
        if day in days:
            del row[key]
    return json.dumps(payload).encode()


def days_of(sample: Sample) -> frozenset[str]:
    """The days on which fields of a sample came."""
    value = parse(sample.record())
    if isinstance(value, HttpFailure):
        return frozenset()
    return frozenset(found.since for found in dated(value, sample.tree()))


OF_AN_ERA: Final = {name: days for name, sample in SAMPLES.items() if (days := days_of(sample))}


@in_batches({name: name for name in OF_AN_ERA}, venue_of)
def test_an_answer_of_an_earlier_era_is_read(name: str) -> None:
    """Without the fields of one day, and without all that came from a day on, it is about the same orders."""
    sample, days = SAMPLES[name], OF_AN_ERA[name]
    orders = [event.order_id for event in normalise(sample.record()).events]
    eras = {frozenset({day}) for day in days} | {frozenset(d for d in days if d >= day) for day in days}
    for era in eras:
        record = replace(sample.record(), payload=earlier(sample, era))
        assert [event.order_id for event in normalise(record, drift="refuse").events] == orders


def test_an_endpoint_is_read_since_a_day() -> None:
    """Where an endpoint says from when on it is read, it is a day."""
    days = [endpoint.since for endpoint in ENDPOINTS if endpoint.since is not None]
    assert all(date.fromisoformat(day).isoformat() == day for day in days)
    assert OF_AN_ERA
