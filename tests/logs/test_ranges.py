"""Ranges of logs: together exactly the whole log, however it is divided and whatever is in it."""

import gzip
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cancelnorm import Record
from cancelnorm.logs import Range, Unreadable, ranges, read
from tests.logs.captured import LOGS
from tests.sample_logs import LOG_FILES

LINES = (LOGS / "orders.jsonl").read_bytes().splitlines()
LONGEST = 1_500  # bytes of a line that is read
MALFORMED = (
    b"",
    b" \t",
    b"{",
    b'"',
    b"not json",
    b"\xff\xfe",
    b"\0\0\0\0",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\xef\xbb\xbf{}",
    b'{"venue":"binance","payload":{}}\r',
    b'{"venue":"binance",\r"payload":{}}',
    '{"venue":"binance","payload":"\u2028\u0085"}'.encode(),
    b'{"venue":"binance","venue":"bybit","payload":{}}',
    b"x" * (LONGEST + 1),
    b'{"venue":"binance","payload":"' + b"x" * LONGEST + b'"}',
)
pieces = st.sampled_from(LINES) | st.sampled_from(MALFORMED) | st.binary(max_size=8)
cut = st.builds(lambda line, at: line[at:], st.sampled_from(LINES), st.integers(0, 400))
# A line is sometimes cut in two by its end or ended by \r\n.
lines = st.tuples(pieces | cut, st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r", b""]))
logs = st.lists(lines, max_size=12).map(lambda found: b"".join(line + end for line, end in found))
folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def whole(path: Path) -> list[Record | Unreadable]:
    """The records of a log."""
    return list(read(path, max_record_bytes=LONGEST))


def divided(found: Sequence[Range]) -> list[Record | Unreadable]:
    """The records of its ranges."""
    return [item for each in found for item in read(each, max_record_bytes=LONGEST)]


@folder
@given(logs, st.integers(1, 3_000), st.booleans())
@example(b"\n".join(LINES), 1, True)
@example(b"\0\0\0\0\0\0" + b"\n".join(LINES), 700, False)
@example(b"\xef\xbb\xbf" + b"\r\n".join(LINES) + b"\r\n", 700, False)
def test_all_ranges_together_are_the_log(tmp_path: Path, data: bytes, size: int, begins_well: bool) -> None:
    """Also with lines that are cut, too long, blank or not UTF-8, and without a last line end."""
    path = tmp_path / "day.jsonl"
    path.write_bytes(LINES[0] + b"\n" + data if begins_well else data)
    found = list(ranges(path, size, max_record_bytes=LONGEST))
    assert divided(found) == whole(path)
    assert divided(pickle.loads(pickle.dumps(found))) == whole(path)
    if begins_well:
        assert [each.end for each in found[:-1]] == [each.start for each in found[1:]]
        assert found[-1].end == path.stat().st_size


@pytest.mark.parametrize("chunk", range(1, 12))
def test_ranges_of_a_file_that_is_read_in_small_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Wherever a chunk ends, also right before the end of a line, they are those of the file in one chunk."""
    path = tmp_path / "day.jsonl"
    path.write_bytes(b'{"venue":"okx","payload":{}}\n\n{}\n\n\n{"venue":"okx","payload":1}\n{}')
    whole = {size: list(ranges(path, size)) for size in range(1, 40)}
    monkeypatch.setattr(sys.modules[ranges.__module__], "_CHUNK_BYTES", chunk)
    assert {size: list(ranges(path, size)) for size in whole} == whole


@pytest.mark.parametrize("path", LOG_FILES)
def test_every_sample_is_the_same_in_ranges(path: Path) -> None:
    """Also those of formats that are not divided."""
    found = list(ranges(path, 100))
    assert [item for each in found for item in read(each)] == list(read(path))


def test_lines_are_divided_and_each_begins_in_one_range(tmp_path: Path) -> None:
    """The lines of a range are those that follow, until it has its size; a longer one has a range to itself."""
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(LINES))
    sizes = [len(line) + 1 for line in LINES]
    found = list(ranges(path, sizes[0] + 1))
    assert found[:2] == [
        Range(str(path), 0, sum(sizes[:2]), 1),
        Range(str(path), sum(sizes[:2]), found[1].end, 3),
    ]
    assert len(list(ranges(path, 1))) == len(LINES)
    assert list(ranges(path, 1 << 20)) == [Range(str(path), 0, path.stat().st_size, 1)]
    assert next(read(found[1])).source == f"{path}:3"


def test_other_logs_are_one_range(tmp_path: Path) -> None:
    """A compressed log, other formats, an empty file."""
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join(LINES)))
    har, bot = LOGS / "browser.har", LOGS / "bot.jsonl"
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    for log in (path, har, bot, empty):
        assert list(ranges(log, 10)) == [Range(str(log))]
        assert list(read(Range(str(log)))) == list(read(log))
    assert list(ranges("-", 10)) == [Range("-")]
    assert list(ranges("https://example.com/a.jsonl", 10)) == [Range("https://example.com/a.jsonl")]


def test_a_folder_is_all_its_logs(tmp_path: Path) -> None:
    """In the order in which ``read`` reads them."""
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_bytes(b"\n".join(LINES))
    found = list(ranges(tmp_path, 1_000))
    assert len(found) > 2
    assert [item for each in found for item in read(each)] == list(read(tmp_path))


def test_a_file_that_has_shrunk_is_damaged(tmp_path: Path) -> None:
    """The whole lines that are left are read, and the rest is a fault at its line."""
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(LINES))
    [found] = ranges(path, 1 << 20)
    size, kept = path.stat().st_size, len(LINES[0]) + 10
    with path.open("r+b") as file:
        file.truncate(kept)
    record, fault = read(found)
    assert isinstance(record, Record)
    expected = f"the file has shrunk from {size:,} bytes or more to {kept:,}"
    assert fault == Unreadable(f"{path}:2", "file", expected)


def test_a_file_that_shrinks_while_it_is_read_is_damaged(tmp_path: Path) -> None:
    """A truncated log does not just seem to end."""
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(LINES * 200))
    size = path.stat().st_size
    records = read(path)
    assert isinstance(next(records), Record)
    with path.open("r+b") as file:
        file.truncate(1_000)
    *_, fault = records
    assert isinstance(fault, Unreadable)
    assert fault.path == "file"
    assert fault.reason.startswith(f"the file has shrunk from {size:,} bytes or more to ")


def test_a_size_and_options_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    """A range of records is not read as anything else."""
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(LINES))
    with pytest.raises(ValueError, match="the size of a range must be positive, not 0"):
        list(ranges(path, 0))
    [found] = ranges(path, 1 << 20)
    with pytest.raises(ValueError, match=r"day\.jsonl: a range of records, which takes no other format"):
        list(read(found, format="jsonl"))
