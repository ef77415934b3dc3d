"""The parts of a record in a line of JSON, found at mapped paths or by usual names."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw, Struct

from cancelnorm import recognition
from cancelnorm.caching import cached
from cancelnorm.errors import CancelNormError, cited
from cancelnorm.logs.http import Undecodable, from_base64
from cancelnorm.logs.json_path import Steps, at, lost, shown, steps, unwrapped
from cancelnorm.logs.secrets import safe_account
from cancelnorm.logs.text_objects import objects_in
from cancelnorm.logs.timestamps import ns
from cancelnorm.masking import without_secrets

__all__ = ["PARTS", "PartError", "Parts", "Payload", "UnknownPartError", "mapped_steps", "usual_steps"]

_TEXTS: Final = (
    *("text", "textPayload", "message", "msg", "log", "MESSAGE", "line"),
    "@message",  # of CloudWatch
    "_raw",  # of Splunk
)
"""Names of what a logger wrote."""

_USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "payload": (
        *("payload", "response.body", "response.content.text", "response.text", "response.payload"),
        *("response.data", "response", "resp", "body", "raw", "raw_message", "frame", "content"),
        *(
            "response_body",
            "responseBody",
            "raw_response",
            "rawResponse",
            "rawMessage",
            "raw_data",
            "rawData",
        ),
        *("answer", "reply"),
        *_TEXTS,
        *("value", "data", "event", "info"),
    ),
    "venue": ("venue", "exchange", "exchange_id", "ex"),
    "endpoint": ("endpoint",),
    "url": (
        *("url", "uri", "request.url", "request.uri", "request_url", "requestUrl", "path", "request.path"),
        *("config.url", "response.config.url"),  # of axios
        *("requestParams.requestUrl", "requestOptions.reqUrl"),  # of SDKs for Node.js
    ),
    "method": (
        *("method", "http_method", "request.method", "verb"),
        *("config.method", "response.config.method"),  # of axios
        "requestParams.method",
    ),
    "status": (
        *("status", "status_code", "statusCode", "http_status", "response.status"),
        *("response.status_code", "response.statusCode"),
    ),
    "request": (
        *("request.params", "request.body", "request.data", "params", "request_params", "request_body"),
        *("requestParams.params.body", "requestParams.options.data", "requestOptions.reqBody"),
        *("requestParams", "requestBody", "req.params", "req.body", "req.data", "request", "req"),
        "body",  # beside a response
    ),
    "sent": (
        *("sent_ns", "sent", "sent_at", "sent_ts", "ts_sent", "request_time", "request.time"),
        *("request.timestamp", "request_ts", "started"),
    ),
    "received": (
        *(
            "record.time.timestamp",
            "time.timestamp",
            "received_ns",
            "received",
            "received_at",
            "recv_ts",
            "ts_recv",
            "recv_time",
            "local_ts",
        ),
        *("local_timestamp", "response_time", "response.time", "response.timestamp", "ts", "timestamp"),
        *("time", "@timestamp", "__REALTIME_TIMESTAMP", "asctime", "_time"),
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
    "source": (),
    "offset": (),
}

# What a logger writes is text, in which a frame may stand, or none.
_LOGGED: Final = frozenset((*_TEXTS, "value", "event", "info"))
# Under which loggers write an error.
_ERRORS: Final = frozenset(
    {
        *("error", "err", "exception", "exc", "exc_info", "cause", "reason"),
        *("stack", "stack_trace", "stackTrace", "stacktrace", "traceback", "errorVerbose"),
    }
)
# The keys of a response beside its ``data``, where that is the body; a venue's own envelope has others.
_AXIOS: Final = frozenset(
    {
        "data",
        "status",
        "statusCode",
        "status_code",
        "statusText",
        "headers",
        "config",
        "request",
        "ok",
        "url",
        "method",
    }
)

# The keys of a response over HTTP beside its status; an answer of a venue's own has others.
_RESPONSE: Final = _AXIOS | {
    *("body", "text", "content", "payload", "json", "reason", "elapsed", "cookies", "encoding"),
    *("http_version", "httpVersion", "time", "timestamp"),
}

PARTS: Final = tuple(_USUAL)
"""The parts of a record that can be mapped to a path."""

_USUAL_STEPS: Final = {part: tuple(map(steps, names)) for part, names in _USUAL.items()}
_WHOLE: Final = ("response",)
_DATA: Final = ("response", "data")
_BODY_PATHS: Final = tuple(path for path in _USUAL_STEPS["payload"] if path[:-1] == _WHOLE)
_STATUS_PATHS: Final = tuple(path for path in _USUAL_STEPS["status"] if path[0] == "response")
_SDK: Final = frozenset({"requestParams", "requestOptions"})
_CODE: Final = "code"
_MAX_DEPTH: Final = 4
_MOST_HINTS: Final = 3
_IS_JSON: Final = re.compile(r'\s*+(?:\{\s*+["}]|\[\s*+["{\[\]0-9-])')
_HOLDS: Final = re.compile(rb'"[^{\[]*+[{\[]')
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
        return f"unknown part {cited(self.part)}; the parts of a record are {', '.join(PARTS)}"


def mapped_steps(paths: Mapping[str, str]) -> Mapping[str, Steps]:
    """Parse the caller's paths of parts; UnknownPartError or PathError if one is wrong."""
    for part in paths:
        if part not in PARTS:
            raise UnknownPartError(part)
    return {part: steps(path) for part, path in paths.items()}


