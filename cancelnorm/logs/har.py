"""The format ``har``: HAR 1.2, as browsers and proxies export it, one entry a request."""

import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, ValidationError, field

from cancelnorm import recognition
from cancelnorm.logs.http import Answer, Undecodable, decompressed, from_base64, header_secrets, record_of
from cancelnorm.logs.item import Item, Refusals, Unreadable
from cancelnorm.logs.json_array import located
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.timestamps import ns
from cancelnorm.logs.urls import locate, unknown_host
from cancelnorm.logs.websocket import Frames
from cancelnorm.no_utf8 import is_no_utf8
from cancelnorm.record import Record

__all__ = ["HAR", "misfit"]


# --- Structs ---


class _Named(Struct, frozen=True):
    """A header or a parameter."""

    name: str
    value: str = ""


class _Body(Struct, frozen=True, rename="camel"):
    """The body of a request or an answer; ``encoding`` is base64 if it is not text.

    ``file`` is the name of a file beside the HAR that holds it, as Playwright attaches them.
    """

    mime_type: str | None = None
    text: str | None = None
    file: str | None = field(default=None, name="_file")
    encoding: str | None = None
    params: list[_Named] = field(default_factory=list)


class _Request(Struct, frozen=True, rename="camel"):
    url: str
    method: str = "GET"
    headers: list[_Named] = field(default_factory=list)
    cookies: list[Any] = field(default_factory=list)
    post_data: _Body | None = None


class _Response(Struct, frozen=True):
    """An answer; its status is 0 or -1 if there was none, and then a browser may say why."""

    status: int = 0
    headers: list[_Named] = field(default_factory=list)
    cookies: list[Any] = field(default_factory=list)
    content: _Body = field(default_factory=_Body)
    error: str | None = field(default=None, name="_error")
    failure: str | None = field(default=None, name="_failureText")

    @property
    def timed_out(self) -> bool:
        """Whether the browser says that it waited in vain."""
        return _TIMED_OUT.search(f"{self.error} {self.failure}") is not None


class _Frame(Struct, frozen=True):
    """A WebSocket frame of Chrome; ``time`` is in seconds, and data that is not text is in base64."""

    type: str
    data: str
    time: Decimal | int | None = None
    opcode: int = 1


class _Timings(Struct, frozen=True):
    """Phases before a request was sent, in milliseconds; -1 if a phase was skipped."""

    blocked: Decimal | int | None = None
    dns: Decimal | int | None = None
    connect: Decimal | int | None = None


class _Entry(Struct, frozen=True, rename="camel"):
    request: _Request
    response: _Response = field(default_factory=_Response)
    started: str | None = field(default=None, name="startedDateTime")
    time: Decimal | int | None = None
    timings: _Timings = field(default_factory=_Timings)
    frames: list[_Frame] = field(default_factory=list, name="_webSocketMessages")


_decoder: Final = msgspec.json.Decoder(_Entry)
_HEAD: Final = re.compile(rb'\s*\{\s*"log"\s*:\s*\{')
_KEYS: Final = (b'"creator"', b'"entries"', b'"pages"')
_BINARY: Final = 2
_TIMED_OUT: Final = re.compile(r"time[sd]?[\s_-]?out", re.IGNORECASE)


def fits(head: bytes) -> bool:
    """Tell whether a log is an object with a log of entries."""
    return _HEAD.match(head) is not None and any(key in head for key in _KEYS)


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the entries that belong to a venue; the source is the line on which an entry begins."""
    refusals = Refusals()
    for location, entry in located(source, (b"log", b"entries"), "entry"):
        if isinstance(entry, Unreadable):
            yield Item(entry)
        elif fault := refusals.again(entry, location):
            yield Item(fault)
        else:
            yield from _read(entry, location, options, source, refusals)
        del entry  # frees it before the next one is assembled


HAR: Final = Format("har", "HAR 1.2, from a browser or a proxy", fits, read)


# --- Records ---


def _read(raw: bytes, location: str, options: Options, source: Source, refusals: Refusals) -> Iterator[Item]:
    try:
        entry = _decoder.decode(raw)
    except (ValueError, RecursionError) as error:
        yield Item(refusals.keep(raw, misfit(error, location)))
        return
    if entry.frames:
        yield from _frames(entry, location, options)
    elif entry.response.status != 101:  # a WebSocket handshake
        yield from _answer(entry, location, options, source)


def _answer(entry: _Entry, location: str, options: Options, source: Source) -> Iterator[Item]:
    request, response = entry.request, entry.response
    sent_ns, received_ns = _clocks(entry)
    post = request.post_data
    answer = Answer(
        source=location,
        url=request.url,
        payload=b"",
        method=request.method.upper(),
        status=response.status if response.status > 0 else None,
        sent=_sent(post, source),
        content_type=post.mime_type if post else None,
        secrets=_secrets(entry),
        sent_ns=sent_ns,
        received_ns=received_ns,
    )
    record = record_of(answer, options)
    if record is None and request.method.upper() != "OPTIONS":
        record = _at_unknown_host(answer, response, options, source)
    if not isinstance(record, Record):
        if record is not None:
            yield Item(record)
        return
    if response.status <= 0:
        pairing: Literal["timeout", "no_answer"] = "timeout" if response.timed_out else "no_answer"
        yield Item(msgspec.structs.replace(record, received_ns=None, pairing=pairing))
        return
    try:
        payload = _payload(response, source)
    except Undecodable as error:
        yield Item(Unreadable(location, "response.content", str(error)))
    else:
        yield Item(msgspec.structs.replace(record, payload=payload))


def _at_unknown_host(
    answer: Answer, response: _Response, options: Options, source: Source
) -> Record | Unreadable | None:
    """Read an answer that its URL does not tell as a venue's; one that is not about an order is passed over."""
    with suppress(Undecodable):
        payload = _payload(response, source)
        found = record_of(msgspec.structs.replace(answer, payload=payload), options)
        if found is not None:
            return found
    source.passed.add(answer.url)
    return None


