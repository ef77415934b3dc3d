"""Scalars as venues send them, and what they are to us.

The types stand in the raw structs. What msgspec cannot check by itself (the lexical form of a decimal, the
number of digits of an epoch) is marked in their metadata and checked by ``shape``. The tables convert: they
remember what they have seen, so a value costs one dict lookup, and they refuse with ``Unreadable`` exactly
what the check refuses.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

__all__ = [
    "AMOUNTS",
    "DECIMALS",
    "EPOCHS",
    "EPOCH_TEXTS",
    "MARK",
    "NONZERO",
    "PLAIN_LINES",
    "ZEROS",
    "Code",
    "DecimalNumber",
    "DecimalOrEmpty",
    "DecimalText",
    "Epoch",
    "EpochText",
    "Failed",
    "Int",
    "NamingText",
    "Prose",
    "Scalar",
    "Table",
    "Unreadable",
    "decimal_of",
    "exact",
    "identifier",
    "ns_from_ms",
    "ns_of",
    "ns_of_text",
    "number_text",
]

K = TypeVar("K")
V = TypeVar("V")


class Unreadable(ValueError):
    """A scalar that is not what its type promises."""


class Scalar(Enum):
    """What ``shape`` checks beyond what msgspec checks; the value says what is expected."""

    DECIMAL = "a plain decimal"
    NUMBER = "a plain decimal or a number"
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

DecimalText = Annotated[str, Meta(max_length=100, extra={MARK: Scalar.DECIMAL})]
"""A decimal in quotes: digits, at most one point and one minus; no exponent, no ``NaN``, no ``1_000``."""

DecimalNumber = Annotated[Raw, Meta(extra={MARK: Scalar.NUMBER})]
"""A decimal that is in quotes in some recordings and a JSON number in others; the text is kept either way."""

Epoch = Annotated[int, Meta(ge=10**12, lt=10**16, extra={MARK: Scalar.EPOCH})]
"""Milliseconds (13 digits) or microseconds (16 digits) since the epoch, UTC."""

DecimalOrEmpty = Annotated[str, Meta(max_length=100, extra={MARK: Scalar.DECIMAL_OR_EMPTY})]
"""A decimal in quotes, or ``""`` for none; convert with ``DECIMALS[text] if text else None``."""

EpochText = Annotated[str, Meta(max_length=100, extra={MARK: Scalar.EPOCH_TEXT})]
"""Milliseconds (13 digits) or microseconds (16 digits) since the epoch, UTC, in quotes; ``""`` for none."""

Prose = Annotated[str, Meta(extra={MARK: Scalar.PROSE})]
"""A text that a venue writes for people; it may repeat secrets, so it is masked wherever it is handed on."""

_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,59})(?:\.[0-9]{1,38})?", re.ASCII)
_JSON: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,59})(?:\.[0-9]{1,38})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_EPOCH_DIGITS: Final = re.compile(r"[1-9][0-9]{12}(?:[0-9]{3})?", re.ASCII)
_REMEMBERED: Final = 1 << 16


class _Decimals(dict[str | UnsetType, Decimal | None]):
    """Text → Decimal with the scale as sent; None for an absent field and for what ``keep`` drops."""

    def __init__(self, keep: Callable[[Decimal], bool]) -> None:
        super().__init__({UNSET: None})
        self._keep = keep

    def __missing__(self, text: str | UnsetType) -> Decimal | None:
        if not isinstance(text, str) or not _PLAIN.fullmatch(text):
            raise Unreadable(Scalar.DECIMAL.value)
        if len(self) >= _REMEMBERED:
            self.clear()
            self[UNSET] = None
        value = Decimal(text)
        kept = self[text] = value if self._keep(value) else None
        return kept


class _Epochs(dict[int | UnsetType, int | None]):
    """Milliseconds or microseconds since the epoch → nanoseconds; None for an absent field."""

    def __missing__(self, epoch: int | UnsetType) -> int | None:
        if epoch is UNSET:
            return None
        if 10**12 <= epoch < 10**13:
            ns = ns_from_ms(epoch)
        elif 10**15 <= epoch < 10**16:
            ns = epoch * 1_000
        else:
            raise Unreadable(Scalar.EPOCH.value)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[epoch] = ns
        return ns


class _EpochTexts(dict[str | UnsetType, int | None]):
    """The same for an epoch in quotes; None for ``""`` too."""

    def __init__(self) -> None:
        super().__init__({UNSET: None, "": None})

    def __missing__(self, text: str | UnsetType) -> int | None:
        if not isinstance(text, str) or not _EPOCH_DIGITS.fullmatch(text):
            raise Unreadable(Scalar.EPOCH_TEXT.value)
        if len(self) >= _REMEMBERED:
            self.clear()
            self[UNSET] = self[""] = None
        ns = self[text] = EPOCHS[int(text)]
        return ns


class Table(dict[K, V | None]):
    """A venue's words → ours; None for a word that is not in it."""

    def __missing__(self, word: K) -> None:
        return None


