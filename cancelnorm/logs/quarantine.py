"""What a check refused, set apart: lines as they stood in their log, each below what is wrong with it.

Above each line stands a header, an object on one line, that says where the line is from, what was found, and
what the reader knew of it. So it can be read again, without its log, and the same is found.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.logs.source import Format, Item, Options, Source, Unreadable
from cancelnorm.logs.urls import parameters
from cancelnorm.masking import without_secrets
from cancelnorm.record import Record

__all__ = ["QUARANTINE", "quarantined", "redacted"]


class _Envelope(Struct, omit_defaults=True):
    """A record as it was understood; a payload that is no UTF-8 is in base64."""

    venue: str
    text: str | None = None
    base64: bytes | None = None
    endpoint: str | None = None
    status: int | None = None
    request: Mapping[str, Any] | None = None
    sent_ns: int | None = None
    received_ns: int | None = None
    dialect: Literal["quoted-numbers"] | None = None
    secrets: tuple[str, ...] = ()


class _Header(Struct, omit_defaults=True):
    """What stands above a line; ``lines`` says whether one follows, or there was none to be had."""

    cancelnorm: Literal["quarantine"]
    source: str
    finding: Mapping[str, str] = {}
    record: _Envelope | None = None
    lines: Literal[0, 1] = 0


_decoder: Final = msgspec.json.Decoder(_Header)
_encode: Final = msgspec.json.Encoder().encode
_START: Final = b'{"cancelnorm":"quarantine"'


def quarantined(item: Item, finding: Mapping[str, str]) -> bytes:
    """Write what was refused: its header, and below it the line it stood in, byte for byte.

    ``finding`` says what was found: code, name, path, message.
    """
    found, raw = item
    record = _envelope(found) if isinstance(found, Record) else None
    header = _Header("quarantine", found.source or "", finding, record, 0 if raw is None else 1)
    return b"%b\n" % _encode(header) + (b"" if raw is None else b"%b\n" % raw)


def redacted(item: Item) -> Item:
    """The same with every secret masked, in the line and in the payload."""
    found, raw = item
    if isinstance(found, Record):
        endpoint = None if found.endpoint is None else without_secrets(found.endpoint)
        payload = _masked(found.payload)
        request = parameters(found.request).request if found.request else None
        venue = without_secrets(found.venue)
        found = replace(found, payload=payload, venue=venue, endpoint=endpoint, request=request)
    return Item(found, None if raw is None else _masked(raw))


def _masked(data: bytes | str) -> bytes:
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
    return without_secrets(text).encode(
        "utf-8", "surrogateescape" if isinstance(data, bytes) else "surrogatepass"
    )


def _envelope(record: Record) -> _Envelope:
    payload = record.payload
    data = payload if isinstance(payload, bytes) else payload.encode("utf-8", "surrogatepass")
    try:
        text, other = data.decode(), None
    except UnicodeDecodeError:
        text, other = None, data
    return _Envelope(
        record.venue,
        text,
        other,
        record.endpoint,
        record.status,
        record.request,
        record.sent_ns,
        record.received_ns,
        record.dialect,
        record.secrets,
    )


def fits(head: bytes) -> bool:
    """Whether a log begins as ``quarantined`` writes."""
    return head.startswith(_START)


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read again what was set apart: a record as it was understood, another line as what was found."""
    del options  # they held when it was set apart
    header: _Header | None = None
    place = ""
    for number, line in source.all_lines():
        if header is not None:
            yield _again(header, line, place)
            header = None
        elif line is None or line.strip():
            place = f"{source.name}:{number}"
            try:
                header = _decoder.decode(line or b"")
            except (ValueError, RecursionError):
                yield Item(Unreadable(place, "line", "this is no header of a quarantine"), line)
                continue
            if not header.lines:
                yield _again(header, None, place)
                header = None
    if header is not None:
        yield Item(Unreadable(place, "line", "the line that belongs to it is not there"))


def _again(header: _Header, line: bytes | None, place: str) -> Item:
    if header.record is not None:
        return Item(_record(header.record, place), line)
    path, reason = header.finding.get("path", "line"), header.finding.get("message", "refused before")
    return Item(Unreadable(place, path, reason), line)


def _record(kept: _Envelope, source: str) -> Record:
    return Record(
        kept.base64 or (kept.text or "").encode(),
        kept.venue,
        kept.endpoint,
        kept.status,
        kept.request,
        kept.sent_ns,
        kept.received_ns,
        source,
        kept.dialect,
        kept.secrets,
    )


QUARANTINE: Final = Format("quarantine", "what --quarantine wrote", fits, read)
