"""Objects without endpoint that are read many at a time: which are, and what they are taken for."""

import msgspec
import pytest
from msgspec import Raw

from cancelnorm import venues
from cancelnorm.answer import data_of
from cancelnorm.plain_answers import PlainAnswers, plain_answers
from cancelnorm.reader.keys import keys_of
from tests.samples import SAMPLES

BINANCE = venues.every()["binance"]
ORDER = "binance/delete-order-2024"
ROW = SAMPLES[ORDER].tree()
OF_ORDERS = (
    "DELETE /api/v3/order",
    "DELETE /api/v3/orderList",
    "DELETE /sapi/v1/margin/order",
    "DELETE /sapi/v1/margin/orderList",
    "DELETE /papi/v1/margin/order",
    "DELETE /papi/v1/margin/orderList",
)


def found(name: str) -> PlainAnswers | None:
    """What objects with the keys of a sample are."""
    sample = SAMPLES[name]
    keys = keys_of(data_of(sample.record()))
    return None if keys is None else plain_answers(venues.every()[sample.venue], keys)


def test_which_samples_are_read_together() -> None:
    """Orders of spot, which margin and portfolio margin send with the same keys, and nothing else."""
    plain = {name for name in SAMPLES if (answers := found(name)) is not None and answers.names == OF_ORDERS}
    assert plain == {name for name in SAMPLES if found(name) is not None}
    expected = {
        name
        for name, sample in SAMPLES.items()
        if sample.venue == "binance"
        and sample.endpoint in OF_ORDERS
        and isinstance(tree := sample.tree(), dict)
        and {"executedQty", "isIsolated"} & tree.keys() == {"executedQty"}
    }
    assert plain ^ expected == set()


def test_the_endpoint_says_no_more_than_all_do() -> None:
    """The product is open, as several may have sent them."""
    answers = found(ORDER)
    assert answers is not None
    assert (answers.endpoint.name, answers.endpoint.product) == (OF_ORDERS[0], None)


@pytest.mark.parametrize(
    ("sent", "read", "expected"),
    [
        ([7, 8], [7, 8], [True, True]),
        ([7, "8"], [7, 8], [False, False]),
        ([7, None], [7, 8], [False, False]),
        ([], [], []),
    ],
)
def test_rows_that_all_read_alike(sent: list[object], read: list[int], expected: list[bool]) -> None:
    """An id that one of the endpoints reads as another value, or not at all, leaves none of the rows certain."""
    answers = found(ORDER)
    assert answers is not None
    assert answers.endpoint.plain is not None
    payloads = [Raw(msgspec.json.encode({**ROW, "orderId": order_id})) for order_id in sent]
    struct = answers.endpoint.plain.plan.struct
    rows = [msgspec.json.decode(msgspec.json.encode({**ROW, "orderId": i}), type=struct) for i in read]
    assert answers.are_plain(payloads, rows) == expected


def test_rows_of_which_there_is_more_to_say() -> None:
    """What is about something else, or leaves open what became of a cancel, is not plain; its neighbours are."""
    answers = found(ORDER)
    assert answers is not None
    assert answers.endpoint.plain is not None
    payloads = [Raw(msgspec.json.encode({**ROW, "orderId": order_id})) for order_id in (7, 8, 9)]
    rows = [msgspec.json.decode(payload, type=answers.endpoint.plain.plan.struct) for payload in payloads]
    for doubted in (
        answers._replace(skip=lambda data: "a fill" if b":8," in data else None),
        answers._replace(tells=[(1, lambda row: row.order_id == 8)]),
    ):
        assert doubted.are_plain(payloads, rows) == [True, False, True]
