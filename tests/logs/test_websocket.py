"""Requests over a WebSocket and their answers."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, venues
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.websocket import Frames
from cancelnorm.venue import SocketKeys
from tests.logs.captured import NONE, leaks

ASKED = (
    b'{"id":"a1","method":"order.cancel","params":{"orderId":7,"apiKey":"FAKEKEY","signature":"5a5a5a5a"}}'
)
ANSWER = Record(b'{"id":"a1","status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}', "binance")
SOCKETS = {name: venue.socket for name, venue in venues.every().items() if venue.socket is not None}


def asking(keys: SocketKeys, identity: str, asked: Any = None) -> bytes:
    """A request as the keys of a venue have it."""
    frame = {
        **dict.fromkeys(keys.request, ""),
        keys.request_id[0]: identity,
        keys.operation[0]: "order.cancel",
    }
    return framed({**frame, keys.parameters[0]: asked} if asked is not None else frame)


def answering(keys: SocketKeys, identity: str) -> bytes:
    """The answer to it."""
    return framed({keys.request_id[0]: identity, keys.answer[0]: 0})


def framed(members: dict[str, Any]) -> bytes:
    """A frame; a key with a dot is one within the member before the dot."""
    frame: dict[str, Any] = {}
    for path, value in members.items():
        outer, dot, inner = path.partition(".")
        if dot:
            frame.setdefault(outer, {})[inner] = value
        else:
            frame[outer] = value
    return msgspec.json.encode(frame)


# --- Every venue ---


@pytest.mark.parametrize("name", SOCKETS)
@pytest.mark.parametrize("asked", [{"orderId": 7}, [{"orderId": 7}]])
@pytest.mark.parametrize("venue", ["known", "unknown"])
def test_an_answer_learns_what_was_asked(name: str, asked: Any, venue: str) -> None:
    """Endpoint, parameters and time, whether the venue of the request is known or not."""
    keys, frames = SOCKETS[name], Frames(NONE)
    asked_of = name if venue == "known" else None
    assert frames.is_request(asking(keys, "a", asked), asked_of)
    assert not frames.is_request(answering(keys, "a"), asked_of)
    frames.send(asking(keys, "a", asked), 5, asked_of, source="log:1")
    other = Record(answering(keys, "b"), name)
    assert frames.complete(other) is other
    answer = Record(answering(keys, "a"), name)
    found = frames.complete(answer)
    assert (found.endpoint, found.request, found.sent_ns) == ("ws order.cancel", {"orderId": 7}, 5)
    assert frames.complete(answer) is answer  # one answer to a request


@pytest.mark.parametrize("name", SOCKETS)
def test_several_orders_in_one_request(name: str) -> None:
    """Their rows are the request."""
    rows = [{"orderId": "7"}, {"orderId": "8", "apiKey": "FAKE"}]
    frames = Frames(NONE)
    frames.send(asking(SOCKETS[name], "a", rows), None, name, source="log:1")
    found = frames.complete(Record(answering(SOCKETS[name], "a"), name))
    assert found.request == [{"orderId": "7"}, {"orderId": "8", "apiKey": "[redacted]"}]
    assert found.secrets == ("request[1].apiKey",)


@pytest.mark.parametrize(
    ("name", "address", "prefix"),
    [
        (name, f"wss://host/{part}/v1", prefix)
        for name, keys in SOCKETS.items()
        for part, prefix in {**keys.prefixes, "other": "ws"}.items()
    ],
)
def test_the_address_tells_the_endpoint(name: str, address: str, prefix: str) -> None:
    """A venue may have the same operations for several products."""
    frames = Frames(NONE)
    frames.send(asking(SOCKETS[name], "a"), None, name, address, source="log:1")
    assert frames.complete(Record(answering(SOCKETS[name], "a"), name)).endpoint == f"{prefix} order.cancel"


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, keys in SOCKETS.items() for word in keys.secret_operations]
)
def test_a_login_without_names(name: str, word: str) -> None:
    """Its answer may have no id, so the frame after it tells that a key stood in the log."""
    keys, frames = SOCKETS[name], Frames(NONE)
    login: dict[str, Any] = {**dict.fromkeys(keys.request, word), keys.operation[0]: word}
    login[keys.parameters[0]] = ["FAKEKEY", 1, "5a5a5a5a"]
    frames.send(msgspec.json.encode(login), None, name, source="log:1")
    first, second = (frames.receive(b'{"a":1}', None, name, f"log:{n}") for n in (1, 2))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.secrets, second.secrets) == ((f"request.{keys.parameters[0]}",), ())
    assert not leaks([first, second])


def test_a_pushed_frame_is_no_request() -> None:
    """The stream of one venue has the keys that name an operation of another, but none that its requests have."""
    frame = b'{"topic":"order","id":"1_a_2","creationTime":1712858645003,"data":[]}'
    assert not Frames(NONE).is_request(frame, None)


# --- Examples ---


def test_an_id_within_the_parameters() -> None:
    """The request has it in an array of one, as its answer has, and a second word says what is asked."""
    frames = Frames(NONE)
    asked = {"id": "c1", "instId": "SOLUSDT", "channel": "cancel-order", "params": {"orderId": "7"}}
    frames.send(msgspec.json.encode({"op": "trade", "args": [asked]}), 5, None, source="log:1")
    frames.send(
        b'{"op":"subscribe","args":[{"channel":"orders","instId":"default"}]}', 6, None, source="log:2"
    )
    answer = Record(msgspec.json.encode({"event": "trade", "arg": [asked], "code": 0}), "bitget")
    found = frames.complete(answer)
    assert (found.endpoint, found.request, found.sent_ns) == ("ws trade cancel-order", asked, 5)
    assert not list(frames.unanswered())


def test_secrets_are_masked() -> None:
    """They are named and not kept."""
    frames = Frames(NONE)
    frames.send(ASKED, 5, "binance", source="log:1")
    found = frames.complete(ANSWER)
    assert found.request == {"orderId": 7, "apiKey": "[redacted]", "signature": "[redacted]"}
    assert found.secrets == ("request.apiKey", "request.signature")


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        ("ws-api.binance.com", "ws order.cancel"),
        ("wss://ws-fapi.binance.com/ws-fapi/v1", "ws-fapi order.cancel"),
        ("wss://testnet.binancefuture.com/ws-dapi/v1", "ws-dapi order.cancel"),
        ("", "ws order.cancel"),
    ],
)
def test_products_are_told_by_the_host(address: str, endpoint: str) -> None:
    """Binance has the same methods at three."""
    frames = Frames(NONE)
    frames.send(ASKED, None, "binance", address, source="log:1")
    assert frames.complete(ANSWER).endpoint == endpoint


def test_an_authentication_of_bybit() -> None:
    """It has no id, so the frame after it tells that a key stood in the log."""
    frames = Frames(NONE)
    frames.send(b'{"op":"auth","args":["FAKEKEY",1,"5a5a5a5a"]}', None, "bybit", source="log:1")
    assert frames.complete(ANSWER).secrets == ("request.args",)
    assert frames.complete(ANSWER).secrets == ()


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
    frames = Frames(NONE)
    frames.send(ASKED, None, "binance", source="log:1")
    assert frames.complete(answer) is answer
    assert frames.complete(ANSWER).endpoint  # and the request still waits


def test_ids_of_other_types() -> None:
    """``1`` and ``"1"`` are two ids."""
    frames = Frames(NONE)
    frames.send(b'{"id":1,"method":"order.cancel"}', None, "binance", source="log:1")
    assert frames.complete(Record(b'{"id":"1","status":200}', "binance")).endpoint is None
    assert frames.complete(Record(b'{"id":1,"status":200}', "binance")).endpoint == "ws order.cancel"


def test_the_window() -> None:
    """The oldest of too many requests is reported; its late answer completes nothing, nor does it hit another."""
    frames = Frames(NONE)
    for number in range(10_001):
        request = b'{"id":%d,"method":"order.cancel","params":{"orderId":%d}}' % (number, number)
        frames.send(request, None, "binance", source=f"log:{number}")
    assert [item.found.source for item in frames.left()] == ["log:0"]
    assert frames.left() == []
    frames.send(b'{"id":0,"method":"order.cancel","params":{"orderId":5}}', None, "binance", source="log:b")
    answers = (Record(b'{"id":%d,"status":200}' % number, "binance") for number in (0, 2, 10_000))
    assert [(found.request, found.pairing) for found in map(frames.complete, answers)] == [
        (None, "shared_id"),
        ({"orderId": 2}, None),
        ({"orderId": 10_000}, None),
    ]
    assert len(list(frames.unanswered())) == 9_999


def test_another_venue_of_the_caller() -> None:
    """The venue of the options is the one of frames that have none, by an alias too."""
    frames = Frames(Options(venue="Binance-Futures"))
    frames.send(ASKED, None, None, source="log:1")
    found = frames.receive(
        bytes(ANSWER.payload, "utf-8") if isinstance(ANSWER.payload, str) else ANSWER.payload,
        1,
        None,
        "log:1",
    )
    assert isinstance(found, Record)
    assert (found.venue, found.endpoint) == ("binance", "ws order.cancel")


def test_nobody_says_which_venue() -> None:
    """The fault says what to do; a heartbeat is nothing."""
    frames = Frames(NONE)
    assert frames.receive(b'{"zz":1}', None, None, "log:1") == Unreadable(
        "log:1", "line", "unknown venue; name it with --venue"
    )
    assert frames.receive(b" Ping\n", None, None, "log:1") is None


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
        (b'{"method":"\\ud800","id":1}', False),
        (b"[]", False),
        (b"", False),
        (b"[" * 100_000, False),
    ],
)
@pytest.mark.parametrize("venue", [None, "no venue of ours"])
def test_what_asks(frame: bytes, venue: str | None, *, asked: bool) -> None:
    """A frame says itself whether it asks."""
    assert Frames(NONE).is_request(frame, venue) is asked


def test_a_mark_tells_the_venue() -> None:
    """A request of JSON-RPC that nobody answers is of the venue whose requests all say so."""
    sent = [b'{"jsonrpc":"2.0","id":1,"method":"private/cancel","params":{"order_id":"7"}}', ASKED]
    frames = Frames(NONE)
    for frame in sent:
        frames.send(frame, None, None, source="log:1")
    found = [item.found for item in frames.unanswered()]
    assert [each.venue for each in found if isinstance(each, Record)] == ["deribit", "binance"]


@given(st.binary(), st.binary(), st.sampled_from([None, "binance", "bybit", "x"]))
def test_any_frames(sent: bytes, received: bytes, venue: str | None) -> None:
    """No bytes raise, and what is no answer stays as it is."""
    frames = Frames(NONE)
    frames.send(sent, None, venue, source="log:1")
    record = Record(received, "binance")
    assert frames.is_request(received, venue) or frames.complete(record) == record


def test_an_acknowledgement_leaves_the_request_open() -> None:
    """The answer that comes after it is the request's, whose id and parameters stand within a member."""
    frames = Frames(NONE)
    asked = {"req_id": "r-1", "req_param": [{"id": "7"}, {"id": "8"}]}
    frames.send(framed({"channel": "spot.order_cancel_ids", "payload": asked}), 5, "gate", source="log:1")
    answer = {"request_id": "r-1", "header.channel": "spot.order_cancel_ids", "data": {"result": []}}
    acknowledgement = Record(framed({"ack": True, **answer}), "gate")
    assert frames.complete(acknowledgement) is acknowledgement
    found = frames.complete(Record(framed(answer), "gate"))
    assert (found.endpoint, found.request) == ("ws spot.order_cancel_ids", [{"id": "7"}, {"id": "8"}])


