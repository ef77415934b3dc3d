"""Decoders: bytes to values of a type, msgspec's where it can, else made of several of its own.

msgspec itself does not decode a union of structs. A payload is read as the first member that takes it: a
strict struct takes only an object with its keys, so the members are told apart by which keys are there and
by constants. White space, key order, escapes and text inside strings change nothing.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from cancelnorm.reader.choice import are_apart, failure_fields, needs_choice, own_key
from cancelnorm.reader.first_form import first_form
from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.reader.types import (
    Field,
    Kind,
    is_struct,
    item_of,
    members_of,
    once_declared,
    origin_of,
    read_fields,
)

__all__ = ["Decode", "decoder", "struct_reader"]

Decode = Callable[[Any], Any]


_items: Final = msgspec.json.Decoder(list[Raw]).decode
_values: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def decoder(kind: Kind) -> Decode:
    """Bytes → value, or any ValueError. Marks are not checked, but for what tells structs apart."""
    return _struct_decoder(kind) if is_struct(kind) else _decoder(kind)


@once_declared
def _struct_decoder(struct: type[Struct]) -> Decode:
    return _decoder(struct)


def _decoder(kind: Kind) -> Decode:
    if not needs_choice(kind):
        return json_decoder(kind).decode
    members = members_of(kind)
    if len(members) > 1:
        return _choosing(members)
    if origin_of(kind) is list:
        return _each(item_of(kind))
    return _each_value(item_of(kind)) if origin_of(kind) is dict else _framed(kind)


def _choosing(members: Sequence[Kind]) -> Decode:
    """Read the first member that takes a value.

    A short one may be a failure: where it has a key that no other member may have, that one is asked first.
    """
    readers = [_member(member) for member in members]
    hinted = [
        (hint, reader)
        for member, reader in zip(members[1:], readers[1:], strict=True)
        if (hint := own_key(member, members))
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
        raise ValueError  # the exact reader says what is wrong

    return read


def _member(kind: Kind) -> Decode:
    """Read a member of a union; a struct for failures takes no code of success."""
    decode = decoder(kind)
    failed = failure_fields(kind)
    if not failed:
        return decode

    def read(data: Any) -> Any:
        value = decode(data)
        for name in failed:
            if getattr(value, name) == 0:
                raise ValueError  # a code of success
        return value

    return read


@cache
def struct_reader(struct: type[Struct], refuses_success: bool) -> Decode:
    """Read a struct alone, as a union of which it is a member reads it where no other member fits.

    Of one for failures, a union ``refuses_success``.
    """
    return _member(struct) if refuses_success else decoder(struct)


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
    hints = [(hint, kind) for kind in others if (hint := own_key(kind, members))]
    hinted = [(hint, _member(kind)) for hint, kind in hints]
    at_once = [(hint, _uniform(kind)) for hint, kind in hints]
    same = {
        kind: decode
        for i, kind in enumerate(members)
        if i and is_struct(kind) and all(are_apart(kind, one) for one in members[:i])
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


def _uniform(item: Kind) -> Decode | None:
    """Read a list of which every element has one shape; None where msgspec cannot tell."""
    if needs_choice(item) or failure_fields(item):
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


def _framed(struct: type[Struct]) -> Decode:
    """Read a struct whose fields hold such unions: at once where all have their first form, else in steps."""
    in_steps = _in_steps(struct)
    kind, rebuilt, hints = first_form(struct)
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


def _in_steps(struct: type[Struct]) -> Decode:
    """Read a struct whose fields hold such unions: the frame first, then what is in it."""
    fields = read_fields(struct)
    inner = [(f.name, decoder(f.kind)) for f in fields if needs_choice(f.kind)]
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
