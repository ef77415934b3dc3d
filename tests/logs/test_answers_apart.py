"""Answers that come apart from their request line: the status in one line, the body in another, or much too late."""

import json
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs import Options
from cancelnorm.logs.formats import named
from tests.logs.captured import records

URL = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId="
REFUSED = '{"code":-2011,"msg":"Unknown order sent."}'
CANCEL = "https://api.bybit.com/v5/order/cancel"


def told(log: str, form: str = "text", options: Options | None = None) -> list[tuple[str | None, str | None]]:
    """The order of each record, and how it was paired."""
    found = records(named(form), log.encode(), options or Options())
    return [(normalise(record).events[0].order_id, record.pairing) for record in found]


def okhttp(order: int, status: int | str, body: str = "") -> str:
    """An answer as OkHttp logs it, which does not repeat the method."""
    lines = f"<-- {status} {URL}{order} (57ms)\ncontent-type: application/json\n\n"
    return f"{lines}{body}\n<-- END HTTP (42-byte body)\n" if body else lines


def asked(order: int) -> str:
    """A request as OkHttp logs it."""
    return f"--> DELETE {URL}{order} http/1.1\n--> END DELETE\n"


def test_the_status_line_tells_which_request_is_answered() -> None:
    """Of two requests that wait, the body goes to the one whose status was just logged, with its status."""
    log = asked(111) + asked(222) + okhttp(222, 503, REFUSED) + okhttp(111, "400 Bad Request", REFUSED)
    assert told(log) == [("222", None), ("111", None)]
    assert [record.status for record in records(named("text"), log.encode())] == [503, 400]


def test_a_body_after_two_status_lines() -> None:
    """It may belong to either, so both are in doubt."""
    log = asked(111) + asked(222) + okhttp(222, 400) + okhttp(111, 400) + f"{REFUSED}\n{REFUSED}\n"
    assert told(log) == [(None, None), (None, None)]


def test_a_status_line_of_another_venue_stays_open() -> None:
    """Where a body can be the answer to one of two alone, the other still waits for its own."""
    log = asked(111) + f"{bybit('A')}\n"
    log += f"<-- 200 {CANCEL} (57ms)\n\n" + okhttp(111, 400, REFUSED) + f"{GONE}\n"
    assert told(log) == [("111", None), ("A", None)]
    assert [record.status for record in records(named("text"), log.encode())] == [400, 200]


def test_a_line_with_status_and_body_and_no_method() -> None:
    """The URL tells the request."""
    log = asked(111) + asked(222) + f"<-- 400 {URL}222 {REFUSED}\n<-- 400 {URL}111 {REFUSED}\n"
    assert told(log) == [("222", None), ("111", None)]


@pytest.mark.parametrize(
    "line",
    [
        f'DEBUG https://api.binance.com:443 "DELETE {URL[23:]}111 HTTP/1.1" 400 None',
        "10:00:00 DELETE /fapi/v1/order?symbol=BTCUSDT&orderId=111 400 12ms",
        f"--> DELETE {URL}111\n<-- 400 {URL}111 (57ms)",
    ],
)
def test_an_answer_of_which_the_log_has_the_status_alone(line: str) -> None:
    """The fate of the order is not known, whatever else the log has."""
    [record] = records(named("text"), f"{line}\n".encode())
    [event] = normalise(record).events
    assert (event.order_id, event.outcome, event.reason, record.status) == (
        "111",
        "unknown",
        "no_answer",
        400,
    )
    whole = f"Request: POST {CANCEL} {{}}\nResponse: 200 POST {CANCEL} {{}}\n"
    beside = records(named("text"), f"{whole}{line}\n".encode())
    assert [(each.venue, each.pairing) for each in beside] == [("bybit", None), ("binance", "no_answer")]


