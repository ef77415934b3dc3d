"""Errors that many endpoints answer alike: those that are taken for the same mean the same to every endpoint."""

from collections.abc import Hashable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from cancelnorm import CancelNormError, Record, normalise, venues
from cancelnorm.common_error import CommonError
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap import Verdict
from tests.venues.fields import example

VENUES = [name for name, venue in venues.every().items() if venue.common_errors]


UNKNOWN = "a text that nobody has seen"


def codes(venue: str) -> dict[int | str | None, set[str]]:
    """The codes in the tables of a venue, and others, each with the texts that its rows tell apart."""
    package = venues.every()[venue].package
    modules = [
        import_module(f"{package}.{info.name}") for info in iter_modules(import_module(package).__path__)
    ]
    found: dict[int | str | None, set[str]] = {
        987_654: {UNKNOWN},
        "987654": {UNKNOWN},
        "A_NEW_CODE": {UNKNOWN},
    }
    for table in (value for module in modules for value in vars(module).values()):
        for code, row in table.items() if isinstance(table, Mapping) else ():
            if is_meant(row) and isinstance(code, int | str):
                words = () if isinstance(row, Verdict) else (word for word, _ in row)
                found.setdefault(code, {UNKNOWN}).update(words)
    return found


def is_meant(row: object) -> bool:
    """Whether a row of a table says what a code means, or what it does with each text."""
    return isinstance(row, Verdict) or (
        isinstance(row, tuple)
        and bool(row)
        and all(isinstance(part, tuple) and len(part) == 2 for part in row)
    )


def bodies(venue: str, error: CommonError) -> Iterator[bytes]:
    """An error of each code, with each of its texts; where there are no codes, of each text."""
    answer: dict[str, Any] = example(error.answer)
    keys = dict(zip(error.answer.__struct_fields__, error.answer.__struct_encode_fields__, strict=True))
    for code, texts in codes(venue).items():
        for text in sorted(texts):
            said = {keys[error.message]: text} | ({} if error.code is None else {keys[error.code]: code})
            yield msgspec.json.encode(answer | said)


def read(endpoint: Endpoint, body: bytes, status: int | None) -> Hashable:
    """What an endpoint makes of an error but for its code and its text; None where it reads no such error."""
    try:
        events = normalise(Record(body, endpoint.venue, endpoint.name, status)).events
    except CancelNormError:
        return None
    return tuple(replace(event, code=None, message=None) for event in events)


@pytest.mark.parametrize("venue", VENUES)
def test_errors_that_are_taken_for_the_same_mean_the_same(venue: str) -> None:
    """A code that a table has is told from others, by every endpoint that looks it up."""
    found = venues.every()[venue]
    endpoints = {id(each._errors): each for each in found.endpoints.values()}
    for error in found.common_errors:
        alike: dict[Hashable, list[bytes]] = {}
        for body in bodies(venue, error):
            if (told := error.told(body)) is not None:
                alike.setdefault(told.alike, []).append(body)
        assert alike
        for endpoint in endpoints.values():
            for several in alike.values():
                assert len({repr(read(endpoint, body, 400)) for body in several}) == 1
