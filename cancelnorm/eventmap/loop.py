"""The loop that an EventMap is compiled to: the code that a person would write for one struct.

It is written out as source, compiled once, and shown by tracebacks and by ``EventMap.source``.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from msgspec import UNSET, Raw
from msgspec.structs import force_setattr

from cancelnorm.endpoint import EXACT, rounded_note
from cancelnorm.eventmap.columns import Column, How
from cancelnorm.eventmap.expressions import (
    RAW_ZEROS,
    amount_of,
    converted,
    digits_of,
    number_of,
    time_of,
    usual_nothing,
)
from cancelnorm.eventmap.plan import RAW_EMPTY, Absent, Plan, says_nothing, scalar_of_field
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of, checked, verifier
from cancelnorm.reader.scalars import (
    PLAIN_LINES,
    ZEROS,
    Scalar,
    Unreadable,
    decimal_of,
    ns_of,
    ns_of_text,
    number_or_empty,
    number_text,
)
from cancelnorm.reader.types import (
    Field,
    class_of,
    fields_of,
    is_struct,
    item_of,
    members_of,
    scalar_of,
)
from cancelnorm.schema import CancelEvent, Note
from cancelnorm.verdict import Verdict

__all__ = ["GLOBALS", "Writer", "compiled", "loop_source", "opening", "same_number", "zipped"]


GLOBALS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "CancelEvent": CancelEvent,
        "DECIMAL": Scalar.DECIMAL.value,
        "Decimal": Decimal,
        "EXACT": EXACT,
        "InvalidOperation": InvalidOperation,
        "NOT_ZERO": Scalar.FAILED.value,
        "Note": Note,
        "NULL": RAW_EMPTY[1],
        "RAW_EMPTY": RAW_EMPTY,
        "RAW_ZEROS": RAW_ZEROS,
        "UNSET": UNSET,
        "Unreadable": Unreadable,
        "ZERO": ZEROS["0"],
        "ZEROS": dict(ZEROS),
        # Texts that are a plain decimal each, one a line. ``Decimal`` was called with each before, and takes
        # no text of two lines, so a line is a text.
        "ARE_PLAIN": PLAIN_LINES.fullmatch,
        "LINE_END": "\n",
        "builtins_of": builtins_of,
        "checked": checked,
        "decimal_of": decimal_of,
        "digits_of": digits_of,
        "ns_of": ns_of,
        "ns_of_text": ns_of_text,
        "number_of": number_of,
        "number_or_empty": number_or_empty,
        "number_text": number_text,
        "rounded_note": rounded_note,
        "says_nothing": says_nothing,
        "set_field": force_setattr,
        "prose": prose,
    }
)
_MOST_ARGUMENTS: Final = 30  # more are passed through a list, and a call takes twice as long
_CONTEXT: Final[Mapping[str, str]] = MappingProxyType(
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
_FIELDS: Final = CancelEvent.__struct_fields__


class Loop(NamedTuple):
    """The functions that a map is compiled to.

    ``rows`` gives the events of rows, ``one`` that of one row. ``plain`` and ``plain_one`` do so for rows each
    of which has all of the ``usual`` keys and no others; they give None where a row is not as plain as that.
    """

    rows: Any
    one: Any
    plain: Any | None
    plain_one: Any | None
    usual: int


def loop_source(plan: Plan) -> tuple[str, dict[str, Any]]:
    """The source of the functions, and the names that it uses."""
    writer = Writer(plan)
    source = _functions(plan, writer.body(), writer)
    usual, body = writer.plain_body()
    writer.names["usual"] = usual
    return source + _plain_functions(body, writer), {**GLOBALS, **writer.names}


def compiled(source: str, names: dict[str, Any], file: str) -> Loop:
    """Compile the functions."""
    exec(compile(source, file, "exec"), names)  # noqa: S102  # as dataclasses and attrs do
    return Loop(names["rows"], names["one"], names.get("plain"), names.get("plain_one"), names["usual"])


def _plain_functions(body: Sequence[str], writer: "Writer") -> str:
    """The functions for plain rows; none where no row of the struct can be one."""
    if not body:
        return ""
    context = dict(writer.context())
    single = [f"    {context[line.strip(' ,')]}," if line.strip(" ,") in context else line for line in body]
    opened = [
        "    record, origin, notes = call.record, call.endpoint, []",
        "    if call.request_id is not None or record.account is not None:",
        "        return None",
        "    texts = []",
        "    seen = texts.append",
    ]
    closed = [
        "    except (KeyError, InvalidOperation, ValueError):",
        "        return None",
        "    if texts and ARE_PLAIN(LINE_END.join(texts)) is None:",
        "        return None",
        "    call.notes += notes",
    ]
    many = [
        "def plain(raws, call, paths):",
        *opened,
        *(f"    {name} = {source}" for name, source in context.items() if name in _FIELDS[:_MOST_ARGUMENTS]),
        "    events = []",
        "    add = events.append",
        "    try:",
        "        for index, raw, path in zip(range(len(raws)), raws, paths):",
        *(f"            {line}" for line in body),
        "            add(event)",
        *closed,
        "    return events",
    ]
    one = [
        "def plain_one(raw, call, path, index):",
        *opened,
        "    try:",
        *(f"        {line}" for line in single),
        *closed,
        "    return event",
    ]
    return "\n".join(("", "", *many, "", "", *one, ""))


def _functions(plan: Plan, body: Sequence[str], writer: "Writer") -> str:
    """Both functions around the same body."""
    start = opening(plan, writer)
    end = [
        "        if texts and ARE_PLAIN(LINE_END.join(texts)) is None:",
        "            raise Unreadable(DECIMAL)",
        "    except (InvalidOperation, ValueError) as error:",
        "        raise Unreadable(DECIMAL) from error",
    ]
    rows = [
        "def rows(raws, call, paths, start, given, beside):",
        *same_number(writer),
        *start,
        "    events = []",
        "    add = events.append",
        "    try:",
        f"        for {zipped(writer)}:",
        *(f"            {line}" for line in body),
        "            add(event)",
        *end,
        "    return events",
    ]
    one = [
        "def one(raw, call, path, index, given, other):",
        *start,
        "    try:",
        *(f"        {line}".replace("continue  # no event", "return None") for line in body),
        *end,
        "    return event",
    ]
    return "\n".join((*rows, "", "", *one, ""))


def opening(plan: Plan, writer: "Writer") -> list[str]:
    """The first lines of a function: what all rows share."""
    lines = [
        "    record, origin, notes = call.record, call.endpoint, call.notes",
        *(f"    {name} = {source}" for name, source in writer.context()),
    ]
    if plan.said.reads_status:
        lines.append("    http_status = record.status")
    if plan.given:
        lines.append(f"    {', '.join(writer.given_names())}, = given")
    if plan.said.message is not None:
        lines.append("    told = None")
    return [*lines, "    texts = []", "    seen = texts.append"]


def same_number(writer: "Writer") -> list[str]:
    """A check that there is a row beside each row."""
    return [
        "    if len(beside) != len(raws):",
        "        raise ValueError('the rows beside these have another number')",
    ] * writer.uses_other


def zipped(writer: "Writer") -> str:
    """The head of a loop over the rows, and those beside them."""
    beside, others = (", other", ", beside") if writer.uses_other else ("", "")
    return f"index, path, raw{beside} in zip(range(start, start + len(raws)), paths, raws{others})"


class Writer:
    """Writes the body for one row, which ends in an ``event``."""

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
        """What is the same for all rows, and where it comes from."""
        for name, source in _CONTEXT.items():
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
        """What is known of a field."""
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
                function = self.named(f"{name}_of", column.table)
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

    def body(self) -> list[str]:
        """The body that makes an event."""
        before, values = self.values()
        lines = [] if self._taken() else [*self._verdict()]
        lines += before
        lines += self._never_zero()
        lines += self._rounded()
        lines += self._repeats()
        lines += self._event(values)
        return self._hoisted(lines)

    def values(self) -> tuple[list[str], dict[str, str]]:
        """The expressions for the fields of the event, and the lines that come before them."""
        plan = self.plan
        lines: list[str] = []
        values = {name: name for name in (*_CONTEXT, "index", "path") if name not in plan.columns}
        values |= {name: name for name in self.given_names()}
        values["kind"] = self.named("KIND", plan.kind)
        for name in ("outcome", "evidence", "reason", "status", "initiator", "code"):
            values[name] = name
        if plan.said.function is None and plan.said.table is None:
            for name, value in zip(_VERDICT, plan.said.otherwise or (), strict=False):
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
        values["extra"] = "extra"
        return lines, values

    def _taken(self) -> Verdict | None:
        """The verdict of rows with a good code, where it says no more than outcome, evidence and status."""
        taken = self.plan.said.taken
        return None if taken is None or any((taken.reason, *taken[4:])) else taken

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

    def _passed_over(self) -> Iterator[tuple[str, Field]]:
        """The fields that may say something beside the one that was taken, with the test that they do."""
        shared = [f.__name__ for c in self.plan.columns.values() for f in c.fields]
        for name, column in self.plan.columns.items():
            for i, part in enumerate(column.parts[1:], 1):
                earlier = " or ".join(f"{name}_{j} is not None" for j in range(i))
                for member in part.fields:
                    name_of = member.__name__
                    is_told = name_of in self.plan.also or shared.count(name_of) > 1
                    if self.plan.is_own(member) and not is_told:
                        yield f"{name}_{i} is not None and ({earlier})", self.field(member)

    def _never_zero(self) -> Iterator[str]:
        """Refuse 0 where a number is marked as another one; msgspec lets it through."""
        for column in self.plan.columns.values():
            for part in column.parts or (column,):
                field = self.field(part.fields[0]) if part.how is How.NUMBER else None
                if field is not None and Scalar.FAILED in map(scalar_of, members_of(field.kind)):
                    yield f"if {self.at(part.fields[0])} == 0:"
                    yield "    raise Unreadable(NOT_ZERO)"

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

    def _repeats(self) -> Iterator[str]:
        """What says again what another field says is told only where it differs."""
        if not self.plan.repeats:
            return
        yield "repeated = None"
        for name, of in self.plan.repeats.items():
            field, other = self.fields[name], self.fields[of]
            x, y = f"raw.{name}", f"raw.{of}"
            yield f"if {x} != {y}" + ("" if field.required else f" and {x} is not UNSET") + ":"
            yield from (f"    {line}" for line in self._checks(field, x))
            yield f"    repeated = {{**(repeated or {{}}), {field.key!r}: {converted(field, x)}}}"
            if scalar_of_field(field) is Scalar.DECIMAL is scalar_of_field(other):
                yield f"    if Decimal({x}) != Decimal({y}):"
                yield (
                    f"        notes.append(Note('contradiction', f'{{path}}.{field.key}', "
                    f"f'{other.key} says {{{y}}}', {x}))"
                )

    def _checks(self, field: Field, x: str) -> Iterator[str]:
        """Check a marked scalar that is handed on as it was sent."""
        scalar = scalar_of_field(field)
        members = members_of(field.kind)
        if len(members) > 1 or is_struct(members[0]) or item_of(members[0]) is not None:
            verify = verifier(field.kind)
            if verify is not _NO_CHECK:
                yield f"{self.named(f'verify_{field.name}', verify)}({x})"
        elif scalar is Scalar.DECIMAL:
            yield f"decimal_of({x})"
        elif scalar is Scalar.DECIMAL_OR_EMPTY:
            yield f"{x} and decimal_of({x})"
        elif scalar is Scalar.EPOCH:
            yield f"ns_of({x})"
        elif scalar is Scalar.EPOCH_TEXT:
            yield f"ns_of_text({x})"

    def _words(self) -> Iterator[tuple[str, Any, Field]]:
        """The columns that give None for a word they do not know, with the fields to tell instead.

        Of the fields that a value is made of, those are told that no other column reads, and the first one if
        others only make something of it too.
        """
        readers: dict[str, list[How]] = {}
        for column in self.plan.columns.values():
            for member in column.fields:
                readers.setdefault(member.__name__, []).append(column.how)
        for name, column in self.plan.columns.items():
            for member in column.fields:
                hows = readers[member.__name__]
                is_alone = len(hows) == 1 or (member is column.fields[0] and {*hows} == {How.MADE})
                is_made = column.how is How.MADE and is_alone and member not in self.plan.said.fields
                if self.plan.is_own(member) and (column.how is How.WORD or is_made):
                    yield name, member, self.field(member)

    def _extra(self) -> Iterator[str]:
        """Make ``extra``; nearly always there is nothing to tell but the facts that all rows share."""
        rest = self.plan.rest
        if self.plan.absent is not Absent.MISSING or any(field.required for field in rest):
            yield from self._extra_lines()
            return
        tests = [f"{' is '.join(f'raw.{field.name}' for field in rest)} is UNSET"] * bool(rest)
        tests += self._known_words([f"raw.{field.name}" for field in rest])
        tests += [f"not ({test})" for test, _ in self._passed_over()]
        tests += ["not repeated"] * bool(self.plan.repeats)
        nothing = "extra = dict(facts) if facts else None" if "extra" in self.plan.given else "extra = None"
        if not tests:
            yield nothing
            return
        yield from (*_all_of("if", tests), f"    {nothing}")
        yield from ("else:", *(f"    {line}" for line in self._extra_lines()))

    def _known_words(self, unset: Collection[str]) -> list[str]:
        """The tests that no word is one that a table lacks; those ``unset`` are tested to be not there."""
        return list(
            dict.fromkeys(
                f"{name} is not None"
                if field.required
                else f"({self.at(member)} is UNSET or {name} is not None)"
                for name, member, field in self._words()
                if self.at(member) not in unset
            )
        )

    def _extra_lines(self) -> Iterator[str]:
        rest = self.plan.rest
        constant = [f for f in rest if f.required and self._is_always(f)]
        yield from (line for f in constant for line in self._checks(f, f"raw.{f.name}"))
        told = ", ".join(f"{f.key!r}: {converted(f, f'raw.{f.name}')}" for f in constant)
        yield f"extra = {{{told}}}"
        for field in rest:
            if field not in constant:
                yield from self._told(field)
        yield from self._unknown_words()
        for test, field in self._passed_over():
            yield f"if {test}:"
            yield f"    extra[{field.key!r}] = {converted(field, f'raw.{field.name}')}"
        if self.plan.repeats:
            yield "if repeated:"
            yield "    extra.update(repeated)"
        if "extra" in self.plan.given:
            yield "if facts:"
            yield "    extra.update(facts)"
        yield "extra = extra or None"

    def _unknown_words(self) -> Iterator[str]:
        """Tell the words that no table knows."""
        done = set[str]()
        for _, member, field in self._words():
            if field.name in self.plan.also or field.name in done:
                continue
            done.add(field.name)
            same = [n for n, m, _ in self._words() if m is member]
            unknown = " and ".join(f"{n} is None" for n in same)
            x = self.at(member)
            absent = self._present(field, x)
            if absent and class_of(field.kind) is str:
                absent = f"{x} and {absent}"
            elif not field.required:
                absent = f"{x} is not UNSET" + (f" and {absent}" if absent else "")
            yield f"if {unknown}{' and ' + absent if absent else ''}:"
            yield f"    extra[{field.key!r}] = {converted(field, x)}"

    def _told(self, field: Field) -> Iterator[str]:
        """Hand a field without a home on, where it is there and says something."""
        x = f"raw.{field.name}"
        usual = usual_nothing(field, x, self.named) if self.plan.absent is Absent.ZERO else None
        if usual is not None:
            yield f"if not {usual}:"
            yield from (f"    {line}" for line in self._checks(field, x))
            condition = self._present(field, x)
            yield f"    if {condition}:" if condition else "    if True:"
            yield f"        extra[{field.key!r}] = {converted(field, x)}"
            return
        for check in self._checks(field, x):
            yield check if field.required else f"{x} is UNSET or {check}"
        is_there = [] if field.required or self._truth(field, "t") else ["t is not UNSET"]
        yield f"t = {x}"
        yield f"if {' and '.join(filter(None, (*is_there, self._present(field, 't'))))}:"
        yield f"    extra[{field.key!r}] = {converted(field, 't')}"

    def _is_always(self, field: Field) -> bool:
        return not self._present(field, "x")

    def _present(self, field: Field, x: str) -> str:
        """The condition under which a value says something; empty where it always does."""
        tests = [self._truth(field, x)]
        if values := self.plan.without.get(field.name):
            tests.append(f"{x} not in {self.named(f'{field.name}_without', values)}")
        is_zero = self.plan.absent is Absent.ZERO
        if scalar_of_field(field) is Scalar.NUMBER_OR_EMPTY:
            is_missing = self.plan.absent is Absent.MISSING
            tests.append(f"{x} != NULL" if is_missing else f"{x} not in RAW_EMPTY")
        decided = {int, bool, type(None)} | (set() if is_zero else {str, Raw})  # by the test for truth
        if self.plan.absent is not Absent.MISSING and not _classes(field) <= decided:
            if is_zero and scalar_of_field(field) is Scalar.DECIMAL:
                tests.append(f"{x} not in ZEROS")
            tests.append(f"not says_nothing({x}, zero={is_zero})")
        return " and ".join(filter(None, tests))

    def _truth(self, field: Field, x: str) -> str:
        """A test that a value fails which is false and says nothing, as one that is not there; empty for none."""
        classes = _classes(field)
        if self.plan.absent is Absent.ZERO:
            return x
        if self.plan.absent is Absent.MISSING or classes <= {int, bool, Raw}:
            return ""
        return f"({x} or {x} == 0)" if classes & {int, bool} else x

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
                yield from (*_all_of("if not", tests), *(f"    {line}" for line in rest))
            yield from told
            return
        said = {
            name: "None" if (value := getattr(taken, name)) is None else self.named(f"{name}_taken", value)
            for name in ("outcome", "evidence", "status")
        }
        yield from (
            *_all_of("if", [self._is_good(), *tests]),
            *(f"    {line}" for line in _call({**values, **said})),
        )
        yield from ("else:", *(f"    {line}" for line in (*self._verdict(), *_call(values), *rest)))
        yield from told

    def _ordinary(self, values: Mapping[str, str]) -> list[str] | None:
        """The tests that a row says nothing beyond the first fields of an event; None where most rows do."""
        rest = self.plan.rest
        if self.plan.absent is not Absent.MISSING or any(field.required for field in rest):
            return None
        if not {*_FIELDS[_MOST_ARGUMENTS:]}.isdisjoint(self.plan.given):
            return None
        unset = [f"raw.{field.name}" for field in rest]
        tests: list[str] = []
        for name in _FIELDS[_MOST_ARGUMENTS:]:
            value = values.get(name, "None")
            is_taken = name == value and name in _VERDICT and self._taken() is not None
            is_told = name == "message" and any(self._message())
            if name == "extra" or value == "None" or is_taken or is_told:
                continue
            test = self._rare_test(name, value)
            if test is None:
                return None
            (unset if test.startswith("raw.") and " " not in test else tests).append(test)
        tests += self._known_words(unset)
        tests += [f"not ({test})" for test, _ in self._passed_over()]
        tests += ["repeated is None"] * bool(self.plan.repeats)
        return [f"{' is '.join(dict.fromkeys(unset))} is UNSET"] * bool(unset) + tests

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
        first = _FIELDS[:_MOST_ARGUMENTS]
        values = {name: name for name in first if name in (*_CONTEXT, "index", "path")}
        values |= {"kind": "KIND", "outcome": "outcome", "evidence": "evidence", "status": "status"}
        values["raw_status"] = f"{x} or None"
        tests = []
        for name, column in plan.columns.items():
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
        if any(field.required for field in plan.rest):
            return nothing
        usual = {field.name for field in self.fields.values() if field.required}
        for name, column in plan.columns.items():
            if len(column.fields) > 1 or column.how in (How.MADE, How.FIRST):
                return nothing
            field = self.field(column.fields[0]) if column.fields else None
            is_first = name in _FIELDS[:_MOST_ARGUMENTS]
            is_named = column.how is How.NUMBER and bool(column.none)
            if not is_first and (field is None or (field.required and not is_named)):
                return nothing
            if field is not None and (is_named or (is_first and not field.required)):
                usual.add(field.name)
        return frozenset(usual)

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

    def _hoisted(self, lines: Sequence[str]) -> list[str]:
        """The body with what every row reads more than once read once."""
        counted, head, is_rare = [], "", False
        for line in lines:
            if not line.startswith(" "):
                is_rare = line == "else:" or (head, line) == ("if not (", "):")
                head = line
            if not is_rare:
                counted.append(line)
        text = "\n".join(counted)
        hoisted, lines = [], list(lines)
        for owner, name in sorted(set(re.findall(r"\b(raw|other)\.(\w+)\b", text))):
            read = re.compile(rf"\b{owner}\.{name}\b")
            if len(read.findall(text)) > 1:
                lines = [read.sub(f"{owner}_{name}", line) for line in lines]
                hoisted.append(f"{owner}_{name} = {owner}.{name}")
        return [*hoisted, *lines]


_NO_CHECK: Final = verifier(object)  # of a type without marked scalars
_VERDICT: Final = ("outcome", "evidence", "reason", "status", "initiator", "code")


def _classes(field: Field) -> set[type]:
    """The classes of a field's values at run time."""
    return {class_of(member) for member in members_of(field.kind)}


