"""Cassettes of vcrpy, as YAML and as JSON."""

import json
import sys
import zlib
from base64 import b64encode
from collections.abc import Iterator
from gzip import compress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs import MissingLibraryError
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.vcr import CASSETTES
from tests.logs.captured import LOGS, asked, faults, found, items, leaks, passed, peak_bytes, records
from tests.logs.readings import read_counted

YAML = (LOGS / "vcr" / "cancel.yaml").read_bytes()
JSON = (LOGS / "vcr" / "cancel.json").read_bytes()
BOTH = pytest.mark.parametrize("log", [YAML, JSON], ids=["yaml", "json"])
URI = "https://api.bybit.com/v5/order/cancel"


def interaction(body: object, /, headers: object = None, **request: Any) -> dict[str, Any]:
    """A request and its answer."""
    response = {"status": {"code": 200, "message": "OK"}, "headers": headers or {}, "body": body}
    return {
        "request": {"method": "POST", "uri": URI, "body": None, "headers": {}, **request},
        "response": response,
    }


def cassette(*interactions: object) -> bytes:
    """A cassette in JSON, which is YAML too where a line comes first that is none."""
    return json.dumps({"version": 1, "interactions": interactions}).encode()


def yaml(*interactions: object) -> bytes:
    """A cassette in YAML."""
    return b"interactions:\n" + b"".join(b"- %b\n" % json.dumps(one).encode() for one in interactions)


def _bytes(record: Record) -> bytes:
    return record.payload.encode() if isinstance(record.payload, str) else record.payload


@BOTH
def test_cassette(log: bytes) -> None:
    """Packed bodies are unpacked, requests come from address and body, and a cassette has no clocks.

    The source is the line on which an interaction begins.
    """
    begins = b"- request:" if log is YAML else b"        {"
    lines = [n for n, line in enumerate(log.splitlines(), 1) if line.rstrip() == begins]
    canceled, pending, refused = records(CASSETTES, log)
    assert [
        (record.source, record.endpoint, record.status, str(normalise(record).events[0].outcome))
        for record in (canceled, pending, refused)
    ] == [
        (f"log:{lines[0]}", "DELETE /api/v3/order", 200, "canceled"),
        (f"log:{lines[1]}", "POST /v5/order/cancel", 200, "pending"),
        (f"log:{lines[3]}", "DELETE /api/v3/order", 400, "rejected"),
    ]
    assert asked(pending)["category"] == "linear"
    assert (canceled.sent_ns, canceled.received_ns) == (None, None)


@BOTH
def test_secrets_stay_in_the_log(log: bytes) -> None:
    """Keys and signatures are in no record; where they stood is, unless they were masked there."""
    assert b"FAKE" in log
    assert leaks(found(CASSETTES, log)) == []
    assert [set(record.secrets) for record in records(CASSETTES, log)] == [
        {"request.signature", "headers.x-mbx-apikey"},
        {"headers.x-bapi-sign", "headers.x-bapi-api-key"},
        {"request.signature"},
    ]


@pytest.mark.parametrize("write", [cassette, yaml])
def test_a_request_that_is_a_list(write: Any) -> None:
    """A body may be an array."""
    (record,) = records(CASSETTES, write(interaction("{}", body='[{"ordId":"7"},{"ordId":"8"}]')))
    assert record.request == [{"ordId": "7"}, {"ordId": "8"}]


@pytest.mark.parametrize("write", [cassette, yaml])
@pytest.mark.parametrize(
    ("body", "headers", "payload"),
    [
        ({"string": ' {"a":1.50,"a":"\\u0041"}'}, {}, b' {"a":1.50,"a":"\\u0041"}'),
        ({"string": "é"}, {}, "é".encode()),
        ({"base64_string": b64encode(compress(b"{}")).decode()}, {"Content-Encoding": ["gzip"]}, b"{}"),
        ({"base64_string": b64encode(zlib.compress(b"{}")).decode()}, {"content-encoding": "deflate"}, b"{}"),
        (
            {"base64_string": b64encode(zlib.compress(b"{}")[2:-4]).decode()},
            {"content-encoding": "deflate"},
            b"{}",
        ),
        ({"string": "{}"}, {"Content-Encoding": ["gzip"]}, b"{}"),
        ("{}", {}, b"{}"),
        (None, {}, b""),
    ],
)
def test_payload_is_kept(write: Any, body: object, headers: object, payload: bytes) -> None:
    """The body is what came, to the byte, however it is written."""
    assert [_bytes(record) for record in records(CASSETTES, write(interaction(body, headers)))] == [payload]


