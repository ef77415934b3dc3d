"""Answers without a request of their own, where others wait: lost ones, amendments, placements, calls that failed."""

import json

import pytest

from tests.logs.test_bots import events_of

ORDER = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId="
GONE = '{"code":-2011,"msg":"Unknown order sent."}'
POOR = '{"code":-2010,"msg":"Account has insufficient balance for requested action."}'
PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"
BYBIT = "https://api.bybit.com/v5/order/"
REST = '"retExtInfo":{},"time":1795730430200}'
TOO_LATE = f'{{"retCode":110001,"retMsg":"order not exists or too late to cancel","result":{{}},{REST}'


def asked(order: int) -> str:
    """The request to cancel an order."""
    return f"send DELETE {ORDER}{order}\n"


def canceled(order: int) -> str:
    """The report that an order is canceled."""
    sizes = {"price": "2.0", "origQty": "1.0", "executedQty": "0.0", "cummulativeQuoteQty": "0.0"}
    ids = {"symbol": "LTCBTC", "origClientOrderId": f"c{order}", "orderId": order, "orderListId": -1}
    words = {"status": "CANCELED", "timeInForce": "GTC", "type": "LIMIT", "side": "BUY"}
    done = {**ids, "clientOrderId": "x1", "transactTime": 1684804350068, **sizes, **words}
    return json.dumps({**done, "origQuoteOrderQty": "0.0", "selfTradePreventionMode": "NONE"})


def bybit(what: str, order: str, **others: str) -> str:
    """A request of Bybit about an order."""
    return f"send POST {BYBIT}{what} {json.dumps({'symbol': 'BTCUSDT', 'orderId': order, **others})}\n"


def accepted(order: str, link: str = "") -> str:
    """The answer that a request about an order was accepted."""
    result = json.dumps({"orderId": order, "orderLinkId": link})
    return f'{{"retCode":0,"retMsg":"OK","result":{result},{REST}'


def told(log: str, form: str = "text") -> list[tuple[str | None, str]]:
    """The order and the outcome of each event, in the order of lines."""
    return [(event.order_id, str(event.outcome)) for event in events_of(log, form)[0]]


@pytest.mark.parametrize(
    "answer",
    [
        "status 200\n",  # an error has a status of its own there
        f"recv 502 {PAGE}\n",
        f"HTTP/1.1 502 Bad Gateway\n\n{PAGE}\n",
        f"status 502\n10:00:01 INFO {PAGE}\n",
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.binance.com', port=443): Read timed out.\n",
        f'Delete "{ORDER}17": context deadline exceeded\n',
        "Error: socket hang up\n",
        "axios: ECONNRESET\n",
    ],
)
@pytest.mark.parametrize(("body", "outcome"), [(GONE, "rejected"), (canceled(18), "canceled")])
def test_behind_a_request_without_an_answer(answer: str, body: str, outcome: str) -> None:
    """The body is that of the next request, and nothing is known of the first one."""
    log = f"{asked(17)}{answer}{asked(18)}recv {body}\n"
    assert sorted(told(log), key=str) == [("17", "unknown"), ("18", outcome)]


@pytest.mark.parametrize(
    "line",
    [
        "ERROR Error: connect ECONNREFUSED 127.0.0.1:6379",
        "redis: connection refused",
        "telegram: socket hang up",
        'Post "https://discord.com/api/webhooks/1": EOF',
        "INFO reading file: EOF",
        "INFO telegram status 500",
        "WARN grafana returned status 502",
    ],
)
def test_what_else_broke(line: str) -> None:
    """It ends no request, so the answer may be that of either."""
    assert told(f"{asked(17)}{line}\n{asked(18)}recv 400 {GONE}\n")[0] == (None, "rejected")
    assert told(f"{asked(17)}{line}\nrecv 200 {canceled(17)}\n") == [("17", "canceled")]


def test_a_call_that_was_lost_beside_another() -> None:
    """What any request may get is not given to a cancel although both were lost."""
    log = f"{asked(17)}Read timed out.\nsend POST {ORDER}&side=BUY\nRead timed out.\nrecv {POOR}\n"
    assert ("17", "rejected") not in told(log)