@cached(1_024)
def usual_steps(keys: tuple[str, ...]) -> Mapping[str, tuple[Steps, ...]]:
    """The usual paths of each part, as far as a line with such keys can have them."""
    return {part: tuple(path for path in paths if path[0] in keys) for part, paths in _USUAL_STEPS.items()}


class Payload(NamedTuple):
    """The payload of a line and its path; ``is_logged`` if it is a logger's text, which may hold a frame."""

    path: Steps
    data: bytes | str
    is_logged: bool = False


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
    zone: tzinfo = UTC  # of times without one of their own
    at: int | None = None  # the time of receipt, if the line has none

    def found(self, part: str) -> tuple[Steps, bytes] | None:
        """The path of a part and its bytes; None if it is missing or null."""
        path = self.mapped.get(part)
        for each in (path,) if path else self.usual[part]:
            if path is None and len(each) > 1 and self._is_answer(each[0]):
                continue  # it is the venue's own
            found = self._at(each)
            if found is not None and (data := bytes(found)) != b"null":
                return each, data
        return None

    def _is_answer(self, key: str | int) -> bool:
        """Tell whether the whole object at a key is the payload, as a venue's envelope at ``response``."""
        if (key,) not in self.usual["payload"]:
            return False
        first = next((path for path in self.usual["payload"] if self._may_be_payload(path)), None)
        return first == (key,)

    def _may_be_payload(self, path: Steps) -> bool:
        found = self._at(path)
        if found is None or (path == _WHOLE and self._is_empty_response()):
            return False
        return path != _DATA or self.inner[path[0]].keys() <= _AXIOS

    def _is_empty_response(self) -> bool:
        """Tell whether a response over HTTP has a status, no body, and nothing else that is no part of one."""
        statuses = [found for path in _STATUS_PATHS if (found := self._at(path)) is not None]
        if not any(bytes(found).isdigit() for found in statuses):
            return False
        bodies = (self._at(path) for path in _BODY_PATHS)
        return self.inner[_WHOLE[0]].keys() <= _RESPONSE and all(
            found is None or bytes(found) in (b"null", b'""') for found in bodies
        )

    def without_body(self) -> Payload | None:
        """The empty payload of an answer that has a status and no body; None if the line does not say that it has none.

        It says so by null in the place of the body, or by a response that has none.
        """
        if "payload" in self.mapped or self.status() is None:
            return None
        for path in self.usual["payload"]:
            found = self._at(path)
            if found is not None and path[-1] not in _LOGGED:
                is_none = bytes(found) == b"null" or (path == _WHOLE and self._is_empty_response())
                return Payload(path, b"") if is_none else None
        return None

    def _at(self, path: Steps) -> Raw | None:
        if len(path) == 1 or not isinstance(path[1], str):
            return at(self.line, path)
        first = path[0]
        if first not in self.inner:
            held = at(self.line, path[:1])
            held = None if held is None else unwrapped(held)
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

    def place(self, source: str) -> str:
        """The source of the line: the mapped source and offset take the place of file and line."""
        name, _, number = source.rpartition(":")
        mapped, offset = self._scalar("source"), self._scalar("offset")
        if mapped is None and offset is None:
            return source
        return without_secrets(f"{mapped or name}:{offset or number}")

    def _scalar(self, part: str) -> str | None:
        """A text or a number as text; anything else is an error."""
        data = self.raw(part)
        if data is None:
            return None
        if data[:1] == b'"':
            return _text(data)
        if data[:1] in (b"{", b"["):
            raise PartError(part, "expected a string or a number")
        return data.decode()

    def status(self) -> int | None:
        """The HTTP status; SDKs for Node.js call it the code of their error."""
        found = self.value("status")
        if found is None and _CODE in self.line and not _SDK.isdisjoint(self.line):
            found = _value(self.line[_CODE])
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
            return self.at if part == "received" else None
        # The digits as they were written: a binary float would lose some.
        text = _text(data) if data[:1] == b'"' else data.decode("utf-8", "replace")
        moment = ns(text, self.zone)
        if moment is None:
            self._pass_over(part, "a timestamp")
        return moment

    def payloads(self) -> Iterator[Payload]:
        """What may be the payload, the likeliest first: the bytes of a value, or the text of a string.

        Raises PartError if nothing is at its mapped path, or if all that is there are numbers and the like.
        """
        mapped = self.mapped.get("payload")
        fault = None
        for path in (mapped,) if mapped else self.usual["payload"]:
            found = self._at(path)
            if found is None or (data := bytes(found)) == b"null":
                continue
            if not (mapped or self._may_be_payload(path)):
                continue
            if data[:1] in (b"{", b"["):
                yield Payload(path, data)
            elif data[:1] == b'"':
                yield self._payload(path, _text(data), is_mapped=mapped is not None)
            elif path[-1] not in _LOGGED or mapped:
                fault = PartError("payload", "expected an object, an array or a string")
        if mapped or fault:
            raise fault or PartError("payload", self.missing("payload"))

    def _payload(self, path: Steps, text: str, *, is_mapped: bool) -> Payload:
        if _IS_JSON.match(text):
            return Payload(path, text)
        if text.lstrip()[:1] in ("{", "["):
            found, _ = objects_in(text.strip().encode("utf-8", "surrogatepass"))
            return Payload(path, found[0].json if len(found) == 1 and not found[0].start else text)
        if path[-1] in _LOGGED and not is_mapped:
            return Payload(path, text, is_logged=True)
        data = self._decoded(text, path)
        holds_more = is_mapped and isinstance(data, str) and "{" in text and text.lstrip()[:1] != "<"
        return Payload(path, data, is_logged=holds_more)

    def answers(self) -> Iterator[Payload]:
        """The objects in the line that one venue alone sends, under whatever key but that of a request."""
        for key, raw in self.line.items():
            data = bytes(raw)
            if (
                data[:1] in (b"{", b"[")
                and (key,) not in self.usual["request"]
                and recognition.recognise(data)
            ):
                yield Payload((key,), data)

    def texts(self) -> Iterator[str]:
        """The texts in the line that may hold an object, under whatever key but that of a request, or an error."""
        for key, raw in self.line.items():
            data = bytes(raw)
            may_hold = b"{" in data or key in _ERRORS
            if data[:1] == b'"' and may_hold and (key,) not in self.usual["request"]:
                yield _text(data)

    def errors(self) -> Iterator[Mapping[str, Raw]]:
        """The errors in the line that are objects, as those of Node.js."""
        for key in _ERRORS & self.line.keys():
            if bytes(self.line[key])[:1] == b"{":
                yield _object(self.line[key])

    def nested(self) -> Iterator["Parts"]:
        """The objects inside the line, the outer ones first; each with the members around it."""
        level: list[tuple[Mapping[str, Raw], Mapping[str, Raw]]] = [(self.line, self.line)]
        for _ in range(_MAX_DEPTH):
            inner: list[tuple[Mapping[str, Raw], Mapping[str, Raw]]] = []
            for around, members in level:
                for raw in members.values():
                    if bytes(raw)[:1] == b"{":
                        found = _object(raw)
                        inner.append(({**around, **found}, found))
            for around, members in inner:
                usual = usual_steps(tuple(around))
                own = tuple(path for path in usual["payload"] if path[0] in members)
                if own:
                    yield Parts(around, self.mapped, {**usual, "payload": own}, {}, self.zone, self.at)
            level = inner

    def missing(self, part: str) -> str:
        """Explain why a part is missing."""
        if part in self.mapped:
            return lost(self.line, self.mapped[part])
        hint = " " + " or ".join(f"{part}={path}" for path in self._hints()) if part == "payload" else ""
        return (
            f"not found among the keys {', '.join(self.line)[:200]}; set its path with --map{hint}".rstrip()
        )

    def _hints(self) -> list[str]:
        """Paths at which an object, an array or a text with one stands."""
        found = [
            shown((key,))
            for key, raw in self.line.items()
            if bytes(raw)[:1] in (b"{", b"[") or _HOLDS.match(bytes(raw))
        ]
        return found[:_MOST_HINTS]

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