@pytest.mark.parametrize("write", [cassette, yaml])
@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({}, "log:1: line: Object missing required field response"),
        ({"response": {}}, "log:1: request.uri: required field is missing"),
        (interaction({"base64_string": "!"}), "log:1: response.body: not base64"),
        (
            interaction({"base64_string": b64encode(compress(b"{}")[:-3]).decode()}),
            "log:1: response.body: the compressed body is truncated",
        ),
        (interaction(["FAKE"]), "log:1: response.body: expected text"),
    ],
)
def test_a_bad_interaction_costs_itself_only(write: Any, wrong: object, fault: str) -> None:
    """It is told, and the next is read."""
    log = write(wrong, interaction({"string": "{}"}))
    first, second = ("log:1", "log:1#2") if write is cassette else ("log:2", "log:3")
    assert faults(CASSETTES, log) == [fault.replace("log:1", first)]
    assert [thing.source for thing in found(CASSETTES, log)] == [first, second]


GATE = "https://api.gateio.ws/api/v4/spot/orders/12345?currency_pair=BTC_USDT"
NOT_FOUND = '{"label":"ORDER_NOT_FOUND","message":"Order not found"}'
OF_OTHERS = {
    "VCR for Ruby": (
        "---\nhttp_interactions:\n- request:\n    method: delete\n    uri: $url\n    body:\n      encoding: UTF-8\n"
        "      string: ''\n  response:\n    status:\n      code: 404\n      message: Not Found\n    body:\n"
        "      encoding: UTF-8\n      string: '$body'\n  recorded_at: Tue, 03 Nov 2026 09:00:01 GMT\n"
        "recorded_with: VCR 6.1.0\n"
    ),
    "go-vcr": (
        "---\nversion: 2\ninteractions:\n    - id: 0\n      request:\n        proto: HTTP/1.1\n        body: ''\n"
        "        form: {}\n        url: $url\n        method: DELETE\n      response:\n        body: '$body'\n"
        "        status: 404 Not Found\n        code: 404\n        duration: 1.5ms\n"
    ),
    "responses": (
        "responses:\n- response:\n    auto_calculate_content_length: false\n    body: '$body'\n"
        "    content_type: application/json\n    method: DELETE\n    status: 404\n    url: $url\n"
    ),
    "Betamax": (
        '{"http_interactions":[{"recorded_at":"2026-11-03T09:00:01","request":{"body":{"encoding":"utf-8","string":""},'
        '"headers":{},"method":"DELETE","uri":"$url"},"response":{"body":{"encoding":"utf-8","string":"$escaped"},'
        '"headers":{},"status":{"code":404,"message":"Not Found"},"url":"$url"}}],"recorded_with":"betamax/0.9.0"}'
    ),
}
"""The cassettes of other libraries, as their documentation and their sources have them."""


@pytest.mark.parametrize("log", OF_OTHERS.values(), ids=OF_OTHERS)
def test_cassettes_of_other_libraries(log: str) -> None:
    """They have the same under other keys."""
    escaped = NOT_FOUND.replace('"', r"\"")
    data = log.replace("$url", GATE).replace("$body", NOT_FOUND).replace("$escaped", escaped).encode()
    assert CASSETTES.fits(data)
    [record] = records(CASSETTES, data)
    [event] = normalise(record).events
    assert (record.status, event.endpoint) == (404, "DELETE /api/v4/spot/orders/{order_id}")
    assert (event.order_id, event.outcome, event.symbol) == ("12345", "rejected", "BTC_USDT")


def test_scalars_of_yaml() -> None:
    """Tags of older versions, anchors, and bytes."""
    log = b"""interactions:
- request: &asked
    body: !!python/unicode '{"orderId": "7"}'
    method: POST
    uri: https://api.bybit.com/v5/order/cancel
  response:
    body: {string: !!binary e30=}
    status: {code: 200}
- request: *asked
  response:
    body: {string: !!python/unicode "{}"}
    status: {code: 200}
"""
    assert [(_bytes(record), record.request) for record in records(CASSETTES, log)] == [
        (b"{}", {"orderId": "7"})
    ] * 2


