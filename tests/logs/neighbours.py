"""Inputs that differ from one in one place: what a function says of each tells whether it looks at that place."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

import msgspec
from msgspec import Raw

from cancelnorm import CancelNormError

__all__ = ["Members", "members", "of_texts", "of_values", "shown"]

Members = Mapping[str, Raw]

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_TOKEN: Final = re.compile(r"\w+|\s+|.", re.DOTALL)


def members(value: Any) -> Members:
    """The members of an object, as they are in JSON."""
    return _object(json.dumps(value))


def of_texts(title: str, function: Callable[[str], Any], texts: tuple[str, ...]) -> Iterator[str]:
    """What a function says of texts, and of each without one of its words, cut behind it, or begun there."""
    yield f"{title}:"
    for text in texts:
        usual = _said(function, text)
        yield f"  {text!a}: {usual}"
        others: dict[str, list[str]] = {}
        for name, changed in _changed(text):
            if (said := _said(function, changed)) != usual:
                others.setdefault(said, []).append(name)
        yield from (f"    {said}: {' '.join(names)}" for said, names in others.items())


def _changed(text: str) -> Iterator[tuple[str, str]]:
    """The neighbours of a text, each with its name: ``-3`` is without the third word, ``..3`` and ``3..`` are cut."""
    for n, token in enumerate(_TOKEN.finditer(text)):
        start, end = token.span()
        yield f"-{n}", text[:start] + text[end:]
        yield f"..{n}", text[:start]
        yield f"{n}..", text[start:]
        yield f"{n}+", text[:end] + token[0] + text[end:]


def of_values(title: str, function: Callable[[Any], Any], values: tuple[Any, ...]) -> Iterator[str]:
    """What a function says of values of JSON, and of each with one of its parts missing, other, or in JSON itself."""
    yield f"{title}:"
    for value in values:
        usual = _said(function, value)
        yield f"  {json.dumps(value)}: {usual}"
        others: dict[str, list[str]] = {}
        for steps in _steps(value, ()):
            for name, changed in _replaced(value, steps):
                if (said := _said(function, changed)) != usual:
                    others.setdefault(said, []).append(f"{'.'.join(map(str, steps))} {name}")
        yield from (f"    {said}: {', '.join(names)}" for said, names in others.items())


def _steps(value: Any, before: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The places of the parts of a value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield (*before, step)
        yield from _steps(part, (*before, step))


def _replaced(value: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[str, Any]]:
    """A value with others in the place of a part."""
    part: Any = value
    for step in steps:
        part = part[step]
    others: Mapping[str, Any] = {
        "null": None,
        '""': "",
        "7": 7,
        "{}": {},
        "twice": [part, part],
        "as text": json.dumps(part),
    }
    for name, other in others.items():
        copied = deepcopy(value)
        holder = copied
        for step in steps[:-1]:
            holder = holder[step]
        holder[steps[-1]] = other
        yield name, copied
    copied = deepcopy(value)
    holder = copied
    for step in steps[:-1]:
        holder = holder[step]
    del holder[steps[-1]]
    yield "absent", copied


def _said(function: Callable[[Any], Any], value: Any) -> str:
    try:
        said = shown(function(value))
    except (ValueError, CancelNormError) as error:
        return type(error).__name__
    return said.replace("\n", "\\n").encode("utf-8", "backslashreplace").decode()


def shown(value: Any) -> str:
    """A value on one line; JSON within it as it is, tuples with names without what is None in them."""
    if isinstance(value, Raw | bytes):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {shown(part)}' for key, part in value.items())}}}"
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        parts = (f"{key}={shown(part)}" for key, part in value._asdict().items() if part not in (None, False))
        return f"({', '.join(parts)})"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, msgspec.Struct):
        return shown(
            {key: part for key, part in msgspec.structs.asdict(value).items() if part not in (None, ())}
        )
    return str(value)
