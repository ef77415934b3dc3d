"""BingX's numbers say that an order is gone only where their texts do."""

import pytest

from cancelnorm.eventmap import CodeTable, verdict_of
from cancelnorm.venues.bingx.codes import SPOT, SWAP, TEXTS

ROWS = [(table, code) for table in (TEXTS, SPOT, SWAP) for code in table]


@pytest.mark.parametrize("text", ["", "something new happened"])
@pytest.mark.parametrize(("table", "code"), ROWS)
def test_no_number_alone_drops_an_order(table: CodeTable, code: int, text: str) -> None:
    """A text that nobody has seen under a number leaves the order where it is."""
    reason = verdict_of(table, code, text).reason
    assert reason is not None
    assert not reason.is_order_gone
