"""Code tables of all venues say that an order is gone, or is not, only where the venue does."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

import pytest

from cancelnorm import Outcome, venues
from cancelnorm.eventmap import CodeTable, Verdict, verdict_of


def tables() -> Iterator[tuple[str, CodeTable]]:
    """Every table of verdicts that a venue's package has, once, by the name of its module and its own."""
    seen = set()
    for venue in venues.every().values():
        for info in iter_modules(import_module(venue.package).__path__):
            module = import_module(f"{venue.package}.{info.name}")
            for name, value in vars(module).items():
                if isinstance(value, Mapping) and id(value) not in seen and is_table(value):
                    seen.add(id(value))
                    yield f"{venue.name} {info.name}.{name}", value


def is_table(value: Mapping[object, object]) -> bool:
    """Whether a mapping is one of codes: to verdicts, some of them by their texts."""
    rows = value.values()
    return any(map(is_by_text, rows)) and all(isinstance(row, Verdict) or is_by_text(row) for row in rows)


def is_by_text(row: object) -> bool:
    """Whether a row tells by its text what it means."""
    if isinstance(row, Verdict) or not isinstance(row, tuple):
        return False
    return bool(row) and all(
        isinstance(part, tuple) and isinstance(part[0], str) and isinstance(part[1], Verdict) for part in row
    )


TABLES = dict(tables())
every_table = pytest.mark.parametrize(
    "table", [pytest.param(table, id=name) for name, table in TABLES.items()]
)


def test_there_are_tables() -> None:
    """The laws below are about every table that has codes with several meanings."""
    assert TABLES


@every_table
def test_an_unknown_text_never_says_that_an_order_is_gone(table: CodeTable) -> None:
    """A code with several meanings, told by its text, falls back to none that makes people drop a live order."""
    several = {code for code, row in table.items() if not isinstance(row, Verdict)}
    assert several
    for code in several:
        for text in ("a text that nobody has seen", ""):
            reason = verdict_of(table, code, text).reason
            assert reason is None or not reason.is_order_gone, code


@every_table
@pytest.mark.parametrize("code", [987_654_321, "987654321"])
def test_an_unknown_code_is_told_by_the_words_of_a_server(table: CodeTable, code: int | str) -> None:
    """Under a code that no table lists, a server that could not answer leaves the outcome open."""
    for text in ("Server error, please try again later", "The system is busy", "Request timeout"):
        assert verdict_of(table, code, text).outcome is Outcome.UNKNOWN
    assert verdict_of(table, code, "a text that nobody has seen").outcome is Outcome.REJECTED
