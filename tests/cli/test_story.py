"""``cancelnorm story``: a line for each order, or the history of one."""

import html
import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cancelnorm import CancelEvent, Record, decode, events
from cancelnorm.cli import jobs
from cancelnorm.logs import Options, batches
from cancelnorm.report.stories import STORY_WRITERS
from cancelnorm.story import fills_of, fold
from tests.cli.conftest import CANCELED, PENDING, REFUSED, REJECTED, Run
from tests.day import LOGS as DAY
from tests.day import truth

Log = Callable[..., str]
ROOT = Path(__file__).parent.parent.parent
LOGS = ROOT / "samples" / "logs"

# ruff: noqa: E501  # lines are as wide as what is printed

TABLE = """\
   venue    order                                 symbol    fate      evidence                 filled  requests  latency  initiator  remarks
   bybit    f38c5e38-46ef-4a8a-b115-fd3392d4f144  SOLUSDT   canceled  final_report         0.1 of 0.5         1  70.0 ms  user
   binance  49120033411                           BTCUSDT   canceled  final_report     0.004 of 0.015         1  23.0 ms
   binance  49120033412                           BTCUSDT   filled    terminal_status  0.015 of 0.015         1  12.0 ms
   bingx    1985201734550016001                   BTC-USDT  closed    success_flag                            1  46.0 ms
!  bybit    0f3a1c52-6be1-4b7c-9d35-71c2a4e80b66  BTCUSDT   asked     acknowledged                            1

5 orders: 2 canceled, 1 filled, 1 closed, 1 asked
  closed: off the book, or never on it; no answer says how it ended
  asked: a cancel was accepted and never confirmed: on the book, canceled or filled
1 order unresolved (!): look up at the venue
"""

HISTORY = """\
order 49120033412 on BTCUSDT, binance, client id grid-7-5
filled; according to the order's last status (orders.jsonl:4)
1 cancel request; reasons given: not_found_or_closed; 0.015 of 0.015 filled; known 12.000 ms after the request

2026-11-03 UTC
  10:00:03.015  sent      orders.jsonl:5  cancel requested: DELETE /api/v3/order
  10:00:03.019  venue     orders.jsonl:4  filled; 0.015 filled
  10:00:03.019  venue     orders.jsonl:6  filled; 0.015 of 0.015 filled
  10:00:03.027  received  orders.jsonl:4  known from stream executionReport
  10:00:03.038  received  orders.jsonl:5  DELETE /api/v3/order: refused, there is no such order or it was already closed (-2011 Unknown order sent.)
  10:00:03.100  sent      orders.jsonl:6  order looked up: GET /api/v3/order
  10:00:03.121  received  orders.jsonl:6  known from GET /api/v3/order
"""

NONE = "no orders found\n"


@pytest.fixture
def orders(log: Log) -> str:
    """A log of answers, a stream and a query."""
    return log(*(LOGS / "orders.jsonl").read_text("utf-8").splitlines(), name="orders.jsonl")


def test_a_line_is_an_order(run: Run, orders: str) -> None:
    """What became of it, on what evidence, and whether it needs attention; then the counts."""
    assert run("story", orders) == (0, TABLE, "")


def test_the_history_of_an_order(run: Run, orders: str) -> None:
    """Every fact, in the order of time, with its line; an order is named by either of its ids."""
    assert run("story", orders, "--order", "49120033412") == (0, HISTORY, "")
    assert run("story", orders, "--order", "grid-7-5") == (0, HISTORY, "")


def test_unresolved(run: Run, orders: str) -> None:
    """Orders of which a cancel was requested and no end is known."""
    code, out, _ = run("story", orders, "--unresolved", "--output-format", "jsonl")
    assert code == 0
    assert [json.loads(line)["order_id"] for line in out.splitlines()] == [
        "0f3a1c52-6be1-4b7c-9d35-71c2a4e80b66"
    ]
    assert run("story", "--unresolved", orders, "--order", "49120033412").out == NONE


