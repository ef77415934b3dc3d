"""Objects that a logger puts behind its text, as zap and winston do: the text says whether they were sent."""

import json
from typing import Final

import pytest

from cancelnorm import normalise
from cancelnorm.logs.text import TEXT
from cancelnorm.record import Record
from tests.logs.captured import found, records

AT: Final = "2026-11-26T22:00:30.001Z\tDEBUG\tvenue/client.go:44\t"
DELETE: Final = ("DELETE", "https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId=17&timestamp=1", None)
POST: Final = (
    "POST",
    "https://api.bybit.com/v5/order/cancel",
    {"category": "linear", "symbol": "BTCUSDT", "orderId": "7a1b-17"},
)
UNKNOWN: Final = {"code": -2011, "msg": "Unknown order sent."}
GONE: Final = {
    "retCode": 110001,
    "retMsg": "order not exists",
    "result": {},
    "retExtInfo": {},
    "time": 1795730430200,
}
CASES: Final = (
    (DELETE, 400, UNKNOWN, "DELETE /api/v3/order", "17"),
    (POST, 200, GONE, "POST /v5/order/cancel", "7a1b-17"),
)
WORDS: Final = (("request", "response"), ("sending request", "received response"), ("->", "<-"))


def logged(text: str, fields: dict[str, object], *, quoted: bool) -> str:
    """A line with a text and fields; a body is an object, or in quotes."""
    body = fields.get("body")
    shown = {**fields, "body": json.dumps(body)} if quoted and body is not None else fields
    return f"{AT}{text}\t{json.dumps({key: value for key, value in shown.items() if value is not None})}\n"


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(("sent", "received"), WORDS)
@pytest.mark.parametrize(("asked", "status", "answer", "endpoint", "order"), CASES)
def test_each_answer_has_its_request(
    asked: tuple[str, str, object],
    status: int,
    answer: dict[str, object],
    endpoint: str,
    order: str,
    sent: str,
    received: str,
    quoted: bool,
) -> None:
    """Its endpoint, its status and the id of its order are known, and nothing is told twice."""
    method, url, body = asked
    [record] = records(
        TEXT,
        (
            logged(sent, {"method": method, "url": url, "body": body}, quoted=quoted)
            + logged(received, {"status": status, "body": answer}, quoted=quoted)
        ).encode(),
    )
    assert isinstance(record, Record)
    [event] = normalise(record).events
    assert (record.endpoint, record.status) == (endpoint, status)
    assert (event.order_id, str(event.outcome)) == (order, "rejected")


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(("asked", "status", "answer", "endpoint", "order"), CASES)
def test_a_request_without_an_answer(
    asked: tuple[str, str, object],
    status: int,
    answer: dict[str, object],
    endpoint: str,
    order: str,
    quoted: bool,
) -> None:
    """It is told, with its order; two that wait for different orders share the only answer."""
    method, url, body = asked
    line = logged("request", {"method": method, "url": url, "body": body}, quoted=quoted)
    [alone] = records(TEXT, line.encode())
    [event] = normalise(alone).events
    assert (alone.pairing, event.endpoint, event.order_id) == ("no_answer", endpoint, order)
    both = (
        line
        + line.replace("17", "18")
        + logged("response", {"status": status, "body": answer}, quoted=quoted)
    )
    told = [event for record in records(TEXT, both.encode()) for event in normalise(record).events]
    assert {event.code for event in told} & {"-2011", "110001"}
    assert not [event for event in told if event.order_id and str(event.outcome) == "rejected"]


@pytest.mark.parametrize("text", ["request", "request failed", "http", "call"])
@pytest.mark.parametrize(
    "said", [{"status": 400}, {"error": "timeout"}, {"status": 503, "error": "bad gateway"}]
)
def test_a_request_that_failed_is_told(text: str, said: dict[str, object]) -> None:
    """Its status, or an error, may be all that the log has of it."""
    method, url, _ = DELETE
    fields: dict[str, object] = {"method": method, "url": url, **said}
    [record] = records(TEXT, logged(text, fields, quoted=False).encode())
    [event] = normalise(record).events
    assert (event.endpoint, event.order_id, str(event.outcome)) == ("DELETE /api/v3/order", "17", "unknown")
    assert record.status == said.get("status")
    asked = logged("request", {"method": method, "url": url}, quoted=False)
    [once] = records(TEXT, (asked + logged(text, fields, quoted=False)).encode())
    assert normalise(once).events[0].order_id == "17"


@pytest.mark.parametrize("key", ["body", "data", "response", "payload", "status", "url", "method"])
@pytest.mark.parametrize("value", [1, True, None, [], {}, ""])
@pytest.mark.parametrize("text", ["x", "request", "response"])
def test_fields_of_any_kind(text: str, key: str, value: object) -> None:
    """What is no request and no answer raises nothing."""
    method, url, _ = DELETE
    line = logged(text, {"method": method, "url": url, key: value}, quoted=False)
    assert len(found(TEXT, line.encode())) <= 1


@pytest.mark.parametrize("text", ["request completed", "request done", "slow request", "sent"])
def test_a_request_that_was_answered_is_told_once(text: str) -> None:
    """Fields that repeat it, as with the time that it took, are no other request."""
    method, url, _ = DELETE
    asked = logged("request", {"method": method, "url": url}, quoted=False)
    answered = logged("response", {"status": 400, "body": UNKNOWN}, quoted=False)
    again = logged(text, {"method": method, "url": url, "took": 5}, quoted=False)
    for lines in (asked + answered + again, asked + again + answered):
        [record] = records(TEXT, lines.encode())
        assert normalise(record).events[0].order_id == "17"


@pytest.mark.parametrize("text", ["cancel sent", "request failed", "sent to kafka", "bad request"])
@pytest.mark.parametrize("key", ["raw", "body", "payload", "frame"])
def test_an_answer_is_no_request_whatever_the_text_says(text: str, key: str) -> None:
    """A program may say what became of its request, or to whom it passed an answer."""
    [record] = records(TEXT, logged(text, {key: GONE}, quoted=False).encode())
    assert json.loads(record.payload) == GONE
