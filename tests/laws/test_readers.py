"""The laws of the reader: fast and exact agree, and what was read before changes nothing."""

import re
from collections.abc import Sequence
from copy import copy
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import (
    AmbiguousPayloadError,
    CancelNormError,
    Normalised,
    NotACancel,
    PayloadError,
    Record,
    answering,
    likely_types,
    normalise,
    parse,
    venues,
)
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.likely_types import has_other_words, likeliest
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.tree import tree_of
from cancelnorm.reader.types import Kind, fields_of, is_struct, literals
from cancelnorm.reader.unions import likeness
from cancelnorm.schema import Evidence, Note, Outcome
from cancelnorm.testing.faults import nearly
from tests.strategies import (
    VENUES,
    Place,
    answers,
    changed,
    endpoints,
    json_values,
    passed_over,
    payloads,
    places,
    relevant,
    requests,
    rewritten,
)

every_venue = pytest.mark.parametrize("venue", VENUES)

numbers = st.sampled_from([msgspec.Raw(text) for text in (b"0.0", b"1.5", b"1e3", b"-0", b"1E400", b"0.10")])
other_values = st.one_of(json_values, numbers)


@cache
@st.composite
def forms(draw: st.DrawFn, endpoint: Endpoint) -> bytes:
    """Payloads of an endpoint, right and nearly right, in any form."""
    kind = draw(st.sampled_from(["any", "right", "bent", "twice", "borrowed"]))
    if kind == "any":
        return draw(nearly(endpoint))
    tree = draw(payloads(endpoint))
    if kind == "right":
        return draw(rewritten(tree))
    found = list(places(tree, endpoint.shape.kind))
    if kind == "bent":
        place = draw(st.sampled_from(found))
        return msgspec.json.encode(changed(tree, place.steps, draw(other_values)))
    if kind == "twice":
        objects = [p for p in found if isinstance(p.value, dict) and p.value]
        assume(objects)
        place = draw(st.sampled_from(objects))
        key = draw(st.sampled_from(list(place.value)))
        again = msgspec.json.encode({key: draw(st.one_of(st.just(place.value[key]), json_values))})
        text = msgspec.json.encode(place.value)
        return msgspec.json.encode(changed(tree, place.steps, msgspec.Raw(text[:-1] + b"," + again[1:])))
    # A key of another shape that stands beside the one that is there.
    pairs = [
        (p, f.key)
        for p in found
        for m in p.members
        if is_struct(m) and is_struct(p.kind)
        for f in fields_of(m)
    ]
    assume(pairs)
    place, key = draw(st.sampled_from(pairs))
    return msgspec.json.encode(changed(tree, place.steps, place.value | {key: draw(other_values)}))


@every_venue
@given(st.data())
def test_fast_and_exact_agree(venue: str, data: st.DataObject) -> None:
    """Law 11: the fast reader takes what the exact one reads without an addition, and gives the same."""
    endpoint = data.draw(endpoints(venue))
    payload = data.draw(forms(endpoint))
    try:
        fast: Any = endpoint.shape.strict(payload)
    except (ValueError, RecursionError):
        fast = None
    try:
        exact, notes = endpoint.shape.explain(payload, refuse=False)
    except Mismatch:
        exact, notes = None, []
    if any(note.code != "duplicate-key" for note in notes):
        exact = None
    assert fast == exact or _written(fast) == _written(exact)


def _written(value: Any) -> bytes:
    """A value as JSON, in which the integer -0 is 0, as it is for the exact reader."""
    return re.sub(rb"-0(?![\w.])", b"0", msgspec.json.encode(value))


@every_venue
@given(st.data())
def test_endpoints_are_found_by_keys(venue: str, data: st.DataObject) -> None:
    """The endpoints that may answer a payload are found by its keys as by asking every one."""
    known = venues.every()[venue]
    payload = data.draw(forms(data.draw(endpoints(venue))))
    every = known.endpoints.values()
    one_per_type = {e.shape.node: e for e in every}
    takes = {node for node, e in one_per_type.items() if e.shape.takes(payload)}
    reads = {node for node, e in one_per_type.items() if _reads(e, payload)}
    assert list(answering.taking(known, payload)) == [e for e in every if e.shape.node in takes]
    assert {e for e in every if e.shape.node in reads} <= set(answering.possible(known, payload))


