"""Public data and accounts without endpoint are no cancels: nothing is said of an order that they do not name."""

import json
from typing import Any

import pytest

from cancelnorm import AmbiguousPayloadError, NotACancel, PayloadError, Record, normalise

BOOK = [["41006.8", "0.60038921", "0", "1"]]
DATA: dict[str, tuple[str, Any]] = {
    "bingx order book": (
        "bingx",
        {"code": 0, "timestamp": 1702720487674, "data": {"bids": BOOK, "asks": BOOK, "ts": 1702720487674}},
    ),
    "bingx user": ("bingx", {"code": 0, "timestamp": 1702720487674, "data": {"uid": 16789}}),
    "bitget leverage": (
        "bitget",
        {
            "code": "00000",
            "msg": "success",
            "requestTime": 1627293504612,
            "data": {"symbol": "BTCUSDT", "marginCoin": "USDT", "longLeverage": "25", "shortLeverage": "25"},
        },
    ),
    "bybit account": (
        "bybit",
        {
            "retCode": 0,
            "retMsg": "OK",
            "result": {
                "marginMode": "REGULAR_MARGIN",
                "updatedTime": "1697078946000",
                "unifiedMarginStatus": 4,
                "dcpStatus": "OFF",
                "timeWindow": 10,
            },
        },
    ),
    "gate account book": (
        "gate",
        [{"id": "123456", "time": 1547633726123, "currency": "BTC", "change": "1.03", "balance": "4.59"}],
    ),
    "gate markets": (
        "gate",
        [{"id": "ETH_USDT", "base": "ETH", "quote": "USDT", "fee": "0.2", "min_base_amount": "0.001"}],
    ),
    "gate trades": (
        "gate",
        [{"id": "1232893232", "create_time": "1548000000", "side": "buy", "amount": "0.15", "price": "0.03"}],
    ),
    "gate withdrawals": (
        "gate",
        [
            {
                "id": "210496",
                "timestamp": "1542000000",
                "currency": "USDT",
                "amount": "222.61",
                "status": "DONE",
            }
        ],
    ),
    "kraken assets": (
        "kraken",
        {"error": [], "result": {"XXBT": {"aclass": "currency", "altname": "XBT", "status": "enabled"}}},
    ),
    "kraken pairs": (
        "kraken",
        {
            "error": [],
            "result": {
                "ETHUSDT": {
                    "altname": "ETHUSDT",
                    "wsname": "ETH/USDT",
                    "base": "XETH",
                    "quote": "USDT",
                    "lot_decimals": 8,
                    "status": "online",
                }
            },
        },
    ),
    "okx order book": (
        "okx",
        {"code": "0", "msg": "", "data": [{"asks": BOOK, "bids": BOOK, "ts": "1629966436396"}]},
    ),
    "okx risk": (
        "okx",
        {"code": "0", "msg": "", "data": [{"atRisk": False, "atRiskIdx": [], "ts": "1635745078794"}]},
    ),
}


@pytest.mark.parametrize("name", DATA)
def test_nothing_is_said_of_an_order(name: str) -> None:
    """Even the name of a market is not taken for an order's id, nor an account for the answer to a cancel of all."""
    venue, payload = DATA[name]
    with pytest.raises((AmbiguousPayloadError, NotACancel)):
        normalise(Record(json.dumps(payload), venue))


UNKNOWN = {"new": "1", "newer": "2", "newest": "3", "last": "4"}


@pytest.mark.parametrize(
    ("venue", "payload"),
    [
        ("bybit", {"retCode": 0, "retMsg": "OK", "result": {"orderId": "4dd1", **UNKNOWN}}),
        (
            "okx",
            {
                "code": "0",
                "msg": "",
                "data": [{"ordId": "123", "clOrdId": "", "ts": "1", "sCode": "0", "sMsg": "", **UNKNOWN}],
            },
        ),
    ],
)
def test_an_order_keeps_its_id_whatever_is_added(venue: str, payload: Any) -> None:
    """A key that says that it is an order's is none of other data; what became of the order is open."""
    events = normalise(Record(json.dumps(payload), venue)).events
    assert [event.outcome for event in events] == ["unknown"]
    assert all(event.order_id for event in events)


@pytest.mark.parametrize(
    ("venue", "payload"),
    [
        ("binance", {"code": -2011, "msg": "Unknown order sent.", **UNKNOWN}),
        ("bybit", {"retCode": 110001, "retMsg": "order not exists or too late to cancel", **UNKNOWN}),
    ],
)
def test_an_error_is_told_whatever_is_added(venue: str, payload: Any) -> None:
    """What an error says is about the request, and not lost for what a program added."""
    (event,) = normalise(Record(json.dumps(payload), venue)).events
    assert event.code == str(payload.get("code") or payload.get("retCode"))


def test_a_new_order_of_bybit_spot_v1() -> None:
    """Placed in 2021, it was answered as a cancel is: while the order is open, nothing tells them apart."""
    order = {
        "accountId": "1",
        "symbol": "ETHUSDT",
        "symbolName": "ETHUSDT",
        "orderLinkId": "162073788655749",
        "orderId": "889208273689997824",
        "transactTime": "1620737886573",
        "price": "20000",
        "origQty": "10",
        "executedQty": "0",
        "status": "NEW",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
    }
    answer = {"ret_code": 0, "ret_msg": "", "ext_code": None, "ext_info": None, "result": order}
    (event,) = normalise(Record(json.dumps(answer), "bybit")).events
    assert (event.order_id, event.outcome) == ("889208273689997824", "unknown")
    (event,) = normalise(Record(json.dumps(answer), "bybit", "DELETE /spot/v1/order")).events
    assert event.outcome == "pending"
    with pytest.raises(PayloadError):
        normalise(Record(json.dumps(order), "bybit"))
