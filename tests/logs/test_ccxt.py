"""Verbose output and DEBUG logs of ccxt."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs.ccxt import CCXT
from cancelnorm.logs.options import Options
from tests.logs.captured import LOGS, asked, faults, found, items, leaks, records

NAMES = ("ccxt-python", "ccxt-js", "ccxt-php", "ccxt-freqtrade")
TEXTS = {name: (LOGS / f"{name}.log").read_bytes() for name in NAMES}
URL = "https://api.bybit.com/v5/order/cancel"


def python(what: str, body: str, url: str = URL, exchange: str = "bybit") -> str:
    """A request or an answer as ccxt prints it in Python."""
    status = "" if what == "Request" else " 200"
    return f"\nfetch {what}: {exchange} POST {url}{status} {what}Headers: {{}} {what}Body: {body}\n"


def logged(what: str, body: str) -> str:
    """The same as it is logged."""
    status = "" if what == "Request" else "200 "
    return f"2026-11-03 10:00:00,044 - ccxt.base.exchange - DEBUG - POST {URL}, {what}: {status}{{}} {body}\n"


def outcomes(log: bytes) -> list[tuple[str | None, int | None, str]]:
    """Endpoint, status and outcome of every answer."""
    return [
        (record.endpoint, record.status, str(event.outcome))
        for record in records(CCXT, log)
        for event in normalise(record).events
    ]


def test_python() -> None:
    """Answers in one line, a page in many, and what ccxt.pro says about a WebSocket."""
    assert outcomes(TEXTS["ccxt-python"]) == [
        ("DELETE /api/v3/order", 200, "canceled"),
        ("POST /v5/order/cancel", 200, "pending"),
        ("DELETE /api/v3/order", 504, "unknown"),
        ("ws order.cancel", None, "canceled"),
    ]
    _, bybit, page, frame = records(CCXT, TEXTS["ccxt-python"])
    assert asked(bybit)["category"] == "linear"  # from the body of the request
    assert isinstance(page.payload, bytes)
    assert page.payload.startswith(b"<html>\n")
    assert page.payload.endswith(b"\n</html>")
    assert (frame.sent_ns, frame.received_ns) == (1793700009500000000, 1793700009511000000)


def test_javascript() -> None:
    """Verbatim bodies below headers that are none of JSON."""
    assert outcomes(TEXTS["ccxt-js"]) == [
        ("DELETE /fapi/v1/order", 200, "canceled"),
        ("POST /openApi/spot/v1/trade/cancel", 200, "canceled"),
    ]


def test_php() -> None:
    """Tables in tables."""
    assert outcomes(TEXTS["ccxt-php"]) == [("DELETE /api/v3/order", 400, "rejected")]


def test_logger() -> None:
    """Lines of Python's logger have clocks."""
    assert outcomes(TEXTS["ccxt-freqtrade"]) == [
        ("DELETE /api/v3/order", 200, "canceled"),
        ("POST /v5/order/cancel", 200, "rejected"),
    ]
    first = records(CCXT, TEXTS["ccxt-freqtrade"])[0]
    assert (first.sent_ns, first.received_ns) == (1793700000003000000, 1793700000044000000)
    assert first.source == "log:3"


def test_dialect_is_the_callers() -> None:
    """Integers in quotes are read where the caller says so, and only there."""
    log = python("Response", "{}").encode()
    assert [record.dialect for record in records(CCXT, log)] == [None]
    assert [record.dialect for record in records(CCXT, log, Options(dialect="quoted-numbers"))] == [
        "quoted-numbers"
    ]


def test_the_exchange_names_the_venue() -> None:
    """Where the address does not, as behind a proxy."""
    log = "".join(
        python("Response", "{}", "http://localhost:8080/v5/order/cancel", name)
        for name in ("bitstamp", "binanceusdm")
    )
    assert [(record.venue, record.source) for record in records(CCXT, log.encode())] == [("binance", "log:4")]


def test_a_request_that_is_a_list() -> None:
    """A body may be an array."""
    log = python("Request", '[{"ordId":"7"},{"ordId":"8"}]') + python("Response", "{}")
    assert [record.request for record in records(CCXT, log.encode())] == [[{"ordId": "7"}, {"ordId": "8"}]]


def test_two_requests_that_wait_are_not_told_apart() -> None:
    """Their answers get neither, and they have none; the next pair is sure again."""
    a, b, c = (f'{{"orderId":"{name}"}}' for name in "abc")
    log = python("Request", a) + python("Request", b) + python("Response", "{}") * 2
    log += python("Request", c) + python("Response", "{}")
    read = records(CCXT, log.encode())
    assert [record.request for record in read if not record.is_unanswered] == [None, None, {"orderId": "c"}]
    assert [record.request for record in read if record.is_unanswered] == [{"orderId": "a"}, {"orderId": "b"}]
    assert [record.pairing for record in read if not record.is_unanswered] == ["shared_id", "shared_id", None]


