"""URLs and bodies of requests: their venue, their endpoint, and the parameters with secrets masked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec

from cancelnorm import recognition, venues
from cancelnorm.caching import cached
from cancelnorm.logs.url_paths import (
    behind_proxy,
    endpoint_at,
    placed_at,
    venues_at,
    venues_behind,
    venues_having,
)
from cancelnorm.masking import MASK, without_secrets
from cancelnorm.reader.nesting import is_too_deep
from cancelnorm.reader.scalars import identifier
from cancelnorm.record import Request
from cancelnorm.routing import plain_path
from cancelnorm.secret_names import secret_keys

__all__ = [
    "QUERIES",
    "Address",
    "Hosts",
    "Parameters",
    "foreign",
    "joined",
    "locate",
    "parameters",
    "unknown_host",
    "valid",
]

QUERIES: Final = ("GET", "HEAD")
"""Methods of requests that change nothing."""

Hosts = tuple[tuple[str, str], ...]
"""Hosts that are no venue's own, such as proxies, each with the name of the venue behind it."""


class Address(NamedTuple):
    """The venue, endpoint and parameters of a URL; None if unknown. ``secrets`` are the paths of masked values."""

    venue: str | None
    endpoint: str | None
    request: Mapping[str, Any] | None
    secrets: tuple[str, ...] = ()


class Parameters(NamedTuple):
    """The parameters of a request under the venue's own names, masked, and the paths of its secrets."""

    request: Request | None
    secrets: tuple[str, ...] = ()


# --- URLs ---


def locate(
    method: str | None,
    url: str,
    *,
    venue: str | None = None,
    hosts: Hosts = (),
    answer: bytes | str = b"",
) -> Address | None:
    """Find the venue and the endpoint of a URL or of a path with a query; None if it is of no venue.

    A host belongs to the venue whose domain it ends in; ``hosts`` adds others. Without a host, a path that says more
    than ``/orders/17`` decides if a single venue has it, or if a single one of those that have it sends such an
    ``answer``, as it has to be where the path has several operations, which says little; without a method, the endpoint
    is known if the venue has a single one at the path. A WebSocket URL has no endpoint. ``venue`` is used if nothing
    else decides.
    """
    base, _, query = url.strip().partition("#")[0].partition("?")
    address = _located(method, base, venue, hosts)
    if address is None and answer and base.startswith("/") and not base.startswith("//"):
        data = answer if isinstance(answer, bytes) else answer.encode("utf-8", "replace")
        owners = venues_having(method, plain_path(base))
        if owners and len(found := [each for each in owners if each in recognition.takers(data)]) == 1:
            address = _located(method, base, found[0], hosts)
    if address is None or not (query or address.request):
        return address
    request, secrets = _masked(_pairs(query), address.venue)
    request |= (
        address.request or {}
    )  # what the path says counts; that one is shared by all of the same address
    if base[:5].lower() in ("ws://", "wss:/"):
        return address._replace(secrets=("url",)) if secrets or _has_token(query) else address
    return address._replace(request=request or None, secrets=secrets)


@cached(4_096)  # more than the requests that wait for an answer, which are looked for again
def _located(method: str | None, base: str, venue: str | None, hosts: Hosts) -> Address | None:
    """The same for a URL without a query."""
    try:
        parts = urlsplit(f"/{base.lstrip('/')}" if base.startswith("//") else base)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    path = plain_path(parts.path)
    endpoint = f"{method.upper()} {path}" if method and path else None
    named = _venue_behind(host, hosts)
    owner = named or (_venue_of(host) if host else None)
    if not (owner or host) and len(found := venues_at(method, path)) == 1:
        owner = found[0]
    venue = owner or venue
    if venue is None or not (host or path.startswith("/")):
        return None
    if endpoint is not None:
        endpoint = behind_proxy(venue, endpoint)
    if parts.scheme in ("ws", "wss"):
        return Address(venue, None, None, ("url",) if _has_token(path) else ())
    return _placed(venue, endpoint or endpoint_at(venue, path))


def _placed(venue: str, endpoint: str | None) -> Address:
    """The address of an endpoint; what its path says is among the parameters.

    A path that no endpoint has may be that of a webhook at another host, which holds its key.
    """
    found = None if endpoint is None else placed_at(venue, endpoint)
    if endpoint is None or found is None:
        return Address(venue, None if endpoint is None else without_secrets(endpoint), None)
    if not found.said:
        return Address(venue, endpoint, None)
    return Address(venue, found.endpoint, found.said)


_TOKEN: Final = re.compile(r"[A-Za-z0-9]{40,}")


def _has_token(text: str) -> bool:
    """Tell whether the path or the query of a stream contains a key, which has no name there."""
    return _TOKEN.search(text) is not None


def _venue_behind(host: str, hosts: Hosts) -> str | None:
    """The venue of a host that the caller names."""
    return next((venue for name, venue in hosts if host == name or host.endswith(f".{name}")), None)


@cached(1_024)
def _venue_of(host: str) -> str | None:
    found = (
        venue for domain, venue in venues.hosts().items() if host == domain or host.endswith(f".{domain}")
    )
    return next(found, None)


def foreign(method: str | None, url: str, payload: bytes | str = b"") -> str | None:
    """Explain why a URL at an unknown host may be a venue's all the same: a proxy, or a new host.

    None if its path is not an endpoint of any venue and does not say that it cancels, and the payload is no
    venue's answer about an order.
    """
    try:
        parts = urlsplit(url.strip())
        host, path = parts.hostname or "", plain_path(parts.path)
    except ValueError:
        return None
    owners = venues_behind(method, path)
    unknown = (
        f"but {host} is not a known host; use --host {host}=VENUE"
        if host
        else "so name the venue with --venue"
    )
    if owners:
        return f"the path is an endpoint of {' or '.join(owners)}, {unknown}"
    if "cancel" in path.casefold() and method not in QUERIES:
        return f"the path is about a cancel, {unknown}"
    data = payload if isinstance(payload, bytes) else payload.encode("utf-8", "replace")
    sender = recognition.recognise(data) if _ABOUT_ORDER.search(data) else None
    return f"the answer is like those of {sender}, {unknown}" if sender else None


