"""Lines of text of any program, and the frames, requests and answers in them."""

import html
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import CancelEvent, NotACancel, PayloadError, Reason, Record, normalise
from cancelnorm.logs import read
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.formats import pick
from cancelnorm.logs.jsonl import MAPPED, LineReader
from cancelnorm.logs.open import files, parts_of
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.source import Item, Options, Source, Unreadable
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.text_reader import TextReader
from cancelnorm.logs.timestamps import ns
from tests.logs.captured import LOGS, Chunks, asked, faults, found, leaks, passed, records

FORMATS = LOGS / "formats"
CANCELED = "49120034550"
STREAMED = "12eb49e9-5283-4bdb-a967-b17e6e7fc50e"
GONE = "not_found_or_closed"
ASKED: dict[str, Any] = {"id": "a1", "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": 7}}
REFUSED: dict[str, Any] = {"id": "a1", "status": 400, "error": {"code": -2011, "msg": "Unknown order sent."}}
ERROR = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795704214044}
URL = "https://api.bybit.com/v5/order/cancel"

# File → its format, and order id or reason of each event.
EXPECTED = {
    "array.json": ("array", (GONE, CANCELED)),
    "axios.jsonl": ("jsonl", (GONE, GONE)),
    "binance-connector.log": ("text", (CANCELED,)),
    "ccxt-js-2018.log": ("ccxt", (GONE,)),
    "ccxt-js-4.log": ("ccxt", (CANCELED, GONE)),
    "ccxt-pro-js.log": ("ccxt", (STREAMED,)),
    "ccxt-pro-python.log": ("ccxt", (STREAMED,)),
    "ccxt-python-2021.log": ("ccxt", (CANCELED, GONE)),
    "ccxt-python-4.log": ("ccxt", (CANCELED, GONE, "9c1f0b7e-5d3a-4e55-8f10-2b64a7c1d0aa", GONE)),
    "cloudwatch.json": ("array", ("313890189710", GONE)),
    "console-log.log": ("text", (STREAMED, STREAMED, GONE)),
    "cryptoexchange-net.log": ("text", (GONE, STREAMED)),
    "curl.log": ("text", ("OQCLML-BW3P3-BUCMWZ", "313890189710")),
    "docker-compose.log": ("text", (CANCELED, GONE)),
    "docker.jsonl": ("jsonl", (CANCELED,)),
    "elasticsearch.jsonl": ("jsonl", (STREAMED,)),
    "exceptions.log": ("text", (GONE,)),
    "export.csv": ("csv", (CANCELED, GONE)),
    "freqtrade-responses.log": ("text", (CANCELED,)),
    "google-cloud.jsonl": ("jsonl", (GONE, STREAMED)),
    "journald.jsonl": ("jsonl", (CANCELED,)),
    "kafka.jsonl": ("jsonl", (CANCELED,)),
    "kubernetes.log": ("text", (STREAMED,)),
    "logfmt.log": ("text", (GONE, GONE, GONE)),
    "loguru.jsonl": ("jsonl", (CANCELED, GONE)),
    "loguru.log": ("text", (CANCELED,)),
    "nautilus.log": ("text", (CANCELED,)),
    "print.log": ("text", (STREAMED, GONE)),
    "pybit.log": ("text", (STREAMED, "rate_limited", GONE)),
    "python-logging.log": ("text", (CANCELED, GONE, STREAMED)),
    "request-and-answer.log": ("text", (GONE, GONE)),
    "spdlog.log": ("text", (STREAMED,)),
    "structlog-console.log": ("text", (STREAMED,)),
    "structlog.jsonl": ("jsonl", (CANCELED, GONE)),
    "websocket-client.log": ("text", (STREAMED,)),
    "websockets.log": ("text", (CANCELED, GONE)),
    "wire.jsonl": ("jsonl", (CANCELED, GONE)),
}


def line(shown: object, before: str = "2026-11-26 22:00:30,250 INFO bot: recv ") -> bytes:
    """A line of a log."""
    return f"{before}{shown}\n".encode()


def text_lines(data: bytes, options: Options | None = None) -> int:
    """Count the lines that hold nothing."""
    source = Source(Stream(Chunks((data,)), "log"), "log")
    for _ in TEXT.read(source, options or Options()):
        pass
    return source.text_lines


# --- Whole logs ---


def test_every_sample_is_expected() -> None:
    """No log lies there that nothing is known of."""
    assert set(EXPECTED) == {path.name for path in FORMATS.iterdir()}
    assert len(files(FORMATS)) == len(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_logs_of_programs(name: str) -> None:
    """A log of each program is recognised, and says of each order what became of it."""
    form, told = EXPECTED[name]
    assert pick((FORMATS / name).read_bytes()[: 1 << 16], Options()).name == form
    things = list(read(FORMATS / name))
    assert [str(thing) for thing in things if isinstance(thing, Unreadable)] == []
    events: list[CancelEvent] = []
    for thing in things:
        try:
            assert isinstance(thing, Record)
            events += normalise(thing).events
        except NotACancel:
            continue
    assert [
        expected if expected in (event.order_id, event.reason) else (event.order_id, event.reason)
        for event, expected in zip(events, told, strict=True)
    ] == list(told)
    assert not leaks(things)


# --- Frames ---


@pytest.mark.parametrize("shown", [json.dumps(ASKED), repr(ASKED), repr(json.dumps(ASKED).encode())])
@pytest.mark.parametrize("answered", [json.dumps(REFUSED), repr(REFUSED), repr(json.dumps(REFUSED))])
@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("sent", "received"),
        ("DEBUG ws: >", "DEBUG ws: <"),
        (">>", "<<"),
        ("[SEND]-->", "[RECV]<--"),
        ("Request:", "Response:"),
        ("sending", "onMessage"),
        ("send_json", "on_ws_message:"),
        ("", ""),
    ],
)
def test_an_answer_finds_its_request(sent: str, received: str, shown: str, answered: str) -> None:
    """In whatever notation, and with whatever words for the direction."""
    log = line(shown, f"2026-11-26 22:00:30,250 {sent} ") + line(
        answered, f"2026-11-26 22:00:31,5 {received} "
    )
    [record] = records(TEXT, log)
    assert (record.venue, record.endpoint, asked(record)["orderId"]) == ("binance", "ws order.cancel", 7)
    assert (record.sent_ns, record.received_ns) == (1_795_730_430_250_000_000, 1_795_730_431_500_000_000)
    assert json.loads(record.payload) == REFUSED


@pytest.mark.parametrize(
    "before",
    [
        "2023-11-14T22:13:20.25Z ",
        "[2023-11-14 22:13:20.250] [info] ",
        "2023/11/14 22:13:20:250 | Debug | ",
        "INFO:2023-11-14 22:13:20,250:bot:",
        "[14/Nov/2023:23:13:20.25 +0100] ",
        "Tue Nov 14 22:13:20.250 2023 ",
        "Tue, 14 Nov 2023 22:13:20.25 GMT ",
        "20231114-22:13:20.250 ",
        "20231114T221320.250Z ",
        "2023.11.14_22:13:20.250 ",
        "2023-11-14 10:13:20.250 PM ",
        "2023-11-15 07:13:20.250 JST ",
        "[2023-11-14 23:13:20.250 CET] ",
        "ts=1700000000.25 level=debug ",
        "bot-1  | 2023-11-14T23:13:20.25+01:00 ",
        "1700000000250 ",
        "[1700000000.25] ",
    ],
)
def test_times(before: str) -> None:
    """The time of a line, in the forms of loggers."""
    [record] = records(TEXT, line(json.dumps(ERROR), f"{before}recv "))
    assert record.received_ns == 1_700_000_000_250_000_000


@pytest.mark.parametrize(
    "before",
    [
        "22:13:20.250 ",
        "Nov 14 22:13:20 ",
        "11/14/2023, 10:13:20 PM ",
        "2023-11-14 22:13:20 CST ",
        "2023-11-14 13:13:20 PM ",
    ],
)
def test_times_that_may_be_several(before: str) -> None:
    """Without a year, with a day that may be a month, in a zone that several have: none is better than a wrong one."""
    assert [record.received_ns for record in records(TEXT, line(ERROR, before))] == [None]


def test_a_time_without_a_zone() -> None:
    """It is in the zone that the caller names; a time with a zone stays."""
    log = line(ERROR) + line(ERROR, "2026-11-26T22:00:30.25Z recv ")
    tokyo, stays = records(TEXT, log, Options(tz="+09:00"))
    assert (stays.received_ns or 0) - (tokyo.received_ns or 0) == 9 * 3_600 * 10**9


