"""Arrays in queries and forms, as clients of HTTP write them."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import normalise
from cancelnorm.logs.options import Options
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.urls import locate, parameters
from tests.logs.captured import records

IDS = st.lists(st.integers(1, 10**12).map(str), min_size=2, max_size=10, unique=True)


@given(IDS, st.sampled_from(["{name}", "{name}[]", "{name}[{i}]"]))
def test_every_id_counts(ids: list[str], notation: str) -> None:
    """Names that are repeated, or have an index, are of one array, in a query as in a form."""
    form = urlencode([(notation.format(name="orderIdList", i=i), each) for i, each in enumerate(ids)])
    sent = {"symbol": "BTCUSDT", "orderIdList": ids}
    address = locate("DELETE", f"https://fapi.binance.com/fapi/v1/batchOrders?symbol=BTCUSDT&{form}")
    assert address is not None
    assert address.request == sent
    assert parameters(f"symbol=BTCUSDT&{form}").request == sent


@pytest.mark.parametrize(
    ("form", "value"),
    [("symbol=A&symbol=A", "A"), ("symbol=A&symbol=B", ["A", "B"]), ("symbol[]=A", ["A"]), ("symbol=", "")],
)
def test_a_value_that_is_repeated_is_one(form: str, value: str | list[str]) -> None:
    """Only values that differ, or have an index, are an array."""
    assert parameters(form).request == {"symbol": value}


def test_every_order_of_such_a_request_is_told() -> None:
    """A log that has the status alone, as urllib3 logs it, leaves open what became of each order."""
    ids = "&".join(f"origClientOrderIdList=quote-{i}" for i in range(3))
    log = (
        "[2026-11-02 08:44:58,565: DEBUG/ForkPoolWorker-8] https://testnet.binancefuture.com:443 "
        f'"DELETE //fapi/v1/batchOrders?symbol=BTCUSDT&{ids} HTTP/1.1" 400 84\n'
    )
    [record] = records(TEXT, log.encode(), Options())
    told = [(event.client_order_id, str(event.outcome)) for event in normalise(record).events]
    assert told == [(f"quote-{i}", "unknown") for i in range(3)]
