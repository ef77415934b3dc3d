"""Requests for several orders that fail as a whole: each of their orders is named, as where there is no answer."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Record, normalise, venues
from cancelnorm.story import fold, is_attempt
from tests.samples import SAMPLES


def of_several() -> dict[str, Record]:
    """Samples of answers to requests that name more than one order, by name."""
    found = {}
    for name, sample in SAMPLES.items():
        record = venues.placed(sample.record("log:1"))
        endpoint = venues.every()[record.venue].endpoints.get(record.endpoint or "")
        if endpoint is not None and not endpoint.is_query and record.request and record.pairing is None:
            targets = endpoint.request.targets(record.request)
            if len(targets) > 1 and any(target.names_order for target in targets):
                found[name] = record
    return found


SEVERAL: Final = of_several()


def names(events: tuple[CancelEvent, ...]) -> list[tuple[str | None, ...]]:
    """What events name."""
    return [(e.symbol, e.order_id, e.client_order_id) for e in events if e.kind is EventKind.ORDER]


@pytest.mark.parametrize("name", SEVERAL)
def test_a_page_of_a_gateway_names_each_order(name: str) -> None:
    """What became of each is unknown, and the story of each knows of the request."""
    record = SEVERAL[name]
    failed = replace(record, status=503, payload=b"<html><h1>503</h1></html>")
    events = normalise(failed).events
    assert names(events) == names(normalise(replace(record, payload=b"", pairing="no_answer")).events)
    assert {(event.kind, event.outcome, event.reason) for event in events} == {
        ("order", "unknown", "venue_unavailable")
    }
    assert [event.index for event in events] == sorted({event.index for event in events})
    attempts = [story.verdict().attempts for story in fold(events).values()]
    assert attempts == ([1] * len(attempts) if is_attempt(events[0]) else [0] * len(attempts))


def test_several_venues_have_such_requests() -> None:
    """So the test above is about many."""
    assert len({record.venue for record in SEVERAL.values()}) > 8


ROWS: Final = [{"symbol": "BTCUSDT", "orderId": "a"}, {"symbol": "ETHUSDT", "orderLinkId": "b"}]


@pytest.mark.parametrize(
    ("venue", "endpoint", "request_", "payload", "said"),
    [
        (
            "bybit",
            "POST /v5/order/cancel-batch",
            {"category": "linear", "request": ROWS},
            b'{"retCode":10006,"retMsg":"Too many visits!","result":{},"retExtInfo":{},"time":1672217376681}',
            [("BTCUSDT", "a", None), ("ETHUSDT", None, "b")],
        ),
        (
            "binance",
            "DELETE /fapi/v1/batchOrders",
            {"symbol": "BTCUSDT", "orderIdList": "[1,2]"},
            b'{"code":-1015,"msg":"Too many orders."}',
            [("BTCUSDT", "1", None), ("BTCUSDT", "2", None)],
        ),
        # It is not said of which.
        (
            "binance",
            "DELETE /fapi/v1/batchOrders",
            {"symbol": "BTCUSDT", "orderIdList": "[1,2]"},
            b'{"code":-2011,"msg":"Unknown order sent."}',
            [],
        ),
        # A row is of one of them, and not known of which.
        (
            "binance",
            "DELETE /fapi/v1/batchOrders",
            {"symbol": "BTCUSDT", "orderIdList": "[1,2]"},
            b'[{"code":-1015,"msg":"Too many orders."}]',
            [],
        ),
        # A query cancels nothing.
        (
            "kraken",
            "POST /0/private/QueryOrders",
            {"txid": "OAAAAA-BBBBB-CCCCCC,OAAAAA-BBBBB-DDDDDD"},
            b'{"error":["EGeneral:Temporary lockout"]}',
            [],
        ),
    ],
)
def test_an_error_names_each_order(
    venue: str, endpoint: str, request_: dict[str, Any], payload: bytes, said: list[tuple[str | None, ...]]
) -> None:
    """A refusal is the same for all of them, unless it says of one that it is gone."""
    events = normalise(Record(payload, venue, endpoint, request=request_, status=400)).events
    assert names(events) == said
    assert len({(event.outcome, event.reason, event.code, event.message) for event in events}) == 1


@pytest.mark.parametrize(
    ("venue", "endpoint", "payload"),
    [
        ("binance", "DELETE /sapi/v1/algo/spot/order", b'{"algoId":7,"success":false,"code":-1,"msg":"NOK"}'),
        (
            "bitget",
            "POST /api/v2/spot/trade/cancel-order",
            b'{"code":"43001","msg":"no","requestTime":1770000000456,"data":{"orderId":"7","clientOid":""}}',
        ),
    ],
)
def test_a_failure_that_names_its_order_is_about_it(venue: str, endpoint: str, payload: bytes) -> None:
    """Whether or not there is a request that names it, too."""
    for request in (None, {"algoId": 7, "orderId": "7"}):
        [event] = normalise(Record(payload, venue, endpoint, request=request)).events
        assert (event.kind, event.order_id) == ("order", "7")
