"""Scalars as venues send them, and their conversion.

The types stand in the venues' structs. What msgspec cannot check by itself (the lexical form of a decimal,
the number of digits of an epoch) is marked in their metadata and checked by the readers. Conversions refuse
with ``Unreadable`` exactly what that check refuses. None of them remembers a value: a text that was never
seen before costs what a repeated one costs.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Raw

__all__ = [
    "DECIMALS",
    "MARK",
    "PLAIN_LINES",
    "SCALAR_CHECKS",
    "SHORT_ENOUGH",
    "ZEROS",
    "AnyNumber",
    "Code",
    "DecimalNumber",
    "DecimalOrEmpty",
    "DecimalText",
    "Epoch",
    "EpochText",
    "Failed",
    "Int",
    "NamingText",
    "NumberOrEmpty",
    "NumberOrWord",
    "Prose",
    "Scalar",
    "Unreadable",
    "any_number",
    "any_number_or_word",
    "are_plain",
    "decimal_of",
    "exact",
    "excess",
    "identifier",
    "known_amount",
    "known_ns",
    "ns_of",
    "ns_of_text",
    "number_or_empty",
    "number_or_word",
    "number_text",
]


class Unreadable(ValueError):
    """A scalar that is not what its type promises."""


class Scalar(Enum):
    """A mark that says more of a scalar than its class does; the value says what is expected."""

    DECIMAL = "a plain decimal"
    NUMBER = "a plain decimal or a number"
    NUMBER_OR_EMPTY = "a plain decimal, a number or nothing"
    NUMBER_OR_WORD = "a plain decimal, a number or a word"
    ANY_NUMBER = "a decimal, a number or nothing"
    EPOCH = "an epoch of 13 digits (ms) or 16 digits (µs)"
    FAILED = "an integer other than 0"
    DECIMAL_OR_EMPTY = "a plain decimal or nothing"
    NAMING = "a text other than '0'"
    EPOCH_TEXT = "an epoch of 13 digits (ms) or 16 digits (µs) in quotes, or nothing"
    PROSE = "a string"


MARK: Final = "cancelnorm"
_INT64: Final = (-(2**63), 2**63 - 1)

Int = Annotated[int, Meta(ge=_INT64[0], le=_INT64[1])]
"""A 64-bit integer: what ids, counts and flags of the venues fit in."""

Failed = Annotated[int, Meta(ge=_INT64[0], le=_INT64[1], extra={MARK: Scalar.FAILED})]
"""The code of an answer that reports a failure, at a venue where 0 is success."""

NamingText = Annotated[str, Meta(pattern=r"^(?!0\Z)", extra={MARK: Scalar.NAMING})]
"""An id in quotes, at a venue where 0 is no id."""

Code = int | str
"""A venue's own code."""

Prose = Annotated[str, Meta(extra={MARK: Scalar.PROSE})]
"""Any text that a venue writes for people. It may repeat what was sent to the venue, secrets included."""

DecimalText = Annotated[str, Meta(max_length=100, extra={MARK: Scalar.DECIMAL})]
"""A decimal in quotes: digits, at most one point and one minus; no exponent, no ``NaN``, no ``1_000``."""

DecimalNumber = Annotated[Raw, Meta(extra={MARK: Scalar.NUMBER})]
"""A decimal that is in quotes in some recordings and a JSON number in others; the text is kept either way."""

NumberOrEmpty = Annotated[Raw, Meta(extra={MARK: Scalar.NUMBER_OR_EMPTY})]
"""The same, or ``""`` or null for none: msgspec reads no Raw beside None."""

NumberOrWord = Annotated[Raw, Meta(extra={MARK: Scalar.NUMBER_OR_WORD})]
"""The same, or a word in its place, as ``"market_price"``: small letters, with underscores between."""

AnyNumber = Annotated[Raw, Meta(extra={MARK: Scalar.ANY_NUMBER})]
"""The same as ``NumberOrEmpty`` of a venue that writes exponents in quotes, too, as ``"0E-11"``."""

Epoch = Annotated[int, Meta(ge=10**12, lt=10**16, extra={MARK: Scalar.EPOCH})]
"""Milliseconds (13 digits) or microseconds (16 digits) since the epoch, UTC."""

