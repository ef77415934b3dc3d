"""Answers of BingX to a cancel-replace: the empty order of a half that failed is read as exactly as any other."""

from typing import Any

import msgspec
import pytest

from cancelnorm import PayloadError, Record, normalise, parse
from tests.samples import SAMPLES

FAILED = "bingx/post-spot-v1-trade-order-cancelreplace-both-failed"


@pytest.mark.parametrize("half", ["orderCancelResponse", "orderOpenResponse"])
@pytest.mark.parametrize("key", ["price", "origQty", "executedQty", "cummulativeQuoteQty"])
def test_an_empty_order_is_read_exactly(half: str, key: str) -> None:
    """What is no plain number in it is refused at both levels of strictness."""
    record = SAMPLES[FAILED].record()
    tree: Any = msgspec.json.decode(record.payload)
    assert tree["data"][half]["orderId"] == 0
    tree["data"][half][key] = "1e3"
    bad = Record(msgspec.json.encode(tree), record.venue, record.endpoint, record.status)
    for read in (parse, normalise):
        with pytest.raises(PayloadError) as caught:
            read(bad)
        assert caught.value.path == f"$.data.{half}.{key}"
