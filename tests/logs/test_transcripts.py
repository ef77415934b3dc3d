"""Requests and answers as curl and Python's http.client print them over several lines."""

import json
from collections.abc import Sequence
from typing import Final

import pytest

from cancelnorm import normalise
from cancelnorm.logs.options import Options
from cancelnorm.logs.text import TEXT
from tests.logs.captured import leaks, records

PATH: Final = "/api/v4/spot/orders/12345?currency_pair=BTC_USDT"
NOT_FOUND: Final = '{"label":"ORDER_NOT_FOUND","message":"Order not found"}'
COMMAND: Final = f"$ curl -v -X DELETE 'https://api.gateio.ws{PATH}' -H 'KEY: 9a0b1c2d'"
CURL: Final = (
    "*   Trying 203.0.113.7:443...",
    f"> DELETE {PATH} HTTP/2",
    "> Host: api.gateio.ws",
    "> KEY: 9a0b1c2d",
    "> SIGN: 5e6f",
    "> ",
    "< HTTP/2 404 ",
    "< content-type: application/json",
    "< ",
    "* Connection #0 to host api.gateio.ws left intact",
    NOT_FOUND,
)
CLIENT: Final = (
    rf"send: b'DELETE {PATH} HTTP/1.1\r\nHost: api.gateio.ws\r\nKEY: 9a0b1c2d\r\nSIGN: 5e6f\r\n\r\n'",
    r"reply: 'HTTP/1.1 404 Not Found\r\n'",
    "header: Content-Type: application/json",
    NOT_FOUND,
)


@pytest.mark.parametrize("lines", [CURL, (COMMAND, *CURL), CLIENT, (*CURL, COMMAND, *CURL)])
def test_an_answer_has_the_request_and_the_status_before_it(lines: Sequence[str]) -> None:
    """The body alone says neither which order nor which endpoint."""
    found = records(TEXT, "\n".join(lines).encode())
    assert len(found) == lines.count(NOT_FOUND)
    for record in found:
        [event] = normalise(record).events
        assert record.status == 404
        assert (event.endpoint, event.order_id) == ("DELETE /api/v4/spot/orders/{order_id}", "12345")
        assert (event.outcome, event.symbol) == ("rejected", "BTC_USDT")
    assert not leaks(found)


def test_headers_that_are_secret_are_told() -> None:
    """Their names, and not what they hold."""
    for lines in (CURL, CLIENT):
        [record] = records(TEXT, "\n".join(lines).encode())
        assert "headers.sign" in [secret.casefold() for secret in record.secrets]


@pytest.mark.parametrize("lines", [CURL[1:3], CURL[1:2]])
def test_a_request_of_which_nothing_else_is_there(lines: Sequence[str]) -> None:
    """It is told, as any other without an answer: it may have canceled the order."""
    [record] = records(TEXT, "\n".join(lines).encode())
    assert (record.endpoint, record.pairing) == ("DELETE /api/v4/spot/orders/{order_id}", "no_answer")


@pytest.mark.parametrize("lines", [CURL[6:], ("> ", "<", "< x", "> DELETE / HTTP/1.1")])
def test_parts_of_a_transcript_claim_nothing(lines: Sequence[str]) -> None:
    """A status without a request is of no order."""
    assert all(record.endpoint is None for record in records(TEXT, "\n".join(lines).encode()))


def test_a_quoted_object_is_read_as_before() -> None:
    """An arrow before an object is no transcript."""
    [record] = records(TEXT, b'< {"code":-2011,"msg":"Unknown order sent."}', Options(venue="binance"))
    assert normalise(record).events[0].outcome == "rejected"


# --- Messages of other programs ---

