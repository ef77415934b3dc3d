"""Expressions of the loop: how a value of a struct's field becomes a value of the event."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Raw

from cancelnorm.eventmap.plan import OR_EMPTY, scalar_of_field
from cancelnorm.reader.fast import is_as_sent
from cancelnorm.reader.scalars import ZEROS, Scalar, any_number, number_text
from cancelnorm.reader.types import Field, class_of, fields_of, is_struct, item_of, members_of, scalar_of

__all__ = [
    "NUMBERS",
    "RAW_ZEROS",
    "amount_of",
    "any_digits_of",
    "any_number_of",
    "converted",
    "digits_of",
    "number_of",
    "time_of",
    "usual_nothing",
]

RAW_ZEROS: Final = (Raw(b'"0"'), Raw(b"0"))


NUMBERS: Final = (Scalar.NUMBER, Scalar.NUMBER_OR_EMPTY, Scalar.ANY_NUMBER)


def converted(field: Field, x: str) -> str:
    """A value without a home as ``extra`` holds it."""
    members = members_of(field.kind)
    if len(members) == 1:
        if scalar_of(members[0]) is Scalar.PROSE:
            return f"prose({x})"
        if scalar_of(members[0]) is Scalar.NUMBER:
            return f"number_text({x})"
        if scalar_of(members[0]) is Scalar.NUMBER_OR_EMPTY:
            return f"number_or_empty({x})"
        if scalar_of(members[0]) is Scalar.NUMBER_OR_WORD:
            return f"number_or_word({x})"
        if scalar_of(members[0]) is Scalar.ANY_NUMBER:
            return f"any_number({x})"
    if all(map(is_as_sent, members)):
        has_parts = any(is_struct(m) or item_of(m) is not None for m in members)
        return f"to_builtins({x})" if has_parts else x
    if any(
        is_struct(m)
        or item_of(m) is not None
        or scalar_of(m) in (Scalar.PROSE, Scalar.NUMBER_OR_WORD, *NUMBERS)
        for m in members
    ):
        return f"builtins_of({x})"
    return x


def amount_of(x: str, field: Field, none: Sequence[str], *, as_text: bool = False) -> str:
    """A decimal, or its plain text; it is checked with all others of the payload."""
    scalar = scalar_of_field(field)
    if scalar not in (Scalar.DECIMAL, Scalar.DECIMAL_OR_EMPTY, *NUMBERS):
        raise TypeError(f"{field.name} is no decimal")
    if scalar in NUMBERS:
        any_ = "any_" * (scalar is Scalar.ANY_NUMBER)
        made, is_zero, zero = f"{any_}number_of({x}, seen)", f"{x} in RAW_ZEROS", "ZERO"
    else:
        made, is_zero, zero = "(seen(t) or Decimal(t))", "t in ZEROS", "ZEROS[t]"
    value = f"{zero} if {is_zero} else {made}"
    if "zero" in none and "negative" in none:
        value = f"None if {is_zero} else d if (d := {made}) > 0 else None"
    elif "zero" in none:
        value = f"None if {is_zero} else {made} or None"
    elif "negative" in none:
        value = f"{zero} if {is_zero} else d if (d := {made}) >= 0 else None"
    if as_text:
        value = _text_of(x, is_zero, none, digits=f"{any_}digits_of" if scalar in NUMBERS else "")
    has_null = any(class_of(member) is type(None) for member in members_of(field.kind))
    if scalar is Scalar.DECIMAL_OR_EMPTY:
        return f"None if not (t := {x}) else {value}"  # UNSET is false, as "" is
    tests = [f"{x} is UNSET"] * (not field.required) + [f"{x} is None"] * has_null
    tests += [f"{x} in RAW_EMPTY"] * (scalar in OR_EMPTY)
    head = f"None if {' or '.join(tests)} else " if tests else ""
    return head + value.replace("t in ZEROS", f"(t := {x}) in ZEROS", 1)


def _text_of(x: str, is_zero: str, none: Sequence[str], *, digits: str) -> str:
    """The text of a decimal that may be one of ``none``; ``digits`` reads it where it may stand without quotes."""
    is_other, is_positive = (
        "(t >= '1' or t.strip('-0.'))",
        "t >= '0'",
    )  # than zero; a minus is less than digits
    tests = {
        (): "",
        ("zero",): is_other,
        ("negative",): f"{is_positive} or not {is_other}",
        ("zero", "negative"): f"{is_positive} and {is_other}",
    }
    test = tests[tuple(none)]
    zero = "None" if "zero" in none else "'0'" if digits else "t"
    read = f"(t := {digits}({x}, seen)) and" if digits else "seen(t) or"
    return f"{zero} if {is_zero} else {read} " + (f"(t if {test} else None)" if test else "t")


def number_of(raw: Raw, seen: Callable[[str], None]) -> Decimal:
    """A number, in quotes or not; its text is left to be checked with all others of the payload."""
    text = digits_of(raw, seen)
    zero = ZEROS.get(text)
    return Decimal(text) if zero is None else zero


def digits_of(raw: Raw, seen: Callable[[str], None]) -> str:
    """The text of a number, likewise."""
    sent = bytes(raw)
    if sent[:1] == b'"':
        text = _quoted(sent)
    else:
        text = sent.decode("utf-8", "replace")
        if "e" in text or "E" in text:
            return number_text(raw)
    if text not in ZEROS:
        seen(text)
    return text


def any_number_of(raw: Raw, seen: Callable[[str], None]) -> Decimal:
    """A number, where an exponent may stand in quotes, too."""
    return Decimal(any_digits_of(raw, seen))


def any_digits_of(raw: Raw, seen: Callable[[str], None]) -> str:
    """The text of such a number."""
    sent = bytes(raw)
    return any_number(raw) if b"e" in sent or b"E" in sent else digits_of(raw, seen)


_quoted: Final = msgspec.json.Decoder(str).decode


def usual_nothing(field: Field, x: str, named: Callable[[str, Any], str], *, zero: bool) -> str | None:
    """A quick test for what a venue usually writes to say nothing: empty, with ``zero`` zero and false too.

    An object of such says nothing either. None where there is no test. What it holds for needs no check of its
    scalars.
    """
    tests = []
    falsy = (str, int, bool, type(None)) if zero else (str, type(None))
    for member in members_of(field.kind):
        if is_struct(member):
            parts = [usual_nothing(part, f"{x}.{part.name}", named, zero=zero) for part in fields_of(member)]
            if None in parts:
                return None
            tests.append(
                f"type({x}) is {named(member.__name__, member)} and {' and '.join(filter(None, parts))}"
            )
        elif scalar_of(member) in NUMBERS:
            empty = [f"{x} in RAW_EMPTY"] * (scalar_of(member) in OR_EMPTY)
            tests += [*[f"{x} in RAW_ZEROS"] * zero, *empty]
        elif scalar_of(member) is None and class_of(member) in falsy:
            tests.append(f"not {x}")  # UNSET is false
        else:
            return None
    if not field.required and f"not {x}" not in tests:
        tests.append(f"{x} is UNSET")
    if zero and tests == [f"not {x}"] and class_of(field.kind) is str:
        tests.append(f"{x} in ZEROS")
    return f"({' or '.join(dict.fromkeys(tests))})" if tests else None


def time_of(x: str, field: Field) -> str:
    """Nanoseconds of an epoch."""
    scalars = {scalar_of(member) for member in members_of(field.kind)} - {None}
    if scalars == {Scalar.EPOCH_TEXT}:
        usual = (
            "int(t) * 1000000 if len(t) == 13 and t > '1' and t.isdigit() and t.isascii() else ns_of_text(t)"
        )
        return f"None if not (t := {x}) else {usual}"  # UNSET is false, as "" is
    if scalars != {Scalar.EPOCH}:
        raise TypeError(f"{field.name} is no epoch")
    value = f"{x} * 1000000 if {x} < 10000000000000 else ns_of({x})"
    return value if field.required else f"None if {x} is UNSET else {value}"
