"""Lines of text: the errors and exceptions of programs and libraries."""

import json

import pytest

from cancelnorm import normalise
from cancelnorm.logs.options import Options
from cancelnorm.logs.text import TEXT
from tests.logs.captured import asked, found, records
from tests.logs.lines import DELETED, ERROR, GONE, URL, line, pairings

UNKNOWN_ORDER = (-2011, "Unknown order sent.")


NO_ORDER = ("51400", "Cancellation failed as the order does not exist.")


TOO_LATE = (110001, "order not exists or too late to cancel")


NODE = """\
{before}Error: Unknown order sent.
    at /app/node_modules/binance-api-node/dist/http-client.js:86:17
    at processTicksAndRejections (internal/process/task_queues.js:97:5) {{
  code: {code},
  url: 'https://{host}/v1/order?symbol=BTCUSDT&orderId=123&signature=abcd'
}}
"""


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


@pytest.mark.parametrize("end", [".\n", ". ", ".\\n"])
@pytest.mark.parametrize("raised", ["InvalidRequestError: {}", "InvalidRequestError('{}')", "failed: {}"])
def test_an_error_and_its_request_in_one_line(raised: str, end: str) -> None:
    """What pybit prints in two lines, other programs log in one."""
    said = f"gone (ErrCode: 110001) (ErrTime: 09:00:03){end}Request → POST {URL}: {{'orderId': '7'}}."
    [record] = records(TEXT, f"ERROR {raised.format(said)}\nbye\n".encode())
    assert (record.endpoint, record.request) == ("POST /v5/order/cancel", {"orderId": "7"})
    assert [event.reason for event in normalise(record).events] == [GONE]


def test_errors_in_the_values_of_an_object_of_python() -> None:
    """The message ends at the quote that closes the value."""
    data = b"ERROR {'type': 'BinanceAPIException', 'value': 'APIError(code=-2011): Unknown order sent.', 'x': 1}\n"
    [record] = records(TEXT, data)
    assert record.payload == b'{"code":-2011,"msg":"Unknown order sent."}'


@pytest.mark.parametrize(
    "log",
    [
        "APIError(code=-2011): Unknown order sent.",
        "ERROR root:Found error. status: 400, error code: -2011, error message: Unknown order sent.",
        "binance.error.ClientError: (400, -2011, 'Unknown order sent.', {'content-type': 'x'}, None)",
        "cancel failed: (400, -2011, 'Unknown order sent.', {'content-type': 'x'})",
        "(400, -2011, \"Unknown order sent.\", {'content-type': 'x'})",
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


def test_errors_of_node_before_2018() -> None:
    """A brace before an error begins no object."""
    log = b'{ Error: binance {"code":-2011,"msg":"UNKNOWN_ORDER"}\n    at handle (ccxt.js:1:2) constructor: [f] }\n'
    [record] = records(TEXT, log)
    assert normalise(record).events[0].reason == GONE


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
        shown = log.replace("&", "&amp;")  # as a page has it
        [record], [other] = (records(TEXT, (each + "10:00:06 INFO bye\n").encode()) for each in (log, shown))
        assert (record.status, record.pairing) == (status, pairing)
        assert (other.status, other.pairing, other.request) == (status, pairing, record.request)
        assert isinstance(record.request, dict)
        assert record.request["orderId"] == "1"


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


@pytest.mark.parametrize(
    "name", ["TimeoutError", "requests.exceptions.ReadTimeout", "System.TimeoutException", "RequestTimedOut"]
)
def test_a_timeout_that_names_its_request(name: str) -> None:
    """It is no request: one before it is given up, and one behind it has its own answer."""
    first, second = (f'POST {URL} {{"orderId": "{order}"}}\n' for order in "AB")
    raised, answered = f"{name}: POST {URL}\n", f"POST {URL} 200 {json.dumps(ERROR)}\n"
    assert pairings(raised) == pairings(first + raised) == [("log:1", "timeout")]
    for before in (first + raised, raised):
        told = records(TEXT, f"{before}{second}{answered}".encode())
        assert [record.pairing for record in told] == ["timeout", None]
        assert asked(told[1])["orderId"] == "B"
    assert pairings(f"POST {URL} timeout: 10 s\n{answered}") == [("log:2", None)]


@pytest.mark.parametrize(
    "said", ["(400, 10001, 'params error')", "(400, -2011)", "(1400, -2011, 'x')", "(404, -5)"]
)
def test_other_tuples_of_python(said: str) -> None:
    """They are no errors of Binance: these have a status, a code below zero and a text."""
    assert records(TEXT, f"ERROR {said}\n".encode()) == []
