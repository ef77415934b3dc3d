"""How much longer inputs off the beaten path take: ``python -m tests.benchmarks.slow [WORD …]``.

Each is a log of half a megabyte. The CPU time for a byte, of making the rows that ``convert`` writes and of examining
the records as ``check`` does, is divided by that of Binance cancel-alls of 100 orders; words select inputs by their
names. None should be more than 10 times slower. Needs the extras ``arrow`` and ``bench``.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from cancelnorm.arrow import normalise_log
from cancelnorm.check import Settings, examine_batch
from cancelnorm.logs import Options, batches
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
    """Examine the records, as ``check`` does."""
    for batch in batches(str(path), Options(format="records")):
        examine_batch(batch, Settings(excerpts="first", columns=True))


def us_a_kilobyte(run: Callable[[Path], None], path: Path) -> float:
    """CPU time for a kilobyte, the median of some rounds after a first one."""
    times: list[float] = []
    for _ in range(ROUNDS + 1):
        start = time.thread_time()
        run(path)
        times.append(time.thread_time() - start)
    return statistics.median(times[1:]) / path.stat().st_size * 1e9


def measured(words: list[str], folder: Path) -> Iterator[tuple[str, float, float]]:
    """Name of each input, and how many times slower ``convert`` and ``check`` are."""
    base: tuple[float, ...] = ()
    for kind in (FAST, *(kind for kind in SLOW if all(word in kind.name for word in words))):
        path = folder / "day.jsonl"
        path.write_bytes(log(kind))
        found = tuple(us_a_kilobyte(run, path) for run in (convert, check))
        base = base or found
        yield kind.name, found[0] / base[0], found[1] / base[1]


def main(words: list[str]) -> None:
    """Print the figures."""
    print("| log | `convert` × | `check` × |\n|---|---|---|", flush=True)
    slower = []
    with tempfile.TemporaryDirectory() as folder:
        for name, *times in measured(words, Path(folder)):
            print(f"| {name} | {times[0]:.1f} | {times[1]:.1f} |", flush=True)
            slower += [name] * (max(times) > MOST)
    print(f"\nMore than {MOST} × slower: {', '.join(slower) or 'none'}")


if __name__ == "__main__":
    main(sys.argv[1:])