def test_none_unresolved(run: Run, log: Log) -> None:
    """That there is none is said, too."""
    assert run("story", "--unresolved", log(CANCELED)) == (0, NONE, "")


def test_json(run: Run, orders: str) -> None:
    """An array, or lines, of the same objects; the history of an order has its events."""
    lines = run("story", orders, "--output-format", "jsonl").out.splitlines()
    told = [json.loads(line) for line in lines]
    assert json.loads(run("story", orders, "--output-format", "json").out) == told
    assert [story["fate"] for story in told] == ["canceled", "canceled", "filled", "closed", "asked"]
    assert told[0]["filled_quantity"] == "0.1"
    [one] = json.loads(run("story", orders, "--order", "grid-7-5", "--output-format", "json").out)
    found = one.pop("events")
    assert one == told[2]
    assert [decode(json.dumps(event)).order_id for event in found] == ["49120033412"] * 3


def test_an_empty_array(run: Run, log: Log) -> None:
    """A document is complete without orders."""
    assert run("story", log(CANCELED), "--unresolved", "--output-format", "json").out == "[]\n"


def test_a_client_id_belongs_to_its_order(run: Run, log: Log) -> None:
    """The history has events that name the order by client id alone."""
    by_client_id = REJECTED.replace('"orderId":4711', '"origClientOrderId":"mine-1"')
    code, out, _ = run("story", log(CANCELED, by_client_id), "--order", "4711")
    assert code == 0
    assert "2 cancel requests" in out
    assert "day.jsonl:2  DELETE /api/v3/order: refused" in out


def test_an_uncertain_client_id_is_told(run: Run, log: Log) -> None:
    """If two orders have it, its events are a story of their own, which names both."""
    by_client_id = REJECTED.replace('"orderId":4711', '"origClientOrderId":"mine-1"')
    name = log(CANCELED, CANCELED.replace("4711", "4712"), by_client_id)
    assert "client id mine-1" in run("story", name).out
    out = run("story", name, "--order", "mine-1").out
    assert "! its client id is that of 4711, 4712; whether it is the same order is not certain" in out


def test_contradictions_have_both_sources(run: Run, log: Log) -> None:
    """Two statements that cannot both be true, each with its line."""
    other = CANCELED.replace('"origQty":"1.00000000"', '"origQty":"2.00000000"')
    name = log(CANCELED, other)
    assert run("story", name).out.splitlines()[1].endswith("quantities-differ")
    assert (
        "! quantities-differ: quantity 1.00000000 at day.jsonl:1, but quantity 2.00000000 at day.jsonl:2\n"
        in run("story", name, "--order", "4711").out
    )


def test_clocks_that_differ_are_told_once(run: Run, log: Log) -> None:
    """They say nothing of a single order, which is not marked; its history shows them."""
    early = CANCELED.replace('"status":200', '"status":200,"sent_ns":1,"received_ns":2')
    name = log(early, early.replace("4711", "4712"))
    out = run("story", name).out
    assert "!" not in out
    assert out.splitlines()[-1] == (
        "2 orders with an end before the request or after the news of it: the venue's clock and the recorder's differ"
    )
    assert "! clocks-disagree: done after its receipt" in run("story", name, "--order", "4711").out


def test_refused_records(run: Run, log: Log) -> None:
    """They are counted; a refused answer is a request that failed."""
    code, out, err = run("story", log(REFUSED, "x", PENDING))
    assert code == 1
    assert "asked" in out
    assert err == "cancelnorm: 2 records refused; run cancelnorm check to list them\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--order", "nope"), "--order 'nope': no such order id or client order id in the log"),
        (
            ("--output-format", "sarif"),
            "--output-format: 'sarif' is unknown; expected one of text, json, jsonl, html, parquet",
        ),
        (("--output", "day.jsonl"), "day.jsonl: is an input file; refusing to overwrite it"),
    ],
)
def test_faults(run: Run, log: Log, arguments: tuple[str, ...], message: str) -> None:
    """A command that cannot be done says why."""
    assert run("story", log(CANCELED), *arguments) == (2, "", f"cancelnorm: {message}\n")


