"""Excerpts of payloads around a JSON path: one printable line, secrets masked.

An excerpt is rebuilt from the decoded payload, never cut from its bytes, so that a secret is masked by its key
at any depth.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.check.finding import Excerpt
from cancelnorm.masking import MASK, is_secret, names_secret, without_secrets

__all__ = ["LONGEST_KEY", "excerpt", "path_steps"]

_WIDTH: Final = 160  # characters in all
_BEFORE: Final = 40
_MARKED: Final = 80
_TEXT: Final = 400  # characters of a text that are processed; fewer are shown
LONGEST_KEY: Final = 64  # longest key in a JSON path; longer ones are cut
_CUT: Final = "..."
_MASKED: Final = Raw(f'"{MASK}"'.encode())

_STEP: Final = re.compile(r'\.([A-Za-z0-9_-]+)|\[([0-9]{1,15})\]|\[("(?:[^"\\]|\\.)*")\]')
_object: Final = msgspec.json.Decoder(dict[str, Raw])
_array: Final = msgspec.json.Decoder(list[Raw])

_Members = list[tuple[str | None, Raw]]


def excerpt(payload: bytes | str, path: str) -> Excerpt:
    """Show the value at a JSON path with its key, marked, between its neighbours.

    If the path does not exist, its innermost existing ancestor is marked. If that is the whole payload, or the
    payload is not JSON, nothing is marked and the excerpt is the start of the payload.
    """
    try:
        data = payload.encode() if isinstance(payload, str) else payload
        return _marked(Raw(data.strip()), path)
    except (ValueError, RecursionError):
        text = payload if isinstance(payload, str) else payload[: 4 * _TEXT].decode("utf-8", "replace")
        return Excerpt("", "", _head((without_secrets(text.lstrip("\ufeff \t\r\n")[:_TEXT]),), _WIDTH))


def _marked(here: Raw, path: str) -> Excerpt:
    """Follow a path and show its end; raises ValueError if the payload is not JSON."""
    siblings: _Members = []
    at = 0
    for step in path_steps(path):
        members = _members(here)
        found = _find(members, step)
        if found is None:
            break
        siblings, at = members, found
        key, here = members[at]
        if key is not None and is_secret(key):
            break
    if not siblings:
        return Excerpt("", "", _head(_pieces(None, here), _WIDTH))
    opening, closing = "[]" if siblings[at][0] is None else "{}"
    before = opening + _tail(siblings[:at])
    marked = _head(_pieces(*siblings[at]), _MARKED)
    rest = siblings[at + 1 :]
    after = chain([","] if rest else [], _inside(rest), [closing])
    return Excerpt(before, marked, _head(after, _WIDTH - len(before) - len(marked)))


def path_steps(path: str) -> Iterator[str | int]:
    """Keys and indices of a path, up to the first malformed step."""
    at = 1
    while match := _STEP.match(path, at):
        at = match.end()
        if match[1] is not None:
            yield match[1]
        elif match[2] is not None:
            yield int(match[2])
        else:
            yield json.loads(match[3], strict=False)


def _members(value: Raw) -> _Members:
    """Members of an object with their keys, or elements of an array; empty for a scalar.

    In a name-value pair, such as a header, the value of a secret name is masked.
    """
    opening = bytes(value)[:1]
    if opening == b"{":
        found = _object.decode(value)
        if "value" in found and _names_secret(found.get("name")):
            found["value"] = _MASKED
        return list(found.items())
    if opening == b"[":
        elements = _array.decode(value)
        return [
            (None, _MASKED if _names_secret(before) else element)
            for before, element in zip((None, *elements), elements, strict=False)
        ]
    msgspec.json.decode(value, type=Raw)
    return []


def _names_secret(value: Raw | None) -> bool:
    """Whether a value is a string that names a secret."""
    text = b"" if value is None else bytes(value)
    return text[:1] == b'"' and names_secret(text[1:-1].decode("utf-8", "replace"))


def _find(members: _Members, step: str | int) -> int | None:
    """Position of a key or an index; keys are compared by the prefix that a path shows."""
    if isinstance(step, int):
        return step if step < len(members) and members[step][0] is None else None
    for i, (key, _) in enumerate(members):
        if key is not None and without_secrets(key)[:LONGEST_KEY] == step[:LONGEST_KEY]:
            return i
    return None


def _pieces(key: str | None, value: Raw) -> Iterator[str]:
    """Compact JSON of a value and its key, in pieces."""
    if key is not None:
        yield f"{json.dumps(without_secrets(key[:_TEXT]), ensure_ascii=False)}:"
        if is_secret(key):
            yield f'"{MASK}"'
            return
    data = bytes(value)
    if data[:1] not in (b"{", b"["):
        yield without_secrets(data[: 4 * _TEXT].decode("utf-8", "replace")[:_TEXT])
        return
    yield data[:1].decode()
    yield from _inside(_members(value))
    yield data[-1:].decode()


def _inside(members: _Members) -> Iterator[str]:
    """Compact JSON of members, separated by commas."""
    for i, (key, value) in enumerate(members):
        if i:
            yield ","
        yield from _pieces(key, value)


def _head(pieces: Iterable[str], width: int) -> str:
    """Start of a text, cut to ``width`` characters."""
    text = ""
    for piece in pieces:
        text += _visible(piece)
        if len(text) > width:
            return text[: width - len(_CUT)] + _CUT
    return text


def _tail(members: _Members) -> str:
    """As many of the last members as fit, each with its comma."""
    text = ""
    room = _BEFORE - len(_CUT) - 1
    for key, value in reversed(members):
        member = _head(_pieces(key, value), room)
        if len(member) + 1 > room - len(text):
            return f"{_CUT}{text or ','}"
        text = f"{member},{text}"
    return text


def _visible(text: str) -> str:
    """Text with non-printable characters escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in text)


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
