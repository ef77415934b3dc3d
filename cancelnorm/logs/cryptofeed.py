"""The raw captures of cryptofeed: what it sent and received, a line each.

``<seconds>: <frame>`` came over a WebSocket, and ``<url> -> <seconds>: <body>`` over HTTP.
``<url> <- <seconds>: <frame>`` was sent; over HTTP it is the answer to a POST or a DELETE, as Python shows
bytes. ``<url> <-> <seconds>`` opens a connection, and ``configuration: …`` stands at the top.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.logs.frames import Frames, shown_bytes
from cancelnorm.logs.http import Answer, header_secrets, record_of
from cancelnorm.logs.source import MAX_LINE_BYTES, Format, Item, Options, Source, Unreadable
from cancelnorm.logs.timestamps import ns
from cancelnorm.logs.urls import locate
from cancelnorm.record import Record

__all__ = ["CRYPTOFEED"]

_LINE: Final = re.compile(
    rb"(?:(?P<url>(?:wss?|https?)://\S+) (?P<way><->|->|<-) )?"
    rb"(?P<time>\d{9,11}(?:\.\d+)?)(?:: (?P<body>.*))?\s*",
    re.DOTALL,
)
# The sign of a capture; a time alone before a frame is what others write too.
_SIGN: Final = re.compile(
    rb"^(?:configuration: \{|(?:wss?|https?)://\S+ (?:<->|->|<-) \d{9,11}(?:\.\d+)?(?:: |\s*$))", re.MULTILINE
)
_FRAME: Final = re.compile(rb"\A\s*(?:\d{9,11}\.\d+: [\[{].*\n)+")
_HEADER: Final = b" header: {"
_headers: Final = msgspec.json.Decoder(dict[str, object])


def fits(head: bytes) -> bool:
    """Whether a log has addresses with arrows, or nothing but frames after a time and a colon."""
    return _SIGN.search(head) is not None or _FRAME.match(head) is not None


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read what came from a venue, a line each."""
    capture = _Capture(options)
    for number, line in source.lines():
        place = f"{source.name}:{number}"
        if line is None:
            reason = f"a line of more than {MAX_LINE_BYTES >> 20} MiB"
            yield Item(Unreadable(place, "line", reason))
        elif not line.startswith(b"configuration: ") and (found := capture.read(line, place)) is not None:
            yield Item(found, line)


CRYPTOFEED: Final = Format("cryptofeed", "raw captures of cryptofeed", fits, read)


class _Capture:
    """One file while it is read: a connection is named once, and the frames below it are its."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._frames = Frames(options)
        self._venue = options.venue
        self._is_foreign = False

    def read(self, line: bytes, place: str) -> Record | Unreadable | None:
        match = _LINE.fullmatch(line)
        if match is None or (match["body"] is None) != (match["way"] == b"<->"):
            return Unreadable(
                place, "line", "expected a time, a colon and what came, perhaps after an address"
            )
        url = (match["url"] or b"").decode("utf-8", "replace")
        at = ns(match["time"].decode())
        body = (match["body"] or b"").strip()
        if url.startswith("http"):
            return self._answer(match["way"], url, at, body, place)
        if not url:
            return None if self._is_foreign else self._frames.receive(body, at, self._venue, place)
        address = locate(None, url)
        self._venue = (address.venue if address else None) or self._options.venue
        self._is_foreign = self._venue is None
        if match["way"] == b"<->":
            self._frames.connect(address.secrets if address else ())
        elif not self._is_foreign:
            self._frames.send(body, at, self._venue, url)
        return None

    def _answer(
        self, way: bytes, url: str, at: int | None, body: bytes, place: str
    ) -> Record | Unreadable | None:
        if way == b"<->":
            return None
        payload, headers = (body, ()) if way == b"<-" else _without_header(body)
        answer = Answer(
            source=place,
            url=url,
            payload=payload,
            method="GET" if way == b"->" else _method(url),
            secrets=header_secrets(headers),
            received_ns=at,
        )
        record = record_of(answer, self._options)
        if not isinstance(record, Record) or way == b"->":
            return record
        shown = shown_bytes(body.decode("utf-8", "surrogateescape"))
        if shown is None:
            return Unreadable(place, "line", "expected an answer as Python shows bytes")
        return replace(record, payload=shown)


def _method(url: str) -> str:
    """What a request that is no GET was: cryptofeed writes down the address only."""
    address = locate("DELETE", url)
    if address is not None and address.venue is not None and address.endpoint in venues.codecs(address.venue):
        return "DELETE"
    return "POST"


def _without_header(body: bytes) -> tuple[bytes, tuple[tuple[str, object], ...]]:
    """What came, and the headers that newer versions write behind it."""
    before, _, after = body.rpartition(_HEADER)
    try:
        return before, tuple(_headers.decode(b"{" + after).items())
    except (ValueError, RecursionError):
        return body, ()
