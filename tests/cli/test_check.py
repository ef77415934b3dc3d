"""``cancelnorm check``: findings, counts and exit code."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.cli.conftest import CANCELED, NOTED, PENDING, REFUSED, REJECTED, Run
from tests.samples import FOLDER

Log = Callable[..., str]


def test_all_understood(run: Run, log: Log) -> None:
    """A clean log gives counts by venue and outcome, and exit code 0."""
    assert run(
        "check", log(CANCELED, REJECTED), "--ignore", "never-confirmed", log(PENDING, name="b.jsonl")
    ) == (
        0,
        (
            "venue    canceled  pending  rejected  events\n"
            "binance         1        0         1       2\n"
            "bybit           0        1         0       1\n"
            "all             1        1         1       3\n"
            "\n"
            "3 records = 3 understood + 0 skipped + 0 refused; 3 events; 0 errors, 0 warnings, 0 infos\n"
        ),
        "",
    )


def test_refused(run: Run, log: Log) -> None:
    """Refused records are listed one by one, then by rule with remedies; the exit code is 1."""
    nowhere = '{"venue":"binance","endpoint":"DELETE /api/v3/orderLst?signature=SECRET","payload":{}}'
    bitstamp = '{"venue":"bitstamp","payload":{}}'
    assert run("check", log("garbage", REFUSED, CANCELED, "", nowhere, bitstamp)) == (
        1,
        (
            "day.jsonl:1: line: not JSON: invalid character (byte 0)\n"
            "day.jsonl:2: $.price: expected a plain decimal, found '1_000'\n"
            "day.jsonl:5: endpoint: binance has no 'DELETE /api/v3/orderLst'; it has "
            "DELETE /api/v3/orderList, DELETE /api/v3/order, DELETE /api/v3/openOrders\n"
            "day.jsonl:6: venue: no venue 'bitstamp', nor one with a name like it\n"
            "\n"
            "error CN002 unknown-endpoint: 2 findings\n"
            "  records of an unknown endpoint are not checked, and may contain cancels\n"
            "  use the venue's and the endpoint's documented names\n"
            "        1  binance DELETE /api/v3/orderLst endpoint\n"
            "        1  bitstamp venue\n"
            "\n"
            "error CN001 payload-refused: 1 finding\n"
            "  the answer cannot be read, so the order may be gone\n"
            "  look up the order at the venue, and report the payload if the venue changed its format\n"
            "        1  binance DELETE /api/v3/order $.price\n"
            "\n"
            "error CN004 unreadable-line: 1 finding\n"
            "  the line is not a record, so a cancel may be missing\n"
            "  inspect the line and the program that wrote it\n"
            "        1  line\n"
            "\n"
            "venue    canceled  events\n"
            "binance         1       1\n"
            "\n"
            "5 records = 1 understood + 0 skipped + 4 refused; 1 event; 4 errors, 0 warnings, 0 infos\n"
        ),
        "",
    )


def test_ambiguous(run: Run, log: Log) -> None:
    """An ambiguous payload without an endpoint is refused; the message lists the candidates."""
    line = '{"venue":"bingx","payload":{"code":0,"msg":"","data":{"orders":[]}}}'
    code, out, _ = run("check", log(line))
    assert (code, out.partition(" GET ")[0]) == (
        1,
        "day.jsonl:1: endpoint: missing; the payload may come from",
    )
    assert "POST /openApi/spot/v1/trade/cancelOrders" in out


def test_additions_do_not_fail(run: Run, log: Log) -> None:
    """A venue's addition is a warning, reported once with the first few records."""
    code, out, _ = run("check", log(CANCELED, NOTED, NOTED), "--select", "CN1")
    assert (code, out) == (
        0,
        (
            "warning CN101 unknown-field: 2 findings\n"
            "  the venue added a field whose meaning is not known\n"
            "  read the venue's changelog\n"
            "        2  binance DELETE /api/v3/order $.new\n"
            "           day.jsonl:2, day.jsonl:3: expected no such field, found 1\n"
            "\n"
            "venue    canceled  events\n"
            "binance         3       3\n"
            "\n"
            "3 records = 3 understood + 0 skipped + 0 refused; 3 events; 0 errors, 2 warnings, 0 infos\n"
        ),
    )


def test_drift_can_be_refused(run: Run, log: Log) -> None:
    """With ``--drift refuse`` an addition is an error."""
    code, out, _ = run("check", "--drift", "refuse", log(CANCELED, NOTED))
    assert code == 1
    assert out.startswith("day.jsonl:2: $.new: expected no such field, found 1\n")


