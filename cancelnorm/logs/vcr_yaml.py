"""The interactions of a YAML cassette, one at a time: PyYAML itself would load the whole file."""

import re
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from cancelnorm.logs.compression import CHUNK_BYTES, MissingLibraryError
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.limits import too_long
from cancelnorm.logs.locations import Locations
from cancelnorm.logs.source import Reader, Source

__all__ = ["interactions"]

_BINARY: Final = "tag:yaml.org,2002:binary"
_NULLS: Final = ("", "~", "null", "Null", "NULL")
_MAX_ANCHORS: Final = 1_000
_MAX_DEPTH: Final = 100
_KEYS: Final = frozenset({"interactions", "http_interactions", "responses"})
_NODE_BYTES: Final = 64  # of a value beside its text, at least
_MOST_FORBIDDEN: Final = 200_000  # more lines than there are in a chunk
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FORBIDDEN: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffc\U00010000-\U0010ffff]")


def interactions(source: Source) -> Iterator[tuple[str, object]]:
    """Iterate over the interactions, each with its source.

    If the YAML is malformed, the interactions before the fault are kept and an Unreadable comes last. One with a
    character that YAML forbids, or that is too long, is an Unreadable itself.
    """
    try:
        import yaml  # an extra, which most logs do not need
    except ImportError as error:
        raise MissingLibraryError(source.name, "YAML", "formats") from error
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    locations = Locations(source.name)
    characters = _Characters(source.file(), source.max_record_bytes)
    number = 0
    try:
        events = _events(yaml.parse(characters, Loader=loader), source, characters)
        for line, interaction in _items(events, source.max_record_bytes):
            number += 1
            place = locations.at(line)
            if characters.are_forbidden(line, source.line):
                yield place, Unreadable(place, "line", _INVALID)
            elif isinstance(interaction, _Refused):
                yield place, Unreadable(place, "interaction", str(interaction))
            else:
                yield place, interaction
    except (yaml.YAMLError, ValueError):
        if not source.damage:
            location = f"{source.name}:{source.line}"
            after = f"after interaction {number}" if number else "before the first interaction"
            fault = f"a text {source.too_long}," if characters.is_too_long else "malformed or truncated YAML"
            yield location, Unreadable(location, "file", f"{fault} {after}")


_INVALID: Final = "a character that is not UTF-8, or that YAML forbids"


class _Characters:
    """A file whose forbidden characters are replaced, so that they cost one interaction and not all.

    It ends where the parser reads on and on without an event, because it would hold all of that.
    """

    def __init__(self, file: Reader, max_bytes: int) -> None:
        self.is_too_long = False
        self._max_bytes = max_bytes
        self._silent_bytes = 0  # since the last event
        self._file = file
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._line = 1
        self._left = ""  # a carriage return, which may be half of a line break
        self._forbidden: deque[int] = deque(maxlen=_MOST_FORBIDDEN)  # the lines of such characters

    def read(self, size: int = -1, /) -> bytes:
        """Read some bytes; none only at the end."""
        while not self.is_too_long and (chunk := self._file.read(size)):
            self._silent_bytes += len(chunk)
            self.is_too_long = self._silent_bytes > self._max_bytes + CHUNK_BYTES
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

    def note_event(self) -> None:
        """Note that the parser has made something of what was read."""
        self._silent_bytes = 0

    def are_forbidden(self, first: int, last: int) -> bool:
        """Tell whether there was a forbidden character in some lines; those before are forgotten."""
        while self._forbidden and self._forbidden[0] < first:
            self._forbidden.popleft()
        return bool(self._forbidden) and self._forbidden[0] <= last


def _events(events: Iterator[Any], source: Source, characters: _Characters) -> Iterator[Any]:
    """The same events; the source counts the lines."""
    for event in events:
        if characters.is_too_long:
            raise ValueError("cut")  # what was open seems to end there
        characters.note_event()
        source.line = event.end_mark.line + 1
        yield event


def _items(events: Iterator[Any], max_bytes: int) -> Iterator[tuple[int, object]]:
    """Build the items of the sequence of interactions, each with its line; _Refused for one that is not built."""
    anchors = _Anchors(max_bytes)
    depth = 0
    key = ""
    for event in events:
        kind = type(event).__name__
        if depth == 1 and kind == "ScalarEvent":
            key = event.value
        if depth == 2 and key in _KEYS and kind == "MappingStartEvent":
            line = event.start_mark.line + 1
            try:
                interaction = _built(event, events, anchors, max_bytes)
            except _Refused as refused:
                interaction = refused
            yield line, interaction
        elif kind.endswith("StartEvent") and kind[:3] in ("Map", "Seq"):
            depth += 1
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


