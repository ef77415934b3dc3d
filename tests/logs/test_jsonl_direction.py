"""Lines of JSON: which are requests, which are answers, and which belong together."""

import json
from typing import Any

import pytest

from cancelnorm import normalise
from cancelnorm.logs.jsonl import MAPPED
from tests.logs.captured import asked, records
from tests.logs.objects import CANCEL_URL, REFUSAL, line, only


@pytest.mark.parametrize("way", ["out", "SEND", "->", "request"])
def test_what_was_sent_is_no_record(way: str) -> None:
    """It is kept for its answer."""
    asked = line(dir=way, ts=1_700_000_000, response={"id": 1, "method": "order.cancel", "params": {}})
    answer = line(dir="in", response={"id": 1, "status": 200, "result": {}})
    record = only(asked + b"\n" + answer)
    assert (record.endpoint, record.sent_ns) == ("ws order.cancel", 1_700_000_000_000_000_000)


def test_requests_are_known_without_a_direction() -> None:
    """By what they say."""
    asked = line(response='{"id": 1, "method": "order.cancel", "params": {"orderId": 5}}')
    assert only(asked + b"\n" + line(response='{"id": 1, "status": 200}')).request == {"orderId": 5}


BODY = {"category": "linear", "symbol": "BTCUSDT", "orderId": "12eb49e9-5283-4bdb-a967-b17e6e7fc50e"}


def http(direction: str, order_id: int, payload: object, **more: object) -> bytes:
    """A line with a request, or with its answer."""
    url = f"https://api.binance.com/api/v3/order?orderId={order_id}"
    members = {"direction": direction, "method": "DELETE", "url": url, "body": payload, **more}
    return json.dumps(members).encode() + b"\n"


def test_http_in_lines_of_their_own() -> None:
    """An answer finds its request by method and URL; what stays without one is reported at the end."""
    refused = {"code": -2011, "msg": "Unknown order sent."}
    log = http("out", 1, "symbol=BTCUSDT", sent_ns=1795704214000000000, account="a")
    log += http("out", 2, "symbol=ETHUSDT", account="a") + http("in", 1, refused, status=400, account="a")
    answered, left = records(MAPPED, log)
    assert (answered.request, answered.sent_ns) == (
        {"orderId": "1", "symbol": "BTCUSDT"},
        1795704214000000000,
    )
    assert (left.source, left.pairing, left.account) == ("log:2", "no_answer", "a")
    assert left.request == {"orderId": "2", "symbol": "ETHUSDT"}


def test_http_of_other_connections() -> None:
    """An answer belongs to no request of another account."""
    log = http("out", 1, "", account="a") + http("in", 1, {"code": -2011, "msg": "gone"}, account="b")
    assert [record.pairing for record in records(MAPPED, log)] == [None, "no_answer"]


def test_requests_that_cannot_be_distinguished() -> None:
    """Those at one URL that ask for different things are paired with none; the same asked twice is known."""
    answers = http("in", 1, {"code": -2011, "msg": "gone"}) * 2
    log = http("out", 1, "a=1") + http("out", 1, "a=2") + answers
    assert [record.pairing for record in records(MAPPED, log)] == ["shared_id", "shared_id"]
    log = http("out", 1, "a=1") * 2 + answers
    assert [record.pairing for record in records(MAPPED, log)] == [None, None]


def test_a_log_of_requests_alone() -> None:
    """Nobody can tell from it what became of the orders, and so it says."""
    log = http("out", 1, "a=1") + http("out", 2, "a=1")
    assert [record.pairing for record in records(MAPPED, log)] == ["no_answer", "no_answer"]


ACKNOWLEDGED = {
    "retCode": 0,
    "retMsg": "OK",
    "result": {"orderId": BODY["orderId"], "orderLinkId": ""},
    "retExtInfo": {},
    "time": 1795704214044,
}


@pytest.mark.parametrize(
    ("key", "sent", "received"),
    [
        ("direction", ">", "<"),
        ("dir", "out", "in"),
        ("type", "request", "response"),
        ("type", "SEND", "RECV"),
        ("event", "http_request", "http_response"),
        ("event", "request.sent", "response.received"),
        ("kind", "restRequest", "restResponse"),
        ("way", "->", "<-"),
    ],
)
def test_the_kind_of_a_line_is_its_direction(key: str, sent: str, received: str) -> None:
    """A request in a line of its own is paired with its answer, and one without an answer is told."""
    url = "https://api.bybit.com/v5/order/cancel"
    call = {"method": "POST", "url": url}
    log = [
        {"ts": 1795704214000, key: sent, **call, "body": BODY},
        {"ts": 1795704214100, key: received, **call, "body": ACKNOWLEDGED},
        {"ts": 1795704215000, key: sent, **call, "body": {**BODY, "orderId": "b"}},
    ]
    answered, unanswered = records(MAPPED, "\n".join(map(json.dumps, log)).encode())
    assert (answered.sent_ns, answered.received_ns) == (1795704214000 * 10**6, 1795704214100 * 10**6)
    assert asked(answered) == BODY
    assert (unanswered.pairing, asked(unanswered)["orderId"]) == ("no_answer", "b")


def test_a_line_with_an_answer_is_no_request() -> None:
    """Whatever its kind is called; and the time in a venue's answer is not when it was received."""
    line = {"ts": 1795704214100, "type": "request", "method": "POST", "path": "/v5/order/cancel"}
    [record] = records(MAPPED, json.dumps({**line, "response": ACKNOWLEDGED}).encode())
    assert record.received_ns == 1795704214100 * 10**6


