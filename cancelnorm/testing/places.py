"""Places in a payload: every value in it beside its type, and the payload with another value there."""

from collections.abc import Iterator
from copy import copy
from functools import cache
from typing import Any, NamedTuple

import msgspec

from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import member_path
from cancelnorm.reader.types import (
    Field,
    Kind,
    class_of,
    fields_of,
    is_struct,
    item_of,
    literals,
    members_of,
    origin_of,
)

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """A value in a payload: where it stands, as steps and as JSON path, its type, and itself."""

    steps: Path
    at: str
    kind: Kind
    value: Any
    members: tuple[Kind, ...]  # of the union that the type was chosen from
    holder: type[msgspec.Struct] | None = None  # the struct that it stands in, and which field it is there
    field: Field | None = None

    @property
    def key(self) -> str:
        """The name under which it stands."""
        return str(self.steps[-1])


def places(tree: Any, kind: Kind) -> Iterator[Place]:
    """Every value in a payload that a type describes, beside its type."""
    read, _ = _shape(kind).explain(msgspec.json.encode(tree), refuse=False)
    return _walk(Place((), "$", kind, tree, members_of(kind)), read)


@cache
def _shape(kind: Kind) -> Shape:
    return Shape(kind)


def _walk(place: Place, read: Any) -> Iterator[Place]:
    """A place and all within it; ``read`` is what the reader made of it, which tells a union's members apart."""
    kind, value = _member(place.members, read), place.value
    yield place._replace(kind=kind)
    if is_struct(kind):
        for field in fields_of(kind):
            if field.key in value:
                inner = Place(
                    (*place.steps, field.key),
                    f"{place.at}.{field.key}",
                    field.kind,
                    value[field.key],
                    members_of(field.kind),
                    kind,
                    field,
                )
                yield from _walk(inner, getattr(read, field.name))
    elif isinstance(value, list) and origin_of(kind) is list:
        item = item_of(kind)
        for i, (part, part_read) in enumerate(zip(value, read, strict=True)):
            inner = Place((*place.steps, i), f"{place.at}[{i}]", item, part, members_of(item))
            yield from _walk(inner, part_read)
    elif isinstance(value, dict) and origin_of(kind) is dict:
        item = item_of(kind)
        for key, part in value.items():
            inner = Place((*place.steps, key), member_path(place.at, key), item, part, members_of(item))
            yield from _walk(inner, read[key])


def _member(members: tuple[Kind, ...], read: Any) -> Kind:
    """The member of a union that a value was read as."""
    alike = [member for member in members if member is Any or isinstance(read, class_of(member))]
    words = [member for member in alike if read in literals(member)]
    exact = [member for member in alike if class_of(member) is type(read)]
    return (words or exact or alike or members)[0]


def changed(tree: Any, steps: Path, value: Any) -> Any:
    """A payload with another value at a place."""
    if not steps:
        return value
    step, *inner = steps
    copied = copy(tree)
    copied[step] = changed(tree[step], tuple(inner), value) if inner else value
    return copied


def without(tree: Any, steps: Path) -> Any:
    """A payload without what stands at a place."""
    *outer, last = steps
    holder = tree
    for step in outer:
        holder = holder[step]
    left = copy(holder)
    del left[last]
    return changed(tree, tuple(outer), left)


def leaves(tree: Any) -> list[tuple[Path, str]]:
    """Every scalar of a JSON text's value with its place, sorted."""

    def walk(value: Any, steps: Path) -> Iterator[tuple[Path, str]]:
        if isinstance(value, dict):
            yield from ((steps, "{}") for _ in range(not value))
            for key, part in value.items():
                yield from walk(part, (*steps, key))
        elif isinstance(value, list):
            yield from ((steps, "[]") for _ in range(not value))
            for i, part in enumerate(value):
                yield from walk(part, (*steps, i))
        else:
            yield steps, repr(value)

    return sorted(walk(tree, ()), key=repr)
