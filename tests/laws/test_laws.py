"""The laws hold for every endpoint of every venue, registered now or later."""

import pytest

from cancelnorm import Record, parse
from cancelnorm.api import HttpFailure
from cancelnorm.testing import LAWS, Law, laws
from tests.strategies import ENDPOINTS, VENUES

test_laws = laws(*VENUES)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_every_law_applies_somewhere(law: Law) -> None:
    """A law that says nothing about any venue would hold whatever the code does."""
    assert any(law.applies(venue) for venue in VENUES)


def test_http_failure_is_what_parse_says_of_html() -> None:
    """A status that says what happened needs no readable body."""
    endpoint = ENDPOINTS[0]
    record = Record(b"<html>", endpoint.venue, endpoint.name, 502)
    assert parse(record) == HttpFailure(502, "<html>")
