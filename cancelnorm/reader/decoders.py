"""Decoders: bytes to values of a type, msgspec's where it can, else made of several of its own.

msgspec itself does not decode a union of structs. A payload is read as the first member that takes it: a
strict struct takes only an object with its keys, so the members are told apart by which keys are there and
by constants. White space, key order, escapes and text inside strings change nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar, Union

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import (
    Field,
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

__all__ = ["Decode", "decoder", "struct_reader"]

T = TypeVar("T")

Decode = Callable[[Any], Any]


_items: Final = msgspec.json.Decoder(list[Raw]).decode
_values: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def _once_declared(make: Callable[[type[Struct]], T]) -> Callable[[type[Struct]], T]:
    """Keep what is made of structs that venue modules declare; the reader extends others, which come and go."""
    kept = cache(make)
    return lambda struct: kept(struct) if declared(struct) is struct else make(struct)


def decoder(kind: Kind) -> Decode:
    """Bytes → value, or any ValueError. Marks are not checked, but for what tells structs apart."""
    return _struct_decoder(kind) if is_struct(kind) else _decoder(kind)


@_once_declared
def _struct_decoder(struct: type[Struct]) -> Decode:
    return _decoder(struct)


def _decoder(kind: Kind) -> Decode:
    if not _needs_choice(kind):
        return json_decoder(kind).decode
    members = members_of(kind)
    if len(members) > 1:
        return _choosing(members)
    if origin_of(kind) is list:
        return _each(item_of(kind))
    return _each_value(item_of(kind)) if origin_of(kind) is dict else _framed(kind)


def _needs_choice(kind: Kind) -> bool:
    """Whether a union of structs that msgspec cannot decode is anywhere in a type."""
    origin = origin_of(kind)
    if origin is None:
        return is_struct(kind) and _holds_choice(declared(kind))
    if origin in (list, dict):
        return _needs_choice(item_of(kind))
    members = members_of(kind)
    return len(members) > 1 and (sum(map(is_struct, members)) > 1 or any(map(_needs_choice, members)))


@cache
def _holds_choice(struct: type[Struct]) -> bool:
    return any(_needs_choice(field.kind) for field in fields_of(struct))


def _choosing(members: Sequence[Kind]) -> Decode:
    """Read the first member that takes a value.

    A short one may be a failure: where it has a key that no other member may have, that one is asked first.
    """
    readers = [_member(member) for member in members]
    hinted = [
        (hint, reader)
        for member, reader in zip(members[1:], readers[1:], strict=True)
        if (hint := _own_key(member, members))
    ]

    def read(data: Any) -> Any:
        if hinted and len(short := bytes(data)) <= _SHORT:
            for hint, reader in hinted:
                if hint in short:
                    try:
                        return reader(data)
                    except ValueError:
                        pass
        for reader in readers:
            try:
                return reader(data)
            except ValueError:
                continue
        raise Mismatch("$", "a known shape", "another")

    return read


def _member(kind: Kind) -> Decode:
    """Read a member of a union; a struct for failures takes no code of success."""
    decode = decoder(kind)
    failed = _failed(kind)
    if not failed:
        return decode

    def read(data: Any) -> Any:
        value = decode(data)
        for name in failed:
            if getattr(value, name) == 0:
                raise Mismatch("$", Scalar.FAILED.value, "0")
        return value

    return read


@cache
def struct_reader(struct: type[Struct], refuses_success: bool) -> Decode:
    """Read a struct alone, as a union of which it is a member reads it where no other member fits.

    Of one for failures, a union ``refuses_success``.
    """
    return _member(struct) if refuses_success else decoder(struct)


def _failed(kind: Kind) -> Sequence[str]:
    return _failed_in(declared(kind)) if is_struct(kind) else ()


@cache
def _failed_in(struct: type[Struct]) -> Sequence[str]:
    return [f.name for f in fields_of(struct) if scalar_of(f.kind) is Scalar.FAILED]


def _each(item: Kind) -> Decode:
    """Read a list; in one go where all its elements have the shape of one member, or all of those without such a key.

    That is the first; or one of which a key is seen near the beginning that no other member may have; or the one
    that the first element has, where what it takes no member before it takes. Such a key is a hint that saves a
    failed attempt and decides nothing.
    """
    members = members_of(item)
    first_kind, *others = members
    uniform, first = _uniform(first_kind), _member(first_kind)
    read_other = _choosing(others) if others else first
    hints = [(hint, kind) for kind in others if (hint := _own_key(kind, members))]
    hinted = [(hint, _member(kind)) for hint, kind in hints]
    at_once = [(hint, _uniform(kind)) for hint, kind in hints]
    same = {
        kind: decode
        for i, kind in enumerate(members)
        if i and is_struct(kind) and all(_are_apart(kind, one) for one in members[:i])
        if (decode := _uniform(kind)) is not None
    }

    def read(data: Any) -> Any:
        decode = uniform
        if at_once:
            head = bytes(data)[:_HINTED]
            for hint, decode_other in at_once:
                if hint in head:
                    decode = decode_other
                    break
        is_mixed = len(hinted) == 1 and hinted[0][0] in bytes(data)
        if decode is not None and not (is_mixed and decode is uniform):
            try:
                return decode(data)
            except ValueError:
                pass
        raws = _items(data)
        if is_mixed and uniform is not None:
            try:
                return read_mixed(raws, uniform)
            except ValueError:
                pass
        values = [read_one(raw) for raw in raws[:1]]
        if len(raws) > 1 and (decode := same.get(type(values[0]))) is not None:
            try:
                return decode(data)
            except ValueError:
                pass
        values += [read_one(raw) for raw in raws[1:]]
        return values

    def read_mixed(raws: Sequence[Raw], uniform: Decode) -> list[Any]:
        [(hint, decode)] = hinted
        are_others = [hint in bytes(raw) for raw in raws]
        rest = [raw for raw, is_other in zip(raws, are_others, strict=True) if not is_other]
        usual = iter(uniform(b"[%b]" % b",".join(rest)))
        return [
            decode(raw) if is_other else next(usual) for raw, is_other in zip(raws, are_others, strict=True)
        ]

    def read_one(raw: Any) -> Any:
        for hint, decode in hinted:
            if hint in bytes(raw):
                try:
                    return decode(raw)
                except ValueError:
                    pass
        try:
            return first(raw)
        except ValueError:
            return read_other(raw)

    return read


def _are_apart(one: Kind, other: Kind) -> bool:
    """Whether no object has the keys of both structs."""
    if not (is_struct(one) and is_struct(other)):
        return False
    mine, others = read_fields(one), read_fields(other)
    shared = {field.key for field in mine} & {field.key for field in others}
    return any(field.required and field.key not in shared for field in (*mine, *others))


def _uniform(item: Kind) -> Decode | None:
    """Read a list of which every element has one shape; None where msgspec cannot tell."""
    if _needs_choice(item) or _failed(item):
        return None
    return json_decoder(list[item]).decode


_HINTED: Final = 1_024
_SHORT: Final = 256


def _each_value(item: Kind) -> Decode:
    """Read an object with any keys."""
    read_item = decoder(item)
    return lambda data: {key: read_item(raw) for key, raw in _values(data).items()}


def _shows(data: Any, hints: Sequence[bytes]) -> bool:
    """Whether one of these keys stands near the beginning."""
    head = bytes(data)[:_HINTED]
    for hint in hints:  # noqa: SIM110  # ``any`` of a generator takes twice as long
        if hint in head:
            return True
    return False


def _hint(struct: type[Struct], members: tuple[Kind, ...]) -> bytes | None:
    """A key that this member of a union must have and no other may, as it usually stands in a payload."""
    others = {f.key for m in members if m is not struct and is_struct(m) for f in read_fields(m)}
    own = [f.key for f in fields_of(struct) if f.required and f.key not in others]
    return f'"{own[0]}"'.encode() if own else None


def _own_key(kind: Kind, members: Sequence[Kind]) -> bytes | None:
    """The same where an object that this member takes is taken by no other; None where that is not certain."""
    are_told = all(is_struct(member) or class_of(member) in _NO_OBJECTS for member in members)
    return _hint(kind, tuple(members)) if are_told and is_struct(kind) else None


_NO_OBJECTS: Final = (list, str, int, bool, type(None))


def _framed(struct: type[Struct]) -> Decode:
    """Read a struct whose fields hold such unions: at once where all have their first form, else in steps."""
    in_steps = _in_steps(struct)
    kind, rebuilt, hints = _first_form(struct)
    if rebuilt is None:
        return in_steps
    decode = json_decoder(kind).decode

    def read(data: Any) -> Any:
        if not _shows(data, hints):
            try:
                return rebuilt(decode(data))
            except ValueError:
                pass
        return in_steps(data)

    return read


Rebuild = Callable[[Any], Any]


def _first_form(kind: Kind) -> tuple[Kind, Rebuild | None, list[bytes]]:
    """A type with each union of structs narrowed to its first member, which msgspec can decode.

    Also what makes the value of the type itself of such a value, or None where they are the same, and keys
    by which a payload shows early that it has another form; they save a failed attempt and decide nothing.
    """
    if not _needs_choice(kind):
        return kind, None, []
    members = members_of(kind)
    if len(members) > 1:
        return _first_member(members)
    if origin_of(kind) is list:
        item, rebuilt, hints = _first_form(item_of(kind))
        each = None if rebuilt is None else _rebuilt_each(rebuilt)
        return list[item], each, hints  # type: ignore[valid-type]  # made at run time
    if origin_of(kind) is dict:
        item, rebuilt, hints = _first_form(item_of(kind))
        each = None if rebuilt is None else _rebuilt_values(rebuilt)
        return dict[str, item], each, hints  # type: ignore[valid-type]  # made at run time
    return _first_fields(kind)


def _first_member(members: Sequence[Kind]) -> tuple[Kind, Rebuild | None, list[bytes]]:
    """A union with its first struct alone; what is no struct stays beside it."""
    structs = [member for member in members if is_struct(member)]
    kept = [member for member in members if member not in structs[1:]]
    forms = [_first_form(member) for member in kept]
    hints = [hint for member in structs[1:] if (hint := _hint(member, tuple(structs)))]
    rebuilds = {class_of(m): form[1] for m, form in zip(kept, forms, strict=True) if form[1] is not None}
    failed = _failed(structs[0]) if structs else []

    def rebuilt(value: Any) -> Any:
        if failed and isinstance(value, Struct) and any(getattr(value, name) == 0 for name in failed):
            raise Mismatch("$", Scalar.FAILED.value, "0")
        make = rebuilds.get(getattr(type(value), _FIRST_FORM_OF, type(value)))
        return value if make is None else make(value)

    union: Kind = Union[tuple(form[0] for form in forms)]  # noqa: UP007  # its members are known at run time
    return union, rebuilt if rebuilds or failed else None, [*hints, *(h for form in forms for h in form[2])]


_FIRST_FORM_OF: Final = "__first_form_of__"


@_once_declared
def _first_fields(struct: type[Struct]) -> tuple[Kind, Rebuild | None, list[bytes]]:
    """A struct with the first form of each field."""
    forms = {f.name: _first_form(f.kind) for f in read_fields(struct)}
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


def _in_steps(struct: type[Struct]) -> Decode:
    """Read a struct whose fields hold such unions: the frame first, then what is in it."""
    fields = read_fields(struct)
    inner = [(f.name, decoder(f.kind)) for f in fields if _needs_choice(f.kind)]
    names = {name for name, _ in inner}
    frame = msgspec.defstruct(
        struct.__name__,
        [
            (
                f.name,
                _frame_kind(f, closed=f.name not in names),
                msgspec.field(name=f.key) if f.required else msgspec.field(name=f.key, default=UNSET),
            )
            for f in fields
        ],
        kw_only=True,
        forbid_unknown_fields=True,
    )
    decode = json_decoder(frame).decode

    def read(data: Any) -> Any:
        values = msgspec.structs.asdict(decode(data))
        for name, reader in inner:
            if values[name] is not UNSET:
                values[name] = reader(values[name])
        return struct(**values)

    return read


def _frame_kind(field: Field, *, closed: bool) -> Kind:
    """Give the type of a field in the frame: its own, or bytes where what is in it has to be chosen."""
    kind = field.kind if closed else Raw
    return kind if field.required else kind | UnsetType
