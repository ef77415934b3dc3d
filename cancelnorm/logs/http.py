"""HTTP answers in captures: the record of one, its secrets, and its body decoded."""

import re
import zlib
from base64 import b64decode
from collections.abc import Iterable
from io import BytesIO
from typing import Final, TypedDict

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cancelnorm import routing, venues
from cancelnorm.logs.cancel_at import cancel_at, other_at
from cancelnorm.logs.compression import MissingLibraryError, Stream
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.limits import too_long
from cancelnorm.logs.options import Options
from cancelnorm.logs.urls import QUERIES, Address, foreign, joined, locate, parameters
from cancelnorm.record import Pairing, Record, Request
from cancelnorm.secret_names import secret_keys

__all__ = [
    "IS_BUFFER",
    "Answer",
    "Undecodable",
    "decompressed",
    "from_base64",
    "from_buffer",
    "from_bytes_literal",
    "header_secrets",
    "record_of",
    "unanswered",
]

# Masks that recorders and people use.
_HIDDEN: Final = re.compile(
    r"\W*(redacted|removed|masked|hidden|filtered|dummy|x{3,}|\*+)?\W*", re.IGNORECASE
)


class Answer(Struct, frozen=True, kw_only=True):
    """An answer and its request, as far as a capture shows them.

    ``sent`` is the body of the request, ``secrets`` are the names of headers that hold a secret. ``venue`` is
    the one that the capture names; the host of the URL counts more.
    """

    source: str
    url: str
    payload: bytes | str
    method: str | None = None
    status: int | None = None
    sent: bytes | str | None = None
    content_type: str | None = None
    secrets: tuple[str, ...] = ()
    sent_ns: int | None = None
    received_ns: int | None = None
    venue: str | None = None


class Undecodable(ValueError):
    """A body that cannot be decoded; its text says why."""


def record_of(answer: Answer, options: Options) -> Record | Unreadable | None:
    """Build the record of an answer: None if it is of no venue, Unreadable if it might be of one."""
    named = answer.venue or options.venue
    address = locate(
        answer.method, answer.url, venue=named, hosts=options.hosts, answer=answer.payload
    ) or Address(named, None, None, ())
    venue = address.venue
    if answer.method == "OPTIONS":  # sent by browsers, not by the program
        return None
    if venue is None:
        reason = foreign(answer.method, answer.url, answer.payload)
        return None if reason is None else Unreadable(answer.source, "venue", reason)
    request, secrets = _request(address, answer)
    endpoint = address.endpoint or options.endpoint
    if endpoint is None and not answer.method:
        endpoint = cancel_at(venue, answer.url, answer.payload, answer.status)
        endpoint = endpoint or other_at(answer.url, answer.payload, options.hosts)
    record = Record(
        answer.payload,
        venue,
        endpoint,
        answer.status,
        request,
        answer.sent_ns,
        answer.received_ns,
        answer.source,
        options.dialect,
        tuple(dict.fromkeys((*secrets, *answer.secrets))),
    )
    return venues.placed(record)


def unanswered(
    answer: Answer, options: Options, pairing: Pairing = "no_answer"
) -> Record | Unreadable | None:
    """Build the record of a request without an answer.

    None if it is of no venue, or may not cancel orders; Unreadable if its path is that of a venue.
    """
    record = record_of(answer, options)
    if isinstance(record, Unreadable):
        return None if answer.method in QUERIES else record
    if record is None or record.endpoint is None:
        return None
    venue = venues.find(record.venue)
    if venue is None or not routing.may_cancel(venue, record.endpoint, record.request):
        return None
    return replace(record, pairing=pairing)


def _request(address: Address, answer: Answer) -> tuple[Request | None, tuple[str, ...]]:
    """The parameters of a request, from its query and its body, and the paths of its secrets."""
    if not answer.sent:
        return address.request, address.secrets
    body = parameters(answer.sent, answer.content_type, address=address)
    return joined(address.request, body.request), (*address.secrets, *body.secrets)


