"""Requests with their answers, as proxies, consoles and tools for tests keep them in JSON."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs.exchanges import exchanges_in
from cancelnorm.logs.formats import pick
from cancelnorm.logs.options import Options
from tests.logs.captured import leaks, records

HOST: Final = "api.bybit.com"
PATH: Final = "/v5/order/cancel"
ASKED: Final = {"category": "linear", "symbol": "BTCUSDT", "orderId": "7a1"}
GONE: Final = {
    "retCode": 110001,
    "retMsg": "order not exists or too late to cancel",
    "result": {},
    "retExtInfo": {},
    "time": 1672217377164,
}
SENT: Final = json.dumps(ASKED)
SAID: Final = json.dumps(GONE)
URL: Final = f"https://{HOST}{PATH}"


def _postman() -> Any:
    request = {"method": "POST", "header": [], "body": {"mode": "raw", "raw": SENT}, "url": {"raw": URL}}
    response = {"name": "gone", "originalRequest": request, "status": "OK", "code": 200, "header": []}
    item = {"name": "cancel", "request": request, "response": [{**response, "cookie": [], "body": SAID}]}
    return {"info": {"name": "bot", "schema": "v2.1.0"}, "item": [{"name": "a folder", "item": [item]}]}


def _charles() -> Any:
    request = {"mimeType": "application/json", "header": {"headers": []}, "body": {"text": SENT}}
    response = {"status": 200, "header": {"headers": []}, "body": {"text": SAID, "charset": "UTF-8"}}
    times = {"start": "2022-12-28T08:49:37.000Z", "end": "2022-12-28T08:49:37.200Z"}
    where = {"scheme": "https", "host": HOST, "actualPort": 443, "path": PATH, "query": None}
    return [
        {
            "status": "COMPLETE",
            "method": "POST",
            **where,
            "times": times,
            "request": request,
            "response": response,
        }
    ]


def _hoverfly() -> Any:
    exact = [{"matcher": "exact", "value": value} for value in (PATH, "POST", HOST, SENT)]
    request = dict(zip(("path", "method", "destination", "body"), ([each] for each in exact), strict=True))
    pair = {"request": request, "response": {"status": 200, "body": SAID, "encodedBody": False}}
    return {"data": {"pairs": [pair]}, "meta": {"schemaVersion": "v5.2"}}


FILES: Final[dict[str, Any]] = {
    "Postman": _postman(),
    "nock": [
        {
            "scope": f"https://{HOST}:443",
            "method": "POST",
            "path": PATH,
            "body": ASKED,
            "status": 200,
            "response": GONE,
        }
    ],
    "WireMock": {
        "request": {"url": PATH, "method": "POST", "bodyPatterns": [{"equalToJson": SENT}]},
        "response": {"status": 200, "jsonBody": GONE},
    },
    "the journal of WireMock": {
        "requests": [
            {
                "request": {"url": PATH, "absoluteUrl": URL, "method": "POST", "body": SENT},
                "responseDefinition": {"status": 200},
                "response": {"status": 200, "body": SAID},
            }
        ]
    },
    "Hoverfly": _hoverfly(),
    "MockServer": [
        {
            "httpRequest": {"method": "POST", "path": PATH, "headers": {"Host": [HOST]}, "body": SENT},
            "httpResponse": {"statusCode": 200, "body": SAID},
        }
    ],
    "Pact": {
        "consumer": {"name": "bot"},
        "interactions": [
            {
                "request": {"method": "POST", "path": PATH, "body": ASKED},
                "response": {"status": 200, "body": GONE},
            }
        ],
    },
    "Charles": _charles(),
    "mitmproxy": {
        "request": {"method": "POST", "scheme": "https", "host": HOST, "path": PATH, "content": SENT},
        "response": {"status_code": 200, "content": SAID},
    },
    "a logger": {
        "level": "DEBUG",
        "message": {
            "request": {"method": "POST", "url": URL, "body": SENT},
            "response": {"status": 200, "data": GONE},
        },
    },
}
"""The files of each, as their documentation has them."""


def _read(log: bytes) -> list[Record]:
    return records(pick(log, Options()), log)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_files_of_many_tools(file: Any, indent: int | None) -> None:
    """Each has the same under keys of its own, on one line or on many."""
    [record] = _read(json.dumps(file, indent=indent).encode())
    [event] = normalise(record).events
    assert (record.status, event.endpoint, event.order_id) == (200, "POST /v5/order/cancel", "7a1")
    assert (event.outcome, event.symbol, event.code) == ("rejected", "BTCUSDT", "110001")


def _exchange(
    request: dict[str, Any] | None = None,
    response: dict[str, Any] | None = None,
    keys: tuple[str, str] = ("request", "response"),
) -> Any:
    """An exchange in one line, as most tools have it, with some keys in place of the usual ones."""
    asked = {"method": "POST", "url": URL, "body": SENT} if request is None else request
    said = {"status": 200, "body": SAID} if response is None else response
    return {"calls": [dict(zip(keys, (asked, said), strict=True))]}


KEYS: Final[dict[str, Any]] = {
    **{
        f"{one} {two}": _exchange(keys=(one, two))
        for one, two in (("request", "resp"), ("req", "res"), ("httpRequest", "httpResponse"))
    },
    **{
        key: _exchange({"method": "POST", key: URL, "body": SENT})
        for key in ("absoluteUrl", "url", "uri", "path", "urlPath", "requestUrl")
    },
    **{
        f"{key} beside a path": _exchange({"method": "POST", "path": PATH, key: HOST, "body": SENT})
        for key in ("host", "destination", "hostname", "authority")
    },
    **{key: _exchange(None, {key: 200, "body": SAID}) for key in ("status", "statusCode", "status_code")},
    **{
        f"{key} of both": _exchange({"method": "POST", "url": URL, key: SENT}, {"status": 200, key: SAID})
        for key in ("jsonBody", "body", "content", "data", "text", "json", "payload", "postData", "string")
    },
    **{
        f"a body with {' '.join(around)} {key}": _exchange(
            {"method": "POST", "url": URL, "body": {**around, key: SENT}},
            {"status": 200, "body": {**around, key: SAID}},
        )
        for around, key in (
            ({"mode": "raw", "options": {"raw": {"language": "json"}}}, "raw"),
            ({"type": "STRING", "contentType": "text/plain"}, "string"),
            ({"type": "JSON"}, "json"),
            ({"type": "STRING"}, "value"),
            ({"matcher": "exact"}, "value"),
            ({"mimeType": "application/json", "size": 99}, "text"),
            ({"charset": "UTF-8", "encoding": "utf8"}, "text"),
            ({"size": 99}, "content"),
        )
    },
}
"""The words that tools have for the same, each in an exchange of its own."""


@pytest.mark.parametrize("file", KEYS.values(), ids=KEYS)
def test_keys_of_many_tools(file: Any) -> None:
    """The answer is paired with what was asked for, and has its status."""
    [record] = _read(json.dumps(file, indent=1).encode())
    [event] = normalise(record).events
    assert (record.status, event.endpoint, event.order_id) == (200, "POST /v5/order/cancel", "7a1")
    assert (event.symbol, event.code) == ("BTCUSDT", "110001")


GONE_ORDER: Final = "https://api.exchange.coinbase.com/orders/5c1a"
REFUSAL: Final = json.dumps({"message": "order not found"})
HOLDING: Final = {
    "request": {
        "statusCode": 404,
        "body": REFUSAL,
        "headers": {"content-type": "application/json"},
        "request": {"uri": {"protocol": "https:", "href": GONE_ORDER}, "method": "DELETE", "headers": {}},
    },
    "superagent": {
        "req": {"method": "DELETE", "url": GONE_ORDER, "headers": {}},
        "header": {"content-type": "application/json"},
        "status": 404,
        "text": REFUSAL,
    },
    "requests": {"status_code": 404, "text": REFUSAL, "request": {"method": "DELETE", "url": GONE_ORDER}},
}
"""Answers with their requests in them, as libraries print them."""


@pytest.mark.parametrize("around", [lambda answer: answer, lambda answer: {"response": answer}])
@pytest.mark.parametrize("before", ["", "23:35:20 "])
@pytest.mark.parametrize("answer", HOLDING.values(), ids=HOLDING)
def test_an_answer_that_holds_its_request(answer: Any, before: str, around: Callable[[Any], Any]) -> None:
    """It tells the venue, the endpoint and the order; in a line of text too."""
    [record] = _read(f"{before}{json.dumps(around(answer))}\n".encode())
    [event] = normalise(record).events
    assert (record.endpoint, record.status) == ("DELETE /orders/{order_id}", 404)
    assert (event.order_id, event.outcome) == ("5c1a", "rejected")


@pytest.mark.parametrize("key", ["timestamp_start", "timestamp", "loggedDate"])
def test_times_of_a_request_and_its_answer(key: str) -> None:
    """In seconds or milliseconds, as each tool has them."""
    file = _exchange(
        {"method": "POST", "url": URL, "body": SENT, key: 1672217377.164},
        {"status": 200, "body": SAID, "timestamp_end": 1672217377.365},
    )
    [record] = _read(json.dumps(file, indent=1).encode())
    assert (record.sent_ns, record.received_ns) == (1672217377164000000, 1672217377365000000)


@pytest.mark.parametrize("key", ["timestamp", "@timestamp", "time", "ts"])
def test_a_time_beside_a_request_and_its_answer(key: str) -> None:
    """It is when a tool has written them, and so when they were received."""
    file = {"calls": [{**_exchange()["calls"][0], key: "2022-12-28T08:49:37.365Z"}]}
    [record] = _read(json.dumps(file, indent=1).encode())
    assert (record.sent_ns, record.received_ns) == (None, 1672217377365000000)


def test_an_answer_without_a_body() -> None:
    """The status of a failure tells."""
    file = [
        {
            "scope": f"https://{HOST}:443",
            "method": "POST",
            "path": PATH,
            "body": ASKED,
            "status": 502,
            "response": "",
        }
    ]
    [record] = _read(json.dumps(file).encode())
    [event] = normalise(record).events
    assert (event.order_id, event.outcome, event.reason) == ("7a1", "unknown", "venue_unavailable")


def test_the_body_of_a_request_that_has_a_method() -> None:
    """As frames of JSON-RPC have."""
    body = {"jsonrpc": "2.0", "id": 4, "method": "private/cancel", "params": {"order_id": "ETH-584"}}
    answer = {"jsonrpc": "2.0", "id": 4, "error": {"code": 11044, "message": "not_open_order"}}
    path = "/api/v2/private/cancel"
    where = {"scope": "https://www.deribit.com:443", "method": "POST", "path": path}
    [record] = _read(json.dumps([{**where, "body": body, "status": 400, "response": answer}]).encode())
    [event] = normalise(record).events
    assert (event.order_id, event.outcome) == ("ETH-584", "rejected")


def test_secrets_stay_in_the_file() -> None:
    """In addresses as in headers."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=1&signature=FAKE5e6f"
    request = {"method": "DELETE", "url": {"raw": url}, "headers": {"X-MBX-APIKEY": "FAKE9a0b"}}
    file = {
        "x": {
            "request": request,
            "response": {"status": 400, "body": '{"code":-2011,"msg":"Unknown order sent."}'},
        }
    }
    [record] = _read(json.dumps(file, indent=1).encode())
    assert not leaks([record])
    assert {"request.signature"} <= set(record.secrets)