def test_an_answer_for_each_order() -> None:
    """The request stays open for the others; one that is left is that of an answer which names none."""
    frames = Frames(NONE)
    asked = b'{"method":"cancel_order","params":{"order_id":["O7-A","O7-B","O7-C"]},"req_id":3}'
    frames.send(asked, 5, "kraken", source="log:1")
    answer = b'{"method":"cancel_order","req_id":3,"result":{"order_id":"%b"},"success":true}'
    for order, left in ((b"O7-A", ["O7-A", "O7-B", "O7-C"]), (b"O7-C", ["O7-B", "O7-C"])):
        found = frames.complete(Record(answer % order, "kraken"))
        assert (found.endpoint, found.request) == ("ws cancel_order", {"order_id": left})
    failed = Record(b'{"method":"cancel_order","req_id":3,"error":"?","success":false}', "kraken")
    assert frames.complete(failed).request == {"order_id": ["O7-B"]}
    assert frames.complete(failed).request is None
    assert not list(frames.unanswered())


V1 = b'{"event":"cancelOrder","token":"FAKE","reqid":4,"txid":["O7AAAA-BBBBB-CCCCCC"]}'
V2 = b'{"method":"cancel_order","params":{"order_id":["O7AAAA-BBBBB-CCCCCC","O7AAAA-BBBBB-CCCCCD"]},"req_id":4}'
ADD = b'{"method":"add_order","params":{"symbol":"BTC/USD"},"req_id":4}'
TIMES = b'"time_in":"2026-02-02T02:40:00.1Z","time_out":"2026-02-02T02:40:00.2Z"'


