"""HAR, from a browser or a proxy."""

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from gzip import compress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, logs, normalise
from cancelnorm.logs.har import HAR
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.options import Options
from tests.logs.captured import LOGS, asked, faults, found, items, leaks, passed, peak_bytes, records

BROWSER = (LOGS / "browser.har").read_bytes()
URL = "https://api.bybit.com/v5/order/cancel"


def har(*entries: Any) -> bytes:
    """A HAR of entries."""
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def entry(content: object = None, /, **fields: Any) -> dict[str, Any]:
    """An entry whose answer has this content."""
    response = {"status": 200, "content": content or {"text": "{}"}}
    return {"request": {"method": "POST", "url": URL}, "response": response, **fields}


def shown(thing: Record | Unreadable) -> str:
    """Endpoint and outcome of an answer, or what is wrong."""
    if isinstance(thing, Unreadable):
        return str(thing)
    return f"{thing.endpoint} {normalise(thing).events[0].outcome}"


def test_browser() -> None:
    """Answers, one in base64, one that never came, and a frame; what others answered is passed over."""
    things = found(HAR, BROWSER)
    assert list(map(shown, things)) == [
        "DELETE /api/v3/order canceled",
        "POST /v5/order/cancel pending",
        "DELETE /api/v3/order unknown",
        "ws order.cancel canceled",
    ]
    assert [thing.source for thing in things] == ["log:49", "log:146", "log:195", "log:233"]


def test_request_of_a_body() -> None:
    """Parameters come from the body of a request too, as text or listed."""
    text = {"mimeType": "application/json", "text": '{"orderId":"7","apiKey":"FAKE"}'}
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "orderId", "value": "8"}]}
    log = har(*(entry(request={"method": "POST", "url": URL, "postData": post}) for post in (text, form)))
    assert [asked(record)["orderId"] for record in records(HAR, log)] == ["7", "8"]
    assert records(HAR, log)[0].secrets == ("request.apiKey",)
    assert leaks(records(HAR, log)) == []


def test_a_request_that_is_a_list() -> None:
    """A body may be an array."""
    post = {"mimeType": "application/json", "text": '[{"ordId":"7"},{"ordId":"8","apiKey":"FAKE"}]'}
    (record,) = records(HAR, har(entry(request={"method": "POST", "url": URL, "postData": post})))
    assert record.request == [{"ordId": "7"}, {"ordId": "8", "apiKey": "[redacted]"}]
    assert record.secrets == ("request[1].apiKey",)


def test_headers_without_a_name_of_their_own() -> None:
    """A key is one beside a signature."""
    headers = [{"name": name, "value": "FAKE"} for name in ("KEY", "Timestamp", "SIGN", "OK-ACCESS-SIGN")]
    (record,) = records(HAR, har(entry(request={"method": "POST", "url": URL, "headers": headers})))
    assert record.secrets == ("headers.key", "headers.sign", "headers.ok-access-sign")


@pytest.mark.parametrize(
    ("fields", "clocks"),
    [
        ({}, (None, None)),
        ({"startedDateTime": "2026-11-03T10:00:00.000Z"}, (0, None)),
        ({"startedDateTime": "2026-11-03T11:00:00.001+01:00", "time": 2}, (1_000_000, 3_000_000)),
        (
            {
                "startedDateTime": "2026-11-03T10:00:00.000Z",
                "time": 9.000001,
                "timings": {"blocked": 1.5, "dns": -1},
            },
            (1_500_000, 9_000_001),
        ),
        (
            {"startedDateTime": "2026-11-03T10:00:00Z", "time": 2, "timings": {"connect": 5}},
            (2_000_000, 2_000_000),
        ),
        ({"startedDateTime": "2026-11-03T10:00:00Z", "time": -1}, (0, None)),
        ({"startedDateTime": "yesterday", "time": 5}, (None, None)),
    ],
)
def test_clocks(fields: dict[str, Any], clocks: tuple[int | None, int | None]) -> None:
    """A request is sent when all that it waited for is over; milliseconds are taken by their digits."""
    (record,) = records(HAR, har(entry(**fields)))
    start = 1793700000 * 10**9
    assert (record.sent_ns, record.received_ns) == tuple(None if at is None else start + at for at in clocks)


