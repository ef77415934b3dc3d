"""The interactions of a cassette in YAML, one at a time: PyYAML itself would hold the whole of it."""

from collections.abc import Iterator
from typing import Any, Final

from cancelnorm.logs.compression import MissingLibraryError
from cancelnorm.logs.http import from_base64
from cancelnorm.logs.source import Source, Unreadable

__all__ = ["interactions"]

_BINARY: Final = "tag:yaml.org,2002:binary"
_NULLS: Final = ("", "~", "null", "Null", "NULL")
_MAX_ANCHORS: Final = 1_000
_MAX_DEPTH: Final = 100


def interactions(source: Source) -> Iterator[tuple[str, object]]:
    """Take the interactions one by one, each with its source.

    Where the YAML is broken, what was read is kept, and an Unreadable says so at the end.
    """
    try:
        import yaml  # an extra: most logs do without
    except ImportError as error:
        raise MissingLibraryError(source.name, "YAML", "formats") from error
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    number = 0
    try:
        for interaction in _items(yaml.parse(source.file(), Loader=loader)):
            number += 1
            source.line = number
            yield f"{source.name}:{number}", interaction
    # A base64 text that is none is a ValueError.
    except (yaml.YAMLError, ValueError):
        if not source.damage:
            place = f"{source.name}:{number + 1}"
            after = f"after interaction {number}" if number else "before its first interaction"
            yield place, Unreadable(place, "file", f"not YAML, or cut off, {after}")


def _items(events: Iterator[Any]) -> Iterator[object]:
    """Build the members of the sequence below ``interactions``."""
    anchors: dict[str, object] = {}
    depth = 0
    key = ""
    for event in events:
        kind = type(event).__name__
        if depth == 1 and kind == "ScalarEvent":
            key = event.value
        if depth == 2 and key == "interactions" and kind == "MappingStartEvent":
            yield _built(event, events, anchors)
        elif kind.endswith("StartEvent") and kind[:3] in ("Map", "Seq"):
            depth += 1
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


class _Open:
    """A mapping or a sequence that is being built."""

    def __init__(self, anchor: str | None, is_mapping: bool) -> None:
        self.anchor = anchor
        self.is_mapping = is_mapping
        self.members: list[object] = []

    def value(self) -> object:
        if not self.is_mapping:
            return self.members
        return {str(key): value for key, value in zip(self.members[::2], self.members[1::2], strict=True)}


def _built(start: Any, events: Iterator[Any], anchors: dict[str, object]) -> object:
    """Build one value. An alias stands for the same object, so nothing grows; scalars stay text."""
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
    raise ValueError("cut off")


def _scalar(event: Any) -> str | bytes | None:
    if event.tag == _BINARY:
        return from_base64(event.value)
    return None if event.implicit[0] and event.value in _NULLS else str(event.value)