@pytest.mark.parametrize(
    ("asked", "answer", "endpoint"),
    [
        (V1, b'{"event":"error","errorMessage":"?","reqid":4}', "ws error"),
        (V1, b'{"event":"error","errorMessage":"?","reqid":4,"status":"error"}', "ws error"),
        (
            V2,
            b'{"method":"error","error":"?","req_id":4,"success":false,%b}' % TIMES,
            "ws error",
        ),
        (
            ADD,
            b'{"method":"error","error":"?","req_id":4,"success":false,%b}' % TIMES,
            "ws add_order",
        ),
        (V1, b'{"event":"error","errorMessage":"?"}', None),
        (V1, b'{"event":"error","errorMessage":"?","reqid":5}', None),
    ],
)
def test_a_failure_that_does_not_name_its_operation(
    asked: bytes, answer: bytes, endpoint: str | None
) -> None:
    """It answers the request whose id it has, whatever that asked, and for all of its orders."""
    frames = Frames(NONE)
    frames.send(asked, 5, "kraken", source="log:1")
    found = frames.complete(Record(answer, "kraken"))
    assert found.endpoint == endpoint
    assert (found.request is None) is (endpoint is None)
    assert len(list(frames.unanswered())) == (endpoint is None)


def test_orders_without_an_answer_of_their_own() -> None:
    """Those of which no answer came are without one."""
    frames = Frames(NONE)
    asked = b'{"method":"cancel_order","params":{"order_id":["O7-A","O7-B"]},"req_id":3}'
    frames.send(asked, 5, "kraken", source="log:1")
    answer = b'{"method":"cancel_order","req_id":3,"result":{"order_id":"O7-A"},"success":true}'
    frames.complete(Record(answer, "kraken"))
    [left] = [item.found for item in frames.unanswered()]
    assert isinstance(left, Record)
    assert (left.pairing, left.request) == ("no_answer", {"order_id": ["O7-B"]})


def test_parameters_beside_the_operation() -> None:
    """They stand in the frame itself, and the answer has a word of its own for the operation."""
    frames = Frames(NONE)
    asked = b'{"event":"cancelOrder","token":"FAKETOKENFAKETOKEN","reqid":4,"txid":["O7-A"]}'
    frames.send(asked, 5, "kraken", source="log:1")
    found = frames.complete(Record(b'{"event":"cancelOrderStatus","reqid":4,"status":"ok"}', "kraken"))
    assert (found.endpoint, found.sent_ns) == ("ws cancelOrder", 5)
    assert found.request == {"txid": ["O7-A"], "token": "[redacted]"}
    assert found.secrets == ("request.token",)
    assert not leaks([found])
