"""The interactions of a YAML cassette, one at a time: PyYAML itself would load the whole file."""

from collections.abc import Iterator
from typing import Any, Final

from cancelnorm.logs.compression import MissingLibraryError
from cancelnorm.logs.http import from_base64
from cancelnorm.logs.source import Locations, Source, Unreadable

__all__ = ["interactions"]

_BINARY: Final = "tag:yaml.org,2002:binary"
_NULLS: Final = ("", "~", "null", "Null", "NULL")
_MAX_ANCHORS: Final = 1_000
_MAX_DEPTH: Final = 100


def interactions(source: Source) -> Iterator[tuple[str, object]]:
    """Iterate over the interactions, each with its source.

    If the YAML is malformed, the interactions before the fault are kept and an Unreadable comes last.
    """
    try:
        import yaml  # an extra, which most logs do not need
    except ImportError as error:
        raise MissingLibraryError(source.name, "YAML", "formats") from error
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    locations = Locations(source.name)
    number = 0
    try:
        for line, interaction in _items(_events(yaml.parse(source.file(), Loader=loader), source)):
            number += 1
            yield locations.at(line), interaction
    # Malformed base64 is a ValueError.
    except (yaml.YAMLError, ValueError):
        if not source.damage:
            location = f"{source.name}:{source.line}"
            after = f"after interaction {number}" if number else "before the first interaction"
            yield location, Unreadable(location, "file", f"malformed or truncated YAML {after}")


def _events(events: Iterator[Any], source: Source) -> Iterator[Any]:
    """The same events; the source counts the lines."""
    for event in events:
        source.line = event.start_mark.line + 1
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


def _scalar(event: Any) -> str | bytes | None:
    if event.tag == _BINARY:
        return from_base64(event.value)
    return None if event.implicit[0] and event.value in _NULLS else str(event.value)
