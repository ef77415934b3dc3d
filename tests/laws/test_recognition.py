"""A payload alone names its venue as if every venue were asked, although its members are read once for all."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import recognition, venues
from cancelnorm.reader.types import Field, StructNode, UnionNode, class_of, fields_of, members_of
from cancelnorm.venue import Venue
from tests.batches import each_sample
from tests.laws.test_no_cancels import SKIPPED
from tests.laws.test_readers import forms
from tests.samples import SAMPLES
from tests.strategies import VENUES, endpoints, int64s, json_values, rewritten, texts, values


def says_little(payload: bytes) -> bool:
    """Whether a payload is a text, an array of texts, or an object with one text alone."""
    try:
        value = msgspec.json.decode(payload)
    except (ValueError, RecursionError):
        return False
    texts = list(value.values()) if isinstance(value, dict) and len(value) == 1 else value
    return isinstance(texts, str) or (isinstance(texts, list) and all(isinstance(t, str) for t in texts))


def asked(payload: bytes) -> str | None:
    """The venue of a payload, by asking every one."""
    if not payload.strip(b"{ \t\r\n}"):
        return None
    known = [(name, v, v.as_json(payload)) for name, v in venues.every().items()]
    if says_little(payload):
        unpacked = [name for name, _, data in known if data != payload]
        return unpacked[0] if len(unpacked) == 1 else None
    found = [name for name, v, data in known if any(e.shape.takes(data) for e in v.endpoints.values())]
    found = found or [name for name, v, data in known if v.skip and v.skip(data)]
    if len(found) != 1 or is_unlisted(payload, venues.every()[found[0]]):
        return None
    return found[0]


def is_unlisted(payload: bytes, venue: Venue) -> bool:
    """Whether a payload has one or two keys, and is an error with an unknown code, or of texts that may be any."""
    try:
        value = msgspec.json.decode(payload)
    except (ValueError, RecursionError):
        return False
    error = venue.told(payload)
    if not isinstance(value, dict) or len(value) > 2:
        return False
    if error is not None:
        return not error.is_listed
    if not all(isinstance(each, str | bool) for each in value.values()):
        return False
    wordless = {key: "" if isinstance(each, str) else each for key, each in value.items()}
    data = json.dumps(wordless).encode()
    return any(endpoint.shape.takes(data) for endpoint in venue.endpoints.values())


def takers(payload: bytes) -> Iterator[str]:
    """The venues that answer exactly so, by asking every one."""
    for name, venue in venues.every().items():
        if any(endpoint.shape.takes(payload) for endpoint in venue.endpoints.values()):
            yield name


@each_sample
def test_samples(name: str) -> None:
    """Of every sample."""
    payload = SAMPLES[name].record().payload
    data = payload if isinstance(payload, bytes) else payload.encode()
    assert recognition.recognise(data) == asked(data)
    assert {*recognition.takers(data)} == {*takers(data)}


@pytest.mark.parametrize("venue", VENUES)
@given(st.data())
def test_answers(venue: str, data: st.DataObject) -> None:
    """Of what an endpoint answers, right and wrong."""
    payload = data.draw(forms(data.draw(endpoints(venue))))
    assert recognition.recognise(payload) == asked(payload)


@given(st.text(max_size=40), st.text(max_size=40))
def test_errors_of_any_service(code: str, message: str) -> None:
    """Keys that many services give their errors name no venue, unless it lists the code."""
    for members in ({"error": code, "message": message}, {"label": code, "message": message}):
        name = recognition.recognise(json.dumps(members).encode())
        assert name is None or code in venues.every()[name].common_errors[0].listed


# --- Objects of scalars ---

_SCALARS = (str, int, float, bool, type(None))


def _is_scalar(field: Field) -> bool:
    return all(class_of(member) in _SCALARS for member in members_of(field.kind))


@cache
def flat() -> tuple[dict[tuple[str, ...], None], dict[str, list[Any]]]:
    """The keys of all objects of scalars that any endpoint answers, and the types of values by key."""
    objects: dict[tuple[str, ...], None] = {}
    kinds: dict[str, list[Any]] = {}
    for venue in venues.every().values():
        for node in {endpoint.shape.node: None for endpoint in venue.endpoints.values()}:
            for member in node.members if isinstance(node, UnionNode) else (node,):
                fields = fields_of(member.struct) if isinstance(member, StructNode) else ()
                if fields and all(map(_is_scalar, (f for f in fields if f.required))):
                    objects[tuple(f.key for f in fields if _is_scalar(f))] = None
                    for field in fields:
                        if field.kind not in kinds.setdefault(field.key, []):
                            kinds[field.key].append(field.kind)
    return objects, kinds


_ODD = st.one_of(
    json_values,
    int64s,
    texts,
    st.sampled_from([0, -1, 1, 200, "0", "", "00000", 1.0, True, None]),
    st.sampled_from(
        [b"-0", b"1e3", b"9" * 400, b"9" * 5_000, b'"\\ud800"', b'"\\x"', b"01", b"\xff", b'"\xff"']
    ).map(msgspec.Raw),
)


@st.composite
def objects(draw: st.DrawFn) -> bytes:
    """An object with keys of an object of scalars, and values that one or another venue has there."""
    keys, kinds = flat()
    chosen = draw(st.sampled_from(list(keys)))
    kept = [key for key in chosen if draw(st.integers(0, 9))]
    members = {
        key: draw(st.one_of(*map(values, kinds[key])) if draw(st.integers(0, 3)) else _ODD) for key in kept
    }
    data = b"{%b}" % b",".join(
        json.dumps(key).encode() + b":" + msgspec.json.encode(value) for key, value in members.items()
    )
    match draw(st.integers(0, 5)):
        case 0 if members:
            again = draw(st.sampled_from(list(members)))
            value = draw(st.one_of(st.just(members[again]), _ODD))
            return data[:-1] + b"," + json.dumps(again).encode() + b":" + msgspec.json.encode(value) + b"}"
        case 1:
            return data.replace(b",", b", ").replace(b'":', b'": ')
        case 2 if not any(isinstance(value, msgspec.Raw) for value in members.values()):
            return draw(rewritten(members))
        case _:
            return data


@given(objects())
def test_objects_of_scalars(payload: bytes) -> None:
    """Of objects that many venues may send."""
    assert recognition.recognise(payload) == asked(payload)


# --- What is about something else than a cancel ---


def others() -> Iterator[tuple[Venue, bytes]]:
    """Payloads that a venue passes over."""
    for path in SKIPPED.values():
        sample = msgspec.json.decode(path.read_bytes())
        payload = sample["payload"]
        data = payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)
        venue = venues.every()[sample["venue"]]
        if venue.skip is not None and venue.skip(data):
            yield venue, data


def test_what_is_passed_over_has_a_key_that_tells() -> None:
    """Every object that a venue passes over has one of the keys that its skip reads; recognised as by all."""
    found = list(others())
    assert found
    for venue, payload in found:
        value = msgspec.json.decode(payload) if payload[:1] in b"{[" else None
        if isinstance(value, dict):
            assert not venue.skip_keys.isdisjoint(value)
        assert recognition.recognise(payload) == asked(payload)


@given(st.binary() | st.text().map(str.encode) | st.none() | st.integers() | st.text())
def test_what_is_no_object_and_no_array_is_passed_over_as_a_heartbeat_alone(value: object) -> None:
    """No venue says anything about a number, a text or bytes, but for ``ping`` and ``pong``, and a greeting."""
    payload = value if isinstance(value, bytes) else msgspec.json.encode(value)
    heartbeats = (b"ping", b"pong", b'"ping"', b'"pong"')
    if payload.lstrip()[:1] not in (b"{", b"[") and payload.strip().lower() not in heartbeats:
        assert not any(venue.skip(payload) for venue in venues.every().values() if venue.skip is not None)


@pytest.mark.parametrize("venue", [name for name in VENUES if venues.every()[name].skip_keys])
@given(st.data())
def test_no_object_without_a_key_that_tells_is_passed_over(venue: str, data: st.DataObject) -> None:
    """Whatever stands around it, or is in it."""
    known = venues.every()[venue]
    assert known.skip is not None
    _, payload = data.draw(st.sampled_from([(v, p) for v, p in others() if p[:1] == b"{" and v is known]))
    frame = msgspec.json.decode(payload)
    name = data.draw(st.one_of(texts, st.sampled_from(list(frame)))).upper() + "?"
    members = {key: value for key, value in frame.items() if key not in known.skip_keys} | {name: frame}
    assert not known.skip(msgspec.json.encode(members))
    members = dict(reversed(members.items()))
    assert not known.skip(msgspec.json.encode(members))
