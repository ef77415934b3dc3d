"""How much longer inputs off the beaten path take: ``python -m tests.benchmarks.slow [WORD …]``.

Each is a log of half a megabyte. The CPU time for a byte, of making the rows that ``convert`` writes and of a whole
``check`` with its report, is divided by that of Binance cancel-alls of 100 orders; words select inputs by their names.
None should be more than 10 times slower: those that are make the table of the README. What a finding costs in each
report is measured by ``python -m tests.benchmarks.findings``. Needs the extras ``arrow`` and ``bench``.
"""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from cancelnorm.__main__ import OBJECTS_BETWEEN_COLLECTIONS
from cancelnorm.arrow import normalise_log
from cancelnorm.check import History, Settings, examine_batch, together_in_sequence
from cancelnorm.check.statistics import Summary
from cancelnorm.cli.patterns import FileRules
from cancelnorm.cli.report import Report
from cancelnorm.logs import Options, batches
from cancelnorm.report import MOST_ALIKE, WRITERS, Run
from tests.benchmarks.payloads import Feed, spot_order

SIZE: Final = 500_000
ROUNDS: Final = 5
MOST: Final = 10

_ALL: Final = "DELETE /api/v3/openOrders"
_ONE: Final = "DELETE /api/v3/order"
_ERROR: Final = {"code": -2011, "msg": "Unknown order sent."}


class Input(NamedTuple):
    """A kind of log, and what makes one of its lines."""

    name: str
    line: Callable[[Feed], dict[str, Any]]


def _of(payload: Callable[[Feed], Any], **more: Any) -> Callable[[Feed], dict[str, Any]]:
    """A line with a payload; a key that is None is left out."""

    def line(feed: Feed) -> dict[str, Any]:
        keys = {"venue": "binance", "endpoint": _ALL, "status": 200, **more}
        return {key: value for key, value in keys.items() if value is not None} | {"payload": payload(feed)}

    return line


def _error(feed: Feed) -> dict[str, Any]:
    """An error with a text of its own, which is no text that recurs."""
    return _ERROR | {"msg": f"Unknown order {feed.token()} sent."}


def _orders(count: int, **more: Any) -> Callable[[Feed], list[dict[str, Any]]]:
    return lambda feed: [spot_order(feed, **more) for _ in range(count)]


def _with_one(count: int, **more: Any) -> Callable[[Feed], list[dict[str, Any]]]:
    """Orders of which the last one has something more."""
    return lambda feed: [*_orders(count - 1)(feed), spot_order(feed, **more)]


def _twice(feed: Feed) -> list[dict[str, Any]]:
    """One order many times, half canceled and half filled."""
    order = spot_order(feed)
    return [order | {"status": "CANCELED" if i % 2 else "FILLED"} for i in range(500)]


FAST: Final = Input("100 orders", _of(_orders(100)))
SLOW: Final = (
    Input("an error without venue", _of(lambda _: _ERROR, venue="", endpoint=None)),
    Input("an error without endpoint", _of(lambda _: _ERROR, endpoint=None)),
    Input("an error", _of(lambda _: _ERROR, endpoint=_ONE, status=400)),
    Input("a new error without venue", _of(_error, venue="", endpoint=None)),
    Input("a new error without endpoint", _of(_error, endpoint=None)),
    Input("a new error", _of(_error, endpoint=_ONE, status=400)),
    Input("an unknown endpoint", _of(spot_order, endpoint="DELETE /api/v3/orderz")),
    Input("an endpoint that cancels nothing", _of(spot_order, endpoint="POST /api/v3/order/test")),
    Input("one order without endpoint", _of(spot_order, endpoint=None)),
    Input("20 orders without endpoint", _of(_orders(20), endpoint=None)),
    Input(
        "one order with a new field without endpoint",
        _of(lambda feed: spot_order(feed, newField=1), endpoint=None),
    ),
    Input(
        "one order with a refused value without endpoint",
        _of(lambda feed: spot_order(feed, price="1_000"), endpoint=None),
    ),
    Input("a new field in each order", _of(_orders(100, newField=1))),
    Input("a new field in one of 100 orders", _of(_with_one(100, newField=1))),
    Input("a new word in each order", _of(_orders(100, selfTradePreventionMode="NEW_MODE"))),
    Input("a new word in one of 100 orders", _of(_with_one(100, selfTradePreventionMode="NEW_MODE"))),
    Input("a refused value in one of 20 orders", _of(_with_one(20, price="1_000"))),
    Input(
        "an error text of 10 kB", _of(lambda _: _ERROR | {"msg": "x y " * 2_500}, endpoint=_ONE, status=400)
    ),
    Input("orders without venue", _of(_orders(20), venue="")),
    Input("filled orders", _of(_orders(20, status="FILLED", executedQty="1.00000000", origQty="1.00000000"))),
    Input(
        "a finding a line",
        _of(lambda feed: spot_order(feed, origQty="1.0", executedQty="2.0"), endpoint=_ONE),
    ),
    Input(
        "a signed request",
        _of(
            spot_order,
            endpoint=_ONE,
            request={"symbol": "BTCUSDT", "timestamp": 1763000000000, "signature": "0123456789abcdef" * 4},
        ),
    ),
    Input("one order a line", _of(spot_order, endpoint=_ONE)),
    Input("one order 500 times, half of them filled", _of(_twice)),
    Input("lines that are not JSON", lambda feed: {"venue": feed.token() * 10}),
)