def _all_of(word: str, tests: Sequence[str]) -> list[str]:
    """The head of a statement whose condition is that all tests hold."""
    return [f"{word} (", *(f"    {'and ' * (i > 0)}{test}" for i, test in enumerate(tests)), "):"]


def _call(values: Mapping[str, str]) -> list[str]:
    """The call that builds an event, with as many fields as a call is fast with."""
    order = [values.get(name, "None") for name in _FIELDS[:_MOST_ARGUMENTS]]
    last = max(i for i, value in enumerate(order) if value != "None")
    given = [
        f"    {value},{f'  # {name}' if value == 'None' else ''}"
        for name, value in zip(_FIELDS, order[: last + 1], strict=False)
    ]
    return ["event = CancelEvent(", *given, ")"]


def _setters(values: Mapping[str, str]) -> list[str]:
    """The lines that set the other fields, in the frozen event; each is nearly always None."""
    lines = []
    for name in _FIELDS[_MOST_ARGUMENTS:]:
        value = values.get(name, "None")
        if value.isidentifier() and value != "None":
            lines += [f"if {value} is not None:", f"    set_field(event, {name!r}, {value})"]
        elif value != "None":
            lines += [f"if (v := {value}) is not None:", f"    set_field(event, {name!r}, v)"]
    return lines
