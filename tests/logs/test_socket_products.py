"""The product of a request over a WebSocket: its address tells, or else the answer."""

import json
from typing import Final

import pytest

from cancelnorm import normalise
from cancelnorm.logs.options import Options
from cancelnorm.logs.text import TEXT
from tests.logs.captured import records

SENT: Final = '{"id":"3f-1","method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":17}}'
CANCELED: Final = {
    "clientOrderId": "x-1",
    "cumQty": "0.000",
    "executedQty": "0.000",
    "orderId": 17,
    "origQty": "0.100",
    "origType": "LIMIT",
    "price": "20000.00",
    "reduceOnly": False,
    "side": "BUY",
    "positionSide": "BOTH",
    "status": "CANCELED",
    "stopPrice": "0.00",
    "closePosition": False,
    "timeInForce": "GTC",
    "type": "LIMIT",
    "updateTime": 1795730430190,
    "workingType": "CONTRACT_PRICE",
    "priceProtect": False,
    "priceMatch": "NONE",
    "selfTradePreventionMode": "NONE",
}
LINEAR: Final = {
    **CANCELED,
    "symbol": "BTCUSDT",
    "cumQuote": "0.00000",
    "goodTillDate": 0,
}
INVERSE: Final = {**CANCELED, "symbol": "BTCUSD_PERP", "pair": "BTCUSD", "cumBase": "0"}
ERROR: Final = {"id": "3f-1", "status": 400, "error": {"code": -2011, "msg": "Unknown order sent."}}
CONNECTED: Final = "connected to wss://ws-{}api.binance.com/ws-{}api/v{}\n"
FORMS: Final = (
    f"send {SENT}\nrecv %s\n",
    f"sending Text({json.dumps(SENT)})\nreceived Text(%s)\n",
)


def answer(result: dict[str, object]) -> dict[str, object]:
    """The answer with this result."""
    return {"id": "3f-1", "status": 200, "result": result, "rateLimits": []}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("before", "received", "endpoint", "outcome"),
    [
        ("", answer(LINEAR), "ws-fapi order.cancel", "canceled"),
        ("", answer(INVERSE), "ws-dapi order.cancel", "canceled"),
        ("", ERROR, "ws order.cancel", "rejected"),
        (CONNECTED.format("f", "f", 1), answer(LINEAR), "ws-fapi order.cancel", "canceled"),
        (CONNECTED.format("f", "f", 1), ERROR, "ws-fapi order.cancel", "rejected"),
        (CONNECTED.format("d", "d", 1), ERROR, "ws-dapi order.cancel", "rejected"),
        (CONNECTED.format("", "", 3), ERROR, "ws order.cancel", "rejected"),
        (
            CONNECTED.format("f", "f", 1) + CONNECTED.format("", "", 3),
            answer(LINEAR),
            "ws-fapi order.cancel",
            "canceled",
        ),
        (
            CONNECTED.format("f", "f", 1) + CONNECTED.format("", "", 3),
            ERROR,
            "ws order.cancel",
            "rejected",
        ),
    ],
)
def test_the_product_of_a_frame(
    form: str, before: str, received: object, endpoint: str, outcome: str
) -> None:
    """The address of the only connection tells it, or else the answer, if only one product answers so."""
    text = json.dumps(received)
    shown = text if form.startswith("send ") else json.dumps(text)
    [record] = records(TEXT, (before + form.replace("%s", shown)).encode(), Options(venue="binance"))
    [event] = normalise(record).events
    assert (record.endpoint, event.order_id, str(event.outcome)) == (endpoint, "17", outcome)
