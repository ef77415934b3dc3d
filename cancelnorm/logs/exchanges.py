"""Requests with their answers in one object, as proxies, consoles and tools for tests keep them in JSON.

So do Postman, nock, WireMock, MockServer, Hoverfly, Pact, Charles and mitmproxy, each with keys of its own.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec
from msgspec import Raw

from cancelnorm.logs.http import IS_BUFFER, from_buffer
from cancelnorm.logs.urls import foreign

__all__ = ["exchanges_in", "exchanges_of", "is_exchange"]

Members = Mapping[str, Raw]

_REQUESTS: Final = ("request", "httpRequest", "originalRequest", "req")
_RESPONSES: Final = ("response", "httpResponse", "res", "resp")
_URLS: Final = ("absoluteUrl", "url", "uri", "path", "urlPath", "requestUrl")
_PLAIN_URLS: Final = ("url", "uri")
_HOSTS: Final = ("scope", "host", "destination", "hostname", "authority")
_QUERIES: Final = ("query", "queryString")
_STATUSES: Final = ("status", "statusCode", "status_code", "code")
_BODIES: Final = ("jsonBody", "body", "content", "data", "text", "json", "payload", "postData", "string")
# The keys of an object that holds a body beside what it says about it.
_AROUND_BODY: Final = frozenset(
    {
        *(
            "string",
            "text",
            "raw",
            "content",
            "json",
            "value",
            "encoding",
            "mode",
            "charset",
            "mimeType",
            "type",
        ),
        *("size", "matcher", "options", "contentType", "decoded"),
    }
)
_STREAM: Final = "stream"  # of Newman, whose bodies are buffers of Node.js
_INNER: Final = ("raw", "string", "text", "content", "json", "value")
_FORMS: Final = ("urlencoded", "formdata")  # of Postman
_NAMES: Final = ("key", "name")
_SENT: Final = ("timestamp_start", "timestamp", "loggedDate", "start")
_TIMES: Final = ("timestamp", "@timestamp", "time", "ts")
_STATUS: Final = re.compile(rb'[1-5][0-9]{2}|"[1-5][0-9]{2}\b[^"]{0,60}"')
_DEEPEST: Final = 12
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode
_text_in: Final = msgspec.json.Decoder(str).decode


def exchanges_in(data: bytes) -> list[Members]:
    """The requests with their answers at any depth of an object or an array, each as a line of a logger has them."""
    try:
        return list(_found_in(Raw(data), 0))
    except (ValueError, RecursionError):
        return []


def _found_in(value: Raw, depth: int) -> Iterator[Members]:
    opening = bytes(value)[:1]
    if opening == b"[":
        inner = _array(value)
    elif opening == b"{":
        members = _object(value)
        found = _exchange(members)
        if found is not None:
            yield found
            return
        inner = list(members.values())
    else:
        return
    if depth < _DEEPEST:
        for each in inner:
            yield from _found_in(each, depth + 1)


def is_exchange(data: bytes) -> bool:
    """Tell whether an object is a request with its answer, with keys that loggers do not have."""
    try:
        return _exchanges_of(_object(data)) is not None
    except (ValueError, RecursionError):
        return False


def exchanges_of(line: Members) -> list[Members] | None:
    """The requests with their answers in a line, as above; None if it has none, or names all as loggers do."""
    try:
        return _exchanges_of(line)
    except (ValueError, RecursionError):  # a text in it is not UTF-8, or it is nested too deeply
        return None


def _exchanges_of(line: Members) -> list[Members] | None:
    if _has_both(line):
        found = _exchange(line)
        is_plain = any(_is_url(at.get(key)) for at in _asked(line) for key in _PLAIN_URLS)
        if found is None or (is_plain and not any(map(_has_form, _asked(line)))):
            return None
        return [found] if _is_told(found) else None
    for value in line.values():
        data = bytes(value)
        if data[:1] == b"{" and b'"method"' in data and _has_both(inner := _members(value)):
            found = _exchange(inner)
            if found is not None and _is_told(found):
                return [{**{key: line[key] for key in _TIMES if key in line}, **found}]
    return None


def _is_told(found: Members) -> bool:
    """Tell whether the URL names the host, or is the path of an endpoint; another may be that of any server."""
    url = _text_in(found["url"])
    return "://" in url or foreign(_text_in(found["method"]), url) is not None


def _has_both(members: Members) -> bool:
    """Tell whether an object has a request and an answer, or the parts of a request and an answer."""
    if not any(key in members for key in _RESPONSES):
        return _holds_request(members)
    return any(key in members for key in _REQUESTS) or (
        "path" in members and any(key in members for key in _HOSTS)
    )


def _holds_request(members: Members) -> bool:
    """Tell whether an object is an answer with its request in it, as Postman, request and superagent have it."""
    if "originalRequest" in members:
        return True
    has_status = any(key in members for key in _STATUSES)
    return has_status and _body(members) is not None and any(key in members for key in _REQUESTS)


def _is_url(value: Raw | None) -> bool:
    return value is not None and bytes(value)[:1] == b'"' and "://" in _text_in(value)


def _asked(line: Members) -> Iterator[Members]:
    """The objects of a line that may name the URL where all loggers have it."""
    yield line
    yield _members(line.get("request"))


def _exchange(found: Members) -> Members | None:
    """A request with its answer, as a line of a logger has it; None if an object is not one."""
    response = _first(found, _RESPONSES)
    is_answer = response is None and _holds_request(found)
    request = _members(_first(found, _REQUESTS))
    answer = found if is_answer else _members(response)
    asked = request if "method" in request else answer if "method" in answer else found
    method, url = _text(asked.get("method")), _url(asked)
    if (response is None and not is_answer) or not (method and url):
        return None
    if is_answer:
        status, body = (
            next((each for key in _STATUSES if _is_status(each := found.get(key))), None),
            _body(found),
        )
    elif _is_over_http(answer) and "scope" not in found:
        status, body = _status(answer), _body(answer)
    elif "scope" not in found and (not answer or asked is found):
        return None
    elif response is not None:  # the body itself, as nock has it
        status, body = _first(found, _STATUSES), None if bytes(response) == b'""' else bytes(response)
    if body is None and not _is_status(status):
        return None
    line = {"method": msgspec.json.encode(method), "url": msgspec.json.encode(url)}
    line["response_body"] = body or b"null"
    sent = _body(request or asked)
    optional = {
        "status": status,
        "request_body": None if sent is None else _as_text(sent),
        "sent": _first(request, _SENT) or _first(_members(found.get("times")), _SENT),
        "received": answer.get("timestamp_end"),
        "headers": _headers(request),
        **{key: found[key] for key in _TIMES if key in found},
    }
    line |= {key: bytes(value) for key, value in optional.items() if value is not None}
    return {key: Raw(value) for key, value in line.items()}


def _is_over_http(answer: Members) -> bool:
    """Tell whether an answer has a status of HTTP or a body, and is no body itself."""
    return _is_status(_first(answer, _STATUSES[:-1])) or any(
        key in answer for key in ("body", "content", "text", "jsonBody", _STREAM)
    )


def _is_status(value: Raw | None) -> bool:
    """Tell whether a value is a status of HTTP."""
    return value is not None and _STATUS.fullmatch(bytes(value)) is not None


def _status(answer: Members) -> Raw | None:
    """The status of an answer: the number, where its words stand apart."""
    found = [answer[key] for key in _STATUSES if key in answer and bytes(answer[key]) != b"null"]
    return next(filter(_is_status, found), found[0] if found else None)


def _as_text(body: bytes) -> bytes:
    """A body as text, which is never taken for the whole request."""
    return body if body[:1] == b'"' else msgspec.json.encode(body.decode("utf-8", "surrogateescape"))


def _first(members: Members, keys: tuple[str, ...]) -> Raw | None:
    """What stands under the first of some keys; null does not count."""
    return next((members[key] for key in keys if key in members and bytes(members[key]) != b"null"), None)


def _members(value: Raw | None) -> Members:
    return _object(value) if value is not None and bytes(value)[:1] == b"{" else {}


def _plain(value: Raw | None) -> Raw | None:
    """A value, or that which the only matcher in an array is for."""
    if value is None or bytes(value)[:1] != b"[":
        return value
    matchers = _array(value)
    inner = _members(matchers[0]) if len(matchers) == 1 else {}
    return _first(inner, ("value", "equalToJson", "equalTo")) or value


def _text(value: Raw | None) -> str:
    """A text, or the one in an object of Postman; empty for any other value."""
    value = _plain(value)
    if value is not None and bytes(value)[:1] == b"{":
        members = _members(value)
        value = _first(members, ("raw", "full", "href")) or _joined(members)
    return _text_in(value) if value is not None and bytes(value)[:1] == b'"' else ""


def _joined(url: Members) -> Raw | None:
    """The URL whose parts are in an object, as Postman has them; None if it has no host and no path."""
    host, path = (_first(url, (key,)) for key in ("host", "path"))
    if host is None or path is None or not bytes(host)[:1] == bytes(path)[:1] == b"[":
        return None
    text = f"https://{'.'.join(map(_text, _array(host)))}/{'/'.join(map(_text, _array(path)))}"
    named = urlencode(_pairs(_first(url, ("query",))))
    return Raw(msgspec.json.encode(f"{text}?{named}" if named else text))


def _pairs(listed: Raw | None) -> list[tuple[str, str]]:
    """The names and values that an array of objects lists; none if a value is no such array."""
    if listed is None or bytes(listed)[:1] != b"[":
        return []
    found = (_members(each) for each in _array(listed))
    return [(_text(_first(each, _NAMES)), _text(each.get("value"))) for each in found if _first(each, _NAMES)]


def _has_form(asked: Members) -> bool:
    """Tell whether a body is a form whose names and values are listed."""
    body = _members(_first(asked, ("body",)))
    return any(_pairs(body.get(name)) for name in _FORMS)


def _headers(request: Members) -> Raw | None:
    """The headers of a request, by their names where an array lists them."""
    headers = _first(request, ("headers", "header"))
    listed = _first(_members(headers), ("headers",)) if headers is not None else None
    pairs = _pairs(listed or headers)
    return Raw(msgspec.json.encode(dict(pairs))) if pairs else headers


def _url(asked: Members) -> str:
    """The URL of a request, whose parts may stand apart; a path alone if nothing names the host."""
    url = next((found for key in _URLS if (found := _text(asked.get(key)))), "")
    if "://" in url or not url.startswith("/"):
        return url
    host = next((found for key in _HOSTS if (found := _text(asked.get(key)))), "") or _host(asked)
    query = _query(_plain(_first(asked, _QUERIES)))
    if query and "?" not in url:
        url = f"{url}?{query.removeprefix('?')}"
    if host and "://" not in host:
        host = f"https://{host}"
    return host + url


def _host(asked: Members) -> str:
    """The host among the headers."""
    headers = _members(asked.get("headers"))
    value = _first(headers, ("Host", "host"))
    if value is not None and bytes(value)[:1] == b"[":
        value = next(iter(_array(value)), None)
    return _text(value)


def _query(value: Raw | None) -> str:
    if value is None or bytes(value)[:1] != b"{":
        return _text(value)
    pairs = []
    for key, each in _members(value).items():
        plain = _plain(each) or each
        found = plain if bytes(plain)[:1] != b"[" else next(iter(_array(plain)), plain)
        pairs.append((key, _text(found) or bytes(found).decode("utf-8", "replace")))
    return urlencode(pairs)


def _body(members: Members) -> bytes | None:
    """The body of a request or an answer: a text or any JSON; None if there is none."""
    for key in (*_BODIES, "bodyPatterns", _STREAM):
        value = _plain(members.get(key))
        if value is None or bytes(value) in (b"null", b'""'):
            continue
        if IS_BUFFER.match(bytes(value)):
            return msgspec.json.encode(from_buffer(bytes(value)))
        inner = _members(value)
        if form := [pair for name in _FORMS for pair in _pairs(inner.get(name))]:
            return msgspec.json.encode(urlencode(form))
        if inner and inner.keys() <= _AROUND_BODY:
            value = _first(inner, _INNER)
        if value is not None and bytes(value) != b'""':
            return bytes(value)
    return None
