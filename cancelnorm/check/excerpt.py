"""Excerpts of payloads around a JSON path: one printable line, secrets masked.

An excerpt is rebuilt from the decoded payload, never cut from its bytes, so that a secret is masked by its key
at any depth.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.check.finding import Excerpt
from cancelnorm.masking import MASK, is_secret, may_show_secret, names_secret, without_secrets

__all__ = ["LONGEST_KEY", "Excerpts", "path_steps"]

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


class Excerpts:
    """Excerpts of one payload, whose objects and arrays are decoded once."""

    def __init__(self, payload: bytes | str) -> None:
        self._payload = payload
        self._containers: dict[tuple[int, ...], _Container] = {}

    def at(self, path: str) -> Excerpt:
        """Show the value at a JSON path with its key, marked, between its neighbours.

        If the path does not exist, its innermost existing ancestor is marked. If that is the whole payload, or the
        payload is not JSON, nothing is marked and the excerpt is the start of the payload.
        """
        try:
            return self._marked(path)
        except (ValueError, RecursionError):
            payload = self._payload
            text = payload if isinstance(payload, str) else payload[: 4 * _TEXT].decode("utf-8", "replace")
            return Excerpt("", "", _head((without_secrets(text.lstrip("\ufeff \t\r\n")[:_TEXT]),), _WIDTH))

    @cached_property
    def _root(self) -> Raw:
        data = self._payload.encode() if isinstance(self._payload, str) else self._payload
        return Raw(data.strip())

    @cached_property
    def _is_plain(self) -> bool:
        """Whether the payload certainly has no secret, no escape that could hide one, and nothing to escape."""
        data = bytes(self._root)
        has_special = b"\\" in data or b"\x7f" in data or not data.isascii()
        return not has_special and not may_show_secret(data.decode())

    @cached_property
    def _start(self) -> str:
        """Start of the payload."""
        opening = bytes(self._root)[:1]
        if opening not in (b"{", b"["):
            return _head(_pieces(None, self._root), _WIDTH)
        whole = self._container((), self._root)
        rest = _rest(whole, 0, "}" if opening == b"{" else "]", _WIDTH)
        return _cut(f"{opening.decode()}{rest.removeprefix(',')}", _WIDTH)

    def _marked(self, path: str) -> Excerpt:
        """Follow a path and show its end; raises ValueError if the payload is not JSON."""
        here = self._root
        way: tuple[int, ...] = ()
        siblings: _Container | None = None
        for step in path_steps(path):
            container = self._container(way, here)
            at = container.find(step)
            if at is None:
                break
            siblings, way = container, (*way, at)
            key, here = container.members[at]
            if key is not None and not self._is_plain and is_secret(key):
                break
        if siblings is None:
            return Excerpt("", "", self._start)
        opening, closing = "{}" if siblings.positions else "[]"
        before = opening + _tail(siblings, way[-1])
        marked = _cut(siblings.text(way[-1]), _MARKED)
        return Excerpt(
            before, marked, _rest(siblings, way[-1] + 1, closing, _WIDTH - len(before) - len(marked))
        )

    def _container(self, way: tuple[int, ...], value: Raw) -> "_Container":
        """The object or array at a sequence of positions."""
        found = self._containers.get(way)
        if found is None:
            found = self._containers[way] = _Container(_members(value), is_plain=self._is_plain)
        return found


class _Container:
    """Members of an object or an array; ``positions`` of an object are by the part of a key that a path shows."""

    def __init__(self, members: _Members, *, is_plain: bool) -> None:
        self.members = members
        self.positions: dict[str, int] = {}
        self._is_plain = is_plain
        self._texts: list[str | None] = [None] * len(members)
        for i, (key, _) in enumerate(members):
            if key is None:
                break
            shown = key if is_plain else without_secrets(key)
            self.positions.setdefault(shown[:LONGEST_KEY], i)

    def find(self, step: str | int) -> int | None:
        """Position of a key or an index."""
        if isinstance(step, str):
            return self.positions.get(step[:LONGEST_KEY])
        return step if step < len(self.members) and not self.positions else None

    def text(self, at: int) -> str:
        """Compact JSON of a member, cut if it is longer than an excerpt."""
        text = self._texts[at]
        if text is None:
            key, value = self.members[at]
            data = bytes(value)
            if self._is_plain and data[:1] not in (b"{", b"["):
                text = data[:_TEXT].decode()
                if key is not None:
                    text = f'"{key[:_TEXT]}":{text}'
            else:
                text = _head(_pieces(key, value), _WIDTH)
            self._texts[at] = text
        return text


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
            break
    return _cut(text, width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - len(_CUT)] + _CUT


def _tail(siblings: _Container, end: int) -> str:
    """As many of the members before ``end`` as fit, each with its comma."""
    text = ""
    room = _BEFORE - len(_CUT) - 1
    for at in range(end - 1, -1, -1):
        member = siblings.text(at)
        if len(member) + 1 > room - len(text):
            return f"{_CUT}{text or ','}"
        text = f"{member},{text}"
    return text


def _rest(siblings: _Container, start: int, closing: str, width: int) -> str:
    """The members from ``start`` on, each after its comma, and the closing bracket, cut to ``width`` characters."""
    text = ""
    for at in range(start, len(siblings.members)):
        text += f",{siblings.text(at)}"
        if len(text) > width:
            break
    else:
        text += closing
    return _cut(text, width)


def _visible(text: str) -> str:
    """Text with non-printable characters escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in text)


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