DecimalOrEmpty = Annotated[str, Meta(max_length=100, extra={MARK: Scalar.DECIMAL_OR_EMPTY})]
"""A decimal in quotes, or ``""`` for none."""

EpochText = Annotated[str, Meta(max_length=100, extra={MARK: Scalar.EPOCH_TEXT})]
"""Milliseconds (13 digits) or microseconds (16 digits) since the epoch, UTC, in quotes; ``""`` for none."""

_MOST_DIGITS: Final = 60
_MOST_DECIMALS: Final = 38
_INTEGER: Final = rf"-?(?:[1-9][0-9]{{0,{_MOST_DIGITS - 1}}}+|0)"
_FRACTION: Final = rf"\.[0-9]{{1,{_MOST_DECIMALS}}}+"
_DECIMAL: Final = rf"{_INTEGER}(?:{_FRACTION})?"
_PLAIN: Final = re.compile(_DECIMAL, re.ASCII)
# To look for the end of a line is faster than an optional group. No ``*+`` or ``?+``: before CPython 3.11.5 a
# possessive repeat of a group may take the text of its last, failed round.
_LINE: Final = rf"{_INTEGER}(?:{_FRACTION}|(?=\n|\Z))"
PLAIN_LINES: Final = re.compile(rf"(?:{_LINE}\n)*{_LINE}", re.ASCII)
"""One plain decimal a line, without an end of line after the last."""

_WORD: Final = re.compile(rb'"[a-z]{1,32}(?:_[a-z]{1,32}){0,4}"')
_JSON: Final = re.compile(rf"{_DECIMAL}(?:[eE][+-]?[0-9]{{1,2}})?", re.ASCII)
_EPOCH_DIGITS: Final = re.compile(r"[1-9][0-9]{12}(?:[0-9]{3})?", re.ASCII)


def are_plain(texts: Sequence[str]) -> bool:
    """Whether all texts are plain decimals; one look for many texts."""
    lines = "\n".join(texts)
    return not texts or (PLAIN_LINES.fullmatch(lines) is not None and lines.count("\n") == len(texts) - 1)


def first_not_plain(texts: Sequence[str]) -> int | None:
    """The position of the first text that is no plain decimal, found in one look for many; None if all are."""
    lines = "\n".join(texts)
    if lines.count("\n") != len(texts) - 1:  # a text has several lines
        return next((i for i, text in enumerate(texts) if not _PLAIN.fullmatch(text)), None)
    match = PLAIN_LINES.match(lines)
    if match is None:
        return 0
    end = match.end()
    return None if end == len(lines) else lines.count("\n", 0, end + 1)


