"""What is derived from an event, and never stored."""

from decimal import Decimal

import msgspec
import pytest

from cancelnorm import CancelEvent, EventKind, Evidence, Outcome, Product


def event(**facts: object) -> CancelEvent:
    """An event with some facts."""
    base = CancelEvent("binance", Product.SPOT, "DELETE /api/v3/order", EventKind.ORDER, order_id="7")
    return msgspec.structs.replace(base, **facts)


def test_evidence_is_ordered() -> None:
    """Evidence can be compared, and not as text."""
    grades = [
        Evidence.NONE,
        Evidence.ACKNOWLEDGED,
        Evidence.COUNTED,
        Evidence.LISTED,
        Evidence.SUCCESS_FLAG,
        Evidence.TERMINAL_STATUS,
        Evidence.FINAL_REPORT,
    ]
    assert sorted(sorted(grades, key=str)) == grades
    assert max(grades) is Evidence.FINAL_REPORT
    for i, low in enumerate(grades):
        for high in grades[i + 1 :]:
            assert low < high
            assert low <= high
            assert high > low
            assert high >= low
    assert len({*grades, *map(str, grades)}) == len(grades)


def test_unfilled_quantity_is_exact() -> None:
    """The difference keeps every digit; without both quantities there is none."""
    quantity, filled = Decimal("12345678901234567890.123456789012345678"), Decimal("0.000000000000000001")
    assert event(quantity=quantity, filled_quantity=filled).unfilled_quantity == Decimal(
        "12345678901234567890.123456789012345677"
    )
    assert event(quantity=quantity).unfilled_quantity is None
    assert event(filled_quantity=filled).unfilled_quantity is None


def test_average_price() -> None:
    """Filled quote over filled quantity; none where nothing filled."""
    assert event(filled_quote=Decimal("3.00"), filled_quantity=Decimal(2)).average_price == Decimal("1.5")
    assert event(filled_quote=Decimal(0), filled_quantity=Decimal("0.000")).average_price is None
    assert event(filled_quantity=Decimal(1)).average_price is None


@pytest.mark.parametrize(
    ("outcome", "final"),
    [
        (Outcome.CANCELED, True),
        (Outcome.REDUCED, True),
        (Outcome.REJECTED, True),
        (Outcome.PENDING, False),
        (Outcome.UNKNOWN, False),
    ],
)
def test_is_final(outcome: Outcome, final: bool) -> None:
    """A verdict that is pending or unknown may still change."""
    assert event(outcome=outcome).is_final is final


def test_key() -> None:
    """An order is identified by venue, product, symbol and id: ids are unique within a symbol only."""
    assert event(symbol="BTCUSDT").key == ("binance", Product.SPOT, "BTCUSDT", "7")
