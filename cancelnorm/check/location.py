"""Location of a finding: the member of a payload that holds a value, and its columns in the line."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm.check.excerpt import LONGEST_KEY, path_steps, shown_key
from cancelnorm.lazy import lazy_property
from cancelnorm.reader.mismatch import member_path

__all__ = ["WITHIN", "PayloadLine", "PayloadMembers"]

WITHIN: Final = ("$.", "$[")
"""Beginnings of the paths of all but the whole payload."""


class PayloadMembers:
    """Members of a payload's objects; what is looked into is decoded once, on first use."""

    def __init__(self, payload: bytes | str) -> None:
        self._payload = payload
        self._element: tuple[str | int, Any] | None = None
        self._last: tuple[str, Any] | None = None  # path and what is there

    @lazy_property
    def _elements(self) -> list[Raw] | None:
        """Elements of a payload that is an array, of which mostly few are looked into."""
        try:
            return _array.decode(self._payload)
        except (ValueError, RecursionError):
            return None

    @lazy_property
    def _tree(self) -> Any:
        return _decoded(self._payload)

    def path_of(self, value: object, at: str) -> str:
        """Path of the only member with a value in the object at path ``at``; otherwise ``at``."""
        if value is None:
            return at
        if self._last is None or self._last[0] != at:
            self._last = at, self._node(at)
        node = self._last[1]
        if not isinstance(node, dict):
            return at
        if isinstance(value, str):
            members = [*node.values()]
            is_only = members.count(value) == 1
            return member_path(at, [*node][members.index(value)]) if is_only else at
        kind = type(value)
        keys = [key for key, member in node.items() if member == value and type(member) is kind]
        return member_path(at, keys[0]) if len(keys) == 1 else at

    def _node(self, path: str) -> Any:
        """The value at a path; None if there is none."""
        steps = [*path_steps(path)]
        try:
            node = self._at(steps[0]) if steps else self._tree
            for step in steps[1:]:
                node = node[step]
        except (LookupError, TypeError):
            return None
        return node

    def _at(self, step: str | int) -> Any:
        """The member of the payload at a key or an index."""
        if isinstance(step, str) or self._elements is None:
            return self._tree[step]
        if self._element is None or self._element[0] != step:
            self._element = step, _decoded(self._elements[step])
        return self._element[1]


_array: Final = msgspec.json.Decoder(list[Raw])


def _decoded(data: bytes | str | Raw) -> Any:
    """A JSON value; None if it is not JSON."""
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return None


# --- Columns ---


_SPACE: Final = re.compile(r"[ \t\r\n]*")
_json: Final = json.JSONDecoder()


class _Span(NamedTuple):
    """A member of an object or an array: where it begins, where its value begins, and its end."""

    start: int
    value: int
    end: int


