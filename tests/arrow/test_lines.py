"""Logs and batches of lines: the events that ``events`` gives, and no line that raises."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancelnorm import CancelEvent, Refused, events
from cancelnorm.arrow import SCHEMA, from_batches, normalise_batch, normalise_lines, normalise_log
from cancelnorm.logs import UnknownFormatError, ranges, read
from tests.logs.captured import LOGS
from tests.logs.test_ranges import LINES, MALFORMED
from tests.sample_logs import LOG_FILES

BOT = (LOGS / "bot.jsonl").read_bytes().splitlines()
PAYLOADS = (LOGS / "payloads.jsonl").read_bytes().splitlines()
TIMED = (LOGS / "hftbacktest.log").read_bytes().splitlines()
OTHERS = (b'{"venue":"nowhere","payload":{}}', b'{"venue":"binance","endpoint":"DELETE /nope","payload":{}}')
FORMATS = ("records", "jsonl", "timestamped", "bare")
NAMES = ("records", "understood", "skipped", "refused")
line = st.sampled_from([*LINES, *BOT, *PAYLOADS, *TIMED, *MALFORMED, *OTHERS]) | st.binary(max_size=8)
lines = st.lists(line | st.builds(lambda found, at: found[:at], line, st.integers(0, 300)), max_size=12)
folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def of_lines(found: Sequence[bytes | None], **options: Any) -> pa.RecordBatch:
    """The events of some lines."""
    batch = normalise_lines(pa.RecordBatch.from_pydict({"value": pa.array(found, pa.binary())}), **options)
    assert batch.schema.equals(SCHEMA)
    return batch


def counts(batches: Iterable[pa.RecordBatch]) -> Counter[str]:
    """What became of the rows of the input, as the metadata says it."""
    found: Counter[str] = Counter()
    for batch in batches:
        about = {name: int(batch.schema.metadata[f"cancelnorm.{name}".encode()]) for name in NAMES}
        assert about["records"] == about["understood"] + about["skipped"] + about["refused"]
        found.update(about)
    return found


def rows(batches: Iterable[pa.RecordBatch], *without: str) -> list[dict[str, Any]]:
    """All rows, without some of their columns."""
    found: list[dict[str, Any]] = pa.Table.from_batches(batches).drop_columns([*without]).to_pylist()
    return found


# --- Logs ---


def expected(path: Path) -> tuple[list[CancelEvent | None], Counter[str]]:
    """The events of a log, None for a refused line, and what became of its records."""
    found = events(path)
    items = [item.event if isinstance(item, Refused) else item for item in found]
    return items, Counter(found.skipped)


@pytest.mark.parametrize("path", LOG_FILES)
def test_the_events_of_a_log_are_those_of_events(path: Path) -> None:
    """In their order, also in ranges; what was refused and what was skipped is counted."""
    found = list(normalise_log(path, size=3))
    assert all(batch.schema.equals(SCHEMA) for batch in found)
    items, skipped = expected(path)
    assert [
        None if row["venue"] == "unknown" else repr(event)
        for event, row in zip(from_batches(found), rows(found), strict=True)
    ] == [None if item is None else repr(item) for item in items]
    total = counts(found)
    assert total["records"] == len(list(read(path)))
    assert total["skipped"] == sum(skipped.values())
    assert sum(row["fault"] is not None for row in rows(found)) == total["refused"]
    assert all(row["source"].startswith(str(path)) for row in rows(found))
    of_ranges = [batch for each in ranges(path, 700) for batch in normalise_log(each)]
    assert rows(of_ranges) == rows(found)
    assert counts(of_ranges) == total


@folder
@given(lines)
def test_the_lines_of_a_log_are_the_log(tmp_path: Path, found: list[bytes]) -> None:
    """A log of records and a batch of its lines give the same events, ids and faults."""
    found = [LINES[0], *(part for each in found for part in each.split(b"\n"))]
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(found))
    whole, batch = list(normalise_log(path)), of_lines(found)
    assert rows(whole, "record", "source") == rows([batch], "record", "source")
    assert [
        int(row["source"].rpartition(":")[2]) - 1 for row in rows(whole) if row["source"] is not None
    ] == batch.column("record").to_pylist()
    blank = sum(not each.strip() for each in found)
    assert counts([batch]) == counts(whole) + Counter(records=blank, skipped=blank)


def test_the_name_of_a_file_need_not_be_text(tmp_path: Path) -> None:
    """It is escaped, and costs no event anything else."""
    path, other = tmp_path / "\udcff.jsonl", tmp_path / "day.jsonl"
    for each in (path, other):
        each.write_bytes(b"\n".join(LINES))
    found, expected = rows(normalise_log(path)), rows(normalise_log(other))
    assert [row | {"source": ""} for row in found] == [row | {"source": ""} for row in expected]
    assert found[0]["source"] == f"{tmp_path}/\\udcff.jsonl:1"


# --- Lines ---


@given(lines, st.sampled_from(FORMATS))
def test_a_line_stands_by_itself(found: list[bytes], form: str) -> None:
    """The rows of a line do not depend on the lines beside it; nothing raises, and every line is counted."""
    batch = of_lines(found, format=form, venue="bybit", endpoint="POST /v5/order/cancel")
    alone = [of_lines([each], format=form, venue="bybit", endpoint="POST /v5/order/cancel") for each in found]
    assert rows([batch], "record") == (rows(alone, "record") if alone else [])
    assert batch.column("record").to_pylist() == [
        number for number, each in enumerate(alone) for _ in range(each.num_rows)
    ]
    assert counts([batch]) == counts(alone) + Counter(dict.fromkeys(NAMES, 0))
    assert counts([batch])["records"] == len(found)


@folder
@given(line, st.sampled_from(FORMATS))
def test_a_line_is_read_as_a_log_of_one_line(tmp_path: Path, found: bytes, form: str) -> None:
    """Unless it is compressed, is no line, or is a request, whose answer may be on another line."""
    batch = of_lines([found], format=form)
    is_request = any("request" in (row["fault"] or "") for row in rows([batch]))
    if b"\n" in found or found[:1] in b"\xef\0\xff\x1fP" or is_request:
        return
    path = tmp_path / "log"
    path.write_bytes(found + b"\n")
    whole = list(normalise_log(path, format=form))
    if "file" in {msgspec.json.decode(row["fault"] or "{}").get("path") for row in rows(whole)}:
        return
    assert rows([batch], "record", "source") == rows(whole, "record", "source")


def test_a_request_is_refused_where_lines_stand_by_themselves() -> None:
    """Its answer may be in another batch, so nothing can be said about it."""
    frame = b'{"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":1}}'
    line = b'{"direction":"sent","url":"wss://ws-api.binance.com","data":%b}' % frame
    batch = of_lines([line], format="jsonl")
    [fault] = batch.column("fault").to_pylist()
    assert msgspec.json.decode(fault) == {
        "path": "line",
        "expected": "a record that can be read",
        "found": "a request, whose answer is on another line; read whole files instead",
    }


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("text", "a record may take several lines"),
        ("ccxt", "a record may take several lines"),
        ("har", "a record may take several lines"),
        ("vcr", "a record may take several lines"),
        ("array", "a record may take several lines"),
        ("csv", "the first line names the columns"),
        ("cryptofeed", "earlier lines name the venue"),
    ],
)
def test_other_formats_say_why_not(form: str, reason: str) -> None:
    """A format in which a line needs others is an error, not rows."""
    message = f"{form} cannot be read line by line: {reason}; read whole files instead"
    with pytest.raises(ValueError, match=message):
        of_lines([], format=form)
    with pytest.raises(UnknownFormatError):
        of_lines([], format="x")


def test_lines_of_every_type_are_read() -> None:
    """Binary or text of any kind; text is not decoded, so that bad UTF-8 costs its own line alone."""
    good = of_lines([LINES[0], LINES[2]])
    bad = pa.array([LINES[0], b'{"venue":"\xff"}'], pa.binary()).view(pa.string())
    types = [pa.large_binary(), pa.binary_view(), pa.string(), pa.large_string(), pa.string_view()]
    for kind in types:
        column = pa.array([LINES[0], LINES[2]], pa.binary()).cast(kind)
        assert normalise_lines(pa.table({"text": column})).equals(good)
    column = pa.array([LINES[0], LINES[2]]).dictionary_encode()
    assert normalise_lines(pa.table({"line": column})).equals(good)
    found = normalise_lines(pa.table({"value": pa.chunked_array([bad, bad])}))
    assert [fault is None for fault in found.column("fault").to_pylist()] == [True, False] * 2
    assert found.column("record").to_pylist() == [0, 1, 2, 3]


def test_bad_rows_have_their_faults() -> None:
    """A null, a line that is not UTF-8, an unknown venue, an unknown endpoint that may cancel."""
    batch = of_lines([None, b"", b'{"venue":"\xff","payload":{}}', *OTHERS])
    assert batch.column("record").to_pylist() == [0, 2, 3, 4]
    faults = [msgspec.json.decode(fault) for fault in batch.column("fault").to_pylist()]
    assert [fault["path"] for fault in faults] == ["value", "line", "venue", "endpoint"]
    assert faults[0]["found"] == "null"
    assert batch.column("venue").to_pylist() == ["unknown", "unknown", "nowhere", "binance"]
    assert counts([batch]) == Counter(records=5, skipped=1, refused=4)


def test_an_endpoint_that_is_not_known(tmp_path: Path) -> None:
    """A log passes over one that cancels nothing, a batch refuses it, and both refuse one that may cancel."""
    for endpoint, in_a_log in (("POST /api/v3/order/test", 0), ("DELETE /api/v3/orderz", 1)):
        row = {"venue": "binance", "endpoint": endpoint, "payload": {}}
        path = tmp_path / "log.jsonl"
        path.write_bytes(msgspec.json.encode(row) + b"\n")
        [logged] = normalise_log(path)
        assert (logged.num_rows, logged.column("fault").null_count) == (in_a_log, 0)
        [batch] = pa.table({name: [str(value)] for name, value in row.items()}).to_batches()
        refused = normalise_batch(batch)
        assert (refused.num_rows, refused.column("fault").null_count) == (1, 0)


def test_a_batch_without_rows_has_the_schema() -> None:
    """Also one of nulls alone."""
    assert of_lines([]).num_rows == 0
    assert normalise_lines(pa.table({"value": pa.nulls(0)})).schema.equals(SCHEMA)
    assert normalise_lines(pa.table({"value": pa.nulls(2)})).num_rows == 2


def test_the_source_is_that_of_a_column() -> None:
    """Without secrets, and with a place that the line itself names."""
    table = pa.table({"value": [LINES[0], b"{"], "path": ["s3://u:secret@logs/a.jsonl?sig=x", None]})
    found = normalise_lines(table, source="path")
    assert found.column("source").to_pylist() == ["s3://logs/a.jsonl", None]
    assert of_lines([LINES[0], b"{"]).column("source").to_pylist() == [None, None]


@pytest.mark.parametrize(
    ("columns", "options", "error", "message"),
    [
        ({"value": [1]}, {}, TypeError, "column value: expected binary or string, found int64"),
        ({"body": [b""]}, {"column": "line"}, ValueError, "no column line"),
        ({"body": [b""]}, {}, ValueError, "name the column of lines with column=; the columns are body"),
        ({"value": [b""], "text": [b""]}, {}, ValueError, "name the column of lines with column="),
        ({"value": [b""], "path": [1]}, {"source": "path"}, TypeError, "column path: expected string"),
        ({"value": [b""]}, {"source": "path"}, ValueError, "no column path"),
    ],
)
def test_a_column_that_is_missing_or_of_the_wrong_type_is_named(
    columns: dict[str, Any], options: dict[str, Any], error: type[Exception], message: str
) -> None:
    """The whole batch is an error, as all others like it would be."""
    with pytest.raises(error, match=message):
        normalise_lines(pa.RecordBatch.from_pydict(columns), **options)
