"""The venues: every package here that declares one, and those that other distributions bring.

Another distribution declares a ``Venue`` and names it in the entry-point group ``cancelnorm.venues``. No venue
is imported with this package: a declaration is imported when its venue is named, all of them when something
has to be found among all, and the modules of a venue when its endpoints are asked for.
"""

import pkgutil
import re
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from msgspec.json import encode
from msgspec.structs import replace

from cancelnorm import routing
from cancelnorm.caching import cached
from cancelnorm.lazy import lazy
from cancelnorm.masking import MASK, id_without_secrets, without_secrets
from cancelnorm.plug_ins import may_be_installed
from cancelnorm.record import OBJECT, Record, Request
from cancelnorm.secret_names import Login, Secrets, secret_keys
from cancelnorm.venue import Shown, Venue

__all__ = [
    "GROUP",
    "asked",
    "canonical",
    "every",
    "find",
    "hosts",
    "in_quotes",
    "names",
    "parameter_without_secrets",
    "placed",
    "secret_names",
    "secrets",
    "shown",
]

GROUP: Final = "cancelnorm.venues"
"""The group of entry points in which other distributions name their venues."""


@cache
def _own_names() -> tuple[str, ...]:
    return tuple(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)


@lazy
def _own(name: str) -> Venue:
    venue: Venue = import_module(f"{__name__}.{name}").VENUE
    return venue


@lazy
def every() -> Mapping[str, Venue]:
    """Every venue by name, sorted; one that cannot be imported is left out with a warning."""
    found = {name: _own(name) for name in _own_names()}
    if may_be_installed(GROUP):
        _add_plug_ins(found)
    return MappingProxyType(dict(sorted(found.items())))


def _add_plug_ins(found: dict[str, Venue]) -> None:
    """Add the venues of other distributions to ours, which keep their names."""
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        try:
            venue = entry.load()
            if isinstance(venue, Venue):
                venue.endpoints, venue.skip  # noqa: B018  # imports its modules: one that fails costs no other venue
        except Exception as error:  # noqa: BLE001  # another distribution's code may raise anything
            _complain(entry.value, f"{type(error).__name__}: {error}")
            continue
        if isinstance(venue, Venue) and _plain(venue.name) not in map(_plain, found):
            found[venue.name] = venue
        else:
            _complain(entry.value, "it is no venue, or has the name of another one")


def _complain(plug_in: str, why: str) -> None:
    warnings.warn(f"venue plug-in {plug_in} cannot be used: {why}", RuntimeWarning, stacklevel=4)


def names() -> tuple[str, ...]:
    """The names of all venues, sorted."""
    return tuple(every())


@cached(1_024)
def find(name: str) -> Venue | None:
    """The venue of a name or an alias, without regard to case, spaces and punctuation."""
    if name in _own_names():
        return _own(name)
    return _by_name().get(_plain(name))


def parameter_without_secrets(venue: str | None, name: str, text: str) -> str:
    """Mask every secret in the text of a parameter in a request to a venue; ids of orders are told by its name."""
    masked = without_secrets(text)
    found = find(venue) if venue and masked != text else None
    return id_without_secrets(text) if found is not None and name.casefold() in found.id_names else masked


def shown(record: Record) -> tuple[Venue, Sequence[Shown]] | None:
    """The orders that a frame about something else shows, and its venue; None if it shows none."""
    venue = find(record.venue)
    if venue is None:
        return None
    payload = record.payload
    data = payload if isinstance(payload, bytes) else payload.encode(errors="replace")
    orders = venue.shows(venue.as_json(data))
    return (venue, orders) if orders else None


def placed(record: Record) -> Record:
    """The record under the name of its endpoint; what its URL says is among the parameters of its request.

    A record without endpoint, whose request is for something else, stays without.
    """
    told = asked(record)
    venue = find(record.venue)
    found = None if venue is None or told.endpoint is None else routing.placed(venue, told.endpoint)
    if found is None or not found.said:
        return record if found is None and record.endpoint is None else told
    request = told.request or {}
    joined: Request = (
        {**request, **found.said}
        if isinstance(request, OBJECT)
        else [{**row, **found.said} for row in request]
    )
    return replace(told, endpoint=found.endpoint, request=joined)


