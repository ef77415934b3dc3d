"""Where the keys, values and members of a text are: in JSON, in logs with JSON, and as Python prints objects."""

import re
from typing import Final, NamedTuple

__all__ = ["Span", "Structure", "structure_of"]

Span = tuple[int, int]

_TOKEN: Final = re.compile(
    rb"\"(?:[^\"\\]|\\.){0,2000}+\"|'(?:[^'\\\n]|\\.){0,2000}+'"
    rb"|-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|\b(?:true|false|null|None|True|False)\b|[{}\[\],:]",
    re.DOTALL,
)


class Structure(NamedTuple):
    """Spans of bytes; a member of an object is its key and its value, one of an array its value."""

    keys: list[Span]
    values: list[Span]
    members: list[Span]


class _Open(NamedTuple):
    """An object or array that is not yet closed, and where its own key begins."""

    start: int
    member: int


def structure_of(text: bytes) -> Structure:
    """Find the structure of a text, as far as it has one."""
    found = Structure([], [], [])
    stack: list[_Open] = []
    key: Span | None = None  # the last string, which a colon makes a key
    member: int | None = None  # where the current member begins, if that is a key

    def ends(start: int, end: int) -> None:
        found.values.append((start, end))
        found.members.append((start if member is None else member, end))

    for token in _TOKEN.finditer(text):
        start, end = token.span()
        match token[0]:
            case b"{" | b"[":
                stack.append(_Open(start, start if member is None else member))
                member = None
            case b"}" | b"]":
                if stack:
                    opened = stack.pop()
                    member = opened.member
                    ends(opened.start, end)
                    member = None
            case b":":
                if key is not None and found.values and found.values[-1] == key:
                    found.values.pop()
                    found.members.pop()
                    found.keys.append(key)
                    member = key[0]
            case b",":
                member = None
            case other:
                ends(start, end)
                member = None
                key = (start, end) if other[:1] in (b'"', b"'") else None
    return found