_ABOUT_ORDER: Final = re.compile(rb"cancel|order", re.IGNORECASE)


def unknown_host(url: str) -> str:
    """Explain that the frames at a URL are of no known venue."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        host = ""
    if not host:
        return "unknown venue; name it with --venue"
    return f"{host} is not a known host; name its venue with --host {host}=VENUE"


# --- Parameters ---

_INVALID: Final = re.compile("[\ud800-\udfff]")


def valid(text: str) -> str:
    """Text in which a byte that was not UTF-8, or half of a surrogate pair, is a replacement character."""
    return _INVALID.sub("\ufffd", text)


_JSON: Final = re.compile(rb"\s*[\[{]")


def parameters(
    body: bytes | str | Request, content_type: str | None = None, *, address: Address | None = None
) -> Parameters:
    """Read the parameters from the body of a request: JSON or a form; there are none in anything else.

    JSON is an object, or an array of objects; at an ``address`` that takes an array of ids, such an array has the
    name that the venue declares. JSON that is nested too deeply is no venue's request.
    """
    if not isinstance(body, bytes | str):
        return _of_value(body, address)
    data = body if isinstance(body, bytes) else valid(body).encode()
    if _JSON.match(data) or (content_type and "json" in content_type):
        try:
            return _of_value(msgspec.json.decode(data), address)
        except (ValueError, RecursionError):
            return Parameters(None)
    text = data.decode("utf-8", "replace").strip()
    if "=" not in text:
        return Parameters(None)
    request, secrets = _masked(_pairs(text), _venue_at(address))
    return Parameters(request or None, secrets)


_INDEX: Final = re.compile(r"\[[0-9]{0,4}\]$")


def _pairs(form: str) -> Sequence[tuple[str, Any]]:
    """The names and values of a query or a form; those of a name that is repeated, or has an index, are an array.

    So clients write an array of ids: ``ids=1&ids=2``, ``ids[]=1&ids[]=2`` or ``ids[0]=1&ids[1]=2``.
    """
    pairs = parse_qsl(form, keep_blank_values=True)
    if len(dict(pairs)) == len(pairs) and not any(name.endswith("]") for name, _ in pairs):
        return pairs
    found: dict[str, list[str]] = {}
    arrays = set()
    for name, value in pairs:
        plain = _INDEX.sub("", name)
        values = found.setdefault(plain, [])
        if plain != name or (values and value != values[0]):
            arrays.add(plain)
        values.append(value)
    return [(name, values if name in arrays else values[0]) for name, values in found.items()]


def joined(query: Mapping[str, Any] | None, body: Request | None) -> Request | None:
    """Parameters of a query and of a body; if the body is an array, the query holds for each of its rows."""
    if body is None or not query:
        return body or query or None
    if isinstance(body, Mapping):
        return {**query, **body}
    return [{**query, **row} for row in body]


def _of_value(value: object, address: Address | None = None) -> Parameters:
    if is_too_deep(value):
        return Parameters(None)
    if isinstance(value, list) and value and all(map(identifier, value)):
        name = "" if address is None else _array_at(address)
        return Parameters({name: value} if name else None)
    if isinstance(value, Mapping):
        request, secrets = _masked(value.items(), _venue_at(address))
        return Parameters(request or None, secrets)
    if not isinstance(value, Sequence) or not value or not all(isinstance(row, Mapping) for row in value):
        return Parameters(None)
    rows: list[dict[str, Any]] = []
    found: list[str] = []
    for i, row in enumerate(value):
        request, secrets = _masked(row.items(), _venue_at(address), f"request[{i}]")
        rows.append(request)
        found += secrets
    return Parameters(rows, tuple(found))


def _venue_at(address: Address | None) -> str | None:
    return None if address is None else address.venue


def _array_at(address: Address) -> str:
    """The name of ids that are the whole body of a request; empty where none may be."""
    venue = venues.find(address.venue) if address.venue else None
    endpoint = None if venue is None else venue.endpoints.get(address.endpoint or "")
    return "" if endpoint is None else endpoint.request.array


_PLAIN: Final = re.compile(r"\w{1,40}")


def _masked(
    pairs: Iterable[tuple[str, Any]], venue: str | None, path: str = "request"
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Parameters with secrets masked, and the paths of these."""
    pairs = tuple(pairs)
    hidden = secret_keys(name for name, _ in pairs)
    request: dict[str, Any] = {}
    secrets: list[str] = []
    for name, value in pairs:
        shown = name if _PLAIN.fullmatch(name) else without_secrets(name)
        inner = f"{path}.{shown[:64]}"
        if name in hidden:
            secrets.append(inner)
            request[shown] = MASK
        else:
            request[shown] = _masked_value(value, name, venue, inner, secrets)
    return request, tuple(secrets)


def _masked_value(value: Any, name: str, venue: str | None, path: str, secrets: list[str]) -> Any:
    if isinstance(value, Mapping):
        inner, found = _masked(value.items(), venue, path)
        secrets += found
        return inner
    if isinstance(value, list):
        return [_masked_value(part, name, venue, f"{path}[{i}]", secrets) for i, part in enumerate(value)]
    if isinstance(value, str):
        # It may be a URL or a form, or a token under any name.
        shown = venues.parameter_without_secrets(venue, name, value)
        if shown != value:
            secrets.append(path)
        return shown
    return value
