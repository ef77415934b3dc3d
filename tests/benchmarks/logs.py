"""How fast ``check`` reads logs of canceled Binance orders, beside ``orjson.loads`` of each of their lines.

``python -m tests.benchmarks.logs [MB [log …]]`` writes logs and prints the table of the README: medians of the CPU time
of fresh processes, start included, in alternating rounds, and the peak memory. Needs the extra ``bench``.
"""

import random
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import orjson

from tests.benchmarks.children import Cost, cost_of
from tests.benchmarks.payloads import Feed, spot_order

ROUNDS: Final = 3
LOADS: Final = "import orjson, sys\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"
START_NS: Final = 1_700_000_000_000_000_000
NS_PER_MS: Final = 1_000_000


class Kind(NamedTuple):
    """What a log holds: a number of orders a line, ``many`` in an array; shares that are special, and the goal."""

    about: str
    fewest: int
    most: int
    goal: float
    many: bool = True
    filled: float = 0
    stops: float = 0


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "arrays": Kind("1 to 100 orders", 1, 100, 2.5),
        "mixed": Kind("the same, 15 % partially filled, 10 % stops", 1, 100, 3.2, filled=0.15, stops=0.1),
        "five": Kind("5 orders", 5, 5, 5),
        "single": Kind("1 order", 1, 1, 5.5, many=False),
    }
)


def write(path: Path, kind: Kind, size: int) -> None:
    """Write about so many bytes of answers, no order twice, each order canceled in a millisecond of its own."""
    rng = random.Random(11)
    feed = Feed(11)
    now, written = START_NS, 0
    with path.open("wb") as log:
        while written < size:
            now += rng.randint(1, 50) * 100 * NS_PER_MS
            count = rng.randint(kind.fewest, kind.most)
            orders = list(_orders(kind, feed, now, count))
            line = {
                "venue": "binance",
                "endpoint": "DELETE /api/v3/openOrders" if kind.many else "DELETE /api/v3/order",
                "status": 200,
                "request": {"symbol": "BTCUSDT"} | ({} if kind.many else {"orderId": orders[0]["orderId"]}),
                "sent_ns": now,
                "received_ns": now + (9 + count) * NS_PER_MS,
                "payload": orders if kind.many else orders[0],
            }
            written += log.write(orjson.dumps(line) + b"\n")


def _orders(kind: Kind, feed: Feed, now: int, count: int) -> Iterator[dict[str, Any]]:
    rng = feed.random
    for i in range(count):
        more: dict[str, Any] = {"transactTime": now // NS_PER_MS + 3 + i}
        if rng.random() < kind.filled:
            quantity = rng.randint(2, 99_999)
            more["origQty"] = f"0.{quantity:05}000"
            more["executedQty"] = f"0.{rng.randint(1, quantity - 1):05}000"
            more["cummulativeQuoteQty"] = f"{rng.randint(1, 99_999)}.{rng.randint(0, 99_999_999):08}"
        if rng.random() < kind.stops:
            more |= {"type": "STOP_LOSS_LIMIT", "stopPrice": f"{feed.price()}000000"}
        yield spot_order(feed, **more)


_MB: Final = 1_000_000
_HEAD: Final = (
    "each line",
    "log",
    "`orjson.loads` MB/s",
    "`check` MB/s",
    "÷ orjson",
    "goal",
    "memory MB",
    "two jobs, × as fast",
    "goal",
)


def main(logs: Mapping[str, Iterable[int]]) -> None:
    """Print the figures of logs of these kinds and sizes, in MB."""
    print(f"| {' | '.join(_HEAD)} |")
    print("|---" * len(_HEAD) + "|", flush=True)
    for name, sizes in logs.items():
        about = KINDS[name].about
        for megabytes in sizes:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "day.jsonl"
                write(path, KINDS[name], megabytes * _MB)
                cells = measured(KINDS[name], path, megabytes)
            print(f"| {about} | {' | '.join(cells)} |", flush=True)
            about = ""


def measured(kind: Kind, path: Path, megabytes: int) -> tuple[str, ...]:
    """The figures of a log."""
    check = (sys.executable, "-m", "cancelnorm", "check", str(path), "--jobs")
    commands = {
        "orjson": (sys.executable, "-c", LOADS, str(path)),
        "one": (*check, "1"),
        "two": (*check, "2"),
    }
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            found[name].append(cost_of(*command))
    size = path.stat().st_size / _MB
    cpu = {name: statistics.median(cost.cpu for cost in costs) for name, costs in found.items()}
    seconds = {name: statistics.median(cost.seconds for cost in costs) for name, costs in found.items()}
    return (
        f"{megabytes} MB" if megabytes < 1_000 else f"{megabytes / 1_000:g} GB",
        f"{size / cpu['orjson']:.0f}",
        f"{size / cpu['one']:.0f}",
        f"{cpu['one'] / cpu['orjson']:.2f}",
        f"{kind.goal:g}",
        f"{max(cost.megabytes for cost in found['one']):.0f}",
        f"{seconds['one'] / seconds['two']:.2f}",
        f"{_TWO_JOBS:g}" if megabytes >= _LONG else "",
    )


_LONG: Final = 1_000  # MB: of less, starting two processes takes a part that shows
_TWO_JOBS: Final = 1.6
_LOGS: Final = MappingProxyType(
    {"arrays": (100, 1_000), "mixed": (100,), "five": (100,), "single": (100, 1_000)}
)


if __name__ == "__main__":
    asked = sys.argv[1:]
    main({name: (int(asked[0]),) for name in asked[1:] or KINDS} if asked else _LOGS)