@pytest.mark.parametrize("request_line", ["", f"DEBUG DELETE {URL.partition('?')[0]}\n"])
def test_an_answer_without_parameters_beside_a_status_line_that_has_them(request_line: str) -> None:
    """As where urllib3 logs each call at its whole URL, and the program its answers at a short one: it is one call."""
    address, _, _ = URL.partition("?")
    log = request_line + f'DEBUG https://api.binance.com:443 "DELETE {URL[23:]}111 HTTP/1.1" 400 None\n'
    log += f"DELETE {address} 400 {REFUSED}\n"
    assert told(log) == [("111", None)]
    assert told(log.replace("111 HTTP", "222 HTTP") + log) == [("222", None), ("111", None)]
    other = log.replace("DELETE /api/v3/order?", "DELETE /fapi/v1/order?")
    assert told(other) == [(None, None), ("111", "no_answer")]


def test_a_redirect_is_no_request() -> None:
    """The status before the request line is that of an answer, which has no body here."""
    moved = URL.replace("api.", "api1.")
    log = f"Request: DELETE {URL}1\nResponse: 307 DELETE {URL}1\nRequest: DELETE {moved}1\n"
    log += f"Response: 400 DELETE {moved}1 {REFUSED}\n"
    [record] = records(named("text"), log.encode())
    assert (record.status, normalise(record).events[0].order_id) == (400, "1")


def test_the_milliseconds_of_a_time_are_no_status() -> None:
    """A line with a request is none with an answer."""
    log = f"10:00:00,123 DELETE {URL}1\n10:00:00,404 {URL}1\n"
    assert told(log) == [("1", "no_answer")]
    assert records(named("text"), log.encode())[0].status is None


@pytest.mark.parametrize(
    "other", ["wss://ws-api.binance.com:443/ws-api/v3", "wss://ws-api.binance.com/ws-api/v3/?x=1"]
)
def test_an_address_that_is_written_in_two_ways(other: str) -> None:
    """It is one connection."""
    params = {"symbol": "X", "orderId": 7}
    lines = [
        {"direction": "out", "url": other, "data": {"id": 1, "method": "order.cancel", "params": params}},
        {
            "direction": "in",
            "url": "wss://ws-api.binance.com/ws-api/v3",
            "data": {"id": 1, "status": 400, "error": json.loads(REFUSED)},
        },
    ]
    assert told("\n".join(map(json.dumps, lines)), "jsonl") == [("7", None)]


# --- Late answers ---


def bybit(order: str) -> str:
    """A request to cancel an order, whose URL tells nothing of it."""
    return f"Request: POST {CANCEL} " + json.dumps({"category": "linear", "symbol": "X", "orderId": order})


GONE = '{"retCode":110001,"retMsg":"order not exists","result":{},"retExtInfo":{},"time":1700000000000}'


@pytest.mark.parametrize("answer", [f"Response: 200 POST {CANCEL} {GONE}", f"Response: {GONE}"])
def test_an_answer_that_comes_after_its_request_was_given_up(answer: str) -> None:
    """It may belong to the old request or to the new one at the same URL, so it names neither."""
    lines = [bybit("A"), *["noise"] * 1_100, bybit("B"), answer, answer]
    assert [order for order, _ in told("\n".join(lines))] == ["A", None, None]


def test_an_hour_later_no_answer_is_late() -> None:
    """Where the log has times, a request that is older than an hour is not waited for."""
    lines = [
        f"2026-11-26 10:00:00 {bybit('A')}",
        *["noise"] * 1_100,
        f"2026-11-26 11:00:01 {bybit('B')}",
        f"2026-11-26 11:00:02 Response: 200 POST {CANCEL} {GONE}",
    ]
    assert told("\n".join(lines)) == [("A", "no_answer"), ("B", None)]


def test_an_error_that_names_no_request() -> None:
    """It is given to the only request of its venue, and not to the nearest of two."""
    error = "order not exists or too late to cancel (ErrCode: 110001) (ErrTime: 10:00:00)."
    near = told("\n".join([bybit("A"), error]))
    far = told("\n".join([bybit("A"), *["noise"] * 11, bybit("B"), error]))
    assert (near, far[0]) == ([("A", None)], (None, None))


def test_an_error_that_names_its_request() -> None:
    """It is given to that one, whatever else waits at the same URL, or was printed of it before."""
    error = "order not exists or too late to cancel (ErrCode: 110001) (ErrTime: 10:00:00)."
    named = bybit("B").replace("Request: POST", "Request → POST").replace("cancel {", "cancel: {")
    log = "\n".join([bybit("A"), bybit("B"), error, named])
    assert told(log) == [("B", None), ("A", "no_answer")]
    assert told(log.replace('"B"', '"b"', 1)) == [("B", None), ("A", "no_answer"), ("b", "no_answer")]


