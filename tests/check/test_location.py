"""Locations of findings on orders in the payload."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.check import check
from cancelnorm.check.location import PayloadLine, PayloadMembers
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


def columns(line: str, payload: str, path: str) -> str | None:
    """Text of a line at the columns of a finding, or None."""
    found = PayloadLine(line.encode(), payload.encode()).columns(path)
    return None if found is None else line[found[0] - 1 : found[1] - 1]


TREE = {"币": "币币", "rows": [{"a": 1}, {"a": [1, 2, {"b c": '\n"x'}], "n": None}], "empty": {}}
PATHS = {
    '$["币"]': '"币": "币币"',
    "$.rows": '"rows": [{"a": 1}, {"a": [1, 2, {"b c": "\\n\\"x"}], "n": null}]',
    "$.rows[0]": '{"a": 1}',
    "$.rows[1].a[1]": "2",
    '$.rows[1].a[2]["b c"]': '"b c": "\\n\\"x"',
    "$.rows[1].n": '"n": null',
    "$.rows[7].n": '"rows": [{"a": 1}, {"a": [1, 2, {"b c": "\\n\\"x"}], "n": null}]',
}


@pytest.mark.parametrize("path", PATHS)
def test_columns(path: str) -> None:
    """They cover the member, or its innermost ancestor, if the payload is in the line as it is or as text."""
    payload = json.dumps(TREE, ensure_ascii=False)
    expected = PATHS[path]
    assert columns(f'{{"id": "币", "payload": {payload}}}', payload, path) == expected
    for is_ascii in (False, True):
        line = json.dumps({"request": "{}", "payload": payload}, ensure_ascii=is_ascii)
        assert columns(line, payload, path) == json.dumps(expected, ensure_ascii=is_ascii)[1:-1]


@pytest.mark.parametrize("path", ['$["币"]', "$.price", "$.n"])
def test_columns_of_plain_scalars(path: str) -> None:
    """They cover the member, with its key, of an object that holds nothing else."""
    members = {'$["币"]': '"币": "price"', "$.price": '"price": "1.50"', "$.n": '"n": -7'}
    payload = f"{{{', '.join(members.values())}}}"
    assert columns(f'{{"payload": {payload}}}', payload, path) == members[path]


@pytest.mark.parametrize(
    ("payload", "path", "expected"),
    [
        ('["ab",{"a":1}]', "$[1]", '{"a":1}'),
        ('["ab", {"a":1}]', "$[1]", '{"a":1}'),
        ('["é" ,{"a":1}]', "$[1]", '{"a":1}'),  # a character of two bytes makes up for the space
        ('["é" ,{"a":1}]', "$[0]", '"é"'),
        ('["币",2, 3]', "$[2]", "3"),
        ("[1]", "$[0]", "1"),
        ("[]", "$[0]", "[]"),
        ("[ ]", "$[0]", "[ ]"),
    ],
)
def test_columns_of_elements(payload: str, path: str, expected: str) -> None:
    """They cover the element of an array, with white space or without; without the element, the array."""
    assert columns(f'{{"payload": {payload}}}', payload, path) == expected


def test_columns_are_not_guessed() -> None:
    """A payload that is there twice, or not as it is, has no columns; nor has a path into the record."""
    assert columns('{"request": {"a": 1}, "payload": {"a": 1}}', '{"a": 1}', "$.a") is None
    assert columns('{"payload": {"a": 1}}', '{"a":1}', "$.a") is None
    assert columns('{"payload": oops}', "oops", "$.a") == "oops"
    assert columns('{"payload": {"a": 1}}', '{"a": 1}', "$") is None
    assert columns('{"payload": {"a": }}', '{"a": }', "$.a") is None
    assert columns('{"payload": {"a": 1}}', '{"a": 1}', "endpoint") is None


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists, max_leaves=6), st.booleans())
def test_columns_hold_the_value(value: object, is_ascii: bool) -> None:
    """For any value, the text at its columns is its JSON."""
    text = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "replace").decode()
    payload = f'{{"first": ["x"], "value":{text} }}'
    assert columns(f"12:00 received {payload}", payload, "$.value") == f'"value":{text}'


def test_sequence_findings_have_the_path_of_their_order() -> None:
    """Each points at its own row, in a list with and without gaps."""
    one = json.loads(edited("binance/delete-order", ("origClientOrderId", "mine")).payload)
    rows = [one | {"orderId": number} for number in range(1, 8)]
    again = [one | {"orderId": number} for number in (21, 22, 3, 23, 6)]
    gaps = [one | {"orderId": 31}, one | {"orderId": 32, "status": "FILLED"}, *again[2:]]
    records = [
        sample("binance/delete-openorders-singles", f"log:{line}", payload=json.dumps(body).encode())
        for line, body in enumerate((rows, again, gaps), 1)
    ]
    found = [(f.source, f.path, f.order_id) for f in check(records) if f.rule.name == "canceled-twice"]
    assert found == [
        ("log:2", "$[2]", "3"),
        ("log:2", "$[4]", "6"),
        ("log:3", "$[2]", "3"),
        ("log:3", "$[3]", "23"),
        ("log:3", "$[4]", "6"),
    ]
