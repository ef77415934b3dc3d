"""The fast reader: msgspec's, which says yes or no and takes what it has learned of drift.

It checks the marks of scalars, which the decoders leave open, and that nothing which was sent has been dropped.
"""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct

from cancelnorm.lazy import lazy, lazy_property
from cancelnorm.prose import prose
from cancelnorm.reader.decoders import Decode, decoder
from cancelnorm.reader.drift import NOTHING, Added, Learned, Noter, Structs, extended, learnable, noter
from cancelnorm.reader.exact import Drift, walk
from cancelnorm.reader.mismatch import redacted
from cancelnorm.reader.scalars import SCALAR_CHECKS, Scalar, Unreadable, any_number_or_word, are_plain
from cancelnorm.reader.tree import duplicates
from cancelnorm.reader.types import (
    Kind,
    Node,
    class_of,
    declared,
    fields_of,
    is_struct,
    item_of,
    members_of,
    node_of,
    origin_of,
    scalar_of,
)
from cancelnorm.schema import Note

__all__ = [
    "Check",
    "MarkedFields",
    "Reader",
    "Shape",
    "builtins_of",
    "checked",
    "encode",
    "is_as_sent",
    "marked_fields",
    "to_builtins",
    "verifier",
]

T = TypeVar("T", bound=Struct)

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


class MarkedFields(NamedTuple):
    """The marked fields of a struct: what gives the texts of its decimals, ``decimals`` in number, and other checks."""

    texts_of: Callable[[Any], tuple[Any, ...]]
    decimals: int
    checks: Sequence[tuple[str, Check]]


@cache
def marked_fields(struct: type[Struct]) -> MarkedFields:
    """Those of a declared struct."""
    fields = fields_of(struct)
    decimals = [f.name for f in fields if scalar_of(f.kind) is Scalar.DECIMAL]
    checks = [(f.name, verifier(f.kind)) for f in fields if f.name not in decimals]
    if len(decimals) == 1:
        decimals *= 2  # of one name there would be no tuple
    return MarkedFields(
        attrgetter(*decimals) if decimals else _no_texts,
        len(decimals),
        [(name, check) for name, check in checks if check is not _accept],
    )


def _verify_fields(struct: type[Struct]) -> Check:
    """Check the fields of a struct, its decimals all at once."""
    texts_of, decimals, checks = marked_fields(struct)
    if not (decimals or checks):
        return _accept

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


@lazy
def _strict_reader(_: Node, kind: Kind) -> Reader:
    return Reader(decoder(kind), None, NOTHING)


class Shape:
    """What one endpoint answers, as a type, with the readers for it."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.node = node_of(kind)

    @lazy_property
    def strict_reader(self) -> Reader:
        """Takes no additions. Marked scalars are not checked yet."""
        return _strict_reader(self.node, self.kind)

    @lazy_property
    def reader(self) -> Reader:
        """Takes the additions that were learned; always to be asked for anew."""
        return self.strict_reader

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
            self.learn(drift)
        return value, notes

    def as_learned(self, data: bytes) -> tuple[Any, list[Note]] | None:
        """Do as ``explain`` does with additions that were learned; None where it has to look itself."""
        reader = self.reader
        if reader.note is None:
            return None
        try:
            value = reader.decode(data)
            added = reader.added(value)
            if added is None or not self.is_whole(data, value):
                return None
            self.verify(value)
        except (ValueError, RecursionError):
            return None
        return value, added.taken_off()

    def learn(self, drift: Sequence[Drift]) -> None:
        """Put a reader that knows more, of additions that ``walk`` found, in the place of the one that there is.

        Of two threads that do so at once, one may undo what the other learned, which is then learned again.
        """
        known = self.reader.learned
        learned = known.more(drift, learnable(self.node))
        if learned is not known:
            structs: Structs = {}
            decode = decoder(extended(self.kind, learned, structs))
            self.reader = Reader(decode, noter(self.node, learned, structs), learned)
