"""Choices: unions of structs, which msgspec does not decode, and what tells their members apart."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from msgspec import Struct

from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import (
    Kind,
    class_of,
    declared,
    fields_of,
    is_struct,
    item_of,
    members_of,
    origin_of,
    read_fields,
    scalar_of,
)

__all__ = ["are_apart", "failure_fields", "hint_of", "needs_choice", "own_key"]


def needs_choice(kind: Kind) -> bool:
    """Whether a union of structs that msgspec cannot decode is anywhere in a type."""
    origin = origin_of(kind)
    if origin is None:
        return is_struct(kind) and _holds_choice(declared(kind))
    if origin in (list, dict):
        return needs_choice(item_of(kind))
    members = members_of(kind)
    return len(members) > 1 and (sum(map(is_struct, members)) > 1 or any(map(needs_choice, members)))


@cache
def _holds_choice(struct: type[Struct]) -> bool:
    return any(needs_choice(field.kind) for field in fields_of(struct))


def failure_fields(kind: Kind) -> Sequence[str]:
    """The fields of a struct for failures that must not have a code of success."""
    return _failure_fields(declared(kind)) if is_struct(kind) else ()


@cache
def _failure_fields(struct: type[Struct]) -> Sequence[str]:
    return [f.name for f in fields_of(struct) if scalar_of(f.kind) is Scalar.FAILED]


def are_apart(one: Kind, other: Kind) -> bool:
    """Whether no object has the keys of both structs."""
    if not (is_struct(one) and is_struct(other)):
        return False
    mine, others = read_fields(one), read_fields(other)
    shared = {field.key for field in mine} & {field.key for field in others}
    return any(field.required and field.key not in shared for field in (*mine, *others))


def hint_of(struct: type[Struct], members: tuple[Kind, ...]) -> bytes | None:
    """A key that this member of a union must have and no other may, as it usually stands in a payload."""
    others = {f.key for m in members if m is not struct and is_struct(m) for f in read_fields(m)}
    own = [f.key for f in fields_of(struct) if f.required and f.key not in others]
    return f'"{own[0]}"'.encode() if own else None


def own_key(kind: Kind, members: Sequence[Kind]) -> bytes | None:
    """The same where an object that this member takes is taken by no other; None where that is not certain."""
    are_told = all(is_struct(member) or class_of(member) in _NO_OBJECTS for member in members)
    return hint_of(kind, tuple(members)) if are_told and is_struct(kind) else None


_NO_OBJECTS: Final = (list, str, int, bool, type(None))
