"""The format ``vcr``: cassettes, HTTP recorded for tests, as YAML or JSON.

They are those of vcrpy, of VCR for Ruby and Betamax, of go-vcr, and the files of the Python library responses.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from cancelnorm.logs.har import misfit
from cancelnorm.logs.http import Answer, Undecodable, decompressed, from_base64, header_secrets, record_of
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.json_array import located
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Format, Source

__all__ = ["CASSETTES"]


class _Request(Struct, frozen=True):
    """A request; go-vcr calls its address ``url``."""

    uri: str = ""
    url: str = ""
    method: str = "GET"
    headers: dict[str, Any] | None = None
    body: Any = None  # text, bytes, None, or one of these in a mapping


class _Status(Struct, frozen=True):
    code: int | None = None


class _Response(Struct, frozen=True):
    """An answer; go-vcr has its status as ``code``, and responses the request in it."""

    status: _Status | int | str = field(default_factory=_Status)
    code: int | None = None
    headers: dict[str, Any] | None = None
    body: Any = None
    url: str = ""
    method: str = ""

    @property
    def number(self) -> int | None:
        """The status."""
        status = self.status.code if isinstance(self.status, _Status) else self.status
        if self.code is not None:
            status = self.code
        first = str(status).partition(" ")[0]
        return int(first) if _STATUS.fullmatch(first) else None


class _Interaction(Struct, frozen=True):
    response: _Response
    request: _Request = field(default_factory=_Request)


_decoder: Final = msgspec.json.Decoder(_Interaction)
_JSON: Final = re.compile(rb'\s*\{\s*"(?:version|(?:http_)?interactions|recorded_with)"\s*:')
_YAML: Final = re.compile(
    rb"^(?:(?:http_)?interactions:[ \t]*\r?\n[ \t]*- |responses:[ \t]*\r?\n[ \t]*- response:)", re.MULTILINE
)
_STATUS: Final = re.compile("[1-5][0-9]{2}")
_OF_RUBY: Final = b'"http_interactions"'


def fits(head: bytes) -> bool:
    """Tell whether a log has interactions, in YAML or JSON."""
    return _is_json(head) or _YAML.search(head) is not None


def _is_json(head: bytes) -> bool:
    return _JSON.match(head) is not None and b'interactions"' in head and b'"request"' in head


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the interactions that belong to a venue; the source is the line on which one begins.

    Records have no times: the ``Date`` of an answer is the server's.
    """
    for location, interaction in _interactions(source):
        if isinstance(interaction, Unreadable):
            yield Item(interaction)
        else:
            yield from _read(interaction, location, options, source)
        del interaction  # frees it before the next one is assembled


def _interactions(source: Source) -> Iterator[tuple[str, object]]:
    """Iterate over the interactions, each with its source."""
    if source.head.lstrip()[:1] == b"{":
        key = b"http_interactions" if _OF_RUBY in source.head else b"interactions"
        return located(source, (key,), "interaction")
    from cancelnorm.logs.vcr_yaml import interactions  # which most logs do not need

    return interactions(source)


CASSETTES: Final = Format("vcr", "cassettes of vcrpy, VCR, Betamax and go-vcr, YAML or JSON", fits, read)


def _read(raw: object, location: str, options: Options, source: Source) -> Iterator[Item]:
    try:
        if isinstance(raw, bytes):
            interaction = _decoder.decode(raw)
        else:
            interaction = msgspec.convert(raw, _Interaction, strict=False)  # scalars in YAML are text
    except (ValueError, RecursionError) as error:
        yield Item(misfit(error, location))
        return
    request, response = interaction.request, interaction.response
    url = request.uri or request.url or response.url
    if not url:
        yield Item(Unreadable(location, "request.uri", "required field is missing"))
        return
    asked, answered = _headers(request.headers), _headers(response.headers)
    try:
        payload, sent = _content(response.body), _content(request.body)
        if isinstance(payload, bytes):
            payload = decompressed(payload, answered.get("content-encoding", ""), options.max_record_bytes)
    except Undecodable as error:
        yield Item(Unreadable(location, "response.body", str(error)))
        return
    answer = Answer(
        source=location,
        url=url,
        payload=payload,
        method=(response.method or request.method).upper(),
        status=response.number,
        sent=sent,
        content_type=asked.get("content-type"),
        secrets=header_secrets((*asked.items(), *answered.items())),
    )
    record = record_of(answer, options)
    if record is not None:
        yield Item(record)
    elif answer.method != "OPTIONS":
        source.passed.add(answer.url)


def _headers(headers: Mapping[str, object] | None) -> dict[str, str]:
    """Headers by lower-case name; vcrpy has a list of values for each."""
    first = {
        name.lower(): value[0] if isinstance(value, list) and value else value
        for name, value in (headers or {}).items()
    }
    return {name: str(value) for name, value in first.items() if isinstance(value, str | int)}


def _content(body: object) -> bytes | str:
    """A body: text, bytes, or a mapping that names the encoding."""
    if isinstance(body, dict) and "string" in body and "base64_string" not in body:
        body = body["string"]
    match body:
        case {"base64_string": str(text)}:
            return from_base64(text)
        case bytes() | str():
            return body
        case None:
            return b""
        case _:
            raise Undecodable("expected text")