# --- Ids of frames ---


def frame(request_id: str, order: int) -> str:
    """A request over WebSocket with an id as it is written."""
    params = json.dumps({"symbol": "BTCUSDT", "orderId": order})
    return f'1700000000 {{"id":{request_id},"method":"order.cancel","params":{params}}}\n'


def refusal(request_id: str) -> str:
    """Its refusal, which does not name the order."""
    return f'1700000001 {{"id":{request_id},"status":400,"error":{{"code":-2011,"msg":"Unknown order sent."}}}}\n'


@pytest.mark.parametrize(
    ("one", "other", "answer", "order"),
    [
        ("1", '"1"', '"1"', "2"),  # a text is no number
        ('"1"', "1", "1", "2"),
        ("9007199254740992", "9007199254740993", "9007199254740992", None),  # JavaScript rounds both to this
        ("9007199254740990", "9007199254740991", "9007199254740991", "2"),
        ('"a"', r'"\u00e9"', '"é"', "2"),
    ],
)
def test_ids_that_look_alike(one: str, other: str, answer: str, order: str | None) -> None:
    """Two requests, and the answer to one of them."""
    log = frame(one, 1) + frame(other, 2) + refusal(answer)
    found = told(log, "timestamped", Options(venue="binance"))
    assert found[0][0] == order


def test_the_answer_to_a_subscription_is_no_answer_to_a_cancel() -> None:
    """Whether the log has the subscription with the same id or not."""
    subscription = '1700000000 {"id":1,"method":"SUBSCRIBE","params":["btcusdt@trade"]}\n'
    for asked_for in (subscription, ""):
        log = frame("1", 7) + asked_for + '1700000000 {"result":null,"id":1}\n' + refusal("1")
        found = records(named("timestamped"), log.encode(), Options(venue="binance"))
        quiet = [record for record in found if b"result" in _payload(record)]
        [refused] = [record for record in found if record not in quiet]
        assert [event.order_id for event in normalise(refused).events] == ["7"]
        assert len(quiet) == 1
        assert quiet[0].endpoint != "ws order.cancel"


def _payload(record: Record) -> bytes:
    return record.payload if isinstance(record.payload, bytes) else record.payload.encode()


# --- Interleaved calls, each of which logs its request, then a status, then a body ---


class Step(NamedTuple):
    """A line of a call: the first has the request, the second the status, the third the body, which may be missing."""

    call: int
    part: int


def _path(step: Step) -> str:
    return f"{URL[23:]}{7000 + step.call}"


def _body(step: Step) -> str:
    """A refusal; the number in its text is that of the call, and tells nothing."""
    return f'{{"code":-2011,"msg":"Unknown order sent. {step.call}"}}'


def _like_okhttp(step: Step) -> str:
    url = f"https://api.binance.com{_path(step)}"
    return (f"--> DELETE {url} http/1.1", f"<-- 400 {url} (57ms)", _body(step))[step.part]


def _like_requests(step: Step) -> str:
    line = f'DEBUG https://api.binance.com:443 "DELETE {_path(step)} HTTP/1.1"'
    sent = f"DEBUG bot sending DELETE https://api.binance.com{_path(step)}"
    return (sent, f"{line} 400 None", f"ERROR bot received {_body(step)}")[step.part]


def _like_a_proxy(step: Step) -> str:
    return (
        "a line of the program",
        f"10:00:00 DELETE https://api.binance.com{_path(step)} 400 12ms",
        f"response: {_body(step)}",
    )[step.part]


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """The lines of some calls at once; some never come."""
    counts = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(1, 4)))]
    calls = [[Step(call, part) for part in range(count)] for call, count in enumerate(counts)]
    log: list[Step] = []
    while calls := [call for call in calls if call]:
        log.append(draw(st.sampled_from(calls)).pop(0))
    return log


