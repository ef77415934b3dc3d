"""Calls that failed, beside others: each is told, and the answers behind it go to the requests that are left."""

import json
from typing import Final

import pytest

from cancelnorm import Record
from cancelnorm.check import check
from tests.logs.test_beside_others import BYBIT, GONE, ORDER, PAGE, TOO_LATE, asked, bybit, canceled, told

KRAKEN: Final = "https://api.kraken.com/0/private/CancelOrder"
LIMITED: Final = '{"error":["EAPI:Rate limit exceeded"]}'
FIRST, SECOND = "OAAAAA-AAAAA-AAAAAA", "OBBBBB-BBBBB-BBBBBB"


# --- Statuses that do not go with a body ---


@pytest.mark.parametrize("status", [408, 418, 429, 500, 502, 503, 504])
def test_a_failure_is_not_the_status_of_an_order_that_is_gone(status: int) -> None:
    """The body is that of the request behind it, which has another status."""
    for written in ("status {}\n", 'DEBUG:urllib3:https://api.binance.com:443 "DELETE {} HTTP/1.1" {} 46\n'):
        path = "/api/v3/order?symbol=BTCUSDT&orderId="
        first, second = (
            written.format(*((f"{path}{order}", code) if "DELETE" in written else (code,)))
            for order, code in ((17, status), (18, 400))
        )
        found = told(f"{asked(17)}{first}{asked(18)}{second}DEBUG:bot:response: {GONE}\n")
        assert sorted(found) == [
            ("17", "rejected" if status in (418, 429) else "unknown"),
            ("18", "rejected"),
        ]


def test_statuses_of_requests_at_one_url() -> None:
    """An answer with a status of its own is not that of a request whose status was another one."""
    log = (
        f"{bybit('cancel', 'o7')}msg=response status=502 method=POST url={BYBIT}cancel\n"
        f"{bybit('cancel', 'o8')}msg=response method=POST url={BYBIT}cancel status=200 body={TOO_LATE}\n"
    )
    assert sorted(told(log)) == [("o7", "unknown"), ("o8", "rejected")]


def test_a_code_of_another_type() -> None:
    """OKX has its codes in quotes, so that one without is Binance's, though the keys are the same."""
    okx = 'send POST https://www.okx.com/api/v5/trade/cancel-order {"instId":"BTC-USDT","ordId":"7"}\n'
    for error, outcome in ((GONE, "rejected"), ('{"code":-1003,"msg":"Too many requests."}', "rejected")):
        assert sorted(told(f"{okx}status 200\n{asked(18)}recv {error}\n")) == [
            ("18", outcome),
            ("7", "unknown"),
        ]


# --- Lines in which a request failed ---


@pytest.mark.parametrize(
    "error",
    [
        "ERROR ECONNRESET",
        "unexpected EOF",
        "dial tcp 1.2.3.4:443: connection refused",
        "context deadline exceeded",
        "ReadTimeout: HTTPSConnectionPool(host='api.kraken.com', port=443): Read timed out.",
    ],
)
@pytest.mark.parametrize("form", ["jsonl", "text"])
def test_a_line_that_names_the_request_which_failed(form: str, error: str) -> None:
    """The next answer at its URL is that of the next request there."""

    def line(**fields: str | int) -> str:
        if form == "jsonl":
            return json.dumps({"ts": "2026-05-01T10:00:00.5Z", **fields}) + "\n"
        shown = (
            f"{key}={json.dumps(value) if isinstance(value, str) else value}" for key, value in fields.items()
        )
        return f"2026-05-01T10:00:00.5Z {' '.join(shown)}\n"

    def request(order: str) -> str:
        return line(msg="request", method="POST", url=KRAKEN, body=f"nonce=1&txid={order}")

    answer = line(msg="response", method="POST", url=KRAKEN, status=200, body=LIMITED)
    failed = line(msg="request failed", error=error, method="POST", url=KRAKEN)
    assert sorted(told(f"{request(FIRST)}{failed}{request(SECOND)}{answer}", form)) == [
        (FIRST, "unknown"),
        (SECOND, "rejected"),
    ]