def test_an_object_over_many_lines() -> None:
    """As pretty printers have it; its source is the first line."""
    log = (
        line(json.dumps(ASKED, indent=2), "sending ")
        + line("ok", "")
        + line(json.dumps(REFUSED, indent=1), "recv\n")
    )
    [record] = records(TEXT, log)
    assert (record.endpoint, record.source) == ("ws order.cancel", "log:11")


def test_an_object_that_is_never_closed() -> None:
    """It costs itself only: the lines behind it are read by themselves."""
    log = line("{", "config: ") + line(ERROR) + line('{"a": [', "") + line(json.dumps(ERROR))
    assert [record.source for record in records(TEXT, log)] == ["log:2", "log:4"]


def test_connections_name_the_venue() -> None:
    """A frame that several venues may have sent is of the one that the log connects to."""
    frame = {"code": 100404, "msg": "order not exist"}
    log = line("wss://open-api-swap.bingx.com/swap-market", "connecting to ") + line(frame)
    assert [record.venue for record in records(TEXT, log)] == ["bingx"]


@pytest.mark.parametrize(
    "log",
    [
        f'time="2026-11-26T22:00:30.25Z" level=debug msg="recv {json.dumps(json.dumps(ERROR))[1:]}',
        f"2026-11-26T22:00:30.25Z DEBUG bot::ws: received msg=Text({json.dumps(json.dumps(ERROR))})",
        f"2026-11-26T22:00:30.25Z BTCUSDT\t{json.dumps(ERROR)}",
        f"2026-11-26T22:00:30.25Z client < Frame(opcode=1, data={json.dumps(ERROR).encode()!r}, rsv1=False)",
    ],
)
def test_frames_within_values(log: str) -> None:
    """As logfmt, Rust, Kafka and dataclasses of Python show them."""
    [record] = records(TEXT, f"{log}\n".encode())
    assert json.loads(record.payload) == ERROR
    assert record.received_ns == 1_795_730_430_250_000_000


def test_logs_of_several_venues() -> None:
    """The venue that the caller names is that of frames that say nothing else."""
    refused = {"code": -2011, "msg": "Unknown order sent."}
    log = line(ERROR) + line(refused)
    assert [record.venue for record in records(TEXT, log, Options(venue="binance"))] == ["bybit", "binance"]


# Frames as somebody cut them down: what their venue calls them tells what they are.
STREAM = {
    "topic": "order",
    "id": "1",
    "creationTime": 1795704214044,
    "data": [{"orderId": "7", "orderStatus": "Cancelled"}],
}
UNREADABLE: tuple[tuple[dict[str, Any], str], ...] = (
    (STREAM, "bybit"),
    ({**STREAM, "seq": 5}, "bybit"),
    ({"topic": "order", "data": [{"orderId": "7"}]}, "bybit"),
    ({"reqId": "r", "retCode": 0, "op": "order.cancel", "data": {"orderId": "7"}}, "bybit"),
    ({"e": "executionReport", "E": 1, "s": "BTCUSDT", "C": "a", "x": "EXPIRED", "I": 1, "i": 7}, "binance"),
    (
        {"id": "a9", "status": 200, "result": {"orderId": 7, "status": "CANCELED"}, "rateLimits": []},
        "binance",
    ),
)


@pytest.mark.parametrize("before", ["", "recv ", "2026-11-26 22:00:30,250 INFO bot: "])
@pytest.mark.parametrize("shown", [json.dumps, repr])
@pytest.mark.parametrize(("frame", "venue"), UNREADABLE)
def test_a_frame_that_cannot_be_read_is_refused(
    before: str, shown: Callable[[object], str], frame: dict[str, Any], venue: str
) -> None:
    """Whatever it lacks, it does not pass for text."""
    [record] = records(TEXT, b"starting\n" + line(shown(frame), before))
    assert record.venue == venue
    with pytest.raises(PayloadError):
        normalise(record)


def test_an_answer_that_cannot_be_read_is_of_its_request() -> None:
    """Its id tells, where its keys do not."""
    answer = {"id": "a1", "status": 200, "result": {"what": 1}, "more": 2}
    [record] = records(TEXT, line(json.dumps(ASKED)) + line(answer, ""))
    assert (record.venue, record.endpoint, asked(record)["orderId"]) == ("binance", "ws order.cancel", 7)


def test_a_frame_of_one_of_several_venues() -> None:
    """It takes a name."""
    for shown in (
        {"code": 0, "msg": "", "data": {"order": {"orderId": 7, "status": "CANCELLED"}}},
        {"e": "executionReport", "s": "BTCUSDT", "x": "EXPIRED", "X": "EXPIRED", "i": 7},
        {"e": "ORDER_TRADE_UPDATE", "E": 1795704213830, "o": {"i": 7, "X": "CANCELED"}},
    ):
        [fault] = faults(TEXT, line(json.dumps(shown), "bot: "))
        assert re.fullmatch(
            r"log:1: venue: binance(?: and \w+)+ send such a frame; name the venue with --venue", fault
        )
        [record] = records(TEXT, line(json.dumps(shown), "bot: "), Options(venue="binance"))
        assert record.venue == "binance"


# --- HTTP ---


@pytest.mark.parametrize(
    "log",
    [
        f"POST {URL} 200 {json.dumps(ERROR)}",
        f"Response: POST {URL} 200 {{'Content-Type': 'application/json'}} {json.dumps(ERROR)}",
        f'POST {URL} {{"orderId": "7"}} -> 200 {json.dumps(ERROR)}',
        f"Request -> POST {URL}. Body: {{'orderId': '7'}}.\nResponse: {ERROR}",
        f'"POST /v5/order/cancel HTTP/1.1" 200 None\nraw response: {json.dumps(ERROR)}',
        f"> POST /v5/order/cancel HTTP/1.1\n> Host: api.bybit.com\n< HTTP/1.1 200 OK\n<\n{json.dumps(ERROR)}",
        f"127.0.0.1:5: POST {URL}\n << 200 OK 140b\n{json.dumps(ERROR, indent=4)}",
    ],
)
def test_request_lines(log: str) -> None:
    """Method, URL and status stand beside the answer, or in a line before."""
    [record] = records(TEXT, f"{log}\n".encode())
    assert (record.venue, record.endpoint) == ("bybit", "POST /v5/order/cancel")
    assert json.loads(record.payload) == ERROR


def test_requests_that_cannot_be_told_apart() -> None:
    """An answer without a request line is of none of them."""
    log = line("", f"Request: POST {URL}") + line("", f"Request: POST {URL}-all") + line(ERROR)
    assert [record.endpoint for record in records(TEXT, log)] == [None]


def test_answers_of_other_requests() -> None:
    """The answer to a placement is not taken for one of a cancel."""
    placed = {
        "retCode": 0,
        "retMsg": "OK",
        "result": {"orderId": "7", "orderLinkId": ""},
        "retExtInfo": {},
        "time": 1,
    }
    log = line("", f"Request: POST {URL.replace('cancel', 'create')} ") + line(placed)
    [record] = records(TEXT, log)
    assert record.endpoint == "POST /v5/order/create"


def test_an_exception_repeats_an_answer() -> None:
    """It counts once if the answer was printed, and is one otherwise."""
    body = json.dumps(ERROR)
    printed = f"fetch Response: bybit POST {URL} 200 ResponseHeaders: {{}} ResponseBody: {body}\n".encode()
    raised = line(f"bybit {body}", "ccxt.base.errors.OrderNotFound: ")
    assert len(records(TEXT, printed + raised)) == 1
    [record] = records(TEXT, raised)
    assert (record.venue, record.endpoint) == ("bybit", None)


@pytest.mark.parametrize(
    ("log", "status", "reason"),
    [
        (
            f"gone (ErrCode: 110001) (ErrTime: 09:00:03).\nRequest → POST {URL}: {{'orderId': '7'}}.",
            None,
            GONE,
        ),
        (f"ERROR - Slow down (ErrCode: 10006). Hit the limit on {URL}.", None, "rate_limited"),
        (
            f"Not 200. (ErrCode: 502) (ErrTime: 1).\nRequest → POST {URL}: {{'orderId': '7'}}.",
            502,
            "venue_unavailable",
        ),
    ],
)
def test_errors_of_pybit(log: str, status: int | None, reason: str) -> None:
    """They have the code and the message of an answer, and its request beside them."""
    [record] = records(TEXT, f"{log}\nbye\n".encode())
    assert (record.venue, record.endpoint, record.status) == ("bybit", "POST /v5/order/cancel", status)
    assert [event.reason for event in normalise(record).events] == [reason]


