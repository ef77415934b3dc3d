"""The exact reader: a JSON value beside its type, and what is wrong or was added.

Slow and in Python; it runs only where the fast reader says no.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from types import NoneType
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import Meta, Raw, Struct

from cancelnorm.masking import is_named_secret, is_secret, names_secret, without_secrets
from cancelnorm.reader.scalars import DECIMALS, EPOCH_TEXTS, EPOCHS, Scalar, Unreadable, number_text
from cancelnorm.reader.types import (
    Kind,
    class_of,
    fields_of,
    is_struct,
    item_of,
    literals,
    members_of,
    origin_of,
    scalar_of,
)
from cancelnorm.schema import Note

__all__ = ["SCALAR_CHECKS", "Mismatch", "choose", "duplicates", "member_path", "walk"]


class Mismatch(ValueError):
    """A payload that has none of the expected shapes."""

    def __init__(self, path: str, expected: str, found: str) -> None:
        super().__init__(path, expected, found)
        self.path = path
        self.expected = expected
        self.found = found


def _refuse_zero(value: int | str) -> None:
    if value in (0, "0"):
        raise Unreadable("0")


SCALAR_CHECKS: Final[dict[Scalar, Callable[[Any], object]]] = {
    Scalar.DECIMAL: DECIMALS.__getitem__,
    Scalar.NUMBER: number_text,
    Scalar.EPOCH: EPOCHS.__getitem__,
    Scalar.FAILED: _refuse_zero,
    Scalar.NAMING: _refuse_zero,
    Scalar.DECIMAL_OR_EMPTY: lambda text: DECIMALS[text] if text else None,
    Scalar.EPOCH_TEXT: EPOCH_TEXTS.__getitem__,
    Scalar.PROSE: lambda _: None,
}


class _Number(str):
    """A JSON number that is no integer, as its text: nothing goes through a binary float."""

    __slots__ = ()


_tree: Final = msgspec.json.Decoder(float_hook=_Number)


class _Walk:
    """One walk over a JSON value beside its type; ``notes`` collects what was added."""

    def __init__(self, *, refuse: bool, quoted: bool) -> None:
        self.notes: list[Note] = []
        self._refuse = refuse
        self._quoted = quoted

    def value(self, value: Any, kind: Kind, at: str) -> Any:
        """Convert a value, or raise Mismatch."""
        members = members_of(kind)
        if len(members) > 1:
            kind = choose(members, value, at)
        if self._quoted and type(value) is str and class_of(kind) is int and _INTEGER.fullmatch(value):
            value = int(value)
        origin = origin_of(kind)
        if origin is Annotated:
            return _scalar(value, kind, at)
        if origin is Literal:
            return self._word(value, kind, at)
        if origin is list:
            if not isinstance(value, list):
                raise Mismatch(at, "an array", shown(value))
            return [self.value(v, item_of(kind), f"{at}[{i}]") for i, v in enumerate(value)]
        if origin is dict:
            if not isinstance(value, dict):
                raise Mismatch(at, "an object", shown(value))
            return {k: self.value(v, item_of(kind), member_path(at, k)) for k, v in value.items()}
        if is_struct(kind):
            return self._struct(value, kind, at)
        if kind is Any or type(value) is kind:
            return value
        raise Mismatch(at, _NAMES.get(kind, str(kind)), shown(value))

    def _struct(self, value: Any, kind: type[Struct], at: str) -> Struct:
        """Read an object.

        What is more in it is an addition, unless it is all there is, or the struct is ``bare``, an answer
        that carries nothing: null, an object or an array (or, where it has no fields, anything) is not added
        to that. Then it is the answer of something else.
        """
        if not isinstance(value, dict):
            raise Mismatch(at, "an object", shown(value))
        fields = {field.key: field for field in fields_of(kind)}
        for key, field in fields.items():
            if field.required and key not in value:
                raise Mismatch(member_path(at, key), "a value", "no such field")
        added = [key for key in value if key not in fields]
        if added and fields and len(added) == len(value):
            raise Mismatch(at, f"an object with {' or '.join(fields)}", "an object with none of them")
        bare = getattr(kind, "bare", False)
        for key in added:
            if bare and (not fields or isinstance(value[key], dict | list | None)):
                raise Mismatch(member_path(at, key), "no such field", shown(value[key]))
            self._added(
                "unknown-field", member_path(at, key), "no such field", value[key], secret=is_secret(key)
            )
        return kind(
            **{
                field.name: self.value(value[key], field.kind, member_path(at, key))
                for key, field in fields.items()
                if key in value
            }
        )

    def _word(self, value: Any, kind: Kind, at: str) -> Any:
        words = get_args(kind)
        for word in words:
            if type(word) is type(value) and word == value:
                return word
        if not isinstance(words[0], str) or type(value) is not str:
            raise Mismatch(at, _one_of(words), shown(value))
        self._added("unknown-value", at, _one_of(words), value, secret=False)
        return value

    def _added(self, code: str, at: str, expected: str, value: Any, *, secret: bool) -> None:
        if self._refuse:
            raise Mismatch(at, expected, "[redacted]" if secret else shown(value))
        self.notes.append(Note(code, at, f"expected {expected}", "[redacted]" if secret else redacted(value)))


_NAMES: Final = {
    str: "a string",
    int: "an integer",
    bool: "true or false",
    NoneType: "null",
    dict: "an object",
}


_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)


def _scalar(value: Any, kind: Kind, at: str) -> Any:
    """Check a marked or bounded scalar."""
    base, meta = get_args(kind)[:2]
    scalar = scalar_of(kind)
    expected = scalar.value if scalar else _bounds(meta)
    if base is Raw:
        if not isinstance(value, str) and type(value) is not int:
            raise Mismatch(at, expected, shown(value))
        read = Raw(value.encode() if isinstance(value, _Number) else msgspec.json.encode(value))
    elif type(value) is not base:
        raise Mismatch(
            at, scalar.value if scalar and scalar is not Scalar.FAILED else _NAMES[base], shown(value)
        )
    else:
        read = value
    if (
        (meta.ge is not None and value < meta.ge)
        or (meta.le is not None and value > meta.le)
        or (meta.lt is not None and value >= meta.lt)
        or (meta.max_length is not None and len(value) > meta.max_length)
    ):
        raise Mismatch(at, expected, shown(value))
    if scalar is not None:
        try:
            SCALAR_CHECKS[scalar](read)
        except Unreadable as error:
            raise Mismatch(at, expected, shown(value)) from error
    return read


def _bounds(meta: Meta) -> str:
    """What a bounded scalar without a mark has to be."""
    if (meta.ge, meta.le) == (-(2**63), 2**63 - 1):
        return "a 64-bit integer"
    if meta.ge == -(2**63):
        return f"an integer up to {meta.le}"
    return ", ".join(
        f"{word} {bound}"
        for word, bound in (("at least", meta.ge), ("at most", meta.le), ("less than", meta.lt))
        if bound is not None
    )


_FIT: Final[dict[type, tuple[type, ...]]] = {
    dict: (Struct, dict),
    int: (int, Raw),
    str: (str, Raw),
    _Number: (Raw,),
}


def choose(members: Sequence[Kind], value: Any, at: str) -> Kind:
    """Give the member of a union that a JSON value has to be read as."""
    wanted = _FIT.get(type(value), (type(value),))
    fitting = [m for m in members if issubclass(class_of(m), wanted)]
    if not fitting:
        raise Mismatch(at, " or ".join(dict.fromkeys(_describe(m) for m in members)), shown(value))
    if len(fitting) > 1 and isinstance(value, dict):
        return _choose_struct(fitting, value, at)
    return fitting[0]


def _choose_struct(members: Sequence[type[Struct]], value: dict[str, Any], at: str) -> type[Struct]:
    """Tell structs apart: by constants they prescribe, by keys only one has, by what is missing least."""
    verdicts = {m: _constants_match(m, value) for m in members}
    possible = [m for m in members if verdicts[m] is True] or [m for m in members if verdicts[m] is None]
    possible = possible or list(members)
    own = {m: _own_keys(m, tuple(possible)) & value.keys() for m in possible}
    missing = {m: _missing(m, value) for m in possible}
    chosen = max(possible, key=lambda m: (bool(own[m]), -len(missing[m])))
    if missing[chosen] and not own[chosen]:
        # Nothing tells the shapes apart: any of their missing keys would.
        keys = dict.fromkeys(missing[m][0] for m in possible if len(missing[m]) == len(missing[chosen]))
        if len(keys) > 1:
            raise Mismatch(at, f"a field {' or '.join(keys)}", "none of them")
    known = {f.key for f in fields_of(chosen)}
    for other in possible:
        if foreign := {f.key for f in fields_of(other)} & value.keys() - known:
            mine = min(own[chosen] or known & value.keys(), default="none")
            both = f"{mine} of {chosen.__name__} and {min(foreign)} of {other.__name__}"
            raise Mismatch(at, f"either {chosen.__name__} or {other.__name__}", f"keys of both: {both}")
    return chosen


def _missing(struct: type[Struct], value: dict[str, Any]) -> list[str]:
    """The required keys that are not there."""
    return [f.key for f in fields_of(struct) if f.required and f.key not in value]


def _constants_match(struct: type[Struct], value: dict[str, Any]) -> bool | None:
    """Whether the numbers a struct prescribes are there; None where it prescribes none."""
    match: bool | None = None
    for field in fields_of(struct):
        found = value.get(field.key)
        if scalar_of(field.kind) is Scalar.FAILED:
            if found in (0, "0"):
                return False
        elif (numbers := literals(field.kind)) and isinstance(numbers[0], int):
            # As text, because a dialect may have them in quotes; whether it may is checked later.
            if isinstance(found, bool) or str(found) not in map(str, numbers):
                return False
            match = True
    return match


@cache
def _own_keys(struct: type[Struct], members: tuple[type[Struct], ...]) -> frozenset[str]:
    """The keys that only this member of a union has."""
    others = {f.key for m in members if m is not struct for f in fields_of(m)}
    return frozenset(f.key for f in fields_of(struct)) - others


def _describe(kind: Kind) -> str:
    if words := literals(kind):
        return _one_of(words)
    scalar = scalar_of(kind)
    cls = class_of(kind)
    return (
        scalar.value if scalar else cls.__name__ if issubclass(cls, Struct) else _NAMES.get(cls, "an array")
    )


def _one_of(words: Sequence[Any]) -> str:
    return " or ".join(
        repr(w) if isinstance(w, str) and not w.isalpha() and w.isdigit() else str(w) for w in words
    )


_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,59}", re.ASCII)


def member_path(at: str, key: str) -> str:
    """The JSON path of a key; a long one is cut, and what is secret in it is masked."""
    if _PLAIN_KEY.fullmatch(key):
        return f"{at}.{key}"
    return f"{at}[{json.dumps(without_secrets(key)[:64], ensure_ascii=False)}]"


def shown(value: Any) -> str:
    """A value in at most 60 characters, fit for one line."""
    if isinstance(value, _Number):
        text = str(value)
    elif isinstance(value, dict):
        return "an object" if value else "an empty object"
    elif isinstance(value, list):
        return "an array" if value else "an empty array"
    elif isinstance(value, str):
        text = repr(value)
    elif isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return "a number of over 60 digits"
    else:
        text = json.dumps(value)
    text = without_secrets(text)
    return text if len(text) <= 60 else f"{text[:57]}..."


def redacted(value: Any) -> Any:
    """A JSON value with everything named like a secret masked."""
    if isinstance(value, dict):
        named = "value" if is_named_secret(value) else None
        return {
            without_secrets(k): "[redacted]" if k == named or is_secret(k) else redacted(v)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return ["[redacted]" if names_secret(k) else redacted(v) for k, v in pairwise([None, *value])]
    if isinstance(value, int) and value.bit_length() > 64:
        return shown(value)
    return without_secrets(value) if isinstance(value, str) else value


# --- Duplicate keys ---


class _Pairs(list[tuple[str, Any]]):
    """An object with all its keys, also those that come twice."""


def _duplicates(value: Any, at: str) -> Iterator[Note]:
    """A note for every key that comes twice and says the same; Mismatch where it does not."""
    if isinstance(value, _Pairs):
        seen: dict[str, Any] = {}
        for key, part in value:
            if key in seen:
                if repr(seen[key]) != repr(part):
                    raise Mismatch(member_path(at, key), "one value", "the same key with different values")
                yield Note(
                    "duplicate-key", member_path(at, key), "the key is there twice with the same value"
                )
            seen[key] = part
            yield from _duplicates(part, member_path(at, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _duplicates(part, f"{at}[{i}]")


def duplicates(data: bytes) -> list[Note]:
    """List the keys that are there twice and say the same; Mismatch where they contradict each other."""
    return list(_duplicates(json.loads(data, object_pairs_hook=_Pairs, parse_float=_Number), "$"))


def walk(data: bytes, kind: Kind, *, refuse: bool, quoted: bool = False) -> tuple[Any, list[Note]]:
    """Read a payload: its value and notes on what was added to its type, or Mismatch.

    ``refuse`` makes additions a Mismatch too, ``quoted`` accepts integers in quotes.
    """
    try:
        tree = _tree.decode(data)
    except UnicodeDecodeError as error:
        raise Mismatch("$", "JSON in UTF-8", "a byte that is no UTF-8") from error
    except RecursionError as error:
        raise Mismatch("$", "JSON", "too many nested brackets") from error
    except ValueError as error:
        raise Mismatch("$", "JSON", _malformed(data, str(error))) from error
    reader = _Walk(refuse=refuse, quoted=quoted)
    try:
        value = reader.value(tree, kind, "$")
        return value, [*reader.notes, *duplicates(data)]
    except RecursionError as error:
        raise Mismatch("$", "JSON", "too many nested brackets") from error


def _malformed(data: bytes, fault: str) -> str:
    """Why bytes are no JSON, in words that help."""
    text = data.lstrip()
    if not text:
        return "an empty body"
    if data.startswith(b"\xef\xbb\xbf"):
        return "a byte order mark before the payload"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        return "UTF-16 or UTF-32"
    if text.startswith(b"<"):
        return "HTML or XML"
    if "truncated" in fault:
        return f"JSON that ends after {len(data)} bytes"
    fault = fault.removeprefix("JSON is malformed: ")
    return f"no {fault.removeprefix('expected ')}" if fault.startswith("expected ") else fault
