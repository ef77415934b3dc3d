"""``cancelnorm check``: everything that is wrong, what is in it, and an exit code."""

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
    """Counts by venue and outcome, and exit code 0."""
    assert run("check", log(CANCELED, REJECTED, PENDING)) == (
        0,
        (
            "venue    canceled  pending  rejected  events\n"
            "binance         1        0         1       2\n"
            "bybit           0        1         0       1\n"
            "all             1        1         1       3\n"
            "\n"
            "3 records, all understood, 3 events, 0 notes\n"
        ),
        "",
    )


def test_refused(run: Run, log: Log) -> None:
    """Each problem as ``file:line: path: message``, then the counts, and exit code 1."""
    nowhere = '{"venue":"binance","endpoint":"DELETE /api/v3/orderLst?signature=SECRET","payload":{}}'
    kraken = '{"venue":"kraken","payload":{}}'
    assert run("check", log("garbage", REFUSED, CANCELED, "", nowhere, kraken)) == (
        1,
        (
            "day.jsonl:1: line: not JSON: invalid character (byte 0)\n"
            "day.jsonl:2: $.price: expected a plain decimal, found '1_000'\n"
            "day.jsonl:5: endpoint: binance has no 'DELETE /api/v3/orderLst'; it has "
            "DELETE /api/v3/orderList, DELETE /api/v3/order, DELETE /api/v3/openOrders, "
            "DELETE /fapi/v1/order, DELETE /eapi/v1/order\n"
            "day.jsonl:6: venue: no venue 'kraken'; there are binance, bingx, bybit\n"
            "\n"
            "venue    canceled  events\n"
            "binance         1       1\n"
            "\n"
            "5 records, 4 refused, 1 event, 0 notes\n"
        ),
        "",
    )


def test_ambiguous(run: Run, log: Log) -> None:
    """Without an endpoint, what several would read differently is refused, with their names."""
    line = '{"venue":"bingx","payload":{"code":0,"msg":"","timestamp":1,"data":{"orders":[]}}}'
    code, out, _ = run("check", log(line))
    assert (code, out.partition("\n")[0].split(" POST ")[0]) in (
        (1, "day.jsonl:1: endpoint: not given, and the payload could come from"),
        (1, "day.jsonl:1: $: expected an answer of bingx to a cancel, found none of the known shapes"),
    )


def test_notes_do_not_fail(run: Run, log: Log) -> None:
    """What a venue added is counted by what and where it is, with the first of it."""
    assert run("check", log(CANCELED, NOTED, NOTED)) == (
        0,
        (
            "venue    canceled  events\n"
            "binance         3       3\n"
            "\n"
            "noted\n"
            "        2 unknown-field  binance DELETE /api/v3/order $.new\n"
            "          day.jsonl:2: expected no such field\n"
            "\n"
            "3 records, all understood, 3 events, 2 notes\n"
        ),
        "",
    )


def test_drift_can_be_refused(run: Run, log: Log) -> None:
    """With ``--drift refuse`` an addition is a problem."""
    code, out, _ = run("check", "--drift", "refuse", log(CANCELED, NOTED))
    assert code == 1
    assert out.startswith("day.jsonl:2: $.new: expected no such field, found 1\n")


def test_many_problems_are_also_counted(run: Run, log: Log) -> None:
    """What many lines share is said once more below them."""
    code, out, _ = run("check", log(CANCELED, *["garbage"] * 1_200, *[REFUSED] * 2, "[]"))
    assert code == 1
    assert out.count("\n") == 1_203 + 9
    assert out.endswith(
        "\n"
        "refused\n"
        "    1,200 like day.jsonl:2: line: not JSON: invalid character (byte 0)\n"
        "        2 like day.jsonl:1202: $.price: expected a plain decimal, found '1_000'\n"
        "\n"
        "venue    canceled  events\n"
        "binance         1       1\n"
        "\n"
        "1,204 records, 1,203 refused, 1 event, 0 notes\n"
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_standard_input(run: Run, pack: Callable[[bytes], bytes]) -> None:
    """``-`` reads standard input, packed or not."""
    code, out, err = run("check", "-", stdin=pack(f"{CANCELED}\nx\n".encode()))
    assert (code, err) == (1, "")
    assert out.startswith("<stdin>:2: line: not JSON: invalid character (byte 0)\n")


def test_a_cut_off_file_does_not_stop_the_run(run: Run, log: Log, tmp_path: Path) -> None:
    """What it holds is counted, its damage is a problem, and the next file is read."""
    lines = "".join(f"{CANCELED}\n" for _ in range(10))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-4])
    code, out, _ = run("check", "a.jsonl.gz", log(PENDING))
    assert code == 1
    assert out.startswith("a.jsonl.gz:11: file: gzip data ends too early, after byte ")
    assert out.endswith("12 records, 1 refused, 11 events, 0 notes\n")


def test_the_samples(run: Run) -> None:
    """Every sample is understood."""
    code, out, err = run("check", str(FOLDER))
    assert (code, err) == (0, "")
    assert "all understood" in out


# --- The job could not be done ---


def test_no_such_file(run: Run, log: Log) -> None:
    """It is said before anything is read."""
    assert run("check", log(CANCELED), "nope.jsonl") == (
        2,
        "",
        "cancelnorm: nope.jsonl: no such file or directory\n",
    )


def test_nothing_to_read(run: Run, tmp_path: Path) -> None:
    """A folder without logs, and logs without records, are no success."""
    (tmp_path / "logs").mkdir()
    message = "cancelnorm: logs: nothing to read: no .json, .jsonl or .ndjson, plain, .gz or .zst\n"
    assert run("check", "logs") == (2, "", message)
    (tmp_path / "logs" / "a.jsonl").write_text("\n\n")
    assert run("check", "logs") == (2, "", "cancelnorm: nothing to read: no record in what was given\n")


@pytest.mark.skipif(os.name == "nt", reason="a link to itself")
def test_a_file_that_cannot_be_read(run: Run, log: Log, tmp_path: Path) -> None:
    """The others are read, and the run has failed."""
    log(CANCELED, name="logs/b.jsonl")
    (tmp_path / "logs" / "a.jsonl").symlink_to("/proc/self/mem")
    code, out, err = run("check", "logs/a.jsonl", "logs/b.jsonl")
    assert code == 2
    assert "1 record, all understood" in out
    assert err.endswith("cancelnorm: 1 of the files could not be read\n")


def test_wrong_use(run: Run) -> None:
    """An unknown command or option is exit code 2."""
    for args in (["chek"], ["check"], ["check", "--drift", "maybe", "x"]):
        code, out, err = run(*args)
        assert (code, out) == (2, "")
        assert "Error: " in err


def test_frames_about_something_else_are_skipped(run: Run, log: Log) -> None:
    """What a venue pushes about something else is counted, and does not fail."""
    frame = '{"venue":"binance","payload":{"e":"balanceUpdate","E":1573200697110,"a":"BTC","d":"1","T":1}}'
    assert run("check", log(frame, CANCELED, frame)) == (
        0,
        (
            "venue    canceled  events\n"
            "binance         1       1\n"
            "\n"
            "3 records, 2 skipped, all understood, 1 event, 0 notes\n"
        ),
        "",
    )


def test_dialect(run: Run, log: Log) -> None:
    """Integers in quotes are read where the option says so."""
    quoted = '{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":{"code":"-2011","msg":"?"}}'
    assert run("check", log(quoted))[0] == 1
    assert run("check", log(quoted), "--dialect", "quoted-numbers")[0] == 0