@pytest.mark.parametrize("cut", ["", "...", " [truncated]", "\x00"])
@pytest.mark.parametrize("shown", [json.dumps, repr])
def test_a_frame_that_is_cut(cut: str, shown: Any) -> None:
    """It is told if it was received and is about a cancel; what was sent, or is about something else, is text."""
    frame = shown({"e": "executionReport", "X": "CANCELED", "i": 7})[:-3] + cut
    broken = "log:1: line: an object that is truncated or broken; it may say what became of a cancel"
    assert faults(TEXT, line(frame) + line("next", "2026-11-26 22:00:31 ")) == [broken]
    assert found(TEXT, line(frame, "sent ") + line(frame.replace("CANCELED", "NEW")) + line("next", "")) == []


@pytest.mark.parametrize(
    "shown",
    [
        "{\n  id: 'a1',\n  status: 200,\n  result: [Object],\n  rateLimits: [ [Object] ]\n}",
        "{topic: 'order', id: '1', creationTime: 1795704214044, data: Array(1)}",
        "[ { orderId: 1, status: 'CANCELED' }, ... 2 more items ]",
    ],
)
def test_a_frame_that_console_log_abridged(shown: str) -> None:
    """It is refused, with what to do; it is the answer to a request all the same."""
    sent = line(json.dumps({**ASKED, "method": "order.status"}), "sent ")
    [fault] = faults(TEXT, sent + line(shown) + line("next", ""))
    assert fault == "log:2: line: console.log left out parts of this object; print the JSON of it"
    assert found(TEXT, line("{ position: 1, orders: [Object] }", "state ")) == []


@pytest.mark.parametrize(
    "log",
    [
        "APIError(code=-2011): Unknown order sent.",
        "ERROR root:Found error. status: 400, error code: -2011, error message: Unknown order sent.",
        "binance.error.ClientError: (400, -2011, 'Unknown order sent.', {'content-type': 'x'}, None)",
        "order cancel error error=<APIError> code=-2011, msg=Unknown order sent. exchange=binance",
    ],
)
def test_errors_of_libraries_of_binance(log: str) -> None:
    """The request just before is theirs; the same error in other words is a repetition, in the same another one."""
    asked_for = (
        b'DEBUG urllib3: https://api.binance.com:443 "DELETE /api/v3/order?orderId=7 HTTP/1.1" 400 None\n'
    )
    [record] = records(TEXT, asked_for + line(log, "") + line(f"raise {log}", ""))
    [event] = normalise(record).events
    assert (event.order_id, event.reason, event.endpoint) == ("7", GONE, "DELETE /api/v3/order")
    assert len(records(TEXT, line(log, "") + line(log, ""))) == 2


PRINTED = json.dumps({**REFUSED, "error": {"code": -2011, "msg": "it's <b> & so"}}, indent=2)


@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("> ", "> "),
        ("# ", "# "),
        ("    // ", "    // "),
        ("bot_1  | ", "bot_1  | "),
        ("bot_1  | recv ", "bot_1  | "),
        ("2026-11-26T22:00:30.250113Z stdout F ", "2026-11-26T22:00:30.250917Z stdout F "),
        ("2026-11-26 22:00:30,250 INFO bot: got ", "2026-11-26 22:00:31,7 INFO bot: "),
    ],
)
def test_an_object_with_something_before_each_of_its_lines(first: str, others: str) -> None:
    """As people quote it, and as loggers and Docker write a text of many lines; there may be blank lines in it."""
    lines = PRINTED.replace("\n", "\n\n", 1).split("\n")
    log = "".join(f"{others if number else first}{each}".rstrip() + "\n" for number, each in enumerate(lines))
    [record] = records(TEXT, log.encode(), Options(venue="binance"))
    assert (record.source, json.loads(record.payload)) == ("log:1", json.loads(PRINTED))


@pytest.mark.parametrize(
    "shown",
    [
        re.sub(r'"\w+"', "\x1b[32m\\g<0>\x1b[39m", PRINTED),
        html.escape(PRINTED),
        f"<td>{html.escape(json.dumps(json.loads(PRINTED)))}</td>",
        f"<message><![CDATA[{PRINTED}]]></message>",
    ],
)
def test_what_a_terminal_or_a_page_made_of_an_object(shown: str) -> None:
    """Colors and escapes are no part of it."""
    [record] = records(TEXT, line(shown), Options(venue="binance"))
    assert json.loads(record.payload) == json.loads(PRINTED)


def test_escapes_of_a_page_in_a_message_are_its_own() -> None:
    """JSON with its quotes is not what a page shows."""
    answer = json.dumps(
        {**REFUSED, "error": {"code": -2011, "msg": "&quot;Unknown&quot; order, &#34;sent&#34;"}}
    )
    [record] = records(TEXT, line(answer), Options(venue="binance"))
    assert record.payload == answer.encode()


UNKNOWN_ORDER = (-2011, "Unknown order sent.")
NO_ORDER = ("51400", "Cancellation failed as the order does not exist.")
TOO_LATE = (110001, "order not exists or too late to cancel")


@pytest.mark.parametrize(
    ("log", "venue", "told"),
    [
        ("okx.exceptions.OkxAPIException: API Request Error(error_code=51400): {}", "okx", NO_ORDER),
        ("2024-01-02 10:00:00.123 | INFO | OKX | 撤单失败，状态码：51400，信息：{}", "okx", NO_ORDER),
        ('level=error exchange=okx code=51400 msg="{}" attempt=1', "okx", NO_ORDER),
        ('level=error error="<APIError> code=-2011, msg={}" session=binance', "binance", UNKNOWN_ORDER),
        ('level=error error="order cancel: code=51400, msg={}" exchange=okx', "okx", NO_ORDER),
        ("ERROR:: BinanceBrokerage: unable to cancel: Error: -2011: {}", "binance", UNKNOWN_ORDER),
        ("[okx_perpetual] cancel failed (51400 - {})", "okx", NO_ORDER),
        ("ERROR [bybit] cancel: retCode=110001 retMsg={}", "bybit", TOO_LATE),
        ("pymexc.base.MexcAPIError: (code=-2011): {}", "mexc", UNKNOWN_ORDER),
        (
            "2024-03-01 12:00:02.123 | Error | Binance | [ServerError.UnknownOrder] -2011: {}",
            "binance",
            UNKNOWN_ORDER,
        ),
        ("2024-03-01 | Binance | [Req 12] Status code: 400, Error: -2011: {}", "binance", UNKNOWN_ORDER),
        ("error: BinanceApiError[code=-2011,msg={}]", "binance", UNKNOWN_ORDER),
        ('WARN bot: venue=bybit err=ApiError {{ code: 110001, msg: "{}" }}', "bybit", TOO_LATE),
        ("RuntimeError('Binance API error -2011: {}')", "binance", UNKNOWN_ORDER),
        (
            "Cancel failed: label: ORDER_NOT_FOUND, message: {}",
            "gate",
            ("ORDER_NOT_FOUND", "Order not found"),
        ),
    ],
)
def test_errors_with_a_code_and_a_message(log: str, venue: str, told: tuple[int | str, str]) -> None:
    """Where the line names the venue, and the code is one of its codes; what an answer told before is no news."""
    error = log.format(told[1])
    [record] = records(TEXT, line(error, ""))
    assert record.venue == venue
    assert tuple(json.loads(record.payload).values()) == told
    answer = line(json.dumps(json.loads(record.payload)), f"{venue} answered ")
    assert [each.source for each in records(TEXT, answer + line(error, ""), Options(venue=venue))] == [
        "log:1"
    ]


NODE = """\
{before}Error: Unknown order sent.
    at /app/node_modules/binance-api-node/dist/http-client.js:86:17
    at processTicksAndRejections (internal/process/task_queues.js:97:5) {{
  code: {code},
  url: 'https://{host}/v1/order?symbol=BTCUSDT&orderId=123&signature=abcd'
}}
"""