def decimal_of(text: str) -> Decimal:
    """A plain decimal, with the scale as sent; Unreadable for any other text."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    raise Unreadable(Scalar.DECIMAL.value)


DECIMALS: Final = frozenset(
    {
        Scalar.DECIMAL,
        Scalar.DECIMAL_OR_EMPTY,
        Scalar.NUMBER,
        Scalar.NUMBER_OR_EMPTY,
        Scalar.NUMBER_OR_WORD,
        Scalar.ANY_NUMBER,
    }
)
SHORT_ENOUGH: Final = f"of at most {_MOST_DIGITS} digits before the point and {_MOST_DECIMALS} behind it"
_OF_ANY_LENGTH: Final = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?", re.ASCII)


def excess(text: str) -> str | None:
    """The length of a plain decimal that is too long, in words; None for any other text."""
    match = _OF_ANY_LENGTH.fullmatch(text)
    digits, decimals = (len(match[1]), len(match[2] or "")) if match else (0, 0)
    if digits <= _MOST_DIGITS and decimals <= _MOST_DECIMALS:
        return None
    return f"{digits:,} before the point and {decimals:,} behind it"


ZEROS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        text: Decimal(text)
        for minus in ("", "-")
        for text in (f"{minus}0", *(f"{minus}0.{'0' * places}" for places in range(1, 39)))
    }
)
"""Every way to write zero as a plain decimal."""


def ns_of(epoch: int) -> int:
    """Milliseconds or microseconds since the epoch to nanoseconds; Unreadable for other numbers of digits."""
    if 10**12 <= epoch < 10**13:
        return epoch * 1_000_000
    if 10**15 <= epoch < 10**16:
        return epoch * 1_000
    raise Unreadable(Scalar.EPOCH.value)


def ns_of_text(text: str) -> int | None:
    """The same for an epoch in quotes; None for ``""``."""
    if text == "":
        return None
    if not _EPOCH_DIGITS.fullmatch(text):
        raise Unreadable(Scalar.EPOCH_TEXT.value)
    return ns_of(int(text))


def known_ns(epoch: int | str | None) -> int | None:
    """The same for either; None for what is none, where nothing depends on it."""
    try:
        return ns_of_text(epoch) if isinstance(epoch, str) else None if epoch is None else ns_of(epoch)
    except Unreadable:
        return None


def known_amount(raw: Raw) -> Decimal | None:
    """A quantity, in quotes or not, without its sign; None for what is none, where nothing depends on it."""
    try:
        return abs(decimal_of(number_text(raw)))
    except Unreadable:
        return None


def number_text(raw: Raw) -> str:
    """The digits of a number that is in quotes or not.

    Raises Unreadable for anything else. An exponent is read only outside quotes, where a venue's JSON
    encoder puts it without being asked; the text returned never has one. The integer ``-0`` is 0, as for every
    reader of JSON.
    """
    sent = bytes(raw)
    is_quoted = sent[:1] == b'"'
    text = (sent[1:-1] if is_quoted else sent).decode("utf-8", "replace")
    if _PLAIN.fullmatch(text):
        return text if is_quoted or text != "-0" else "0"
    try:
        if not is_quoted:
            if _JSON.fullmatch(text):
                return exact(Decimal(text))
        elif _PLAIN.fullmatch(text := msgspec.json.decode(sent, type=str)):
            return text
    except ValueError as error:
        raise Unreadable(Scalar.NUMBER.value) from error
    raise Unreadable(Scalar.NUMBER.value)


def number_or_empty(raw: Raw) -> str:
    """The same; the empty text and null are nothing."""
    return "" if bytes(raw) in (b'""', b"null") else number_text(raw)


def number_or_word(raw: Raw) -> str:
    """The same; a word in its place is its text."""
    sent = bytes(raw)
    return sent[1:-1].decode() if _WORD.fullmatch(sent) else number_text(raw)


def any_number(raw: Raw) -> str:
    """The same where an exponent may stand in quotes, too; the text returned never has one."""
    sent = bytes(raw)
    if sent[:1] != b'"' or sent == b'""':
        return number_or_empty(raw)
    try:
        text = msgspec.json.decode(sent, type=str)
    except ValueError as error:
        raise Unreadable(Scalar.ANY_NUMBER.value) from error
    if _PLAIN.fullmatch(text):
        return text
    if _JSON.fullmatch(text):
        return exact(Decimal(text))
    raise Unreadable(Scalar.ANY_NUMBER.value)


def any_number_or_word(raw: Raw) -> str:
    """Whatever one of these types lets through, where it is not known which."""
    sent = bytes(raw)
    return sent[1:-1].decode() if _WORD.fullmatch(sent) else any_number(raw)


def exact(value: Decimal) -> str:
    """The plain text of a decimal, without exponent, with its scale."""
    return format(value, "f")


def identifier(value: object) -> str | None:
    """An id as text, whether sent as text or as integer; None for anything else and for ``""``.

    No id is an integer of more than 256 bits, and Python refuses to write down one of thousands of digits.
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 256:
        return str(value)
    return None


# --- What the readers check beyond what msgspec checks ---


def _refuse_zero(value: int | str) -> None:
    if value in (0, "0"):
        raise Unreadable("0")


def _decimal_or_empty(text: str) -> None:
    if text:
        decimal_of(text)


SCALAR_CHECKS: Final[Mapping[Scalar, Callable[[Any], object]]] = MappingProxyType(
    {
        Scalar.DECIMAL: decimal_of,
        Scalar.NUMBER: number_text,
        Scalar.NUMBER_OR_EMPTY: number_or_empty,
        Scalar.NUMBER_OR_WORD: number_or_word,
        Scalar.ANY_NUMBER: any_number,
        Scalar.EPOCH: ns_of,
        Scalar.FAILED: _refuse_zero,
        Scalar.NAMING: _refuse_zero,
        Scalar.DECIMAL_OR_EMPTY: _decimal_or_empty,
        Scalar.EPOCH_TEXT: ns_of_text,
    }
)
"""Mark → a check that raises Unreadable; every text is prose."""
