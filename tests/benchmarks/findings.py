"""How long ``check`` takes to start, and what a finding costs in each report.

``python -m tests.benchmarks.findings [FORMAT …]`` checks a log with a finding on each line and one without any, and
prints the difference for each finding beside ``orjson.loads`` of 100 orders. The start is that of a check of
``samples/logs/day.jsonl`` beside ``import msgspec``. All times are CPU times of fresh processes, the best of several
rounds. Needs the extras ``bench`` and ``html``.
"""

import sys
import tempfile
import time
from pathlib import Path

import orjson

from cancelnorm.report import WRITERS
from tests.benchmarks.children import cost_of
from tests.benchmarks.payloads import Feed, spot_order
from tests.samples import FOLDER

LINES = 10_000
ROUNDS = 3
STARTS = 10
GOAL_US = 15
STEP_US = 69  # what 100 orders take on the machine that the goal was set for


def write(path: Path, filled: str) -> None:
    """Write answers to cancels of orders for 1.0, of which so much filled."""
    template = orjson.dumps(
        spot_order(Feed(11), origQty="1.0", executedQty=filled, cummulativeQuoteQty="9.0")
    )
    head, _, rest = template.partition(b'"orderId":')
    _, _, rest = rest.partition(b",")
    line = b'{"venue":"binance","endpoint":"DELETE /api/v3/order","status":200,"payload":%b"orderId":%d,%b}\n'
    with path.open("wb") as log:
        log.writelines(line % (head, 50_000_000_000 + number, rest) for number in range(LINES))


def cpu_seconds(*command: str) -> float:
    """CPU time of a Python command, whatever it finds."""
    return cost_of(sys.executable, *command, codes=(0, 1)).cpu


def orders_us() -> float:
    """Time in µs that ``orjson.loads`` takes for 100 orders, the best of many."""
    data = orjson.dumps([spot_order(Feed(11)) for _ in range(100)])
    best = 1e9
    for _ in range(1_000):
        start = time.thread_time_ns()
        orjson.loads(data)
        best = min(best, (time.thread_time_ns() - start) / 1_000)
    return best


def main(formats: list[str]) -> None:
    """Print the figures."""
    day = str(FOLDER / "logs" / "day.jsonl")
    ours = min(cpu_seconds("-m", "cancelnorm", "check", day) for _ in range(STARTS))
    base = min(cpu_seconds("-c", "import msgspec") for _ in range(STARTS))
    print(f"a check starts in {ours:.3f} s, {ours / base:.1f} × import msgspec", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bad, good = Path(folder) / "bad.jsonl", Path(folder) / "good.jsonl"
        write(bad, "2.0")
        write(good, "0.5")
        print("| format | µs a finding | × 100 orders | goal |\n|---|---|---|---|")
        step = orders_us()
        for name in formats:
            command = ("-m", "cancelnorm", "check", "--jobs", "1", "--output-format", name)
            found = min(cpu_seconds(*command, str(bad)) for _ in range(ROUNDS))
            clean = min(cpu_seconds(*command, str(good)) for _ in range(ROUNDS))
            cost = (found - clean) / LINES * 1e6
            print(f"| {name} | {cost:.1f} | {cost / step:.2f} | {GOAL_US / STEP_US:.2f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or list(WRITERS))
