"""Type expressions compiled to nodes."""

from typing import Literal

from cancelnorm.reader.types import ListNode, PlainNode, StructNode, UnionNode, WordNode, node_of, structs_in
from tests.reader.structs import Canceled, Failing, Filled, Order, OrderList, Refused, Succeeded, Taken


def constants(kind: object) -> list[dict[str, frozenset[str]]]:
    """The constants by which the members of a union are told apart."""
    node = node_of(kind)
    assert isinstance(node, UnionNode)
    return [dict(member.constants) for member in node.structs]


def test_a_type_is_compiled_once() -> None:
    """The same type is the same node."""
    assert node_of(list[Order]) is node_of(list[Order])


def test_a_struct_knows_its_keys() -> None:
    """Keys are those of the wire."""
    node = node_of(Order)
    assert isinstance(node, StructNode)
    assert node.required == {"orderId", "price", "side"}
    assert node.keys == {"orderId", "price", "side", "size", "note", "tag"}
    assert [field.name for field in node.fields] == ["order_id", "price", "side", "size", "note", "tag"]


def test_a_single_word_is_a_constant_only_where_it_tells_structs_apart() -> None:
    """A word that another member of the union does not share is closed, any other is open."""
    assert constants(Filled | Canceled) == [{"e": {"FILL"}}, {"e": {"CANCEL"}}]
    assert constants(Succeeded | Failing) == [{"code": {"0"}}, {}]
    assert constants(Filled | Order) == [{}, {}]
    alone = node_of(Filled)
    assert isinstance(alone, StructNode)
    assert isinstance(alone.fields[0].node, WordNode)
    assert alone.fields[0].node.open


def test_numbers_are_constants() -> None:
    """A number that a struct prescribes is closed anywhere; so is "other than 0"."""
    assert constants(Taken | Refused) == [{"code": {"0"}}, {}]
    taken, refused = node_of(Taken), node_of(Refused)
    assert isinstance(taken, StructNode)
    assert isinstance(refused, StructNode)
    assert refused.failed == {"code"}
    assert taken.is_apart(refused)
    assert refused.is_apart(taken)


def test_words_of_several_types() -> None:
    """A list of words that begins with a number is closed."""
    node = node_of(Literal[0, "0"])
    assert isinstance(node, WordNode)
    assert not node.open


def test_every_struct_is_found() -> None:
    """Structs in fields, lists and unions."""
    assert {node.struct for node in structs_in(node_of(Taken | Refused))} == {
        Taken,
        Refused,
        Order,
        OrderList,
    }
    plain = node_of(list[str])
    assert isinstance(plain, ListNode)
    assert isinstance(plain.item, PlainNode)
