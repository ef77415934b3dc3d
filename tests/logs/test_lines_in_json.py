"""Lines of HTTP clients, each as the text of a line of JSON, as logback, log4j and serilog write them."""

import json
from collections.abc import Callable
from typing import Final

import pytest

from cancelnorm import normalise
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from tests.logs.captured import records

URL: Final = "https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId=17&timestamp=1"
CANCEL: Final = '{"category":"linear","symbol":"BTCUSDT","orderId":"7a1b-17"}'
UNKNOWN: Final = '{"code":-2011,"msg":"Unknown order sent."}'
GONE: Final = (
    '{"retCode":110001,"retMsg":"order not exists","result":{},"retExtInfo":{},"time":1795730430200}'
)
CASES: Final = (
    (("DELETE", URL, ""), (400, UNKNOWN), ("DELETE /api/v3/order", "17")),
    (
        ("POST", "https://api.bybit.com/v5/order/cancel", CANCEL),
        (200, GONE),
        ("POST /v5/order/cancel", "7a1b-17"),
    ),
)
KEYS: Final = ("message", "msg", "log", "@m")


def okhttp(asked: tuple[str, str, str], answered: tuple[int, str]) -> list[str]:
    """The lines of OkHttp's interceptor."""
    (method, url, body), (status, answer) = asked, answered
    sent = ["content-type: application/json", "", body] if body else ["accept: */*"]
    return [
        *(f"--> {method} {url} h2", *sent, f"--> END {method}"),
        *(f"<-- {status} {url} (85ms)", "x-mbx-used-weight: 5", "", answer, "<-- END HTTP (97-byte body)"),
    ]


def message(asked: tuple[str, str, str], answered: tuple[int, str]) -> list[str]:
    """The lines of messages of HTTP."""
    (method, url, body), (status, answer) = asked, answered
    host, _, path = url.removeprefix("https://").partition("/")
    sent = (f"{method} /{path} HTTP/1.1", f"Host: {host}", "", *((body,) if body else ()))
    return [*sent, f"HTTP/1.1 {status} Reason", "Content-Type: application/json", "", answer]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", [okhttp, message])
@pytest.mark.parametrize(("asked", "answered", "told"), CASES)
def test_each_answer_has_its_request(
    asked: tuple[str, str, str],
    answered: tuple[int, str],
    told: tuple[str, str],
    form: Callable[[tuple[str, str, str], tuple[int, str]], list[str]],
    key: str,
) -> None:
    """Bodies are texts of their own: behind a request it is its own, behind a status that of the answer."""
    lines = form(asked, answered)
    log = "".join(f"{json.dumps({'level': 'INFO', key: line})}\n" for line in lines)
    [record] = records(MAPPED, log.encode())
    [event] = normalise(record).events
    assert (record.endpoint, record.status) == (told[0], answered[0])
    assert (event.order_id, str(event.outcome)) == (told[1], "rejected")


@pytest.mark.parametrize(("asked", "answered"), [case[:2] for case in CASES])
def test_of_two_requests_in_flight_none_has_a_body_that_may_be_the_others(
    asked: tuple[str, str, str], answered: tuple[int, str]
) -> None:
    """Of two for different orders, with the bodies behind both statuses, no answer is certain to be of an order."""
    method, url, body = asked
    one = okhttp(asked, answered)
    two = okhttp((method, url.replace("17", "18"), body.replace("17", "18")), answered)
    half = next(i for i, line in enumerate(one) if line.startswith("<--"))
    mixed = [*one[:half], *two[:half], one[half], two[half], *one[half + 1 :], *two[half + 1 :]]
    log = "".join(f"{json.dumps({'level': 'INFO', 'message': line})}\n" for line in mixed)
    found = records(MAPPED, log.encode(), Options(venue="binance" if "binance" in asked[1] else "bybit"))
    events = [event for record in found for event in normalise(record).events]
    assert {event.code for event in events} & {"-2011", "110001"}
    assert not [event for event in events if event.order_id and str(event.outcome) == "rejected"]