@pytest.mark.parametrize(
    "before", ["", "cancel failed {\n  err: ", "(node:1) UnhandledPromiseRejectionWarning: "]
)
def test_an_error_of_nodejs(before: str) -> None:
    """Its message is before the stack, its code behind; the URL tells whose code it is, and no method."""
    log = NODE.format(before=before, code=-2011, host="fapi.binance.com/fapi") + "}\n"
    [record] = records(TEXT, log.encode())
    assert (record.venue, record.endpoint, record.request) == ("binance", None, None)
    assert json.loads(record.payload) == {"code": -2011, "msg": "Unknown order sent."}
    for code, host in (
        ("'ENOTFOUND'", "fapi.binance.com/fapi"),
        (500, "fapi.binance.com/fapi"),
        (-2011, "x.io"),
    ):
        assert found(TEXT, NODE.format(before=before, code=code, host=host).encode()) == []


@pytest.mark.parametrize(
    "log",
    [
        "Error -2011: Unknown order sent.",  # of which venue?
        "ERROR binance closed the connection, code=1006 reason=abnormal",
        "ERROR binance error 404: no such order",
        "warn: label: NO_SUCH_LABEL, message: order",
    ],
)
def test_errors_of_no_venue(log: str) -> None:
    """A code says nothing without the venue, or if the venue has no such code."""
    assert found(TEXT, line(log, "") + line("next", "")) == []


def test_what_a_program_writes_before_an_error() -> None:
    """Time and level are no part of the message."""
    [record] = records(TEXT, b"2024-05-05 10:00:00 ERROR order not exists (ErrCode: 110001) (ErrTime: 1).\n")
    assert json.loads(record.payload)["retMsg"] == "order not exists"


@pytest.mark.parametrize("show", [repr, json.dumps])
def test_an_order_of_ccxt_keeps_the_answer_with_its_integers_in_quotes(show: Callable[[Any], str]) -> None:
    """Python prints it as JavaScript does."""
    answer = {
        "symbol": "LTCBTC",
        "origClientOrderId": "bot7",
        "orderId": CANCELED,
        "orderListId": "-1",
        "clientOrderId": "c7",
        "transactTime": "1684804350068",
        "price": "2.00",
        "origQty": "1.00",
        "executedQty": "0.00",
        "cummulativeQuoteQty": "0.00",
        "status": "CANCELED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "selfTradePreventionMode": "NONE",
    }
    order = {"info": answer, "id": CANCELED, "symbol": "LTC/BTC", "status": "canceled", "filled": 0.0}
    [record] = records(TEXT, line(show(order), "canceled: "))
    [event] = normalise(record).events
    assert (event.order_id, event.outcome, event.venue) == (CANCELED, "canceled", "binance")
    row = {key: value for key, value in answer.items() if key != "selfTradePreventionMode"}
    [record] = records(TEXT, line(show([{**order, "info": row}, {**order, "info": row}])))
    assert [event.order_id for event in normalise(record).events] == [CANCELED, CANCELED]


@pytest.mark.parametrize("show", [repr, json.dumps])
def test_an_order_of_ccxt_may_be_out_of_an_answer(show: Callable[[Any], str]) -> None:
    """With the venue named, an order without its envelope is enough, alone and in an array."""
    row = {
        "clientOrderID": "",
        "cummulativeQuoteQty": "0",
        "executedQty": "0",
        "orderId": "1795969178545324032",
        "origQty": "0.03",
        "price": "185.25",
        "side": "SELL",
        "status": "CANCELED",
        "stopPrice": "0",
        "symbol": "SOL-USDT",
        "transactTime": "1717027394315",
        "type": "LIMIT",
    }
    order = {"info": row, "id": row["orderId"], "symbol": "SOL/USDT", "status": "canceled"}
    for printed, count in ((order, 1), ([order], 1), ([order, order], 2)):
        [record] = records(TEXT, line(show(printed), "canceled: "), Options(venue="bingx"))
        result = normalise(record)
        told = {(event.outcome, event.order_id, event.symbol) for event in result.events}
        assert told == {("canceled", row["orderId"], "SOL-USDT")}
        assert len(result.events) == count
        assert "missing-envelope" in [note.code for note in result.notes]


def test_a_frame_in_lines_of_a_fixed_width() -> None:
    """A terminal breaks lines wherever they reach its edge."""
    frame = next(one for one in (FORMATS / "spdlog.log").read_text().splitlines() if STREAMED in one)
    [whole] = [found.payload for found in records(TEXT, frame.encode() + b"\n")]
    cuts = [at for at in range(60, len(frame), 60) if frame[at - 1].isalpha() and frame[at].isalpha()]
    assert pick(frame[frame.index("{") :].replace("topic", "to\npic", 1).encode(), Options()).name == "text"
    broken = "\n".join(frame[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True))
    [found] = records(TEXT, broken.encode() + b"\n")
    assert json.loads(found.payload) == json.loads(whole)


def test_errors_of_node_before_2018() -> None:
    """A brace before an error begins no object."""
    log = b'{ Error: binance {"code":-2011,"msg":"UNKNOWN_ORDER"}\n    at handle (ccxt.js:1:2) constructor: [f] }\n'
    [record] = records(TEXT, log)
    assert normalise(record).events[0].reason == GONE


# --- Lines without a frame ---


@pytest.mark.parametrize(
    "chat",
    [
        "starting the bot",
        "params {'symbol': 'BTCUSDT', 'qty': 0.1, 'side': 'buy'}",
        'state {"position": 1, "orders": [{"orderId": 7}]}',
        "received signal {}",
        "recv {'type': 'heartbeat', 'seq': 1}",
        "canceled order {'id': '7', 'status': 'canceled'}",
        'order gone: {"level": "info", "orderId": 7, "symbol": "BTCUSDT", "side": "BUY", "status": "CANCELED"}',
        "msg {'symbol': 'BTCUSDT', 'orderId': 1, 'side': 'BUY', 'status': 'CANCELED', 'price': '1', 'origQty': '1'}",
        "received Order{status=CANCELED, id=1}",
        "for {x} in {y}: {z}",
        "see https://example.com/{id} {broken",
        "[1] {2: 3}",
    ],
)
@pytest.mark.parametrize("venue", [None, "binance", "bybit"])
def test_lines_without_a_frame(chat: str, venue: str | None) -> None:
    """They are counted and no faults, and what else a log holds is read."""
    log = line(chat, "INFO ") * 3 + line(ERROR)
    assert len(records(TEXT, log, Options(venue="bybit"))) == 1
    assert text_lines(line(chat, "INFO "), Options(venue=venue)) == 1


def verdict(data: bytes, **options: Any) -> list[str]:
    """What is said of a log as a whole."""
    source = Source(Stream(Chunks((data,)), "log"), "log")
    form = pick(source.head, Options(**options))
    parts = list(parts_of(form, source, Options(**options)))
    return [str(part.found) for part in parts if isinstance(part, Item)]


def test_one_verdict_where_nothing_fits() -> None:
    """It names the formats, and shows the first line without its secrets."""
    [said] = verdict(b"apiKey=FAKEFAKE hello\n" + b"good bye\n" * 9)
    assert said.startswith("log:1: file: no known log format; the formats are records, ")
    assert said.endswith("; the first line is apiKey=[redacted] hello")
    [said] = verdict(b"hello\n", format="text")
    assert said == "log:1: file: no line holds a frame, a request or an answer; the first line is hello"
    assert verdict(b"\n \n") == []


def test_one_verdict_where_all_lines_are_alike() -> None:
    """A thousand lines with the same fault are told once; a line that is read brings the others back."""
    lines = b'{"zz":1}\n' * 1_000
    [said] = verdict(lines)
    assert said == "log:1: line: unknown venue; name it with --venue; no line could be read, of 1,000"
    assert len(verdict(lines + json.dumps(ERROR).encode())) == 1_001


@pytest.mark.parametrize("end", [b"", b"\n" + json.dumps(ERROR).encode()])
def test_all_lines_that_are_alike_are_kept(end: bytes) -> None:
    """A quarantine has every line that was refused, whether they are told as one fault or each."""
    lines = [b'{"a":1}', b'{"b":2}', b'{"c":3}']
    source = Source(Stream(Chunks((b"\n".join(lines) + end,)), "log"), "log")
    parts = parts_of(pick(source.head, Options()), source, Options())
    items = [part for part in parts if isinstance(part, Item) and isinstance(part.found, Unreadable)]
    assert len(items) == (3 if end else 1)
    assert b"\n".join(item.raw or b"" for item in items) == b"\n".join(lines)


