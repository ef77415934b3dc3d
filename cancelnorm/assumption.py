"""A record without endpoint: what it may come from, and what all of that says of the cancel."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from itertools import chain
from math import inf
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cancelnorm import recognition
from cancelnorm.agreement import agreed
from cancelnorm.answer import (
    Drift,
    data_of,
    encoded,
    http_failure,
    is_quoted,
    normalise_at,
    payload_error,
    says_what_happened,
    shown,
    with_notes,
)
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.errors import NotACancel
from cancelnorm.lone_row import lone_row
from cancelnorm.reader.exact import Tree
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.tree import keys_in
from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode
from cancelnorm.reader.unions import known_keys, likeness
from cancelnorm.recognition import Answerers, Reading
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Note
from cancelnorm.venue import Venue

__all__ = [
    "assume",
    "assume_answer",
    "assumed_note",
    "candidates",
    "exactly",
    "fitting",
    "pass_over",
    "unlike",
]


def fitting(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints whose shape a payload has; where none has it, those that have it but for fewest additions.

    Where there are none either and an HTTP status says what happened, any endpoint may have answered.
    """
    return _alike(record, venue) or ([] if _settled_by(record) is None else list(venue.endpoints.values()))


def _alike(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints whose shape a payload has; where none has it, those that have it but for fewest additions."""
    return _likest(record, venue)[0]


def _likest(record: Record, venue: Venue) -> tuple[list[Endpoint], float]:
    """The same, and the number of additions; where there are no endpoints, infinity."""
    data = data_of(record)
    if taking := recognition.taking(venue, data):
        return list(taking), 0
    additions: dict[Endpoint, int] = {}
    if possible := _by_node(recognition.possible(venue, data)):
        with suppress(Mismatch):
            tree = Tree(data)
            for node, endpoints in possible.items():
                with suppress(Mismatch):
                    notes = tree.walk(node, refuse=False, quoted=is_quoted(record)).notes
                    additions |= dict.fromkeys(endpoints, _added(notes))
    fewest = min(additions.values(), default=inf)
    return recognition.in_order(venue, (each for each, count in additions.items() if count == fewest)), fewest


def _added(notes: Iterable[Note]) -> int:
    """The number of additions among notes."""
    return sum(note.code != "duplicate-key" for note in notes)


def _by_node(endpoints: Iterable[Endpoint]) -> dict[Node, list[Endpoint]]:
    """Endpoints that answer with the same type, together."""
    found: dict[Node, list[Endpoint]] = {}
    for endpoint in endpoints:
        found.setdefault(endpoint.shape.node, []).append(endpoint)
    return found


@cache
def _all_by_node(venue: Venue) -> Mapping[Node, Sequence[Endpoint]]:
    return MappingProxyType(_by_node(venue.endpoints.values()))


@cache
def _nodes_by_key(venue: Venue) -> Mapping[str | None, frozenset[Node]]:
    """The types of a venue's answers by the keys of an object, or of an array's elements; under None, other types."""
    found: dict[str | None, set[Node]] = {None: set()}
    for node in _all_by_node(venue):
        for key in _keys_of(node):
            found.setdefault(key, set()).add(node)
    return MappingProxyType({key: frozenset(nodes) for key, nodes in found.items()})


def _keys_of(node: Node) -> Iterable[str | None]:
    match node:
        case StructNode():
            return node.keys
        case ListNode():
            return _keys_of(node.item)
        case UnionNode():
            return {key for member in node.members for key in _keys_of(member)}
        case _:
            return (None,)


def _having(venue: Venue, value: Any) -> frozenset[Node]:
    """The types that may know a key, or be told by a word, of a JSON value; certainly no others."""
    nodes = _nodes_by_key(venue)
    first = value[0] if type(value) is list and value else value
    keys = first.keys() & nodes.keys() if type(first) is dict else ()
    return nodes[None].union(*(nodes[key] for key in keys))


def _settled_by(record: Record) -> int | None:
    """The HTTP status that says what happened, whatever the payload is."""
    status = record.status
    return status if status is not None and says_what_happened(status, data_of(record)) else None


def exactly(record: Record, endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Those of some endpoints whose shape a payload has, without additions."""
    found: set[Node] = set()
    with suppress(Mismatch):
        tree = Tree(data_of(record))
        for node in _by_node(endpoints):
            with suppress(Mismatch):
                tree.walk(node, refuse=True, quoted=is_quoted(record))
                found.add(node)
    return [endpoint for endpoint in endpoints if endpoint.shape.node in found]


def candidates(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints of a record without endpoint; PayloadError where there is none.

    Where a status says what happened to a payload that none answers, one for all that say the same of that.
    """
    if alike := _alike(record, venue):
        return alike
    found: dict[Callable[[bytes], str | None] | None, Endpoint] = {}
    for endpoint in _settled(record, venue):
        found.setdefault(endpoint.skip, endpoint)
    return list(found.values())


def _settled(record: Record, venue: Venue) -> list[Endpoint]:
    """All endpoints, if a status says what happened to a payload that none answers; else PayloadError."""
    if _settled_by(record) is None:
        endpoint, fault = _deepest_fault(record, venue)
        raise payload_error(record, endpoint, fault)
    return list(venue.endpoints.values())


def _deepest_fault(record: Record, venue: Venue) -> tuple[Endpoint, Mismatch]:
    """Why no endpoint answers such a payload: what stopped the one that came farthest.

    Only endpoints are asked that answer what the payload says it is, or know more of its keys than those and answer
    nothing else; those first that know most.
    """
    alike = _all_by_node(venue)
    nodes: Iterable[Node] = alike
    try:
        tree = Tree(data_of(record))
    except Mismatch as fault:
        return next(iter(alike.values()))[0], fault.kept()
    with suppress(RecursionError):
        nodes = _likeliest(venue, tree.value)
    faults = []
    deepest = _depth(tree.value)
    for node in nodes:
        try:
            tree.walk(node, refuse=False, quoted=is_quoted(record))
        except Mismatch as fault:
            faults.append((alike[node][0], fault.kept()))
            if _steps(fault) >= deepest:
                break  # the first of those that came farthest counts
    return max(faults, key=lambda found: _steps(found[1]))


def _likeliest(venue: Venue, value: Any) -> Iterable[Node]:
    """The types of a venue's answers that a JSON value is most likely to have, those first that know most keys.

    Nothing tells of the many that know no key of it.
    """
    places, having = _places(venue), _having(venue, value)
    words = {node: likeness(node, value) for node in having}
    keys = {node: known_keys(node, value) for node in having}
    others = [] if len(having) == len(places) else [0]
    most = max([*words.values(), *others])
    known = max([*(keys[node] for node in having if words[node] == most), *(others if most == 0 else [])])
    found = {n for n in having if words[n] == most or (words[n] >= 0 and keys[n] > known)}
    knowing = sorted((node for node in found if keys[node]), key=lambda node: (-keys[node], places[node]))
    rest = (n for n in places if (n in found and not keys[n]) or (most == 0 and n not in having))
    return chain(knowing, rest)


@cache
def _places(venue: Venue) -> Mapping[Node, int]:
    return MappingProxyType({node: place for place, node in enumerate(_all_by_node(venue))})


def _steps(fault: Mismatch) -> int:
    """How far a fault is from the root of a payload."""
    return len(re.findall(r"[.\[]", fault.path))


_FAR: Final = 8


def _depth(value: Any, least: int = 0) -> float:
    """How far a fault in a JSON value may be from its root: no farther than that of a missing key."""
    if type(value) not in (dict, list):
        return least
    if least == _FAR:
        return inf
    parts = value.values() if type(value) is dict else value
    return max((_depth(part, least + 1) for part in parts), default=least + 1)


def pass_over(record: Record, venue: Venue) -> None:
    """Raise NotACancel for a frame that a venue pushes about something else."""
    if venue.skip is not None and (what := venue.skip(data_of(record))):
        raise NotACancel(what, record.source)


def assume(record: Record, venue: Venue, drift: Drift) -> Normalised:
    """Normalise a record without endpoint, unless it is a frame about something else."""
    pass_over(record, venue)
    return assume_answer(record, venue, drift)


def assume_answer(record: Record, venue: Venue, drift: Drift) -> Normalised:
    """Normalise an answer without endpoint, where all that it could come from say the same of the order.

    It leaves open what became of a cancel where they differ in that, and where it may answer something else.
    """
    data = data_of(record)
    readings = recognition.readings(venue, data)
    quiet = _quiet(venue, readings, data)
    if quiet:
        readings = [heard for reading in readings if (heard := reading.without(quiet))]
    try:
        names, results, is_open = _mapped(record, venue, readings, data)
    except (ValueError, RecursionError):
        readings = [reading for reading in readings if reading.is_exact(data)]
        names, results, is_open = _mapped(record, venue, readings, data)
    others = _others(record, venue)
    if results and isinstance(record.payload, str):
        encoded(record.payload, record, venue.endpoints[names[0]])
    if not (results or quiet or others):
        alike, fewest = _likest(record, venue)
        if fewest > 0 and drift == "collect" and (row := lone_row(record, venue)):
            return row
        names, results, quiet, others, is_open = _drifted(record, venue, drift, alike, fewest)
    if not results:
        passed = [*quiet.values(), *(f"the answer to {name}" for name in others)]
        raise NotACancel(passed[0], record.source)
    result = agreed(results, names, record, venue, is_open=is_open or bool(quiet or others))
    names = (*names, *(endpoint.name for endpoint in quiet), *others)
    return with_notes(result, [assumed_note(names)])


def assumed_note(names: Sequence[str]) -> Note:
    """The note on what an answer was taken for that endpoints of these names may have sent."""
    return Note("endpoint-assumed", "$", f"no endpoint given, taken as {names[0]}", list(names))


class _Drifted(NamedTuple):
    """What is said of a payload that only additions, or the HTTP status, let an endpoint answer."""

    names: tuple[str, ...]
    results: list[Normalised]
    quiet: dict[Endpoint, str]
    others: list[str]
    is_open: bool


def _drifted(
    record: Record, venue: Venue, drift: Drift, alike: Sequence[Endpoint], fewest: float
) -> _Drifted:
    """Read a payload as what it is with fewest additions, be that the answer to a cancel or another one.

    ``alike`` are the endpoints that answer it with so many. What became of a cancel is open where as few make it
    another answer, where additions are most of an order, and where it has another word than those by which such answers
    name what they are.
    """
    data = data_of(record)
    others, is_open = _drifted_others(record, venue, fewest, is_alone=not alike)
    if others and not is_open:
        return _Drifted((), [], {}, others, False)
    endpoints = alike or _settled(record, venue)
    asides = {skip: skip(data) for skip in dict.fromkeys(e.skip for e in endpoints) if skip is not None}
    quiet = {e: what for e in endpoints if e.skip is not None and (what := asides[e.skip])}
    asked = [endpoint for endpoint in endpoints if endpoint not in quiet]
    names = tuple(endpoint.name for endpoint in asked)
    status = None if alike else _settled_by(record)
    if status is not None:
        failures = [http_failure(record, endpoint, status) for endpoint in _unlike_failures(asked)]
        return _Drifted(names, failures, quiet, others, is_open)
    results = [normalise_at(record, endpoint, drift) for endpoint in asked]
    if not is_open:
        root = Tree(data).value
        is_open = any(_is_mostly_added(result, root) for result in results)
        is_open = is_open or any(likeness(node, root) < 0 for node in _by_node(asked))
    return _Drifted(names, results, quiet, others, is_open)


_STEP: Final = re.compile(r"\.([^.\[]+)|\[([0-9]+)\]")


def _is_mostly_added(result: Normalised, root: Any) -> bool:
    """Whether an event is of an object with more fields that were added than others, in a payload."""
    added = Counter(note.path.rpartition(".")[0] for note in result.notes if note.code == "unknown-field")
    paths = [event.path for event in result.events if event.path is not None and event.path in added]
    return any(2 * added[path] > len(_at(root, path)) for path in paths)


def _at(value: Any, path: str) -> Any:
    """The object or the array at a path of plain keys."""
    for step in _STEP.finditer(path):
        value = value[step[1] or int(step[2])]
    return value


def _quiet(venue: Venue, readings: Sequence[Reading], data: bytes) -> dict[Endpoint, str]:
    """The endpoints whose own answers may be about something else, each with what this payload is about."""
    asked = _with_own_skip(venue, tuple([reading.answerers for reading in readings]))
    return {endpoint: what for skip, endpoints in asked if (what := skip(data)) for endpoint in endpoints}


@lru_cache(maxsize=1_024)
def _with_own_skip(
    venue: Venue, answerers: tuple[Answerers, ...]
) -> tuple[tuple[Callable[[bytes], str | None], tuple[Endpoint, ...]], ...]:
    alike: dict[Callable[[bytes], str | None], list[Endpoint]] = {}
    for endpoint in recognition.in_order(venue, (e for row in answerers for e in row.endpoints)):
        if endpoint.skip is not None and endpoint.skip is not venue.skip:
            alike.setdefault(endpoint.skip, []).append(endpoint)
    return tuple((skip, tuple(endpoints)) for skip, endpoints in alike.items())


def _others(record: Record, venue: Venue) -> list[str]:
    """The answers that are no cancels and that a payload is, by name; none if its integers may be in quotes."""
    if is_quoted(record):
        return []
    data = data_of(record)
    return [name for name, shape in recognition.others(venue, data, refuse=True) if shape.takes(data)]


def _drifted_others(record: Record, venue: Venue, most: float, *, is_alone: bool) -> tuple[list[str], bool]:
    """Those that a payload may be but for fewest additions, if an endpoint needs as many or more.

    Also whether the payload may be an endpoint's answer too: one needs as many, or additions are most of it. If it
    ``is_alone``, no endpoint answers it, and then the latter is anything.
    """
    data = data_of(record)
    others = recognition.others(venue, data, refuse=False)
    additions = {name: _additions(shape, record) for name, shape in others}
    fewest = min(additions.values(), default=inf)
    if fewest == inf or fewest > most:
        return [], False
    is_mostly_added = 2 * fewest > keys_in(Tree(data).value)
    if is_mostly_added and is_alone:
        return [], False
    found = [name for name, count in additions.items() if count == fewest]
    return found, is_mostly_added or fewest == most


def _additions(shape: Shape, record: Record) -> float:
    """The number of additions with which a shape has a payload; infinity where it does not have it."""
    try:
        _, notes = shape.explain(data_of(record), refuse=False, quoted=is_quoted(record))
    except Mismatch:
        return inf
    return _added(notes)


class _Unlike(NamedTuple):
    """The endpoints that answer a payload: the names of all, and those to ask, each with its reading and its map.

    ``shared`` tell whether other requests are answered alike, each with the reading that it is asked of.
    """

    names: tuple[str, ...]
    asked: tuple[tuple[int, Endpoint, Callable[[Any, Call], Normalised]], ...]
    shared: tuple[tuple[int, Callable[[Any], bool]], ...]


@lru_cache(maxsize=1_024)
def unlike(
    venue: Venue, answerers: tuple[Answerers, ...], classes: tuple[type, ...], *, with_request: bool
) -> _Unlike:
    """Choose one endpoint for those that say the same; without a product where theirs differ.

    ``classes`` are those of the values that were read. What a payload leaves open is taken from the request,
    which endpoints read in different ways.
    """
    rows = {endpoint: i for i, row in enumerate(answerers) for endpoint in row.endpoints}
    alike: dict[tuple[int, Callable[[Any, Call], Normalised], Hashable], list[Endpoint]] = {}
    for endpoint in recognition.in_order(venue, rows):
        i = rows[endpoint]
        reads = (id(endpoint.request), endpoint.product) if with_request else ()
        alike.setdefault((i, endpoint.mapping(classes[i]), reads), []).append(endpoint)
    asked = tuple(
        (i, some[0] if len({e.product for e in some}) == 1 else some[0].of_any_product, mapping)
        for (i, mapping, _), some in alike.items()
    )
    shared = dict.fromkeys((i, tells) for e, i in rows.items() for tells in e.sharing(classes[i]))
    return _Unlike(
        tuple(endpoint.name for endpoint in recognition.in_order(venue, rows)), asked, tuple(shared)
    )


def _mapped(
    record: Record, venue: Venue, readings: Sequence[Reading], data: bytes
) -> tuple[tuple[str, ...], list[Normalised], bool]:
    """What endpoints say of a payload that they read.

    That is the names of all, a result for those that say the same, and whether other requests are answered alike.
    """
    if not readings:
        return (), [], False
    answerers = tuple([reading.answerers for reading in readings])
    classes = tuple([type(reading.value) for reading in readings])
    found = unlike(venue, answerers, classes, with_request=bool(record.request))
    is_whole = False
    results = []
    for i, endpoint, mapping in found.asked:
        call = Call(record, endpoint, [], None, None, data)
        result = mapping(readings[i].value, call)
        is_whole = is_whole or call.is_whole
        results.append(shown(result) if result.notes else result)
    shape = answerers[0].endpoints[0].shape
    if not is_whole and not shape.is_whole(data, readings[0].value):
        notes = shape.duplicates(data)
        results = [with_notes(result, notes) for result in results] if notes else results
    for i, is_shared in found.shared:
        if is_shared(readings[i].value):
            return found.names, results, True
    return found.names, results, False


def _unlike_failures(endpoints: Iterable[Endpoint]) -> Iterable[Endpoint]:
    """One endpoint for those that say the same of a failure: of their answers it needs nothing."""
    found: dict[Hashable, Endpoint] = {}
    for endpoint in endpoints:
        found.setdefault((endpoint.product, id(endpoint.request)), endpoint)
    return found.values()
