"""Lines of a program's logger in those of what collects logs, and answers in them that name no request."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cancelnorm.logs import Options, formats
from tests.logs.test_bots import events_of

URL = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=17"
GONE = {"code": -2011, "msg": "Unknown order sent."}
WRAPPED: Mapping[str, Callable[[str], str]] = {
    "Docker": lambda line: json.dumps(
        {"log": f"{line}\n", "stream": "stdout", "time": "2026-05-01T10:00:00Z"}
    ),
    "Google": lambda line: json.dumps(
        {"insertId": "a", "jsonPayload": json.loads(line), "timestamp": "2026-05-01T10:00:00Z"}
    ),
    "fluentd": lambda line: f"2026-05-01T10:00:00Z\tbot.log\t{json.dumps({'log': line})}",
    "nothing": lambda line: line,
}
LINES: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "method and URL": (
        {"msg": "send", "method": "DELETE", "url": URL},
        {"msg": "recv", "status": 400, "body": GONE},
    ),
    "objects of pino": (
        {"msg": "Request", "req": {"method": "DELETE", "url": URL}},
        {
            "msg": "Response",
            "res": {"statusCode": 400, "body": GONE},
        },
    ),
    "texts": (
        {"message": f"send DELETE {URL}"},
        {"message": 'recv 400 {"code":-2011,"msg":"Unknown order sent."}'},
    ),
}


def told(*lines: str) -> list[tuple[str | None, str]]:
    """The order and the outcome of each event of a log, and how many lines were refused."""
    log = "".join(f"{line}\n" for line in lines)
    found, refused = events_of(log, formats.pick(log.encode(), Options()).name)
    return [*((event.order_id, str(event.outcome)) for event in found), *[(None, "refused")] * refused]


@pytest.mark.parametrize("wrap", WRAPPED)
@pytest.mark.parametrize("kind", LINES)
def test_wrapped_lines(wrap: str, kind: str) -> None:
    """The answer is that of the only request, whatever is around both."""
    assert told(*(WRAPPED[wrap](json.dumps(line)) for line in LINES[kind])) == [("17", "rejected")]


def test_the_venue_of_several_requests() -> None:
    """An answer that names no venue and no request is of the only venue that was asked."""
    other = {"msg": "send", "method": "DELETE", "url": URL.replace("17", "18")}
    answer = {"msg": "recv", "body": GONE}
    assert told(*map(json.dumps, (LINES["method and URL"][0], other, {**answer, "status": 400}))) == [
        (None, "rejected"),
        ("17", "unknown"),
        ("18", "unknown"),
    ]


@pytest.mark.parametrize("answer", [{"status": 200}, {"status": 502, "body": "<html>Bad gateway</html>"}])
def test_an_answer_without_an_object(answer: dict[str, Any]) -> None:
    """It is that of the request before it, and the next answer is that of the next request."""
    asked, gone = LINES["method and URL"]
    other = {**asked, "url": URL.replace("17", "18")}
    found = told(*map(json.dumps, (asked, {"msg": "recv", **answer}, other, gone)))
    assert sorted(found) == [("17", "unknown"), ("18", "rejected")]


@pytest.mark.parametrize(
    "answer", [{"serverTime": 1}, {"makerCommission": 15, "balances": []}, {}, {"ok": True, "result": {}}]
)
def test_answers_to_other_requests(answer: dict[str, Any]) -> None:
    """They are no fault of the log, though a cancel waits beside them."""
    asked, gone = LINES["method and URL"]
    query = {"msg": "send", "method": "GET", "url": "https://api.binance.com/api/v3/other"}
    other = {"msg": "send", "method": "POST", "url": "https://api.telegram.org/sendMessage"}
    found = told(*map(json.dumps, (query, other, asked, {"msg": "recv", "status": 200, "body": answer})))
    assert found in ([("17", "unknown")], [])
    assert ("17", "rejected") in told(*map(json.dumps, (asked, gone)))


@pytest.mark.parametrize("said", ["telegram response", "response from redis", "received signal", "webhook"])
def test_a_status_of_something_else(said: str) -> None:
    """It is none of the request that waits."""
    asked, gone = LINES["method and URL"]
    for other in ({"status": 500}, {"status": 502, "body": "<html>x</html>"}):
        found = told(*map(json.dumps, (asked, {"msg": said, **other}, gone)))
        assert [each for each in found if each[1] != "refused"] == [("17", "rejected")]


def test_a_call_of_which_only_the_status_is_logged() -> None:
    """It is told, also where it went well."""
    line = {"msg": "http", "method": "DELETE", "url": URL, "status": 200, "bytes": 46}
    assert told(json.dumps(line)) == [("17", "unknown")]