def test_events_are_no_log() -> None:
    """They are named for what they are."""
    event = b'{"venue":"binance","kind":"order","index":0,"outcome":"canceled","evidence":"final_report"}\n'
    assert verdict(event * 3) == [
        "log:1: file: these are events that cancelnorm wrote; give it the log that they were read from"
    ]


# --- Secrets ---


@pytest.mark.parametrize("shown", [json.dumps, repr, lambda value: repr(json.dumps(value).encode())])
def test_secrets_are_named(shown: Any) -> None:
    """Those of a request are told with its answer, and masked."""
    secret = {**ASKED, "params": {**ASKED["params"], "apiKey": "FAKEKEY", "signature": "5a5a5a5a" * 8}}
    log = line(shown(secret), "sent ") + line(shown(REFUSED), "recv ")
    [record] = records(TEXT, log)
    assert record.secrets == ("request.apiKey", "request.signature")
    assert not leaks([record])


# --- Laws ---


def test_memory_is_constant() -> None:
    """8 MiB of log take less than 2."""
    chunk = line(json.dumps({**ERROR, "retMsg": "x" * 3_000})) * 20

    def log() -> Iterator[bytes]:
        for _ in range(128):
            yield chunk

    tracemalloc.start()
    try:
        assert passed(TEXT, log()) == 128 * 20
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


PIECES = st.lists(
    st.sampled_from(
        [
            *(line(ERROR), line(json.dumps(ASKED), "sent "), line(json.dumps(REFUSED)), line("hello", "")),
            *(
                line("{", "a "),
                line("}", ""),
                line("", f"Request: POST {URL}"),
                line("x (ErrCode: 10006).", ""),
            ),
            *(line(json.dumps(ERROR, indent=1), "Response: "), line("fetch Request:", ""), line("Array", "")),
        ]
    )
    | st.binary(max_size=30),
    max_size=12,
)


@given(PIECES)
def test_any_lines(pieces: list[bytes]) -> None:
    """No lines raise, nothing that is wrong is quoted, and every line is at most one thing."""
    log = b"".join(pieces)
    things = found(TEXT, log)
    assert len(things) <= log.count(b"\n") + 1
    for fault in faults(TEXT, log):
        assert fault.split(": ", 1)[1] == "line: incomplete answer"


@given(PIECES, st.integers(1, 40))
def test_chunks_do_not_matter(pieces: list[bytes], size: int) -> None:
    """However a log comes in, it says the same."""
    log = b"".join(pieces)
    chunks = [log[i : i + size] for i in range(0, len(log), size)]
    source = Source(Stream(Chunks(chunks), "log"), "log")
    assert [item.found for item in TEXT.read(source, Options()) if isinstance(item, Item)] == found(TEXT, log)


# --- Requests without an answer ---

DELETED = "DELETE https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId="
ANSWER = '{"code":-2011,"msg":"gone"}'


def pairings(log: str) -> list[tuple[str | None, str | None]]:
    """The lines of the records of a log, with their pairings."""
    return [(record.source, record.pairing) for record in records(TEXT, log.encode())]


def test_a_lone_request_among_whole_lines() -> None:
    """Where other lines have a request and its answer, one without an answer is told, and why."""
    call = "DELETE https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId="
    refused = json.dumps({"code": -2011, "msg": "Unknown order sent."})
    log = line(refused, f"{call}6 400 ") + line("", f"{call}7") + line("TimeoutError", "")
    answered, lone = records(TEXT, log)
    assert (answered.status, lone.pairing, asked(lone)["orderId"]) == (400, "timeout", "7")


def test_the_status_of_an_answer_in_prose() -> None:
    """As Hummingbot has it."""
    log = "OSError: Error executing request DELETE https://api.binance.com/api/v3/order. HTTP status is 400. Error: "
    [record] = records(TEXT, line({"code": -2011, "msg": "Unknown order sent."}, log))
    assert (record.status, record.endpoint) == (400, "DELETE /api/v3/order")


def test_a_request_without_an_answer() -> None:
    """It is reported at its own line, also where the log has the status of the answer alone."""
    log = f"10:00:00 {DELETED}1\n10:00:01 {DELETED}2\n10:00:02 {DELETED}2 400 {ANSWER}\n"
    assert pairings(log) == [("log:3", None), ("log:1", "no_answer")]
    assert pairings(log.replace(ANSWER, "")) == [("log:1", "no_answer"), ("log:2", "no_answer")]


READ_TIMEOUT = "HTTPSConnectionPool(host='api.binance.com', port=443): Read timed out. (read timeout=10)"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([DELETED + "1", f"ERROR {READ_TIMEOUT}"], {1: "timeout"}),
        (
            [DELETED + "1", f"ERROR {READ_TIMEOUT}", DELETED + "1", "httpx.ReadTimeout"],
            {1: "timeout", 3: "timeout"},
        ),
        ([DELETED + "1", "Traceback:", *["  File"] * 40, "asyncio.exceptions.TimeoutError"], {1: "timeout"}),
        ([DELETED + "1", READ_TIMEOUT.replace("binance", "other")], {1: "no_answer"}),
        (
            [DELETED + "1", DELETED + "2", READ_TIMEOUT],
            {1: "no_answer", 2: "no_answer"},
        ),  # of which is not known
        ([DELETED + "1", "set Timeout=10"], {1: "no_answer"}),
        ([DELETED + "1", *["nothing"] * 200, "websocket: ping timed out"], {1: "no_answer"}),
        ([DELETED + "1", "ping timed out", f"{DELETED}1 400 {ANSWER}"], {3: None}),
    ],
)
def test_what_a_program_did_not_wait_for(lines: list[str], told: dict[int, str | None]) -> None:
    """A request has timed out if a line behind it says so, and nothing else was asked of that host."""
    found = pairings("".join(f"{line}\n" for line in lines))
    assert found == [(f"log:{number}", pairing) for number, pairing in told.items()]


def test_requests_that_may_have_been_answered() -> None:
    """Answers that do not name their requests leave nothing to report."""
    log = f"{DELETED}1\n{DELETED}2\nGot {ANSWER}\nGot {ANSWER}\n{DELETED}3\n{DELETED}3 400 {ANSWER}\n"
    assert [pairing for _, pairing in pairings(log)] == [None] * 3


def test_exceptions_in_text() -> None:
    """A timeout that ccxt raises is reported in the log of any program."""
    raised = f"10:00:05 ERROR cancel failed: RequestTimeout: binance {DELETED}1\n"
    assert pairings(f"10:00:00 {DELETED}1\n" + raised * 2) == [("log:1", "timeout")]
    assert pairings(raised) == [("log:1", "timeout")]


@pytest.mark.parametrize(
    ("raised", "status", "pairing"),
    [
        ("due to RequestTimeout. Message: binance {}", None, "timeout"),
        ("due to ExchangeNotAvailable. Message: binance {} 502 Bad Gateway", 502, None),
        ("binance {} 502 Bad Gateway", 502, None),
        ("binance {} timed out", None, "timeout"),
        ("binance {}", None, "no_answer"),
    ],
)
def test_exceptions_that_are_all_a_log_has(raised: str, status: int | None, pairing: str | None) -> None:
    """The exception of a cancel is told once, also if the log has nothing else of the request."""
    text = f"10:00:05 ERROR cancel failed: {raised.format(DELETED + '1')}\n"
    for log in (text, text + text.replace("cancel", "it"), f"10:00:00 {DELETED}1\n" + text):
        [record] = records(TEXT, (log + "10:00:06 INFO bye\n").encode())
        assert (record.status, record.pairing) == (status, pairing)
        assert (record.request or {}).get("orderId") == "1"


@pytest.mark.parametrize("end", [".\n", ". ", ".\\n"])
@pytest.mark.parametrize("raised", ["InvalidRequestError: {}", "InvalidRequestError('{}')", "failed: {}"])
def test_an_error_and_its_request_in_one_line(raised: str, end: str) -> None:
    """What pybit prints in two lines, other programs log in one."""
    said = f"gone (ErrCode: 110001) (ErrTime: 09:00:03){end}Request → POST {URL}: {{'orderId': '7'}}."
    [record] = records(TEXT, f"ERROR {raised.format(said)}\nbye\n".encode())
    assert (record.endpoint, record.request) == ("POST /v5/order/cancel", {"orderId": "7"})
    assert [event.reason for event in normalise(record).events] == [GONE]


