"""Unusual lines: plain lines with orders that the rules for one record may find something in.

Events are made of these orders alone, unless one of them is anything but canceled: then of all orders of its line.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from cancelnorm.check.examples import example_numbers
from cancelnorm.check.order_hashes import LIMIT
from cancelnorm.check.unusual_events import PLAIN, filled_in_part
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.eventmap.plain_rows import RowColumns, usual_zero
from cancelnorm.reader.scalars import ZEROS
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Evidence
from cancelnorm.verdict import Verdict

__all__ = ["UnusualLine", "UnusualLines", "UnusualOrders", "is_canceled"]


class UnusualLine(NamedTuple):
    """A line by its position among others, its record, and the events of its ``unusual`` orders.

    ``others`` are those of them that are no canceled orders with a final report; if there are any, ``events`` are
    all of the record, and otherwise the unusual ones.
    """

    at: int
    record: Record
    events: tuple[CancelEvent, ...] = ()
    unusual: Sequence[CancelEvent] = ()
    others: Sequence[CancelEvent] = ()


class UnusualOrders(NamedTuple):
    """Rows of unusual orders by the position of their line, and positions of lines that are not plain."""

    rows: dict[int, list[int]]
    not_plain: Collection[int]


class UnusualLines:
    """Finds unusual lines among those of one endpoint."""

    def __init__(self, endpoint: Endpoint, path: str) -> None:
        self._endpoint = endpoint
        self._path = path
        self._examples = example_numbers(endpoint.venue)

    def find(self, rows: RowColumns) -> UnusualOrders:
        """Look for unusual orders."""
        found: set[int] = set()
        not_plain: set[int] = set()
        for word in set(rows.words):
            verdict = rows.verdicts.get(word)
            if verdict != PLAIN:
                has_note = verdict is None or verdict.note is not None
                (not_plain if has_note else found).update(
                    i for i, other in enumerate(rows.words) if other == word
                )
        if max(rows.order_ids) >= LIMIT:
            not_plain.update(i for i, n in enumerate(rows.order_ids) if n >= LIMIT)
        if not self._examples.isdisjoint(rows.order_ids):
            found.update(i for i, n in enumerate(rows.order_ids) if n in self._examples)
        for i in {*_not_zero(rows.filled), *_not_zero(rows.quotes)} - found:
            quote = Decimal(rows.quotes[i]) if rows.quotes else None
            if not filled_in_part(Decimal(rows.filled[i]), Decimal(rows.quantities[i]), quote):
                found.add(i)
        by_line: dict[int, list[int]] = {}
        for i in sorted(found):
            by_line.setdefault(bisect_right(rows.ends, i), []).append(i)
        return UnusualOrders(by_line, {bisect_right(rows.ends, i) for i in not_plain})

    def line(self, at: int, record: Record, rows: RowColumns, unusual: Sequence[int]) -> UnusualLine | None:
        """The line at a position with unusual orders, if any; None if there is a note on one of them."""
        if not unusual or not isinstance(record.payload, bytes):
            return UnusualLine(at, record)
        call = Call(record, self._endpoint, [], data=record.payload)
        each, first = self._endpoint.plain, rows.ends[at - 1] if at else 0
        if all(is_canceled(rows.verdicts[rows.words[i]]) for i in unusual):
            found = [
                each.event(rows.rows[i], call, self._path.format(i - first), index=i - first) for i in unusual
            ]
            line = UnusualLine(at, record, tuple(found), found)
        else:
            events = each.events(rows.rows[first : rows.ends[at]], call, self._path)
            found = [events[i - first] for i in unusual]
            line = UnusualLine(
                at, record, tuple(events), found, [event for event in found if not is_canceled(event)]
            )
        return None if call.notes else line


def is_canceled(said: Verdict | CancelEvent) -> bool:
    """Whether an order is canceled according to a final report."""
    return said.outcome is PLAIN.outcome and said.evidence is Evidence.FINAL_REPORT


def _not_zero(texts: Sequence[str]) -> list[int]:
    """Positions of amounts that are not zero."""
    zero = usual_zero(texts)
    if zero is not None and texts.count(zero) == len(texts):
        return []
    return [i for i, text in enumerate(texts) if text not in ZEROS]
