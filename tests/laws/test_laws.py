"""The laws hold for every endpoint of every venue, registered now or later."""

import ast
from pathlib import Path

import pytest
from hypothesis import settings

import cancelnorm
from cancelnorm import Record, parse
from cancelnorm.api import HttpFailure
from cancelnorm.testing import LAWS, Law, examples, laws
from cancelnorm.testing.payloads import PLANTED
from tests.strategies import ENDPOINTS, VENUES

OF_MANY_ENDPOINTS = [venue for venue in VENUES if examples(venue) > settings().max_examples]

test_laws = laws(*(venue for venue in VENUES if venue not in OF_MANY_ENDPOINTS))
test_laws_of_many_endpoints = laws(*OF_MANY_ENDPOINTS)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_every_law_applies_somewhere(law: Law) -> None:
    """A law that says nothing about any venue would hold whatever the code does."""
    assert any(law.applies(venue) for venue in VENUES)


def test_http_failure_is_what_parse_says_of_html() -> None:
    """A status that says what happened needs no readable body."""
    endpoint = ENDPOINTS[0]
    record = Record(b"<html>", endpoint.venue, endpoint.name, 502)
    assert parse(record) == HttpFailure(502, "<html>")


def test_the_planted_secret_is_no_constant() -> None:
    """Hypothesis offers the constants of the package as texts: the secret would stand where nothing names it.

    It drew one as the ``workingType`` of a replaced order of BingX, a word that is shown as it was sent.
    """
    sources = list(Path(cancelnorm.__file__).parent.rglob("*.py"))
    assert sources
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text())):
            assert not (isinstance(node, ast.Constant) and PLANTED in str(node.value)), source
