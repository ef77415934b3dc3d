"""Lines of JSON that a logger or a store wrote: what stands in their texts and beside them."""

import json
from typing import Any

import pytest

from cancelnorm import normalise
from cancelnorm.logs.formats import pick
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from tests.logs.captured import asked, faults, found, records
from tests.logs.objects import CANCEL_URL, REFUSAL


@pytest.mark.parametrize(
    "beside",
    [
        {"res": {"error": ["EOrder:Unknown order"]}},
        {"error": 'kraken {"error":["EOrder:Unknown order"]}'},
        {"err": 'ExchangeError: kraken {"error":["EOrder:Unknown order"]}', "exchange": "kraken"},
    ],
)
def test_a_frame_beside_the_text_of_a_logger(beside: dict[str, Any]) -> None:
    """A structured logger keeps an answer, or the text of an error, under a key of the program's own."""
    logged = {"level": "info", "time": 1709663172183, "msg": "cancel failed", **beside}
    [record] = records(MAPPED, json.dumps(logged).encode() + b"\n")
    assert record.venue == "kraken"
    assert [event.code for event in normalise(record).events] == ["EOrder"]


def test_an_envelope_beside_the_text_of_a_logger() -> None:
    """A venue's envelope is no response of the program's own."""
    ack = {"status": "ok", "response": {"type": "cancel", "data": {"statuses": ["success"]}}}
    [record] = records(MAPPED, json.dumps({"level": "info", "time": 1, "msg": "done", "ack": ack}).encode())
    assert record.venue == "hyperliquid"


@pytest.mark.parametrize(
    "beside",
    [
        {"req": {"method": "GET", "url": "/health"}, "res": {"statusCode": 200, "headers": {}}},
        {"order": {"symbol": "BTCUSDT", "orderId": 12, "status": "NEW"}},
        {"state": {"orders": {"a": {"status": "canceled"}}, "count": 3}},
    ],
)
def test_what_a_program_has_of_its_own_beside_its_text(beside: dict[str, Any]) -> None:
    """It is counted, and no answer of a venue."""
    logged = {"level": "info", "time": 1709663172183, "msg": "state", **beside}
    assert found(MAPPED, json.dumps(logged).encode() + b"\n") == []


SDK_ERROR: dict[str, Any] = {
    "code": 401,
    "message": "Unauthorized",
    "body": "Unauthorized",
    "requestOptions": {"apiKeyName": "omittedFromError", "apiSecret": "***"},
    "requestParams": {
        "method": "POST",
        "requestUrl": "https://api.coinbase.com/api/v3/brokerage/orders/batch_cancel",
        "params": {"body": {"order_ids": ["7"]}},
    },
}


def test_an_error_of_an_sdk_for_node() -> None:
    """It keeps the request beside the answer, calls the status its code, and leaves the keys out."""
    [record] = records(MAPPED, json.dumps(SDK_ERROR).encode())
    assert (record.endpoint, record.status) == ("POST /api/v3/brokerage/orders/batch_cancel", 401)
    assert (asked(record), record.secrets) == ({"order_ids": ["7"]}, ())
    [event] = normalise(record).events
    assert (event.order_id, event.reason) == ("7", "auth")


@pytest.mark.parametrize("frame", [{"channel": "heartbeat"}, {"event": "heartbeat"}])
def test_a_frame_about_something_else_tells_its_venue(frame: dict[str, Any]) -> None:
    """It is skipped, and not refused for want of a name."""
    [record] = records(MAPPED, json.dumps({"level": "info", "ts": 1, "frame": frame}).encode())
    assert record.venue == "kraken"


def test_what_may_be_an_answer_is_not_skipped() -> None:
    """One venue's refusal of a cancel is like another's of a subscription."""
    frame = {"code": 700003, "msg": "Timestamp for this request is outside of the recvWindow."}
    assert faults(MAPPED, json.dumps({"level": "info", "ts": 1, "frame": frame}).encode())


def test_the_answer_of_loki() -> None:
    """Each entry of a stream has its own time, and the labels of the stream."""
    refused = {
        "jsonrpc": "2.0",
        "id": 7,
        "error": {"message": "not_open_order", "code": 11044},
        "testnet": False,
    }
    refused |= {"usIn": 1795730430248000, "usOut": 1795730430248900, "usDiff": 900}
    values = [["1795730430250000000", f"ws recv {json.dumps(refused)}"], ["1795730431250000000", "sleeping"]]
    streams = {"resultType": "streams", "result": [{"stream": {"app": "bot"}, "values": values}]}
    [record] = records(MAPPED, json.dumps({"status": "success", "data": streams}).encode())
    assert (record.venue, record.received_ns) == ("deribit", 1795730430250000000)


