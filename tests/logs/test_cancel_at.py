"""Answers at a URL whose method the log does not tell, and those of which other lines name the venue."""

import json

import pytest

from cancelnorm import Record, normalise
from cancelnorm.logs.cancel_at import cancel_at
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.text import TEXT
from tests.logs.captured import found, records
from tests.logs.lines import GONE

URL = "https://fapi.binance.com/fapi/v1/order?symbol=XRPUSDT&orderId=25782828322&timestamp=1667556970198"
ENDPOINT = "DELETE /fapi/v1/order"
RAISED = f"requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: {URL}\n\n"
CHAINED = "During handling of the above exception, another exception occurred:\n\n"
GONE_BODY = '{"code":-2011,"msg":"Unknown order sent."}'


@pytest.mark.parametrize(
    ("body", "endpoint"),
    [
        (GONE_BODY, ENDPOINT),
        ('{"code":-2013,"msg":"Order does not exist."}', None),  # a query
        ('{"code":-2019,"msg":"Margin is insufficient."}', None),  # a placement
        ('{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}', None),  # any
        ("<html>", None),
    ],
)
def test_only_the_answer_of_a_cancel_tells_the_method(body: str, endpoint: str | None) -> None:
    """The same URL is that of placements and of queries."""
    assert cancel_at("binance", URL, body, 400) == endpoint


@pytest.mark.parametrize("url", ["https://fapi.binance.com/fapi/v1/none", "http://[", ""])
def test_only_where_there_is_a_cancel(url: str) -> None:
    """Another path has none."""
    assert cancel_at("binance", url, GONE_BODY, 400) is None


def test_a_traceback_tells_the_request() -> None:
    """The exception of requests has the URL, and the one that it led to has the answer."""
    log = f"{RAISED}{CHAINED}ccxt.base.errors.OrderNotFound: binance {GONE_BODY}\n"
    [record] = records(TEXT, log.encode())
    [event] = normalise(record).events
    assert (event.endpoint, event.order_id, str(event.reason)) == (ENDPOINT, "25782828322", GONE)
    placed = f'{RAISED}{CHAINED}ccxt.InsufficientFunds: binance {{"code":-2019,"msg":"no"}}\n'
    [record] = records(TEXT, placed.encode())
    assert (record.endpoint, record.request) == (None, None)


def test_an_object_with_the_url_and_the_answer() -> None:
    """Whatever wrote it, the answer tells that it is the one to a cancel."""
    line = {"url": URL, "status": 400, "body": json.loads(GONE_BODY)}
    [record] = records(MAPPED, json.dumps(line).encode() + b"\n")
    assert (record.endpoint, record.request) == (
        ENDPOINT,
        {"symbol": "XRPUSDT", "orderId": "25782828322", "timestamp": "1667556970198"},
    )


@pytest.mark.parametrize(
    ("near", "venue"),
    [
        ("ERROR - connector.binance_perpetual.Derivative - Failed to cancel", "binance"),
        ("calling https://api.binance.com/api/v3/ticker", "binance"),
        ("ERROR - connector.mexc.Spot - Failed to cancel", "mexc"),
        ("bybit is here, and so is nobody else", None),
        ("INFO binance: connected\nINFO mexc: connected", None),
        ("INFO binance: connected" + "\nbye" * 20, None),
    ],
)
def test_lines_near_name_the_venue(near: str, venue: str | None) -> None:
    """Where several send such an answer, and only one of them is named."""
    answers = found(TEXT, f"{near}\nOSError: request failed: {GONE_BODY}\n".encode())
    assert [each.venue for each in answers if isinstance(each, Record)] == ([venue] if venue else [])
