"""The fast reader: msgspec's, which says yes or no and takes what it has learned of drift.

msgspec itself does not decode a union of structs. A payload is read as the first member that takes it: a
strict struct takes only an object with its keys, so the members are told apart by which keys are there and
by constants. White space, key order, escapes and text inside strings change nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeVar, Union

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from cancelnorm.lazy import lazy_property
from cancelnorm.prose import prose
from cancelnorm.reader.drift import NOTHING, Added, Learned, Noter, Structs, extended, learnable, noter
from cancelnorm.reader.exact import Drift, walk
from cancelnorm.reader.mismatch import Mismatch, redacted
from cancelnorm.reader.scalars import SCALAR_CHECKS, Scalar, Unreadable, any_number_or_word, are_plain
from cancelnorm.reader.tree import duplicates
from cancelnorm.reader.types import (
    Field,
    Kind,
    class_of,
    declared,
    fields_of,
    is_struct,
    item_of,
    members_of,
    node_of,
    origin_of,
    read_fields,
    scalar_of,
)
from cancelnorm.schema import Note

__all__ = [
    "Reader",
    "Shape",
    "builtins_of",
    "checked",
    "encode",
    "is_as_sent",
    "struct_reader",
    "to_builtins",
    "verifier",
]

T = TypeVar("T", bound=Struct)

Decode = Callable[[Any], Any]

# --- Bytes to values ---


def _decoder(kind: Kind) -> Decode:
    """Bytes → value, or any ValueError. Marks are not checked, but for what tells structs apart."""
    if not _needs_choice(kind):
        return msgspec.json.Decoder(kind).decode
    members = members_of(kind)
    if len(members) > 1:
        return _choosing(members)
    if origin_of(kind) is list:
        return _each(item_of(kind))
    return _each_value(item_of(kind)) if origin_of(kind) is dict else _framed(kind)


def _needs_choice(kind: Kind) -> bool:
    """Whether a union of structs that msgspec cannot decode is anywhere in a type."""
    members = members_of(kind)
    if sum(is_struct(m) for m in members) > 1:
        return True
    if len(members) > 1:
        return any(_needs_choice(m) for m in members)
    if origin_of(kind) in (list, dict):
        return _needs_choice(item_of(kind))
    return is_struct(kind) and any(_needs_choice(field.kind) for field in fields_of(kind))


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
    decode = _decoder(kind)
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
    return _member(struct) if refuses_success else _decoder(struct)


def _failed(kind: Kind) -> list[str]:
    fields = fields_of(kind) if is_struct(kind) else ()
    return [f.name for f in fields if scalar_of(f.kind) is Scalar.FAILED]


def _each(item: Kind) -> Decode:
    """Read a list; in one go where all its elements have the shape of one member.

    That is the first; or one of which a key is seen near the beginning that no other member may have; or the one
    that the first element has, where what it takes no member before it takes. Such a key is a hint that saves a
    failed attempt and decides nothing.
    """
    members = members_of(item)
    first_kind, *others = members
    uniform, first = _uniform(first_kind), _member(first_kind)
    read_other = _choosing(others) if others else first
    hinted = [(hint, _member(kind)) for kind in others if (hint := _own_key(kind, members))]
    at_once = [(hint, _uniform(kind)) for kind in others if (hint := _own_key(kind, members))]
    same = {
        kind: decode
        for i, kind in enumerate(members)
        if i and is_struct(kind) and all(_are_apart(kind, one) for one in members[:i])
        if (decode := _uniform(kind)) is not None
    }
    split = msgspec.json.Decoder(list[Raw]).decode

    def read(data: Any) -> Any:
        decode = uniform
        if at_once:
            head = bytes(data)[:_HINTED]
            for hint, decode_other in at_once:
                if hint in head:
                    decode = decode_other
                    break
        if decode is not None:
            try:
                return decode(data)
            except ValueError:
                pass
        raws = split(data)
        values = [read_one(raw) for raw in raws[:1]]
        if len(raws) > 1 and (decode := same.get(type(values[0]))) is not None:
            try:
                return decode(data)
            except ValueError:
                pass
        values += [read_one(raw) for raw in raws[1:]]
        return values

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
    return msgspec.json.Decoder(list[item]).decode


_HINTED: Final = 1_024
_SHORT: Final = 256


def _each_value(item: Kind) -> Decode:
    """Read an object with any keys."""
    split = msgspec.json.Decoder(dict[str, Raw]).decode
    read_item = _decoder(item)
    return lambda data: {key: read_item(raw) for key, raw in split(data).items()}


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
    decode = msgspec.json.Decoder(kind).decode

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
    inner = [(f.name, _decoder(f.kind)) for f in fields if _needs_choice(f.kind)]
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
    decode = msgspec.json.Decoder(frame).decode

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


# --- Marks ---


def _accept(value: Any) -> None:
    """Check nothing."""


Check = Callable[[Any], object]


@cache
def verifier(kind: Kind) -> Check:
    """Value → nothing, or Unreadable for a marked scalar that msgspec let through."""
    scalar = scalar_of(kind)
    if scalar is not None:
        return SCALAR_CHECKS.get(scalar, _accept)
    members = members_of(kind)
    if len(members) > 1:
        return _verify_member({class_of(m): verifier(m) for m in members})
    if origin_of(kind) is list:
        return _verify_each(verifier(item_of(kind)))
    if origin_of(kind) is dict:
        return _verify_values(verifier(item_of(kind)))
    if is_struct(kind):
        return _verify_fields(kind)
    return _accept


def checked(value: T) -> T:
    """Check the marked scalars of a struct that is handed on unconverted; Unreadable if one is bad."""
    verifier(declared(type(value)))(value)
    return value


def builtins_of(value: Any) -> Any:
    """JSON values of what a venue sent: declared fields under its own names, numbers as text, prose masked."""
    if isinstance(value, Struct):
        if is_as_sent(type(value)):
            return to_builtins(value)
        return {
            key: part if convert is None else convert(part)
            for name, key, convert in _members(declared(type(value)))
            if (part := getattr(value, name)) is not UNSET
        }
    if isinstance(value, list | tuple):
        return [builtins_of(part) for part in value]
    if isinstance(value, dict):
        # Its keys are the venue's, and no struct says which of them are secret.
        return redacted({key: builtins_of(part) for key, part in value.items()})
    return any_number_or_word(value) if isinstance(value, Raw) else value


to_builtins: Final = msgspec.to_builtins
"""The same of values of a type that ``is_as_sent``."""


@cache
def is_as_sent(kind: Kind) -> bool:
    """Whether JSON values of a type are its values as they are: no prose, and nothing that was kept as bytes."""
    if is_struct(kind):
        return declared(kind) is kind and all(
            is_as_sent(member) for field in fields_of(kind) for member in members_of(field.kind)
        )
    if origin_of(kind) is list:
        return all(map(is_as_sent, members_of(item_of(kind))))
    return class_of(kind) in (str, int, bool, type(None)) and scalar_of(kind) is not Scalar.PROSE


@cache
def _members(struct: type[Struct]) -> tuple[tuple[str, str, Callable[[Any], Any] | None], ...]:
    """The fields of a struct: name, key, and what converts the values that are not as they were sent."""
    return tuple((f.name, f.key, _conversion(members_of(f.kind))) for f in fields_of(struct))


def _conversion(members: Sequence[Kind]) -> Callable[[Any], Any] | None:
    if any(scalar_of(member) is Scalar.PROSE for member in members):
        return lambda part: prose(part) if isinstance(part, str) else builtins_of(part)
    plain = (str, int, bool, type(None))
    return None if all(class_of(member) in plain for member in members) else builtins_of


def _verify_member(checks: dict[type, Check]) -> Check:
    checks = {kind: check for kind, check in checks.items() if check is not _accept}
    if not checks:
        return _accept

    def verify(value: Any) -> None:
        checks.get(declared(type(value)), _accept)(value)

    return verify


def _verify_values(check: Check) -> Check:
    if check is _accept:
        return _accept

    def verify(values: Any) -> None:
        for value in values.values():
            check(value)

    return verify


def _verify_each(check: Check) -> Check:
    if check is _accept:
        return _accept

    def verify(values: Any) -> None:
        for value in values:
            check(value)

    return verify


def _verify_fields(struct: type[Struct]) -> Check:
    """Check the fields of a struct, its decimals all at once."""
    fields = fields_of(struct)
    decimals = [f.name for f in fields if scalar_of(f.kind) is Scalar.DECIMAL]
    checks = [(f.name, verifier(f.kind)) for f in fields if f.name not in decimals]
    checks = [(name, check) for name, check in checks if check is not _accept]
    if not (decimals or checks):
        return _accept
    texts_of = attrgetter(*decimals, *decimals[:1]) if decimals else _no_texts

    def verify(value: Any) -> None:
        texts = [text for text in texts_of(value) if text is not UNSET]
        if not are_plain(texts):
            raise Unreadable(Scalar.DECIMAL.value)
        for name, check in checks:
            part = getattr(value, name)
            if part is not UNSET:
                check(part)

    return verify


def _no_texts(_: Any) -> tuple[str, ...]:
    return ()


# --- Whole or not ---

encode: Final = msgspec.json.Encoder().encode
"""Value → compact JSON, as long as a compact payload of which nothing was dropped."""


class Reader(NamedTuple):
    """A fast way to read one type."""

    decode: Decode
    """Bytes → value; ValueError or RecursionError where the exact reader has to look."""

    note: Noter | None
    """Gathers what was added to a value that was read; None where the reader knows no additions."""

    learned: Learned
    """The additions that it knows."""

    def added(self, value: Any) -> Added | None:
        """Give what a venue added to a value that was read; None for nothing."""
        if self.note is None:
            return None
        added = Added()
        self.note(value, "$", added)
        return added if added.notes else None


class Shape:
    """What one endpoint answers, as a type, with the readers for it."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.node = node_of(kind)
        self.strict_reader = Reader(_decoder(kind), None, NOTHING)
        """Takes no additions. Marked scalars are not checked yet."""
        self.reader = self.strict_reader
        """Takes the additions that were learned; always to be asked for anew."""

    def strict(self, data: bytes) -> Any:
        """Bytes → value, all checks made; ValueError or RecursionError where ``explain`` has to look."""
        value = self.strict_reader.decode(data)
        self.check(data, value)
        return value

    def check(self, data: bytes, value: Any) -> None:
        """Make the checks that the decoder does not; ValueError or RecursionError where one fails."""
        self.verify(value)
        if not self.is_whole(data, value):
            duplicates(data)

    @lazy_property
    def verify(self) -> Check:
        """Value → nothing, or Unreadable for a marked scalar that the decoder let through."""
        return verifier(self.kind)

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
        length = len(encode(value))
        return length == len(data) or length == len(msgspec.json.format(data, indent=-1))

    def duplicates(self, data: bytes) -> list[Note]:
        """List the keys that are there twice and say the same; Mismatch where they contradict each other."""
        return duplicates(data)

    def explain(self, data: bytes, *, refuse: bool, quoted: bool = False) -> tuple[Any, list[Note]]:
        """Read what the fast reader refused: the value and notes on what was added to its type, or Mismatch.

        ``refuse`` makes additions a Mismatch too, ``quoted`` accepts integers in quotes.
        """
        return walk(data, self.node, refuse=refuse, quoted=quoted)[:2]

    def collect(self, data: bytes, *, quoted: bool = False) -> tuple[Any, list[Note]]:
        """Do as ``explain`` does, and learn what was added."""
        value, notes, drift = walk(data, self.node, refuse=False, quoted=quoted)
        if drift:
            self._learn(drift)
        return value, notes

    def _learn(self, drift: Sequence[Drift]) -> None:
        """Put a reader that knows more in the place of the one that there is.

        Of two threads that do so at once, one may undo what the other learned, which is then learned again.
        """
        known = self.reader.learned
        learned = known.more(drift, learnable(self.node))
        if learned is not known:
            structs: Structs = {}
            decode = _decoder(extended(self.kind, learned, structs))
            self.reader = Reader(decode, noter(self.node, learned, structs), learned)
