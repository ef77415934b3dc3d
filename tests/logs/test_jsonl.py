"""Lines of JSON of any shape."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from cancelnorm import Outcome, Reason, Record, normalise
from cancelnorm.answer import data_of
from cancelnorm.logs.formats import pick
from cancelnorm.logs.json_path import PathError, at, lost, shown, steps
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.part_names import PARTS, UnknownPartError
from cancelnorm.logs.source import Options, Unreadable
from tests.logs.captured import LOGS, asked, faults, found, items, leaks, passed, records

BOT = (LOGS / "bot.jsonl").read_bytes()
ODD = (LOGS / "odd-shape.jsonl").read_bytes()
BINANCE = Options(venue="binance")
REFUSED = b'{"code":-2011, "msg":"Unknown order sent."}'


def line(**members: Any) -> bytes:
    """One line of a log."""
    return json.dumps({"response": {"a": 1}, **members}).encode()


def only(data: bytes, options: Options = BINANCE) -> Record:
    """The one record of a log."""
    [record] = records(MAPPED, data, options)
    return record


# --- Whole logs ---


def test_a_bot() -> None:
    """Requests and answers in one line; what went to no venue is no record."""
    assert pick(BOT, Options()) is MAPPED
    single, batch, bybit, bingx = records(MAPPED, BOT)
    assert [record.source for record in (single, batch, bybit, bingx)] == [f"log:{n}" for n in (1, 2, 3, 5)]
    assert (single.venue, single.endpoint, single.status) == ("binance", "DELETE /api/v3/order", 200)
    assert (single.sent_ns, single.received_ns) == (1_793_700_000_790_125_000, 1_793_700_000_841_246_000)
    assert set(asked(single)) == {"symbol", "origClientOrderId", "timestamp", "signature"}
    assert asked(batch)["orderIdList"] == "[312873954102,312873954103]"
    assert (bybit.endpoint, asked(bybit)["orderLinkId"]) == ("POST /v5/order/cancel", "bot7-0003")
    assert bybit.secrets == (
        "request.headers.X-BAPI-API-KEY",
        "request.headers.X-BAPI-SIGN",
        "response.headers.set-cookie",
    )
    assert str(bingx.payload).startswith('b\'{"code":100404')  # it was base64
    assert not leaks(found(MAPPED, BOT))
    assert [str(event.outcome) for r in (single, batch, bybit, bingx) for event in normalise(r).events] == [
        *("canceled", "rejected", "rejected", "pending", "rejected")
    ]


def test_a_shape_that_is_told() -> None:
    """Paths, the way each frame went, and the venue."""
    paths = {"payload": "$.wire.frame", "direction": "wire.way", "received": '$["when"]'}
    canceled, refused = records(MAPPED, ODD, Options(paths=paths, venue="binance"))
    assert (canceled.endpoint, canceled.source) == ("ws order.cancel", "log:2")
    assert (canceled.sent_ns, canceled.received_ns) == (1_793_700_005_250_001_000, 1_793_700_005_261_788_400)
    assert asked(refused)["origClientOrderId"] == "bot7-0004"
    assert not leaks(found(MAPPED, ODD, Options(paths=paths, venue="binance")))


@pytest.mark.parametrize("path", ["$.request", "$.response", "$.level"])
def test_no_secret_comes_in_with_a_request_that_is_told(path: str) -> None:
    """Also where it is all of HTTP, with its address."""
    assert not leaks(found(MAPPED, BOT, Options(paths={"request": path})))


# --- Parts ---


@pytest.mark.parametrize(
    "name", ["payload", "body", "response", "message", "msg", "data", "raw", "content", "text"]
)
@pytest.mark.parametrize("is_text", [True, False])
def test_usual_names_of_the_payload(name: str, *, is_text: bool) -> None:
    """Whether it is text or not, it is there to the byte."""
    written = json.dumps(REFUSED.decode()).encode() if is_text else REFUSED
    payload = only(b'{"ts":1700000000,"' + name.encode() + b'":' + written + b"}").payload
    assert payload == (REFUSED.decode() if is_text else REFUSED)


def test_the_body_is_the_payload_and_not_what_is_around_it() -> None:
    """The innermost of the usual names."""
    assert only(b'{"response":{"status":200,"body":' + REFUSED + b"}}").payload == REFUSED


NOTHING = [
    '"status":429,"response":null',
    '"status":429,"body":null',
    '"status":429,"payload":null',
    '"status":429,"response":""',
    '"status":429,"response":"null"',
    '"status":429,"response":{}',
    '"status":429,"response":[]',
    '"status":429,"msg":"refused","response":null',
    '"response":{"status":429,"body":null}',
    '"response":{"status":429,"body":""}',
    '"response":{"status":429,"body":{}}',
    '"response":{"status_code":429,"text":"","reason":"Too Many Requests"}',
    '"response":{"status":429,"statusText":"Too Many Requests","data":null}',
    '"response":{"statusCode":429,"headers":{"retry-after":"1"}}',
]
REQUEST = '"request":{"body":{"symbol":"BTCUSDT","orderId":5}}'
WHERE = [
    '"method":"DELETE","url":"https://api.binance.com/api/v3/order"',
    '"exchange":"binance","endpoint":"DELETE /api/v3/order"',
]


@pytest.mark.parametrize("said", NOTHING)
@pytest.mark.parametrize("where", WHERE)
def test_an_answer_without_a_body(where: str, said: str) -> None:
    """Its status says what happened, however the log says that there is no body."""
    record = only(f"{{{where},{REQUEST},{said}}}".encode())
    assert (record.status, record.endpoint) == (429, "DELETE /api/v3/order")
    [event] = normalise(record).events
    assert (event.order_id, event.outcome, event.reason) == ("5", Outcome.REJECTED, Reason.RATE_LIMITED)


@pytest.mark.parametrize(
    "said",
    [
        f'{WHERE[0]},"status":429',  # nothing says that the answer had no body
        f'{WHERE[0]},"response":null',  # nothing says that there was one
        f'{WHERE[0]},"status":"ok","response":null',
        '"status":429,"response":null',  # to a request that nobody knows
    ],
)
def test_a_line_that_may_be_no_answer_is_refused(said: str) -> None:
    """It is not known whether there was a body, or an answer."""
    [fault] = faults(MAPPED, f'{{{said},"symbol":"BTCUSDT"}}'.encode(), BINANCE)
    assert "not found among the keys" in fault


@pytest.mark.parametrize(
    ("said", "venue"),
    [
        *(("binance", "binance"), ("BYBIT", "bybit"), ("binance-futures", "binance")),
        *(("BINANCE_DELIVERY", "binance"), ("binanceusdm", "binance"), ("bybit-spot", "bybit")),
        *(("binance-us", "binance-us"), ("binanceus", "binanceus"), ("bitstamp", "bitstamp")),
    ],
)
def test_venues(said: str, venue: str) -> None:
    """By the names that recorders have for them; another stays what it is, also beside --venue."""
    assert only(line(exchange=said)).venue == venue


@pytest.mark.parametrize(
    ("members", "endpoint"),
    [
        ({"method": "DELETE", "path": "/api/v3/order?symbol=A"}, "DELETE /api/v3/order"),
        ({"method": "GET", "path": "/api/v3/account"}, "GET /api/v3/account"),
        ({"endpoint": "DELETE /api/v3/order/?signature=FAKE"}, "DELETE /api/v3/order"),
        ({"method": "delete", "endpoint": "/api/v3/order?signature=FAKE"}, "DELETE /api/v3/order"),
        ({"method": "DELETE", "endpoint": "https://api.binance.com/api/v3/order"}, "DELETE /api/v3/order"),
        ({"endpoint": "ws order.cancel"}, "ws order.cancel"),
        ({}, None),
    ],
)
def test_endpoints(members: dict[str, str], endpoint: str | None) -> None:
    """An address is an endpoint, under whichever name it stands."""
    record = only(line(**members))
    assert record.endpoint == endpoint
    assert not leaks([record])


def test_the_venue_of_an_address_comes_before_the_one_that_holds_otherwise() -> None:
    """``--venue`` is for what no line says."""
    assert only(line(url="https://api.bybit.com/v5/order/cancel")).venue == "bybit"


@pytest.mark.parametrize("status", [400, "400"])
def test_status(status: object) -> None:
    """A number, in quotes or not; what is none is passed over, unless it was told to be one."""
    assert only(line(status=status)).status == 400
    assert only(line(status="ok")).status is None
    told = Options(paths={"status": "$.state"}, venue="binance")
    assert faults(MAPPED, line(state="FAKE"), told) == ["log:1: status: expected an HTTP status"]


@pytest.mark.parametrize(
    ("members", "account"),
    [
        ({"account": "desk"}, "desk"),
        ({"account_id": 12345678901234567890}, "12345678901234567890"),
        ({"accountId": "7"}, "7"),
        ({"subaccount": "hedge"}, "hedge"),
        ({"api_key_name": "desk"}, "desk"),
        ({"account": {"a": 1}}, None),
        ({"account": "apiKey=FAKE"}, "[redacted f5ee6759]"),
        ({"account": ""}, None),
        ({"account": None, "account_id": 7}, "7"),
        ({"apiKey": "FAKE"}, None),
        ({}, None),
    ],
)
def test_accounts(members: dict[str, Any], account: str | None) -> None:
    """By the usual names of it, as text or as a number; a key is none, and the name of one is no secret."""
    record = only(line(**members))
    assert record.account == account
    assert record.secrets == tuple(name for name in members if name == "apiKey")
    assert not leaks([record])


def test_an_account_that_is_mapped() -> None:
    """It has to be one."""
    options = Options(paths={"account": "$.meta.who"}, venue="binance")
    assert only(line(meta={"who": "desk"}), options).account == "desk"
    assert faults(MAPPED, line(meta={"who": [1]}), options) == [
        "log:1: account: expected a string or an integer"
    ]


@pytest.mark.parametrize("is_text", [True, False])
def test_a_request_that_is_a_list(*, is_text: bool) -> None:
    """Its rows are those of the body; the parameters of the address are those of each."""
    rows = [{"ordId": "7"}, {"ordId": "8", "apiKey": "FAKE"}]
    record = only(line(path="/x?a=1", request={"body": json.dumps(rows) if is_text else rows}))
    assert record.request == [{"a": "1", "ordId": "7"}, {"a": "1", "ordId": "8", "apiKey": "[redacted]"}]
    assert "request[1].apiKey" in record.secrets


def test_clocks_are_exact() -> None:
    """No digit goes through a binary float."""
    record = only(b'{"data":{},"sent_at":1700000000.123456789,"recv_ts":"1700000001.000000001"}')
    assert (record.sent_ns, record.received_ns) == (1_700_000_000_123_456_789, 1_700_000_001_000_000_001)


@pytest.mark.parametrize("way", ["out", "SEND", "->", "request"])
def test_what_was_sent_is_no_record(way: str) -> None:
    """It is kept for its answer."""
    asked = line(dir=way, ts=1_700_000_000, response={"id": 1, "method": "order.cancel", "params": {}})
    answer = line(dir="in", response={"id": 1, "status": 200, "result": {}})
    record = only(asked + b"\n" + answer)
    assert (record.endpoint, record.sent_ns) == ("ws order.cancel", 1_700_000_000_000_000_000)


def test_requests_are_known_without_a_direction() -> None:
    """By what they say."""
    asked = line(response='{"id": 1, "method": "order.cancel", "params": {"orderId": 5}}')
    assert only(asked + b"\n" + line(response='{"id": 1, "status": 200}')).request == {"orderId": 5}


@pytest.mark.parametrize("said", [{"encoding": "base64"}, {"isBase64Encoded": True}])
def test_base64_where_the_line_says_so(said: dict[str, object]) -> None:
    """And nowhere else."""
    coded = {"body": "eyJhIjoxfQ=="}
    assert only(line(**coded, response=None, **said)).payload == b'{"a":1}'
    assert only(line(response={**coded, **said})).payload == b'{"a":1}'
    assert only(line(response=coded)).payload == "eyJhIjoxfQ=="
    assert faults(MAPPED, line(response={"body": "FAKE!", **said}), BINANCE) == ["log:1: payload: not base64"]


# --- Secrets ---


@pytest.mark.parametrize(
    ("members", "places"),
    [
        ({"apiKey": "FAKE"}, ("apiKey",)),
        ({"a": {"b": [{"Cookie": "FAKE"}]}}, ("a.b[0].Cookie",)),
        ({"headers": [["X-MBX-APIKEY", "FAKE"]]}, ("headers[0].X-MBX-APIKEY",)),
        ({"headers": [{"name": "Authorization", "value": "FAKE"}]}, ("headers[0].Authorization",)),
        ({"request": {"params": {"signature": "FAKE"}}}, ("request.signature", "request.params.signature")),
        ({"response": {"body": {"apiKey": 1}, "meta": {"cookie": "FAKE"}}}, ("response.meta.cookie",)),
        ({"apiKey": None, "signature": "", "token": "[redacted]"}, ()),
        ({"keys": "nothing", "design": 1}, ()),
    ],
)
def test_places_of_secrets(members: dict[str, Any], places: tuple[str, ...]) -> None:
    """Named at any depth outside the payload, and never shown."""
    record = only(line(**members))
    assert record.secrets == places
    assert not leaks([record])


def test_what_is_secret_in_the_payload_is_not_named_here() -> None:
    """Nor where it is one thing of a list; what stands beside it is."""
    options = Options(paths={"payload": "$.items[0]"}, venue="binance")
    record = only(line(items=[{"signature": "x"}, {"apiKey": "FAKE"}]), options)
    assert (record.payload, record.secrets) == (b'{"signature": "x"}', ("items[1].apiKey",))


# --- What is wrong ---


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"FAKE", "line: not a JSON object"),
        (b"[1]", "line: not a JSON object"),
        (b'{"response":{"a":1', "line: not a JSON object"),
        (b"[" * 100_000, "line: not a JSON object"),
        (b'{"response":"\xff"}', "line: malformed JSON inside the object"),
        (b'{"response":5}', "payload: expected an object, an array or a string"),
        (
            b'{"a":"FAKE","b":2}',
            "payload: not found among the keys a, b; set its path with --map",
        ),
    ],
)
def test_bad_lines(data: bytes, fault: str) -> None:
    """Each is told by its place, quotes nothing, and reading goes on."""
    assert faults(MAPPED, data + b"\r\n\n" + line(), BINANCE) == [f"log:1: {fault}"]
    assert len(found(MAPPED, data + b"\r\n\n" + line(), BINANCE)) == 2


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("$.resp", "there is no $.resp; $ has only ts, response"),
        ("$.response.body", "there is no $.response.body; $.response has only a"),
        ("$.response.a.b", "there is no $.response.a.b; $.response.a has no keys"),
        ("$.ts[0]", "there is no $.ts[0]; $.ts has no keys"),
    ],
)
def test_paths_that_lead_nowhere(path: str, fault: str) -> None:
    """The fault says how far they lead, and what there is."""
    data = b'{"ts":1,"response":{"a":1}}'
    assert faults(MAPPED, data, Options(paths={"payload": path}, venue="binance")) == [
        f"log:1: payload: {fault}"
    ]
    assert faults(MAPPED, data, Options(paths={"venue": path})) == [f"log:1: venue: {fault}"]


def test_a_part_that_no_line_has_where_it_was_told_to_be() -> None:
    """It costs no record, and is told when the log ends; one that some lines have is none of these."""
    options = Options(paths={"sent": "$.snt", "status": "$.state"}, venue="binance")
    things = found(MAPPED, line(state=200) + b"\n" + line(), options)
    assert [isinstance(thing, Record) for thing in things] == [True, True, False]
    assert str(things[-1]) == "log:2: sent: not found in any line: there is no $.snt; $ has only response"


def test_nothing_says_which_venue() -> None:
    """The fault says what to do."""
    assert faults(MAPPED, line(response={"zz": 1})) == ["log:1: venue: unknown venue; name it with --venue"]


@pytest.mark.parametrize(
    ("paths", "error"),
    [
        ({"paylod": "$.a"}, f"unknown part 'paylod'; the parts of a record are {', '.join(PARTS)}"),
        ({"payload": "$.a..b"}, "'$.a..b' is not a path; examples:"),
    ],
)
def test_what_a_caller_got_wrong(paths: dict[str, str], error: str) -> None:
    """It is told before anything is read."""
    with pytest.raises((UnknownPartError, PathError)) as caught:
        found(MAPPED, BOT, Options(paths=paths))
    assert str(caught.value).startswith(error)


# --- Paths ---


@given(st.lists(st.text(st.characters(codec="utf-8")) | st.integers(0, 10**9 - 1), min_size=1).map(tuple))
def test_paths_round_trip(path: tuple[str | int, ...]) -> None:
    """What is shown of a path is read as that path."""
    assert steps(shown(path)) == path


@given(st.text())
def test_any_path(text: str) -> None:
    """It is a path, or a PathError."""
    with suppress(PathError):
        assert steps(text)


KEYS = st.text(st.characters(codec="utf-8"), max_size=3)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=20,
)


def leaves(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every value in a tree, with its path."""
    if path:
        yield path, tree
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, part in parts:
        yield from leaves(part, (*path, step))


