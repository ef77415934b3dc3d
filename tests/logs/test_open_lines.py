"""Requests that go on in the next line: what ends them may be of another connection, or the end of the log."""

import json

import pytest

from cancelnorm import normalise
from cancelnorm.logs.formats import named
from cancelnorm.record import Record
from tests.logs.captured import found, records
from tests.samples import SAMPLES

URL = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId="
GONE = '{"code":-2011,"msg":"Unknown order sent."}'
BYBIT = "https://api.bybit.com/v5/order/cancel"
BODY = '{"category":"linear","symbol":"BTCUSDT","orderId":"17"}'
HEADERS = ("DELETE /api/v3/order?symbol=BTCUSDT&orderId=17 HTTP/1.1", "Host: api.binance.com", "Accept: */*")
OTHER = ("POST /v5/order/cancel HTTP/1.1", "Host: api.bybit.com")
OPEN = {
    "headers": HEADERS,
    "object": (f"DELETE {URL}17 {{",),
    "command": (f"curl -X DELETE '{URL}17' \\",),
}
FORMS = ("text", "jsonl")
ANSWER = SAMPLES["binance/delete-order"].tree()
Line = tuple[int, str]


def log_of(form: str, *lines: Line) -> bytes:
    """A log of lines, each with the number of its connection."""
    written = (
        f"[conn-{number}] {line}"
        if form == "text"
        else json.dumps({"level": "info", "conn": number, "msg": line})
        for number, line in lines
    )
    return "".join(f"{line}\n" for line in written).encode()


def told(form: str, *lines: Line) -> list[tuple[str | None, str | None, str | None]]:
    """The order of each record, where it stands, and how it was paired."""
    things = records(named(form), log_of(form, *lines))
    return [(normalise(each).events[0].order_id, each.source, each.pairing) for each in things]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", OPEN)
def test_the_end_of_the_log(form: str, name: str) -> None:
    """A request in its last lines is told."""
    assert told(form, *((1, line) for line in OPEN[name])) == [("17", "log:1", "no_answer")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["headers", "object"])
def test_an_answer_on_another_connection(form: str, name: str) -> None:
    """It is none to the request before it, which its own connection answers."""
    lines = tuple((1, line) for line in OPEN[name])
    own, other = (1, f"recv {GONE}"), (2, f"recv {GONE}")
    last = f"log:{len(lines) + 1}"
    assert told(form, *lines, other) == [(None, last, None), ("17", "log:1", "no_answer")]
    assert told(form, *lines, own) == [("17", last, None)]
    assert told(form, *lines, (2, "heartbeat"), own) == [("17", f"log:{len(lines) + 2}", None)]


@pytest.mark.parametrize("form", FORMS)
def test_a_command_and_another_connection(form: str) -> None:
    """A line of another connection does not go on with it."""
    lines = ((1, f"curl -X DELETE '{URL}17' \\"), (2, f"DELETE {URL}18"), (2, f"recv {GONE}"))
    assert told(form, *lines) == [("18", "log:3", None), ("17", "log:1", "no_answer")]


@pytest.mark.parametrize("form", FORMS)
def test_an_object_that_is_broken_behind_an_answer(form: str) -> None:
    """The answer is that to the request of its own connection."""
    lines = ((1, f"DELETE {URL}17"), (2, f"DELETE {URL}18"), (1, f"recv {GONE} {{"), (2, "heartbeat"))
    assert told(form, *lines) == [("17", "log:3", None), ("18", "log:2", "no_answer")]


@pytest.mark.parametrize("form", FORMS)
def test_headers_of_two_connections(form: str) -> None:
    """Those of one are none of the other's request, and neither is a body."""
    lines = ((1, HEADERS[0]), (2, OTHER[0]), (1, HEADERS[1]), (2, OTHER[1]), (2, ""), (2, BODY))
    things = found(named(form), log_of(form, *lines))
    assert not [each for each in things if isinstance(each, Record) and each.venue == "binance"]
    whole = (*((2, line) for line in (*OTHER, BODY)), *((1, line) for line in HEADERS))
    for number in (1, 2):
        asked = told(form, *whole, (number, "HTTP/1.1 200 OK"))
        assert asked == [("17", "log:1", "no_answer"), ("17", "log:4", "no_answer")]


