"""An answer without endpoint: what is shared among its candidates, and what is kept of it, changes no result."""

import ast
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from inspect import getsource
from pkgutil import iter_modules
from typing import Any, Final, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import (
    CancelNormError,
    Normalised,
    NotACancel,
    Record,
    answering,
    assumption,
    assumptions,
    normalise,
    venues,
)
from cancelnorm.answer import data_of
from cancelnorm.answering import Answerers, Reading
from cancelnorm.assumption import _Unlike
from cancelnorm.assumptions import Assumptions
from cancelnorm.common_error import CommonError
from cancelnorm.endpoint import Endpoint
from cancelnorm.reader.types import class_of, fields_of, structs_in
from cancelnorm.testing.payloads import endpoints, relevant
from cancelnorm.venue import Venue
from tests.batches import each_sample
from tests.samples import SAMPLES
from tests.strategies import VENUES

STATUSES = (None, 200, 400, 503)
Read = Callable[[Record], Normalised]


# --- The plain way: each endpoint decodes and maps by itself ---


def each_reading(venue: Venue, payload: bytes) -> list[Reading]:
    """What each endpoint decodes; those that decode the same, together, in the order in which it was first decoded."""
    found: list[tuple[Any, list[Endpoint]]] = []
    for endpoint in venue.endpoints.values():
        try:
            value = endpoint.shape.strict_reader.decode(payload)
        except (ValueError, RecursionError):
            continue
        alike = next((rows for other, rows in found if other == value), None)
        if alike is None:
            found.append((value, [endpoint]))
        else:
            alike.append(endpoint)
    return [Reading(Answerers(tuple(rows)), value) for value, rows in found]


def each_endpoint(
    venue: Venue, answerers: tuple[Answerers, ...], classes: tuple[type, ...], *, with_request: bool
) -> _Unlike:
    """Every endpoint, whether or not another one says the same."""
    del with_request
    rows = {endpoint: i for i, row in enumerate(answerers) for endpoint in row.endpoints}
    ordered = answering.in_order(venue, rows)
    return _Unlike(
        tuple(endpoint.name for endpoint in ordered),
        tuple((rows[e], e, e.mapping(classes[rows[e]])) for e in ordered),
        tuple((rows[e], tells) for e in ordered for tells in e.sharing(classes[rows[e]])),
    )


def said(read: Read, record: Record) -> object:
    """The result, or the error with its text."""
    try:
        return read(record)
    except CancelNormError as error:
        return type(error), str(error), getattr(error, "event", None)


def anew(record: Record) -> Normalised:
    """What is found without anything kept."""
    return assumption.assume(record, venues.every()[record.venue], "collect")


ASSUMPTIONS: Final = Assumptions()


def kept(record: Record) -> Normalised:
    """What is found where it may be known."""
    return ASSUMPTIONS.assume(record, venues.every()[record.venue], "collect")


def assert_alike(record: Record) -> None:
    """The quick way says what the plain one says, and the same again for a record at another time."""
    quick = said(anew, record)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assumption, "unlike", each_endpoint)
        patch.setattr(answering, "readings", each_reading)
        assert said(anew, record) == quick
    assert said(kept, record) == quick
    later = replace(record, sent_ns=5, received_ns=7, source="other.jsonl:8", account="second")
    assert said(kept, later) == said(anew, later)
    assert said(kept, record) == quick


def test_who_asks_first_changes_nothing_for_others() -> None:
    """A list in a result is the caller's own, the first time too."""
    record = Record(b'{"code":-2011,"msg":"Unknown order sent first."}', "binance")
    first = kept(record)
    expected = list(first.notes[0].value)
    for result in (first, kept(record)):
        result.notes[0].value.clear()
    assert list(kept(record).notes[0].value) == expected


# --- Samples, and what they are when they are damaged ---


def damaged(data: bytes) -> list[bytes]:
    """Some payloads that are nearly the same."""
    chance = random.Random(data)
    found = [*_all_damaged(data, chance)]
    return chance.sample(found, min(3, len(found)))


def _all_damaged(data: bytes, chance: random.Random) -> Iterator[bytes]:
    yield data[: chance.randrange(len(data) + 1)]
    yield data.replace(b":", b" : ")
    try:
        tree = json.loads(data)
    except ValueError:
        return
    first = tree[0] if isinstance(tree, list) and tree else tree
    if isinstance(first, dict) and first:
        key = chance.choice([*first])
        value = first[key]
        for other in (None, "", 0, "x", [value]):
            first[key] = other
            yield msgspec.json.encode(tree)
        first[key] = value
        yield msgspec.json.encode(tree).replace(b"{", b"{%b:null," % msgspec.json.encode(key), 1)
        del first[key]
        yield msgspec.json.encode(tree)
    yield msgspec.json.encode([tree, tree])


@each_sample
def test_samples(name: str) -> None:
    """Samples without their endpoint, also damaged ones, with a request and without."""
    record = replace(SAMPLES[name].record("log.jsonl:3"), endpoint=None)
    assert_alike(record)
    assert isinstance(record.payload, bytes)
    for payload in damaged(record.payload):
        assert_alike(replace(record, payload=payload, request=None))


