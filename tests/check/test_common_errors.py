"""Errors that mean the same as one that was examined: the same is found of them as if each were the only one."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.check import Settings, examine, place
from cancelnorm.check.common_errors import CommonErrors
from cancelnorm.record import Record

CODES = st.sampled_from([-2011, -1003, -1015, -1021, -987_001, 100_400, 110_001, 10_006]) | st.integers(
    -(2**40), 2**40
)
LABELS = st.sampled_from(["ORDER_NOT_FOUND", "ORDER_CLOSED", "TOO_BUSY", "NEW_LABEL", ""]) | st.text(
    max_size=4
)
TEXTS = st.sampled_from(
    [
        "Unknown order sent.",
        "",
        "busy",
        "timeout",
        "IP banned until 1727193814249",
        "signature=0123456789abcdef" * 3,
    ]
)
CLOCKS = st.none() | st.sampled_from([5, 1_700_000_000_000_000_000, 1_800_000_000_000_000_000])
KEYS = (
    ("binance", "code", "msg"),
    ("bingx", "code", "msg"),
    ("bybit", "retCode", "retMsg"),
    ("gate", "label", "message"),
)
ENVELOPE = {"result": {}, "retExtInfo": {}, "time": 1_700_000_000_000}


@st.composite
def records(draw: st.DrawFn) -> Record:
    """An error of a venue."""
    venue, code, message = draw(st.sampled_from(KEYS))
    codes = LABELS if venue == "gate" else CODES
    payload = {code: draw(codes), message: draw(TEXTS | st.text(max_size=4))}
    if venue == "gate" and draw(st.booleans()):
        del payload[message]
    return Record(
        msgspec.json.encode(payload | (ENVELOPE if venue == "bybit" else {})),
        venue,
        status=draw(st.sampled_from([None, 200, 400, 418, 503])),
        request=draw(st.sampled_from([None, None, {"orderId": 7}])),
        sent_ns=draw(CLOCKS),
        received_ns=draw(CLOCKS),
        secrets=draw(st.sampled_from([(), (), ("request.signature",)])),
    )


@pytest.mark.parametrize(
    "settings", [Settings(), Settings(excerpts="first", columns=True), Settings(excerpts="all")]
)
@given(st.lists(st.tuples(records(), st.integers(1, 3)), max_size=6))
def test_errors_are_examined_as_if_each_were_the_first(
    settings: Settings, runs: list[tuple[Record, int]]
) -> None:
    """Findings, their excerpts and all counts."""
    numbered = enumerate(record for record, times in runs for _ in range(times))
    log = [msgspec.structs.replace(record, source=f"log:{number}") for number, record in numbered]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "FIRST_OF_A_GROUP", 2)
        quick = examine(log, settings)
        patch.setattr(CommonErrors, "found", lambda *_: None)
        assert examine(log, settings) == quick
