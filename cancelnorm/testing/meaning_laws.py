"""Laws of meaning: what becomes of what was read."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import msgspec
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from cancelnorm.api import normalise, parse
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import NotACancel, PayloadError
from cancelnorm.eventmap import maps_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import Scalar, exact
from cancelnorm.reader.types import (
    Kind,
    class_of,
    fields_of,
    is_struct,
    item_of,
    literals,
    members_of,
    origin_of,
    scalar_of,
)
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Reason
from cancelnorm.testing.payloads import (
    PLANTED,
    Answer,
    answers,
    endpoints_of,
    int64s,
    is_prose,
    passed_over,
    relevant,
    requests,
    spots,
    values,
)
from cancelnorm.testing.places import Place, changed, leaves


def raw_structs_round_trip(venue: str, data: st.DataObject) -> None:
    """Law 3: a struct encoded again has the leaves that were sent."""
    answer = data.draw(answers(venue))
    record = answer.record()
    again = msgspec.json.encode(parse(record))
    assert leaves(msgspec.json.decode(again)) == leaves(msgspec.json.decode(record.payload))


def _says_nothing(place: Place, value: Any) -> bool:
    """Whether a value is declared to say nothing: by the map of its struct, or, where there is none, as empty."""
    if isinstance(value, msgspec.Raw):
        value = bytes(value).decode().strip('"')
    maps = maps_of(place.holder) if place.holder is not None else ()
    if maps and place.field is not None:
        return any(each.says_nothing(place.field, value) for each in maps)
    return value in ("", None, [], {})


def _told(record: Record) -> bytes:
    """What is made of a record, or what it is about if not a cancel."""
    try:
        return msgspec.json.encode(normalise(record))
    except NotACancel as error:
        return str(error).encode()


def nothing_is_lost(venue: str, data: st.DataObject) -> None:
    """Law 3: another value anywhere in the payload gives another result, but for declared absences."""
    answer = data.draw(answers(venue))
    scalars = [
        p for p in answer.places if not isinstance(p.value, dict | list) and len(literals(p.kind)) != 1
    ]
    assume(scalars)
    place = data.draw(st.sampled_from(scalars))
    other = data.draw(values(place.kind))
    assume(msgspec.json.encode(other) != msgspec.json.encode(place.value))
    assume(not _same_number(other, place.value) and not _same_instant(other, place))
    assume(not _same_word(other, place))
    assume(not (_says_nothing(place, other) and _says_nothing(place, place.value)))
    tree = changed(answer.tree, place.steps, other)
    assert _told(answer.record(tree)) != _told(answer.record()), place.at


def _same_number(one: Any, other: Any) -> bool:
    """Whether two values are one number, in quotes and not."""
    texts = [bytes(v).decode() if isinstance(v, msgspec.Raw) else str(v) for v in (one, other)]
    return texts[0] == texts[1] or _plain(texts[0]) == _plain(texts[1])


def _plain(text: str) -> str:
    """A number that has an exponent without it."""
    return exact(Decimal(text)) if _EXPONENT.fullmatch(text) else text


_EXPONENT: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?[eE][+-]?[0-9]{1,2}")


def _same_instant(value: Any, place: Place) -> bool:
    """Whether two epochs, in quotes or not, are one instant: in milliseconds and in microseconds."""
    if not {scalar_of(member) for member in members_of(place.kind)} & {Scalar.EPOCH, Scalar.EPOCH_TEXT}:
        return False
    if not str(value).isdecimal() or not str(place.value).isdecimal():
        return False
    early, late = sorted((int(value), int(place.value)))
    return early * 1_000 == late


def _same_word(value: Any, place: Place) -> bool:
    """Whether two words that a venue has are one, in capitals and not, and no event tells a word as it was sent."""
    words = literals(place.kind)
    if value not in words or str(value).casefold() != str(place.value).casefold():
        return False
    if place.holder is None or place.field is None:
        return False
    homes = {home for each in maps_of(place.holder) for home in each.plan.homes.get(place.field.name, ())}
    return bool(homes) and not any(home == "outcome" or home.startswith("raw_") for home in homes)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _parts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _parts(part)
    else:
        yield value


def _is_epoch_text(value: Any) -> bool:
    """Whether a text is digits, as venues have epochs in quotes."""
    return isinstance(value, str) and value.isascii() and value.isdigit()


def nothing_is_invented(venue: str, data: st.DataObject) -> None:
    """Law 4: every value of an event comes from the payload, from the record, or is one of our own words."""
    answer = data.draw(answers(venue))
    request = data.draw(requests(answer.endpoint))
    record = answer.record(
        request=request, sent_ns=data.draw(int64s), received_ns=data.draw(int64s), source="log:7"
    )
    known = set()
    for part in [*_parts(msgspec.json.decode(record.payload, strict=False)), *_parts(request)]:
        known |= {str(part), without_secrets(str(part)), *str(part).split(",")}
        if isinstance(part, int) or _is_epoch_text(part):
            known |= {str(int(part) * factor) for factor in (1_000, 1_000_000, 1_000_000_000)}
    known |= {bytes(p.value).decode() for p in answer.places if isinstance(p.value, msgspec.Raw)}
    known |= {text.removeprefix("-") for text in known}  # the sign of a size may be the side
    known |= {ns for text in known for ns in _as_ns(text)} | {*map(_plain, known)}
    known |= {str(record.sent_ns), str(record.received_ns), "log:7", venue, answer.endpoint.name}
    for event in normalise(record).events:
        for name in CancelEvent.__struct_fields__:
            value = getattr(event, name)
            if name in ("extra", "index", "path", "from_request") or value is None or hasattr(value, "name"):
                continue  # ``extra`` is checked to be untouched below; enums are our own words
            if isinstance(value, bool):
                continue  # said by a flag or by a word
            assert (exact(value) if isinstance(value, Decimal) else str(value)) in known, name
        assert {str(part) for part in _parts(event.extra or {})} <= known | _field_names(
            answer.endpoint.shape.kind
        )


def _as_ns(text: str) -> Iterator[str]:
    """The nanoseconds of a time with a fraction, in seconds, in milliseconds or in microseconds."""
    if re.fullmatch(r"[0-9]{1,20}\.[0-9]{1,9}", text):
        whole, part = text.split(".")
        yield from (str(int(whole + part.ljust(unit, "0"))) for unit in (3, 6, 9) if len(part) <= unit)


def _field_names(kind: Kind) -> set[str]:
    return {
        name
        for member in members_of(kind)
        for name in (
            {f.key for f in fields_of(member)}.union(*(_field_names(f.kind) for f in fields_of(member)))
            if is_struct(member)
            else _field_names(item_of(member))
            if item_of(member)
            else {"None"}
        )
    }


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
    """What an array at a path stands in, with null in its place: to draw another array there takes long."""
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


@cache
def carriers(venue: str) -> list[tuple[Endpoint, Kind, Endpoint, Kind, str]]:
    """Pairs of endpoints of which the second answers with the first's answer in a field."""
    return [
        (plain, kind, wrapped, envelope, field.key)
        for plain in endpoints_of(venue)
        for wrapped in endpoints_of(venue)
        if plain is not wrapped and wrapped.name.split(".")[0].split()[-1] in plain.name
        for envelope in members_of(wrapped.shape.kind)
        if is_struct(envelope)
        for field in fields_of(envelope)
        for kind in members_of(plain.shape.kind)
        if kind in members_of(field.kind) and (is_struct(kind) or item_of(kind)) and field.required
    ]