def test_nothing_to_tell(run: Run, log: Log) -> None:
    """An empty log is a failure, and a file that cannot be read as well."""
    assert run("story", log()) == (2, "", "cancelnorm: no records found\n")
    assert run("story", "nowhere.log").code == 2


def test_a_file(run: Run, orders: str, tmp_path: Path) -> None:
    """The output may be a file."""
    assert run("story", orders, "-o", "stories.txt") == (0, "", "")
    assert (tmp_path / "stories.txt").read_text("utf-8") == TABLE


# --- Tables and pages ---


def test_a_table_in_parquet(run: Run, tmp_path: Path) -> None:
    """It has what the lines have, and amounts that can be added up; it is written to a file alone."""
    pq = pytest.importorskip("pyarrow.parquet")
    files = [*map(str, DAY)]
    lines = run("story", *files, "--output-format", "jsonl").out.splitlines()
    code, out, _ = run("story", *files, "--output-format", "parquet", "-o", "stories.parquet")
    assert (code, out) == (1, "")  # a line is cut
    rows = pq.read_table(tmp_path / "stories.parquet").to_pylist()
    expected = [json.loads(line) for line in lines]
    for row in rows:
        assert row.pop("unfit") is None
        for name in ("filled_quantity", "quantity"):
            value, scale = row[name], row.pop(f"{name}_scale")
            row[name] = None if value is None else f"{value:.{scale}f}"
    assert rows == expected
    assert len(rows) == len(truth())
    assert run("story", files[0], "--output-format", "parquet").err == (
        "cancelnorm: --output-format parquet: a table is no text; name a file with -o FILE\n"
    )


def test_an_empty_log_leaves_no_table(run: Run, log: Log, tmp_path: Path) -> None:
    """The command fails without a word about the file that is not written."""
    pytest.importorskip("pyarrow")
    told = run("story", log(), "--output-format", "parquet", "-o", "stories.parquet")
    assert told == (2, "", "cancelnorm: no records found\n")
    assert not (tmp_path / "stories.parquet").exists()


def test_amounts_that_do_not_fit(run: Run, log: Log, tmp_path: Path) -> None:
    """They are texts."""
    pq = pytest.importorskip("pyarrow.parquet")
    line = CANCELED.replace('"origQty":"1.00000000"', f'"origQty":"1{30 * "0"}"')
    assert line != CANCELED
    assert run("story", log(line), "--output-format", "parquet", "-o", "stories.parquet").code == 0
    [row] = pq.read_table(tmp_path / "stories.parquet").to_pylist()
    assert (row["quantity"], json.loads(row["unfit"])) == (None, {"quantity": f"1{30 * '0'}"})


def test_the_venue_is_told_where_there_are_several(run: Run, log: Log) -> None:
    """Two venues may give their orders the same ids; in a log of one, the column would say nothing."""
    column = '<th scope="col">venue</th>'
    for lines, has_venues in (((CANCELED, REJECTED), False), ((CANCELED, PENDING), True)):
        logged = log(*lines)
        out = run("story", logged).out.splitlines()
        assert ("venue" in out[0].split()) is has_venues
        assert ("binance" in out[1].split()) is has_venues
        assert (column in run("story", logged, "--output-format", "html").out) is has_venues


def test_a_page(run: Run, tmp_path: Path) -> None:
    """It has every order, and those that need attention with their facts."""
    assert run("story", *map(str, DAY), "--output-format", "html", "-o", "stories.html").code == 1
    page = (tmp_path / "stories.html").read_text("utf-8")
    assert f"<h1>{len(truth())} orders</h1>" in page
    assert page.count('<th scope="row" class="mono">') == len(truth())
    assert page.count('<li class="order">') == 43
    assert run("story", *map(str, DAY), "--unresolved", "--output-format", "html").out.count('"mono"') == 30


