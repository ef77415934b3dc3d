"""Which canonical fields a payload's values feed."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import AmbiguousPayloadError, CancelEvent, NotACancel, PayloadError, Record, normalise
from cancelnorm.masking import MASK
from cancelnorm.provenance import Feed, Row, trace
from cancelnorm.schema import Normalised
from tests.batches import each_sample
from tests.samples import SAMPLES
from tests.strategies import VENUES, answers

ORDER = (
    b'{"symbol":"LTCBTC","origClientOrderId":"myOrder1","orderId":4,"orderListId":-1,'
    b'"clientOrderId":"cancelMyOrder1","transactTime":1684804350068,"price":"2.0","origQty":"1.00000000",'
    b'"executedQty":"0.00000000","cummulativeQuoteQty":"-1","status":"CANCELED","timeInForce":"GTC",'
    b'"type":"LIMIT","side":"BUY"}'
)
CANCEL = "DELETE /api/v3/order"


def rows_of(record: Record) -> dict[str, Row]:
    """The rows of a record by path."""
    return {row.path: row for row in trace(record)}


def fed(row: Row) -> dict[str, Any]:
    """What a row feeds, by field."""
    return {feed.field: feed.value for feed in row.feeds}


def test_an_order() -> None:
    """Every value of a payload has a row, in its order, with its text and what it feeds."""
    rows = trace(Record(ORDER, "binance", CANCEL))
    assert [(row.path, row.value) for row in rows[:5]] == [
        ("$.symbol", '"LTCBTC"'),
        ("$.origClientOrderId", '"myOrder1"'),
        ("$.orderId", "4"),
        ("$.orderListId", "-1"),
        ("$.clientOrderId", '"cancelMyOrder1"'),
    ]
    assert rows[2] == Row("$.orderId", "4", "fed", (Feed("events[0].order_id", "4"),))
    assert rows[6].feeds == (Feed("events[0].price", Decimal("2.0")),)
    assert {row.path: row.role for row in rows if row.role != "fed"} == {
        "$.orderListId": "absent",
        "$.cummulativeQuoteQty": "absent",
    }
    assert rows[3].feeds == (Feed("events[0].list_id", None),)


def test_a_value_that_decides() -> None:
    """A status stands in one field and decides others."""
    row = rows_of(Record(ORDER, "binance", CANCEL))["$.status"]
    assert fed(row) == {
        "events[0].outcome": "canceled",
        "events[0].evidence": "final_report",
        "events[0].status": "canceled",
        "events[0].raw_status": "CANCELED",
    }


def test_codes_and_texts() -> None:
    """A code and a text decide the reason together."""
    rows = rows_of(Record(b'{"code":-2011,"msg":"Unknown order sent."}', "binance", CANCEL))
    assert fed(rows["$.code"])["events[0].reason"] == "not_found_or_closed"
    assert fed(rows["$.msg"])["events[0].message"] == "Unknown order sent."


def test_what_the_request_gives() -> None:
    """Ids that were taken from the request are traced to it; nothing else of a request is shown."""
    request = {"symbol": "LTCBTC", "orderId": 4, "timestamp": 17, "signature": "SECRET", "list": [{"a": "b"}]}
    record = Record(b'{"code":-2011,"msg":"?"}', "binance", CANCEL, request=request)
    rows = rows_of(record)
    assert [path for path in rows if not path.startswith("$")] == ["request.symbol", "request.orderId"]
    assert fed(rows["request.orderId"]) == {"events[0].order_id": "4"}
    assert "SECRET" not in repr(rows)
    assert record.request == request


def test_a_body_that_is_no_json() -> None:
    """The status says what happened, the body is kept."""
    rows = rows_of(Record("<html>", "binance", CANCEL, 504, {"orderId": 4}))
    assert list(rows) == ["$", "status", "request.orderId"]
    assert rows["$"].value == '"<html>"'
    assert fed(rows["status"]) == {
        "events[0].outcome": "unknown",
        "events[0].reason": "timeout",
        "extra.status": 504,
    }


def test_additions() -> None:
    """What a venue added feeds a note; a secret among it is not shown."""
    payload = ORDER[:-1] + b',"new":{"a b":[1.50,null],"apiKey":"SECRET"}}'
    rows = rows_of(Record(payload, "binance", CANCEL))
    assert rows['$.new["a b"][0]'] == Row(
        '$.new["a b"][0]', "1.50", "fed", (Feed("notes[0]", "unknown-field"),)
    )
    assert rows["$.new.apiKey"].value == '"[redacted]"'
    assert "SECRET" not in repr(rows)


def test_lists_and_what_is_said_twice() -> None:
    """In a list of orders every value feeds its own events; the list's own values feed all its legs."""
    rows = rows_of(SAMPLES["binance/delete-openorders-mixed"].record())
    assert fed(rows["$[1].orderId"]) == {"events[1].order_id": "13"}
    assert fed(rows["$[2].orderListId"]) == {"events[2].list_id": "1929", "events[3].list_id": "1929"}
    assert rows["$[2].orders[0].symbol"].role == "repeated"