@pytest.mark.parametrize(
    ("log", "fault"),
    [
        (YAML[: YAML.rindex(b"Unknown")], "log:74: file: malformed or truncated YAML after interaction 3"),
        (
            YAML.replace(b"version: 1", b"version: [1"),
            "log:81: file: malformed or truncated YAML after interaction 4",
        ),
        (b"interactions:\n- [}", "log:2: file: malformed or truncated YAML before the first interaction"),
        (JSON[:-400], "log:108: file: malformed or truncated JSON after interaction 3"),
        (compress(YAML)[:-9], None),
    ],
)
def test_a_broken_file_keeps_what_was_read(log: bytes, fault: str | None) -> None:
    """Where it breaks is told; damage is told by who asked for the log."""
    assert faults(CASSETTES, log) == ([] if fault is None else [fault])


def test_other_venues_are_passed_over() -> None:
    """Unless it is said whose they are."""
    log = cassette(interaction({"string": "{}"}, uri="http://localhost/x"))
    assert records(CASSETTES, log) == []
    assert [record.venue for record in records(CASSETTES, log, Options(venue="bingx"))] == ["bingx"]


@pytest.mark.parametrize("write", [cassette, yaml])
def test_memory_is_that_of_an_interaction(write: Any) -> None:
    """However many there are, little more than three times the largest is held."""
    text = json.dumps({"rows": ["x" * 10] * 70_000})
    one = interaction({"string": text})
    whole = write(one, "@")
    before, after = whole.split(b'"@"')
    last = json.dumps(interaction({"string": "{}"})).encode()
    member = before[before.index(b'{"request"') :]

    def chunks() -> Iterator[bytes]:
        yield before.removesuffix(member)
        for _ in range(10):
            yield from (member[at : at + (1 << 16)] for at in range(0, len(member), 1 << 16))
        yield last + after

    list(items(CASSETTES, (write(interaction({"string": "{}"})),)))  # what is loaded once
    counts: list[int] = []
    peak = peak_bytes(lambda: counts.append(passed(CASSETTES, chunks())))
    assert counts == [11]
    assert peak < 3.2 * len(member)  # as in HAR


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """YAML takes one, and says which extra brings it; JSON takes none."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingLibraryError) as caught:
        found(CASSETTES, YAML)
    assert str(caught.value) == "log: this is YAML; it takes pip install 'cancelnorm[formats]'"
    assert len(records(CASSETTES, JSON)) == 3


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        (YAML, True),
        (JSON, True),
        (b"version: 1\ninteractions:\n- request:\n", True),
        (b'{"version":1}\n', False),
        (b'{"venue":"binance","payload":{"interactions":[]}}\n', False),
        (b"", False),
    ],
)
def test_how_it_is_told(head: bytes, fits: bool) -> None:
    """By its interactions."""
    assert CASSETTES.fits(head) is fits


@BOTH
@given(data=st.data())
def test_any_cut_is_read(log: bytes, data: st.DataObject) -> None:
    """Wherever a cassette ends, and whatever follows there, nothing is raised and nothing secret is seen."""
    cut = data.draw(st.integers(0, len(log)))
    things = found(CASSETTES, log[:cut] + data.draw(st.binary(max_size=50)))
    assert leaks(things) == []
    assert all(isinstance(thing, Record) or thing.reason for thing in things)


@pytest.mark.parametrize(("method", "count"), [("OPTIONS", 0), ("options", 0), ("GET", 1)])
def test_what_a_browser_asks_first_is_not_counted(method: str, count: int) -> None:
    """A request for what a server allows is none that was passed over."""
    log = cassette({**interaction("{}"), "request": {"method": method, "uri": "https://proxy.example/x"}})
    *others, counts = read_counted(log, "one.json")
    assert others == []
    assert counts == f"0 of text{', 1 at HTTP at proxy.example' * count}"


@pytest.mark.parametrize("before", [b"", b"\n", b"\r\n", b"\n\n", b"# one\n"])
def test_the_interaction_with_a_character_that_yaml_forbids(before: bytes) -> None:
    """It alone is refused, wherever the lines of the cassette begin."""
    one, other = yaml(interaction("{}"), interaction("{}x")).splitlines(keepends=True)[1:]
    log = before + b"interactions:\n" + one + other.replace(b"x", b"\x01") + one
    assert [isinstance(thing, Unreadable) for thing in found(CASSETTES, log)] == [False, True, False]
