"""Windows of logs: exactly the lines of a time, whatever is between them."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cancelnorm import Record, events
from cancelnorm.logs import Range, Unreadable, read, window, windows
from cancelnorm.replay import Due, between, merge
from tests.logs.captured import LOGS

LINE = json.loads((LOGS / "orders.jsonl").read_bytes().splitlines()[0])
folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def line(received_ns: int | None, padding: int = 0) -> bytes:
    """A record received at a time."""
    return json.dumps(LINE | {"received_ns": received_ns, "about": "x" * padding}).encode()


OTHERS = (b"", b" ", b"{", b"\xff", b'{"received_ns":true}', b"x" * 9_000, line(None))


@folder
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 300))),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(OTHERS)), max_size=5),
    st.none() | st.integers(0, 31),
    st.none() | st.integers(0, 31),
    st.sampled_from([b"", b"\n"]),
)
@example([(1, 0), (2, 0)], [], 2, None, b"")
def test_a_window_has_the_lines_of_its_time(
    tmp_path: Path,
    times: list[tuple[int, int]],
    others: list[tuple[int, bytes]],
    start_ns: int | None,
    end_ns: int | None,
    end: bytes,
) -> None:
    """With their sources; a line without a time belongs to its predecessor."""
    rows = [(at, line(at, padding)) for at, padding in times] + others
    rows.sort(key=lambda one: one[0])
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join([line(0), line(0), *(row for _, row in rows)]) + end)
    found = [
        item
        for one in window(path, start_ns, end_ns, margin_ns=0, max_record_bytes=8_000)
        for item in read(one, max_record_bytes=8_000)
    ]
    expected, present = [], 0
    for item in read(path, max_record_bytes=8_000):
        received_ns = getattr(item, "received_ns", None)
        present = present if received_ns is None else received_ns
        if (start_ns is None or present >= start_ns) and (end_ns is None or present < end_ns):
            expected.append(item)
    assert found == expected


@folder
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=60), st.integers(1, 100), st.integers(0, 6), st.data()
)
def test_disorder_within_the_margin_loses_nothing(
    tmp_path: Path, steps: list[int], start: int, margin_ns: int, data: st.DataObject
) -> None:
    """What is due in a window is the same from the window as from the whole log."""
    at, times = 0, []
    for step in steps:
        at += step
        times.append(max(0, at - data.draw(st.integers(0, margin_ns))))
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(map(line, times)))

    def due(log: Iterable[Record | Unreadable]) -> list[Due]:
        return list(between(merge(events(log), window_ns=margin_ns), start, start + 20))

    entered = [item for one in window(path, start, start + 20, margin_ns=margin_ns) for item in read(one)]
    assert due(entered) == due(read(path))


def test_a_log_is_read_at_few_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window at the end of a long log takes a bisection."""
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(line(at) for at in range(20_000)))
    looked: list[bytes] = []
    decode = windows._received

    def count(data: bytes) -> Any:
        looked.append(data)
        return decode(data)

    monkeypatch.setattr(windows, "_received", count)
    [found] = window(path, 19_990, margin_ns=0)
    assert [getattr(item, "received_ns", None) for item in read(found)] == list(range(19_990, 20_000))
    assert found.line == 19_991
    assert len(looked) < 60


def test_what_cannot_be_entered_is_one_range(tmp_path: Path) -> None:
    """A compressed log, other formats, a log without times, and one whose times are in no order."""
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(line(1)))
    for log in (packed, LOGS / "browser.har"):
        assert list(window(log, 10**20)) == [Range(str(log))]
    path = tmp_path / "day.jsonl"
    for times in ([None] * 9, [90, 10, 80, 20, 70, 30, 60, 40, 50]):
        path.write_bytes(b"\n".join(map(line, times)))
        assert list(window(path, 55, 65, margin_ns=0)) == [Range(str(path), 0, path.stat().st_size)]
        assert list(read(*window(path, 55, 65, margin_ns=0))) == list(read(path))
    path.write_bytes(b"\n".join([line(5), line(5)]))
    assert list(window(path, 6, margin_ns=0)) == []
    with pytest.raises(ValueError, match="margin_ns: expected 0 or more, found -1"):
        next(window(path, margin_ns=-1))
