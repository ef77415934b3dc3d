"""Rows that cannot be read stand alone: examples beside the law."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import PayloadError, Record, normalise
from tests.samples import SAMPLES

BATCH = SAMPLES["bybit/post-v5-order-cancel-batch-partial-failure"].record()


def damaged(rows: list[Any], codes: list[Any] | None = None) -> Record:
    """A Bybit batch with other rows."""
    tree = json.loads(BATCH.payload)
    tree["result"]["list"] = rows
    if codes is not None:
        tree["retExtInfo"]["list"] = codes
    return replace(BATCH, payload=json.dumps(tree).encode())


ROWS = json.loads(BATCH.payload)["result"]["list"]


def test_every_row_is_bad() -> None:
    """Nothing is left that could be read: the payload is refused, as is a batch of one bad row."""
    for rows in ([7, None], [{"orderId": 1}]):
        with pytest.raises(PayloadError):
            normalise(damaged(rows))


def test_a_strict_reader_refuses_it() -> None:
    """To refuse what a venue added is to refuse what nobody can read."""
    with pytest.raises(PayloadError) as caught:
        normalise(damaged([ROWS[0], 7]), drift="refuse")
    assert caught.value.path == "$.result.list[1]"


def test_codes_beside_go_with_their_rows() -> None:
    """The second code belongs to the second row, also where the first row is gone."""
    bad, rejected = normalise(damaged([None, ROWS[1]])).events
    assert (bad.outcome, bad.reason, bad.order_id) == ("unknown", "unreadable", "1666800494330512128")
    assert (rejected.outcome, rejected.code) == ("rejected", "170213")
    assert [event.index for event in (bad, rejected)] == [0, 1]


def test_a_bad_row_stands_after_all_events_of_those_before_it() -> None:
    """A row before it may be a list of orders, with an event for each."""
    record = SAMPLES["binance/delete-openorders-mixed"].record()
    order, _, orders = json.loads(record.payload)
    result = normalise(replace(record, payload=json.dumps([7, orders, 7, 7, order, orders, 7]).encode()))
    assert [(event.index, event.path) for event in result.events] == [
        (0, "$[0]"),
        (1, "$[1].orderReports[0]"),
        (2, "$[1].orderReports[1]"),
        (3, "$[2]"),
        (4, "$[3]"),
        (5, "$[4]"),
        (6, "$[5].orderReports[0]"),
        (7, "$[5].orderReports[1]"),
        (8, "$[6]"),
    ]
    assert [event.index for event in result.events if event.reason == "unreadable"] == [0, 3, 4, 8]


def test_events_beside_the_array_of_a_bad_row_have_indices_of_their_own() -> None:
    """Those of another array, and of the rows that arrays are in."""
    record = SAMPLES["deribit/cancel-all-by-kind-or-type-detailed"].record()
    tree = json.loads(record.payload)
    tree["result"][0]["result"].append(7)
    result = normalise(replace(record, payload=json.dumps(tree).encode()))
    assert [event.index for event in result.events] == [*range(len(result.events))]
    assert len(result.events) == len(normalise(record).events) + 1


def test_without_endpoint() -> None:
    """The same rows stand alone where no endpoint is given."""
    record = replace(SAMPLES["binance/delete-fapi-batchorders-mixed"].record(), endpoint=None, request=None)
    first, _, third = json.loads(record.payload)
    result = normalise(replace(record, payload=json.dumps([first, {"orderId": "?"}, third]).encode()))
    assert [event.reason for event in result.events] == [None, "unreadable", None]
    assert {note.code for note in result.notes} >= {"unreadable-row", "endpoint-assumed"}


def test_a_secret_in_a_bad_row_is_masked() -> None:
    """What is shown of the row shows no secret."""
    result = normalise(damaged([ROWS[0], {"orderId": 1, "apiKey": "PLANTED-SECRET"}]))
    assert "PLANTED-SECRET" not in repr(result)


def test_ten_thousand_bad_rows() -> None:
    """Each bad row is looked at once."""
    record = replace(damaged([ROWS[0], *[7] * 10_000], [{"code": 0, "msg": "OK"}] * 10_001), request=None)
    result = normalise(record)
    assert sum(event.reason == "unreadable" for event in result.events) == 10_000