def test_printed_and_logged_is_one() -> None:
    """Who prints and logs gets each answer once; the same answer printed twice is two."""
    body, asked = '{"retCode":0}', '{"orderId":"a"}'
    log = (
        python("Request", asked)
        + logged("Request", asked)
        + python("Response", body)
        + logged("Response", body)
    )
    assert [record.request for record in records(CCXT, log.encode())] == [{"orderId": "a"}]
    assert len(records(CCXT, (python("Response", body) * 2).encode())) == 2


@pytest.mark.parametrize("body", ['{"retCode":0}', '{"retCode":10001,"retMsg":"cut'])
def test_a_line_of_text_and_logged_is_one(body: str) -> None:
    """A line of text is printed, and not logged, also where the body is cut."""
    line = f"POST {URL} 200 {body}\n"
    assert len(records(CCXT, (line + logged("Response", body)).encode())) == 1
    assert len(records(CCXT, (line + python("Response", body)).encode())) == 2
    assert len(records(CCXT, (line * 2).encode())) == 2


def test_bodies_over_many_lines() -> None:
    """JSON goes on to its bracket; what a program prints next is not in it."""
    log = python("Response", '{\n "retCode": 0\n}') + "done {}\n" + python("Response", "busy") + "\nbye\n"
    assert [record.payload for record in records(CCXT, log.encode())] == [b'{\n "retCode": 0\n}', b"busy"]


def test_bytes_are_kept() -> None:
    """A body that is no UTF-8 stays as it is."""
    log = python("Response", '{"a":"@"}').encode().replace(b"@", b"\xff\xe9")
    assert records(CCXT, log)[0].payload == b'{"a":"\xff\xe9"}'


def test_lines_are_kept() -> None:
    """An answer on one line has that line; one over many has none."""
    line = python("Response", "{}").strip().encode()
    page = python("Response", "<html>\n</html>").encode()
    assert [item.raw for item in items(CCXT, (line + b"\n" + page,))] == [line, None]


ANSWERS = (
    logged("Response", "{}"),
    f"DEBUG - POST {URL}, Response: 200 {{}} {{}}\n",
    f"Response: POST {URL} 200 {{}} {{}}\n",
    python("Response", "{}").lstrip(),
    f"handleRestResponse:\n bybit POST {URL} 200 OK \nResponseHeaders:\n {{}}\nResponseBody:\n {{}}\n\n",
    "Array\n(\n"
    + "".join(
        f"    [{i}] => {part}\n"
        for i, part in enumerate(
            (
                "fetch Response:",
                "bybit",
                "POST",
                URL,
                "200",
                "ResponseHeaders:",
                "Array",
                "ResponseBody:",
                "{}",
            )
        )
    )
    + ")\n",
)
"""An answer as each language prints it, and as Python did before; with a time in front and without."""


@pytest.mark.parametrize(
    "log",
    [
        "handleRestResponse:\n bybit POST " + URL + " 200 OK \nResponseHeaders:\n {",
        "Array\n(\n    [0] => fetch Response:\n    [1] => bybit\n",
    ],
)
def test_an_answer_that_is_cut(log: str) -> None:
    """What is not all there is told, and what follows is read, however that is printed."""
    fault = "log:1: line: incomplete answer"
    assert faults(CCXT, log.encode()) == [fault]
    for answer in ANSWERS:
        follows = (log + "\n" + answer).encode()
        assert [isinstance(thing, Record) for thing in found(CCXT, follows)] == [False, True], answer


def test_other_lines_are_passed_over() -> None:
    """A program's own lines and tables, and half a request, are nothing."""
    log = "Array\n(\n    [0] => mine\n)\nfetch Request:\n binance DELETE\nResponse: 200\nfetch failed\n"
    assert found(CCXT, log.encode()) == []


def test_a_body_that_is_never_closed() -> None:
    """It ends where a line has a time, so that no frame behind it is lost."""
    frame = '{"retCode":1,"retMsg":"x","result":{},"retExtInfo":{},"time":1}'
    log = python("Response", '{"a":') + "more\n" + f"2026-11-26 22:00:30 recv {frame}\n"
    assert [record.payload for record in records(CCXT, log.encode())] == [b'{"a":\nmore', frame.encode()]


