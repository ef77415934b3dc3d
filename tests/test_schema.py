"""What is derived from an event, and never stored."""

from decimal import Decimal
from typing import get_args

import msgspec
import pytest

from cancelnorm import CancelEvent, EventKind, Evidence, Outcome, Product, Reason
from cancelnorm.schema import TimeBasis


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
    assert event(quantity=quantity, remaining_quantity=filled).unfilled_quantity == filled


@pytest.mark.parametrize(
    ("quantity", "left", "outcome", "filled"),
    [
        ("10", "4", Outcome.CANCELED, "6"),
        ("1.50", "1.5", Outcome.CANCELED, "0.00"),
        ("10", "0", Outcome.REJECTED, "10"),
        ("10", "0", Outcome.CANCELED, None),  # it would have filled
        ("10", "11", Outcome.CANCELED, None),
        ("10", "-4", Outcome.CANCELED, None),
        (None, "4", Outcome.CANCELED, None),
        ("10", None, Outcome.CANCELED, None),
    ],
)
def test_what_is_left_tells_what_filled(
    quantity: str | None, left: str | None, outcome: Outcome, filled: str | None
) -> None:
    """The quantity without what is left of it, where nothing else tells and it can be so."""
    amounts = [None if text is None else Decimal(text) for text in (quantity, left)]
    found = event(quantity=amounts[0], remaining_quantity=amounts[1], outcome=outcome).known_filled_quantity
    assert (None if found is None else str(found)) == filled
    told = event(quantity=amounts[0], remaining_quantity=amounts[1], filled_quantity=Decimal(3))
    assert told.known_filled_quantity == 3


def test_average_fill_price() -> None:
    """Filled quote over filled quantity; none where nothing filled."""
    assert event(filled_quote=Decimal("3.00"), filled_quantity=Decimal(2)).average_fill_price == Decimal(
        "1.5"
    )
    assert event(filled_quote=Decimal(0), filled_quantity=Decimal("0.000")).average_fill_price is None
    assert event(filled_quantity=Decimal(1)).average_fill_price is None


@pytest.mark.parametrize(
    ("outcome", "conclusive"),
    [
        (Outcome.CANCELED, True),
        (Outcome.REDUCED, True),
        (Outcome.REJECTED, True),
        (Outcome.PENDING, False),
        (Outcome.UNKNOWN, False),
    ],
)
def test_is_conclusive(outcome: Outcome, conclusive: bool) -> None:
    """A verdict that is pending or unknown may still change."""
    assert event(outcome=outcome).is_conclusive is conclusive


@pytest.mark.parametrize(
    ("facts", "gone"),
    [
        ({"outcome": Outcome.CANCELED}, True),
        ({"outcome": Outcome.REJECTED, "reason": Reason.ALREADY_FILLED}, True),
        ({"outcome": Outcome.REJECTED, "reason": Reason.NOT_FOUND_OR_CLOSED}, True),
        ({"outcome": Outcome.REJECTED, "reason": Reason.RATE_LIMITED}, False),
        ({"outcome": Outcome.REJECTED}, False),
        ({"outcome": Outcome.REDUCED}, False),
        ({"outcome": Outcome.UNKNOWN, "reason": Reason.ALREADY_CLOSED}, False),
        ({"outcome": Outcome.CANCELED, "kind": EventKind.SCOPE}, False),
    ],
)
def test_is_order_gone(facts: dict[str, object], gone: bool) -> None:
    """An order is gone if this cancel, or something before it, took it off the book."""
    assert event(**facts).is_order_gone is gone


def test_retryable_reasons() -> None:
    """A request may be sent again if something passes by itself; that an order is gone never passes."""
    assert [reason.value for reason in Reason if reason.is_retryable] == [
        "cancel_in_progress",
        "rate_limited",
        "clock_skew",
        "venue_unavailable",
        "timeout",
        "no_answer",
    ]
    assert not [reason for reason in Reason if reason.is_retryable and reason.is_order_gone]


def test_time() -> None:
    """The best clock there is gives the time, and says that it does."""
    whole = event(event_ns=1, response_ns=2, received_ns=3, sent_ns=4)
    for basis in TimeBasis:
        assert (whole.time_ns, whole.time_basis) == (list(TimeBasis).index(basis) + 1, basis)
        whole = msgspec.structs.replace(whole, **{f"{basis}_ns": None})
    assert (whole.time_ns, whole.time_basis) == (None, None)
    assert event(event_ns=0).time_ns == 0


def test_events_are_hashable() -> None:
    """An event may be a key, also with ``extra``; equal events have equal hashes."""
    one, same = event(extra={"a": [1]}), event(extra={"a": [1]})
    assert one == same
    assert len({one, same, event()}) == 2


def test_every_field_is_described() -> None:
    """Each field says in a line what it is, and a number in which unit it is."""
    for field in msgspec.structs.fields(CancelEvent):
        kind, meta = get_args(field.type)
        description = meta.description
        assert description
        assert len(description) <= 80
        assert not description.endswith(".")
        has_unit = Decimal in get_args(kind) or field.name.endswith("_ns")
        assert has_unit == bool((meta.extra_json_schema or {}).get("unit"))
