"""Lines of text: requests over HTTP and what answers them, also where nothing does."""

import json
from typing import Any

import pytest

from cancelnorm import Reason, Record, normalise
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Source
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.timestamps import ns
from tests.logs.captured import Chunks, asked, faults, found, records
from tests.logs.lines import ANSWER, ASKED, DELETED, ERROR, REFUSED, URL, line, pairings


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
    """An answer without a request line is of none of them, and both are in doubt."""
    log = line("", f"Request: POST {URL}") + line("", f"Request: POST {URL}-all") + line(ERROR)
    found = [(record.endpoint, record.pairing) for record in records(TEXT, log)]
    assert found == [
        (None, None),
        ("POST /v5/order/cancel", "in_doubt"),
        ("POST /v5/order/cancel-all", "in_doubt"),
    ]


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


@pytest.mark.parametrize("fields", ['\t{"attempt": 1}', ' {"service": "bot"}'])
def test_fields_behind_a_message(fields: str) -> None:
    """What a logger puts behind its message is neither the answer to a request nor one beside an answer."""
    url, gone = "https://api.bybit.com/v5/order/cancel", {"retCode": 110001, "retMsg": "gone", "result": {}}
    asked = f'POST {url} {{"category": "linear", "symbol": "X", "orderId": "7a1b"}}{fields}\n'
    said = f"POST {url} 200 {json.dumps({**gone, 'retExtInfo': {}, 'time': 1795730430200})}{fields}\n"
    [record] = records(TEXT, (asked + said).encode())
    assert record.request == {"category": "linear", "symbol": "X", "orderId": "7a1b"}
    assert json.loads(record.payload)["retCode"] == 110001


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("503", "<html><body>Service Unavailable</body></html>", "venue_unavailable"),
        ("HTTP 502:", "<!DOCTYPE html><title>502 Bad Gateway</title>", "venue_unavailable"),
        ("200", "[]", None),
        ("504", "Gateway Timeout", "timeout"),
        ("504", "", "timeout"),
    ],
)
def test_bodies_without_an_object(status: str, body: str, reason: str | None) -> None:
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
    for text in (
        f"POST {url} nonce=1&txid=O7-A -> 200 {answer}\n",
        f"POST {url} nonce=1&txid=O7-A\n<- 200 {answer}\n",
    ):
        [record] = records(TEXT, text.encode())
        assert record.request == {"nonce": "1", "txid": "O7-A"}
    [record] = records(TEXT, f"POST {url} took=3ms -> 200 {answer}\n".encode())
    assert record.request is None


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


@pytest.mark.parametrize("status", [200, 408, 503])
def test_a_status_is_no_answer_to_either_of_two(status: int) -> None:
    """Whichever of them it is of, the log says of neither what became of the order."""
    asked = f'10:00:00 POST {URL} {{"orderId": "7"}}\n10:00:01 POST {URL} {{"orderId": "8"}}\n'
    assert pairings(f"{asked}10:00:02 POST {URL} {status}\n") == [
        ("log:1", "no_answer"),
        ("log:2", "no_answer"),
    ]


def test_an_exception_of_one_of_two_requests() -> None:
    """Nothing tells which of them failed, and neither has an answer."""
    url = "https://api.bybit.com/v5/order/cancel"
    log = "".join(
        f'2026-01-02 03:04:0{n} DEBUG POST {url} {{"symbol":"BTCUSDT","orderId":"{n}"}}\n' for n in (1, 2)
    )
    log += f"2026-01-02 03:04:09 ERROR ccxt.base.errors.RequestTimeout: bybit POST {url}\n"
    found = records(TEXT, log.encode())
    assert [(record.request, record.pairing) for record in found] == [
        ({"symbol": "BTCUSDT", "orderId": n}, "no_answer") for n in ("1", "2")
    ]


@pytest.mark.parametrize("count", [2, 3, 10])
def test_statuses_one_by_one(count: int) -> None:
    """Each is that of the request before it, and all requests are told."""
    log = "".join(f'POST {URL} {{"orderId": "{order}"}}\nPOST {URL} 200\n' for order in range(count))
    found = records(TEXT, log.encode())
    assert [(each.status, each.pairing, each.request) for each in found] == [
        (200, "no_answer", {"orderId": str(order)}) for order in range(count)
    ]
