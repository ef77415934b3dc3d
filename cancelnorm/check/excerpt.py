"""Excerpts of payloads around a JSON path: one printable line, secrets masked.

An excerpt is rebuilt from the decoded payload, never cut from its bytes, so that a secret is masked by its key
at any depth.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.caching import cached
from cancelnorm.check.finding import Excerpt
from cancelnorm.escapes import visible
from cancelnorm.lazy import lazy_property
from cancelnorm.masking import MASK, may_show_secret
from cancelnorm.prose import beginning, cut
from cancelnorm.secret_names import hidden_keys, names_secret

__all__ = ["LONGEST_KEY", "Excerpts", "path_steps", "shown_key"]

_WIDTH: Final = 160  # characters in all
_BEFORE: Final = 36
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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Excerpts) and self._payload == other._payload

    def __hash__(self) -> int:
        return hash(self._payload)

    def at(self, path: str) -> Excerpt:
        """Show the value at a JSON path with its key, marked, between its neighbours.

        If the path does not exist, its innermost existing ancestor is marked. If that is the whole payload, or the
        payload is not JSON, nothing is marked and the excerpt is the start of the payload.
        """
        try:
            return self._marked(path)
        except (ValueError, RecursionError):
            payload = self._payload
            text = payload if isinstance(payload, str) else payload.decode("utf-8", "replace")
            return Excerpt("", "", _head((beginning(text.lstrip("\ufeff \t\r\n"), _TEXT),), _WIDTH))

    @lazy_property
    def _root(self) -> Raw:
        data = self._payload.encode() if isinstance(self._payload, str) else self._payload
        return Raw(data.strip())

    @lazy_property
    def _start(self) -> str:
        """Start of the payload."""
        if bytes(self._root)[:1] in (b"{", b"["):
            return self._container((), self._root).start()
        return _head(_pieces(None, self._root), _WIDTH)

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
            here = container.members[at][1]
        if siblings is None:
            return Excerpt("", "", self._start)
        before = siblings.before(way[-1])
        marked = siblings.marked(way[-1])
        return Excerpt(before, marked, siblings.after(way[-1], _WIDTH - len(before) - len(marked)))

    def _container(self, way: tuple[int, ...], value: Raw) -> "_Container":
        """The object or array at a sequence of positions."""
        found = self._containers.get(way)
        if found is None:
            found = self._containers[way] = _container(value)
        return found


def _is_plain(value: Raw) -> bool:
    """Whether a value certainly has no secret, no escape that could hide one, and nothing to escape.

    One that is much longer than an excerpt is not looked through, because little of it is shown.
    """
    data = bytes(value)
    if len(data) > _LONG or b"\\" in data or b"\x7f" in data or not data.isascii():
        return False
    return not may_show_secret(data.decode())


_LONG: Final = 4_096


class _Container:
    """Members of an object or an array, with secrets masked.

    ``positions`` of an object are by the part of a key that a path shows.
    """

    def __init__(self, brackets: str, members: _Members, positions: dict[str, int]) -> None:
        self.members = members
        self._positions = positions
        self._texts: list[str | None] = [None] * len(members)
        self._opening, self._closing = brackets[0], brackets[1]

    def find(self, step: str | int) -> int | None:
        """Position of a key or an index."""
        if isinstance(step, str):
            return self._positions.get(step[:LONGEST_KEY])
        return step if step < len(self.members) and not self._positions else None

    def start(self) -> str:
        """Start of the whole."""
        return _cut(f"{self._opening}{self.after(-1, _WIDTH).removeprefix(',')}", _WIDTH)

    def before(self, end: int) -> str:
        """As many of the members before one as fit, each with its comma, or a sign that there are some."""
        text = ""
        for at in range(end - 1, -1, -1):
            member = self._text(at)
            if len(member) + 1 > _BEFORE - len(text):
                return f"{self._opening}{_CUT}{text or ','}"
            text = f"{member},{text}"
        return f"{self._opening}{text}"

    def marked(self, at: int) -> str:
        """One member."""
        return _cut(self._text(at), _MARKED)

    def after(self, start: int, width: int) -> str:
        """The members after one, each after its comma, and the closing bracket, cut to ``width`` characters."""
        text = ""
        for at in range(start + 1, len(self.members)):
            text += f",{self._text(at)}"
            if len(text) > width:
                return _cut(text, width)
        return _cut(text + self._closing, width)

    def _text(self, at: int) -> str:
        """Compact JSON of a member, cut if it is longer than an excerpt."""
        text = self._texts[at]
        if text is None:
            text = self._texts[at] = _head(_pieces(*self.members[at]), _WIDTH)
        return text


class _PlainContainer(_Container):
    """The same without secrets, so its texts are cut out of its compact JSON.

    ``starts`` are the positions of the members, and one for the end.
    """

    def __init__(self, members: _Members, positions: dict[str, int], whole: str, starts: list[int]) -> None:
        super().__init__(whole[0] + whole[-1], members, positions)
        self._whole = whole
        self._starts = starts

    def start(self) -> str:
        return _cut(self._whole[: _WIDTH + 1], _WIDTH)

    def before(self, end: int) -> str:
        starts = self._starts
        at = end
        while at > 0 and starts[end] - starts[at - 1] <= _BEFORE:
            at -= 1
        if at == 0:
            return self._whole[: starts[end]]
        return f"{self._opening}{_CUT}{self._whole[starts[at] : starts[end]] or ','}"

    def marked(self, at: int) -> str:
        start, end = self._starts[at], self._starts[at + 1] - 1
        return _cut(self._whole[start : min(end, start + _MARKED + 1)], _MARKED)

    def after(self, start: int, width: int) -> str:
        end = self._starts[start + 1] - 1
        return _cut(self._whole[end : end + width + 1], width)


def _container(value: Raw) -> _Container:
    """The members of an object or an array, or none of a scalar."""
    members, is_plain = _members(value), _is_plain(value)
    keys = [key for key, _ in members if key is not None]
    if not is_plain:
        keys = [shown_key(key) for key in keys]
    # Of keys that are cut alike, the first counts.
    positions = {key[:LONGEST_KEY]: at for at, key in reversed([*enumerate(keys)])}
    if is_plain and members:
        whole = _compact(value)
        if len(whole) == len(value) or whole.count("{") + whole.count("[") == 1:
            lengths = [len(member) for _, member in members]
        else:
            lengths = [
                len(member) if bytes(member)[:1] not in (b"{", b"[") else len(_compact(member))
                for _, member in members
            ]
        if keys:
            lengths = [length + len(key) + 3 for length, key in zip(lengths, keys, strict=True)]
        starts = list(accumulate((length + 1 for length in lengths), initial=1))
        if starts[-1] == len(whole):  # unless a key is there twice
            return _PlainContainer(members, positions, whole, starts)
    brackets = "[]" if bytes(value)[:1] == b"[" else "{}"
    return _Container(brackets, members, positions)


def _compact(value: Raw) -> str:
    """JSON without white space."""
    return msgspec.json.format(bytes(value), indent=-1).decode()


@cached(4_096)
def shown_key(key: str) -> str:
    """A key as paths show it."""
    return cut(key, LONGEST_KEY)


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

    Secrets are masked, also the one of a name-value pair, such as a header.
    """
    opening = bytes(value)[:1]
    if opening == b"{":
        found = _object.decode(value)
        for key in hidden_keys(found, _text_of):
            found[key] = _MASKED
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
    return value is not None and names_secret(_text_of(value))


def _text_of(value: Raw) -> str | None:
    """A string as it is written; None for any other value."""
    data = bytes(value)
    return data[1:-1].decode("utf-8", "replace") if data[:1] == b'"' else None


def _pieces(key: str | None, value: Raw) -> Iterator[str]:
    """Compact JSON of a value and its key, in pieces."""
    if key is not None:
        yield f"{json.dumps(beginning(key, _TEXT), ensure_ascii=False)}:"
    data = bytes(value)
    if data[:1] not in (b"{", b"["):
        yield beginning(data.decode("utf-8", "replace"), _TEXT)
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
        text += visible(piece)
        if len(text) > width:
            break
    return _cut(text, width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - len(_CUT)] + _CUT