@pytest.mark.parametrize(
    ("content", "payload"),
    [
        ({"text": ' {"a":1.50,"a":"\\u0041\u00e9"}'}, ' {"a":1.50,"a":"\\u0041\u00e9"}'),
        ({"text": b64encode(b"\xff{}").decode(), "encoding": "base64"}, b"\xff{}"),
        ({"text": b64encode(compress(b"{}")).decode(), "encoding": "base64"}, b"{}"),
        ({"size": 0}, ""),
    ],
)
def test_payload_is_kept(content: dict[str, Any], payload: str | bytes) -> None:
    """The body is what came, to the byte."""
    assert [record.payload for record in records(HAR, har(entry(content)))] == [payload]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ([], "log:1: line: expected object, got array"),
        ({}, "log:1: line: Object missing required field request"),
        ({"request": {"url": 7}}, "log:1: request.url: expected str, got int"),
        (entry({"text": "!", "encoding": "base64"}), "log:1: response.content: not base64"),
        (
            entry({"text": b64encode(compress(b"{}")[:-1]).decode(), "encoding": "base64"}),
            "log:1: response.content: the compressed body is truncated",
        ),
    ],
)
def test_a_bad_entry_costs_itself_only(wrong: object, fault: str) -> None:
    """It is told, and the next is read."""
    log = har(wrong, entry())
    assert faults(HAR, log) == [fault]
    assert [thing.source for thing in found(HAR, log)] == ["log:1", "log:1#2"]


def test_other_venues_are_passed_over() -> None:
    """Unless it is said whose they are; what a browser asks by itself always is."""
    foreign = entry(request={"method": "GET", "url": "http://localhost/x"})
    log = har(foreign, entry(request={"method": "OPTIONS", "url": URL}))
    assert records(HAR, log) == []
    assert [record.venue for record in records(HAR, log, Options(venue="bingx"))] == ["bingx"]


def test_packed_frames() -> None:
    """BingX packs its frames; a heartbeat is none."""
    frames = [
        {"type": "receive", "time": 1793700000.5, "opcode": 2, "data": b64encode(compress(data)).decode()}
        for data in (b"Ping", b'{"e":1}')
    ]
    wrong = {"type": "receive", "opcode": 2, "data": "!"}
    log = har(
        entry(
            request={
                "url": "wss://open-api-ws.bingx.com/market",
                "headers": [{"name": "Cookie", "value": "a=b"}],
            },
            response={"status": 101},
            _webSocketMessages=[*frames, wrong],
        )
    )
    record, fault = found(HAR, log)
    assert isinstance(record, Record)
    assert (record.payload, record.received_ns) == (b'{"e":1}', 1793700000500000000)
    assert record.secrets == ("headers.cookie",)
    assert str(fault) == "log:1: _webSocketMessages: a binary frame cannot be decoded"


def test_a_broken_file_keeps_what_was_read() -> None:
    """A HAR that is cut off, or is none, says after which entry."""
    log = har(entry(), entry())
    things = found(HAR, log[:-60])
    assert [str(thing) for thing in things[1:]] == ["log:1: file: malformed or truncated JSON after entry 1"]
    assert faults(HAR, b'{"log": {"entries": [') == [
        "log:1: file: malformed or truncated JSON before the first entry"
    ]
    assert faults(HAR, compress(log)[:-9]) == []  # the damage is told by who asked for the log


def test_numbers_that_are_too_long() -> None:
    """They are a fault of their entry."""
    for number in (b"9" * 5_000, b"1e99999999999999999999"):
        log = har(entry(time="@"), entry()).replace(b'"@"', number)
        assert isinstance(found(HAR, log)[-1], Record)


@pytest.mark.parametrize("depth", [900, 960, 990])
def test_an_entry_that_is_deep(depth: int) -> None:
    """It is read, or told where the interpreter does not go as deep; the next one is read."""
    things = found(HAR, har(entry(_deep="here"), entry()).replace(b'"here"', b"[" * depth + b"]" * depth))
    assert len(things) == 2
    first, second = things
    assert isinstance(second, Record)
    assert isinstance(first, Record) or str(first) == "log:1: line: not JSON"


