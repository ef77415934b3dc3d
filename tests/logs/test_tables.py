"""Arrays and tables of records, payloads at any depth, and what a caller maps."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs.array import ARRAY
from cancelnorm.logs.bare import BARE
from cancelnorm.logs.csv_rows import CSV
from cancelnorm.logs.formats import pick
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from tests.logs.captured import asked, faults, found, leaks, records

REFUSED: dict[str, Any] = {"code": -2011, "msg": "Unknown order sent."}
RECORD = {"venue": "binance", "endpoint": "DELETE /api/v3/order", "status": 400, "payload": REFUSED}
ERROR = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795704214044}
URL = "https://api.bybit.com/v5/order/cancel"
BYBIT = Options(venue="bybit")


def only(line: object, options: Options = BYBIT) -> Record:
    """The one record of a line."""
    [record] = records(MAPPED, json.dumps(line).encode(), options)
    return record


# --- Arrays ---


def test_an_array_of_records() -> None:
    """Each item is a record, and its source is the line on which it begins."""
    rows = [RECORD, {**RECORD, "status": 409}]
    data = json.dumps(rows, indent=1).encode()
    assert pick(data, Options()) is ARRAY
    assert [(r.source, r.status) for r in records(ARRAY, data)] == [("log:2", 400), ("log:11", 409)]
    assert [r.source for r in records(ARRAY, json.dumps(rows).encode())] == ["log:1", "log:1#2"]


def test_an_array_of_objects_of_any_shape() -> None:
    """They are read as lines are; an item that is no object is a fault."""
    items = [{"ts": 1_700_000_000, "url": URL, "method": "POST", "body": ERROR}, 5, {"ts": 1, "a": 2}]
    data = json.dumps(items).encode()
    assert pick(data, Options()) is ARRAY
    record, *others = found(ARRAY, data)
    assert isinstance(record, Record)
    assert (record.endpoint, record.received_ns) == ("POST /v5/order/cancel", 1_700_000_000 * 10**9)
    assert all(isinstance(other, Unreadable) for other in others)
    things = found(ARRAY, json.dumps([items[0], items[0], items[2]]).encode())
    assert [thing.source for thing in things] == ["log:1", "log:1#2", "log:1#3"]


def test_text_in_an_array() -> None:
    """What a logger wrote has the source of its item, also where the items share a line."""
    frame = '{"code": -2011, "msg": "Unknown order sent."}'
    items = [{"ts": 1, "venue": "binance", "message": f"recv {frame}"} for _ in range(3)]
    options = Options(venue="binance", endpoint="DELETE /api/v3/order")
    things = found(ARRAY, json.dumps(items).encode(), options)
    assert [thing.source for thing in things] == ["log:1", "log:1#2", "log:1#3"]


@pytest.mark.parametrize(
    "head", [b"[]", b"[", b"[5]", b'[{"symbol":"BTCUSDT","orderId":1}]', b'{"a":[]}', b"[" * 9_999]
)
def test_payloads_are_no_arrays_of_records(head: bytes) -> None:
    """An answer that is an array is one payload."""
    assert not ARRAY.fits(head)


@given(st.binary())
def test_any_bytes_in_an_array(data: bytes) -> None:
    """No bytes raise, and the items before them are read."""
    things = found(ARRAY, b"[" + json.dumps(RECORD).encode() + b"," + data)
    assert isinstance(things[0], Record)


# --- Tables ---


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table(separator: str) -> None:
    """The names of columns are what keys are in a line; a field may go over lines."""
    body = json.dumps(ERROR, indent=1).replace('"', '""')
    rows = [["time", "url", "method", "status", "body"], ["1700000000.5", URL, "POST", "200", f'"{body}"']]
    data = "\r\n".join(separator.join(row) for row in rows).encode()
    assert pick(data, Options()) is CSV
    [record] = records(CSV, data)
    assert (record.endpoint, record.status, record.received_ns) == (
        "POST /v5/order/cancel",
        200,
        1_700_000_000_500_000_000,
    )
    assert normalise(record).events[0].reason == "not_found_or_closed"


@pytest.mark.parametrize(
    "head", [b"", b"time,url\n", b"hello, message\nx", b'{"message":1,"a":2}', b"1,2,body"]
)
def test_what_is_no_table(head: bytes) -> None:
    """A first line without names, or without one for the payload."""
    assert CSV.fits(head) is (head == b"hello, message\nx")


def test_mapped_columns() -> None:
    """A column of any name may be mapped."""
    data = b'body,wire\nnone,"' + json.dumps(ERROR).replace('"', '""').encode() + b'"\n'
    [record] = records(CSV, data, Options(venue="bybit", paths={"payload": "wire"}))
    assert json.loads(record.payload) == ERROR


@given(st.binary())
def test_any_bytes_in_a_table(data: bytes) -> None:
    """No bytes raise."""
    found(CSV, b"time,body\n" + data)


# --- Depth ---


@pytest.mark.parametrize("depth", range(1, 4))
@pytest.mark.parametrize("name", ["payload", "response_body", "message", "value", "frame"])
@pytest.mark.parametrize("is_text", [True, False])
def test_payloads_at_any_depth(depth: int, name: str, *, is_text: bool) -> None:
    """With what stands beside them and around them."""
    inner: dict[str, Any] = {name: json.dumps(ERROR) if is_text else ERROR, "status": 200}
    for level in range(depth):
        inner = {f"level{level}": inner, "other": {"a": level}}
    record = only({"url": URL, "method": "POST", "ts": 1_700_000_000, **inner})
    assert json.loads(record.payload) == ERROR
    assert (record.endpoint, record.status, record.received_ns) == ("POST /v5/order/cancel", 200, 17 * 10**17)


@pytest.mark.parametrize("name", ["message", "msg", "log", "MESSAGE", "text", "value", "event"])
@pytest.mark.parametrize("shown", [json.dumps, repr])
def test_text_within_text(name: str, shown: Any) -> None:
    """A frame stands in what a logger wrote; what the text does not say, the line does."""
    line = {"timestamp": 1_700_000_000, "account": "desk", name: f"INFO recv {shown(ERROR)}\n"}
    record = only(line, Options())
    assert json.loads(record.payload) == ERROR
    assert (record.venue, record.received_ns, record.account) == ("bybit", 17 * 10**17, "desk")


def test_text_without_a_frame() -> None:
    """It is no fault, and a payload beside it is read."""
    chat = {"level": "info", "ts": 1, "message": "position {flat}"}
    assert found(MAPPED, json.dumps(chat).encode()) == []
    assert json.loads(only({**chat, "data": ERROR}).payload) == ERROR


@pytest.mark.parametrize(
    "response",
    [
        {"status": 200, "statusText": "OK", "headers": {}, "data": ERROR},
        {"data": ERROR},
        ERROR,
        {"text": json.dumps(ERROR)},
    ],
)
def test_responses(response: object) -> None:
    """The body of axios is ``data``; the envelope of a venue is the body itself."""
    assert json.loads(only({"url": URL, "method": "POST", "response": response}).payload) == ERROR


def test_an_envelope_with_data() -> None:
    """It is not taken for a response of axios."""
    body = {"code": 0, "msg": "", "data": {"orderId": 7}}
    assert json.loads(only({"ts": 1, "response": body}).payload) == body


def test_a_body_as_python_prints_it() -> None:
    """It is turned into JSON, with its digits."""
    record = only({"url": URL, "method": "POST", "body": "{'retCode': 110001, 'retMsg': 'x', 'n': 1.10}"})
    assert record.payload == b'{"retCode": 110001, "retMsg": "x", "n": 1.10}'


# --- What a caller maps ---


def test_paths_reach_into_json_text() -> None:
    """Through texts that hold objects and arrays."""
    line = {"outer": json.dumps({"list": [{"inner": json.dumps({"body": ERROR})}]})}
    record = only(line, Options(venue="bybit", paths={"payload": "$.outer.list[0].inner.body"}))
    assert json.loads(record.payload) == ERROR
    [fault] = faults(
        MAPPED, json.dumps(line).encode(), Options(venue="bybit", paths={"payload": "$.outer.x"})
    )
    assert fault == "log:1: payload: there is no $.outer.x; $.outer has only list"


def test_sources_that_are_mapped() -> None:
    """A topic and an offset take the place of the file and the line."""
    line = {"topic": "raw", "offset": 17, "value": json.dumps(ERROR)}
    paths = {"source": "$.topic", "offset": "$.offset"}
    assert only(line, Options(venue="bybit", paths=paths)).source == "raw:17"
    assert only(line, Options(venue="bybit", paths={"offset": "$.offset"})).source == "log:17"
    assert only({**line, "value": f"recv {ERROR}"}, Options(venue="bybit", paths=paths)).source == "raw:17"


def test_a_line_without_a_payload_says_what_to_map() -> None:
    """The paths are those at which something stands."""
    line = {"a": 1, "wire": {"x": 1}, "note": "sent {'x': 1}"}
    [fault] = faults(MAPPED, json.dumps(line).encode(), BYBIT)
    assert fault == (
        "log:1: payload: not found among the keys a, wire, note; set its path with --map payload=$.wire"
        " or payload=$.note"
    )


def test_a_mapped_text_with_a_frame() -> None:
    """It is read as a line of text."""
    record = only({"note": f"sent {ERROR}"}, Options(venue="bybit", paths={"payload": "note"}))
    assert json.loads(record.payload) == ERROR


def test_secrets_around_a_nested_payload() -> None:
    """They are named, and what is in the payload is not."""
    record = only(
        {"headers": {"X-BAPI-SIGN": "5a5a5a5a"}, "http": {"url": f"{URL}?sign=5a5a5a5a", "body": ERROR}}
    )
    assert "request.sign" in record.secrets
    assert "headers.X-BAPI-SIGN" in record.secrets
    assert asked(record)["sign"] == "[redacted]"
    assert not leaks([record])


def test_other_hosts_keep_the_endpoint() -> None:
    """A proxy may put its own path before that of the venue."""
    line = {"url": "http://127.0.0.1:8080/bybit/v5/order/cancel?orderId=7", "method": "POST", "body": ERROR}
    record = only({**line, "venue": "bybit"}, Options())
    assert (record.endpoint, asked(record)) == ("POST /v5/order/cancel", {"orderId": "7"})


def test_objects_that_programs_print_are_not_bare_payloads() -> None:
    """Nor are lines that begin with a bracket."""
    for head in (b"{'a': 1}", b"{ a: 1 }", b"[INFO] {}", b"[2024-01-01 00:00:00] {}"):
        assert not BARE.fits(head)


def test_tables_as_psql_prints_them() -> None:
    """The line below the names and the number of rows are no rows."""
    rows = "".join(f"  {number} | bybit | {json.dumps(ERROR)}\n" for number in range(2))
    data = f" id | venue | payload\n----+-------+---------\n{rows}(2 rows)\n".encode()
    assert pick(data, Options()) is CSV
    assert [json.loads(record.payload) for record in records(CSV, data)] == [ERROR, ERROR]
