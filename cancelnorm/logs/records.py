"""Records as JSON: one object a line, or one pretty-printed object a file."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from msgspec import Raw, Struct, ValidationError
from msgspec.json import Decoder

from cancelnorm.logs.source import MAX_LINE_BYTES, Block, Format, Item, Options, Source, Unreadable
from cancelnorm.masking import is_secret
from cancelnorm.reader.exact import Mismatch, walk
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.types import node_of
from cancelnorm.record import Record

__all__ = ["RECORDS", "read_block"]


class _Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A record as it is written down."""

    venue: str
    payload: Raw
    endpoint: str | None = None
    status: Int | None = None
    request: dict[str, Any] | None = None
    sent_ns: Int | None = None
    received_ns: Int | None = None
    dialect: Literal["quoted-numbers"] | None = None
    docs: Any = None  # a sample says where its shape is documented
    about: Any = None  # and what it shows


_decoder: Final = Decoder(_Line)
_raw: Final = Decoder(Raw)
_object: Final = Decoder(dict[str, Raw])
_text: Final = Decoder(str)
_NAMES: Final = frozenset(_Line.__struct_fields__)
_SNIFFED_LINES: Final = 100
_SPREAD: Final = re.compile(rb'\s*\{\s*"')  # how an object begins that may go on over many lines


def fits(head: bytes) -> bool:
    """Whether a log holds records: one line that is one, or an object over many lines with their keys."""
    for line in head.splitlines()[:_SNIFFED_LINES]:
        if line.lstrip()[:1] == b"{" and _is_record(line):
            return True
    if _is_record(head):
        return True
    return bool(_SPREAD.match(head)) and not is_lines(head) and b'"venue":' in head and b'"payload":' in head


def _is_record(line: bytes) -> bool:
    try:
        keys = _object.decode(line).keys()
    except (ValueError, RecursionError):
        return False
    return {"venue", "payload"} <= keys and keys <= _NAMES


def is_lines(head: bytes) -> bool:
    """Whether the first line of a log is an object of its own."""
    return _is(_object, head.lstrip().partition(b"\n")[0])


def read(source: Source, options: Options) -> Iterator[Item | Block]:
    """Read the records of one log.

    A log whose first line is an object is lines of records. So is one with a later line that is a record, and
    one that is not JSON as a whole and has a line that is an object: a bad first line costs itself only. Any
    other log is one record.
    """
    del options  # a record says all of it itself
    first = source.head.lstrip()
    if first[:1] not in (b"{", b"[") or is_lines(first) or any(map(_is_record, first.splitlines())):
        yield from _read_lines(source)
        return
    body = source.body()
    whole = _is(_raw, body)
    if not whole and any(line[:1] == b"{" and _is(_object, line) for line in body.splitlines()):
        yield from _read_lines(source)
    elif whole:
        yield Item(_read(body, f"{source.name}:1"))
    elif source.is_longer:
        reason = f"one object of more than {MAX_LINE_BYTES >> 20} MiB"
        yield Item(Unreadable(f"{source.name}:1", "file", reason))
    elif source.damage:
        source.line = _last_line(body)  # the damage is what is wrong
    else:
        fault = _malformed(body)
        yield Item(Unreadable(f"{source.name}:{_line_of(fault, body)}", "file", fault))


RECORDS: Final = Format("records", "lines of records, or a record a file", fits, read)


# --- Lines ---


def _read_lines(source: Source) -> Iterator[Item | Block]:
    for block in source.blocks():
        if block is None:
            reason = f"a line of more than {MAX_LINE_BYTES >> 20} MiB"
            yield Item(Unreadable(f"{source.name}:{source.line}", "line", reason))
        else:
            yield Block(source.name, source.line, block, source.offset, source.file_id)


