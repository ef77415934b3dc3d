"""BingX's numbers say that an order is gone only where their texts do."""

import pytest

from cancelnorm.eventmap import CodeTable
from cancelnorm.venues.bingx.codes import SPOT, SWAP, verdict_by_code, verdict_by_text

UNLISTED = 123456
ROWS = [(table, code) for table in (SPOT, SWAP) for code in (*table, UNLISTED)]


@pytest.mark.parametrize("text", ["", "something new happened", "illegal parameter", "leverage illegal"])
@pytest.mark.parametrize(("table", "code"), ROWS)
def test_no_number_alone_drops_an_order(table: CodeTable, code: int, text: str) -> None:
    """A text that nobody has seen under a number leaves the order where it is."""
    reason = verdict_by_code(table, code, text).reason
    assert reason is not None
    assert not reason.is_order_gone


# https://bingx-api.github.io/docs-v3/, the error tables of October 2025, but for the last five.
TEXTS = [
    (80001, "service has some errors, The order doesn't exist", "rejected not_found_or_closed"),
    (80001, "Request failed", "unknown venue_unavailable"),
    (
        80001,
        "You're temporarily suspended from opening positions. Please try again later",
        "rejected other",
    ),
    (80012, "query Service Unavailable, err:contract not exist", "rejected invalid_request"),
    (80014, "orderIdList & clientOrderIDList are both empty;", "rejected invalid_request"),
    (80014, "in order to reduce the risk, API orders are temporarily disabled.", "rejected market_state"),
    (80018, "order is already filled, The order doesn't exist", "rejected not_found_or_closed"),
    (101400, "The trading pair is not available for trading", "rejected market_state"),
    (101515, "You're temporarily suspended from trading. Please try again later.", "rejected permission"),
    (109400, "margin is not enough", "rejected other"),
    (109400, "the account has positions or pending orders", "rejected invalid_request"),
    (109414, "order not exist", "rejected not_found_or_closed"),
    (109414, "Request failed", "rejected invalid_request"),
    (109500, "SetTradingStrategy network failed", "unknown venue_unavailable"),
    (109422, "APIAccountErrorOrderStatusIllegal", "rejected already_closed"),
    (404, "order not exist", "rejected not_found_or_closed"),
    (429, "too many requests", "rejected rate_limited"),
    (504, "", "unknown timeout"),
    (UNLISTED, "order not exist", "rejected not_found_or_closed"),
    (UNLISTED, "server error, try again", "unknown venue_unavailable"),
]


@pytest.mark.parametrize(("code", "text", "verdict"), TEXTS)
def test_a_text_decides(code: int, text: str, verdict: str) -> None:
    """Where the text speaks, it decides, whatever the number."""
    said = verdict_by_code(SWAP, code, text)
    assert f"{said.outcome} {said.reason}" == verdict


def test_a_text_without_a_number_decides() -> None:
    """A row that failed may have a text alone; the server's own words leave it open."""
    assert verdict_by_text("cancel failed, The current system is busy").outcome == "unknown"
    assert verdict_by_text("order not exist").reason == "not_found_or_closed"
