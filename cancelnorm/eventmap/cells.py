"""Cells: the rows of a map as the cells of columns, without an object for each event."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final, NamedTuple

from msgspec import UNSET

from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.eventmap.columns import Column, How
from cancelnorm.eventmap.expressions import amount_of
from cancelnorm.eventmap.loop import GLOBALS, opening, same_number, zipped
from cancelnorm.eventmap.plan import Plan
from cancelnorm.eventmap.writer import Writer
from cancelnorm.lazy import LazyList
from cancelnorm.schema import CancelEvent

__all__ = ["OF_RECORD", "CellLoop", "Cells", "Run", "cell_loop", "rows_of", "usual_loop"]

OF_RECORD: Final = ("sent_ns", "received_ns", "source", "account")
"""Fields that all events of a record have from it; they are in no cell."""

_OF_ENDPOINT: Final = ("venue", "product", "endpoint")
_OF_VERDICT: Final = ("outcome", "evidence", "reason", "status", "initiator", "code")


Run = tuple[Sequence[Any], Call, Sequence[str], int, Sequence[Any], Sequence[Any]]
"""Rows of an answer: their values, the call, their paths, the index of the first, what is given, the rows beside."""


class CellLoop(NamedTuple):
    """How a map makes cells.

    ``function`` gives the cells of the rows of many answers, each row as a tuple; Unreadable where a marked scalar of
    any is not what its type promises. A cell is the value of the field in ``names`` at its place: an amount is a plain
    text, or a decimal where a function of the venue made it. The cell ``verdict`` has the fields in ``of_verdict``.
    ``constants`` are the same for all rows, and ``of_endpoint`` are fields that the endpoint gives. Where it is for
    rows with all ``usual`` keys and no others, ``takes`` tells whether rows have those that a struct may lack.
    With ``passes_over`` there may be fewer cells than rows.
    """

    function: Callable[[Sequence[Run]], list[tuple[Any, ...]]]
    takes: Callable[[Sequence[Any]], bool]
    passes_over: bool
    usual: int
    names: tuple[str, ...]
    of_verdict: tuple[str, ...]
    of_endpoint: tuple[str, ...]
    constants: Mapping[str, Any]


class Cells(LazyList):
    """Events that are not made yet, but may become cells, of many answers at a time; who looks into it gets events."""

    __slots__ = ("_again", "loop", "rows", "run")

    def __init__(self, loop: CellLoop, run: Run, again: Callable[..., list[CancelEvent]]) -> None:
        self.loop = loop
        self.run = run
        self.rows = loop.function([run]) if loop.passes_over else None
        """The cells, where their number had to be known."""
        self._count = len(run[0]) if self.rows is None else len(self.rows)
        self._made = None
        self._again = again

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint that answered."""
        return self.run[1].endpoint

    def make(self) -> list[CancelEvent]:
        """Make the events, with their notes."""
        raws, call, *others = self.run
        call = copy(call)
        call.notes = []
        return self._again(raws, call, *others)


def rows_of(loop: CellLoop, cells: Sequence[Cells]) -> list[tuple[Any, ...]]:
    """The rows of cells that one loop makes, of many answers; Unreadable where any cannot be read."""
    if loop.passes_over:
        return [row for each in cells for row in each.rows or ()]
    return loop.function([each.run for each in cells])


def cell_loop(plan: Plan, file: str) -> CellLoop:
    """Compile the function that makes cells of any row."""
    return _compiled(_Writer(plan), file, frozenset())


def usual_loop(plan: Plan, file: str) -> CellLoop | None:
    """Compile the function for rows that have the usual keys and no others; None where no row can be one."""
    writer = Writer(plan)
    usual = writer.usual_fields()
    if not usual:
        return None
    columns = {name: column for name, column in writer.usual_columns().items() if _is_usual(column, usual)}
    return _compiled(_UsualWriter(plan._replace(columns=columns)), file, usual)


def _is_usual(column: Column[Any], usual: Collection[str]) -> bool:
    """Whether a column may say something of a row that has no other keys."""
    if column.how is How.WORD and UNSET in column.table:
        return True
    return all(field.__name__ in usual for field in column.fields)