def test_a_frame_without_an_answer() -> None:
    """Over a WebSocket, each request has an id, and its answer has it too."""
    log = line(ASKED, "sending ") + line({**ASKED, "id": "a2"}, "sending ") + line(REFUSED, "received ")
    assert [(record.source, record.pairing) for record in records(TEXT, log)] == [
        ("log:3", None),
        ("log:2", "no_answer"),
    ]


def test_text_within_json_without_an_answer() -> None:
    """The request has the time and the place that the line around it has."""
    texts = [f"{DELETED}1", f"{DELETED}2", f"{DELETED}2 400 {ANSWER}"]
    lines = [
        json.dumps({"message": text, "time": f"2026-11-26T09:00:0{at}Z", "level": "INFO", "account": "a"})
        for at, text in enumerate(texts)
    ]
    answered, open_ = records(MAPPED, "\n".join(lines).encode())
    assert (answered.source, answered.sent_ns) == ("log:3", ns("2026-11-26T09:00:01Z"))
    assert (open_.source, open_.sent_ns, open_.account) == ("log:1", ns("2026-11-26T09:00:00Z"), "a")


# --- Hosts of no venue ---

CANCELED_ORDER = {"orderId": 1603680255057330400, "status": "CANCELED"}  # of Binance alone


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("POST https://gw.local/v1/orders/cancel", {"ok": True}, "the path is about a cancel"),
        ("POST https://gw.local/do", CANCELED_ORDER, "the answer is like those of binance"),
        ("DELETE https://gw.local/x/api/v3/order", {"ok": 1}, "the path is an endpoint of binance or mexc"),
    ],
)
def test_requests_to_a_host_of_no_venue(path: str, answer: dict[str, Any], reason: str) -> None:
    """They are refused where they look like a cancel; the venue can be named."""
    log = line(answer, f"DEBUG {path} 200 ")
    [fault] = faults(TEXT, log)
    assert fault == f"log:1: venue: {reason}, but gw.local is not a known host; use --host gw.local=VENUE"
    assert len(records(TEXT, log, Options(hosts=(("gw.local", "binance"),)))) == 1


def test_other_requests_are_counted_by_host() -> None:
    """A program asks others, too: what they answer is passed over."""
    log = line({"usd": 1}, "GET https://prices.example/v1?ids=btc 200 ") * 2
    log += line({"ok": True}, "POST https://hooks.example/cancelled?order=7 200 ").replace(b"cancelled", b"x")
    source = Source(Stream(Chunks((log,)), "log"), "log")
    assert list(TEXT.read(source, Options())) == []
    assert source.passed.taken() == {"HTTP at prices.example": 2, "HTTP at hooks.example": 1}
    assert source.passed.taken() == {}


def test_frames_at_a_host_of_no_venue() -> None:
    """A frame is recognised by its content or refused; what the program says itself is text."""
    log = line("", "connecting to wss://relay.local/x?key=FAKE ") + line(ERROR) + line({"hello": 1})
    log += line({"x": 1}, "state ")
    things = found(TEXT, log)
    assert isinstance(things[0], Record)
    assert things[0].venue == "bybit"
    assert list(map(str, things[1:])) == [
        "log:3: venue: relay.local is not a known host; name its venue with --host relay.local=VENUE"
    ]
    assert len(records(TEXT, log, Options(hosts=(("relay.local", "bybit"),)))) == 1


# --- Loggers' objects in lines of text ---


def test_an_object_of_a_logger_in_a_line() -> None:
    """Its payload is read, with the time that is nearest to it; the program's own objects are text."""
    log = line(json.dumps({"level": "info", "msg": "recv", "frame": ERROR}), "bot-1 | 2023-11-14T22:13:20Z ")
    log += line(json.dumps({"level": "info", "msg": "start", "orders": [1]}), "bot-1 | ")
    log += line(json.dumps({"time": "2023-11-14T22:13:21Z", "message": f"recv {json.dumps(ERROR)}"}), "x: ")
    assert [record.received_ns for record in records(TEXT, log)] == [17 * 10**17, 17 * 10**17 + 10**9]
    assert text_lines(log) == 1


@pytest.mark.parametrize("line", [b'{"a":', b'{"a":[', b"{'a': 1,", b'{"a": "', b"{'a': {'b':"])
@pytest.mark.parametrize("count", [1, 2, 3, 40, 65, 70, 200])
def test_lines_of_objects_that_never_end_are_counted(line: bytes, count: int) -> None:
    """Every line of an object that is too deep, or is open at the end, is a line of text."""
    assert text_lines(b"started\n" + (line + b"\n") * count) == count + 1


def test_an_object_of_a_logger_says_where_it_is_from() -> None:
    """An unknown host is refused there, too."""
    wire = {"level": "debug", "method": "POST", "url": "https://gw.local/cancel", "response": {"ok": True}}
    [fault] = faults(TEXT, line(json.dumps(wire), "bot-1 | "))
    assert "gw.local is not a known host" in fault


@pytest.mark.parametrize(
    ("before", "after"),
    [("response ", ""), ("", " 400"), ("", ' {"orderId":7}'), ("status 400 ", "")],
    ids=["a word", "a status", "a request", "a status before"],
)
def test_what_makes_an_object_beside_a_url_an_answer(before: str, after: str) -> None:
    """One of a word of direction, a status, and a request before it; its keys tell nothing here."""
    url = "https://api.binance.com/api/v3/order?symbol=X&orderId=7"
    found = records(TEXT, f'{before}DELETE {url}{after} {{"zz":1}}\n'.encode())
    assert [(record.payload, record.is_unanswered) for record in found] == [(b'{"zz":1}', False)]
    request = records(TEXT, f'DELETE {url} {{"zz":1}}\n'.encode())
    assert [record.is_unanswered for record in request] == [True]


RECEIVED = """recv rcv rcvd receive received receives receiving response responses resp reply replied answer answered
incoming inbound rx got"""
SENT = """sent send sends sending request requests req outgoing outbound tx writing publishing submitting posting"""
CANCELED = "DELETE https://api.binance.com/api/v3/order?symbol=X&orderId=7"


@pytest.mark.parametrize("word", RECEIVED.split())
def test_words_of_what_was_received(word: str) -> None:
    """Beside a URL they make an object an answer, however they are written."""
    for written in (word, word.title(), word.upper()):
        log = f'{written} {CANCELED} {{"zz":1}}\n'.encode()
        assert [record.is_unanswered for record in records(TEXT, log)] == [False]


@pytest.mark.parametrize("word", SENT.split())
def test_words_of_what_was_sent(word: str) -> None:
    """Beside a URL they make an object a request, even one whose keys are those of an answer."""
    error = json.dumps(REFUSED["error"])
    for written in (word, word.title(), word.upper()):
        log = f"{written} {CANCELED} {error}\n".encode()
        assert [record.is_unanswered for record in records(TEXT, log)] == [True]


LINES = st.sampled_from([b"{", b"[{", b"{[", b"}", b"]", b'"a": 1', b'"a": {', b"x", b"Request: {", b""])
FRAME = msgspec.json.encode(REFUSED)


@given(st.lists(st.tuples(LINES | st.just(b"recv " + FRAME), st.integers(1, 5)), max_size=8))
def test_a_line_that_comes_again_and_again(runs: list[tuple[bytes, int]]) -> None:
    """Lines with an opening brace alone are read as if each were the first."""
    log = b"\n".join(line for line, times in runs for _ in range(times))

    def read_all() -> object:
        reader = LineReader("log", Options(venue="binance"), PassedOver()).text
        read = [[*reader.line(number, line)] for number, line in enumerate(log.split(b"\n"), 1)]
        return [*read, [*reader.end()], [*reader.unanswered()]], reader.log.text_lines

    quick = read_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TextReader, "line", lambda self, number, line: self._read(number, line, 1))
        assert read_all() == quick


def test_an_answer_that_several_venues_send() -> None:
    """One without a request is of the only one of them that the log has asked before; alone it is of none."""
    [fault] = faults(TEXT, f"Got {ANSWER}\n".encode())
    assert fault == "log:1: venue: binance and mexc send such a frame; name the venue with --venue"
    found = records(
        TEXT, f"{DELETED}1\n{DELETED}1 400 {ANSWER}\nGot {ANSWER.replace('gone', 'no')}\n".encode()
    )
    assert [record.venue for record in found] == ["binance", "binance"]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("503", "<html><body>Service Unavailable</body></html>", "venue_unavailable"),
        ("HTTP 502:", "<!DOCTYPE html><title>502 Bad Gateway</title>", "venue_unavailable"),
        ("200", "[]", "not_found"),
        ("504", "Gateway Timeout", "timeout"),
        ("504", "", "timeout"),
    ],
)
def test_bodies_without_an_object(status: str, body: str, reason: str) -> None:
    """A page or an empty array is the body; a failure of the server is one without, also where others have a body."""
    url = "DELETE https://api.binance.com/api/v3/openOrders?symbol=X"
    found = records(TEXT, f"{url} -> {status} {body}\n{DELETED}1 400 {ANSWER}\n".encode())
    [failed] = [each for each in found if "openOrders" in str(each.endpoint)]
    [event] = normalise(failed).events
    assert (event.reason, event.symbol, str(failed.status)) == (reason, "X", status[-4:].strip(" :"))


