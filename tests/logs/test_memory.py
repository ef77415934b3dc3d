"""However long a log of lines is, it takes no more memory than a short one."""

import json
from collections.abc import Iterator

import pytest

from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.source import Format
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.timestamped import TIMESTAMPED
from tests.logs import lines, objects
from tests.logs.captured import passed, peak_bytes

LONG = "x" * 3_000
LINES = {
    "jsonl": (MAPPED, objects.line(ts=1, exchange="binance", text=LONG) + b"\n"),
    "text": (TEXT, lines.line(json.dumps({**lines.ERROR, "retMsg": LONG}))),
    "timestamped": (
        TIMESTAMPED,
        f'1700000000123456789 {{"e":"executionReport","s":"{LONG}"}}\n'.encode(),
    ),
}


@pytest.mark.parametrize(("form", "line"), LINES.values(), ids=LINES)
def test_memory_is_constant(form: Format, line: bytes) -> None:
    """8 MiB of log take less than 2."""

    def log() -> Iterator[bytes]:
        for _ in range(128):
            yield line * 20

    passed(form, [line])  # what is loaded once
    counts: list[int] = []
    assert peak_bytes(lambda: counts.append(passed(form, log()))) < 2 << 20
    assert counts == [128 * 20]
