"""What a request names: one order, several, or a scope, under whatever names and in whatever form."""

import json
from typing import Any

import pytest

from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import Product

KEYS = RequestKeys(
    symbol=("symbol", "instId"),
    order_id=("orderId",),
    client_order_id=("clientOrderId", "origClientOrderId"),
    cancel_client_order_id=("newClientOrderId",),
    list_id=("orderListId",),
    product=("category",),
    products={"spot": Product.SPOT},
    order_ids=("orderIdList",),
    client_order_ids=("clientIdList",),
    rows=("orders",),
    wrapper=("args",),
)


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ({"symbol": "A", "orderId": 7}, Target("A", "7")),
        ({"symbol": "A", "orderId": "7", "origClientOrderId": "c"}, Target("A", "7", "c")),
        ({"SYMBOL": "A", "origclientorderid": "c"}, Target("A", client_order_id="c")),
        ({"orderId": 0, "clientOrderId": ""}, Target(order_id="0")),
        ({"symbol": "A", "orderListId": 3}, Target("A", list_id="3")),
        ({"symbol": ["A"], "orderId": True, "category": "spot"}, Target(product=Product.SPOT)),
        ({"args": [{"instId": "A", "orderId": 7}]}, Target("A", "7")),
        ({"args": {"orderId": 7}}, Target()),
        (
            {"instId": "A", "category": "spot", "orders": {"orderId": 7}},
            Target("A", "7", product=Product.SPOT),
        ),
        ([{"orderId": 7}], Target(order_id="7")),
        ([{"orderId": 7}, {"orderId": 8}], Target()),
        ({"symbol": "A", "orderIdList": "[7,8]"}, Target("A")),
        ({"symbol": "A", "orderIdList": "7"}, Target("A", "7")),
        ({"unknown": {"orderId": 7}}, Target()),
        ({1: 2, None: 3, "ORDERID": 7}, Target(order_id="7")),
        ({"symbol": "A", "orderId": 10**5000}, Target("A")),
        ({}, Target()),
    ],
)
def test_the_one_order(request_: Any, wanted: Target) -> None:
    """Where a request names one order it is that one, else what its orders share."""
    assert KEYS.target(request_) == wanted


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ({"orders": [{"orderId": 7}, {"clientOrderId": "c"}, "?"]}, [("7", None), (None, "c"), (None, None)]),
        ({"orders": '[{"orderId": 7}]'}, [("7", None)]),
        ({"orderIdList": [7, "8", None]}, [("7", None), ("8", None), (None, None)]),
        ({"orderIdList": "7,8"}, [("7", None), ("8", None)]),
        ({"orderIdList": [], "clientIdList": '["c","d"]'}, [(None, "c"), (None, "d")]),
        ([{"orderId": 7}, {"orderId": 8}], [("7", None), ("8", None)]),
        ({"args": [{"orderId": 7}, {"orderId": 8}]}, [("7", None), ("8", None)]),
        ({"symbol": "A"}, []),
    ],
)
def test_every_order(request_: Any, wanted: list[tuple[str | None, str | None]]) -> None:
    """The orders come in the order of the request; a place that cannot be read names none."""
    assert [(t.order_id, t.client_order_id) for t in KEYS.targets(request_)] == wanted


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ({"nonce": 1, "action": {"type": "x", "rows": [{"a": 3, "o": 7}, {"a": 4, "o": 8}]}}, ["7", "8"]),
        ({"payload": {"action": {"type": "x", "o": 7}}, "type": "action"}, ["7"]),
        ({"type": "x", "o": 7}, ["7"]),
        ({"ACTION": {"o": 7}}, ["7"]),
        ({"action": "x", "o": 7}, ["7"]),
        ({"action": {"type": "x"}, "o": 7}, []),
    ],
)
def test_parameters_in_objects(request_: Any, wanted: list[str]) -> None:
    """The parameters may stand in an object, and that in another one; what stands beside it names nothing."""
    keys = RequestKeys(order_id=("o",), rows=("rows",), envelope=("payload", "action"))
    assert [target.order_id for target in keys.targets(request_)] == wanted
    assert keys.target(request_).order_id == (wanted[0] if len(wanted) == 1 else None)


def test_names() -> None:
    """All parameter names, which the laws draw requests from."""
    assert {"symbol", "instId", "orderIdList", "args", "category"} <= set(KEYS.names)
    assert "products" not in KEYS.names


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ({"id": "t-7"}, [(None, "t-7")]),
        ({"id": "T-7"}, [("T-7", None)]),
        ({"id": "t-7", "name": "c"}, [(None, "c")]),
        ({"ids": ["7", "t-7"]}, [("7", None), (None, "t-7")]),
        ([{"id": "t-7"}, {"id": 7}], [(None, "t-7"), ("7", None)]),
    ],
)
def test_a_prefix_tells_client_ids(request_: Any, wanted: list[tuple[str | None, str | None]]) -> None:
    """At a venue that takes either id in one place, the prefix tells whose it is."""
    keys = RequestKeys(order_id=("id",), client_order_id=("name",), order_ids=("ids",), client_prefix="t-")
    assert [(t.order_id, t.client_order_id) for t in keys.targets(request_)] == wanted


def test_a_pattern_tells_the_ids_of_one_name() -> None:
    """At a venue that takes either id in one place, what is no order id is the client's."""
    keys = RequestKeys(order_id=("id",), client_order_id=("id",), order_pattern="[0-9]+-[0-9]+")
    found = [keys.target({"id": value}) for value in ("17-0", "mine", 17)]
    assert [(t.order_id, t.client_order_id) for t in found] == [
        ("17-0", None),
        (None, "mine"),
        (None, "17"),
    ]


BATCH = RequestKeys(
    order_id=("id",),
    client_order_ids=("ids",),
    rows=("orders",),
    envelope=("json",),
    cancels={"do": "cancel"},
)
MIXED = [{"do": "cancel", "id": 1}, {"do": "send", "id": 2}, {"id": 3}, 7]


@pytest.mark.parametrize(
    "request_",
    [
        {"orders": MIXED},
        {"orders": json.dumps(MIXED)},
        {"json": {"orders": MIXED}},
        {"json": json.dumps({"orders": MIXED})},
    ],
)
def test_rows_that_are_no_cancels_name_nothing(request_: Any) -> None:
    """Whether the parameters stand in a form, in an object, or in the text of one; rows keep their places."""
    assert [target.order_id for target in BATCH.targets(request_)] == ["1", None, "3", None]
    assert BATCH.cancel_rows(request_) == [True, False, True, False]


@pytest.mark.parametrize("request_", [None, {}, {"id": 1}, {"json": "no JSON"}, {"json": 7}, [{"id": 1}]])
def test_what_is_no_batch_has_no_rows(request_: Any) -> None:
    """A request of one order, or of none, or one that cannot be read."""
    assert BATCH.cancel_rows(request_) == []


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ({"id": "O7-A"}, ["O7-A"]),
        ({"id": "20260202"}, []),
        ({"id": 20260202}, []),
        ({"ids": ["O7-A", 20260202, "O7-B"]}, ["O7-A", None, "O7-B"]),
    ],
)
def test_a_pattern_tells_what_is_an_order_id(request_: Any, wanted: list[str | None]) -> None:
    """What it does not match names no order, and has its place among others."""
    keys = RequestKeys(order_id=("id",), order_ids=("ids",), order_pattern=r".*[^0-9].*")
    assert [target.order_id for target in keys.targets(request_)] == wanted
    assert keys.naming(("id",)) is None
