"""Lines of JSON objects of any shape: where a record's parts stand is told, or known by usual names."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Raw

from cancelnorm import venues
from cancelnorm.logs.frames import Frames
from cancelnorm.logs.json_path import Steps, at, lost
from cancelnorm.logs.jsonl_fields import Parts, Wrong, told, usual
from cancelnorm.logs.secrets import secret_places
from cancelnorm.logs.source import MAX_LINE_BYTES, Format, Item, Options, Source, Unreadable
from cancelnorm.logs.urls import Address, foreign, locate, parameters
from cancelnorm.record import Record

__all__ = ["MAPPED"]

_SENT: Final = frozenset(
    {"out", "outbound", "outgoing", "send", "sent", "tx", "request", "req", "client", "->", ">", ">>>"}
)
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the records of one log; requests are kept for their answers.

    A part that was told to be where no line has anything comes last, as what is wrong.
    """
    reader = _Reader(options)
    place = f"{source.name}:1"
    for number, line in source.lines():
        place = f"{source.name}:{number}"
        if line is None:
            yield Item(Unreadable(place, "line", f"a line of more than {MAX_LINE_BYTES >> 20} MiB"))
            continue
        found = reader.read(line, place)
        if found is not None:
            yield Item(found, line)
    for part, reason in reader.unmet.items():
        yield Item(Unreadable(place, part, f"in no line of this log: {reason}"))


