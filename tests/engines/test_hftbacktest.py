"""A backtest with hftbacktest in which a cancel takes the latency that was recorded."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from cancelnorm import Normalised, Record, normalise
from tests.engines.conftest import ROOT, needed

MS: Final = 1_000_000
START: Final = 1_793_700_000_000 * MS
CANCELED: Final = (
    b'{"symbol":"BTCUSDT","origClientOrderId":"web-1","orderId":%d,"orderListId":-1,"clientOrderId":"c-1",'
    b'"transactTime":%d,"price":"99.00","origQty":"1.000","executedQty":"0.000","cummulativeQuoteQty":"0.00",'
    b'"status":"CANCELED","timeInForce":"GTC","type":"LIMIT","side":"BUY","selfTradePreventionMode":"NONE"}'
)
LIMITED: Final = b'{"code":-1003,"msg":"Too many requests; current limit is 1200 requests per minute."}'
NEW, CANCELED_STATUS, NONE = 1, 4, 0  # of hftbacktest; the last is a request


def answer(number: int, there_ms: int, back_ms: int, ahead_ms: int = 0) -> Normalised:
    """The answer to a cancel that was sent 100 ms after the one before, by a clock that is ahead."""
    sent_ns = START + number * 100 * MS
    payload = CANCELED % (number, (sent_ns + there_ms * MS) // MS + ahead_ms)
    return recorded(payload, 200, sent_ns, there_ms + back_ms)


def limited(number: int, after_ms: int) -> Normalised:
    """A venue that turns the request away, because there are too many."""
    return recorded(LIMITED, 429, START + number * 100 * MS, after_ms)


def recorded(payload: bytes, status: int, sent_ns: int, after_ms: int) -> Normalised:
    """What an answer says that was received some time after the request."""
    received_ns = sent_ns + after_ms * MS
    return normalise(
        Record(
            payload,
            "binance",
            "DELETE /api/v3/order",
            status,
            {"symbol": "BTCUSDT", "orderId": 1},
            sent_ns=sent_ns,
            received_ns=received_ns,
        )
    )


def market(engine: Any, types: Any) -> Any:
    """An order book that stands still for three seconds."""
    flags = types.EXCH_EVENT | types.LOCAL_EVENT | types.DEPTH_EVENT
    return engine.array(
        [
            (flags | side, START + n * 50 * MS, START + n * 50 * MS + MS, price, 1.0, 0, 0, 0.0)
            for n in range(60)
            for side, price in ((types.BUY_EVENT, 100.0), (types.SELL_EVENT, 101.0))
        ],
        types.event_dtype,
    )


def cancel(latency: Any, at_ms: int) -> tuple[float, int, int]:
    """Cancel an order at a time: how long it took in ms, and the order's status and request after it."""
    numpy, types, hft = (
        needed(name, "hftbacktest") for name in ("numpy", "hftbacktest.types", "hftbacktest")
    )
    data = market(numpy, types)
    asset = (
        hft.BacktestAsset()
        .data(data)
        .linear_asset(1.0)
        .intp_order_latency(latency)
        .risk_adverse_queue_model()
        .no_partial_fill_exchange()
        .trading_value_fee_model(0.0, 0.0)
        .tick_size(0.1)
        .lot_size(0.001)
    )
    backtest = hft.HashMapMarketDepthBacktest([asset])
    try:
        assert backtest.elapse(200 * MS) == 0
        assert backtest.submit_buy_order(0, 1, 99.0, 1.0, hft.GTC, hft.LIMIT, True) == 0
        assert backtest.orders(0).get(1).status == NEW
        assert backtest.elapse(START + at_ms * MS - backtest.current_timestamp) == 0
        asked = backtest.current_timestamp
        assert backtest.cancel(0, 1, True) == 0
        order = backtest.orders(0).get(1)
        return (backtest.current_timestamp - asked) / MS, order.status, order.req
    finally:
        backtest.close()
        del latency, data  # hftbacktest has only their addresses


@pytest.fixture(scope="module")
def module() -> Any:
    """The adapter, and what it is for."""
    needed("hftbacktest", "hftbacktest")
    return needed("cancelnorm.replay.hftbacktest", "hftbacktest")


def test_a_cancel_takes_the_recorded_time(module: Any, tmp_path: Path) -> None:
    """At the time of a record it is that one's, and between two of them between theirs; also from a file."""
    found = [answer(n, 4 + n, 5 + n) for n in range(20)]
    array, left_out = module.order_latency(found, offset_ns=0)
    assert (len(array), left_out.total()) == (20, 0)
    assert cancel(array, 1_000) == (29.0, CANCELED_STATUS, NONE)
    took, status, _ = cancel(array, 1_050)
    assert 29.0 < took < 31.0
    assert status == CANCELED_STATUS
    path = tmp_path / "latency.npz"
    module.write_latency(path, array)
    assert cancel(str(path), 1_050) == (took, status, NONE)


def test_clocks_that_differ_change_nothing(module: Any) -> None:
    """The venue's clock is 37 ms ahead: as it is, every order would be refused at once."""
    found = [answer(n, 4 + n % 3, 5 + n % 2, ahead_ms=37) for n in range(20)]
    array, left_out = module.order_latency(found)
    assert (len(array), left_out.total()) == (20, 0)
    [window] = left_out.engine_offsets.windows
    assert window.least_ns <= 37 * MS <= window.greatest_ns
    assert cancel(array, 1_000) == (10.0, CANCELED_STATUS, NONE)


def test_a_rate_limit(module: Any) -> None:
    """A cancel at that time is refused after the recorded round trip, and the order stays."""
    found = [limited(n, 7) if n in (0, 10, 19) else answer(n, 4, 5) for n in range(20)]
    array, left_out = module.order_latency(found, offset_ns=0)
    assert (len(array), left_out.total()) == (18, 2)
    assert cancel(array, 1_000) == (7.0, NEW, NONE)
    assert cancel(array, 1_200) == (9.0, CANCELED_STATUS, NONE)


@pytest.mark.usefixtures("_workers")
def test_the_example_of_the_readme(module: Any) -> None:
    """It is short, and prints what stands beside it; nobody warns."""
    del module
    [code] = re.findall(
        r"```python hftbacktest\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    expected = re.findall(r"^# (.*)", code, flags=re.MULTILINE)
    assert len(expected) == code.count("print(")
    assert sum(bool(line) and not line.startswith("#") for line in code.split("\n")) <= 24
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr, ran.stdout.splitlines()) == (0, "", expected)