CANCEL: Final = '{"category":"linear","symbol":"BTCUSDT","orderId":"7a1"}'
GONE: Final = (
    '{"retCode":110001,"retMsg":"order not exists or too late to cancel","result":{},"retExtInfo":{},'
    '"time":1672217377164}'
)
WIRE: Final = "10:00:01,123 DEBUG [main] org.apache.http.wire - http-outgoing-0 "
TESLA: Final = "I, [2026-11-03T09:00:01.123456 #1234]  INFO -- "
MESSAGES: Final = {
    "HTTPie": (
        "POST /v5/order/cancel HTTP/1.1\nAccept: application/json, */*;q=0.5\nHost: api.bybit.com\n\n$asked\n\n\n"
        "HTTP/1.1 $status Reason\nContent-Type: application/json\n\n$answer\n"
    ),
    "a file of a REST client": (
        "### cancel\nPOST https://api.bybit.com/v5/order/cancel HTTP/1.1\nContent-Type: application/json\n\n$asked\n\n"
        "HTTP/1.1 $status Reason\nConnection: close\n\n$answer\n"
    ),
    "wire logs of Java": (
        rf'{WIRE}>> "POST /v5/order/cancel HTTP/1.1[\r][\n]"'
        "\n"
        rf'{WIRE}>> "Host: api.bybit.com[\r][\n]"'
        "\n"
        rf'{WIRE}>> "[\r][\n]"'
        f'\n{WIRE}>> "$asked"\n'
        rf'{WIRE}<< "HTTP/1.1 $status Reason[\r][\n]"'
        f'\n{WIRE}<< "$answer"\n'
    ),
    "Resty": (
        "~~~ REQUEST ~~~\nPOST  /v5/order/cancel  HTTP/1.1\nHOST   : api.bybit.com\nHEADERS:\n\tUser-Agent: go-resty\n"
        "BODY   :\n$asked\n----\n~~~ RESPONSE ~~~\nSTATUS       : $status Reason\nPROTO        : HTTP/2.0\n"
        "BODY :\n$answer\n"
    ),
    "requests-toolbelt": (
        "< POST /v5/order/cancel HTTP/1.1\n< Host: api.bybit.com\n< Accept: */*\n< \n$asked\n\n"
        "> HTTP/1.1 $status Reason\n> Server: nginx\n> \n$answer\n"
    ),
    "Faraday": (
        f"{TESLA}request: POST https://api.bybit.com/v5/order/cancel\n{TESLA}request: $asked\n"
        f"{TESLA}response: Status $status\n{TESLA}response: $answer\n"
    ),
    "mitmdump": (
        "127.0.0.1:52344: POST https://api.bybit.com/v5/order/cancel HTTP/2.0\n    content-type: application/json\n\n"
        "    $asked\n\n << HTTP/2.0 $status Reason 20b\n    content-type: application/json\n\n    $answer\n"
    ),
    "http.client": (
        "send: b'POST /v5/order/cancel HTTP/1.1\\r\\nHost: api.bybit.com\\r\\n\\r\\n'\nsend: b'$asked'\n"
        "reply: 'HTTP/1.1 $status Reason\\r\\n'\nheader: Server: nginx\n$answer\n"
    ),
}
"""How programs print requests and answers, as their documentation and their sources have it."""


@pytest.mark.parametrize("notation", MESSAGES.values(), ids=MESSAGES)
def test_the_body_of_a_request_is_behind_its_headers(notation: str) -> None:
    """Only that names the order: the answer does not."""
    log = "Starting\n" + notation.replace("$asked", CANCEL).replace("$status", "200").replace("$answer", GONE)
    [record, other] = records(TEXT, (log + log.replace("7a1", "7a2")).encode())
    for each, order in ((record, "7a1"), (other, "7a2")):
        [event] = normalise(each).events
        assert (event.endpoint, event.order_id, event.symbol) == ("POST /v5/order/cancel", order, "BTCUSDT")
        assert (event.outcome, each.status) == ("rejected", 200)


@pytest.mark.parametrize("notation", MESSAGES.values(), ids=MESSAGES)
@pytest.mark.parametrize("page", ["", "<html>", "error code: 502"])
def test_the_status_of_a_failure_needs_no_body(notation: str, page: str) -> None:
    """A server on the way failed: that is known of the request that its body names."""
    log = notation.replace("$asked", CANCEL).replace("$status", "502").replace("$answer", page)
    [record] = records(TEXT, log.encode())
    [event] = normalise(record).events
    assert (event.order_id, event.outcome, event.reason) == ("7a1", "unknown", "venue_unavailable")