@pytest.mark.parametrize("write", [_like_okhttp, _like_requests, _like_a_proxy])
@given(log=steps())
def test_calls_whose_lines_are_interleaved(write: Callable[[Step], str], log: list[Step]) -> None:
    """A body names the order of its own request, or none; a call without a body is told at most once."""
    found = records(named("text"), "".join(f"{write(step)}\n" for step in log).encode())
    bodies = [step.call for step in log if step.part == 2]
    answered = [record for record in found if not record.is_unanswered]
    assert [json.loads(record.payload)["msg"] for record in answered] == [
        f"Unknown order sent. {call}" for call in bodies
    ]
    for call, record in zip(bodies, answered, strict=True):
        assert {event.order_id for event in normalise(record).events} <= {None, str(7000 + call)}
    left = [record for record in found if record.is_unanswered]
    orders = [normalise(record).events[0].order_id for record in left]
    assert len(set(orders)) == len(orders)
    certain = {one for one, record in zip(orders, left, strict=True) if record.pairing != "in_doubt"}
    assert not {str(7000 + call) for call in bodies} & certain or len(bodies) > 1


# --- Requests over several lines ---


def _of_okhttp(call: int) -> tuple[str, ...]:
    """The lines of a call of Bybit; the text of the answer has its number, which tells nothing."""
    return (
        f"--> POST {CANCEL} http/1.1\nContent-Type: application/json\n",
        json.dumps({"category": "linear", "symbol": "X", "orderId": str(7000 + call)}),
        "--> END POST (50-byte body)",
        f"<-- 200 {CANCEL} (57ms)",
        GONE.replace("not exists", f"not exists {call}"),
        "<-- END HTTP (99-byte body)",
    )


def test_a_body_in_a_line_of_its_own() -> None:
    """What stands between the first line of a request and its end is its body."""
    log = [line for call in range(3) for line in _of_okhttp(call)]
    for before in ("", "DEBUG codec HTTP/1.1 - "):  # words that lines about other things have
        lines = "\n".join(log).split("\n")
        assert told("\n".join(before + line for line in lines)) == [
            ("7000", None),
            ("7001", None),
            ("7002", None),
        ]


def test_an_object_that_is_no_body() -> None:
    """Without the line that begins a request, an object may be anything; and so it may behind other words."""
    log = list(_of_okhttp(0))
    assert [order for order, _ in told("\n".join(log[1:]))] == [None]
    log[1] = f"open orders: {log[1]}"
    assert [order for order, _ in told("\n".join(log))] == [None]


def test_several_objects_in_a_request() -> None:
    """It is not known which is the body."""
    log = list(_of_okhttp(0))
    log.insert(1, '{"symbol":"X","orderId":"1"}')
    assert [order for order, _ in told("\n".join(log))] == [None]


@st.composite
def calls(draw: st.DrawFn) -> list[tuple[int, str]]:
    """The lines of some calls at once, each with the number of its call; some never come."""
    kept = [[*_of_okhttp(call)] for call in range(draw(st.integers(1, 4)))]
    for lines in kept:
        del lines[draw(st.integers(3, 6)) :]
    log: list[tuple[int, str]] = []
    while left := [call for call, lines in enumerate(kept) if lines]:
        call = draw(st.sampled_from(left))
        log += [(call, kept[call].pop(0)) for _ in range(draw(st.integers(1, len(kept[call]))))]
    return log


@given(log=calls())
def test_requests_whose_lines_are_interleaved(log: list[tuple[int, str]]) -> None:
    """An answer names the order of its own request, or none."""
    found = records(named("text"), "".join(f"{line}\n" for _, line in log).encode())
    for record in found:
        orders = {event.order_id for event in normalise(record).events}
        if not record.is_unanswered:
            message = json.loads(record.payload)["retMsg"]
            assert orders <= {None, str(7000 + int(message.rpartition(" ")[2]))}
    left = [record.request for record in found if record.is_unanswered and record.request]
    assert len({str(request) for request in left}) == len(left)


def test_a_body_that_one_of_two_requests_may_have() -> None:
    """Where another venue's request waits too, the body is not its answer."""
    log = asked(111) + f"--> POST {CANCEL}\n" + f"{GONE}\n"
    assert [(record.venue, record.pairing) for record in records(named("text"), log.encode())] == [
        ("bybit", None),
        ("binance", "no_answer"),
    ]
