"""Raw captures of cryptofeed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs.cryptofeed import CRYPTOFEED
from cancelnorm.logs.http import from_bytes_literal
from cancelnorm.logs.options import Options
from tests.logs.captured import LOGS, asked, faults, found, leaks, records

FRAMES = (LOGS / "cryptofeed-ws.log").read_bytes()
BODIES = (LOGS / "cryptofeed-http.log").read_bytes()
STREAM = b"wss://stream.binance.com:9443/ws/x <-> 1793700000.1\n"


def test_frames() -> None:
    """A frame belongs to the connection above it; an answer knows what was asked."""
    things = found(CRYPTOFEED, FRAMES)
    pushed, answered, refused = (
        thing for thing in (things[1], things[3], things[4]) if isinstance(thing, Record)
    )
    assert (pushed.venue, pushed.endpoint, pushed.source) == ("binance", None, "log:3")
    assert (answered.endpoint, answered.source) == ("ws order.cancel", "log:7")
    assert asked(refused)["orderId"] == 49120033977
    assert [
        str(event.outcome) for record in (pushed, answered, refused) for event in normalise(record).events
    ] == [
        "canceled",
        "canceled",
        "rejected",
    ]


def test_clocks_are_exact() -> None:
    """Seconds become nanoseconds by their digits."""
    answered = found(CRYPTOFEED, FRAMES)[3]
    assert isinstance(answered, Record)
    assert (answered.sent_ns, answered.received_ns) == (1793700005250001000, 1793700005261788400)


def test_answers_over_http() -> None:
    """The body of a GET stands as it came; that of a DELETE as Python shows bytes, and it has no status."""
    depth, canceled, refused = records(CRYPTOFEED, BODIES)
    assert (depth.endpoint, depth.request) == ("GET /api/v3/depth", {"symbol": "BTCUSDT", "limit": "5"})
    assert isinstance(depth.payload, bytes)
    assert depth.payload.endswith(b'[["98250.11","0.4"]]}')
    assert depth.secrets == ("headers.set-cookie",)
    assert (canceled.endpoint, canceled.received_ns) == ("DELETE /api/v3/order", 1793700001017023100)
    assert asked(canceled)["orderId"] == "49120034120"
    assert refused.payload == b'{"code":-2011,"msg":"Unknown order sent."}'


def test_a_post_is_told_from_a_delete() -> None:
    """By what the venue has at that address."""
    line = rb"""https://api.bybit.com/v5/order/cancel <- 1793700000.5: b'{"retMsg":"it\'s"}'"""
    assert records(CRYPTOFEED, line) == [
        Record(
            b'{"retMsg":"it\'s"}',
            "bybit",
            "POST /v5/order/cancel",
            received_ns=1793700000500000000,
            source="log:1",
        )
    ]


def test_other_venues_are_refused() -> None:
    """Unless it is said whose they are, or the content tells."""
    log = (
        b'wss://ws.bitstamp.net <-> 1793700000.1\n1793700000.2: {"event":"x"}\n'
        + STREAM
        + b"1793700000.3: {}\n"
    )
    assert faults(CRYPTOFEED, log) == [
        "log:2: venue: ws.bitstamp.net is not a known host; name its venue with --host ws.bitstamp.net=VENUE"
    ]
    assert [thing.source for thing in found(CRYPTOFEED, log)] == ["log:2", "log:4"]
    named = records(CRYPTOFEED, log, Options(venue="bingx"))
    assert [(record.venue, record.source) for record in named] == [("bingx", "log:2"), ("binance", "log:4")]


def test_a_file_without_an_address() -> None:
    """A file that was begun when another was full names no connection: the frame itself says whose it is."""
    log = b'1793700000.25: {"e":"executionReport"}\n'
    assert faults(CRYPTOFEED, log) == ["log:1: line: unknown venue; name it with --venue"]
    frame = FRAMES.splitlines(keepends=True)[2]
    assert CRYPTOFEED.fits(frame)
    assert [record.venue for record in records(CRYPTOFEED, frame)] == ["binance"]


def test_bad_lines_cost_themselves_only() -> None:
    """What is cut, or not as Python shows bytes, is told, and reading goes on."""
    log = (
        STREAM
        + b"17937000\n\n"
        + b"https://api.binance.com/api/v3/order <- 1793700000.5: b'{\n"
        + b"1793700000.75: {}\r\n"
    )
    assert [
        str(thing) if not isinstance(thing, Record) else thing.payload for thing in found(CRYPTOFEED, log)
    ] == [
        "log:2: line: expected <time>: <message>, optionally after a URL",
        "log:4: line: expected a bytes literal of Python",
        b"{}",
    ]


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        (FRAMES, True),
        (BODIES, True),
        (b"configuration: {}\n", True),
        (b"1793700000123456789 {}\n", False),
        (b'{"venue":"binance","payload":{}}\n', False),
        (b"", False),
    ],
)
def test_how_it_is_told(head: bytes, fits: bool) -> None:
    """By addresses with arrows, or by a time and a colon before each frame."""
    assert CRYPTOFEED.fits(head) is fits


@pytest.mark.parametrize("log", [FRAMES, BODIES])
def test_secrets_stay_in_the_log(log: bytes) -> None:
    """Keys, signatures, listen keys and cookies are in no record."""
    assert b"FAKE" in log
    assert leaks(found(CRYPTOFEED, log)) == []


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    """Whatever follows, what stood before is read."""
    assert isinstance(found(CRYPTOFEED, STREAM + b"1793700000.3: {}\n" + data)[0], Record)


def test_the_only_connection_is_that_of_each_frame() -> None:
    """Of several, a frame is of the venue that it is like, if there is one; else of the last."""
    frame = FRAMES.splitlines(keepends=True)[2]  # like those of Binance alone
    bybit, okx = (
        b"wss://%b <-> 1793700000.1\n" % host for host in (b"stream.bybit.com/v5", b"ws.okx.com/ws/v5")
    )
    assert [record.venue for record in records(CRYPTOFEED, bybit + frame)] == ["bybit"]
    assert [record.venue for record in records(CRYPTOFEED, bybit + okx + frame)] == ["binance"]
    assert [record.venue for record in records(CRYPTOFEED, bybit + okx + b"1793700000.2: {}\n")] == ["okx"]


@pytest.mark.parametrize("quote", ["", "'", '"', "'\""])
def test_a_body_as_python_shows_it(quote: str) -> None:
    """Each byte is what it was, whatever the quotes around them."""
    body = bytes(each for each in range(256) if chr(each) not in "'\"") + quote.encode()
    assert from_bytes_literal(repr(body)) == body


def test_a_host_of_ones_own() -> None:
    """The frames of its connection are of the venue that it stands for."""
    log = b"wss://proxy.example/x <-> 1793700000.1\n" + FRAMES.splitlines(keepends=True)[2]
    options = Options(hosts=(("proxy.example", "bybit"),))
    assert [record.venue for record in records(CRYPTOFEED, log, options)] == ["bybit"]