def test_a_call_that_was_lost_is_a_rival() -> None:
    """What any request may get is not given to the only cancel that is not lost."""
    kraken = "POST https://api.kraken.com/0/private/"
    log = (
        f"{kraken}CancelOrder nonce=1&txid=O00000-ABCDE-FGHIJK\n{kraken}CancelOrder 200\n"
        f"{kraken}CancelOrder nonce=2&txid=O00001-ABCDE-FGHIJK\nERROR Read timed out.\n"
        f"{kraken}Balance nonce=3\nERROR socket hang up\nstatus 200\n"
        'recv {"error":["EAPI:Invalid nonce"]}\n'
    )
    assert not [order for order, outcome in told(log) if outcome == "rejected" and order]


def test_the_status_of_another_call() -> None:
    """An error is that of the call whose status is one; with a status alone, it may be of either."""
    log = 'DEBUG https://api.binance.com:443 "DELETE {} HTTP/1.1" {} 46\n'
    path = ORDER.removeprefix("https://api.binance.com")
    two = log.format(f"{path}17", 200) + log.format(f"{path}18", 400)
    assert sorted(told(f"{two}WARNING:bot:cancel failed {GONE}\n"), key=str) == [
        ("17", "unknown"),
        ("18", "rejected"),
    ]
    assert sorted(told(f"{asked(17)}status 400\n{asked(18)}recv {GONE}\n"), key=str) == [
        ("17", "unknown"),
        ("18", "unknown"),
        (None, "rejected"),
    ]


def test_the_same_request_again() -> None:
    """Behind a status that tells that the first failed, the body is that of the second."""
    log = (
        f"{bybit('cancel', 'o1')}recv 504 Gateway Timeout\nretrying\n{bybit('cancel', 'o1')}recv {TOO_LATE}\n"
    )
    assert sorted(told(log)) == [("o1", "rejected"), ("o1", "unknown")]


@pytest.mark.parametrize("is_first", [True, False])
def test_beside_an_amendment(is_first: bool) -> None:
    """What may be the error of either names no order, and an answer goes to the request whose order it names."""
    requests = [bybit("amend", "o8"), bybit("cancel", "o7")]
    log = "".join(requests if is_first else reversed(requests))
    assert told(f"{log}recv {TOO_LATE}\nrecv {accepted('o7')}\n")[1:] == [("o7", "pending")]
    assert told(f"{log}recv {TOO_LATE}\n")[0][0] is None
    assert ("o8", "pending") not in told(f"{log}recv {accepted('o8')}\n")


def test_the_error_of_an_amendment_alone() -> None:
    """It is told as that of no cancel, though cancels get the same."""
    assert told(f"{bybit('amend', 'o8')}recv {TOO_LATE}\n{bybit('cancel', 'o7')}recv {accepted('o7')}\n") == [
        ("o7", "pending")
    ]


def test_a_count_beside_an_amendment() -> None:
    """Only a cancel is answered so."""
    url = "send POST https://api.kraken.com/0/private/"
    requests = f"{url}CancelOrder nonce=1&txid=O00003-ABCDE-FGHIJK\n{url}AmendOrder nonce=1&txid=O00001-ABCDE-FGHIJK\n"
    log = f'{requests}recv {{"error":[],"result":{{"count":1}}}}\n'
    assert ("O00003-ABCDE-FGHIJK", "canceled") in told(log)


def test_the_answer_to_a_placement() -> None:
    """It has the client id that the placement has, and is not told as that to the cancel beside it."""
    placed = f'send POST {BYBIT}create {{"symbol":"BTCUSDT","side":"Buy","orderLinkId":"L1"}}\n'
    log = f"{placed}{bybit('cancel', 'o7')}recv {accepted('n1', 'L1')}\nrecv {accepted('o7')}\n"
    assert told(log) == [("o7", "pending")]


def test_the_ack_of_a_setting() -> None:
    """What many calls are answered with is not taken for a cancel of all orders."""
    log = (
        "send POST https://fapi.binance.com/fapi/v1/marginType?symbol=BTCUSDT&marginType=ISOLATED\n"
        "send DELETE https://fapi.binance.com/fapi/v1/allOpenOrders?symbol=BTCUSDT\n"
        'recv {"code":200,"msg":"success"}\n'
    )
    assert (None, "pending") not in told(log)


@pytest.mark.parametrize("url", [ORDER, "https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&orderId="])
def test_a_report_of_another_order(url: str) -> None:
    """It does not answer the only request, which waits for its own."""
    log = f"send DELETE {url}17\nrecv {canceled(18)}\nrecv {GONE}\n"
    assert ("17", "rejected") in told(log)


