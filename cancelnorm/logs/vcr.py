"""Cassettes of vcrpy: requests and their answers that were recorded for tests, as YAML or as JSON."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import DecodeError, Struct, field

from cancelnorm.logs.har import misfit
from cancelnorm.logs.http import Answer, Unpackable, from_base64, header_secrets, record_of, unpacked
from cancelnorm.logs.json_array import numbered
from cancelnorm.logs.source import Format, Item, Options, Source, Unreadable
from cancelnorm.logs.vcr_yaml import interactions

__all__ = ["CASSETTES"]


class _Request(Struct, frozen=True):
    uri: str
    method: str = "GET"
    headers: dict[str, Any] | None = None
    body: Any = None  # text, bytes, nothing, or one of these in a mapping


class _Status(Struct, frozen=True):
    code: int | None = None


class _Response(Struct, frozen=True):
    status: _Status = field(default_factory=_Status)
    headers: dict[str, Any] | None = None
    body: Any = None


class _Interaction(Struct, frozen=True):
    request: _Request
    response: _Response


_decoder: Final = msgspec.json.Decoder(_Interaction)
_JSON: Final = re.compile(rb'\s*\{\s*"(?:version|interactions)"\s*:')
_YAML: Final = re.compile(rb"^interactions:[ \t]*\r?\n[ \t]*- ", re.MULTILINE)


def fits(head: bytes) -> bool:
    """Whether a log has interactions, in either of the two."""
    return _is_json(head) or _YAML.search(head) is not None


def _is_json(head: bytes) -> bool:
    return _JSON.match(head) is not None and b'"interactions"' in head and b'"request"' in head


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the interactions that belong to a venue; a source is the interaction's number, from 1.

    A cassette has no clocks: the Date of an answer is the server's.
    """
    is_json = source.head.lstrip()[:1] == b"{"
    found: Iterator[tuple[str, object]] = (
        numbered(source, (b"interactions",), "interaction") if is_json else interactions(source)
    )
    for place, interaction in found:
        if isinstance(interaction, Unreadable):
            yield Item(interaction)
        else:
            yield from _read(interaction, place, options)
        del interaction  # before the next one is put together


CASSETTES: Final = Format("vcr", "cassettes of vcrpy, YAML or JSON", fits, read)


def _read(raw: object, place: str, options: Options) -> Iterator[Item]:
    try:
        if isinstance(raw, bytes):
            interaction = _decoder.decode(raw)
        else:
            interaction = msgspec.convert(raw, _Interaction, strict=False)  # scalars of YAML come as text
    except (DecodeError, RecursionError) as error:
        yield Item(misfit(error, place))
        return
    request, response = interaction.request, interaction.response
    asked, answered = _headers(request.headers), _headers(response.headers)
    try:
        payload, sent = _content(response.body), _content(request.body)
        if isinstance(payload, bytes):
            payload = unpacked(payload, answered.get("content-encoding", ""))
    except Unpackable as error:
        yield Item(Unreadable(place, "response.body", str(error)))
        return
    answer = Answer(
        source=place,
        url=request.uri,
        payload=payload,
        method=request.method.upper(),
        status=response.status.code,
        sent=sent,
        content_type=asked.get("content-type"),
        secrets=header_secrets((*asked.items(), *answered.items())),
    )
    if (record := record_of(answer, options)) is not None:
        yield Item(record)


def _headers(headers: Mapping[str, object] | None) -> dict[str, str]:
    """Headers by their names in small letters; vcrpy has a list of values for each."""
    return {
        name.lower(): str(value[0]) if isinstance(value, list) and value else str(value)
        for name, value in (headers or {}).items()
    }


def _content(body: object) -> bytes | str:
    """A body, as text, as bytes, or in a mapping that says in which way it is written."""
    match body:
        case {"base64_string": str(text)}:
            return from_base64(text)
        case {"string": inner}:
            return _content(inner)
        case bytes() | str():
            return body
        case None:
            return b""
        case _:
            raise Unpackable("expected text")