@pytest.mark.parametrize(
    ("path", "body", "orders"),
    [
        ("api.kraken.com/0/private/CancelOrder", "nonce=1&txid=OQCLML-BW3P3-BUCMWZ", ["OQCLML-BW3P3-BUCMWZ"]),
        ("contract.mexc.com/api/v1/private/order/cancel", "[108,109]", ["108", "109"]),
        (
            "www.okx.com/api/v5/trade/cancel-batch-orders",
            '[{"instId":"BTC-USDT","ordId":"1"},{"instId":"BTC-USDT","ordId":"2"}]',
            ["1", "2"],
        ),
        (
            "api.hyperliquid.xyz/exchange",
            '{"action":{"type":"cancel","cancels":[{"a":1,"o":91},{"a":1,"o":92}]},"nonce":1}',
            ["91", "92"],
        ),
        (
            "www.deribit.com/api/v2/private/cancel",
            '{"jsonrpc":"2.0","id":4,"method":"private/cancel","params":{"order_id":"ETH-584"}}',
            ["ETH-584"],
        ),
    ],
)
def test_bodies_of_any_kind(path: str, body: str, orders: list[str]) -> None:
    """Forms, arrays of ids, of orders, and frames of JSON-RPC."""
    log = f"POST https://{path} HTTP/1.1\nContent-Type: x/y\n\n{body}\n\nHTTP/1.1 503 Service Unavailable\n\n"
    [record] = records(TEXT, log.encode())
    assert all(order in json.dumps(record.request) for order in orders)
    assert record.status == 503


def test_a_line_behind_the_headers_is_no_header() -> None:
    """What a program says there may be the end of the request."""
    log = "DELETE /fapi/v1/order?symbol=BTCUSDT&orderId=1 HTTP/1.1\nHost: fapi.binance.com\n"
    log += "ERROR: RequestTimeout: binance DELETE https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&orderId=1\n"
    [record] = records(TEXT, log.encode())
    assert record.pairing == "timeout"


def test_an_address_in_backticks() -> None:
    """As Guzzle has it in the message of its exceptions."""
    log = f"Client error: `DELETE https://api.gateio.ws{PATH}` resulted in a `404 Not Found` response:\n{NOT_FOUND}\n"
    [record] = records(TEXT, log.encode())
    assert (record.status, normalise(record).events[0].order_id) == (404, "12345")


@pytest.mark.parametrize(
    ("log", "order", "status"),
    [
        # Rust's tracing, with a form among the fields.
        (
            (
                "DEBUG http: request method=POST url=https://api.kraken.com/0/private/CancelOrder "
                'body="nonce=1&txid=OQCLML-BW3P3-BUCMWZ"\nDEBUG http: response status=502\n'
            ),
            "OQCLML-BW3P3-BUCMWZ",
            502,
        ),
        # axios-logger.
        (f"[Axios][Response] DELETE https://api.gateio.ws{PATH} 404:Not Found {NOT_FOUND}\n", "12345", 404),
        # HttpClient of .NET.
        (
            (
                f"info: System.Net.Http.HttpClient[100]\n      Start processing HTTP request DELETE "
                f"https://api.gateio.ws{PATH}\ninfo: System.Net.Http.HttpClient[101]\n"
                "      Received HTTP response headers after 123.4567ms - 503\n"
            ),
            "12345",
            503,
        ),
        # A page of nginx.
        (
            f"DELETE https://api.gateio.ws{PATH}\n<html>\n<head><title>502 Bad Gateway</title></head>\n<body></body>\n",
            "12345",
            502,
        ),
    ],
)
def test_statuses_of_other_programs(log: str, order: str, status: int) -> None:
    """Behind the request or in a line of their own."""
    [record] = records(TEXT, log.encode())
    assert (record.status, normalise(record).events[0].order_id) == (status, order)


