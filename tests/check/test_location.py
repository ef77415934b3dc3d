"""Locations of findings on orders in the payload."""

import json
import sys

import pytest

from cancelnorm.check import check
from cancelnorm.check.location import PayloadMembers
from tests.check.cases import edited, sample

PAYLOAD = json.dumps(
    {
        "orders": [
            {"symbol": "A", "orderId": 1, "side": None},
            {"symbol": "A", "base": "A", "odd key": "1.0"},
        ],
        "text": "3",
    }
)


@pytest.mark.parametrize(
    ("value", "at", "path"),
    [
        (1, "$.orders[0]", "$.orders[0].orderId"),
        ("1.0", "$.orders[1]", '$.orders[1]["odd key"]'),
        ("3", "$", "$.text"),
        ("1", "$.orders[0]", "$.orders[0]"),  # a number is not a string
        (True, "$.orders[0]", "$.orders[0]"),
        ("A", "$.orders[1]", "$.orders[1]"),  # two members have it
        (None, "$.orders[0]", "$.orders[0]"),
        ("A", "$.orders", "$.orders"),
        ("3", "$.text[0]", "$.text[0]"),
        ("3", "$.orders[7].a", "$.orders[7].a"),
        ("3", "$.orders.a", "$.orders.a"),
    ],
)
def test_path_of_a_value(value: object, at: str, path: str) -> None:
    """The path is that of the only member with the value, or else that of the object."""
    assert PayloadMembers(PAYLOAD).path_of(value, at) == path


@pytest.mark.parametrize("payload", [b"{", b"[" * 100_000, "\ud800", b""])
def test_payloads_that_are_no_json(payload: bytes | str) -> None:
    """A payload without objects has no members to locate."""
    assert PayloadMembers(payload).path_of("1", "$.a") == "$.a"


def test_an_order_that_is_there_twice() -> None:
    """Each finding points at its own row."""
    one = json.loads(edited("binance/delete-order", ("origClientOrderId", "mine")).payload)
    rows = [one | {"executedQty": quantity} for quantity in ("0.00000000", "1.50000000", "2.50000000")]
    record = sample("binance/delete-openorders-singles", payload=json.dumps(rows).encode())
    assert [(f.path, f.value) for f in check([record]) if f.rule.name == "overfilled"] == [
        ("$[1].executedQty", "1.50000000"),
        ("$[2].executedQty", "2.50000000"),
    ]


def calls(orders: int) -> int:
    """Number of function calls to check an answer with the same order many times, half of them filled."""
    one = json.loads(edited("binance/delete-order", ("origClientOrderId", "mine")).payload)
    filled = one | {"status": "FILLED", "executedQty": "1.50000000", "cummulativeQuoteQty": "0.0"}
    rows = [one if i % 2 else filled for i in range(orders)]
    record = sample("binance/delete-openorders-singles", payload=json.dumps(rows).encode())
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        findings = list(check([record]))
    finally:
        sys.setprofile(None)
    assert len(findings) > 2 * orders
    return count


def test_work_grows_with_the_payload_and_no_faster() -> None:
    """Four times as many orders take four times the work, even if they share an id."""
    calls(1)  # fills the caches
    assert calls(800) < 4.2 * calls(200)