@each_sample
def test_additions(name: str) -> None:
    """An answer that says something of a cancel does so whatever the venue adds, and with its integers in quotes."""
    record = replace(SAMPLES[name].record(), endpoint=None, dialect=None)
    try:
        tree = json.loads(data_of(record))
    except ValueError:  # a page or a sentence, to which a venue adds nothing
        return
    try:
        normalise(record)
    except CancelNormError:
        return
    for number, place in enumerate(places_of(tree), len(name)):
        new = NEW_KEYS[number % len(NEW_KEYS)]
        place[new] = "1"
        assert is_heard(replace(record, payload=msgspec.json.encode(tree)))
        del place[new]
    quoted = msgspec.json.encode(in_quotes(tree))
    assert is_heard(replace(record, payload=quoted, dialect="quoted-numbers"))


NEW_KEYS: Final = ("brandNew", "b.c.d", 'a"b', "x[0].y")
"""Also such as stand in a path in quotes."""


def places_of(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON value that carry something, the inner ones first."""
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from places_of(part)
    if isinstance(tree, dict) and tree:
        yield tree


def in_quotes(tree: Any) -> Any:
    """A JSON value with its integers as texts."""
    match tree:
        case dict():
            return {key: in_quotes(value) for key, value in tree.items()}
        case list():
            return [in_quotes(value) for value in tree]
        case int() if not isinstance(tree, bool):
            return str(tree)
        case _:
            return tree


def is_heard(record: Record) -> bool:
    """Whether a record is not passed over as one that is not about a cancel."""
    try:
        normalise(record)
    except NotACancel:
        return False
    except CancelNormError:
        return True
    return True


@pytest.mark.parametrize("venue", VENUES)
@given(st.data())
def test_payloads(venue: str, data: st.DataObject) -> None:
    """Anything that an endpoint may answer, under any HTTP status."""
    endpoint = data.draw(endpoints(venue))
    payload = msgspec.json.encode(data.draw(relevant(endpoint)))
    assert_alike(Record(payload, venue, status=data.draw(st.sampled_from(STATUSES)), source="log.jsonl:3"))


@pytest.mark.parametrize("venue", VENUES)
@given(code=st.integers(-(2**63), 2**63 - 1), text=st.text())
def test_errors(venue: str, code: int, text: str) -> None:
    """Errors of codes and texts that no table has."""
    for keys in (
        ("code", "msg"),
        ("retCode", "retMsg"),
        ("ret_code", "ret_msg"),
        ("error_code", "error_msg"),
    ):
        assert_alike(Record(msgspec.json.encode(dict(zip(keys, (code, text), strict=True))), venue))


# --- Errors that mean the same as one that was met ---


def common_errors() -> list[tuple[str, CommonError]]:
    """The errors that many endpoints answer alike, with their venues."""
    return [(name, error) for name, venue in venues.every().items() for error in venue.common_errors]


@cache
def texts_of(venue: str, error: CommonError) -> list[str]:
    """All texts that stand in the modules of a venue, and in its tables: those that its maps may look for."""
    return sorted(constants_of(venue).union(*error.listed.values()))


@cache
def constants_of(venue: str) -> frozenset[str]:
    """The short texts in the modules of a venue."""
    package = import_module(venues.every()[venue].package)
    sources = [
        getsource(import_module(f"{package.__name__}.{module.name}"))
        for module in iter_modules(package.__path__)
    ]
    nodes = (node for source in sources for node in ast.walk(ast.parse(source)))
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return frozenset(value for value in values if isinstance(value, str) and 0 < len(value) < 40)


def example(error: CommonError, code: int | str, text: str, clock: int) -> bytes:
    """The payload of such an error."""
    kinds = {f.name: class_of(f.kind) for f in fields_of(error.answer)}
    values: dict[str | None, Any] = {error.clock: clock, error.message: text}
    if error.code is not None:
        values[error.code] = kinds[error.code](code)
    fields = {name: values.get(name) for name in kinds}
    empty = {name: kind() for name, kind in kinds.items() if name not in values}
    return msgspec.json.encode(error.answer(**fields | empty))


def code_of(error: CommonError, number: int) -> int | str:
    """A code of the type that those of an error have, and of their length if they have one; any where it has none."""
    if error.code is None:
        return number
    [kind] = [f.kind for f in fields_of(error.answer) if f.name == error.code]
    if class_of(kind) is not str:
        return number
    longest = [meta.max_length for meta in get_args(kind)[1:] if meta.max_length]
    return str(number)[-longest[0] :].zfill(longest[0]) if longest else str(number)


SURROUNDINGS: Final = st.sampled_from(
    ["", " ", "x", "Order 1 ", "after 1727193814249", "banned until 1727193814249.", "result: true "]
)


@pytest.mark.parametrize(("venue", "error"), common_errors())
@given(st.data())
def test_texts_of_errors(venue: str, error: CommonError, data: st.DataObject) -> None:
    """Errors with new texts and codes are told as if each were the only one, whatever was met before."""
    tried = Assumptions()
    status = data.draw(st.sampled_from(STATUSES))
    texts = st.sampled_from(texts_of(venue, error)) | st.text()
    numbers = st.integers(-(2**63), 2**63 - 1)
    codes = st.sampled_from([*error.listed] or [0]) | st.builds(code_of, st.just(error), numbers)
    for _ in range(4):
        pieces = data.draw(st.lists(texts | SURROUNDINGS, max_size=3))
        text = "".join(pieces)
        text = data.draw(st.sampled_from([text, text.upper(), text.title()]))
        payload = example(error, data.draw(codes), text, data.draw(st.integers(10**12, 10**13 - 1)))
        record = Record(payload, venue, status=status, source=f"log.jsonl:{len(text)}")

        def told(record: Record) -> Normalised:
            return tried.assume(record, venues.every()[record.venue], "collect")

        assert said(told, record) == said(anew, record)


@pytest.mark.parametrize(("venue", "error"), common_errors())
def test_errors_that_are_met_again(venue: str, error: CommonError) -> None:
    """A new text and a new code that say nothing new are held against no endpoint."""
    tried = Assumptions()
    sign = 1 if error.told(example(error, code_of(error, 987_654_321), "", 10**12)) else -1
    for i in range(1, 4):
        payload = example(error, code_of(error, sign * (987_654_321 + i)), f"x{i}", 10**12 + i)
        record = Record(payload, venue, source=f"log.jsonl:{i}")
        with pytest.MonkeyPatch.context() as patch:
            if i > 1:
                patch.setattr(assumptions, "assume", None)
            result = tried.assume(record, venues.every()[venue], "collect")
        assert result == anew(record)


@pytest.mark.parametrize(("venue", "error"), common_errors())
@given(st.data())
def test_texts_of_errors_that_are_passed_over(venue: str, error: CommonError, data: st.DataObject) -> None:
    """Whether a venue passes an error over depends on its code, and on none of the words of its modules."""
    skip = venues.every()[venue].skip
    code = data.draw(
        st.sampled_from([*error.listed] or [0])
        | st.builds(code_of, st.just(error), st.integers(-(2**63), 2**63 - 1))
    )
    texts = data.draw(st.lists(st.sampled_from(texts_of(venue, error)) | st.text(), max_size=3))
    found = {skip and skip(example(error, code, text, 10**12)) for text in ("x", "".join(texts), *texts)}
    assert len(found) == 1


# --- Payloads that no endpoint answers, as others did not ---


@cache
def keys_of(venue: str) -> list[str]:
    """Every key that a venue's answers have."""
    roots = [endpoint.shape.node for endpoint in venues.every()[venue].endpoints.values()]
    return sorted({key for root in roots for struct in structs_in(root) for key in struct.keys})


@cache
def words_of(venue: str) -> list[str]:
    """Every word that tells answers of a venue apart."""
    roots = [endpoint.shape.node for endpoint in venues.every()[venue].endpoints.values()]
    structs = [struct for root in roots for struct in structs_in(root)]
    return sorted({word for struct in structs for words in struct.constants.values() for word in words})


NO_OBJECTS: Final = (b"[]", b"", b"x", b"<html>", b"{", b"\xff", b"1", b'"x"')
SCALARS: Final[st.SearchStrategy[Any]] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
)


