"""Location of a finding: the member of a payload that holds a value, and its columns in the line."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from cancelnorm.caching import cached
from cancelnorm.check.excerpt import LONGEST_KEY, path_steps
from cancelnorm.check.finding import Finding
from cancelnorm.logs import Item
from cancelnorm.prose import cut
from cancelnorm.reader.exact import member_path
from cancelnorm.record import Record

__all__ = ["PayloadMembers", "with_columns"]


class PayloadMembers:
    """Members of a payload's objects; the payload is decoded once, on first use."""

    def __init__(self, payload: bytes | str) -> None:
        self._payload = payload

    @cached_property
    def _tree(self) -> Any:
        try:
            return msgspec.json.decode(self._payload)
        except (ValueError, RecursionError):
            return None

    def path_of(self, value: object, at: str) -> str:
        """Path of the only member with a value in the object at path ``at``; otherwise ``at``."""
        if value is None:
            return at
        node = self._tree
        for step in path_steps(at):
            try:
                node = node[step]
            except (LookupError, TypeError):
                return at
        if not isinstance(node, dict):
            return at
        kind = type(value)
        keys = [key for key, member in node.items() if member == value and type(member) is kind]
        return member_path(at, keys[0]) if len(keys) == 1 else at


# --- Columns ---


def with_columns(findings: list[tuple[int, Finding]], items: Iterable[Item]) -> list[tuple[int, Finding]]:
    """The same findings, each with its columns if its record is a line that contains the payload as it is.

    A finding on the whole record has none: it may be about another part of the line.
    """
    positions = {position for position, finding in findings if _is_on_member(finding)}
    if not positions:
        return findings
    lines = {
        position: _Line(item.raw, item.found.payload)
        for position, item in enumerate(items)
        if position in positions and item.raw is not None and isinstance(item.found, Record)
    }
    return [
        (position, replace(finding, columns=lines[position].columns(finding.path)))
        if position in lines and _is_on_member(finding)
        else (position, finding)
        for position, finding in findings
    ]


def _is_on_member(finding: Finding) -> bool:
    """Whether a finding is on a member of the payload."""
    return finding.path.startswith(("$.", "$["))


_SPACE: Final = re.compile(r"[ \t\r\n]*")
_json: Final = json.JSONDecoder()


class _Span(NamedTuple):
    """A member of an object or an array: where it begins, where its value begins, and its end."""

    start: int
    value: int
    end: int


class _Line:
    """A line with a payload in it, as an object or as text."""

    def __init__(self, line: bytes, payload: bytes | str) -> None:
        self._payload = payload if isinstance(payload, str) else payload.decode("utf-8", "replace")
        self._at, self._is_ascii = _find(line.decode("utf-8", "replace"), self._payload)
        self._containers: dict[int, dict[str | int, _Span]] = {}

    def columns(self, path: str) -> tuple[int, int] | None:
        """First column of the member at a path, or of its innermost ancestor, and the column after its end."""
        if self._at is None:
            return None
        try:
            span = self._span(path)
        except (ValueError, RecursionError):  # not JSON
            return None
        return self._column(span.start), self._column(span.end)

    def _column(self, offset: int) -> int:
        """Column of a position in the payload, which is longer if the line quotes it."""
        assert self._at is not None
        if self._is_ascii is not None:
            offset = len(_quoted(self._payload[:offset], is_ascii=self._is_ascii))
        return self._at + offset + 1

    def _span(self, path: str) -> _Span:
        if (only := self._only_member(path)) is not None:
            return only
        start = _after_space(self._payload, 0)
        span = _Span(start, start, len(self._payload.rstrip()))
        for step in path_steps(path):
            if span.value not in self._containers:
                self._containers[span.value] = dict(_members(self._payload, span.value))
            found = self._containers[span.value].get(step[:LONGEST_KEY] if isinstance(step, str) else step)
            if found is None:
                break
            span = found
        return span

    @cached_property
    def _is_flat(self) -> bool:
        """Whether the payload is an object of plain scalars: each quote begins or ends a whole key or value."""
        text = self._payload
        return text[:1] == "{" and text.find("{", 1) < 0 and "[" not in text and "\\" not in text

    def _only_member(self, path: str) -> _Span | None:
        """The member at a path like ``$.price``, if its key is nowhere else; None if that is not certain."""
        key = path[2:]
        if not self._is_flat or not key.isidentifier() or len(key) >= LONGEST_KEY:
            return None
        start = self._payload.find(f'"{key}"')
        if start < 0 or self._payload.find(f'"{key}"', start + 1) >= 0:
            return None
        scalar = _SCALAR.match(self._payload, start)
        return None if scalar is None else _Span(start, scalar.start("value"), scalar.end("value"))


def _find(line: str, payload: str) -> tuple[int | None, bool | None]:
    """Position of a payload in a line, and if it is quoted, whether in ASCII; None if it is not there once."""
    for text, is_ascii in (
        (payload, None),
        (_quoted(payload, is_ascii=False), False),
        (_quoted(payload, is_ascii=True), True),
    ):
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


@cached(4_096)
def _shown_key(key: str) -> str:
    """A key as paths show it."""
    return cut(key, LONGEST_KEY)


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
            yield _shown_key(scalar["key"]), _Span(start, scalar.start("value"), scalar.end("value"))
            continue
        if opening == "{":
            name, at = _json.raw_decode(text, at)
            at = _after_space(text, _after_space(text, at) + 1)
        value = at
        _, at = _json.raw_decode(text, at)
        yield _shown_key(name) if opening == "{" else number, _Span(start, value, at)
        at = _after_space(text, at)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        number += 1


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