def _payload(response: _Response, source: Source) -> bytes | str:
    """The body of an answer; an empty one may be left out."""
    content = response.content
    coding = next((h.value for h in response.headers if h.name.lower() == "content-encoding"), "")
    if content.text is None and content.file is not None:
        body = source.attached(content.file)
        if body is None:
            raise Undecodable("the file that holds the body is missing")
        if len(body) > source.max_record_bytes:
            raise Undecodable(f"the file that holds the body is {source.too_long}")
        return decompressed(body, coding, source.max_record_bytes)
    text = content.text or ""
    return (
        text
        if content.encoding != "base64"
        else decompressed(from_base64(text), coding, source.max_record_bytes)
    )


def _sent(post: _Body | None, source: Source) -> bytes | str | None:
    """The body of a request; a form may be recorded as parameters only."""
    if post is not None and not post.text and post.file is not None:
        body = source.attached(post.file)
        return None if body is None or len(body) > source.max_record_bytes else body
    if post is None or post.text:
        return post.text if post else None
    return msgspec.json.encode({param.name: param.value for param in post.params}).decode()


def _secrets(entry: _Entry) -> tuple[str, ...]:
    headers = (*entry.request.headers, *entry.response.headers)
    found = header_secrets((header.name, header.value) for header in headers)
    return (*found, "cookies") if entry.request.cookies or entry.response.cookies else found


def _clocks(entry: _Entry) -> tuple[int | None, int | None]:
    """The times when the request was sent and when the answer was complete, in nanoseconds.

    An entry starts when the request is queued; the browser waits and connects before it sends.
    """
    started = ns(entry.started) if entry.started else None
    if started is None:
        return None, None
    total = _ns(entry.time)
    if total is None:
        return started, None
    before = entry.timings
    waited = sum(_ns(part) or 0 for part in (before.blocked, before.dns, before.connect))
    return started + min(waited, total), started + total


def _ns(ms: Decimal | int | None) -> int | None:
    """Milliseconds to nanoseconds, exactly; None for a missing time, which is written as -1, and for ``"NaN"``."""
    if ms is None or not Decimal(ms).is_finite() or not 0 <= ms < 10**12:
        return None
    return int(ms * 1_000_000)


def _frames(entry: _Entry, location: str, options: Options) -> Iterator[Item]:
    """Read the frames of one connection; at an unknown host, one frame that is recognised names the venue."""
    url = entry.request.url
    address = locate(None, url, hosts=options.hosts)
    received = [frame for frame in entry.frames if frame.type != "send"]
    venue = (address.venue if address else None) or options.venue or _recognised(received, options)
    if venue is None:
        if entry.frames:
            yield Item(Unreadable(location, "venue", unknown_host(url)))
        return
    frames = Frames(options)
    frames.connect((*(address.secrets if address else ()), *_secrets(entry)))
    for frame in entry.frames:
        at = None if frame.time is None else ns(str(frame.time))
        try:
            data = _data(frame, options.max_record_bytes)
        except Undecodable:
            yield Item(Unreadable(location, "_webSocketMessages", "a binary frame cannot be decoded"))
            continue
        if frame.type == "send":
            frames.send(data, at, venue, url, source=location)
        elif (found := frames.receive(data, at, venue, location)) is not None:
            yield Item(found)
        yield from frames.left()
    yield from frames.unanswered()


def _recognised(received: list[_Frame], options: Options) -> str | None:
    """The venue of the first frame that is recognised by its content."""
    for frame in received[:_SNIFFED_FRAMES]:
        with suppress(Undecodable):
            if (venue := recognition.recognise(_data(frame, options.max_record_bytes))) is not None:
                return venue
    return None


_SNIFFED_FRAMES: Final = 100


def _data(frame: _Frame, max_bytes: int) -> bytes:
    is_binary = frame.opcode == _BINARY
    return decompressed(from_base64(frame.data), "", max_bytes) if is_binary else frame.data.encode()


def misfit(error: ValueError | RecursionError, location: str) -> Unreadable:
    """Translate a fault that msgspec found in an entry; it names types and keys, never values."""
    if not isinstance(error, ValidationError):
        reason = "a byte that is not UTF-8" if is_no_utf8(error) else "not JSON"
        return Unreadable(location, "line", reason)
    what, _, path = str(error).partition(" - at `$.")
    return Unreadable(
        location, path.rstrip("`") or "line", what.replace("Expected", "expected").replace("`", "")
    )