def read_block(block: Block) -> list[Record | Unreadable]:
    """Read whole lines.

    ``decode_lines`` is a quarter faster than a loop for short lines, but takes any white space between two
    objects for an end of line. Where each end of line stands between two objects and there are as many of
    both, it is right; to see that costs more than it gains where lines are long.
    """
    name, number, data, *_ = block
    if data.find(b"\n") < _LONG and data.count(b"}\n{") == (ends := data.count(b"\n", 0, -1)):
        try:
            lines = _decoder.decode_lines(data)
            records: list[Record | Unreadable] = [
                _record(line, f"{name}:{at}") for at, line in enumerate(lines, number)
            ]
        except (ValueError, RecursionError):
            records = []
        if len(records) == ends + 1:
            return records
    return [_read(text, f"{name}:{at}") for at, text in enumerate(data.split(b"\n"), number) if text.strip()]


_LONG: Final = 2_048


# --- One record ---


def _read(data: bytes, source: str) -> Record | Unreadable:
    try:
        return _record(_decoder.decode(data), source)
    except ValidationError as error:
        path, reason = _misfit(str(error))
        return Unreadable(source, path, reason)
    except (ValueError, RecursionError):
        return Unreadable(source, "line", _malformed(data))


def _record(line: _Line, source: str) -> Record:
    """Build the record; its payload is what stands in the line, byte for byte, or the text in a string."""
    raw = bytes(line.payload)
    request = line.request
    secrets: tuple[str, ...] = ()
    if request and (named := [key for key in request if _SECRET_KEYS[key]]):
        secrets = tuple(f"request.{key}" for key in named)
        request = {key: "[redacted]" if _SECRET_KEYS[key] else value for key, value in request.items()}
    return Record(
        _text.decode(raw) if raw[:1] == b'"' else raw,
        line.venue,
        line.endpoint,
        line.status,
        request,
        line.sent_ns,
        line.received_ns,
        source,
        line.dialect,
        secrets,
    )


class _SecretKeys(dict[str, bool]):
    """Whether a key of a request names a secret; requests have few keys, so each is looked at once."""

    def __missing__(self, key: str) -> bool:
        if len(self) >= _MAX_KEYS:
            self.clear()
        verdict = self[key] = is_secret(key)
        return verdict


_MAX_KEYS: Final = 4_096
_SECRET_KEYS: Final = _SecretKeys()


_KEYS: Final = "venue, endpoint, status, request, sent_ns, received_ns, dialect and payload"
_KEY_FAULT: Final = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.DOTALL)
_AT: Final = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
_TYPES: Final = {
    "int": "an integer",
    "str": "a string",
    "bool": "true or false",
    "float": "a number with a fraction",
    "object": "an object",
    "array": "an array",
    "null": "null",
}


def _misfit(fault: str) -> tuple[str, str]:
    """What msgspec found wrong with a line, as the key and what is wrong with it."""
    if match := _KEY_FAULT.match(fault):
        key = match[2] if re.fullmatch(r"[\w-]{1,64}", match[2], re.ASCII) else json.dumps(match[2][:64])
        verb = "has no such key" if match[1] == "contains unknown" else "must have this key"
        return key, f"a record {verb}; its keys are {_KEYS}"
    what, path = re.fullmatch(_AT, fault).groups()  # type: ignore[union-attr]  # it matches any text
    what = re.sub("`([a-z |]+)`", lambda kinds: " or ".join(_TYPES[k] for k in kinds[1].split(" | ")), what)
    what = re.sub("an integer [<>]= .*", "a 64-bit integer", what)
    return path or "line", what.replace("Expected", "expected").replace("got", "found")


def _malformed(data: bytes) -> str:
    """Why data is no JSON."""
    try:
        walk(data, node_of(Any), refuse=True)
    except Mismatch as fault:
        return f"not JSON: {fault.found.replace('JSON that', 'it')}"
    except RecursionError:
        return "not JSON: too many nested brackets"
    return "not JSON"


# --- What it looks like ---


def _is(decoder: Decoder[Any], data: bytes) -> bool:
    """Whether data is what a decoder reads."""
    try:
        decoder.decode(data)
    except (ValueError, RecursionError):
        return False
    return True


def _line_of(fault: str, data: bytes) -> int:
    """The line that a fault at ``(byte n)`` is in; the last one where it names no byte."""
    match = re.search(r"\(byte ([0-9]+)\)$", fault)
    return data.count(b"\n", 0, int(match[1])) + 1 if match else _last_line(data)


def _last_line(data: bytes) -> int:
    return data.rstrip().count(b"\n") + 1