class _Reader:
    """Reads the lines of one log."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._told = told(options.paths)
        self._frames = Frames(options)
        self._met: set[str] = {"payload", "venue"}  # without these a line is refused by itself
        self.unmet: dict[str, str] = {}  # parts that no line had where they were told to be, and why

    def read(self, line: bytes, source: str) -> Record | Unreadable | None:
        """Read a line: its record, or None where it is a request or of no venue."""
        try:
            found = _object(line)
        except (ValueError, RecursionError):
            return Unreadable(source, "line", "not a JSON object")
        try:
            self._meet(found)
            return self._record(Parts(found, self._told, usual(tuple(found))), source)
        except Wrong as wrong:
            return Unreadable(source, wrong.part, wrong.reason)
        except (ValueError, RecursionError):
            return Unreadable(source, "line", "it is broken further in")

    def _meet(self, line: Mapping[str, Raw]) -> None:
        """Note which of the parts that were told are there at all."""
        for part in self._told.keys() - self._met:
            if at(line, self._told[part]) is None:
                self.unmet[part] = lost(line, self._told[part])
            else:
                self._met.add(part)
                self.unmet.pop(part, None)

    def _record(self, parts: Parts, source: str) -> Record | Unreadable | None:
        options = self._options
        url, said = parts.text("url"), parts.text("endpoint")
        if said and (said.startswith("/") or "://" in said):
            url, said = url or said, None  # some call an address so
        named = _venue(parts.text("venue"))
        address = locate(parts.text("method"), url, venue=named or options.venue) if url else None
        venue = named or (address.venue if address else None) or options.venue
        if url and venue is None and "://" in url:
            if reason := foreign(parts.text("method"), url):
                raise Wrong("venue", reason)
            return None  # of a host that is no venue's
        if (parts.text("direction") or "").strip().casefold() in _SENT:
            self._send(parts, venue, url)
            return None
        place, payload = parts.payload()
        endpoint = (
            (said and said.partition("?")[0].rstrip("/"))
            or (address.endpoint if address else None)
            or options.endpoint
        )
        data = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
        if endpoint is None and self._frames.is_asked(data):
            self._send(parts, venue, url)
            return None
        venue = venue or venues.recognise(data)
        if venue is None:
            raise Wrong("venue", _unnamed(parts))
        request, places = _request(parts, address)
        found = dict.fromkeys((*places, *secret_places(parts.line, place)))
        record = Record(
            payload,
            venue,
            endpoint,
            parts.status(),
            request,
            parts.clock("sent"),
            parts.clock("received"),
            source,
            options.dialect,
            tuple(found),
        )
        return record if endpoint is not None else self._frames.complete(record)

    def _send(self, parts: Parts, venue: str | None, url: str | None) -> None:
        """Keep a frame that was sent, for its answer."""
        payload = parts.payload()[1]
        frame = payload.encode("utf-8", "replace") if isinstance(payload, str) else payload
        self._frames.send(frame, parts.clock("sent") or parts.clock("received"), venue, url)


def _unnamed(parts: Parts) -> str:
    """Why nothing says which venue it is."""
    if "venue" in parts.told:
        return parts.missing("venue")
    return "nothing says which venue sent this; name it with --venue"


_ENVELOPE: Final = frozenset({"url", "uri", "method", "headers"})


def _request(parts: Parts, address: Address | None) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    """The parameters of the request, of its address and of its body, and where these have secrets."""
    asked = parts.value("request")
    if isinstance(asked, dict) and not _ENVELOPE.isdisjoint(asked):
        asked = None  # a request of HTTP with all that belongs to it, but no parameters of its own
    query, places = (address.request or {}, address.secrets) if address else ({}, ())
    body = parameters(asked) if isinstance(asked, str | dict) else None
    if body is None or body.request is None:
        return query or None, places
    return {**query, **body.request}, (*places, *body.secrets)


_PRODUCTS: Final = ("usdm", "coinm")  # as ccxt ends a venue's name


def _venue(name: str | None) -> str | None:
    """A venue by its own name, or by one that goes on: ``binance-futures``, ``BYBIT``, ``binanceusdm``.

    Binance.US is another venue.
    """
    if name is None:
        return None
    lowered = name.strip().casefold()
    for venue in venues.names():
        if lowered == venue:
            return venue
        rest = lowered.removeprefix(venue)
        if rest != lowered and (rest in _PRODUCTS or (rest[0] in "-_ :" and rest[1:] != "us")):
            return venue
    return name


# --- What it looks like ---


_SNIFFED_LINES: Final = 10  # a log that was rotated begins in the middle of a line
_CONTEXT: Final = ("venue", "endpoint", "url", "status", "direction")
_CLOCKS: Final = ("sent", "received")
_WRAPPERS: Final = frozenset({"payload", "response", "resp", "body", "raw", "raw_message", "frame"})
_MEMBER: Final = re.compile(r'[\s,]*("(?:[^"\\]|\\.)*")\s*:\s*')
_scan: Final = json.JSONDecoder().raw_decode


def fits(head: bytes) -> bool:
    """Whether a log is lines of objects that hold a payload and something about it."""
    lines = head.lstrip().split(b"\n", _SNIFFED_LINES)
    whole = lines[:_SNIFFED_LINES] if len(lines) > 1 else ()
    return any(map(_is_mapped, whole)) or (len(lines) <= _SNIFFED_LINES and _begins_mapped(lines[-1]))


def _is_mapped(line: bytes) -> bool:
    try:
        found = _object(line)
    except (ValueError, RecursionError):
        return False
    parts = usual(tuple(found))
    around = any(at(found, path) is not None for part in (*_CONTEXT, *_CLOCKS) for path in parts[part])
    return around and _holds(found, parts["payload"]) and venues.recognise(line) is None


def _holds(line: Mapping[str, Raw], paths: tuple[Steps, ...]) -> bool:
    return any(at(line, path) is not None for path in paths)


def _begins_mapped(line: bytes) -> bool:
    """Whether the beginning of a line is enough to tell: no venue wraps its answers as recorders do."""
    if not line.startswith(b"{"):
        return False
    if _is_mapped(line):
        return True
    keys, place, text = [], 1, line.decode("utf-8", "replace")
    while match := _MEMBER.match(text, place):
        keys.append(json.loads(match[1], strict=False))
        try:
            place = _scan(text, match.end())[1]
        except (ValueError, RecursionError):
            break  # here it was cut
    parts = usual(tuple(keys))
    return not _WRAPPERS.isdisjoint(keys) or bool(parts["payload"] and any(parts[part] for part in _CONTEXT))


MAPPED: Final = Format("jsonl", "lines of JSON objects of any shape, see --map", fits, read)
