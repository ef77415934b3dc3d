"""Other values of the same type: what a value is replaced by, to see which fields change."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from cancelnorm.reader.scalars import Scalar, exact
from cancelnorm.reader.types import Kind, class_of, literals, members_of, scalar_of

__all__ = ["other_texts", "other_values", "text_of", "value_of"]

_PLAIN: Final = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?", re.ASCII)


def _fraction(text: str) -> Decimal:
    """A number with a fraction; zero for one with an exponent, which may have a billion digits."""
    return Decimal(text if _PLAIN.fullmatch(text) else 0)


value_of: Final = msgspec.json.Decoder(float_hook=_fraction).decode
"""The value of a JSON text."""


def text_of(value: Any) -> str:
    """JSON text of a value."""
    return exact(value) if isinstance(value, Decimal) else msgspec.json.encode(value).decode()


_INTEGER: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)


def other_texts(text: str, kind: Kind) -> list[str]:
    """JSON texts of alternatives to a value; empty if its type has no other value."""
    value = value_of(text)
    found = [text_of(other) for member in members_of(kind) for other in _others_of(value, member)]
    if isinstance(value, str) and _INTEGER.fullmatch(value):  # a number quoted by a dialect
        quoted = [other for member in members_of(kind) for other in _others_of(int(value), member)]
        found += [f'"{text_of(other)}"' for other in quoted if isinstance(other, int)]
    return [other for other in dict.fromkeys(found) if other != text]


def _others_of(value: Any, kind: Kind) -> Iterator[Any]:
    """Alternatives to a value within its type; for ``null``, any value of the type."""
    if words := literals(kind):
        yield from (word for word in words if value is None or type(word) is type(value))
        return
    match scalar_of(kind):
        case Scalar.NUMBER_OR_WORD if isinstance(value, str) and value[:1].isalpha():
            yield f"{value}x"
        case Scalar.DECIMAL | Scalar.NUMBER | Scalar.NUMBER_OR_WORD if value is None or isinstance(
            value, str
        ):
            yield exact(abs(Decimal(value or 0)) + 1)
        case Scalar.NUMBER | Scalar.NUMBER_OR_EMPTY | Scalar.NUMBER_OR_WORD | Scalar.ANY_NUMBER if isinstance(
            value, int | Decimal
        ):
            yield abs(Decimal(value)) + 1
        case Scalar.NAMING | Scalar.PROSE if isinstance(value, str):
            yield from other_values(value, str)
        case Scalar.DECIMAL_OR_EMPTY | Scalar.NUMBER_OR_EMPTY | Scalar.ANY_NUMBER if isinstance(value, str):
            yield exact(abs(Decimal(value or 0)) + 1)
        case Scalar.EPOCH if value is None or isinstance(value, int):
            yield (value or 10**12) ^ 1  # keeps the number of digits
        case Scalar.EPOCH_TEXT if isinstance(value, str):
            yield str(int(value or 10**12) ^ 1)
        case Scalar.FAILED if isinstance(value, int):
            yield from (value + 1 or 1, value - 1_000_003 or 1)
        case None | Scalar.PROSE if kind is Any or value is None or isinstance(value, class_of(kind)):
            yield from other_values(value, type(value or "") if kind is Any else class_of(kind))


def other_values(value: Any, cls: type[Any]) -> Iterator[Any]:
    """Alternatives to a value within a scalar class; empty for any other class."""
    if issubclass(cls, bool):
        yield not value
    elif issubclass(cls, int):
        yield from ((value or 0) + 1, (value or 0) - 1_000_003)
    elif issubclass(cls, str):
        yield from ("?", f"{value or ''}~")
    elif issubclass(cls, Decimal):
        yield abs(Decimal(value)) + 1
