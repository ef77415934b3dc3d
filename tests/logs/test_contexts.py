"""Answers find their requests by what lines say of their call, of their program, and of the order."""

import json
from typing import Any

import pytest

from cancelnorm import Record, normalise
from cancelnorm.logs import Options
from cancelnorm.logs.contexts import Context, context_before
from cancelnorm.logs.formats import named
from tests.logs.captured import found, records

CANCEL = "https://api.bybit.com/v5/order/cancel"
GONE = {
    "retCode": 110001,
    "retMsg": "order not exists or too late to cancel",
    "result": {},
    "retExtInfo": {},
    "time": 1672217377164,
}
NO_OPTIONS = Options()
UNKNOWN = '{"code":-2011,"msg":"Unknown order sent."}'


def asked(order: int) -> dict[str, Any]:
    """The body of a request to cancel an order."""
    return {"category": "linear", "symbol": "BTCUSDT", "orderId": str(order)}


def taken(order: int) -> dict[str, Any]:
    """The answer that names the order."""
    return {**GONE, "retCode": 0, "retMsg": "OK", "result": {"orderId": str(order), "orderLinkId": ""}}


def sent(label: str, order: int) -> str:
    """The line of a request."""
    return f"10:00:01 {label} --> POST {CANCEL} {json.dumps(asked(order))}"


def received(label: str, answer: dict[str, Any]) -> str:
    """The line of an answer."""
    return f"10:00:02 {label} <-- 200 POST {CANCEL} {json.dumps(answer)}"


def told(*lines: str, form: str = "text", options: Options = NO_OPTIONS) -> list[tuple[str, str | None]]:
    """The outcome and the order of each event of a log."""
    return [
        (event.outcome, event.order_id)
        for record in records(named(form), "".join(f"{line}\n" for line in lines).encode(), options)
        for event in normalise(record).events
    ]


# --- The call and the program ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[req-1]", "[req-2]"),
        ("request_id=7f1", "request_id=7f2"),
        ("corr=1", "corr=2"),
        ('x-request-id: "a1"', 'x-request-id: "a2"'),
        ("[bot-1]", "[bot-2]"),
        ("bot[311]:", "bot[312]:"),
        ("strategy=a", "strategy=b"),
        ("ws1 request", "ws2 response"),
        ("Nov 28 10:00:01 a bot[311]:", "Nov 28 10:00:01 b bot[311]:"),
    ],
)
def test_names_that_differ(one: str, other: str) -> None:
    """The request of the answer is not in the log, and the answer names no other one's order."""
    log = (sent(one, 4911), received(other, GONE))
    assert told(*log) == [("rejected", None), ("unknown", "4911")]
    assert told(sent(other, 4911), log[1]) == [("rejected", "4911")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("web-1    |", "web-2    |"),
        ("shop_web_1  |", "shop_web_2  |"),
        ("[pod/bot-7f/main]", "[pod/bot-7e/main]"),
    ],
)
def test_names_at_the_beginning(one: str, other: str) -> None:
    """As Docker Compose and kubectl write them."""
    log = (f"{one} {sent('', 4911)}", f"{other} {received('', GONE)}")
    assert told(*log) == [("rejected", None), ("unknown", "4911")]
    assert told(log[0], f"{one} {received('', GONE)}") == [("rejected", "4911")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DEBUG http[123]:", "WARNING http[123]:"),
        ("INFO[0012]", "WARN[0013]"),
        ("INFO[0012]:", "INFO[0013]:"),
        ("Thread[23]", "Thread[45]"),
        ("Thread[23]:", "Thread[45]:"),
        ("asyncio-task[23]:", "asyncio-task[45]:"),
        ("client.py[23]", "client.py[45]"),
        ("client.py[23]:", "client.py[45]:"),
        ("client.ts[23]: ", "client.ts[45]: "),
        ("sent[118 bytes]", "received[250 bytes]"),
        ("size[118]:", "size[250]:"),
        ("size[118]", "latency[250]"),
        ("bot[311]:", "ws[312]:"),
        ("call=118ms", "call=250ms"),
        ("request-118ms", "request-250ms"),
        ("request -118", "request -250"),
        ("req=118 bytes", "req=250 bytes"),
        ("bot 10:59:59", "bot 11:00:00"),
    ],
)
def test_numbers_of_something_else(one: str, other: str) -> None:
    """Of levels, threads, files, sizes and durations: they name no program and no call."""
    assert told(sent(one, 4911), received(other, GONE)) == [("rejected", "4911")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thread-12 |", "Thread-13 |"),
        ("Thread-1   |", "Thread-12  |"),
        ("Task-3     |", "Task-1     |"),
        ("pool-1-thread-2  |", "pool-1-thread-3  |"),
        ("worker-1   |", "worker-2   |"),
        ("ThreadPoolExecutor-0_1  |", "ThreadPoolExecutor-0_2  |"),
        ("asyncio_0  |", "asyncio_1  |"),
        ("req-12  |", "res-12  |"),
        ("2026-11-28  |", "2026-11-29  |"),
        ("INFO-1  |", "DEBUG-2  |"),
        ("step-1 |", "step-2 |"),
    ],
)
def test_columns_at_the_beginning(one: str, other: str) -> None:
    """A thread in one, or a date, is no container."""
    log = (f"{one} {sent('', 4911)}", f"{other} {received('', GONE)}")
    assert told(*log) == [("rejected", "4911")]