@pytest.mark.parametrize("error", ["ERROR ECONNRESET", "unexpected EOF", "ERROR socket hang up"])
def test_a_connection_that_broke_right_behind_a_request(error: str) -> None:
    """It was that of the request; some lines later, it may have been any, and what is of others is of none."""
    behind = f"{asked(18)}recv {GONE}\n"
    assert sorted(told(f"{asked(17)}{error}\n{behind}")) == [("17", "unknown"), ("18", "rejected")]
    redis = f"redis: {error}"
    assert told(f"{asked(17)}{redis}\n{behind}")[0] == (None, "rejected")


@pytest.mark.parametrize("end", ["ERROR Read timed out.", f"recv 502 {PAGE}", "status 200", "unexpected EOF"])
def test_what_failed_waits_for_nothing(end: str) -> None:
    """The error of a query behind it is the query's, and no answer to a cancel."""
    query = "send GET https://api.binance.com/api/v3/ticker/price?symbol=X\n"
    error = '{"code":-1121,"msg":"Invalid symbol."}'
    assert told(f"{asked(17)}{end}\n{query}recv 400 {error}\n") == [("17", "unknown")]


def test_where_no_cancel_waits() -> None:
    """An error that says of no order what became of it is that of one of the queries that wait, whichever."""
    query = "send GET https://api.bitget.com/api/v2/spot/market/tickers?symbol={}\n"
    error = '{"code":"40034","msg":"Parameter does not exist","requestTime":1714557600123,"data":null}'
    gone = '{"code":"43001","msg":"The order does not exist","requestTime":1714557600123,"data":null}'
    asked = query.format("X") + query.format("Y")
    assert told(f"{asked}recv {error}\n") == []
    assert [outcome for _, outcome in told(f"{asked}recv {gone}\n")] == ["unknown"]


# --- Requests ---


def test_the_form_of_a_request() -> None:
    """In a field of logfmt, in quotes, or behind a bar."""
    for request in (
        f'method=POST url="{KRAKEN}" body="nonce=1&txid={FIRST}"',
        f"POST|{KRAKEN}|nonce=1&txid={FIRST}",
    ):
        assert told(f"{request}\n200|{LIMITED}\n") == [(FIRST, "rejected")]


@pytest.mark.parametrize("before", ["method=DELETE", 'method="DELETE"', "verb=DELETE"])
def test_a_status_before_the_method(before: str) -> None:
    """It is that of the answer, and the line no request."""
    log = f"msg=request {before} url={ORDER}17\nmsg=response status=502 {before} url={ORDER}17\n"
    assert told(log) == [("17", "unknown")]


# --- Equal bodies ---


def test_an_error_is_no_repetition_behind_a_request() -> None:
    """In other words, in the line right behind a request that it may answer, of a program that told none twice."""
    calls = "".join(f"{asked(order)}recv 400 {GONE}\n" for order in (14, 15, 16))
    assert told(f"{calls}{asked(17)}recv {GONE}\n")[3:] == [("17", "rejected")]
    assert told(f"{calls}still here\nanswer: {GONE}\n{asked(17)}recv {GONE}\n")[3:] == [("17", "unknown")]


def test_an_error_of_a_query_is_no_repetition_behind_another() -> None:
    """It ends that query, so that the next error is that of the cancel behind it."""
    query = "send GET https://api.binance.com/api/v3/ticker/price?symbol={}\n"
    error = '{"code":-1121,"msg":"Invalid symbol."}'
    limited = '{"code":-1003,"msg":"Too many requests."}'
    log = f"{query.format('X')}recv 400 {error}\n{query.format('Y')}recv {error}\n"
    assert told(f"{log}{asked(17)}recv {limited}\n") == [("17", "rejected")]


def test_an_answer_told_twice() -> None:
    """In two places of a program, the second time behind the next request: it is the answer to the first alone."""
    behind = f"{asked(18)}response {GONE}\nrecv 200 {canceled(18)}\n"
    assert told(f"{asked(17)}recv 400 {GONE}\n{behind}") == [("17", "rejected"), ("18", "canceled")]
    calls = "".join(f"{asked(order)}recv 200 {canceled(order)}\n" for order in (14, 15, 16))
    again = f"{asked(18)}response {canceled(16)}\nrecv 400 {GONE}\n"
    assert told(f"{calls}{again}")[2:] == [("16", "canceled"), ("18", "rejected")]


