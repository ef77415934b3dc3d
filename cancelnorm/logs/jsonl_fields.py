"""The parts of a record in a line of JSON: found where they were told to be, or by usual names."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from cancelnorm.errors import CancelNormError
from cancelnorm.logs.http import Unpackable, from_base64
from cancelnorm.logs.json_path import Steps, at, lost, steps
from cancelnorm.logs.timestamps import ns

__all__ = ["PARTS", "Parts", "UnknownPartError", "Wrong", "told", "usual"]

_USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "payload": (
        *("payload", "response.body", "response.content.text", "response.text", "response.payload"),
        *("response.data", "response", "resp", "body", "raw", "raw_message", "frame", "content", "text"),
        *("message", "msg", "data"),
    ),
    "venue": ("venue", "exchange", "exchange_id", "ex"),
    "endpoint": ("endpoint",),
    "url": ("url", "uri", "request.url", "request.uri", "request_url", "path", "request.path"),
    "method": ("method", "http_method", "request.method", "verb"),
    "status": (
        *("status", "status_code", "statusCode", "http_status", "response.status"),
        *("response.status_code", "response.statusCode"),
    ),
    "request": (
        *("request.params", "request.body", "request.data", "params", "request_params", "request_body"),
        "request",
    ),
    "sent": (
        *("sent_ns", "sent", "sent_at", "sent_ts", "ts_sent", "request_time", "request.time"),
        *("request.timestamp", "request_ts", "started"),
    ),
    "received": (
        *("received_ns", "received", "received_at", "recv_ts", "ts_recv", "recv_time", "local_ts"),
        *("local_timestamp", "response_time", "response.time", "response.timestamp", "ts", "timestamp"),
        *("time", "@timestamp"),
    ),
    "direction": ("direction", "dir"),
}

PARTS: Final = tuple(_USUAL)
"""The parts of a record that a path can be given for."""

_USUAL_STEPS: Final = {part: tuple(map(steps, names)) for part, names in _USUAL.items()}
_STATUSES: Final = range(100, 600)
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode
_value: Final = msgspec.json.Decoder().decode


class UnknownPartError(CancelNormError):
    """A name that is no part's."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part

    def __str__(self) -> str:
        return f"a record has no part {self.part!r}; its parts are {', '.join(PARTS)}"


def told(paths: Mapping[str, str]) -> Mapping[str, Steps]:
    """Read what a caller says of where parts are; UnknownPartError or PathError where it is wrong."""
    for part in paths:
        if part not in PARTS:
            raise UnknownPartError(part)
    return {part: steps(path) for part, path in paths.items()}


@lru_cache(maxsize=1_024)
def usual(keys: tuple[str, ...]) -> Mapping[str, tuple[Steps, ...]]:
    """The usual paths of each part that a line with such keys may have."""
    return {part: tuple(path for path in paths if path[0] in keys) for part, paths in _USUAL_STEPS.items()}


class Wrong(ValueError):
    """A part of a line that is not what it has to be: which, and why."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(part, reason)
        self.part = part
        self.reason = reason


class Parts(Struct, frozen=True):
    """What stands in a line, by part; a part that is told has to be right, another is passed over."""

    line: Mapping[str, Raw]
    told: Mapping[str, Steps]
    usual: Mapping[str, tuple[Steps, ...]]
    inner: dict[str | int, Mapping[str, Raw]] = {}  # objects in the line, each decoded once

    def found(self, part: str) -> tuple[Steps, bytes] | None:
        """The path of a part and its bytes; None where it is not there, or null."""
        path = self.told.get(part)
        for each in (path,) if path else self.usual[part]:
            found = self._at(each)
            if found is not None and (data := bytes(found)) != b"null":
                return each, data
        return None

    def _at(self, path: Steps) -> Raw | None:
        if len(path) == 1 or not isinstance(path[1], str):
            return at(self.line, path)
        first = path[0]
        if first not in self.inner:
            held = at(self.line, path[:1])
            is_object = held is not None and bytes(held)[:1] == b"{"
            self.inner[first] = _object(held) if is_object and held is not None else {}
        return at(self.inner[first], path[1:])

    def raw(self, part: str) -> bytes | None:
        """The bytes of a part; None where it is not there, or null."""
        found = self.found(part)
        return found[1] if found else None

    def value(self, part: str) -> Any:
        """A part, decoded."""
        found = self.raw(part)
        return None if found is None else _value(found)

    def text(self, part: str) -> str | None:
        """A part that is text."""
        data = self.raw(part)
        if data is None:
            return None
        if data[:1] == b'"':
            return _text(data)
        self._pass_over(part, "a string")
        return None

    def status(self) -> int | None:
        """The HTTP status."""
        found = self.value("status")
        number = int(found) if isinstance(found, str) and found.isascii() and found.isdigit() else found
        if isinstance(number, int) and not isinstance(number, bool) and number in _STATUSES:
            return number
        if found is not None:
            self._pass_over("status", "an HTTP status")
        return None

    def clock(self, part: str) -> int | None:
        """A time, in nanoseconds since the epoch."""
        data = self.raw(part)
        if data is None:
            return None
        # A number as it was written: a binary float has lost digits of it.
        text = _text(data) if data[:1] == b'"' else data.decode("utf-8", "replace")
        moment = ns(text)
        if moment is None:
            self._pass_over(part, "a time")
        return moment

    def payload(self) -> tuple[Steps, bytes | str]:
        """The payload and its path: a value as it was written, or the text in a string."""
        found = self.found("payload")
        if found is None:
            raise Wrong("payload", self.missing("payload"))
        place, data = found
        if data[:1] in (b"{", b"["):
            return place, data
        if data[:1] != b'"':
            raise Wrong("payload", "expected an object, an array or a string")
        text: str = _text(data)
        return place, text if text.lstrip()[:1] in ("{", "[") else self._unwrapped(text, place)

    def missing(self, part: str) -> str:
        """Say why a part is not there."""
        if part in self.told:
            return lost(self.line, self.told[part])
        return f"it is not in this line, which has {', '.join(self.line)[:200]}; name it with --map"

    def _unwrapped(self, text: str, place: Steps) -> bytes | str:
        """The bytes of a payload, where what stands beside it says that it is base64."""
        around = at(self.line, place[:-1]) if len(place) > 1 else None
        beside = _object(around) if around is not None and bytes(around)[:1] == b"{" else self.line
        if not any(name in beside and bytes(beside[name]) == said for name, said in _BASE64):
            return text
        try:
            return from_base64(text)
        except Unpackable as error:
            raise Wrong("payload", str(error)) from error

    def _pass_over(self, part: str, expected: str) -> None:
        """Do without a part that is something else, unless it was told where that is."""
        if part in self.told:
            raise Wrong(part, f"expected {expected}")


# How a recorder says that a string is base64, beside it.
_BASE64: Final = (
    ("encoding", b'"base64"'),
    ("base64", b"true"),
    ("isBase64Encoded", b"true"),
    ("is_base64", b"true"),
)
