"""What a payload without endpoint is likest: the endpoints that need fewest additions, or what is wrong with it."""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain
from math import inf
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cancelnorm import recognition
from cancelnorm.answer import data_of, is_quoted, payload_error, says_what_happened
from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.reader.exact import Tree, Walked
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.tree import NESTED, keys_in
from cancelnorm.reader.types import ListNode, Node, StructNode, UnionNode, WordNode
from cancelnorm.reader.unions import known_keys, likeness
from cancelnorm.recognition import Answerers
from cancelnorm.record import Record
from cancelnorm.schema import Note
from cancelnorm.venue import Venue

__all__ = [
    "Likest",
    "Others",
    "Payload",
    "Read",
    "candidates",
    "exactly",
    "fitting",
    "likest",
    "other_answers",
    "settled",
    "settled_by",
]


class Payload:
    """The payload of a record, which is held against many types: taken apart once, and walked once for each."""

    def __init__(self, record: Record) -> None:
        self.data = data_of(record)
        self._quoted = is_quoted(record)
        self._tree: Tree | None = None
        self._walked: dict[Node, Walked | Mismatch] = {}

    @property
    def tree(self) -> Tree:
        """The payload, taken apart; Mismatch where it is no JSON."""
        if self._tree is None:
            self._tree = Tree(self.data)
        return self._tree

    def walk(self, node: Node) -> Walked:
        """Read the payload as a type, with additions; Mismatch where it does not have it."""
        found = self._walked.get(node)
        if found is None:
            try:
                found = self.tree.walk(node, refuse=False, quoted=self._quoted)
            except Mismatch as fault:
                found = fault.kept()
            self._walked[node] = found
        if isinstance(found, Mismatch):
            raise found.kept()
        return found

    def read(self, shape: Shape, *, most: float) -> tuple[Any, Sequence[Note]] | None:
        """Read the payload as ``walk`` does, or as what was learned of its additions; None if they are too many."""
        found = None if self._quoted else shape.as_learned(self.data)
        if found is not None:
            return found if _added(found[1]) <= most else None
        with suppress(Mismatch):
            value, notes, drift = self.walk(shape.node)
            if _added(notes) <= most:
                shape.learn(drift)
                return value, notes
        return None


def _added(notes: Iterable[Note]) -> int:
    """The number of additions among notes."""
    return sum(note.code != "duplicate-key" for note in notes)


# --- With fewest additions ---


class Read(NamedTuple):
    """A payload as endpoints read it: its value, and what was added to their type."""

    answerers: Answerers
    value: Any
    notes: Sequence[Note]

    def without(self, quiet: Container[Endpoint]) -> "Read | None":
        """The same, without some of the endpoints; None where none is left."""
        heard = self.answerers.without(quiet)
        return self._replace(answerers=heard) if heard else None


class Likest(NamedTuple):
    """The readings of a payload that need fewest additions, and how many these are; infinity where there is none."""

    readings: Sequence[Read]
    additions: float


def likest(payload: Payload, venue: Venue) -> Likest:
    """Read a payload as the endpoints do that may have sent it but for fewest additions."""
    found: list[Read] = []
    fewest: float = inf
    for answerers, least in recognition.near(venue, payload.data):
        if least > fewest:
            break
        read = payload.read(answerers.endpoints[0].shape, most=fewest)
        if read is not None:
            if _added(read[1]) < fewest:
                fewest = _added(read[1])
                found.clear()
            found.append(Read(answerers, *read))
    return Likest(found, fewest)


class Others(NamedTuple):
    """The answers that are no cancels and that a payload may be, by name; and whether it may be one to a cancel too."""

    names: list[str]
    is_open: bool


def other_answers(payload: Payload, venue: Venue, most: float) -> Others:
    """Those that a payload may be but for fewest additions, if the answers to cancels need as many or more.

    It may be one to a cancel too where these need as many, or where additions are most of it. If there is none
    (``most`` is infinity), the latter is anything.
    """
    found: list[str] = []
    fewest = most
    for names, shape, least in recognition.other_near(venue, payload.data):
        if least > fewest:
            break
        read = payload.read(shape, most=fewest)
        if read is not None:
            if _added(read[1]) < fewest:
                fewest = _added(read[1])
                found.clear()
            found += names
    if not found:
        return Others([], is_open=False)
    is_mostly_added = 2 * fewest > keys_in(payload.tree.value)
    if is_mostly_added and most == inf:
        return Others([], is_open=False)
    return Others([name for name in venue.others if name in found], is_mostly_added or fewest == most)


