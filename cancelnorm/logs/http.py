"""HTTP answers in captures: the record of one, its secrets, and its body decoded."""

import ast
import re
import zlib
from base64 import b64decode
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from cancelnorm.logs.source import MAX_LINE_BYTES, Options, Unreadable
from cancelnorm.logs.urls import Address, foreign, joined, locate, parameters
from cancelnorm.masking import secret_keys
from cancelnorm.record import Record, Request

__all__ = [
    "Answer",
    "Undecodable",
    "decompressed",
    "from_base64",
    "from_bytes_literal",
    "header_secrets",
    "record_of",
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
    address = locate(answer.method, answer.url, venue=named) or Address(named, None, None, ())
    venue = address.venue
    if answer.method == "OPTIONS":  # sent by browsers, not by the program
        return None
    if venue is None:
        reason = foreign(answer.method, answer.url)
        return None if reason is None else Unreadable(answer.source, "venue", reason)
    request, secrets = _request(address, answer)
    return Record(
        answer.payload,
        venue,
        address.endpoint or options.endpoint,
        answer.status,
        request,
        answer.sent_ns,
        answer.received_ns,
        answer.source,
        options.dialect,
        tuple(dict.fromkeys((*secrets, *answer.secrets))),
    )


def _request(address: Address, answer: Answer) -> tuple[Request | None, tuple[str, ...]]:
    """The parameters of a request, from its query and its body, and the paths of its secrets."""
    if not answer.sent:
        return address.request, address.secrets
    body = parameters(answer.sent, answer.content_type)
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


def from_bytes_literal(text: str) -> bytes | None:
    """Decode a bytes literal of Python; None for any other text."""
    if text[:2] not in ("b'", 'b"'):
        return None
    try:
        found: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return found if isinstance(found, bytes) else None


def decompressed(body: bytes, coding: str) -> bytes:
    """Decompress a body that is gzip or deflate; Undecodable if it is corrupt or too large.

    Some recorders keep the header and decompress the body, so the bytes decide and not ``coding``.
    """
    coding = coding.strip().lower()
    if body.startswith(b"\x1f\x8b"):
        return _inflated(body, 31)
    if coding == "deflate" and body[:1] not in (b"{", b"[", b"<", b""):
        # Zlib as the standard has it, or raw as some servers send it.
        return _inflated(body, 15 if body[:1] == b"\x78" else -15)
    if coding in ("br", "zstd", "compress") and body[:1] not in (b"{", b"[", b"<", b""):
        raise Undecodable(f"the compression {coding} is not supported")
    return body


def _inflated(body: bytes, wbits: int) -> bytes:
    member = zlib.decompressobj(wbits)
    try:
        plain = member.decompress(body, MAX_LINE_BYTES)
    except zlib.error as error:
        raise Undecodable("the compressed body is corrupt") from error
    if member.unconsumed_tail:
        raise Undecodable(f"the decompressed body is longer than {MAX_LINE_BYTES >> 20} MiB")
    if not member.eof:
        raise Undecodable("the compressed body is truncated")
    return plain