def transport_does_not_matter(venue: str, data: st.DataObject) -> None:
    """Law 8: the same report, bare and in an envelope, gives equal events but for endpoint, path and request id."""
    plain, kind, wrapped, envelope, key = data.draw(st.sampled_from(carriers(venue)))
    report = data.draw(values(kind))
    frame = data.draw(values(envelope)) | {key: report}
    bare = _said(Answer(plain, report).record(status=frame.get("status")))
    carried = _said(Answer(wrapped, frame).record())
    if isinstance(bare, str) or isinstance(carried, str):
        assert bare == carried
        return
    assert [
        replace(e, endpoint="", request_id=None, path=e.path and e.path.replace(f"$.{key}", "$", 1))
        for e in carried
    ] == [replace(e, endpoint="") for e in bare]


def _said(record: Record) -> tuple[CancelEvent, ...] | str:
    """The events of a record, or what it is about where that is no cancel."""
    try:
        return normalise(record).events
    except NotACancel as passed:
        return passed.frame


@cache
def addressed(venue: str) -> list[Endpoint]:
    """The endpoints of a venue whose paths have parameters."""
    return [endpoint for endpoint in endpoints_of(venue) if "{" in endpoint.name]


def a_path_says_what_a_request_would(venue: str, data: st.DataObject) -> None:
    """Law 8: a parameter in the path is one of the request."""
    endpoint = data.draw(st.sampled_from(addressed(venue)))
    answer = Answer(endpoint, data.draw(relevant(endpoint)))
    names = re.findall(r"\{(\w+)\}", endpoint.name)
    said = data.draw(st.fixed_dictionaries(dict.fromkeys(names, st.text(min_size=1, max_size=20))))
    request = data.draw(requests(endpoint)) or {}
    asked = {**request, **said} if isinstance(request, dict) else [{**row, **said} for row in request]
    path = endpoint.name.format(**{name: quote(value, safe="") for name, value in said.items()})
    found = replace(answer.record(request=request), endpoint=path)
    assert _told(found) == _told(answer.record(request=asked))


def what_a_venue_says_is_free_of_secrets(venue: str, data: st.DataObject) -> None:
    """A secret in a text shows neither in a message, nor in extra, nor in a note."""
    answer, place = data.draw(spots(venue, is_prose))
    record = answer.record(changed(answer.tree, place.steps, f"signature={PLANTED}"))
    try:
        result = normalise(record)
    except (PayloadError, NotACancel) as error:
        shown = str(error)
    else:
        events = [(event.message, event.extra) for event in result.events]
        shown = repr((events, result.notes, result.extra))
    assert PLANTED not in shown, place.at
