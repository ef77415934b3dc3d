"""The fast and the exact reader beside each other, and what the exact one says."""

import json
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from cancelnorm.reader.exact import walk
from cancelnorm.reader.fast import Shape, builtins_of
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.types import node_of
from cancelnorm.reader.unions import known_keys, likeness
from tests.reader.structs import (
    Canceled,
    Enveloped,
    Failing,
    Filled,
    Inner,
    Order,
    OrderList,
    Refused,
    Succeeded,
    Taken,
    Wrapped,
)

ORDER = {"orderId": 1, "price": "1.50", "side": "BUY"}
LIST = {"listId": 2, "legs": [ORDER]}


def sent(value: Any) -> bytes:
    """A payload."""
    return json.dumps(value, separators=(",", ":")).encode()


def both(kind: Any, data: bytes) -> Any:
    """What both readers make of a payload; None where both refuse it or note an addition."""
    shape = Shape(kind)
    try:
        fast = shape.strict(data)
    except (ValueError, RecursionError):
        fast = None
    try:
        exact, notes, _ = walk(data, node_of(kind), refuse=False)
    except Mismatch:
        exact, notes = None, []
    if any(note.code != "duplicate-key" for note in notes):
        exact = None
    assert fast == exact
    assert type(fast) is type(exact)
    return fast


@pytest.mark.parametrize(
    ("kind", "value", "cls"),
    [
        (Filled | Canceled, {"e": "CANCEL", "time": 10**12}, Canceled),
        (Filled | Canceled, {"e": "FILL", "time": 10**12}, Filled),
        (Filled | Canceled, {"e": "MOVE", "time": 10**12}, None),
        (Filled | Canceled, {"e": None, "time": 10**12}, None),
        (Failing | Succeeded, {"code": "0", "msg": ""}, Failing),  # the first that takes it
        (Succeeded | Failing, {"code": "0", "msg": ""}, Succeeded),
        (Succeeded | Failing, {"code": "51", "msg": ""}, Failing),
        (Succeeded | Failing, {"code": 0, "msg": ""}, None),
        (Refused | Taken, {"code": 0, "msg": "", "data": []}, Taken),
        (Refused | Taken, {"code": 0, "msg": ""}, None),
        (Refused | Taken, {"code": False, "msg": ""}, None),
        (Taken | Refused, {"code": 7, "msg": ""}, Refused),
        (Order, ORDER | {"price": f"-{'1' * 60}.{'1' * 38}"}, Order),  # no decimal is longer
        (Order, ORDER | {"price": f"-{'1' * 61}.{'1' * 38}"}, None),
        (Order | OrderList, ORDER, Order),
        (Order | OrderList, LIST, OrderList),
        (Order | OrderList, ORDER | LIST, None),
        (Order, ORDER | {"size": 1.50}, Order),
        (Order, ORDER | {"size": "1.50"}, Order),
        (Order, ORDER | {"size": True}, None),
        (Order, ORDER | {"orderId": 2**63}, None),
        (Order, ORDER | {"orderId": 1.0}, None),
        (Order, ORDER | {"side": "HOLD"}, None),
        (Order, ORDER | {"tag": None}, Order),
        (dict[str, Order | OrderList], {"a": ORDER, "b": LIST}, dict),
        (list[Order | OrderList], [], list),
        (list[list[Order | OrderList]], [[ORDER], [LIST, ORDER]], list),
        (list[Order | OrderList], [ORDER, LIST, ORDER | {"orderId": 2}, LIST | {"legs": []}], list),
        (list[Order | OrderList], [LIST, ORDER | {"note": '"listId"'}, ORDER | {"orderId": 2}], list),
        (list[Order | OrderList], [ORDER, LIST, ORDER | {"side": "HOLD"}], None),
        (list[Order | OrderList], [ORDER, LIST | {"legs": None}, ORDER], None),
    ],
)
def test_both_read_or_both_refuse(kind: Any, value: Any, cls: type | None) -> None:
    """Unions are told apart by keys and constants; scalars by class, bounds and marks."""
    found = both(kind, sent(value))
    assert found is None if cls is None else type(found) is cls


ROW, OTHER = {"of": ORDER}, {"of": LIST}


