"""Results that the command line of ccxt prints, and its verbose output in a browser's console."""

import pytest

from cancelnorm import Record, normalise
from cancelnorm.logs.ccxt import CCXT
from cancelnorm.logs.text import TEXT
from tests.logs.captured import found, records

DONE = "{'code': '200', 'msg': 'The operation of cancel all open order is done.'}"
BATCH = (
    "{'code': '0', 'msg': '', 'data': {'failed': None, 'success': [{'symbol': 'ETH-USDT', "
    "'orderId': '1745037300603252736', 'side': 'BUY', 'positionSide': 'LONG', 'type': 'LIMIT', 'origQty': "
    "'0.01', 'price': '1000.00', 'executedQty': '0.00', 'avgPrice': '0.00', 'cumQuote': '0', 'stopPrice': '', "
    "'profit': '0.0000', 'commission': '0.000000', 'status': 'CANCELLED', 'time': '1704884300680', "
    "'updateTime': '1704884300680', 'clientOrderId': 'oolong1', 'leverage': ''}]}}"
)


def told(log: str) -> list[tuple[str, str | None, str]]:
    """Venue, order and outcome of each event in a log."""
    return [
        (event.venue, event.order_id, str(event.outcome))
        for record in found(TEXT, log.encode())
        if isinstance(record, Record)
        for event in normalise(record).events
    ]


@pytest.mark.parametrize(
    ("call", "result", "expected"),
    [
        ("binanceusdm.cancelAllOrders(ADA/USDT:USDT)", f"[{{'info': {DONE}}}]", ("binance", None, "pending")),
        ("binancecoinm.cancelAllOrders ()\n", f"[{{'info': {DONE}}}]", ("binance", None, "pending")),
        (
            "bingx.cancelOrders([],ETH/USDT:USDT,{'clientOrderIds': ['oolong1']})",
            BATCH,
            ("bingx", "1745037300603252736", "canceled"),
        ),
    ],
)
def test_the_call_names_the_exchange(call: str, result: str, expected: tuple[str, str | None, str]) -> None:
    """A result that several send is that exchange's, if it is near."""
    assert told(f"{call}\n{result}\n") == [expected]
    assert told(f"{call}\n{result}\n".replace(", '", ",\n '")) == [expected]
    far = "\n".join(["bye"] * 20)
    assert told(f"{call}\n{far}\n{result}\n") == []


def test_the_only_order_of_a_result_may_be_the_answer_itself() -> None:
    """Where an answer names no order, ccxt makes one of it; the failure of one in a batch is a row."""
    log = "bot: binance answered [{'info': %s}]\n"
    [done] = records(TEXT, (log % DONE).encode())
    assert isinstance(done.payload, bytes)
    assert done.payload[:1] == b"{"
    [failed] = records(TEXT, (log % "{'code': '-2011', 'msg': 'Unknown order sent.'}").encode())
    assert isinstance(failed.payload, bytes)
    assert failed.payload[:1] == b"["


def test_a_console_names_the_file() -> None:
    """Its name and its line stand before a request or an answer, as browsers print them."""
    host = "https://api.binance.com/api/v3/order"
    log = (
        f'Exchange.js:454 fetch:\n binance DELETE {host} \nRequest:\n {{\n  "User-Agent": "Trader"\n}} \n'
        " timestamp=1529306968894&symbol=VENBTC&orderId=34089239 \n\n"
        f"Exchange.js:565 handleRestResponse:\n binance DELETE {host} 400 Bad Request \nResponse:\n"
        ' {\n  "Server": "nginx"\n} \n {"code":-2011,"msg":"UNKNOWN_ORDER"}\n'
    )
    for form in (CCXT, TEXT):
        [record] = records(form, log.encode())
        [event] = normalise(record).events
        assert (event.order_id, str(event.outcome)) == ("34089239", "rejected")