@pytest.mark.parametrize("form", FORMS)
def test_statuses_of_requests_at_one_time(form: str) -> None:
    """One that names none of two requests is not that of the last: the order in the body tells, or nothing does."""
    other = HEADERS[0].replace("17", "18")
    asked = ((1, HEADERS[0]), (1, HEADERS[1]), (1, ""), (1, other), (1, HEADERS[1]), (1, ""))
    status = (1, "HTTP/1.1 400 Bad Request")
    things = found(named(form), log_of(form, *asked, status, (1, ""), (1, GONE)))
    assert not [each for each in things if isinstance(each, Record) and each.request and not each.pairing]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("behind", [(), ("nothing of it",), (f"POST {BYBIT}", BODY.replace("17", "18"))])
def test_a_body_without_an_end(form: str, behind: tuple[str, ...]) -> None:
    """It is the body of its request, whatever is behind it."""
    lines = [(1, line) for line in (f"POST {BYBIT}", BODY, *behind)]
    assert [order for order, _, _ in told(form, *lines)] == ["17", *(["18"] if len(behind) > 1 else [])]


@pytest.mark.parametrize("beside", [{"data": ANSWER}, {"fields": {"response": ANSWER}}, {"response": ANSWER}])
def test_an_answer_beside_a_text_that_may_go_on(beside: dict[str, object]) -> None:
    """Whatever its text may be a part of, the rest of a line is read."""
    texts = ({"msg": "recv {"}, {"msg": "got", **beside}, {"msg": "}"})
    lines = ({"level": "info", **each} for each in texts)
    log = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    [record] = records(named("jsonl"), log)
    assert record.source == "log:2"


def test_a_line_that_is_no_text_ends_a_command() -> None:
    """Its answer is that of the command before it."""
    answer = {"conn": 1, "method": "DELETE", "url": f"{URL}17", "status": 400, "body": json.loads(GONE)}
    log = log_of("jsonl", (1, OPEN["command"][0])) + json.dumps(answer).encode()
    [record] = records(named("jsonl"), log)
    assert (normalise(record).events[0].order_id, record.pairing) == ("17", None)


@pytest.mark.parametrize(("second", "order"), [(30, "17"), (31, "17"), (32, None)])
def test_an_error_and_the_request_in_the_line_behind_it(second: int, order: str | None) -> None:
    """The request is that of the error, unless it was sent later."""
    log = (
        "2026-11-26 22:00:30,000 APIError(code=-2011): Unknown order sent.\n"
        f"2026-11-26 22:00:{second},000 send DELETE {URL}17\n"
        f"2026-11-26 22:00:33,000 recv {json.dumps({**ANSWER, 'orderId': 17})}\n"
    )
    events = [event for each in records(named("text"), log.encode()) for event in normalise(each).events]
    assert [event.order_id for event in events if event.outcome == "rejected"] == [order]
    assert events[-1].order_id == "17"


def test_a_line_of_another_connection_ends_no_headers() -> None:
    """Those behind it are of the same request."""
    first, *others = HEADERS
    frame = {
        "conn": 2,
        "venue": "binance",
        "payload": SAMPLES["binance/stream-executionreport-canceled-2022"].tree(),
    }
    ended = log_of("jsonl", *((1, each) for each in (*others, "HTTP/1.1 400 x", f"recv {GONE}")))
    log = log_of("jsonl", (1, first)) + json.dumps(frame).encode() + b"\n" + ended
    events = [event for each in records(named("jsonl"), log) for event in normalise(each).events]
    assert [event.order_id for event in events if event.outcome == "rejected"] == ["17"]