PLACEHOLDERS = (
    *(
        "-",
        "None",
        "none",
        "null",
        "nil",
        "N/A",
        "undefined",
        "unknown",
        "UNKNOWN",
        "0",
        "0000000000000000",
        "",
    ),
    "00000000-0000-0000-0000-000000000000",
)


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_placeholders(name: str) -> None:
    """What loggers write for no name is none, whichever line has it."""
    for key in ("request_id", "trace_id", "user", "bot"):
        labels = [f"[{key}=r1]", f"[{key}={name}]"]
        for one, other in (labels, labels[::-1]):
            assert told(sent(one, 4911), received(other, GONE)) == [("rejected", "4911")]
    label = f"request_id={name} user=bob"
    assert context_before(label.encode()) == context_before(b"user=bob") != Context()


@pytest.mark.parametrize("name", [*PLACEHOLDERS, 0, None])
@pytest.mark.parametrize("key", ["request_id", "dd.trace_id", "pod", "host", "user_id"])
def test_placeholders_in_json(key: str, name: object) -> None:
    """The same in lines of JSON."""
    request = {key: "a1", "method": "POST", "url": CANCEL, "body": asked(4911), "event": "request"}
    answer = {key: name, "method": "POST", "url": CANCEL, "status": 200, "response": GONE}
    assert told(json.dumps(request), json.dumps(answer), form="jsonl") == [("rejected", "4911")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"request_id": 1}, {"request_id": 1.0}),
        ({"pid": 311}, {"pid": "311"}),
        ({"trace_id": "t1"}, {"trace_id": "t1", "request_id": "x9"}),
        ({"trace_id": "t1"}, {"correlation_id": "c1", "request_id": "x9"}),
        ({"host": "api.bybit.com"}, {"host": "bot-1"}),
        ({"host": "api.bybit.com"}, {"host": "api.bybit.com:443"}),
        ({"host": "localhost:8080"}, {"host": "bot-1"}),
        ({"host": "gateway", "url": "http://gateway/v5/order/cancel"}, {"host": "bot-1"}),
        ({"host": "api.bybit.com", "hostname": "bot-1"}, {"host": "bot-1"}),
    ],
)
def test_the_same_in_json(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Names are compared with those of their kind, as values; a host that was asked is no program's."""
    request = {"method": "POST", "url": CANCEL, "body": asked(4911), "event": "request", **one}
    url = request["url"]
    answer = {"method": "POST", "url": url, "status": 200, "response": GONE, **other}
    options = Options(hosts=(("gateway", "bybit"),))
    assert told(json.dumps(request), json.dumps(answer), form="jsonl", options=options) == [
        ("rejected", "4911")
    ]


def test_hosts_of_programs_in_json() -> None:
    """Also with a domain, and behind the host of the request under another key."""
    request = {"method": "POST", "url": CANCEL, "body": asked(4911), "event": "request"}
    answer = {"method": "POST", "url": CANCEL, "status": 200, "response": GONE}
    for one, other in (
        ({"host": "bot1.desk.lan"}, {"host": "bot2.desk.lan"}),
        ({"host": "api.bybit.com", "hostname": "bot-1"}, {"hostname": "bot-2"}),
    ):
        log = (json.dumps({**one, **request}), json.dumps({**other, **answer}))
        assert told(*log, form="jsonl") == [("rejected", None), ("unknown", "4911")]


@pytest.mark.parametrize("key", ["request_id", "traceId", "trace.id", "pod", "_PID", "user_id"])
def test_keys_of_lines_that_differ(key: str) -> None:
    """The same in lines of JSON."""
    request = {key: "a", "method": "POST", "url": CANCEL, "body": asked(4911), "event": "request"}
    answer = {key: "b", "method": "POST", "url": CANCEL, "status": 200, "response": GONE}
    log = (json.dumps(request), json.dumps(answer))
    assert told(*log, form="jsonl") == [("rejected", None), ("unknown", "4911")]
    same = json.dumps({**answer, key: "a"})
    assert told(log[0], same, form="jsonl") == [("rejected", "4911")]


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda name, text: {
            "message": text,
            "record": {"extra": {"request_id": name}, "time": {"timestamp": 1}},
        },
        lambda name, text: {"timestamp": 1, "resource": {"labels": {"pod_name": name}}, "textPayload": text},
        lambda name, text: {
            "timestamp": 1,
            "resource": {"labels": {"pod_name": name}},
            "jsonPayload": {"message": text},
        },
    ],
    ids=["loguru", "text of Google Cloud", "object of Google Cloud"],
)
def test_names_around_a_text(wrapped: Any) -> None:
    """They are those of the text."""
    log = [
        json.dumps(wrapped(name, line)) for name, line in (("a", sent("", 4911)), ("b", received("", GONE)))
    ]
    assert told(*log, form="jsonl") == [("rejected", None), ("unknown", "4911")]


