"""Requests over a WebSocket and their answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record
from cancelnorm.logs.websocket import Pairs, is_request

ASKED = (
    b'{"id":"a1","method":"order.cancel","params":{"orderId":7,"apiKey":"FAKEKEY","signature":"5a5a5a5a"}}'
)
ANSWER = Record(b'{"id":"a1","status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}', "binance")


def test_binance() -> None:
    """An answer learns its endpoint, its order and when it was asked for; secrets are named and not kept."""
    pairs = Pairs()
    pairs.remember(ASKED, 5, "binance")
    found = pairs.complete(ANSWER)
    assert (found.endpoint, found.sent_ns) == ("ws order.cancel", 5)
    assert found.request == {"orderId": 7, "apiKey": "[redacted]", "signature": "[redacted]"}
    assert found.secrets == ("request.apiKey", "request.signature")
    assert pairs.complete(ANSWER) == ANSWER  # one answer to a request


@pytest.mark.parametrize(
    ("host", "endpoint"),
    [
        ("ws-api.binance.com", "ws order.cancel"),
        ("wss://ws-fapi.binance.com/ws-fapi/v1", "ws-fapi order.cancel"),
        ("wss://testnet.binancefuture.com/ws-dapi/v1", "ws-dapi order.cancel"),
        (None, "ws order.cancel"),
    ],
)
def test_products_are_told_by_the_host(host: str | None, endpoint: str) -> None:
    """Binance has the same methods at three."""
    pairs = Pairs()
    pairs.remember(ASKED, None, "binance", host)
    assert pairs.complete(ANSWER).endpoint == endpoint


def test_bybit() -> None:
    """The parameters are the one thing in ``args``."""
    pairs = Pairs()
    pairs.remember(b'{"reqId":"1","op":"order.cancel","args":[{"orderLinkId":"x"}]}', 6, "bybit")
    answer = Record(b'{"reqId":"1","retCode":0,"retMsg":"OK","op":"order.cancel","data":{}}', "bybit")
    found = pairs.complete(answer)
    assert (found.endpoint, found.request, found.sent_ns) == ("ws order.cancel", {"orderLinkId": "x"}, 6)


def test_an_authentication_of_bybit() -> None:
    """It has no id, so the frame after it tells that a key stood in the log."""
    pairs = Pairs()
    pairs.remember(b'{"op":"auth","args":["FAKEKEY",1,"5a5a5a5a"]}', None, "bybit")
    assert pairs.complete(ANSWER).secrets == ("request.args",)
    assert pairs.complete(ANSWER).secrets == ()


@pytest.mark.parametrize(
    "answer",
    [
        Record(b'{"id":"a2","status":200,"result":{}}', "binance"),  # another id
        Record(b'{"id":"a1","status":200,"result":{}}', "bybit"),  # another venue
        Record(b'{"id":"a1"}', "binance"),  # it answers nothing
        Record(b"broken", "binance"),
    ],
)
def test_answers_to_nothing_stay_as_they_are(answer: Record) -> None:
    """An id is one of its venue, and of an answer."""
    pairs = Pairs()
    pairs.remember(ASKED, None, "binance")
    assert pairs.complete(answer) is answer
    assert pairs.complete(ANSWER).endpoint  # and the request still waits


def test_ids_of_other_types() -> None:
    """``1`` and ``"1"`` are two ids."""
    pairs = Pairs()
    pairs.remember(b'{"id":1,"method":"order.cancel"}', None, "binance")
    assert pairs.complete(Record(b'{"id":"1","status":200}', "binance")).endpoint is None
    assert pairs.complete(Record(b'{"id":1,"status":200}', "binance")).endpoint == "ws order.cancel"


def test_the_window() -> None:
    """The oldest of too many requests is forgotten, and it alone."""
    pairs = Pairs()
    for number in range(10_001):
        pairs.remember(b'{"id":%d,"method":"order.cancel"}' % number, None, "binance")
    answers = (Record(b'{"id":%d,"status":200}' % number, "binance") for number in (0, 1, 10_000))
    assert [pairs.complete(answer).endpoint for answer in answers] == [
        None,
        "ws order.cancel",
        "ws order.cancel",
    ]


@pytest.mark.parametrize(
    ("frame", "asked"),
    [
        (ASKED, True),
        (b'{"op":"subscribe","args":["order"]}', True),
        (b'{"op":"ping"}', True),
        (b'{"op":"pong","args":["1"],"success":true}', False),
        (b'{"reqId":"1","retCode":0,"op":"order.cancel","args":[]}', False),
        (b'{"id":1,"status":200,"result":{}}', False),
        (b'{"e":"executionReport","i":1}', False),
        (b'{"method":5,"id":1}', False),
        (b"[]", False),
        (b"", False),
        (b"[" * 100_000, False),
    ],
)
def test_what_asks(frame: bytes, *, asked: bool) -> None:
    """A frame says itself whether it asks."""
    assert is_request(frame) is asked


@given(st.binary(), st.binary())
def test_any_frames(sent: bytes, received: bytes) -> None:
    """No bytes raise, and what is no answer stays as it is."""
    pairs = Pairs()
    pairs.remember(sent, None, "binance")
    record = Record(received, "binance")
    assert is_request(received) or pairs.complete(record) == record