def log(kind: Input) -> bytes:
    """A log of a kind."""
    feed = Feed(3)
    lines: list[bytes] = []
    size = 0
    while size < SIZE:
        line = msgspec.json.encode(kind.line(feed))
        lines.append(line[:-1] if kind.name == "lines that are not JSON" else line)
        size += len(line) + 1
    return b"\n".join(lines) + b"\n"


def convert(path: Path) -> None:
    """Make the rows that ``convert`` writes."""
    for _ in normalise_log(path, format="records"):
        pass


def check(path: Path) -> None:
    """Check the records, and report what is found as text."""
    settings, history, summary = Settings(), History(), Summary(files=1)
    writer = WRITERS["text"](lambda _: None)
    report = Report(summary, writer, settings.rules, FileRules({}), most_alike=MOST_ALIKE["text"])
    writer.begin(Run())
    for batch in batches(str(path), Options(format="records")):
        result = examine_batch(batch, settings)
        for found in together_in_sequence(result, history, settings):
            report.add(found)
        summary.merge(result.summary)
    history.end(report.add)
    writer.end(summary)


def seconds_a_byte(run: Callable[[Path], None], path: Path, times: int) -> float:
    """CPU time for a byte."""
    start = time.thread_time()
    for _ in range(times):
        run(path)
    return (time.thread_time() - start) / times / path.stat().st_size


def ratio(run: Callable[[Path], None], path: Path, base: Path) -> float:
    """How many times as long a log takes for a byte as another one: medians of alternating rounds, after a first."""
    found: dict[Path, list[float]] = {path: [], base: []}
    for _ in range(ROUNDS + 1):
        found[path].append(seconds_a_byte(run, path, 1))
        found[base].append(seconds_a_byte(run, base, _AGAIN))
    return statistics.median(found[path][1:]) / statistics.median(found[base][1:])


_AGAIN: Final = 5  # the faster one, so that both are disturbed alike


def measured(words: list[str], folder: Path) -> Iterator[tuple[str, float, float]]:
    """Name of each input, and how many times slower ``convert`` and ``check`` are."""
    fast, slow = folder / "fast.jsonl", folder / "day.jsonl"
    fast.write_bytes(log(FAST))
    for kind in SLOW:
        if all(word in kind.name for word in words):
            slow.write_bytes(log(kind))
            yield kind.name, ratio(convert, slow, fast), ratio(check, slow, fast)


def main(words: list[str]) -> None:
    """Print the figures."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the commands do
    print(_HEAD, flush=True)
    slower: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, *times in measured(words, Path(folder)):
            row = f"| {name} | {times[0]:.1f} | {times[1]:.1f} |"
            print(row, flush=True)
            slower += [row] * (max(times) > MOST)
    table = "\n".join((_HEAD, *slower)) if slower else "none"
    print(f"\nMore than {MOST} × slower:\n\n{table}")


_HEAD: Final = "| kind of line | `convert` × | `check` × |\n|---|---|---|"


if __name__ == "__main__":
    main(sys.argv[1:])
