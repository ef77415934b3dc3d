"""Type expressions, taken apart: what a struct's fields, a union's members and a scalar's marks are."""

from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct, UnsetType

from cancelnorm.reader.scalars import MARK, Scalar

__all__ = [
    "Field",
    "Kind",
    "class_of",
    "fields_of",
    "is_struct",
    "item_of",
    "literals",
    "members_of",
    "scalar_of",
]

Kind = Any
"""A type expression: a struct, a scalar of ``wire``, ``list[...]``, a union, a ``Literal``."""


class Field(NamedTuple):
    """One field of a struct: its name here, its name on the wire, its type, whether it must be there."""

    name: str
    key: str
    kind: Kind
    required: bool


@cache
def fields_of(struct: type[Struct]) -> tuple[Field, ...]:
    """List the fields of a struct, in order; a type is given without ``UNSET``."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple(
        Field(info.name, info.encode_name, Union[members_of(hints[info.name])], info.required)  # noqa: UP007
        for info in msgspec.structs.fields(struct)
    )


@cache
def members_of(kind: Kind) -> tuple[Kind, ...]:
    """List the members of a union without ``UNSET``; any other type alone."""
    if origin_of(kind) in (Union, UnionType):
        return tuple(m for arg in get_args(kind) for m in members_of(arg) if m is not UnsetType)
    return (kind,)


def origin_of(kind: Kind) -> Any:
    """Give what a subscripted type is made of: ``list`` for ``list[int]``; None for a plain type."""
    return get_origin(kind)


def item_of(kind: Kind) -> Kind | None:
    """Give the type of a list's elements or of a dict's values; None for any other type."""
    return get_args(kind)[-1] if origin_of(kind) in (list, dict) else None


def literals(kind: Kind) -> tuple[Any, ...]:
    """List the values of a ``Literal``; nothing for any other type."""
    return get_args(kind) if origin_of(kind) is Literal else ()


def scalar_of(kind: Kind) -> Scalar | None:
    """Give what has to be checked beyond what msgspec checks."""
    if origin_of(kind) is Annotated:
        for meta in get_args(kind)[1:]:
            if isinstance(meta, Meta) and meta.extra and MARK in meta.extra:
                mark: Scalar = meta.extra[MARK]
                return mark
    return None


def is_struct(kind: Kind) -> bool:
    """Whether a type is a struct."""
    return isinstance(kind, type) and issubclass(kind, Struct)


def class_of(kind: Kind) -> type:
    """Give the run-time class of a value of this type."""
    origin = origin_of(kind)
    if origin is Annotated:
        return class_of(get_args(kind)[0])
    if origin is Literal:
        return type(get_args(kind)[0])
    found: type = origin or kind
    return found