@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_every_value_is_found_at_its_path(tree: dict[str, object]) -> None:
    """And nothing at a path that goes on."""
    members = msgspec.json.decode(msgspec.json.encode(tree), type=dict[str, Raw])
    for path, value in leaves(tree):
        raw = at(members, path)
        assert raw is not None
        assert msgspec.json.decode(raw) == value
        if not isinstance(value, dict | list):
            assert at(members, (*path, "x")) is None
            assert lost(members, (*path, "x")).startswith("there is no $")


# --- What it looks like ---


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        (line(ts=1), True),
        (line(exchange="binance") + b"\n", True),
        (b'onse":{"a":1}}\n' + line(ts=1) + b"\n", True),  # a log that was rotated
        (b'{"exchange":"binance","path":"/x","data":{"a":' + b"[" * 9, True),  # a line that is longer
        (b'{"response":[{"symbol":"BTCUSDT"},', True),
        (b'{"code":0,"msg":"","data":{"symbol":', False),  # BingX alone
        (b'{"topic":"order","id":"1","creationTime":1,"data":[{', False),  # Bybit alone
        (b'{"code":-2011,"msg":"Unknown order sent."}', False),
        (b'{"a":1}', False),
        (b'[\n{"ts":1,"data":{}},\n', False),
        (b"starting\nready\n" + line(ts=1) + b"\n", False),  # text, some of which is an object
        (b"", False),
        (b"{", False),
    ],
)
def test_what_fits(head: bytes, *, fits: bool) -> None:
    """An object with a payload and something about it, and no payload alone."""
    assert MAPPED.fits(head) is fits