def test_a_clock_that_was_set_back() -> None:
    """A body that names the order of the only request is its answer; one that is hours late is not."""
    log = f"2026-01-02T10:00:05Z {asked(17)}{{}} recv {{}}\n"
    assert told(log.format("2026-01-02T09:59:00Z", canceled(17))) == [("17", "canceled")]
    late = told(log.format("2026-01-02T13:30:00Z", GONE))
    assert sorted(late, key=str) == [("17", "unknown"), (None, "rejected")]


@pytest.mark.parametrize(
    "query",
    [
        "symbol=BTCUSDT&orderIdList=[17,18]&timestamp=1",
        "symbol=BTCUSDT&orderIdList=[17,18]",
        "symbol=BTCUSDT&orderIdList=[17, 18]",
        "symbol=BTCUSDT&orderIdList=%5B17,18%5D",
    ],
)
def test_an_array_in_a_url(query: str) -> None:
    """Its items are the orders, also where they are not encoded."""
    log = f"send DELETE https://fapi.binance.com/fapi/v1/batchOrders?{query}\n"
    assert told(log) == [("17", "unknown"), ("18", "unknown")]


def test_fields_behind_the_body() -> None:
    """As loggers write them that have their keys in order."""
    said = json.dumps(TOO_LATE)
    request = 'level=debug msg=request body="symbol=BTCUSDT&orderId=17" method=DELETE url="https://api.binance.com/api/v3/order"\n'
    answer = f'level=debug msg=response body={json.dumps(GONE)} method=DELETE status=400 url="https://api.binance.com/api/v3/order"\n'
    assert told(request + answer) == [("17", "rejected")]
    alone = f'level=debug msg=response body={said} method=POST status=200 url="{BYBIT}cancel"\n'
    assert told(alone) == [(None, "rejected")]


@pytest.mark.parametrize(
    "behind",
    [
        f"sending DELETE {ORDER}18",
        "next: GET https://api.binance.com/api/v3/ticker/price",
        "(POST https://api.telegram.org/bot1/send ok)",
        'for DELETE /api/v3/order "GET /health HTTP/1.1" 200',
        "method=DELETE path=/api/v3/order status=400",
    ],
)
def test_a_request_behind_an_answer(behind: str) -> None:
    """It is another one, unless both are fields of a logger."""
    assert told(f"{asked(17)}recv {GONE} {behind}\n")[0] == ("17", "rejected")


@pytest.mark.parametrize("status", ["400/Bad Request", "400 / 0.12s", "(400/BAD_REQUEST)", "(req 400)"])
def test_a_status_before_a_slash(status: str) -> None:
    """It is one, unless a number follows that counts."""
    assert told(f"{asked(17)}DELETE {ORDER}17 {status} {GONE}\n") == [("17", "rejected")]
    assert told(f"send DELETE {ORDER}17 weight 500/6000\nrecv {GONE}\n") == [("17", "rejected")]


def test_a_page_that_was_none_of_its_answers() -> None:
    """An answer behind it is that of the only request."""
    for said in (
        "<html><title>429 Too Many Requests</title></html>",
        f"status 502\n{PAGE}",
        "status 200\n<html>x",
    ):
        assert told(f"{asked(17)}{said}\nrecv {canceled(17)}\n") == [("17", "canceled")]


def test_errors_that_words_pass_over() -> None:
    """They end the request that they answer, so that the next error is that of the cancel."""
    ticker = "send GET https://api.binance.com/api/v3/ticker/price?symbol=X1\n"
    ticker += 'get ticker: recv {"code":-1121,"msg":"x"}\n'
    limits = '{"code":-1003,"msg":"Too many requests."}'
    assert told(f"get ticker: {ticker}{asked(17)}recv {limits}\n") == [("17", "rejected")]


def test_a_text_with_a_url() -> None:
    """It is an answer where a request waits whose answers are texts."""
    log = (
        "send DELETE https://api.exchange.coinbase.com/orders/68e6a28f-ae28-4788-8d4f-5ab4e5e5ae08\n"
        'recv {"message":"Unauthorized, see https://docs.cdp.coinbase.com/exchange"}\n'
    )
    assert [outcome for _, outcome in told(log)] == ["rejected"]