# --- Requests in doubt ---


def test_requests_in_doubt() -> None:
    """Of two, one was answered by what names none: each is told, and why; once both were, neither is."""
    log = f"{asked(17)}{asked(18)}status 400\nrecv {GONE}\n"
    assert [order for order, _ in told(log)] == [None, "17", "18"]
    assert [order for order, _ in told(f"{log}recv 400 {GONE}\n")] == [None, None]


def test_the_finding_of_a_request_in_doubt() -> None:
    """It does not say that there is no answer."""
    record = Record(
        b"", "binance", "DELETE /api/v3/order", request={"symbol": "X", "orderId": 17}, pairing="in_doubt"
    )
    [finding] = check([record])
    assert finding.rule.code == "CN406"
    assert finding.message == (
        "the log has answers to only some of several requests, and does not say whether it has one to "
        "the request to cancel order 17"
    )


# --- What is no failure ---


@pytest.mark.parametrize(
    "words",
    [
        "WARN retrying {} after ECONNRESET",
        "Retrying {}: timeout of 5000ms exceeded (attempt 1)",
        "{} failed: socket hang up, will retry",
        "WARN retrying after ECONNRESET",
        "ERROR price feed: connection reset by peer",
        "okx: ECONNRESET",
        "json: unexpected EOF in state.json",
    ],
)
def test_a_request_that_still_waits(words: str) -> None:
    """It is sent again, or something else failed: the next error may be its own."""
    line = words.format(f"DELETE {ORDER}17")
    found = told(f"{asked(17)}{line}\n{asked(18)}recv {GONE}\n")
    assert (None, "rejected") in found
    assert {outcome for order, outcome in found if order is not None} == {"unknown"}


@pytest.mark.parametrize(
    "option", ["Timeout: 5000", "(Timeout 10s)", "timeout of 5000 ms", "# keepAlive, ECONNRESET"]
)
def test_the_options_of_a_request(option: str) -> None:
    """They say nothing of how it ended."""
    found = told(f"send DELETE {ORDER}17 {option}\n{asked(18)}recv {GONE}\n")
    assert found == [(None, "rejected"), ("17", "unknown"), ("18", "unknown")]


def test_a_field_behind_the_url() -> None:
    """It is no form, where there is one before the method."""
    fields = f'method=POST url="{KRAKEN}" duration=35ms'
    assert told(f'msg=request body="nonce=1&txid={FIRST}" {fields}\n200|{LIMITED}\n') == [(FIRST, "rejected")]


# --- Queries ---


@pytest.mark.parametrize("empty", ["recv 200 []", "recv {}", "status 200\n[]"])
def test_an_empty_answer_to_a_query(empty: str) -> None:
    """The next error is that of the cancel behind it."""
    query = "send GET https://api.binance.com/api/v3/openOrders?symbol=X\n"
    assert told(f"{query}{empty}\n{asked(17)}recv {GONE}\n") == [("17", "rejected")]


def test_errors_of_something_that_may_cancel() -> None:
    """They are told where a cancel waits at a place that is not known, or the words of their lines name one."""
    query = "send GET https://api.binance.com/api/v3/ticker/price?symbol=X\n"
    error = '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}'
    assert told(f"POST http://127.0.0.1:8080/cancel?id=17\n{query}recv {error}\n") == [(None, "unknown")]
    failed = f"{asked(17)}status 502\n{query}"
    assert told(f"{failed}WARN cancelOrder response: {error}\n")[0] == (None, "unknown")
    assert told(f"{failed}WARN response: {error}\n") == [("17", "unknown")]


# --- Lost requests ---


