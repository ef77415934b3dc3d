"""Times that are written as dates."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.reader.instants import ns_of_date_time


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("2026-02-02T02:40:00.123456789Z", 1_770_000_000_123_456_789),
        ("2026-02-02T02:40:00.1Z", 1_770_000_000_100_000_000),
        ("2026-02-02T02:40:00Z", 1_770_000_000_000_000_000),
        ("2026-02-02T04:40:00.5+02:00", 1_770_000_000_500_000_000),
        ("1970-01-01T00:00:00Z", 0),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("2026-02-30T00:00:00Z", None),
        ("2026-02-02T02:40:60Z", None),
        ("2026-02-02T02:40:00.1234567891Z", None),
        ("2026-02-02T02:40:00", None),
        ("２０２６-02-02T02:40:00Z", None),
        ("", None),
        (None, None),
        (1_770_000_000, None),
    ],
)
def test_a_date_is_an_instant(text: object, ns: int | None) -> None:
    """No digit is rounded; a text that is none, or that stands for none, is none."""
    assert ns_of_date_time(text) == ns


@given(st.integers(0, 2**63 - 1))
def test_every_nanosecond_comes_back(ns: int) -> None:
    """From the epoch to the last that fits into 64 bits."""
    seconds, rest = divmod(ns, 10**9)
    date = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    assert ns_of_date_time(f"{date}.{rest:09}Z") == ns
