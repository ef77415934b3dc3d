"""Routing: which endpoint of a venue a name, a path or a request is for, and whether it may cancel orders."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote

from msgspec.json import decode

from cancelnorm.caching import cached
from cancelnorm.lazy import lazy
from cancelnorm.record import OBJECT, Request
from cancelnorm.venue import Venue

__all__ = [
    "Placed",
    "asked",
    "failure_of_any",
    "may_cancel",
    "placed",
    "plain_name",
    "plain_path",
    "query_of",
    "shared_name",
]

# --- By name ---


class Placed(NamedTuple):
    """An endpoint, and what a path says in the places of its name that stand in braces."""

    endpoint: str
    said: Mapping[str, str]


def placed(venue: Venue, name: str) -> Placed | None:
    """The endpoint of a name, also of one with host or query, or of a method and a path; None if there is none.

    ``DELETE /orders/17`` is ``DELETE /orders/{order_id}``, and says ``{"order_id": "17"}``. A name without braces
    comes first, then one that says more around them, as ``DELETE /orders/client:{client_id}``.
    """
    if name in venue.endpoints:
        return Placed(name, {})
    name = plain_name(name)
    if name in venue.endpoints:
        return Placed(name, {})
    if venue.base_path and (whole := name.replace(" /", f" {venue.base_path}/", 1)) in venue.endpoints:
        return Placed(whole, {})
    parts = name.split("/")
    for endpoint, pattern in _patterns(venue).get((parts[0], len(parts)), ()):
        if found := pattern.fullmatch(name):
            return Placed(endpoint, {key: unquote(value) for key, value in found.groupdict().items()})
    return None


@lazy
def _patterns(venue: Venue) -> Mapping[tuple[str, int], Sequence[tuple[str, re.Pattern[str]]]]:
    """The endpoints with braces in their paths, by method and number of segments, with a pattern of each."""
    found: dict[tuple[str, int], list[tuple[str, re.Pattern[str]]]] = {}
    for name in venue.endpoints:
        if "{" in name:
            parts = name.split("/")
            literal = re.escape(name).replace(":", "(?::|%3[Aa])")  # some clients escape it
            pattern = re.compile(_PLACE.sub(r"(?P<\1>[^/]+)", literal))
            found.setdefault((parts[0], len(parts)), []).append((name, pattern))
    for alike in found.values():
        alike.sort(key=lambda each: (each[0].count("{"), -len(_BRACES.sub("", each[0]))))
    return MappingProxyType(found)


_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
"""A part of a path that stands in braces, in the text of a pattern."""
_BRACES: Final = re.compile(r"\{\w+\}")


def plain_path(path: str) -> str:
    """A path without doubled and trailing slashes."""
    return _SLASHES.sub("/", path).rstrip("/")


def plain_name(endpoint: str) -> str:
    """The name of an endpoint without what is no part of it: host, query, trailing slash, version of the socket."""
    name = endpoint.strip()
    if match := _ADDRESS.fullmatch(name):
        return f"{match['method'].upper()} {plain_path(match['path'])}"
    version = _SOCKET.match(name)
    return name if version is None else f"ws {name[version.end() :]}"


def query_of(endpoint: str) -> Mapping[str, str | list[str]]:
    """The parameters in the query string in the name of an endpoint; those of a repeated name are an array."""
    match = _ADDRESS.fullmatch(endpoint.strip())
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl((match and match["query"]) or "", keep_blank_values=True):
        found.setdefault(_INDEX.sub("", name), []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


_INDEX: Final = re.compile(r"\[[0-9]{0,4}\]$")  # of one value of an array: ``ids[]``, ``ids[0]``
_SLASHES: Final = re.compile("//+")
_ADDRESS: Final = re.compile(
    r"(?P<method>[A-Za-z]+) +(?:[a-z]+://[^/ ]+)?(?P<path>/[^ ?#]*)(?:\?(?P<query>[^#\n]*))?(?:#.*)?",
    re.ASCII,
)
_SOCKET: Final = re.compile(r"ws v[0-9]+/")


# --- By request ---


def asked(venue: Venue, endpoint: str | None, request: Request | None) -> str | None:
    """The name of the endpoint of a request, where several share one; None where the request does not tell.

    Without a name, it is that of which the request has the word, whether there is such an endpoint or not: what
    has the word of a transfer is no cancel. A name that is not shared is given back as it is.
    """
    if endpoint in venue.endpoints:
        return endpoint
    if endpoint is None:
        return _named_by(venue, request) if request else None
    name = shared_name(venue, endpoint)
    if name is None:
        return endpoint
    return _told_apart(venue, name, request) or _told_by_path(venue, name, endpoint)


def shared_name(venue: Venue, endpoint: str) -> str | None:
    """The name of several endpoints that a request has, or below which it is; None if there is none."""
    if not venue.shared_names:
        return None
    name = plain_name(endpoint)
    below = (path for path in venue.shared_names if path.endswith("/") and name.startswith(path))
    return name if name in venue.shared_names else next(below, None)


def failure_of_any(venue: Venue, answer: bytes | str) -> str | None:
    """The endpoint of an answer that says of a request of any kind that it failed; None for any other answer."""
    keys = venue.socket
    if keys is None or not keys.failures:
        return None
    try:
        word = _first_word(decode(answer), keys.operation)
    except (ValueError, RecursionError):
        return None
    return None if word is None else keys.failures.get(word)


def _named_by(venue: Venue, request: Request) -> str | None:
    """The only endpoint that a request may be for by its words; if there is none, what it asks for instead."""
    told = (_told_apart(venue, name, request) for name in venue.shared_names)
    names = dict.fromkeys(name for name in (*told, *_operations_in(venue, request)) if name is not None)
    known = [name for name in names if name in venue.endpoints]
    if known:
        return known[0] if len(known) == 1 else None
    return next(iter(names), None)


def _told_apart(venue: Venue, name: str, request: Request | None) -> str | None:
    shared = venue.shared_names[name]
    word = _first_word(request, shared.words)
    return None if word is None else shared.endpoint.format(name=name, word=word)


def _told_by_path(venue: Venue, name: str, endpoint: str) -> str | None:
    """The endpoint of which the path below a shared one has the word; None if there is none."""
    start = venue.shared_names[name].endpoint.partition("{word}")[0]
    above, path = start.partition(" ")[2], plain_name(endpoint).partition(" ")[2]
    if not name.endswith("/") or not above or not path.startswith(above):
        return None
    told = start + path.removeprefix(above)
    return told if told in venue.endpoints else None


def _operations_in(venue: Venue, request: Request) -> Iterator[str | None]:
    """The endpoints of a request that is a whole frame of a socket; several where its address would tell."""
    keys = venue.socket
    if keys is None or not isinstance(request, OBJECT):
        return
    operation, detail = _first_word(request, keys.operation), _first_word(request, keys.detail)
    named = (*keys.request_id, *keys.parameters, *keys.flat)
    if operation is None or not any(_value_at(request, place) is not None for place in named):
        return
    if any(_value_at(request, place) is None for place in keys.request):
        return
    word = operation if detail is None else f"{operation} {detail}"
    within = next((found for place in keys.parameters if (found := request.get(place))), None)
    for prefix in dict.fromkeys(("ws", *keys.prefixes.values())):
        yield asked(venue, f"{prefix} {word}", within)


def _first_word(request: object, places: tuple[str, ...]) -> str | None:
    """The text in a request at the first of some places, as ``action.type``, that has one; None where none has."""
    values = (_value_at(request, place) for place in places)
    return next((value for value in values if isinstance(value, str) and value), None)


def _value_at(request: object, place: str) -> object:
    """What is in a request at a place; an object that stands alone in an array under a key counts as the object."""
    found = request
    for key in place.split("."):
        if found is not request and isinstance(found, list | tuple) and len(found) == 1:
            found = found[0]
        found = found.get(key) if isinstance(found, OBJECT) else None
    return found


# --- What a request may do ---


def may_cancel(venue: Venue, endpoint: str, request: Request | None = None) -> bool:
    """Whether a request may cancel orders, as far as its endpoint and its parameters tell.

    At an endpoint that is not known, it may if the name says so, or if it is no query and names an order. A batch
    without a cancel may not.
    """
    by_name = _told_by_name(venue, endpoint)
    if by_name is None:
        return _names_order(request, _order_keys(venue))
    return by_name and _asks_cancel(venue, endpoint, request)


@cached(1_024)
def _told_by_name(venue: Venue, endpoint: str) -> bool | None:
    """Whether requests to an endpoint may cancel orders; None where it depends on what they name."""
    known = venue.endpoints.get(endpoint)
    if known is not None:
        return not known.is_query
    name = endpoint.casefold()
    if endpoint in venue.others or any(word.casefold() in name for word in venue.not_cancels):
        return False
    if "cancel" in name:
        return True
    if _READ.match(name) is not None:
        return False
    return True if _REMOVAL.search(name) is not None else None


_READ: Final = re.compile(r"(?:get|head|options) /")
_REMOVAL: Final = re.compile(r"^delete /|delete|revoke|terminat|countdown|kill|[/.-]stop$")


def _asks_cancel(venue: Venue, endpoint: str, request: Request | None) -> bool:
    """Whether a request is no batch, or has a cancel in it."""
    known = venue.endpoints.get(endpoint)
    if known is None or not known.request.cancels:
        return True
    rows = known.request.cancel_rows(request)
    return not rows or any(rows)


@lazy
def _order_keys(venue: Venue) -> frozenset[str]:
    """The parameters by which requests to a venue name orders, in lower case."""
    keys = [endpoint.request for endpoint in venue.endpoints.values()]
    return frozenset(name.casefold() for each in keys for name in (*each.order_id, *each.order_ids))


def _names_order(request: object, keys: frozenset[str]) -> bool:
    """Whether the parameters of a request, or of one of its rows, have the id of an order."""
    if isinstance(request, OBJECT):
        if not keys.isdisjoint(key.casefold() for key in request if isinstance(key, str)):
            return True
        return any(isinstance(v, list | tuple) and _names_order(v, keys) for v in request.values())
    return isinstance(request, list | tuple) and any(_names_order(row, keys) for row in request)
