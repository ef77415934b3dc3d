"""The laws that hold for every endpoint of every venue, registered now or later."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import (
    CancelEvent,
    CancelNormError,
    EventKind,
    Normalised,
    NotACancel,
    PayloadError,
    Record,
    normalise,
    parse,
)
from cancelnorm.api import HttpFailure
from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.eventmap import maps_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import Scalar, exact
from cancelnorm.reader.types import (
    Kind,
    fields_of,
    is_struct,
    item_of,
    literals,
    members_of,
    origin_of,
    scalar_of,
)
from tests.strategies import (
    BAD_DECIMALS,
    ENDPOINTS,
    VENUES,
    Answer,
    Place,
    Wanted,
    answers,
    bad_decimal_texts,
    changed,
    endpoints,
    int64s,
    json_values,
    leaves,
    passed_over,
    payloads,
    places,
    requests,
    rewritten,
    spots,
    texts,
    values,
    venues_with,
    without,
)

every_venue = pytest.mark.parametrize("venue", VENUES)


def venues_where(wanted: Wanted) -> pytest.MarkDecorator:
    """Parametrise a law with the venues for which it says something."""
    return pytest.mark.parametrize("venue", venues_with(wanted))


def is_decimal(kind: Kind) -> bool:
    """Whether a type is a decimal."""
    return scalar_of(kind) in (Scalar.DECIMAL, Scalar.NUMBER)


def is_epoch(kind: Kind) -> bool:
    """Whether a type is an epoch."""
    return scalar_of(kind) is Scalar.EPOCH


def is_vocabulary(kind: Kind) -> bool:
    """Whether a type is a closed list of words."""
    words = literals(kind)
    return bool(words) and all(isinstance(word, str) for word in words)


STATUSES = st.sampled_from(
    [None, 200, 400, 401, 403, 404, 408, 409, 418, 429, 451, 500, 502, 503, 504, 302, 999]
)
NASTY = st.sampled_from(
    [
        b"",
        b" ",
        b"null",
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b'{"code":"\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"code":' + b"1" * 400 + b',"msg":"x"}',
        b'{"code":' + b"1" * 5_000 + b',"msg":"x"}',
        b'{"code":1e400,"msg":"x"}',
        b'{"code":NaN,"msg":"x"}',
        b'{"code":-0,"msg":"\\ud800"}',
        b'"text"',
        b"<html>502</html>",
        b"[[]]",
        b"[[[{}]]]",
        b"[1,2",
        b'{"retCode":0',
    ]
)


@st.composite
def nearly(draw: st.DrawFn, endpoint: Endpoint) -> bytes:
    """Bytes of any kind, many of them nearly right."""
    kind = draw(st.sampled_from(["nasty", "noise", "json", "cut", "flipped", "bent"]))
    if kind == "nasty":
        return draw(NASTY)
    if kind == "noise":
        return draw(st.binary(max_size=40))
    if kind == "json":
        return msgspec.json.encode(draw(json_values))
    tree = draw(payloads(endpoint))
    if kind == "bent":
        place = draw(st.sampled_from(list(places(tree, endpoint.shape.kind))))
        return msgspec.json.encode(changed(tree, place.steps, draw(json_values)))
    data = msgspec.json.encode(tree)
    at = draw(st.integers(0, len(data)))
    return data[:at] if kind == "cut" else data[:at] + draw(st.binary(max_size=2)) + data[at + 1 :]


@every_venue
@given(st.data())
def test_any_bytes_give_events_or_our_error(venue: str, data: st.DataObject) -> None:
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


@every_venue
@given(st.data())
def test_what_parse_returns_normalise_maps(venue: str, data: st.DataObject) -> None:
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


@every_venue
@given(st.data())
def test_every_valid_payload_is_understood(venue: str, data: st.DataObject) -> None:
    """What the types describe is accepted, and read the same fast and slow."""
    answer = data.draw(answers(venue))
    fast = normalise(answer.record(), drift="refuse")
    slow, notes = answer.endpoint.shape.explain(msgspec.json.encode(answer.tree), refuse=True)
    assert not notes
    assert answer.endpoint.normalise(slow, Call(answer.record(), answer.endpoint, [])) == fast


@every_venue
@given(st.data())
def test_raw_structs_round_trip(venue: str, data: st.DataObject) -> None:
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


def _told(result: Normalised) -> Any:
    return msgspec.json.encode(result)


@every_venue
@given(st.data())
def test_nothing_is_lost(venue: str, data: st.DataObject) -> None:
    """Law 3: another value anywhere in the payload gives another result, but for declared absences."""
    answer = data.draw(answers(venue))
    scalars = [
        p for p in answer.places() if not isinstance(p.value, dict | list) and len(literals(p.kind)) != 1
    ]
    assume(scalars)
    place = data.draw(st.sampled_from(scalars))
    other = data.draw(values(place.kind))
    assume(msgspec.json.encode(other) != msgspec.json.encode(place.value))
    assume(not _same_number(other, place.value) and not _same_instant(other, place))
    assume(not (_says_nothing(place, other) and _says_nothing(place, place.value)))
    tree = changed(answer.tree, place.steps, other)
    assert _told(normalise(answer.record(tree))) != _told(normalise(answer.record())), place.at


def _same_number(one: Any, other: Any) -> bool:
    """Whether two values are one number, in quotes and not."""
    texts = [bytes(v).decode() if isinstance(v, msgspec.Raw) else str(v) for v in (one, other)]
    return texts[0] == texts[1]


def _same_instant(value: Any, place: Place) -> bool:
    """Whether two epochs are one instant, in milliseconds and in microseconds."""
    return is_epoch(place.kind) and value in (place.value * 1_000, place.value // 1_000)


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


@every_venue
@given(st.data())
def test_nothing_is_invented(venue: str, data: st.DataObject) -> None:
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
    known |= {bytes(p.value).decode() for p in answer.places() if isinstance(p.value, msgspec.Raw)}
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


@every_venue
@given(st.data())
def test_form_changes_nothing(venue: str, data: st.DataObject) -> None:
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


MIXABLE = {
    venue: [c for c in ENDPOINTS if c.venue == venue and _has_distinct(c.shape.kind)] for venue in VENUES
}


@pytest.mark.parametrize("venue", [venue for venue in VENUES if MIXABLE[venue]])
@given(st.data())
def test_two_shapes_in_one_are_refused(venue: str, data: st.DataObject) -> None:
    """Law 5: an object with the keys of two shapes is refused, naming both."""
    endpoint = data.draw(st.sampled_from(MIXABLE[venue]))
    answer = Answer(
        endpoint, data.draw(payloads(endpoint).filter(lambda tree: not passed_over(endpoint, tree)))
    )
    assume(any(_others(place) for place in answer.places()))
    pairs = [(place, other) for place in answer.places() for other in _others(place)]
    place, other = data.draw(st.sampled_from(pairs))
    merged = data.draw(values(other)) | place.value
    assume(not passed_over(endpoint, changed(answer.tree, place.steps, merged)))
    with pytest.raises(PayloadError) as caught:
        normalise(answer.record(changed(answer.tree, place.steps, merged)))
    assert caught.value.path == place.at
    named = caught.value.expected.removeprefix("either ").split(" or ")
    assert len(set(named)) == 2
    assert set(named) <= {m.__name__ for m in place.members if is_struct(m)}


def is_marked(kind: Kind) -> bool:
    """Whether a type is a scalar with a form that msgspec does not check by itself."""
    return scalar_of(kind) in BAD


BAD: dict[Scalar, list[Any]] = {
    Scalar.DECIMAL: BAD_DECIMALS,
    Scalar.DECIMAL_OR_EMPTY: [text for text in BAD_DECIMALS if text],
    Scalar.NUMBER: [*BAD_DECIMALS, True, None, [], {}],
    Scalar.EPOCH: [0, -1, 1684804350, 10**13, 10**15 - 1, 10**16, 10**18, 10**30, "1684804350000", 1.5],
    Scalar.EPOCH_TEXT: [
        "0",
        "-1",
        "1684804350",
        "9" * 14,
        "9" * 17,
        "1684804350000.5",
        " 1684804350000",
        1684804350000,
    ],
    Scalar.FAILED: [0],
    Scalar.NAMING: ["0"],
}


@venues_where(is_marked)
@given(st.data())
def test_marked_scalars_are_exact(venue: str, data: st.DataObject) -> None:
    """Law 6: a value that is not what its scalar promises is refused by both readers alike, wherever it stands."""
    answer, place = data.draw(spots(venue, is_marked))
    mark = scalar_of(place.kind)
    assert mark is not None
    record = answer.record(changed(answer.tree, place.steps, data.draw(st.sampled_from(BAD[mark]))))
    assume(not passed_over(answer.endpoint, changed(answer.tree, place.steps, BAD[mark][0])))
    refused = []
    for read in (parse, normalise):
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


@venues_where(is_decimal)
@given(st.data())
def test_numbers_are_exact(venue: str, data: st.DataObject) -> None:
    """Law 6: decimals that are not plain are refused, naming the field."""
    answer, place = data.draw(spots(venue, is_decimal))
    record = answer.record(changed(answer.tree, place.steps, data.draw(bad_decimal_texts)))
    for read in (parse, normalise):
        with pytest.raises(PayloadError) as caught:
            read(record)
        assert caught.value.path == place.at


@venues_where(is_epoch)
@given(st.data())
def test_times_are_exact(venue: str, data: st.DataObject) -> None:
    """Law 6: an epoch of neither 13 nor 16 digits is refused, naming the field."""
    answer, place = data.draw(spots(venue, is_epoch))
    bad = data.draw(st.sampled_from([0, -1, 1684804350, 10**13, 10**15 - 1, 10**16, 10**18, 10**30]))
    record = answer.record(changed(answer.tree, place.steps, bad))
    for read in (parse, normalise):
        with pytest.raises(PayloadError) as caught:
            read(record)
        assert caught.value.path == place.at


def _arrays(kind: Kind, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Kind]]:
    """The arrays of objects in an answer, and what they hold."""
    for member in members_of(kind):
        if origin_of(member) is list and any(is_struct(m) for m in members_of(item_of(member))):
            yield path, item_of(member)
        elif is_struct(member):
            for field in fields_of(member):
                if field.required or path:
                    yield from _arrays(field.kind, (*path, field.key))


def _lone_arrays(venue: str) -> list[tuple[Endpoint, Kind, tuple[str, ...], Kind]]:
    """The answers of a venue in which orders stand in one array alone."""
    return [
        (endpoint, member, *arrays[0])
        for endpoint in ENDPOINTS
        if endpoint.venue == venue
        for member in members_of(endpoint.shape.kind)
        if len(arrays := list(_arrays(member))) == 1
    ]


def _holding(frame: Any, path: tuple[str, ...], array: list[Any]) -> Any:
    """An answer with an array at a path; what it stands in is made where it was left out."""
    if not path:
        return array
    inner = frame.get(path[0])
    return frame | {path[0]: _holding(inner if isinstance(inner, dict) else {}, path[1:], array)}


LONE_ARRAYS = {venue: _lone_arrays(venue) for venue in VENUES}


@every_venue
@given(st.data())
def test_concatenation(venue: str, data: st.DataObject) -> None:
    """Law 7: the events of a + b are those of a followed by those of b, but for their position.

    Where a part names no order at all it has one event that says so, which the whole does not need.
    """
    endpoint, member, path, item = data.draw(st.sampled_from(LONE_ARRAYS[venue]))
    frame = data.draw(values(member))
    a, b = (data.draw(st.lists(values(item), min_size=1, max_size=3)) for _ in range(2))
    records = [Answer(endpoint, frame).record(_holding(frame, path, part)) for part in (a, b, a + b)]
    for record in records[:2]:
        try:
            normalise(record)
        except (PayloadError, NotACancel):
            assume(False)  # what the array stands in was drawn as null, or a part is about something else
    events_a, events_b, events = (
        [replace(event, index=0, path=None) for event in normalise(record).events] for record in records
    )
    assume(not any(event.kind is EventKind.SCOPE for event in events_a + events_b))
    assert events == events_a + events_b


def _carriers() -> list[tuple[Endpoint, Kind, Endpoint, Kind, str]]:
    """Pairs of endpoints of which the second answers with the first's answer in a field."""
    return [
        (plain, kind, wrapped, envelope, field.key)
        for plain in ENDPOINTS
        for wrapped in ENDPOINTS
        if plain.venue == wrapped.venue and plain is not wrapped
        for envelope in members_of(wrapped.shape.kind)
        if is_struct(envelope)
        for field in fields_of(envelope)
        for kind in members_of(plain.shape.kind)
        if kind in members_of(field.kind) and (is_struct(kind) or item_of(kind)) and field.required
        if wrapped.name.split(".")[0].split()[-1] in plain.name
    ]