def test_names_behind_an_object() -> None:
    """Some loggers put them in the order of the alphabet."""
    log = (f"{sent('', 4911)} request_id=r1", f"{received('', GONE)} request_id=r2")
    assert told(*log) == [("rejected", None), ("unknown", "4911")]


def test_the_call_tells_which_of_several() -> None:
    """Where they wait at the same URL."""
    log = (sent("[req-1]", 4911), sent("[req-2]", 4912), received("[req-2]", GONE), received("[req-1]", GONE))
    assert told(*log) == [("rejected", "4912"), ("rejected", "4911")]


@pytest.mark.parametrize(
    "words", ["request POST", "request: POST", "recall 12", "user logged in", "200 requests", "trace on"]
)
def test_words_that_are_no_names(words: str) -> None:
    """They are words of a sentence."""
    assert context_before(words.encode()) == Context()


def test_calls_are_of_kinds() -> None:
    """A line that has an id of another kind in front of its own, or only that, may be of the same call."""
    for one, other in (
        ("[trace_id=t1]", "[request_id=x9 trace_id=t1]"),
        ("[correlation_id=c1]", "[request_id=x9]"),
        ("call=c1", "[req-7]"),
    ):
        assert told(sent(one, 4911), received(other, GONE)) == [("rejected", "4911")]
        assert told(sent(other, 4911), received(one, GONE)) == [("rejected", "4911")]


# --- The call of a frame ---


def frames(*labelled: tuple[str, int | None], form: str = "text") -> list[tuple[str, str | None]]:
    """The same of frames with one id: requests to cancel an order, and answers to one that is not named."""
    lines = []
    for label, order in labelled:
        data: dict[str, Any] = {"id": "5", "status": 400, "error": json.loads(UNKNOWN)}
        if order is not None:
            data = {
                "id": "5",
                "method": "order.cancel",
                "params": {"symbol": "BTCUSDT", "orderId": order},
            }
        if form == "text":
            lines.append(f"10:00:01 [{label}] {'recv' if order is None else 'send'} {json.dumps(data)}")
        else:
            name, _, value = label.partition("=")
            way = "in" if order is None else "out"
            lines.append(json.dumps({name: value, "direction": way, "exchange": "binance", "data": data}))
    return told(*lines, form=form)


