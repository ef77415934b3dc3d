"""Values: the expressions of the loop, and the lines that say where the values of an event come from."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from cancelnorm.eventmap.columns import Column, How
from cancelnorm.eventmap.expressions import amount_of, time_of
from cancelnorm.eventmap.plan import Plan, scalar_of_field
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import Field, class_of, fields_of, members_of, scalar_of
from cancelnorm.verdict import Verdict

__all__ = ["CONTEXT", "VERDICT_FIELDS", "Values"]

CONTEXT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "venue": "origin.venue",
        "product": "origin.product",
        "endpoint": "origin.name",
        "sent_ns": "record.sent_ns",
        "received_ns": "record.received_ns",
        "source": "record.source",
        "account": "record.account",
        "request_id": "call.request_id",
        "response_ns": "call.response_ns",
    }
)
"""Fields that are the same for all rows of an answer, and where they come from."""

_READ: Final = re.compile(r"\b(raw|other)\.(\w+)\b")

VERDICT_FIELDS: Final = ("outcome", "evidence", "reason", "status", "initiator", "code")


def _direct(function: Any) -> Any:
    """The look-up in a table without the proxy that keeps it from being changed, which takes half of the time."""
    table = getattr(function, "__self__", None)
    is_lookup = isinstance(table, MappingProxyType) and function == table.get
    return dict(table).get if is_lookup else function  # type: ignore[arg-type]  # it is a mapping


class Values:
    """Writes the lines before the event of one row, and the values of its fields."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.fields = {field.name: field for field in fields_of(plan.struct)}
        self.names: dict[str, Any] = {}
        self.uses_other = any(not plan.is_own(field) for field in self._all_members())

    def _all_members(self) -> Iterator[Any]:
        for column in self.plan.columns.values():
            yield from column.fields
        yield from (f for f in (*self.plan.said.fields, self.plan.said.message) if f is not None)

    def context(self) -> Iterator[tuple[str, str]]:
        """A value that is the same for all rows, and its origin."""
        for name, source in CONTEXT.items():
            if name not in self.plan.columns and name not in self.plan.given:
                yield name, source

    def given_names(self) -> list[str]:
        """The local names of what the caller gives."""
        return ["facts" if name == "extra" else name for name in self.plan.given]

    # --- Expressions ---

    def at(self, field: Any) -> str:
        """The expression that reads a field."""
        return f"{'raw' if self.plan.is_own(field) else 'other'}.{field.__name__}"

    def field(self, field: Any) -> Field:
        """Facts about a field."""
        if self.plan.is_own(field):
            return self.fields[field.__name__]
        return next(f for f in fields_of(field.__objclass__) if f.name == field.__name__)

    def named(self, name: str, value: Any) -> str:
        """A global name for a value."""
        self.names[name] = value
        return name

    def expression(self, name: str, column: Column[Any]) -> str:
        """The expression for a field of the event."""
        match column.how:
            case How.CONSTANT:
                return self.named(f"{name}_constant", column.table)
            case How.MADE:
                function = self.named(f"{name}_of", _direct(column.table))
                return f"{function}({', '.join(map(self.at, column.fields))})"
        [member] = column.fields
        x, field = self.at(member), self.field(member)
        if column.how is How.WORD:
            table = self.named(f"{name}_words", dict(column.table).get)
            return f"{table}({x})"
        if column.how is How.AMOUNT:
            return amount_of(x, field, column.none)
        if column.how is How.TIME:
            return time_of(x, field)
        if column.how is How.FLAG:
            return x if field.required else f"None if {x} is UNSET else {x}"
        none = f"{self.named(f'{name}_none', column.none)}" if column.none else ""
        if column.how is How.TEXT:
            return f"None if {x} in {none} else {x} or None" if none else f"{x} or None"
        classes = {class_of(member) for member in members_of(field.kind)}
        ends = " or None" if str in classes else ""
        tests = [f"{x} in {none}"] * bool(none)
        tests += [f"{x} is UNSET"] * (not field.required) + [f"{x} is None"] * (type(None) in classes)
        return f"None if {' or '.join(tests)} else str({x}){ends}" if tests else f"str({x}){ends}"

    # --- Lines ---

    def values(self) -> tuple[list[str], dict[str, str]]:
        """The expressions for the fields of the event, and the lines that come before them."""
        plan = self.plan
        lines: list[str] = []
        values = {name: name for name in (*CONTEXT, "index", "path") if name not in plan.columns}
        values |= {name: name for name in self.given_names()}
        values["kind"] = self.named("KIND", plan.kind)
        for name in ("outcome", "evidence", "reason", "status", "initiator", "code"):
            values[name] = name
        if plan.said.function is None and plan.said.table is None:
            for name, value in zip(VERDICT_FIELDS, plan.said.otherwise or (), strict=False):
                values[name] = "None" if value is None else self.named(f"{name}_said", value)
        if plan.said.raw_status is not None:
            values["raw_status"] = f"{self.at(plan.said.raw_status)} or None"
        if plan.said.message is not None:
            x = self.at(plan.said.message)
            values["message"] = f"({x} or None) and prose({x})"
        for name, column in plan.columns.items():
            if column.how is How.FIRST:
                lines += self._first(name, column)
                values[name] = name
                continue
            expression = self.expression(name, column)
            if column.how in (How.WORD, How.MADE):
                lines.append(f"{name} = {expression}")
                expression = name
            if name == "message":
                expression = f"prose({name}_text) if ({name}_text := {expression}) else None"
            values[name] = expression
        if plan.unnamed is not None:
            ids = [name for name in ("order_id", "client_order_id") if name in plan.columns]
            lines += [f"{name} = {values[name]}" for name in ids if values[name] != name]
            values |= {name: name for name in ids}
            is_unnamed = " is ".join((*ids, "None"))
            values["kind"] = f"{self.named('UNNAMED', plan.unnamed)} if {is_unnamed} else KIND"
        values["extra"] = "extra"
        return lines, values

    def _taken(self) -> Verdict | None:
        """The verdict of rows with a good code, where it says no more than outcome, evidence, status and code."""
        taken = self.plan.said.taken
        return None if taken is None or any((taken.reason, taken.initiator, taken.note)) else taken

    def _verdict(self) -> Iterator[str]:
        if self.plan.said.table is None and self.plan.said.function is None:
            return
        yield from self._judged()
        field = self.plan.said.fields[0]
        yield "outcome, evidence, reason, status, initiator, code, doubt = verdict"
        yield "if doubt is not None:"
        yield f"    notes.append(Note(doubt[0], f'{{path}}.{self.field(field).key}', doubt[1], {self.at(field)}))"

    def _judged(self) -> Iterator[str]:
        """The verdict as a whole."""
        said = self.plan.said
        if said.table is not None:
            get = self.named("verdicts", dict(said.table).get)
            yield f"verdict = {get}({self.at(said.fields[0])}, {self.named('otherwise', said.otherwise)})"
        elif said.function is not None:
            arguments = [*map(self.at, said.fields), *["http_status"] * said.reads_status]
            judged = f"{self.named('judge', said.function)}({', '.join(arguments)})"
            if said.taken is not None:
                judged = f"{self.named('TAKEN', said.taken)} if {self._is_good()} else {judged}"
            yield f"verdict = {judged}"
            if not said.reads_status:
                yield "if verdict is None:"
                yield "    notes.append(Note('not-a-cancel', path, NOT_A_CANCEL, builtins_of(checked(raw))))"
                yield "    continue  # no event"
                self.named("NOT_A_CANCEL", "an order about which no cancel is told")

    def _is_good(self) -> str:
        """The test for a good code."""
        said = self.plan.said
        return f"{self.at(said.fields[0])} in {self.named('GOOD', said.good)}"

    def _first(self, name: str, column: Column[Any]) -> Iterator[str]:
        """Every part, so that each is checked, and the first that says something."""
        parts = [f"{name}_{i}" for i in range(len(column.parts))]
        for part, of in zip(parts, column.parts, strict=True):
            yield f"{part} = {self.expression(part, of)}"
        *earlier, found = parts
        for part in reversed(earlier):
            found = f"{part} if {part} is not None else {found}"
        yield f"{name} = {found}"

    def _never_zero(self) -> Iterator[str]:
        """Refuse 0 where a number is marked as another one; msgspec lets it through."""
        for column in self.plan.columns.values():
            for part in column.parts or (column,):
                field = self.field(part.fields[0]) if part.how is How.NUMBER else None
                if field is not None and Scalar.FAILED in map(scalar_of, members_of(field.kind)):
                    yield f"if {self.at(part.fields[0])} == 0:"
                    yield "    raise Unreadable(NOT_ZERO)"

    def _checked(self) -> Iterator[str]:
        """Check the decimals that functions alone read: a function may take more than their types promise."""
        parts = [part for column in self.plan.columns.values() for part in column.parts or (column,)]
        done = {self.at(field) for part in parts if part.how is How.AMOUNT for field in part.fields}
        for member in (*self.plan.said.fields, *(field for part in parts for field in part.fields)):
            x, field = self.at(member), self.field(member)
            scalar = scalar_of_field(field)
            if x in done or {class_of(kind) for kind in members_of(field.kind)} - {str, type(None)}:
                continue
            done.add(x)
            if scalar is Scalar.DECIMAL_OR_EMPTY:
                yield f"{x} and seen({x})"
            elif scalar is Scalar.DECIMAL:
                is_always = field.required and class_of(field.kind) is str
                yield f"seen({x})" if is_always else f"type({x}) is str and seen({x})"

    def _rounded(self) -> Iterator[str]:
        """A note on an order id that looks rounded; texts that are no numbers cannot be."""
        column = self.plan.columns.get("order_id")
        if column is not None and column.parts:
            column = column.parts[0]
        if column is None or column.how is not How.NUMBER:
            return
        x, field = self.at(column.fields[0]), self.field(column.fields[0])
        note = f"(note := rounded_note({x}, f'{{path}}.{field.key}'))"
        classes = {class_of(member) for member in members_of(field.kind)}
        test = f"{x} > EXACT and {x} % 100 == 0"
        if str in classes:
            test = f"({test} if type({x}) is int else type({x}) is str and {x}[-2:] == '00')"
        yield f"if {test} and {note}:"
        yield "    notes.append(note)"

    def _hoisted(self, lines: Sequence[str]) -> list[str]:
        """The body with what every row reads more than once read once."""
        counted, head, is_rare = [], "", False
        for line in lines:
            if not line.startswith(" "):
                is_rare = line == "else:" or (head, line) == ("if not (", "):")
                head = line
            if not is_rare:
                counted.append(line)
        reads = Counter(_READ.findall("\n".join(counted)))
        often = sorted(read for read, times in reads.items() if times > 1)
        hoisted = [f"{owner}_{name} = {owner}.{name}" for owner, name in often]

        def hoist(read: re.Match[str]) -> str:
            return f"{read[1]}_{read[2]}" if read.groups() in often else read[0]

        lines = [_READ.sub(hoist, line) for line in lines]
        return [*hoisted, *lines]