def test_samples_of_payloads_do_not_fit() -> None:
    """No recorded payload is taken for a line about one."""
    payloads = [
        msgspec.json.encode(json.loads(path.read_bytes())["payload"])
        for path in LOGS.parent.glob("*/*.json")
        if path.parent != LOGS
    ]
    assert payloads
    assert [payload for payload in payloads if MAPPED.fits(payload) or MAPPED.fits(payload + b"\n")] == []


# --- Laws ---


def test_memory_is_constant() -> None:
    """8 MiB of log take less than 2."""
    chunk = (line(ts=1, exchange="binance", text="x" * 3_000) + b"\n") * 20

    def log() -> Iterator[bytes]:
        for _ in range(128):
            yield chunk

    tracemalloc.start()
    try:
        assert passed(MAPPED, log()) == 128 * 20
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


@given(TREES, st.sampled_from([*PARTS, "response", "request", "headers", "ts", "path"]))
def test_any_value_anywhere(value: object, part: str) -> None:
    """A line of JSON gives a record, nothing, or a fault, whatever stands under a usual name."""
    for options in (BINANCE, Options(paths={part: "$.x"}) if part in PARTS else BINANCE):
        for item in items(MAPPED, [line(**{part: value, "x": value})], options):
            assert isinstance(item.found, Record | Unreadable)


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """No bytes raise, and what is wrong quotes none of them."""
    for fault in faults(MAPPED, line() + b"\n" + data, BINANCE):
        assert fault.split(": ", 1)[1].startswith(("line: ", "payload: "))