DECIMALS: Final = _Decimals(lambda _: True)
"""Every plain decimal is a value."""

AMOUNTS: Final = _Decimals(lambda value: value >= 0)
"""A negative value means "not available"."""

NONZERO: Final = _Decimals(lambda value: value != 0)
"""Zero means "none"."""

EPOCHS: Final = _Epochs()
EPOCH_TEXTS: Final = _EpochTexts()


ZEROS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {text: Decimal(text) for text in ("0", *(f"0.{'0' * places}" for places in range(1, 39)))}
)
"""Every plain spelling of zero without a sign."""

_NUMBER: Final = r"-?(?:0|[1-9][0-9]{0,59}+)(?:\.[0-9]{1,38}+)?+"
PLAIN_LINES: Final = re.compile(rf"(?:{_NUMBER}\n)*+{_NUMBER}", re.ASCII)
"""One plain decimal a line, without an end of line after the last."""


def decimal_of(text: str) -> Decimal:
    """A plain decimal with its scale. Raises Unreadable for anything else."""
    if not _PLAIN.fullmatch(text):
        raise Unreadable(Scalar.DECIMAL.value)
    return Decimal(text)


def ns_of(epoch: int) -> int:
    """Milliseconds (13 digits) or microseconds (16 digits) to nanoseconds since the epoch.

    Raises Unreadable for any other number.
    """
    if 10**12 <= epoch < 10**13:
        return epoch * 1_000_000
    if 10**15 <= epoch < 10**16:
        return epoch * 1_000
    raise Unreadable(Scalar.EPOCH.value)


def ns_of_text(text: str) -> int | None:
    """The same for an epoch in quotes; None for ``""``."""
    if not text:
        return None
    if not _EPOCH_DIGITS.fullmatch(text):
        raise Unreadable(Scalar.EPOCH_TEXT.value)
    return ns_of(int(text))


def ns_from_ms(ms: int) -> int:
    """Milliseconds since the epoch to nanoseconds since the epoch, UTC."""
    return ms * 1_000_000


def number_text(raw: Raw) -> str:
    """The digits of a number that is in quotes or not.

    Raises Unreadable for anything else. An exponent is read only outside quotes, where a venue's JSON
    encoder puts it without being asked; the text returned never has one.
    """
    sent = bytes(raw)
    if not sent.startswith(b'"'):
        text = sent.decode("utf-8", "replace")
        if _JSON.fullmatch(text):
            return exact(Decimal(text))
        raise Unreadable(Scalar.NUMBER.value)
    try:
        text = msgspec.json.decode(sent, type=str)
    except ValueError as error:
        raise Unreadable(Scalar.NUMBER.value) from error
    if _PLAIN.fullmatch(text):
        return text
    raise Unreadable(Scalar.NUMBER.value)


def exact(value: Decimal) -> str:
    """The plain text of a decimal, without exponent, with its scale."""
    return format(value, "f")


def identifier(value: object) -> str | None:
    """An id as text, whether sent as text or as integer; None for anything else and for ``""``."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None
