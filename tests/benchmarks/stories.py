"""How long events take to be folded into stories and to be merged, beside msgspec decoding of the same events.

``python -m tests.benchmarks.stories`` measures in one process and in alternating rounds, and prints medians in µs an
event and as ratios. The goals are 6 µs an event through ``fold``, 1.5 µs through columns, and 2 µs through ``merge``,
which is 500,000 events a second, on a machine where decoding takes 1.6 µs. Memory is that of a stream of any length,
after each 50,000 orders; it stops growing after twice the window. Needs the extras ``arrow`` and ``bench``.
"""

import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Evidence, Initiator, OrderStatus, Outcome, Reason, encode
from cancelnorm.arrow import stories as columns_of
from cancelnorm.arrow import to_batches
from cancelnorm.replay import merge
from cancelnorm.schema import QuantityUnit
from cancelnorm.story import Stories, fold, stream
from tests.benchmarks.__main__ import each, medians

START_NS: Final = 1_763_000_000_000_000_000
ORDERS: Final = 2_000
DECODE_US: Final = 1.6  # what decoding takes on the machine that the goal was set for
GOAL_US: Final = 6
COLUMNS_GOAL_US: Final = 1.5
MERGE_GOAL_US: Final = 2
BATCH: Final = 16_384


def named(venue: str, endpoint: str, order: int, line: int, **facts: Any) -> CancelEvent:
    """An event of an order."""
    return CancelEvent(
        venue,
        None,
        endpoint,
        EventKind.ORDER,
        symbol="BTCUSDT",
        order_id=f"0f3a1c52-6be1-{order:012x}",
        client_order_id=f"bot7-{order:08}",
        source=f"day.jsonl:{line}",
        **facts,
    )


def canceled(order: int) -> list[CancelEvent]:
    """An answer that reports the cancel, as of Binance."""
    at = START_NS + order * 10_000_000
    return [
        named(
            "binance",
            "DELETE /api/v3/order",
            order,
            order + 1,
            cancel_client_order_id=f"off-{order}",
            outcome=Outcome.CANCELED,
            evidence=Evidence.FINAL_REPORT,
            status=OrderStatus.CANCELED,
            quantity=Decimal("0.01500000"),
            filled_quantity=Decimal("0.00400000"),
            quantity_unit=QuantityUnit.BASE,
            event_ns=at + 5_000_000,
            sent_ns=at,
            received_ns=at + 9_000_000,
        )
    ]


def confirmed(order: int) -> list[CancelEvent]:
    """An acknowledgement, and the report of a stream, as of Bybit."""
    at = START_NS + order * 10_000_000
    return [
        named(
            "bybit",
            "POST /v5/order/cancel",
            order,
            2 * order + 1,
            outcome=Outcome.PENDING,
            evidence=Evidence.ACKNOWLEDGED,
            sent_ns=at,
            received_ns=at + 9_000_000,
            response_ns=at + 4_000_000,
        ),
        named(
            "bybit",
            "stream order",
            order,
            2 * order + 2,
            outcome=Outcome.CANCELED,
            evidence=Evidence.FINAL_REPORT,
            status=OrderStatus.CANCELED,
            quantity=Decimal("0.5"),
            filled_quantity=Decimal("0.1"),
            quantity_unit=QuantityUnit.BASE,
            initiator=Initiator.USER,
            event_ns=at + 5_000_000,
            received_ns=at + 8_000_000,
            created_ns=START_NS,
        ),
    ]


def retried(order: int) -> list[CancelEvent]:
    """An order that was canceled after three failures, and then twice more for nothing."""
    [event] = canceled(order)
    failed = replace(
        event,
        outcome=Outcome.REJECTED,
        evidence=Evidence.SUCCESS_FLAG,
        status=None,
        cancel_client_order_id=None,
    )
    reasons = [Reason.RATE_LIMITED] * 3 + [Reason.NOT_FOUND_OR_CLOSED] * 2
    return [
        event,
        *(
            replace(failed, reason=reason, sent_ns=START_NS + order * 10_000_000 + i, source=f"day.jsonl:{i}")
            for i, reason in enumerate(reasons)
        ),
    ]


