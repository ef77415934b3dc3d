"""One record and what became of it, side by side; and where the fields of an endpoint go."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len
from rich.padding import Padding
from rich.text import Text

from cancelnorm.cli.terminal import console, new_table, say, show
from cancelnorm.provenance import Feed, FieldTable, Row
from cancelnorm.record import Record
from cancelnorm.report import headline, printable, shown
from cancelnorm.schema import Normalised

__all__ = ["show_fields", "show_head", "show_rows"]


def show_fields(venue: str, endpoint: str, tables: Iterable[FieldTable]) -> None:
    """Print for each struct of an endpoint's answer its keys, each with the canonical fields that it feeds."""
    show(Text(f"{venue} {endpoint}"))
    for struct, homes in tables:
        say("")
        show(Text(struct, style="bold"))
        table = new_table("sent", "canonical")
        for key, fields in homes.items():
            table.add_row(key, ", ".join(fields) or "(told elsewhere)")
        show(table)


_SHOWN_EVENTS: Final = 20


def show_head(record: Record, result: Normalised) -> None:
    """Print where the record is from and, in a sentence each, what its events say."""
    first = result.events[0]
    answer = [f"{first.venue} {first.endpoint}"]
    answer += [first.product.value] if first.product else []
    answer += [f"HTTP {record.status}"] if record.status is not None else []
    show(Text(f"{printable(record.source or '')}\n{', '.join(answer)}\n"))
    for i, event in enumerate(result.events[:_SHOWN_EVENTS]):
        words = [event.outcome, event.evidence, *([event.reason] if event.reason else [])]
        show(Text(f"events[{i}]  {' / '.join(words)}", style="bold"))
        show(Padding(Text(headline(event)), (0, 0, 0, 2)))
    if len(result.events) > _SHOWN_EVENTS:
        show(Text(f"and {len(result.events) - _SHOWN_EVENTS} more events"))
    for i, note in enumerate(result.notes):
        show(Text(f"notes[{i}]  {note.code}", style="bold"))
        show(Padding(Text(printable(f"{note.path}: {note.message}")), (0, 0, 0, 2)))
    say("")


_STEP: Final = re.compile(r'(?:\["(?:[^"\\]|\\.)*"\]|[^.\[]+)(?:\[[0-9]+\])*')
_NARROW: Final = 18  # a column of values is not made narrower than that
_WIDE: Final = 60  # and not wider than that
_GAP: Final = 2


def show_rows(rows: Iterable[Row], events: int) -> None:
    """Print rows as a table, its first column indented as the payload is.

    Where four columns do not fit, what a value became stands below it.
    """
    lines = list(_lines(rows, events))
    sent, _, canonical, _ = (max(map(cell_len, column), default=0) for column in zip(*lines, strict=True))
    room = console().width - sent - canonical - 3 * _GAP
    if room >= 2 * _NARROW:
        table = new_table("sent", "value", "canonical", "value")
        for line in lines:
            table.add_row(*line)
    else:
        table = new_table("sent", "value")
        room = _NARROW + _WIDE
        indent = ""
        for name, value, field, became in lines:
            if name:
                table.add_row(name, value)
                indent = " " * (len(name) - len(name.lstrip()))
            if field or became:
                table.add_row(f"{indent}  -> {field or became}", became if field else "")
    for name, column in zip(("name", "value") * 2, table.columns, strict=False):
        if name == "value":
            column.max_width = max(_NARROW, min(_WIDE, room - _NARROW))
        else:
            column.no_wrap = True
    show(table)


def _lines(rows: Iterable[Row], events: int) -> Iterator[tuple[str, str, str, str]]:
    """The lines of the table: one for every step down into the payload, every value, every field it feeds."""
    open_steps: list[str] = []
    for row in rows:
        *steps, key = _steps(row.path)
        for depth, step in enumerate(steps):
            if steps[: depth + 1] != open_steps[: depth + 1]:
                yield f"{'  ' * depth}{step}", "", "", ""
        open_steps = steps
        name, value = f"{'  ' * len(steps)}{key}", shown(row.value, 200)
        for field, became in _canonical(row, events):
            yield name, value, field, became
            name = value = ""


def _steps(path: str) -> list[str]:
    """The steps of a path from the payload, or the record, down to a value."""
    first, *steps = _STEP.findall(path)
    if first.startswith("$"):
        return [first, *steps] if first != "$" or not steps else steps
    return ["the record's", first, *steps]


def _canonical(row: Row, events: int) -> Iterator[tuple[str, str]]:
    """The canonical fields and values of a row, one a line; never none."""
    match row.role:
        case "fed":
            yield from _grouped(row.feeds, events)
        case "absent":
            yield ", ".join(name for name, _ in _grouped(row.feeds, events)), "(nothing)"
        case "repeated":
            yield "", "(said elsewhere too)"
        case "constant":
            yield "", "(always so)"
        case "unused":
            yield "", "(not used)"


_IN_EVENT: Final = re.compile(r"events\[([0-9]+)\]\.(.*)", re.DOTALL)


def _grouped(feeds: Iterable[Feed], events: int) -> list[tuple[str, str]]:
    """Fields with their values; the same field of several events once, where the value is the same."""
    groups: dict[tuple[str, str], list[int]] = {}
    for feed in feeds:
        match = _IN_EVENT.fullmatch(feed.field)
        name = match[2] if match else feed.field
        groups.setdefault((name, shown(feed.value, 200)), []).extend([int(match[1])] if match else [])
    return [
        (f"events[{_numbers(at)}].{name}" if at and events > 1 else name, value)
        for (name, value), at in groups.items()
    ]


def _numbers(numbers: list[int]) -> str:
    """Numbers in rising order, in short."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}-{numbers[-1]}"
    return ",".join(map(str, numbers[:5])) + (",..." if len(numbers) > 5 else "")
