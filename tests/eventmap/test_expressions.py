"""Expressions of amounts: the value and its text, for every way to say that there is none."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from msgspec import UNSET, Raw

from cancelnorm.eventmap.expressions import (
    RAW_ZEROS,
    amount_of,
    any_digits_of,
    any_number_of,
    digits_of,
    number_of,
)
from cancelnorm.eventmap.plan import RAW_EMPTY
from cancelnorm.reader.scalars import ZEROS, AnyNumber, DecimalNumber, DecimalText, exact
from cancelnorm.reader.structs import Exact
from cancelnorm.reader.types import fields_of


class Row(Exact):
    """A decimal in quotes, one that may be a number, and one that may have an exponent in quotes, too."""

    text: DecimalText
    number: DecimalNumber
    any: AnyNumber


TEXTS = ["0", "-0", "0.00", "-0.00", "1.5", "-1.5", "0.1", "-0.1", "10", "-10", "9", "-9"]
NUMBERS = [*TEXTS, "0e-40", "-0e-40", "1e-40", "-1e-40", "1e3"]


def evaluated(name: str, sent: str, none: tuple[str, ...], *, as_text: bool) -> Any:
    """What the expression for a field gives."""
    [field] = [field for field in fields_of(Row) if field.name == name]
    seen: list[str] = []
    names = {
        "x": sent if name == "text" else Raw(sent.encode()),
        "seen": seen.append,
        "Decimal": Decimal,
        "ZERO": Decimal(0),
        "ZEROS": ZEROS,
        "RAW_ZEROS": RAW_ZEROS,
        "UNSET": UNSET,
        "RAW_EMPTY": RAW_EMPTY,
        "any_digits_of": any_digits_of,
        "any_number_of": any_number_of,
        "digits_of": digits_of,
        "number_of": number_of,
    }
    found = eval(amount_of("x", field, none, as_text=as_text), names)  # it is what maps are compiled to
    assert seen == [] or ("e" not in sent and seen == [sent.strip('"')])
    return found


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("negative", [False, True])
def test_amounts(*, zero: bool, negative: bool) -> None:
    """Zero and what is negative are none where the map says so; -0 is zero. The text is that of the value."""
    none = ("zero",) * zero + ("negative",) * negative
    cases = [*product(["text"], TEXTS), *product(["number", "any"], NUMBERS)]
    cases += product(["any"], [f'"{number}"' for number in NUMBERS])
    for name, sent in cases:
        value = Decimal(sent.strip('"'))
        is_none = (zero and value == 0) or (negative and value < 0)
        found = evaluated(name, sent, none, as_text=False)
        assert found is None if is_none else found == value, (name, sent)
        text = evaluated(name, sent, none, as_text=True)
        assert text is None if is_none else Decimal(text) == value, (name, sent)
        assert is_none or text == exact(found), (name, sent)