KINDS: Final[dict[str, Callable[[int], list[CancelEvent]]]] = {
    "one answer an order": canceled,
    "acknowledgement and stream": confirmed,
    "six requests an order": retried,
}


def speed() -> None:
    """Print the time of an event, beside that of its decoding."""
    columns = (
        "events",
        "decoding µs",
        "`fold` µs",
        "÷ decoding",
        "goal",
        "`arrow.stories` µs",
        "÷ decoding",
        "goal",
    )
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|", flush=True)
    others: list[str] = []
    decode = msgspec.json.Decoder(CancelEvent).decode
    for name, kind in KINDS.items():
        events = [event for order in range(ORDERS) for event in kind(order)]
        stories = fold(events)
        halves = fold(events[::2]), fold(events[1::2])
        many = [event for order in range(BATCH // len(kind(0))) for event in kind(order)]
        [batch] = to_batches(many, size=BATCH)
        found = medians(
            {
                "decode": each(decode, [encode(event) for event in events]),
                "fold": partial(fold, events),
                "columns": partial(columns_of, batch),
                "verdict": lambda stories=stories: [s.verdict() for s in stories.values()],  # type: ignore[misc]
                "merge": partial(Stories.merge, *halves),
            },
            21,
        )
        base, folded, verdict, merged = (
            found[each] / len(events) for each in ("decode", "fold", "verdict", "merge")
        )
        of_columns = found["columns"] / len(many)
        cells = (
            name,
            f"{base:.2f}",
            f"{folded:.2f}",
            f"{folded / base:.2f}",
            f"{GOAL_US / DECODE_US:.1f}",
            f"{of_columns:.2f}",
            f"{of_columns / base:.2f}",
            f"{COLUMNS_GOAL_US / DECODE_US:.1f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)
        others.append(f"| {name} | {verdict / base:.2f} | {merged / base:.2f} |")
    print("\n| events | verdicts ÷ decoding | joining halves ÷ decoding |\n|---|---|---|")
    print("\n".join(others), flush=True)


def merging() -> None:
    """Print how many events of sources in order are merged in a second, and beside their decoding."""
    print("\n| sources | events/s | µs an event | ÷ decoding | goal |\n|---|---|---|---|---|", flush=True)
    events = [event for order in range(32 * ORDERS) for event in canceled(order)]
    decode = msgspec.json.Decoder(CancelEvent).decode
    some = [encode(event) for event in events[:ORDERS]]
    for number in (2, 4, 16, 64):
        sources = [events[first::number] for first in range(number)]
        found = medians(
            {"decode": each(decode, some), "merge": lambda of=sources: deque(merge(*of), 0)},  # type: ignore[misc]
            11,
        )
        base, took = found["decode"] / len(some), found["merge"] / len(events)
        cells = (
            str(number),
            f"{1e6 / took:,.0f}",
            f"{took:.2f}",
            f"{took / base:.2f}",
            f"{MERGE_GOAL_US / DECODE_US:.1f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def memory() -> None:
    """Print the memory that a stream of many orders takes, and its time with linking."""
    print("\n| orders so far | memory MB | µs an event |\n|---|---|---|", flush=True)
    step, most = 50_000, 300_000
    start = time.process_time()

    def events() -> Iterator[CancelEvent]:
        for order in range(most):
            if order % step == 0 and order:
                used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
                    1 << (20 if sys.platform == "darwin" else 10)
                )
                took = (time.process_time() - start) / order / 2 * 1e6
                print(f"| {order:,} | {used:,.0f} | {took:.1f} |", flush=True)
            yield from confirmed(order)

    told = sum(1 for _ in stream(events()))
    print(f"\n{told:,} stories of {most:,} orders; the time includes that of making the events.")


if __name__ == "__main__":
    speed()
    merging()
    memory()
