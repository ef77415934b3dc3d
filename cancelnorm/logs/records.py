"""Records as JSON: one object a line, or one pretty-printed object a file."""

import json
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain
from typing import Any, Final, Literal

from msgspec import Raw, Struct, ValidationError
from msgspec.json import Decoder

from cancelnorm.logs.compression import CHUNK_BYTES, Stream, slices
from cancelnorm.record import Record
from cancelnorm.walk import Mismatch, walk
from cancelnorm.wire import Int

__all__ = ["MAX_LINE_BYTES", "Unreadable", "read_records"]

MAX_LINE_BYTES: Final = 64 << 20


class Unreadable(Struct, frozen=True):
    """Something in a log that is no record.

    ``source`` is ``file:line``. ``path`` is the key of the record that is wrong, or ``line`` or ``file``
    where all of it is. ``reason`` says what is wrong and never quotes a value: it may be a secret.
    """

    source: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.path}: {self.reason}"


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


def read_records(stream: Stream, name: str) -> Iterator[Record | Unreadable]:
    """Read the records of one log; ``name`` is what their sources begin with.

    A log whose first line is an object is lines of records. So is one with a later line that is a record, and
    one that is not JSON as a whole and has a line that is an object: a bad first line costs itself only. Any
    other log is one record.
    """
    chunks = iter(stream)
    head = _head(chunks)
    first = head.lstrip().partition(b"\n")[0]
    if first[:1] not in (b"{", b"[") or _is(_object, first):
        yield from _read_lines(chain(slices(head, CHUNK_BYTES), chunks), stream, name)
        return
    body = _body(head, chunks)
    whole = len(body) <= MAX_LINE_BYTES and _is(_raw, body)
    if any(line[:1] == b"{" and _is(_decoder if whole else _object, line) for line in BytesIO(body)):
        yield from _read_lines(chain(slices(body, CHUNK_BYTES), chunks), stream, name)
    elif whole:
        yield _read(body, f"{name}:1")
    elif stream.damage:
        yield Unreadable(f"{name}:{_last_line(body)}", "file", stream.damage)
    elif len(body) > MAX_LINE_BYTES:
        yield Unreadable(f"{name}:1", "file", f"one object of more than {MAX_LINE_BYTES >> 20} MiB")
    else:
        fault = _malformed(body)
        yield Unreadable(f"{name}:{_line_of(fault, body)}", "file", fault)


# --- Lines ---


def _read_lines(chunks: Iterable[bytes], stream: Stream, name: str) -> Iterator[Record | Unreadable]:
    """Read one record a line; a damaged log ends with the damage."""
    number = 1
    for block in _blocks(chunks):
        if block is None:
            reason = f"a line of more than {MAX_LINE_BYTES >> 20} MiB"
            yield Unreadable(f"{name}:{number}", "line", reason)
            number += 1
            continue
        if block[-1:] != b"\n" and stream.damage:
            break  # half a line: the damage is what is wrong with it
        yield from _read_block(block, name, number)
        number += block.count(b"\n")
    if stream.damage:
        yield Unreadable(f"{name}:{number}", "file", stream.damage)


def _read_block(block: bytes, name: str, number: int) -> Iterator[Record | Unreadable]:
    """Read whole lines, the first of which is ``number``.

    ``decode_lines`` is a quarter faster than a loop, but takes any white space between two objects for an
    end of line. Where each end of line stands between two objects and there are as many of both, it is right.
    """
    ends = block.count(b"\n", 0, -1)
    if block.count(b"}\n{") == ends:
        try:
            lines = _decoder.decode_lines(block)
            records = [_record(line, f"{name}:{at}") for at, line in enumerate(lines, number)]
        except (ValueError, RecursionError):
            records = []
        if len(records) == ends + 1:
            yield from records
            return
    for at, text in enumerate(block.split(b"\n"), number):
        if text.strip():
            yield _read(text, f"{name}:{at}")


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """Cut chunks into whole lines, as many as are there; None stands for one line that is too long."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut and parts:
            end = chunk.index(b"\n") + 1
            if size + end > MAX_LINE_BYTES:
                yield None
            else:
                yield b"".join((*parts, chunk[:end]))
            chunk, cut, parts, size = chunk[end:], cut - end, [], 0
        if cut:
            yield chunk[:cut]
        if cut < len(chunk):
            size += len(chunk) - cut
            if size > MAX_LINE_BYTES:
                parts = [b""]  # its length is all that is kept of it
            else:
                parts.append(chunk[cut:])
    if size > MAX_LINE_BYTES:
        yield None
    elif parts:
        yield b"".join(parts)


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
    return Record(
        _text.decode(raw) if raw[:1] == b'"' else raw,
        line.venue,
        line.endpoint,
        line.status,
        line.request,
        line.sent_ns,
        line.received_ns,
        source,
        line.dialect,
    )


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
        walk(data, Any, refuse=True)
    except Mismatch as fault:
        return f"not JSON: {fault.found.replace('JSON that', 'it')}"
    except RecursionError:
        return "not JSON: too many nested brackets"
    return "not JSON"


# --- Which of the two ---


def _head(chunks: Iterator[bytes]) -> bytes:
    """The first chunks, up to the end of the first line that is not blank."""
    parts: list[bytes] = []
    size = 0
    blank = True
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        text = chunk.lstrip() if blank else chunk
        blank = blank and not text
        if b"\n" in text or size > MAX_LINE_BYTES:
            break
    return b"".join(parts)


def _body(head: bytes, chunks: Iterator[bytes]) -> bytes:
    """All there is; less where a line is a record, and no more than a little over 64 MiB."""
    body = BytesIO()
    size = 0
    for chunk in chain((head,), chunks):
        size += body.write(chunk)
        lines = chunk.split(b"\n")[1:-1]
        if size > MAX_LINE_BYTES or any(line[:1] == b"{" and _is(_decoder, line) for line in lines):
            break
    return body.getvalue()


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
