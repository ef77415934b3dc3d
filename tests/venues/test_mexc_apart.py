"""MEXC and the venue whose documentation it copied are told apart by order ids, as far as these tell."""

import json
from pathlib import Path

import pytest

from cancelnorm import NotACancel, PayloadError, Record, identify, normalise, recognition
from tests.samples import SAMPLES


def senders(order_id: object) -> set[str]:
    """The venues that may send the documented order with this id."""
    order = json.loads(SAMPLES["mexc/spot-delete-order-documented"].record().payload)
    return {venue for venue, _ in identify(json.dumps(order | {"orderId": order_id}))}


@pytest.mark.parametrize(
    "order_id",
    ["C02__550000000000000001024", "C01__304513276838965249", "7b76a0d81b4d079cd1105ebdc0000001"],
)
def test_a_real_id_may_be_of_mexc(order_id: str) -> None:
    """Binance's margin takes any text for an id, so that such an order may be of either; of no third venue."""
    assert senders(order_id) == {"binance", "mexc"}


@pytest.mark.parametrize("order_id", [12_569_099_453, "12569099453"])
def test_a_real_id_of_the_other_venue_stays_its_own(order_id: int | str) -> None:
    """Its ids are longer than the numbers of MEXC's examples, and shorter than MEXC's ids."""
    assert senders(order_id) == {"binance"}


def test_a_number_of_the_examples_tells_nothing() -> None:
    """Both venues document the same object."""
    assert senders(550_001) == {"binance", "mexc"}


@pytest.mark.parametrize("transact_time", [1745852205223, "1745852205223"])
def test_an_order_with_the_time_of_its_placement_is_no_cancel(transact_time: int | str) -> None:
    """But for that time it has the keys of a canceled one; ccxt puts it in quotes."""
    order = {
        "symbol": "SOLUSDT",
        "orderId": "C02__550000000000000001024",
        "orderListId": "-1",
        "price": "90.5",
        "origQty": "2",
        "type": "IMMEDIATE_OR_CANCEL",
        "side": "SELL",
        "transactTime": transact_time,
    }
    with pytest.raises(NotACancel):
        normalise(Record(json.dumps(order).encode(), "mexc"))


@pytest.mark.parametrize("data", [True, {"tradeGroupId": 91}, [{"tradeGroupId": 91}]])
def test_an_answer_that_carries_something_is_none_to_a_cancel_of_all(data: object) -> None:
    """As those about a group of accounts that do not trade with each other; a cancel of all has no data."""
    answer = {"code": 200, "msg": "success", "timestamp": 1758044399749}
    endpoint = "DELETE /api/v3/order/all"
    assert normalise(Record(json.dumps(answer).encode(), "mexc", endpoint, 200)).events
    with pytest.raises(PayloadError):
        normalise(Record(json.dumps({"data": data, **answer}).encode(), "mexc", endpoint, 200))


@pytest.mark.parametrize(
    ("sample", "venue"),
    [
        ("bingx/bingx-subscribed", "bingx"),
        ("okx/okx-ws-order", "okx"),
        ("okx/okx-ws-amend-order", "okx"),
        ("bitget/ws-place-order", "bitget"),
    ],
)
def test_an_answer_with_more_keys_is_no_answer_to_a_subscription(sample: str, venue: str) -> None:
    """MEXC's have an id, a code and a text alone, so that those of other venues stay theirs."""
    payload = json.loads(Path(f"samples/skipped/{sample}.json").read_text())["payload"]
    assert recognition.recognise(json.dumps(payload).encode()) == venue
