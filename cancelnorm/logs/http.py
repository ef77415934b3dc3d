"""An answer over HTTP as a capture shows it, and the record that it is."""

import re
import zlib
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from cancelnorm.logs.source import MAX_LINE_BYTES, Options, Unreadable
from cancelnorm.logs.urls import Address, foreign, locate, parameters
from cancelnorm.masking import is_secret
from cancelnorm.record import Record

__all__ = ["Answer", "Unpackable", "from_base64", "header_secrets", "record_of", "unpacked"]

_HIDDEN: Final = re.compile(
    r"\W*(redacted|removed|masked|hidden|filtered|dummy|x{3,}|\*+)?\W*", re.IGNORECASE
)


class Answer(Struct, frozen=True, kw_only=True):
    """An answer, and what a capture shows of its request; ``venue`` is what the capture calls it.

    ``sent`` is the body of the request. ``secrets`` are places in the headers where something secret stands.
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


class Unpackable(ValueError):
    """A body that cannot be unpacked; its text says why."""


def record_of(answer: Answer, options: Options) -> Record | Unreadable | None:
    """Build the record of an answer; None where it is no venue's, Unreadable where it could be one's."""
    address = locate(answer.method, answer.url) or Address(None, None, None, ())
    venue = address.venue or answer.venue or options.venue
    if answer.method == "OPTIONS":  # which a browser asks by itself
        return None
    if venue is None:
        reason = foreign(answer.method, answer.url)
        return None if reason is None else Unreadable(answer.source, "venue", reason)
    asked, places = _request(address, answer)
    return Record(
        answer.payload,
        venue,
        address.endpoint or options.endpoint,
        answer.status,
        asked or None,
        answer.sent_ns,
        answer.received_ns,
        answer.source,
        options.dialect,
        tuple(dict.fromkeys((*places, *answer.secrets))),
    )


def _request(address: Address, answer: Answer) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The parameters of a request, from its query and from its body, and where it has secrets."""
    query = address.request or {}
    if not answer.sent:
        return query, address.secrets
    body = parameters(answer.sent, answer.content_type)
    return {**query, **(body.request or {})}, (*address.secrets, *body.secrets)


def header_secrets(headers: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """Name the headers that hold something secret; one that was masked holds nothing."""
    return tuple(
        f"headers.{name.lower()}"
        for name, value in headers
        if is_secret(name) and not (isinstance(value, str) and _HIDDEN.fullmatch(value))
    )


def from_base64(text: str) -> bytes:
    """Decode base64, on one line or many; Unpackable where it is none."""
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise Unpackable("not base64") from error


def unpacked(body: bytes, coding: str) -> bytes:
    """Unpack a body that is gzip or deflate; Unpackable where it is not, or is too much.

    Some recorders keep the header and unpack the body, so it is the bytes that say what it is.
    """
    coding = coding.strip().lower()
    if body.startswith(b"\x1f\x8b"):
        return _inflated(body, 31)
    if coding == "deflate" and body[:1] not in (b"{", b"[", b"<", b""):
        # Zlib as the standard has it, or bare as some servers send it.
        return _inflated(body, 15 if body[:1] == b"\x78" else -15)
    if coding in ("br", "zstd", "compress") and body[:1] not in (b"{", b"[", b"<", b""):
        raise Unpackable(f"the body is packed with {coding}, which is not read")
    return body


def _inflated(body: bytes, wbits: int) -> bytes:
    member = zlib.decompressobj(wbits)
    try:
        plain = member.decompress(body, MAX_LINE_BYTES)
    except zlib.error as error:
        raise Unpackable("the packed body is corrupt") from error
    if member.unconsumed_tail:
        raise Unpackable(f"the body unpacks to more than {MAX_LINE_BYTES >> 20} MiB")
    if not member.eof:
        raise Unpackable("the packed body ends too early")
    return plain
