"""Laws of reading: what is accepted, what is refused, and at which place."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, Final

import msgspec
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm.api import normalise, parse
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import Kind, fields_of, is_struct, item_of, literals, members_of, scalar_of
from cancelnorm.record import Record
from cancelnorm.testing.faults import BAD_SCALARS, STATUSES, bad_decimal_texts, is_marked, nearly
from cancelnorm.testing.payloads import (
    Answer,
    answers,
    endpoints,
    endpoints_of,
    is_decimal,
    is_epoch,
    is_vocabulary,
    json_values,
    may_be_empty,
    passed_over,
    relevant,
    requests,
    rewritten,
    spots,
    texts,
    values,
)
from cancelnorm.testing.places import Place, changed, without


def _refused(read: Callable[[Record], Any], record: Record) -> tuple[str, str]:
    """The place where a reader refuses a payload, or one row of it, and its expectation."""
    try:
        result = read(record)
    except PayloadError as error:
        return error.path, error.expected
    [row] = [note for note in result.notes if note.code == "unreadable-row"]
    return row.path, row.message.removeprefix("expected ").partition(", found ")[0]


def any_bytes_give_events_or_our_error(venue: str, data: st.DataObject) -> None:
    """Law 1: no other exception leaves ``parse`` or ``normalise``, and there are never zero events."""
    endpoint = data.draw(endpoints(venue))
    record = Record(
        data.draw(nearly(endpoint)),
        venue,
        data.draw(st.sampled_from([endpoint.name, None])),
        data.draw(STATUSES),
        data.draw(requests(endpoint)),
        source="log:1",
    )
    for drift in ("collect", "refuse"):
        error: CancelNormError | None = None
        try:
            result = normalise(record, drift=drift)
        except CancelNormError as caught:
            error = caught
        else:
            assert result.events
            assert msgspec.json.encode(result)
        if isinstance(error, PayloadError):
            assert str(error).startswith("log:1: $")
            assert (error.event.outcome, error.event.reason) == ("unknown", "unreadable")
        elif error is not None and not isinstance(error, NotACancel):
            assert record.endpoint is None
    with suppress(CancelNormError):
        parse(record)


def what_parse_returns_normalise_maps(venue: str, data: st.DataObject) -> None:
    """Law 2: only ``parse`` may refuse, and what it accepts means the same at both levels of strictness."""
    endpoint = data.draw(endpoints(venue))
    record = Record(
        data.draw(nearly(endpoint)), venue, endpoint.name, data.draw(STATUSES), data.draw(requests(endpoint))
    )
    try:
        parse(record)
    except (PayloadError, NotACancel) as error:
        with pytest.raises(type(error)):
            normalise(record, drift="refuse")
    else:
        assert normalise(record) == normalise(record, drift="refuse")


def every_valid_payload_is_understood(venue: str, data: st.DataObject) -> None:
    """What the types describe is accepted, and read the same fast and slow."""
    answer = data.draw(answers(venue))
    record = answer.record()
    normalise(record, drift="refuse")
    slow, notes = answer.endpoint.shape.explain(msgspec.json.encode(answer.tree), refuse=True)
    assert not notes
    assert parse(record) == slow


def form_changes_nothing(venue: str, data: st.DataObject) -> None:
    """Law 5: key order, white space and escapes in keys never change which shape is seen."""
    answer = data.draw(answers(venue))
    record = answer.record()
    other = replace(record, payload=data.draw(rewritten(answer.tree)))
    assert normalise(other, drift="refuse") == normalise(record, drift="refuse")
    assert type(parse(other)) is type(parse(record))


def _others(place: Place) -> list[Kind]:
    """The shapes that stand beside that of a place in a union, and differ from it by required keys."""
    return [m for m in place.members if is_struct(m) and is_struct(place.kind) and _distinct(place.kind, m)]


def _has_distinct(kind: Kind) -> bool:
    """Whether a type has a union of shapes that differ so."""
    members = members_of(kind)
    structs = [m for m in members if is_struct(m)]
    return any(_distinct(m, n) for m in structs for n in structs if m is not n) or any(
        _has_distinct(part)
        for m in members
        for part in ([f.kind for f in fields_of(m)] if is_struct(m) else [item_of(m)] if item_of(m) else [])
    )


def _distinct(one: Kind, other: Kind) -> bool:
    """Whether each has a required key that the other lacks, and neither prescribes a constant."""
    keys = [
        {f.key for f in fields_of(m) if f.required} - {f.key for f in fields_of(n)}
        for m, n in ((one, other), (other, one))
    ]
    constants = [
        f for m in (one, other) for f in fields_of(m) if scalar_of(f.kind) is Scalar.FAILED or _number(f.kind)
    ]
    return all(keys) and not constants


def _number(kind: Kind) -> bool:
    return any(isinstance(word, int) for word in literals(kind))


@cache
def mixable(venue: str) -> list[Endpoint]:
    """The endpoints of a venue that answer with a union of such shapes."""
    return [endpoint for endpoint in endpoints_of(venue) if _has_distinct(endpoint.shape.kind)]


def two_shapes_in_one_are_refused(venue: str, data: st.DataObject) -> None:
    """Law 5: an object with the keys of two shapes is refused, naming both."""
    endpoint = data.draw(st.sampled_from(mixable(venue)))
    answer = Answer(endpoint, data.draw(relevant(endpoint)))
    assume(any(_others(place) for place in answer.places))
    pairs = [(place, other) for place in answer.places for other in _others(place)]
    place, other = data.draw(st.sampled_from(pairs))
    merged = data.draw(values(other)) | place.value
    assume(not passed_over(endpoint, changed(answer.tree, place.steps, merged)))
    path, expected = _refused(normalise, answer.record(changed(answer.tree, place.steps, merged)))
    assert path == place.at
    named = expected.removeprefix("either ").split(" or ")
    assert len(set(named)) == 2
    assert set(named) <= {m.__name__ for m in place.members if is_struct(m)}


def marked_scalars_are_exact(venue: str, data: st.DataObject) -> None:
    """Law 6: both strict readers refuse a value that is not what its scalar promises, wherever it stands."""
    answer, place = data.draw(spots(venue, is_marked))
    mark = scalar_of(place.kind)
    assert mark is not None
    record = answer.record(changed(answer.tree, place.steps, data.draw(st.sampled_from(BAD_SCALARS[mark]))))
    assume(not passed_over(answer.endpoint, changed(answer.tree, place.steps, BAD_SCALARS[mark][0])))
    refused = []
    for read in (parse, lambda record: normalise(record, drift="refuse")):
        try:
            read(record)
        except (PayloadError, NotACancel) as error:
            refused.append(str(error))
    # Another member of the union may take the value: then both readers read it.
    assert len(refused) in (0, 2)
    if len(place.members) == 1 and mark in (
        Scalar.DECIMAL,
        Scalar.EPOCH,
        Scalar.EPOCH_TEXT,
        Scalar.DECIMAL_OR_EMPTY,
    ):
        assert len(refused) == 2


def bytes_that_are_no_text_are_refused(venue: str, data: st.DataObject) -> None:
    """Law 1: both strict readers refuse bytes that are no UTF-8, whatever type of value they stand for."""
    answer, place = data.draw(spots(venue, is_marked))
    assume(not passed_over(answer.endpoint, changed(answer.tree, place.steps, _TO_REPLACE)))
    payload = msgspec.json.encode(changed(answer.tree, place.steps, _TO_REPLACE))
    bad = data.draw(st.sampled_from([b'"\x80"', b'"0\xff"', b'"\xed\xa0\x80"', b"\x80", b"1\xff"]))
    record = replace(answer.record(), payload=payload.replace(msgspec.json.encode(_TO_REPLACE), bad))
    for read in (parse, normalise):
        _refused(read, record)


_TO_REPLACE: Final = "to be replaced"


def numbers_are_exact(venue: str, data: st.DataObject) -> None:
    """Law 6: decimals that are not plain are refused, naming the field."""
    answer, place = data.draw(spots(venue, is_decimal))
    bad = data.draw(bad_decimal_texts)
    assume(bad or not may_be_empty(place.kind))
    record = answer.record(changed(answer.tree, place.steps, bad))
    for read in (parse, normalise):
        assert _refused(read, record)[0] == place.at


def times_are_exact(venue: str, data: st.DataObject) -> None:
    """Law 6: an epoch of neither 13 nor 16 digits is refused, naming the field."""
    answer, place = data.draw(spots(venue, is_epoch))
    bad = data.draw(st.sampled_from([0, -1, 1684804350, 10**13, 10**15 - 1, 10**16, 10**18, 10**30]))
    record = answer.record(changed(answer.tree, place.steps, bad))
    for read in (parse, normalise):
        assert _refused(read, record)[0] == place.at


def additions_do_not_break(venue: str, data: st.DataObject) -> None:
    """Law 9: an unknown field gives the same events and one note more; to refuse drift names it."""
    answer, place = data.draw(spots(venue, is_struct))
    key, added = "new" + data.draw(texts), data.draw(json_values)
    # A venue may know the field ``new``, in this shape or in one that may stand in its place.
    shapes = [member for member in place.members if is_struct(member)]
    assume(all(key != known.key for shape in shapes for known in fields_of(shape)))
    # What is all there is, or an object in an answer that carries nothing, is no addition but another answer.
    assume(place.value or not fields_of(place.kind))
    bare = getattr(place.kind, "bare", False)
    assume(not (bare and (not fields_of(place.kind) or isinstance(added, dict | list | None))))
    record = answer.record(changed(answer.tree, place.steps, place.value | {key: added}))
    before, after = normalise(answer.record()), normalise(record)
    assert after.events == before.events
    added = [note for note in after.notes if note not in before.notes]
    assert [note.code for note in added] == ["unknown-field"]
    assert added[0].path.startswith(place.at)
    with pytest.raises(PayloadError) as caught:
        normalise(record, drift="refuse")
    assert caught.value.path == added[0].path


def unknown_words_do_not_break(venue: str, data: st.DataObject) -> None:
    """Law 9 for values: an unknown word gives a note and is nowhere taken for a known one."""
    answer, place = data.draw(spots(venue, is_vocabulary))
    tree = changed(answer.tree, place.steps, "BRAND_NEW")
    assume(not passed_over(answer.endpoint, tree))  # the word said what the frame is about
    record = answer.record(tree)
    result = normalise(record)
    assert ("unknown-value", place.at) in {(note.code, note.path) for note in result.notes}
    passed = [note.value for note in result.notes if note.code == "not-a-cancel"]  # rows without an event
    assert b"BRAND_NEW" in msgspec.json.encode([result.events, result.extra, result.rate_limits, passed])
    with pytest.raises(PayloadError) as caught:
        parse(record)
    assert caught.value.path == place.at


def _is_complete(struct: Kind, keys: set[str]) -> bool:
    """Whether keys are those of a struct: all it needs, none it does not know."""
    fields = fields_of(struct)
    return {f.key for f in fields if f.required} <= keys <= {f.key for f in fields}


def _holders(found: list[Place]) -> list[tuple[Place, str]]:
    return [(p, f.key) for p in found if is_struct(p.kind) for f in fields_of(p.kind) if f.required]


def removals_break(venue: str, data: st.DataObject) -> None:
    """Law 10: without a required field a payload is refused, naming the field.

    What is left may be another shape of a union.
    """
    answer = data.draw(answers(venue))
    holders = _holders(answer.places)
    assume(holders)
    place, key = data.draw(st.sampled_from(holders))
    assume(not any(_is_complete(m, place.value.keys() - {key}) for m in place.members if is_struct(m)))
    record = answer.record(without(answer.tree, (*place.steps, key)))
    for read in (parse, normalise):
        at, expected = _refused(read, record)
        if at != f"{place.at}.{key}":  # the key that tells two shapes apart
            assert at == place.at
            assert key in expected.removeprefix("a field ").split(" or ")