@pytest.mark.parametrize("form", ["text", "jsonl"])
@pytest.mark.parametrize("key", ["request_id", "correlation_id", "trace_id", "call_id"])
def test_what_reads_frames_is_of_another_call(key: str, form: str) -> None:
    """A task keeps the context of what started it: that excludes no request, but tells which of several."""
    for name in ("r1", "-"):
        assert frames((f"{key}=r2", 11), (f"{key}={name}", None), form=form) == [("rejected", "11")]
    several = ((f"{key}=r1", 11), (f"{key}=r2", 12))
    answered = frames(*several, (f"{key}=r2", None), (f"{key}=r1", None), form=form)
    assert answered == [("rejected", "12"), ("rejected", "11")]
    assert frames(*several, (f"{key}=r3", None), form=form)[0] == ("rejected", None)


@pytest.mark.parametrize("form", ["text", "jsonl"])
@pytest.mark.parametrize("key", ["bot", "pid", "pod", "user", "strategy", "instance"])
def test_frames_of_another_program(key: str, form: str) -> None:
    """No answer to one is received by another one."""
    answered = frames((f"{key}=311", 11), (f"{key}=312", None), form=form)
    assert answered == [("rejected", None), ("unknown", "11")]


# --- The order ---


def test_the_order_tells_which_of_several() -> None:
    """An answer that names its order is that request's; the others go on waiting."""
    log = (sent("", 4911), sent("", 4912), received("", taken(4912)), received("", GONE))
    assert told(*log) == [("pending", "4912"), ("rejected", "4911")]


def test_an_answer_that_names_another_order() -> None:
    """It is no answer to the request that waits."""
    log = (sent("", 4911), received("", taken(4912)), received("", GONE))
    assert told(*log) == [("pending", "4912"), ("rejected", "4911")]


def test_a_frame_that_names_another_order() -> None:
    """Ids of requests are used again, on other connections."""

    def frame(order: int) -> str:
        data = {"id": 1, "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": order}}
        return json.dumps({"direction": "out", "exchange": "binance", "data": data})

    result = {"symbol": "BTCUSDT", "origClientOrderId": "m1", "orderId": 4912, "status": "CANCELED"}
    answer = json.dumps(
        {"direction": "in", "exchange": "binance", "data": {"id": 1, "status": 200, "result": result}}
    )
    [answered, unanswered] = [
        each
        for each in found(named("jsonl"), f"{frame(4911)}\n{answer}\n".encode())
        if isinstance(each, Record)
    ]
    assert answered.request is None
    assert [event.order_id for event in normalise(unanswered).events] == ["4911"]


def test_the_order_tells_which_request_a_body_answers() -> None:
    """Where no line of the answer names the request."""
    log = (sent("", 4911), sent("", 4912), f"recv {json.dumps(taken(4912))}", f"recv {json.dumps(GONE)}")
    assert told(*log) == [("pending", "4912"), ("rejected", "4911")]


def test_a_request_that_is_written_in_two_ways() -> None:
    """What an exception says of its request is the same with other spaces, and is told once."""
    body = json.dumps(asked(4911), separators=(",", ":"))
    error = (
        "InvalidRequestError: order not exists or too late to cancel (ErrCode: 110001) (ErrTime: 10:00:00)."
    )
    log = (f"Request -> POST {CANCEL} {body}", error, f"Request → POST {CANCEL}: {json.dumps(asked(4911))}.")
    assert told(*log) == [("rejected", "4911")]


def test_the_log_of_a_server() -> None:
    """It receives the request, and sends the answer."""
    log = (
        f"received POST {CANCEL} {json.dumps(asked(4911))}",
        f"sent 200 {CANCEL} {json.dumps(GONE)}",
    )
    assert told(*log) == [("rejected", "4911")]


# --- What is no answer ---


def test_a_frame_is_no_answer_over_http() -> None:
    """The request over HTTP goes on waiting, whether that of the frame is known or not."""
    request = {"reqId": "1", "op": "order.cancel", "args": [asked(4912)]}
    frame = {
        "reqId": "1",
        "retCode": 110001,
        "retMsg": "order not exists or too late to cancel",
        "op": "order.cancel",
        "data": {},
        "retExtInfo": {},
        "connId": "c1",
        "header": {"Traceid": "1"},
    }
    log = (sent("", 4911), f"send {json.dumps(request)}", f"recv {json.dumps(frame)}", received("", GONE))
    assert told(*log) == [("rejected", "4912"), ("rejected", "4911")]
    assert told(log[0], log[2], log[3]) == [("rejected", None), ("rejected", "4911")]