@pytest.mark.parametrize("venue", VENUES)
@given(st.data())
def test_foreign_payloads(venue: str, data: st.DataObject) -> None:
    """What keys show to be no answer is refused as if it were the only one, whatever was met before."""
    tried = Assumptions()
    words = st.sampled_from(["x", *words_of(venue)])
    values: st.SearchStrategy[Any] = SCALARS | words | st.integers(0, 9) | st.just([]) | st.just({"a": 1})
    keys = data.draw(st.lists(st.sampled_from(keys_of(venue)) | st.text(max_size=3), max_size=4))
    for _ in range(5):
        members = {key + data.draw(st.sampled_from(["", "", "", "x"])): data.draw(values) for key in keys}
        payload: bytes | str = data.draw(
            st.sampled_from(
                [msgspec.json.encode(members)] * 4
                + [b"[]", b"", b"x", b"<html>", b"{", b"\xff", b"1", b'"x"']
            )
            | st.binary(max_size=5)
            | SCALARS.map(msgspec.json.encode)
        )
        record = Record(payload, venue, status=data.draw(st.sampled_from(STATUSES)), source="log.jsonl:3")

        def told(record: Record) -> Normalised:
            return tried.assume(record, venues.every()[record.venue], "collect")

        assert said(told, record) == said(anew, record)


def test_nobody_can_change_what_is_kept() -> None:
    """The names in the note are a list, which is another one each time."""
    record = Record(b'{"code":-2011,"msg":"Unknown order sent."}', VENUES[0])
    first = kept(record)
    names = [*first.notes[0].value]
    kept(record).notes[0].value.clear()
    assert kept(record).notes[0].value == names