@pytest.mark.parametrize(
    "value",
    [
        {"rows": []},
        {"rows": [ROW]},
        {"rows": [ROW, OTHER, ROW]},
        {"rows": [ROW], "maybe": None},
        {"rows": [ROW], "maybe": [ROW, ROW]},
        {"rows": [OTHER], "maybe": [OTHER, {"code": 7, "msg": ""}, ROW]},
        {"rows": [ROW], "named": {"a": ROW, "b": ROW}},
        {"rows": [ROW], "named": {"a": OTHER, "b": ROW}, "single": "x"},
        {"rows": [ROW], "single": ROW},
        {"rows": [ROW], "single": OTHER},
    ],
)
def test_rows_that_hold_others_are_declared_structs(value: dict[str, Any]) -> None:
    """Also where all have their first form, and are read at once."""
    found = both(Enveloped, sent(value))
    held = [
        *found.rows,
        *(found.maybe or ()),
        *(found.named or {}).values(),
        *([found.single] * bool(found.single)),
    ]
    assert len(held) >= len(value["rows"])
    assert {type(each) for each in held} <= {Wrapped, Refused, str}
    assert {type(each.of) for each in held if isinstance(each, Wrapped)} <= {Order, OrderList}


SMALL, SHORT = Annotated[int, Meta(ge=2, le=5)], Annotated[str, Meta(min_length=2, max_length=3)]
BELOW, LEAST = Annotated[int, Meta(ge=-(2**63), le=5)], Annotated[int, Meta(ge=2, lt=5)]


@pytest.mark.parametrize(
    ("kind", "taken", "refused", "expected"),
    [
        (SMALL, [2, 5], [1, 6, "2"], "at least 2, at most 5"),
        (LEAST, [2, 4], [1, 5], "at least 2, less than 5"),
        (BELOW, [5, -(2**63)], [6, -(2**63) - 1], "an integer up to 5"),
        (Int, [2**63 - 1, -(2**63)], [2**63, -(2**63) - 1], "a 64-bit integer"),
        (SHORT, ["ab", "abc", "éé"], ["", "a", "abcd"], "a string of 2 to 3 characters"),
        (Epoch, [10**12, 10**13 - 1, 10**15, 10**16 - 1], [10**12 - 1, 10**13, 10**16], "an epoch of 13"),
        (DecimalText, ["1" * 60, "-0.1"], ["1" * 61, ".1"], "a plain decimal"),
    ],
)
def test_bounds(kind: Any, taken: list[Any], refused: list[Any], expected: str) -> None:
    """Both readers take a value at a bound, and none beyond it."""
    for value in taken:
        assert both(kind, sent(value)) == value
    for value in refused:
        assert both(kind, sent(value)) is None
        with pytest.raises(Mismatch) as caught:
            walk(sent(value), node_of(kind), refuse=False)
        assert caught.value.expected.startswith(expected) is (type(value) is type(taken[0]))


def test_the_members_of_a_mixed_array_are_declared_structs() -> None:
    """In any order, wherever the second shape first comes, nested in an envelope."""
    for count in (0, 1, 40):
        value = both(Taken, sent({"code": 0, "msg": "", "data": [ORDER] * count + [LIST, ORDER]}))
        assert [type(part) for part in value.data] == [Order] * count + [OrderList, Order]


@pytest.mark.parametrize(
    "data",
    [
        b'{"orderId":1,"price":"1","side":"BUY","size":1e400}',
        b'{"orderId":1,"price":"1","side":"BUY","size":NaN}',
        b'{"orderId":1,"price":"1","side":"BUY","size":"\\ud800"}',
        b'{"orderId":1,"price":"1","side":"BUY","size":"\xff"}',
        b'{"orderId":1,"price":"1\\n2","side":"BUY"}',
        b'{"orderId":' + b"9" * 5_000 + b',"price":"1","side":"BUY"}',
        b'{"orderId":1,"price":"1","side":"BUY","tag":' + b"[" * 100_000,
        b'{"orderId":1,"orderId":2,"price":"1","side":"BUY"}',
        b'{"orderId":1,"size":1.5,"price":"1","side":"BUY","size":"1.5"}',
    ],
)
def test_nasty_payloads_are_refused_by_both(data: bytes) -> None:
    """Numbers without end, half characters, nesting without end, contradictions."""
    assert both(Order, data) is None


