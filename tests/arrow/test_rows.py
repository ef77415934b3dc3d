"""Events as record batches and back: the same, to the last digit."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import get_args

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind
from cancelnorm.arrow import SCHEMA, Times, from_batches, stories, to_batches
from cancelnorm.arrow.schema import EVENT_FIELDS
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


AMOUNT = replace(EVENT, price=Decimal("1.50"), received_ns=1_700_000_000_000_000_000)


@pytest.mark.parametrize("field", [field.name for field in EVENT_FIELDS if field.is_required])
def test_a_null_in_a_required_column_is_refused_by_name(field: str) -> None:
    """An outer join makes such rows; an event without it is none."""
    [batch] = to_batches([AMOUNT])
    index = batch.schema.get_field_index(field)
    nullable = batch.cast(pa.schema([each.with_nullable(True) for each in batch.schema]))
    broken = nullable.set_column(index, field, pa.nulls(1, batch.column(index).type))
    with pytest.raises(ValueError, match=f"column {field}: expected no null"):
        list(from_batches([broken]))
    with pytest.raises(ValueError, match=f"column {field}: expected no null"):
        stories(pa.Table.from_batches([nullable, broken]))


def test_an_amount_without_its_scale_is_refused() -> None:
    """Its digits would be another number's; where there is no amount, no scale is missed."""
    [batch] = to_batches([AMOUNT])
    with pytest.raises(ValueError, match="no column price_scale"):
        list(from_batches([batch.drop_columns(["price_scale"])]))
    index = batch.schema.get_field_index("price_scale")
    with pytest.raises(ValueError, match="an amount without its scale"):
        list(from_batches([batch.set_column(index, "price_scale", pa.nulls(1, pa.int8()))]))
    assert list(from_batches([batch.drop_columns(["price", "price_scale"])])) == [replace(AMOUNT, price=None)]
    [empty] = to_batches([EVENT])
    assert list(from_batches([empty.drop_columns(["price_scale"])])) == [EVENT]


VIEWS = {pa.string(): pa.string_view(), pa.binary(): pa.binary_view()}
OTHERS: dict[str, Callable[[pa.Field], pa.DataType]] = {
    "views": lambda field: VIEWS.get(field.type, field.type),
    "large": lambda field: pa.large_string() if field.type == pa.string() else field.type,
    "words": lambda field: pa.dictionary(pa.int32(), field.type) if field.type == pa.string() else field.type,
    "microseconds": lambda field: pa.timestamp("us") if field.name.endswith("_ns") else field.type,
    "zone": lambda field: pa.timestamp("ms", "Europe/Paris") if field.name.endswith("_ns") else field.type,
}


@pytest.mark.parametrize("kind", OTHERS)
def test_columns_of_other_types_say_the_same(kind: str) -> None:
    """Engines give texts as views, large or by number, and times in other units."""
    found = [
        replace(AMOUNT, order_id=order_id, symbol="BTCUSDT", event_ns=AMOUNT.received_ns, order_type=None)
        for order_id in ("1", None, "1", "2")
    ]
    [batch] = to_batches([*found, EVENT], times="timestamp" if kind in ("microseconds", "zone") else "int")
    other = pa.schema([field.with_type(OTHERS[kind](field)) for field in batch.schema])
    cast = pa.RecordBatch.from_arrays(
        [column.cast(field.type) for column, field in zip(batch.columns, other, strict=True)], schema=other
    )
    assert cast.schema.types != batch.schema.types
    assert list(from_batches([cast])) == [*found, EVENT]
    assert stories(cast).equals(stories(batch))


def test_the_schema_says_its_version_and_units() -> None:
    """The metadata say what a reader has to know."""
    [batch] = to_batches([EVENT])
    assert batch.schema.equals(SCHEMA, check_metadata=True)
    assert SCHEMA.metadata[b"cancelnorm.schema"] == b"1"
    assert SCHEMA.field("event_ns").metadata[b"unit"] == b"ns"
    assert SCHEMA.field("price").type == pa.decimal128(38, 12)
    assert SCHEMA.field("event_id").type == pa.binary()
