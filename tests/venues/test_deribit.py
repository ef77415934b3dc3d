"""What Deribit's names, bodies and lone answers say, beside its samples."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cancelnorm import NotACancel, Record, normalise
from cancelnorm.check import check
from cancelnorm.schema import Evidence, Outcome, Product, Scope
from cancelnorm.story import fold
from cancelnorm.venues.deribit.orders import product_of
from tests.samples import SAMPLES


@pytest.mark.parametrize(
    ("instrument", "product"),
    [
        ("BTC-PERPETUAL", Product.INVERSE),
        ("ETH-25MAR27", Product.INVERSE),
        ("BTC-3JAN26", Product.INVERSE),
        ("ETH_USDC-PERPETUAL", Product.LINEAR),
        ("BTC_USDC-25MAR27", Product.LINEAR),
        ("BTC-25MAR27-90000-C", Product.OPTION),
        ("XRP_USDC-30JUN27-0d625-P", Product.OPTION),
        ("BTC_USDC", Product.SPOT),
        ("ETH_BTC", Product.SPOT),
        ("BTC-FS-25DEC26_PERP", Product.SPREAD),
        ("BTC-CS-26DEC26-70000_72000", Product.SPREAD),
        ("BTC_USDC-FS-25DEC26_PERP", Product.SPREAD),
        ("BTCUSDT", None),
        ("BTC-PERPETUAL-C", None),
        ("", None),
        ("A" * 1_000, None),
    ],
)
def test_the_product_by_the_name(instrument: str, product: Product | None) -> None:
    """An instrument says what it is; a name of another form says nothing."""
    assert product_of(instrument) is product


@pytest.mark.parametrize("path", ["/api/v2", "/api/v2/private/cancel_by_label"])
def test_a_body_that_is_posted(path: str) -> None:
    """The body names the method and holds the parameters, wherever it is posted."""
    body = {"jsonrpc": "2.0", "id": 5, "method": "private/cancel_by_label", "params": {"label": "d-2"}}
    answer = b'{"jsonrpc":"2.0","id":5,"result":2}'
    [event] = normalise(Record(answer, "deribit", f"POST {path}", 200, body)).events
    assert (event.endpoint, event.affected_orders) == ("GET /api/v2/private/cancel_by_label", 2)
    assert (event.order_id, event.client_order_id, event.extra) == (None, None, {"label": "d-2"})


def test_a_number_without_request() -> None:
    """It counts orders, whichever method was asked; one as great as a time is the time."""
    [event] = normalise(Record(b'{"jsonrpc":"2.0","id":5,"result":2}', "deribit")).events
    assert (event.outcome, event.evidence, event.affected_orders) == (Outcome.CANCELED, Evidence.COUNTED, 2)
    with pytest.raises(NotACancel):
        normalise(Record(b'{"jsonrpc":"2.0","id":5,"result":1770000000123}', "deribit"))


@pytest.mark.parametrize(
    "payload",
    [
        b'{"jsonrpc":"2.0","id":5,"result":"ok"}',
        b'{"jsonrpc":"2.0","id":5,"error":{"code":10004,"message":"order_not_found"}}',
    ],
)
def test_an_answer_that_may_be_to_anything(payload: bytes) -> None:
    """Without its request it names no order and leaves the outcome open."""
    [event] = normalise(Record(payload, "deribit")).events
    assert (event.outcome, event.order_id) == (Outcome.UNKNOWN, None)


def test_labels_link_nothing() -> None:
    """Two orders with one label are two, and what was canceled by the label is about neither."""
    stream = SAMPLES["deribit/stream-user-orders-raw"].record()
    assert isinstance(stream.payload, bytes)
    other = replace(stream, payload=stream.payload.replace(b"74000000001", b"74000000002"))
    by_label = Record(
        b'{"jsonrpc":"2.0","result":2}', "deribit", "ws private/cancel_by_label", request={"label": "d-3"}
    )
    events = [event for record in (stream, other, by_label) for event in normalise(record).events]
    stories = fold(events).linked()
    assert {story.key.order_id for story in stories} == {"74000000001", "74000000002"}
    assert events[0].price == Decimal(32_000)


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("method", ["cancel_all", "cancel_by_label", "cancel_all_block_rfq_quotes"])
def test_counts(method: str, count: int) -> None:
    """A count is what was canceled, also a count of none."""
    [event] = normalise(
        Record(b'{"jsonrpc":"2.0","result":%d}' % count, "deribit", f"ws private/{method}")
    ).events
    assert (event.outcome, event.evidence, event.affected_orders) == (
        Outcome.CANCELED,
        Evidence.COUNTED,
        count,
    )
    assert event.reason is None
    assert event.scope is (Scope.ACCOUNT if method == "cancel_all" else None)


@pytest.mark.parametrize("name", ["withdrawal", "transfer_by_id"])
def test_money_is_no_order(name: str) -> None:
    """A canceled withdrawal or transfer is nobody's cancel, also where the log has its request."""
    money = (
        b'{"jsonrpc":"2.0","id":9,"result":{"id":1,"amount":0.5,"currency":"BTC","state":"cancelled",'
        b'"created_timestamp":1770000000001,"updated_timestamp":1770000001000}}'
    )
    assert list(check([Record(money, "deribit", f"ws private/cancel_{name}")])) == []


@pytest.mark.parametrize(
    ("endpoint", "result"),
    [
        ("private/get_open_orders", b'"result":[]'),
        ("private/mass_quote", b'"error":{"code":13042,"message":"cod_not_enabled"}'),
        ("private/edit", b'"error":{"code":13042,"message":"cod_not_enabled"}'),
    ],
)
@pytest.mark.parametrize("transport", ["ws ", "GET /api/v2/"])
def test_what_says_nothing_of_a_cancel_at_its_endpoint(transport: str, endpoint: str, result: bytes) -> None:
    """A query without orders, and an amendment that was refused; without endpoint a cancel may be answered so."""
    record = Record(b'{"jsonrpc":"2.0","id":6,%b}' % result, "deribit", f"{transport}{endpoint}")
    with pytest.raises(NotACancel):
        normalise(record)
    [event] = normalise(replace(record, endpoint=None)).events
    assert event.outcome is not Outcome.CANCELED


def test_an_open_order_says_nothing_of_a_cancel_to_who_asked_for_it() -> None:
    """The answer to a cancel of an untriggered order may show it so, too."""
    answer = SAMPLES["deribit/get-order-state"].record()
    assert isinstance(answer.payload, bytes)
    open_order = replace(answer, payload=answer.payload.replace(b'"cancelled"', b'"open"'))
    with pytest.raises(NotACancel):
        normalise(open_order)
    [event] = normalise(replace(open_order, endpoint=None)).events
    assert event.outcome is Outcome.UNKNOWN