def test_what_another_venue_alone_sends() -> None:
    """It is no answer to a request whose answer may have such a key."""
    request = "POST https://api.kraken.com/0/private/CancelOrder data: nonce=1&txid=OQCLML-BW3P3-BUCMWZ"
    frame = '{"id":2,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."},"rateLimits":[]}'
    [record, other] = records(named("text"), f"{request}\nrecv {frame}\n".encode())
    assert (record.venue, other.venue, other.pairing) == ("binance", "kraken", "no_answer")


# --- Lines of text ---


@pytest.mark.parametrize(
    "how",
    ["%s data: %s", "%s body=%s", "%s, data=%s", "%s with body %s", "%s [%s]", "%s -> %s", "%s data=b'%s'"],
)
def test_a_form_behind_a_url(how: str) -> None:
    """It is the body of its own request, and not that of the one in the line before."""
    url = "https://api.kraken.com/0/private/CancelOrder"
    log = [f"Sending POST {how % (url, f'nonce={n}&txid=OQCLML-BW3P3-BUCMW{n}')}" for n in (1, 2)]
    answers = [f'received 200 from {url}: {{"error":["EOrder:Unknown order"]}}'] * 2
    assert told(log[0], answers[0], log[1], answers[1]) == [
        ("rejected", "OQCLML-BW3P3-BUCMW1"),
        ("rejected", "OQCLML-BW3P3-BUCMW2"),
    ]
    assert [order for _, order in told(*log, *answers)] == [None, None]


def test_equal_answers_of_two_venues() -> None:
    """The second repeats no other."""
    urls = [f"https://api.{host}.com/api/v3/order" for host in ("mexc", "binance")]
    log = [
        line
        for url in urls
        for line in (f"--> DELETE {url}?symbol=BTCUSDT&orderId=4911", f"received 400 from {url}: {UNKNOWN}")
    ]
    assert told(*log) == [("rejected", "4911")] * 2


def test_the_status_of_a_request_that_the_log_lacks() -> None:
    """The body behind it is no answer to the request that waits."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId"
    log = (f"--> DELETE {url}=4911", f"<-- 400 {url}=4912", UNKNOWN, f"<-- 400 {url}=4911", UNKNOWN)
    assert told(*log) == [("rejected", None), ("rejected", "4911")]


def test_a_status_beside_a_body() -> None:
    """A request that was answered with another status has another answer."""
    log = (sent("", 4911), f"10:00:02 POST {CANCEL} 500", f"10:00:09 response 200 {json.dumps(GONE)}")
    assert told(*log) == [("rejected", None), ("unknown", "4911")]


@pytest.mark.parametrize("label", ["<Session 3>", "<Task-7>", "<Client at 0x7f>"])
def test_a_name_in_angle_brackets(label: str) -> None:
    """It is no arrow: what stands behind it is a request all the same."""
    assert told(f"DEBUG {label} POST {CANCEL} {json.dumps(asked(4911))}") == [("unknown", "4911")]


def test_a_line_that_is_delivered_twice() -> None:
    """It asks for nothing twice, and its answer is no other request's; without a fine time, they are two."""
    log = [sent("", 4911), sent("", 4912), received("", taken(4912)), received("", GONE)]
    fine = [line.replace(" ", f".{n}37 ", 1) for n, line in enumerate(log)]
    assert told(fine[0], fine[0], fine[3]) == [("rejected", "4911")]
    assert told(*fine[:2], fine[2], fine[2], fine[3]) == [
        ("pending", "4912"),
        ("pending", "4912"),
        ("rejected", "4911"),
    ]
    assert told(log[0], log[0], log[3]) == [("rejected", "4911"), ("unknown", "4911")]


def test_a_frame_that_is_delivered_twice() -> None:
    """The second is the answer to no other request with its id."""
    request = {"id": 1, "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": 4911}}
    other = json.dumps({**request, "params": {"symbol": "BTCUSDT", "orderId": 4912}})
    answer = f'10:00:02.137 recv {{"id":1,"status":400,"error":{UNKNOWN}}}'
    log = (f"10:00:01.137 send {json.dumps(request)}", f"10:00:01.237 send {other}", answer, answer)
    assert told(*log, f"10:00:03.137 send {other}")[:2] == [("rejected", None)] * 2
    again = answer.replace("02.137", "04.137")
    assert ("rejected", "4912") not in told(*log, f"10:00:03.137 send {other}", again)


