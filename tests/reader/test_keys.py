"""Types found by the keys of a payload."""

import pytest

from cancelnorm.reader.keys import Alike, KeyIndex, Near
from cancelnorm.reader.types import node_of
from tests.reader.structs import Order, OrderList, Refused, Taken
from tests.reader.test_agreement import LIST, ORDER, sent

KINDS = {"reply": Taken | Refused, "order": Order | Refused, "orders": list[Order | OrderList] | Refused}


@pytest.mark.parametrize(
    ("payload", "exactly", "possibly"),
    [
        (sent(ORDER), ["order"], ["order"]),
        (sent(ORDER | {"new": 1}), [], ["order"]),
        (sent([LIST, ORDER]), ["orders"], ["orders"]),
        (b" \n[ ]", ["orders"], ["orders"]),
        (sent({"code": 1, "msg": ""}), ["reply", "order", "orders"], ["reply", "order", "orders"]),
        (sent({"code": 0, "msg": "", "data": []}), ["reply"], ["reply", "order", "orders"]),
        (b"[[]]", [], []),
        (b"{}", [], []),
        (b"null", [], []),
        (b"", [], []),
        (b'{"code":', [], []),
        (b"[" * 100_000, [], []),
    ],
)
def test_found_by_keys(payload: bytes, exactly: list[str], possibly: list[str]) -> None:
    """Only what has all required keys may be meant, and exactly only what knows all keys."""
    index = KeyIndex([(node_of(kind), name) for name, kind in KINDS.items()])
    assert [row for alike in index.exactly(payload) for row in alike.rows] == exactly
    assert index.possibly(payload) == possibly


def test_what_is_no_object_may_have_any_type_that_is_none() -> None:
    """Texts and arrays of texts have no keys: every type that takes such is asked by itself."""
    index = KeyIndex(
        [
            (node_of(str | Refused), "an id"),
            (node_of(str | list[str]), "an id, or ids"),
            (node_of(list[str] | Refused), "ids"),
            (node_of(list[Order]), "orders"),
        ]
    )
    one, both, ids, orders = (Alike((name,)) for name in ("an id", "an id, or ids", "ids", "orders"))
    assert index.exactly(b'"17"') == [one, both]
    assert index.exactly(b'\n ["17", "18"]') == [both, ids]
    assert index.possibly(b"17") == ["an id", "an id, or ids"]
    assert index.exactly(b"[]") == [both, ids, orders]
    assert index.exactly(sent([ORDER])) == [Alike(("orders",), Order)]
    assert index.exactly(sent({"code": 1, "msg": ""})) == [
        Alike(("an id", "ids"), alone=(Refused, True)),
    ]


def test_types_that_read_a_payload_alike_come_together() -> None:
    """Types of which one and the same struct alone has the keys stand together; of an array, with the struct."""
    index = KeyIndex(
        [
            (node_of(Order | Refused), "order"),
            (node_of(Order | OrderList), "either"),
            (node_of(Taken | Refused), "reply"),
            (node_of(list[Order | OrderList] | Refused), "orders"),
            (node_of(list[Order]), "plain orders"),
        ]
    )
    assert index.exactly(sent(ORDER)) == [Alike(("order", "either"), alone=(Order, False))]
    assert index.exactly(sent([ORDER])) == [Alike(("orders", "plain orders"), Order)]
    assert index.exactly(b"[]") == [Alike(("orders",)), Alike(("plain orders",))]


def test_types_that_read_additions_alike_come_together() -> None:
    """Types that read an object as one and the same struct stand together, but with a key of another struct."""
    index = KeyIndex(
        [
            (node_of(Order), "order"),
            (node_of(Order | OrderList), "order or list"),
            (node_of(Order | dict[str, str]), "order or names"),
            (node_of(list[Order]), "orders"),
        ]
    )
    together, names = Near(("order", "order or list"), 1), Near(("order or names",), 0)
    assert index.near(sent(ORDER | {"new": 1})) == [together, names]
    assert index.near(sent(ORDER | {"legs": 1})) == [Near((name,), 1) for name in together.rows] + [names]
    assert index.near(sent([ORDER | {"new": 1, "newer": 2}])) == [Near(("orders",), 2)]


def test_a_word_or_a_code_tells_types_apart_where_keys_do_not() -> None:
    """Where a struct among the members is told by a value, each type is asked by itself."""
    index = KeyIndex([(node_of(Taken | Refused), "reply"), (node_of(Order | Refused), "order")])
    assert index.near(sent({"code": 1, "msg": "", "data": [], "new": 1})) == [
        Near(("reply",), 1),
        Near(("order",), 2),
    ]


def test_arrays_of_other_things_than_objects() -> None:
    """By the keys of an object in one nothing is told, so each type of such arrays may be meant."""
    index = KeyIndex(
        [
            (node_of(list[list[dict[str, Order]] | str]), "frames"),
            (node_of(list[str]), "ids"),
            (node_of(list[Order]), "orders"),
            (node_of(list[dict[str, int]]), "numbers"),
        ]
    )
    assert index.possibly(b'[{"7":1}]') == ["numbers"]
    assert index.exactly(sent([ORDER])) == [Alike(("orders",), Order), Alike(("numbers",))]
    for payload in (b'[[{"7":{}}],"orders"]', b'[ ["a"]]', b'["7"]', b"[7]"):
        assert index.possibly(payload) == ["frames", "ids"]
        assert index.exactly(payload) == [Alike(("frames",)), Alike(("ids",))]


def test_a_refusal_among_others_in_an_array_is_read_apart() -> None:
    """In a union a refusal with the code of success is refused, alone it is not."""
    index = KeyIndex([(node_of(list[Order | Refused]), "answers"), (node_of(list[Refused]), "refusals")])
    found = index.exactly(sent([{"code": 1, "msg": ""}]))
    assert found == [Alike(("answers",), Refused), Alike(("refusals",), Refused)]
