"""The interactions of a YAML cassette, one at a time: PyYAML itself would load the whole file."""

import re
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

from cancelnorm.logs.compression import MissingLibraryError
from cancelnorm.logs.source import Locations, Reader, Source, Unreadable

__all__ = ["interactions"]

_BINARY: Final = "tag:yaml.org,2002:binary"
_NULLS: Final = ("", "~", "null", "Null", "NULL")
_MAX_ANCHORS: Final = 1_000
_MAX_DEPTH: Final = 100
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FORBIDDEN: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffc\U00010000-\U0010ffff]")


def interactions(source: Source) -> Iterator[tuple[str, object]]:
    """Iterate over the interactions, each with its source.

    If the YAML is malformed, the interactions before the fault are kept and an Unreadable comes last. One with a
    character that YAML forbids is an Unreadable itself.
    """
    try:
        import yaml  # an extra, which most logs do not need
    except ImportError as error:
        raise MissingLibraryError(source.name, "YAML", "formats") from error
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    locations = Locations(source.name)
    characters = _Characters(source.file())
    number = 0
    try:
        for line, interaction in _items(_events(yaml.parse(characters, Loader=loader), source)):
            number += 1
            place = locations.at(line)
            is_valid = not characters.are_forbidden(line, source.line)
            yield place, interaction if is_valid else Unreadable(place, "line", _INVALID)
    except (yaml.YAMLError, ValueError):
        if not source.damage:
            location = f"{source.name}:{source.line}"
            after = f"after interaction {number}" if number else "before the first interaction"
            yield location, Unreadable(location, "file", f"malformed or truncated YAML {after}")


_INVALID: Final = "a character that is not UTF-8, or that YAML forbids"


class _Characters:
    """A file whose forbidden characters are replaced, so that they cost one interaction and not all."""

    def __init__(self, file: Reader) -> None:
        self._file = file
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._line = 1
        self._left = ""  # a carriage return, which may be half of a line break
        self._forbidden: deque[int] = deque()  # the lines of such characters

    def read(self, size: int = -1, /) -> bytes:
        """Read some bytes; none only at the end."""
        while chunk := self._file.read(size):
            if found := self._replaced(self._decode(chunk)):
                return found
        return self._replaced(self._decode(b"", final=True), is_last=True)

    def _replaced(self, text: str, *, is_last: bool = False) -> bytes:
        text, self._left = self._left + text, ""
        if text.endswith("\r") and not is_last:
            text, self._left = text[:-1], "\r"
        at = 0
        for match in _FORBIDDEN.finditer(text):
            self._line += len(_BREAK.findall(text, at, match.start()))
            at = match.start()
            if not self._forbidden or self._forbidden[-1] != self._line:
                self._forbidden.append(self._line)
        self._line += len(_BREAK.findall(text, at))
        return _FORBIDDEN.sub("?", text).encode()

    def are_forbidden(self, first: int, last: int) -> bool:
        """Tell whether there was a forbidden character in some lines; those before are forgotten."""
        while self._forbidden and self._forbidden[0] < first:
            self._forbidden.popleft()
        return bool(self._forbidden) and self._forbidden[0] <= last


def _events(events: Iterator[Any], source: Source) -> Iterator[Any]:
    """The same events; the source counts the lines."""
    for event in events:
        source.line = event.end_mark.line + 1
        yield event


def _items(events: Iterator[Any]) -> Iterator[tuple[int, object]]:
    """Build the items of the sequence ``interactions``, each with its line."""
    anchors: dict[str, object] = {}
    depth = 0
    key = ""
    for event in events:
        kind = type(event).__name__
        if depth == 1 and kind == "ScalarEvent":
            key = event.value
        if depth == 2 and key == "interactions" and kind == "MappingStartEvent":
            yield event.start_mark.line + 1, _built(event, events, anchors)
        elif kind.endswith("StartEvent") and kind[:3] in ("Map", "Seq"):
            depth += 1
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


class _Open:
    """A mapping or a sequence that is not complete yet."""

    def __init__(self, anchor: str | None, is_mapping: bool) -> None:
        self.anchor = anchor
        self.is_mapping = is_mapping
        self.members: list[object] = []

    def value(self) -> object:
        if not self.is_mapping:
            return self.members
        return {str(key): value for key, value in zip(self.members[::2], self.members[1::2], strict=True)}


def _built(start: Any, events: Iterator[Any], anchors: dict[str, object]) -> object:
    """Build one value; an alias refers to the same object, so memory is bounded, and scalars stay text."""
    stack = [_Open(start.anchor, is_mapping=True)]
    for event in events:
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(stack) == _MAX_DEPTH:
                raise ValueError("too deep")
            stack.append(_Open(event.anchor, kind == "MappingStartEvent"))
            continue
        if kind == "AliasEvent":
            value, anchor = anchors.get(event.anchor), None
        elif kind == "ScalarEvent":
            value, anchor = _scalar(event), event.anchor
        else:
            done = stack.pop()
            value, anchor = done.value(), done.anchor
        if anchor is not None:
            if len(anchors) >= _MAX_ANCHORS:
                anchors.clear()
            anchors[anchor] = value
        if not stack:
            return value
        stack[-1].members.append(value)
    raise ValueError("truncated")


def _scalar(event: Any) -> object:
    if event.tag == _BINARY:
        return {
            "base64_string": event.value
        }  # as JSON has it: one that is malformed costs its interaction alone
    return None if event.implicit[0] and event.value in _NULLS else str(event.value)
