"""Laws of meaning: what becomes of what was read."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from hypothesis import assume
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm.api import normalise, parse
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import NotACancel, PayloadError
from cancelnorm.eventmap import maps_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import Scalar, exact
from cancelnorm.reader.types import Kind, fields_of, is_struct, item_of, literals, members_of, scalar_of
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind
from cancelnorm.testing.payloads import (
    PLANTED,
    Answer,
    answers,
    endpoints_of,
    int64s,
    is_prose,
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
    """The result for a record, or what it is about if not a cancel."""
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
    """Law 4: every value of an event comes from the payload, from the record, or is one of our own words.

    An event that has the id of an order is about it, and not about the request.
    """
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
        assert event.kind is not EventKind.REQUEST or not (event.order_id or event.client_order_id)
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


@cache
def queried(venue: str) -> list[Endpoint]:
    """The endpoints of a venue that are a method and a path, and whose requests have parameters."""
    return [
        one for one in endpoints_of(venue) if re.fullmatch(r"[A-Z]+ /\S*", one.name) and one.request.names
    ]


def a_query_says_what_a_request_would(venue: str, data: st.DataObject) -> None:
    """Law 8: a parameter in the query of a URL is one of the request, unless that says something else."""
    endpoint = data.draw(st.sampled_from(queried(venue)))
    answer = Answer(endpoint, data.draw(relevant(endpoint)))
    ids = st.integers(1, 10**18).map(str)
    said = data.draw(st.dictionaries(st.sampled_from(endpoint.request.names), ids, min_size=1, max_size=3))
    request = data.draw(st.none() | requests(endpoint)) or {}
    asked = {**said, **request} if isinstance(request, dict) else [{**said, **row} for row in request]
    found = answer.record(request=request or None)
    url = replace(found, endpoint=f"{endpoint.name}?{urlencode(said)}")
    assert _told(url) == _told(replace(found, request=asked))


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
