"""Answers at a URL whose method the log does not tell, and those of which other lines name the venue."""

import json

import pytest

from cancelnorm import Record
from cancelnorm.logs.cancel_at import cancel_at
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.text import TEXT
from tests.logs.captured import found, records
from tests.samples import SAMPLES

URL = "https://fapi.binance.com/fapi/v1/order?symbol=XRPUSDT&orderId=25782828322&timestamp=1667556970198"
ENDPOINT = "DELETE /fapi/v1/order"
BUSY_BODY = '{"code":-1003,"msg":"Too many requests."}'
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


RAISED = f"requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: {URL}\n"
CHAINED = "\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last)\n"
QUOTED = f"ccxt.base.errors.OrderNotFound: binance {GONE_BODY}\n"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (RAISED + CHAINED + QUOTED, "25782828322"),
        (f"DELETE {URL.replace('25782828322', '7')}\n{RAISED}{CHAINED}{QUOTED}", "25782828322"),
        (RAISED + QUOTED, None),  # nothing says that one led to the other
        (RAISED + "bye\n" * 4 + CHAINED + QUOTED, None),
        (RAISED + CHAINED + "bye\n" * 100 + QUOTED, None),
        (RAISED.replace("fapi.binance", "api.gateio") + CHAINED + QUOTED, None),
        (RAISED + CHAINED + QUOTED.replace("-2011", "-2013"), None),  # a query may get it
        (RAISED + CHAINED + "  File 'a.py', line 1\n    x()\n" + QUOTED, "25782828322"),
        (RAISED + CHAINED + "KeyError: y\n" + QUOTED, None),  # that is what it led to
        (f"[conn-1] {RAISED}" + CHAINED + f"[conn-2] {QUOTED}", None),
        (RAISED + CHAINED + f"2025-07-25 22:40:12,122 ERROR order 99: {QUOTED}", None),
        (RAISED + CHAINED + f"ERROR: order 99: {QUOTED}", None),
        (RAISED.replace("/order?", "/account?") + CHAINED + QUOTED, None),  # its handler canceled
    ],
)
def test_the_error_that_led_to_an_exception_names_its_request(text: str, order: str | None) -> None:
    """As ccxt raises the answer while it handles the status; whatever else waits."""
    [answer] = [each for each in found(TEXT, text.encode()) if getattr(each, "payload", b"")]
    assert isinstance(answer, Record)
    assert (answer.endpoint, answer.status) == ((ENDPOINT, 400) if order else (None, None))
    request = answer.request or {}
    assert isinstance(request, dict)
    assert request.get("orderId") == order


@pytest.mark.parametrize(
    "said", ["[update_prices] ccxt.base.errors.OrderNotFound:", "Could not place order:"]
)
def test_an_order_that_is_gone(said: str) -> None:
    """It was to be canceled, unless words say that a program asked for it."""
    gone = '{"label":"ORDER_NOT_FOUND","message":"Order not found"}'
    asked = "DELETE https://api.gateio.ws/api/v4/spot/orders/17?currency_pair=BTC_USDT"
    told = [record.pairing for record in records(TEXT, f"{asked}\n{said} gate {gone}\n".encode())]
    assert told == [None]
    query = f"{asked}\nCould not get order: gate {gone}\n"
    assert [record.pairing for record in records(TEXT, query.encode())] == ["no_answer"]


@pytest.mark.parametrize("said", ["get order update from", "[OrderManager.get_order]", "fetching positions:"])
def test_words_before_what_is_no_error(said: str) -> None:
    """A frame behind the name of a venue is what the venue sent."""
    frame = json.dumps(SAMPLES["binance/stream-executionreport-canceled-2022"].tree())
    assert len(records(TEXT, f"{said} binance {frame}\n".encode())) == 1


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("Error fetching ticker for ROSE/USDT: Failed to fetch ticker for ROSE/USDT: Exchange error", False),
        ('fetch_order() returned exception: "Could not get order due to InvalidOrder. Message', False),
        ("Could not place limit sell order due to InvalidOrder. Message", False),
        ("fetchOHLCV failed, updating candles", False),
        ("bot.set_leverage", False),
        ("Could not cancel order", True),
        ("cancelOrder failed while updating positions", True),
        ("fetching the news is done", True),
        ("create the file for the orders of this day", True),
        ("Exchange error", True),
        ("edit_order failed, place order next", True),
        ("bot.order_manager.place_orders", True),
        ("PlaceOrderService: could not withdraw order 1", True),
    ],
)
def test_words_that_say_what_else_failed(said: str, is_told: bool) -> None:
    """An exception of a query or of a placement tells of no cancel, also if one waits, unless only a cancel gets it."""
    text = f"2025-07-25 22:40:12,122 INFO {said}: binance {{}}\n"
    busy, gone = text.format(BUSY_BODY), text.format(GONE_BODY)
    assert len(found(TEXT, busy.encode())) == is_told
    [record] = records(TEXT, f"DELETE {URL}\n{busy}".encode())
    assert record.pairing == (None if is_told else "no_answer")
    assert [record.pairing for record in records(TEXT, f"DELETE {URL}\n{gone}".encode())] == [None]
    assert len(records(TEXT, gone.encode())) == 1
