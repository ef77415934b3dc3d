"""Objects without endpoint that are read many at a time: which are, and what they are taken for."""

from typing import Any, Final

import msgspec
import pytest
from msgspec import Raw, Struct

from cancelnorm import Evidence, Outcome, venues
from cancelnorm.answer import data_of
from cancelnorm.endpoint import Call, Endpoint, IdSpace
from cancelnorm.eventmap import EventMap, Verdict, always, amount, by_status, constant, number, text
from cancelnorm.eventmap.columns import member
from cancelnorm.plain_answers import PlainAnswers, plain_answers
from cancelnorm.reader.keys import keys_of
from cancelnorm.reader.scalars import DecimalText, Int
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Normalised, Product
from cancelnorm.venue import Venue
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


def test_what_is_nested_too_deeply_is_not_certain() -> None:
    """An endpoint that reads a field whatever is in it cannot read that, says nothing of it, and ends nothing."""
    answers = found(ORDER)
    assert answers is not None
    assert answers.endpoint.plain is not None
    row = msgspec.json.encode({**ROW, "orderId": 7})
    read = msgspec.json.decode(row, type=answers.endpoint.plain.plan.struct)
    deep = row[:-1] + b',"new":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    anything = answers.others[0]._replace(decode=msgspec.json.Decoder(list[Raw]).decode, fields=())
    answers = answers._replace(others=[anything])
    assert answers.are_plain([Raw(row), Raw(row)], [read, read]) == [True, True]
    assert answers.are_plain([Raw(row), Raw(deep)], [read, read]) == [False, False]


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


# --- Two endpoints that answer with the same keys ---


class One(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order, as one endpoint sends it."""

    id: Int
    client: str
    state: str
    word: str
    price: DecimalText


class Two(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of another endpoint, whose ids may be in quotes."""

    id: Int | str
    client: str
    state: str
    word: str
    price: DecimalText


GONE: Final = Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
TABLE: Final = {"gone": GONE}
SAID: Final = by_status(Two.state, TABLE, otherwise=OPEN)
COLUMNS: Final[dict[str, Any]] = {
    "order_id": number(Two.id),
    "client_order_id": text(Two.client, none=("0",)),
    "price": amount(Two.price),
    "symbol": constant("BTC"),
}
ONE: Final = EventMap(
    One,
    by_status(One.state, TABLE, otherwise=OPEN),
    order_id=number(One.id),
    client_order_id=text(One.client, none=("0",)),
    price=amount(One.price),
    symbol=constant("BTC"),
)


def acme(two: EventMap, product: Product | None = Product.SPOT) -> PlainAnswers | None:
    """What objects with these keys are at a venue where the other endpoint maps them so."""
    venue = Venue("acme", package="none", docs="")
    maps: dict[str, tuple[type[Struct], EventMap, Product | None]] = {
        "DELETE /one": (One, ONE, Product.SPOT),
        "DELETE /two": (Two, two, product),
    }
    found = {name: _endpoint(name, *row) for name, row in maps.items()}
    venue.__dict__ |= {"endpoints": found, "others": {}, "common_errors": (), "skip": None}
    venue.__dict__["skip_keys"] = frozenset()
    return plain_answers(venue, One.__struct_fields__)


def _endpoint(name: str, struct: type[Struct], event_map: EventMap, product: Product | None) -> Endpoint:
    def canceled(raw: Any, call: Call) -> Normalised:
        return call.result([event_map.event(raw, call, "$")])

    keys, ids = RequestKeys(), IdSpace("acme", by_symbol=False)
    more: dict[str, Any] = {"request": keys, "ids": ids, "docs": "", "plain": event_map}
    return Endpoint(name, struct, canceled, venue="acme", product=product, **more)


def test_endpoints_that_say_the_same() -> None:
    """They are taken for the first; the product only where it is that of both."""
    for product in (Product.SPOT, Product.MARGIN):
        answers = acme(EventMap(Two, SAID, **COLUMNS), product)
        assert answers is not None
        assert answers.names == ("DELETE /one", "DELETE /two")
        assert answers.endpoint.product is (Product.SPOT if product is Product.SPOT else None)
        assert [other.fields for other in answers.others] == [["id"]]


@pytest.mark.parametrize(
    "two",
    [
        EventMap(Two, always(GONE), **COLUMNS),
        EventMap(Two, by_status(Two.word, TABLE, otherwise=OPEN), **COLUMNS),
        EventMap(Two, by_status(Two.state, {"over": GONE}, otherwise=OPEN), **COLUMNS),
        EventMap(Two, by_status(Two.state, TABLE, otherwise=GONE), **COLUMNS),
        EventMap(Two, SAID._replace(raw_status=member(Two.word)), **COLUMNS),
        EventMap(Two, SAID._replace(message=member(Two.word)), **COLUMNS),
        EventMap(Two, SAID, **{**COLUMNS, "client_order_id": text(Two.word, none=("0",))}),
        EventMap(Two, SAID, **{**COLUMNS, "client_order_id": text(Two.client)}),
        EventMap(Two, SAID, **{**COLUMNS, "symbol": constant("ETH")}),
        EventMap(Two, SAID, **{**COLUMNS, "order_id": text(Two.client)}),
        EventMap(Two, SAID, **COLUMNS, raw_status=text(Two.word)),
        EventMap(Two, SAID, **COLUMNS, kind=EventKind.SCOPE),
    ],
)
def test_endpoints_that_do_not_say_the_same(two: EventMap) -> None:
    """Where one reads a verdict or a field from another place or in another way, each object is looked at alone."""
    assert acme(two) is None