@pytest.mark.parametrize(
    "piece",
    [
        "AAA http://x, Request: {'\\'",
        "AAA http://x, Response: 200 {",
        "fetch Request: binance DELETE https://x RequestHeaders: ",
        "Response: GET http://x 200 {'",
        "fetch Response: binance DELETE http://x 200 ResponseHeaders: {a",
        "fetch:",
        "GET ",
    ],
)
def test_hostile_lines_take_no_time(piece: str) -> None:
    """The time is linear in the line; a quadratic one would take hours."""
    for log in (piece * 30_000, f"{piece}{'a' * 1_000_000}}} ResponseBody: {{}}", f"{piece}\n" * 10_000):
        CCXT.fits(log.encode())
        for thing in found(CCXT, log.encode()):
            assert thing.source


@pytest.mark.parametrize("name", NAMES)
def test_how_it_is_told(name: str) -> None:
    """By a request or an answer of any language, at any place in the head."""
    assert CCXT.fits(b"starting\n" + TEXTS[name])


@pytest.mark.parametrize(
    "head", [b"", b'{"venue":"binance","payload":{}}\n', b"fetch failed\n", b"Array\n(\n"]
)
def test_how_others_are_told(head: bytes) -> None:
    """Nothing else looks like it."""
    assert not CCXT.fits(head)


@pytest.mark.parametrize("name", NAMES)
def test_secrets_stay_in_the_log(name: str) -> None:
    """Keys, signatures and cookies are in no record; where they stood is."""
    assert b"FAKE" in TEXTS[name]
    assert leaks(found(CCXT, TEXTS[name])) == []
    assert {"request.signature", "headers.x-mbx-apikey"} <= set(records(CCXT, TEXTS[name])[0].secrets)


@given(st.sampled_from(NAMES), st.data())
def test_any_cut_is_read(name: str, data: st.DataObject) -> None:
    """Wherever a log ends, and whatever follows there, nothing is raised and nothing secret is seen."""
    text = TEXTS[name]
    cut = data.draw(st.integers(0, len(text)))
    assert leaks(found(CCXT, text[:cut] + data.draw(st.binary(max_size=50)))) == []


@given(st.sampled_from(NAMES), st.data())
def test_a_request_stays_wherever_its_log_is_cut(name: str, data: st.DataObject) -> None:
    """A request that is whole is told, whatever is left of its answer."""
    text = TEXTS[name]
    cut = data.draw(st.integers(0, len(text)))
    whole = found(CCXT, text[: text.rfind(b"\n", 0, cut) + 1])
    requests = [thing.request for thing in found(CCXT, text[:cut]) if isinstance(thing, Record)]
    assert [each.request for each in whole if isinstance(each, Record) and each.request not in requests] == []


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("ccxt-freqtrade", [b", Request: {", b", Response: 200", b", Response: 200 {'Content"]),
        ("ccxt-python", [b"a RequestH", b" 200", b" 200 Response"]),
        ("ccxt-js", [b"\nRequestHeaders:", b" 200 OK", b"\nResponseHeaders:\n {"]),
        ("ccxt-php", [b"\n    [4] =>", b"[4] => 400", b"[8] => ResponseBody:"]),
    ],
)
def test_a_request_whose_answer_is_cut(name: str, ends: list[bytes]) -> None:
    """It is without an answer, also where the log has other answers, or ends within the request."""
    text = TEXTS["ccxt-python"] + b"\n" + TEXTS[name]
    for end in ends:
        cut = text.index(end, len(TEXTS["ccxt-python"]) + 1) + len(end)
        read = [thing for thing in found(CCXT, text[:cut]) if isinstance(thing, Record)]
        assert [record.pairing for record in read] == [None, None, None, None, "no_answer"], end
        [event] = normalise(read[-1]).events
        assert (event.outcome, event.reason) == ("unknown", "no_answer")
        assert event.order_id in {"49120034550", "8389765519993911702"}


# --- Requests without an answer ---

TIMED_OUT = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=12"


@pytest.mark.parametrize(
    ("line", "pairing"),
    [
        (f"RequestTimeout binance DELETE {TIMED_OUT}", "timeout"),
        (f"ccxt.base.errors.RequestTimeout: binance DELETE {TIMED_OUT}", "timeout"),
        (f"RequestTimeout: binance DELETE {TIMED_OUT} request timed out (10000 ms)", "timeout"),
        (f"2026-11-26 10:00:00,123 ERROR RequestTimeout('binance DELETE {TIMED_OUT}')", "timeout"),
        (f"NetworkError binance DELETE {TIMED_OUT}", "no_answer"),
        ("bye", "no_answer"),
    ],
)
def test_a_request_without_an_answer(line: str, pairing: str) -> None:
    """It is a record of its own, at the line of the request; the log may say that it timed out."""
    log = python("Request", "None", TIMED_OUT, "binance").replace(" POST ", " DELETE ") + f"{line}\n{line}\n"
    [record] = records(CCXT, log.encode())
    assert (record.source, record.pairing) == ("log:2", pairing)
    [event] = normalise(record).events
    assert (event.endpoint, event.order_id, event.outcome) == ("DELETE /api/v3/order", "12", "unknown")
    assert event.reason == pairing


