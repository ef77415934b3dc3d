"""The parts of a record in a line of JSON, found at mapped paths or by usual names."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from cancelnorm.errors import CancelNormError
from cancelnorm.logs.http import Undecodable, from_base64
from cancelnorm.logs.json_path import Steps, at, lost, steps
from cancelnorm.logs.secrets import safe_account
from cancelnorm.logs.timestamps import ns

__all__ = ["PARTS", "PartError", "Parts", "UnknownPartError", "mapped_steps", "usual_steps"]

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
    "account": (
        *("account", "account_id", "accountId", "account_name", "accountName", "subaccount", "sub_account"),
        *("subAccount", "subaccount_id", "subAccountId", "api_key_name", "apiKeyName", "api_key_label"),
    ),
    "direction": ("direction", "dir"),
    "connection": (
        *("connection", "conn", "connection_id", "connectionId", "conn_id", "connId", "socket", "socket_id"),
        *("socketId", "ws_id", "wsId", "session", "session_id", "sessionId", "stream", "stream_id"),
    ),
}

PARTS: Final = tuple(_USUAL)
"""The parts of a record that can be mapped to a path."""

_USUAL_STEPS: Final = {part: tuple(map(steps, names)) for part, names in _USUAL.items()}
_STATUSES: Final = range(100, 600)
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode
_value: Final = msgspec.json.Decoder().decode


class UnknownPartError(CancelNormError):
    """The name of a part is unknown."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part

    def __str__(self) -> str:
        return f"unknown part {self.part!r}; the parts of a record are {', '.join(PARTS)}"


def mapped_steps(paths: Mapping[str, str]) -> Mapping[str, Steps]:
    """Parse the caller's paths of parts; UnknownPartError or PathError if one is wrong."""
    for part in paths:
        if part not in PARTS:
            raise UnknownPartError(part)
    return {part: steps(path) for part, path in paths.items()}


@lru_cache(maxsize=1_024)
def usual_steps(keys: tuple[str, ...]) -> Mapping[str, tuple[Steps, ...]]:
    """The usual paths of each part, as far as a line with such keys can have them."""
    return {part: tuple(path for path in paths if path[0] in keys) for part, paths in _USUAL_STEPS.items()}


class PartError(ValueError):
    """A required part of a line is missing, or a part is of the wrong kind."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(part, reason)
        self.part = part
        self.reason = reason


class Parts(Struct, frozen=True):
    """The parts of a line; a part of the wrong kind is an error if its path is mapped, else it is ignored."""

    line: Mapping[str, Raw]
    mapped: Mapping[str, Steps]
    usual: Mapping[str, tuple[Steps, ...]]
    inner: dict[str | int, Mapping[str, Raw]] = {}  # objects in the line, decoded once

    def found(self, part: str) -> tuple[Steps, bytes] | None:
        """The path of a part and its bytes; None if it is missing or null."""
        path = self.mapped.get(part)
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
        """The bytes of a part; None if it is missing or null."""
        found = self.found(part)
        return found[1] if found else None

    def value(self, part: str) -> Any:
        """The decoded value of a part."""
        found = self.raw(part)
        return None if found is None else _value(found)

    def text(self, part: str) -> str | None:
        """The text of a part that is a string."""
        data = self.raw(part)
        if data is None:
            return None
        if data[:1] == b'"':
            return _text(data)
        self._pass_over(part, "a string")
        return None

    def account(self) -> str | None:
        """The account: text, or a number, which is kept as it was written."""
        data = self.raw("account")
        if data is None or data[:1] == b'"':
            return safe_account(self.text("account"))
        if data.isdigit():
            return data.decode()
        self._pass_over("account", "a string or an integer")
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
        """A timestamp, in nanoseconds since the epoch."""
        data = self.raw(part)
        if data is None:
            return None
        # The digits as they were written: a binary float would lose some.
        text = _text(data) if data[:1] == b'"' else data.decode("utf-8", "replace")
        moment = ns(text)
        if moment is None:
            self._pass_over(part, "a timestamp")
        return moment

    def payload(self) -> tuple[Steps, bytes | str]:
        """The path and the payload: the bytes of a value, or the text of a string."""
        found = self.found("payload")
        if found is None:
            raise PartError("payload", self.missing("payload"))
        path, data = found
        if data[:1] in (b"{", b"["):
            return path, data
        if data[:1] != b'"':
            raise PartError("payload", "expected an object, an array or a string")
        text: str = _text(data)
        return path, text if text.lstrip()[:1] in ("{", "[") else self._decoded(text, path)

    def missing(self, part: str) -> str:
        """Explain why a part is missing."""
        if part in self.mapped:
            return lost(self.line, self.mapped[part])
        return f"not found among the keys {', '.join(self.line)[:200]}; set its path with --map"

    def _decoded(self, text: str, path: Steps) -> bytes | str:
        """The bytes of a payload that is base64, if a key beside it says so."""
        parent = at(self.line, path[:-1]) if len(path) > 1 else None
        members = _object(parent) if parent is not None and bytes(parent)[:1] == b"{" else self.line
        if not any(name in members and bytes(members[name]) == value for name, value in _BASE64):
            return text
        try:
            return from_base64(text)
        except Undecodable as error:
            raise PartError("payload", str(error)) from error

    def _pass_over(self, part: str, expected: str) -> None:
        """Ignore a part of the wrong kind, unless its path is mapped."""
        if part in self.mapped:
            raise PartError(part, f"expected {expected}")


# Keys by which recorders mark a string as base64.
_BASE64: Final = (
    ("encoding", b'"base64"'),
    ("base64", b"true"),
    ("isBase64Encoded", b"true"),
    ("is_base64", b"true"),
)