def test_many_problems_are_counted(run: Run, log: Log) -> None:
    """Only the first of many errors are listed; all are counted in groups."""
    code, out, _ = run("check", log(CANCELED, *["garbage"] * 1_200, *[REFUSED] * 2, "[]"))
    assert code == 1
    assert out.count("\n") < 60
    assert "... and 1,183 more errors\n" in out
    assert "error CN004 unreadable-line: 1,201 findings\n" in out
    assert "\n    1,201  line\n" in out


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_standard_input(run: Run, pack: Callable[[bytes], bytes]) -> None:
    """``-`` reads standard input, compressed or not."""
    code, out, err = run("check", "-", stdin=pack(f"{CANCELED}\nx\n".encode()))
    assert (code, err) == (1, "")
    assert out.startswith("<stdin>:2: line: not JSON: invalid character (byte 0)\n")


def test_a_cut_off_file_does_not_stop_the_run(run: Run, log: Log, tmp_path: Path) -> None:
    """A truncated file is counted up to the damage, and the next file is read."""
    lines = "".join(f"{CANCELED}\n" for _ in range(10))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-4])
    code, out, _ = run("check", "a.jsonl.gz", log(PENDING))
    assert code == 1
    assert out.startswith("a.jsonl.gz:11: file: gzip data is truncated after byte ")
    assert "12 records = 11 understood + 0 skipped + 1 refused; 11 events; 1 error, " in out


def test_the_samples(run: Run) -> None:
    """Every sample is understood, including those with unexpected content."""
    code, out, err = run("check", *(str(FOLDER / name) for name in ("binance", "bingx", "bybit", "skipped")))
    assert (code, err) == (1, "")
    assert " + 0 refused; " in out


# --- The job could not be done ---


def test_no_such_file(run: Run, log: Log) -> None:
    """A missing file is reported before any file is read."""
    assert run("check", log(CANCELED), "nope.jsonl") == (
        2,
        "",
        "cancelnorm: nope.jsonl: no such file or directory\n",
    )


def test_nothing_to_read(run: Run, tmp_path: Path) -> None:
    """A folder without logs and a log without records are failures."""
    (tmp_path / "logs").mkdir()
    message = "cancelnorm: logs: contains no log files (.jsonl, .json, .ndjson, .har, .yaml, .log, .csv)\n"
    assert run("check", "logs") == (2, "", message)
    (tmp_path / "logs" / "a.jsonl").write_text("\n\n")
    assert run("check", "logs") == (2, "", "cancelnorm: no records found\n")


@pytest.mark.skipif(os.name == "nt", reason="a link to itself")
def test_a_file_that_cannot_be_read(run: Run, log: Log, tmp_path: Path) -> None:
    """The other files are read, but the run fails."""
    log(CANCELED, name="logs/b.jsonl")
    (tmp_path / "logs" / "a.jsonl").symlink_to("/proc/self/mem")
    code, out, err = run("check", "logs/a.jsonl", "logs/b.jsonl")
    assert code == 2
    assert "1 record = 1 understood" in out
    assert err.endswith("cancelnorm: 1 file could not be read\n")


@pytest.mark.skipif(os.name == "nt", reason="a link to itself")
@pytest.mark.parametrize("command", ["check", "latency", "normalise", "story"])
def test_a_file_that_cannot_be_read_is_named_once(run: Run, log: Log, tmp_path: Path, command: str) -> None:
    """However often reading it fails, as at each batch of one that changes meanwhile."""
    log(CANCELED, name="b.jsonl")
    (tmp_path / "a.jsonl").symlink_to("/proc/self/mem")
    code, _, err = run(command, "a.jsonl", "b.jsonl", "a.jsonl")
    assert code == 2
    assert err.count("a.jsonl") == 1
    assert "2 files" not in err


def test_wrong_use(run: Run) -> None:
    """An unknown command or option gives exit code 2."""
    for args in (["chek"], ["check"], ["check", "--drift", "maybe", "x"]):
        code, out, err = run(*args)
        assert (code, out) == (2, "")
        assert "Error: " in err


def test_frames_about_something_else_are_skipped(run: Run, log: Log) -> None:
    """Frames about other subjects are counted and cause no failure."""
    frame = '{"venue":"binance","payload":{"e":"balanceUpdate","E":1573200697110,"a":"BTC","d":"1","T":1}}'
    assert run("check", log(frame, CANCELED, frame)) == (
        0,
        (
            "skipped, not about a cancel\n"
            "        2  balanceUpdate\n"
            "\n"
            "venue    canceled  events\n"
            "binance         1       1\n"
            "\n"
            "3 records = 1 understood + 2 skipped + 0 refused; 1 event; 0 errors, 0 warnings, 0 infos\n"
        ),
        "",
    )


def test_dialect(run: Run, log: Log) -> None:
    """The dialect option permits quoted integers."""
    quoted = '{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":{"code":"-2011","msg":"?"}}'
    assert run("check", log(quoted))[0] == 1
    assert run("check", log(quoted), "--dialect", "quoted-numbers")[0] == 0
