"""Batches of recorded answers: the same events as answer by answer, and no row that raises."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from cancelnorm import Normalised, Record, event_ids, normalise, order_key
from cancelnorm.arrow import SCHEMA, from_batches, normalise_batch, normalise_lines, to_batches
from tests.samples import SAMPLES

RECORDS = [sample.record(name) for name, sample in SAMPLES.items() if sample.dialect is None]


def batch_of(records: list[Record]) -> pa.RecordBatch:
    """The records as a table of a recorder's own, with all columns that are understood."""
    names = ("payload", "venue", "endpoint", "status", "sent_ns", "received_ns", "source", "account")
    rows: dict[str, list[Any]] = {name: [getattr(record, name) for record in records] for name in names}
    rows["payload"] = [body if isinstance(body, bytes) else body.encode() for body in rows["payload"]]
    rows["request"] = [
        None if record.request is None else msgspec.json.encode(record.request).decode() for record in records
    ]
    return pa.RecordBatch.from_pydict(rows)


def test_every_sample_gives_the_events_that_normalise_gives() -> None:
    """Also their ids and the keys of their orders, with the row of each answer."""
    found = normalise_batch(batch_of(RECORDS))
    assert found.schema.equals(SCHEMA)
    expected = [
        (number, event, identity)
        for number, record in enumerate(RECORDS)
        for result in [normalise(record)]
        for event, identity in zip(result.events, event_ids(record, result), strict=True)
    ]
    assert found.column("record").to_pylist() == [number for number, _, _ in expected]
    assert found.column("event_id").to_pylist() == [identity for _, _, identity in expected]
    assert found.column("order_key").to_pylist() == [order_key(event) for _, event, _ in expected]
    assert found.column("evidence_rank").to_pylist() == [event.evidence.rank for _, event, _ in expected]
    assert list(map(repr, from_batches([found]))) == [repr(event) for _, event, _ in expected]


def test_a_masked_id_is_no_key() -> None:
    """Rows with the same mask are of orders that have nothing in common; by columns as by events."""
    payload = (
        '{"retCode":0,"retMsg":"OK","result":{"orderId":"%s","orderLinkId":""},'
        '"retExtInfo":{},"time":1700000000000}'
    )
    keys = {"1": "bybit||1", "***": None, "2893****5104": None, "[REDACTED]": None, "2": "bybit||2"}
    records = [Record(payload % each, "bybit", "POST /v5/order/cancel") for each in keys]
    [by_events] = to_batches(event for record in records for event in normalise(record).events)
    for found in (by_events, normalise_batch(batch_of(records))):
        assert found.column("order_id").to_pylist() == list(keys)
        assert found.column("order_key").to_pylist() == list(keys.values())
    masked = normalise_batch(batch_of(records[1:4]))
    assert masked.column("order_key").to_pylist() == [None] * 3


BAD = {
    "payload": [None, b"{", b'{"code":0}', b'{"e":"trade"}', b"{}"],
    "venue": ["binance", "binance", "nowhere", "binance", None],
    "endpoint": ["DELETE /api/v3/order", "DELETE /api/v3/order", None, "stream executionReport", None],
}


def test_a_refused_row_is_a_row_with_its_fault_and_all_are_counted() -> None:
    """A refused row stays a row, and the metadata count what became of all."""
    found = normalise_batch(pa.RecordBatch.from_pydict(BAD))
    assert found.column("record").to_pylist() == [0, 1, 2, 4]
    faults = [msgspec.json.decode(text) for text in found.column("fault").to_pylist()]
    assert [fault["path"] for fault in faults] == ["payload", "$", "venue", "venue"]
    assert found.column("outcome").to_pylist() == ["unknown"] * 4
    counts = {key.decode(): value.decode() for key, value in found.schema.metadata.items()}
    assert counts["cancelnorm.records"] == "5"
    assert counts["cancelnorm.understood"] == "0"
    assert counts["cancelnorm.skipped"] == "1"
    assert counts["cancelnorm.refused"] == "4"


@pytest.mark.parametrize(
    ("venue", "endpoint", "part"),
    [("nowhere", "DELETE /x", "venue"), ("nowhere", None, "venue"), ("binance", "DELETE /nope", "endpoint")],
)
def test_what_is_not_known_is_named(venue: str, endpoint: str | None, part: str) -> None:
    """The fault is of the venue only where that is not known."""
    row = pa.RecordBatch.from_pydict({"payload": [b"{}"], "venue": [venue], "endpoint": [endpoint]})
    [fault] = normalise_batch(row).column("fault").to_pylist()
    assert msgspec.json.decode(fault)["path"] == part