def test_the_path_tells_the_method_of_json_rpc() -> None:
    """Where the log has no body of the request, and where the body is beside the URL."""
    url = "https://www.deribit.com/api/v2/private/cancel"
    asks = '{"jsonrpc":"2.0","id":4,"method":"private/cancel","params":{"order_id":"ETH-584"}}'
    answer = '{"jsonrpc":"2.0","id":4,"error":{"code":11044,"message":"not_open_order"}}'
    for body, order in (("", None), (asks, "ETH-584")):
        [record] = records(TEXT, f"POST {url} {body}\n400 {answer}\n".encode())
        [event] = normalise(record).events
        assert (event.endpoint, event.order_id, event.outcome) == (
            "GET /api/v2/private/cancel",
            order,
            "rejected",
        )


# --- Answers that the log does not have ---

COUNTED: Final = '{"error":[],"result":{"count":1}}'
ORDERS: Final = ("OYVGEW-AAAAA-111111", "OYVGEW-BBBBB-222222")


def _asked(notation: str, order: str) -> str:
    path, host, form = "/0/private/CancelOrder", "api.kraken.com", f"nonce=1&txid={order}"
    return {
        "curl": f"> POST {path} HTTP/1.1\n> Host: {host}\n>\n{form}\n",
        "http.client": f"send: b'POST {path} HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n'\nsend: b'{form}'\n",
        "quoted": f'"POST {path} HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n{form}"\n',
    }[notation]


def _answered(notation: str) -> str:
    quoted = COUNTED.replace('"', '\\"')
    return {
        "curl": f"< HTTP/1.1 200 OK\n< a-b: c\n<\n{COUNTED}\n",
        "http.client": f"reply: 'HTTP/1.1 200 OK\\r\\n'\nheader: A-B: c\n{COUNTED}\n",
        "quoted": f'"HTTP/1.1 200 OK\\r\\nA-B: c\\r\\n\\r\\n{quoted}"\n',
    }[notation]


@pytest.mark.parametrize("notation", ["curl", "http.client", "quoted"])
def test_an_answer_behind_two_requests(notation: str) -> None:
    """Nothing tells to which of them it is, so both are in doubt; curl has several at a time with ``--parallel``."""
    asked = "".join(_asked(notation, order) for order in ORDERS)
    assert _told(asked + _answered(notation)) == [
        (None, "canceled"),
        *((order, "unknown") for order in ORDERS),
    ]


@pytest.mark.parametrize(
    "over",
    [
        "* Connection #0 to host api.kraken.com left intact\n",
        "* Operation timed out after 5000 milliseconds\n* Closing connection\n",
        "curl: (52) Empty reply from server\n",
    ],
)
def test_an_answer_is_not_that_of_a_transfer_that_is_over(over: str) -> None:
    """Where curl says so, an answer is that to the request behind it."""
    log = _asked("curl", ORDERS[0]) + over + _asked("curl", ORDERS[1]) + _answered("curl")
    assert _told(log) == [(ORDERS[0], "unknown"), (ORDERS[1], "canceled")]


def _told(log: str) -> list[tuple[str | None, str]]:
    found = records(TEXT, log.encode())
    return [(event.order_id, str(event.outcome)) for record in found for event in normalise(record).events]


@pytest.mark.parametrize("notation", ["curl", "http.client", "quoted"])
def test_each_answer_behind_its_request(notation: str) -> None:
    """Each is its own, also where a program has logged the first request before."""
    for before in ("", "POST https://api.kraken.com/0/private/CancelOrder\n"):
        log = before + "".join(_asked(notation, order) + _answered(notation) for order in ORDERS)
        found = [event for record in records(TEXT, log.encode()) for event in normalise(record).events]
        assert [str(event.outcome) for event in found] == ["canceled", "canceled"]
        assert [event.order_id for event in found] == [*ORDERS]


def test_a_redirect_of_curl_is_no_request_without_an_answer() -> None:
    """Where it went is a request of its own."""
    moved = "< HTTP/1.1 307 Temporary Redirect\n< location: /x\n<\n"
    log = _asked("curl", ORDERS[0]) + moved + _asked("curl", ORDERS[0]) + _answered("curl")
    [record] = records(TEXT, log.encode())
    assert [event.order_id for event in normalise(record).events] == [ORDERS[0]]