def test_a_key_that_says_the_same_twice() -> None:
    """It is noted, also where a text has a colon or the payload has white space."""
    data = b'{"orderId":1,"price":"1","side":"BUY","note":"a:b","orderId":1}'
    assert both(Order, data).order_id == 1
    for form in (data, msgspec.json.format(data, indent=2)):
        assert [note.path for note in walk(form, node_of(Order), refuse=True).notes] == ["$.orderId"]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Filled | Canceled, {"e": "MOVE", "time": 1}, ("$.e", "FILL", "'MOVE'")),
        (Filled | Canceled, {"e": "CANCEL", "time": 1}, ("$.time", "an epoch of 13", "1")),
        (Filled | Canceled, {"e": "CANCEL"}, ("$.time", "a value", "no such field")),
        (list[Order | OrderList], [ORDER, ORDER | {"price": 5}], ("$[1].price", "a plain decimal", "5")),
        (Order | OrderList, ORDER | LIST, ("$", "either Order or OrderList", "keys of both")),
        (Order | OrderList, [], ("$", "Order or OrderList", "an empty array")),
        (Order | None, 5, ("$", "Order or null", "5")),
        (bool | str, 5, ("$", "true or false or a string", "5")),
        (Refused, {"code": 7, "msg": "", "new": [1]}, ("$.new", "no such field", "an array")),
        (Refused, {"code": 7, "msg": "", "new": None}, ("$.new", "no such field", "null")),
        (Refused, {"code": 7, "msg": "", "apiKey": {"a": 1}}, ("$.apiKey", "no such field", "[redacted]")),
        (Refused, {"code": 7, "msg": "", "a": 1, "b": []}, ("$.b", "no such field", "an empty")),
        (Inner, {"new": 1}, ("$", "an object with list_id", "an object with none of them")),
        (dict[str, Order], [], ("$", "an object", "an empty array")),
    ],
)
def test_a_refusal_says_where_and_what(kind: Any, value: Any, message: tuple[str, str, str]) -> None:
    """The fault is that of the member which the payload names by its constants."""
    with pytest.raises(Mismatch) as caught:
        walk(sent(value), node_of(kind), refuse=False)
    path, expected, found = message
    assert caught.value.path == path
    assert caught.value.expected.startswith(expected)
    assert caught.value.found.startswith(found)


def test_what_was_added_is_noted_as_plain_json() -> None:
    """Numbers keep their text, secrets are masked, keys come in alphabetical order."""
    value = ORDER | {"z": 0, "apiKey": "k", "more": {"secret": "k"}}
    data = sent(value).replace(b'"z":0', b'"z":[1.50,1e400,123456789012345678901234567890]')
    notes = walk(data, node_of(Order), refuse=False).notes
    assert [(note.path, note.value) for note in notes] == [
        ("$.apiKey", "[redacted]"),
        ("$.more", {"secret": "[redacted]"}),
        ("$.z", ["1.50", "1e400", "123456789012345678901234567890"]),
    ]
    assert msgspec.json.encode(notes)


def test_builtins_are_what_was_sent() -> None:
    """Venue keys, exact numbers, nothing that was not there, prose without secrets."""
    data = b'{"orderId":1,"price":"1.50","side":"BUY","size":1.50,"note":"bad signature=k7"}'
    assert builtins_of([Shape(Order).strict(data)]) == [
        {"orderId": 1, "price": "1.50", "side": "BUY", "size": "1.50", "note": "bad signature=[redacted]"}
    ]


@pytest.mark.parametrize(
    ("kind", "value", "words", "keys"),
    [
        (Canceled, {"e": "CANCEL", "time": 1}, 1, 2),
        (Canceled, {"e": "FILL", "more": 1}, -1, 1),
        (Canceled, {"time": 1}, 0, 1),
        (Canceled, {"other": 1}, 0, 0),
        (Canceled, ["CANCEL"], 0, 0),
        (Filled | Canceled, {"e": "CANCEL", "time": 1}, 1, 2),
        (Order, ORDER, 0, 3),
        (Order, ORDER | {"side": None}, 0, 3),
        (OrderList, LIST, 0, 5),
        (list[Order], [ORDER, {}], 0, 3),
        (list[Order], [], 0, 0),
    ],
)
def test_what_a_payload_is_like(kind: Any, value: Any, words: int, keys: int) -> None:
    """Words that a type prescribes, less others in their places, and keys that it has, those within included."""
    assert likeness(node_of(kind), value) == words
    assert known_keys(node_of(kind), value) == keys


class Priced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row with a price."""

    price: DecimalText


class Worded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same with any text in its place."""

    price: str


@pytest.mark.parametrize(("digits", "cls"), [(60, Priced), (61, Worded)])
def test_the_longest_decimal_tells_structs_apart(digits: int, cls: type) -> None:
    """A text that is as long as a decimal may be fits one, and a longer one does not."""
    value = {"price": f"-{'1' * digits}.{'1' * 38}"}
    assert isinstance(both(Priced | Worded, sent(value)), cls)