def test_rows_of_a_known_endpoint_are_no_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their events are made as columns, which takes a fraction of the time; without endpoint each is an object."""
    read: list[str | None] = []

    def counted(record: Record, **options: Any) -> Normalised:
        read.append(record.endpoint)
        return normalise(record, **options)

    monkeypatch.setattr("cancelnorm.arrow.batch.normalise", counted)
    sample = SAMPLES["binance/delete-order-2024"]
    payload = msgspec.json.encode(sample.tree())
    rows = {"payload": [payload] * 2, "venue": ["binance"] * 2, "endpoint": [sample.endpoint, None]}
    assert normalise_batch(pa.RecordBatch.from_pydict(rows)).num_rows == 2
    assert read == [None]


def test_an_empty_batch_has_the_schema() -> None:
    """No rows give no rows, with the same columns."""
    found = normalise_batch(pa.RecordBatch.from_pydict({"payload": [], "venue": []}))
    assert found.num_rows == 0
    assert found.schema.equals(SCHEMA)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"payload": [1], "venue": ["binance"]}, "column payload: expected binary or string, found int64"),
        ({"payload": [b""], "venue": [1]}, "column venue: expected string, found int64"),
        ({"payload": [b""], "venue": ["x"], "sent_ns": [1.5]}, "column sent_ns: expected int64 nanoseconds"),
        ({"payload": [b""], "venue": ["x"], "status": [1.5]}, "column status: expected an integer"),
    ],
)
def test_a_column_of_the_wrong_type_is_named(columns: dict[str, list[Any]], message: str) -> None:
    """A column that cannot be read is an error that names it."""
    with pytest.raises(TypeError, match=message):
        normalise_batch(pa.RecordBatch.from_pydict(columns))


REFUSAL = b'{"code":-2011,"msg":"Unknown order sent."}'


def refusals(**columns: Any) -> pa.Table:
    """As many refusals as the columns have values, with these columns beside them."""
    [count] = {len(column) for column in columns.values()}
    shared = {"payload": REFUSAL, "venue": "binance", "endpoint": "DELETE /api/v3/order"}
    return pa.table({name: [value] * count for name, value in shared.items()} | columns)


def test_a_request_that_cannot_be_read_costs_no_answer() -> None:
    """It is read as without one, and counted unless it is empty."""
    unread = ["5", '"a"', '{"orderId":NaN}', "[1]", "{", '{"a":' + "[" * 100_000]
    found = normalise_batch(refusals(request=[None, "", " ", "null", "{}", "[]", *unread]))
    assert set(found.column("fault").to_pylist()) == {None}
    assert len(set(found.column("event_id").to_pylist())) == 1
    counts = found.schema.metadata
    assert counts[b"cancelnorm.understood"] == counts[b"cancelnorm.records"] == b"12"
    assert counts[b"cancelnorm.requests_unread"] == b"6"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("name", ["sent_ns", "received_ns"])
def test_a_timestamp_of_any_year_is_a_clock(name: str, unit: str) -> None:
    """Databases write the first and the last year for none; what 64 bits cannot hold stands in ``unfit``."""
    factor = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[unit]
    clocks = [1, None, -(2**63 // factor), (2**63 - 1) // factor]
    years = [] if unit == "ns" else [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
    column = pa.array([*clocks, *(int(year.timestamp()) * 10**9 // factor for year in years)], pa.int64())
    for kind in (pa.timestamp(unit), pa.timestamp(unit, "UTC")):
        found = normalise_batch(refusals(**{name: column.cast(kind)}))
        events = [getattr(event, name) for event in from_batches([found])]
        assert events == [None if count is None else count * factor for count in column.to_pylist()]
        assert found.column(name).null_count == 1 + len(years)


@pytest.mark.parametrize("name", ["venue", "endpoint", "request", "source", "account"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_bytes_that_are_not_utf8_are_written_as_escapes(name: str, kind: pa.DataType) -> None:
    """They cost no other row, and the result can be read as text."""
    texts = pa.array([b"f\xff", None], pa.binary()).cast(pa.large_binary())
    column = pa.chunked_array([pa.Array.from_buffers(pa.large_string(), 2, texts.buffers()).cast(kind)])
    rows = refusals(source=["a", "b"])
    index = rows.schema.get_field_index(name)
    rows = rows.append_column(name, column) if index < 0 else rows.set_column(index, name, column)
    found = normalise_batch(rows)
    found.validate(full=True)
    assert found.num_rows == 2
    if name != "request":
        assert found.column(name)[0].as_py() == "f\\xff"


@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        (
            pa.Table.from_arrays([pa.array(["{}"])] * 3, ["payload", "payload", "venue"]),
            ValueError,
            "2 columns payload",
        ),
        ([{}], TypeError, "expected a RecordBatch or a Table, found list"),
        (pa.table({}).to_reader(), TypeError, "found RecordBatchReader"),
    ],
)
def test_what_is_no_batch_of_answers_is_named(batch: Any, error: type[Exception], message: str) -> None:
    """Also for lines."""
    with pytest.raises(error, match=message):
        normalise_batch(batch)
    with pytest.raises(error, match=message):
        normalise_lines(batch, column="payload")


def test_an_unknown_part_is_named() -> None:
    """A name that no record has a part of is a mistake of the caller, and is not passed over."""
    rows = pa.RecordBatch.from_pydict({"payload": [b"{}"], "venue": ["binance"], "at": [1]})
    with pytest.raises(ValueError, match="no part of a record is called received"):
        normalise_batch(rows, columns={"received": "at"})


def test_a_missing_column_is_named() -> None:
    """The error names the column by its name in the input."""
    with pytest.raises(ValueError, match="no column body"):
        normalise_batch(pa.RecordBatch.from_pydict({"venue": ["binance"]}), columns={"payload": "body"})
