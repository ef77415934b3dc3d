"""What the address and the parameters of a request say: venue, endpoint, and the order that it names."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec

from cancelnorm import venues
from cancelnorm.masking import is_secret, without_secrets

__all__ = ["Address", "Parameters", "foreign", "locate", "parameters"]


class Address(NamedTuple):
    """What an address says; None where it does not. ``secrets`` are places where something secret stood."""

    venue: str | None
    endpoint: str | None
    request: Mapping[str, Any] | None
    secrets: tuple[str, ...] = ()


class Parameters(NamedTuple):
    """The parameters of a request under the venue's own names, secrets masked, and where these stood."""

    request: Mapping[str, Any] | None
    secrets: tuple[str, ...] = ()


def locate(method: str | None, url: str, *, venue: str | None = None) -> Address | None:
    """Say what a URL, or a path with a query, is the address of; None where it is that of no venue.

    A host belongs to the venue whose domain it ends in. Without a host it is the path that tells, if one
    venue alone has it; without a method it is the endpoint, if the venue has one alone at that path. What
    comes over a WebSocket says itself what it is. ``venue`` is the one it is where host and path do not tell.
    """
    base, _, query = url.strip().partition("#")[0].partition("?")
    address = _located(method, base, venue)
    if address is None or not query:
        return address
    request, secrets = _masked(parse_qsl(query, keep_blank_values=True))
    if base[:5].lower() in ("ws://", "wss:/"):
        return address._replace(secrets=("url",)) if secrets or _has_key(query) else address
    return address._replace(request=request, secrets=secrets)


@lru_cache(maxsize=1_024)
def _located(method: str | None, base: str, venue: str | None) -> Address | None:
    """The same of an address that has no query."""
    try:
        parts = urlsplit(base)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    endpoint = f"{method.upper()} {path}" if method and path else None
    venue = (_venue_of(host) if host else _venue_at(endpoint, path)) or venue
    if venue is None or not (host or path.startswith("/")):
        return None
    if parts.scheme in ("ws", "wss"):
        return Address(venue, None, None, ("url",) if _has_key(path) else ())
    return Address(venue, endpoint or _endpoint_at(venue, path), None)


_LISTEN_KEY: Final = re.compile(r"[A-Za-z0-9]{40,}")


def _has_key(text: str) -> bool:
    """Whether a listen key stands in the path of a stream, or among the streams of its query."""
    return _LISTEN_KEY.search(text) is not None


@lru_cache(maxsize=1_024)
def _venue_of(host: str) -> str | None:
    """The venue of a host."""
    found = (
        venue for domain, venue in venues.hosts().items() if host == domain or host.endswith(f".{domain}")
    )
    return next(found, None)


@lru_cache(maxsize=1_024)
def _venue_at(endpoint: str | None, path: str) -> str | None:
    """The venue that alone has an endpoint, or one at a path."""
    found = [
        venue
        for venue in venues.names()
        if (endpoint in venues.codecs(venue) if endpoint else _endpoints_at(venue, path))
    ]
    return found[0] if len(found) == 1 else None


def _endpoint_at(venue: str, path: str) -> str | None:
    found = _endpoints_at(venue, path)
    return found[0] if len(found) == 1 else None


def _endpoints_at(venue: str, path: str) -> list[str]:
    return [endpoint for endpoint in venues.codecs(venue) if endpoint.partition(" ")[2] == path and path]


def foreign(method: str | None, url: str) -> str | None:
    """Say why an address at a host of no venue may be one all the same: a proxy, or a host we do not know.

    None where its path is not one that cancels.
    """
    try:
        parts = urlsplit(url.strip())
        host, path = parts.hostname or "", parts.path.rstrip("/")
    except ValueError:
        return None
    owners = [venue for venue in venues.names() if _is_known(venue, method, path)]
    if not owners:
        return None
    names = " or ".join(owners)
    return f"its path is an endpoint of {names}, but {host} is no host of it; if it is a proxy, use --venue"


@lru_cache(maxsize=1_024)
def _is_known(venue: str, method: str | None, path: str) -> bool:
    """Whether a path ends as that of an endpoint does; a proxy puts its own before it."""
    known = (endpoint.split(" ", 1) for endpoint in venues.codecs(venue) if " /" in endpoint)
    return any(path.endswith(end) and (method is None or method.upper() == verb) for verb, end in known)


_BARE: Final = re.compile(rb"\s*[\[{]")


def parameters(body: bytes | str | Mapping[str, Any], content_type: str | None = None) -> Parameters:
    """Read the parameters in a request's body: JSON, or a form; none from anything else.

    What is nested without end is no venue's request either.
    """
    try:
        return _parameters(body, content_type)
    except RecursionError:
        return Parameters(None)


def _parameters(body: bytes | str | Mapping[str, Any], content_type: str | None) -> Parameters:
    if isinstance(body, Mapping):
        return Parameters(*_masked(body.items()))
    data = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    if _BARE.match(data) or (content_type and "json" in content_type):
        try:
            found = msgspec.json.decode(data)
        except ValueError:
            return Parameters(None)
        return Parameters(*_masked(found.items())) if isinstance(found, dict) else Parameters(None)
    text = data.decode("utf-8", "replace")
    if "=" not in text:
        return Parameters(None)
    return Parameters(*_masked(parse_qsl(text, keep_blank_values=True)))


def _masked(pairs: Iterable[tuple[str, Any]]) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Parameters with secrets masked, and where these stood; a name that comes twice keeps the last."""
    request: dict[str, Any] = {}
    secrets: list[str] = []
    for name, value in pairs:
        if is_secret(name):
            secrets.append(f"request.{name[:64]}")
            request[name] = "[redacted]"
        else:
            request[name] = _deeply(value, f"request.{name[:64]}", secrets)
    return request or None, tuple(secrets)


def _deeply(value: Any, at: str, secrets: list[str]) -> Any:
    if isinstance(value, dict):
        inner, places = _masked(value.items())
        secrets += [f"{at}{place.removeprefix('request')}" for place in places]
        return inner or {}
    if isinstance(value, list):
        return [_deeply(part, f"{at}[{i}]", secrets) for i, part in enumerate(value)]
    if isinstance(value, str) and ("=" in value or ":" in value):
        hidden = without_secrets(value)  # an address or a form inside a parameter
        if hidden != value:
            secrets.append(at)
        return hidden
    return value