def fitting(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints whose shape a payload has; where none has it, those that have it but for fewest additions.

    Where there are none either and an HTTP status says what happened, any endpoint may have answered.
    """
    return _alike(record, venue) or ([] if settled_by(record) is None else list(venue.endpoints.values()))


def _alike(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints whose shape a payload has; where none has it, those that have it but for fewest additions."""
    payload = Payload(record)
    if taking := recognition.taking(venue, payload.data):
        return list(taking)
    found = likest(payload, venue).readings
    return recognition.in_order(venue, (each for read in found for each in read.answerers.endpoints))


def exactly(record: Record, endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Those of some endpoints whose shape a payload has, without additions."""
    payload = Payload(record)
    found: dict[Node, bool] = {}
    for node in dict.fromkeys(endpoint.shape.node for endpoint in endpoints):
        with suppress(Mismatch):
            found[node] = not _added(payload.walk(node).notes)
    return [endpoint for endpoint in endpoints if found.get(endpoint.shape.node)]


def candidates(record: Record, venue: Venue) -> list[Endpoint]:
    """The endpoints of a record without endpoint; PayloadError where there is none.

    Where a status says what happened to a payload that none answers, one for all that say the same of that.
    """
    if alike := _alike(record, venue):
        return alike
    found: dict[Callable[[bytes], str | None] | None, Endpoint] = {}
    for endpoint in settled(record, Payload(record), venue):
        found.setdefault(endpoint.skip, endpoint)
    return list(found.values())


def settled_by(record: Record) -> int | None:
    """The HTTP status that says what happened, whatever the payload is."""
    status = record.status
    return status if status is not None and says_what_happened(status, data_of(record)) else None


def settled(record: Record, payload: Payload, venue: Venue) -> list[Endpoint]:
    """All endpoints, if a status says what happened to a payload that none answers; else PayloadError."""
    if settled_by(record) is None:
        endpoint, fault = _deepest_fault(payload, venue)
        raise payload_error(record, endpoint, fault)
    return list(venue.endpoints.values())


# --- What is wrong ---


@cache
def _by_node(venue: Venue) -> Mapping[Node, Endpoint]:
    """The types of a venue's answers, each with the first endpoint that answers with it."""
    found: dict[Node, Endpoint] = {}
    for endpoint in venue.endpoints.values():
        found.setdefault(endpoint.shape.node, endpoint)
    return MappingProxyType(found)


def _deepest_fault(payload: Payload, venue: Venue) -> tuple[Endpoint, Mismatch]:
    """Why no endpoint answers a payload: what stopped the one that came farthest.

    Only endpoints are asked that answer what the payload says it is, or know more of its keys than those and answer
    nothing else; those first that know most.
    """
    alike = _by_node(venue)
    nodes: Iterable[Node] = alike
    try:
        value = payload.tree.value
    except Mismatch as fault:
        return next(iter(alike.values())), fault.kept()
    with suppress(RecursionError):
        nodes = _likeliest(venue, value)
    faults = []
    deepest = _depth(value)
    for node in nodes:
        try:
            payload.walk(node)
        except Mismatch as fault:
            faults.append((alike[node], fault.kept()))
            if _steps(fault) >= deepest:
                break  # the first of those that came farthest counts
    return max(faults, key=lambda found: _steps(found[1]))


def _likeliest(venue: Venue, value: Any) -> Iterable[Node]:
    """The types of a venue's answers that a JSON value is most likely to have, those first that know most keys.

    Nothing tells of the many that know no key of it.
    """
    if type(value) is not dict or any(type(part) in NESTED for part in value.values()):
        return _ordered(venue, value)
    words = _words(venue)
    told = {key: _told(value[key], words[key]) for key in value.keys() & words.keys()}
    return _of_flat(venue, tuple(value), tuple(sorted(told.items())))


def _told(part: Any, words: frozenset[str]) -> str:
    """A value as far as it tells types apart: a word, the empty text for any other text, a space for what is none."""
    if type(part) is not str:
        return " "
    return part if part in words else ""


@cached(1_024)
def _of_flat(venue: Venue, keys: tuple[str, ...], told: tuple[tuple[str, str], ...]) -> Sequence[Node]:
    """The same of an object of scalars, of which nothing counts but its keys and the words under some of them."""
    value = dict.fromkeys(keys) | {key: None if word == " " else word for key, word in told}
    return tuple(_ordered(venue, value))


def _ordered(venue: Venue, value: Any) -> Iterable[Node]:
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
    return MappingProxyType({node: place for place, node in enumerate(_by_node(venue))})


@cache
def _nodes_by_key(venue: Venue) -> Mapping[str | None, frozenset[Node]]:
    """The types of a venue's answers by the keys of an object, or of an array's elements; under None, other types."""
    found: dict[str | None, set[Node]] = {None: set()}
    for node in _by_node(venue):
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


@cache
def _words(venue: Venue) -> Mapping[str, frozenset[str]]:
    """The words by which objects that a venue answers are named, by the keys under which they stand."""
    found: dict[str, set[str]] = {}
    for node in _by_node(venue):
        for member in _members(node):
            for field in member.fields if isinstance(member, StructNode) else ():
                words = [
                    word
                    for each in _members(field.node)
                    if isinstance(each, WordNode)
                    for word in each.words
                    if isinstance(word, str)
                ]
                if words:
                    found.setdefault(field.key, set()).update(words)
    return MappingProxyType({key: frozenset(words) for key, words in found.items()})


def _members(node: Node) -> Sequence[Node]:
    return node.members if isinstance(node, UnionNode) else (node,)


def _steps(fault: Mismatch) -> int:
    """How far a fault is from the root of a payload."""
    return len(re.findall(r"[.\[]", fault.path))


_FAR: Final = 8


def _depth(value: Any, least: int = 0) -> float:
    """How far a fault in a JSON value may be from its root: no farther than that of a missing key."""
    if type(value) not in NESTED:
        return least
    if least == _FAR:
        return inf
    parts = value.values() if type(value) is dict else value
    return max((_depth(part, least + 1) for part in parts), default=least + 1)
