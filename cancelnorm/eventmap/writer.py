"""Writer: the body of the loop, which makes the event of one row."""

from collections.abc import Iterator, Mapping
from types import MemberDescriptorType
from typing import Any, Final

from msgspec import UNSET

from cancelnorm.eventmap.columns import Column, How
from cancelnorm.eventmap.plan import Absent
from cancelnorm.eventmap.remainder import Remainder, all_of
from cancelnorm.eventmap.values import CONTEXT, VERDICT_FIELDS
from cancelnorm.schema import CancelEvent

__all__ = ["FIRST_FIELDS", "Writer"]

_MOST_ARGUMENTS: Final = 30  # more are passed through a list, and a call takes twice as long
FIRST_FIELDS: Final = CancelEvent.__struct_fields__[:_MOST_ARGUMENTS]
"""The fields of an event that are given when it is made."""

_FEW: Final = 4  # fields without a home of which a row mostly has none that says anything
_OTHER_FIELDS: Final = CancelEvent.__struct_fields__[_MOST_ARGUMENTS:]


class Writer(Remainder):
    """Writes the body for one row, which ends in an ``event``."""

    def body(self) -> list[str]:
        """The body that makes an event."""
        before, values = self.values()
        lines = [] if self._taken() else [*self._verdict()]
        lines += before
        lines += self._checked()
        lines += self._never_zero()
        lines += self._rounded()
        lines += self._repeats()
        lines += self._event(values)
        return self._hoisted(lines)

    def _event(self, values: Mapping[str, str]) -> Iterator[str]:
        """The event, by the shortest call; then its other fields, where anything is out of the ordinary."""
        taken, tests = self._taken(), self._ordinary(values)
        told = [*self._message()]
        others = {name: value for name, value in values.items() if name != "message" or not told}
        rest = [*self._extra(), *_setters(others)]
        if taken is None or tests is None:
            yield from (*(self._verdict() if taken else ()), *_call(values))
            if tests is None:
                yield from rest
            elif tests:
                yield from (*all_of("if not", tests), *(f"    {line}" for line in rest))
            yield from told
            return
        said = {
            name: "None" if (value := getattr(taken, name)) is None else self.named(f"{name}_taken", value)
            for name in ("outcome", "evidence", "status")
        }
        is_coded = taken.code is not None and "code" not in self.plan.columns
        coded = [f"set_field(event, 'code', {self.named('code_taken', taken.code)})"] * is_coded
        yield from (
            *all_of("if", [self._is_good(), *tests]),
            *(f"    {line}" for line in (*_call({**values, **said}), *coded)),
        )
        yield from ("else:", *(f"    {line}" for line in (*self._verdict(), *_call(values), *rest)))
        yield from told

    def _ordinary(self, values: Mapping[str, str]) -> list[str] | None:
        """The tests that a row says nothing beyond the first fields of an event; None where most rows do."""
        rest = self.plan.rest
        if any(field.required for field in rest) or not set(_OTHER_FIELDS).isdisjoint(self.plan.given):
            return None
        unset: list[str] = []
        tests: list[str] = []
        if self.plan.absent is Absent.MISSING:
            unset = [f"raw.{field.name}" for field in rest]
        elif len(rest) <= _FEW and all(self.is_told_by_truth(field) for field in rest):
            tests = [f"not raw.{field.name}" for field in rest]
        else:
            return None
        for name in _OTHER_FIELDS:
            value = values.get(name, "None")
            is_taken = name == value and name in VERDICT_FIELDS and self._taken() is not None
            is_told = name == "message" and any(self._message())
            if name == "extra" or value == "None" or is_taken or is_told:
                continue
            test = self._rare_test(name, value)
            if test is None:
                return None
            (tests if " " in test else unset).append(test)
        tests += self._known_words(unset)
        tests += [f"not ({test})" for test, _ in self._passed_over()]
        tests += ["repeated is None"] * bool(self.plan.repeats)
        return [f"{' is '.join(dict.fromkeys(unset))} is UNSET"] * bool(unset) + tests

    def _rare_test(self, name: str, value: str) -> str | None:
        """The test that a rarely set field is None; None where it mostly is not."""
        if value == name and name not in self.plan.columns:
            return f"{name} is None"
        column = self.plan.columns.get(name)
        if column is None or len(column.fields) != 1 or column.how in (How.MADE, How.FIRST):
            return None
        x, field = self.at(column.fields[0]), self.field(column.fields[0])
        if column.how is How.WORD and UNSET in column.table:
            return f"{name} is None"
        if column.how is How.NUMBER and column.none:
            known = column.none if field.required else (*column.none, UNSET)
            return f"{x} in {self.named(f'{field.name}_absent', known)}"
        return None if field.required else x

    def _message(self) -> Iterator[str]:
        """Add the message of the verdict to an event that has little else beyond the shortest call.

        The field is set in the frozen event, because a longer call takes half as long again. The rows of a
        batch mostly have the same message.
        """
        if self.plan.said.message is None or "message" in self.plan.columns:
            return
        x = self.at(self.plan.said.message)
        yield f"if {x}:"
        yield f"    if {x} != told:"
        yield f"        told, shown = {x}, prose({x})"
        yield "    set_field(event, 'message', shown)"

    def plain_body(self) -> tuple[int, list[str]]:
        """The number of keys of a plain row, and the body for one; empty where there are none.

        A plain row has the verdict and the words of a cancel as it usually is, all fields that are required,
        and of the others those that feed the first fields of an event; what feeds the others says nothing.
        """
        plan, usual = self.plan, self.usual_fields()
        if not usual or plan.said.table is None:
            return 0, []
        shown = {v.outcome: v for v in plan.said.table.values() if not any(v[2:3] + v[4:])}
        get = self.named(
            "plain_verdicts",
            {w: (v.outcome, v.evidence, v.status) for w, v in plan.said.table.items() if v in shown.values()},
        )
        x = self.at(plan.said.fields[0])
        lines = [f"outcome, evidence, status = {get}[{x}]"]
        first = FIRST_FIELDS
        values = {name: name for name in first if name in (*CONTEXT, "index", "path")}
        values |= {"kind": "KIND", "outcome": "outcome", "evidence": "evidence", "status": "status"}
        values["raw_status"] = f"{x} or None"
        tests = []
        for name, column in self.usual_columns().items():
            field = self.field(column.fields[0]) if column.fields else None
            if name not in first:
                if column.how is How.NUMBER and column.none:
                    none = self.named(f"{name}_none", column.none)
                    tests.append(f"{self.at(column.fields[0])} not in {none}")
                continue
            if field is not None and not field.required:
                tests.append(f"{self.at(column.fields[0])} is UNSET")
            if column.how is How.WORD:
                table = self.named(f"{name}_table", dict(column.table))
                values[name] = f"{table}[{self.at(column.fields[0])}]"
            else:
                values[name] = self.expression(name, column)
        if tests:
            lines += [f"if {' or '.join(tests)}:", "    return None"]
        lines += self._never_zero()
        lines += self._rounded()
        lines += _call(values)
        return len(usual), self._hoisted(lines)

    def usual_fields(self) -> frozenset[str]:
        """The fields that a plain row has; none where no row of the struct can be one."""
        plan, nothing = self.plan, frozenset[str]()
        if plan.said.table is None or plan.given or plan.repeats or plan.absent is not Absent.MISSING:
            return nothing
        if any(field.required for field in plan.rest) or plan.unnamed is not None:
            return nothing
        usual = {field.name for field in self.fields.values() if field.required}
        for name, column in self.usual_columns().items():
            if len(column.fields) > 1 or column.how in (How.MADE, How.FIRST):
                return nothing
            field = self.field(column.fields[0]) if column.fields else None
            is_first = name in FIRST_FIELDS
            is_named = column.how is How.NUMBER and bool(column.none)
            if not is_first and (field is None or (field.required and not is_named)):
                return nothing
            if field is not None and (is_named or (is_first and not field.required)):
                usual.add(field.name)
        lacking = {field.__name__ for field in self._later_fields()}
        return frozenset(usual) if usual.isdisjoint(lacking) else nothing

    def usual_columns(self) -> dict[str, Column[Any]]:
        """The columns of a plain row: of several fields that one may come from it has the first alone."""
        later = {*self._later_fields()}
        return {
            name: column.parts[0] if column.parts and later.issuperset(_later(column)) else column
            for name, column in self.plan.columns.items()
        }

    def _later_fields(self) -> Iterator[MemberDescriptorType]:
        """The fields of which a row may lack all that one column may come from but the first."""
        for column in self.plan.columns.values():
            if column.parts and not any(self.field(field).required for field in _later(column)):
                yield from _later(column)


def _later(column: Column[Any]) -> list[MemberDescriptorType]:
    """The fields of a column's parts but those of the first."""
    return [field for part in column.parts[1:] for field in part.fields]


def _call(values: Mapping[str, str]) -> list[str]:
    """The call that builds an event, with as many fields as a call is fast with."""
    order = [(name, values.get(name, "None")) for name in FIRST_FIELDS]
    given = [f"    {value},{f'  # {name}' if value == 'None' else ''}" for name, value in order]
    return ["event = CancelEvent(", *given, ")"]


def _setters(values: Mapping[str, str]) -> list[str]:
    """The lines that set the other fields, in the frozen event; each is nearly always None."""
    lines = []
    for name in _OTHER_FIELDS:
        value = values.get(name, "None")
        if value.isidentifier() and value != "None":
            lines += [f"if {value} is not None:", f"    set_field(event, {name!r}, {value})"]
        elif value != "None":
            lines += [f"if (v := {value}) is not None:", f"    set_field(event, {name!r}, v)"]
    return lines
