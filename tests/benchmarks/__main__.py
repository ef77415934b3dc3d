"""How long a payload takes from bytes to events, as a ratio to ``orjson.loads`` of the same bytes.

``python -m tests.benchmarks`` measures in one process and in alternating rounds, so that whatever else the
machine does falls on all alike, and prints medians. Needs the extra ``bench``. ``python -m tests.benchmarks
endpoints`` measures one answer of every endpoint, ``skipped`` every frame that is not about a cancel.
"""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
import orjson

from cancelnorm import CancelNormError, NotACancel, Record, normalise
from tests.benchmarks.children import ENVIRONMENT
from tests.benchmarks.payloads import cases, compared, drifted, unknown_endpoints
from tests.samples import FOLDER, SAMPLES

ROUNDS = 41
BUDGET_NS = 4_000_000  # of one measurement


def peers(record: Record) -> dict[str, Callable[[Any], object]]:
    """What the neighbours make of the same bytes, as far as they read them at all."""
    found: dict[str, Callable[[Any], object]] = {}
    if record.venue == "binance" and str(record.endpoint).startswith("DELETE /api"):
        import ccxt
        from binance_sdk_spot.rest_api.models import DeleteOpenOrdersResponse, DeleteOrderResponse

        exchange = ccxt.binance()
        many = record.endpoint == "DELETE /api/v3/openOrders"
        found["ccxt"] = lambda data: exchange.parse_orders(
            exchange.parse_json(data.decode()) if many else [exchange.parse_json(data.decode())]
        )
        model = DeleteOpenOrdersResponse if many else DeleteOrderResponse
        # As the SDK does it: the standard library reads the text, the model takes what it read.
        found["binance-sdk-spot"] = lambda data: model.from_dict(json.loads(data))
    elif record.endpoint == "POST /v5/order/cancel-batch":
        import ccxt

        bybit = ccxt.bybit()
        found["ccxt"] = lambda data: bybit.parse_orders(bybit.parse_json(data.decode())["result"]["list"])
    return found