def _compiled(writer: "_Writer", file: str, usual: Collection[str]) -> CellLoop:
    body, layout = writer.cells()
    optional = [f"raw.{name} is UNSET" for name in sorted(usual) if not writer.fields[name].required]
    lines = [
        "def cells(runs):",
        "    texts, rows, told = [], [], None",
        "    seen, add = texts.append, rows.append",
        "    try:",
        "        for raws, call, paths, start, given, beside in runs:",
        *(f"        {line}" for line in same_number(writer)),
        *(f"        {line}" for line in _opening(writer, layout[0])),
        f"            for {zipped(writer)}:",
        *(f"                {line}" for line in body),
        "        lines = LINE_END.join(texts)",
        "        if texts and (ARE_PLAIN(lines) is None or lines.count(LINE_END) >= len(texts)):",
        "            raise Unreadable(DECIMAL)",
        "    except (InvalidOperation, ValueError) as error:",
        "        raise Unreadable(DECIMAL) from error",
        "    return rows",
        "",
        "",
        "def takes(raws):",
        *["    for raw in raws:", f"        if {' or '.join(optional)}:", "            return False"]
        * bool(optional),
        "    return True",
    ]
    names = {**GLOBALS, **writer.names}
    exec(compile("\n".join(lines), file, "exec"), names)  # noqa: S102  # as the loop of events
    said = writer.plan.said
    passes_over = said.function is not None and not said.reads_status
    return CellLoop(names["cells"], names["takes"], passes_over, len(usual), *layout)


def _opening(writer: Writer, names: Sequence[str]) -> list[str]:
    """The first lines for an answer, without what no cell holds."""
    unused = {"told", "texts", "seen", *(name for name, _ in writer.context() if name not in names)}
    return [line for line in opening(writer.plan, writer) if line.partition("=")[0].strip() not in unused]


Layout = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], dict[str, Any]]


class _Writer(Writer):
    """Writes the body for one row, which ends in a tuple of cells."""

    def expression(self, name: str, column: Column[Any]) -> str:
        """As for an event, but for amounts, which stay texts."""
        if column.how is How.AMOUNT:
            [member] = column.fields
            return amount_of(self.at(member), self.field(member), column.none, as_text=True)
        return super().expression(name, column)

    def cells(self) -> tuple[list[str], Layout]:
        """The body, and what is in the cells."""
        said = self.plan.said
        is_judged = said.table is not None or said.function is not None
        lines = [*self._judged()] if is_judged else []
        before, values = self.values()
        if said.message is not None and "message" not in self.plan.columns:
            x = self.at(said.message)
            lines += [f"if {x} != told:", f"    told, shown = {x}, ({x} or None) and prose({x})"]
            values["message"] = f"{x} and shown or None"
        lines += [*before, *self._never_zero(), *self._repeats(), *self._extra()]
        layout = self._layout(values, is_judged=is_judged)
        cells = ", ".join("verdict" if name == "verdict" else values[name] for name in layout[0])
        return self._hoisted([*lines, f"add(({cells},))"]), layout

    def _layout(self, values: Mapping[str, str], *, is_judged: bool) -> Layout:
        own = {*self.plan.columns, *self.plan.given}
        names: list[str] = []
        of_verdict, of_endpoint, constants = [], [], {}
        for name in CancelEvent.__struct_fields__:
            value = values.get(name, "None")
            if name not in own and name in _OF_ENDPOINT:
                of_endpoint.append(name)
            elif name not in own and is_judged and name in _OF_VERDICT and value == name:
                of_verdict.append(name)
            elif value in ("None", "KIND", f"{name}_constant", f"{name}_said"):
                constants[name] = self.names.get(value)
            elif name in own or name not in OF_RECORD:
                names.append(name)
        return (*["verdict"] * is_judged, *names), tuple(of_verdict), tuple(of_endpoint), constants


class _UsualWriter(_Writer):
    """Writes the body for a row that has the usual keys and no others."""

    def _extra_lines(self) -> Iterator[str]:
        """Nothing but words that no table knows can be told."""
        yield "extra = {}"
        yield from self._unknown_words()
        yield "extra = extra or None"

    def _extra(self) -> Iterator[str]:
        words = [f"{name} is None" for name, _, _ in self._words()]
        yield "extra = None"
        if words:
            yield f"if {' or '.join(dict.fromkeys(words))}:"
            yield from (f"    {line}" for line in self._extra_lines())