@pytest.mark.parametrize(
    ("status", "answer", "payload"),
    [
        (200, "c-9", b'"c-9"'),
        (200, '"c-9"', b'"c-9"'),
        (200, ["1f0a77c2"], b'["1f0a77c2"]'),
        (200, "no id at all", b"no id at all"),
        (503, "Unavailable", b"Unavailable"),
    ],
)
def test_an_answer_that_is_a_text(status: int, answer: object, payload: bytes) -> None:
    """It gets its quotes back, where the venue answers so and the logger has read the JSON."""
    url = "https://api.exchange.coinbase.com/orders/client:c-9"
    members = {"method": "DELETE", "url": url, "status": status, "response": answer}
    [record] = records(MAPPED, json.dumps(members, separators=(",", ":")).encode())
    assert data_of(record) == payload


def test_a_text_for_an_endpoint_that_answers_none() -> None:
    """It stays as it is."""
    url = "https://api.binance.com/api/v3/order?orderId=1"
    [record] = records(MAPPED, json.dumps({"method": "DELETE", "url": url, "response": "c-9"}).encode())
    assert record.payload == "c-9"


# --- Requests and answers over HTTP in lines of their own ---


def http(direction: str, order_id: int, payload: object, **more: object) -> bytes:
    """A line with a request, or with its answer."""
    url = f"https://api.binance.com/api/v3/order?orderId={order_id}"
    members = {"direction": direction, "method": "DELETE", "url": url, "body": payload, **more}
    return json.dumps(members).encode() + b"\n"


