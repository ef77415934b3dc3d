"""Answers whose body stands alone in a line behind that of their status, as ``curl -i`` and programs print them."""

import json
import re
from urllib.parse import urlencode

import pytest

from cancelnorm import answering, normalise, venues
from cancelnorm.logs.cancel_at import is_of_cancel
from cancelnorm.logs.formats import named
from cancelnorm.record import Record
from tests.logs.captured import found, records
from tests.samples import SAMPLES, Sample

URL = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId="
TIME = "https://api.binance.com/api/v3/time"
LATE = '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}'
STATUSES = ("HTTP/1.1 {} x", "status {}", "{} {} {}")


def told(log: str) -> list[tuple[str | None, str | None]]:
    """The order of each record, and how it was paired."""
    found = records(named("text"), log.encode())
    return [(normalise(record).events[0].order_id, record.pairing) for record in found]


def request_of(sample: Sample) -> tuple[str, str, str]:
    """The method, the URL and the body of the request that a sample answers."""
    assert isinstance(sample.request, dict | None)
    method, path, *_ = sample.endpoint.split(" ")
    asked = dict(sample.request or {})
    answer = sample.tree()
    own = answer.get("id", "17") if isinstance(answer, dict) else "17"
    path = re.sub(r"\{(\w+)\}", lambda name: str(asked.pop(name[1], own)), path)
    url = f"https://{venues.every()[sample.venue].hosts[0]}{path}"
    if method == "POST":
        return method, url, f" {json.dumps(asked)}"
    return method, f"{url}?{urlencode(asked)}" if asked else url, ""


def is_alone(sample: Sample) -> bool:
    """Whether a sample is an object over HTTP that the request it names has as its only answer."""
    is_object = bytes(sample.payload)[:1] == b"{" and len(json.loads(bytes(sample.payload))) > 0
    is_http = " /" in sample.endpoint and sample.status is not None
    is_named = sample.request is not None or sample.endpoint.count(" ") == 1
    is_named = is_named and not isinstance(sample.request, list) and "countdown" not in sample.endpoint
    return is_http and is_object and is_named


def of_venue(venue: str) -> dict[str, Sample]:
    """These samples of a venue, but for those that name another order than their request."""
    found = {name: each for name, each in SAMPLES.items() if each.venue == venue and is_alone(each)}
    return {
        name: each for name, each in found.items() if not name.endswith(("contradiction", "another-order"))
    }


@pytest.mark.parametrize("venue", venues.names())
def test_the_body_of_any_answer_behind_its_status(venue: str) -> None:
    """It is that of the only request, however few keys it has, and whatever its words are."""
    for name, sample in of_venue(venue).items():
        method, url, asked = request_of(sample)
        body = json.dumps(sample.tree())
        for form in STATUSES:
            status = form.format(*(method, url, sample.status) if form.count("{}") > 1 else (sample.status,))
            [record] = records(named("text"), f"{method} {url}{asked}\n{status}\n{body}\n".encode())
            assert (name, record.payload, record.status) == (name, body.encode(), sample.status)
            assert (record.endpoint, record.pairing) == (sample.endpoint, None)


@pytest.mark.parametrize(
    ("venue", "method", "url", "frame"),
    [
        ("binance", "DELETE", f"{URL}1", {"code": -1021, "msg": "Timestamp"}),
        ("binance", "DELETE", f"{URL}1", {"code": 2, "msg": "Invalid request: unknown", "id": 4}),
        (
            "okx",
            "POST",
            "https://www.okx.com/api/v5/trade/cancel-order",
            {"event": "error", "code": "60012", "msg": "Invalid request", "connId": "a4d3ae55"},
        ),
    ],
)
def test_what_was_received_may_be_of_another_call(
    venue: str, method: str, url: str, frame: dict[str, object]
) -> None:
    """Of a line of JSON without a URL and a status it is not known whether it answers the only request."""
    request = {"dir": "out", "method": method, "url": url}
    answer = {"dir": "in", "exchange": venue, "payload": frame}
    told = [
        each
        for each in found(named("jsonl"), f"{json.dumps(request)}\n{json.dumps(answer)}\n".encode())
        if isinstance(each, Record)
    ]
    assert [each.pairing for each in told if each.source == "log:1"] == ["no_answer"]
    assert all(each.request is None for each in told if each.source == "log:2")


def test_an_error_that_may_be_of_several_requests() -> None:
    """Behind two statuses it may be of either; behind another request, it is of none for certain."""
    asked, other = f"DELETE {URL}1\n", f"DELETE {URL}2\n"
    status = f"DELETE {URL}1 400\n"
    assert told(f"{asked}{other}{status}{LATE}\n") == [("1", None), ("2", "no_answer")]
    assert told(f"{asked}{other}{status}DELETE {URL}2 400\n{LATE}\n") == [
        (None, None),
        ("1", "in_doubt"),
        ("2", "in_doubt"),
    ]
    for behind in (other, f"GET {TIME}\n", f"GET {TIME} 400\n"):
        found = told(f"{asked}{status}{behind}{LATE}\n")
        assert found[0] == ("1", "no_answer")
        assert {pairing for _, pairing in found} == {"no_answer"}


@pytest.mark.parametrize(
    "line",
    [
        f"sending {LATE}",
        '{"level":"info","msg":"retry","code":-1021}',
        '{"code":"-1021","msg":"retry"}',
        '{"id":1,"status":400,"error":{"code":-1021,"msg":"x"}}',
        '{"retCode":10002,"retMsg":"x","result":{},"retExtInfo":{},"time":1700000000000}',
    ],
)
def test_an_object_that_is_no_answer_to_the_request(line: str) -> None:
    """The request stays without an answer, and that may still come."""
    log = f"DELETE {URL}1\nDELETE {URL}1 400\n{line}\n"
    assert ("1", "no_answer") in told(log)
    assert ("1", None) in told(f"{log}{LATE}\n")


def test_a_body_is_that_of_one_answer() -> None:
    """A program that prints an error again does not tell of another one."""
    assert told(f"DELETE {URL}1\nDELETE {URL}1 400\n{LATE}\nbot {LATE}\n") == [("1", None)]


@pytest.mark.parametrize("status", ["GET https://{}/v5/market/time 404", "https://{}/v5/market/time 404"])
@pytest.mark.parametrize("venue", venues.names())
def test_the_status_of_a_query_elsewhere(venue: str, status: str) -> None:
    """It is that of an answer before the request's, if the venue that was asked last has the keys of an error.

    What only a cancel gets is none of it, where the line tells the method.
    """
    other = venues.every()[venue]
    for error in (LATE, '{"code":-2011,"msg":"Unknown order sent."}'):
        log = f"DELETE {URL}1\n{status.format(other.hosts[-1])}\nrecv {error}\n"
        found = records(named("text"), log.encode())
        [pairing] = [each.pairing for each in found if each.endpoint == "DELETE /api/v3/order"]
        is_its = not answering.takes(other, error.encode()) or (
            status[:1] == "G" and is_of_cancel(venue, error)
        )
        assert (error, pairing) == (error, None if is_its else "no_answer")


@pytest.mark.parametrize("asked", [f"GET {TIME}", "GET https://api.binance.com/api/v3/account"])
def test_the_status_of_a_query_before_the_request(asked: str) -> None:
    """The body of that answer was before the request, or is not in the log: the next error is of the request."""
    gone = '{"code":-2011,"msg":"Unknown order sent."}'
    assert told(f"{asked}\nHTTP/1.1 200 OK\nDELETE {URL}1\nrecv {gone}\n") == [("1", None)]
