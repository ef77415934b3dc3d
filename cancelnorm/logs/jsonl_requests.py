"""The request that a line of JSON has or answers: its method, its URL, its body, and the connection of both."""

from typing import Final

import msgspec

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.json_path import Steps
from cancelnorm.logs.jsonl_fields import Parts
from cancelnorm.logs.pairing import Channel, address_of
from cancelnorm.logs.text_words import venue_in
from cancelnorm.logs.urls import Address, joined, parameters
from cancelnorm.record import Request

__all__ = ["channel_of", "is_http", "logger_of", "parameters_of", "request_in", "text_of", "venue_of"]

_STREAMS: Final = (b'"stdout"', b'"stderr"')  # of a process, whose lines Docker keeps
_LOGGERS: Final = (
    *("logger", "logger_name", "loggerName", "log.logger", "name", "category", "SourceContext"),
    *("component", "module", "target"),
)
_LONGEST: Final = 200  # bytes of the name of a logger
_ENVELOPE: Final = frozenset({"url", "uri", "method", "headers"})


def is_http(parts: Parts) -> bool:
    """Tell whether a line has the method and the URL of a request over HTTP."""
    url = parts.text("url")
    return bool(url) and url is not None and url[:2].lower() != "ws" and bool(parts.text("method"))


def request_in(parts: Parts, number: int, line: bytes | None) -> Printed:
    """The request over HTTP that a line has."""
    sent = parts.clock("sent")
    return Printed(
        (parts.text("method") or "").upper(),
        parts.text("url") or "",
        _body(parts),
        False,
        number,
        venue_of(parts),
        at=parts.clock("received") if sent is None else sent,
        raw=line,
    )


def _body(parts: Parts) -> str:
    """The body of a request in a line of its own."""
    found = parts.value("request")
    if isinstance(found, list) or (isinstance(found, dict) and _ENVELOPE.isdisjoint(found)):
        return msgspec.json.encode(found).decode()
    if isinstance(found, str):
        return found
    payload = next(parts.payloads(), None) if parts.found("payload") is not None else None
    return "" if payload is None or payload.is_logged else text_of(payload.data)


def parameters_of(
    parts: Parts, address: Address | None, asked: Printed | None, payload: Steps
) -> tuple[Request | None, tuple[str, ...]]:
    """The parameters of the request, from its URL and its body, and the paths of its secrets.

    The body may stand in the line, elsewhere than the ``payload``, or in an earlier one, in which the request was
    ``asked``.
    """
    query, secrets = (address.request, address.secrets) if address else (None, ())
    place = parts.found("request")
    found = None if place is None or place[0] == payload else parts.value("request")
    if isinstance(found, dict) and not _ENVELOPE.isdisjoint(found):
        found = None  # the whole HTTP request, without parameters of its own
    if not isinstance(found, str | dict | list):
        found = asked.body if asked is not None else None
    if not found:
        return query, secrets
    body = parameters(found, address=address)
    return joined(query, body.request), (*secrets, *body.secrets)


def channel_of(parts: Parts, url: str | None) -> Channel:
    """What a line says of the connection of its frame; the query of its URL may differ from line to line."""
    connection = parts.raw("connection")
    return Channel(
        None if connection in (None, *_STREAMS) else connection.decode("utf-8", "replace"),
        parts.account(),
        address_of(url),
    )


def venue_of(parts: Parts) -> str | None:
    """The name of the venue that a recorder names; another name stays as it is."""
    name = parts.text("venue")
    return None if name is None else venues.canonical(name)


def logger_of(parts: Parts) -> str | None:
    """The venue that the name of the logger names, as ``bot.exchanges.<venue>``; None if it names none or several."""
    named = (bytes(parts.line[key]) for key in _LOGGERS if key in parts.line)
    texts = (raw.decode("utf-8", "replace") for raw in named if raw[:1] == b'"' and len(raw) <= _LONGEST)
    return next((venue for text in texts if (venue := venue_in(text)) is not None), None)


def text_of(data: bytes | str) -> str:
    """A payload as text, whose bytes can be had back."""
    return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
