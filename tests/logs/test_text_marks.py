"""A line that is taken for silent says nothing: with no line taken so, a log reads alike."""

import io
from contextlib import ExitStack
from typing import Final
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.logs.compression import Stream
from cancelnorm.logs.item import Item
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.loud_lines import loud_lines
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.source import Source
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.text_marks import is_silent
from cancelnorm.logs.text_objects import may_begin
from tests.sample_logs import LOG_FILES

_SILENT: Final = ("cancelnorm.logs.text_reader.is_silent", "cancelnorm.logs.text_http.is_silent")
_SPEAKING: Final = ("cancelnorm.logs.text_http.may_say_words", "cancelnorm.logs.text_http.may_lose")
# What a line may say, but for a status that is a number alone, which a line without an object does not tell.
_METHODS: Final = (
    "DELETE",
    "GET",
    "PATCH",
    "POST",
    "PUT",
    "delete",
    "method=DELETE",
    "method: 'DELETE'",
    "[DELETE]",
)
_PATHS: Final = (
    *("/api/v3/order", "/api/v3/order?symbol=BTCUSDT", "path=/api/v3/order", "path: /api/v3/order"),
    *("endpoint: /v5/order/cancel", 'url="/api/v3/order"', "uri=/api/v3/order", "route=/v5/order/cancel"),
    *(
        "https://api.binance.com/api/v3/order",
        "api.binance.com",
        "host: api.bybit.com",
        "Host: api.binance.com",
    ),
)
_ANSWERS: Final = (
    *(
        "status 400",
        "HTTP/1.1 400",
        "HTTP/2 400",
        "code: 400",
        "status: 200",
        "502 Bad Gateway",
        "null",
        "['x']",
    ),
    *(
        "sent",
        "sending",
        "request",
        "recv",
        "received",
        "response",
        "got",
        "->",
        "<-",
        ">>>",
        "<",
        "\\",
        "...",
    ),
    *(
        "code=-2011",
        "msg=Unknown order sent.",
        "-2011",
        "Unknown order sent.",
        "error",
        "Error:",
        "failed",
        "=",
    ),
    *("APIError(code=-2011): Unknown order sent.", "[code] => -2011", "above exception", "Array", "=>", "("),
    *(
        "timed out",
        "RequestTimeout",
        "deadline exceeded",
        "ETIMEDOUT",
        "cancelled",
        "--> END DELETE",
        "< TEXT",
    ),
)
_WORDS: Final = (
    *("binance", "bybit", "okx", "symbol=BTCUSDT&orderId=5", "orderId=5", "body: symbol=BTCUSDT&orderId=5"),
    *("curl -X DELETE", "-d 'orderId=5'", "X-MBX-APIKEY: x", "[conn-1]", "ws2", "account=a", "12:00:01"),
    *("connect wss://stream.binance.com/ws", "2025-01-01T00:00:00Z", "[99 bytes]"),
)
_ALL: Final = (_METHODS, _PATHS, _ANSWERS, _WORDS)
_SAID: Final = st.builds(
    lambda words, gap: gap.join(words).encode(),
    st.lists(st.one_of(*map(st.sampled_from, _ALL)), min_size=1, max_size=4)
    | st.tuples(*map(st.sampled_from, _ALL[:2])),  # a request line
    st.sampled_from((" ", ": ", "")),
)
_AROUND: Final = (
    b"DELETE https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=17",
    b'{"code":-2011,"msg":"Unknown order sent."}',
    b'recv {"code":-2011,"msg":"Unknown order sent."}',
    b'POST https://api.bybit.com/v5/order/cancel {"orderId":"1"}',
)
_LINES: Final = sorted(
    {line for path in LOG_FILES for line in path.read_bytes().split(b"\n") if len(line) < 1_000}
    | {b"", b"a", b"{", b"}", b"[", b"]", b'{"a":[', b"{'a': {", b"host: api.binance.com", b"> ", b"curl \\"}
    | {
        b"x7{",
        b"{}",
        b"[{}],",
        b"symbol=BTCUSDT&orderId=5",
        b"504 Gateway Time-out",
        b"\x1b[31mError",
        b"...",
    }
)


def _read(lines: list[bytes]) -> tuple[list[Item], int]:
    """What the lines of a log hold, and how many hold nothing."""
    reader = LineReader("log", Options(), PassedOver()).text
    items = [item for number, line in enumerate(lines, 1) for item in reader.line(number, line)]
    return [*items, *reader.end(), *reader.unanswered()], reader.log.text_lines


