"""Columns: where a field of an event comes from, named as the struct's field is (``CanceledLeg.price``)."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from enum import Enum
from types import MemberDescriptorType
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Raw, UnsetType

from cancelnorm.verdict import Code, CodeTable, Verdict, verdict_of

__all__ = [
    "Column",
    "How",
    "Said",
    "always",
    "amount",
    "by_code",
    "by_status",
    "by_words",
    "constant",
    "first",
    "flag",
    "made",
    "member",
    "number",
    "text",
    "time",
    "word",
]

T = TypeVar("T")
V = TypeVar("V")


class How(Enum):
    """How the value of a column is made."""

    TEXT = "text"
    NUMBER = "integer as text"
    WORD = "word"
    AMOUNT = "decimal"
    TIME = "time in ns"
    FLAG = "flag"
    CONSTANT = "constant"
    MADE = "made from"
    FIRST = "first of"


class Column(NamedTuple, Generic[T]):
    """How one field of an event is made of fields of a struct.

    ``none`` are the values that say nothing; ``table`` are our words, a constant, or a function.
    """

    how: How
    fields: tuple[MemberDescriptorType, ...]
    table: Any = None
    none: tuple[Any, ...] = ()
    parts: tuple["Column[T]", ...] = ()


class Said(NamedTuple):
    """How the verdict of a row is read from its fields.

    Either a ``table`` of verdicts by one field, and ``otherwise`` for a new word; or a ``function`` of the
    fields, and of the HTTP status if it ``reads_status``, which gives None for a row that is not about a
    cancel; or ``otherwise`` alone. A first field that is one of ``good`` gives ``taken``, and the function is
    asked about others only. ``raw_status`` and ``message`` are texts of the same row.
    """

    fields: tuple[MemberDescriptorType, ...] = ()
    table: Mapping[str, Verdict] | None = None
    otherwise: Verdict | None = None
    function: Callable[..., Verdict | None] | None = None
    reads_status: bool = False
    good: tuple[Code, ...] = ()
    taken: Verdict | None = None
    raw_status: MemberDescriptorType | None = None
    message: MemberDescriptorType | None = None


def member(field: object) -> MemberDescriptorType:
    """A field as it is at run time; mypy sees the type of its values instead."""
    if not isinstance(field, MemberDescriptorType):
        raise TypeError(f"{field!r} is not a field of a struct")
    return field


# --- Verdicts ---


def by_status(field: str | UnsetType, table: Mapping[str, Verdict], otherwise: Verdict) -> Said:
    """The verdict by the word for the order's status, which is ``raw_status`` too."""
    return Said((member(field),), table=table, otherwise=otherwise, raw_status=member(field))


def by_code(
    code: Code,
    message: str | UnsetType,
    table: CodeTable,
    *,
    taken: Verdict,
    good: Collection[Code] = (0,),
) -> Said:
    """The verdict by the code of each row: ``good`` ones give ``taken``, the table says the others.

    The fields may be those of another struct, whose rows stand beside these, joined by position.
    """

    def judge(code: Code, message: Any, status: int | None) -> Verdict:
        return verdict_of(table, code, message or "", status)._replace(code=str(code))

    fields = (member(code), member(message))
    return Said(fields, function=judge, reads_status=True, good=tuple(good), taken=taken, message=fields[1])


def by_words(
    function: Callable[..., Verdict | None], *fields: object, raw_status: str | UnsetType | None = None
) -> Said:
    """The verdict that a pure function gives for the values of fields.

    It gives None for a row that is not about a cancel; that is noted, and there is no event.
    """
    status = None if raw_status is None else member(raw_status)
    return Said(tuple(map(member, fields)), function=function, raw_status=status)


def always(verdict: Verdict) -> Said:
    """The same verdict for every row."""
    return Said(otherwise=verdict)


# --- Columns ---


def text(field: str | UnsetType | None, *, none: Collection[str] = ()) -> Column[str]:
    """A text as sent; None where it is empty or one of ``none``."""
    return Column(How.TEXT, (member(field),), none=tuple(none))


def number(field: int | str | UnsetType | None, *, none: Collection[int | str] = ()) -> Column[str]:
    """An integer, in quotes or not, as text; None where it is absent or one of ``none``."""
    return Column(How.NUMBER, (member(field),), none=tuple(none))


def word(field: str | UnsetType | None, table: Mapping[str, V]) -> Column[V]:
    """A word of ours; a word that the table lacks gives None and goes to ``extra``."""
    return Column(How.WORD, (member(field),), table=table)


def amount(
    field: str | Raw | UnsetType | None, *, zero_is_none: bool = False, negative_is_none: bool = False
) -> Column[Decimal]:
    """A decimal with the scale as sent."""
    none = ("zero",) * zero_is_none + ("negative",) * negative_is_none
    return Column(How.AMOUNT, (member(field),), none=none)


def time(field: int | str | UnsetType) -> Column[int]:
    """Nanoseconds since the epoch, of an epoch in ms or µs, in quotes or not."""
    return Column(How.TIME, (member(field),))


def flag(field: bool | UnsetType | None) -> Column[bool]:  # a field of that type
    """True or false as sent."""
    return Column(How.FLAG, (member(field),))


def constant(value: T) -> Column[T]:
    """The same for every row."""
    return Column(How.CONSTANT, (), table=value)


def made(function: Callable[..., T | None], *fields: object, none: tuple[Any, ...] = ()) -> Column[T]:
    """What a pure function makes of fields; it must take every value that the strict reader lets through.

    Where it makes nothing, ``extra`` tells the fields that no other column reads, and the first field if others
    are made of it too. ``none`` are values that say no more than that there is nothing, however that is
    written, where it is made of several fields.
    """
    return Column(How.MADE, tuple(map(member, fields)), table=function, none=none)


def first(*columns: Column[T]) -> Column[T]:
    """The first of several columns that is not None; what another one says beside it goes to ``extra``."""
    fields = tuple(field for column in columns for field in column.fields)
    return Column(How.FIRST, fields, parts=columns)
