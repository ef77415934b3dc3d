"""Lines of JSON, and what stands in them, that several tests share."""

import json
from typing import Any

from hypothesis import strategies as st

from cancelnorm import Record
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from tests.logs.captured import records

BINANCE = Options(venue="binance")
REFUSAL = json.dumps({"code": -2011, "msg": "Unknown order sent."})
CANCEL_URL = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=12"
KEYS = st.text(st.characters(codec="utf-8"), max_size=3)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=20,
)


def line(**members: Any) -> bytes:
    """One line of a log."""
    return json.dumps({"response": {"a": 1}, **members}).encode()


def only(data: bytes, options: Options = BINANCE) -> Record:
    """The one record of a log."""
    [record] = records(MAPPED, data, options)
    return record
