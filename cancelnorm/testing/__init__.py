"""The laws that every endpoint of every venue keeps, for the tests of a distribution that adds a venue.

A test module of its own is enough::

    from cancelnorm.testing import laws

    test_laws = laws("acme")

It takes ``pip install 'cancelnorm[testing]'``: pytest, which runs the laws, and Hypothesis, which makes the
payloads, read off the types in which the endpoints say what the venue sends.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Before they are imported, so that pytest shows what an assertion compared.
pytest.register_assert_rewrite(
    "cancelnorm.testing.reading_laws", "cancelnorm.testing.meaning_laws", "cancelnorm.testing.row_laws"
)

from cancelnorm.reader.types import is_struct  # noqa: E402
from cancelnorm.testing import meaning_laws as meaning  # noqa: E402
from cancelnorm.testing import reading_laws as reading  # noqa: E402
from cancelnorm.testing import row_laws as rows  # noqa: E402
from cancelnorm.testing.faults import is_marked  # noqa: E402
from cancelnorm.testing.payloads import (  # noqa: E402
    Wanted,
    endpoints_of,
    endpoints_with,
    is_decimal,
    is_epoch,
    is_prose,
    is_vocabulary,
)

__all__ = ["LAWS", "Law", "examples", "laws"]


class Law(NamedTuple):
    """A law: ``hold`` draws an example of a venue and asserts; ``applies`` is false where there is none."""

    hold: Callable[[str, st.DataObject], None]
    applies: Callable[[str], object]

    @property
    def name(self) -> str:
        """What the law says, in short."""
        return self.hold.__name__


def _with(wanted: Wanted) -> Callable[[str], object]:
    """Whether an endpoint of a venue answers with a type that is wanted."""
    return partial(endpoints_with, wanted=wanted)


LAWS: Final = (
    Law(reading.any_bytes_give_events_or_our_error, endpoints_of),
    Law(reading.what_parse_returns_normalise_maps, endpoints_of),
    Law(reading.every_valid_payload_is_understood, endpoints_of),
    Law(reading.form_changes_nothing, endpoints_of),
    Law(reading.two_shapes_in_one_are_refused, reading.mixable),
    Law(reading.marked_scalars_are_exact, _with(is_marked)),
    Law(reading.bytes_that_are_no_text_are_refused, _with(is_marked)),
    Law(reading.numbers_are_exact, _with(is_decimal)),
    Law(reading.times_are_exact, _with(is_epoch)),
    Law(reading.additions_do_not_break, _with(is_struct)),
    Law(reading.unknown_words_do_not_break, _with(is_vocabulary)),
    Law(reading.removals_break, endpoints_of),
    Law(meaning.raw_structs_round_trip, endpoints_of),
    Law(meaning.nothing_is_lost, endpoints_of),
    Law(meaning.nothing_is_invented, endpoints_of),
    Law(rows.concatenation, rows.lone_arrays),
    Law(rows.bad_rows_stand_alone, rows.mapped_arrays),
    Law(meaning.transport_does_not_matter, meaning.carriers),
    Law(meaning.a_path_says_what_a_request_would, meaning.addressed),
    Law(meaning.a_query_says_what_a_request_would, meaning.queried),
    Law(meaning.what_a_venue_says_is_free_of_secrets, _with(is_prose)),
)
"""Every law, with where it applies."""


_ENDPOINTS: Final = 60
"""Endpoints for which the examples of a profile are enough."""


def examples(*names: str) -> int:
    """How many examples of each law some venues have: as many as the one with most endpoints needs.

    Each example is an answer of one endpoint: of a venue with twice as many, each would be drawn half as often.
    """
    most = max((len(endpoints_of(name)) for name in names), default=0)
    return settings().max_examples * max(1, round(most / _ENDPOINTS))


def laws(*names: str) -> Callable[..., None]:
    """A test of every law for every endpoint of some venues, to be assigned to a name that begins with ``test``.

    A law that says nothing about a venue, because no endpoint of it sends what the law speaks of, is left out.
    """
    cases = [
        pytest.param(law, name, id=f"{law.name}-{name}")
        for law in LAWS
        for name in names
        if law.applies(name)
    ]

    @pytest.mark.parametrize(("law", "venue"), cases)
    @settings(
        max_examples=examples(*names),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.data())
    def test(law: Law, venue: str, data: st.DataObject) -> None:
        law.hold(venue, data)

    found: Callable[..., None] = test
    return found
