"""Events as record batches and back: the same, to the last digit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import get_args

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind
from cancelnorm.arrow import SCHEMA, Times, from_batches, to_batches
from tests.test_event_json import events

EVENT = CancelEvent("binance", None, "DELETE /api/v3/order", EventKind.ORDER)


@given(st.lists(events, max_size=4), st.sampled_from(get_args(Times)))
def test_events_are_restored(given_events: Sequence[CancelEvent], times: Times) -> None:
    """Events survive as columns, whatever the size of a batch and the type of times."""
    batches = list(to_batches(given_events, size=3, times=times))
    assert sum(batch.num_rows for batch in batches) == len(given_events)
    assert repr(list(from_batches(batches))) == repr(list(given_events))


@pytest.mark.parametrize(
    ("text", "is_held"),
    [
        ("0", True),
        ("-0", False),
        ("-0.00", False),
        ("0.10", True),
        ("1E-9", True),
        ("0E-20", True),
        ("1.00000000000000000000", True),
        ("1.0000000000001", False),
        ("99999999999999999999999999.999999999999", True),
        ("100000000000000000000000000", False),
        ("1E+3", False),
    ],
)
def test_a_decimal_is_a_number_or_unfit(text: str, is_held: bool) -> None:
    """A decimal that its column cannot hold exactly is kept as text."""
    [batch] = to_batches([replace(EVENT, price=Decimal(text)), EVENT])
    assert (batch.column("price")[0].as_py() is not None) == is_held
    assert batch.column("unfit").to_pylist() == [None if is_held else f'{{"price":"{text}"}}', None]
    restored = [event.price for event in from_batches([batch])]
    assert [str(price) for price in restored] == [text if text != "1E-9" else "1E-9", "None"]


def test_no_events_give_no_batch() -> None:
    """There is no batch without rows."""
    assert list(to_batches([])) == []


def test_a_batch_without_a_required_column_is_refused_by_name() -> None:
    """A column that is never null has to be there."""
    [batch] = to_batches([EVENT])
    with pytest.raises(ValueError, match="no column outcome"):
        list(from_batches([batch.drop_columns(["outcome"])]))


def test_the_schema_says_its_version_and_units() -> None:
    """The metadata say what a reader has to know."""
    [batch] = to_batches([EVENT])
    assert batch.schema.equals(SCHEMA, check_metadata=True)
    assert SCHEMA.metadata[b"cancelnorm.schema"] == b"1"
    assert SCHEMA.field("event_ns").metadata[b"unit"] == b"ns"
    assert SCHEMA.field("price").type == pa.decimal128(38, 12)
    assert SCHEMA.field("event_id").type == pa.binary()
