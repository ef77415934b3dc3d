"""Answers of BingX that are no cancels claim nothing where no endpoint is given, whatever their shape."""

import json
from typing import Any

import pytest

from cancelnorm import AmbiguousPayloadError, NotACancel, Record, normalise

SPOT_ORDER = {
    "symbol": "LTC-USDT",
    "orderId": 1695025223016906753,
    "transactTime": 1692960479870,
    "price": "50",
    "origQty": "0.1",
    "executedQty": "0",
    "cummulativeQuoteQty": "0",
    "status": "PENDING",
    "type": "LIMIT",
    "side": "BUY",
}
SWAP_ORDER = {
    "symbol": "BTC-USDT",
    "orderId": 1709036527545438208,
    "side": "BUY",
    "positionSide": "LONG",
    "type": "TRIGGER_LIMIT",
    "clientOrderID": "",
    "workingType": "",
}
AMENDED = {"orderId": 1989246372640981088, "clientOrderId": "", "symbol": "BTC-USDT", "quantity": 0.00009}
SHOWN = {
    "symbol": "LINK-USDT",
    "orderId": 1585839271162413057,
    "side": "BUY",
    "positionSide": "LONG",
    "type": "TRIGGER_MARKET",
    "origQty": "5.0",
    "price": "9",
    "executedQty": "0.0",
    "avgPrice": "0",
    "cumQuote": "0",
    "stopPrice": "5",
    "profit": "0.0000",
    "commission": "0.000000",
    "status": "PENDING",
    "time": 1667631605000,
    "updateTime": 1667631605000,
}
LEG = {
    "transactionTime": 1724656554890,
    "orderId": "1827968197060460545",
    "clientOrderId": "",
    "symbol": "BTC-USDT",
    "orderType": "ocoTps",
    "side": "BUY",
    "triggerPrice": 87000,
    "price": 88000,
    "quantity": 0.001,
    "orderListId": "1827968196914479104",
}
# https://bingx-api.github.io/docs/, and what public client libraries recorded of it.
OTHERS: list[tuple[Any, type[Exception] | None]] = [
    ({"code": 0, "msg": "", "data": SPOT_ORDER}, NotACancel),
    ({"code": 0, "msg": "", "debugMsg": "", "data": {"orders": [SPOT_ORDER]}}, None),
    ({"code": 0, "msg": "", "data": {"order": SWAP_ORDER}}, NotACancel),
    ({"code": 0, "msg": "", "data": {"orders": [SWAP_ORDER]}}, NotACancel),
    ({"code": 0, "msg": "", "data": AMENDED, "timestamp": 0}, NotACancel),
    (
        {"code": 0, "msg": "", "timestamp": 1732693774386, "data": {"mainOrderId": "4633860139993029715"}},
        None,
    ),
    ({"code": 0, "msg": "", "data": {"success": [1608667648171266048], "failed": None}}, NotACancel),
    ({"code": 0, "msg": "", "data": {"success": [], "failed": None}}, AmbiguousPayloadError),
    # A query of an open order, or an answer to a cancel with the status of before.
    ({"code": 0, "msg": "", "data": {"order": SHOWN}}, None),
    ({"code": 0, "msg": "", "data": {"orders": [SHOWN]}}, NotACancel),
    ({"code": 0, "msg": "", "data": {"order": {**SHOWN, "status": "FILLED"}}}, None),
    # A new pair, or one that is asked for.
    ({"code": 0, "msg": "", "data": [{**LEG, "status": ""}]}, NotACancel),
    ({"code": 0, "msg": "", "data": [LEG, {**LEG, "status": "PENDING"}]}, NotACancel),
    # Any request fails like this.
    ({"code": 100001, "msg": "Signature verification failed"}, None),
    ({"code": 109201, "msg": "The same order number", "data": {}}, AmbiguousPayloadError),
]


@pytest.mark.parametrize(("payload", "error"), OTHERS)
def test_others_claim_nothing(payload: Any, error: type[Exception] | None) -> None:
    """They are no cancels, or leave the outcome open where a cancel is answered alike, or more is unclear."""
    record = Record(json.dumps(payload).encode(), "bingx")
    if error is not None:
        with pytest.raises(error):
            normalise(record)
        return
    result = normalise(record)
    assert result.events
    assert {(event.outcome, event.evidence) for event in result.events} == {("unknown", "none")}
    assert any(" /openApi/" in name for name in result.notes[0].value)


@pytest.mark.parametrize("status", ["PENDING", "NEW", "PARTIALLY_FILLED", "FILLED"])
@pytest.mark.parametrize(
    ("endpoint", "data"),
    [
        ("GET /openApi/swap/v2/trade/order", {"order": SHOWN}),
        ("GET /openApi/swap/v2/trade/openOrders", {"orders": [SHOWN]}),
        ("GET /openApi/swap/v2/trade/forceOrders", {"orders": [SHOWN]}),
        ("GET /openApi/cswap/v1/trade/orderHistory", {"orders": [SHOWN]}),
        ("GET /openApi/spot/v1/oco/orderList", [LEG]),
        ("GET /openApi/spot/v1/oco/openOrderList", [LEG, {**LEG, "status": "PENDING"}]),
        ("GET /openApi/spot/v1/oco/historyOrderList", [{**LEG, "status": "PENDING"}]),
    ],
)
def test_a_query_without_a_cancel(endpoint: str, data: Any, status: str) -> None:
    """Orders that are open or filled are no cancels."""
    text = json.dumps({"code": 0, "msg": "", "data": data}).replace("PENDING", status)
    with pytest.raises(NotACancel):
        normalise(Record(text.encode(), "bingx", endpoint))


def test_a_canceled_order_is_canceled_wherever_it_is_shown() -> None:
    """The answer to a cancel and to a query say the same of an order that is canceled."""
    order = {**SHOWN, "status": "CANCELLED"}
    payload = json.dumps({"code": 0, "msg": "", "data": {"order": order}}).encode()
    (event,) = normalise(Record(payload, "bingx")).events
    assert (event.outcome, event.evidence) == ("canceled", "terminal_status")


def test_recorded_with_quoted_numbers() -> None:
    """A client library that writes numbers as texts hides nothing."""
    text = {key: str(value) for key, value in SPOT_ORDER.items()}
    payload = json.dumps({"code": "0", "msg": "", "data": text}).encode()
    with pytest.raises(NotACancel):
        normalise(Record(payload, "bingx", dialect="quoted-numbers"))


def test_a_cancel_by_its_endpoint_is_read() -> None:
    """With the endpoint, the same payload is a cancel."""
    payload = json.dumps({"code": 0, "msg": "", "data": {"mainOrderId": "4633860139993029715"}}).encode()
    (event,) = normalise(Record(payload, "bingx", "POST /openApi/swap/v1/twap/cancelOrder")).events
    assert event.outcome == "pending"
