"""How long a payload takes from bytes to events, as a ratio to ``orjson.loads`` of the same bytes.

``python -m tests.benchmarks`` measures in one process and in alternating rounds, so that whatever else the
machine does falls on all alike, and prints medians. Needs the extra ``bench``. ``python -m tests.benchmarks
endpoints`` measures one answer of every endpoint, ``skipped`` every frame that is not about a cancel.
"""

import gc
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import orjson

from cancelnorm import NotACancel, Record, normalise
from tests.samples import FOLDER, SAMPLES

ROUNDS = 41
BUDGET_NS = 4_000_000  # of one measurement


def report(rng: random.Random, i: int) -> dict[str, Any]:
    """A canceled order of Binance as it comes today, with prices and quantities of its own."""
    base: dict[str, Any] = orjson.loads(SAMPLES["binance/delete-order"].record().payload)
    return base | {
        "symbol": "BTCUSDT",
        "orderId": 42_710_000_000 + i,
        "origClientOrderId": f"{rng.getrandbits(88):022x}",
        "clientOrderId": "pXLV6Hz6mprAcVYpVMTGgx",
        "price": f"{rng.randint(20_000, 90_000)}.{rng.randint(0, 99):02}000000",
        "origQty": f"0.{rng.randint(1, 999):05}000",
    }


def compact(name: str) -> bytes:
    """A sample without white space, as venues send it."""
    data: bytes = orjson.dumps(orjson.loads(SAMPLES[name].record().payload))
    return data


def cases() -> dict[str, Record]:
    """The payloads that are measured."""
    rng = random.Random(20_231_104)
    rows = [
        {
            "category": "linear",
            "symbol": "BTCUSDT",
            "orderId": f"{rng.getrandbits(128):032x}",
            "orderLinkId": f"m-{i}",
        }
        for i in range(10)
    ]
    batch = {
        "retCode": 0,
        "retMsg": "OK",
        "result": {"list": rows},
        "retExtInfo": {"list": [{"code": 0, "msg": "OK"}] * 10},
        "time": 1707381118116,
    }
    everything = "DELETE /api/v3/openOrders"
    return {
        "Binance cancel-all, 100 orders": Record(
            orjson.dumps([report(rng, i) for i in range(100)]), "binance", everything
        ),
        "Binance order": Record(orjson.dumps(report(rng, 0)), "binance", "DELETE /api/v3/order"),
        "Binance cancel-all, 2 orders + 1 OCO": Record(
            compact("binance/delete-openorders-mixed"), "binance", everything
        ),
        "Bybit batch, 10 rows": Record(orjson.dumps(batch), "bybit", "POST /v5/order/cancel-batch"),
    }


def peers(record: Record) -> dict[str, Callable[[], object]]:
    """What the neighbours make of the same bytes, as far as they read them at all."""
    data = record.payload
    found: dict[str, Callable[[], object]] = {}
    if record.venue == "binance":
        import ccxt
        from binance_sdk_spot.rest_api.models import DeleteOpenOrdersResponse, DeleteOrderResponse

        exchange = ccxt.binance()
        many = bytes(data[:1]) == b"["  # type: ignore[arg-type]  # a benchmark's payloads are bytes
        found["ccxt"] = lambda: exchange.parse_orders(
            exchange.parse_json(data.decode()) if many else [exchange.parse_json(data.decode())]  # type: ignore[union-attr]
        )
        model = DeleteOpenOrdersResponse if many else DeleteOrderResponse
        # As the SDK does it: the standard library reads the text, the model takes what it read.
        found["binance-sdk-spot"] = lambda: model.from_dict(json.loads(data))
    else:
        import ccxt

        bybit = ccxt.bybit()
        found["ccxt"] = lambda: bybit.parse_orders(bybit.parse_json(data.decode())["result"]["list"])  # type: ignore[union-attr]
    return found


def medians(functions: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median time of each function in µs, measured in alternating rounds."""
    repeats = {}
    for name, function in functions.items():
        for _ in range(50):  # the first calls build readers and warm caches
            function()
        start = time.perf_counter_ns()
        for _ in range(50):
            function()
        repeats[name] = max(1, 50 * BUDGET_NS // (time.perf_counter_ns() - start))
    times: dict[str, list[float]] = {name: [] for name in functions}
    gc.collect()
    for _ in range(rounds):
        for name, function in functions.items():
            count = repeats[name]
            start = time.perf_counter_ns()
            for _ in range(count):
                function()
            times[name].append((time.perf_counter_ns() - start) / count / 1_000)
    return {name: statistics.median(found) for name, found in times.items()}


def speed() -> None:
    """Print the table that the README shows."""
    columns = (
        "payload",
        "bytes",
        "`orjson.loads` µs",
        "cancelnorm µs",
        "÷ orjson",
        "ccxt ÷ ours",
        "SDK ÷ ours",
    )
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|", flush=True)
    for name, record in cases().items():
        row(name, record)
    imports()


def row(name: str, record: Record) -> None:
    """Print the row of one payload."""
    found = medians(
        {
            "orjson": lambda: orjson.loads(record.payload),
            "cancelnorm": lambda: normalise(record),
            **peers(record),
        }
    )
    ours = found["cancelnorm"]
    columns = [
        name,
        str(len(record.payload)),
        f"{found['orjson']:.2f}",
        f"{ours:.2f}",
        f"{ours / found['orjson']:.2f}",
        *(f"{found[peer] / ours:.1f}" if peer in found else "–" for peer in ("ccxt", "binance-sdk-spot")),
    ]
    print(f"| {' | '.join(columns)} |")


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
            subprocess.run([sys.executable, "-c", statement], check=True)
            times.append(time.perf_counter() - start)
    bare, base, ours = (statistics.median(times) for times in found.values())
    ratio = (ours - bare) / (base - bare)
    milliseconds = (ours - bare) * 1e3
    print(f"\n`import cancelnorm` takes {ratio:.2f} × `import msgspec`, {milliseconds:.0f} ms.")


if __name__ == "__main__":
    {"endpoints": endpoints, "skipped": skipped}.get(" ".join(sys.argv[1:]), speed)()