class _Refused(Exception):
    """An interaction that is not built; its text says why."""


class _Value(NamedTuple):
    """A value and the bytes that it takes if each alias in it is written out."""

    value: object
    size: int


class _Anchors:
    """The last values that aliases may refer to, as many as there may be in memory."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._values: dict[str, _Value] = {}
        self._size = 0

    def add(self, anchor: str, value: _Value) -> None:
        """Keep a value; the oldest are forgotten."""
        self._size += value.size - self._values.pop(anchor, _NOTHING).size
        self._values[anchor] = value
        while len(self._values) > _MAX_ANCHORS or self._size > self._max_bytes:
            self._size -= self._values.pop(next(iter(self._values))).size

    def find(self, anchor: str) -> _Value:
        """The value that an alias refers to."""
        if anchor not in self._values:
            raise _Refused("an alias of a value that is unknown, or too far away")
        return self._values[anchor]


_NOTHING: Final = _Value(None, 0)


class _Open:
    """A mapping or a sequence that is not complete yet."""

    def __init__(self, anchor: str | None, is_mapping: bool) -> None:
        self.anchor = anchor
        self.is_mapping = is_mapping
        self.members: list[object] = []
        self.size = _NODE_BYTES

    def value(self) -> object:
        if not self.is_mapping:
            return self.members
        keys = self.members[::2]
        if any(isinstance(key, dict | list) for key in keys):
            raise _Refused("a key that is not text")
        return {str(key): value for key, value in zip(keys, self.members[1::2], strict=True)}


def _built(start: Any, events: Iterator[Any], anchors: _Anchors, max_bytes: int) -> object:
    """Build one value, whose scalars stay text.

    Raises _Refused for one that takes more bytes than a record may, with its aliases written out: each refers to
    the same object, so that they take no memory, but whoever reads the value sees it as often.
    """
    building = _Building(start, anchors, max_bytes)
    try:
        for event in events:
            if (done := building.add(event)) is not None:
                return done.value
    except _Refused:
        _pass_over(events, building.depth)
        raise
    raise ValueError("truncated")


class _Building:
    """A value that is being built; aliases in it are counted as if they were written out."""

    def __init__(self, start: Any, anchors: _Anchors, max_bytes: int) -> None:
        self._anchors = anchors
        self._max_bytes = max_bytes
        self._stack = [_Open(start.anchor, is_mapping=True)]
        self._size = _NODE_BYTES

    @property
    def depth(self) -> int:
        """The number of mappings and sequences that are open."""
        return len(self._stack)

    def add(self, event: Any) -> _Value | None:
        """Take the next event; return the value if it is complete."""
        kind = type(event).__name__
        match kind:
            case "MappingStartEvent" | "SequenceStartEvent":
                if len(self._stack) == _MAX_DEPTH:
                    raise ValueError("too deep")
                self._stack.append(_Open(event.anchor, kind == "MappingStartEvent"))
                self._count(_NODE_BYTES)
                return None
            case "AliasEvent":
                done, anchor = self._anchors.find(event.anchor), None
                self._count(done.size)
            case "ScalarEvent":
                self._count(_NODE_BYTES + len(event.value))
                done, anchor = _Value(_scalar(event), _NODE_BYTES + len(event.value)), event.anchor
            case _:
                closed = self._stack.pop()
                done, anchor = _Value(closed.value(), closed.size), closed.anchor
        if anchor is not None:
            self._anchors.add(anchor, done)
        if not self._stack:
            return done
        self._stack[-1].members.append(done.value)
        self._stack[-1].size += done.size
        return None

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self._max_bytes:
            raise _Refused(too_long(self._max_bytes))


def _pass_over(events: Iterator[Any], depth: int) -> None:
    """Skip the rest of a value."""
    while depth and (event := next(events, None)) is not None:
        kind = type(event).__name__
        depth += kind in ("MappingStartEvent", "SequenceStartEvent")
        depth -= kind in ("MappingEndEvent", "SequenceEndEvent")


def _scalar(event: Any) -> object:
    if event.tag == _BINARY:
        return {
            "base64_string": event.value
        }  # as JSON has it: one that is malformed costs its interaction alone
    return None if event.implicit[0] and event.value in _NULLS else str(event.value)
