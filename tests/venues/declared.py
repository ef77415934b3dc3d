"""What each venue declares: its endpoints and their parameters, its statuses of HTTP, its tables and verdicts.

One text of each kind a venue, in ``tests/venues/declared``. ``python -m tests.reviewed`` writes them; read
the difference before it is committed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import (
    CancelEvent,
    CancelNormError,
    NotACancel,
    PayloadError,
    Record,
    identify,
    normalise,
    parse,
    venues,
)
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.types import members_of
from cancelnorm.request import RequestKeys
from tests.samples import SAMPLES
from tests.venues.additions import additions
from tests.venues.columns import columns
from tests.venues.fields import example
from tests.venues.frames import frames
from tests.venues.lone_rows import lone_rows
from tests.venues.masked import masked
from tests.venues.nameless import nameless
from tests.venues.verdicts import verdicts

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("declared")

# --- The venue ---


def venue_itself(venue: str) -> Iterator[str]:
    """What the declaration says of the venue: its names, its hosts, its secrets, how its sockets are read."""
    found = venues.every()[venue]
    for name in _OF_VENUE:
        yield name
        yield from (f"  {row}" for row in _listed(getattr(found, name)))
    for name in _OF_SOME:
        if rows := getattr(found, name):
            yield name
            yield from (f"  {row}" for row in _listed(rows))


_OF_VENUE: Final = (
    "docs",
    "hosts",
    "aliases",
    "secrets",
    "secret_texts",
    "socket",
    "not_cancels",
    "error_texts",
    "examples",
)
_OF_SOME: Final = ("shared_names", "usual")


def _listed(value: Any) -> Iterator[str]:
    """The parts of a value, one a line."""
    if isinstance(value, msgspec.Struct):
        yield from (f"{name}: {_ordered(getattr(value, name))}" for name in value.__struct_fields__)
    elif isinstance(value, Mapping):
        yield from (f"{key}: {_ordered(part)}" for key, part in value.items())
    elif isinstance(value, tuple):
        yield from map(repr, value)
    else:
        yield str(value)


def _ordered(value: Any) -> Any:
    """A set in order, as it is not the same in two processes."""
    return sorted(value) if isinstance(value, frozenset) else value


# --- Endpoints and requests ---

_OF_REQUEST: Final = (
    "kind",
    "scope",
    "product",
    "symbol",
    "order_id",
    "client_order_id",
    "cancel_client_order_id",
    "list_id",
    "list_client_id",
    "from_request",
)


def _failed(endpoint: Endpoint, request: Any) -> CancelEvent:
    """The event of a request that a proxy answered."""
    record = Record(b"<html>", endpoint.venue, endpoint.name, 502, request)
    [event] = normalise(record).events
    return event


def _asked(event: CancelEvent) -> str:
    """What an event took from the request."""
    said = ((name, getattr(event, name)) for name in _OF_REQUEST)
    return ", ".join(
        f"{name} {'+'.join(value) if isinstance(value, tuple) else value}"
        for name, value in said
        if value is not None
    )


def endpoints(venue: str) -> Iterator[str]:
    """Each endpoint, and what is told of it."""
    for endpoint in venues.every()[venue].endpoints.values():
        yield endpoint.name
        yield f"  {endpoint.product}, ids of {endpoint.ids.name}{' by symbol' * endpoint.ids.by_symbol}"
        yield f"  {endpoint.docs}"
        flags = {
            f"since {endpoint.since}": endpoint.since,
            "a query": endpoint.is_query,
            "with frames about other things": endpoint.skip,
        }
        yield from (f"  {flag}" for flag, is_set in flags.items() if is_set)
        yield from _shared(endpoint)


def _shared(endpoint: Endpoint) -> Iterator[str]:
    """The classes of answers that other requests than cancels have too, and of those that they may have."""
    found: dict[str, set[bool]] = {}
    for body in [*_answers(endpoint), *map(msgspec.json.encode, _errors(endpoint))]:
        with suppress(PayloadError, NotACancel):
            raw = parse(Record(body, endpoint.venue, endpoint.name))
            is_shared = any(tells(raw) for tells in endpoint.sharing(type(raw)))
            found.setdefault(type(raw).__name__, set()).add(is_shared)
    for title, said in {"always": {True}, "sometimes": {True, False}}.items():
        if names := [name for name, answers in found.items() if answers == said]:
            yield f"  {title} of others too: {', '.join(names)}"


def _answers(endpoint: Endpoint) -> Iterator[bytes | str]:
    """The samples of an endpoint, and answers that are made of its types."""
    for sample in SAMPLES.values():
        if (sample.venue, sample.endpoint) == (endpoint.venue, endpoint.name) and not sample.dialect:
            yield sample.record().payload
    for member in members_of(endpoint.shape.kind):
        yield msgspec.json.encode(example(member, whole=True))


def requests(venue: str) -> Iterator[str]:
    """What the event of a failed request tells of each parameter, once for each set of names."""
    groups: dict[str, list[str]] = {}
    for endpoint in venues.every()[venue].endpoints.values():
        told = "\n".join(f"  {line}" for line in _parameters(endpoint))
        groups.setdefault(told, []).append(endpoint.name)
    for told, names in groups.items():
        yield from names
        yield told or "  nothing"


def _parameters(endpoint: Endpoint) -> Iterator[str]:
    yield f"no parameter: {_asked(_failed(endpoint, {}))}"
    keys = endpoint.request
    for field in RequestKeys.__struct_fields__:
        if field in ("products", "product_of", "cancels", "client_prefix", "order_pattern", "array"):
            continue
        for name in getattr(keys, field):
            for value in _arguments(keys, field):
                event = _failed(endpoint, {name: value, **_beside(keys, field)})
                yield f"{name}={msgspec.json.encode(value).decode()}: {_asked(event)}"


_NAMED: Final = (
    *("0", "10000", "100000"),
    *("BTC-USDT-SWAP", "BTC-USD-SWAP", "BTC-USD-261225-90000-C"),
    *("BTC_USDT", "BTC_USD", "PI_XBTUSD", "pf_xbtusd"),
)
"""Names of which some venues tell the product."""


def _arguments(keys: RequestKeys, field: str) -> list[Any]:
    """Values of a parameter that a name in a field of the names has."""
    if field == "product":
        named = [name for name in _NAMED if keys.product_of is not None and keys.product_of(name)]
        return [*keys.products, *named, "none"]
    if field == "form":
        return [{name: "71"} for name in (*keys.order_id, *keys.client_order_id)]
    if field in ("rows", "wrapper"):
        return [[{name: "71"}] for name in (*keys.order_id, *keys.client_order_id)]
    if field == "envelope":
        return [{name: "71"} for name in (*keys.order_id, *keys.client_order_id)]
    if field == "order_id" and keys.client_prefix:
        return ["71", 72, f"{keys.client_prefix}71"]
    return [["71"], "71"] if field in ("order_ids", "client_order_ids") else ["71", 72]


def _beside(keys: RequestKeys, field: str) -> dict[str, str]:
    """A parameter beside a product, which names an order."""
    return {keys.order_id[0]: "71"} if field == "product" and keys.order_id else {}


# --- Without endpoint ---


def unnamed(venue: str) -> Iterator[str]:
    """What each sample says where it is not known which endpoint answered, and which may have."""
    first: dict[str, str] = {}
    for name, sample in SAMPLES.items():
        if sample.venue == venue:
            yield name
            names = identify(sample.record().payload, venue=venue, status=sample.status)
            listed = ", ".join(endpoint for _, endpoint in names)
            same = first.setdefault(listed, name)
            yield f"  may be of {listed if same == name else f'the same as {same}'}"
            yield from (f"  {line}" for line in _without_endpoint(replace(sample.record(), endpoint=None)))


def _without_endpoint(record: Record) -> Iterator[str]:
    try:
        result = normalise(record)
    except CancelNormError as error:
        yield f"{type(error).__name__}: {error}"[:100]
        return
    for event in result.events:
        facts = (event.kind, event.outcome, event.evidence, event.product, event.quantity_unit, event.scope)
        yield f"{event.endpoint}: {' '.join(map(str, facts))}"
    assumed = [note for note in result.notes if note.code == "endpoint-assumed"]
    yield from (f"{note.message}, of {len(note.value)}" for note in assumed)


# --- Statuses ---

_PAGES: Final = (b"", b"<html>Too many requests", b"<html>not in your country", b'{"x":1}')


def statuses(venue: str) -> Iterator[str]:
    """What a page, no body, and each kind of error say under each status of HTTP."""
    kinds: dict[str, Endpoint] = {}
    for endpoint in venues.every()[venue].endpoints.values():
        for body in [*_PAGES, *map(msgspec.json.encode, _errors(endpoint))]:
            kinds.setdefault(f"{body.decode():.100} at {endpoint.product}", endpoint)
    for title, endpoint in kinds.items():
        body = title.rpartition(" at ")[0].encode()
        yield title
        said = {status: _said(endpoint, body, status) for status in range(100, 600)}
        for told, numbers in groupby(said, said.__getitem__):
            listed = list(numbers)
            yield f"  {listed[0]}–{listed[-1]}: {told}"


def _errors(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """An error of an endpoint, made of its type."""
    if endpoint._errors is not None:
        for member in members_of(endpoint._errors.kind):
            yield example(member)


def _said(endpoint: Endpoint, body: bytes, status: int) -> str:
    try:
        [event] = normalise(Record(body, endpoint.venue, endpoint.name, status)).events
    except PayloadError as error:
        return f"refused, expected {error.expected}"
    return f"{event.outcome} {event.evidence} {event.reason}"


# --- Tables ---


def tables(venue: str) -> Iterator[str]:
    """Every table and every set of words in the modules of a venue."""
    package = venues.every()[venue].package
    seen: set[int] = set()
    for info in iter_modules(import_module(package).__path__):
        module = import_module(f"{package}.{info.name}")
        for name, value in vars(module).items():
            if id(value) not in seen and not name.startswith("__") and (rows := list(_rows(value))):
                seen.add(id(value))
                yield f"{info.name}.{name}"
                yield from (f"  {row}" for row in rows)


def _rows(table: object) -> Iterator[str]:
    """The rows of a table of verdicts or of our words, or the words of a set."""
    if isinstance(table, frozenset):
        yield from sorted(map(repr, table))
    elif isinstance(table, Mapping):
        for key, value in table.items():
            if isinstance(value, tuple) and not isinstance(value, Verdict):
                yield from (f"{key!r} {part[0]!r}: {_short(part[1])}" for part in value if len(part) == 2)
            elif isinstance(value, Verdict | Enum | str):
                yield f"{key!r}: {_short(value)}"


def _short(value: object) -> str:
    if isinstance(value, Verdict):
        return ", ".join(str(part) for part in value if part is not None)
    return str(value)


TEXTS: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "venue": venue_itself,
    "endpoints": endpoints,
    "requests": requests,
    "unnamed": unnamed,
    "statuses": statuses,
    "tables": tables,
    "verdicts": verdicts,
    "columns": columns,
    "nameless": nameless,
    "lone_rows": lone_rows,
    "masked": masked,
    "additions": additions,
    "frames": frames,
}
"""What is told of a venue, by the name of the text."""


def main(wanted: Collection[str]) -> None:
    """Write the texts of some venues, or of all."""
    for venue in wanted or venues.names():
        for name, lines in TEXTS.items():
            path = FOLDER / venue / f"{name}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines(venue)), encoding="utf-8")