def test_names_of_other_kinds() -> None:
    """Where an answer has the query of its request, it is that one's whatever else the lines say."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=4911&signature=5a5a"
    log = (f"session 3 --> DELETE {url}", f"account=A <-- 400 DELETE {url} {UNKNOWN}")
    assert told(*log) == [("rejected", "4911")]


def test_half_of_a_surrogate_pair() -> None:
    """A frame that is no JSON because of it is told."""
    frame = '{"id":"\\ud800","status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}'
    [fault] = found(named("text"), f"10:00:01 started\n10:00:02 received {frame}\n".encode())
    assert "truncated or broken" in str(fault)


# --- What tells nothing ---

REPLACED = "https://api.bitget.com/api/v2/spot/trade/cancel-replace-order"


def test_an_answer_that_names_the_new_order() -> None:
    """What replaces an order is answered with the id of the new one, under the key of the old one in the request."""
    answer = {"code": "00000", "msg": "success", "requestTime": 1695808949356}
    data = {"orderId": "222222", "clientOid": None, "success": "success", "msg": None}
    body = {"symbol": "BTCUSDT", "price": "3", "size": "0.1", "orderId": "111111"}
    log = (
        f"request POST {REPLACED} {json.dumps(body)}",
        f"response 200 {REPLACED} {json.dumps({**answer, 'data': data})}",
    )
    assert told(*log) == [("canceled", "111111")]


@pytest.mark.parametrize(
    "words", ["Response 153 ms", "Response (158):", "Reply #153:", "response: 212 -", "response 400"]
)
def test_a_number_before_a_body(words: str) -> None:
    """A duration, a length or a count beside a body is no other status than that of the line before."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=11"
    assert told(f"DELETE {url} 400", f"{words} {UNKNOWN}") == [("rejected", "11")]


def test_an_id_that_looks_like_a_time() -> None:
    """The same is asked twice and answered twice; an order id of 13 digits makes none of the lines the other one."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=1234567890123"
    log = [f"request DELETE {url}"] * 2 + [f"response 400 {UNKNOWN}"] * 2
    assert told(*log) == [("rejected", "1234567890123")] * 2
    params = {"symbol": "BTCUSDT", "orderId": 1234567890123}
    ask = {
        "direction": "sent",
        "venue": "binance",
        "payload": {"id": 1, "method": "order.cancel", "params": params},
    }
    answer = {"id": 1, "status": 400, "error": json.loads(UNKNOWN)}
    lines = [ask, ask, *[{"direction": "received", "venue": "binance", "payload": answer}] * 2]
    assert told(*map(json.dumps, lines), form="jsonl") == [("rejected", "1234567890123")] * 2


def test_the_same_is_asked_twice_and_answered_twice_at_once() -> None:
    """The second answer is no repetition of the first one where a second request waits for it."""
    log = [sent("", 4911).replace(" ", f".{n}37 ", 1) for n in range(2)]
    answers = [received("", taken(4911)).replace(" ", ".537 ", 1)] * 2
    assert told(*log, *answers) == [("pending", "4911")] * 2


@pytest.mark.parametrize("asked_by", ["GET", "POST"])
def test_an_answer_with_a_new_field(asked_by: str) -> None:
    """At a venue that answers over HTTP as in frames; it is likest to those of another one."""
    url = "https://www.deribit.com/api/v2/private/cancel"
    body = {"jsonrpc": "2.0", "id": 3, "method": "private/cancel", "params": {"order_id": "ETH-1"}}
    request = f"POST {url} {json.dumps(body)}" if asked_by == "POST" else f"GET {url}?order_id=ETH-1"
    answer = {
        "jsonrpc": "2.0",
        "error": {"code": 11044, "message": "not_open_order"},
        "usIn": 1700000000000000,
        "usOut": 1700000000000001,
        "usDiff": 1,
        "testnet": False,
        "newField": 1,
    }
    assert told(f"request {request}", f"response 400 {json.dumps(answer)}") == [("rejected", "ETH-1")]


def test_an_id_that_another_one_begins_with() -> None:
    """Ids are often counted: the answer about the tenth order is none about the first."""
    url = "https://www.okx.com/api/v5/trade/cancel-order"
    log = [f'request POST {url} {{"instId":"BTC-USDT","clOrdId":"grid{n}"}}' for n in (1, 2)]
    row = {"ordId": "", "clOrdId": "grid10", "sCode": "51400", "sMsg": "gone", "ts": "1700000000000"}
    answer = json.dumps({"code": "1", "msg": "", "data": [row]})
    [first, *others] = records(named("text"), "\n".join([*log, f"response 200 {url} {answer}\n"]).encode())
    [event] = normalise(first).events
    assert (event.outcome, event.client_order_id, first.request) == ("rejected", "grid10", None)
    assert [normalise(each).events[0].client_order_id for each in others] == ["grid1", "grid2"]


def test_a_frame_of_a_call_that_was_answered() -> None:
    """An answer that comes twice, not right behind, is none of another connection's request with the same id."""

    def line(call: str, payload: dict[str, Any], direction: str) -> str:
        said = {
            "ts": 1764356404.137,
            "correlation_id": call,
            "dir": direction,
            "exchange": "binance",
            "msg": payload,
        }
        return json.dumps(said)

    def ask(order: int) -> dict[str, Any]:
        return {"id": 2, "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": order}}

    answer = {"id": 2, "status": 400, "error": json.loads(UNKNOWN)}
    log = [line("c1", ask(11), "send"), line("c4", ask(12), "send"), *[line("c1", answer, "recv")] * 2]
    log.insert(3, json.dumps({"ts": 1, "level": "info", "message": "tick"}))
    assert told(*log, line("c4", answer, "recv"), form="jsonl") == [
        ("rejected", "11"),
        ("rejected", None),
        ("rejected", "12"),
    ]


