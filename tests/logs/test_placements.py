"""Answers to placements, which words beside them or the line before tell from those to cancels."""

import json

import pytest

from cancelnorm import Record, normalise
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.text import TEXT
from tests.logs.captured import found, records

PLACED = json.dumps(
    {
        "orderId": 17,
        "symbol": "BTCUSDT",
        "status": "NEW",
        "clientOrderId": "a",
        "price": "0.00",
        "avgPrice": "0.00",
        "origQty": "0.010",
        "executedQty": "0.000",
        "cumQty": "0.000",
        "cumQuote": "0.00000",
        "timeInForce": "GTC",
        "type": "MARKET",
        "reduceOnly": False,
        "closePosition": False,
        "side": "BUY",
        "positionSide": "BOTH",
        "stopPrice": "0.00",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": False,
        "origType": "MARKET",
        "priceMatch": "NONE",
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "goodTillDate": 0,
        "updateTime": 1747298273155,
    }
)
GONE = PLACED.replace("NEW", "CANCELED")
FILLED = PLACED.replace("NEW", "FILLED")
ACCEPTED = (
    '{"retCode":0,"retMsg":"OK","result":{"orderId":"648d0325-77d3-4a17-ae54-644b1de0a2a0","orderLinkId":""},'
    '"retExtInfo":{},"time":1744230241913}'
)
POOR = 'binance {"code":-2019,"msg":"Margin is insufficient."}'
ASKED = "{'symbol': 'BTCUSDT', 'side': 'BUY', 'type': 'MARKET', 'quantity': '0.01'}"
CLASS = "ccxt.base.errors.PermissionDenied: kraken"
DENIED = '{"error":["EGeneral:Permission denied"]}'


def endpoints(*lines: str) -> list[str | None]:
    """Those of the records in a log of text."""
    return [record.endpoint for record in records(TEXT, "\n".join([*lines, ""]).encode())]


@pytest.mark.parametrize(
    "words",
    [
        *("Order placed:", "Order placed successfully:", "Market Order Placed:", "Order was created:"),
        *("Placed live order:", "created limit buy order", "place_order_live: order result:"),
        *("createOrder result:", "Order placement response:", "Order submitted:"),
    ],
)
@pytest.mark.parametrize("body", [PLACED, FILLED, ACCEPTED])
def test_words_that_say_what_was_placed(words: str, body: str) -> None:
    """An order that is open, or filled, is no answer to a cancel."""
    assert endpoints(f"10:00:00,123 INFO {words} {body}") == []


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("order canceled after it was placed:", PLACED),
        ("Order replaced:", PLACED),
        ("close order placed:", ACCEPTED),
        ("place_order_and_cancel result:", PLACED),
        ("response:", PLACED),
        ("Order placed:", GONE),
        ("Order placed:", '{"code":-2011,"msg":"Unknown order sent.","venue":"binance"}'),
    ],
)
def test_words_that_may_say_how_an_order_ended(words: str, body: str) -> None:
    """Where they may, or the answer does, it is told."""
    assert len(records(TEXT, f"10:00:00,123 INFO binance {words} {body}\n".encode())) == 1


@pytest.mark.parametrize(
    "before",
    [
        f"10:00:00,100 INFO Request {ASKED}",
        "10:00:00,100 INFO Request: symbol=BTCUSDT, side=BUY, type=MARKET, quantity=0.002, price=None",
        "10:00:00,100 INFO Order Request -> Symbol: BTCUSDT, Side: BUY, Type: MARKET, Quantity: 0.001",
        "10:00:00,100 INFO Placing order: BTCUSDT, BUY, MARKET",
    ],
)
@pytest.mark.parametrize("body", [PLACED, POOR])
def test_the_line_before_an_answer(before: str, body: str) -> None:
    """It has the parameters of a placement, or says that an order is placed."""
    answer = f"10:00:00,123 INFO Response: {body}"
    assert endpoints(before, answer) == []
    assert len(endpoints("10:00:00,100 INFO waiting", before, "10:00:00,110 INFO waiting", answer)) == len(
        endpoints(answer)
    )


