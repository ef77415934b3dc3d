"""How fast ``check`` reads a log of Binance cancel-alls, beside ``orjson.loads`` of each of its lines.

``python -m tests.benchmarks.logs [MB]`` writes a log and prints seconds and ratios, each of fresh processes
in alternating rounds, and the peak memory. Needs the extra ``bench``.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import orjson

from tests.benchmarks.payloads import Feed, spot_order

ROUNDS = 3
LOADS = "import orjson, sys\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"
START_NS = 1_700_000_000_000_000_000


def write(path: Path, size: int) -> None:
    """Write about so many bytes of answers of 1 to 100 orders each, no order twice."""
    rng = random.Random(11)
    feed = Feed(11)
    orders = [orjson.dumps(spot_order(feed, transactTime=1684804350068)) for _ in range(5_000)]
    order_id, now, written = 50_000_000_000, START_NS, 0
    with path.open("wb") as log:
        while written < size:
            rows = []
            now += rng.randint(1, 50) * 100_000_000
            for template in rng.choices(orders, k=rng.randint(1, 100)):
                order_id += 1
                head, _, rest = template.partition(b'"orderId":')
                ms = b'"transactTime":%d' % (now // 1_000_000 + 3)
                rest = rest[11:].replace(b'"transactTime":1684804350068', ms)
                rows.append(b'%b"orderId":%d%b' % (head, order_id, rest))
            written += log.write(
                b'{"venue":"binance","endpoint":"DELETE /api/v3/openOrders","status":200,"request":{"symbol":'
                b'"BTCUSDT"},"sent_ns":%d,"received_ns":%d,"payload":[%b]}\n'
                % (now, now + 9_000_000, b",".join(rows))
            )


def run(*command: str) -> tuple[float, float]:
    """Seconds that a command takes, and MB that it and its processes have at most each."""
    start = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, *command],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return time.perf_counter() - start, usage.ru_maxrss / 1_024


def main(megabytes: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.jsonl"
        write(path, megabytes * 1_000_000)
        commands = {
            "orjson.loads, line by line": ("-c", LOADS, str(path)),
            "check --jobs 1": ("-m", "cancelnorm", "check", "--jobs", "1", str(path)),
            "check --jobs 2": ("-m", "cancelnorm", "check", "--jobs", "2", str(path)),
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                found[name].append(run(*command))
        seconds = {name: statistics.median(time for time, _ in times) for name, times in found.items()}
        size = path.stat().st_size / 1e6
        base = seconds["orjson.loads, line by line"]
        for name, took in seconds.items():
            peak = max(peak for _, peak in found[name])
            print(f"{name:28} {took:6.2f} s {size / took:6.0f} MB/s {took / base:5.2f} × {peak:5.0f} MB")
        ratio = seconds["check --jobs 1"] / seconds["check --jobs 2"]
        print(f"two jobs are {ratio:.2f} times as fast as one")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