def test_an_error_told_twice_is_none_of_a_lost_request() -> None:
    """The second time it is told of nothing that failed before."""
    create = f"send POST {BYBIT}create {json.dumps({'symbol': 'BTCUSDT', 'side': 'Buy', 'qty': '1'})}\n"
    poor = TOO_LATE.replace("110001", "110007").replace(
        "order not exists or too late to cancel", "not enough"
    )
    found = told(f"{bybit('cancel', 'o7')}ERROR ECONNRESET\n{create}recv {poor}\nstrategy got {poor}\n")
    assert ("o7", "unknown") in found
    assert all(outcome == "unknown" for order, outcome in found if order == "o7")


def test_a_request_with_a_status_is_not_lost() -> None:
    """What failed was something else, where a later line tells the status of its answer."""
    query = "GET https://api.binance.com/api/v3/ticker/price?symbol=X"
    error = '{"code":-1121,"msg":"Invalid symbol."}'
    log = f"send {query}\nERROR ECONNRESET\n{asked(17)}{query} 400\n{error}\nrecv {canceled(17)}\n"
    assert told(log) == [("17", "canceled")]


@pytest.mark.parametrize(
    "what", ["redis timed out", "WARN db timeout of 500 ms", "WARN telegram TimeoutError"]
)
def test_a_timeout_of_something_else(what: str) -> None:
    """The next refusal may still be that of the request before it."""
    log = f"{bybit('cancel', 'o7')}ERROR {what}\n{bybit('cancel', 'o8')}recv POST {BYBIT}cancel 200 {TOO_LATE}\n"
    found = told(log)
    assert found[0] == (None, "rejected")
    assert {outcome for order, outcome in found if order is not None} == {"unknown"}


@pytest.mark.parametrize("name", ["reqId", "account", "traceId"])
def test_errors_of_another_connection(name: str) -> None:
    """The error of a query is given to no cancel of another call or account."""

    def line(call: str, **fields: object) -> str:
        return json.dumps({**fields, name: call}) + "\n"

    query = line(
        "r1", msg="request", method="GET", url="https://api.binance.com/api/v3/ticker/price?symbol=X"
    )
    cancel = line("r2", msg="request", method="DELETE", url=f"{ORDER}17")
    error = line("r1", msg="response", status=400, body={"code": -1121, "msg": "Invalid symbol."})
    done = line("r2", msg="response", status=200, body=json.loads(canceled(17)))
    others = "".join(line("r3", msg=f"tick {i}") for i in range(12))
    found = told(f"{query}{others}{cancel}{error}{done}", "jsonl")
    assert [outcome for order, outcome in found if order == "17"] == ["canceled"]


def test_the_answer_of_a_query_that_failed() -> None:
    """A report that an order is canceled is none of it."""
    query = "send GET https://api.binance.com/api/v3/ticker/price?symbol=X\n"
    log = f"{query}ERROR Read timed out.\nrecv {canceled(17)}\n"
    assert told(log) == [("17", "canceled")]


@pytest.mark.parametrize("words", ["INFO retry 1/3 {}", "resending {}", "attempt 2 {}", "retry: {} in 500ms"])
def test_a_request_that_is_sent_again_is_one(words: str) -> None:
    """Its line is no second request, while the first one waits."""
    again = words.format(f"DELETE {ORDER}17")
    assert told(f"{asked(17)}{again}\nrecv {GONE}\n{asked(18)}recv {GONE}\n") == [
        ("17", "rejected"),
        ("18", "rejected"),
    ]


@pytest.mark.parametrize(
    "error",
    [
        "java.net.SocketTimeoutException: Read timed out",
        "<-- HTTP FAILED: java.net.SocketTimeoutException: timeout",
        "java.io.IOException: Connection reset by peer",
        "System.Net.Http.HttpRequestException: Connection reset by peer",
        "TaskCanceledException: canceled due to the configured HttpClient.Timeout of 5 seconds elapsing.",
        "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
        "httpcore.ReadTimeout: timed out",
        "AxiosError: Network Error ECONNRESET",
        "http.client.RemoteDisconnected: Remote end closed connection without response",
        "Error: connect ETIMEDOUT 1.2.3.4:443",
        "curl: (56) Recv failure: Connection reset by peer",
        "ConnectionResetError: [Errno 104] Connection reset by peer",
        "TimeoutError: The read operation timed out",
    ],
)
def test_failures_as_clients_have_them(error: str) -> None:
    """Right behind a request, it is that one's, and the next answer is that of the next request."""
    log = f"{bybit('cancel', 'o7')}ERROR {error}\n{bybit('cancel', 'o8')}recv {TOO_LATE}\n"
    assert sorted(told(log)) == [("o7", "unknown"), ("o8", "rejected")]


