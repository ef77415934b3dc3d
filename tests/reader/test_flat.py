"""Objects of scalars: the types that take one exactly are told from its values, without asking each."""

import json
from typing import Any

import msgspec
import pytest
from msgspec import Raw

from cancelnorm.reader.fast import Shape
from cancelnorm.reader.flat import FlatTypes
from cancelnorm.reader.types import node_of
from tests.reader.structs import (
    Canceled,
    Failing,
    Filled,
    Holding,
    Order,
    OrderList,
    Refused,
    Succeeded,
    Taken,
)

ORDER = {"orderId": 1, "price": "1.50", "side": "BUY"}
ERROR = {"code": 7, "msg": ""}
FRAME = {"e": "CANCEL", "time": 10**12}


def taking(kinds: list[Any], value: dict[str, Any], data: str | None = None) -> Any:
    """The positions of the types that take an object; None where each has to be asked."""
    text = (json.dumps(value, separators=(",", ":")) if data is None else data).encode()
    found = FlatTypes.of(tuple(value), [(node_of(kind), at) for at, kind in enumerate(kinds)])
    return None if found is None else found.taking(text, msgspec.json.decode(text, type=dict[str, Raw]))


@pytest.mark.parametrize(
    ("kinds", "value", "expected"),
    [
        ([Order], ORDER, (0,)),
        ([Order, Order | OrderList, Order | None], ORDER, (0, 1, 2)),
        ([Order], ORDER | {"side": "HOLD"}, ()),
        ([Order], ORDER | {"price": "x"}, ()),
        ([Order], ORDER | {"price": 5}, ()),
        ([Order], ORDER | {"size": 1.5}, None),  # kept as it was sent, so it may be an object
        ([Order], ORDER | {"tag": None, "note": "x"}, (0,)),
        ([Filled, Canceled, Filled | Canceled], FRAME, (1, 2)),
        ([Filled, Canceled], FRAME | {"time": 5}, ()),
        ([Filled, Canceled], FRAME | {"e": "MOVE"}, ()),
        ([Refused, Refused | Taken], ERROR, (0, 1)),
        ([Refused, Refused | Taken], ERROR | {"code": 0}, ()),  # 0 is a success
        ([Succeeded, Failing, Refused], ERROR | {"code": "0"}, (0, 1)),
        ([Succeeded, Failing, Refused], ERROR | {"code": "5"}, (1,)),
        ([Order, Refused], ERROR, (1,)),
        ([Holding], {"side": "BUY", "inner": "x", "also": "y"}, None),
        ([dict[str, int]], {"a": 1}, None),
    ],
)
def test_types_that_take_an_object(kinds: list[Any], value: dict[str, Any], expected: Any) -> None:
    """In order, as if each were asked, which it has to be where one may hold more than scalars."""
    assert taking(kinds, value) == expected
    asked = tuple(at for at, kind in enumerate(kinds) if Shape(kind).takes(json.dumps(value).encode()))
    assert expected in (None, asked)


def test_forms_of_an_object() -> None:
    """White space changes nothing; where a key may be there twice, or a text be none, each has to be asked."""
    assert taking([Refused], ERROR, '{ "code": 7,\n "msg": "" }') == (0,)
    assert taking([Refused], ERROR, '{"code":7,"msg":"","msg":""}') is None
    assert taking([Refused], ERROR, '{"code":7,"msg":"a\\u0062"}') == (0,)
