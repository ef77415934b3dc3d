"""Stories of orders as a table for people, and as JSON."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from cancelnorm.escapes import printable_json, writable
from cancelnorm.event_json import encode_masked
from cancelnorm.masking import without_secrets
from cancelnorm.report.lines import counted
from cancelnorm.report.sentences import shown
from cancelnorm.report.text_columns import width
from cancelnorm.report.timeline import EXPLAINED, amount, said_in_full, timeline
from cancelnorm.schema import CancelEvent, EventKind
from cancelnorm.story import Contradiction, Dispute, Fate, OrderVerdict, Story

__all__ = [
    "STORY_WRITERS",
    "StoryJson",
    "StoryLines",
    "StoryText",
    "StoryWriter",
    "WrittenStory",
    "cells",
    "duration",
    "written",
]


class StoryWriter:
    """Writes stories as they are told; ``tell`` writes one with all of its events."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def add(self, stories: Sequence[tuple[Story, OrderVerdict]]) -> None:
        """Write stories."""
        raise NotImplementedError

    def tell(self, story: Story, verdict: OrderVerdict, events: Iterable[CancelEvent]) -> None:
        """Write the history of one order."""
        raise NotImplementedError

    def end(self, unnamed: Mapping[EventKind, int]) -> None:
        """Write the counts."""

    def abandon(self) -> None:
        """Let go of an output, which may not have been completed."""


# --- For people ---

_COLUMNS: Final = (
    "",
    "venue",
    "order",
    "symbol",
    "fate",
    "evidence",
    "filled",
    "requests",
    "latency",
    "initiator",
    "remarks",
)
_VENUE: Final = _COLUMNS.index("venue")
_RIGHT: Final = ("filled", "requests", "latency")  # columns of numbers
_LONGEST: Final = 80  # characters of a cell
_LEAST: Final = {"": 1, "order": 20}  # width of a column


class StoryText(StoryWriter):
    """A line for each order, marked with ``!`` if it needs attention; then the counts.

    From the second venue on, the tables have a column for it: orders of two venues may have the same id.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(write)
        self._venues: set[str] = set()
        self._fates: Counter[Fate] = Counter()
        self._unresolved = self._contradicted = self._skewed = 0
        self._is_told = False

    def add(self, stories: Sequence[tuple[Story, OrderVerdict]]) -> None:
        """Write a table."""
        if not stories:
            return
        self._venues.update(story.venue for story, _ in stories)
        rows = [_COLUMNS, *(cells(story, verdict) for story, verdict in stories)]
        if len(self._venues) == 1:
            rows = [row[:_VENUE] + row[_VENUE + 1 :] for row in rows]
        for line in _aligned(rows):
            self._write(f"{line}\n")
        for _, verdict in stories:
            self._fates[verdict.fate] += 1
            self._unresolved += verdict.is_unresolved
            disputes = _disputes(verdict)
            self._contradicted += bool(disputes)
            self._skewed += len(verdict.contradictions) > len(disputes)

    def tell(self, story: Story, verdict: OrderVerdict, events: Iterable[CancelEvent]) -> None:
        """Write what became of an order, and how it came to it."""
        if self._is_told:
            self._write("\n")
        self._is_told = True
        for line in (*said_in_full(story, verdict), "", *timeline(events)):
            self._write(f"{line}\n")

    def end(self, unnamed: Mapping[EventKind, int]) -> None:
        """Write the counts of a table."""
        if self._is_told:
            return
        total = self._fates.total()
        if not total:
            self._write("no orders found\n")
        else:
            fates = ", ".join(f"{self._fates[fate]:,} {fate}" for fate in Fate if self._fates[fate])
            self._write(f"\n{counted(total, 'order')}: {fates}\n")
            for fate, meaning in EXPLAINED.items():
                if self._fates[fate]:
                    self._write(f"  {fate}: {meaning}\n")
        if self._unresolved:
            self._write(f"{counted(self._unresolved, 'order')} unresolved (!): look up at the venue\n")
        if self._contradicted:
            self._write(f"{counted(self._contradicted, 'order')} with contradictions (!): see --order ID\n")
        if self._skewed:
            self._write(
                f"{counted(self._skewed, 'order')} with an end before the request or after the news of it: "
                "the venue's clock and the recorder's differ\n"
            )
        if unnamed:
            kinds = ", ".join(f"{unnamed[kind]:,} {kind}" for kind in EventKind if unnamed.get(kind))
            self._write(f"{counted(sum(unnamed.values()), 'event')} without an order: {kinds}\n")


def cells(story: Story, verdict: OrderVerdict) -> tuple[str, ...]:
    """The row of an order in a table for people, in the order of its columns."""
    key = story.key
    name = key.order_id or f"client id {key.client_order_id}"
    if key.account is not None:
        name = f"{key.account} {name}"
    filled = verdict.filled_quantity
    more = "+" if verdict.has_more_attempts else ""
    texts = (
        "!" if verdict.is_unresolved or _disputes(verdict) else "",
        story.venue,
        name,
        story.symbols[0].value if story.symbols else "",
        verdict.fate,
        verdict.evidence,
        "" if filled is None else amount(filled, verdict.quantity),
        f"{verdict.attempts}{more}",
        "" if verdict.latency_ns is None else duration(verdict.latency_ns),
        verdict.initiator or "",
        _remarks(story, verdict),
    )
    return tuple(shown(cell, _LONGEST) if cell else "" for cell in texts)


def _disputes(verdict: OrderVerdict) -> list[Dispute]:
    """Contradictions of one order; where clocks differ, they do for all orders."""
    kinds = [one.kind for one in verdict.contradictions]
    return [kind for kind in kinds if kind is not Dispute.CLOCKS_DISAGREE]


def _remarks(story: Story, verdict: OrderVerdict) -> str:
    remarks: list[str] = [*_disputes(verdict)]
    if verdict.is_unresolved:
        remarks += verdict.reasons
    if story.ambiguous:
        remarks.append(f"may be about {counted(len(story.ambiguous), 'order')}")
    if story.replaced_by:
        remarks.append(f"replaced by {', '.join(story.replaced_by)}")
    return ", ".join(remarks)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Lines of a table, the first with the names of its columns; numbers are right-aligned."""
    names = rows[0]
    widths = [
        max(_LEAST.get(name, 0), *map(width, column))
        for name, column in zip(names, zip(*rows, strict=True), strict=True)
    ]
    for row in rows:
        cells = []
        for name, cell, room in zip(names, row, widths, strict=True):
            space = " " * (room - width(cell))
            cells.append(f"{space}{cell}" if name in _RIGHT else f"{cell}{space}")
        yield "  ".join(cells).rstrip()


