"""How bytes become the struct whose shape they have.

A type says what a venue may send: structs, lists, literals, and unions of structs, which msgspec itself
does not decode. The members of such a union are told apart by which keys are there, exactly: white space,
key order, escapes and text inside strings change nothing.

Two readers agree about every payload. The one here is msgspec's and fast, and only says yes or no. Where it
says no, ``walk`` finds the fault and names its path, or finds that the venue merely added something.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from cancelnorm.masking import without_secrets
from cancelnorm.reader.exact import SCALAR_CHECKS, Mismatch, duplicates, walk
from cancelnorm.reader.scalars import Scalar, number_text
from cancelnorm.reader.types import (
    Field,
    Kind,
    class_of,
    fields_of,
    is_struct,
    item_of,
    members_of,
    origin_of,
    scalar_of,
)
from cancelnorm.schema import Note

__all__ = ["Shape", "builtins_of", "checked", "encode", "verifier"]

T = TypeVar("T", bound=Struct)


@cache
def _needs_choice(kind: Kind) -> bool:
    """Whether a union of structs that msgspec cannot decode is anywhere in a type."""
    members = members_of(kind)
    if sum(is_struct(m) for m in members) > 1:
        return True
    if len(members) > 1:
        return any(_needs_choice(m) for m in members)
    if origin_of(kind) is list:
        return _needs_choice(item_of(kind))
    return is_struct(kind) and any(_needs_choice(field.kind) for field in fields_of(kind))


@cache
def _reader(kind: Kind) -> Callable[[Any], Any]:
    """Bytes → value, or any ValueError."""
    if not _needs_choice(kind):
        return msgspec.json.Decoder(kind).decode
    members = members_of(kind)
    if len(members) > 1:
        return _choosing(members)
    if origin_of(kind) is list:
        return _each(item_of(kind))
    return _framed(kind)


def _choosing(members: Sequence[Kind]) -> Callable[[Any], Any]:
    """Read the first member that fits: a strict struct fits only the payload that has its keys."""
    first = _reader(members[0])
    others = [(_reader(m), verifier(m)) for m in members[1:]]

    def read(data: Any) -> Any:
        try:
            return first(data)
        except ValueError:
            pass
        for reader, verify in others:
            try:
                value = reader(data)
                verify(value)
            except ValueError:
                continue
            return value
        raise Mismatch("$", "a known shape", "another")

    return read


def _each(item: Kind) -> Callable[[Any], Any]:
    """Read a list; in one go where all its elements have the first member's shape.

    Where a key of another member is seen near the beginning, the elements are read one by one at once. That
    key is a hint that saves a failed attempt and decides nothing.
    """
    members = members_of(item)
    uniform = _reader(list[members[0]])  # type: ignore[valid-type]  # a type made at run time
    split = msgspec.json.Decoder(list[Raw]).decode
    hints = [(hint, _reader(m)) for m in members[1:] if is_struct(m) and (hint := _hint(m, members))]
    first = _reader(members[0])
    read_item = _reader(item)

    def read(data: Any) -> Any:
        head = bytes(data)[:_HINTED]
        for hint, _ in hints:
            if hint in head:
                break
        else:
            try:
                return uniform(data)
            except ValueError:
                pass
        return [read_one(raw) for raw in split(data)]

    def read_one(raw: Raw) -> Any:
        head = bytes(raw)
        reader = first
        for hint, hinted in hints:
            if hint in head:
                reader = hinted
        try:
            return reader(raw)
        except ValueError:
            return read_item(raw)

    return read


_HINTED: Final = 1_024


def _hint(struct: type[Struct], members: tuple[Kind, ...]) -> bytes | None:
    """A key that this member of a union must have and no other may, as it usually stands in a payload."""
    others = {f.key for m in members if m is not struct and is_struct(m) for f in fields_of(m)}
    own = [f.key for f in fields_of(struct) if f.required and f.key not in others]
    return f'"{own[0]}"'.encode() if own else None


def _framed(struct: type[Struct]) -> Callable[[Any], Any]:
    """Read a struct whose fields hold such unions: the frame first, then what is in it."""
    fields = fields_of(struct)
    inner = {f.name: _reader(f.kind) for f in fields if _needs_choice(f.kind)}
    frame = msgspec.defstruct(
        struct.__name__,
        [
            (
                f.name,
                _frame_kind(f, closed=f.name not in inner),
                msgspec.field(name=f.key) if f.required else msgspec.field(name=f.key, default=UNSET),
            )
            for f in fields
        ],
        kw_only=True,
        forbid_unknown_fields=True,
    )
    decode = msgspec.json.Decoder(frame).decode

    def read(data: Any) -> Any:
        values = msgspec.structs.asdict(decode(data))
        for name, reader in inner.items():
            if values[name] is not UNSET:
                values[name] = reader(values[name])
        return struct(**values)

    return read


def _frame_kind(field: Field, *, closed: bool) -> Kind:
    """Give the type of a field in the frame: its own, or bytes where what is in it has to be chosen."""
    kind = field.kind if closed else Raw
    return kind if field.required else kind | UnsetType


def _accept(value: Any) -> None:
    """Check nothing."""


@cache
def verifier(kind: Kind) -> Callable[[Any], object]:
    """Value → nothing, or Unreadable for a scalar that msgspec let through."""
    scalar = scalar_of(kind)
    if scalar is not None:
        return SCALAR_CHECKS[scalar]
    members = members_of(kind)
    if len(members) > 1:
        return _verify_member({class_of(m): verifier(m) for m in members})
    if origin_of(kind) is list:
        return _verify_each(verifier(item_of(kind)))
    if is_struct(kind):
        return _verify_fields([(f.name, verifier(f.kind)) for f in fields_of(kind)])
    return _accept


def checked(value: T) -> T:
    """Check the marked scalars of a struct that is handed on unconverted; Unreadable if one is bad."""
    verifier(type(value))(value)
    return value


def builtins_of(value: Any) -> Any:
    """JSON values of what a venue sent: declared fields under its own names, numbers as text, prose masked."""
    if isinstance(value, Struct):
        found = {}
        for field in fields_of(type(value)):
            part = getattr(value, field.name)
            if part is not UNSET:
                is_prose = any(scalar_of(member) is Scalar.PROSE for member in members_of(field.kind))
                found[field.key] = (
                    without_secrets(part) if is_prose and isinstance(part, str) else builtins_of(part)
                )
        return found
    if isinstance(value, list | tuple):
        return [builtins_of(part) for part in value]
    if isinstance(value, dict):
        return {key: builtins_of(part) for key, part in value.items()}
    return number_text(value) if isinstance(value, Raw) else value


def _verify_member(checks: dict[type, Callable[[Any], object]]) -> Callable[[Any], object]:
    checks = {kind: check for kind, check in checks.items() if check is not _accept}
    return (lambda value: checks.get(type(value), _accept)(value)) if checks else _accept


def _verify_each(check: Callable[[Any], object]) -> Callable[[Any], object]:
    if check is _accept:
        return _accept

    def verify(values: Any) -> None:
        for value in values:
            check(value)

    return verify


def _verify_fields(checks: Sequence[tuple[str, Callable[[Any], object]]]) -> Callable[[Any], object]:
    checks = [(name, check) for name, check in checks if check is not _accept]
    if not checks:
        return _accept

    def verify(value: Any) -> None:
        for name, check in checks:
            part = getattr(value, name)
            if part is not UNSET:
                check(part)

    return verify


encode: Final = msgspec.json.Encoder().encode
"""Value → compact JSON, as long as a compact payload of which nothing was dropped."""


class Shape:
    """What one endpoint answers, as a type, with the readers for it."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.decode: Callable[[bytes], Any] = _reader(kind)
        """Bytes → value; ValueError where ``explain`` has to look. Marked scalars are not checked yet."""

    def strict(self, data: bytes) -> Any:
        """Bytes → value, all checks made; ValueError or RecursionError where ``explain`` has to look."""
        value = self.decode(data)
        verifier(self.kind)(value)
        if not self.is_whole(data, value):
            duplicates(data)
        return value

    def takes(self, data: bytes) -> bool:
        """Whether ``strict`` reads it."""
        try:
            self.strict(data)
        except (ValueError, RecursionError):
            return False
        return True

    def is_whole(self, data: bytes, value: Any) -> bool:
        """Whether nothing was dropped: the value, encoded again, is as long as what was sent, less space.

        If not, a key may be there twice, and ``duplicates`` has to look.
        """
        return len(encode(value)) in (len(data), len(msgspec.json.format(data, indent=-1)))

    def duplicates(self, data: bytes) -> list[Note]:
        """List the keys that are there twice and say the same; Mismatch where they contradict each other."""
        return duplicates(data)

    def explain(self, data: bytes, *, refuse: bool, quoted: bool = False) -> tuple[Any, list[Note]]:
        """Read what ``decode`` refused: the value and notes on what was added, or Mismatch.

        ``refuse`` makes additions a Mismatch too, ``quoted`` accepts integers in quotes.
        """
        return walk(data, self.kind, refuse=refuse, quoted=quoted)