def test_http_in_lines_of_their_own() -> None:
    """An answer finds its request by method and URL; what stays without one is reported at the end."""
    refused = {"code": -2011, "msg": "Unknown order sent."}
    log = http("out", 1, "symbol=BTCUSDT", sent_ns=1795704214000000000, account="a")
    log += http("out", 2, "symbol=ETHUSDT", account="a") + http("in", 1, refused, status=400, account="a")
    answered, left = records(MAPPED, log)
    assert (answered.request, answered.sent_ns) == (
        {"orderId": "1", "symbol": "BTCUSDT"},
        1795704214000000000,
    )
    assert (left.source, left.pairing, left.account) == ("log:2", "no_answer", "a")
    assert left.request == {"orderId": "2", "symbol": "ETHUSDT"}


def test_http_of_other_connections() -> None:
    """An answer belongs to no request of another account."""
    log = http("out", 1, "", account="a") + http("in", 1, {"code": -2011, "msg": "gone"}, account="b")
    assert [record.pairing for record in records(MAPPED, log)] == [None, "no_answer"]


def test_requests_that_cannot_be_distinguished() -> None:
    """Those at one URL that ask for different things are paired with none; the same asked twice is known."""
    answers = http("in", 1, {"code": -2011, "msg": "gone"}) * 2
    log = http("out", 1, "a=1") + http("out", 1, "a=2") + answers
    assert [record.pairing for record in records(MAPPED, log)] == ["shared_id", "shared_id"]
    log = http("out", 1, "a=1") * 2 + answers
    assert [record.pairing for record in records(MAPPED, log)] == [None, None]


def test_a_log_of_requests_alone() -> None:
    """Nobody can tell from it what became of the orders, and so it says."""
    log = http("out", 1, "a=1") + http("out", 2, "a=1")
    assert [record.pairing for record in records(MAPPED, log)] == ["no_answer", "no_answer"]


# --- Directions ---

BODY = {"category": "linear", "symbol": "BTCUSDT", "orderId": "12eb49e9-5283-4bdb-a967-b17e6e7fc50e"}
ACKNOWLEDGED = {
    "retCode": 0,
    "retMsg": "OK",
    "result": {"orderId": BODY["orderId"], "orderLinkId": ""},
    "retExtInfo": {},
    "time": 1795704214044,
}


@pytest.mark.parametrize(
    ("key", "sent", "received"),
    [
        ("direction", ">", "<"),
        ("dir", "out", "in"),
        ("type", "request", "response"),
        ("type", "SEND", "RECV"),
        ("event", "http_request", "http_response"),
        ("event", "request.sent", "response.received"),
        ("kind", "restRequest", "restResponse"),
        ("way", "->", "<-"),
    ],
)
def test_the_kind_of_a_line_is_its_direction(key: str, sent: str, received: str) -> None:
    """A request in a line of its own is paired with its answer, and one without an answer is told."""
    url = "https://api.bybit.com/v5/order/cancel"
    call = {"method": "POST", "url": url}
    log = [
        {"ts": 1795704214000, key: sent, **call, "body": BODY},
        {"ts": 1795704214100, key: received, **call, "body": ACKNOWLEDGED},
        {"ts": 1795704215000, key: sent, **call, "body": {**BODY, "orderId": "b"}},
    ]
    answered, unanswered = records(MAPPED, "\n".join(map(json.dumps, log)).encode())
    assert (answered.sent_ns, answered.received_ns) == (1795704214000 * 10**6, 1795704214100 * 10**6)
    assert asked(answered) == BODY
    assert (unanswered.pairing, asked(unanswered)["orderId"]) == ("no_answer", "b")


def test_a_line_with_an_answer_is_no_request() -> None:
    """Whatever its kind is called; and the time in a venue's answer is not when it was received."""
    line = {"ts": 1795704214100, "type": "request", "method": "POST", "path": "/v5/order/cancel"}
    [record] = records(MAPPED, json.dumps({**line, "response": ACKNOWLEDGED}).encode())
    assert record.received_ns == 1795704214100 * 10**6


@pytest.mark.parametrize("key", ["body", "requestBody", "req"])
@pytest.mark.parametrize("is_text", [False, True])
def test_the_body_of_a_request_beside_its_response(key: str, *, is_text: bool) -> None:
    """Of a line with both, ``body`` is what was sent; alone it is what came."""
    asks: Any = {"category": "linear", "symbol": "ETHUSDT", "orderId": "7"}
    answer = {
        "retCode": 0,
        "retMsg": "OK",
        "result": {"orderId": "7", "orderLinkId": ""},
        "retExtInfo": {},
        "time": 1,
    }
    call = {"method": "POST", "url": "https://api.bybit.com/v5/order/cancel"}
    record = only(line(**call, **{key: json.dumps(asks) if is_text else asks}, response=answer))
    assert asked(record) == asks
    assert json.loads(record.payload) == answer
    [alone] = records(MAPPED, json.dumps({**call, "body": answer}).encode())
    assert json.loads(alone.payload) == answer