def header_secrets(headers: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """List the headers that hold a secret; one that was masked by the recorder does not count."""
    headers = tuple(headers)
    hidden = secret_keys(name for name, _ in headers)
    return tuple(
        f"headers.{name.lower()}"
        for name, value in headers
        if name in hidden and not (isinstance(value, str) and _HIDDEN.fullmatch(value))
    )


# --- Bodies ---


def from_base64(text: str) -> bytes:
    """Decode base64, on one line or many; Undecodable if it is none."""
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise Undecodable("not base64") from error


IS_BUFFER: Final = re.compile(rb'\s*+\{\s*+"type"\s*+:\s*+"Buffer"\s*+,\s*+"data"\s*+:')
"""What the JSON of a buffer of Node.js begins with."""


def from_buffer(data: bytes) -> str:
    """The text in the JSON of a buffer of Node.js, which lists its bytes; ValueError if it lists anything else."""
    return bytes(_buffer(data)["data"]).decode("utf-8", "surrogateescape")


class _Buffer(TypedDict):
    data: list[int]


_buffer: Final = msgspec.json.Decoder(_Buffer).decode
_LITERAL: Final = re.compile(
    r"b(?:'([^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'|\"([^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+)\")\s*", re.DOTALL
)
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|([\\'\"nrt]))")
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def from_bytes_literal(text: str) -> bytes | None:
    """Decode a bytes literal as Python prints it; None for any other text."""
    match = _LITERAL.fullmatch(text) if text.isascii() else None
    if match is None:
        return None
    return _ESCAPE.sub(_unescaped, (match[1] or match[2] or "").encode())


def _unescaped(match: re.Match[bytes]) -> bytes:
    digits, mark = match.groups()
    return bytes([int(digits, 16)]) if digits else _ESCAPED.get(mark, mark)


def decompressed(body: bytes, coding: str, max_bytes: int) -> bytes:
    """Decompress a body that is gzip, deflate, brotli or zstd; Undecodable if it is corrupt or too long.

    Some recorders keep the header and decompress the body, so the bytes decide and not ``coding``.
    """
    coding = coding.strip().lower()
    if body.startswith(b"\x1f\x8b"):
        return _inflated(body, 31, max_bytes)
    if coding == "deflate" and body[:1] not in (b"{", b"[", b"<", b""):
        # Zlib as the standard has it, or raw as some servers send it.
        return _inflated(body, 15 if body[:1] == b"\x78" else -15, max_bytes)
    if body[:1] in (b"{", b"[", b"<", b""):
        return body
    if coding == "br":
        return _brotli(body, max_bytes)
    if coding == "zstd":
        return _zstd(body, max_bytes)
    if coding == "compress":
        raise Undecodable(f"the compression {coding} is not supported")
    return body


def _brotli(body: bytes, max_bytes: int) -> bytes:
    try:
        import brotli  # an extra, which most logs do not need
    except ImportError as error:
        raise Undecodable("this is brotli; it takes pip install 'cancelnorm[brotli]'") from error
    decompressor = brotli.Decompressor()
    try:
        plain: bytes = decompressor.process(body, output_buffer_limit=max_bytes)
    except brotli.error as error:
        raise Undecodable(_CORRUPT) from error
    if len(plain) > max_bytes or not decompressor.can_accept_more_data():
        raise _too_long(max_bytes)
    if not decompressor.is_finished():
        raise Undecodable(_TRUNCATED)
    return plain


def _zstd(body: bytes, max_bytes: int) -> bytes:
    stream = Stream(BytesIO(body), "body")
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in stream:
            parts.append(chunk)
            size += len(chunk)
            if size > max_bytes:
                raise _too_long(max_bytes)
    except MissingLibraryError as error:
        raise Undecodable(
            f"this is {error.kind}; it takes pip install 'cancelnorm[{error.extra}]'"
        ) from error
    if stream.damage is not None:
        raise Undecodable(_TRUNCATED if "truncated" in stream.damage else _CORRUPT)
    return b"".join(parts)


_CORRUPT: Final = "the compressed body is corrupt"
_TRUNCATED: Final = "the compressed body is truncated"


def _too_long(max_bytes: int) -> Undecodable:
    return Undecodable(f"the decompressed body is {too_long(max_bytes)}")


def _inflated(body: bytes, wbits: int, max_bytes: int) -> bytes:
    member = zlib.decompressobj(wbits)
    try:
        plain = member.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise Undecodable(_CORRUPT) from error
    if len(plain) > max_bytes:
        raise _too_long(max_bytes)
    if not member.eof:
        raise Undecodable(_TRUNCATED)
    return plain
