"""Long lines that containers keep in several parts: Docker in JSON, and Kubernetes with a mark before each part."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Raw

__all__ = ["DockerParts", "KubernetesParts"]

_DOCKER_BYTES: Final = 16 << 10  # of each part but the last
_LOG: Final = "log"
_STREAM: Final = "stream"
_STREAMS: Final = frozenset((b'"stdout"', b'"stderr"'))
_PART: Final = re.compile(rb"([0-9][0-9TZ:.+-]{18,39} (?:stdout|stderr) )([PF])(?::\w)? ")
_FAR: Final = 60  # bytes before the mark
_text: Final = msgspec.json.Decoder(str).decode


class _Parts:
    """The parts of a line so far."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def add(self, part: bytes) -> None:
        self._parts.append(part)
        self.size += len(part)

    def joined(self, last: bytes = b"") -> bytes:
        return b"".join((*self._parts, last))


class DockerParts:
    """The parts of lines that are not complete, by their stream; a part that is the last ends with a line break."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parts: dict[bytes, _Parts] = {}

    def add(self, line: Mapping[str, Raw]) -> Mapping[str, Raw] | None:
        """The line itself, or all of which it is the last part; None for a part that others follow."""
        if _LOG not in line or _STREAM not in line:
            return line
        part, stream = bytes(line[_LOG]), bytes(line[_STREAM])
        if len(part) >= _DOCKER_BYTES and stream in _STREAMS and _is_full(part):
            parts = self._parts.setdefault(stream, _Parts())
            if parts.size <= self._max_bytes:
                parts.add(part[1:-1])
                return None
        begun = self._parts.pop(stream, None)
        return line if begun is None else {**line, _LOG: Raw(b'"%b' % begun.joined(part[1:]))}

    def left(self) -> list[Mapping[str, Raw]]:
        """Take the lines whose last part is missing."""
        parts, self._parts = self._parts, {}
        return [{_LOG: Raw(b'"%b"' % each.joined()), _STREAM: Raw(stream)} for stream, each in parts.items()]


def _is_full(part: bytes) -> bool:
    """Tell whether a part is as long as any that others follow, and has no line break."""
    if part[:1] != b'"' or part.endswith(b'\\n"'):
        return False
    try:
        return len(_text(part).encode()) == _DOCKER_BYTES
    except ValueError:  # it is not UTF-8
        return False


class KubernetesParts:
    """The parts of lines that are not complete, by what stands before the mark that others follow."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parts: dict[bytes, _Parts] = {}

    @property
    def are_open(self) -> bool:
        """Whether the next line may be the next part of one."""
        return bool(self._parts)

    def add(self, line: bytes) -> bytes | None:
        """The line itself, or all of which it is the last part; None for a part that others follow."""
        found = _PART.search(line, 0, _FAR) if b" P " in line[:_FAR] or self._parts else None
        if found is None:
            return line
        stream = found[1].split()[-1]
        parts = self._parts.setdefault(stream, _Parts())
        if found[2] == b"P" and parts.size <= self._max_bytes:
            parts.add(line[found.end() :])
            return None
        del self._parts[stream]
        return line[: found.end()] + parts.joined(line[found.end() :])

    def left(self) -> list[bytes]:
        """Take the lines whose last part is missing."""
        parts, self._parts = self._parts, {}
        return [each.joined() for each in parts.values()]
