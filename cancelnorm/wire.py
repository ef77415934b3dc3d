"""Scalars as venues send them, and what they are to us.

The types stand in the raw structs. What msgspec cannot check by itself (the lexical form of a decimal, the
number of digits of an epoch) is marked in their metadata and checked by ``shape``. The tables convert: they
remember what they have seen, so a value costs one dict lookup, and they refuse with ``Unreadable`` exactly
what the check refuses.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from hashlib import sha256
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
    "Code",
    "DecimalNumber",
    "DecimalOrEmpty",
    "DecimalText",
    "Epoch",
    "EpochText",
    "Failed",
    "Int",
    "NamingText",
    "Scalar",
    "Table",
    "Unreadable",
    "exact",
    "fingerprint",
    "identifier",
    "is_secret",
    "masked",
    "ns_from_ms",
    "number_text",
    "without_secrets",
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


_SECRET: Final = re.compile(
    r"api[-_]?key|x-mbx-apikey|x-bapi-api-key|secret|signature|^x-bapi-sign$|^sign$|passphrase|password"
    r"|listen[-_]?key|cookie|authorization|token",
    re.IGNORECASE,
)


_SECRET_TEXT: Final = re.compile(
    r"(origin_string\[).*"
    r"|(\b(?:api[-_ ]?(?:key|signature)|signature|sign|listen[-_ ]?key|secret|token)\s*[=:\[]\s*)"
    r"[^\s\[\]&,;}]+",
    re.IGNORECASE | re.DOTALL,
)


def without_secrets(text: str) -> str:
    """Mask what a text shows as a key or a signature.

    Bybit's message about a wrong signature repeats the signed text, which begins with the API key.
    """
    return _SECRET_TEXT.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}redacted]"
    return f"{match[2]}redacted" if match[2].endswith("[") else f"{match[2]}[redacted]"


_VALUE: Final = (
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|(?P<quote>\\+[\"'])(?:(?!(?P=quote)).)*(?P=quote)"
    r"|\[[^\]]*\]|\{[^}]*\}|[^\s,}\]\"'\[{\\][^\s,}\]]*)"
)
_MEMBER: Final = re.compile(
    # A member of an object; the first of a pair in an array, as headers may be; a header or parameter in HAR.
    r"(?P<head>(?P<mark>\\*[\"'])(?P<name>[\w .-]{2,40})(?P=mark)\s*:\s*"
    r"|\[\s*\\*[\"'](?P<first>[\w-]{2,40})\\*[\"']\s*,\s*"
    r"|name\\*[\"']\s*:\s*\\*[\"'](?P<listed>[\w-]{2,40})\\*[\"']\s*,\s*\\*[\"']value\\*[\"']\s*:\s*)"
    + _VALUE,
    re.DOTALL,
)
_HEADER: Final = re.compile(
    r"\b(x-[\w-]*(?:key|sign)|(?:set-)?cookie|authorization)(\s*[:=]\s*)[^\r\n\"']+", re.IGNORECASE
)


def masked(text: str) -> str:
    """Mask every secret in a line of a log: the values of members, headers and parameters named like one.

    For lines of any kind, so it goes by how a value looks beside its name, and rather masks too much.
    """
    return without_secrets(_HEADER.sub(r"\1\2[redacted]", _MEMBER.sub(_masked_member, text)))


def _masked_member(match: re.Match[str]) -> str:
    value = match["value"]
    quote = match["quote"] or (value[0] if value[0] in "\"'" else "")
    if is_secret(match["name"] or match["first"] or match["listed"]):
        quote = quote or match["mark"] or '"'
        return f"{match['head']}{quote}[redacted]{quote}"
    if value[0] in "[{":
        return f"{match['head']}{_MEMBER.sub(_masked_member, value)}"
    inner = value[len(quote) : -len(quote)] if quote else value
    return f"{match['head']}{quote}{_MEMBER.sub(_masked_member, inner)}{quote}"


def fingerprint(secret: str) -> str:
    """A text in a secret's place: the same for the same secret, and of no use to anyone else."""
    return f"[redacted {sha256(secret.encode()).hexdigest()[:8]}]"


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold something that must not be shown."""
    return _SECRET.search(name) is not None
