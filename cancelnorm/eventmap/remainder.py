"""Remainder: the lines of the loop that hand on in ``extra`` what no field of the event has."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from msgspec import Raw

from cancelnorm.eventmap.columns import How
from cancelnorm.eventmap.expressions import NUMBERS, converted, usual_nothing
from cancelnorm.eventmap.plan import OR_EMPTY, Absent, scalar_of_field
from cancelnorm.eventmap.values import Values
from cancelnorm.reader.fast import verifier
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import Field, class_of, is_struct, item_of, members_of, scalar_of

__all__ = ["Remainder", "all_of"]

_NO_CHECK: Final = verifier(object)  # of a type without marked scalars


class Remainder(Values):
    """Writes what becomes of fields without a home, of words that no table knows, and of what is said twice."""

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
        yield from (*all_of("if", tests), f"    {nothing}")
        yield from ("else:", *(f"    {line}" for line in self._extra_lines()))

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

    def _told(self, field: Field) -> Iterator[str]:
        """Hand a field without a home on, where it is there and says something."""
        x = f"raw.{field.name}"
        usual = self._usual_nothing(field, x)
        if usual is not None:
            yield f"if not {usual}:"
            if self._is_number(field) and field.name not in self.plan.without:
                yield f"    t = {converted(field, x)}"
                yield f"    if t and {_is_no_zero('t')}:"
                yield f"        extra[{field.key!r}] = t"
                return
            yield from (f"    {line}" for line in self._checks(field, x))
            t = x
            if all(map(is_struct, members_of(field.kind))):  # converting it is most of the work
                t = "t"
                yield f"    t = {converted(field, x)}"
            condition = self._present(field, t)
            yield f"    if {condition}:" if condition else "    if True:"
            yield f"        extra[{field.key!r}] = {t if t != x else converted(field, x)}"
            return
        for check in self._checks(field, x):
            yield check if field.required else f"{x} is UNSET or {check}"
        is_there = [] if field.required or self._truth(field, "t") else ["t is not UNSET"]
        yield f"t = {x}"
        yield f"if {' and '.join(filter(None, (*is_there, self._present(field, 't'))))}:"
        yield f"    extra[{field.key!r}] = {converted(field, 't')}"

    def _usual_nothing(self, field: Field, x: str) -> str | None:
        """The quick test for a value that says nothing; None for what the test for truth decides."""
        is_zero = self.plan.absent is Absent.ZERO
        decided = {str, list, type(None)} | (set() if is_zero else {Raw})
        if self.plan.absent is Absent.MISSING or _classes(field) <= decided:
            return None
        return usual_nothing(field, x, self.named, zero=is_zero)

    def is_told_by_truth(self, field: Field) -> bool:
        """Whether no value of a field says anything that is false; what is true may say nothing all the same."""
        falsy = {int, bool} if self.plan.absent is Absent.ZERO else set()
        return _classes(field) <= {str, list, type(None)} | falsy and not [*self._checks(field, "x")]

    def _is_number(self, field: Field) -> bool:
        """Whether ``extra`` has the text of a number, which is checked as it is read."""
        members = members_of(field.kind)
        return len(members) == 1 and scalar_of(members[0]) in NUMBERS

    def _is_always(self, field: Field) -> bool:
        return not self._present(field, "x")

    def _present(self, field: Field, x: str) -> str:
        """The condition under which a value says something; empty where it always does."""
        tests = [self._truth(field, x)]
        if values := self.plan.without.get(field.name):
            tests.append(f"{x} not in {self.named(f'{field.name}_without', values)}")
        is_zero = self.plan.absent is Absent.ZERO
        if scalar_of_field(field) in OR_EMPTY:
            is_missing = self.plan.absent is Absent.MISSING
            tests.append(f"{x} != NULL" if is_missing else f"{x} not in RAW_EMPTY")
        classes = _classes(field)
        decided = {int, bool, list, type(None)} | (set() if is_zero else {str, Raw})  # by the test for truth
        if self.plan.absent is not Absent.MISSING and not classes <= decided:
            is_text = is_zero and classes <= {str, type(None)}
            sent = f"any_number({x})" if scalar_of_field(field) is Scalar.ANY_NUMBER else x
            tests.append(_is_no_zero(x) if is_text else f"not says_nothing({sent}, zero={is_zero})")
        return " and ".join(filter(None, tests))

    def _truth(self, field: Field, x: str) -> str:
        """A test that a value fails which is false and says nothing, as one that is not there; empty for none."""
        classes = _classes(field)
        if self.plan.absent is Absent.ZERO:
            return x
        if self.plan.absent is Absent.MISSING or classes <= {int, bool, Raw}:
            return ""
        return f"({x} or {x} == 0)" if classes & {int, bool} else x


def _is_no_zero(x: str) -> str:
    """A test that a text which is not empty is not zero; zero begins with a minus, a point or 0, all less than 1."""
    return f"({x} >= '1' or {x} not in ZEROS and ({x}.strip('0.-') or '0' not in {x}))"


def _classes(field: Field) -> set[type]:
    """The classes of a field's values at run time."""
    return {class_of(member) for member in members_of(field.kind)}


def all_of(word: str, tests: Sequence[str]) -> list[str]:
    """The head of a statement whose condition is that all tests hold."""
    return [f"{word} (", *(f"    {'and ' * (i > 0)}{test}" for i, test in enumerate(tests)), "):"]
