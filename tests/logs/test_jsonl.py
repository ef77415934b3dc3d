"""Lines of JSON of any shape."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Outcome, Reason, Record, normalise
from cancelnorm.answer import data_of
from cancelnorm.logs.formats import pick
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.json_path import PathError
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from cancelnorm.logs.part_names import PARTS, UnknownPartError
from tests.logs.captured import LOGS, asked, faults, found, items, leaks, records
from tests.logs.objects import BINANCE, REFUSAL, TREES, line, only

BOT = (LOGS / "bot.jsonl").read_bytes()
ODD = (LOGS / "odd-shape.jsonl").read_bytes()
REFUSED = b'{"code":-2011, "msg":"Unknown order sent."}'


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


# --- Texts of loggers ---


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


def test_a_duration_beside_a_time() -> None:
    """How long an answer took is not when it came; where there is no other time, a clock may begin at zero."""
    [record] = records(MAPPED, b'{"venue":"bybit","response_time":0.231,"ts":1795704214.25,"payload":{}}')
    assert record.received_ns == 1_795_704_214_250_000_000
    [record] = records(MAPPED, b'{"venue":"bybit","ts":0.5,"payload":{}}')
    assert record.received_ns == 500_000_000