_SECOND: Final = 1_000_000_000
_MILLISECOND: Final = 1_000_000


def duration(ns: int) -> str:
    """A duration in milliseconds, or if it is long in seconds."""
    if ns < 10 * _SECOND:
        return f"{ns / _MILLISECOND:.1f} ms"
    return f"{ns / _SECOND:,.1f} s"


# --- For programs ---


class WrittenStory(Struct, frozen=True, kw_only=True):
    """A story as it is written; null: no event says it."""

    venue: str
    account: str | None
    id_space: str
    symbol: str | None
    order_id: str | None
    client_order_ids: tuple[str, ...]
    lists: tuple[str, ...]
    replaces: tuple[str, ...]
    replaced_by: tuple[str, ...]
    linked_client_order_ids: tuple[str | None, ...]
    ambiguous_order_ids: tuple[str | None, ...]
    fate: Fate
    is_unresolved: bool
    evidence: str
    source: str | None
    done_ns: int | None
    known_ns: int | None
    asked_ns: int | None
    acknowledged_ns: int | None
    latency_ns: int | None
    attempts: int
    has_more_attempts: bool
    filled_quantity: Decimal | None
    quantity: Decimal | None
    quantity_unit: str | None
    initiator: str | None
    reasons: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


def written(story: Story, verdict: OrderVerdict) -> WrittenStory:
    """A story and its verdict as one flat object."""
    known = {name: getattr(verdict, name) for name in OrderVerdict.__struct_fields__}
    known["source"] = _masked(verdict.source)
    known["contradictions"] = tuple(
        msgspec.structs.replace(one, source=_masked(one.source), other_source=_masked(one.other_source))
        for one in verdict.contradictions
    )
    key = story.key
    return WrittenStory(
        venue=story.venue,
        account=key.account,
        id_space=key.space,
        symbol=story.symbols[0].value if story.symbols else None,
        order_id=key.order_id,
        client_order_ids=story.client_order_ids,
        lists=story.lists,
        replaces=story.replaces,
        replaced_by=story.replaced_by,
        linked_client_order_ids=tuple(one.client_order_id for one in story.linked),
        ambiguous_order_ids=tuple(one.order_id for one in story.ambiguous),
        is_unresolved=verdict.is_unresolved,
        **known,
    )


def _masked(source: str | None) -> str | None:
    return None if source is None else without_secrets(source)


_encode: Final = msgspec.json.Encoder(decimal_format="string").encode


def _plain(value: Any) -> Any:
    """A value of which UTF-8 can hold every text, and with decimals without exponents."""
    match value:
        case str():
            return writable(value)
        case Decimal():
            return format(value, "f")
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case _:
            return value


def encoded(story: Story, verdict: OrderVerdict, events: Iterable[CancelEvent] | None = None) -> str:
    """A story as one line of JSON, with its events if they are given."""
    found = _plain(msgspec.to_builtins(written(story, verdict), builtin_types=(Decimal,)))
    if events is not None:
        found["events"] = [msgspec.Raw(encode_masked(event)) for event in events]
    return printable_json(_encode(found)).decode()


class StoryLines(StoryWriter):
    """An object for each order, one a line."""

    def add(self, stories: Sequence[tuple[Story, OrderVerdict]]) -> None:
        """Write the lines."""
        for story, verdict in stories:
            self._write(f"{encoded(story, verdict)}\n")

    def tell(self, story: Story, verdict: OrderVerdict, events: Iterable[CancelEvent]) -> None:
        """Write a line with the events in it."""
        self._write(f"{encoded(story, verdict, events)}\n")


class StoryJson(StoryWriter):
    """An array of objects."""

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(write)
        self._before = "[\n"

    def _add(self, text: str) -> None:
        self._write(f"{self._before}{text}")
        self._before = ",\n"

    def add(self, stories: Sequence[tuple[Story, OrderVerdict]]) -> None:
        """Write the objects."""
        for story, verdict in stories:
            self._add(encoded(story, verdict))

    def tell(self, story: Story, verdict: OrderVerdict, events: Iterable[CancelEvent]) -> None:
        """Write an object with the events in it."""
        self._add(encoded(story, verdict, events))

    def end(self, unnamed: Mapping[EventKind, int]) -> None:
        """Close the array."""
        del unnamed
        self._write("[]\n" if self._before == "[\n" else "\n]\n")


def _page(write: Callable[[str], object]) -> StoryWriter:
    """A page; only who wants one loads what it takes."""
    from cancelnorm.report.html.stories import StoryPage

    return StoryPage(write)


STORY_WRITERS: Final[Mapping[str, Callable[[Callable[[str], object]], StoryWriter]]] = {
    "text": StoryText,
    "json": StoryJson,
    "jsonl": StoryLines,
    "html": _page,
}
"""Format name → its writer."""
