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
# https://bingx-api.github.io/docs/, and what public client libraries recorded of it.
OTHERS: list[tuple[Any, type[Exception]]] = [
    ({"code": 0, "msg": "", "data": SPOT_ORDER}, NotACancel),
    ({"code": 0, "msg": "", "debugMsg": "", "data": {"orders": [SPOT_ORDER]}}, AmbiguousPayloadError),
    ({"code": 0, "msg": "", "data": {"order": SWAP_ORDER}}, NotACancel),
    ({"code": 0, "msg": "", "data": {"orders": [SWAP_ORDER]}}, NotACancel),
    ({"code": 0, "msg": "", "data": AMENDED, "timestamp": 0}, NotACancel),
    (
        {"code": 0, "msg": "", "timestamp": 1732693774386, "data": {"mainOrderId": "4633860139993029715"}},
        AmbiguousPayloadError,
    ),
    ({"code": 0, "msg": "", "data": {"success": [1608667648171266048], "failed": None}}, NotACancel),
    ({"code": 0, "msg": "", "data": {"success": [], "failed": None}}, AmbiguousPayloadError),
]


@pytest.mark.parametrize(("payload", "error"), OTHERS)
def test_others_claim_nothing(payload: Any, error: type[Exception]) -> None:
    """They are no cancels, or ambiguous where a cancel has the same shape."""
    with pytest.raises(error):
        normalise(Record(json.dumps(payload).encode(), "bingx"))


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