CARRIERS = _carriers()


def test_there_are_carriers() -> None:
    """Law 8 has something to hold for."""
    assert CARRIERS


@given(st.data())
def test_transport_does_not_matter(data: st.DataObject) -> None:
    """Law 8: the same report, bare and in an envelope, gives equal events but for endpoint, path and request id."""
    plain, kind, wrapped, envelope, key = data.draw(st.sampled_from(CARRIERS))
    report = data.draw(values(kind))
    frame = data.draw(values(envelope)) | {key: report}
    bare = normalise(Answer(plain, report).record(status=frame.get("status"))).events
    carried = normalise(Answer(wrapped, frame).record()).events
    assert [
        replace(e, endpoint="", request_id=None, path=e.path and e.path.replace(f"$.{key}", "$", 1))
        for e in carried
    ] == [replace(e, endpoint="") for e in bare]


@every_venue
@given(st.data())
def test_additions_do_not_break(venue: str, data: st.DataObject) -> None:
    """Law 9: an unknown field gives the same events and one note more; to refuse drift names it."""
    answer, place = data.draw(spots(venue, is_struct))
    key, added = "new" + data.draw(texts), data.draw(json_values)
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


def _is_prose(place: Place) -> bool:
    return isinstance(place.value, str) and scalar_of(place.kind) is Scalar.PROSE


