"""``cancelnorm latency``: how long the cancels of a log took."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CANCELED, PENDING, REFUSED, REJECTED, Run

Log = Callable[..., str]
ROOT = Path(__file__).parent.parent.parent
ORDERS = str(ROOT / "samples" / "logs" / "orders.jsonl")

# lines are as wide as what is printed

TABLE = """\
venue    endpoint                            leg               count       p50       p90       p99       max         ±
binance  DELETE /api/v3/order                request to venue      1  11.00 ms  11.00 ms  11.00 ms  11.00 ms  12.00 ms
                                             venue to answer       1  12.00 ms  12.00 ms  12.00 ms  12.00 ms  12.00 ms
                                             round trip            2  23.00 ms  23.00 ms  23.00 ms  23.00 ms
bingx    POST /openApi/spot/v1/trade/cancel  round trip            1  46.00 ms  46.00 ms  46.00 ms  46.00 ms
bybit    POST /v5/order/cancel               round trip            2  79.00 ms  83.00 ms  83.00 ms  83.00 ms
bybit    stream order                        venue to stream       1   9.00 ms   9.00 ms   9.00 ms   9.00 ms         ?

the venue's clock compared with the recorder's
  binance: 1.00 ms ahead, ±12.00 ms, from 1 round trip
  bybit: not known, no answer has both the recorder's times and the engine's

not measured
  1  queries, which cancel nothing
  1  not about a cancel
"""


def timed(line: str, sent_ns: int | None = 1_684_804_350_060_000_000, after_ns: int = 20_000_000) -> str:
    """A line with the recorder's times."""
    record = json.loads(line)
    if sent_ns is not None:
        record |= {"sent_ns": sent_ns, "received_ns": sent_ns + after_ns}
    return json.dumps(record)


def test_table(run: Run) -> None:
    """Quantiles by venue, endpoint and leg, and how far the clocks differ."""
    ran = run("latency", ORDERS)
    assert (ran.code, ran.err) == (0, "")
    assert "".join(f"{line.rstrip()}\n" for line in ran.out.splitlines()) == TABLE


def test_an_offset_that_is_known(run: Run) -> None:
    """It takes the place of the estimate; the error is gone with it."""
    for offset, there in (("0ms", "12.00 ms"), ("-2ms", "14.00 ms"), ("3ms", "9.00 ms")):
        ran = run("latency", ORDERS, "--offset", offset)
        assert ran.code == 0
        [line] = [line for line in ran.out.splitlines() if "request to venue" in line]
        assert line.split("  ")[-1].strip() in ("", there)
        assert there in line
        assert "compared" not in ran.out
    ran = run("latency", ORDERS, "--offset", "50ms")
    assert "1  times of the venue that no offset explains: binance DELETE /api/v3/order" in ran.out


def test_any_number_of_processes(run: Run, log: Log) -> None:
    """The result is the same."""
    name = log(
        *(timed(CANCELED, 1_684_804_350_060_000_000 + n * 7_000, 20_000_000 + n) for n in range(3_000))
    )
    one, two = (run("latency", name, "--output-format", "json", "--jobs", jobs) for jobs in ("1", "2"))
    assert one.code == 0
    assert one == two
    assert json.loads(one.out)["records"] == 3_000


def test_output_and_picture(run: Run, tmp_path: Path) -> None:
    """Both are files, written beside and renamed."""
    for form, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        ran = run("latency", ORDERS, "-o", "latency.txt", "--picture", f"latency.{form}")
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        assert (tmp_path / f"latency.{form}").read_bytes().startswith(start)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["latency.png", "latency.svg", "latency.txt"]


@pytest.mark.parametrize(
    ("lines", "reasons"),
    [
        ([CANCELED], "1 no_sent_time"),
        ([CANCELED, REJECTED, PENDING], "3 no_sent_time"),
        (
            ['{"venue":"binance","payload":{"e":"balanceUpdate","E":1,"a":"BTC","d":"0.5","T":1}}'],
            "1 not_a_cancel",
        ),
    ],
)
def test_no_clock(run: Run, log: Log, lines: list[str], reasons: str) -> None:
    """The reason is given, and no number."""
    ran = run("latency", log(*lines), "--picture", "x.svg")
    assert (ran.code, ran.out) == (2, "")
    assert "has the times that a latency takes, those of a request and its answer: " in ran.err
    assert ran.err.endswith(f": {reasons}\n")


def test_only_rejections(run: Run, log: Log) -> None:
    """They have round trips, and nothing tells of the venue's clock."""
    ran = run("latency", log(timed(REJECTED)))
    assert ran.code == 0
    assert [line.split()[3:5] for line in ran.out.splitlines()[1:]] == [["round", "trip"]]
    assert "compared" not in ran.out


def test_one_event(run: Run, log: Log) -> None:
    """Its legs are as uncertain as the round trip is long."""
    ran = run("latency", log(timed(CANCELED)))
    assert ran.code == 0
    assert "±10.50 ms, from 1 round trip" in ran.out


def test_a_refused_record(run: Run, log: Log) -> None:
    """The others are measured, and it is counted."""
    ran = run("latency", log(timed(CANCELED), REFUSED))
    assert ran.code == 1
    assert ran.err == "cancelnorm: 1 record refused; run cancelnorm check to list them\n"
    assert "1  could not be read" in ran.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--picture", "x.gif"), "--picture 'x.gif': expected a name that ends with .png or .svg"),
        (("--picture", "x"), "--picture 'x': expected a name that ends with .png or .svg"),
        (("--offset", "3"), "--offset: '3' is not a time"),
        (("--offset", "--3ms"), "--offset: '-3ms' is not a time"),
        (("--window", "soon"), "--window: 'soon' is not a time"),
        (("--window", "0s"), "--window: expected more than 0"),
        (("--output-format", "html"), "--output-format: 'html' is unknown"),
        (("--picture", "none/x.svg"), "none: no such folder"),
        (("-o", "a.svg", "--picture", "a.svg"), "two outputs have the same path"),
    ],
)
def test_options(run: Run, tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    """What is wrong with them is said in one line, and nothing is written."""
    ran = run("latency", ORDERS, *options)
    assert (ran.code, ran.out) == (2, "") or "no such folder" in message
    assert message in ran.err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_log(run: Run, log: Log) -> None:
    """There is nothing to measure."""
    ran = run("latency", log())
    assert (ran.code, ran.err) == (2, "cancelnorm: no records found\n")


def test_without_the_extra(run: Run) -> None:
    """One line names it, before the log is read."""
    code = (
        "import sys; sys.modules['vl_convert'] = None; from cancelnorm.__main__ import main; sys.exit(main())"
    )
    ran = run("latency", ORDERS, "--picture", "x.png", code=code)
    assert (ran.code, ran.out) == (2, "")
    assert "pip install 'cancelnorm[picture]'" in ran.err