# --- What is no answer of a request, and what is one after all ---

OKX = "https://www.okx.com/api/v5/trade/cancel-order"


def ordered(order: str, key: str = "ordId") -> str:
    """The line of a request to OKX."""
    return f'request POST {OKX} {{"instId":"BTC-USDT","{key}":"{order}"}}'


def gone(order: str = "", client: str = "") -> str:
    """An answer of OKX."""
    row = {"ordId": order, "clOrdId": client, "sCode": "51400", "sMsg": "gone", "ts": "1700000000000"}
    return json.dumps({"code": "1", "msg": "", "data": [row]})


def test_a_code_is_no_id() -> None:
    """A client order id may be as short as a code of the answer, which is about another order."""
    log = (ordered("1", "clOrdId"), ordered("3", "clOrdId"), f"response 200 {OKX} {gone(client='22')}")
    events = [
        event
        for record in records(named("text"), "".join(f"{line}\n" for line in log).encode())
        for event in normalise(record).events
    ]
    assert [(event.outcome, event.client_order_id) for event in events] == [
        ("rejected", "22"),
        ("unknown", "1"),
        ("unknown", "3"),
    ]


def test_a_status_before_the_request() -> None:
    """Programs log the status alone of what went well; the body behind a later request is its answer."""
    log = ("received 200 from https://www.okx.com/api/v5/trade/order", ordered("11"), f"response {gone()}")
    assert told(*log) == [("rejected", "11")]


def test_two_that_share_an_answer_trouble_no_others() -> None:
    """Once the second of two answers has come, the next request and its answer belong together."""
    failed = json.dumps(
        {"code": "50001", "data": [], "msg": "Service temporarily unavailable. Try again later"}
    )
    answers = [f"response 200 POST {OKX} {body}" for body in (failed, gone("11111111"))]
    log = [ordered("11111111"), ordered("12222222"), *answers, ordered("21000000"), answers[0]]
    assert told(*log) == [("unknown", None), ("rejected", "11111111"), ("unknown", "21000000")]


def test_a_request_whose_answer_another_one_had_is_told() -> None:
    """One of two failed; the answer about a third order, whose request is lost, ends no request silently."""
    failed = f"ccxt.base.errors.RequestTimeout: okx POST {OKX}"
    answer = f"response 200 POST {OKX} {gone('33333333')}"
    events = told(ordered("11111111"), ordered("12222222"), failed, answer)
    assert sorted(events) == [("rejected", "33333333"), ("unknown", "11111111"), ("unknown", "12222222")]