def test_memory_is_that_of_an_entry() -> None:
    """However many entries there are, little more than three times the largest is held."""
    one = json.dumps(entry({"text": json.dumps({"rows": ["x" * 10] * 70_000})})).encode()

    def chunks() -> Iterator[bytes]:
        yield b'{"log":{"version":"1.2","entries":['
        for number in range(20):
            for at in range(0, len(one), 1 << 16):
                yield one[at : at + (1 << 16)]
            yield b"," if number < 19 else b"]}}"

    list(items(HAR, (har(entry()),)))  # what is loaded once
    counts: list[int] = []
    peak = peak_bytes(lambda: counts.append(passed(HAR, chunks())))
    assert counts == [20]
    assert len(one) > 1_000_000
    assert peak < 3.2 * len(one)  # its bytes, its text, and what the decoder unescapes it in


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        (BROWSER, True),
        (har(), True),
        (b'{"log":{"level":"info"}}\n', False),
        (b'{"venue":"binance","payload":{}}\n', False),
        (b"", False),
    ],
)
def test_how_it_is_told(head: bytes, fits: bool) -> None:
    """By the log that its object holds."""
    assert HAR.fits(head) is fits


def test_secrets_stay_in_the_log() -> None:
    """Keys, signatures and cookies are in no record; where they stood is."""
    assert b"FAKE" in BROWSER
    things = found(HAR, BROWSER)
    assert leaks(things) == []
    assert isinstance(things[0], Record)
    assert things[0].secrets == ("request.signature", "headers.x-mbx-apikey", "headers.cookie", "cookies")


@given(st.data())
def test_any_cut_is_read(data: st.DataObject) -> None:
    """Wherever a log ends, and whatever follows there, nothing is raised and nothing secret is seen."""
    cut = data.draw(st.integers(0, len(BROWSER)))
    assert leaks(found(HAR, BROWSER[:cut] + data.draw(st.binary(max_size=50)))) == []


def test_the_source_is_the_line_of_the_file() -> None:
    """An entry has the line on which it begins; further entries of that line are numbered."""
    lines = [json.dumps(entry()) for _ in range(4)]
    log = f'{{"log": {{"entries": [\n{lines[0]},\n\n{lines[1]}, {lines[2]},\n{lines[3]}]}}}}'.encode()
    expected = ["log:2", "log:4", "log:4#2", "log:5"]
    assert [record.source for record in records(HAR, log)] == expected
    for size in (1, 7, 64):
        chunks = [log[at : at + size] for at in range(0, len(log), size)]
        assert [item.found.source for item in items(HAR, chunks)] == expected


# --- Bodies in files of their own ---


def attached(
    tmp_path: Path, body: bytes | None, name: str = "5f.json", **response: Any
) -> list[Record | Unreadable]:
    """Read an archive as Playwright writes it: a HAR, and the bodies beside it."""
    answer = {"status": 200, "content": {"mimeType": "application/json", "_file": name}, **response}
    post = {"mimeType": "application/json", "text": "", "_file": "6a.json"}
    entries = entry(response=answer, request={"method": "POST", "url": URL, "postData": post})
    with ZipFile(tmp_path / "har.zip", "w") as archive:
        archive.writestr("har.har", har(entries))
        archive.writestr("6a.json", '{"orderId":"7"}')
        if body is not None:
            archive.writestr("5f.json", body)
    return list(logs.read(tmp_path / "har.zip"))


def test_an_archive_of_a_browser(tmp_path: Path) -> None:
    """The bodies of requests and answers are files beside the HAR, and are no logs themselves."""
    [record] = attached(tmp_path, b'{"retCode":0}')
    assert isinstance(record, Record)
    assert (record.payload, record.request, record.source) == (
        b'{"retCode":0}',
        {"orderId": "7"},
        f"{tmp_path}/har.zip/har.har:1",
    )
    assert logs.passed_over(tmp_path / "har.zip") == []