@every_venue
@given(st.data())
def test_what_a_venue_says_is_free_of_secrets(venue: str, data: st.DataObject) -> None:
    """A secret in a text shows neither in a message, nor in extra, nor in a note."""
    answer = data.draw(answers(venue).filter(lambda a: any(map(_is_prose, a.places()))))
    place = data.draw(st.sampled_from([place for place in answer.places() if _is_prose(place)]))
    record = answer.record(changed(answer.tree, place.steps, "signature=xK9planted7Q"))
    try:
        result = normalise(record)
    except (PayloadError, NotACancel) as error:
        shown = str(error)
    else:
        events = [(event.message, event.extra) for event in result.events]
        shown = repr((events, result.notes, result.extra))
    assert "xK9planted7Q" not in shown, place.at


@venues_where(is_vocabulary)
@given(st.data())
def test_unknown_words_do_not_break(venue: str, data: st.DataObject) -> None:
    """Law 9 for values: an unknown word gives a note and is nowhere taken for a known one."""
    answer, place = data.draw(spots(venue, is_vocabulary))
    tree = changed(answer.tree, place.steps, "BRAND_NEW")
    assume(not passed_over(answer.endpoint, tree))  # the word said what the frame is about
    record = answer.record(tree)
    result = normalise(record)
    assert ("unknown-value", place.at) in {(note.code, note.path) for note in result.notes}
    assert b"BRAND_NEW" in msgspec.json.encode([result.events, result.extra, result.rate_limits])
    with pytest.raises(PayloadError) as caught:
        parse(record)
    assert caught.value.path == place.at