def _in_full(*speaking: str) -> ExitStack:
    """Within it, no line is taken for silent, nor for one without what the gates ``speaking`` ask for."""
    stack = ExitStack()
    for gate in _SILENT:
        stack.enter_context(patch(gate, lambda _: False))
    for gate in speaking:
        stack.enter_context(patch(gate, lambda _: True))
    return stack


@given(st.lists(st.sampled_from(_LINES), max_size=12))
def test_lines_in_any_order(lines: list[bytes]) -> None:
    """Lines of samples, in any order."""
    with _in_full():
        found = _read(lines)
    assert _read(lines) == found


@given(st.lists(_SAID | st.sampled_from(_AROUND) | st.sampled_from(_LINES), min_size=1, max_size=6))
def test_words_in_any_order(lines: list[bytes]) -> None:
    """Words of requests, answers and errors, in any order."""
    with _in_full(*_SPEAKING):
        found = _read(lines)
    assert _read(lines) == found


_QUIET: Final = st.sampled_from(
    (b"", b"INFO cancel order 5", b"x" * 70, b"}", b"]", b"a\r", b"order cancelled \xff")
)
_ANY_LINES: Final = st.lists(_QUIET | _SAID | st.sampled_from(_AROUND) | st.sampled_from(_LINES), max_size=12)


@given(_ANY_LINES, st.booleans())
def test_lines_in_blocks(lines: list[bytes], is_ended: bool) -> None:
    """A log reads as its lines do, although the silent ones are counted by blocks."""
    data = b"\n".join((*lines, b"last" * is_ended))
    whole = data.removesuffix(b"\n").split(b"\n")
    source = Source(Stream(io.BytesIO(data), "log"), "log")
    found = [*TEXT.read(source, Options())]
    assert (found, source.text_lines) == _read(whole) if data else not found


@given(_ANY_LINES)
def test_lines_of_a_block(lines: list[bytes]) -> None:
    """Those that are not loud neither begin an object nor say anything, and the last one is always loud."""
    lines = lines or [b""]
    loud = loud_lines(lines)
    silent = [line for at, line in enumerate(lines) if at not in loud]
    assert loud == sorted(set(loud))
    assert loud[-1] == len(lines) - 1
    assert all(map(is_silent, silent))
    assert not any(map(may_begin, silent))


def test_most_lines_of_a_program_are_silent() -> None:
    """What has something of a request, an answer or an error is not."""
    silent = (b"", b"INFO heartbeat 12", b"    at Object.<anonymous> (bot.js:10:5)", b'{"a": 1}', b"x" * 100)
    speaking = (
        *(
            b"GET https://a.b/c",
            b"HTTP/1.1 200 OK",
            b"code=-2011",
            b"503 Service Unavailable",
            b"DELETE /v1 ",
            b"method=DELETE path=/v1",
        ),
        *(
            b"Request timed out",
            b"--> END DELETE",
            "错误码: 51400".encode(),
            b'result {"cancelled": 1',
            b"fetch:",
        ),
    )
    assert all(map(is_silent, silent))
    assert not any(map(is_silent, speaking))
    assert not any(is_silent(b"x" * 100 + line) for line in speaking)


_BEGUN: Final = (
    *(b"[", b'{"a":[', b'{"a":', b'{"a":{', b"{'a': {", b'x {"a":[', b'{"b":1} {"a":[', b"{", b"cancel {["),
    *(b'recv {"cancel":[', b'recv {"result":null,"id":1} {"a":['),
)
_BEHIND: Final = (*_AROUND, b"", b"]", b"}", b"]}", b'{"a":1}', b"x", _BEGUN[1])


@given(
    st.sampled_from(_BEGUN),
    st.integers(30, 240),
    st.lists(st.sampled_from(_BEHIND), max_size=4),
    st.booleans(),
)
def test_lines_alike(begun: bytes, count: int, behind: list[bytes], is_asked: bool) -> None:
    """Lines that are all alike, which are counted together, and lines of which each other one ends with a blank."""
    before = list(_AROUND[:1]) if is_asked else []
    alike = [*before, *[begun] * count, *behind]
    apart = [*before, *([begun, begun + b" "] * count)[:count], *behind]
    (items, silent), (others, silent_apart) = _read(alike), _read(apart)
    assert [item.found for item in items] == [item.found for item in others]
    assert silent == silent_apart


def test_lines_that_begin_an_array() -> None:
    """Whatever breaks the lines; the last one is always loud."""
    lines = [b"x: [\r", b"a", b"x: [", b"b", b"c"]
    assert loud_lines(lines) == [0, 2, 4]
