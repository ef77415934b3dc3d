"""First forms: types with each union of structs narrowed to its first member, which msgspec decodes at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Union

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.reader.choice import failure_fields, hint_of, needs_choice
from cancelnorm.reader.types import (
    Kind,
    class_of,
    is_struct,
    item_of,
    members_of,
    once_declared,
    origin_of,
    read_fields,
)

__all__ = ["first_form"]

Rebuild = Callable[[Any], Any]


def first_form(kind: Kind) -> tuple[Kind, Rebuild | None, list[bytes]]:
    """A type with each union of structs narrowed to its first member, which msgspec can decode.

    Also what makes the value of the type itself of such a value, or None where they are the same, and keys
    by which a payload shows early that it has another form; they save a failed attempt and decide nothing.
    """
    if not needs_choice(kind):
        return kind, None, []
    members = members_of(kind)
    if len(members) > 1:
        return _first_member(members)
    if origin_of(kind) is list:
        item, rebuilt, hints = first_form(item_of(kind))
        each = None if rebuilt is None else _rebuilt_each(rebuilt)
        return list[item], each, hints  # type: ignore[valid-type]  # made at run time
    if origin_of(kind) is dict:
        item, rebuilt, hints = first_form(item_of(kind))
        each = None if rebuilt is None else _rebuilt_values(rebuilt)
        return dict[str, item], each, hints  # type: ignore[valid-type]  # made at run time
    return _first_fields(kind)


def _first_member(members: Sequence[Kind]) -> tuple[Kind, Rebuild | None, list[bytes]]:
    """A union with its first struct alone; what is no struct stays beside it."""
    structs = [member for member in members if is_struct(member)]
    kept = [member for member in members if member not in structs[1:]]
    forms = [first_form(member) for member in kept]
    hints = [hint for member in structs[1:] if (hint := hint_of(member, tuple(structs)))]
    rebuilds = {class_of(m): form[1] for m, form in zip(kept, forms, strict=True) if form[1] is not None}
    failed = failure_fields(structs[0]) if structs else []

    def rebuilt(value: Any) -> Any:
        if failed and isinstance(value, Struct) and any(getattr(value, name) == 0 for name in failed):
            raise ValueError  # a code of success
        make = rebuilds.get(getattr(type(value), _FIRST_FORM_OF, type(value)))
        return value if make is None else make(value)

    union: Kind = Union[tuple(form[0] for form in forms)]  # noqa: UP007  # its members are known at run time
    return union, rebuilt if rebuilds or failed else None, [*hints, *(h for form in forms for h in form[2])]


_FIRST_FORM_OF: Final = "__first_form_of__"


@once_declared
def _first_fields(struct: type[Struct]) -> tuple[Kind, Rebuild | None, list[bytes]]:
    """A struct with the first form of each field."""
    forms = {f.name: first_form(f.kind) for f in read_fields(struct)}
    rebuilds = {name: form[1] for name, form in forms.items() if form[1] is not None}
    narrowed = msgspec.defstruct(
        struct.__name__,
        [
            (
                f.name,
                forms[f.name][0] if f.required else forms[f.name][0] | UnsetType,
                msgspec.field(name=f.key) if f.required else msgspec.field(name=f.key, default=UNSET),
            )
            for f in read_fields(struct)
        ],
        namespace={_FIRST_FORM_OF: struct},
        kw_only=True,
        forbid_unknown_fields=True,
        gc=False,
    )

    return narrowed, _rebuilt_struct(struct, rebuilds), [h for form in forms.values() for h in form[2]]


def _rebuilt_struct(struct: type[Struct], rebuilds: Mapping[str, Rebuild]) -> Rebuild:
    """Compile what makes a struct of one with the same fields, in half of the time that a loop over them takes."""
    fields = ", ".join(
        f"{f.name}=v if (v := value.{f.name}) is UNSET else rebuilds[{f.name!r}](v)"
        if f.name in rebuilds
        else f"{f.name}=value.{f.name}"
        for f in read_fields(struct)
    )
    names = {"struct": struct, "rebuilds": rebuilds, "UNSET": UNSET}
    made: Rebuild = eval(f"lambda value: struct({fields})", names)  # noqa: S307  # of names of fields
    return made


def _rebuilt_each(rebuilt: Rebuild) -> Rebuild:
    return lambda values: None if values is None else [rebuilt(value) for value in values]


def _rebuilt_values(rebuilt: Rebuild) -> Rebuild:
    return lambda values: {key: rebuilt(value) for key, value in values.items()}
