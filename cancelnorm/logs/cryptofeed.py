"""The format ``cryptofeed``: raw captures of cryptofeed, one line a message.

``<seconds>: <frame>`` was received over a WebSocket, ``<url> -> <seconds>: <body>`` over HTTP.
``<url> <- <seconds>: <frame>`` was sent; over HTTP it is the answer to a POST or a DELETE, as a bytes literal
of Python. ``<url> <-> <seconds>`` opens a connection. The first line is ``configuration: …``.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from cancelnorm import recognition
from cancelnorm.logs.http import Answer, from_bytes_literal, header_secrets, record_of
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import address_of
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.timestamps import ns
from cancelnorm.logs.url_paths import is_endpoint
from cancelnorm.logs.urls import locate, unknown_host
from cancelnorm.logs.websocket import Channel, Frames
from cancelnorm.record import Record

__all__ = ["CRYPTOFEED"]

_LINE: Final = re.compile(
    rb"(?:(?P<url>(?:wss?|https?)://\S+) (?P<way><->|->|<-) )?"
    rb"(?P<time>\d{9,11}(?:\.\d+)?)(?:: (?P<body>.*))?\s*",
    re.DOTALL,
)
# Lines of cryptofeed alone; a time before a frame is common to many collectors.
_SIGN: Final = re.compile(
    rb"^(?:configuration: \{|(?:wss?|https?)://\S+ (?:<->|->|<-) \d{9,11}(?:\.\d+)?(?:: |\s*$))", re.MULTILINE
)
_FRAME: Final = re.compile(rb"\A\s*(?:\d{9,11}\.\d+: [\[{].*\n)+")
_HEADER: Final = b" header: {"
_headers: Final = msgspec.json.Decoder(dict[str, object])


def fits(head: bytes) -> bool:
    """Tell whether a log has URLs with arrows, or only frames after a time and a colon."""
    return _SIGN.search(head) is not None or _FRAME.match(head) is not None


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the messages of venues, one line a record."""
    capture = _Capture(options, source.passed)
    for number, line in source.lines():
        location = f"{source.name}:{number}"
        if line is None:
            yield Item(Unreadable(location, "line", source.too_long))
        elif not line.startswith(b"configuration: ") and (found := capture.read(line, location)) is not None:
            yield Item(found, line)
        yield from capture.frames.left()
    yield from capture.frames.unanswered()


CRYPTOFEED: Final = Format("cryptofeed", "raw captures of cryptofeed", fits, read)


class _Capture:
    """The state of one file. A received frame does not name its connection, so any of the file's may have it."""

    def __init__(self, options: Options, passed: PassedOver) -> None:
        self.frames = Frames(options)
        self._options = options
        self._passed = passed
        self._venues: dict[str | None, None] = {}  # of the connections; the last one is most likely
        self._url = ""  # of the last connection

    def read(self, line: bytes, location: str) -> Record | Unreadable | None:
        match = _LINE.fullmatch(line)
        if match is None or (match["body"] is None) != (match["way"] == b"<->"):
            return Unreadable(location, "line", "expected <time>: <message>, optionally after a URL")
        url = (match["url"] or b"").decode("utf-8", "replace")
        at = ns(match["time"].decode())
        body = (match["body"] or b"").strip()
        if url.startswith("http"):
            return self._answer(match["way"], url, at, body, location)
        if not url:
            return self._received(body, at, location)
        address = locate(None, url, hosts=self._options.hosts)
        venue = (address.venue if address else None) or self._options.venue
        self._venues.pop(venue, None)
        self._venues[venue] = None
        self._url = url
        if match["way"] == b"<->":
            self.frames.connect(address.secrets if address else ())
        else:
            channel = Channel(url=address_of(url))
            self.frames.send(body, at, venue, url, source=location, raw=line, channel=channel)
        return None

    def _received(self, body: bytes, at: int | None, location: str) -> Record | Unreadable | None:
        last = next(reversed(self._venues), None)
        venue = last if len(self._venues) == 1 else recognition.recognise(body) or last
        found = self.frames.receive(body, at, venue, location)
        if isinstance(found, Unreadable) and self._url:
            return Unreadable(location, "venue", unknown_host(self._url))
        return found

    def _answer(
        self, way: bytes, url: str, at: int | None, body: bytes, location: str
    ) -> Record | Unreadable | None:
        if way == b"<->":
            return None
        payload, headers = (body, ()) if way == b"<-" else _without_header(body)
        answer = Answer(
            source=location,
            url=url,
            payload=payload,
            method="GET" if way == b"->" else _method(url),
            secrets=header_secrets(headers),
            received_ns=at,
        )
        record = record_of(answer, self._options)
        if record is None:
            self._passed.add(url)
        if not isinstance(record, Record) or way == b"->":
            return record
        decoded = from_bytes_literal(body.decode("utf-8", "surrogateescape"))
        if decoded is None:
            return Unreadable(location, "line", "expected a bytes literal of Python")
        return replace(record, payload=decoded)


def _method(url: str) -> str:
    """The method of a request that is no GET; cryptofeed records its URL only."""
    address = locate("DELETE", url)
    if address is None or address.venue is None or address.endpoint is None:
        return "POST"
    return "DELETE" if is_endpoint(address.venue, address.endpoint) else "POST"


def _without_header(body: bytes) -> tuple[bytes, tuple[tuple[str, object], ...]]:
    """The body of an answer, and the headers that newer versions append to it."""
    before, _, after = body.rpartition(_HEADER)
    try:
        return before, tuple(_headers.decode(b"{" + after).items())
    except (ValueError, RecursionError):
        return body, ()