def medians(functions: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU time of each function in µs, measured in alternating rounds."""
    repeats = {}
    for name, function in functions.items():
        function()  # the first call builds readers
        start = time.thread_time_ns()
        function()
        repeats[name] = max(1, BUDGET_NS // max(1, time.thread_time_ns() - start))
    times: dict[str, list[float]] = {name: [] for name in functions}
    gc.collect()
    for _ in range(rounds):
        for name, function in functions.items():
            count = repeats[name]
            start = time.thread_time_ns()
            for _ in range(count):
                function()
            times[name].append((time.thread_time_ns() - start) / count / 1_000)
    return {name: statistics.median(found) for name, found in times.items()}


def each(function: Callable[[Any], object], items: Sequence[Any]) -> Callable[[], None]:
    """Call a function with every item; results are dropped at once."""

    def run() -> None:
        for item in items:
            function(item)

    return run


def speed() -> None:
    """Print the tables that the README shows."""
    columns = (
        "payload",
        "bytes",
        "`orjson.loads` µs",
        "cancelnorm µs",
        "÷ orjson",
        "goal",
        "ccxt ÷ ours",
        "SDK ÷ ours",
    )
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|", flush=True)
    for case in cases():
        payloads = [record.payload for record in case.records]
        found = medians(
            {
                "orjson": each(orjson.loads, payloads),
                "cancelnorm": each(normalise, case.records),
                **{name: each(read, payloads) for name, read in peers(case.records[0]).items()},
            }
        )
        ours, base = found["cancelnorm"], found["orjson"]
        cells = [
            case.name,
            str(sum(map(len, payloads)) // len(payloads)),
            f"{base / len(payloads):.2f}",
            f"{ours / len(payloads):.2f}",
            f"{ours / base:.2f}",
            f"{case.goal:g}",
            *(f"{found[peer] / ours:.1f}" if peer in found else "–" for peer in ("ccxt", "binance-sdk-spot")),
        ]
        print(f"| {' | '.join(cells)} |", flush=True)
    beaten()
    imports()


def beaten() -> None:
    """Print what is measured off the beaten path, each beside what it is held against."""
    print("\n| off the beaten path | × | of | goal |\n|---|---|---|---|", flush=True)
    for case in drifted():
        payloads = [record.payload for record in case.records]
        found = medians({"orjson": each(orjson.loads, payloads), "ours": each(normalise, case.records)}, 21)
        print(
            f"| {case.name} | {found['ours'] / found['orjson']:.2f} | `orjson.loads` | {case.goal:g} |",
            flush=True,
        )
    for name, records, others, of, goal in compared():
        found = medians({"ours": each(attempted, records), "other": each(attempted, others)}, 21)
        print(f"| {name} | {found['ours'] / found['other']:.2f} | {of} | {goal:g} |", flush=True)
    lines = unknown_endpoints()
    found = medians({"ours": each(attempted, lines)}, 21)
    megabytes = sum(len(record.payload) for record in lines) / found["ours"]
    print(f"\nRecords of an endpoint that is not known: {megabytes:.0f} MB/s; the goal is 25.")


def attempted(record: Record) -> None:
    """Normalise a record that may be refused."""
    with suppress(CancelNormError):
        normalise(record)


def endpoints() -> None:
    """Print the ratio for the first sample of every endpoint."""
    first = {(s.venue, s.endpoint): s.record() for s in reversed(SAMPLES.values()) if not s.dialect}
    ratios = [
        (name, ratio(normalised(msgspec.structs.replace(record, payload=minified(record.payload)))))
        for name, record in first.items()
        if record.payload.lstrip()[:1] in (b"{", b"[")
    ]
    for name, found in sorted(ratios, key=lambda item: item[1]):
        print(f"{found:6.2f}  {' '.join(name)}")
    print(f"{statistics.median(found for _, found in ratios):6.2f}  median of {len(ratios)} endpoints")


def skipped() -> None:
    """Print the ratio for every frame that is not about a cancel, told apart without its endpoint."""
    ratios = []
    for path in sorted(FOLDER.glob("skipped/*/*.json")):
        frame = orjson.loads(path.read_bytes())
        if isinstance(frame["payload"], dict | list):
            found = ratio(normalised(Record(orjson.dumps(frame["payload"]), frame["venue"])))
            ratios.append(found)
            print(f"{found:6.2f}  {path.stem}")
    print(f"{statistics.median(ratios):6.2f}  median of {len(ratios)} frames")


def minified(payload: bytes | str) -> bytes:
    """A payload without white space."""
    data: bytes = orjson.dumps(orjson.loads(payload))
    return data


def normalised(record: Record) -> tuple[bytes | str, Callable[[], object]]:
    """A payload, and its way to events or to ``NotACancel``."""

    def run() -> None:
        with suppress(NotACancel):
            normalise(record)

    return record.payload, run


def ratio(case: tuple[bytes | str, Callable[[], object]]) -> float:
    """How many times ``orjson.loads`` of the payload its way takes."""
    payload, run = case
    found = medians({"orjson": lambda: orjson.loads(payload), "cancelnorm": run}, rounds=9)
    return found["cancelnorm"] / found["orjson"]


def imports() -> None:
    """Print how long ``import cancelnorm`` takes beside ``import msgspec``, each in fresh processes."""
    found: dict[str, list[float]] = {"pass": [], "import msgspec": [], "import cancelnorm": []}
    for _ in range(15):
        for statement, times in found.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True, env=ENVIRONMENT)
            times.append(time.perf_counter() - start)
    bare, base, ours = (statistics.median(times) for times in found.values())
    ratio = (ours - bare) / (base - bare)
    milliseconds = (ours - bare) * 1e3
    print(f"\n`import cancelnorm` takes {ratio:.2f} × `import msgspec`, {milliseconds:.0f} ms.")


if __name__ == "__main__":
    {"endpoints": endpoints, "skipped": skipped}.get(" ".join(sys.argv[1:]), speed)()