@pytest.mark.parametrize(
    "before",
    [
        "10:00:00,100 INFO canceling: symbol=BTCUSDT, side=BUY, quantity=0.002",
        "10:00:00,100 INFO found: symbol=BTCUSDT, side=BUY, quantity=0.002, orderId=17",
        "10:00:00,100 INFO symbol=BTCUSDT, side=BUY",
    ],
)
def test_other_lines_before_an_answer(before: str) -> None:
    """They are about an order that has an id, or that ends."""
    answer = f"10:00:00,123 INFO Response: {PLACED}"
    assert endpoints(before, answer) == endpoints(answer) == [None]


def test_a_cancel_that_waits() -> None:
    """What words call the answer to a placement is not its answer."""
    asked = "10:00:00,100 DELETE https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&orderId=17"
    log = f"{asked}\n10:00:00,120 Order placed: {PLACED.replace('17', '18', 1)}\n10:00:00,130 recv {GONE}\n"
    [record] = records(TEXT, log.encode())
    assert record.pairing is None
    assert record.payload == GONE.encode()


BYBIT = "send POST https://api.bybit.com/v5/order/"
CANCEL = (
    BYBIT + 'cancel {"category":"linear","symbol":"BTCUSDT","orderId":"648d0325-77d3-4a17-ae54-644b1de0a2a0"}'
)
LIMITED = '{"retCode":10006,"retMsg":"Too many visits.","result":{},"retExtInfo":{},"time":1744230241913}'


@pytest.mark.parametrize(
    ("between", "answer"),
    [
        (BYBIT + 'create {"symbol":"BTCUSDT","side":"Buy","qty":"1","orderLinkId":"L1"}', f"recv {ACCEPTED}"),
        ("INFO placed order n5", f"recv {ACCEPTED}"),
        ("INFO placing order n5", f"recv {ACCEPTED}"),
        ("INFO placed order n5", f"recv {LIMITED}"),
        ("INFO bye", f"INFO order created, recv {ACCEPTED}"),
    ],
)
def test_the_answer_to_a_cancel_beside_a_placement(between: str, answer: str) -> None:
    """It is the cancel's, which waits for it, and more so where it names the order."""
    [record] = records(TEXT, f"{CANCEL}\n{between}\n{answer}\n".encode())
    assert record.endpoint == "POST /v5/order/cancel"
    assert record.pairing is None


def test_the_answer_to_a_placement_ends_its_request() -> None:
    """The next error is that of the cancel, which alone waits then."""
    placed = BYBIT + 'create {"symbol":"BTCUSDT","side":"Buy","qty":"1"}'
    log = f"{placed}\nINFO order placed: {ACCEPTED}\n{CANCEL}\nrecv {LIMITED}\n"
    [record] = records(TEXT, log.encode())
    assert record.pairing is None
    assert record.endpoint == "POST /v5/order/cancel"


def test_the_answer_to_a_frame_beside_a_placement() -> None:
    """Its id tells whose it is."""
    log = (
        'ws send {"id":"a1","method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":17}}\n'
        'ws send {"id":"a2","method":"order.place","params":{"symbol":"BTCUSDT","side":"BUY","quantity":"1"}}\n'
        'ws recv {"id":"a1","status":400,"error":{"code":-1021,"msg":"Timestamp is outside."},"rateLimits":[]}\n'
    )
    [record] = records(TEXT, log.encode())
    assert record.endpoint == "ws order.cancel"
    assert record.pairing is None


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("body", [PLACED, '{"code":-1021,"msg":"Timestamp is outside of the recvWindow."}'])
def test_the_status_right_before_a_body(method: str, body: str) -> None:
    """It is that of the request in the same line, although other statuses stand before it."""
    host = "10:00:00,100 [DEBUG] https://fapi.binance.com:443"
    before = f'{host} "GET /fapi/v1/exchangeInfo HTTP/1.1" 200 None'
    status = f'{host} "{method} /fapi/v1/leverage HTTP/1.1" 200 None'
    answer = f"10:00:00,123 [DEBUG] answer: {body}"
    assert endpoints(before, status, answer) == [f"{method} /fapi/v1/leverage"]
    waiting = endpoints(before, status, "10:00:00,110 [DEBUG] waiting", answer)
    assert waiting == [f"{method} /fapi/v1/leverage"]
    unknown = '10:00:00,123 [DEBUG] answer: {"code":-2011,"msg":"Unknown order sent."}'
    assert endpoints(before, status, unknown) == [None]


