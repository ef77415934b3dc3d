"""Errors that mean nothing for a cancel, where a placement waits beside one: they may be of either."""

import json
from collections import Counter
from collections.abc import Mapping

import pytest

from cancelnorm import normalise, venues
from cancelnorm.logs.formats import named
from cancelnorm.record import Record
from tests.logs.captured import found
from tests.logs.test_bots import events_of
from tests.logs.test_status_lines import of_venue, request_of

BINANCE = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&"
MEXC = "https://api.mexc.com/api/v3/order?symbol=BTCUSDT&orderId=C02__443776347957968896088"
BYBIT = "https://api.bybit.com/v5/order/"
POOR = {"code": -2010, "msg": "Account has insufficient balance for requested action."}
MARGIN = {"retCode": 110007, "retMsg": "ab not enough", "result": {}, "retExtInfo": {}, "time": 1795730430200}
PLACED = {"method": "POST", "url": f"{BINANCE}side=BUY"}
CANCEL = {"method": "DELETE", "url": f"{BINANCE}orderId=17"}
BYBIT_PLACED = {"method": "POST", "url": f"{BYBIT}create", "body": {"symbol": "BTCUSDT", "side": "Buy"}}
BYBIT_CANCEL = {"method": "POST", "url": f"{BYBIT}cancel", "body": {"symbol": "BTCUSDT", "orderId": "17"}}
OKX = "https://www.okx.com/api/v5/trade/"
OKX_PLACED = {"method": "POST", "url": f"{OKX}order", "body": {"instId": "BTC-USDT", "side": "buy"}}
OKX_CANCEL = {"method": "POST", "url": f"{OKX}cancel-order", "body": {"instId": "BTC-USDT", "ordId": "17"}}
POOR_ROW = {
    "clOrdId": "",
    "ordId": "",
    "sCode": "51008",
    "sMsg": "Insufficient USDT balance",
    "ts": "1700000000000",
}
OKX_POOR = {"code": "1", "msg": "", "data": [POOR_ROW]}
KRAKEN = "https://api.kraken.com/0/private/"
KRAKEN_PLACED = {"method": "POST", "url": f"{KRAKEN}AddOrder", "body": "nonce=1&pair=XBTUSD&type=buy"}
KRAKEN_CANCEL = {"method": "POST", "url": f"{KRAKEN}CancelOrder", "body": "nonce=1&txid=OYVGEW-AAAAA-111111"}
CASES = [
    (PLACED, CANCEL, POOR),
    (PLACED, {"method": "DELETE", "url": MEXC}, POOR),
    (BYBIT_PLACED, BYBIT_CANCEL, MARGIN),
    (PLACED, CANCEL, {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}),
    (PLACED, CANCEL, {"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."}),
    (OKX_PLACED, OKX_CANCEL, OKX_POOR),
    (KRAKEN_PLACED, KRAKEN_CANCEL, {"error": ["EOrder:Insufficient funds"]}),
]
Part = dict[str, object]


def as_text(*asked: Mapping[str, object]) -> str:
    """Requests as a program prints them."""
    said = (each.get("body", "") for each in asked)
    bodies = (f" {body if isinstance(body, str) else json.dumps(body)}".rstrip() for body in said)
    return "".join(
        f"{each['method']} {each['url']}{body}\n" for each, body in zip(asked, bodies, strict=True)
    )


def orders(form: str, log: str) -> list[tuple[str | None, str | None]]:
    """The order of each record, and how it was paired."""
    records = [each for each in found(named(form), log.encode()) if isinstance(each, Record)]
    return [(event.order_id, each.pairing) for each in records for event in normalise(each).events]


@pytest.mark.parametrize(("placed", "cancel", "error"), CASES)
def test_an_error_beside_a_placement(placed: Part, cancel: Part, error: Part) -> None:
    """It is of no order; without the placement, it is that of the only request."""
    status = {"dir": "in", "status": 400, "payload": error}
    for asked in ((placed, cancel), (cancel, placed)):
        lines = [json.dumps({"dir": "out", **each}) for each in asked]
        log = "\n".join([*lines, json.dumps(status)])
        assert not [order for order, pairing in orders("jsonl", log) if order and pairing is None]
        log = f"{as_text(*asked)}recv {json.dumps(error)}\n"
        assert not [order for order, pairing in orders("text", log) if order and pairing is None]
    alone = "\n".join(json.dumps(each) for each in ({"dir": "out", **cancel}, status))
    assert [(order is None, pairing) for order, pairing in orders("jsonl", alone)] == [(False, None)]
    text = f"{as_text(cancel)}recv {json.dumps(error)}\n"
    assert [(order is None, pairing) for order, pairing in orders("text", text)] == [(False, None)]


def test_an_error_of_a_cancel_beside_a_placement() -> None:
    """It is that of the cancel, as no placement has its code."""
    gone = json.dumps({"code": -2011, "msg": "Unknown order sent."})
    assert orders("text", f"{as_text(PLACED, CANCEL)}recv {gone}\n") == [("17", None)]


def test_the_answer_behind_an_error_of_a_placement() -> None:
    """The cancel waits on for its own."""
    log = f"{as_text(PLACED, CANCEL)}recv {json.dumps(POOR)}\n"
    assert ("17", "no_answer") in orders("text", log)
    gone = json.dumps({"code": -2011, "msg": "Unknown order sent."})
    assert orders("text", f"{log}recv {gone}\n") == [(None, None), ("17", None)]


@pytest.mark.parametrize("venue", venues.names())
def test_answers_beside_a_query(venue: str) -> None:
    """An answer that says what became of an order is that of the cancel, though a query waits, too."""
    host = venues.every()[venue].hosts[0]
    for name, sample in of_venue(venue).items():
        method, url, asked = request_of(sample)
        log = f"{method} {url}{asked}\nrecv {json.dumps(sample.tree())}\n"
        alone, beside = (
            Counter(
                (event.endpoint, event.order_id, event.outcome)
                for event in events_of(text, "text")[0]
                if event.outcome not in ("unknown", "rejected")
            )
            for text in (log, f"GET https://{host}/nothing/here\n{log}")
        )
        assert (name, beside) == (name, alone)