@pytest.mark.parametrize(
    "error",
    [
        "ERROR cancel order 55 timed out",
        "ERROR cancel 55 failed: ECONNRESET",
        "ERROR api.ws: connection reset by peer",
    ],
)
def test_failures_of_others(error: str) -> None:
    """They name another order, or what is no more than a part of the URL."""
    gate = "send DELETE https://api.gateio.ws/api/v4/spot/orders/{}?currency_pair=BTC_USDT\n"
    gone = '{"label":"ORDER_NOT_FOUND","message":"Order not found"}'
    found = told(f"{gate.format(17)}{error}\n{gate.format(18)}recv {gone}\n")
    assert sorted(outcome for order, outcome in found if order is not None) == ["unknown", "unknown"]


@pytest.mark.parametrize("said", ["INFO pending orders: []", "DEBUG positions []", "queue = []"])
def test_an_empty_array_of_the_program(said: str) -> None:
    """It is no answer to the query before it, to which the next error may be."""
    query = "send GET https://api.binance.com/api/v3/openOrders?symbol=X\n"
    error = '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}'
    found = told(f"{asked(17)}{query}{said}\nrecv {error}\nrecv {canceled(17)}\n")
    assert found == [(None, "unknown"), ("17", "canceled")]


def test_words_that_every_request_has() -> None:
    """The first attempt is no other one than that of the request before it."""
    body = json.dumps({"category": "linear", "symbol": "BTCUSDT", "orderId": "{}"})
    request = f"attempt 1: POST {BYBIT}cancel\n{body}\n"
    first, second = (request.replace("{}", order) for order in ("o7", "o8"))
    found = told(f"{first}{second}recv POST {BYBIT}cancel 200 {TOO_LATE}\n")
    assert sorted(found, key=str) == [("o7", "unknown"), ("o8", "unknown"), (None, "rejected")]


def test_a_page_with_a_status_of_its_own() -> None:
    """It is not the body behind another status."""
    balance = "send POST https://api.kraken.com/0/private/Balance nonce=2\n"
    counted = '{"error":[],"result":{"count":1}}'
    log = f"send POST {KRAKEN} nonce=1&txid={FIRST}\nstatus 200\n{balance}recv 502 {PAGE}\nrecv {counted}\n"
    assert told(log) == [(FIRST, "canceled")]


@pytest.mark.parametrize("end", ["WARN metrics: ReadTimeout", "status 502"])
def test_what_only_a_cancel_gets_is_of_no_query(end: str) -> None:
    """Not even of one that waits alone: a cancel got it, whatever the line between says."""
    balance = "send POST https://api.kraken.com/0/private/Balance nonce=2\n"
    counted = '{"error":[],"result":{"count":1}}'
    found = told(f"send POST {KRAKEN} nonce=1&txid={FIRST}\n{end}\n{balance}recv {counted}\n")
    assert "canceled" in {outcome for _, outcome in found}


def test_the_refusal_of_an_amendment() -> None:
    """It is that of the call whose status is in the line before, and no answer to the cancel that waits."""
    private = "https://www.deribit.com/api/v2/private/"
    times = '"usIn":1535098298227515,"usOut":1535098298227617,"usDiff":102,"testnet":false'
    refused = f'{{"jsonrpc":"2.0","error":{{"code":11044,"message":"not_open_order"}},{times}}}'
    cancel = f"GET {private}cancel?order_id=ETH-503\n"
    edit = f"GET {private}edit?order_id=ETH-502&amount=2"
    assert told(f"{cancel}{edit}\n{edit} 400\n{refused}\n") == [("ETH-503", "unknown")]
    assert told(f"{cancel}{cancel[:-1]} 400\n{refused}\n") == [("ETH-503", "rejected")]