class PayloadLine:
    """A line with a payload in it, as an object or as text."""

    def __init__(self, line: bytes, payload: bytes | str) -> None:
        self._line = line
        self._raw = payload
        self._containers: dict[int, Mapping[str | int, _Span] | list[_Span]] = {}
        self._spans: dict[str, _Span] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PayloadLine) and (self._line, self._raw) == (other._line, other._raw)

    def __hash__(self) -> int:
        return hash((self._line, self._raw))

    @lazy_property
    def _payload(self) -> str:
        return self._raw if isinstance(self._raw, str) else self._raw.decode("utf-8", "replace")

    @lazy_property
    def _place(self) -> tuple[int | None, bool | None]:
        return _find(self._line.decode("utf-8", "replace"), self._payload)

    def columns(self, path: str) -> tuple[int, int] | None:
        """First column of the member at a path, or of its innermost ancestor, and the column after its end.

        None for the whole payload: a finding on it may be about another part of the line.
        """
        if not path.startswith(WITHIN) or self._place[0] is None:
            return None
        span = self._spans.get(path)
        try:
            span = span or self._spans.setdefault(path, self._span(path))
        except (ValueError, RecursionError):  # not JSON
            return None
        return self._column(span.start), self._column(span.end)

    def _column(self, offset: int) -> int:
        """Column of a position in the payload, which is longer if the line quotes it."""
        at, is_ascii = self._place
        if is_ascii is not None:
            offset = len(_quoted(self._payload[:offset], is_ascii=is_ascii))
        return (at or 0) + offset + 1

    def _span(self, path: str) -> _Span:
        start = _after_space(self._payload, 0)
        span = _Span(start, start, len(self._payload.rstrip()))
        for step in path_steps(path):
            found = self._only_member(span, step) if isinstance(step, str) else self._element(span, step)
            if found is None:
                break
            span = found
        return span

    def _element(self, span: _Span, index: int) -> _Span | None:
        """An element of an array."""
        found = self._members(span)
        if isinstance(found, list):
            return found[index] if index < len(found) else None
        return found.get(index)

    def _only_member(self, span: _Span, key: str) -> _Span | None:
        """A member of an object; one of an object of plain scalars is found by its key, if that is there once."""
        text, start, end = self._payload, span.value, span.end
        if key.isidentifier() and len(key) < LONGEST_KEY and text[start : start + 1] == "{":
            quoted = f'"{key}"'
            at = text.find(quoted, start, end)
            is_alone = at >= 0 and text.find(quoted, at + 1, end) < 0
            # Without these, each quote begins or ends a whole key or value.
            is_flat = is_alone and all(text.find(mark, start + 1, end) < 0 for mark in "{[\\")
            if is_flat and (scalar := _SCALAR.match(text, at)):
                return _Span(at, scalar.start("value"), scalar.end("value"))
        found = self._members(span)
        return None if isinstance(found, list) else found.get(key[:LONGEST_KEY])

    def _members(self, span: _Span) -> Mapping[str | int, _Span] | list[_Span]:
        """The members of an object, or the elements of an array."""
        found = self._containers.get(span.value)
        if found is None:
            found = _compact_elements(self._payload) if not span.value else None
            found = dict(_members(self._payload, span.value)) if found is None else found
            self._containers[span.value] = found
        return found


def _compact_elements(text: str) -> list[_Span] | None:
    """The elements of a text that is an array without white space between them; None if it is anything else."""
    if text[:1] != "[" or not text.isascii():
        return None
    try:
        ends = [*accumulate((len(element) + 1 for element in _array.decode(text)), initial=1)]
    except (ValueError, RecursionError):
        return None
    return [_Span(start, start, end - 1) for start, end in pairwise(ends)] if ends[-1] == len(text) else None


def _find(line: str, payload: str) -> tuple[int | None, bool | None]:
    """Position of a payload in a line, and if it is quoted, whether in ASCII; None if it is not there once."""
    for is_ascii in (None, False, True):
        text = payload if is_ascii is None else _quoted(payload, is_ascii=is_ascii)
        at = line.find(text)
        if at >= 0:
            return (at if line.find(text, at + 1) < 0 else None), is_ascii
    return None, None


def _quoted(text: str, *, is_ascii: bool) -> str:
    """Text as it is inside a string of JSON."""
    return json.dumps(text, ensure_ascii=is_ascii)[1:-1]


# A member of an object that is a plain scalar under a plain key, and the comma behind it: nearly all are.
_SCALAR: Final = re.compile(
    r"""
    "(?P<key>[^"\\\x00-\x1f]*+)" [ \t\r\n]*+ : [ \t\r\n]*+
    (?P<value>
        "[^"\\\x00-\x1f]*+"
        | (?: -?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,99})? | true | false | null ) (?=[ \t\r\n,}])
    )
    [ \t\r\n]*+ (?:,[ \t\r\n]*+)?
    """,
    re.VERBOSE,
)


def _members(text: str, at: int) -> Iterator[tuple[str | int, _Span]]:
    """Members of the object, or elements of the array, that begins at a position; none for a scalar."""
    opening, number = text[at : at + 1], 0
    if opening not in ("{", "["):
        return
    at = _after_space(text, at + 1)
    while text[at : at + 1] not in ("}", "]"):
        start = at
        if opening == "{" and (scalar := _SCALAR.match(text, at)):
            at = scalar.end()
            yield shown_key(scalar["key"]), _Span(start, scalar.start("value"), scalar.end("value"))
            continue
        if opening == "{":
            name, at = _json.raw_decode(text, at)
            at = _after_space(text, _after_space(text, at) + 1)
        value = at
        _, at = _json.raw_decode(text, at)
        yield shown_key(name) if opening == "{" else number, _Span(start, value, at)
        at = _after_space(text, at)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        number += 1


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
