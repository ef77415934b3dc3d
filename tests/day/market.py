"""The simulated world: orders, clocks, networks, recorders, and the table of the truth."""

import random
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from msgspec import Struct

__all__ = ["DAY", "HOUR", "MINUTE", "MS", "SECOND", "Day", "Order", "Recorder", "Truth", "venue_time"]

US: Final = 1_000
MS: Final = 1_000_000
SECOND: Final = 1_000 * MS
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 1_793_664_000 * SECOND
"""2026-11-03 00:00 UTC."""


class Order(Struct):
    """An order of a bot."""

    venue: str
    account: str
    symbol: str
    order_id: str
    client_id: str
    side: str
    price: str
    quantity: str
    created: int


class Truth(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What became of an order, and what the log shows of it.

    ``happened`` is how the order really ended, also where the log lacks it. All else is what the log shows, with the
    names that ``cancelnorm story`` has for it; ``contradictions`` are their kinds. Times are those that the venue and
    the recorder wrote, each by its own clock.
    """

    venue: str
    account: str
    id_space: str
    symbol: str
    order_id: str | None
    client_order_ids: tuple[str, ...]
    course: str
    happened: str
    fate: str
    evidence: str
    attempts: int
    asked_ns: int | None = None
    done_ns: int | None = None
    known_ns: int | None = None
    filled_quantity: str | None = None
    quantity: str | None = None
    initiator: str | None = None
    reasons: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()


class Recorder(Struct):
    """A program that writes what it sent and received, by a clock of its own.

    ``shifts`` are intervals of true time in which that clock is wrong, and by how much. ``ends`` is when it dies.
    """

    file: str
    shifts: tuple[tuple[int, int, int], ...] = ()
    ends: int | None = None
    has_clock: bool = True

    def time(self, at: int) -> int | None:
        """What it writes for a true time."""
        if not self.has_clock:
            return None
        return at + sum(shift for start, end, shift in self.shifts if start <= at < end)

    def sees(self, at: int) -> bool:
        """Whether it is alive."""
        return self.ends is None or at < self.ends


def venue_time(at: int, behind: int = 0) -> int:
    """What a venue writes for a true time: whole milliseconds of its own clock."""
    return (at - behind) // MS * MS


class Day:
    """All that was written on the day."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.truths: list[tuple[int, Truth]] = []
        self._lines: list[tuple[Recorder, int, bytes]] = []

    def delay(self, least_ms: int, most_ms: int) -> int:
        """A time that something takes, in whole microseconds."""
        return self.chance.randrange(least_ms * 1_000, most_ms * 1_000) * US

    def write(self, recorder: Recorder, at: int, **line: Any) -> bool:
        """Have a recorder write a line; false if it is dead by then, so that the line is lost."""
        if recorder.sees(at):
            kept = {key: value for key, value in line.items() if value is not None or key == "payload"}
            self._lines.append((recorder, at, msgspec.json.encode(kept)))
            return True
        return False

    def files(self) -> dict[str, bytes]:
        """Content of each file; the last line of a recorder that died is cut in the middle."""
        found: dict[str, list[bytes]] = {}
        last: dict[str, Recorder] = {}
        for recorder, _, line in sorted(self._lines, key=lambda one: one[1]):
            found.setdefault(recorder.file, []).append(line + b"\n")
            last[recorder.file] = recorder
        for file, lines in found.items():
            if last[file].ends is not None:
                lines.append(lines[-1][: len(lines[-1]) // 2])
        return {file: b"".join(lines) for file, lines in found.items()}

    def tell(self, order: Order, id_space: str, course: str, **facts: Any) -> None:
        """Add an order to the table."""
        known = {
            "symbol": order.symbol,
            "order_id": order.order_id,
            "client_order_ids": (order.client_id,),
        } | facts
        reasons = tuple(sorted(known.pop("reasons", ())))
        row = Truth(
            venue=order.venue,
            account=order.account,
            id_space=id_space,
            course=course,
            reasons=reasons,
            **known,
        )
        self.truths.append((order.created, row))

    def table(self) -> bytes:
        """The table, in the order in which the orders were created."""
        return lines_of(row for _, row in sorted(self.truths, key=lambda one: one[0]))


def lines_of(rows: Iterable[Truth]) -> bytes:
    """Rows as JSON lines."""
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
