"""The format ``quarantine``: the lines that a check refused, each below a header.

The header is an object on one line: the source of the line, the finding, and the record as it was read. So a
quarantine can be checked again without the log, with the same result.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from cancelnorm.escapes import printable_json
from cancelnorm.logs.item import Item, Refusals, Unreadable
from cancelnorm.logs.limits import MOST_BYTES, MOST_LINES
from cancelnorm.logs.options import Options
from cancelnorm.logs.secrets import safe_account
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.urls import parameters, valid
from cancelnorm.masking import without_secrets
from cancelnorm.reader.nesting import TOO_DEEP, is_too_deep
from cancelnorm.record import Pairing, Record, Request

__all__ = ["QUARANTINE", "quarantined", "redacted"]


class _Envelope(Struct, omit_defaults=True):
    """A record as it was read; a payload that is not UTF-8 is in base64."""

    venue: str
    text: str | None = None
    base64: bytes | None = None
    endpoint: str | None = None
    status: int | None = None
    request: dict[str, Any] | list[dict[str, Any]] | None = None
    sent_ns: int | None = None
    received_ns: int | None = None
    dialect: Literal["quoted-numbers"] | None = None
    secrets: tuple[str, ...] = ()
    account: str | None = None
    pairing: Pairing | None = None


class _Header(Struct, omit_defaults=True):
    """The header of a line, or of many with one fault; ``lines`` is 0 if the finding is not about a line."""

    cancelnorm: Literal["quarantine"]
    source: str
    finding: Mapping[str, str] = {}
    record: _Envelope | None = None
    lines: Annotated[int, Meta(ge=0, le=MOST_LINES)] = 0


_decoder: Final = msgspec.json.Decoder(_Header)
_encode: Final = msgspec.json.Encoder().encode
_HEADER_BYTES: Final = 1 << 16  # of a header beside its record
_START: Final = b'{"cancelnorm":"quarantine"'


def quarantined(item: Item, finding: Mapping[str, str]) -> bytes:
    """Format a refused item: its header, and below it the lines it was read from, byte for byte.

    ``finding`` has code, name, path and message.
    """
    found, raw = item.found, item.raw
    record = _envelope(found) if isinstance(found, Record) else None
    # The name of a file need not be UTF-8, nor what a text log has for a method or an account.
    source = (found.source or "").encode(errors="backslashreplace").decode()
    told = {name: valid(text) for name, text in finding.items()}
    header = _Header("quarantine", source, told, record, 0 if raw is None else raw.count(b"\n") + 1)
    return b"%b\n" % printable_json(_encode(header)) + (b"" if raw is None else b"%b\n" % raw)


def redacted(item: Item) -> Item:
    """The same item with every secret masked, in the line and in the record."""
    found, raw = item.found, item.raw
    if isinstance(found, Record):
        endpoint = None if found.endpoint is None else without_secrets(found.endpoint)
        found = replace(
            found,
            payload=_masked(found.payload),
            venue=without_secrets(found.venue),
            endpoint=endpoint,
            request=parameters(found.request).request if found.request else None,
            account=safe_account(found.account),
            secrets=tuple(map(without_secrets, found.secrets)),  # the name of a key may contain its value
        )
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
        valid(record.venue),
        text,
        other,
        None if record.endpoint is None else valid(record.endpoint),
        record.status,
        _plain(record.request),
        record.sent_ns,
        record.received_ns,
        record.dialect,
        record.secrets,
        None if record.account is None else valid(record.account),
        record.pairing,
    )


def _plain(request: Request | None) -> dict[str, Any] | list[dict[str, Any]] | None:
    """The parameters as JSON has them; a caller may have given other mappings."""
    if request is None:
        return None
    return dict(request) if isinstance(request, Mapping) else [dict(row) for row in request]


def fits(head: bytes) -> bool:
    """Tell whether a log begins like a quarantine."""
    return head.startswith(_START)


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read a quarantine: a record as it was read before, another line as its finding."""
    del options  # their effect is in the header
    source.max_record_bytes = (
        2 * source.max_record_bytes + _HEADER_BYTES
    )  # the quotes of a record are escaped
    lines = source.all_lines()
    refusals = Refusals()
    for number, line in lines:
        if line is not None and not line.strip():
            continue
        place = f"{source.name}:{number}"
        if line is not None and (fault := refusals.again(line, place)):
            yield Item(fault, line)
            continue
        try:
            header = _decoder.decode(line or b"")
        except (ValueError, RecursionError):
            fault = Unreadable(place, "line", "not the header of a quarantined line")
            yield Item(fault if line is None else refusals.keep(line, fault), line)
            continue
        below = _below(lines, header.lines)
        if below is None:
            yield Item(Unreadable(place, "line", "the line below this header is missing"))
        else:
            yield _again(header, b"\n".join(below) if below else None, place)


def _below(lines: Iterator[tuple[int, bytes | None]], count: int) -> list[bytes] | None:
    """The next lines, without those that are too long; None if there are not as many."""
    found: list[bytes] = []
    size = 0
    for _ in range(count):
        _, line = next(lines, (0, _END))
        if line is _END:
            return None
        if line is not None and size <= MOST_BYTES:
            found.append(line)
            size += len(line)
    return found


_END: Final = b"\n"  # no line is


def _again(header: _Header, line: bytes | None, place: str) -> Item:
    if header.record is not None:
        if is_too_deep(header.record.request):
            return Item(Unreadable(place, "record.request", TOO_DEEP), line)
        return Item(_record(header.record, place), line)
    path, reason = (
        header.finding.get("path", "line"),
        header.finding.get("message", "refused by an earlier check"),
    )
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
        kept.account,
        kept.pairing,
    )


QUARANTINE: Final = Format("quarantine", "a file written by --quarantine", fits, read)