def _is_complete(struct: Kind, keys: set[str]) -> bool:
    """Whether keys are those of a struct: all it needs, none it does not know."""
    fields = fields_of(struct)
    return {f.key for f in fields if f.required} <= keys <= {f.key for f in fields}


def _holders(found: list[Place]) -> list[tuple[Place, str]]:
    return [(p, f.key) for p in found if is_struct(p.kind) for f in fields_of(p.kind) if f.required]


@every_venue
@given(st.data())
def test_removals_break(venue: str, data: st.DataObject) -> None:
    """Law 10: without a required field a payload is refused, naming the field.

    Bybit's ``{list, success}``, ``{list}`` and ``{success}`` are three shapes; what is left may be another.
    """
    answer = data.draw(answers(venue))
    holders = _holders(answer.places())
    assume(holders)
    place, key = data.draw(st.sampled_from(holders))
    assume(not any(_is_complete(m, place.value.keys() - {key}) for m in place.members if is_struct(m)))
    record = answer.record(without(answer.tree, (*place.steps, key)))
    for read in (parse, normalise):
        with pytest.raises(PayloadError) as caught:
            read(record)
        if caught.value.path != f"{place.at}.{key}":  # the key that tells two shapes apart
            assert caught.value.path == place.at
            assert key in caught.value.expected.removeprefix("a field ").split(" or ")


def test_http_failure_is_what_parse_says_of_html() -> None:
    """A status that says what happened needs no readable body."""
    endpoint = ENDPOINTS[0]
    record = Record(b"<html>", endpoint.venue, endpoint.name, 502)
    assert parse(record) == HttpFailure(502, "<html>")
