"""How long recorded answers take to become record batches of events, beside ``orjson.loads`` of their payloads.

``python -m tests.benchmarks.columns`` measures in one process and in alternating rounds, and prints medians in µs
an event and as ratios. The goals are 4 µs for lists, 8 µs for one order a line and 6 µs from events to batches, on a
machine where ``orjson.loads`` takes 0.7 µs for an order. Needs the extras ``arrow`` and ``bench``.
"""

from functools import partial
from itertools import chain

import msgspec
import orjson
import pyarrow as pa

from cancelnorm import Record, normalise
from cancelnorm.arrow import normalise_batch, to_batches
from tests.benchmarks.__main__ import each, medians
from tests.benchmarks.payloads import Case, Feed, cases, spot_order

START_NS = 1_763_000_000_000_000_000
EVENTS = 4_000
ROUNDS = 21
ORDER_US = 0.7  # what ``orjson.loads`` takes for an order on the machine that the goals were set for
FROM_EVENTS_US = 6


def main() -> None:
    """Print the figures."""
    pa.set_cpu_count(1)
    columns = (
        "answers",
        "events each",
        "`orjson.loads` µs",
        "`normalise_batch` µs",
        "÷ orjson",
        "goal",
        "`to_batches` ÷ orjson",
        "goal",
    )
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|", flush=True)
    for case in measured():
        events = list(chain.from_iterable(normalise(record).events for record in case.records))
        found = medians(
            {
                "orjson": each(orjson.loads, [record.payload for record in case.records]),
                "columns": partial(normalise_batch, recorded(case.records)),
                "events": lambda events=events: list(to_batches(events)),  # type: ignore[misc]  # of this case
            },
            ROUNDS,
        )
        base, columns_us, events_us = (found[name] / len(events) for name in ("orjson", "columns", "events"))
        cells = (
            case.name,
            f"{len(events) / len(case.records):g}",
            f"{base:.2f}",
            f"{columns_us:.2f}",
            f"{columns_us / base:.2f}",
            f"{case.goal / ORDER_US:.1f}",
            f"{events_us / base:.2f}",
            f"{FROM_EVENTS_US / ORDER_US:.1f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def measured() -> list[Case]:
    """The answers that are measured, with the goal for an event in µs."""
    feed = Feed(23)
    many = [orjson.dumps([spot_order(feed) for _ in range(100)]) for _ in range(EVENTS // 100)]
    one = [orjson.dumps(spot_order(feed)) for _ in range(EVENTS)]
    all_orders, order = "DELETE /api/v3/openOrders", "DELETE /api/v3/order"
    asked = [
        Record(data, "binance", order, 200, {"symbol": "BTCUSDT", "orderId": orjson.loads(data)["orderId"]})
        for data in one
    ]
    stops = [
        orjson.dumps([spot_order(feed, **stop(feed, i)) for i in range(100)]) for _ in range(EVENTS // 100)
    ]
    one_stop = [orjson.dumps(spot_order(feed, **stop(feed, 0))) for _ in range(EVENTS)]
    return [
        Case("100 orders", [Record(data, "binance", all_orders, 200) for data in many], 4),
        Case("100 orders, 10 % stops", [Record(data, "binance", all_orders, 200) for data in stops], 4),
        Case("one order a line", [Record(data, "binance", order, 200) for data in one], 8),
        Case("one order a line, with its request", asked, 8),
        Case("one stop order a line", [Record(data, "binance", order, 200) for data in one_stop], 8),
        *(case._replace(goal=4) for case in cases() if case.name.endswith(("10 orders", "OCO"))),
    ]


def stop(feed: Feed, i: int) -> dict[str, str]:
    """What an order in ten has more."""
    return {} if i % 10 else {"type": "STOP_LOSS_LIMIT", "stopPrice": f"{feed.price()}000000"}


def recorded(records: list[Record]) -> pa.RecordBatch:
    """The table of a recorder."""
    columns = {
        "payload": [record.payload for record in records],
        "venue": [record.venue for record in records],
        "endpoint": [record.endpoint for record in records],
        "status": [record.status for record in records],
        "sent_ns": [START_NS + i * 10_000_000 for i in range(len(records))],
        "received_ns": [START_NS + i * 10_000_000 + 9_000_000 for i in range(len(records))],
        "source": [f"day.jsonl:{i}" for i in range(len(records))],
    }
    if any(record.request for record in records):
        columns["request"] = [msgspec.json.encode(record.request).decode() for record in records]
    return pa.RecordBatch.from_pydict(columns)


if __name__ == "__main__":
    main()
