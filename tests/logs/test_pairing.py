"""Answers are paired with requests of their own connection, and with no other."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs import pairing
from cancelnorm.logs.cryptofeed import CRYPTOFEED
from cancelnorm.logs.har import HAR
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Asked, Channel, OpenRequest, OpenRequests
from cancelnorm.logs.timestamped import TIMESTAMPED
from cancelnorm.logs.websocket import Frames
from tests.logs.captured import LOGS, found, records

BINANCE = Options(venue="binance")
REFUSED = {"status": 400, "error": {"code": -2011, "msg": "Unknown order sent."}}


class Line(NamedTuple):
    """A frame of a connection: the request to cancel an order, or its refusal, which does not name the order."""

    connection: int
    is_answer: bool
    request_id: int | str
    order: int

    @property
    def frame(self) -> dict[str, Any]:
        """The frame as it was sent."""
        if self.is_answer:
            return {"id": self.request_id, **REFUSED}
        params = {"symbol": "BTCUSDT", "orderId": self.order}
        return {"id": self.request_id, "method": "order.cancel", "params": params}

    def channel(self, said: tuple[bool, bool, bool]) -> Channel:
        """What a recorder says of the connection; a URL may be shared by several connections."""
        names = (f"c{self.connection}", f"a{self.connection // 2}", f"wss://host/{self.connection % 2}")
        connection, account, url = (
            name if is_said else None for name, is_said in zip(names, said, strict=True)
        )
        return Channel(connection, account, url)


@st.composite
def logs(draw: st.DrawFn) -> list[Line]:
    """Interleaved connections that count ids from 1, as integers or texts; answers come late, or never."""
    connections = draw(st.integers(1, 4))
    orders = iter(range(1_000_000))
    waiting: list[list[Line]] = []
    for connection in range(connections):
        as_text = draw(st.booleans())
        count = draw(st.integers(0, 4))
        restarts_at = draw(st.integers(1, 4))  # ids are used again from there
        frames = []
        for number in range(count):
            request_id: int | str = number % restarts_at + 1
            request_id = str(request_id) if as_text else request_id
            frames.append(Line(connection, is_answer=False, request_id=request_id, order=next(orders)))
        waiting.append(frames)
    log: list[Line] = []
    unanswered: list[Line] = []
    while any(waiting) or unanswered:
        comes = draw(st.booleans())
        if unanswered and comes:
            request = unanswered.pop(draw(st.integers(0, len(unanswered) - 1)))
            if draw(st.integers(0, 4)):  # one in five is lost
                log.append(request._replace(is_answer=True))
        elif any(waiting):
            frames = draw(st.sampled_from([frames for frames in waiting if frames]))
            log.append(frames.pop(0))
            unanswered.append(log[-1])
    return log


said = st.tuples(st.booleans(), st.booleans(), st.booleans())


@given(logs(), st.booleans(), st.data(), st.integers(1, 20))
def test_no_answer_names_an_order_of_another_connection(
    log: list[Line], is_steady: bool, data: st.DataObject, window: int
) -> None:
    """Whatever the lines say of their connections, an event names an order that its own connection asked for."""
    requests = [line for line in log if not line.is_answer]
    asked: dict[int, set[str]] = {}
    always = data.draw(said)
    count = 0
    with patch.object(pairing, "WINDOW", window):
        frames = Frames(BINANCE)
        for number, line in enumerate(log):
            channel = line.channel(always if is_steady else data.draw(said))
            frame = json.dumps(line.frame).encode()
            if not line.is_answer:
                asked.setdefault(line.connection, set()).add(str(line.order))
                frames.send(frame, None, None, source=f"log:{number}", channel=channel)
                count += sum(map(_is_unanswered, frames.left()))
                continue
            answer = frames.receive(frame, None, None, f"log:{number}", channel)
            assert isinstance(answer, Record)
            named = {event.order_id for event in normalise(answer).events} - {None}
            assert named <= asked.get(line.connection, set())
            if channel.connection is not None and is_steady and len(requests) <= window:
                _is_exact_where_ids_are_unique(log, line, named)
            count += sum(map(_is_unanswered, frames.left()))
        count += sum(map(_is_unanswered, frames.unanswered()))
    answers = len(log) - len(requests)
    assert len(requests) - answers <= count <= len(requests)


def _is_unanswered(item: Any) -> bool:
    record = item.found
    assert isinstance(record, Record)
    [event] = normalise(record).events
    assert (event.outcome, event.reason, event.source) == ("unknown", "no_answer", record.source)
    return True


def _is_exact_where_ids_are_unique(log: list[Line], line: Line, named: set[str | None]) -> None:
    """On a named connection that uses each id once, every answer finds its request."""
    same = [other for other in log if other[:3] == (line.connection, False, line.request_id)]
    if len(same) == 1:
        assert named == {str(same[0].order)}


@pytest.mark.parametrize(
    ("key", "names"),
    [("conn", "AB"), ("connection_id", [1, 2]), ("account", "AB"), ("url", ["wss://a", "wss://b"])],
)
def test_what_a_line_says_of_its_connection(key: str, names: Any) -> None:
    """Any of these tells the connections apart."""
    lines = [
        {"direction": "out", key: names[0], "exchange": "binance", "data": Line(0, False, 1, 111).frame},
        {"direction": "out", key: names[1], "exchange": "binance", "data": Line(1, False, 1, 222).frame},
        {"direction": "in", key: names[0], "exchange": "binance", "data": Line(0, True, 1, 111).frame},
    ]
    answered, unanswered = records(MAPPED, "\n".join(map(json.dumps, lines)).encode())
    assert [event.order_id for event in normalise(answered).events] == ["111"]
    assert (answered.pairing, unanswered.pairing) == (None, "no_answer")
    assert [event.order_id for event in normalise(unanswered).events] == ["222"]
    assert unanswered.source == "log:2"


def test_connections_that_are_not_told_apart() -> None:
    """Neither request is paired; the answer keeps the endpoint that both have, and is noted."""
    log = "".join(f"170000000{n} {json.dumps(line.frame)}\n" for n, line in enumerate(_shared()))
    answered, *unanswered = records(TIMESTAMPED, log.encode(), BINANCE)
    result = normalise(answered)
    assert (answered.endpoint, answered.request, answered.pairing) == ("ws order.cancel", None, "shared_id")
    assert [(event.outcome, event.order_id) for event in result.events] == [("rejected", None)]
    assert [note.code for note in result.notes] == ["shared-request-id"]
    assert [record.source for record in unanswered] == ["log:1", "log:2"]


def _shared() -> Iterator[Line]:
    yield Line(0, False, 1, 111)
    yield Line(1, False, 1, 222)
    yield Line(0, True, 1, 111)


def test_when_all_have_been_answered_an_id_is_sure_again() -> None:
    """As many answers as requests, though none is known to have which."""
    log = [*_shared(), Line(1, True, 1, 222), Line(0, False, 1, 333), Line(0, True, 1, 333)]
    text = "".join(f"170000000{n} {json.dumps(line.frame)}\n" for n, line in enumerate(log))
    read = records(TIMESTAMPED, text.encode(), BINANCE)
    named = [[event.order_id for event in normalise(record).events] for record in read]
    assert named == [[None], [None], ["111"], ["222"], ["333"]]
    assert [record.pairing for record in read] == ["shared_id", "shared_id", "no_answer", "no_answer", None]


def test_the_same_asked_twice() -> None:
    """It does not matter which of two equal requests an answer belongs to."""
    log = [Line(0, False, 1, 111), Line(0, False, 1, 111), Line(0, True, 1, 111)]
    text = "".join(f"170000000{n} {json.dumps(line.frame)}\n" for n, line in enumerate(log))
    answered, unanswered = records(TIMESTAMPED, text.encode(), BINANCE)
    assert [event.order_id for event in normalise(answered).events] == ["111"]
    assert answered.sent_ns is None  # it may be the time of either
    assert unanswered.pairing == "no_answer"


def test_an_operation_tells_requests_apart() -> None:
    """Where the answer repeats it."""
    frames = Frames(Options(venue="bybit"))
    for op, order in (("order.create", "1"), ("order.cancel", "2")):
        asked = {"reqId": "a", "op": op, "args": [{"symbol": "X", "orderId": order}]}
        frames.send(json.dumps(asked).encode(), None, None, source=f"log:{order}")
    answer = Record(b'{"reqId":"a","retCode":0,"op":"order.cancel","data":{}}', "bybit")
    assert frames.complete(answer).request == {"symbol": "X", "orderId": "2"}


def test_frames_of_a_capture_do_not_name_their_connection() -> None:
    """Two connections of one capture with the same id."""
    lines = [
        "wss://ws-api.binance.com/ws-api/v3 <-> 1700000000.1",
        "wss://ws-fapi.binance.com/ws-fapi/v1 <-> 1700000000.2",
        f"wss://ws-api.binance.com/ws-api/v3 <- 1700000000.3: {json.dumps(Line(0, False, 1, 111).frame)}",
        f"wss://ws-fapi.binance.com/ws-fapi/v1 <- 1700000000.4: {json.dumps(Line(1, False, 1, 222).frame)}",
        f"1700000000.5: {json.dumps(Line(0, True, 1, 111).frame)}",
    ]
    answered, *unanswered = records(CRYPTOFEED, "\n".join(lines).encode())
    assert [event.order_id for event in normalise(answered).events] == [None]
    assert [(record.source, record.endpoint) for record in unanswered] == [
        ("log:3", "ws order.cancel"),
        ("log:4", "ws-fapi order.cancel"),
    ]


def test_two_accounts() -> None:
    """The refusal of one account's order says nothing of the other's, which has no answer."""
    log = (LOGS / "ws-two-accounts.jsonl").read_bytes()
    answered, _, unanswered = records(MAPPED, log)
    told = [
        (event.account, event.order_id, event.outcome, event.reason)
        for record in (answered, unanswered)
        for event in normalise(record).events
    ]
    assert told == [
        ("maker-2", "49120035002", "rejected", "not_found_or_closed"),
        ("maker-1", "49120035001", "unknown", "no_answer"),
    ]


@pytest.mark.parametrize("sent", ["", '"id":"",', '"id":null,'])
@pytest.mark.parametrize("told", ["", '"id":"",', '"id":null,'])
def test_an_empty_id_is_none(sent: str, told: str) -> None:
    """A venue repeats an id that is missing as an empty one."""
    frames = Frames(Options(venue="okx"))
    frames.send(
        f'{{{sent}"op":"cancel-order","args":[{{"ordId":"1"}}]}}'.encode(), None, None, source="log:1"
    )
    answer = f'{{{told}"op":"cancel-order","code":"60011","msg":"Please log in","data":[]}}'
    assert frames.complete(Record(answer.encode(), "okx")).request == {"ordId": "1"}


def test_requests_without_an_id() -> None:
    """The operation tells the answer, where one is open."""
    frames = Frames(Options(venue="bybit"))
    answer = Record(b'{"retCode":110001,"retMsg":"order not exists","op":"order.cancel","data":{}}', "bybit")

    def ask(order: str) -> None:
        asked = {"op": "order.cancel", "args": [{"symbol": "X", "orderId": order}]}
        frames.send(json.dumps(asked).encode(), None, None, source=f"log:{order}")

    ask("1")
    assert frames.complete(answer).request == {"symbol": "X", "orderId": "1"}
    ask("2")
    ask("3")
    assert frames.complete(answer).pairing == "shared_id"
    frames.send(b'{"op":"ping"}', None, None, source="log:4")
    assert [item.found.source for item in frames.unanswered()] == ["log:2", "log:3"]


# --- Hosts that are not known ---

PUSHED = {"topic": "order", "id": "1", "creationTime": 1712858645003, "data": []}


@pytest.mark.parametrize(("frame", "venue"), [(PUSHED, "bybit"), ({"what": 1}, None)])
def test_frames_at_a_host_of_no_venue(frame: dict[str, Any], venue: str | None) -> None:
    """Their content tells the venue, or the fault names the host."""
    line = {"ts": 1793700000000, "direction": "in", "url": "wss://x.example/v5", "data": frame}
    entry = {
        "request": {"url": "wss://x.example/v5"},
        "_webSocketMessages": [{"type": "receive", "data": json.dumps(frame)}],
    }
    har = {"log": {"version": "1.2", "entries": [entry]}}
    for form, log in ((MAPPED, line), (HAR, har)):
        [thing] = found(form, json.dumps(log).encode())
        if venue is None:
            assert str(thing) == (
                "log:1: venue: x.example is not a known host; name its venue with --host x.example=VENUE"
            )
        else:
            assert isinstance(thing, Record)
            assert thing.venue == venue


# --- Requests that are open ---


def opened(open_requests: OpenRequests, connection: str | None = None) -> OpenRequest:
    """A request that is open, all with one id."""
    asked = {"binance": Asked("order.cancel", "ws order.cancel", {"orderId": 7}, ())}
    request = OpenRequest(b"1", Channel(connection), asked, None, "one.log:1", b"{}")
    open_requests.add(request)
    return request


def test_shared_answers_begin_anew() -> None:
    """Two requests that have shared their answers say nothing of two others with their id, while a third one waits."""
    waiting = OpenRequests()
    opened(waiting, "another")
    for _ in range(2):
        pair = [opened(waiting), opened(waiting)]
        assert waiting.share(pair) == []
        assert waiting.share(pair) == pair


def test_what_left_the_window_asks_for_nothing() -> None:
    """A late answer to a request that was reported as unanswered has no parameters of it; the report has them."""
    waiting = OpenRequests()
    with patch.object(pairing, "WINDOW", 1):
        first = opened(waiting)
        second = OpenRequest(b"2", Channel(), first.asked, None, "one.log:2", b"{}")
        [left] = waiting.add(second)
    assert (left.asked["binance"].request, left.raw, left.is_reported) == ({"orderId": 7}, b"{}", False)
    assert (first.asked["binance"].request, first.raw, first.is_reported) == (None, None, True)
    assert waiting.candidates(b"1", "binance", Channel(), None) == [first]
    assert list(waiting.rest()) == [second]


def test_the_oldest_of_many_with_one_id_is_dropped() -> None:
    """It is reported, unless it was, and its id is never sure again; others are not touched."""
    waiting = OpenRequests()
    with patch.object(pairing, "_SAME", 2):
        first, second = opened(waiting), opened(waiting)
        assert waiting.is_sure(b"1")
        assert [each.number for each in waiting.add(OpenRequest(b"1", Channel(), {}, None, "", None))] == [0]
        assert not waiting.is_sure(b"1")
    assert first not in waiting.rest()
    assert second in waiting.rest()
    with patch.object(pairing, "_SAME", 2), patch.object(pairing, "WINDOW", 1):
        waiting = OpenRequests()
        opened(waiting), opened(waiting)
        assert [each.number for each in waiting.add(OpenRequest(b"1", Channel(), {}, None, "", None))] == [1]


def test_few_that_were_reported_are_remembered() -> None:
    """Of those that left the window, the oldest is forgotten, and its id is not sure."""
    waiting = OpenRequests()
    with patch.object(pairing, "WINDOW", 1), patch.object(pairing, "_REMEMBERED", 1):
        for name in (b"1", b"2", b"3"):
            waiting.add(
                OpenRequest(name, Channel(), {"okx": Asked("cancel", "ws cancel", None, ())}, None, "", None)
            )
    assert [waiting.is_sure(name) for name in (b"1", b"2", b"3")] == [False, True, True]
    assert [len(waiting.candidates(name, "okx", Channel(), "cancel")) for name in (b"1", b"2", b"3")] == [
        0,
        1,
        1,
    ]
