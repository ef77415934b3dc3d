"""Requests and answers as curl and Python's http.client print them over several lines."""

from collections.abc import Sequence
from typing import Final

import pytest

from cancelnorm import normalise
from cancelnorm.logs.source import Options
from cancelnorm.logs.text import TEXT
from tests.logs.captured import leaks, records

PATH: Final = "/api/v4/spot/orders/12345?currency_pair=BTC_USDT"
NOT_FOUND: Final = '{"label":"ORDER_NOT_FOUND","message":"Order not found"}'
COMMAND: Final = f"$ curl -v -X DELETE 'https://api.gateio.ws{PATH}' -H 'KEY: 9a0b1c2d'"
CURL: Final = (
    "*   Trying 203.0.113.7:443...",
    f"> DELETE {PATH} HTTP/2",
    "> Host: api.gateio.ws",
    "> KEY: 9a0b1c2d",
    "> SIGN: 5e6f",
    "> ",
    "< HTTP/2 404 ",
    "< content-type: application/json",
    "< ",
    "* Connection #0 to host api.gateio.ws left intact",
    NOT_FOUND,
)
CLIENT: Final = (
    rf"send: b'DELETE {PATH} HTTP/1.1\r\nHost: api.gateio.ws\r\nKEY: 9a0b1c2d\r\nSIGN: 5e6f\r\n\r\n'",
    r"reply: 'HTTP/1.1 404 Not Found\r\n'",
    "header: Content-Type: application/json",
    NOT_FOUND,
)


@pytest.mark.parametrize("lines", [CURL, (COMMAND, *CURL), CLIENT, (*CURL, COMMAND, *CURL)])
def test_an_answer_has_the_request_and_the_status_before_it(lines: Sequence[str]) -> None:
    """The body alone says neither which order nor which endpoint."""
    found = records(TEXT, "\n".join(lines).encode())
    assert len(found) == lines.count(NOT_FOUND)
    for record in found:
        [event] = normalise(record).events
        assert record.status == 404
        assert (event.endpoint, event.order_id) == ("DELETE /api/v4/spot/orders/{order_id}", "12345")
        assert (event.outcome, event.symbol) == ("rejected", "BTC_USDT")
    assert not leaks(found)


def test_headers_that_are_secret_are_told() -> None:
    """Their names, and not what they hold."""
    for lines in (CURL, CLIENT):
        [record] = records(TEXT, "\n".join(lines).encode())
        assert "headers.sign" in [secret.casefold() for secret in record.secrets]


@pytest.mark.parametrize("lines", [CURL[1:3], CURL[1:2], CURL[6:], ("> ", "<", "< x", "> DELETE / HTTP/1.1")])
def test_parts_of_a_transcript_claim_nothing(lines: Sequence[str]) -> None:
    """A request without its host or its end is none, and a status without a request is of no order."""
    assert all(record.endpoint is None for record in records(TEXT, "\n".join(lines).encode()))


def test_a_quoted_object_is_read_as_before() -> None:
    """An arrow before an object is no transcript."""
    [record] = records(TEXT, b'< {"code":-2011,"msg":"Unknown order sent."}', Options(venue="binance"))
    assert normalise(record).events[0].outcome == "rejected"
