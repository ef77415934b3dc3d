"""How fast ``check`` reads logs of canceled Binance orders, beside ``orjson.loads`` of each of their lines.

``python -m tests.benchmarks.logs [MB [log …]]`` writes logs and prints seconds of CPU and ratios, each of fresh
processes in alternating rounds, and the peak memory. Needs the extra ``bench``.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import orjson

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
        "arrays": Kind("1 to 100 orders a line", 1, 100, 2.5),
        "mixed": Kind("the same, 15% partially filled and 10% stops", 1, 100, 3.2, filled=0.15, stops=0.1),
        "five": Kind("5 orders a line", 5, 5, 5),
        "single": Kind("one order a line", 1, 1, 5.5, many=False),
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


class Cost(NamedTuple):
    """What a command took: seconds on the clock and of CPU, and MB that it or one of its processes had at most."""

    seconds: float
    cpu: float
    megabytes: float


def run(*command: str) -> Cost:
    """Run a command."""
    start = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, *command],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(time.perf_counter() - start, cpu, usage.ru_maxrss / 1_024)


def main(megabytes: int, names: list[str]) -> None:
    """Print the figures of logs of these kinds."""
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "day.jsonl"
            write(path, KINDS[name], megabytes * 1_000_000)
            measure(name, path)


def measure(name: str, path: Path) -> None:
    """Print the figures of a log."""
    kind = KINDS[name]
    commands = {
        "orjson.loads, line by line": ("-c", LOADS, str(path)),
        "check --jobs 1": ("-m", "cancelnorm", "check", "--jobs", "1", str(path)),
        "check --jobs 2": ("-m", "cancelnorm", "check", "--jobs", "2", str(path)),
    }
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for command, arguments in commands.items():
            found[command].append(run(*arguments))
    size = path.stat().st_size / 1e6
    cpu = {command: statistics.median(cost.cpu for cost in costs) for command, costs in found.items()}
    base = cpu["orjson.loads, line by line"]
    print(f"{name}: {kind.about}, {size:.0f} MB; the goal is {kind.goal:g} × orjson")
    for command, took in cpu.items():
        peak = max(cost.megabytes for cost in found[command])
        print(f"  {command:28} {took:6.2f} s CPU {size / took:6.0f} MB/s {took / base:5.2f} × {peak:5.0f} MB")
    seconds = {c: statistics.median(cost.seconds for cost in costs) for c, costs in found.items()}
    ratio = seconds["check --jobs 1"] / seconds["check --jobs 2"]
    print(f"  two jobs are {ratio:.2f} times as fast as one", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, sys.argv[2:] or list(KINDS))
