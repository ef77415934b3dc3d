"""JSON paths, and the value at one, as the bytes that were written."""

import json
import re
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.errors import CancelNormError, cited

__all__ = ["PathError", "Steps", "at", "lost", "shown", "steps", "unwrapped"]

Steps = tuple[str | int, ...]
"""The keys and indices of a path, from the outermost."""

_STEP: Final = re.compile(r'\.([^.\[\]"\s]+)|\[([0-9]{1,9})\]|\[("(?:[^"\\]|\\.)*")\]')
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode
_raw: Final = msgspec.json.Decoder(Raw).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode


class PathError(CancelNormError):
    """A text is not a path."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f'{cited(self.text)} is not a path; examples: $.response.body, $.items[0].text, $["a key"]'


def steps(path: str) -> Steps:
    """Split a path; the ``$`` may be left out. Raises PathError if it is not a path."""
    text = path.removeprefix("$") if path.startswith("$") else f".{path}"
    found: list[str | int] = []
    place = 0
    while place < len(text):
        match = _STEP.match(text, place)
        if match is None:
            raise PathError(path)
        place = match.end()
        key, index, quoted = match.groups()
        try:
            found.append(key if key is not None else int(index) if index is not None else json.loads(quoted))
        except ValueError:
            raise PathError(path) from None
    if not found:
        raise PathError(path)
    return tuple(found)


def at(line: Mapping[str, Raw], path: Steps) -> Raw | None:
    """The value at a path; None if there is none."""
    first = path[0]
    here = line.get(first) if isinstance(first, str) else None
    for step in path[1:]:
        if here is None:
            return None
        here = unwrapped(here)
        opening = bytes(here)[:1]
        if isinstance(step, str):
            here = _object(here).get(step) if opening == b"{" else None
        else:
            items = _array(here) if opening == b"[" else []
            here = items[step] if step < len(items) else None
    return here


def unwrapped(value: Raw) -> Raw:
    """The object or the array in a string, as recorders keep JSON within JSON; any other value as it is."""
    if bytes(value)[:1] != b'"':
        return value
    text = _text(value)
    try:
        return _raw(text) if text.lstrip()[:1] in ("{", "[") else value
    except (ValueError, RecursionError):
        return value


def lost(line: Mapping[str, Raw], path: Steps) -> str:
    """Explain where a path ends, and which keys are there instead."""
    for depth in range(1, len(path) + 1):
        if at(line, path[:depth]) is None:
            around = at(line, path[: depth - 1]) if depth > 1 else None
            keys = _keys(around) if around is not None else list(line)
            has = f"only {', '.join(keys)[:_MAX_SHOWN]}" if keys else "no keys"
            return f"there is no {shown(path[:depth])}; {shown(path[: depth - 1])} has {has}"
    return f"{shown(path)} is null"


_MAX_SHOWN: Final = 200


def shown(path: Steps) -> str:
    """Format a path so that ``steps`` reads it."""
    text = "$"
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if _PLAIN.fullmatch(step) else f"[{json.dumps(step)}]"
    return text


_PLAIN: Final = re.compile(r'[^.\[\]"\s]+')


def _keys(value: Raw) -> list[str]:
    value = unwrapped(value)
    return list(_object(value)) if bytes(value)[:1] == b"{" else []