@pytest.mark.parametrize(
    "beside",
    [
        {"res": {"error": ["EOrder:Unknown order"]}},
        {"error": 'kraken {"error":["EOrder:Unknown order"]}'},
        {"err": 'ExchangeError: kraken {"error":["EOrder:Unknown order"]}', "exchange": "kraken"},
    ],
)
def test_a_frame_beside_the_text_of_a_logger(beside: dict[str, Any]) -> None:
    """A structured logger keeps an answer, or the text of an error, under a key of the program's own."""
    logged = {"level": "info", "time": 1709663172183, "msg": "cancel failed", **beside}
    [record] = records(MAPPED, json.dumps(logged).encode() + b"\n")
    assert record.venue == "kraken"
    assert [event.code for event in normalise(record).events] == ["EOrder"]


def test_an_envelope_beside_the_text_of_a_logger() -> None:
    """A venue's envelope is no response of the program's own."""
    ack = {"status": "ok", "response": {"type": "cancel", "data": {"statuses": ["success"]}}}
    [record] = records(MAPPED, json.dumps({"level": "info", "time": 1, "msg": "done", "ack": ack}).encode())
    assert record.venue == "hyperliquid"


@pytest.mark.parametrize(
    "beside",
    [
        {"req": {"method": "GET", "url": "/health"}, "res": {"statusCode": 200, "headers": {}}},
        {"order": {"symbol": "BTCUSDT", "orderId": 12, "status": "NEW"}},
        {"state": {"orders": {"a": {"status": "canceled"}}, "count": 3}},
    ],
)
def test_what_a_program_has_of_its_own_beside_its_text(beside: dict[str, Any]) -> None:
    """It is counted, and no answer of a venue."""
    logged = {"level": "info", "time": 1709663172183, "msg": "state", **beside}
    assert found(MAPPED, json.dumps(logged).encode() + b"\n") == []


SDK_ERROR: dict[str, Any] = {
    "code": 401,
    "message": "Unauthorized",
    "body": "Unauthorized",
    "requestOptions": {"apiKeyName": "omittedFromError", "apiSecret": "***"},
    "requestParams": {
        "method": "POST",
        "requestUrl": "https://api.coinbase.com/api/v3/brokerage/orders/batch_cancel",
        "params": {"body": {"order_ids": ["7"]}},
    },
}


def test_an_error_of_an_sdk_for_node() -> None:
    """It keeps the request beside the answer, calls the status its code, and leaves the keys out."""
    [record] = records(MAPPED, json.dumps(SDK_ERROR).encode())
    assert (record.endpoint, record.status) == ("POST /api/v3/brokerage/orders/batch_cancel", 401)
    assert (asked(record), record.secrets) == ({"order_ids": ["7"]}, ())
    [event] = normalise(record).events
    assert (event.order_id, event.reason) == ("7", "auth")


@pytest.mark.parametrize("frame", [{"channel": "heartbeat"}, {"event": "heartbeat"}])
def test_a_frame_about_something_else_tells_its_venue(frame: dict[str, Any]) -> None:
    """It is skipped, and not refused for want of a name."""
    [record] = records(MAPPED, json.dumps({"level": "info", "ts": 1, "frame": frame}).encode())
    assert record.venue == "kraken"


def test_what_may_be_an_answer_is_not_skipped() -> None:
    """One venue's refusal of a cancel is like another's of a subscription."""
    frame = {"code": 700003, "msg": "Timestamp for this request is outside of the recvWindow."}
    assert faults(MAPPED, json.dumps({"level": "info", "ts": 1, "frame": frame}).encode())


def test_the_answer_of_loki() -> None:
    """Each entry of a stream has its own time, and the labels of the stream."""
    refused = {
        "jsonrpc": "2.0",
        "id": 7,
        "error": {"message": "not_open_order", "code": 11044},
        "testnet": False,
    }
    refused |= {"usIn": 1795730430248000, "usOut": 1795730430248900, "usDiff": 900}
    values = [["1795730430250000000", f"ws recv {json.dumps(refused)}"], ["1795730431250000000", "sleeping"]]
    streams = {"resultType": "streams", "result": [{"stream": {"app": "bot"}, "values": values}]}
    [record] = records(MAPPED, json.dumps({"status": "success", "data": streams}).encode())
    assert (record.venue, record.received_ns) == ("deribit", 1795730430250000000)


@pytest.mark.parametrize(
    "said",
    [
        {"exchange": "okx", "error": "code=51400 msg=Cancellation failed."},
        {
            "exchange": "okx",
            "exception": "Traceback (most recent call last):\n  x\nOrderError: code=51400 msg=Cancellation failed.",
        },
        {
            "venue": "okx",
            "err": {"type": "Error", "message": "Cancellation failed.", "code": "51400", "stack": "Error: x"},
        },
        {
            "err": {
                "message": "Cancellation failed.",
                "code": 51400,
                "url": "https://www.okx.com/api/v5/trade/cancel-order",
            }
        },
    ],
)
def test_errors_beside_the_text(said: dict[str, Any]) -> None:
    """As loggers write them; the line may name the venue."""
    log = json.dumps({"level": "error", "ts": 1795704213.5, "msg": "cancel failed", **said}).encode()
    [record] = records(MAPPED, log)
    assert (record.venue, json.loads(record.payload)) == (
        "okx",
        {"code": "51400", "msg": "Cancellation failed."},
    )
    assert record.received_ns == 1795704213_500_000_000
    assert found(MAPPED, log.replace(b"okx", b"xko")) == []