@pytest.mark.parametrize(
    "said",
    [
        {"exchange": "okx", "error": "code=51400 msg=Cancellation failed."},
        {
            "exchange": "okx",
            "exception": "Traceback (most recent call last):\n  x\nOrderError: code=51400 msg=Cancellation failed.",
        },
        {
            "venue": "okx",
            "err": {"type": "Error", "message": "Cancellation failed.", "code": "51400", "stack": "Error: x"},
        },
        {"name": "okx-api", "err": {"message": "Cancellation failed.", "name": "Error", "code": 51400}},
        {
            "err": {
                "message": "Cancellation failed.",
                "code": 51400,
                "url": "https://www.okx.com/api/v5/trade/cancel-order",
            }
        },
    ],
)
def test_errors_beside_the_text(said: dict[str, Any]) -> None:
    """As loggers write them; the line may name the venue, or the name of the logger may."""
    log = json.dumps({"level": "error", "ts": 1795704213.5, "msg": "cancel failed", **said}).encode()
    [record] = records(MAPPED, log)
    assert (record.venue, json.loads(record.payload)) == (
        "okx",
        {"code": "51400", "msg": "Cancellation failed."},
    )
    assert record.received_ns == 1795704213_500_000_000
    assert found(MAPPED, log.replace(b"okx", b"xko")) == []


ENTRY = f"DEBUG response DELETE {CANCEL_URL} 400 {REFUSAL}"


@pytest.mark.parametrize(
    "store",
    [
        {
            "data": [
                {
                    "id": "A",
                    "type": "log",
                    "attributes": {"message": ENTRY, "timestamp": "2026-11-03T09:00:01Z"},
                }
            ]
        },
        {
            "resourceLogs": [
                {
                    "resource": {"attributes": []},
                    "scopeLogs": [
                        {
                            "scope": {},
                            "logRecords": [
                                {"timeUnixNano": "1793696401058000000", "body": {"stringValue": ENTRY}}
                            ],
                        }
                    ],
                }
            ]
        },
        {
            "resourceLogs": [
                {
                    "scopeLogs": [
                        {
                            "logRecords": [
                                {
                                    "timeUnixNano": "1793696401058000000",
                                    "body": {"stringValue": REFUSAL},
                                    "attributes": [
                                        {"key": "http.request.method", "value": {"stringValue": "DELETE"}},
                                        {"key": "url.full", "value": {"stringValue": CANCEL_URL}},
                                        {"key": "http.response.status_code", "value": {"intValue": "400"}},
                                    ],
                                }
                            ]
                        }
                    ]
                }
            ]
        },
    ],
)
def test_entries_of_other_stores(store: dict[str, Any]) -> None:
    """Datadog's answers, and the files of OpenTelemetry, on one line or on many."""
    for log in (json.dumps(store), json.dumps(store, indent=1)):
        [record] = records(pick(log.encode(), Options()), log.encode())
        [event] = normalise(record).events
        assert (record.status, event.order_id, event.outcome) == (400, "12", "rejected")
        assert record.received_ns is not None


def test_numbers_of_mongodb() -> None:
    """Its extended JSON has objects for numbers and times."""
    sent = {
        "e": "ORDER_TRADE_UPDATE",
        "E": {"$numberLong": "1568879465651"},
        "T": {"$numberLong": "1568879465650"},
    }
    order = {
        "s": "BTCUSDT",
        "c": "x",
        "S": "SELL",
        "o": "LIMIT",
        "f": "GTC",
        "q": "0.001",
        "p": "9910",
        "ap": "0",
        "sp": "0",
        "x": "CANCELED",
        "X": "CANCELED",
        "i": {"$numberLong": "8886774"},
        "l": "0",
        "z": "0",
        "L": "0",
        "T": {"$numberLong": "1568879465650"},
        "t": {"$numberInt": "0"},
        "b": "0",
        "a": "0",
        "m": False,
        "R": False,
        "wt": "CONTRACT_PRICE",
        "ot": "LIMIT",
        "ps": "BOTH",
        "cp": False,
        "rp": "0",
    }
    line = {"_id": {"$oid": "65a"}, "ts": {"$date": {"$numberLong": "1793700001158"}}, "exchange": "binance"}
    [record] = records(MAPPED, json.dumps({**line, "msg": {**sent, "o": order}}).encode())
    [event] = normalise(record).events
    assert (event.order_id, event.outcome) == ("8886774", "canceled")
    assert record.received_ns == 1793700001158 * 10**6
