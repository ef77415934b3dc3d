"""Plan: what an EventMap says of a struct, as its loop, its field table and its columns take it."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from msgspec import UNSET, Raw, Struct

from cancelnorm.eventmap.columns import Column, Said
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import ZEROS, Scalar, any_number, any_number_or_word
from cancelnorm.reader.types import Field, fields_of, members_of, scalar_of
from cancelnorm.schema import EventKind

__all__ = ["OR_EMPTY", "RAW_EMPTY", "Absent", "Plan", "is_absent", "says_nothing", "scalar_of_field"]


RAW_EMPTY: Final = (Raw(b'""'), Raw(b"null"))
OR_EMPTY: Final = (Scalar.NUMBER_OR_EMPTY, Scalar.ANY_NUMBER)
"""What stands for a number that is missing."""


class Absent(Enum):
    """Which values of a field without a home say nothing, so that they are left out of ``extra``."""

    MISSING = "a field that is not there"
    EMPTY = "also null, an empty text, array or object"
    ZERO = "also 0, false, and zero in quotes"


class Plan(NamedTuple):
    """An EventMap as the loop takes it: fields by their names in the struct."""

    struct: type[Struct]
    said: Said
    columns: Mapping[str, Column[Any]]
    kind: EventKind
    given: tuple[str, ...]  # fields of the event that the caller gives for all rows
    absent: Absent
    without: Mapping[str, Collection[Any]]  # values of a field that say nothing
    told: frozenset[str]  # fields that are told elsewhere
    also: frozenset[str]  # fields that stay in ``extra`` although a column reads them
    repeats: Mapping[str, str]  # fields that say again what another one says
    unnamed: EventKind | None = None  # what the event of a row is about that names no order

    @property
    def homes(self) -> dict[str, list[str]]:
        """The fields of the struct that feed each field of the event."""
        found: dict[str, list[str]] = {}
        for name, column in self.columns.items():
            for field in column.fields:
                found.setdefault(field.__name__, []).append(name)
        said = (*self.said.fields, self.said.raw_status, self.said.message)
        for member in said:
            if member is not None and self.is_own(member):
                found.setdefault(member.__name__, []).append("outcome")
        return {name: list(dict.fromkeys(fields)) for name, fields in found.items()}

    def is_own(self, field: Any) -> bool:
        """Whether a field is the struct's, and not that of a row beside it."""
        return issubclass(self.struct, field.__objclass__)

    @property
    def rest(self) -> list[Field]:
        """The fields that have no home in the event, in the order of the struct."""
        homes = self.homes
        return [
            field
            for field in fields_of(self.struct)
            if (field.name not in homes or field.name in self.also)
            and field.name not in self.told
            and field.name not in self.repeats
        ]


# --- Absence ---


def is_absent(plan: Plan, field: Field, value: Any) -> bool:
    """Whether a value of a field without a home says nothing, as the map declares it."""
    if value is UNSET or value in plan.without.get(field.name, ()):
        return True
    if scalar_of_field(field) in OR_EMPTY and value in (*RAW_EMPTY, ""):
        return plan.absent is not Absent.MISSING
    if scalar_of_field(field) is Scalar.ANY_NUMBER and isinstance(value, Raw):
        value = any_number(value)
    return plan.absent is not Absent.MISSING and says_nothing(value, zero=plan.absent is Absent.ZERO)


def says_nothing(value: Any, *, zero: bool) -> bool:
    """Whether a value is empty, or with ``zero`` also zero or false."""
    if isinstance(value, Raw):
        if zero and str(value, "utf-8", "replace").strip('"') in ZEROS:
            return True
        value = any_number_or_word(value)
    if isinstance(value, Struct):
        value = builtins_of(checked(value))
    if isinstance(value, dict):
        return all(says_nothing(part, zero=zero) for part in value.values())
    if isinstance(value, list):
        return not value
    if isinstance(value, str):
        return not value or (zero and "0" in value and not value.strip("0.-"))
    return value is None or (zero and not value)


def scalar_of_field(field: Field) -> Scalar | None:
    """The mark of a field's type, if any of its members has one."""
    return next((found for kind in members_of(field.kind) if (found := scalar_of(kind))), None)