EXCHANGE = "DELETE https://api.exchange.coinbase.com/orders"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ('/client:c-9?product_id=X -> 200 "c-9"', [(None, "c-9")]),
        ('/1f0a77c2 200 "1f0a77c2"', [("1f0a77c2", None)]),
        ('/1f0a77c2 status=200: "1f0a77c2"', [("1f0a77c2", None)]),
        (' -> 200 ["1f0a77c2","1f0a77c3"]', [("1f0a77c2", None), ("1f0a77c3", None)]),
        (' -> 200 [ "1f0a77c2", "1f0a77c3" ] ', [("1f0a77c2", None), ("1f0a77c3", None)]),
        ("/client:c-9 -> 200 'c-9'", [(None, "c-9")]),
        (" 200 ['1f0a77c2', '1f0a77c3']", [("1f0a77c2", None), ("1f0a77c3", None)]),
    ],
)
def test_bodies_that_are_texts(said: str, named: list[tuple[str | None, str | None]]) -> None:
    """A text in quotes behind the status, and an array of such, is the body where the venue answers so."""
    [record] = records(TEXT, f"{EXCHANGE}{said}\n".encode())
    assert [(event.order_id, event.client_order_id) for event in normalise(record).events] == named


@pytest.mark.parametrize("said", [f'{EXCHANGE}/17 HTTP/1.1" 200 36 "-" "bot/1.0"', f'{EXCHANGE}/17 by "me"'])
def test_a_text_that_is_no_body(said: str) -> None:
    """One that does not follow a status, as in the log of a proxy."""
    assert [record.payload for record in records(TEXT, f"{said}\n".encode())] == [b""]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("https://api.mexc.com/api/v3/openOrders?symbol=SOLUSDT,BTCUSDT&signature=ab", "SOLUSDT,BTCUSDT"),
        ("https://api.mexc.com/api/v3/openOrders?symbol=A,B,C&signature=ab, status=200", "A,B,C"),
        ("https://api.mexc.com/api/v3/openOrders?symbol=SOLUSDT,status=200", "SOLUSDT"),
        ("https://api.mexc.com/api/v3/openOrders?symbol=SOLUSDT,200", "SOLUSDT"),
    ],
)
def test_a_comma_in_an_address(address: str, names: str) -> None:
    """It parts the items of a parameter that another one follows, whose secret is found; any other ends it."""
    order = '{"symbol":"A","orderId":"C02__1","price":"1","origQty":"1","type":"LIMIT","side":"BUY"}'
    [record] = records(TEXT, f"DELETE {address} 200 [{order}]\n".encode())
    assert isinstance(record.request, dict)
    assert record.request["symbol"] == names
    assert record.secrets == (("request.signature",) if "signature" in address else ())


def test_a_form_behind_the_address() -> None:
    """It is the body of the request, where its names are those of orders there; other words are no form."""
    url = "https://api.kraken.com/0/private/CancelOrder"
    answer = '{"error":[],"result":{"count":1}}'
    for line in (
        f"POST {url} nonce=1&txid=O7-A -> 200 {answer}\n",
        f"POST {url} nonce=1&txid=O7-A\n<- 200 {answer}\n",
    ):
        [record] = records(TEXT, line.encode())
        assert record.request == {"nonce": "1", "txid": "O7-A"}
    [record] = records(TEXT, f"POST {url} took=3ms -> 200 {answer}\n".encode())
    assert record.request is None


def test_an_array_in_an_array() -> None:
    """It is read from its beginning."""
    frame = b'[[{"O7-A":{"status":"canceled"}}],"openOrders",{"sequence":7}]'
    for line in (frame, b"recv " + frame + b" ok", b"[info] recv: " + frame):
        [record] = records(TEXT, line + b"\n")
        assert (record.venue, record.payload) == ("kraken", frame)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("-> 429 null", "rejected"),
        ("-> 500 null", "unknown"),
        ("-> 502 <html><body>502 Bad Gateway</body></html>", "unknown"),
        ("-> 422 Failed to deserialize the JSON body into the target type", "rejected"),
        ("-> 502 Bad Gateway", "unknown"),
        ("<-- 429: Too Many Requests", "rejected"),
        ("=> 503", "unknown"),
    ],
)
def test_an_answer_that_is_no_object_behind_its_request(said: str, outcome: str) -> None:
    """It is the answer of the request in its line, and takes the request of no other line."""
    url = "POST https://api.hyperliquid.xyz/exchange"
    lines = [
        f'{url} {{"action":{{"type":"cancel","cancels":[{{"a":1,"o":{n}}}]}},"nonce":{n}}} {end}\n'
        for n, end in (
            (911, said),
            (912, "-> 200 OK"),  # the words of a status are no body
            (913, '-> 200 {"status":"ok","response":{"type":"cancel","data":{"statuses":["success"]}}}'),
        )
    ]
    lines.insert(0, 'POST https://api.hyperliquid.xyz/info {"type":"openOrders"} -> 200 []\n')
    quiet, *found = records(TEXT, "".join(lines).encode())
    assert quiet.endpoint == "POST /info openOrders"
    events = {event.order_id: event.outcome for record in found for event in normalise(record).events}
    assert events == {"911": outcome, "912": "unknown", "913": "canceled"}
    unanswered = [normalise(r).events[0].order_id for r in found if r.is_unanswered]
    assert unanswered == ["912"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("-> 502 Bad Gateway", Reason.VENUE_UNAVAILABLE),
        ("-> 429 Too Many Requests", Reason.RATE_LIMITED),
        ("-> 429 null", Reason.RATE_LIMITED),
        ("-> 400 Bad Request", Reason.NO_ANSWER),
        ("-> 200 OK", Reason.NO_ANSWER),
    ],
)
def test_a_status_behind_a_request_without_body(said: str, reason: Reason) -> None:
    """It is the answer, where it says what happened."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=7"
    [record] = records(TEXT, f"DELETE {url} {said}\n".encode())
    [event] = normalise(record).events
    assert (event.order_id, event.reason, record.status) == ("7", reason, int(said[3:6]))


def test_a_body_below_a_status_behind_its_request() -> None:
    """Where the words of the status do not say what happened, the body does."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=7"
    log = f'DELETE {url} {{"a":1}} -> 400 Bad Request\n{{"code":-2011,"msg":"Unknown order sent."}}\n'
    [record] = records(TEXT, log.encode())
    [event] = normalise(record).events
    assert (event.order_id, event.reason) == ("7", Reason.NOT_FOUND_OR_CLOSED)


# --- Forms of structured loggers, shells and SDKs ---


@pytest.mark.parametrize(
    "said",
    [
        "url=https://api.kraken.com/0/private/CancelOrder status=200 body=",
        "endpoint=/0/private/CancelOrder method=POST status=200 body=",
        "method: POST path: /0/private/CancelOrder response: ",
    ],
)
def test_the_method_and_the_path_apart(said: str) -> None:
    """A URL without a method is that of its only endpoint, and a logger's keys may part method and path."""
    [record] = records(TEXT, line('{"error":["EOrder:Unknown order"]}', f"2026-11-26 22:00:30 INFO {said}"))
    assert (record.venue, record.endpoint) == ("kraken", "POST /0/private/CancelOrder")


def test_a_path_of_a_file_is_no_request() -> None:
    """Where no method is beside it, a path is no address."""
    [record] = records(TEXT, line('{"error":["EOrder:Unknown order"]}', "path=/var/log/bot.py recv "))
    assert (record.venue, record.endpoint) == ("kraken", None)


