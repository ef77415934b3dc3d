"""Paths in URLs: the venues that may have one, and the endpoint there."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from cancelnorm import routing, venues
from cancelnorm.caching import cached
from cancelnorm.routing import Placed

__all__ = [
    "behind_proxy",
    "endpoint_at",
    "has_endpoint",
    "is_endpoint",
    "placed_at",
    "venues_at",
    "venues_behind",
    "venues_having",
]


def behind_proxy(venue: str, endpoint: str) -> str:
    """The endpoint of a venue that the path of a proxy, or of the venue's own website, ends in; else as it is."""
    if is_endpoint(venue, endpoint):
        return endpoint
    method, _, path = endpoint.partition(" ")
    ends = (f"{method} {end}" for end in _ends_of(path))
    return next((end for end in ends if is_endpoint(venue, end)), endpoint)


_MOST_SEGMENTS: Final = 16
"""More segments than the path of any endpoint has."""


def _ends_of(path: str) -> Iterator[str]:
    """The ends of a path that begin with a slash, the longest first; a proxy puts its own path before."""
    segments = path.rsplit("/", _MOST_SEGMENTS)[1:]
    return (f"/{'/'.join(segments[at:])}" for at in range(len(segments)))


@cached(1_024)
def venues_having(method: str | None, path: str) -> tuple[str, ...]:
    """The venues that have an endpoint at a path, or several; none where any service may have the path."""
    return tuple(venue for venue in _venues_with(path) if _names_at(venue, method, path))


@cached(1_024)
def venues_at(method: str | None, path: str) -> tuple[str, ...]:
    """The venues that a path tells."""
    return tuple(venue for venue in _venues_with(path) if _is_telling(venue, method, path))


def _is_telling(venue: str, method: str | None, path: str) -> bool:
    """Tell whether a path is an endpoint of a venue; a path with several, as ``/info``, is no venue's alone."""
    return any(placed_at(venue, name) is not None for name in _names_at(venue, method, path))


def _names_at(venue: str, method: str | None, path: str) -> list[str]:
    """The names of a venue's endpoints at a path that says more than ``/orders/17``, for one method or for any."""
    if method is None:
        names = _endpoints_at(venue, path)
    else:
        names = [name] if path and is_endpoint(venue, name := f"{method.upper()} {path}") else []
    placed = ((name, placed_at(venue, name)) for name in names)
    return [name for name, found in placed if found is None or _is_own(found.endpoint)]


@cached(1_024)
def _is_own(endpoint: str) -> bool:
    """Tell whether the path of an endpoint has more than one segment without a parameter."""
    segments = endpoint.partition("/")[2].split("/")
    return sum("{" not in segment for segment in segments) > 1


def is_endpoint(venue: str, endpoint: str) -> bool:
    """Tell whether a venue has an endpoint, or several at one path."""
    found = venues.find(venue)
    return found is not None and (
        routing.placed(found, endpoint) is not None or routing.shared_name(found, endpoint) is not None
    )


def placed_at(venue: str, endpoint: str) -> Placed | None:
    """The endpoint of a venue by a method and a path, and what the path says; None if there is none."""
    found = venues.find(venue)
    return None if found is None else routing.placed(found, endpoint)


def endpoint_at(venue: str, path: str) -> str | None:
    """The only endpoint of a venue at a path, whatever the method; None where there are several or none."""
    found = _endpoints_at(venue, path)
    return found[0] if len(found) == 1 else None


@cached(1_024)
def has_endpoint(venue: str, path: str) -> bool:
    """Tell whether a venue has an endpoint at a path, or at its end."""
    return any(_endpoints_at(venue, end) for end in _ends_of(path))


def _endpoints_at(venue: str, path: str) -> list[str]:
    """The names of a venue's endpoints at a path, each with the path's own values."""
    if not path:
        return []
    return [name for method in _methods(venue) if is_endpoint(venue, name := f"{method} {path}")]


@cached(1_024)
def _methods(venue: str) -> tuple[str, ...]:
    """The methods of a venue's endpoints; none if there is no such venue."""
    found = venues.find(venue)
    names = () if found is None else found.endpoints
    return tuple(dict.fromkeys(name.partition(" ")[0] for name in names if " /" in name))


@cached(1_024)
def venues_behind(method: str | None, path: str) -> tuple[str, ...]:
    """The venues of which a path ends like that of an endpoint."""
    found: set[str] = set()
    for length, names in _possible(path).items():
        end = f"/{'/'.join(path.rsplit('/', length)[1:])}"
        found |= {venue for venue in names if venue not in found and _is_telling(venue, method, end)}
    return tuple(venue for venue in venues.names() if venue in found) if found else ()


def _venues_with(path: str) -> list[str]:
    """The venues that may have an endpoint at a path, in order; others have none."""
    may = {
        *_possible(path).get(path.count("/"), ()),
        *(venue for above, venue in _literals().above if path.startswith(above)),
    }
    return [venue for venue in venues.names() if venue in may] if may else []


def _possible(path: str) -> Mapping[int, set[str]]:
    """The venues that may have an endpoint at an end of a path, by the segments of the end; others have none."""
    segments = path.replace("%3A", ":").replace("%3a", ":").split("/")[1:]
    places = _literals().places
    found: dict[int, set[str]] = {}
    for segment in places.keys() & segments:
        for place in places[segment]:
            at = len(segments) - place.length + place.at
            if at >= 0 and segments[at] == segment:
                found.setdefault(place.length, set()).update(place.venues)
    return found


class _Place(NamedTuple):
    """A place in the paths of some venues: the segments of such a path, and those before the place."""

    length: int
    at: int
    venues: frozenset[str]


class _Literals(NamedTuple):
    """The last segments of paths that are no parameter, with their places, and the paths below which others may be."""

    places: Mapping[str, tuple[_Place, ...]]
    above: tuple[tuple[str, str], ...]


@cache
def _literals() -> _Literals:
    """Those of all venues, also without the beginning that all paths of one have, which a program may leave out."""
    places: dict[tuple[str, int, int], set[str]] = {}
    above: set[tuple[str, str]] = set()
    for venue in venues.every().values():
        names = (*venue.endpoints, *venue.shared_names)
        for path in {name.partition(" ")[2] for name in names if " /" in name}:
            if path.endswith("/"):
                above.add((path, venue.name))
            for each in {path, path.removeprefix(venue.base_path or "")}:
                segments = each.split("/")[1:]
                if literals := [
                    at for at, segment in enumerate(segments) if "{" not in segment
                ]:  # else it is no own
                    at = literals[-1]
                    places.setdefault((segments[at], len(segments), at), set()).add(venue.name)
    found: dict[str, tuple[_Place, ...]] = {}
    for (segment, length, at), owners in places.items():
        found[segment] = (*found.get(segment, ()), _Place(length, at, frozenset(owners)))
    return _Literals(found, tuple(above))