def test_a_timeout_alone() -> None:
    """Where the request was not printed; its URL says what was asked."""
    log = f"start\nRequestTimeout binance DELETE {TIMED_OUT}\n" * 2
    assert CCXT.fits(log.encode())
    [record] = records(CCXT, log.encode())
    assert (record.source, record.pairing) == ("log:2", "timeout")
    assert asked(record) == {"symbol": "BTCUSDT", "orderId": "12"}


def test_a_failure_after_an_answer() -> None:
    """The answer has been read, so the exception that quotes its URL is no news."""
    log = python("Request", "None", TIMED_OUT, "binance") + python("Response", "{}", TIMED_OUT, "binance")
    log = log.replace(" POST ", " DELETE ") + f"RequestTimeout binance DELETE {TIMED_OUT}\n"
    assert [record.pairing for record in records(CCXT, log.encode())] == [None]


CANCEL = "https://api.bybit.com/v5/order/cancel"


@pytest.mark.parametrize(
    ("answered", "status", "reason"),
    [
        ("502 Bad Gateway <html>", 502, "venue_unavailable"),
        ("503 Service Unavailable ", 503, "venue_unavailable"),
        ("503", 503, "venue_unavailable"),
        ("429 Too Many Requests", 429, "rate_limited"),
    ],
)
def test_an_exception_with_the_status_of_an_answer(answered: str, status: int, reason: str) -> None:
    """All that a program logs of it unless it is verbose; what it logs and raises is one failure."""
    raised = f"ExchangeNotAvailable: bybit POST {CANCEL} {answered}\n"
    log = f"10:00:00 WARN cancel failed: {raised}Traceback\nccxt.base.errors.{raised}<hr>\n"
    [record] = records(CCXT, log.encode())
    assert (record.endpoint, record.status) == ("POST /v5/order/cancel", status)
    [event] = normalise(record).events
    assert (event.endpoint, event.reason) == ("POST /v5/order/cancel", reason)


def test_failures_at_a_url_without_a_query() -> None:
    """Each line that says the same is another request; after an answer, the exception is no news."""
    lost = f"WARN RequestTimeout: bybit POST {CANCEL} request timed out (10000 ms)\n"
    assert [each.pairing for each in records(CCXT, (f"10:00:00 {lost}" * 3).encode())] == ["timeout"] * 3
    log = python("Response", "<html>", CANCEL, "bybit")
    log += f"ccxt.base.errors.ExchangeNotAvailable: bybit POST {CANCEL} 502 Bad Gateway <html>\n"
    assert len(found(CCXT, log.encode())) == 1


def test_requests_that_cancel_nothing_need_no_answer() -> None:
    """A query, or an exchange that is no venue."""
    log = python("Request", "None", "https://api.binance.com/api/v3/order?orderId=1").replace(
        " POST ", " GET "
    )
    log += python("Request", "None", "https://api.bitstamp.net/0/private/CancelOrder", "bitstamp")
    assert found(CCXT, log.encode()) == []


def test_a_log_with_a_timeout() -> None:
    """As ccxt prints it in Python; nothing secret of the request is kept."""
    [record] = records(CCXT, (LOGS / "ccxt-timeout.log").read_bytes())
    [event] = normalise(record).events
    assert (event.source, event.order_id, event.reason) == ("log:3", "49120035003", "timeout")
    assert record.secrets == ("request.signature", "headers.x-mbx-apikey")
    assert leaks([record]) == []


def test_a_method_that_is_no_utf8() -> None:
    """A record has a replacement character in its place, so that it can be encoded."""
    told = (b"fetch Re", b"binance", b"DELE\xe2TE", b"/api/v3/order", b"400", b"", b"", b"", b"ResponseBody:")
    lines = b"".join(b"    [%d] => %b\n" % row for row in enumerate(told) if row[1])
    [record] = records(CCXT, b"Array\n(\n%b)\n" % lines)
    assert record.endpoint == "DELE\ufffdTE /api/v3/order"
    assert b"DELE\xef\xbf\xbdTE" in msgspec.json.encode(record)
