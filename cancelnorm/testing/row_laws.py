"""Laws of rows: what becomes of orders that stand in an array."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from cancelnorm.api import normalise, parse
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import NotACancel, PayloadError
from cancelnorm.eventmap import maps_of
from cancelnorm.reader.types import Kind, class_of, fields_of, is_struct, item_of, members_of, origin_of
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Reason
from cancelnorm.testing.payloads import Answer, endpoints_of, passed_over, values


def _arrays(kind: Kind, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Kind]]:
    """The arrays of objects in an answer, and what they hold; one that has arrays, too, is a frame with places."""
    for member in members_of(kind):
        items = members_of(item_of(member)) if origin_of(member) is list else ()
        if any(map(is_struct, items)) and not any(origin_of(item) is list for item in items):
            yield path, item_of(member)
        elif is_struct(member):
            for field in fields_of(member):
                if field.required or path:
                    yield from _arrays(field.kind, (*path, field.key))


@cache
def lone_arrays(venue: str) -> list[tuple[Endpoint, Kind, tuple[str, ...], Kind]]:
    """The answers of a venue in which orders stand in one array alone."""
    return [
        (endpoint, member, *arrays[0])
        for endpoint in endpoints_of(venue)
        for member in members_of(endpoint.shape.kind)
        if len(arrays := list(_arrays(member))) == 1
    ]


@cache
def mapped_arrays(venue: str) -> list[tuple[Endpoint, Kind, tuple[str, ...], Kind]]:
    """Those of them in which each row has an event of its own."""
    return [
        array
        for array in lone_arrays(venue)
        if any(is_struct(each) and maps_of(class_of(each)) for each in members_of(array[-1]))
    ]


@cache
def _frames(kind: Kind, path: tuple[str, ...]) -> SearchStrategy[Any]:
    """Frames of an array at a path, with null in its place: to draw another array there takes long."""
    if not path:
        return st.none()
    return st.one_of([_framing(member, path) for member in members_of(kind)])


def _framing(member: Kind, path: tuple[str, ...]) -> SearchStrategy[Any]:
    fields = fields_of(member) if is_struct(member) else ()
    if not any(field.key == path[0] for field in fields):
        return values(member)
    drawn = {
        field.key: _frames(field.kind, path[1:]) if field.key == path[0] else values(field.kind)
        for field in fields
    }
    needed = {field.key for field in fields if field.required} | ({path[0]} if len(path) == 1 else set())
    return st.fixed_dictionaries(
        {key: value for key, value in drawn.items() if key in needed},
        optional={key: value for key, value in drawn.items() if key not in needed},
    )


def _holding(frame: Any, path: tuple[str, ...], array: list[Any]) -> Any:
    """An answer with an array at a path; what it stands in is made where it was left out."""
    if not path:
        return array
    inner = frame.get(path[0])
    return frame | {path[0]: _holding(inner if isinstance(inner, dict) else {}, path[1:], array)}


def concatenation(venue: str, data: st.DataObject) -> None:
    """Law 7: the events of a + b are those of a followed by those of b, but for their position.

    Where a part names no order at all it has one event that says so, which the whole does not need. An event of
    what the array stands beside, as of an amended order beside the legs of its list, is in each, and once in each.
    """
    endpoint, member, path, item = data.draw(st.sampled_from(lone_arrays(venue)))
    frame = data.draw(_frames(member, path))
    rows = st.lists(values(item), min_size=1, max_size=3)
    rows = rows.filter(lambda part: not passed_over(endpoint, _holding(frame, path, part)))
    a, b = (data.draw(rows) for _ in range(2))
    records = [Answer(endpoint, frame).record(_holding(frame, path, part)) for part in (a, b, a + b)]
    for record in records[:2]:
        try:
            normalise(record)
        except (PayloadError, NotACancel):
            assume(False)  # what the array stands in was drawn as null, or a part names an order of no cancel
    a_said, b_said, said = (normalise(record).events for record in records)
    assume(not any(event.kind is EventKind.SCOPE for event in a_said + b_said))
    array = ".".join(("$", *path))
    b_rows = tuple(event for event in b_said if event.path is None or event.path.startswith(array))
    assert [replace(event, index=0, path=None) for event in said] == [
        replace(event, index=0, path=None) for event in a_said + b_rows
    ]


def bad_rows_stand_alone(venue: str, data: st.DataObject) -> None:
    """Law 16: a row that cannot be read is an event that says so, and the others keep theirs."""
    endpoint, member, path, item = data.draw(st.sampled_from(mapped_arrays(venue)))
    frame = data.draw(_frames(member, path))
    rows = data.draw(st.lists(values(item), min_size=2, max_size=4))
    at = data.draw(st.integers(0, len(rows) - 1))
    keys = st.sampled_from(sorted(rows[at]))
    bad = data.draw(st.one_of(st.just(7), keys.map(lambda key: rows[at] | {key: {"bad": []}})))
    damaged = [bad if i == at else row for i, row in enumerate(rows)]
    whole, rest, record = (
        Answer(endpoint, frame).record(_holding(frame, path, part), source="log:7")
        for part in (rows, rows[:at] + rows[at + 1 :], damaged)
    )
    # What the array stands in may have been drawn as null, or a part is about something else.
    before, left = _understood(whole), _understood(rest)
    assume(before and left and not any(event.kind is EventKind.SCOPE for event in before + left))
    assume(_is_refused(record))  # some field takes anything
    place = f"{'.'.join(('$', *path))}[{at}]"
    result = normalise(record)
    [unread] = [event for event in result.events if event.reason is Reason.UNREADABLE]
    assert (unread.outcome, unread.path, unread.source) == ("unknown", place, "log:7")
    assert any(note.code == "unreadable-row" and note.path.startswith(place) for note in result.notes)
    assert [replace(event, index=0) for event in result.events if event is not unread] == [
        replace(event, index=0) for event in before if not (event.path or "").startswith(place)
    ]


def _understood(record: Record) -> tuple[CancelEvent, ...]:
    """The events of a record; none where it is refused or about something else."""
    try:
        return normalise(record).events
    except (PayloadError, NotACancel):
        return ()


def _is_refused(record: Record) -> bool:
    try:
        parse(record)
    except PayloadError:
        return True
    except NotACancel:
        return False
    return False
