"""The parts of a record in a line of JSON, found at mapped paths or by usual names."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, tzinfo
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw, Struct

from cancelnorm import recognition
from cancelnorm.logs.gathered import answers_in
from cancelnorm.logs.http import IS_BUFFER, Undecodable, from_base64, from_buffer
from cancelnorm.logs.json_path import Steps, at, lost, unwrapped
from cancelnorm.logs.missing_parts import not_found
from cancelnorm.logs.part_names import AXIOS, ERRORS, LOGGED, RESPONSE, USUAL_STEPS, usual_steps
from cancelnorm.logs.secrets import safe_account
from cancelnorm.logs.text_objects import objects_in
from cancelnorm.logs.timestamps import EARLIEST_NS, ns
from cancelnorm.masking import without_secrets

__all__ = ["PartError", "Parts", "Payload"]

_BYTES: Final = ("MESSAGE",)
_WHOLE: Final = ("response",)
_DATA: Final = ("response", "data")
_BODY_PATHS: Final = tuple(path for path in USUAL_STEPS["payload"] if path[:-1] == _WHOLE)
_STATUS_PATHS: Final = tuple(path for path in USUAL_STEPS["status"] if path[0] == "response")
_SDK: Final = frozenset({"requestParams", "requestOptions"})
_CODE: Final = "code"
_FAILED: Final = re.compile(r"fail|error|timed? ?out|exceeded|refused|reset", re.IGNORECASE)
_MAX_DEPTH: Final = 4
_SHORT: Final = 80  # bytes of a message that says what the line is
_FENCE: Final = "```"
_ENDS: Final = ("}", "]")
_IS_ENCODED: Final = re.compile(r'"[{\[]')
_LABELLED: Final = re.compile(
    r"\s*+\[[A-Za-z][^\[\]{}\"']{0,100}+\]"
)  # a text that begins with a name in brackets
_IS_JSON: Final = re.compile(r'\s*+(?:\{\s*+["}]|\[\s*+["{\[\]0-9-])')
_STATUSES: Final = range(100, 600)
_STATUS_LINE: Final = re.compile(r"([0-9]{1,9})(?: [A-Za-z][\w' -]{0,40})?", re.ASCII)  # as "404 Not Found"
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode
_value: Final = msgspec.json.Decoder().decode


# Numbers in the extended JSON of MongoDB; one of arbitrary precision was no number of JSON.
_EXTENDED: Final = re.compile(
    rb'\{\s*+"\$number(Long|Int|Double|Decimal)"\s*+:\s*+"(-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"\s*+\}'
)


def _from_bytes(data: bytes) -> str:
    """The text whose bytes journald lists, as it does if there are colors in it."""
    return bytes(msgspec.json.decode(data, type=list[int])).decode("utf-8", "surrogateescape")


def _plain(number: re.Match[bytes]) -> bytes:
    return b'"%b"' % number[2] if number[1] == b"Decimal" else number[2]


class Payload(NamedTuple):
    """The payload of a line and its path; ``is_logged`` if it is a logger's text, which may hold a frame."""

    path: Steps
    data: bytes | str
    is_logged: bool = False

    @property
    def is_of_logger(self) -> bool:
        """Whether it stands where a logger writes its texts."""
        return self.path[-1] in LOGGED


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
        return path != _DATA or self.inner[path[0]].keys() <= AXIOS

    def _is_empty_response(self) -> bool:
        """Tell whether a response over HTTP has a status, no body, and nothing else that is no part of one."""
        statuses = [found for path in _STATUS_PATHS if (found := self._at(path)) is not None]
        if not any(bytes(found).isdigit() for found in statuses):
            return False
        bodies = (self._at(path) for path in _BODY_PATHS)
        return self.inner[_WHOLE[0]].keys() <= RESPONSE and all(
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
            if found is not None and path[-1] not in LOGGED:
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
        if not self.usual[part] and part not in self.mapped:  # most lines have few of the parts
            return None
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
        line = _STATUS_LINE.fullmatch(found) if isinstance(found, str) else None
        number = int(line[1]) if line is not None else found
        if isinstance(number, int) and not isinstance(number, bool) and number in _STATUSES:
            return number
        if found is not None:
            self._pass_over("status", "an HTTP status")
        return None

    def clock(self, part: str) -> int | None:
        """A timestamp, in nanoseconds since the epoch; of several under usual names, one that is no duration."""
        data = self.raw(part)
        if data is None:
            return self.at if part == "received" else None
        moment = self._moment(data)
        if part not in self.mapped and len(self.usual[part]) > 1 and (moment or 0) < EARLIEST_NS:
            own = (path for path in self.usual[part] if len(path) == 1 or not self._is_answer(path[0]))
            moments = (self._moment(bytes(other)) for path in own if (other := self._at(path)) is not None)
            moment = next((each for each in moments if each is not None and each >= EARLIEST_NS), moment)
        if moment is None:
            self._pass_over(part, "a timestamp")
        return moment

    def _moment(self, data: bytes) -> int | None:
        """The time that a value is; None if it is none."""
        if data[:1] == b"{" and (date := _object(data).get("$date")) is not None:  # of MongoDB
            data = _EXTENDED.sub(_plain, bytes(date))
        # The digits as they were written: a binary float would lose some.
        return ns(_text(data) if data[:1] == b'"' else data.decode("utf-8", "replace"), self.zone)

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
            if path == _BYTES and data[:1] == b"[":
                yield self._payload(path, _from_bytes(data), is_mapped=mapped is not None)
            elif data[:1] == b"{" and IS_BUFFER.match(data):
                yield self._payload(path, from_buffer(data), is_mapped=mapped is not None)
            elif data[:1] in (b"{", b"["):
                yield Payload(path, _EXTENDED.sub(_plain, data) if b'"$number' in data else data)
            elif data[:1] == b'"':
                yield self._payload(path, _text(data), is_mapped=mapped is not None)
            elif path[-1] not in LOGGED or mapped:
                fault = PartError("payload", "expected an object, an array or a string")
        if mapped or fault:
            raise fault or PartError("payload", self.missing("payload"))

    def _payload(self, path: Steps, text: str, *, is_mapped: bool) -> Payload:
        is_of_logger = path[-1] in LOGGED and not is_mapped
        may_be_more = is_of_logger and ("\n" in (line := text.rstrip()) or not line.endswith(_ENDS))
        if _IS_JSON.match(text) and not may_be_more:
            return Payload(path, text.strip() if is_of_logger else text)
        if _IS_ENCODED.match(text):  # as JSON in a text of JSON
            with suppress(ValueError):
                return self._payload(path, _text(text.encode()), is_mapped=is_mapped)
        if is_of_logger and _LABELLED.match(text):
            return Payload(path, text, is_logged=True)
        if text.lstrip()[:1] in ("{", "["):
            found, _ = objects_in(text.strip().encode("utf-8", "surrogateescape"))
            if len(found) == 1 and not found[0].start:
                return Payload(path, found[0].json)
            return Payload(path, text, is_logged=is_of_logger and len(found) > 1)
        if is_of_logger:
            return Payload(path, text, is_logged=True)
        data = self._decoded(text, path)
        is_mixed = is_mapped or _FENCE in text  # a person writes code so, as into an issue
        holds_more = is_mixed and isinstance(data, str) and "{" in text and text.lstrip()[:1] != "<"
        return Payload(path, data, is_logged=holds_more)

    def answers(self) -> Iterator[Payload]:
        """The objects in the line that one venue alone sends, and arrays of answers, under any key but a request's."""
        for key, raw in self.line.items():
            data = bytes(raw)
            if (
                data[:1] in (b"{", b"[")
                and (key,) not in self.usual["request"]
                and (recognition.recognise(data) or answers_in(data, None))
            ):
                yield Payload((key,), data)

    def texts(self) -> Iterator[str]:
        """The texts in the line that may hold an object, under whatever key but that of a request, or an error."""
        for key, raw in self.line.items():
            data = bytes(raw)
            may_hold = b"{" in data or key in ERRORS
            if data[:1] == b'"' and may_hold and (key,) not in self.usual["request"]:
                yield _text(data)

    def errors(self) -> Iterator[Mapping[str, Raw]]:
        """The errors in the line that are objects, as those of Node.js."""
        for key in sorted(ERRORS & self.line.keys()):
            if bytes(self.line[key])[:1] == b"{":
                yield _object(self.line[key])

    def has_error(self) -> bool:
        """Whether a logger wrote an error into the line."""
        return not ERRORS.isdisjoint(self.line)

    def failures(self) -> Iterator[str]:
        """The texts of the errors in the line, and those in errors that are objects; else a message about a failure."""
        for key in sorted(ERRORS & self.line.keys()):
            raw = bytes(self.line[key])
            inner = _object(raw) if raw[:1] == b"{" else {}
            yield from (_text(each) for each in (raw, *map(bytes, inner.values())) if each[:1] == b'"')
        if not self.has_error() and (said := self.said()) is not None and _FAILED.search(said):
            yield said

    def said(self) -> str | None:
        """The message of a logger, if it is a short one without an object."""
        for key in ("msg", "message", "text"):
            data = bytes(self.line[key]) if key in self.line else b""
            if data[:1] == b'"' and len(data) <= _SHORT and b"{" not in data:
                return _text(data)
        return None

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
                usual = usual_steps(around)
                own = tuple(path for path in usual["payload"] if path[0] in members)
                if own:
                    yield Parts(around, self.mapped, {**usual, "payload": own}, {}, self.zone, self.at)
            level = inner

    def missing(self, part: str) -> str:
        """Explain why a part is missing."""
        return lost(self.line, self.mapped[part]) if part in self.mapped else not_found(part, self.line)

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