def test_a_page_of_one_order(run: Run, orders: str) -> None:
    """Its history, line by line."""
    page = run("story", orders, "--order", "49120033412", "--output-format", "html").out
    assert "<h1>Order 49120033412</h1>" in page
    [history] = re.findall("<pre>(.*?)</pre>", page, re.DOTALL)
    assert html.unescape(history) == HISTORY


# --- Long logs ---


def test_no_event_is_kept_in_vain() -> None:
    """Those of the orders that are looked for are, and those that lack an id; of frames that show a fill, too."""
    tell = import_module("cancelnorm.cli.story").tell
    [batch] = batches(str(LOGS / "coinbase_exchange.log"), Options())
    [fill] = [
        fill
        for record in batch.found()
        if isinstance(record, Record)
        for fill in fills_of(record)
        if fill.client_order_id
    ]
    assert tell(batch, "collect", frozenset()).events == []
    others = [event for _, event in tell(batch, "collect", frozenset({"another"})).events]
    assert others
    assert not [event for event in others if event.order_id and event.client_order_id]
    for order in (fill.order_id, fill.client_order_id):
        kept = [event for _, event in tell(batch, "collect", frozenset({order})).events]
        assert fill in kept
        assert not [event for event in others if event not in kept]
        assert {event.order_id for event in kept if event not in others} == {fill.order_id}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """The stories of a log of many batches, by any number of processes and in any memory."""
    monkeypatch.setattr(import_module("cancelnorm.logs.open"), "_BATCH_BYTES", 1 << 12)
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    command = import_module("cancelnorm.cli.story")
    name = tmp_path / "day.jsonl"
    lines = [CANCELED.replace("4711", str(n % 400)).replace("mine-1", f"m{n % 400}") for n in range(1_000)]
    lines += [REJECTED.replace("4711", str(n)) for n in range(0, 500, 7)]
    name.write_text("".join(f"{line}\n" for line in lines), "utf-8")

    def told(processes: int, window: int, *, orders: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
        monkeypatch.setattr(command, "WINDOW", window)
        out = tmp_path / "out"
        run = command.StoryRun(
            [str(name)], Options(), "collect", processes, "jsonl", orders, output=str(out), quiet=True
        )
        assert run.run() == 0
        return [json.loads(line) for line in out.read_text("utf-8").splitlines()]

    return told


def test_processes_do_not_matter(told: Callable[..., list[dict[str, Any]]], tmp_path: Path) -> None:
    """The output is the same, and that of the fold."""
    alone = told(1, 100_000)
    assert told(2, 100_000) == alone
    found = [event for event in events(tmp_path / "day.jsonl") if isinstance(event, CancelEvent)]
    stories = fold(found).linked()
    assert [(one["order_id"], one["attempts"]) for one in alone] == [
        (story.key.order_id, story.verdict().attempts) for story in stories
    ]


def test_memory_is_bounded(told: Callable[..., list[dict[str, Any]]]) -> None:
    """With a small window, every order is told, some of them in parts; the history of one is whole."""
    parts = told(1, 50)
    whole = told(1, 100_000)
    assert {one["order_id"] for one in parts} == {one["order_id"] for one in whole}
    assert len(parts) > len(whole)
    [part] = told(1, 50, orders=frozenset({"7"}))
    assert part == told(1, 100_000, orders=frozenset({"7"}))[0]


def test_formats_are_those_of_the_command(run: Run) -> None:
    """The help names every form there is."""
    assert f"Form of the output: {', '.join((*STORY_WRITERS, 'parquet'))}." in " ".join(
        run("story", "--help").out.split()
    )