def test_a_redirect_behind_which_nothing_is() -> None:
    """The log does not tell where the request went, so it is told."""
    log = _asked("curl", ORDERS[0]) + "< HTTP/1.1 307 Temporary Redirect\n< location: /x\n<\n"
    assert _told(log) == [(ORDERS[0], "unknown")]


@pytest.mark.parametrize("behind", [' caller="x.go:5"', ' took "5ms"', ' conn="c1"'])
def test_what_stands_behind_a_quoted_request(behind: str) -> None:
    """It is no part of the request."""
    asked = _asked("quoted", ORDERS[0]).rstrip("\n") + behind + "\n"
    found = records(TEXT, (asked + _answered("quoted")).encode())
    told = {event.order_id for record in found for event in normalise(record).events}
    assert told <= {None, ORDERS[0]}


@pytest.mark.parametrize("said", ["2026-11-26T22:00:30.150Z recv ", "bybit-ws: recv ", "[bot-1] ws: "])
def test_an_answer_behind_the_headers_of_a_request(said: str) -> None:
    """It is none of them, though a time and a name have a colon, too."""
    frame = '{"op":"order.cancel","retCode":110001,"retMsg":"gone","data":{},"connId":"c","reqId":"r1","header":{}}'
    log = f"bot: DELETE {PATH} HTTP/1.1\nHost: api.gateio.ws\nKEY: 1\n{said}{frame}\n"
    found = records(TEXT, log.encode())
    assert {record.venue for record in found} == {"bybit", "gate"}


@pytest.mark.parametrize(
    "before",
    [
        "2026/11/26 22:00:30 ",
        "2026-11-26 22:00:30.001 DEBUG [5a1b, L:/10.0.0.2:5] WRITE: 9B ",
        "level=debug ",
        "",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_message_that_a_logger_wrote_as_one_text(before: str, end: str) -> None:
    """What a logger has before a text stands before its first line alone."""
    asked = ("POST /v5/order/cancel HTTP/1.1", "Host: api.bybit.com", "X-BAPI-SIGN: 5e6f", "", CANCEL)
    answered = ("HTTP/2.0 200 OK", "Content-Type: application/json", "", GONE)
    log = f"{before}{end.join(asked)}\n{before}{end.join(answered)}\n"
    [record] = records(TEXT, log.encode())
    [event] = normalise(record).events
    assert (record.endpoint, record.status) == ("POST /v5/order/cancel", 200)
    assert (event.order_id, event.outcome) == ("7a1", "rejected")
    assert "headers.x-bapi-sign" in record.secrets


@pytest.mark.parametrize(
    "line", ["2026-11-26T22:00:31Z ERROR {} timed out", "bybit-ws: {}", "retry: {}", "2026-11-26 22:00:31 {}"]
)
def test_a_line_of_the_program_is_no_header(line: str) -> None:
    """A request in it is told, though it stands behind headers that have nothing before them."""
    asked = (f"2026/11/26 22:00:30 DELETE {PATH} HTTP/1.1", "Host: api.gateio.ws", "KEY: 9a0b1c2d")
    other = "DELETE https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId=17"
    found = records(TEXT, "\n".join((*asked, line.format(other), "")).encode())
    assert [record.venue for record in found] == ["gate", "binance"]


@pytest.mark.parametrize("said", ["", "HTTP/2 404 \n", "pre-cancel: "])
def test_what_has_an_object_is_no_header(said: str) -> None:
    """Not even behind a word as headers have them."""
    asked = (f"2026/11/26 22:00:30 DELETE {PATH} HTTP/1.1", "Host: api.gateio.ws", "KEY: 9a0b1c2d")
    [record] = records(TEXT, "\n".join((*asked, f"{said}{NOT_FOUND}", "")).encode())
    assert record.endpoint == "DELETE /api/v4/spot/orders/{order_id}"
    assert json.loads(record.payload) == json.loads(NOT_FOUND)