def test_a_request_without_its_host() -> None:
    """It tells the method of the answer at the whole URL."""
    asked = "10:00:00,100 → {} /fapi/v1/order | params={}"
    answer = "10:00:00,123 ← HTTP 200 | url=https://testnet.binancefuture.com/fapi/v1/order | body={}"
    assert endpoints(asked.format("POST", ASKED), answer.format(PLACED)) == []
    assert endpoints(asked.format("DELETE", "{'orderId': 17}"), answer.format(GONE)) == [
        "DELETE /fapi/v1/order"
    ]


def traceback(*frames: str) -> list[str]:
    """The lines of one, but for the last."""
    lines = [(f'  File "bot.py", line 1, in {frame}', f"    {frame}()") for frame in frames]
    return ["Traceback (most recent call last):", *(line for pair in lines for line in pair)]


def test_the_traceback_behind_an_error_of_a_placement() -> None:
    """It repeats the error."""
    error = f"10:00:00,123 ERROR Error placing BUY order for BTC/USD: kraken {DENIED}"
    assert endpoints(error, *traceback("create_order", "request"), f"{CLASS} {DENIED}") == []
    assert endpoints(error, *traceback(*["request"] * 9), f"{CLASS} {DENIED}") == []


@pytest.mark.parametrize(
    "between", [traceback("cancel_order", "request"), ["10:00:00,125 ERROR retrying"], []]
)
def test_an_equal_error_behind_an_error_of_a_placement(between: list[str]) -> None:
    """It is another one, where no traceback shows that it is not."""
    error = f"10:00:00,123 ERROR Error placing BUY order for BTC/USD: kraken {DENIED}"
    assert len(endpoints(error, *between, f"{CLASS} {DENIED}")) == 1


@pytest.mark.parametrize("words", ["Error in cancel_order:", "API Error in cancel_all"])
def test_an_error_that_names_its_function(words: str) -> None:
    """Between the word and the code."""
    log = f"10:00:00,123 ERROR Binance {words} -2011 - Unknown order sent.\n"
    [record] = records(TEXT, log.encode())
    assert json.loads(record.payload) == {"code": -2011, "msg": "Unknown order sent."}


def test_the_venue_of_the_frames_before_an_error() -> None:
    """It sent the error that several venues send, if no other one is near."""
    gone = '10:00:02,000 Cancel Order Response: {"code":-2011,"msg":"Unknown order sent."}'
    venues = [record.venue for record in records(TEXT, f"10:00:01,000 Response: {PLACED}\n{gone}\n".encode())]
    assert venues == ["binance", "binance"]
    lines = [f"10:00:01,000 Response: {PLACED}", *["10:00:01,500 waiting"] * 20, gone]
    assert any(isinstance(each, Unreadable) for each in found(TEXT, "\n".join([*lines, ""]).encode()))


def test_order_alone_is_alive() -> None:
    """An order that is alive is a fault in the answer to a cancel alone, and nothing says that this is one."""
    alone = normalise(Record(PLACED.encode(), "binance"))
    answer = normalise(Record(PLACED.encode(), "binance", endpoint="DELETE /fapi/v1/order"))
    assert [note.code for note in alone.notes] == ["endpoint-assumed"]
    assert [note.code for note in answer.notes] == ["stale-status"]
    assert alone.events[0].outcome == answer.events[0].outcome == "unknown"