CANCELS = "https://api.bybit.com/v5/order/cancel"
ASKS = json.dumps({"category": "linear", "symbol": "BTCUSDT", "orderId": "7"})
AXIOS: dict[str, Any] = {"config": {"method": "post", "url": CANCELS, "data": ASKS}}


@pytest.mark.parametrize(
    ("lines", "reason", "source"),
    [
        (
            [{"msg": "request failed", "method": "POST", "url": CANCELS, "status": 502}],
            "venue_unavailable",
            1,
        ),
        (
            [
                {"msg": "sending", "method": "POST", "url": CANCELS, "body": ASKS},
                {"msg": "failed", "method": "POST", "url": CANCELS, "status": "503 Service Unavailable"},
            ],
            "venue_unavailable",
            1,
        ),
        (
            [
                {"msg": "response", "method": "POST", "url": CANCELS, "status": 502, "body": "<html>"},
                {"msg": "request completed", "method": "POST", "url": CANCELS, "status": 502},
            ],
            "venue_unavailable",
            1,
        ),
        (
            [{"level": 50, "msg": "x", "err": {"message": "Request failed with status code 502", **AXIOS}}],
            "venue_unavailable",
            1,
        ),
        (
            [{"level": 50, "msg": "x", "err": {"message": "timeout of 10000ms exceeded", **AXIOS}}],
            "timeout",
            1,
        ),
        (
            [{"msg": "timeout of 10000ms exceeded", "method": "POST", "url": CANCELS, "body": ASKS}],
            "timeout",
            1,
        ),
        (
            [{"msg": "x", "error": "context deadline exceeded", "method": "POST", "url": CANCELS}],
            "timeout",
            1,
        ),
        (
            [{"msg": "x", "error": "connection reset by peer", "method": "POST", "url": CANCELS}],
            "no_answer",
            1,
        ),
    ],
)
def test_a_failure_that_has_no_body(lines: list[dict[str, Any]], reason: str, source: int) -> None:
    """The line of a failure may be all that tells of a cancel: whether it was carried out is not known."""
    log = "".join(json.dumps({"level": "error", **each}) + "\n" for each in lines)
    [record] = records(MAPPED, log.encode())
    [event] = normalise(record).events
    assert (event.endpoint, event.outcome, event.reason) == ("POST /v5/order/cancel", "unknown", reason)
    assert record.source == f"log:{source}"
    assert event.order_id == ("7" if '"7' in log or '\\"7' in log else None)


REFUSAL = json.dumps({"code": -2011, "msg": "Unknown order sent."})
AT = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=12"


@pytest.mark.parametrize(
    "lines",
    [
        [
            {"level": "debug", "msg": "request", "method": "DELETE", "url": AT, "body": ""},
            {"level": "debug", "msg": "response", "url": AT, "status": "400 Bad Request", "body": REFUSAL},
        ],
        [
            {"level": "debug", "msg": "HTTP request", "method": "DELETE", "url": AT},
            {"level": "debug", "msg": "HTTP response", "status": 400, "body": REFUSAL},
        ],
        [
            {
                "@timestamp": "2026-11-03T09:00:01.058Z",
                "message": "call",
                "http": {
                    "request": {"method": "DELETE"},
                    "response": {"status_code": 400, "body": {"content": REFUSAL}},
                },
                "url": {"full": AT},
            }
        ],
        [
            {
                "message": "call",
                "http.request.method": "DELETE",
                "http.response.status_code": 400,
                "http.response.body.content": REFUSAL,
                "url.full": AT,
            }
        ],
        [
            {
                "@t": "2026-11-03T09:00:01Z",
                "@mt": "{Method} {Url}",
                "Method": "DELETE",
                "Url": AT,
                "Status": 400,
                "Body": REFUSAL,
            }
        ],
    ],
)
def test_requests_and_answers_as_loggers_name_them(lines: list[dict[str, Any]]) -> None:
    """In a line each, of which the second may not repeat the request, or under the names of a schema."""
    [record] = records(MAPPED, "".join(json.dumps(each) + "\n" for each in lines).encode())
    [event] = normalise(record).events
    assert (record.status, event.order_id, event.outcome, event.reason) == (
        400,
        "12",
        "rejected",
        "not_found_or_closed",
    )
    assert event.endpoint == "DELETE /api/v3/order"


@pytest.mark.parametrize(
    "line",
    [
        {"method": "POST", "url": CANCELS, "body": json.loads(ASKS), "level": "debug", "msg": "bybit"},
        {"method": "POST", "url": CANCELS, "payload": ASKS, "ts": 1793700001058},
    ],
)
def test_what_asks_for_a_cancel_is_a_request(line: dict[str, Any]) -> None:
    """No word of the line says so, but its body."""
    [record] = records(MAPPED, json.dumps(line).encode())
    assert (record.pairing, normalise(record).events[0].order_id) == ("no_answer", "7")


ENTRY = f"DEBUG response DELETE {AT} 400 {REFUSAL}"