def test_an_unpacked_archive_of_a_browser(tmp_path: Path) -> None:
    """The same, where it was unpacked."""
    attached(tmp_path, b'{"retCode":0}')
    with ZipFile(tmp_path / "har.zip") as archive:
        archive.extractall(tmp_path)
    [record] = logs.read(tmp_path / "har.har")
    assert isinstance(record, Record)
    assert record.payload == b'{"retCode":0}'


@pytest.mark.parametrize("name", ["5f.json", "../5f.json", "/etc/passwd", ".", ""])
def test_a_body_that_is_missing(tmp_path: Path, name: str) -> None:
    """It is a fault of this entry; no file elsewhere is opened."""
    assert list(map(str, attached(tmp_path, None, name))) == [
        f"{tmp_path}/har.zip/har.har:1: response.content: the file that holds the body is missing"
    ]


@pytest.mark.parametrize(("coding", "pack"), [("br", "brotli"), ("zstd", "zstandard")])
def test_bodies_in_other_codings(tmp_path: Path, coding: str, pack: str) -> None:
    """Brotli and zstd, each with its extra; a body that is cut off or corrupt is a fault."""
    body = pytest.importorskip(pack).compress(b'{"retCode":0}')
    headers = [{"name": "Content-Encoding", "value": coding}]
    [record] = attached(tmp_path, body, headers=headers)
    assert isinstance(record, Record)
    assert record.payload == b'{"retCode":0}'
    for broken in (body[:-4], body[:5] + b"\xff" * 9):
        [fault] = attached(tmp_path, broken, headers=headers)
        assert str(fault).startswith(
            f"{tmp_path}/har.zip/har.har:1: response.content: the compressed body is "
        )


@pytest.mark.parametrize(("coding", "extra"), [("br", "brotli"), ("zstd", "zstandard")])
def test_a_coding_without_its_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coding: str, extra: str
) -> None:
    """It is a fault of the entry, which says what to install."""
    body = pytest.importorskip(extra).compress(b'{"retCode":0}')
    monkeypatch.setitem(sys.modules, extra, None)
    [fault] = attached(tmp_path, body, headers=[{"name": "Content-Encoding", "value": coding}])
    assert "it takes pip install 'cancelnorm[" in str(fault)


@pytest.mark.parametrize(
    ("error", "pairing"), [("net::ERR_TIMED_OUT", "timeout"), ("net::ERR_FAILED", "no_answer")]
)
@pytest.mark.parametrize("status", [0, -1])
@pytest.mark.parametrize("key", ["_error", "_failureText"])
def test_a_request_without_an_answer(error: str, pairing: str, status: int, key: str) -> None:
    """A browser may say why."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=7"
    log = har(entry(request={"method": "DELETE", "url": url}, response={"status": status, key: error}))
    [record] = records(HAR, log)
    assert record.pairing == pairing
    assert [(event.outcome, event.order_id) for event in normalise(record).events] == [("unknown", "7")]


@pytest.mark.parametrize(
    ("status", "told"),
    [(-1, (None, "no_answer")), (0, (None, "no_answer")), (1, (1, None)), (599, (599, None))],
)
def test_a_status_below_one_is_no_answer(status: int, told: tuple[int | None, str | None]) -> None:
    """Browsers have zero where none came, other tools a negative one."""
    answered = {"status": status, "content": {"text": "{}"}}
    [record] = records(HAR, har(entry(response=answered, startedDateTime="2026-11-26T22:00:30Z", time=5)))
    assert (record.status, record.pairing) == told
    assert (record.received_ns is None) == (status < 1)


def test_null_is_as_good_as_nothing() -> None:
    """Some tools write a key for each part that is missing."""
    request = {"method": "POST", "url": URL, "postData": None}
    content = {"text": "{}", "encoding": None, "_file": None}
    response = {"status": 200, "content": content, "_error": None, "_failureText": None}
    log = har(entry(request=request, response=response, startedDateTime=None, time=None))
    assert records(HAR, log) == records(HAR, har(entry()))
