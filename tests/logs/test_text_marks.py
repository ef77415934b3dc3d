"""A line that is taken for silent says nothing: with no line taken so, a log reads alike."""

from typing import Final
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.logs.item import Item
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.text_marks import is_silent
from tests.sample_logs import LOG_FILES

_READERS: Final = ("cancelnorm.logs.text_reader.is_silent", "cancelnorm.logs.text_http.is_silent")
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


@given(st.lists(st.sampled_from(_LINES), max_size=12))
def test_lines_in_any_order(lines: list[bytes]) -> None:
    """Lines of samples, in any order."""
    found = _read(lines)
    with patch(_READERS[0], lambda _: False), patch(_READERS[1], lambda _: False):
        assert _read(lines) == found


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