@every_venue
@given(st.data())
def test_types_that_stand_together_read_alike(venue: str, data: st.DataObject) -> None:
    """Types of which keys tell that they read a payload alike do so, with no fewer additions than told.

    So does what was learned of the additions.
    """
    known = venues.every()[venue]
    payload = data.draw(forms(data.draw(endpoints(venue))))
    for answerers, least in answering.near(known, payload):
        shapes = {endpoint.shape.node: endpoint.shape for endpoint in answerers.endpoints}
        first, *others = [_collected(shape, payload) for shape in shapes.values()]
        assert all(other == first for other in others)
        if not isinstance(first, str):
            assert sum(note.code != "duplicate-key" for note in first[1]) >= least
        for shape in shapes.values():
            if (learned := shape.as_learned(payload)) is not None:
                assert (_written(learned[0]), learned[1]) == first


@every_venue
@given(st.data())
def test_what_a_payload_is_meant_to_be_depends_on_its_keys_and_words(venue: str, data: st.DataObject) -> None:
    """Of objects of scalars what was found for others with the same keys and words is what would be found anew."""
    known = venues.every()[venue]
    value = tree_of(msgspec.json.encode(data.draw(payloads(data.draw(endpoints(venue))))))
    members = value if type(value) is dict else {}
    flat = {key: part for key, part in members.items() if not isinstance(part, dict | list)}
    every = [*known.endpoints.values()]
    for part in (value, flat, {key: data.draw(json_values) for key in flat}):
        assert [*likeliest(known, part)] == [*likely_types._ordered(known, part)]
        for endpoint in every[:: 1 + len(every) // 10]:
            assert has_other_words(known, part, [endpoint]) == (likeness(endpoint.shape.node, part) < 0)


def _collected(shape: Shape, payload: bytes) -> tuple[bytes, list[Note]] | str:
    """What a type reads of a payload with additions, which are learned; or what is wrong."""
    try:
        value, notes = shape.collect(payload)
    except Mismatch as fault:
        return str(fault)
    return _written(value), notes


@every_venue
@given(st.data())
def test_the_fault_in_an_array_is_the_farthest_in(venue: str, data: st.DataObject) -> None:
    """Without endpoint, an array that none answers has the fault of an endpoint that reads farthest.

    So do the answers of one that is no array when they stand in an array.
    """
    known = venues.every()[venue]
    tree = [data.draw(payloads(data.draw(endpoints(venue))))]
    payload = msgspec.json.encode(tree)
    assume(known.skip is None or not known.skip(payload))
    faults = []
    for endpoint in known.endpoints.values():
        try:
            endpoint.shape.explain(payload, refuse=False)
        except Mismatch as fault:
            faults.append(fault.path)
    assume(len(faults) == len(known.endpoints))
    with pytest.raises(PayloadError) as caught:
        parse(Record(payload, venue))
    assert caught.value.path in faults
    assert _steps(caught.value.path) == max(map(_steps, faults))


def _steps(path: str) -> int:
    return path.count(".") + path.count("[")


def _reads(endpoint: Endpoint, payload: bytes) -> bool:
    try:
        endpoint.shape.explain(payload, refuse=False)
    except Mismatch:
        return False
    return True


@every_venue
@given(st.data())
def test_without_endpoint_all_that_answer_are_heard(venue: str, data: st.DataObject) -> None:
    """What a payload says without endpoint is what every endpoint that answers it exactly says of it.

    Where they differ in what became of a cancel, or something that is no cancel may be answered so, that is open.
    What they agree in rests on the least evidence that one of them has.
    """
    answer = data.draw(answers(venue))
    asked = data.draw(st.one_of(st.none(), requests(answer.endpoint)))
    record = replace(answer.record(request=asked), endpoint=None)
    payload = record.payload if isinstance(record.payload, bytes) else record.payload.encode()
    known = venues.every()[venue]
    assume(known.skip is None or not known.skip(payload))
    taking = answering.taking(known, payload)
    assume(taking)
    heard = {e: value for e, value in taking.items() if e.skip is None or not e.skip(payload)}
    quiet = [endpoint.name for endpoint in taking if endpoint not in heard]
    quiet += [name for name, shape in known.others.items() if shape.takes(payload)]
    if not heard:
        with pytest.raises(NotACancel):
            normalise(record)
        return
    every = [endpoint.normalise(value, Call(record, endpoint, [])) for endpoint, value in heard.items()]
    apart = {name: {tuple(getattr(e, name) for e in one.events) for one in every} for name in OF_ENDPOINT}
    unsaid: dict[str, Any] = {name: None for name, values in apart.items() if len(values) > 1}
    neutral = {"endpoint": "", **dict.fromkeys(OF_ENDPOINT), **OPEN}
    told = [[replace(event, **neutral) for event in one.events] for one in every]
    if any(events != told[0] for events in told):
        with pytest.raises(AmbiguousPayloadError) as caught:
            normalise(record)
        assert list(caught.value.candidates) == [(venue, endpoint.name) for endpoint in heard]
        return
    result = normalise(record)
    if quiet or len({tuple(event.outcome for event in one.events) for one in every}) > 1:
        unsaid |= OPEN
    rows = zip(*(one.events for one in every), strict=True)
    least = [replace(row[0], evidence=min(event.evidence for event in row)) for row in rows]
    assert list(result.events) == [replace(event, **unsaid) for event in least]
    [assumed, *notes] = result.notes
    assert assumed.code == "endpoint-assumed"
    assert assumed.value[: len(heard)] == [endpoint.name for endpoint in heard]
    assert sorted(assumed.value[len(heard) :]) == sorted(quiet)
    assert [note.code for note in notes] == [note.code for note in every[0].notes]
    assert replace(result, events=(), notes=()) == replace(every[0], events=(), notes=())


OF_ENDPOINT = ("product", "quantity_unit", "scope")
OPEN = {"outcome": Outcome.UNKNOWN, "evidence": Evidence.NONE}


@st.composite
def drifting(draw: st.DrawFn, endpoint: Endpoint, keys: Sequence[str]) -> bytes:
    """A payload with fields and words that the venue may have added, a few of which come again and again."""
    tree = draw(relevant(endpoint))
    for _ in range(draw(st.integers(0, 3))):
        found = list(places(tree, endpoint.shape.kind))
        place = draw(st.sampled_from(found))
        if isinstance(place.value, dict):
            key, value = draw(st.sampled_from(keys)), draw(other_values)
            if key in place.value:
                continue
            tree = _with(tree, place, place.value | {key: value}, endpoint)
        elif isinstance(place.value, str) and literals(place.kind):
            tree = _with(tree, place, draw(st.sampled_from(["BRAND_NEW", "NEWER"])), endpoint)
    return msgspec.json.encode(tree)


def _with(tree: Any, place: Place, value: Any, endpoint: Endpoint) -> Any:
    """A payload with another value at a place, where that leaves it readable."""
    other = changed(tree, place.steps, value)
    try:
        endpoint.shape.explain(msgspec.json.encode(other), refuse=False)
    except Mismatch:
        return tree
    return tree if passed_over(endpoint, other) else other


def _told(record: Record) -> Normalised | tuple[type[Exception], str]:
    try:
        return normalise(record)
    except CancelNormError as error:
        return type(error), str(error)


@every_venue
@given(st.data())
def test_what_was_read_before_changes_nothing(venue: str, data: st.DataObject) -> None:
    """Law 14: payloads of one endpoint give the same in any order, and what each gives a fresh reader."""
    endpoint = data.draw(endpoints(venue))
    others = {f.key for p in places(data.draw(payloads(endpoint)), endpoint.shape.kind) for f in _fields(p)}
    keys = ["newField", "apiKey", "note", *sorted(others)[:20]]
    drawn = data.draw(st.lists(drifting(endpoint, keys), min_size=1, max_size=5))
    records = [Record(payload, venue, endpoint.name) for payload in drawn]
    alone = []
    for record in records:
        endpoint.__dict__["shape"] = copy(_unused(endpoint.shape.kind))
        alone.append(_told(record))
    order = data.draw(st.permutations(range(2 * len(records))))
    endpoint.__dict__["shape"] = Shape(endpoint.shape.kind)
    told = {i: _told(records[i % len(records)]) for i in order}
    assert [told[i] for i in range(2 * len(records))] == alone * 2
    for result in alone:
        assert msgspec.json.encode(result)


def _fields(place: Place) -> Any:
    return [f for m in place.members if is_struct(m) for f in fields_of(m)]


@cache
def _unused(kind: Kind) -> Shape:
    """A reader of a type that never reads: each copy is a fresh one, without compiling it again.

    A learned reader replaces that of its own copy. Should the compiled one ever come to remember anything,
    copies would share it, and the law would fail against the reader that is built anew.
    """
    return Shape(kind)