def asked(record: Record) -> Record:
    """The record under the endpoint that its request is for, where several share a name; under none if it is open.

    The parameters in the query string of its endpoint are among those of the request, secrets masked.
    """
    if record.endpoint is not None and "?" in record.endpoint:
        record = _with_query(record, routing.query_of(record.endpoint))
    venue = find(record.venue)
    if venue is None or not (venue.shared_names or (record.endpoint is None and record.request)):
        return record
    endpoint = routing.asked(venue, record.endpoint, record.request)
    if endpoint not in (None, record.endpoint) and routing.may_cancel(venue, endpoint, record.request):
        endpoint = routing.failure_of_any(venue, record.payload) or endpoint
    return record if endpoint == record.endpoint else replace(record, endpoint=endpoint)


def _with_query(record: Record, query: Mapping[str, str | list[str]]) -> Record:
    """The record with the parameters of a query among those of its request, which come first."""
    hidden = secret_keys(query)
    found = {name: MASK if name in hidden else _shown(record.venue, name, query[name]) for name in query}
    request = record.request or {}
    joined: Request = (
        {**found, **request} if isinstance(request, OBJECT) else [{**found, **row} for row in request]
    )
    return replace(record, request=joined) if found else record


def _shown(venue: str, name: str, value: str | list[str]) -> str | list[str]:
    """A value of a query without secrets."""
    if isinstance(value, list):
        return [parameter_without_secrets(venue, name, each) for each in value]
    return parameter_without_secrets(venue, name, value)


def in_quotes(record: Record) -> Record:
    """The record with a text that is the whole answer in quotes, which a recorder that has read the JSON takes off."""
    venue, payload = find(record.venue), record.payload
    endpoint = venue.endpoints.get(record.endpoint or "") if venue is not None else None
    if (
        endpoint is None
        or not endpoint.answers_text
        or not isinstance(payload, str)
        or _UNQUOTED.fullmatch(payload) is None
        or (record.status is not None and record.status >= 400)  # whose body may be no JSON
    ):
        return record
    return replace(record, payload=encode(payload))


_UNQUOTED: Final = re.compile(r"[\w.:@/+=-]{1,200}", re.ASCII)


def canonical(name: str) -> str:
    """The name of the venue that has a name or an alias; the text itself if there is none."""
    venue = find(name)
    return name if venue is None else venue.name


def _plain(name: str) -> str:
    return re.sub(r"[\s.:/_-]+", "", name).casefold()


@cache
def _by_name() -> Mapping[str, Venue]:
    """Every venue by alias and by name; a name counts more than an alias."""
    venues = sorted(
        every().values(), key=lambda venue: venue.name in _own_names()
    )  # ours come last, and count
    found = {_plain(alias): venue for venue in venues for alias in venue.aliases}
    return MappingProxyType(found | {_plain(name): venue for name, venue in every().items()})


@cache
def hosts() -> Mapping[str, str]:
    """The domains of all venues → the venue; a host is a domain or a subdomain of one."""
    venues = sorted(every().values(), key=lambda venue: venue.name in _own_names())
    return MappingProxyType({host: venue.name for venue in venues for host in venue.hosts})


@cache
def secret_names() -> tuple[str, ...]:
    """The names of headers and parameters that hold a secret, of all venues."""
    return tuple(dict.fromkeys(name for venue in every().values() for name in venue.secrets))


def secrets() -> Secrets:
    """The secrets that all venues declare."""
    texts: dict[str, str] = {}
    logins: list[Login] = []
    for venue in every().values():
        texts |= venue.secret_texts
        keys = venue.socket
        if keys is not None and keys.secret_operations:
            logins.append(Login(keys.operation, tuple(sorted(keys.secret_operations)), keys.parameters))
    return Secrets(secret_names(), texts, tuple(logins))