@pytest.mark.parametrize(
    "store",
    [
        {
            "data": [
                {
                    "id": "A",
                    "type": "log",
                    "attributes": {"message": ENTRY, "timestamp": "2026-11-03T09:00:01Z"},
                }
            ]
        },
        {
            "resourceLogs": [
                {
                    "resource": {"attributes": []},
                    "scopeLogs": [
                        {
                            "scope": {},
                            "logRecords": [
                                {"timeUnixNano": "1793696401058000000", "body": {"stringValue": ENTRY}}
                            ],
                        }
                    ],
                }
            ]
        },
        {
            "resourceLogs": [
                {
                    "scopeLogs": [
                        {
                            "logRecords": [
                                {
                                    "timeUnixNano": "1793696401058000000",
                                    "body": {"stringValue": REFUSAL},
                                    "attributes": [
                                        {"key": "http.request.method", "value": {"stringValue": "DELETE"}},
                                        {"key": "url.full", "value": {"stringValue": AT}},
                                        {"key": "http.response.status_code", "value": {"intValue": "400"}},
                                    ],
                                }
                            ]
                        }
                    ]
                }
            ]
        },
    ],
)
def test_entries_of_other_stores(store: dict[str, Any]) -> None:
    """Datadog's answers, and the files of OpenTelemetry, on one line or on many."""
    for log in (json.dumps(store), json.dumps(store, indent=1)):
        [record] = records(pick(log.encode(), Options()), log.encode())
        [event] = normalise(record).events
        assert (record.status, event.order_id, event.outcome) == (400, "12", "rejected")
        assert record.received_ns is not None


def test_numbers_of_mongodb() -> None:
    """Its extended JSON has objects for numbers and times."""
    sent = {
        "e": "ORDER_TRADE_UPDATE",
        "E": {"$numberLong": "1568879465651"},
        "T": {"$numberLong": "1568879465650"},
    }
    order = {
        "s": "BTCUSDT",
        "c": "x",
        "S": "SELL",
        "o": "LIMIT",
        "f": "GTC",
        "q": "0.001",
        "p": "9910",
        "ap": "0",
        "sp": "0",
        "x": "CANCELED",
        "X": "CANCELED",
        "i": {"$numberLong": "8886774"},
        "l": "0",
        "z": "0",
        "L": "0",
        "T": {"$numberLong": "1568879465650"},
        "t": {"$numberInt": "0"},
        "b": "0",
        "a": "0",
        "m": False,
        "R": False,
        "wt": "CONTRACT_PRICE",
        "ot": "LIMIT",
        "ps": "BOTH",
        "cp": False,
        "rp": "0",
    }
    line = {"_id": {"$oid": "65a"}, "ts": {"$date": {"$numberLong": "1793700001158"}}, "exchange": "binance"}
    [record] = records(MAPPED, json.dumps({**line, "msg": {**sent, "o": order}}).encode())
    [event] = normalise(record).events
    assert (event.order_id, event.outcome) == ("8886774", "canceled")
    assert record.received_ns == 1793700001158 * 10**6


def test_a_wrapper_in_the_text_of_a_logger() -> None:
    """As where one program logs what it reads from the queue of another one."""
    inner = json.dumps({"raw": REFUSAL, "exchange": "binance"})
    [record] = records(MAPPED, json.dumps({"level": "info", "msg": inner, "ts": 1793700001}).encode())
    assert (record.venue, record.received_ns) == ("binance", 1793700001 * 10**9)
    assert normalise(record).events[0].code == "-2011"


@pytest.mark.parametrize("before", ["", "canceled:\n", "\n\n", "two\nlines:\n"])
@pytest.mark.parametrize("behind", ["", "\n", "\nnext", "\n\nDuring the above\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_messages_of_several_lines(before: str, behind: str, indent: int | None) -> None:
    """An answer in one is read once, whatever lines are around it."""
    answer = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795704214044}
    message = f"{before}{json.dumps(answer, indent=indent)}{behind}"
    for name in ("message", "msg", "log"):
        data = json.dumps({"ts": 1767607200123, "level": "info", name: message}).encode()
        [record] = records(MAPPED, data)
        assert json.loads(record.payload) == answer


def test_errors_that_led_to_others() -> None:
    """A traceback in one text tells of the answer once."""
    error = 'binance {"code":-2011,"msg":"Unknown order sent."}'
    chained = "During handling of the above exception, another exception occurred:"
    text = f"OrderNotFound: {error}\n\n{chained}\n\nInvalidOrderException: {error}"
    for members in ({"message": text}, {"message": "cannot cancel", "exc_info": text}):
        data = json.dumps({"ts": 1767607200123, "level": "error", **members}).encode()
        [record] = records(MAPPED, data)
        assert record.venue == "binance"


def test_payloads_encoded_twice() -> None:
    """The JSON of a text of JSON is that JSON."""
    answer = '{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795704214044}'
    [record] = records(
        MAPPED, json.dumps({"venue": "bybit", "ts": 1, "payload": json.dumps(answer)}).encode()
    )
    assert record.payload == answer


def test_a_request_and_its_answer_in_one_message() -> None:
    """Each line is one of its own."""
    answer = '{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795704214044}'
    message = f'{{"symbol":"BTCUSDT"}}\n{answer}'
    [record] = records(MAPPED, json.dumps({"venue": "bybit", "ts": 1, "message": message}).encode())
    assert json.loads(record.payload) == json.loads(answer)
