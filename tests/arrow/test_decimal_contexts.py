"""The context of decimals, which belongs to the program around us: columns and stories do not depend on it."""

from decimal import Decimal, localcontext

import pytest
from msgspec.structs import replace

from cancelnorm.arrow import from_batches, merge_stories, stories, to_batches
from cancelnorm.story import fold
from tests.story.events import EVENTS

AMOUNTS = [Decimal(text) for text in ("0E-12", "0.00000000", "1E-9", "5", "1.50", "0")]
NAMED = [event for event in EVENTS if event.order_id is not None][:40]
SAID = [replace(event, quantity=one, filled_quantity=one) for event in NAMED for one in AMOUNTS]


@pytest.mark.parametrize("settings", [{"capitals": 0}, {"capitals": 1}, {"prec": 2}])
def test_the_context_of_decimals_changes_nothing(settings: dict[str, int]) -> None:
    """Neither how it writes an exponent, nor how many digits it keeps."""
    with localcontext(**settings):  # type: ignore[arg-type]
        batches = list(to_batches(SAID))
        back = list(from_batches(batches))
        told = merge_stories([stories(batch) for batch in batches])
        expected = fold(SAID)
        found = {key: (story.quantities, story.filled_quantity) for key, story in told.items()}
    assert list(map(repr, back)) == list(map(repr, SAID))
    assert found.keys() == expected.keys()
    assert str(found) == str(
        {key: (story.quantities, story.filled_quantity) for key, story in expected.items()}
    )
