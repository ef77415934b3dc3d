"""What a payload without endpoint is likest: the endpoints that need fewest additions, or what is wrong with it."""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import suppress
from math import inf
from typing import Any, Final, NamedTuple

from cancelnorm import answering
from cancelnorm.answer import data_of, is_quoted, payload_error, says_what_happened
from cancelnorm.answering import Answerers
from cancelnorm.endpoint import Endpoint
from cancelnorm.likely_types import answered_types, likeliest
from cancelnorm.reader.exact import Tree, Walked
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.tree import NESTED, keys_in
from cancelnorm.reader.types import Node
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
    for answerers, least in answering.near(venue, payload.data):
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
    for names, shape, least in answering.other_near(venue, payload.data):
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
    if taking := answering.taking(venue, payload.data):
        return list(taking)
    found = likest(payload, venue).readings
    return answering.in_order(venue, (each for read in found for each in read.answerers.endpoints))


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


def _deepest_fault(payload: Payload, venue: Venue) -> tuple[Endpoint, Mismatch]:
    """Why no endpoint answers a payload: what stopped the one that came farthest.

    Only endpoints are asked that answer what the payload says it is, or know more of its keys than those and answer
    nothing else; those first that know most.
    """
    alike = answered_types(venue)
    nodes: Iterable[Node] = alike
    try:
        value = payload.tree.value
    except Mismatch as fault:
        return next(iter(alike.values())), fault.kept()
    with suppress(RecursionError):
        nodes = likeliest(venue, value)
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


def _steps(fault: Mismatch) -> int:
    """How far a fault is from the root of a payload; a dot or a bracket in a key is no step."""
    return len(_STEP.findall(fault.path))


_STEP: Final = re.compile(r'\["(?:[^"\\]|\\.)*"\]|[.\[]')


_FAR: Final = 8


def _depth(value: Any, least: int = 0) -> float:
    """How far a fault in a JSON value may be from its root: no farther than that of a missing key."""
    if type(value) not in NESTED:
        return least
    if least == _FAR:
        return inf
    parts = value.values() if type(value) is dict else value
    return max((_depth(part, least + 1) for part in parts), default=least + 1)
