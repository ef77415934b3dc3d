"""Code tables say that an order is gone only where the venue does."""

import pytest

from cancelnorm.eventmap import CodeTable, Verdict, verdict_of
from cancelnorm.venues.bybit.codes import V5


@pytest.mark.parametrize("table", [pytest.param(V5, id="bybit")])
def test_an_unknown_text_never_says_that_an_order_is_gone(table: CodeTable) -> None:
    """A code with several meanings, told by its text, falls back to none that makes people drop a live order."""
    several = {code: row for code, row in table.items() if not isinstance(row, Verdict)}
    assert several
    for code in several:
        reason = verdict_of(table, code, "a text that nobody has seen").reason
        assert reason is None or not reason.is_order_gone, code