@pytest.mark.parametrize("key", ["body", "requestBody", "req"])
@pytest.mark.parametrize("is_text", [False, True])
def test_the_body_of_a_request_beside_its_response(key: str, *, is_text: bool) -> None:
    """Of a line with both, ``body`` is what was sent; alone it is what came."""
    asks: Any = {"category": "linear", "symbol": "ETHUSDT", "orderId": "7"}
    answer = {
        "retCode": 0,
        "retMsg": "OK",
        "result": {"orderId": "7", "orderLinkId": ""},
        "retExtInfo": {},
        "time": 1,
    }
    call = {"method": "POST", "url": "https://api.bybit.com/v5/order/cancel"}
    record = only(line(**call, **{key: json.dumps(asks) if is_text else asks}, response=answer))
    assert asked(record) == asks
    assert json.loads(record.payload) == answer
    [alone] = records(MAPPED, json.dumps({**call, "body": answer}).encode())
    assert json.loads(alone.payload) == answer


CANCELS = "https://api.bybit.com/v5/order/cancel"
ASKS = json.dumps({"category": "linear", "symbol": "BTCUSDT", "orderId": "7"})
AXIOS: dict[str, Any] = {"config": {"method": "post", "url": CANCELS, "data": ASKS}}


@pytest.mark.parametrize(
    ("lines", "reason", "source"),
    [
        (
            [{"msg": "request failed", "method": "POST", "url": CANCELS, "status": 502}],
            "venue_unavailable",
            1,
        ),
        (
            [
                {"msg": "sending", "method": "POST", "url": CANCELS, "body": ASKS},
                {"msg": "failed", "method": "POST", "url": CANCELS, "status": "503 Service Unavailable"},
            ],
            "venue_unavailable",
            1,
        ),
        (
            [
                {"msg": "response", "method": "POST", "url": CANCELS, "status": 502, "body": "<html>"},
                {"msg": "request completed", "method": "POST", "url": CANCELS, "status": 502},
            ],
            "venue_unavailable",
            1,
        ),
        (
            [{"level": 50, "msg": "x", "err": {"message": "Request failed with status code 502", **AXIOS}}],
            "venue_unavailable",
            1,
        ),
        (
            [{"level": 50, "msg": "x", "err": {"message": "timeout of 10000ms exceeded", **AXIOS}}],
            "timeout",
            1,
        ),
        (
            [{"msg": "timeout of 10000ms exceeded", "method": "POST", "url": CANCELS, "body": ASKS}],
            "timeout",
            1,
        ),
        (
            [{"msg": "x", "error": "context deadline exceeded", "method": "POST", "url": CANCELS}],
            "timeout",
            1,
        ),
        (
            [{"msg": "x", "error": "connection reset by peer", "method": "POST", "url": CANCELS}],
            "no_answer",
            1,
        ),
    ],
)
def test_a_failure_that_has_no_body(lines: list[dict[str, Any]], reason: str, source: int) -> None:
    """The line of a failure may be all that tells of a cancel: whether it was carried out is not known."""
    log = "".join(json.dumps({"level": "error", **each}) + "\n" for each in lines)
    [record] = records(MAPPED, log.encode())
    [event] = normalise(record).events
    assert (event.endpoint, event.outcome, event.reason) == ("POST /v5/order/cancel", "unknown", reason)
    assert record.source == f"log:{source}"
    assert event.order_id == ("7" if '"7' in log or '\\"7' in log else None)


@pytest.mark.parametrize(
    "lines",
    [
        [
            {"level": "debug", "msg": "request", "method": "DELETE", "url": CANCEL_URL, "body": ""},
            {
                "level": "debug",
                "msg": "response",
                "url": CANCEL_URL,
                "status": "400 Bad Request",
                "body": REFUSAL,
            },
        ],
        [
            {"level": "debug", "msg": "HTTP request", "method": "DELETE", "url": CANCEL_URL},
            {"level": "debug", "msg": "HTTP response", "status": 400, "body": REFUSAL},
        ],
        [
            {
                "@timestamp": "2026-11-03T09:00:01.058Z",
                "message": "call",
                "http": {
                    "request": {"method": "DELETE"},
                    "response": {"status_code": 400, "body": {"content": REFUSAL}},
                },
                "url": {"full": CANCEL_URL},
            }
        ],
        [
            {
                "message": "call",
                "http.request.method": "DELETE",
                "http.response.status_code": 400,
                "http.response.body.content": REFUSAL,
                "url.full": CANCEL_URL,
            }
        ],
        [
            {
                "@t": "2026-11-03T09:00:01Z",
                "@mt": "{Method} {Url}",
                "Method": "DELETE",
                "Url": CANCEL_URL,
                "Status": 400,
                "Body": REFUSAL,
            }
        ],
    ],
)
def test_requests_and_answers_as_loggers_name_them(lines: list[dict[str, Any]]) -> None:
    """In a line each, of which the second may not repeat the request, or under the names of a schema."""
    [record] = records(MAPPED, "".join(json.dumps(each) + "\n" for each in lines).encode())
    [event] = normalise(record).events
    assert (record.status, event.order_id, event.outcome, event.reason) == (
        400,
        "12",
        "rejected",
        "not_found_or_closed",
    )
    assert event.endpoint == "DELETE /api/v3/order"


@pytest.mark.parametrize(
    "line",
    [
        {"method": "POST", "url": CANCELS, "body": json.loads(ASKS), "level": "debug", "msg": "bybit"},
        {"method": "POST", "url": CANCELS, "payload": ASKS, "ts": 1793700001058},
    ],
)
def test_what_asks_for_a_cancel_is_a_request(line: dict[str, Any]) -> None:
    """No word of the line says so, but its body."""
    [record] = records(MAPPED, json.dumps(line).encode())
    assert (record.pairing, normalise(record).events[0].order_id) == ("no_answer", "7")