def test_constants_and_empty_values() -> None:
    """A value that its shape prescribes is a constant; an empty one says nothing."""
    payload = (
        b'{"retCode":0,"retMsg":"OK","result":{"orderId":"a","orderLinkId":"b"},"retExtInfo":{},"time":%b}'
    )
    rows = rows_of(Record(payload % b"1672217377164", "bybit", "POST /v5/order/cancel"))
    assert rows["$.retCode"] == Row("$.retCode", "0", "constant")
    assert rows["$.retExtInfo"] == Row("$.retExtInfo", "{}", "absent")
    assert fed(rows["$.time"]) == {"events[0].response_ns": 1672217377164000000}


def test_without_endpoint() -> None:
    """The endpoint that was assumed is traced, and no value is the cause of the note on that."""
    payload = ORDER[:-1] + b',"new":1}'
    named, assumed = rows_of(Record(payload, "binance", CANCEL)), rows_of(Record(payload, "binance"))
    assert named.pop("$.new").feeds == (Feed("notes[0]", "unknown-field"),)
    assert assumed.pop("$.new").feeds == (Feed("notes[1]", "unknown-field"),)
    assert assumed == named


def test_limit() -> None:
    """The first rows are enough."""
    assert [row.path for row in trace(Record(ORDER, "binance", CANCEL), limit=2)] == [
        "$.symbol",
        "$.origClientOrderId",
    ]


def test_a_payload_that_is_refused() -> None:
    """What normalise refuses has no trace."""
    with pytest.raises(PayloadError):
        trace(Record(b"{}", "binance", CANCEL))


# --- Laws ---


def told(result: Normalised, record: Record) -> set[tuple[str, Any]]:
    """The ids, texts and numbers of events, by field."""
    names = set(CancelEvent.__struct_fields__) - {"venue", "endpoint", "index", "path", "source", "extra"}
    return {
        (f"events[{i}].{name}", value)
        for i, event in enumerate(result.events)
        for name in names
        if isinstance(value := getattr(event, name), str | int | Decimal)
        and type(value) in (str, int, Decimal)
        and value not in (record.sent_ns, record.received_ns)
    }


@pytest.mark.parametrize("name", list(SAMPLES)[::7])
def test_without_endpoint_the_same_is_traced(name: str) -> None:
    """Every value has the role that it has where the endpoint is named; what it feeds is in the result."""
    record = replace(SAMPLES[name].record(), endpoint=None)
    try:
        result = normalise(record)
    except (NotACancel, AmbiguousPayloadError):
        return
    rows = trace(record)
    named = trace(replace(record, endpoint=result.events[0].endpoint))
    assert [(row.path, row.role) for row in rows] == [(row.path, row.role) for row in named]
    fields, events = CancelEvent.__struct_fields__, enumerate(result.events)
    values = {f"events[{i}].{field}": getattr(event, field) for i, event in events for field in fields}
    values |= {f"notes[{i}]": note.code for i, note in enumerate(result.notes)}
    for feed in (feed for row in rows for feed in row.feeds):
        assert feed.value in (None, MASK, values.get(feed.field, feed.value))


@each_sample
def test_every_value_of_an_event_is_traced(name: str) -> None:
    """Every id, text, number and time of an event is fed by something, and every value has a use."""
    record = SAMPLES[name].record()
    result = normalise(record)
    rows = trace(record)
    constants = {json.loads(row.value) for row in rows if row.role == "constant"}
    for row in rows:  # a code may be the name of a field, and an order id that of one within, or just around
        constants |= {row.path.removeprefix("$."), *row.path.split(".")[-2:]}
    fed_by = {
        (f.field, f.value) for row in rows for f in row.feeds if isinstance(f.value, str | int | Decimal)
    }
    left = told(result, record) - fed_by
    assert not {(field, value) for field, value in left if value not in constants | set(map(str, constants))}
    assert not [row for row in rows if row.role == "unused"]


@pytest.mark.parametrize("value", ["1E999999999", "-1e-999999999", "1e99999999999999999999", "0.5"])
def test_a_number_of_any_size(value: str) -> None:
    """A number is shown as it was sent; no other is made of it that would fill the memory."""
    payload = f'{{"code":-2011,"msg":"Unknown order sent.","new":{value}}}'
    rows = trace(Record(payload, "binance", "DELETE /api/v3/order", 400))
    assert [row.value for row in rows if row.path == "$.new"] == [value]


@given(st.data())
@pytest.mark.parametrize("venue", VENUES)
def test_whatever_is_understood_can_be_traced(venue: str, data: st.DataObject) -> None:
    """Every value of a payload has a row with its text."""
    answer = data.draw(answers(venue))
    record = answer.record()
    rows = trace(record)
    text = record.payload if isinstance(record.payload, bytes) else record.payload.encode()
    count = sum(1 for row in rows if row.path.startswith("$"))
    assert count == len(list(scalars(msgspec.json.decode(text))))


def scalars(value: Any) -> Any:
    """The values without parts of a JSON value."""
    if isinstance(value, dict | list) and value:
        for part in value.values() if isinstance(value, dict) else value:
            yield from scalars(part)
    else:
        yield value


def test_a_failure_of_several_orders_without_endpoint() -> None:
    """It has one event, where it has one for each order at a known endpoint."""
    record = SAMPLES["okx/trade-cancel-batch-orders-too-many-400"].record()
    fields = [
        {feed.field for row in trace(each) for feed in row.feeds}
        for each in (record, replace(record, endpoint=None))
    ]
    assert [any(field.startswith("events[1]") for field in found) for found in fields] == [True, False]
