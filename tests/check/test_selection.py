"""Selection of events by order and time."""

from cancelnorm import normalise
from cancelnorm.check import Selection
from tests.batches import each_sample
from tests.samples import SAMPLES


@each_sample
def test_nothing_is_lost_or_doubled(name: str) -> None:
    """Every event of a sample is selected by its own order and time, and left by the others."""
    result = normalise(SAMPLES[name].record("log:1"))
    for event in result.events:
        orders = frozenset(filter(None, (event.order_id, event.client_order_id)))
        time_ns = event.time_ns
        own = Selection(orders, time_ns, None if time_ns is None else time_ns + 1)
        selected, rest = own.split(result)
        assert selected is not None
        assert event in selected.events
        others = rest.events if rest else ()
        assert sorted(map(repr, (*selected.events, *others))) == sorted(map(repr, result.events))
        assert set(map(repr, selected.notes)) <= set(map(repr, result.notes))
        if time_ns is not None:
            for other in (Selection(until_ns=time_ns), Selection(since_ns=time_ns + 1)):
                found = other.split(result).selected
                assert found is None or event not in found.events


def test_everything_is_selected_by_nothing() -> None:
    """Without orders and times, a record is as it was."""
    result = normalise(SAMPLES["binance/delete-order"].record())
    assert Selection().split(result) == (result, None)
