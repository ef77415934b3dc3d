"""Law 12: columns that come from maps equal those of events, field by field."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import NotACancel, PayloadError, Record, event_ids, normalise
from cancelnorm.answer import data_of, normalise_at
from cancelnorm.api import find_endpoint
from cancelnorm.arrow import normalise_batch
from cancelnorm.arrow.lane import lane_of
from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.cells import Cells
from cancelnorm.eventmap.writer import Writer
from cancelnorm.ids import record_digest
from cancelnorm.lazy import LazyParts
from cancelnorm.reader.types import fields_of
from cancelnorm.schema import EventKind
from cancelnorm.venues.binance.messages import CanceledOrder
from tests.arrow.test_batch import RECORDS
from tests.arrow.test_batch import batch_of as answers_of
from tests.samples import SAMPLES
from tests.strategies import ENDPOINTS, decimal_texts, payloads, requests, values

EXAMPLES = max(1, settings.default.max_examples // 8) if settings.default else 5


def by_rows(records: Sequence[Record]) -> tuple[pa.RecordBatch, Counter[str]]:
    """What a batch of answers gives, event by event, and what became of how many answers."""
    rows: list[Row] = []
    counts: Counter[str] = Counter(records=len(records), understood=0, skipped=0, refused=0)
    for number, record in enumerate(records):
        try:
            result = normalise(record)
        except NotACancel:
            counts["skipped"] += 1
        except PayloadError as error:
            counts["refused"] += 1
            about = {"path": error.path, "expected": error.expected, "found": error.found}
            identity = record_digest(record, error.event.endpoint) + bytes(4)
            rows.append(Row(error.event, number, identity, msgspec.json.encode(about).decode()))
        else:
            counts["understood"] += 1
            ids = event_ids(record, result)
            rows += [Row(event, number, each) for event, each in zip(result.events, ids, strict=True)]
    return batch_of(rows), counts


def check(records: Sequence[Record]) -> None:
    """Assert that columns and events are the same, and that each answer is counted as what became of it."""
    found = normalise_batch(answers_of(list(records)))
    expected, counts = by_rows(records)
    assert found.schema.equals(expected.schema)
    about = {key.decode(): value.decode() for key, value in found.schema.metadata.items()}
    assert {name: int(about[f"cancelnorm.{name}"]) for name in counts} == counts
    for name, column in zip(found.schema.names, found.columns, strict=True):
        assert column.equals(expected.column(name)), name


def test_every_sample_gives_the_same_columns() -> None:
    """All venues in one batch, so that columns of many maps and event objects have to be put in order."""
    check(RECORDS)
    check(RECORDS[::-1])


@st.composite
def recorded(draw: st.DrawFn, endpoint: Endpoint) -> list[Record]:
    """Answers of an endpoint as recorders write them, some of them to requests that say more."""
    clocks = st.none() | st.integers(0, 2**63 - 1)
    return [
        Record(
            msgspec.json.encode(tree),
            endpoint.venue,
            endpoint.name,
            draw(st.sampled_from([None, 200, 200, 404])),
            draw(requests(endpoint)) if draw(st.booleans()) else None,
            draw(clocks),
            draw(clocks),
            draw(st.none() | st.just("log:1")),
            account=draw(st.sampled_from([None, None, "a"])),
        )
        for tree in draw(st.lists(payloads(endpoint), min_size=1, max_size=4))
    ]


def alike() -> list[list[Endpoint]]:
    """The endpoints, those of a venue together of which one may answer what another one does, and is asked like it."""
    found: dict[Hashable, list[Endpoint]] = {}
    for endpoint in ENDPOINTS:
        found.setdefault((endpoint.venue, endpoint.shape.node, endpoint.request.names), []).append(endpoint)
    return [*found.values()]


@pytest.mark.parametrize("endpoints", alike(), ids=lambda endpoints: repr(endpoints[0]))
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_answer_gives_the_same_columns(endpoints: list[Endpoint], data: st.DataObject) -> None:
    """Whatever an endpoint may answer, to whatever request; drawn once for all that may answer it."""
    records = data.draw(recorded(endpoints[0]))
    for endpoint in endpoints:
        check([replace(record, endpoint=endpoint.name) for record in records])


def is_by_column(record: Record) -> bool:
    """Whether no event object is made of an answer."""
    endpoint = find_endpoint(record.venue, record.endpoint)
    events: object = normalise_at(record, endpoint, "collect", by_column=True).events
    if isinstance(events, LazyParts):
        return not events.is_made and all(
            isinstance(part, Cells) and not part.is_made for part in events.parts
        )
    return isinstance(events, Cells) and not events.is_made


BY_COLUMN = {
    ("binance", "DELETE /api/v3/openOrders"),
    ("binance", "DELETE /api/v3/order"),
    ("binance", "DELETE /api/v3/orderList"),
    ("binance", "DELETE /eapi/v1/batchOrders"),
    ("binance", "DELETE /fapi/v1/batchOrders"),
    ("binance", "DELETE /fapi/v1/order"),
    ("binance", "GET /api/v3/allOrders"),
    ("binance", "GET /fapi/v1/allOrders"),
    ("binance", "stream executionReport"),
    ("binance", "stream ORDER_TRADE_UPDATE"),
    ("binance", "ws openOrders.cancelAll"),
    ("binance", "ws order.cancel"),
    ("bingx", "DELETE /openApi/swap/v2/trade/batchOrders"),
    ("bingx", "DELETE /openApi/swap/v2/trade/order"),
    ("bingx", "GET /openApi/swap/v2/trade/allOrders"),
    ("bingx", "stream ORDER_TRADE_UPDATE"),
    ("bitget", "POST /api/v2/spot/trade/batch-cancel-order"),
    ("bitget", "POST /api/v3/trade/cancel-batch"),
    ("bybit", "GET /v5/order/history"),
    ("bybit", "POST /v5/order/cancel"),
    ("bybit", "POST /v5/order/cancel-batch"),
    ("bybit", "stream order"),
    ("okx", "POST /api/v5/trade/cancel-algos"),
    ("okx", "POST /api/v5/trade/cancel-batch-orders"),
    ("okx", "POST /api/v5/trade/cancel-order"),
}


UNNAMED = (
    "bitget/spot-batch-cancel-order-unnamed-row",
    "bitget/spot-batch-cancel-order-unnamed-rows",
    "okx/trade-cancel-batch-orders-without-ids",
    "okx/trade-cancel-order-without-ids-or-request",
)


def test_plain_answers_go_by_column() -> None:
    """The laws would hold as well if every answer went the way of event objects."""
    asked_nothing = [replace(record, request=None) for record in RECORDS if record.endpoint is not None]
    found = {(record.venue, record.endpoint) for record in asked_nothing if is_by_column(record)}
    assert found >= BY_COLUMN
    assert len(found) > 0.6 * len(ENDPOINTS)


@pytest.mark.parametrize("name", UNNAMED)
def test_rows_without_an_order_stay_columns(name: str) -> None:
    """A row that names no order is about the request, and takes nothing from its neighbours."""
    record = replace(SAMPLES[name].record(), request=None)
    assert {event.kind for event in normalise(record).events} >= {EventKind.REQUEST}
    assert is_by_column(record)
    check([record])


@given(st.lists(values(CanceledOrder), min_size=1, max_size=5), st.none() | st.just({"symbol": "BTCUSDT"}))
def test_any_array_of_orders_goes_by_column(orders: list[Any], request: dict[str, Any] | None) -> None:
    """Whatever is in the orders; where one expired, its list may have been canceled, which takes a look at it."""
    record = Record(msgspec.json.encode(orders), "binance", "DELETE /api/v3/openOrders", 200, request)
    assert is_by_column(record) or any(order["status"] == "EXPIRED" for order in orders)


ORDER = next(record for record in RECORDS if record.endpoint == "DELETE /api/v3/order")


def test_parameters_in_a_url_count_by_column() -> None:
    """In the query as in the path, also where the next row has others."""
    refused = b'{"code":-2011,"msg":"Unknown order sent."}'
    urls = [f"DELETE https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId={i}" for i in range(3)]
    urls += [f"DELETE /api/v3/order/?orderId={i}#x" for i in range(3)]
    records = [Record(refused, "binance", url, 400) for url in urls]
    records += [Record(b'"17"', "coinbase_exchange", f"DELETE /orders/{i}", 200) for i in ("17", "18")]
    check(records)
    ids = normalise_batch(answers_of(records)).column("order_id").to_pylist()
    assert ids[:6] == ["0", "1", "2"] * 2


def test_what_is_no_plain_row_keeps_its_place() -> None:
    """Additions, refused rows, other endpoints and unreadable payloads between plain ones, each in its place."""
    order = msgspec.json.decode(ORDER.payload)
    trees = [
        [order] * 3,
        [order, {**order, "addedField": 1}, order],
        [order, {**order, "price": "1_000"}, order, order],
        {"code": -2011, "msg": "Unknown order sent."},
        [],
        [order, {**order, "status": "EXPIRED"}, order],
        [order],
    ]
    many = replace(ORDER, endpoint="DELETE /api/v3/openOrders")
    records = [replace(many, payload=msgspec.json.encode(tree)) for tree in trees]
    other = next(record for record in RECORDS if record.venue == "bybit")
    broken = replace(many, payload=b"[{")
    check([mixed for record in records for mixed in (record, other, broken)])


PLAIN = [endpoint for endpoint in ENDPOINTS if lane_of(endpoint) is not None]


@st.composite
def plain_answers(draw: st.DrawFn) -> list[Record]:
    """Answers of one row with the usual keys, cut and glued and bent at places that matter."""
    endpoint = draw(st.sampled_from(PLAIN))
    plan = endpoint.plain.plan
    usual = Writer(plan).usual_fields()
    keys = {field.key: values(field.kind) for field in fields_of(plan.struct) if field.name in usual}
    orders = draw(st.lists(st.fixed_dictionaries(keys), min_size=1, max_size=6))
    payloads = [msgspec.json.encode(order) for order in orders]
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(payloads) - 1))
        moved = draw(st.integers(0, len(payloads[at])))
        other = draw(st.integers(0, len(payloads) - 1))
        tail, payloads[at] = payloads[at][moved:], payloads[at][:moved]
        joint = draw(st.sampled_from([b"", b",", b" ", b"\n", b"}", b"{"]))
        payloads[other] = draw(
            st.sampled_from([payloads[other] + joint + tail, tail + joint + payloads[other]])
        )
    return [
        Record(payload, endpoint.venue, endpoint.name, draw(st.sampled_from([200, 200, 400])), sent_ns=i)
        for i, payload in enumerate(payloads)
    ]


@given(plain_answers())
def test_answers_that_are_read_together_are_told_apart(records: list[Record]) -> None:
    """Also those of which one ends and the next begins as if both were others."""
    check(records)


@given(st.data())
def test_usual_orders_are_read_together(data: st.DataObject) -> None:
    """Those of one place, whatever they were asked for."""
    [endpoint] = [one for one in PLAIN if one.name == ORDER.endpoint]
    lane = lane_of(endpoint)
    assert lane is not None
    tree = msgspec.json.decode(ORDER.payload)
    assert {
        field.key
        for field in fields_of(CanceledOrder)
        if field.name in Writer(endpoint.plain.plan).usual_fields()
    } == {*tree}
    trees = [
        tree | {"price": price, "side": data.draw(st.sampled_from(["BUY", "SELL"]))}
        for price in data.draw(st.lists(decimal_texts, min_size=1, max_size=4))
    ]
    payloads = [msgspec.json.encode(tree) for tree in trees]
    assert all(map(lane.may_take, payloads))
    cells = lane.cells(payloads)
    assert cells is not None
    assert len(cells) == len(trees)
    check([replace(ORDER, payload=payload) for payload in payloads])


def test_one_that_waited_in_vain_keeps_its_place() -> None:
    """An order with the usual keys that cannot be read comes before an error that was read at once."""
    unreadable = msgspec.json.encode({**msgspec.json.decode(ORDER.payload), "price": "1_000"})
    for payload in (b'{"code":-2011,"msg":"Unknown order sent."}', b" %b" % data_of(ORDER)):
        check([replace(ORDER, payload=unreadable), replace(ORDER, payload=payload)])


def test_one_that_waited_in_vain_comes_before_another_of_its_kind() -> None:
    """An order with as many keys as the usual ones, but others, before one with more keys that was read at once."""
    order = msgspec.json.decode(ORDER.payload)
    optional = {field.key for field in fields_of(CanceledOrder) if not field.required} & {*order}
    assert optional
    for key in optional:
        waiting = {**{k: v for k, v in order.items() if k != key}, "stopPrice": "1.5"}
        trees = (waiting, {**order, "stopPrice": "1.6"}, {**order, "stopPrice": "1.7"})
        check([replace(ORDER, payload=msgspec.json.encode(tree)) for tree in trees])


def test_answers_that_cannot_be_read_cost_no_others_their_columns() -> None:
    """More answers than are made cells at a time; the bad ones are told apart wherever they stand."""
    order = msgspec.json.decode(ORDER.payload)
    stop = order | {"type": "STOP_LOSS", "stopPrice": "1.5"}
    trees = [stop | {"orderId": i} for i in range(600)]
    for i in (0, 7, 8, 255, 256, 599):
        trees[i] = trees[i] | {"stopPrice": "1_000"}
    trees[300] = [stop, stop]
    check([replace(ORDER, payload=msgspec.json.encode(tree), sent_ns=i) for i, tree in enumerate(trees)])