@pytest.mark.parametrize("behind", ["", " (done)", r"\n    at kraken.handleErrors"])
def test_the_inside_of_a_string_literal(behind: str) -> None:
    """People copy what stands between its quotes, with the escapes."""
    shown = json.dumps(json.dumps({"error": ["EOrder:Unknown order"]}))[1:-1]
    [record] = records(TEXT, line(shown + behind, "ExchangeError: kraken "))
    assert normalise(record).events[0].reason == GONE


@pytest.mark.parametrize("show", [lambda order: order, lambda order: [order]])
def test_an_order_of_ccxt_that_keeps_a_whole_answer(show: Callable[[Any], Any]) -> None:
    """A venue that counts orders answers with an object for all; its integers are in quotes."""
    order: dict[str, Any] = {"id": None, "info": {"error": [], "result": {"count": "3"}}, "trades": []}
    [record] = records(TEXT, b"kraken.cancelAllOrders()\n" + repr(show(order)).encode() + b"\n")
    [event] = normalise(record).events
    assert (event.venue, event.affected_orders) == ("kraken", 3)


@pytest.mark.parametrize(
    "frame",
    [
        '{"event":"heartbeat"}',
        '{"channel":"heartbeat"}',
        '{"event":"subscribe","feed":"open_orders","api_key":"FAKE","signed_challenge":"FAKE"}',
        '{"event":"subscribe","subscription":{"name":"openOrders","token":"FAKE"}}',
        '{"type":"subscribe","product_ids":["BTC-USD"],"channel":"user","jwt":"FAKE"}',
        '{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD","time":"2014-11-07T08:19:28.464459Z"}',
    ],
)
@pytest.mark.parametrize("direction", ["recv", "send"])
def test_frames_of_the_connection(frame: str, direction: str) -> None:
    """They are of the venue that knows them, although another one's frames have such keys; none is refused."""
    for thing in found(TEXT, line(frame, f"2026-11-26 22:00:30 {direction} ")):
        assert isinstance(thing, Record)
        with pytest.raises(NotACancel):
            normalise(thing)


def test_a_command_over_lines_that_ends_the_log() -> None:
    """Its lines are those of one command, whatever comes behind them."""
    log = b'curl https://api.kraken.com/0/private/CancelOrder -d "txid=OQCLML-BW3P3-BUCMWZ" \\\n -v \\\n'
    [thing] = found(TEXT, log)
    assert isinstance(thing, Record)
    assert (thing.pairing, asked(thing)) == ("no_answer", {"txid": "OQCLML-BW3P3-BUCMWZ"})


@pytest.mark.parametrize("word", ["ok", "success", "canceled"])
def test_a_word_alone_is_of_no_venue(word: str) -> None:
    """Services of any kind answer so; a venue is told by a word of its own alone."""
    assert found(TEXT, line(json.dumps({"status": word}), "2026-11-26 22:00:30 INFO health response ")) == []


def test_a_word_of_a_venue_alone() -> None:
    """No other has it."""
    [record] = records(TEXT, line('{"status":"unknownOid"}'))
    assert record.venue == "hyperliquid"


@pytest.mark.parametrize("before", ["recv ", "recv\n"])
def test_an_array_over_many_lines(before: str) -> None:
    """It may begin with its bracket alone on a line, and with those of the arrays in it."""
    change = {"status": "canceled", "lastupdated": "1646648102.201", "cancel_reason": "User requested"}
    frame = [[{"OQCLML-BW3P3-BUCMWZ": change}], "openOrders", {"sequence": 3}]
    log = line(json.dumps(frame, indent=2), before) + line("and [") + line('{"a": 1}', "recv ")
    [record] = records(TEXT, log)
    assert [event.order_id for event in normalise(record).events] == ["OQCLML-BW3P3-BUCMWZ"]


@pytest.mark.parametrize("before", ["", "recv ", "2026-11-26 22:00:30 INFO "])
def test_what_a_venue_pushes_is_no_request(before: str) -> None:
    """A notice of JSON-RPC has a method and parameters, as a request has, but no id."""
    sample = json.loads((LOGS.parent / "deribit" / "stream-user-orders-raw.json").read_bytes())
    pushed = sample["payload"]
    [record] = records(TEXT, line(json.dumps(pushed), before))
    assert record.venue == "deribit"
    [record] = records(MAPPED, json.dumps({"level": "info", "ts": 1, "frame": pushed}).encode())
    assert record.venue == "deribit"


TRANSCRIPT = b"""> DELETE /api/v3/order?symbol=BTCUSDT&orderId=C02__443776347957968896088&signature=FAKE HTTP/1.1
> Host: api.mexc.com
> User-Agent: curl/7.68.0
>
< HTTP/1.1 400 Bad Request
< Content-Type: application/json
<
* Connection #0 to host api.mexc.com left intact
{"code":-2011,"msg":"Unknown order sent."}
"""


def test_a_transcript_of_curl_without_its_command() -> None:
    """The host is in a header, and the status is that of the answer."""
    [record] = records(TEXT, TRANSCRIPT)
    assert (record.venue, record.endpoint, record.status) == ("mexc", "DELETE /api/v3/order", 400)
    assert asked(record)["orderId"] == "C02__443776347957968896088"


def test_an_answer_beside_the_connection_of_another_venue() -> None:
    """A connection names the venue of frames, but not that of what was asked of another one."""
    log = line("", "Socket connected to wss://stream.bybit.com/v5/private")
    log += line("", 'curl https://api.kraken.com/0/private/CancelOrder -d "txid=OQCLML-BW3P3-BUCMWZ"')
    [record] = records(TEXT, log + line('{"error":[],"result":{"count":1}}', ""))
    assert (record.venue, asked(record)) == ("kraken", {"txid": "OQCLML-BW3P3-BUCMWZ"})


@pytest.mark.parametrize(
    "log",
    [
        '2026-11-03T09:00:01Z {app="bot", pod="bot-1"} DEBUG recv $frame\n',  # of logcli
        "$frame\t231\t09:00:01.158\n$other\t12\t09:00:02.158\n",  # as Chrome copies messages
    ],
)
def test_objects_at_the_beginning_of_lines_are_not_all(log: str) -> None:
    """A time and labels may be before a frame, its length and a time behind it."""
    order = {"order": {"coin": "BTC", "side": "B", "limitPx": "29792.0", "sz": "5.0", "oid": 91490942}}
    order["order"] |= {"timestamp": 1681247412573, "origSz": "5.0"}
    row = {**order, "status": "canceled", "statusTimestamp": 1681247412999}
    frame = json.dumps({"channel": "orderUpdates", "data": [row]})
    data = log.replace("$frame", frame).replace("$other", '{"channel":"pong"}').encode()
    assert pick(data, Options()) is TEXT
    [record, *_] = records(TEXT, data)
    assert normalise(record).events[0].order_id == "91490942"


CHAIN = """\
Traceback (most recent call last):
  File "/x/ccxt/base/exchange.py", line 611, in fetch
    response.raise_for_status()
requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: https://fapi.binance.com/fapi/v1/algoOrder?algoId=2

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/x/freqtrade/exchange/exchange.py", line 1684, in cancel_order
ccxt.base.errors.OrderNotFound: binance {"code":-2011,"msg":"Unknown order sent."}

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/x/freqtrade/exchange/exchange.py", line 1686, in cancel_order
freqtrade.exceptions.InvalidOrderException: Message: binance {"code":-2011,"msg":"Unknown order sent."}
"""


def test_exceptions_of_which_one_caused_the_other() -> None:
    """As Freqtrade logs them: it is one answer, and the next traceback tells of another one."""
    assert len(records(TEXT, CHAIN.encode())) == 1
    assert len(records(TEXT, CHAIN.encode() * 3)) == 3


def test_what_a_program_prints_of_its_own_beside_an_exception() -> None:
    """As Passivbot does: its list of orders is like those of several venues, and of none here."""
    rows = [
        {
            "order_id": 4743681398,
            "symbol": "XMRUSDT",
            "price": 137.88,
            "qty": 0.006,
            "type": "limit",
            "side": "sell",
        }
    ]
    [record] = records(TEXT, f"error cancelling orders b {rows} binance {ANSWER}\n".encode())
    assert (record.venue, normalise(record).events[0].code) == ("binance", "-2011")


def test_errors_in_the_values_of_an_object_of_python() -> None:
    """The message ends at the quote that closes the value."""
    data = b"ERROR {'type': 'BinanceAPIException', 'value': 'APIError(code=-2011): Unknown order sent.', 'x': 1}\n"
    [record] = records(TEXT, data)
    assert record.payload == b'{"code":-2011,"msg":"Unknown order sent."}'
