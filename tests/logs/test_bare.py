"""Payloads alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs.bare import BARE, read_line
from cancelnorm.logs.formats import pick
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.limits import MAX_RECORD_BYTES
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.websocket import Frames
from tests.logs.captured import LOGS, faults, found, items, leaks, records

REFUSED = b'{"code":-2011,"msg":"Unknown order sent."}'
BINANCE = Options(venue="binance", endpoint="DELETE /api/v3/order")


def test_a_payload_a_line() -> None:
    """Venue and endpoint are what the caller says; blank lines and ends of lines are no matter."""
    data = REFUSED + b"\r\n\n" + REFUSED
    first, second = records(BARE, data, BINANCE)
    assert (first.venue, first.endpoint) == ("binance", "DELETE /api/v3/order")
    assert [bytes(record.payload).strip() for record in (first, second)] == [REFUSED] * 2  # type: ignore[arg-type]
    assert [record.source for record in (first, second)] == ["log:1", "log:3"]
    assert [item.raw for item in items(BARE, [data], BINANCE)] == [REFUSED + b"\r", REFUSED]


def test_a_payload_a_file() -> None:
    """One that goes on over many lines is one, and byte for byte what stood there."""
    data = b'{\n  "code": -2011,\n  "msg": "Unknown order sent."\n}\n'
    assert pick(data, BINANCE) is BARE
    assert records(BARE, data, BINANCE) == [Record(data, "binance", BINANCE.endpoint, source="log:1")]


def test_an_array_over_many_lines() -> None:
    """Its parts are no payloads of their own."""
    data = b"[\n" + REFUSED + b",\n" + REFUSED + b"\n]"
    assert [record.payload for record in records(BARE, data, BINANCE)] == [data]


def test_lines_longer_than_what_is_looked_at_first() -> None:
    """They are lines all the same."""
    line = b'{"code":-2011,"msg":"' + b"x" * 300_000 + b'"}'
    chunks = [line[:100_000], line[100_000:] + b"\n" + line]
    assert [item.raw for item in items(BARE, chunks, BINANCE)] == [line, line]


def test_a_bad_line_costs_itself_only() -> None:
    """Also the first; what it was is told when its payload is read."""
    data = b'-2011,"msg":"Unknown"}\n' + REFUSED + b'\n{"code":-20'
    assert [record.source for record in records(BARE, data, BINANCE)] == ["log:1", "log:2", "log:3"]


def test_a_conversation() -> None:
    """Requests are no records; answers know what was asked, and where a key stood."""
    data = (LOGS / "payloads.jsonl").read_bytes()
    assert pick(data, Options()) is BARE
    admitted, canceled = records(BARE, data)
    assert admitted.secrets == ("request.args",)
    assert (canceled.venue, canceled.endpoint) == ("bybit", "ws order.cancel")
    assert canceled.request == {"category": "linear", "symbol": "BTCUSDT", "orderLinkId": "bot7-0003"}
    assert [str(event.outcome) for event in normalise(canceled).events] == ["pending"]
    assert not leaks(found(BARE, data))


def test_nothing_says_which_venue() -> None:
    """The fault says what to do."""
    for payload in (
        b'{"zz":1}\n',
        b"{}\n",
        b" {\n}",
    ):  # one venue alone documents an empty object as an answer
        assert faults(BARE, payload) == ["log:1: line: unknown venue; name it with --venue"]


def test_too_much() -> None:
    """A line of more than is allowed is told, and reading goes on; a payload over lines likewise."""
    long = b'{"a":"' + b"x" * (MAX_RECORD_BYTES + 1)
    chunks = [REFUSED + b"\n", long, b'"}\n' + REFUSED]
    assert [str(item.found)[:20] for item in items(BARE, chunks, BINANCE)][1] == "log:2: line: longer "
    [item] = items(BARE, [b'{\n"a":"', long], BINANCE)
    assert str(item.found) == "log:1: file: the payload is longer than 8 MiB, the limit of --max-record"


@pytest.mark.parametrize(("head", "fits"), [(b" {", True), (b"[1", True), (b"1700 {}", False), (b"", False)])
def test_what_fits(head: bytes, *, fits: bool) -> None:
    """What begins as JSON does."""
    assert BARE.fits(head) is fits


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """No bytes raise; with a venue there is nothing that is not a record."""
    assert not faults(BARE, data, BINANCE)
    assert all(fault.startswith("log:") for fault in faults(BARE, data))


def test_a_refused_line_that_comes_again() -> None:
    """It is refused again, at its own place, and what comes between is read."""
    other = b'{"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":7}}'
    lines = [b"{}", b"{}", b"[]", other, b"{}", other, b"{}", b"{}"]
    reader = LineReader("log", Options(), PassedOver())
    alone = [
        list(read_line(reader, Frames(Options()), line, n, f"log:{n}", Options()))
        for n, line in enumerate(lines, 1)
    ]
    found = items(BARE, [b"\n".join(lines)], Options())
    assert [item for item in found if item.raw != other] == [item for each in alone for item in each]
