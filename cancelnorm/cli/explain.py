"""The ``explain`` command: a record beside its canonical fields, or the field mapping of an endpoint."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len
from rich.padding import Padding
from rich.text import Text

from cancelnorm.cli.display import console, new_table, show
from cancelnorm.cli.terminal import say
from cancelnorm.masking import without_secrets
from cancelnorm.provenance import Feed, FieldTable, Row
from cancelnorm.record import Record
from cancelnorm.report import headline, printable, shown
from cancelnorm.schema import Normalised

__all__ = ["show_fields", "show_head", "show_rows"]


def show_fields(venue: str, endpoint: str, tables: Iterable[FieldTable]) -> None:
    """Print the keys of each struct of an endpoint's answer, with the canonical fields that they feed."""
    show(Text(f"{venue} {endpoint}"))
    for struct, keys in tables:
        say("")
        show(Text(struct, style="bold"))
        table = new_table("sent", "canonical")
        for key, fields in keys.items():
            table.add_row(key, ", ".join(fields) or "(covered by other keys)")
        show(table)


_SHOWN_EVENTS: Final = 20
_SHOWN_NOTES: Final = 100


def show_head(record: Record, result: Normalised, *, everything: bool = False) -> None:
    """Print the source of a record, one sentence for each of its first events, and its first notes, or all of them."""
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
    shown_notes = result.notes if everything else result.notes[:_SHOWN_NOTES]
    for i, note in enumerate(shown_notes):
        show(Text(f"notes[{i}]  {note.code}", style="bold"))
        show(Padding(Text(printable(without_secrets(f"{note.path}: {note.message}"))), (0, 0, 0, 2)))
    if len(result.notes) > len(shown_notes):
        show(Text(f"and {len(result.notes) - len(shown_notes)} more notes; use --all to show them"))
    say("")


_STEP: Final = re.compile(r'(?:\["(?:[^"\\]|\\.)*"\]|[^.\[]+)(?:\[[0-9]+\])*')
_NARROW: Final = 18  # least width of a column of values
_WIDE: Final = 60  # and its greatest width
_GAP: Final = 2


def show_rows(rows: Iterable[Row], events: int) -> None:
    """Print rows as a table, its first column indented like the payload.

    If four columns do not fit, the canonical fields are printed below each value.
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
        for name, value, field, canonical_value in lines:
            if name:
                table.add_row(name, value)
                indent = " " * (len(name) - len(name.lstrip()))
            if field or canonical_value:
                table.add_row(f"{indent}  -> {field or canonical_value}", canonical_value if field else "")
    for name, column in zip(("name", "value") * 2, table.columns, strict=False):
        if name == "value":
            column.max_width = max(_NARROW, min(_WIDE, room - _NARROW))
        else:
            column.no_wrap = True
    show(table)


def _lines(rows: Iterable[Row], events: int) -> Iterator[tuple[str, str, str, str]]:
    """Lines of the table: one for each level of the payload, each value, and each further field that it feeds."""
    open_steps: list[str] = []
    for row in rows:
        *steps, key = map(printable, _steps(row.path))
        for depth, step in enumerate(steps):
            if steps[: depth + 1] != open_steps[: depth + 1]:
                yield f"{'  ' * depth}{step}", "", "", ""
        open_steps = steps
        name, value = f"{'  ' * len(steps)}{key}", shown(row.value, 200)
        for field, canonical_value in _canonical(row, events):
            yield name, value, field, canonical_value
            name = value = ""


def _steps(path: str) -> list[str]:
    """Steps of a path, from the payload or the record to a value."""
    first, *steps = _STEP.findall(path)
    if first.startswith("$"):
        return [first, *steps] if first != "$" or not steps else steps
    return ["record", first, *steps]


def _canonical(row: Row, events: int) -> Iterator[tuple[str, str]]:
    """Canonical fields and values of a row, at least one."""
    match row.role:
        case "fed":
            yield from _grouped(row.feeds, events)
        case "absent":
            yield ", ".join(name for name, _ in _grouped(row.feeds, events)), "(absent)"
        case "repeated":
            yield "", "(repeats another value)"
        case "constant":
            yield "", "(constant)"
        case "unused":
            yield "", "(unused)"


_IN_EVENT: Final = re.compile(r"events\[([0-9]+)\]\.(.*)", re.DOTALL)


def _grouped(feeds: Iterable[Feed], events: int) -> list[tuple[str, str]]:
    """Fields with their values; equal values of a field are grouped over events."""
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
    """Ascending numbers, abbreviated."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}-{numbers[-1]}"
    return ",".join(map(str, numbers[:5])) + (",..." if len(numbers) > 5 else "")