def test_an_answer_that_is_the_body_itself() -> None:
    """A code and data of the venue's own are no status and no body."""
    call = {"request": {"method": "POST", "url": URL, "body": SENT}, "response": GONE}
    [record] = _read(json.dumps({"calls": [{"a": {"b": call}}]}, indent=1).encode())
    assert json.loads(record.payload) == GONE
    assert normalise(record).events[0].order_id == "7a1"


_json: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "request",
                    "response",
                    "originalRequest",
                    "method",
                    "url",
                    "path",
                    "host",
                    "scope",
                    "body",
                    "status",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(value=_json)
def test_any_object(value: object) -> None:
    """Whatever stands under these keys, what is found has a method and an address."""
    for found in exchanges_in(json.dumps(value).encode()):
        assert json.loads(bytes(found["method"]))
        assert json.loads(bytes(found["url"]))


@pytest.mark.parametrize("mode", ["urlencoded", "formdata"])
def test_forms_and_headers_that_are_listed(mode: str) -> None:
    """They are parameters and headers by their names: ids are found, and secrets are hidden."""
    listed = [("nonce", "1"), ("txid", "OAAAAA-AAAAA-000001"), ("signature", "FAKE-SIGN"), ("otp", "FAKE123")]
    body = {"mode": mode, mode: [{"key": key, "value": value} for key, value in listed]}
    url = "https://api.kraken.com/0/private/CancelOrder"
    for name, header in (("key", "header"), ("name", "headers")):
        request = {
            "method": "POST",
            header: [{name: "API-Key", "value": "FAKE-KEY"}],
            "body": body,
            "url": url,
        }
        said = {"status": 200, "body": json.dumps({"error": [], "result": {"count": 1}})}
        data = json.dumps([{"request": request, "response": said}]).encode()
        [record] = records(pick(data, Options()), data)
        assert [event.order_id for event in normalise(record).events] == ["OAAAAA-AAAAA-000001"]
        assert {"request.signature", "request.otp", "headers.API-Key"} <= {*record.secrets}
        assert not leaks([record])
